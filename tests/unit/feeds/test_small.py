"""Rules of dates and waiting times."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from events.feeds.schedule import after_failures, after_success, before_retry
from events.feeds.when import offset_minutes, parse_when

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 17 Nov 2025 08:30:00 +0800", (2025, 11, 17, 0, 30)),
        ("17 Nov 2025 08:30 GMT", (2025, 11, 17, 8, 30)),
        ("Mon, 17 Nov 25 08:30:00 PST", (2025, 11, 17, 16, 30)),
        ("Mon, 17 Nov 2025 08:30:00 HKT", (2025, 11, 17, 0, 30)),
        ("2025-11-17T08:30:00Z", (2025, 11, 17, 8, 30)),
        ("2025-11-17T08:30:00.123+05:30", (2025, 11, 17, 3, 0)),
        ("2025-11-17 08:30:00", (2025, 11, 17, 8, 30)),
        ("20251117T083000Z", (2025, 11, 17, 8, 30)),
        ("2025-11-17T24:00:00Z", (2025, 11, 18, 0, 0)),
        ("2016-12-31T23:59:60Z", (2016, 12, 31, 23, 59)),
        ("2025-11", (2025, 11, 1, 0, 0)),
        ("2025", (2025, 1, 1, 0, 0)),
        ("2025年11月17日 08:30", (2025, 11, 17, 8, 30)),
        ("2025/11/17", (2025, 11, 17, 0, 0)),
    ],
)
def test_the_dates_that_feeds_write_are_read_as_the_instants_they_name(
    text: str, expected: tuple[int, ...]
) -> None:
    found = parse_when(text)
    assert found is not None
    assert found.utctimetuple()[:5] == expected


@pytest.mark.parametrize(
    ("text", "day", "minutes"),
    [
        ("2025-11-17T00:30:00+08:00", date(2025, 11, 17), 480),
        ("Sun, 16 Nov 2025 22:00:00 PST", date(2025, 11, 16), -480),
        ("2025-11-17T00:30:00Z", date(2025, 11, 17), 0),
        ("2025-11-17", date(2025, 11, 17), 0),
    ],
)
def test_a_time_keeps_the_zone_and_so_the_day_of_its_source(text: str, day: date, minutes: int) -> None:
    found = parse_when(text)
    assert found is not None
    assert (found.date(), offset_minutes(found)) == (day, minutes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2025-13-40",
        "0000-00-00",
        "1970-01-01T00:00:00Z",
        "9999-12-31",
        "2025-11-17T99:00",
        "9" * 99,
    ],
)
def test_what_is_no_plausible_date_is_none(text: str) -> None:
    assert parse_when(text) is None


def test_the_wait_after_failures_doubles_up_to_a_day_and_never_ends() -> None:
    waits = [after_failures(n, HOUR) for n in (1, 2, 3, 4, 50, 10**6)]
    for wait, hours in zip(waits, (1, 2, 4, 8, 24, 24), strict=True):
        assert 0.9 * hours <= wait / HOUR <= 1.1 * hours


def test_a_server_that_asks_to_wait_longer_is_heard() -> None:
    assert after_failures(1, HOUR, retry_after=86_400 * 3) == timedelta(days=3)
    assert before_retry(1, retry_after=7200) == timedelta(hours=2)


def test_an_interval_of_nothing_does_not_hammer_a_site() -> None:
    assert after_success(timedelta(0)) >= timedelta(seconds=54)
