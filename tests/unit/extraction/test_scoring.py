"""Each rule of the corpus' scoring."""

from __future__ import annotations

from typing import Any

import pytest

from events.extraction.assignment import assign
from events.extraction.matching import (
    case_fields,
    fields_of,
    matches,
    normalize,
    overlaps,
    pair,
    spans_exact,
)
from events.extraction.scoring import score


def claim(**fields: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "kind": "leadership",
        "action": "appointment",
        "subject": {"type": "person", "name": "Ann Bee"},
        "evidence": [{"field": "", "start": 0, "end": 3, "quote": "Ann"}],
        "confidence": 0.8,
    }
    return {**base, **fields}


def right(gold: dict[str, Any], ours: dict[str, Any]) -> dict[str, bool]:
    return dict(fields_of(gold, ours))


@pytest.mark.parametrize(
    ("left", "same"),
    [
        ("The Acme Corp.", "ACME corp"),
        ("Acme's", "Acme"),
        ("Mr. Ann-Bee", "Ann Bee"),
        ("王小明先生", "王小明"),
        ("Ａcme", "Acme"),
    ],
)
def test_names_compare_without_case_punctuation_honorifics_the_and_s(left: str, same: str) -> None:
    assert normalize(left) == normalize(same)


def test_appointment_and_reassignment_are_one_sort_and_departure_another() -> None:
    assert matches(claim(), claim(action="reassignment"))
    assert not matches(claim(), claim(action="departure"))


def test_a_layoff_matches_no_other_reorganization() -> None:
    merger = claim(kind="reorganization", action="merger")
    assert matches(merger, claim(kind="reorganization", action="dissolution"))
    assert not matches(merger, claim(kind="reorganization", action="layoff"))


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("performance", "result", "target"),
        ("performance", "result", "market_share"),
        ("controversy", "allegation", "denial"),
        ("sanction", "designation", "removal"),
    ],
)
def test_actions_that_stand_apart_do_not_match(kind: str, one: str, other: str) -> None:
    assert not matches(claim(kind=kind, action=one), claim(kind=kind, action=other))


def test_any_action_of_a_kind_matches_elsewhere() -> None:
    assert matches(claim(kind="discipline", action="fine"), claim(kind="discipline", action="ban"))


def test_an_alias_of_the_subject_matches() -> None:
    gold = claim(subject={"type": "person", "name": "Ann Bee", "aliases": ["A. Bee"]})
    assert matches(gold, claim(subject={"type": "person", "name": "A Bee"}))
    assert not matches(gold, claim(subject={"type": "person", "name": "Bee"}))


def test_groups_match_by_their_organization() -> None:
    gold = claim(subject={"type": "group", "name": "several managers", "organization": "Acme"})
    ours = {"type": "group", "name": "some managers", "organization": "Acme Ltd"}
    assert matches(gold, claim(subject=ours))
    assert not matches(gold, claim(subject={**ours, "organization": "Other"}))


def test_a_title_is_right_when_one_contains_the_other() -> None:
    gold = claim(subject={"type": "person", "name": "Ann Bee", "title": "Chief Executive Officer of Cloud"})
    assert right(
        gold, claim(subject={"type": "person", "name": "Ann Bee", "title": "chief executive officer"})
    )["title"]
    assert not right(gold, claim())["title"]


def test_a_date_must_be_as_precise_as_the_gold() -> None:
    gold = claim(dates={"announced": {"value": "2025-03-04", "precision": "day"}})
    coarse = claim(dates={"announced": {"value": "2025-03-01", "precision": "month"}})
    assert not right(gold, coarse)["date:announced"]
    assert right({**gold, "dates": coarse["dates"]}, claim(dates=gold["dates"]))["date:announced"]


def test_occurred_decided_and_effective_stand_for_each_other_but_not_for_announced() -> None:
    day = {"value": "2025-03-04", "precision": "day"}
    assert right(claim(dates={"decided": day}), claim(dates={"effective": day}))["date:decided"]
    assert not right(claim(dates={"announced": day}), claim(dates={"effective": day}))["date:announced"]


