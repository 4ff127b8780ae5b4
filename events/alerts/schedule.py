"""When a message is due: at once, at the next digest time, or after a failure. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from events.choices import Frequency

DIGEST_HOUR = 8
"""Local time at which daily and weekly subscribers are written to; weekly ones on Mondays."""

CLAIM = timedelta(minutes=10)
"""How long a worker's claim holds. Longer than the hard time limit of a task, so that no two work at one row."""

MAX_ATTEMPTS = 15
"""With the delays below, a mail server may be away for a day before a message is given up."""
FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=4)


def first_attempt(frequencies: Iterable[Frequency], time_zone: str, now: datetime) -> datetime | None:
    """When a message that matched subscriptions of these frequencies is due; None is at once.

    The most frequent one decides. `now` is aware; the result is in UTC.
    """
    found = set(frequencies)
    if not found or Frequency.INSTANT in found:
        return None
    return next_digest(Frequency.DAILY if Frequency.DAILY in found else Frequency.WEEKLY, time_zone, now)


def next_digest(frequency: Frequency, time_zone: str, now: datetime) -> datetime:
    """The next 8 o'clock (for weekly ones: of a Monday) of the zone after `now`, in UTC."""
    local = now.astimezone(zone(time_zone))
    day = local.date() if local.hour < DIGEST_HOUR else local.date() + timedelta(days=1)
    if frequency is Frequency.WEEKLY:
        day += timedelta(days=-day.weekday() % 7)
    return datetime(day.year, day.month, day.day, DIGEST_HOUR, tzinfo=local.tzinfo).astimezone(UTC)


def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name, UTC for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def backoff(attempt: int, chance: float) -> timedelta:
    """The wait after the attempt of that number (from 1): doubled each time, up to four hours.

    `chance`, from 0 to 1, spreads it over three to five quarters, so that messages that failed together do
    not come back together.
    """
    delay = min(FIRST_DELAY * (1 << min(attempt - 1, 20)), LONGEST_DELAY)
    return delay * (0.75 + chance / 2)
