"""Celery tasks: primary keys in, one stage called. The `due` tasks ask PostgreSQL what there is to do, so that a
lost message costs one tick and loses nothing.
"""

from __future__ import annotations

import time

from celery import shared_task
from celery.signals import worker_init
from django.conf import settings

from events import curation, intake, names, retention
from events.alerts import matching, sending, silence, subscriptions
from events.alerts.hooks import sending as hooks
from events.feeds import notices, polling, push, revisits
from events.models.candidates import Candidate
from events.models.sources import Document, FeedItem
from events.outcomes import tell

FEEDS_A_TICK = 5_000
ITEMS_A_TICK = 2_000
FEEDS_A_MESSAGE = 20
SECONDS_A_MESSAGE = 60.0
"""What one tick hands out, what one message carries, and for how long a worker begins polls of one message: less
than a task may take."""
SECONDS_A_SENDING = 25.0
"""How long a worker goes on sending mail. Less than a tick, so that ticks alone keep about one worker at it, and every
message finds a worker some time."""
SECONDS_A_PRUNING = 200.0
"""How long a worker goes on deleting: less than a task may take."""
SOON = 120.0
"""Seconds up to which a message waits for its host's turn with a worker; what is later, a tick finds."""


@worker_init.connect
def load_readings(**_: object) -> None:
    """Loads the readings of Chinese characters before a worker's processes part, so that they share the memory."""
    names.pinyin("字")


@shared_task
def poll_due_feeds() -> int:
    """Hands out every feed that is due: one by one while they are few, else some to a message. Gives their number."""
    keys = polling.due_feeds(limit=FEEDS_A_TICK)
    size = max(1, min(FEEDS_A_MESSAGE, len(keys) // 50))
    for start in range(0, len(keys), size):
        poll_feeds.apply_async((keys[start : start + size],), expires=_expiry())
    return len(keys)


@shared_task
def poll_feeds(feed_ids: list[int]) -> None:
    """Polls some feeds one after the other, then their new entries are due.

    Slow ones keep the rest waiting for a minute at most: those are still due, and are handed out again.
    """
    end = time.monotonic() + SECONDS_A_MESSAGE
    for feed_id in feed_ids:
        if time.monotonic() > end:
            break
        run = polling.poll_feed(feed_id)
        if run is None:
            continue
        tell("feed.polled", run.outcome, feed=feed_id, run=run.pk, seen=run.items_seen, new=run.items_new)
        if run.items_new:
            _fetch(polling.due_items(feed_id=feed_id))


@shared_task
def watch_feeds() -> None:
    """Tells staff of feeds that fell silent, fail or yield no text, and takes back what is over."""
    notices.raise_notices()


@shared_task
def fetch_due_items() -> int:
    """Hands out every feed entry whose article is to be fetched."""
    return _fetch(polling.due_items(limit=ITEMS_A_TICK))


@shared_task
def fetch_item(item_id: int) -> None:
    """Fetches one entry's article, then its document is due for extraction.

    While the article's host is busy with others, no worker waits: the message comes again when it is the entry's turn.
    """

    busy = False

    def again(seconds: float) -> None:
        nonlocal busy
        busy = True
        if seconds <= SOON:
            fetch_item.apply_async((item_id,), countdown=seconds, expires=seconds + _expiry())

    document = polling.fetch_item(item_id, when_busy=again)
    if not busy:
        # Without a document it is told what the entry is now: failed, dead, or in another worker's hands.
        item = FeedItem.objects.filter(pk=item_id).only("state", "feed_id").first()
        rows = {"item": item_id, "feed": item and item.feed_id, "document": document and document.pk}
        tell("item.fetched", item.state if item else "deleted", **rows)
    if document is not None:
        extract_document.delay(document.pk)


def _fetch(keys: list[int]) -> int:
    for key in keys:
        fetch_item.apply_async((key,), expires=_expiry())
    return len(keys)


def _expiry() -> float:
    """Seconds after which a message that no worker has begun is not worth anything: the next tick hands out anew what
    is due, and messages need not pile up."""
    seconds: float = max(settings.TICK.total_seconds(), 30.0)
    return seconds


@shared_task
def extract_due_documents() -> int:
    """Hands out every document that waits for extraction."""
    return _hand_out(extract_document, intake.due_documents())


@shared_task
def extract_document(document_id: int) -> None:
    """Extracts one document's claims into candidates."""
    if intake.take_in(document_id):
        document = Document.objects.filter(pk=document_id).only("state", "feed_id").first()
        candidates = Candidate.objects.filter(document_id=document_id).count()
        rows = {"document": document_id, "feed": document and document.feed_id, "candidates": candidates}
        tell("document.extracted", document.state if document else "deleted", **rows)


@shared_task
def revisit_due_documents() -> int:
    """Hands out every page that is to be looked at again."""
    return _hand_out(revisit_document, revisits.due_revisits())


@shared_task
def revisit_document(document_id: int) -> None:
    """Looks at one page again, then its new version, if there is one, is due for extraction."""
    changed = revisits.revisit(document_id)
    if changed is not None:
        extract_document.delay(changed.pk)


@shared_task
def renew_due_pushes() -> int:
    """Hands out every subscription to a hub that is to be asked for, renewed or ended."""
    return _hand_out(renew_push, push.due_pushes())


@shared_task
def renew_push(subscription_id: int) -> None:
    """Asks one hub."""
    push.renew_push(subscription_id)


@shared_task
def match_due_revisions() -> int:
    """Hands out every revision that subscribers have not been matched with."""
    return _hand_out(match_revision, matching.due_revisions())


@shared_task
def match_revision(seq: int) -> None:
    """Finds who must hear of one revision, or some of a large audience; then mail may be due."""
    written = matching.match_revision(seq)
    if matching.is_due(seq):
        match_revision.apply_async((seq,), expires=_expiry())
    if written:
        send_due_mail.apply_async(expires=_expiry())
    send_due_webhooks()


@shared_task
def look_again(seq: int) -> None:
    """Has candidates that wait stand in the queue by what is news now that a revision is on record."""
    curation.look_again(seq)


@shared_task
def send_due_mail() -> int:
    """Gathers what is due into mails and sends them, until nothing is due or others are to have their turn."""
    return sending.send_all(SECONDS_A_SENDING)


@shared_task
def send_due_webhooks() -> int:
    """Hands out every webhook that has a message to be sent, each to one worker. Gives their number."""
    keys = hooks.due_webhooks()
    for key in keys:
        send_webhook.apply_async((key,), expires=_expiry())
    return len(keys)


@shared_task
def send_webhook(webhook_id: int) -> None:
    """Sends what is due to one webhook, in order, for a while."""
    hooks.send_webhook(webhook_id, SECONDS_A_SENDING)


@shared_task
def tell_silences() -> int:
    """Writes the mails of silences that have lasted long enough; then they are due."""
    told = sum(silence.tell_silence(key) for key in silence.due_silences())
    if told:
        send_due_mail.apply_async(expires=_expiry())
    return told


@shared_task
def forget_unconfirmed() -> int:
    """Deletes addresses that nobody has confirmed for long."""
    return subscriptions.forget_unconfirmed()


@shared_task
def prune() -> bool:
    """Lets go of what is not kept for ever; whether there was time for all of it."""
    return retention.prune(retention.rules(), seconds=SECONDS_A_PRUNING)


def _hand_out(task: object, keys: list[int]) -> int:
    for key in keys:
        task.delay(key)  # type: ignore[attr-defined]
    return len(keys)
