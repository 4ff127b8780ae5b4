"""Days and instants as callers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from events.timelines.clocks import UnknownTime, parse_day, parse_instant


def test_a_day_is_read_as_it_is_written() -> None:
    assert parse_day(" 2025-10-18 ") == date(2025, 10, 18)


@pytest.mark.parametrize(
    "text", ["", "2025", "2025-10", "2025-13-01", "20251018", "2025-10-18T00:00", "٢٠٢٥-10-18", "x" * 999]
)
def test_a_text_that_is_no_day_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(UnknownTime, match="YYYY-MM-DD"):
        parse_day(text)


@pytest.mark.parametrize(
    "text",
    ["2025-11-17T08:00:00Z", "2025-11-17T08:00", "2025-11-17T16:00:00+08:00", "2025-11-17T16:00:00 08:00"],
)
def test_an_instant_is_read_in_any_zone_and_with_the_plus_that_a_query_string_loses(text: str) -> None:
    assert parse_instant(text) == datetime(2025, 11, 17, 8, tzinfo=UTC)


def test_a_day_alone_is_an_instant_at_its_end() -> None:
    instant = parse_instant("2025-11-17")

    assert datetime(2025, 11, 17, 23, 59, 59, tzinfo=UTC) < instant < datetime(2025, 11, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "0001-01-01T00:00:00+14:00", "2025-11-17T25:00:00Z", "1" * 5000]
)
def test_a_text_that_is_no_instant_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(UnknownTime, match="2025-11-17T08:00:00Z"):
        parse_instant(text)
