"""Rules of a feed's rhythm: how often it is asked, by what it does and by what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from events.feeds.schedule import (
    Bounds,
    after_failures,
    calm_time,
    max_age,
    outside_skips,
    quiet_rhythm,
    rhythm,
    usual_gap,
)

NOW = datetime(2025, 11, 17, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BOUNDS = Bounds(5 * MINUTE, 12 * HOUR)


@dataclass(frozen=True)
class Said:
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


def every(gap: timedelta, count: int = 10, last: timedelta = timedelta(0)) -> list[datetime]:
    return [NOW - last - number * gap for number in range(count)]


def test_a_feed_is_asked_twice_in_its_usual_gap() -> None:
    assert rhythm(every(HOUR), NOW, DAY, BOUNDS, grew=True) == HOUR / 2


def test_one_long_gap_or_a_burst_does_not_change_the_rhythm() -> None:
    times = [*every(HOUR), NOW - 400 * DAY, NOW - 2 * HOUR + MINUTE]
    assert usual_gap(times, NOW) == HOUR


def test_entries_of_one_instant_count_once() -> None:
    assert usual_gap([*every(DAY), *every(DAY), NOW], NOW) == DAY


def test_only_the_newest_entries_tell_the_rhythm() -> None:
    assert usual_gap(every(HOUR, 20) + [NOW - 100 * DAY * n for n in range(1, 90)], NOW) == HOUR


def test_a_feed_that_has_fallen_silent_is_asked_less_often() -> None:
    asleep = rhythm(every(HOUR, last=12 * HOUR), NOW, HOUR, BOUNDS, grew=False)
    assert asleep == 1.5 * HOUR
    assert rhythm(every(HOUR, last=30 * DAY), NOW, HOUR, BOUNDS, grew=False) == BOUNDS.longest


def test_dates_in_the_future_say_nothing() -> None:
    assert usual_gap([NOW + DAY, NOW + 2 * DAY, NOW], NOW) is None


def test_a_feed_without_dates_is_asked_more_often_while_it_brings_something() -> None:
    assert rhythm([], NOW, HOUR, BOUNDS, grew=True) == HOUR / 2
    assert rhythm([NOW], NOW, HOUR, BOUNDS, grew=False) == 1.25 * HOUR


def test_quiet_polls_are_further_and_further_apart_up_to_the_longest_wait() -> None:
    waits = [HOUR]
    for _ in range(40):
        waits.append(quiet_rhythm(waits[-1], BOUNDS))
    assert waits == sorted(waits)
    assert (waits[1], waits[-1]) == (1.25 * HOUR, BOUNDS.longest)


@pytest.mark.parametrize("gap", [timedelta(seconds=1), MINUTE, 10 * DAY, 3000 * DAY])
def test_no_rhythm_leaves_the_bounds(gap: timedelta) -> None:
    assert BOUNDS.shortest <= rhythm(every(gap, 3), NOW, HOUR, BOUNDS, grew=True) <= BOUNDS.longest


def test_what_feed_and_server_ask_for_is_a_lower_bound_up_to_the_longest_wait() -> None:
    assert rhythm(every(HOUR), NOW, HOUR, BOUNDS, grew=True, calm=2 * HOUR) == 2 * HOUR
    assert rhythm(every(HOUR), NOW, HOUR, BOUNDS, grew=True, calm=90 * DAY) == BOUNDS.longest
    assert quiet_rhythm(HOUR, BOUNDS, calm=6 * HOUR) == 6 * HOUR


def test_the_longer_of_ttl_and_max_age_counts() -> None:
    assert calm_time(Said(ttl=60), "public, max-age=60") == HOUR
    assert calm_time(Said(ttl=1), "max-age=7200") == 2 * HOUR
    assert calm_time(None, "") is None
    assert calm_time(Said(ttl=44_000), "") == 7 * DAY


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("max-age=600", 600),
        ('MAX-AGE="600"', 600),
        ("public,max-age=600,must-revalidate", 600),
        ("s-maxage=600", None),
        ("no-cache, max-age=600", None),
        ("max-age=soon", None),
        ("max-age=-5", None),
        ("max-age=" + "9" * 30, None),
        ("", None),
    ],
)
def test_max_age_is_read_from_cache_control(header: str, seconds: int | None) -> None:
    assert max_age(header) == (None if seconds is None else timedelta(seconds=seconds))


def test_hours_and_days_that_a_feed_asks_to_skip_are_skipped() -> None:
    night = Said(skip_hours=frozenset({12, 13, 14}))
    assert outside_skips(NOW + 5 * MINUTE, night) == NOW + 3 * HOUR
    monday = Said(skip_days=frozenset({0}))
    assert outside_skips(NOW, monday) == datetime(2025, 11, 18, tzinfo=UTC)
    assert outside_skips(NOW + DAY, monday) == NOW + DAY


def test_a_feed_that_asks_to_be_skipped_for_ever_is_not() -> None:
    assert outside_skips(NOW, Said(skip_hours=frozenset(range(24)))) == NOW
    assert outside_skips(NOW, Said(skip_days=frozenset(range(6)))) == NOW


def test_a_feed_that_is_asked_rarely_is_tried_again_within_the_hour_after_a_failure() -> None:
    assert after_failures(1, 12 * HOUR) <= 1.1 * HOUR
    assert after_failures(60, 12 * HOUR) >= 0.9 * DAY
