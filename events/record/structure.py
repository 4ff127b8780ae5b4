"""What reorganizations say of units' places, and the rows that follow from it.

What each action says, of units whom the payload names with their ids, from the event's date D on:

- creation: the subject is part of its organization. Of the days before D it says nothing: D may be no more than
  the day on which it was told.
- dissolution: the subject is part of nothing; before D it was part of its organization.
- transfer: the subject is part of the one successor, or else of the one `organization` other than its own;
  before D it was part of its organization. Without a destination nothing moves.
- merger: the subject and the counterparties are merged into the one successor: they are part of it, so that what
  is known of their people and units is found there. Before D the subject was part of its organization. Without a
  successor nobody knows which one stays, so nothing moves.
- split: the units and successors named are part of the subject's organization. Of the subject it says nothing.
- The `unit`s that a creation or merger names are part of what was created, or of what they were merged into.
- Others (rename, layoff, restructuring) say nothing.

Only what is reported or confirmed counts; what is planned, alleged or denied moves nobody. Of several events the
later one counts from its date, of several on one day the one with the highest id. What an event says of the time
before it counts where no earlier event speaks. Where places make a circle (A in B in A), the one that was said
last (by date, event, unit) gives way for as long as the circle lasts, what is said of the time before an event
ahead of all others; the record then says nothing of that unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from events.choices import Kind, Operation, PartyType, Role, Status
from events.dates import PartialDate
from events.models.organizations import OrganizationParent
from events.models.record import Party, Revision
from events.record.phrases.common import JSON
from events.record.places import Place, Span, row_of

STATED = frozenset({Status.REPORTED.value, Status.CONFIRMED.value})
MOVED = (Role.SUBJECT.value, Role.UNIT.value, Role.SUCCESSOR.value, Role.COUNTERPARTY.value)
"""The roles in which an event may give a unit another place."""


@dataclass(frozen=True)
class Move:
    """One event's word on a unit: part of `to` (None: of nothing) since `date`, and of `before` until then (None:
    it does not say)."""

    unit_id: int
    to: int | None
    date: PartialDate
    event_id: int
    before: int | None = None
    merged: bool = False


def places(payloads: Iterable[JSON]) -> dict[int, list[Place]]:
    """The places, in order of time and never two at once, that standing payloads give to each unit.

    A function of the payloads alone. To be right for one unit it needs the payloads of those above it too
    (`gathered`): they may make a circle.
    """
    by_unit = defaultdict[int, list[Move]](list)
    for payload in payloads:
        if payload["assertion"] in STATED and payload["status"] != Status.RETRACTED.value:
            for move in moves(payload):
                by_unit[move.unit_id].append(move)
    said = {unit: _in_time(found) for unit, found in sorted(by_unit.items())}
    return {
        unit: [part for place in found for part in _uncircled(place, said)] for unit, found in said.items()
    }


def moves(payload: JSON) -> list[Move]:
    """What a payload says of units' places if it is taken as stated, one move a unit."""
    if payload["kind"] != Kind.REORGANIZATION.value:
        return []
    rule = _RULES.get(payload["action"])
    found: dict[int, Move] = {}
    for move in rule(_Named(payload)) if rule else ():
        if move.unit_id != move.to:
            found.setdefault(move.unit_id, move)
    return list(found.values())


def units_of(payload: JSON) -> set[int]:
    """The units whose place a payload may change, however firmly it is stated."""
    return {move.unit_id for move in moves(payload)}


def named_in(payload: JSON) -> set[int]:
    """The units that a payload moves, and what it says they are or were part of."""
    found = {pk for move in moves(payload) for pk in (move.unit_id, move.to, move.before)}
    return {pk for pk in found if pk is not None}


class _Named:
    """The organizations that a payload names with their ids."""

    def __init__(self, payload: JSON) -> None:
        subject = payload["subject"]
        self.subject: int | None = subject["id"] if subject["type"] == PartyType.ORGANIZATION.value else None
        self.where: int | None = (subject.get("organization") or {}).get("id")
        self.date, self.event = PartialDate.from_json(payload["date"]), int(payload["event"])
        self._participants = payload["details"].get("participants", [])

    def ids(self, role: Role) -> list[int]:
        """Those in a role, in the source's order."""
        rows = (p for p in self._participants if p["type"] == PartyType.ORGANIZATION.value)
        return [p["id"] for p in rows if p["role"] == role.value and p["id"] is not None]

    def move(
        self, unit: int | None, to: int | None, *, before: bool = False, merged: bool = False
    ) -> Iterator[Move]:
        """The unit's move, if the unit is known; `before`: it was part of the subject's organization."""
        if unit is not None:
            was = self.where if before and self.where not in {to, unit} else None
            yield Move(unit, to, self.date, self.event, was, merged)

    def into(self, units: Iterable[int | None], to: int | None, *, merged: bool = False) -> Iterator[Move]:
        """The units' moves into `to`, if that is known."""
        for unit in units if to is not None else ():
            yield from self.move(unit, to, merged=merged)


def _only(ids: Collection[int]) -> int | None:
    return next(iter(ids)) if len(set(ids)) == 1 else None


def _creation(named: _Named) -> Iterator[Move]:
    yield from named.into([named.subject], named.where)
    yield from named.into(named.ids(Role.UNIT), named.subject)


def _dissolution(named: _Named) -> Iterator[Move]:
    yield from named.move(named.subject, None, before=True)


def _transfer(named: _Named) -> Iterator[Move]:
    elsewhere = [pk for pk in named.ids(Role.ORGANIZATION) if pk != named.where]
    to = _only(named.ids(Role.SUCCESSOR) or elsewhere)
    if to is not None:
        yield from named.move(named.subject, to, before=True)


