"""Grade history, and ladders with the steps between their grades."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from events.choices import EndState, PartyType
from events.exceptions import GradeConflict
from events.models.grades import GradeAssignment, GradeLadder
from events.models.people import Executive
from events.record.histories import GradeChange, GradeSpell, grade_changes, grade_spells
from events.record.identity import merged_from
from events.timelines.clocks import NOW, AsOf
from events.timelines.entries import entries, entry
from events.timelines.periods import bounds, is_in_force, period

JSON = dict[str, Any]


def grade_history(
    executive: Executive, as_of: AsOf = NOW, said: Sequence[list[JSON]] | None = None
) -> list[JSON]:
    """The grades that a person stood on, in order of time, each with the event that says so.

    `valid_at` leaves those of that day. The list is as long as a career has grades; it is not paged. `said` are the
    person's payloads of that instant, if they are read already.
    """
    found = _now(executive) if as_of.known_at is None else _at(said_of(executive, as_of, said))
    found.sort(key=lambda grade: (grade["from"] or "", grade["to"] or "9999", grade["ladder"]))
    day = as_of.valid_at
    return found if day is None else [grade for grade in found if is_in_force(grade, day)]


def current_grades(executive: Executive) -> list[JSON]:
    """The grades that a person stands on today (UTC)."""
    return grade_history(executive, AsOf(valid_at=timezone.now().date()))


def _now(executive: Executive) -> list[JSON]:
    rows = GradeAssignment.objects.filter(executive=executive).select_related("ladder__organization", "grade")
    return [_grade(row.ladder, row.grade.label, row.event_id) | period(row) for row in rows]


def _at(said: Sequence[list[JSON]]) -> list[JSON]:
    """The history that the ledger's payloads of that instant make. Of those who were one person only later, each
    has the history that the record gave them then."""
    changes = [grade_changes(payloads) for payloads in said]
    named = {change.ladder_id for found in changes for change in found}
    ladders = GradeLadder.objects.select_related("organization").in_bulk(named)
    spells = [spell for found in changes for spell in _spells(found, ladders)]
    return [_spell(ladders[spell.ladder_id], spell) for spell in spells]


def _spells(changes: list[GradeChange], ladders: dict[int, GradeLadder]) -> list[GradeSpell]:
    """The history by organization. Ladders of organizations that are one only now may contradict each other of
    then: each then stands by itself."""
    keys: tuple[Callable[[GradeChange], int], ...] = (
        lambda change: ladders[change.ladder_id].organization_id,
        lambda change: change.ladder_id,
    )
    for key in keys:
        try:
            return _grouped(changes, key)
        except GradeConflict:
            continue
    return _grouped(changes, lambda change: change.event_id)


def _grouped(changes: list[GradeChange], key: Callable[[GradeChange], int]) -> list[GradeSpell]:
    ordered = sorted(changes, key=lambda c: (key(c), c.date.value, c.event_id))
    return [spell for _, group in groupby(ordered, key=key) for spell in grade_spells(list(group))]


def said_of(executive: Executive, as_of: AsOf, said: Sequence[list[JSON]] | None) -> Sequence[list[JSON]]:
    """`said`, if the caller has read the person's payloads already, else `subject_payloads`."""
    return subject_payloads(executive, as_of) if said is None else said


def subject_payloads(executive: Executive, as_of: AsOf) -> list[list[JSON]]:
    """The payloads that stood at `known_at` of the events whose subject the person is, by event; those of each
    who was merged into the person since are a list of their own."""
    ids = (executive.pk, *merged_from(PartyType.PERSON, executive.pk))
    subjects = [f"person:{pk}" for pk in ids]
    said = entries(AsOf(known_at=as_of.known_at)).filter(Q(("subjects__overlap", subjects)))
    payloads = [entry(row) for row in said.order_by("event_id")]
    return [
        [p for p in payloads if p["subject"]["type"] == "person" and p["subject"]["id"] == pk] for pk in ids
    ]


def _spell(ladder: GradeLadder, spell: GradeSpell) -> JSON:
    end = EndState.ENDED if spell.until else EndState.OPEN
    return _grade(ladder, spell.grade, spell.event_id) | bounds(spell.start, spell.until, end.value)


def _grade(ladder: GradeLadder, label: str, event_id: int) -> JSON:
    organization = ladder.organization
    return {
        "ladder": ladder.pk,
        "ladder_name": ladder.name,
        "organization": {"id": organization.pk, "name": organization.name},
        "grade": label,
        "event": event_id,
    }


def ladders() -> QuerySet[GradeLadder]:
    """Every version of every ladder, with what `ladder` reads."""
    return GradeLadder.objects.select_related("organization").prefetch_related("grades")


def ladder(row: GradeLadder) -> JSON:
    """A ladder with its grades, highest first."""
    return {
        "id": row.pk,
        "name": row.name,
        "version": row.version,
        "organization": {"id": row.organization_id, "name": row.organization.name},
        "grades": row.labels(),
        "source": row.source,
    } | period(row)


def steps(row: GradeLadder, start: str, end: str) -> JSON:
    """Steps between two grades of a ladder; negative is down. Raises UnknownGrade."""
    return {
        "ladder": row.pk,
        "ladder_name": row.name,
        "from": row.grade(start).label,
        "to": row.grade(end).label,
        "steps": row.steps(start, end),
    }
