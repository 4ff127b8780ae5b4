"""Where a mail provider reports bounces and complaints: one address below /anymail/, of the one provider in use."""

from __future__ import annotations

from typing import Any

from anymail.urls import urlpatterns
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern


def patterns(provider: str) -> list[URLPattern]:
    """The provider's addresses for reports, such as `mailgun/tracking/`; none for an empty name.

    Raises ImproperlyConfigured for a provider that django-anymail does not know, and where anyone could report
    anything: some providers sign their reports, the others need a secret in their address.
    """
    if not provider:
        return []
    from events.alerts import providers  # noqa: F401 - listens from now on

    found: list[Any] = [
        pattern
        for pattern in urlpatterns
        if str(pattern.name).startswith(f"{provider}_") and "inbound" not in str(pattern.name)
    ]
    if not found:
        raise ImproperlyConfigured(f"MAIL_PROVIDER: django-anymail knows no provider {provider!r}.")
    unsigned = any(pattern.callback.view_class.warn_if_no_basic_auth for pattern in found)
    if unsigned and not getattr(settings, "ANYMAIL", {}).get("WEBHOOK_SECRET"):
        raise ImproperlyConfigured(
            f"MAIL_PROVIDER: {provider} does not sign its reports; set ANYMAIL_WEBHOOK_SECRET to user:password."
        )
    return found
