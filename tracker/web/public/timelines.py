"""Pages of timelines: a person's, an organization's, and all there is, by both clocks and the reader's filters."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from events.models.record import Event
from events.record.places import Span
from events.timelines.clocks import AsOf
from events.timelines.entries import NEWEST_FIRST, Rows, bearing_on, entries, entry
from events.timelines.keyset import BadCursor, Page, paginate
from events.timelines.lineage import Family
from events.timelines.newest import of_organization, of_subject
from events.timelines.units import descent
from tracker.web.public.narrowing import Narrowing
from tracker.web.public.reading import shown

JSON = dict[str, Any]
SIZE = 20
Timeline = tuple[list[JSON], str, str]
"""The entries of a page, and the cursors of the later and the earlier one; empty where there is none."""


def everything(narrowed: Narrowing, cursor: str) -> Timeline:
    """A page of all that stands, newest first."""
    return _page(lambda _: narrowed.of(entries()), cursor)


def of_person(pk: int, as_of: AsOf, narrowed: Narrowing, cursor: str) -> Timeline:
    """A page of what bears on a person."""
    rows, subject = entries(as_of), f"person:{pk}"
    if rows.model is Event and not narrowed:
        return _page(lambda place: of_subject(rows, subject, as_of, place, SIZE), cursor)
    return _page(lambda _: narrowed.of(bearing_on(rows, [subject])), cursor)


def of_family(pk: int, family: Family, as_of: AsOf, narrowed: Narrowing, cursor: str) -> Timeline:
    """A page of what bears on an organization, or on a unit that was among its own on the entry's date."""
    rows = entries(as_of)
    if rows.model is Event and not narrowed:
        return _page(lambda place: of_organization(rows, pk, as_of, place, SIZE, places=family), cursor)
    spans = descent([pk], family)
    told = rows.filter(reduce(or_, (_during(span, family.subjects(units)) for span, units in spans.items())))
    return _page(lambda _: narrowed.of(told), cursor)


def _page(rows: Callable[[str | None], Rows], cursor: str) -> Timeline:
    """The page past a cursor; one that is not ours is read as the beginning."""
    try:
        page: Page[Any] = paginate(rows(cursor or None), NEWEST_FIRST, cursor or None, SIZE)
    except BadCursor:
        page = paginate(rows(None), NEWEST_FIRST, None, SIZE)
    return [shown(entry(row)) for row in page.rows], page.previous or "", page.next or ""


def _during(span: Span, subjects: list[str]) -> Q:
    found = Q(("subjects__overlap", subjects))
    if span.start:
        found &= Q(("date__gte", span.first))
    if span.until:
        found &= Q(("date__lte", span.end))
    return found
