"""What every list and resource does: pages, validators, a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models.organizations import OrganizationParent
from events.models.people import ExecutiveIdentifier
from events.models.record import Case
from events.record import publishing
from tests import scenes
from tests.api.conftest import Caller, Record

LISTS: list[tuple[str, Callable[[Record], str]]] = [
    ("executives", lambda r: "executives/"),
    ("organizations", lambda r: "organizations/"),
    ("events", lambda r: "events/"),
    ("events as known", lambda r: "events/?known_at=2999-01-01"),
    ("cases", lambda r: "cases/"),
    ("documents", lambda r: "documents/"),
    ("ladders", lambda r: "ladders/"),
    ("changes", lambda r: "changes/"),
    ("timeline", lambda r: f"organizations/{r.organization.pk}/timeline/"),
    ("revisions", lambda r: f"events/{r.revision.event_id}/revisions/"),
    ("chart", lambda r: f"organizations/{r.parent.pk}/chart/"),
    ("grades", lambda r: f"executives/{r.person.pk}/grades/"),
    ("person", lambda r: f"executives/{r.person.pk}/"),
    ("organization", lambda r: f"organizations/{r.organization.pk}/"),
    ("case", lambda r: f"cases/{Case.objects.get(key='all').pk}/"),
    ("document", lambda r: f"documents/{r.source.pk}/"),
]
CONSTANT = {"grades"}
"""Answers that do not grow with what `grow` adds."""


def grow(record: Record, rows: int) -> None:
    """Adds so many of everything, each connected with the others."""
    everything, _ = Case.objects.get_or_create(title="All", key="all")
    OrganizationParent.objects.filter(child=record.organization, start=None).update(
        start=date(2020, 1, 1), start_precision="day"
    )
    for _ in range(rows):
        person = scenes.executive(f"Person {Case.objects.count()}")
        ExecutiveIdentifier.objects.create(executive=person, scheme="test", value=str(person.pk))
        case = Case.objects.create(title="A decision", key=f"case {person.pk}", issuer=record.parent)
        unit = scenes.unit(f"Unit {person.pk}", record.parent)
        scenes.ladder(unit, ["A", "B"])
        source = scenes.document(scenes.DEMOTION_TEXT)
        draft = scenes.appointment(
            person, record.organization, source, day="2025-05-01", title=f"Head {person.pk}"
        )
        publishing.publish(type(draft)(**(vars(draft) | {"case_id": case.pk})), record.author)
        draft = scenes.appointment(record.person, unit, record.source, day="2025-05-01", title="Chair")
        publishing.publish(type(draft)(**(vars(draft) | {"case_id": everything.pk})), record.author)
        day = date(1000 + unit.pk % 900, 1, 1)  # ids grow with every test; 2020 is taken
        OrganizationParent.objects.create(
            child=record.organization, parent=unit, start=day, start_precision="day",
            until=day.replace(month=2), until_precision="day", end_state="ended",
        )  # fmt: skip
        publishing.amend(record.revision.event_id, {"notes": [str(person.pk)]}, record.author)


def cost(api: Caller, path: str) -> tuple[int, int]:
    """Queries of an answer, and its size."""
    with CaptureQueriesContext(connection) as captured:
        response = api.get(f"/api/v1/{path}")
    assert response.status_code == 200
    return len(captured), len(response.content)


def queries(costs: dict[str, tuple[int, int]]) -> dict[str, int]:
    """The first half of each."""
    return {name: count for name, (count, _) in costs.items()}


def test_a_list_takes_as_many_queries_for_twenty_rows_as_for_two(api: Caller, record: Record) -> None:
    grow(record, 2)
    few = {name: cost(api, path(record)) for name, path in LISTS}
    grow(record, 18)
    many = {name: cost(api, path(record)) for name, path in LISTS}

    assert queries(many) == queries(few)
    assert {name for name, (_, size) in many.items() if size <= few[name][1]} <= CONSTANT


@pytest.mark.parametrize(
    "path", ["executives/", "organizations/", "events/", "documents/", "ladders/", "cases/"]
)
def test_pages_go_forth_and_back_over_every_row_once(api: Caller, record: Record, path: str) -> None:
    grow(record, 4)
    everything = [row.get("id", row.get("event")) for row in api.read(path)["results"]]

    page = api.read(path, page_size=2)
    seen = [row.get("id", row.get("event")) for row in page["results"]]
    assert page["previous"] is None
    while page["next"]:
        page = api.get(page["next"]).json()
        seen += [row.get("id", row.get("event")) for row in page["results"]]
    assert seen == everything

    back: list[int] = []
    while page["previous"]:
        page = api.get(page["previous"]).json()
        back = [row.get("id", row.get("event")) for row in page["results"]] + back
    assert back == everything[: len(back)]
    assert len(back) >= len(everything) - 2


def test_a_resource_that_has_not_changed_is_not_sent_again(api: Caller, record: Record) -> None:
    path = f"/api/v1/events/{record.revision.event_id}/"
    etag = api.get(path).headers["ETag"]

    again = api.get(path, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)

    publishing.retract(record.revision.event_id, record.author)
    changed = api.get(path, headers={"if-none-match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_answers_are_json_whatever_the_caller_accepts(api: Caller, record: Record) -> None:
    for accept in ("text/html", "application/xml", "application/problem+json", "nonsense"):
        response = api.get("/api/v1/executives/", headers={"accept": accept})
        assert response.headers["Content-Type"] == "application/json"


def test_an_address_without_its_last_slash_leads_to_the_one_with_it(api: Caller, record: Record) -> None:
    response = api.get("/api/v1/executives", follow=True)

    assert response.status_code == 200
