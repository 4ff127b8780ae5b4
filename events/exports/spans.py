"""Which part of the ledger an export tells: all that stood at a place of it, or what changed between two places.

An export is read in many short statements, each with a snapshot of its own. What keeps them consistent is the ledger:
every statement asks for the record as it was after the same revision, and that answer never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from events.exceptions import TrackerError
from events.models.record import Revision


class UnknownSpan(TrackerError, ValueError):
    """A span that ends before it begins, or that begins after the ledger's end."""


@dataclass(frozen=True)
class Span:
    """The record after the revision `until`; with `since`, only what is different from the record after that one.

    Both are sequence numbers, as in an entry's `revision.seq` and the change stream's cursor; 0 is before the first.
    """

    until: int
    since: int | None = None


def span(
    *,
    known_at: datetime | None = None,
    until_seq: int | None = None,
    recorded_since: datetime | None = None,
    since_seq: int | None = None,
) -> Span:
    """The span that a caller asks for, by instants or by sequence numbers; the narrower of the two where both are given.

    Raises UnknownSpan for a span that ends before it begins and for a `since_seq` that is not written yet.
    """
    ends = [_head()]
    if known_at is not None:
        ends.append(_head(known_at))
    if until_seq is not None:
        ends.append(until_seq)
    begins = [
        seq for seq in (since_seq, _head(recorded_since) if recorded_since else None) if seq is not None
    ]
    if not begins:
        return Span(min(ends))
    if max(begins) > min(ends):
        raise UnknownSpan(
            f"The increment begins after revision {max(begins)}, but it ends with revision {min(ends)}."
        )
    return Span(min(ends), max(begins))


def _head(instant: datetime | None = None) -> int:
    """The last revision, or the last that was recorded at or before an instant. Instants never fall along the ledger."""
    rows = Revision.objects.all() if instant is None else Revision.objects.filter(recorded_at__lte=instant)
    found: int | None = rows.aggregate(last=Max("seq"))["last"]
    return found or 0
