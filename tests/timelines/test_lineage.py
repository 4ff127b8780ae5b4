"""A family of units read at once: the same answers as level by level, at a fixed cost."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.choices import Status
from events.exceptions import TrackerError
from events.models.access import User
from events.models.organizations import Organization, OrganizationParent
from events.models.record import Revision
from events.record import publishing
from events.timelines import lineage
from events.timelines.lineage import Family, family
from events.timelines.units import descent, places_at
from tests import scenes

ACTIONS = ("creation", "dissolution", "transfer", "merger", "split")


def write_reorganizations(dice: random.Random, units: list[Organization], author: User, number: int) -> None:
    """Publishes that many reorganizations among the units, and retracts or corrects some of them."""
    source = scenes.document("A notice of that day.")
    for _ in range(number):
        unit, other, third = dice.sample(units, 3)
        draft = scenes.reorganization(
            dice.choice(ACTIONS), unit, source, day=f"20{dice.randint(18, 25)}-{dice.randint(1, 12):02}-01",
            of=dice.choice([other, None]), successor=third, unit=[other] if dice.random() < 0.3 else [],
            assertion=dice.choice([Status.REPORTED, Status.REPORTED, Status.ALLEGED]),
        )  # fmt: skip
        try:
            event = publishing.publish(draft, author, scenes.curator()).event_id
            if dice.random() < 0.2:
                publishing.retract(event, author, scenes.curator(), reason="not so")
        except TrackerError:
            continue


def answers(places: Family, told: object, root: int, ids: list[int]) -> None:
    """Holds the family's answers against those that are read level by level."""
    assert isinstance(told, type(places_at(None)))
    assert descent([root], places) == descent([root], told)
    assert places.above([root]) == told.above([root])


@pytest.mark.parametrize("seed", range(4))
def test_a_family_says_what_is_read_level_by_level(db: None, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a test's dice
    units = [scenes.company(f"Unit {number}") for number in range(7)]
    for child, parent in ((1, 0), (2, 1), (3, 1), (4, 3)):
        OrganizationParent.objects.create(child=units[child], parent=units[parent])
    author = scenes.curator()
    write_reorganizations(dice, units, author, 12)
    times: list[datetime | None] = [
        None, *Revision.objects.order_by("seq").values_list("recorded_at", flat=True)[::4]
    ]  # fmt: skip

    for known_at in times:
        for unit in units:
            answers(family(unit.pk, known_at), places_at(known_at), unit.pk, [u.pk for u in units])


def test_a_family_costs_three_statements_however_deep(db: None) -> None:
    chain = [scenes.company("Top")]
    for number in range(8):
        chain.append(scenes.unit(f"Level {number}", chain[-1]))
    scenes.publish(
        scenes.reorganization("dissolution", chain[-1], scenes.document("A notice."), day="2025-06-01")
    )
    now = Revision.objects.latest("seq").recorded_at

    for known_at in (None, now):
        with CaptureQueriesContext(connection) as queries:
            found = family(chain[0].pk, known_at)
            assert len(descent([chain[0].pk], found)) > 1
        assert len(queries) <= 3


def test_a_family_knows_those_that_were_merged_into_its_members(db: None) -> None:
    top, old, older = scenes.company("Top"), scenes.company("Old"), scenes.company("Older")
    Organization.objects.filter(pk=old.pk).update(merged_into=top)
    Organization.objects.filter(pk=older.pk).update(merged_into=old)

    found = family(top.pk)

    assert set(found.subjects([top.pk])) == {f"organization:{row.pk}" for row in (top, old, older)}
    assert found.members == {top.pk}


def test_a_family_is_cut_at_the_limit(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    top = scenes.company("Top")
    for number in range(6):
        scenes.unit(f"Unit {number}", top)
    monkeypatch.setattr(lineage, "MAX_FAMILY", 4)

    assert len(family(top.pk).members) <= 4
