"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's address, and whether the demo's mail can be read here."""
    return {"SITE_URL": settings.SITE_URL, "demo_mail": bool(settings.DEMO_MAIL_DIR)}
