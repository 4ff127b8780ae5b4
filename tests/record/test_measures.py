"""Measures: what follows from the figures is computed, what cannot be true beside them is flagged, nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from events.choices import Kind, PartyType, Role, Status
from events.curation.drafts import from_payload
from events.models.organizations import Organization
from events.models.record import Measure
from events.models.sources import Document
from events.record import publishing
from events.record.draft import Draft, DraftParty
from events.record.facts import same_facts
from events.record.ledger import verify
from events.record.measures import Figure, check_measure, recomputed, year_earlier
from events.record.projections import rebuild
from tests import scenes


def revenue(value: float, period: str = "2024", **fields: Any) -> dict[str, Any]:
    """A revenue in CNY."""
    return {"metric": "revenue", "value": value, "currency": "CNY", "period": period, **fields}


def on_record(row: dict[str, Any], action: str = "result", event: int = 7) -> list[Figure]:
    """A figure of another event."""
    return [Figure(event, action, row)]


def check(
    row: dict[str, Any], known: list[Figure], action: str = "result", own: list[Figure] | None = None
) -> tuple[dict[str, Any], list[str]]:
    """What one measure gives beside others."""
    return check_measure(row, action, own or [Figure(None, action, row)], known)


def test_growth_is_computed_from_the_value_of_the_year_before() -> None:
    computed, notes = check(revenue(38.5e9), on_record(revenue(35e9, "2023")))

    assert computed == {"change": 0.1, "from": {"event": 7, "value": 35e9, "period": "2023"}}
    assert notes == []


@pytest.mark.parametrize(
    ("period", "earlier"),
    [("2025", "2024"), ("FY2025", "FY2024"), ("2025-Q3", "2024-Q3"), ("2025-H1", "2024-H1"), ("last year", ""), ("", "")],
)  # fmt: skip
def test_a_year_before_is_the_same_period_of_the_year_before(period: str, earlier: str) -> None:
    assert year_earlier(period) == earlier


def test_stated_growth_that_the_figures_rule_out_is_a_sentence_for_the_curator() -> None:
    _, notes = check(revenue(38.523e9, change=0.25), on_record(revenue(35.5e9, "2023")))

    assert notes == [
        "The source says a change of 25% on the year, but from 35,500,000,000 CNY (2023) to 38,523,000,000 CNY (2024) "
        "is 8.52%."
    ]


@pytest.mark.parametrize(
    ("value", "fields", "before"),
    [
        pytest.param(38.523e9, {"change": 0.085}, {"value": 35.5e9}, id="rounded growth"),
        pytest.param(12e9, {"change": 0.09}, {"value": 11e9}, id="both values rounded to billions"),
        pytest.param(25e9, {"change": 1.0, "change_qualifier": "more_than"}, {"value": 12e9, "qualifier": "more_than"}, id="more than"),
        pytest.param(25e9, {"change": 3.0, "qualifier": "more_than"}, {"value": 12e9}, id="an open value has no upper bound"),
        pytest.param(12e9, {"change": 0.2, "change_qualifier": "about"}, {"value": 9.95e9}, id="about"),
        pytest.param(5e9, {"change": 4.0}, {"value": 2e9, "qualifier": "less_than"}, id="a base below a bound"),
        pytest.param(1e9, {"change": -0.5}, {"value": 2e9}, id="a fall"),
    ],
)  # fmt: skip
def test_figures_that_can_both_be_true_are_no_conflict(
    value: float, fields: dict[str, Any], before: dict[str, Any]
) -> None:
    _, notes = check(revenue(value, **fields), on_record({**revenue(0, "2023"), **before}))

    assert notes == []


@pytest.mark.parametrize(
    ("value", "fields", "before"),
    [
        pytest.param(38.523e9, {"change": 0.095}, {"value": 35.5e9}, id="a point off"),
        pytest.param(20e9, {"change": 1.0, "change_qualifier": "more_than"}, {"value": 12e9}, id="less than more than"),
        pytest.param(20e9, {"change": 0.5}, {"value": 10e9, "qualifier": "at_most"}, id="above what a bound allows"),
        pytest.param(1e9, {"change": 0.5}, {"value": 2e9}, id="a fall told as growth"),
    ],
)  # fmt: skip
def test_figures_that_cannot_both_be_true_are_a_conflict(
    value: float, fields: dict[str, Any], before: dict[str, Any]
) -> None:
    _, notes = check(revenue(value, **fields), on_record({**revenue(0, "2023"), **before}))

    assert len(notes) == 1


@pytest.mark.parametrize(
    "other",
    [revenue(35e9, "2022"), revenue(35e9, "FY2023"), revenue(35e9, "2023") | {"currency": "USD"},
     revenue(35e9, "2023") | {"metric": "profit"}, revenue(0, "2023"), revenue(-3e9, "2023")],
    ids=["two years before", "fiscal year", "other currency", "other metric", "nothing", "below nothing"],
)  # fmt: skip
def test_growth_is_computed_only_from_a_comparable_positive_figure(other: dict[str, Any]) -> None:
    assert check(revenue(38e9, change=0.9), on_record(other)) == ({}, [])


def test_a_target_is_no_base_for_growth() -> None:
    assert check(revenue(38e9), on_record(revenue(35e9, "2023"), action="target")) == ({}, [])


def test_the_drafts_own_figure_comes_before_the_records() -> None:
    row, own = revenue(22e9), revenue(20e9, "2023")

    computed, _ = check(
        row, on_record(revenue(30e9, "2023")), own=[Figure(None, "result", r) for r in (row, own)]
    )

    assert (computed["change"], computed["from"]["event"]) == (0.1, None)


def test_the_gap_to_a_threshold_is_exact() -> None:
    computed, notes = check({"metric": "similarity", "value": 0.927, "threshold": 0.7}, [])

    assert (computed, notes) == ({"gap": 0.227, "gap_share": 0.3243}, [])


def test_a_result_is_held_against_the_target_on_record() -> None:
    target = on_record(revenue(25e9, "2025", qualifier="more_than"), action="target")

    computed, notes = check(revenue(20e9, "2025"), target)

    assert computed == {
        "gap": -5e9,
        "gap_share": -0.2,
        "against": {"event": 7, "value": 25e9, "period": "2025"},
    }
    assert notes == []


def test_a_target_is_compared_with_what_was_reached_a_year_before() -> None:
    computed, _ = check(revenue(25e9, "2025"), on_record(revenue(12e9)), action="target")

    assert (computed["change"], computed["gap"], computed["gap_share"]) == (1.0833, -13e9, -0.52)


def test_a_threshold_that_is_not_the_target_on_record_is_a_conflict() -> None:
    target = on_record(revenue(25e9, "2025"), action="target")

    assert check(revenue(20e9, "2025", threshold=25e9), target)[1] == []
    assert check(revenue(20e9, "2025", threshold=30e9), target)[1] == [
        "The source holds the figure against 30,000,000,000 CNY (2025), but the target is 25,000,000,000 CNY (2025)."
    ]


def test_growth_told_as_a_figure_of_its_own_is_held_against_the_revenues() -> None:
    row = {"metric": "growth", "value": 0.6, "period": "2024"}
    known = [*on_record(revenue(12e9)), *on_record(revenue(10e9, "2023"), event=5)]

    computed, notes = check(row, known)

    assert (computed["change"], computed["from"]["event"], computed["of"]["event"]) == (0.2, 5, 7)
    assert "60%" in notes[0]


def test_growth_of_something_else_is_not_held_against_the_revenues() -> None:
    row, profit = {"metric": "growth", "value": 0.6, "period": "2024"}, revenue(1e9) | {"metric": "profit"}
    known = [*on_record(revenue(12e9)), *on_record(revenue(10e9, "2023"))]

    assert check(row, known, own=[Figure(None, "result", r) for r in (row, profit)]) == ({}, [])


def result(
    organization: Organization, source: Document, row: dict[str, Any], action: str = "result", **fields: Any
) -> Draft:
    """A draft of a figure."""
    return Draft(
        kind=Kind.PERFORMANCE,
        action=action,
        subject=DraftParty(Role.SUBJECT, PartyType.ORGANIZATION, organization.name, organization.id),
        measures=(row,),
        evidence=(scenes.whole(source),),
        **fields,
    )


@pytest.fixture
def cloud(db: None) -> Organization:
    return scenes.unit("Northlake Cloud", scenes.company())


@pytest.fixture
def source(db: None) -> Document:
    return scenes.document("Northlake Cloud told its figures.")


def test_only_standing_believed_figures_of_the_same_subject_are_a_base(
    cloud: Organization, source: Document
) -> None:
    author = scenes.curator()
    other = scenes.company("Southlake Cloud")
    publishing.publish(result(other, source, revenue(10e9, "2023")), author)
    publishing.publish(result(cloud, source, revenue(9e9, "2023"), assertion=Status.ALLEGED), author)
    retracted = publishing.publish(result(cloud, source, revenue(8e9, "2023")), author)
    publishing.retract(retracted.event_id, author, reason="withdrawn")
    draft = result(cloud, source, revenue(22e9))

    assert recomputed(draft) == ([dict(draft.measures[0])], [[]])

    base = publishing.publish(result(cloud, source, revenue(20e9, "2023")), author)
    [row], _ = recomputed(draft)
    assert row["computed"] == {
        "change": 0.1,
        "from": {"event": base.event_id, "value": 20e9, "period": "2023"},
    }


def test_an_event_is_never_its_own_base(cloud: Organization, source: Document) -> None:
    revision = publishing.publish(result(cloud, source, revenue(20e9, "2023")), scenes.curator())

    [row], _ = recomputed(result(cloud, source, revenue(22e9)), revision.event_id)

    assert "computed" not in row


def test_an_exact_figure_is_a_better_base_than_a_bound(cloud: Organization, source: Document) -> None:
    author = scenes.curator()
    exact = publishing.publish(result(cloud, source, revenue(20e9, "2023")), author)
    publishing.publish(result(cloud, source, revenue(15e9, "2023", qualifier="more_than")), author)

    [row], _ = recomputed(result(cloud, source, revenue(22e9)))

    assert row["computed"]["from"]["event"] == exact.event_id


def test_a_product_that_is_not_on_record_is_known_by_its_name(source: Document) -> None:
    author = scenes.curator()
    subject = DraftParty(Role.SUBJECT, PartyType.PRODUCT, "Kestrel")
    values = {"kind": Kind.PERFORMANCE, "action": "result", "evidence": (scenes.whole(source),)}
    publishing.publish(Draft(subject=subject, measures=(revenue(20e9, "2023"),), **values), author)  # type: ignore[arg-type]
    again = DraftParty(Role.SUBJECT, PartyType.PRODUCT, "KESTREL")

    [row], _ = recomputed(Draft(subject=again, measures=(revenue(22e9),), **values))  # type: ignore[arg-type]

    assert row["computed"]["change"] == 0.1


def test_what_was_computed_stands_beside_what_is_stated(cloud: Organization, source: Document) -> None:
    author = scenes.curator()
    base = publishing.publish(result(cloud, source, revenue(20e9, "2023")), author)

    revision = publishing.publish(result(cloud, source, revenue(22e9, change=0.5)), author)

    [measure] = revision.payload["details"]["measures"]
    assert measure["change"] == 0.5
    assert measure["computed"] == {
        "change": 0.1,
        "from": {"event": base.event_id, "value": 20_000_000_000, "period": "2023"},
    }
    assert revision.payload["notes"] == [
        "The source says a change of 50% on the year, but from 20,000,000,000 CNY (2023) to 22,000,000,000 CNY (2024) is 10%."
    ]
    assert verify()[1] is None


def test_a_rebuild_makes_the_same_figures(cloud: Organization, source: Document) -> None:
    author = scenes.curator()
    for value, period in ((20e9, "2023"), (22e9, "2024")):
        publishing.publish(result(cloud, source, revenue(value, period)), author)
    before = list(Measure.objects.order_by("event_id", "order").values())

    rebuild()

    after = list(Measure.objects.order_by("event_id", "order").values())
    assert [{**row, "id": 0} for row in after] == [{**row, "id": 0} for row in before]


def test_a_draft_of_a_published_event_holds_only_what_was_stated(
    cloud: Organization, source: Document
) -> None:
    author = scenes.curator()
    publishing.publish(result(cloud, source, revenue(20e9, "2023")), author)
    draft = result(cloud, source, revenue(22e9))
    revision = publishing.publish(draft, author)

    assert from_payload(revision.payload).measures == draft.measures


def test_another_base_for_the_same_figure_is_no_news_to_those_who_were_told(
    cloud: Organization, source: Document
) -> None:
    author = scenes.curator()
    draft = result(cloud, source, revenue(22e9))
    told = publishing.publish(draft, author)
    publishing.publish(result(cloud, source, revenue(20e9, "2023")), author)
    again = publishing.revise(told.event_id, draft, author, status=Status.REPORTED)

    assert "computed" in again.payload["details"]["measures"][0]
    assert same_facts(told.payload, again.payload)
    other = publishing.revise(
        told.event_id, result(cloud, source, revenue(23e9)), author, status=Status.REPORTED
    )
    assert not same_facts(told.payload, other.payload)


def test_a_curator_sees_the_conflict_before_publishing(cloud: Organization, source: Document) -> None:
    publishing.publish(result(cloud, source, revenue(20e9, "2023")), scenes.curator())
    text = source.text
    claim = {
        "kind": "performance", "action": "result", "subject": {"type": "organization", "name": "Northlake Cloud"},
        "measures": [{"metric": "other", "value": 1}, revenue(22e9, change=0.5)], "confidence": 0.9,
        "evidence": [{"field": "", "start": 0, "end": len(text), "quote": text}],
    }  # fmt: skip

    conflicts = scenes.candidate(source, claim).conflicts

    [found] = [item for item in conflicts if item["code"] == "measure"]
    assert found["field"] == "/measures/1"
    assert "a change of 50% on the year" in found["message"]
