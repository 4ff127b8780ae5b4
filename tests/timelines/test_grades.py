"""Grade and position histories, now and as the record had them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from events.exceptions import UnknownGrade
from events.models.people import Position
from events.record import publishing
from events.timelines.clocks import NOW, AsOf
from events.timelines.grades import current_grades, grade_history, ladder, steps
from events.timelines.people import current_positions, positions
from tests import scenes
from tests.timelines.conftest import Record


def spells(record: Record, as_of: AsOf = NOW) -> list[tuple[str, str | None, str | None]]:
    """Grade, first day in force, first day no longer in force."""
    return [(grade["grade"], grade["from"], grade["to"]) for grade in grade_history(record.person, as_of)]


def test_a_demotion_ends_one_grade_and_begins_another(record: Record) -> None:
    assert spells(record) == [("22A", None, "2025-10-18"), ("21A", "2025-10-18", None)]
    assert {grade["event"] for grade in grade_history(record.person)} == {record.revision.event_id}
    assert [grade["end"] for grade in grade_history(record.person)] == ["ended", "open"]


def test_the_history_at_an_instant_is_the_one_that_its_payloads_make(record: Record) -> None:
    known = AsOf(known_at=record.revision.recorded_at)

    assert grade_history(record.person, known) == grade_history(record.person)


def test_a_retraction_undoes_the_history_but_not_what_was_known(record: Record) -> None:
    publishing.retract(record.revision.event_id, record.author)

    assert spells(record) == []
    assert len(spells(record, AsOf(known_at=record.revision.recorded_at))) == 2


def test_no_grade_is_known_before_it_was_recorded(record: Record) -> None:
    assert spells(record, AsOf(known_at=record.revision.recorded_at - timedelta(microseconds=1))) == []


@pytest.mark.parametrize(
    ("day", "grade"), [("2025-10-17", "22A"), ("2025-10-18", "21A"), ("2099-01-01", "21A")]
)
def test_valid_at_leaves_the_grade_of_that_day(record: Record, day: str, grade: str) -> None:
    assert [spell[0] for spell in spells(record, AsOf(valid_at=date.fromisoformat(day)))] == [grade]


def test_the_current_grade_is_the_one_in_force_today(record: Record) -> None:
    assert [grade["grade"] for grade in current_grades(record.person)] == ["21A"]


def test_steps_down_are_negative_and_labels_match_whatever_their_case(record: Record) -> None:
    assert steps(record.ladder, "22a", "Level 21A")["steps"] == -3
    assert steps(record.ladder, "21A", "22A")["steps"] == 3
    assert steps(record.ladder, "21A", "21A")["steps"] == 0


def test_a_grade_off_the_ladder_is_refused_with_the_ladders_grades(record: Record) -> None:
    with pytest.raises(UnknownGrade, match="22A, 22B, 22C, 21A"):
        steps(record.ladder, "22A", "99Z")


def test_a_ladder_shows_its_grades_highest_first(record: Record) -> None:
    assert ladder(record.ladder)["grades"] == scenes.GRADES


def test_positions_show_those_held_now_first(record: Record) -> None:
    record.publish("2026-02-01", title="Chair")
    Position.objects.create(
        executive=record.person, organization=record.parent, title="Intern", start=date(2001, 1, 1),
        start_precision="year", until=date(2002, 1, 1), until_precision="year", end_state="ended",
    )  # fmt: skip

    assert [held["title"] for held in positions(record.person)] == ["Chair", "CEO", "Intern"]
    assert [held["title"] for held in current_positions(record.person)] == ["Chair", "CEO"]


def test_positions_at_an_instant_follow_from_the_ledger_of_that_instant(record: Record) -> None:
    chair = record.publish("2026-02-01", title="Chair")

    known = AsOf(known_at=record.revision.recorded_at)
    assert [held["title"] for held in positions(record.person, known)] == ["CEO"]
    assert positions(record.person, AsOf(known_at=chair.recorded_at)) == positions(record.person)


def test_valid_at_leaves_the_positions_of_that_day(record: Record) -> None:
    record.publish("2026-02-01", title="Chair")

    held = positions(record.person, AsOf(valid_at=date(2026, 1, 31)))
    assert [item["title"] for item in held] == ["CEO"]
