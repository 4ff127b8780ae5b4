"""A reader sees each passage once; the payload keeps every field's own words."""

from __future__ import annotations

from typing import Any

from events.record.quotes import passages


def quote(document: int, start: int, end: int) -> dict[str, Any]:
    return {"document": {"id": document}, "start": start, "end": end, "quote": "x" * (end - start)}


def test_a_quote_inside_another_of_its_document_is_left_out() -> None:
    assert passages([quote(1, 5, 8), quote(1, 0, 10), quote(1, 0, 10)]) == [quote(1, 0, 10)]


def test_quotes_that_only_overlap_both_stay() -> None:
    assert passages([quote(1, 5, 15), quote(1, 0, 10)]) == [quote(1, 0, 10), quote(1, 5, 15)]


def test_the_same_place_in_two_documents_is_two_passages() -> None:
    assert passages([quote(2, 0, 4), quote(1, 0, 10)]) == [quote(1, 0, 10), quote(2, 0, 4)]
