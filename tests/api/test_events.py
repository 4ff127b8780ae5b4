"""Filters and order of the list of events."""

from __future__ import annotations

from typing import Any

import pytest

from events.models.record import Case
from events.record import publishing
from tests import scenes
from tests.api.conftest import Caller, Record


@pytest.fixture
def three(record: Record) -> dict[str, int]:
    """The demotion, an appointment in 2024, and another person's in 2026, which belongs to a case."""
    older = record.publish("2024-01-05", title="President")
    case = Case.objects.create(title="The restructuring", key="restructuring")
    other = scenes.executive("Per Nyberg")
    draft = scenes.appointment(other, record.parent, record.source, day="2026-02-01", title="Chair")
    newer = publishing.publish(type(draft)(**(vars(draft) | {"case_id": case.pk})), record.author)
    return {
        "demotion": record.revision.event_id, "older": older.event_id, "newer": newer.event_id,
        "person": record.person.pk, "other": other.pk, "case": case.pk,
        "organization": record.organization.pk, "parent": record.parent.pk,
    }  # fmt: skip


def found(api: Caller, **filters: Any) -> list[int]:
    """The ids of the events, in order."""
    return [entry["event"] for entry in api.read("events/", **filters)["results"]]


FILTERS: list[tuple[dict[str, str], list[str]]] = [
    ({}, ["newer", "demotion", "older"]),
    ({"kind": "discipline"}, ["demotion"]),
    ({"kind": "discipline,leadership"}, ["newer", "demotion", "older"]),
    ({"action": "appointment"}, ["newer", "older"]),
    ({"status": "reported"}, ["newer", "demotion", "older"]),
    ({"assertion": "alleged"}, []),
    ({"severity": "3"}, ["demotion"]),
    ({"min_severity": "3"}, ["demotion"]),
    ({"max_severity": "2"}, ["newer", "older"]),
    ({"executive": "{other}"}, ["newer"]),
    ({"executive_id": "{other},{person}"}, ["newer", "demotion", "older"]),
    ({"organization": "{organization}"}, ["demotion", "older"]),
    ({"organization_id": "{parent}", "executive": "{person}"}, ["demotion", "older"]),
    ({"organization_id": "{parent}", "executive": "{person}", "descendants": "false"}, []),
    ({"case": "{case}"}, ["newer"]),
    ({"case_id": "{case}"}, ["newer"]),
    ({"date_after": "2025-10-18"}, ["newer", "demotion"]),
    ({"date_after": "2025-10-18", "date_before": "2025-10-18"}, ["demotion"]),
    ({"decided_after": "2025-01-01"}, ["demotion"]),
    ({"effective_before": "2025-01-01"}, ["older"]),
    ({"published_after": "2025-11-18"}, []),
    ({"published_before": "2025-11-17"}, ["newer", "demotion", "older"]),
    ({"first_seen_after": "2001-01-01"}, ["newer", "demotion", "older"]),
    ({"recorded_at_before": "2001-01-01"}, []),
    ({"valid_at": "2025-10-18"}, ["demotion", "older"]),
    ({"ordering": "date"}, ["older", "demotion", "newer"]),
    ({"ordering": "-severity", "kind": "discipline,leadership"}, ["demotion", "newer", "older"]),
    ({"ordering": "-recorded_at"}, ["newer", "older", "demotion"]),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS, ids=[str(f) for f, _ in FILTERS])
@pytest.mark.parametrize("known_at", ["", "2999-01-01"], ids=["now", "as known"])
def test_a_filter_leaves_the_same_events_on_the_record_and_on_its_past(
    api: Caller, three: dict[str, int], filters: dict[str, str], expected: list[str], known_at: str
) -> None:
    filters = {name: value.format(**three) for name, value in filters.items()}
    if known_at:
        filters["known_at"] = known_at

    names = {number: name for name, number in three.items() if name in {"demotion", "older", "newer"}}
    shown = [names[event] for event in found(api, **filters)]
    if filters.get("ordering") == "-severity":
        shown, expected = shown[:1], expected[:1]  # the other two tie but for their ids
    assert shown == expected


@pytest.mark.parametrize("ordering", ["date", "-date", "severity", "-severity", "first_seen", "-recorded_at"])
def test_pages_in_any_order_hold_every_event_once(api: Caller, three: dict[str, int], ordering: str) -> None:
    everything = found(api, ordering=ordering)
    page = api.read("events/", ordering=ordering, page_size=1)
    seen = [page["results"][0]["event"]]
    while page["next"]:
        page = api.get(page["next"]).json()
        seen += [entry["event"] for entry in page["results"]]

    assert seen == everything
    assert len(set(seen)) == 3


def test_several_values_may_be_repeated(api: Caller, three: dict[str, int]) -> None:
    response = api.get("/api/v1/events/?kind=discipline&kind=leadership")

    assert len(response.json()["results"]) == 3


def test_filters_ask_what_was_said_then_and_not_what_is_said_now(api: Caller, record: Record) -> None:
    draft = scenes.demotion(record.person, record.organization, record.source, day="2025-09-01")
    publishing.revise(record.revision.event_id, draft, record.author)
    known = record.revision.recorded_at.isoformat()

    assert found(api, date_before="2025-09-30") == [record.revision.event_id]
    assert found(api, date_before="2025-09-30", known_at=known) == []
    assert found(api, status="corrected") == [record.revision.event_id]
    assert found(api, status="corrected", known_at=known) == []
