"""Headers of answers, read strictly."""

from __future__ import annotations

import email.utils
from datetime import UTC, datetime


def parse_retry_after(value: str, now: datetime) -> int | None:
    """Seconds to wait that a Retry-After header asks for (RFC 9110, 10.2.3), at most a week; None without a
    readable value."""
    value = value.strip()
    if value.isascii() and value.isdigit() and len(value) < 12:
        return min(int(value), 7 * 86_400)
    try:
        until = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(int((until - now).total_seconds()), 0), 7 * 86_400)
