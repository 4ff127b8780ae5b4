"""When to ask again: a feed's rhythm, and the waits after success and failure. Pure."""

from __future__ import annotations

import random
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Protocol

_LONGEST = timedelta(days=1)
_SHORTEST = timedelta(minutes=1)
_FIRST_RETRY = timedelta(minutes=5)
_RETRY_FEED = timedelta(hours=1)
"""The first wait after a failure is not longer, however rarely the feed is polled."""
_NEWEST = 20
"""Entries whose dates tell the rhythm: what a feed did a year ago says little of today."""
_QUIET = 4
"""A silence counts for a gap of a quarter of its length: a feed is asked less often at night, and found again soon
in the morning."""
_GROWTH, _SHRINKAGE = 1.25, 0.5
_LONGEST_SKIP = timedelta(days=3)
MAX_CALM = timedelta(days=7)
"""No feed has us wait longer, whatever it says."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between two polls of a feed without an interval of its own."""

    shortest: timedelta = timedelta(minutes=5)
    longest: timedelta = timedelta(hours=12)

    def clamp(self, wait: timedelta) -> timedelta:
        """`wait`, brought within the bounds."""
        return min(max(wait, self.shortest), self.longest)


class Hints(Protocol):
    """What a feed says of the times to ask for it: `ttl`, in minutes, between two polls (RSS 2.0, the syndication module), and
    the hours (0-23) and days (0 Monday - 6 Sunday) in UTC in which to leave it alone (RSS 2.0)."""

    @property
    def ttl(self) -> int | None: ...
    @property
    def skip_hours(self) -> frozenset[int]: ...
    @property
    def skip_days(self) -> frozenset[int]: ...


def rhythm(
    published: Sequence[datetime],
    now: datetime,
    former: timedelta,
    bounds: Bounds,
    *,
    grew: bool,
    calm: timedelta | None = None,
) -> timedelta:
    """The wait between two polls that suits a feed whose entries were `published` at these (aware) times.

    Half the usual gap between its newest entries, so that news is found after a quarter of one on average. A feed
    without dates is asked more often while it brings something (`grew`), else more and more rarely, from `former`
    on. `calm` is what the feed or its server asks for at least; it counts up to the longest wait.
    """
    gap = usual_gap(published, now)
    wait = gap / 2 if gap is not None else former * (_SHRINKAGE if grew else _GROWTH)
    return bounds.clamp(max(wait, calm or timedelta(0)))


def quiet_rhythm(former: timedelta, bounds: Bounds, calm: timedelta | None = None) -> timedelta:
    """The wait after a poll that was answered with "not modified"; the entries, and so their dates, are not seen."""
    return bounds.clamp(max(former * _GROWTH, calm or timedelta(0)))


def usual_gap(published: Sequence[datetime], now: datetime) -> timedelta | None:
    """The median time between the newest entries, or a quarter of the silence since when that is longer.

    None without two different times that are not in the future. Entries of one instant count once: many feeds
    bring a day's news at one time.
    """
    newest = sorted({when.astimezone(UTC) for when in published if when <= now})[-_NEWEST:]
    if len(newest) < 2:
        return None
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(newest)]
    return max(timedelta(seconds=statistics.median(gaps)), (now - newest[-1]) / _QUIET)


def calm_time(hints: Hints | None, cache_control: str) -> timedelta | None:
    """How long feed and server ask not to be asked again: the longer of the feed's `ttl` and `max-age`.

    None when neither says so. At most a week.
    """
    ttl = timedelta(minutes=hints.ttl) if hints and hints.ttl else None
    asked = [wait for wait in (ttl, max_age(cache_control)) if wait]
    return min(max(asked), MAX_CALM) if asked else None


def max_age(cache_control: str) -> timedelta | None:
    """The `max-age` of a Cache-Control header (RFC 9111, 5.2.2.1); None without a readable one."""
    lowered = cache_control.lower()
    if re.search(r"(?:^|[,\s])no-(?:cache|store)\b", lowered):
        return None
    found = re.search(r'(?:^|[,\s])max-age\s*=\s*"?(\d{1,9})\b', lowered)
    return timedelta(seconds=int(found[1])) if found else None


def outside_skips(when: datetime, hints: Hints | None) -> datetime:
    """`when`, or the start of the first hour after it that the feed does not ask to skip.

    A feed that asks for more than three days of rest is polled as if it had not asked: that is a mistake.
    """
    if hints is None or not (hints.skip_hours or hints.skip_days):
        return when
    there = when.astimezone(UTC)
    while there.hour in hints.skip_hours or there.weekday() in hints.skip_days:
        there = there.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        if there - when > _LONGEST_SKIP:
            return when
    return there


def after_success(interval: timedelta) -> timedelta:
    """The wait until a feed's next poll: its interval, a tenth more or less, so that feeds added together spread."""
    return _jittered(max(interval, _SHORTEST))


def after_failures(failures: int, interval: timedelta, retry_after: int | None = None) -> timedelta:
    """The wait after the `failures`-th failed poll in a row: doubling from the interval (or an hour, where that is
    shorter), at most a day or the interval.

    It never ends: a feed that comes back after months is found again within a day. `retry_after`, in seconds, is
    what the server asked for, and a lower bound.
    """
    first = min(max(interval, _SHORTEST), _RETRY_FEED)
    doubled = first * 2 ** min(max(failures, 1) - 1, 16)
    wait = _jittered(min(doubled, max(_LONGEST, interval)))
    return max(wait, timedelta(seconds=retry_after or 0))


def before_retry(attempts: int, retry_after: int | None = None) -> timedelta:
    """The wait before an article is fetched again, after `attempts` failed tries."""
    doubled = _FIRST_RETRY * 2 ** min(max(attempts, 1) - 1, 16)
    return max(_jittered(min(doubled, _LONGEST)), timedelta(seconds=retry_after or 0))


def _jittered(wait: timedelta) -> timedelta:
    return wait * random.uniform(0.9, 1.1)  # noqa: S311 - spreads load, protects nothing
