"""When messages are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from events.alerts.schedule import LONGEST_DELAY, backoff, first_attempt, next_digest
from events.choices import Frequency


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("frequency", "zone", "now", "due"),
    [
        (Frequency.DAILY, "UTC", "2025-11-17T07:59", "2025-11-17T08:00"),
        (Frequency.DAILY, "UTC", "2025-11-17T08:00", "2025-11-18T08:00"),
        (Frequency.DAILY, "Asia/Shanghai", "2025-11-17T01:00", "2025-11-18T00:00"),
        (Frequency.DAILY, "America/New_York", "2025-11-17T12:30", "2025-11-17T13:00"),
        (Frequency.DAILY, "Europe/London", "2026-03-28T12:00", "2026-03-29T07:00"),
        (Frequency.WEEKLY, "UTC", "2025-11-17T07:00", "2025-11-17T08:00"),
        (Frequency.WEEKLY, "UTC", "2025-11-17T09:00", "2025-11-24T08:00"),
        (Frequency.WEEKLY, "UTC", "2025-11-20T09:00", "2025-11-24T08:00"),
        (Frequency.DAILY, "No/Such_Zone", "2025-11-17T07:00", "2025-11-17T08:00"),
    ],
    ids=["today", "tomorrow", "Shanghai", "New York", "clocks change", "monday", "monday over", "thursday", "unknown"],
)  # fmt: skip
def test_a_digest_is_due_at_the_next_eight_o_clock(
    frequency: Frequency, zone: str, now: str, due: str
) -> None:
    assert next_digest(frequency, zone, at(now)) == at(due)


def test_the_most_frequent_subscription_decides() -> None:
    now = at("2025-11-18T09:00")

    assert first_attempt([Frequency.WEEKLY, Frequency.DAILY], "UTC", now) == at("2025-11-19T08:00")
    assert first_attempt([Frequency.WEEKLY, Frequency.INSTANT], "UTC", now) is None


def test_waits_double_up_to_a_limit() -> None:
    waits = [backoff(attempt, 0.5) for attempt in range(1, 16)]

    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits[-1] == LONGEST_DELAY
    assert sum(waits, timedelta()) > timedelta(days=1)


def test_chance_spreads_the_waits() -> None:
    assert backoff(1, 0) < backoff(1, 0.5) < backoff(1, 1) <= timedelta(seconds=75)
