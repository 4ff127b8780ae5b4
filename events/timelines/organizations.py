"""Organizations, and the chart of one on a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects

from events.models.base import get_partial
from events.models.organizations import Organization, OrganizationParent
from events.models.people import Position
from events.timelines.people import MAX_MERGES, identifiers_of, names_of
from events.timelines.periods import holds_on, period

JSON = dict[str, Any]
_DETAILS = ("names", "identifiers", "parents__parent")
MAX_DEPTH = 20
MAX_UNITS = 2000
"""Units in one chart: what a reader can take in, and what one answer may weigh."""


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
        "parents": [
            _parent(link) for link in sorted(row.parents.all(), key=lambda p: (p.start or date.min, p.pk))
        ],
    }


def chart(root: Organization, day: date) -> JSON:
    """The organization on a day: what it was part of (nearest first), the units under it, who held office where.

    At most MAX_UNITS units, MAX_DEPTH levels deep; `truncated` says whether there were more.
    """
    units, children, truncated = _descendants(root, day)
    holders = _holders(list(units), day)
    return {
        "organization": _brief(root),
        "valid_at": day.isoformat(),
        "parents": [_brief(parent) for parent in _ancestors(root, day)],
        "holders": holders[root.pk],
        "units": _tree(root.pk, units, children, holders),
        "truncated": truncated,
    }


def _parent(link: OrganizationParent) -> JSON:
    return {"id": link.parent_id, "name": link.parent.name, "event": link.event_id} | period(link)


def _brief(row: Organization) -> JSON:
    return {"id": row.pk, "name": row.name, "type": row.type}


def _ancestors(root: Organization, day: date) -> list[Organization]:
    found: list[Organization] = []
    seen = {root.pk}
    while len(found) < MAX_DEPTH:
        child = found[-1].pk if found else root.pk
        link = (
            OrganizationParent.objects.filter(holds_on(day), child_id=child).select_related("parent").first()
        )
        if link is None or link.parent_id in seen:
            break
        seen.add(link.parent_id)
        found.append(link.parent)
    return found


def _descendants(root: Organization, day: date) -> tuple[dict[int, Organization], dict[int, list[int]], bool]:
    """Units by id (the root among them), the ids under each, and whether some were left out. A query a level."""
    units, children = {root.pk: root}, defaultdict[int, list[int]](list)
    level = [root.pk]
    for _ in range(MAX_DEPTH):
        links = OrganizationParent.objects.filter(holds_on(day), parent_id__in=level).exclude(
            child_id__in=units
        )
        found = list(links.select_related("child").order_by("child__name", "child_id")[: MAX_UNITS + 1])
        room = MAX_UNITS - len(units) + 1
        for link in found[:room]:
            units[link.child_id] = link.child
            children[link.parent_id].append(link.child_id)
        if len(found) > room:
            return units, children, True
        level = [link.child_id for link in found]
        if not level:
            return units, children, False
    return units, children, True


def _holders(organization_ids: list[int], day: date) -> dict[int, list[JSON]]:
    rows = Position.objects.filter(holds_on(day), organization_id__in=organization_ids)
    holders = defaultdict[int, list[JSON]](list)
    for row in rows.select_related("executive").order_by("title", "executive__name", "id"):
        person = {"id": row.executive_id, "name": row.executive.name}
        holders[row.organization_id].append(
            {"executive": person, "title": row.title, "interim": row.interim, "event": row.event_id}
        )
    return holders


def _tree(
    parent: int,
    units: dict[int, Organization],
    children: dict[int, list[int]],
    holders: dict[int, list[JSON]],
) -> list[JSON]:
    return [
        _brief(units[child]) | {"holders": holders[child], "units": _tree(child, units, children, holders)}
        for child in children.get(parent, [])
    ]
