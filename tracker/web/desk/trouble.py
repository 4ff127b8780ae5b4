"""What went wrong on the way to the queue: feeds that fail, entries that did not arrive, articles without candidates."""

from __future__ import annotations

from dataclasses import dataclass, field

from events.choices import DocumentState, FeedState, ItemState
from events.models.sources import Document, Feed, FeedItem

SHOWN_TROUBLE = 5


@dataclass
class Trouble:
    """What a curator should look at: feeds that fail, entries that did not arrive, articles without candidates."""

    feeds: list[Feed] = field(default_factory=list)
    items: list[FeedItem] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    failed_items: int = 0
    failed_documents: int = 0

    def __bool__(self) -> bool:
        return bool(self.feeds or self.items or self.documents)


def trouble() -> Trouble:
    """The latest of each, with how many there are in all."""
    items = FeedItem.objects.filter(state__in=[ItemState.FAILED.value, ItemState.DEAD.value])
    failed = (DocumentState.NO_TEXT.value, DocumentState.UNSUPPORTED.value, DocumentState.FAILED.value)
    documents = Document.objects.filter(state__in=failed, is_latest=True)
    return Trouble(
        feeds=list(Feed.objects.filter(state__in=[FeedState.FAILING.value, FeedState.GONE.value])[:20]),
        items=list(items.select_related("feed").defer("content")[:SHOWN_TROUBLE]),
        documents=list(documents.defer("raw", "text")[:SHOWN_TROUBLE]),
        failed_items=items.count(),
        failed_documents=documents.count(),
    )
