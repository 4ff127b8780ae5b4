"""Runs extraction over a document and keeps its claims as candidates. Can be run again at any time."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from events.choices import DocumentState
from events.extraction import VERSION
from events.feeds import revisits
from events.intake import keeping, versions
from events.intake.known import NEWEST, Newest, known_names
from events.intake.proposing import propose
from events.models.candidates import Candidate
from events.models.sources import Document

log = logging.getLogger(__name__)

CLAIM_FOR = timedelta(minutes=5)
"""How long one worker may hold a document before another takes it over."""
MAX_ATTEMPTS = 5
LANGUAGES = ("en", "zh")
BATCH = 100
_UNREAD = frozenset({"raw", "bands", "signature", "anchors"})
_READ = ", ".join(field.attname for field in Document._meta.concrete_fields if field.attname not in _UNREAD)
"""Columns of a document that extraction reads: the others are large, or of no use to it."""


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

    Two workers never do it at once: the second finds the document claimed. A document that makes extraction fail, or
    ends the worker that reads it, is tried again later, and after five times it says so to the curators.
    """
    claim = _claim(document_id)
    if claim is None:
        return False
    if claim.document.attempts > MAX_ATTEMPTS:
        _given_up(claim.document)
        return True
    try:
        _extract(claim)
    except Exception as error:
        log.exception("extraction of document %s failed", document_id)
        _failed(claim.document, error)
    return True


@dataclass(frozen=True, slots=True)
class _Claim:
    """A document that is ours until its `claimed_until`; whether it had candidates then, and what names were known."""

    document: Document
    has_candidates: bool
    newest: Newest


def _claim(document_id: int) -> _Claim | None:
    """Takes a document that is due, and reads it, in one statement; None when it is not due or another has it."""
    now = timezone.now()
    rows = Document.objects.raw(
        f"UPDATE events_document SET claimed_until = %s, attempts = attempts + 1"  # noqa: S608 - our own columns
        f" WHERE id = %s AND state = %s AND (claimed_until IS NULL OR claimed_until < %s) RETURNING {_READ},"
        f" EXISTS (SELECT FROM events_candidate WHERE document_id = events_document.id) AS has_candidates,"
        f" ARRAY[{NEWEST}] AS newest",
        [now + CLAIM_FOR, document_id, DocumentState.FETCHED.value, now],
    )
    document: Any = next(iter(rows), None)
    return None if document is None else _Claim(document, document.has_candidates, tuple(document.newest))


def _failed(document: Document, error: Exception) -> None:
    again = document.attempts < MAX_ATTEMPTS
    Document.objects.filter(id=document.id).update(
        state=(DocumentState.FETCHED if again else DocumentState.FAILED).value,
        error=f"Extraction failed: {type(error).__name__}: {error}"[:1000],
        claimed_until=timezone.now() + timedelta(minutes=2**document.attempts) if again else None,
    )


def _given_up(document: Document) -> None:
    """Nobody wrote down how the last try ended, so its worker ended with it: for want of memory, most likely."""
    log.error("document %s is given up: %s workers ended while they read it", document.id, MAX_ATTEMPTS)
    error = f"Extraction was begun {MAX_ATTEMPTS} times and never came to an end: the worker ended with it."
    Document.objects.filter(id=document.id, claimed_until=document.claimed_until).update(
        state=DocumentState.FAILED.value, error=error, claimed_until=None
    )


def _extract(claim: _Claim) -> None:
    document = claim.document
    if not document.text.strip():
        return _done(document, DocumentState.NO_TEXT, "The document has no text.")
    if document.language and document.language.split("-")[0] not in LANGUAGES:
        return _done(
            document, DocumentState.UNSUPPORTED, f"Articles in {document.language!r} are not read yet."
        )
    known = known_names(claim.newest)
    proposals = propose(document, known)
    with transaction.atomic():
        versions_there = _locked(document.url)
        # Under a claim that is still ours nobody else has written candidates since it was made.
        is_first = not claim.has_candidates and versions_there.get(document.pk) == document.claimed_until
        keeping.keep(document, proposals, known, is_first=is_first)
        _done(document, DocumentState.EXTRACTED, "", look_again=bool(proposals))
        if len(versions_there) > 1:
            _follow_newest(document.url)
    return None


def _locked(url: str) -> dict[int, datetime | None]:
    """Locks a page's versions, the earlier ones too: two of one page must not be handed over at once. Gives until
    when each is claimed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, claimed_until FROM events_document WHERE url = %s ORDER BY id FOR UPDATE", [url]
        )
        return dict(cursor.fetchall())


def _follow_newest(url: str) -> None:
    newest = Document.objects.filter(url=url, is_latest=True, state=DocumentState.EXTRACTED.value)
    for version in newest.defer("raw", "text"):
        versions.follow(version)


_FINISH = "UPDATE events_document SET state = %s, error = %s, claimed_until = NULL, extractor_version = %s"
_DONE = f"{_FINISH}, extracted_at = %s, revisit_at = CASE WHEN %s THEN {revisits.FIRST_LOOK} ELSE revisit_at END WHERE id = %s"


def _done(document: Document, state: DocumentState, error: str, *, look_again: bool = False) -> None:
    """`look_again`: the page gave candidates, and is worth another look."""
    with connection.cursor() as cursor:
        cursor.execute(
            _DONE,
            [state.value, error, VERSION, timezone.now(), look_again, document.id],
        )
