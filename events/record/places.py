"""Where units stood: of what each was part, and when. One rule for every reader.

Two voices speak of a unit's place: the record (what follows from published events) and the register (what a
curator declares). On a day of which both speak:

1. the record beats the register from the day of an event on;
2. the register beats what an event says of the time *before* it (a place without a start): a source that tells
   of a move names the company, seldom the unit in between.

A relation that has ended at an unknown time counts on no day, as everywhere (`events.models.base.holds_on`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from events.choices import EndState, Role
from events.dates import PartialDate
from events.models.base import get_partial, set_partial
from events.models.organizations import OrganizationParent
from events.models.record import Party

MAX_DEPTH = 20
"""Organizations deep; deeper chains are an error in the register, not a fact."""
MAX_CHILDREN = 10_000
"""Units directly under some organizations, now or ever, that one question looks at."""
ALWAYS = (date.min, date.max)


@dataclass(frozen=True)
class Span:
    """The days from the first of `start` to, not including, the first of `until`; None is without bound."""

    start: PartialDate | None = None
    until: PartialDate | None = None

    @property
    def first(self) -> date:
        """The first day."""
        return self.start.value if self.start else ALWAYS[0]

    @property
    def end(self) -> date:
        """The first day no longer in it."""
        return self.until.value if self.until else ALWAYS[1]

    def __contains__(self, day: date) -> bool:
        return self.first <= day < self.end

    def shared(self, other: Span) -> Span | None:
        """The days that both have; None where they have none."""
        start = self.start if self.first >= other.first else other.start
        until = self.until if self.end <= other.end else other.until
        found = Span(start, until)
        return found if found.first < found.end else None

    def without(self, others: Iterable[Span]) -> list[Span]:
        """What is left of it, in order, without the days of the others."""
        left = [self]
        for other in others:
            left = [part for span in left for part in span._parts(other)]
        return left

    def _parts(self, other: Span) -> Iterator[Span]:
        if self.shared(other) is None:
            yield self
            return
        if self.first < other.first:
            yield Span(self.start, other.start)
        if other.end < self.end:
            yield Span(other.until, self.until)


@dataclass(frozen=True)
class Place:
    """That a unit was part of `parent_id` (None: of nothing) over a span.

    `event_id` is the event that says so, None for the register. `merged`: the unit was merged into the parent,
    and what is left of it (its people, its own units) is found there.
    """

    child_id: int
    parent_id: int | None
    span: Span
    event_id: int | None = None
    merged: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether it was so on a day."""
        return day in self.span

    def meets(self, first: date, last: date) -> bool:
        """Whether it was so on one of the days, or ended on the first of them: the day on which a unit is lost
        or closed still counts for what it was part of."""
        return self.span.first <= last and self.span.end >= first

    def over(self, span: Span) -> Place:
        """The same, over another span."""
        return replace(self, span=span)


def standing(places: Iterable[Place]) -> list[Place]:
    """The places that count, cut to the days on which they do, by child and time."""
    by_child = defaultdict[int, list[Place]](list)
    for place in places:
        by_child[place.child_id].append(place)
    return [place for child in sorted(by_child) for place in _by_precedence(by_child[child])]


def _by_precedence(places: list[Place]) -> list[Place]:
    found: list[Place] = []
    for rank in range(3):
        taken = [place.span for place in found]
        for place in places:
            if _rank(place) == rank:
                found += [place.over(span) for span in place.span.without(taken)]
    return sorted(found, key=lambda place: place.span.first)


def _rank(place: Place) -> int:
    if place.event_id is None:
        return 1
    return 0 if place.span.start else 2


class Places:
    """The places of units, as the record and the register say them now."""

    def above(self, units: Collection[int]) -> list[Place]:
        """Where these units stood, ever; `parent_id` None where the record says: in nothing then."""
        return standing(place_of(row) for row in counted(Q(child_id__in=units)))

    def below(self, parents: Collection[int]) -> list[Place]:
        """Which units stood in these, ever. At most MAX_CHILDREN units are looked at."""
        children = OrganizationParent.objects.filter(parent_id__in=parents).order_by("child_id")
        found = counted(Q(child_id__in=children.values("child_id").distinct()[:MAX_CHILDREN]))
        return [place for place in standing(map(place_of, found)) if place.parent_id in parents]


NOW = Places()


def counted(which: Q) -> QuerySet[OrganizationParent]:
    """The rows that can count on some day, with whether the unit was merged into the parent."""
    rows = OrganizationParent.objects.filter(which).exclude(end_state=EndState.UNKNOWN.value)
    return with_merged(rows)


def with_merged(rows: QuerySet[OrganizationParent]) -> QuerySet[OrganizationParent]:
    """The rows, by child and time, each with `merged`: whether the unit was merged into the parent."""
    ceased = Party.objects.filter(
        event_id=OuterRef("event_id"),
        event__action="merger",
        organization_id=OuterRef("child_id"),
        role__in=[Role.SUBJECT.value, Role.COUNTERPARTY.value],
    )
    return rows.annotate(merged=Exists(ceased)).order_by("child_id", "start", "pk")


def place_of(row: OrganizationParent) -> Place:
    """A row as a place."""
    span = Span(get_partial(row, "start"), get_partial(row, "until"))
    return Place(row.child_id, row.parent_id, span, row.event_id, getattr(row, "merged", False))


def row_of(place: Place) -> OrganizationParent:
    """A place as a row, not yet saved."""
    row = OrganizationParent(child_id=place.child_id, parent_id=place.parent_id, event_id=place.event_id)
    set_partial(row, "start", place.span.start)
    set_partial(row, "until", place.span.until)
    row.end_state = (EndState.ENDED if place.span.until else EndState.OPEN).value
    return row


def ancestry(organization_id: int, day: date, places: Places = NOW, *, outlived: bool = False) -> list[int]:
    """The organization and those that it was part of on a day, nearest first.

    `outlived`: for one that the record knows to be part of nothing by then, those that it was part of on the eve
    of its end.
    """
    chain = [organization_id]
    while len(chain) < MAX_DEPTH:
        found = places.above([chain[-1]])
        place = next((p for p in found if p.holds_on(day)), None)
        if outlived and place and place.parent_id is None:
            day = place.span.first - timedelta(days=1)
            place = next((p for p in found if p.holds_on(day)), None)
        if place is None or place.parent_id is None or place.parent_id in chain:
            break
        chain.append(place.parent_id)
    return chain


def ancestors(organizations: Iterable[int], date: PartialDate, places: Places = NOW) -> set[int]:
    """The organizations and all that they were part of at some time in the period of `date`, its first day
    counting as `Place.meets` says. A query a level."""
    found = set(organizations)
    level = found
    while level:
        above = places.above(level)
        level = {p.parent_id for p in above if p.parent_id and p.meets(date.value, date.last)} - found
        found |= level
    return found
