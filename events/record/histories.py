"""Grade and position histories as pure functions of a person's events, so that they can be dropped and rebuilt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from events.dates import PartialDate
from events.exceptions import GradeConflict
from events.record.phrases.common import JSON

ENDING_PENALTIES = frozenset({"dismissal", "removal", "expulsion"})


@dataclass(frozen=True)
class GradeChange:
    """One event's word on a grade: from which grade to which, on a ladder of an organization."""

    event_id: int
    ladder_id: int
    date: PartialDate
    start: str
    end: str


@dataclass(frozen=True)
class GradeSpell:
    """A grade held from the first day of `start` (None: since when is unknown) until that of `until`."""

    ladder_id: int
    grade: str
    start: PartialDate | None
    until: PartialDate | None
    event_id: int


def grade_changes(payloads: Iterable[JSON]) -> list[GradeChange]:
    """The changes of grade that published payloads state, in order of time. Penalties off the ladder give none."""
    found = [
        GradeChange(
            payload["event"], row["ladder"], PartialDate.from_json(payload["date"]), row["from"], row["to"]
        )
        for payload in payloads
        if payload["assertion"] in {"reported", "confirmed"}
        for row in payload["details"].get("penalties", [])
        if row.get("ladder") and row.get("from") and row.get("to")
    ]
    return sorted(found, key=lambda change: (change.date.value, change.event_id))


def grade_spells(changes: list[GradeChange]) -> list[GradeSpell]:
    """The history that changes on one ladder make.

    Raises GradeConflict when two events cannot both be right: two changes at one time, or a change from
    another grade than the one the person stood on.
    """
    spells: list[GradeSpell] = []
    for change in changes:
        if not spells:
            spells.append(GradeSpell(change.ladder_id, change.start, None, change.date, change.event_id))
        else:
            spells[-1] = _followed(spells[-1], change)
        spells.append(GradeSpell(change.ladder_id, change.end, change.date, None, change.event_id))
    return spells


def _followed(spell: GradeSpell, change: GradeChange) -> GradeSpell:
    assert spell.start is not None  # noqa: S101 - only the first spell has no start, and it is never the last
    if change.date.value <= spell.start.value:
        raise GradeConflict(
            f"Event {change.event_id} changes the grade from {change.start} to {change.end} at {change.date}, "
            f"but event {spell.event_id} already changes it at {spell.start}."
        )
    if change.start.casefold() != spell.grade.casefold():
        raise GradeConflict(
            f"Event {change.event_id} says that the grade was {change.start} until {change.date}, "
            f"but by event {spell.event_id} it is {spell.grade} since {spell.start}."
        )
    return replace(spell, until=change.date)


@dataclass(frozen=True)
class PositionSpell:
    """A title held at an organization; `start` and `until` None where not known or still so."""

    organization_id: int
    title: str
    interim: bool
    start: PartialDate | None
    until: PartialDate | None
    event_id: int

    def is_same(self, organization_id: int, title: str) -> bool:
        """Whether it is that title there; an empty title stands for whatever is held."""
        return self.organization_id == organization_id and (
            not title or title.casefold() == self.title.casefold()
        )


def position_spells(payloads: Iterable[JSON]) -> list[PositionSpell]:
    """The positions that a person's published payloads state, in order of time.

    An appointment begins one; a departure, dismissal or removal ends one; any other event that names a title
    shows that it was held, since when is then unknown.
    """
    spells: list[PositionSpell] = []
    for payload in sorted(payloads, key=lambda p: (p["date"]["value"], p["event"])):
        where = payload["subject"].get("organization") or {}
        if where.get("id") is not None and payload["assertion"] in {"reported", "confirmed"}:
            spells = _with(spells, payload, where["id"])
    return spells


def _with(spells: list[PositionSpell], payload: JSON, organization_id: int) -> list[PositionSpell]:
    title = payload["subject"].get("title") or ""
    date = PartialDate.from_json(payload["date"])
    open_at = next(
        (n for n, s in enumerate(spells) if s.until is None and s.is_same(organization_id, title)), None
    )
    begins = payload["kind"] == "leadership" and payload["action"] != "departure"
    new = PositionSpell(
        organization_id,
        title,
        payload["details"].get("interim", False),
        date if begins else None,
        None,
        payload["event"],
    )
    if _ends_position(payload):
        if open_at is not None and (spells[open_at].start is None or spells[open_at].start < date):  # type: ignore[operator]
            return [replace(s, until=date) if n == open_at else s for n, s in enumerate(spells)]
        return [*spells, replace(new, until=date)] if title else spells
    if not title or (open_at is not None and not begins):
        return spells
    if open_at is not None and spells[open_at].start is None:
        return [
            replace(s, start=date, event_id=new.event_id) if n == open_at else s for n, s in enumerate(spells)
        ]
    return spells if open_at is not None else [*spells, new]


def _ends_position(payload: JSON) -> bool:
    if payload["kind"] == "leadership":
        return bool(payload["action"] == "departure")
    return any(row["type"] in ENDING_PENALTIES for row in payload["details"].get("penalties", []))
