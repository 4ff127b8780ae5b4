"""The record as FollowTheMoney entities (https://followthemoney.tech): organizations, then people, then events.

What is alleged, denied or planned is left out: the model has no word for it, and an edge of a graph is read as a
fact. Only what sources report or confirm becomes an entity, also where the record has corrected it since.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from events.exceptions import TrackerError
from events.exports.entities import (
    FACTS,
    JSON,
    Sources,
    event_entities,
    organization_entities,
    person_entities,
    reference,
)
from events.exports.events import Told, events
from events.exports.registers import executive_pages, organization_pages
from events.exports.spans import Span
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Evidence
from events.timelines.entries import Rows
from events.timelines.organizations import organization
from events.timelines.people import person

SECTIONS = ("organization", "person", "event")
"""In this order, so that what an entity refers to comes before it."""
_CURSOR = re.compile(r"gt-(organization|person|event)-([0-9]{1,18})", re.ASCII)

Group = list[JSON]
"""The entities of one organization, person or event: those that hang on it first, itself last."""


class UnknownEntity(TrackerError, ValueError):
    """A cursor that is not the id of an organization, a person or an event."""


def entities(span: Span, *, after: str = "", limit: int | None = None) -> Iterator[Group]:
    """The groups past that of the entity `after`, at most `limit`. Raises UnknownEntity at once for a bad cursor."""
    kind, number = _place(after)
    sections = SECTIONS[SECTIONS.index(kind) :]
    starts = {name: number if name == kind else 0 for name in sections}
    return islice((group for name in sections for group in _section(name, span, starts[name])), limit)


def _place(cursor: str) -> tuple[str, int]:
    if not cursor:
        return SECTIONS[0], 0
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise UnknownEntity(
            "Give the id of the last organization, person or event that you have, such as gt-person-4."
        )
    return found[1], int(found[2])


def _section(name: str, span: Span, after: int) -> Iterator[Group]:
    if name == "event":
        for row in events(span, _facts, after=after):
            if isinstance(row, Told):
                yield event_entities(json.loads(row.entry))
    elif name == "person":
        for people in executive_pages(after=after):
            yield from _people(people)
    else:
        for organizations in organization_pages(after=after):
            yield from _organizations(organizations)


def _facts(rows: Rows) -> Rows:
    return rows.filter(assertion__in=FACTS)


def _people(rows: list[Executive]) -> Iterator[Group]:
    told = [person(row) for row in rows]
    merged = Executive.objects.filter(merged_into__in=rows).values_list("merged_into", "pk").order_by("pk")
    former, sources = _merged("person", merged), _sources(told, "positions")
    for row in told:
        yield person_entities(row, former.get(row["id"], []), sources)


def _organizations(rows: list[Organization]) -> Iterator[Group]:
    told = [organization(row) for row in rows]
    merged = Organization.objects.filter(merged_into__in=rows).values_list("merged_into", "pk").order_by("pk")
    former, sources = _merged("organization", merged), _sources(told, "parents")
    for row in told:
        yield organization_entities(row, former.get(row["id"], []), sources)


def _merged(kind: str, rows: Iterable[Any]) -> dict[int, list[str]]:
    """The ids under which each was known that others were merged into."""
    found: dict[int, list[str]] = {}
    for survivor, former in rows:
        found.setdefault(survivor, []).append(reference(kind, former))
    return found


def _sources(rows: list[JSON], links: str) -> Sources:
    """Where what the links' events say was read: addresses by event."""
    ids = {link["event"] for row in rows for link in row[links] if link["event"]}
    found: Sources = {}
    quoted = Evidence.objects.filter(event_id__in=ids).order_by("event_id", "document__url")
    for event, url in quoted.values_list("event_id", "document__url").distinct():
        found.setdefault(event, []).append(url)
    return found
