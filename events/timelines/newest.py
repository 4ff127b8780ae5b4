"""The page of a timeline by its index: what a subject with a million events costs no more than one with fifty.

PostgreSQL cannot read an array's index in the order of dates: it would fetch all that bears on the subject and sort
it. `Bearing` has one row a subject, in that order, so the page's events are found first, and then read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models.expressions import RawSQL

from events.models.record import Bearing, Event
from events.record.places import NOW, Places, Span
from events.timelines.clocks import AsOf
from events.timelines.entries import NEWEST_FIRST, Rows, bearing_on
from events.timelines.keyset import MAX_PAGE, decode
from events.timelines.units import ALWAYS, bearing_on_organizations, descent

# Each subject's own nearest rows, then the nearest of all: one event may bear on several of them.
_NEAREST = f"""SELECT event_id FROM (SELECT DISTINCT near.date, near.event_id
FROM unnest(%s::text[], %s::date[], %s::date[]) AS asked (subject, first, last)
CROSS JOIN LATERAL (
    SELECT b.date, b.event_id FROM {Bearing._meta.db_table} b
    WHERE b.subject = asked.subject AND b.date >= asked.first AND b.date <= asked.last {{past}}
    ORDER BY b.date {{way}}, b.event_id {{way}} LIMIT %s
) AS near
ORDER BY near.date {{way}}, near.event_id {{way}} LIMIT %s) AS page"""  # noqa: S608 - nothing of a caller's


def of_subject(rows: Rows, subject: str, as_of: AsOf, cursor: str | None, size: int) -> Rows:
    """The entries on the page past a cursor that bear on `person:4` or `organization:2`, for `paginate` to order.

    At `known_at` all that bear on it, since the index knows the latest revisions only. Raises BadCursor.
    """
    if rows.model is not Event:
        return bearing_on(rows, [subject])
    return _nearest(rows, {ALWAYS: {subject}}, as_of, cursor, size)


def of_organization(
    rows: Rows, pk: int, as_of: AsOf, cursor: str | None, size: int, *, descendants: bool = True,
    places: Places = NOW,
) -> Rows:  # fmt: skip
    """The same for an organization and, with `descendants`, its units as of each entry's date. Raises BadCursor.

    `places` are those of now, if the caller has asked for some already.
    """
    if rows.model is not Event:
        return bearing_on_organizations(rows, [pk], as_of, descendants=descendants)
    spans = descent([pk], places) if descendants else {ALWAYS: {pk}}
    subjects = {span: {f"organization:{unit}" for unit in units} for span, units in spans.items()}
    return _nearest(rows, subjects, as_of, cursor, size)


def _nearest(
    rows: Rows, spans: Mapping[Span, Collection[str]], as_of: AsOf, cursor: str | None, size: int
) -> Rows:
    place = decode(cursor, NEWEST_FIRST) if cursor else None
    ask = [
        (subject, span.first, _last(span, as_of))
        for span, found in spans.items()
        for subject in sorted(found)
    ]
    if not ask:
        return rows.none()
    backward = place is not None and place.backward
    past = f"AND (b.date, b.event_id) {'>' if backward else '<'} (%s, %s)" if place else ""
    limit = max(1, min(size, MAX_PAGE)) + 1
    parameters = [*map(list, zip(*ask, strict=True)), *(place.values if place else ()), limit, limit]
    statement = _NEAREST.format(past=past, way="ASC" if backward else "DESC")
    return rows.filter(pk__in=RawSQL(statement, parameters))  # noqa: S611 - what callers give are parameters


def _last(span: Span, as_of: AsOf) -> date:
    """The last day asked for: the day on which a unit was lost still counts."""
    return min(span.end, as_of.valid_at) if as_of.valid_at else span.end
