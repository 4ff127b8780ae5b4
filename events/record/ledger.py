"""The append-only chain of revisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone

from events.choices import Operation
from events.models.access import User
from events.models.acts import Act
from events.models.alerts import Matching
from events.models.record import Event, LedgerHead, Revision
from events.outcomes import tell
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


@dataclass(frozen=True)
class Entry:
    """One revision to be written."""

    event: Event
    operation: Operation
    payload: JSON


def append(
    entries: Sequence[Entry], author: User, approver: User | None, reason: str, act: Act | None = None
) -> list[Revision]:
    """Writes the next revision of each event, as the last thing that the publishing transaction does.

    The head row is locked from here to the commit: numbers therefore grow in the order of commits and have no
    gaps, and the chain cannot fork. Raises RuntimeError outside a transaction, ValueError for two entries of one
    event.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a revision is appended inside the transaction that publishes it")
    if len({entry.event.pk for entry in entries}) < len(entries):
        raise ValueError("an event gets one revision at a time")
    latest = _latest([entry.event.pk for entry in entries if entry.event.head_id is not None])
    payloads = [plain(entry.payload) for entry in entries]
    changes = [
        differences(latest[entry.event.pk].payload if entry.event.pk in latest else {}, payload)
        for entry, payload in zip(entries, payloads, strict=True)
    ]
    head = _head()
    recorded_at = _next_instant(head.seq)
    revisions = []
    for entry, payload, changed in zip(entries, payloads, changes, strict=True):
        before = latest.get(entry.event.pk)
        revision = Revision(
            seq=head.seq + 1,
            event=entry.event,
            number=before.number + 1 if before else 1,
            operation=entry.operation.value,
            payload=payload,
            changes=changed,
            subjects=bears_on(payload),
            author=author,
            approver=approver,
            reason=reason,
            recorded_at=recorded_at,
            act=act,
            previous_hash=head.hash,
        )
        revision.hash = chain_hash(head.hash, content(revision))
        head.seq, head.hash = revision.seq, revision.hash
        revisions.append(revision)
    _save(revisions, head)
    Matching.objects.bulk_create(Matching(revision=revision) for revision in revisions)
    for revision in revisions:
        rows = {"revision": revision.seq, "event": revision.event_id}
        transaction.on_commit(partial(tell, "revision.published", revision.operation, **rows))
        transaction.on_commit(partial(_nudge, revision.seq))
    return revisions


def _head() -> LedgerHead:
    """The head row, locked; there is one from the first revision on."""
    rows = LedgerHead.objects.select_for_update()
    head = rows.filter(id=1).first()
    if head is None:
        LedgerHead.objects.bulk_create([LedgerHead()], ignore_conflicts=True)
        head = rows.get(id=1)
    return head


def _latest(events: list[int]) -> dict[int, Revision]:
    """The latest revision of each of the events that has one."""
    rows = Revision.objects.filter(event__in=events).order_by("event_id", "-seq").distinct("event_id")
    return {row.event_id: row for row in rows}


def _save(revisions: list[Revision], head: LedgerHead) -> None:
    Revision.objects.bulk_create(revisions)
    head.save()
    for revision in revisions:
        Event.objects.filter(id=revision.event_id).update(head=revision)


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
