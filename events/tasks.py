"""Celery tasks: primary keys in, one stage called. The `due` tasks ask PostgreSQL what there is to do, so that a
lost message costs one tick and loses nothing.
"""

from __future__ import annotations

import time

from celery import shared_task
from django.conf import settings

from events import intake
from events.alerts import delivery, matching
from events.feeds import notices, polling, push, revisits

FEEDS_A_TICK = 5_000
FEEDS_A_MESSAGE = 20
SECONDS_A_MESSAGE = 60.0
"""What one tick hands out, what one message carries, and for how long a worker begins polls of one message: less
than a task may take."""


@shared_task
def poll_due_feeds() -> int:
    """Hands out every feed that is due: one by one while they are few, else some to a message. Gives their number."""
    keys = polling.due_feeds(limit=FEEDS_A_TICK)
    size = max(1, min(FEEDS_A_MESSAGE, len(keys) // 50))
    for start in range(0, len(keys), size):
        # What no worker has begun by the next tick is handed out then; it need not pile up.
        poll_feeds.apply_async((keys[start : start + size],), expires=settings.TICK.total_seconds())
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
        if run is not None and run.items_new:
            _hand_out(fetch_item, polling.due_items(feed_id=feed_id))


@shared_task
def watch_feeds() -> None:
    """Tells staff of feeds that fell silent, fail or yield no text, and takes back what is over."""
    notices.raise_notices()


@shared_task
def fetch_due_items() -> int:
    """Hands out every feed entry whose article is to be fetched."""
    return _hand_out(fetch_item, polling.due_items())


@shared_task
def fetch_item(item_id: int) -> None:
    """Fetches one entry's article, then its document is due for extraction."""
    document = polling.fetch_item(item_id)
    if document is not None:
        extract_document.delay(document.pk)


@shared_task
def extract_due_documents() -> int:
    """Hands out every document that waits for extraction."""
    return _hand_out(extract_document, intake.due_documents())


@shared_task
def extract_document(document_id: int) -> None:
    """Extracts one document's claims into candidates."""
    intake.extract_document(document_id)


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
    """Finds who must hear of one revision, then the mail is due."""
    if matching.match_revision(seq):
        send_due_mail.delay()


@shared_task
def send_due_mail() -> int:
    """Hands out every message that is due."""
    return _hand_out(send_delivery, delivery.due_deliveries())


@shared_task
def send_delivery(delivery_id: int) -> None:
    """Sends one message."""
    delivery.send_delivery(delivery_id)


def _hand_out(task: object, keys: list[int]) -> int:
    for key in keys:
        task.delay(key)  # type: ignore[attr-defined]
    return len(keys)
