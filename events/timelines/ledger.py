"""Revisions by event. The stream of changes is read by `texts.changes_after`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from events.models.record import Revision
from events.timelines.entries import instant, surviving

JSON = dict[str, Any]


def revisions(event_id: int) -> QuerySet[Revision]:
    """Every revision of an event, or of the one that it was merged into."""
    return Revision.objects.filter(event_id=surviving(event_id))


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
