"""Publish, revise, retract and undo: each one transaction, each one revision.

Only curation calls this module. It does not ask who may publish; curation does.
"""

from __future__ import annotations

from django.db import connection, transaction

from events.choices import Operation, Role, Status
from events.exceptions import CurationError
from events.models.access import User
from events.models.record import Event, Revision
from events.record import ledger, projections
from events.record.draft import Draft
from events.record.payload import build
from events.record.phrases.common import JSON


@transaction.atomic
def publish(draft: Draft, author: User, approver: User | None = None, reason: str = "") -> Revision:
    """Puts a new event on the record. Raises GradeConflict when it contradicts the person's grade history."""
    event_id = _next_event_id()
    payload = build(event_id, draft, draft.assertion)
    event = Event(id=event_id)
    return _write(event, Operation.ADD, payload, author, approver, reason, touched=set())


@transaction.atomic
def revise(
    event_id: int, draft: Draft, author: User, approver: User | None = None, reason: str = "", *,
    status: Status = Status.CORRECTED,
) -> Revision:  # fmt: skip
    """Puts a new version of an event on the record; `status` is its word for what became of it.

    Raises CurationError for a retracted event.
    """
    event = _locked(event_id)
    payload = build(event.id, draft, status)
    return _write(event, Operation.MOD, payload, author, approver, reason, touched=_people(event))


@transaction.atomic
def amend(
    event_id: int, change: JSON, author: User, approver: User | None = None, reason: str = ""
) -> Revision:
    """A new version that differs from the latest in the given top-level fields of the payload alone."""
    event = _locked(event_id)
    payload = _latest(event).payload | change
    return _write(event, Operation.MOD, payload, author, approver, reason, touched=_people(event))


@transaction.atomic
def retract(event_id: int, author: User, approver: User | None = None, reason: str = "") -> Revision:
    """Takes an event off the record. Its page and its revisions stay, and say so."""
    event = _locked(event_id)
    payload = _latest(event).payload | {"status": Status.RETRACTED.value}
    return _write(event, Operation.DEL, payload, author, approver, reason, touched=_people(event))


@transaction.atomic
def undo(event_id: int, author: User, approver: User | None = None, reason: str = "") -> Revision:
    """Puts the version before the latest back, as a revision of its own; undoing the first one retracts.

    Undoing a retraction puts the event back on the record.
    """
    event = Event.objects.select_for_update().get(id=event_id)
    latest = _latest(event)
    before = Revision.objects.filter(event=event, seq__lt=latest.seq).order_by("-seq").first()
    if before is None or before.operation == Operation.DEL.value:
        payload = latest.payload | {"status": Status.RETRACTED.value}
        return _write(event, Operation.DEL, payload, author, approver, reason, touched=_people(event))
    operation = Operation.ADD if latest.operation == Operation.DEL.value else Operation.MOD
    return _write(event, operation, before.payload, author, approver, reason, touched=_people(event))


def _write(
    event: Event, operation: Operation, payload: JSON, author: User, approver: User | None, reason: str, *,
    touched: set[int],
) -> Revision:  # fmt: skip
    """Projects the payload and the histories of all people concerned, then appends the revision.

    The append comes last, so that the ledger's head is locked for a moment only.
    """
    projections.project_event(event, payload)
    written = {event.id: None if operation is Operation.DEL else payload}
    for executive_id in sorted(touched | _people(event)):
        projections.lock_person(executive_id)
        projections.project_person(executive_id, written)
    return ledger.append(event, operation, payload, author, approver, reason)


def _locked(event_id: int) -> Event:
    event = Event.objects.select_for_update().get(id=event_id)
    if event.status == Status.RETRACTED.value:
        raise CurationError("This event was retracted. Undo the retraction before you change it.")
    return event


def _latest(event: Event) -> Revision:
    return Revision.objects.filter(event=event).latest("seq")


def _people(event: Event) -> set[int]:
    rows = event.parties.filter(role=Role.SUBJECT.value, executive__isnull=False)
    return set(rows.values_list("executive_id", flat=True))


def _next_event_id() -> int:
    """The id that the new event will have: its payload, which the ledger keeps, names it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('events_event', 'id'))")
        return int(cursor.fetchone()[0])
