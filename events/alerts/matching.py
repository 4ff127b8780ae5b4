"""From a revision to the outbox: who gets a message, written as deliveries. Sends nothing.

Every step may be run again: after a crash at any point, or by two workers at once, each subscriber still has
one delivery a revision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.crypto import salted_hmac

from events.alerts.audience import (
    IDENTITY_ALONE,
    addressed,
    matching_subscriptions,
    tells_identity_alone,
    told,
)
from events.alerts.schedule import CLAIM, first_attempt
from events.choices import DeliveryState, Frequency, Operation, WorkState
from events.models.alerts import Delivery, Matching, Subscription
from events.models.record import Revision

BATCH = 500
"""Subscribers written in one transaction; what is held in memory at a time."""


@dataclass(frozen=True)
class Recipient:
    """A subscriber, and which subscriptions matched: none for one who hears of it only as told before."""

    subscriber: int
    time_zone: str = "UTC"
    subscriptions: tuple[int, ...] = ()
    frequencies: tuple[Frequency, ...] = ()


def due_revisions(limit: int = 500) -> list[int]:
    """Numbers of revisions that wait to be matched, oldest first: new ones and those whose worker died."""
    rows = Matching.objects.filter(_claimable()).order_by("revision_id")
    return list(rows.values_list("revision_id", flat=True)[:limit])


def match_revision(seq: int) -> int:
    """Writes the deliveries of a revision; gives how many were new. 0 when another worker has it.

    A revision that a later one has replaced gets none: the later one's matching tells whoever must know. It is
    done without a time, so that the later one knows that its news was not matched.
    """
    claimed = Matching.objects.filter(_claimable(), revision_id=seq)
    if not claimed.update(state=WorkState.CLAIMED.value, claimed_until=Now() + CLAIM):
        return 0
    revision = Revision.objects.get(seq=seq)
    withdraw_unsent(revision)
    written = 0
    replaced = Revision.objects.filter(event=revision.event_id, seq__gt=seq).exists()
    if not replaced:
        for batch in _batches(_recipients(revision)):
            written += _write(revision, batch)
    Matching.objects.filter(revision_id=seq).update(
        state=WorkState.DONE.value, claimed_until=None, done_at=None if replaced else Now()
    )
    return written


def withdraw_unsent(revision: Revision) -> int:
    """Cancels what still waits to be sent about the event's earlier revisions; gives how many."""
    return Delivery.objects.filter(
        revision__event=revision.event_id, revision__seq__lt=revision.seq, state=DeliveryState.PENDING.value
    ).update(
        state=DeliveryState.CANCELLED.value, error=f"Replaced by revision {revision.seq} before it was sent."
    )


def message_id(seq: int, subscriber: int) -> str:
    """The Message-ID of a revision's mail to a subscriber: always the same, and not to be guessed."""
    secret = salted_hmac("events.alerts.message_id", f"{seq}.{subscriber}", algorithm="sha256").hexdigest()[
        :20
    ]
    return f"<r{seq}.s{subscriber}.{secret}@{mail_domain()}>"


def mail_domain() -> str:
    """The domain of the sender's address."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"


def _claimable() -> Q:
    abandoned = Q(state=WorkState.CLAIMED.value, claimed_until__lt=Now())
    return Q(state=WorkState.PENDING.value) | abandoned


def _recipients(revision: Revision) -> Iterator[Recipient]:
    """Those who follow it, then those who were told before; one of both kinds comes twice, the first counts.

    An event that was merged into another is no news, and who is one with whom neither, but for those who were told
    of the event or whose message was about to be sent.
    """
    if revision.payload.get("merged_into") is not None:
        return
    if revision.operation != Operation.DEL.value:
        rows = matching_subscriptions(revision)
        if tells_identity_alone(revision) and _news_was_matched(revision):
            rows = rows.filter(subscriber__in=addressed(revision).values("subscriber"))
        yield from _followers(rows)
    before = told(revision).order_by("subscriber_id").values_list("subscriber_id", flat=True).distinct()
    for subscriber in before.iterator(chunk_size=BATCH):
        yield Recipient(subscriber)


def _news_was_matched(revision: Revision) -> bool:
    """Whether the followers of the event's last news have their deliveries, by its own matching or a later one's."""
    earlier = Revision.objects.filter(event=revision.event_id, seq__lt=revision.seq)
    news = earlier.exclude(IDENTITY_ALONE).order_by("-seq").values_list("seq", flat=True).first()
    done = Matching.objects.filter(state=WorkState.DONE.value, done_at__isnull=False)
    return done.filter(revision__in=earlier.filter(seq__gte=news or 0)).exists()


def _followers(subscriptions: QuerySet[Subscription]) -> Iterator[Recipient]:
    rows = subscriptions.order_by("subscriber_id", "id").values_list(
        "subscriber_id", "subscriber__time_zone", "id", "frequency"
    )
    for (subscriber, time_zone), group in groupby(rows.iterator(chunk_size=BATCH), key=lambda row: row[:2]):
        found = list(group)
        yield Recipient(
            subscriber,
            time_zone,
            tuple(row[2] for row in found),
            tuple(Frequency(row[3]) for row in found),
        )


def _batches(recipients: Iterator[Recipient]) -> Iterator[list[Recipient]]:
    while batch := list(islice(recipients, BATCH)):
        yield batch


@transaction.atomic
def _write(revision: Revision, batch: list[Recipient]) -> int:
    """Writes one batch, a subscriber at most once."""
    by_subscriber: dict[int, Recipient] = {}
    for recipient in batch:
        by_subscriber.setdefault(recipient.subscriber, recipient)
    mine = Delivery.objects.filter(revision=revision, subscriber__in=by_subscriber)
    before = set(mine.values_list("subscriber_id", flat=True))
    new = [recipient for key, recipient in by_subscriber.items() if key not in before]
    informed = set(
        told(revision).filter(subscriber__in=by_subscriber).values_list("subscriber_id", flat=True)
    )
    now = timezone.now()
    Delivery.objects.bulk_create(
        [Delivery(**_columns(revision, row, row.subscriber in informed, now)) for row in new],
        ignore_conflicts=True,
    )
    ids = dict(mine.values_list("subscriber_id", "id"))
    link = Delivery.subscriptions.through
    link._default_manager.bulk_create(
        [
            link(delivery_id=ids[row.subscriber], subscription_id=subscription)
            for row in new
            for subscription in row.subscriptions
        ],
        ignore_conflicts=True,
    )
    return len(new)


def _columns(revision: Revision, recipient: Recipient, informed: bool, now: datetime) -> dict[str, Any]:
    """A delivery's columns. A correction is due at once, however often its reader wants to hear of news."""
    columns: dict[str, Any] = {
        "revision": revision,
        "subscriber_id": recipient.subscriber,
        "message_id": message_id(revision.seq, recipient.subscriber),
        # Left to the database, each default is an expression that Django copies for every row.
        "created_at": now,
    }
    due = None if informed else first_attempt(recipient.frequencies, recipient.time_zone, now)
    return columns | {"next_attempt_at": due or now}
