"""Rule 4 of the record: after any history, projections that are dropped and rebuilt are equal byte for byte."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from events import curation
from events.choices import Status
from events.exceptions import CurationError, GradeConflict
from events.models.acts import Act
from events.models.grades import GradeAssignment
from events.models.organizations import Organization, OrganizationParent
from events.models.people import Executive, Position
from events.models.record import Bearing, Case, Event, Evidence, Ground, Measure, Party, Penalty, Revision
from events.record import ledger, projections, publishing
from events.record.draft import Draft
from tests import scenes

DAYS = ["2019", "2020-06", "2021-06-01", "2022-06-01", "2023-06-01"]
EVERYTHING = (
    Event,
    Bearing,
    Party,
    Penalty,
    Ground,
    Measure,
    Evidence,
    GradeAssignment,
    Position,
    OrganizationParent,
)


def snapshot() -> dict[str, list[Any]]:
    """Every column of every projection, without the surrogate keys that a rebuild is free to choose."""
    rows = {}
    for model in EVERYTHING:
        skipped = {"created_at"} if model is Event else {"id", "created_at"}
        names = [f.attname for f in model._meta.concrete_fields if f.attname not in skipped]
        rows[model.__name__] = sorted(map(repr, model._default_manager.values_list(*names)))
    return rows


class History:
    """Random steps of curators; what the rules refuse leaves nothing behind."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.user, self.second = scenes.curator(), scenes.curator()
        parent = scenes.company()
        self.units = [scenes.unit(f"Unit {n}", parent) for n in range(2)]
        self.companies = [parent, scenes.company("Southlake"), scenes.company("South Lake")]
        scenes.ladder(parent)
        scenes.ladder(self.companies[1])
        self.people = [scenes.executive(f"Person Number{n}") for n in range(3)]
        self.case = Case.objects.create(title="A decision", key="x")
        self.source = scenes.document(scenes.DEMOTION_TEXT)

    def step(self) -> bool:
        """Takes one step; whether it was allowed."""
        steps: list[Callable[[], object]] = [
            self.publish, self.publish, self.publish, self.correct, self.severity, self.retract, self.undo,
            self.merge_people, self.merge_organizations, self.merge_events, self.split, self.case_step, self.undo_act,
        ]  # fmt: skip
        try:
            with transaction.atomic():
                self.dice.choice(steps)()
        except (CurationError, GradeConflict):
            return False
        return True

    def publish(self) -> Revision:
        return publishing.publish(self.draft(), self.user, self.second, "seen in the notice")

    def correct(self) -> Revision:
        return publishing.revise(self.event(), self.draft(), self.user, self.second, "misread")

    def severity(self) -> Revision:
        severe = self.dice.choice([None, 0, 2, 5])
        return curation.set_severity(self.event(), self.user, severe, "by hand", approver=self.second)

    def retract(self) -> Revision:
        return curation.retract_event(self.event(), self.user, "withdrawn", approver=self.second)

    def undo(self) -> Revision:
        return curation.undo_event(self.event(), self.user, "undone", approver=self.second)

    def merge_people(self) -> Act:
        one, other = (self.dice.choice(self.people).pk for _ in range(2))
        return curation.merge_people(one, other, self.user, "one person", approver=self.second)

    def merge_organizations(self) -> Act:
        one, other = (self.dice.choice(self.companies).pk for _ in range(2))
        return curation.merge_organizations(one, other, self.user, "one company", approver=self.second)

    def merge_events(self) -> Act:
        return curation.merge_events(self.event(), self.event(), self.user, "the same", approver=self.second)

    def split(self) -> Act:
        person, target = (self.dice.choice(self.people) for _ in range(2))
        events = list(
            Event.objects.filter(parties__executive=person).order_by("pk").values_list("pk", flat=True)
        )
        return curation.split_person(
            person.pk, events[:2], self.user, "two people", target=target.pk, approver=self.second
        )

    def case_step(self) -> Act:
        change = {"grounds": ["fraud"], "dates": {"announced": {"value": "2023-01-01", "precision": "day"}}}
        if self.dice.random() < 0.7:
            return curation.correct_case(self.case.pk, self.user, change, "misread", approver=self.second)
        return curation.retract_case(self.case.pk, self.user, "appealed", approver=self.second)

    def undo_act(self) -> Act:
        acts = list(Act.objects.order_by("pk").values_list("pk", flat=True)) or [0]
        return curation.undo_act(self.dice.choice(acts), self.user, "undone", approver=self.second)

    def event(self) -> int:
        events = list(Event.objects.order_by("pk").values_list("pk", flat=True))
        if not events:
            raise CurationError("Nothing was published yet.")
        return self.dice.choice(events)

    def draft(self) -> Draft:
        """Of those who were not merged into another: curation resolves names to no one else."""
        day = self.dice.choice(DAYS)
        people = Executive.objects.filter(pk__in=[p.pk for p in self.people], merged_into=None)
        places = [
            *self.units,
            *Organization.objects.filter(pk__in=[c.pk for c in self.companies], merged_into=None),
        ]
        person, where = self.dice.choice(list(people.order_by("pk"))), self.dice.choice(places)
        kind = self.dice.choice(["demotion", "demotion", "appointment", "reorganization"])
        if kind == "demotion":
            start, end = sorted(self.dice.sample(scenes.GRADES, 2), reverse=True)
            case = self.dice.choice([None, self.case.pk])
            return scenes.demotion(
                person, where, self.source, day=day, start=start, end=end, levels=None, case_id=case,
                assertion=self.dice.choice([Status.REPORTED, Status.ALLEGED]), grounds=("misconduct",),
            )  # fmt: skip
        if kind == "appointment":
            title = self.dice.choice(["CEO", "CFO"])
            return scenes.appointment(person, where, self.source, day=day, title=title)
        unit = self.dice.choice(self.units)
        to = self.dice.choice([place for place in places if place.pk != unit.pk])
        action = self.dice.choice(["transfer", "creation", "dissolution"])
        parties = {"successor": to} if action == "transfer" else {}
        return scenes.reorganization(action, unit, self.source, day=day, of=to, **parties)


