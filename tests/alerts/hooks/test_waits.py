"""When messages that were not taken are sent again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.alerts.hooks.waits import (
    LASTING,
    LONGEST_REQUEST,
    PATIENCE,
    backoff,
    next_attempt,
    pause_between,
)

FIRST = datetime(2025, 11, 17, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 5), (2, 20), (3, 80), (4, 320), (8, 28_800), (99, 28_800)]
)
def test_waits_grow_fourfold_up_to_eight_hours(attempt: int, seconds: int) -> None:
    assert backoff(attempt, 0.5) == timedelta(seconds=seconds)
    assert backoff(attempt, 0.0) == timedelta(seconds=seconds) * 0.75
    assert backoff(attempt, 1.0) == timedelta(seconds=seconds) * 1.25


@given(chance=st.floats(0, 1))
def test_a_message_is_tried_a_dozen_times_or_more_in_three_days_and_no_longer(chance: float) -> None:
    now, tried = FIRST, 1
    while True:
        again = next_attempt(FIRST, now, backoff(tried, chance))
        if again is None:
            break
        assert now < again <= FIRST + LASTING
        now, tried = again, tried + 1

    assert now == FIRST + LASTING
    assert 12 <= tried <= 25


def test_a_request_to_wait_counts_where_it_is_the_longer_wait_and_is_bounded() -> None:
    short, long, endless = timedelta(seconds=5), timedelta(hours=1), timedelta(days=9)

    assert next_attempt(FIRST, FIRST, long, short) == FIRST + long
    assert next_attempt(FIRST, FIRST, short, long) == FIRST + long
    assert next_attempt(FIRST, FIRST, short, endless) == FIRST + LONGEST_REQUEST


def test_a_dead_receiver_is_asked_a_few_dozen_times_before_it_is_paused() -> None:
    failing, asked = timedelta(), 0
    while failing < PATIENCE:
        failing += pause_between(failing)
        asked += 1

    assert 24 <= asked <= 60
