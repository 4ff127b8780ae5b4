"""Documents as the public may see them: where they are, and the words that published events quote.

Never the article's text, and never a document that proves nothing published: its title alone may be an
allegation that nobody has reviewed.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from events.choices import Status
from events.models.record import Evidence
from events.models.sources import Document
from events.timelines.entries import instant

JSON = dict[str, Any]


def standing_evidence() -> QuerySet[Evidence]:
    """What events quote which stand."""
    return Evidence.objects.filter(event__head__isnull=False).exclude(event__status=Status.RETRACTED.value)


def documents() -> QuerySet[Document]:
    """The documents that events quote which stand, with what `document` reads; the texts are not loaded."""
    standing = standing_evidence()
    quotes = Prefetch("evidence", queryset=standing.order_by("start", "end", "event_id", "field"))
    quoted = Document.objects.filter(Exists(standing.filter(document=OuterRef("pk"))))
    return quoted.defer("raw", "text").prefetch_related(quotes)


def document(row: Document) -> JSON:
    """A document's metadata and the quotes from it; offsets count code points of its text."""
    return {
        "id": row.pk,
        "url": row.url,
        "version": row.version,
        "is_latest": row.is_latest,
        "title": row.title,
        "authors": row.authors,
        "language": row.language,
        "published": instant(row.published_at) if row.published_at else None,
        "fetched": instant(row.fetched_at),
        "text_sha256": row.text_sha256,
        "quotes": [
            {
                "event": item.event_id,
                "field": item.field,
                "quote": item.quote,
                "start": item.start,
                "end": item.end,
            }
            for item in row.evidence.all()
        ],
    }
