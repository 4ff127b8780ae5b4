"""The dates that feeds and pages write -> aware times in the zone that they name. Pure."""

from __future__ import annotations

import email.utils
import re
from datetime import UTC, datetime, timedelta, timezone

_EARLIEST, _LATEST = 1990, 2100
"""Years outside are clocks that were never set (1970) or typing errors."""

_ZONES = {
    # Abbreviations beyond RFC 5322's, in hours from UTC. CST is left to RFC 5322 (US Central), IST to India.
    "BST": 1, "CET": 1, "CEST": 2, "WEST": 1, "EET": 2, "EEST": 3, "MSK": 3, "IST": 5.5, "HKT": 8, "SGT": 8,
    "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
_ISO = re.compile(
    r"(\d{4})[-/.年]?(?:(\d{1,2})[-/.月]?(?:(\d{1,2})日?)?)?"
    r"(?:[T\s]+(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,12})?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?|[A-Z]{2,5})?",
    re.IGNORECASE,
)


def parse_when(text: str) -> datetime | None:
    """The time that `text` names, aware and in the zone that it gives, or None.

    Reads RFC 822/2822/5322 (RSS), RFC 3339, ISO 8601 and W3CDTF with month or year precision (Atom, Dublin Core),
    and the same with slashes or Chinese date words. A time without a zone is taken as UTC; a date without a time
    is midnight UTC.
    """
    text = " ".join(text[:100].split())
    if not text:
        return None
    try:
        found = _iso(text) or _rfc822(text)
        # A time that UTC cannot hold (in the year 1, say) is no time of publication.
        _ = found.astimezone(UTC) if found else None
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return found if found and _EARLIEST <= found.year <= _LATEST else None


def _iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part) if part else None for part in match.groups()[:6])
    extra = timedelta()
    if hour == 24:
        hour, extra = 0, timedelta(days=1)
    zone = _zone(match[7] or "")
    # A leap second has no place in datetime; the second before it is near enough for news.
    return (
        datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, min(second or 0, 59), tzinfo=zone)
        + extra
    )


def _zone(text: str) -> timezone:
    name = text.upper()
    if name in ("", "Z", "UTC", "GMT"):
        return UTC
    if name[0] in "+-":
        digits = name[1:].replace(":", "").ljust(4, "0")
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-offset if name[0] == "-" else offset)
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    raise ValueError(f"unknown time zone {text!r}")


def _rfc822(text: str) -> datetime | None:
    words = text.split()
    named = _zone(words.pop()) if words[-1].upper() in _ZONES else None
    parts = email.utils.parsedate_tz(" ".join(words))
    if parts is None:
        return None
    year, month, day, hour, minute, second = parts[:6]
    zone = named or timezone(timedelta(seconds=parts[9] or 0))
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)


def offset_minutes(when: datetime | None) -> int:
    """Minutes east of UTC of an aware time's zone; 0 for None."""
    offset = when.utcoffset() if when else None
    return int(offset.total_seconds() // 60) if offset else 0
