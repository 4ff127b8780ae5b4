"""Looks again at pages that gave candidates: news is corrected, mostly within days, and nobody is told."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from events.exceptions import FetchFailed, FetchRefused, NoText
from events.feeds.article import read_article
from events.feeds.documents import Source, store_document
from events.feeds.errors import HostBusy
from events.feeds.fetch import ARTICLE_TYPES
from events.feeds.polling import request
from events.models.sources import Document

log = logging.getLogger(__name__)
AFTER = (timedelta(days=1), timedelta(days=3), timedelta(days=10), timedelta(days=30))
"""How long after a page was fetched it is looked at again."""
BATCH = 200
FIRST_LOOK = (
    f"CASE WHEN starts_with(url, 'http') AND is_latest AND visits = 0 AND revisit_at IS NULL"
    f" THEN fetched_at + interval '{AFTER[0].days} days' ELSE revisit_at END"
)
"""What `revisit_at` becomes when a page is to be looked at again, as SQL: what it is, for a file, an older version,
or a page whose looks are planned already."""


def due_revisits(now: datetime | None = None, limit: int = BATCH) -> list[int]:
    """Primary keys of the documents whose page is to be looked at, longest due first."""
    due = Document.objects.filter(revisit_at__lte=now or timezone.now(), is_latest=True)
    return list(due.order_by("revisit_at").values_list("pk", flat=True)[:limit])


def revisit(document_id: int) -> Document | None:
    """Looks at a page that is due; gives the new version where its text has changed, else None.

    A page that cannot be had is left for its next look. Raises nothing but database errors.
    """
    document = _claim(document_id, timezone.now())
    if document is None:
        return None
    try:
        answer = request(document.url, accept=ARTICLE_TYPES, heed_robots=True)
        article = read_article(answer.body, answer.content_type, answer.url_final)
    except HostBusy as error:
        # No look was had: it is due again when the host is free, and counts as one then.
        again = timezone.now() + timedelta(seconds=error.wait)
        Document.objects.filter(pk=document_id, visits=document.visits + 1).update(
            revisit_at=again, visits=document.visits
        )
        return None
    except (FetchFailed, FetchRefused, NoText) as error:
        log.info("looking again at document %s: %s", document_id, error)
        return None
    source = Source(document.url, answer.body, answer.content_type, document.feed, document.context)
    found, is_new = store_document(article, source)
    return found if is_new else None


def _claim(document_id: int, now: datetime) -> Document | None:
    """The document, with its next look set: one conditional UPDATE, so that of many workers one has it."""
    document = Document.objects.filter(pk=document_id).select_related("feed").defer("raw", "text").first()
    if document is None:
        return None
    visits = document.visits + 1
    following = document.fetched_at + AFTER[visits] if visits < len(AFTER) else None
    if following is not None and following <= now:
        following = now + AFTER[0]  # after a standstill, looks do not follow each other at once
    mine = Document.objects.filter(
        pk=document_id, revisit_at__lte=now, is_latest=True, visits=document.visits
    )
    return document if mine.update(visits=visits, revisit_at=following) else None
