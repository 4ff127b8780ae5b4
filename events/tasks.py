"""Celery tasks: primary keys in, one stage called. The `due` tasks ask PostgreSQL what there is to do, so that a
lost message costs one tick and loses nothing.
"""

from __future__ import annotations

from celery import shared_task

from events import intake
from events.alerts import delivery, matching
from events.feeds import polling, push, revisits


@shared_task
def poll_due_feeds() -> int:
    """Hands out every feed that is due. Gives their number."""
    return _hand_out(poll_feed, polling.due_feeds())


@shared_task
def poll_feed(feed_id: int) -> None:
    """Polls one feed, then its new entries are due."""
    polling.poll_feed(feed_id)
    fetch_due_items.delay()


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
