"""When a message is due: at once, at the next digest time, after quiet hours, or after a failure. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
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

_TURNS = 3
"""Ends of quiet hours that are looked at in a row."""


@dataclass(frozen=True)
class Clock:
    """A subscriber's time zone (IANA name) and quiet hours: from the first hour to the second, 0 to 23, of the
    local day, over midnight where the second is the earlier one. Both hours are given or neither."""

    time_zone: str = "UTC"
    quiet_from: int | None = None
    quiet_until: int | None = None

    def is_quiet(self, hour: int) -> bool:
        """Whether nothing is sent in that hour of the local day."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until


def most_frequent(frequencies: Collection[Frequency]) -> Frequency:
    """The one that decides when several subscriptions match. Raises ValueError where there is none."""
    return min(frequencies, key=list(Frequency).index)


def due(frequency: Frequency, clock: Clock, now: datetime) -> datetime:
    """When a message of that frequency is due, in UTC and not before `now` (aware): never in quiet hours.

    A correction is a message of the frequency `instant`: it waits for no digest, but lets its reader sleep.
    """
    at = now if frequency is Frequency.INSTANT else next_digest(frequency, clock.time_zone, now)
    return after_quiet(at, clock)


def after_quiet(moment: datetime, clock: Clock) -> datetime:
    """The first moment from this one (aware) on that lies in no quiet hours, in UTC."""
    found = moment.astimezone(UTC)
    if clock.quiet_until is None:
        return found
    here = zone(clock.time_zone)
    local = found.astimezone(here)
    # A second time where the clocks skip the hour in which quiet ends, and the next one is quiet again.
    for _ in range(_TURNS):
        if not clock.is_quiet(local.hour):
            break
        day = local.date() if local.hour < clock.quiet_until else local.date() + timedelta(days=1)
        end = datetime(day.year, day.month, day.day, clock.quiet_until, tzinfo=here, fold=local.fold)
        found = max(found, end.astimezone(UTC))
        local = found.astimezone(here)
    return found


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
