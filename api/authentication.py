"""Who calls: API keys in `Authorization: Bearer gt_...` or `X-API-Key`."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from events.models.access import ApiKey, User

MAX_KEY = 200
USE_RESOLUTION = timedelta(minutes=1)
"""A key's last use is written at most this often, so that reads do not turn into writes."""


class ApiKeyAuthentication(BaseAuthentication):
    """Reads the key from the request's headers; a request without one is left to the next method.

    A key that is unknown, expired, revoked or of an inactive owner is refused with 401, never treated as
    anonymous: the caller would not notice otherwise.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """(owner, key), or None where no key was sent. Raises AuthenticationFailed."""
        sent = key_of(request)
        if sent is None:
            return None
        key = valid_key(sent)
        note_use(key)
        return key.owner, key

    def authenticate_header(self, request: Request) -> str:
        """The challenge of a 401 (RFC 6750)."""
        return 'Bearer realm="api"'


def key_of(request: Request) -> str | None:
    """The key in the headers, None where there is none. Another scheme than Bearer is not ours."""
    header = request.META.get("HTTP_X_API_KEY")
    if header is not None:
        return str(header).strip()
    scheme, _, value = str(request.META.get("HTTP_AUTHORIZATION", "")).strip().partition(" ")
    return value.strip() if scheme.lower() == "bearer" else None


def valid_key(sent: str) -> ApiKey:
    """The row of a key that may be used now. Raises AuthenticationFailed, which says why not."""
    if not sent or len(sent) > MAX_KEY:
        raise AuthenticationFailed("This is not an API key.")
    key = ApiKey.objects.select_related("owner").filter(digest=ApiKey.hash(sent)).first()
    if key is None or not key.owner.is_active:
        raise AuthenticationFailed("This API key is not known.")
    if key.revoked_at is not None:
        raise AuthenticationFailed("This API key was revoked.")
    if key.expires_at is not None and key.expires_at <= timezone.now():
        raise AuthenticationFailed("This API key has expired.")
    return key


def note_use(key: ApiKey) -> None:
    """Writes the time of use, unless one within the last minute is written already, or the database is a replica."""
    now = timezone.now()
    if key.last_used_at is not None and key.last_used_at > now - USE_RESOLUTION:
        return
    if _is_read_only():
        return
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USE_RESOLUTION)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def _is_read_only() -> bool:
    """Whether the connection's database takes no writes, as a replica does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_read_only')::boolean")
        row = cursor.fetchone()
    return bool(row and row[0])
