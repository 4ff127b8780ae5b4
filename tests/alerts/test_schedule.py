"""When messages are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.alerts.schedule import (
    LONGEST_DELAY,
    Clock,
    after_quiet,
    backoff,
    due,
    most_frequent,
    next_digest,
    zone,
)
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
    assert most_frequent([Frequency.WEEKLY, Frequency.DAILY]) is Frequency.DAILY
    assert most_frequent([Frequency.DAILY, Frequency.WEEKLY, Frequency.INSTANT]) is Frequency.INSTANT


def test_what_is_instant_is_due_at_once() -> None:
    now = at("2025-11-18T09:00")

    assert due(Frequency.INSTANT, Clock("Asia/Shanghai"), now) == now


@pytest.mark.parametrize(
    ("zone", "hours", "now", "first"),
    [
        ("UTC", (22, 7), "2025-11-17T21:59", "2025-11-17T21:59"),
        ("UTC", (22, 7), "2025-11-17T22:00", "2025-11-18T07:00"),
        ("UTC", (22, 7), "2025-11-18T06:59", "2025-11-18T07:00"),
        ("UTC", (22, 7), "2025-11-18T07:00", "2025-11-18T07:00"),
        ("UTC", (12, 14), "2025-11-18T13:10", "2025-11-18T14:00"),
        ("UTC", (0, 23), "2025-11-18T13:10", "2025-11-18T23:00"),
        ("Asia/Shanghai", (22, 7), "2025-11-17T15:00", "2025-11-17T23:00"),
        ("Asia/Kolkata", (22, 7), "2025-11-17T17:00", "2025-11-18T01:30"),
        ("Europe/London", (22, 7), "2026-03-28T23:00", "2026-03-29T06:00"),
        ("Europe/London", (22, 1), "2026-03-29T00:30", "2026-03-29T01:00"),
        ("Europe/London", (2, 1), "2026-03-29T00:30", "2026-03-30T00:00"),
        ("America/New_York", (1, 2), "2025-11-02T05:30", "2025-11-02T07:00"),
        ("Antarctica/Troll", (23, 2), "2025-10-26T01:30", "2025-10-26T02:00"),
        ("UTC", (None, None), "2025-11-18T03:00", "2025-11-18T03:00"),
    ],
    ids=[
        "before", "begins", "ends soon", "over", "midday", "an hour a day", "Shanghai", "half an hour off",
        "a short night", "ends in a skipped hour", "the one hour is skipped", "an hour comes twice",
        "two hours come twice", "none",
    ],
)  # fmt: skip
def test_nothing_is_due_in_quiet_hours(
    zone: str, hours: tuple[int | None, int | None], now: str, first: str
) -> None:
    assert after_quiet(at(now), Clock(zone, *hours)) == at(first)


def test_a_digest_waits_for_the_end_of_quiet_hours() -> None:
    sleeper = Clock("UTC", 23, 10)

    assert due(Frequency.DAILY, sleeper, at("2025-11-18T09:00")) == at("2025-11-19T10:00")


@given(
    minute=st.integers(0, 37 * 365 * 24 * 60),
    zone_name=st.sampled_from(sorted(available_timezones())),
    hours=st.lists(st.integers(0, 23), min_size=2, max_size=2, unique=True),
)
def test_the_first_moment_that_is_not_quiet_is_found(minute: int, zone_name: str, hours: list[int]) -> None:
    moment = at("2000-01-01T00:00") + timedelta(minutes=minute)
    clock, here = Clock(zone_name, *hours), zone(zone_name)

    found = after_quiet(moment, clock)

    assert found >= moment
    assert not clock.is_quiet(found.astimezone(here).hour)
    minutes = int((found - moment) / timedelta(minutes=1))
    between = (moment + timedelta(minutes=minute) for minute in range(0, minutes, 7))
    assert all(clock.is_quiet(passed.astimezone(here).hour) for passed in between)


def test_waits_double_up_to_a_limit() -> None:
    waits = [backoff(attempt, 0.5) for attempt in range(1, 16)]

    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits[-1] == LONGEST_DELAY
    assert sum(waits, timedelta()) > timedelta(days=1)


def test_chance_spreads_the_waits() -> None:
    assert backoff(1, 0) < backoff(1, 0.5) < backoff(1, 1) <= timedelta(seconds=75)
