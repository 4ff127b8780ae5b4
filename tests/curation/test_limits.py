"""Claims that keep the contract's form but have no room in the record, or none in an event that they join."""

from __future__ import annotations

from typing import Any

import pytest

from events.curation.claims import problems
from events.curation.drafts import corroborated, from_claim
from tests import scenes

TEXT = scenes.DEMOTION_TEXT


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"subject": {"type": "person", "name": "x" * 301}}, "/subject/name"),
        ({"subject": {"type": "person", "name": "x", "organization": "y" * 301}}, "/subject/organization"),
        ({"participants": [{"type": "group", "name": "x" * 301, "role": "unit"}]}, "/participants/0/name"),
        ({"penalties": [{"type": "demotion", "from": "x" * 31}]}, "/penalties/0/from"),
        ({"penalties": [{"type": "fine", "amount": 1e17}]}, "/penalties/0/amount"),
        ({"penalties": [{"type": "fine", "currency": "USD\n"}]}, "/penalties/0/currency"),
        ({"measures": [{"metric": "growth", "value": 1e-300}]}, "/measures/0/value"),
        ({"grounds": ["x"] * 201}, "/grounds"),
        ({"headcount": {"max": 2**31}}, "/headcount/max"),
        ({"headcount": {"min": 5, "max": 4}}, "/headcount/max"),
        ({"dates": {"announced": {"value": "9999-12-31", "precision": "day"}}}, "/dates/announced"),
        ({"evidence": [{"field": "", "start": 0, "end": 10**12, "quote": TEXT}]}, "/evidence/0"),
    ],
)
def test_what_the_record_has_no_room_for_is_told_at_its_field(change: dict[str, Any], pointer: str) -> None:
    assert [found.pointer for found in problems(scenes.claim(TEXT, **change), TEXT)] == [pointer]


def test_a_whole_number_may_be_written_with_a_point(db: None) -> None:
    evidence = [{"field": "", "start": 0.0, "end": 2.0, "quote": TEXT[:2]}]

    assert problems(scenes.claim(TEXT, evidence=evidence), TEXT) == []


@pytest.mark.parametrize("field", ["/dates", "/dates/", "/penalties/²", "/penalties/7", "/unknown", "dates"])
def test_words_that_prove_an_odd_field_join_an_event_or_are_left_out(field: str) -> None:
    source = scenes.claim(TEXT)
    odd = source | {"evidence": [{"field": field, "start": 0, "end": 2, "quote": TEXT[:2]}]}
    known, told = from_claim(source, {}, 1), from_claim(odd, {}, 2)

    joined = corroborated(known, told)

    assert {item.document_id for item in joined.evidence} <= {1, 2}
    assert joined.dates == known.dates