@pytest.mark.usefixtures("db")
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(dice=st.randoms(use_true_random=False), steps=st.integers(8, 24))
def test_projections_rebuilt_after_any_history_are_equal_byte_for_byte(
    dice: random.Random, steps: int
) -> None:
    with transaction.atomic():
        history = History(dice)
        for _ in range(steps):
            history.step()
        before = snapshot()

        projections.rebuild()

        assert snapshot() == before
        count, broken = ledger.verify()
        assert (count, broken) == (Revision.objects.count(), None)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # every foreign key holds
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_merges_cases_splits_and_reorganizations_are_rebuilt() -> None:
    """A long history in which every kind of step was allowed at least once."""
    history = History(random.Random(20251018))  # noqa: S311 - a history, no secret
    steps = {
        "merge": Act.objects.filter(verb="merge", kind="person"),
        "organizations": Act.objects.filter(verb="merge", kind="organization"),
        "events": Act.objects.filter(verb="merge", kind="event"),
        "split": Act.objects.filter(verb="split"),
        "case": Act.objects.filter(kind="case"),
        "undo": Act.objects.filter(verb="undo"),
        "places": OrganizationParent.objects.filter(event__isnull=False),
        "severity": Event.objects.filter(severity_inputs__has_key="override"),
    }
    for _ in range(400):
        if all(rows.exists() for rows in steps.values()):
            break
        history.step()
    assert [name for name, rows in steps.items() if not rows.exists()] == []
    before = snapshot()

    projections.rebuild()

    assert snapshot() == before
    assert ledger.verify() == (Revision.objects.count(), None)
