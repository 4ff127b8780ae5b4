"""The units of organizations over time, by both clocks, and the entries that bear on an organization or its units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from events.choices import EndState, Kind
from events.models.organizations import OrganizationParent
from events.record import structure
from events.record.places import (
    MAX_CHILDREN,
    MAX_DEPTH,
    NOW,
    Place,
    Places,
    Span,
    counted,
    place_of,
    standing,
)
from events.timelines.clocks import AsOf
from events.timelines.entries import Rows, as_named_then, bearing_on, entries, entry
from events.timelines.periods import bounds

JSON = dict[str, Any]
MAX_UNITS = 2000
"""Units of one organization: what a reader can take in, and what one answer may weigh."""
ALWAYS = Span()


class PlacesAt(Places):
    """The places of units as the ledger of an instant gives them, and as the register, which has no memory of
    its own, says them now."""

    def __init__(self, known_at: datetime) -> None:
        may_be = Q(event__kind=Kind.REORGANIZATION.value) | Q(event__head__number__gt=1)
        self._said = entries(AsOf(known_at=known_at)).filter(may_be)

    def above(self, units: Collection[int]) -> list[Place]:
        """Where these units stood, ever."""
        given = structure.places(structure.gathered(units, self._payloads)[1])
        declared = map(place_of, counted(Q(child_id__in=units, event=None)))
        return standing([*declared, *(place for unit in units for place in given.get(unit, ()))])

    def below(self, parents: Collection[int]) -> list[Place]:
        """Which units stood in these, ever."""
        declared = OrganizationParent.objects.filter(parent_id__in=parents, event=None).order_by("child_id")
        children = set(declared.values_list("child_id", flat=True)[:MAX_CHILDREN])
        for payload in self._payloads(parents):
            children |= structure.units_of(payload)
        return [place for place in self.above(children) if place.parent_id in parents] if children else []

    def _payloads(self, units: Collection[int]) -> list[JSON]:
        """The reorganizations among what bears on the units. The kind is read here, of what may be one by its event's
        row: PostgreSQL would unpack the payload of everything that bears on them."""
        rows = bearing_on(self._said, [f"organization:{pk}" for pk in sorted(units)])
        found = (entry(row) for row in rows.order_by("event_id"))
        return [payload for payload in found if payload["kind"] == Kind.REORGANIZATION.value]


def places_at(known_at: datetime | None) -> Places:
    """The places as the record said them at an instant; None is now."""
    return NOW if known_at is None else PlacesAt(known_at)


def span_bounds(span: Span) -> JSON:
    """A span as payloads write periods."""
    return bounds(span.start, span.until, (EndState.ENDED if span.until else EndState.OPEN).value)


def descent(roots: Iterable[int], places: Places = NOW) -> dict[Span, set[int]]:
    """The units that were part of one of the organizations, directly or through others, by the span in which they
    were; the organizations themselves always. At most MAX_UNITS units, MAX_DEPTH levels deep; a query a level."""
    during: dict[int, list[Span]] = {root: [ALWAYS] for root in roots}
    level = dict(during)
    for _ in range(MAX_DEPTH):
        found = defaultdict[int, list[Span]](list)
        for place in places.below(level) if level else ():
            shared = (place.span.shared(span) for span in level[place.parent_id or 0])
            new = [part for span in shared if span for part in span.without(during.get(place.child_id, ()))]
            if new and (place.child_id in during or len(during) < MAX_UNITS):
                during.setdefault(place.child_id, []).extend(new)
                found[place.child_id] += new
        level = found
    spans = defaultdict[Span, set[int]](set)
    for unit, held in during.items():
        for span in held:
            spans[span].add(unit)
    return spans


def bearing_on_organizations(
    rows: Rows, organizations: Collection[int], as_of: AsOf, *, descendants: bool = True
) -> Rows:
    """Those of the entries that bear on one of the organizations or, with `descendants`, on a unit that was part of
    one of them on the entry's date. The day on which a unit was lost or closed still counts."""
    spans = descent(organizations, places_at(as_of.known_at)) if descendants else {ALWAYS: set(organizations)}
    rows = bearing_on(rows, [f"organization:{pk}" for pk in sorted(set().union(*spans.values()))])
    if set(spans) == {ALWAYS}:
        return rows
    return rows.filter(reduce(or_, (_during(rows, span, units) for span, units in spans.items())))


def _during(rows: Rows, span: Span, units: set[int]) -> Q:
    subjects = [f"organization:{pk}" for pk in sorted(units)]
    found = Q(("subjects__overlap", as_named_then(rows, subjects)))
    if span.start:
        found &= Q(("date__gte", span.first))
    if span.until:
        found &= Q(("date__lte", span.end))
    return found
