"""The ledger as readers follow it: revisions by event, and the stream of changes by cursor."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from events.models.record import Revision
from events.timelines.entries import instant, surviving

JSON = dict[str, Any]


def revisions(event_id: int) -> QuerySet[Revision]:
    """Every revision of an event, or of the one that it was merged into."""
    return Revision.objects.filter(event_id=surviving(event_id))


def changes(after: int) -> QuerySet[Revision]:
    """The revisions past a sequence number, in order.

    `seq` has no gaps and grows in the order of commits, so a reader who goes on from the last one seen misses
    nothing and sees nothing twice.
    """
    return Revision.objects.filter(seq__gt=after).order_by("seq")


def revision(row: Revision) -> JSON:
    """A revision with its full payload, what differs from the one before, and its place in the chain."""
    return {
        "seq": row.seq,
        "event": row.event_id,
        "number": row.number,
        "operation": row.operation,
        "recorded_at": instant(row.recorded_at),
        "reason": row.reason,
        "changes": row.changes,
        "payload": row.payload,
        "hash": row.hash,
        "previous_hash": row.previous_hash,
    }
