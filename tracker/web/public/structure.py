"""Where an organization stands among others, for its page, by both clocks: what it is part of, its units of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from events.choices import EndState
from events.models.base import set_partial
from events.models.organizations import Organization
from events.models.people import Executive, Position
from events.record.histories import PositionSpell
from events.record.places import MAX_DEPTH, Place
from events.timelines.clocks import AsOf
from events.timelines.lineage import Family
from events.timelines.organizations import held_as_of
from events.timelines.periods import holds_on, is_in_force, period
from events.timelines.units import span_bounds
from tracker.web.public.reading import period_words

JSON = dict[str, Any]
MAX_SHOWN = 200
"""Units, and people, on one page."""
MAX_DAYS = 8
"""Days on which the structure changed that are offered."""


@dataclass(frozen=True)
class Structure:
    """An organization's family, its members by id, and the day that is looked at."""

    root: Organization
    family: Family
    named: Mapping[int, Organization]
    day: date

    def parent(self, as_of: AsOf) -> JSON | None:
        """What it is part of on the day asked for, or was part of last."""
        above = [p for p in self.family.above([self.root.pk]) if p.parent_id in self.named]
        if as_of.valid_at is not None:
            above = [place for place in above if place.holds_on(as_of.valid_at)]
        last = max(above, key=lambda place: place.span.first, default=None)
        if last is None or last.parent_id is None:
            return None
        return {"parent": self.named[last.parent_id], "period": period_words(span_bounds(last.span))}

    def units(self) -> tuple[list[JSON], bool]:
        """The units of the day as a tree by name, and whether more than MAX_SHOWN were there."""
        seen = {self.root.pk}

        def below(pk: int, depth: int) -> list[JSON]:
            places = [p for p in self.family.below([pk]) if p.holds_on(self.day) and p.child_id in self.named]
            found = []
            for place in sorted(places, key=lambda p: self.named[p.child_id].name):
                if place.child_id not in seen and depth < MAX_DEPTH and len(seen) <= MAX_SHOWN:
                    seen.add(place.child_id)
                    found.append(self._unit(place))
            for unit in found:
                unit["units"] = below(unit["unit"].pk, depth + 1)
            return found

        return below(self.root.pk, 0), len(seen) > MAX_SHOWN

    def others(self, shown: Collection[int], as_of: AsOf) -> list[JSON]:
        """The units directly below it at other times than the day, each with its period in words; with `valid_at`
        only those that had come by then."""
        places = [p for p in self.family.below([self.root.pk]) if not p.holds_on(self.day)]
        if as_of.valid_at is not None:
            places = [place for place in places if place.span.first <= as_of.valid_at]
        found: list[JSON] = [
            {"child": self.named[place.child_id], "period": period_words(span_bounds(place.span))}
            for place in places
            if place.child_id in self.named and place.child_id not in shown
        ]
        found += [
            {"child": self.named[row.child_id], "period": period_words(period(row))}
            for row in self.family.ended
            if row.parent_id == self.root.pk and row.child_id in self.named
        ]
        return sorted(found, key=lambda row: row["child"].name)[:MAX_SHOWN]

    def days(self) -> list[date]:
        """The days on which its units changed by what is known, the latest first: what to look at before and after."""
        spans = [place.span for place in self.family.below([self.root.pk])]
        days = {bound.value for span in spans for bound in (span.start, span.until) if bound}
        return sorted(days, reverse=True)[:MAX_DAYS]

    def _unit(self, place: Place) -> JSON:
        return {
            "unit": self.named[place.child_id],
            "event": place.event_id,
            "merged": place.merged,
            "since": period_words(span_bounds(place.span)),
        }


def ids(units: Iterable[JSON]) -> set[int]:
    """The ids of a tree's units."""
    return {pk for unit in units for pk in (unit["unit"].pk, *ids(unit["units"]))}


def offices(
    root: int, units: Collection[int], as_of: AsOf, day: date
) -> tuple[list[Any], dict[int, list[Any]]]:
    """The positions at the organization, those that still hold first, each with its `period` in words; and by unit
    those held on the day.

    At `known_at` they follow from the ledger of that instant; the register's, which has no memory, are as now.
    """
    on_day = Q(organization__in=units) & Q(holds_on(day))
    rows = Position.objects.filter(Q(organization=root) | on_day).select_related("executive")
    if as_of.known_at is None:
        found = list(rows)
    else:
        said = held_as_of([root, *units], as_of.known_at)
        found = [*rows.filter(event=None), *(_position(who, spell) for who, spell in said)]
    own: list[Any] = [row for row in found if row.organization_id == root]
    held = defaultdict[int, list[Any]](list)
    for row in found:
        if row.organization_id != root and is_in_force(period(row), day):
            held[row.organization_id].append(row)
    if as_of.valid_at is not None:
        own = [row for row in own if is_in_force(period(row), as_of.valid_at)]
    own.sort(key=lambda row: row.start or date.min, reverse=True)
    own.sort(key=lambda row: row.until or date.max, reverse=True)
    for row in own:
        row.period = period_words(period(row))
    return own[:MAX_SHOWN], dict(held)


def _position(executive: Executive, spell: PositionSpell) -> Position:
    row = Position(
        executive=executive, organization_id=spell.organization_id, title=spell.title, event_id=spell.event_id,
        interim=spell.interim,
    )  # fmt: skip
    set_partial(row, "start", spell.start)
    set_partial(row, "until", spell.until)
    row.end_state = (EndState.ENDED if spell.until else EndState.OPEN).value
    return row
