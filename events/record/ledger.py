"""The append-only chain of revisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone

from events.choices import Operation
from events.models.access import User
from events.models.alerts import Matching
from events.models.record import Event, LedgerHead, Revision
from events.record.canonical import JSON, chain_hash, differences, plain

GENESIS = "0" * 64

revision_committed = Signal()
"""Sent after the commit, with `seq`. A nudge only: whoever misses it finds the work in the database."""


def content(revision: Revision) -> JSON:
    """All that a revision says, as its hash covers it; the act only where there is one."""
    act = {"act": revision.act_id} if revision.act_id is not None else {}
    return act | {
        "seq": revision.seq,
        "event": revision.event_id,
        "number": revision.number,
        "operation": revision.operation,
        "payload": revision.payload,
        "changes": revision.changes,
        "subjects": revision.subjects,
        "author": revision.author_id,
        "approver": revision.approver_id,
        "reason": revision.reason,
        "recorded_at": revision.recorded_at.isoformat(),
    }


def append(
    event: Event, operation: Operation, payload: JSON, author: User, approver: User | None, reason: str
) -> Revision:
    """Writes the next revision of an event, as the last act of the transaction that publishes it.

    The head row is locked from here to the commit: numbers therefore grow in the order of commits and have no
    gaps, and the chain cannot fork. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a revision is appended inside the transaction that publishes it")
    payload = plain(payload)
    before = Revision.objects.filter(event=event).order_by("-seq").first()
    LedgerHead.objects.bulk_create([LedgerHead()], ignore_conflicts=True)
    head = LedgerHead.objects.select_for_update().get(id=1)
    revision = Revision(
        seq=head.seq + 1,
        event=event,
        number=before.number + 1 if before else 1,
        operation=operation.value,
        payload=payload,
        changes=differences(before.payload if before else {}, payload),
        subjects=bears_on(payload),
        author=author,
        approver=approver,
        reason=reason,
        recorded_at=_next_instant(head.seq),
        previous_hash=head.hash,
    )
    revision.hash = chain_hash(head.hash, content(revision))
    revision.save(force_insert=True)
    LedgerHead.objects.filter(id=1).update(seq=revision.seq, hash=revision.hash)
    Event.objects.filter(id=event.id).update(head=revision)
    Matching.objects.create(revision=revision)
    transaction.on_commit(lambda: _nudge(revision.seq))
    return revision


def _nudge(seq: int) -> None:
    revision_committed.send_robust(sender=Revision, seq=seq)


def bears_on(payload: JSON) -> list[str]:
    """Whom a payload bears on: `person:ID` and `organization:ID` of subject, participants and organization."""
    found = {
        f"{party['type']}:{party['id']}"
        for party in (payload["subject"], *payload["details"].get("participants", []))
        if party.get("id") is not None
    }
    organization = payload["details"].get("organization")
    if organization and organization.get("id") is not None:
        found.add(f"organization:{organization['id']}")
    return sorted(found)


def _next_instant(seq: int) -> datetime:
    """Now, or the last revision's instant where a clock was set back: time in the ledger never falls."""
    last = Revision.objects.filter(seq=seq).values_list("recorded_at", flat=True).first()
    now = timezone.now()
    return max(now, last) if last else now


@dataclass(frozen=True)
class Break:
    """The first place where the chain does not hold."""

    seq: int
    problem: str


def verify() -> tuple[int, Break | None]:
    """Walks the whole chain. Gives the number of revisions found whole, and the first break, if any."""
    previous, expected, count = GENESIS, 1, 0
    with transaction.atomic():
        for revision in _in_order():
            problem = _problem(revision, previous, expected)
            if problem:
                return count, Break(revision.seq, problem)
            previous, expected, count = revision.hash, expected + 1, count + 1
        head = LedgerHead.objects.filter(id=1).first()
    if head and (head.seq, head.hash) != (count, previous):
        return count, Break(head.seq, f"the ledger's head says {head.seq} revisions, but {count} are there")
    return count, None


def _in_order() -> Iterator[Revision]:
    return Revision.objects.order_by("seq").iterator(chunk_size=1000)


def _problem(revision: Revision, previous: str, expected: int) -> str:
    if revision.seq != expected:
        return f"revision {expected} is missing"
    if revision.previous_hash != previous:
        return "it does not carry the hash of the revision before it"
    if chain_hash(previous, content(revision)) != revision.hash:
        return "its content does not have its hash: it was changed after it was written"
    return ""
