"""How often a caller may ask: by address without a key, by key with one. Counted in Redis."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from events.models.access import ApiKey

if TYPE_CHECKING:  # at run time it would be a circle: DRF's views read the settings that name this module
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


class Rate(SimpleRateThrottle):
    """A rate that lets callers through while Redis is down: limits are its only use here."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether the request is within the rate."""
        try:
            return bool(super().allow_request(request, view))
        except RedisError as error:
            logger.warning("rate limits are off, Redis does not answer: %s", error)
            return True

    def get_ident(self, request: Request) -> str:
        """The caller's address. `X-Forwarded-For` counts only behind a proxy that is trusted: its last entry."""
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if settings.SECURE_PROXY_SSL_HEADER and forwarded:
            return str(forwarded).rpartition(",")[2].strip()
        return str(request.META.get("REMOTE_ADDR", ""))


class AnonymousRate(Rate):
    """The rate of callers without credentials, by address."""

    scope = "anonymous"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Where the address's requests are counted; None for callers with credentials."""
        if request.user and request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class KeyRate(Rate):
    """The rate of callers with credentials: each key by itself, each signed-in user by himself."""

    scope = "key"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        """Where the caller's requests are counted; None for anonymous callers."""
        if not request.user or not request.user.is_authenticated:
            return None
        ident = f"key-{request.auth.pk}" if isinstance(request.auth, ApiKey) else f"user-{request.user.pk}"
        return self.cache_format % {"scope": self.scope, "ident": ident}
