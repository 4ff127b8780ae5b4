"""Organizations, and the chart of one on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects

from events.choices import EndState, PartyType
from events.models.base import get_partial, holds_on
from events.models.organizations import Organization, OrganizationParent
from events.models.people import Executive, Position
from events.record.histories import PositionSpell, position_spells
from events.record.places import MAX_DEPTH, Place, Places, Span, ancestry, place_of, standing
from events.timelines.clocks import AsOf
from events.timelines.entries import entries, entry, instant
from events.timelines.people import MAX_MERGES, identifiers_of, names_of
from events.timelines.periods import period
from events.timelines.units import MAX_UNITS, places_at, span_bounds

JSON = dict[str, Any]
_DETAILS = ("names", "identifiers", "parents__parent")


def organizations() -> QuerySet[Organization]:
    """Every organization that was not merged into another, with what `organization` reads."""
    return with_details(Organization.objects.filter(merged_into=None))


def with_details(rows: QuerySet[Organization]) -> QuerySet[Organization]:
    """The organizations with what `organization` reads, in as many queries for many as for one."""
    return rows.prefetch_related(*_DETAILS)


def survivor(organization: Organization) -> Organization:
    """The organization that this one was merged into, at the end of the chain; itself otherwise."""
    for _ in range(MAX_MERGES):
        if organization.merged_into is None:
            break
        organization = organization.merged_into
    return organization


def organization(row: Organization) -> JSON:
    """An organization; `parents` are those that it is or was part of, each with its period."""
    prefetch_related_objects([row], *_DETAILS)  # nothing is asked again where a list has read them
    founded, dissolved = get_partial(row, "founded"), get_partial(row, "dissolved")
    return {
        "id": row.pk,
        "name": row.name,
        "type": row.type,
        "country": row.country,
        "founded": founded.as_json() if founded else None,
        "dissolved": dissolved.as_json() if dissolved else None,
        "names": names_of(row),
        "identifiers": identifiers_of(row),
        "parents": _parents(row.parents.all()),
    }


def chart(root: Organization, day: date, known_at: datetime | None = None) -> JSON:
    """The organization on a day: what it was part of (nearest first), the units under it, who held office where.

    With `known_at` units and office holders follow from the ledger of that instant; the register, which has no
    memory of its own, counts as it is now. At most MAX_UNITS units, MAX_DEPTH levels deep; `truncated` says
    whether there were more.
    """
    places = places_at(known_at)
    tree = _descendants(root, day, places)
    held = _held(list(tree.units), day) if known_at is None else _held_at(list(tree.units), day, known_at)
    above = ancestry(root.pk, day, places)[1:]
    named = Organization.objects.in_bulk(above)
    return {
        "organization": _brief(root),
        "valid_at": day.isoformat(),
        "known_at": instant(known_at) if known_at else None,
        "parents": [_brief(named[pk]) for pk in above],
        "holders": held[root.pk],
        "units": _nested(root.pk, tree, held),
        "truncated": tree.truncated,
    }


def _parents(rows: Iterable[OrganizationParent]) -> list[JSON]:
    """What the rows of one organization say, the register's entries cut to the days on which they count."""
    links = [row for row in rows if row.parent is not None]
    named = {row.parent_id: row.parent for row in links}
    ended = [row for row in links if row.end_state == EndState.UNKNOWN.value]
    places = standing(place_of(row) for row in rows if row.end_state != EndState.UNKNOWN.value)
    found = [(p.span.first, p.parent_id, p.event_id, span_bounds(p.span)) for p in places]
    found += [(row.start or date.min, row.parent_id, row.event_id, period(row)) for row in ended]
    return [
        {"id": parent.pk, "name": parent.name, "event": event} | held
        for _, parent_id, event, held in sorted(found, key=lambda item: item[0])
        if (parent := named.get(parent_id))
    ]


def _brief(row: Organization) -> JSON:
    return {"id": row.pk, "name": row.name, "type": row.type}