def test_each_penalty_is_a_field_and_one_too_many_is_one_wrong_field() -> None:
    gold = claim(kind="discipline", penalties=[{"type": "demotion", "levels": 2}, {"type": "warning"}])
    ours = claim(
        kind="discipline",
        penalties=[
            {"type": "demotion", "levels": 3},
            {"type": "warning", "degree": "severe"},
            {"type": "fine"},
        ],
    )
    found = [value for name, value in fields_of(gold, ours) if name == "penalty"]
    assert sorted(found) == [False, False, True]


def test_interim_absent_is_false() -> None:
    assert right(claim(interim=False), claim())["interim"]
    assert not right(claim(interim=True), claim())["interim"]
    assert not right(claim(), claim(interim=True))["interim"]


def test_a_measure_may_be_half_a_percent_off() -> None:
    gold = claim(
        kind="performance",
        action="result",
        measures=[{"metric": "revenue", "value": 1000.0, "period": "2024"}],
    )
    near = [{"metric": "revenue", "value": 1004.0, "period": "2024"}]
    far = [{"metric": "revenue", "value": 1006.0, "period": "2024"}]
    assert right(gold, claim(kind="performance", action="result", measures=near))["measure"]
    assert not right(gold, claim(kind="performance", action="result", measures=far))["measure"]


def test_confirmed_and_reported_count_as_the_same() -> None:
    assert right(claim(status="confirmed"), claim(status="reported"))["status"]
    assert not right(claim(status="planned"), claim(status="reported"))["status"]


def test_fields_that_the_gold_leaves_open_are_not_judged() -> None:
    assert right(claim(), claim(departure="forced", status="denied")) == {"action": True}


def test_pairing_takes_the_most_matches_before_the_most_right_fields() -> None:
    gold = [
        claim(subject={"type": "person", "name": "A", "aliases": ["B"]}),
        claim(subject={"type": "person", "name": "A"}),
    ]
    ours = [claim(subject={"type": "person", "name": "A"}), claim(subject={"type": "person", "name": "B"})]
    assert pair(gold, ours) == [(0, 1), (1, 0)]


def test_assignment_finds_the_greatest_sum_and_leaves_zeros_unpaired() -> None:
    assert assign([[5, 9], [6, 0]]) == [(0, 1), (1, 0)]
    assert assign([[0, 0], [0, 3], [0, 2]]) == [(1, 1)]
    assert assign([]) == []


def test_a_case_is_right_when_the_same_claims_share_it() -> None:
    gold = [claim(case="x"), claim(case="x"), claim(case="y")]
    pairs = [(0, 0), (1, 1), (2, 2)]
    assert case_fields(gold, [claim(case="c1"), claim(case="c1"), claim()], pairs) == [True, True, True]
    assert case_fields(gold, [claim(case="c1"), claim(case="c2"), claim(case="c2")], pairs) == [
        False,
        False,
        False,
    ]


def test_an_optional_claim_counts_for_nothing_and_the_rest_is_false() -> None:
    document = {
        "id": "d",
        "language": "en",
        "text": "Ann resigned. Bob left. Cy went.",
        "claims": [claim(evidence=[{"quote": "Ann resigned"}])],
        "optional": [claim(subject={"type": "person", "name": "Bob"}, evidence=[{"quote": "Bob left"}])],
    }
    ours = [
        claim(),
        claim(subject={"type": "person", "name": "Bob"}),
        claim(subject={"type": "person", "name": "Cy"}),
    ]
    report = score([(document, ours)])
    assert (report.overall.right, report.overall.missed, report.overall.false) == (1, 0, 1)
    assert report.overall.precision == 0.5


def test_wrong_claims_in_documents_without_claims_are_counted() -> None:
    document = {"id": "d", "language": "en", "text": "Ann", "claims": [], "optional": []}
    assert score([(document, [claim()])]).false_in_empty == 1


def test_a_span_is_exact_only_when_it_quotes_what_stands_there() -> None:
    text = "Ann Bee resigned"
    good = claim(evidence=[{"field": "", "start": 0, "end": 7, "quote": "Ann Bee"}])
    bad = claim(evidence=[{"field": "", "start": 1, "end": 7, "quote": "Ann Bee"}])
    assert spans_exact(text, good) == [True]
    assert spans_exact(text, bad) == [False]
    assert overlaps(text, claim(evidence=[{"quote": "Bee resigned"}]), good)
    assert not overlaps(text, claim(evidence=[{"quote": "resigned"}]), good)
