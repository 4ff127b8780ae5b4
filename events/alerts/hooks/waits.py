"""When a message that was not taken is sent again, and when no more. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

LASTING = timedelta(days=3)
"""From the first attempt to the last."""
PATIENCE = timedelta(days=1)
"""How long a receiver may take nothing before its webhook is paused."""
CLAIM = timedelta(minutes=2)
"""How long a worker's claim holds: far longer than an attempt, so that no two work at one message."""
LONGEST_REQUEST = timedelta(hours=6)
"""What a receiver may ask to wait, at most."""
OUTAGE = timedelta(hours=1)
"""After that long without an answer, all that waits is due when the receiver is back."""

_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(hours=8)


def backoff(attempt: int, chance: float) -> timedelta:
    """The wait after the attempt of that number (from 1): 5 seconds, four times as long each time, up to 8 hours.

    `chance`, from 0 to 1, spreads it over three to five quarters.
    """
    delay = min(_FIRST * (1 << 2 * min(attempt - 1, 10)), _LONGEST)
    return delay * (0.75 + chance / 2)


def next_attempt(
    first: datetime, now: datetime, delay: timedelta, asked: timedelta | None = None
) -> datetime | None:
    """When to try again; None where the message is given up.

    `first` is when it was first tried, `asked` what the receiver asks to wait. The last attempt is three days after
    the first.
    """
    end = first + LASTING
    if now >= end:
        return None
    wait = max(delay, min(asked or timedelta(), LONGEST_REQUEST))
    return min(now + wait, end)


def pause_between(failing: timedelta) -> timedelta:
    """How long a receiver that has taken nothing for so long is left alone with everything: half as long again, so
    that it is asked a few dozen times in a day, however many messages wait."""
    return min(max(failing / 2, _FIRST), timedelta(hours=1))