def _merger(named: _Named) -> Iterator[Move]:
    into = _only(named.ids(Role.SUCCESSOR))
    if into is not None:
        yield from named.move(named.subject, into, before=True, merged=True)
        yield from named.into(named.ids(Role.COUNTERPARTY), into, merged=True)
    yield from named.into(named.ids(Role.UNIT), into or named.subject)


def _split(named: _Named) -> Iterator[Move]:
    parts = [*named.ids(Role.UNIT), *named.ids(Role.SUCCESSOR)]
    yield from named.into([pk for pk in parts if pk != named.subject], named.where)


_RULES: dict[str, Callable[[_Named], Iterator[Move]]] = {
    "creation": _creation,
    "dissolution": _dissolution,
    "transfer": _transfer,
    "merger": _merger,
    "split": _split,
}


def _in_time(found: list[Move]) -> list[Place]:
    """One unit's places, circles among them not yet broken."""
    in_order = sorted(found, key=lambda move: (move.date.value, move.event_id))
    last = list({move.date.value: move for move in in_order}.values())
    untils = [*(move.date for move in last[1:]), None]
    rows = [
        Place(move.unit_id, move.to, Span(move.date, until), move.event_id, move.merged)
        for move, until in zip(last, untils, strict=True)
    ]
    first = last[0]
    if first.before is not None:
        rows.insert(0, Place(first.unit_id, first.before, Span(None, first.date), first.event_id))
    return rows


def _uncircled(place: Place, said: Mapping[int, list[Place]]) -> list[Place]:
    """What is left of a place without the circles in which it gives way."""
    circles = [span for span, weakest in _circles(place, said) if weakest == place]
    if circles and place.span.start is None:
        return []
    return [place.over(span) for span in place.span.without(circles)]


def _circles(start: Place, said: Mapping[int, list[Place]]) -> Iterator[tuple[Span, Place]]:
    """The spans in which the way up from a unit leads back to it, each with the place that gives way."""
    ways: list[tuple[Span, tuple[Place, ...]]] = [(start.span, (start,))]
    while ways:
        span, way = ways.pop()
        parent = way[-1].parent_id
        if parent == start.child_id:
            yield span, max(way, key=_weakness)
        elif parent is not None and all(place.child_id != parent for place in way):
            for place in said.get(parent, ()):
                shared = span.shared(place.span)
                if shared:
                    ways.append((shared, (*way, place)))


def _weakness(place: Place) -> tuple[bool, date, int, int]:
    said_on = place.span.start or place.span.until
    assert said_on is not None  # noqa: S101 - what an event says is dated
    assert place.event_id is not None  # noqa: S101 - the register is not asked
    return place.span.start is None, said_on.value, place.event_id, place.child_id


def gathered(
    units: Iterable[int], fetch: Callable[[set[int]], Iterable[JSON]]
) -> tuple[set[int], list[JSON]]:
    """The units with all that payloads ever put above them, and the payloads that move any of these.

    `fetch` gives the standing payloads that may move one of some units. A call of it a level.
    """
    seen: set[int] = set()
    found: dict[int, JSON] = {}
    new = set(units)
    while new:
        seen |= new
        fetched = {payload["event"]: payload for payload in fetch(new)}
        found |= fetched
        new = {
            pk
            for payload in fetched.values()
            for move in moves(payload)
            if move.unit_id in seen
            for pk in (move.to, move.before)
            if pk is not None
        } - seen
    return seen, [found[event] for event in sorted(found)]


def project_places(units: set[int], written: Mapping[int, JSON | None] | None = None) -> None:
    """Makes the places of these units, and of those above them, anew from the standing events.

    `written` are payloads by event that are about to be appended (None: about to be retracted); what those events
    moved until now is made anew too. The caller holds the structure (`locks.lock_structure`).
    """
    written = written or {}
    units = units | _moved_by(written)
    if not units:
        return
    concerned, payloads = gathered(units, lambda new: _standing(new, written))
    given = places(payloads)
    OrganizationParent.objects.filter(event__isnull=False, child_id__in=concerned).delete()
    OrganizationParent.objects.bulk_create(
        row_of(place) for unit in sorted(concerned) for place in given.get(unit, ())
    )


def project_all_places() -> None:
    """Makes every place that events give anew from the ledger."""
    heads = Revision.objects.filter(seq=F("event__head_id"), event__kind=Kind.REORGANIZATION.value)
    payloads = heads.exclude(operation=Operation.DEL.value).values_list("payload", flat=True)
    given = places(payloads.order_by("event_id").iterator(chunk_size=500))
    OrganizationParent.objects.filter(event__isnull=False).delete()
    rows = (row_of(place) for found in given.values() for place in found)
    OrganizationParent.objects.bulk_create(rows, batch_size=1000)


def _moved_by(events: Collection[int]) -> set[int]:
    """What the events name until now: whoever stood in a circle with a unit that they moved stands above it."""
    heads = Revision.objects.filter(event_id__in=list(events), seq=F("event__head_id"))
    before = heads.exclude(operation=Operation.DEL.value).values_list("payload", flat=True)
    return {pk for payload in before for pk in named_in(payload)}


def _standing(units: set[int], written: Mapping[int, JSON | None]) -> list[JSON]:
    """The latest payloads of the events that may move one of the units, without the retracted ones."""
    moving = Party.objects.filter(
        organization_id__in=units, role__in=MOVED, event__kind=Kind.REORGANIZATION.value
    )
    heads = Revision.objects.filter(seq=F("event__head_id"), event_id__in=moving.values("event_id"))
    heads = heads.exclude(operation=Operation.DEL.value).exclude(event_id__in=list(written))
    new = [payload for payload in written.values() if payload and units_of(payload) & units]
    return [*heads.values_list("payload", flat=True), *new]
