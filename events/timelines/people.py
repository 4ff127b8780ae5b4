"""People as every face shows them: names, identifiers, positions, grades."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone

from events.choices import EndState
from events.models.organizations import Organization
from events.models.people import Executive, Position
from events.record.histories import PositionSpell, position_spells
from events.timelines.clocks import NOW, AsOf
from events.timelines.grades import current_grades, said_of
from events.timelines.periods import bounds, is_in_force, period

JSON = dict[str, Any]
MAX_MERGES = 50


def people() -> QuerySet[Executive]:
    """Every person who was not merged into another, with what `person` reads."""
    return with_details(Executive.objects.filter(merged_into=None))


def with_details(rows: QuerySet[Executive]) -> QuerySet[Executive]:
    """The people with what `person` reads, in as many queries for many as for one."""
    return rows.prefetch_related(*_details())


def _details() -> tuple[str | Prefetch[Any, Any, Any], ...]:
    held = Position.objects.select_related("organization")
    return "names", "identifiers", Prefetch("positions", queryset=held)


def survivor(executive: Executive) -> Executive:
    """The person that this one was merged into, at the end of the chain; the person itself otherwise."""
    for _ in range(MAX_MERGES):
        if executive.merged_into is None:
            break
        executive = executive.merged_into
    return executive


def person(row: Executive) -> JSON:
    """A person as lists show them; `positions` are those held now, then those held before, newest first."""
    return {
        "id": row.pk,
        "name": row.name,
        "names": names_of(row),
        "identifiers": identifiers_of(row),
        "positions": _sorted([_held(position) for position in row.positions.all()]),
    }


def person_with_grades(row: Executive) -> JSON:
    """A person as a page of their own shows them: with the grades that they stand on now."""
    prefetch_related_objects([row], *_details())
    return person(row) | {"grades": current_grades(row)}


def positions(
    executive: Executive, as_of: AsOf = NOW, said: Sequence[list[JSON]] | None = None
) -> list[JSON]:
    """The positions that a person held, current ones first, then newest first; `valid_at` leaves those of that day.

    At `known_at` they follow from the ledger of that instant; register entries, which a curator keeps outside
    the ledger, are shown as they are now. `said` are the person's payloads of that instant, if they are read already.
    """
    rows = executive.positions.select_related("organization")
    if as_of.known_at is None:
        found = [_held(row) for row in rows.all()]
    else:
        spells = [
            spell for payloads in said_of(executive, as_of, said) for spell in position_spells(payloads)
        ]
        named = Organization.objects.in_bulk({spell.organization_id for spell in spells})
        found = [_held(row) for row in rows.filter(event=None)]
        found += [_spell(named[spell.organization_id], spell) for spell in spells]
    day = as_of.valid_at
    return _sorted(found if day is None else [held for held in found if is_in_force(held, day)])


def current_positions(executive: Executive) -> list[JSON]:
    """The positions held today (UTC)."""
    return [held for held in positions(executive) if held["current"]]


def names_of(row: Any) -> list[JSON]:
    """A person's or organization's names, the one shown first."""
    names = sorted(row.names.all(), key=lambda name: (name.type != "primary", name.pk))
    return [{"name": name.name, "language": name.language, "type": name.type} for name in names]


def identifiers_of(row: Any) -> list[JSON]:
    """A person's or organization's identifiers in public schemes."""
    found = [{"scheme": item.scheme, "value": item.value} for item in row.identifiers.all()]
    return sorted(found, key=lambda item: (item["scheme"], item["value"]))


def _held(row: Position) -> JSON:
    return _position(row.organization, row.title, row.interim, row.event_id, period(row))


def _spell(organization: Organization, spell: PositionSpell) -> JSON:
    end = EndState.ENDED if spell.until else EndState.OPEN
    held = bounds(spell.start, spell.until, end.value)
    return _position(organization, spell.title, spell.interim, spell.event_id, held)


def _position(
    organization: Organization, title: str, interim: bool, event_id: int | None, held: JSON
) -> JSON:
    return {
        "organization": {"id": organization.pk, "name": organization.name},
        "title": title,
        "interim": interim,
        "event": event_id,
        **held,
        "current": is_in_force(held, timezone.now().date()),
    }


def _sorted(found: list[JSON]) -> list[JSON]:
    """Current positions first, newest first among them."""
    found.sort(key=lambda held: held["from"] or "", reverse=True)
    found.sort(key=lambda held: not held["current"])
    return found
