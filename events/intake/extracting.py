"""Runs extraction over a document and keeps its claims as candidates. Can be run again at any time."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from events.choices import DocumentState
from events.extraction import VERSION
from events.feeds import revisits
from events.intake import keeping, versions
from events.intake.known import known_names
from events.intake.proposing import propose
from events.models.candidates import Candidate
from events.models.sources import Document

log = logging.getLogger(__name__)

CLAIM_FOR = timedelta(minutes=5)
"""How long one worker may hold a document before another takes it over."""
MAX_ATTEMPTS = 5
LANGUAGES = ("en", "zh")
BATCH = 100


def due_documents(limit: int = BATCH) -> list[int]:
    """Documents that wait for extraction and that nobody holds."""
    return list(_due().order_by("id").values_list("id", flat=True)[:limit])


def _due() -> Any:
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=timezone.now())
    return Document.objects.filter(free, state=DocumentState.FETCHED.value)


def extract_document(document_id: int) -> list[Candidate]:
    """Reads a document's claims as `take_in` does; gives the document's candidates."""
    take_in(document_id)
    return list(Candidate.objects.filter(document_id=document_id).order_by("id"))


def take_in(document_id: int) -> bool:
    """Reads a document's claims and keeps them as candidates; False when it is not due or another worker has it.

    Two workers never do it at once: the second finds the document claimed. A document that makes extraction fail is
    tried again later, and after five times it says so to the curators.
    """
    claimed = _due().filter(id=document_id).update(
        claimed_until=timezone.now() + CLAIM_FOR, attempts=F("attempts") + 1
    )  # fmt: skip
    if not claimed:
        return False
    document = Document.objects.defer("raw", "bands", "signature", "anchors").get(id=document_id)
    try:
        _extract(document)
    except Exception as error:
        log.exception("extraction of document %s failed", document_id)
        _failed(document, error)
    return True


def _failed(document: Document, error: Exception) -> None:
    again = document.attempts < MAX_ATTEMPTS
    Document.objects.filter(id=document.id).update(
        state=(DocumentState.FETCHED if again else DocumentState.FAILED).value,
        error=f"Extraction failed: {type(error).__name__}: {error}"[:1000],
        claimed_until=timezone.now() + timedelta(minutes=2**document.attempts) if again else None,
    )


def _extract(document: Document) -> None:
    if not document.text.strip():
        return _done(document, DocumentState.NO_TEXT, "The document has no text.")
    if document.language and document.language.split("-")[0] not in LANGUAGES:
        return _done(
            document, DocumentState.UNSUPPORTED, f"Articles in {document.language!r} are not read yet."
        )
    known = known_names()
    proposals = propose(document, known)
    with transaction.atomic():
        # The page's earlier versions too: two versions of one page must not be handed over at once.
        rows = Document.objects.select_for_update().filter(url=document.url).order_by("id")
        number_of_versions = len(rows.values_list("id"))
        keeping.keep(document, proposals, known)
        _done(document, DocumentState.EXTRACTED, "")
        if number_of_versions > 1:
            _follow_newest(document.url)
        if proposals:
            revisits.plan(document)
    return None


def _follow_newest(url: str) -> None:
    newest = Document.objects.filter(url=url, is_latest=True, state=DocumentState.EXTRACTED.value)
    for version in newest.defer("raw", "text"):
        versions.follow(version)


def _done(document: Document, state: DocumentState, error: str) -> None:
    Document.objects.filter(id=document.id).update(
        state=state.value,
        error=error,
        claimed_until=None,
        extractor_version=VERSION,
        extracted_at=timezone.now(),
    )
