"""Runs extraction over a document and keeps its claims as candidates. Can be run again at any time."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from events.choices import CandidateState, DocumentState
from events.curation.assess import assess
from events.curation.claims import problems
from events.curation.parties import parties
from events.extraction import VERSION, extract
from events.extraction.known import KnownNames
from events.extraction.resolve import resolve
from events.intake.known import known_names
from events.models.candidates import Candidate
from events.models.sources import Document
from events.names import normalize

JSON = dict[str, Any]
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
    """Reads a document's claims and keeps them as candidates; gives the document's candidates.

    Two workers never do it at once: the second finds the document claimed and gives what is there. A document
    that makes extraction fail is tried again later, and after five times it says so to the curators.
    """
    claimed = _due().filter(id=document_id).update(
        claimed_until=timezone.now() + CLAIM_FOR, attempts=F("attempts") + 1
    )  # fmt: skip
    if claimed:
        document = Document.objects.defer("raw").get(id=document_id)
        try:
            _extract(document)
        except Exception as error:
            log.exception("extraction of document %s failed", document_id)
            _failed(document, error)
    return list(Candidate.objects.filter(document_id=document_id).order_by("id"))


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
    published = document.published_on
    known = known_names()
    language = document.language.split("-")[0] or None
    claims = [
        dict(claim) for claim in extract(document.text, published=published, language=language, known=known)
    ]
    with transaction.atomic():
        Document.objects.select_for_update().only("id").get(id=document.id)
        _keep(document, claims, known)
        _done(document, DocumentState.EXTRACTED, "")
    return None


def _done(document: Document, state: DocumentState, error: str) -> None:
    Document.objects.filter(id=document.id).update(
        state=state.value,
        error=error,
        claimed_until=None,
        extractor_version=VERSION,
        extracted_at=timezone.now(),
    )


def _keep(document: Document, claims: list[JSON], known: KnownNames) -> None:
    """Writes new candidates, refreshes undecided untouched ones, and sets aside those no longer proposed.

    What a curator has edited or decided stays as it is.
    """
    there = {c.fingerprint: c for c in Candidate.objects.filter(document=document)}
    proposed = set()
    for fingerprint, claim in fingerprints(claims):
        if problems(claim, document.text):
            log.error("document %s: extraction proposed a claim that breaks the contract", document.id)
            continue
        proposed.add(fingerprint)
        candidate = there.get(fingerprint) or Candidate(document=document, fingerprint=fingerprint)
        if candidate.pk is None or _untouched(candidate):
            _write(candidate, claim, known)
    for fingerprint, candidate in there.items():
        if (
            fingerprint not in proposed
            and candidate.state == CandidateState.OPEN.value
            and _untouched(candidate)
        ):
            candidate.state = CandidateState.SUPERSEDED.value
            candidate.save(update_fields=["state", "updated_at"])


def _untouched(candidate: Candidate) -> bool:
    states = (CandidateState.OPEN.value, CandidateState.SUPERSEDED.value)
    return candidate.edited is None and candidate.state in states and not candidate.decisions.exists()


def _write(candidate: Candidate, claim: JSON, known: KnownNames) -> None:
    if candidate.pk and candidate.original == claim and candidate.extractor_version == VERSION:
        return
    candidate.original = claim
    candidate.extractor_version = VERSION
    candidate.state = CandidateState.OPEN.value
    candidate.resolution = resolution_of(claim, known)
    assess(candidate)
    candidate.save()


def resolution_of(claim: JSON, known: KnownNames) -> JSON:
    """Whom each party of a claim may stand for, with scores and reasons, by JSON Pointer."""
    found = {}
    for pointer, (kind, name) in parties(claim).items():
        is_subject = pointer == "/subject"
        answer = resolve(
            name,
            "person" if kind == "person" else "organization",
            known,
            organization=claim["subject"].get("organization") if is_subject else None,
            title=claim["subject"].get("title") if is_subject else None,
        )
        found[pointer] = {
            "type": kind,
            "name": name,
            "state": str(answer.state),
            "chosen": answer.chosen,
            "options": [
                {"id": o.id, "name": o.name, "score": round(o.score, 3), "why": o.why} for o in answer.options
            ],
        }
    return found


def fingerprints(claims: list[JSON]) -> list[tuple[str, JSON]]:
    """Each claim with a name within its document that stays the same when extraction runs again.

    It is made of kind, action and subject; claims alike in these are told apart by their order.
    """
    seen: Counter[str] = Counter()
    found = []
    for claim in claims:
        identity = json.dumps(
            [claim["kind"], claim["action"], normalize(claim["subject"]["name"])], ensure_ascii=False
        )
        found.append((hashlib.sha256(f"{identity}#{seen[identity]}".encode()).hexdigest(), claim))
        seen[identity] += 1
    return found
