"""Organizations over time: the chart by both clocks, and units' events among those of what they were part of."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models.organizations import Organization, OrganizationParent
from events.models.record import Revision
from events.record import publishing
from tests import scenes
from tests.api.conftest import Caller, Record


@pytest.fixture
def group(record: Record) -> Organization:
    """What Northlake Cloud moves to, out of Northlake Devices, in 2025."""
    return scenes.company("Southlake Group")


@pytest.fixture
def moved(record: Record, group: Organization) -> Revision:
    """The move, on 1 June 2025; the demotion is of 18 October."""
    return scenes.publish(
        scenes.reorganization(
            "transfer",
            record.organization,
            record.source,
            day="2025-06-01",
            of=record.parent,
            successor=group,
        )
    )


def events(api: Caller, path: str, **parameters: Any) -> set[int]:
    """The ids of the events of a list."""
    return {row["event"] for row in api.read(path, **parameters)["results"]}


def names(units: list[dict[str, Any]]) -> list[str]:
    """The names of units."""
    return [unit["name"] for unit in units]


def test_an_event_about_a_unit_counts_for_what_it_was_part_of_then(
    api: Caller, record: Record, group: Organization, moved: Revision
) -> None:
    before = record.publish("2025-05-31").event_id
    after = record.revision.event_id

    for path, asked in (
        (f"organizations/{record.parent.pk}/timeline/", {}),
        ("events/", {"organization": record.parent.pk}),
        ("events/", {"organization_id": record.parent.pk}),
    ):
        assert events(api, path, **asked) == {before, moved.event_id}
    assert events(api, f"organizations/{group.pk}/timeline/") == {moved.event_id, after}
    assert events(api, "events/", organization=f"{group.pk},{record.parent.pk}") == {
        before,
        moved.event_id,
        after,
    }


def test_units_are_left_out_where_descendants_is_false(
    api: Caller, record: Record, group: Organization, moved: Revision
) -> None:
    narrow = {"descendants": "false"}

    assert events(api, "events/", organization=group.pk, **narrow) == {moved.event_id}
    assert events(api, f"organizations/{group.pk}/timeline/", **narrow) == {moved.event_id}
    assert events(api, "events/", organization=group.pk, descendants="true") != {moved.event_id}


@pytest.mark.parametrize("path", ["events/", "organizations/{}/timeline/"])
def test_descendants_is_true_or_false(api: Caller, record: Record, path: str) -> None:
    assert api.refused(path.format(record.parent.pk), descendants="perhaps") == {"descendants"}


def test_at_an_instant_units_count_as_the_record_said_then(
    api: Caller, record: Record, group: Organization, moved: Revision
) -> None:
    then = moved.recorded_at.isoformat()
    last = publishing.retract(moved.event_id, moved.author).recorded_at.isoformat()

    for path, asked in ((f"organizations/{group.pk}/timeline/", {}), ("events/", {"organization": group.pk})):
        assert events(api, path, known_at=then, **asked) == {moved.event_id, record.revision.event_id}
        assert events(api, path, known_at=last, **asked) == set()
        assert events(api, path, **asked) == set()


def test_the_day_on_which_a_unit_is_dissolved_counts_for_what_it_was_part_of(
    api: Caller, record: Record
) -> None:
    last = scenes.publish(
        scenes.reorganization("dissolution", record.organization, record.source, day="2025-10-18")
    )
    later = record.publish("2025-10-19").event_id

    found = events(api, f"organizations/{record.parent.pk}/timeline/")

    assert found == {last.event_id, record.revision.event_id}
    assert later in events(api, f"organizations/{record.organization.pk}/timeline/")


def test_a_circle_of_units_ends(api: Caller, record: Record) -> None:
    OrganizationParent.objects.create(child=record.parent, parent=record.organization)

    assert events(api, "events/", organization=record.parent.pk) == {record.revision.event_id}


def test_an_organization_without_units_costs_one_query_more(api: Caller, record: Record) -> None:
    path = f"/api/v1/organizations/{record.organization.pk}/timeline/"
    with CaptureQueriesContext(connection) as wide:
        api.get(path)
    with CaptureQueriesContext(connection) as narrow:
        api.get(path, {"descendants": "false"})

    assert len(wide) == len(narrow) + 1


def test_many_units_cost_as_many_queries_as_few(api: Caller, record: Record) -> None:
    path = f"/api/v1/organizations/{record.parent.pk}/timeline/"
    with CaptureQueriesContext(connection) as few:
        api.get(path)
    for number in range(20):
        scenes.unit(f"Unit {number}", record.parent)
    with CaptureQueriesContext(connection) as many:
        api.get(path)

    assert len(many) == len(few)


def test_a_chart_takes_both_clocks_and_says_which(
    api: Caller, record: Record, group: Organization, moved: Revision
) -> None:
    path = f"organizations/{group.pk}/chart/"
    then = record.revision.recorded_at.isoformat()

    now = api.read(path, valid_at="2025-06-01")
    assert (names(now["units"]), now["valid_at"], now["known_at"]) == (
        ["Northlake Cloud"], "2025-06-01", None,
    )  # fmt: skip
    assert now["units"][0]["event"] == moved.event_id
    assert names(api.read(path, valid_at="2025-05-31")["units"]) == []
    old = api.read(path, valid_at="2025-06-01", known_at=then)
    assert names(old["units"]) == []
    assert old["known_at"] == then.replace("+00:00", "Z")


def test_a_chart_refuses_what_it_does_not_know(api: Caller, record: Record) -> None:
    path = f"organizations/{record.parent.pk}/chart/"

    assert api.refused(path, known_at="yesterday") == {"known_at"}
    assert api.refused(path, descendants="false") == {"descendants"}
