"""Addresses that fail, for tests of what is reported of it."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.urls import path

log = logging.getLogger(__name__)


def fail(request: HttpRequest, token: str) -> HttpResponse:
    """Fails as a page of a subscriber would."""
    password = request.POST.get("password")
    log.warning("about to fail for reader@example.org with %s", request.headers.get("Authorization"))
    raise ValueError(f"no page for {token}, key {request.headers.get('X-API-Key')}, {password and 'x'}")


urlpatterns = [path("subscriptions/<str:token>/", fail, name="fail")]
