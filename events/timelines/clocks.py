"""The two clocks of a question: what was true on a day, and what the record said at an instant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from events.exceptions import TrackerError

_LOST_PLUS = re.compile(r" (\d\d:?\d\d)$")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MAX_LENGTH = 40


class UnknownTime(TrackerError, ValueError):
    """Text that names no day or instant; the message says what to write instead."""


@dataclass(frozen=True)
class AsOf:
    """`valid_at`: only what holds on that day. `known_at`: as this record said it at that instant.

    None is "now" for both clocks: every entry, as the record says it today.
    """

    valid_at: date | None = None
    known_at: datetime | None = None


NOW = AsOf()


def parse_day(text: str) -> date:
    """Reads YYYY-MM-DD. Raises UnknownTime."""
    if _DAY.fullmatch(text.strip()):
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            pass
    raise UnknownTime(f"{text[:MAX_LENGTH]!r} is not a day: write YYYY-MM-DD.")


def parse_instant(text: str) -> datetime:
    """Reads an ISO 8601 instant; without a zone it is UTC, and a day alone stands for that day's end in UTC.

    A `+` that a query string turned into a space is read as the `+` it was. Raises UnknownTime.
    """
    stripped = _LOST_PLUS.sub(r"+\1", text.strip())
    if _DAY.fullmatch(stripped):
        return datetime.combine(parse_day(stripped), time.max, tzinfo=UTC)
    try:
        if len(stripped) > MAX_LENGTH:
            raise ValueError
        value = datetime.fromisoformat(stripped)
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnknownTime(
            f"{text[:MAX_LENGTH]!r} is not an instant: write it as in 2025-11-17T08:00:00Z, or a day YYYY-MM-DD."
        ) from None
