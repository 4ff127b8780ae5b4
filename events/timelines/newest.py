"""The page of a timeline by its index: what a subject with a million events costs no more than one with fifty.

PostgreSQL cannot read an array's index in the order of dates: it would fetch all that bears on the subject and sort
it. `Bearing` has one row a subject, in that order, so the page's events are found first, and then read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL

from events.models.record import Bearing, Event, Revision
from events.record.places import NOW, Places, Span
from events.timelines.clocks import AsOf
from events.timelines.entries import NEWEST_FIRST, Rows, bearing_on
from events.timelines.keyset import MAX_PAGE, Cursor, Page, decode, paged
from events.timelines.units import ALWAYS, bearing_on_organizations, descent

# Each subject's own nearest rows, then the nearest of all: one event may bear on several of them.
_NEAREST = f"""SELECT DISTINCT near.date, near.event_id
FROM unnest(%s::text[], %s::date[], %s::date[]) AS asked (subject, first, last)
CROSS JOIN LATERAL (
    SELECT b.date, b.event_id FROM {Bearing._meta.db_table} b
    WHERE b.subject = asked.subject AND b.date >= asked.first AND b.date <= asked.last {{past}}
    ORDER BY b.date {{way}}, b.event_id {{way}} LIMIT %s
) AS near
ORDER BY near.date {{way}}, near.event_id {{way}} LIMIT %s"""  # noqa: S608 - nothing of a caller's
_ENTRIES = f"""SELECT page.date, page.event_id, r.recorded_at, r.seq AS revision_seq,
 r.payload::text AS text FROM ({_NEAREST}) AS page
JOIN {Event._meta.db_table} e ON e.id = page.event_id JOIN {Revision._meta.db_table} r ON r.seq = e.head_id
ORDER BY page.date {{way}}, page.event_id {{way}}"""  # noqa: S608 - the same

Spans = Mapping[Span, Collection[str]]
"""Whom to look for, `person:4` or `organization:2`, by the days on which they count."""


class Row(NamedTuple):
    """An entry for `texts.entry_text`: its place in the timeline, its revision, and the payload as text."""

    date: date
    event_id: int
    recorded_at: datetime
    revision_seq: int
    text: str


def read(spans: Spans, as_of: AsOf, cursor: str | None, size: int) -> Page[Row]:
    """The page past a cursor of what stands now and bears on someone. Raises BadCursor.

    What `paginate` gives of `of_subject` and `of_organization`, for those who only pass the text on.
    """
    place = decode(cursor, NEWEST_FIRST) if cursor else None
    size = max(1, min(size, MAX_PAGE))
    if not spans:
        return Page([], None, None)
    with connection.cursor() as sql:
        sql.execute(*_statement(_ENTRIES, spans, as_of, place, size))
        found = list(map(Row._make, sql.fetchall()))
    return paged(found, NEWEST_FIRST, place, size)


def subject_spans(subject: str) -> Spans:
    """`person:4` or `organization:2`, always."""
    return {ALWAYS: {subject}}


def organization_spans(pk: int, *, descendants: bool = True, places: Places = NOW) -> Spans:
    """An organization and, with `descendants`, its units as of each day."""
    spans = descent([pk], places) if descendants else {ALWAYS: {pk}}
    return {span: {f"organization:{unit}" for unit in units} for span, units in spans.items()}


def of_subject(rows: Rows, subject: str, as_of: AsOf, cursor: str | None, size: int) -> Rows:
    """The entries on the page past a cursor that bear on `person:4` or `organization:2`, for `paginate` to order.

    At `known_at` all that bear on it, since the index knows the latest revisions only. Raises BadCursor.
    """
    if rows.model is not Event:
        return bearing_on(rows, [subject])
    return _on_page(rows, subject_spans(subject), as_of, cursor, size)


def of_organization(
    rows: Rows, pk: int, as_of: AsOf, cursor: str | None, size: int, *, descendants: bool = True,
    places: Places = NOW,
) -> Rows:  # fmt: skip
    """The same for an organization and, with `descendants`, its units as of each entry's date. Raises BadCursor.

    `places` are those of now, if the caller has asked for some already.
    """
    if rows.model is not Event:
        return bearing_on_organizations(rows, [pk], as_of, descendants=descendants)
    spans = organization_spans(pk, descendants=descendants, places=places)
    return _on_page(rows, spans, as_of, cursor, size)


def _on_page(rows: Rows, spans: Spans, as_of: AsOf, cursor: str | None, size: int) -> Rows:
    place = decode(cursor, NEWEST_FIRST) if cursor else None
    size = max(1, min(size, MAX_PAGE))
    statement, parameters = _statement(_NEAREST, spans, as_of, place, size)
    ids = RawSQL(f"SELECT event_id FROM ({statement}) AS page", parameters)  # noqa: S608, S611 - see above
    return rows.filter(pk__in=ids)


def _statement(
    pattern: str, spans: Spans, as_of: AsOf, place: Cursor | None, size: int
) -> tuple[str, list[Any]]:
    """The statement for one row more than a page has, so that it is known whether there is another."""
    ask = [
        (subject, span.first, _last(span, as_of))
        for span, found in spans.items()
        for subject in sorted(found)
    ]
    backward = place is not None and place.backward
    past = f"AND (b.date, b.event_id) {'>' if backward else '<'} (%s, %s)" if place else ""
    columns = map(list, zip(*ask, strict=True))
    parameters = [*columns, *(place.values if place else ()), size + 1, size + 1]
    return pattern.format(past=past, way="ASC" if backward else "DESC"), parameters


def _last(span: Span, as_of: AsOf) -> date:
    """The last day asked for: the day on which a unit was lost still counts."""
    return min(span.end, as_of.valid_at) if as_of.valid_at else span.end
