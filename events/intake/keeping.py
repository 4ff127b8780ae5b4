"""Keeps what extraction proposes as candidates: what is new is added, what nobody touched is brought up to date.

What a curator has edited or decided stays as it is; a newer extraction that reads it otherwise stands beside it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from typing import Any

from events.choices import CandidateState, Verb
from events.curation.assess import assess_all
from events.curation.claims import problems
from events.curation.comparing import same_facts
from events.extraction import VERSION
from events.extraction.known import KnownNames
from events.intake.proposing import Proposal
from events.intake.resolving import resolution_of
from events.models.candidates import Candidate, Decision
from events.models.sources import Document
from events.names import normalize

JSON = dict[str, Any]
log = logging.getLogger(__name__)
_UNTOUCHED_STATES = (CandidateState.OPEN.value, CandidateState.SUPERSEDED.value)


def keep(document: Document, proposals: list[Proposal], known: KnownNames, *, is_first: bool = False) -> None:
    """Writes new candidates, refreshes untouched ones, sets aside those no longer proposed, and notes beside
    touched ones what a newer extraction reads instead. `is_first`: the document has no candidates yet."""
    rows = Candidate.objects.none() if is_first else Candidate.objects.filter(document=document)
    there = {candidate.fingerprint: candidate for candidate in rows}
    touched = touched_ones(list(there.values()))
    proposed = _valid(document, proposals)
    added, refreshed = [], []
    for fingerprint, proposal in proposed.items():
        candidate = there.get(fingerprint)
        if candidate is None:
            candidate = Candidate(document=document, fingerprint=fingerprint)
            _fill(candidate, proposal, known)
            added.append(candidate)
        elif candidate.pk in touched:
            _note_newer(candidate, proposal.claim)
        elif _is_stale(candidate, proposal):
            _fill(candidate, proposal, known)
            refreshed.append(candidate)
    assess_all([*added, *refreshed])
    Candidate.objects.bulk_create(added)
    for candidate in refreshed:
        candidate.save()
    for fingerprint, candidate in there.items():
        if fingerprint not in proposed:
            _no_longer_proposed(candidate, is_touched=candidate.pk in touched)


def _is_stale(candidate: Candidate, proposal: Proposal) -> bool:
    kept = (candidate.original, candidate.proposer, candidate.extractor_version)
    return kept != (proposal.claim, proposal.proposer.value, VERSION)


def touched_ones(candidates: list[Candidate]) -> set[int]:
    """Primary keys of those that a curator has edited, decided, or taken any other step on but giving it to someone."""
    if not candidates:
        return set()
    keys = [candidate.pk for candidate in candidates]
    steps = Decision.objects.filter(candidate__in=keys).exclude(verb=Verb.ASSIGN.value)
    stepped_on = set(steps.values_list("candidate", flat=True))
    changed = {c.pk for c in candidates if c.edited is not None or c.state not in _UNTOUCHED_STATES}
    return stepped_on | changed


def _valid(document: Document, proposals: list[Proposal]) -> dict[str, Proposal]:
    found = {}
    names = fingerprints([proposal.claim for proposal in proposals])
    for proposal, (fingerprint, claim) in zip(proposals, names, strict=True):
        if problems(claim, document.text):
            log.error("document %s: extraction proposed a claim that breaks the contract", document.pk)
            continue
        found[fingerprint] = proposal
    return found


def _fill(candidate: Candidate, proposal: Proposal, known: KnownNames) -> None:
    candidate.original, candidate.proposer = proposal.claim, proposal.proposer.value
    candidate.extractor_version = VERSION
    candidate.state = CandidateState.OPEN.value
    candidate.resolution = resolution_of(proposal.claim, known)


def _note_newer(candidate: Candidate, claim: JSON) -> None:
    """A newer reading of a claim that a curator has touched; none where it states the same facts."""
    newer = None if same_facts(candidate.original, claim) else claim
    _set_newer(candidate, newer)


def _no_longer_proposed(candidate: Candidate, *, is_touched: bool) -> None:
    if is_touched:
        _set_newer(candidate, {})
    elif candidate.state == CandidateState.OPEN.value:
        candidate.state = CandidateState.SUPERSEDED.value
        candidate.save(update_fields=["state", "updated_at"])


def _set_newer(candidate: Candidate, newer: JSON | None) -> None:
    if candidate.newer == newer:
        return
    candidate.newer = newer
    candidate.newer_version = "" if newer is None else VERSION
    candidate.save(update_fields=["newer", "newer_version", "updated_at"])


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
