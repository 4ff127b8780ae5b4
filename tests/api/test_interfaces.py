"""The answers that others rely on, to the letter."""

from __future__ import annotations

from typing import Any

import pytest

from events.record import publishing
from tests import scenes
from tests.api.conftest import Caller, Record


@pytest.mark.parametrize("name", ["Ilse van Houten", "ilse VAN houten", "伊尔莎"])
def test_a_name_in_any_script_finds_exactly_one_person(api: Caller, record: Record, name: str) -> None:
    scenes.executive("Per Nyberg")

    found = api.read("executives/", name=name)

    assert [person["id"] for person in found["results"]] == [record.person.pk]
    assert found["next"] is found["previous"] is None


def test_a_person_is_shown_with_names_positions_and_current_grades(api: Caller, record: Record) -> None:
    person = api.read(f"executives/{record.person.pk}/")

    assert {name["name"] for name in person["names"]} == {"Ilse van Houten", "伊尔莎"}
    assert person["identifiers"] == []
    assert [held["title"] for held in person["positions"]] == ["CEO"]
    assert person["positions"][0]["organization"]["name"] == "Northlake Cloud"
    assert [grade["grade"] for grade in person["grades"]] == ["21A"]


def test_a_timeline_has_its_subject_its_entries_and_where_it_goes_on(api: Caller, record: Record) -> None:
    record.publish("2024-02-01", title="President")

    page = api.read(f"executives/{record.person.pk}/timeline/", page_size=1)

    assert page["subject"] == {"type": "person", "id": record.person.pk, "name": "Ilse van Houten"}
    (entry,) = page["results"]
    assert entry == record.revision.payload | {"revision": entry["revision"]}
    assert entry["event"] == record.revision.event_id
    assert entry["date"] == {"value": "2025-10-18", "precision": "day"}
    assert entry["details"]["penalties"][0]["steps"] == -3
    assert set(entry["evidence"][0]) >= {"field", "quote", "document"}
    assert set(entry["evidence"][0]["document"]) == {"id", "url", "title", "published"}
    assert set(entry["revision"]) == {"seq", "recorded_at"}
    following = api.get(page["next"]).json()
    assert [entry["action"] for entry in following["results"]] == ["appointment"]
    assert following["next"] is None


def test_grades_are_listed_in_order_of_time_with_plain_days(api: Caller, record: Record) -> None:
    found = api.read(f"executives/{record.person.pk}/grades/")["results"]

    common = {"ladder": record.ladder.pk, "event": record.revision.event_id}
    expected: list[dict[str, Any]] = [
        common | {"grade": "22A", "from": None, "to": "2025-10-18"},
        common | {"grade": "21A", "from": "2025-10-18", "to": None},
    ]
    assert [{key: grade[key] for key in expected[0]} for grade in found] == expected
    assert found[0]["ladder_name"] == "Staff grades"
    assert (found[0]["from_precision"], found[0]["to_precision"]) == (None, "day")


def test_steps_are_counted_on_the_ladder(api: Caller, record: Record) -> None:
    answer = api.read(f"ladders/{record.ladder.pk}/steps/", **{"from": "22A", "to": "21A"})

    assert answer["steps"] == -3
    assert (answer["from"], answer["to"], answer["ladder"]) == ("22A", "21A", record.ladder.pk)


def test_a_grade_off_the_ladder_is_a_problem_that_names_the_ladders_grades(
    api: Caller, record: Record
) -> None:
    problem = api.read(f"ladders/{record.ladder.pk}/steps/", 400, **{"from": "22A", "to": "99Z"})

    assert problem["grades"] == scenes.GRADES
    assert problem["errors"][0]["parameter"] == "to"
    assert "22A, 22B, 22C" in problem["errors"][0]["detail"]


def test_both_clocks_reach_timelines_grades_and_events(api: Caller, record: Record) -> None:
    publishing.retract(record.revision.event_id, record.author)
    known = {"known_at": record.revision.recorded_at.isoformat()}
    base = f"executives/{record.person.pk}"

    assert api.read(f"{base}/timeline/")["results"] == []
    assert len(api.read(f"{base}/timeline/", **known)["results"]) == 1
    assert api.read(f"{base}/timeline/", **known, valid_at="2025-10-17")["results"] == []
    assert api.read(f"{base}/grades/")["results"] == []
    assert len(api.read(f"{base}/grades/", **known)["results"]) == 2
    assert api.read("events/")["results"] == []
    assert len(api.read("events/", **known)["results"]) == 1
    assert api.read(f"events/{record.revision.event_id}/", **known)["status"] == "reported"


def test_a_retracted_event_stays_at_its_address_and_says_so(api: Caller, record: Record) -> None:
    publishing.retract(record.revision.event_id, record.author, reason="The source withdrew it")

    event = api.read(f"events/{record.revision.event_id}/")
    revisions = api.read(f"events/{record.revision.event_id}/revisions/")["results"]

    assert event["status"] == "retracted"
    assert [item["operation"] for item in revisions] == ["ADD", "DEL"]
    assert revisions[1]["reason"] == "The source withdrew it"
    assert {"field": "/status", "old": "reported", "new": "retracted"} in revisions[1]["changes"]


def test_an_event_before_it_was_recorded_is_not_found(api: Caller, record: Record) -> None:
    api.read(f"events/{record.revision.event_id}/", 404, known_at="2001-01-01")


def test_evidence_is_served_as_it_was_published(api: Caller, record: Record) -> None:
    found = api.read(f"events/{record.revision.event_id}/evidence/")

    assert found["results"] == record.revision.payload["evidence"]


def test_an_organization_has_a_timeline_and_a_chart(api: Caller, record: Record) -> None:
    timeline = api.read(f"organizations/{record.organization.pk}/timeline/")
    chart = api.read(f"organizations/{record.parent.pk}/chart/", valid_at="2025-10-18")

    assert timeline["subject"]["type"] == "organization"
    assert [entry["event"] for entry in timeline["results"]] == [record.revision.event_id]
    assert [unit["name"] for unit in chart["units"]] == ["Northlake Cloud"]
    assert chart["units"][0]["holders"][0]["executive"]["id"] == record.person.pk
    assert chart["valid_at"] == "2025-10-18"


def test_a_merged_person_is_answered_with_whom_they_were_merged_into(api: Caller, record: Record) -> None:
    other = scenes.executive("I. v. Houten")
    type(other).objects.filter(pk=other.pk).update(merged_into=record.person)

    assert api.read(f"executives/{other.pk}/")["id"] == record.person.pk
    assert api.read(f"executives/{other.pk}/timeline/")["subject"]["id"] == record.person.pk
    assert [row["id"] for row in api.read("executives/")["results"]] == [record.person.pk]
