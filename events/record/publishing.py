"""Publish, revise, retract and undo: each one transaction; each change of an event one revision.

Only curation calls this module. It does not ask who may publish; curation does. What several events need at once
(a case, a merge) is prepared as steps and written by one call of `write`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from events.choices import Kind, Operation, Role, Status
from events.exceptions import CurationError
from events.models.access import User
from events.models.acts import Act
from events.models.record import Event, Party, Revision
from events.record import ledger, locks, projections
from events.record.draft import Draft
from events.record.identity import survived
from events.record.payload import build
from events.record.phrases.common import JSON
from events.record.structure import project_places, units_of


@dataclass(frozen=True)
class Writer:
    """Who writes, who approved it (None where one is enough) and why; `act` where it is part of one."""

    author: User
    approver: User | None = None
    reason: str = ""
    act: Act | None = None


@transaction.atomic
def publish(draft: Draft, author: User, approver: User | None = None, reason: str = "") -> Revision:
    """Puts a new event on the record. Raises GradeConflict when it contradicts the person's grade history."""
    return _one(publication(draft), Writer(author, approver, reason))


@transaction.atomic
def revise(
    event_id: int, draft: Draft, author: User, approver: User | None = None, reason: str = "", *,
    status: Status = Status.CORRECTED,
) -> Revision:  # fmt: skip
    """Puts a new version of an event on the record; `status` is its word for what became of it.

    Raises CurationError for a retracted event.
    """
    return _one(revision_of(event_id, draft, status), Writer(author, approver, reason))


@transaction.atomic
def amend(
    event_id: int, change: JSON, author: User, approver: User | None = None, reason: str = ""
) -> Revision:
    """A new version that differs from the latest in the given top-level fields of the payload alone."""
    return _one(amendment(event_id, change), Writer(author, approver, reason))


@transaction.atomic
def retract(event_id: int, author: User, approver: User | None = None, reason: str = "") -> Revision:
    """Takes an event off the record. Its page and its revisions stay, and say so."""
    return _one(retraction(event_id), Writer(author, approver, reason))


@transaction.atomic
def undo(event_id: int, author: User, approver: User | None = None, reason: str = "") -> Revision:
    """Puts the version before the latest back, as a revision of its own; undoing the first one retracts.

    Undoing a retraction puts the event back on the record.
    """
    return _one(restoration(event_id), Writer(author, approver, reason))


def publication(draft: Draft) -> ledger.Entry:
    """A new event, prepared."""
    event_id = _next_event_id()
    return ledger.Entry(Event(id=event_id), Operation.ADD, build(event_id, draft, draft.assertion))


def revision_of(event_id: int, draft: Draft, status: Status = Status.CORRECTED) -> ledger.Entry:
    """A new version of a standing event, prepared. Raises CurationError for a retracted one."""
    event = locked(event_id)
    return ledger.Entry(event, Operation.MOD, build(event.id, draft, status))


def amendment(event_id: int, change: JSON) -> ledger.Entry:
    """A standing event with some top-level fields of its payload changed, prepared."""
    event = locked(event_id)
    return ledger.Entry(event, Operation.MOD, latest(event.id).payload | change)


def retraction(event_id: int, *, merged_into: int | None = None) -> ledger.Entry:
    """A standing event taken off the record, prepared; `merged_into` names the event that it is a duplicate of."""
    event = locked(event_id)
    extra = {} if merged_into is None else {"merged_into": merged_into}
    payload = latest(event.id).payload | {"status": Status.RETRACTED.value} | extra
    return ledger.Entry(event, Operation.DEL, payload)


def restoration(event_id: int) -> ledger.Entry:
    """The version before the latest put back, prepared. Who was merged into another meanwhile stays so."""
    return before(latest(event_id))


def before(revision: Revision) -> ledger.Entry:
    """The version before a revision that says what holds now put back, prepared."""
    event = Event.objects.select_for_update(no_key=True).get(id=revision.event_id)
    last = latest(event.id)
    former = Revision.objects.filter(event=event, number=revision.number - 1).first()
    if former is None or former.operation == Operation.DEL.value:
        payload = last.payload | {"status": Status.RETRACTED.value}
        return ledger.Entry(event, Operation.DEL, payload)
    operation = Operation.ADD if last.operation == Operation.DEL.value else Operation.MOD
    return ledger.Entry(event, operation, survived(former.payload))


def write(entries: Sequence[ledger.Entry], writer: Writer) -> list[Revision]:
    """Projects all payloads and the histories of all concerned, then appends the revisions: all or none.

    Histories are made once all events are as they will be, so that two events may change places. The append
    comes last, so that the ledger's head is locked for a moment only. Raises GradeConflict, and CurationError
    when someone whom a payload names was merged into another meanwhile.
    """
    entries = sorted(entries, key=lambda entry: entry.event.pk)
    written = {e.event.pk: None if e.operation is Operation.DEL else e.payload for e in entries}
    known = [entry.event.pk for entry in entries if not entry.event._state.adding]
    touched = _people(known)
    standing = [payload for payload in written.values() if payload]
    moves_units = _move_units(entries, known)
    locks.hold_named(standing, touched, structure=moves_units)
    for entry in entries:
        projections.project_event(entry.event, entry.payload)
    if moves_units:
        project_places({unit for payload in standing for unit in units_of(payload)}, written)
    for executive_id in sorted(touched | _people(list(written))):
        projections.project_person(executive_id, written)
    return ledger.append(entries, writer.author, writer.approver, writer.reason, writer.act)


def locked(event_id: int) -> Event:
    """A standing event, locked. Raises CurationError for a retracted one."""
    event = Event.objects.select_for_update(no_key=True).get(id=event_id)
    if event.status == Status.RETRACTED.value:
        raise CurationError(f"Event {event_id} was retracted. Undo the retraction before you change it.")
    return event


def latest(event_id: int) -> Revision:
    """An event's latest revision."""
    return Revision.objects.filter(event=event_id).latest("seq")


def _one(entry: ledger.Entry, writer: Writer) -> Revision:
    return write([entry], writer)[0]


def _people(events: list[int]) -> set[int]:
    """Whom events on record are about. No statement for none."""
    rows = Party.objects.filter(event__in=events, role=Role.SUBJECT.value, executive__isnull=False)
    return set(rows.values_list("executive_id", flat=True).order_by())


def _move_units(entries: Sequence[ledger.Entry], known: list[int]) -> bool:
    """Whether one of the events is a reorganization, or, of those on record, was one so far."""
    kind = Kind.REORGANIZATION.value
    before = Event.objects.filter(pk__in=known, kind=kind)
    return any(entry.payload["kind"] == kind for entry in entries) or before.exists()


def _next_event_id() -> int:
    """The id that the new event will have: its payload, which the ledger keeps, names it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('events_event', 'id'))")
        return int(cursor.fetchone()[0])
