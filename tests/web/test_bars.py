"""The geometry of bars of growth and of strips of releases."""

from __future__ import annotations

import itertools
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracker.web.public import charts

TODAY = date(2025, 12, 31)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.floats(-5, 50), min_size=1, max_size=12))
def test_bars_begin_at_one_zero_and_stay_in_their_cell(values: list[float]) -> None:
    bars = charts.bars(values)

    assert len({bar.zero for bar in bars}) == 1
    for value, bar in zip(values, bars, strict=True):
        assert bar.x >= -0.01
        assert bar.x + bar.width <= 100.7
        assert abs((bar.x if value >= 0 else bar.x + bar.width) - bar.zero) <= 0.62


def test_bars_are_as_long_as_their_values() -> None:
    small, large = charts.bars([0.1, 0.4])

    assert large.width == 100
    assert small.width == 25


def test_a_strip_has_a_dot_a_release_in_order_of_time_and_ends_today() -> None:
    rows = [("Heron", [(date(2024, 1, 10), "Heron 1"), (date(2024, 7, 1), "Heron 2")])]

    chart = charts.strips(rows, TODAY, 880)

    first, second = (dot.x for dot in chart.dots)
    assert chart.left < first < second < chart.right
    assert [gap.text for gap in chart.gaps] == ["173"]
    assert [row.text for row in chart.rows] == ["Heron"]


def test_days_between_releases_are_written_only_where_there_is_room() -> None:
    close = [("Heron", [(date(2024, 1, day), f"Heron {day}") for day in (1, 4, 9)])]

    assert charts.strips(close, TODAY, 320).gaps == []


def test_ticks_of_a_phones_strip_do_not_touch() -> None:
    rows = [("Heron", [(date(2015, 1, 1), "Heron 1")])]

    places = [tick.x for tick in charts.strips(rows, TODAY, 320).ticks]

    assert min(b - a for a, b in itertools.pairwise(places)) > 30
