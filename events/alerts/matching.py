"""From a revision to the outbox: who gets a message, written as deliveries. Sends nothing.

Every step may be run again: after a crash at any point, or by two workers at once, each subscriber still has
one delivery a revision. A large audience is written batch by batch, each in a transaction of its own that keeps how
far it got; a worker gives the rest back after a while, so that no other revision waits for it.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, time
from time import monotonic
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from events.alerts import reach
from events.alerts.audience import Audience
from events.alerts.hooks.matching import write_messages
from events.alerts.schedule import CLAIM, due
from events.choices import DeliveryState, WorkState
from events.dates import PartialDate
from events.models.alerts import Delivery, Matching
from events.models.record import Revision
from events.outcomes import tell

log = logging.getLogger(__name__)

BATCH = 10_000
"""Subscribers written in one transaction; what is held in memory at a time."""
SLICE = 2.0
"""Seconds after which a worker begins no further batch of a revision: other revisions are matched first."""
_TRIES = 3
"""Times that a batch is written anew because somebody of it has just left."""


@dataclass(frozen=True)
class Claim:
    """A worker's hold on the matching of a revision, until that time; `reached` is the last subscriber written."""

    revision: Revision
    until: datetime
    reached: int


class Written(NamedTuple):
    """One batch: how many deliveries are new, the last subscriber, and whether nobody comes after."""

    new: int
    reached: int
    is_all: bool


class ClaimLost(Exception):
    """The claim has expired, and another worker has taken over."""


def due_revisions(limit: int = 500) -> list[int]:
    """Numbers of revisions that wait to be matched, oldest first: new ones, then those whose worker died or gave a
    rest back."""
    rows = Matching.objects.filter(_claimable()).order_by("reached", "revision_id")
    return list(rows.values_list("revision_id", flat=True)[:limit])


def is_due(seq: int) -> bool:
    """Whether (the rest of) a revision waits to be matched, and no worker has it."""
    return Matching.objects.filter(_claimable(), revision_id=seq).exists()


def match_revision(seq: int) -> int:
    """Writes the deliveries of a revision; gives how many were new. 0 when another worker has it.

    A large audience takes several calls: while `is_due`, there is more. A revision that a later one has replaced
    gets no deliveries (any more): the later one's matching tells whoever must know. It is done without a time, so
    that the later one knows that its news was not matched.
    """
    claim = _claim(seq)
    if claim is None:
        return 0
    if not claim.reached:
        withdraw_unsent(claim.revision)
        write_messages(claim.revision)
    written = _write_outbox(claim)
    rows = {"revision": seq, "event": claim.revision.event_id, "deliveries": written}
    tell("revision.matched", "partly" if is_due(seq) else "wholly", **rows)
    return written


def withdraw_unsent(revision: Revision) -> int:
    """Cancels what still waits to be sent about the event's earlier revisions; gives how many.

    That is what no mail has yet, and what is in a mail that is not begun: such a mail is sent without it.
    """
    if revision.number == 1:
        return 0
    waiting = Delivery.objects.filter(
        revision__event=revision.event_id, revision__seq__lt=revision.seq, state=DeliveryState.PENDING.value
    )
    unsent = waiting.exclude(mail__state=DeliveryState.SENDING.value)
    # What decides stands in the row itself, so that it is looked at again where a worker that sends was faster.
    rows = Delivery.objects.filter(pk__in=unsent.values("pk"), state=DeliveryState.PENDING.value)
    return rows.update(
        state=DeliveryState.CANCELLED.value, error=f"Replaced by revision {revision.seq} before it was sent."
    )


def _claimable() -> Q:
    abandoned = Q(state=WorkState.CLAIMED.value, claimed_until__lt=Now())
    return Q(state=WorkState.PENDING.value) | abandoned


def _claim(seq: int) -> Claim | None:
    """Takes the revision for CLAIM, by one conditional UPDATE: of two workers one gets it."""
    claimed = Matching.objects.filter(_claimable(), revision_id=seq)
    if not claimed.update(state=WorkState.CLAIMED.value, claimed_until=Now() + CLAIM):
        return None
    row = Matching.objects.select_related("revision").get(revision_id=seq)
    return Claim(row.revision, row.claimed_until or timezone.now(), row.reached)


def _write_outbox(claim: Claim) -> int:
    """Batch after batch, until all are written, a later revision replaces this one, or others are to have their
    turn."""
    audience, reached, written = Audience(claim.revision), claim.reached, 0
    end = monotonic() + SLICE
    while not _is_replaced(claim.revision):
        try:
            batch = _write_batch(claim, audience, reached)
        except ClaimLost:
            return written
        written += batch.new
        reached = batch.reached
        if batch.is_all:
            return written
        if monotonic() > end:
            _keep(claim, state=WorkState.PENDING.value, claimed_until=None)
            return written
    _keep(claim, state=WorkState.DONE.value, claimed_until=None, done_at=None)
    return written


def _write_batch(claim: Claim, audience: Audience, reached: int) -> Written:
    """Writes the deliveries of the next subscribers."""
    for _ in range(_TRIES - 1):
        try:
            return _commit(claim, audience, reached)
        except IntegrityError as error:
            # Somebody left between two statements, and is not found again.
            log.info("matching of revision %s, after subscriber %s: %s", claim.revision.seq, reached, error)
    return _commit(claim, audience, reached)


@transaction.atomic
def _commit(claim: Claim, audience: Audience, reached: int) -> Written:
    """The last batch ends the matching in the same transaction."""
    batch = reach.next_batch(audience.followers, audience.told, after=reached, limit=BATCH)
    last = batch.last or reached
    if batch.size < BATCH:
        kept = _keep(claim, reached=last, state=WorkState.DONE.value, claimed_until=None, done_at=Now())
    else:
        kept = _keep(claim, reached=last)
    if not kept:
        raise ClaimLost
    if audience.followers and not reached:
        reach.end_silences(audience.followers, _happened(claim.revision))
    now = timezone.now()
    rows = [(alike, due(alike.frequency, alike.clock, now)) for alike in batch.readers]
    return Written(reach.write(claim.revision.seq, rows), last, is_all=batch.size < BATCH)


def _keep(claim: Claim, **columns: object) -> bool:
    """Records how far the work got, if the claim still holds; no other worker can then go on before the commit."""
    mine = Matching.objects.filter(
        revision_id=claim.revision.seq, state=WorkState.CLAIMED.value, claimed_until=claim.until
    )
    return bool(mine.update(**columns))


def _is_replaced(revision: Revision) -> bool:
    return Revision.objects.filter(event=revision.event_id, seq__gt=revision.seq).exists()


def _happened(revision: Revision) -> datetime:
    """When the event ended a silence: at the end of the period of its date or, where that lies later, when it was
    first read of (as `wishes.since_last`)."""
    date = PartialDate.from_json(revision.payload["date"])
    period = datetime.combine(date.last, time.max, UTC)
    return min(period, datetime.fromisoformat(revision.payload["first_seen"]))
