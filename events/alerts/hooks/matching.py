"""From a revision to the webhooks' messages. Sends nothing.

A webhook gets every revision of an event from the first one on that met its wish, whether the later ones meet it or
not: who keeps a copy must learn how it changes. Revisions may be matched in any order, again, and at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, TextField, Value
from django.utils.crypto import salted_hmac

from events.alerts.audience import concerned, one_with
from events.choices import WebhookState
from events.models.record import Event, Revision
from events.models.webhooks import Webhook, WebhookMessage
from events.record.identity import MAX_MERGES

BATCH = 1000
"""Messages of one INSERT; what is held in memory at a time."""
_LOCK = 1_869_573
"""Class of the advisory locks under which an event's messages are written; any number that nothing else takes."""
_INT4 = 2**31
_DIGITS = 32


def write_messages(revision: Revision) -> int:
    """Writes a message for every webhook that is to hear of the revision, and gives how many are new.

    Those are the ones whose wish it meets, and those that have a message of an earlier revision of the event, or of
    one that was merged into it. Where later revisions were matched before this one, whoever hears of this one gets
    those as well. A paused webhook's messages wait; one that is gone gets none.
    """
    events = one_with(revision.event_id)
    written = 0
    with transaction.atomic():
        _lock(events)
        # What a matching that ran ahead of this one could not know: the later revisions.
        seqs = [revision.seq, *_later(revision)]
        for batch in _batches(_new(revision, events)):
            for seq in seqs:
                written += _write(seq, batch)
    return written


def meeting(revision: Revision) -> QuerySet[Webhook]:
    """The webhooks whose every condition the revision meets: `audience.matching_subscriptions`, for webhooks."""
    payload = revision.payload
    bears_on = concerned(revision)
    said = Value(f"{payload['summary']}\n{payload['summary_zh']}", output_field=TextField())
    return (
        Webhook.objects.filter(min_severity__lte=payload["severity"])
        .filter(Q(kind="") | Q(kind=payload["kind"]))
        .filter(Q(executive__isnull=True) | Q(executive__in=bears_on.people))
        .filter(Q(organization__isnull=True) | Q(organization__in=bears_on.organizations))
        .alias(said=said)
        .filter(Q(text="") | Q(said__icontains=F("text")))
    )


def message_id(seq: int, webhook: int) -> str:
    """The `webhook-id` of a revision's message: always the same, and telling nothing of other webhooks."""
    about = salted_hmac("events.alerts.hooks.message_id", f"{seq}.{webhook}", algorithm="sha256")
    return f"msg_{about.hexdigest()[:_DIGITS]}"


def _new(revision: Revision, events: Iterable[int]) -> Iterator[int]:
    """The webhooks that are to hear of the revision and have no message of it. (Those that have one have the later
    ones, too: they were written in one transaction.)"""
    before = WebhookMessage.objects.filter(revision__event__in=events, revision__seq__lt=revision.seq)
    hears = Q(pk__in=meeting(revision).values("pk")) | Q(pk__in=before.values("webhook"))
    rows = (
        Webhook.objects.filter(hears)
        .exclude(state=WebhookState.GONE.value)
        .exclude(pk__in=_have(revision.seq))
    )
    return rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)


def _have(seq: int) -> QuerySet[WebhookMessage, int]:
    return WebhookMessage.objects.filter(revision=seq).values_list("webhook", flat=True)


def _later(revision: Revision) -> list[int]:
    """Later revisions of the event and of what it was merged into."""
    events = [revision.event_id]
    for _ in range(MAX_MERGES):
        row = Event.objects.filter(pk=events[-1]).values_list("merged_into", flat=True)
        into = row.first()
        if into is None or into in events:
            break
        events.append(into)
    rows = Revision.objects.filter(event__in=events, seq__gt=revision.seq).order_by("seq")
    return list(rows.values_list("seq", flat=True))


def _write(seq: int, webhooks: list[int]) -> int:
    """Writes the messages of a revision that these webhooks lack."""
    have = set(_have(seq).filter(webhook__in=webhooks))
    rows = [
        WebhookMessage(webhook_id=pk, revision_id=seq, message_id=message_id(seq, pk))
        for pk in webhooks
        if pk not in have
    ]
    WebhookMessage.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _batches(keys: Iterator[int]) -> Iterator[list[int]]:
    while batch := list(islice(keys, BATCH)):
        yield batch


def _lock(events: Iterable[int]) -> None:
    """One at a time writes messages of an event until the transaction ends; in order, so that no two wait for each
    other. Without it, two revisions matched at once would each miss what the other writes."""
    with connection.cursor() as cursor:
        for event in sorted(events):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, event % _INT4])
