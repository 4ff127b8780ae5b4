"""How often a caller may ask: by address without a key, by key with one. Counted in Redis, by `api.tickets`.

Each answer says in `RateLimit` how much is left (draft-ietf-httpapi-ratelimit-headers).
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from api import tickets
from events.models.access import ApiKey

if TYPE_CHECKING:  # at run time it would be a circle: DRF's views read the settings that name this module
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """Where a caller stands: `remaining` of `limit` requests in a window of `window` seconds that ends in `reset`."""

    policy: str
    limit: int
    window: int
    remaining: int
    reset: int


class Rate(SimpleRateThrottle):
    """A rate by DRF's notation (`600/min`). It lets callers through while Redis is down: limits are its only use here.

    A subclass has a `scope`, which names the rate in the settings and in the headers, and `get_cache_key`.
    """

    scope: str
    num_requests: int | None
    duration: int | None
    cache_format = "rate_%(scope)s_%(ident)s"

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Whether the request is within the rate; what is left is noted for the answer's headers."""
        key = self.get_cache_key(request, view)
        limit, window = self.quota(request)
        if key is None or limit is None:
            return True
        try:
            remaining, reset = tickets.take(key, limit, window)
        except RedisError as error:
            logger.warning("rate limits are off, Redis does not answer: %s", error)
            return True
        self._reset = math.ceil(reset)
        noted(request).append(Standing(self.scope, limit, window, max(0, remaining), self._reset))
        return remaining >= 0

    def quota(self, request: Request) -> tuple[int | None, int]:
        """(requests, seconds) that the caller has; None is no limit."""
        return self.num_requests, self.duration or 0

    def wait(self) -> float | None:
        """Seconds until the window ends."""
        return float(max(1, self._reset))

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

    def quota(self, request: Request) -> tuple[int | None, int]:
        """The key's own rate, a minute, where it has one."""
        own = request.auth.rate if isinstance(request.auth, ApiKey) else None
        return super().quota(request) if own is None else (own, 60)


def noted(request: Request) -> list[Standing]:
    """Where the caller stands by the rates that were looked at for this request."""
    plain: Any = request._request
    found: list[Standing] = plain.__dict__.setdefault("api_rates", [])
    return found


def headers(standings: list[Standing]) -> dict[str, str]:
    """The draft's two fields for all policies, and the three of its earlier versions, which most clients read, for
    the one that ends first."""
    if not standings:
        return {}
    tightest = min(standings, key=lambda standing: standing.remaining)
    return {
        "RateLimit-Policy": ", ".join(f'"{s.policy}";q={s.limit};w={s.window}' for s in standings),
        "RateLimit": ", ".join(f'"{s.policy}";r={s.remaining};t={s.reset}' for s in standings),
        "RateLimit-Limit": str(tightest.limit),
        "RateLimit-Remaining": str(tightest.remaining),
        "RateLimit-Reset": str(tightest.reset),
    }
