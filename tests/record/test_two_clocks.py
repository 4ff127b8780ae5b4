"""Rule: whatever was published, corrected, retracted, merged and undone, every cell of (valid_at, known_at) says what
the rules say, by a model that knows nothing of the record's code."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Revision
from events.timelines.clocks import AsOf
from events.timelines.entries import NEWEST_FIRST, bearing_on, entries
from events.timelines.grades import grade_history
from events.timelines.organizations import chart
from events.timelines.people import positions
from tests.record.worlds import DAYS, World

STEPS = 15
BETWEEN = [date(2018, 1, 1), DAYS[1], DAYS[3]]
"""A day before anything, and days on which something begins or ends."""
WHOLE = (6, 9)
"""Pasts of which every cell is looked at: each has merges, one undone, corrections, retractions, refused steps."""
NOW = (0, 3, 4, 7)
"""Pasts of which the last state alone is looked at."""


def past(seed: int) -> World:
    """A record with a random past, the same at every run."""
    made = World(seed)
    made.run(STEPS)
    return made


def instants() -> list[datetime | None]:
    """Before anything was known, each moment at which the record changed, and now."""
    known = sorted(set(Revision.objects.values_list("recorded_at", flat=True)))
    return [datetime(2000, 1, 1, tzinfo=UTC), *known, known[-1] + timedelta(days=1), None]


def timeline(subject: str, as_of: AsOf) -> list[int]:
    rows = bearing_on(entries(as_of), [subject]).order_by(*[key.order for key in NEWEST_FIRST])
    return [row.event_id for row in rows]


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def spans(found: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(day_of(row["from"]), day_of(row["to"]), row["event"]) for row in found]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", WHOLE)
def test_every_cell_of_both_clocks_says_what_the_rules_say(seed: int) -> None:
    world = past(seed)
    done = {outcome for outcome in world.taken if outcome.endswith(":done")}
    assert done >= {"demote:done", "merge:done", "undo_act:done", "retract:done", "transfer:done"}, (
        world.taken
    )
    for known_at in instants():
        for day in (None, *BETWEEN):
            check(world, AsOf(day, known_at))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", NOW)
def test_what_the_record_says_now_is_what_the_rules_say(seed: int) -> None:
    world = past(seed)

    for day in (None, *BETWEEN):
        check(world, AsOf(day))


def check(world: World, as_of: AsOf) -> None:
    """One cell: what is said of each person and company."""
    for person in world.people:
        if person.pk not in world.merged:
            check_person(world, Executive.objects.get(pk=person.pk), as_of)
    for company in world.companies:
        check_company(world, company, as_of)


def check_person(world: World, person: Executive, as_of: AsOf) -> None:
    """Timeline, grades and positions of one person in one cell."""
    day, known_at = as_of.valid_at, as_of.known_at
    said = (person.pk, as_of, world.taken)
    same = world.same_as(person.pk)
    assert timeline(f"person:{person.pk}", as_of) == world.timeline("person", same, day, known_at), said
    grades = grade_history(person, as_of)
    found = {(row["grade"], *span) for row, span in zip(grades, spans(grades), strict=True)}
    assert found == world.grades(person.pk, day, known_at), said
    held = positions(person, as_of)
    shown = [
        (row["organization"]["id"], row["title"], *span) for row, span in zip(held, spans(held), strict=True)
    ]
    assert sorted(shown, key=str) == world.positions(person.pk, day, known_at), said


def check_company(world: World, company: Organization, as_of: AsOf) -> None:
    """Timeline and, on a day, the chart of one company in one cell."""
    day, known_at = as_of.valid_at, as_of.known_at
    named = [world.timeline(key, [company.pk], day, known_at) for key in ("org", "to")]
    found = timeline(f"organization:{company.pk}", as_of)
    assert sorted(found) == sorted(set().union(*named)), (as_of, world.taken)
    if day is None:
        return
    shown = chart(company, day, known_at)
    places = [(shown["organization"], shown["holders"])]
    places += [(unit, unit["holders"]) for unit in shown["units"]]
    holders = {
        (where["id"], who["executive"]["id"], who["title"], who["event"])
        for where, rows in places
        for who in rows
    }
    units = {unit["id"] for unit in shown["units"]}
    assert (units, holders) == world.chart(company.pk, day, known_at), (as_of, world.taken)
