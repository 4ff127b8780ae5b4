"""Addresses to which nothing is sent any more: they bounced, their owner complained, or staff said so.

Only a hash of the address is kept, so that the list outlives the erasure of its owner's data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from events.choices import SuppressionReason
from events.models.alerts import Suppression

_MAX_DETAIL = 300


def suppress(email: str, reason: SuppressionReason, detail: str = "") -> bool:
    """Nothing is sent to the address from now on; False when that was so before. A complaint outweighs a bounce."""
    row, created = Suppression.objects.get_or_create(
        digest=digest(email), defaults={"reason": reason.value, "detail": _short(detail)}
    )
    if not created and row.reason == SuppressionReason.BOUNCE.value != reason.value:
        Suppression.objects.filter(pk=row.pk).update(reason=reason.value, detail=_short(detail))
    return created


def is_suppressed(email: str) -> bool:
    """Whether nothing may be sent to the address."""
    return Suppression.objects.filter(digest=digest(email)).exists()


def suppressed(emails: Iterable[str]) -> set[str]:
    """Those of the addresses to which nothing may be sent, as they were given. One statement."""
    by_digest: dict[str, set[str]] = {}
    for email in emails:
        by_digest.setdefault(digest(email), set()).add(email)
    if not by_digest:
        return set()
    rows = Suppression.objects.filter(digest__in=by_digest).values_list("digest", flat=True)
    return {email for found in rows for email in by_digest[found]}


def digest(email: str) -> str:
    """SHA-256 of the address in lower case, in hexadecimal."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def _short(detail: str) -> str:
    """On one line, without control characters, as far as the column goes."""
    return " ".join("".join(c if c.isprintable() else " " for c in detail).split())[:_MAX_DETAIL]
