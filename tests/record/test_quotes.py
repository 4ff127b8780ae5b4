"""A reader sees each passage once; the payload keeps every field's own words."""

from __future__ import annotations

from typing import Any

from events.record.quotes import passages


def quote(document: int, start: int, end: int) -> dict[str, Any]:
    return {"document": {"id": document}, "start": start, "end": end, "quote": "x" * (end - start)}


def test_a_quote_inside_another_of_its_document_is_left_out() -> None:
    assert passages([quote(1, 5, 8), quote(1, 0, 10), quote(1, 0, 10)]) == [quote(1, 0, 10)]


def test_quotes_that_overlap_are_one_passage_of_the_text() -> None:
    text = "was demoted three levels, from 22A to 21A"
    first = quote(1, 0, 11) | {"quote": text[:11]}
    second = quote(1, 4, 24) | {"quote": text[4:24]}

    assert [(p["start"], p["end"], p["quote"]) for p in passages([second, first])] == [(0, 24, text[:24])]


def test_the_same_place_in_two_documents_is_two_passages() -> None:
    assert passages([quote(2, 0, 4), quote(1, 0, 10)]) == [quote(1, 0, 10), quote(2, 0, 4)]
