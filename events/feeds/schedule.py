"""When to try again. Pure."""

from __future__ import annotations

import random
from datetime import timedelta

_LONGEST = timedelta(days=1)
_SHORTEST = timedelta(minutes=1)
_FIRST_RETRY = timedelta(minutes=5)


def after_success(interval: timedelta) -> timedelta:
    """The wait until a feed's next poll: its interval, a tenth more or less, so that feeds added together spread."""
    return _jittered(max(interval, _SHORTEST))


def after_failures(failures: int, interval: timedelta, retry_after: int | None = None) -> timedelta:
    """The wait after the `failures`-th failed poll in a row: doubling from the interval, at most a day.

    It never ends: a feed that comes back after months is found again within a day. `retry_after`, in seconds, is
    what the server asked for, and a lower bound.
    """
    doubled = max(interval, _SHORTEST) * 2 ** min(max(failures, 1) - 1, 16)
    wait = _jittered(min(doubled, max(_LONGEST, interval)))
    return max(wait, timedelta(seconds=retry_after or 0))


def before_retry(attempts: int, retry_after: int | None = None) -> timedelta:
    """The wait before an article is fetched again, after `attempts` failed tries."""
    doubled = _FIRST_RETRY * 2 ** min(max(attempts, 1) - 1, 16)
    return max(_jittered(min(doubled, _LONGEST)), timedelta(seconds=retry_after or 0))


def _jittered(wait: timedelta) -> timedelta:
    return wait * random.uniform(0.9, 1.1)  # noqa: S311 - spreads load, protects nothing