@dataclass
class _Tree:
    """Units by id (the root among them), where each stands, the ids under each by name."""

    units: dict[int, Organization]
    places: dict[int, Place] = field(default_factory=dict)
    children: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    truncated: bool = False


def _descendants(root: Organization, day: date, places: Places) -> _Tree:
    """The units of a day, level by level, as many queries a level whatever their number."""
    tree = _Tree({root.pk: root})
    level: Collection[int] = [root.pk]
    for _ in range(MAX_DEPTH):
        found = {
            place.child_id: place
            for place in places.below(level)
            if place.holds_on(day) and place.child_id not in tree.units
        }
        if not found:
            return tree
        named = Organization.objects.in_bulk(found)
        in_order = sorted(found, key=lambda pk: (named[pk].name, pk))
        level = in_order[: MAX_UNITS + 1 - len(tree.units)]
        for pk in level:
            tree.units[pk], tree.places[pk] = named[pk], found[pk]
            tree.children[found[pk].parent_id or 0].append(pk)
        if len(level) < len(in_order):
            break
    tree.truncated = True
    return tree


def _held(organization_ids: list[int], day: date) -> dict[int, list[JSON]]:
    """Who held office where on a day."""
    rows = Position.objects.filter(holds_on(day), organization_id__in=organization_ids)
    return _holders(
        (row.organization_id, row.executive, row.title, row.interim, row.event_id)
        for row in rows.select_related("executive")
    )


def _held_at(organization_ids: list[int], day: date, known_at: datetime) -> dict[int, list[JSON]]:
    """The same by the ledger of an instant; the positions that a curator keeps outside it as they are now."""
    declared = Position.objects.filter(holds_on(day), organization_id__in=organization_ids, event=None)
    spells = [(who, s) for who, s in held_as_of(organization_ids, known_at) if day in Span(s.start, s.until)]
    rows = [(s.organization_id, who, s.title, s.interim, s.event_id) for who, s in spells]
    return _holders(
        [
            *(
                (p.organization_id, p.executive, p.title, p.interim, None)
                for p in declared.select_related("executive")
            ),
            *rows,
        ]
    )


def held_as_of(organization_ids: list[int], known_at: datetime) -> list[tuple[Executive, PositionSpell]]:
    """The positions at organizations that the ledger of an instant gives, each with who held it. What is held at one
    organization follows from the events that name it alone."""
    subjects = [f"organization:{pk}" for pk in organization_ids]
    said = entries(AsOf(known_at=known_at)).filter(Q(("subjects__overlap", subjects)))
    by_person = defaultdict[int, list[JSON]](list)
    for row in said.filter(Q(("payload__subject__type", PartyType.PERSON.value))).order_by("event_id"):
        payload = entry(row)
        if payload["subject"]["id"] is not None:
            by_person[payload["subject"]["id"]].append(payload)
    people = Executive.objects.in_bulk(by_person)
    return [
        (people[pk], spell)
        for pk, payloads in by_person.items()
        for spell in position_spells(payloads)
        if spell.organization_id in organization_ids
    ]


def _holders(rows: Iterable[tuple[int, Executive, str, bool, int | None]]) -> dict[int, list[JSON]]:
    found = defaultdict[int, list[JSON]](list)
    for organization_id, executive, title, interim, event_id in sorted(
        rows, key=lambda row: (row[2], row[1].name, row[1].pk, row[4] or 0)
    ):
        person = {"id": executive.pk, "name": executive.name}
        found[organization_id].append(
            {"executive": person, "title": title, "interim": interim, "event": event_id}
        )
    return found


def _nested(parent: int, tree: _Tree, held: dict[int, list[JSON]]) -> list[JSON]:
    return [
        _brief(tree.units[pk])
        | {"event": tree.places[pk].event_id, "merged": tree.places[pk].merged, "holders": held[pk]}
        | {"units": _nested(pk, tree, held)}
        for pk in tree.children.get(parent, [])
    ]
