"""Ladders and grade histories: steps are computed, contradictions refused with the event that they contradict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError

from events.choices import Status
from events.dates import PartialDate
from events.exceptions import GradeConflict, UnknownGrade
from events.models.grades import GradeAssignment, GradeLadder
from events.models.organizations import Organization, OrganizationParent
from events.models.people import Executive, Position
from events.record import publishing
from events.record.ladders import check_penalty, find_ladder
from tests import scenes


@pytest.fixture
def scene(db: None) -> dict[str, Any]:
    parent = scenes.company()
    return {
        "parent": parent,
        "cloud": scenes.unit("Northlake Cloud", parent),
        "ladder": scenes.ladder(parent),
        "person": scenes.executive(),
        "source": scenes.document(scenes.DEMOTION_TEXT),
        "author": scenes.curator(),
    }


def publish(scene: dict[str, Any], **fields: Any) -> Any:
    return publishing.publish(
        scenes.demotion(scene["person"], scene["cloud"], scene["source"], **fields), scene["author"]
    )


def history(person: Executive) -> list[tuple[str, date | None, date | None]]:
    return [(row.grade.label, row.start, row.until) for row in person.grades.order_by("until")]


def test_from_22a_to_21a_is_three_steps_down_whatever_the_case(scene: dict[str, Any]) -> None:
    assert scene["ladder"].steps("22A", "21a") == -3
    assert scene["ladder"].steps("Level 21A", "22a") == 3


def test_an_unknown_grade_is_an_error_that_names_the_grades_of_the_ladder(scene: dict[str, Any]) -> None:
    with pytest.raises(UnknownGrade, match=r"'23A' is not a grade of .* 22A, 22B, 22C, 21A"):
        scene["ladder"].grade("23A")


def test_a_division_stands_on_the_ladder_of_the_nearest_organization_above(scene: dict[str, Any]) -> None:
    assert find_ladder(scene["cloud"].id, date(2025, 10, 18)) == scene["ladder"]
    assert find_ladder(scenes.company("Elsewhere").id, date(2025, 10, 18)) is None


def test_of_two_versions_the_one_in_force_on_the_day_counts(scene: dict[str, Any]) -> None:
    GradeLadder.objects.filter(id=scene["ladder"].id).update(
        until=date(2026, 1, 1), until_precision="year", end_state="ended"
    )
    newer = GradeLadder.objects.create(
        organization=scene["parent"],
        name="Staff grades",
        version=2,
        start=date(2026, 1, 1),
        start_precision="year",
    )

    assert find_ladder(scene["cloud"].id, date(2025, 12, 31)) == scene["ladder"]
    assert find_ladder(scene["cloud"].id, date(2026, 1, 1)) == newer


def test_levels_that_differ_from_the_steps_are_a_note_not_an_error(scene: dict[str, Any]) -> None:
    steps, notes = check_penalty(
        scene["ladder"], {"type": "demotion", "from": "22A", "to": "21A", "levels": 4}
    )

    assert steps == -3
    assert notes == [f"The source says 4 levels, but from 22A to 21A is 3 steps on {scene['ladder']}."]


def test_a_conflict_published_anyway_stands_on_the_event(scene: dict[str, Any]) -> None:
    revision = publish(scene, levels=4)

    assert "The source says 4 levels" in revision.payload["notes"][0]


def test_a_grade_off_the_ladder_is_published_as_told_and_makes_no_grade_history(
    scene: dict[str, Any],
) -> None:
    revision = publish(scene, start="25A")

    assert "'25A' is not a grade of" in revision.payload["notes"][0]
    assert revision.payload["details"]["penalties"][0]["from"] == "25A"
    assert history(scene["person"]) == []


def test_a_demotion_gives_the_grade_until_and_the_grade_from_its_day(scene: dict[str, Any]) -> None:
    publish(scene)

    day = date(2025, 10, 18)
    assert history(scene["person"]) == [("22A", None, day), ("21A", day, None)]


def test_a_second_demotion_continues_the_history(scene: dict[str, Any]) -> None:
    publish(scene)
    publish(scene, day="2026-02", start="21A", end="21C", levels=2)

    assert history(scene["person"]) == [
        ("22A", None, date(2025, 10, 18)),
        ("21A", date(2025, 10, 18), date(2026, 2, 1)),
        ("21C", date(2026, 2, 1), None),
    ]


def test_a_contradicting_grade_is_refused_with_the_other_event(scene: dict[str, Any]) -> None:
    first = publish(scene)

    with pytest.raises(GradeConflict, match=rf"by event {first.event_id} it is 21A since 2025-10-18"):
        publish(scene, day="2026-02-01", start="22A", end="21B", levels=None)

    assert GradeAssignment.objects.count() == 2


def test_two_changes_on_one_day_are_refused(scene: dict[str, Any]) -> None:
    publish(scene)

    with pytest.raises(GradeConflict, match="already changes it at 2025-10-18"):
        publish(scene, start="21A", end="21B", levels=1)


def test_the_database_itself_refuses_two_grades_at_one_time(scene: dict[str, Any]) -> None:
    revision = publish(scene)
    row = GradeAssignment.objects.get(grade__label="21A")

    with pytest.raises(IntegrityError, match="gradeassignment_no_overlap"):
        GradeAssignment.objects.create(
            executive=scene["person"], organization=scene["parent"], ladder=scene["ladder"], grade=row.grade,
            event_id=revision.event_id, start=date(2025, 12, 1), start_precision="month",
        )  # fmt: skip


def test_a_retracted_demotion_leaves_the_grade_history(scene: dict[str, Any]) -> None:
    first = publish(scene)
    publishing.retract(first.event_id, scene["author"], reason="withdrawn")

    assert history(scene["person"]) == []


def test_an_alleged_demotion_makes_no_grade_history(scene: dict[str, Any]) -> None:
    publish(scene, assertion=Status.ALLEGED)

    assert history(scene["person"]) == []


def test_an_organization_cannot_have_two_parents_at_one_time(scene: dict[str, Any]) -> None:
    other = Organization.objects.create(name="Southlake")

    with pytest.raises(IntegrityError, match="organizationparent_one_at_a_time"):
        OrganizationParent.objects.create(
            child=scene["cloud"], parent=other, start=date(2025, 1, 1), start_precision="day"
        )


def test_a_month_is_stored_by_its_first_day_only(scene: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="position_start_partial"):
        Position.objects.create(
            executive=scene["person"], organization=scene["cloud"], title="CEO", start=date(2025, 8, 7), start_precision="month"
        )  # fmt: skip


def test_no_end_and_an_unknown_end_are_different_facts(scene: dict[str, Any]) -> None:
    fields = {"executive": scene["person"], "organization": scene["cloud"], "title": "CEO"}
    Position.objects.create(**fields, end_state="open")
    Position.objects.create(**fields, end_state="unknown")

    with pytest.raises(IntegrityError, match="position_end_state_until"):
        Position.objects.create(**fields, end_state="ended")


def test_a_position_begins_with_its_appointment_and_ends_with_the_departure(scene: dict[str, Any]) -> None:
    appointed = scenes.appointment(
        scene["person"], scene["cloud"], scene["source"], day="2021-04-02", title="President"
    )
    publishing.publish(appointed, scene["author"])
    left = replace(appointed, action="departure", dates={"effective": PartialDate.parse("2024-06")})
    publishing.publish(left, scene["author"])

    position = Position.objects.get()
    assert (position.title, position.start, position.until, position.until_precision) == (
        "President", date(2021, 4, 2), date(2024, 6, 1), "month",
    )  # fmt: skip


def test_a_title_named_in_passing_shows_a_position_since_when_unknown(scene: dict[str, Any]) -> None:
    publish(scene)

    position = Position.objects.get()
    assert (position.title, position.start, position.end_state) == ("CEO", None, "open")
