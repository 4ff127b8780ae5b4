"""What a changed page means for the candidates of its earlier versions (rule 8 of the record).

Work that nobody has touched moves to the new version. What a curator has worked on stays, and a review asks what
holds now; so does everything that was published. A rejection stays while the page states the same facts.
"""

from __future__ import annotations

from django.db.models import Q

from events.choices import CandidateState
from events.curation.comparing import same_facts
from events.intake.keeping import touched_ones
from events.models.candidates import Candidate, SourceChange
from events.models.sources import Document

_SETTLED = (CandidateState.REJECTED.value, CandidateState.SUPERSEDED.value)


def follow(document: Document) -> list[SourceChange]:
    """Hands the earlier versions' candidates over to a version that has been extracted; gives the new reviews.

    Call it in the transaction that keeps the version's candidates. It can be run again.
    """
    if document.version == 1:
        return []
    earlier = _earlier(document)
    if not earlier:
        return []
    successors = {c.fingerprint: c for c in Candidate.objects.filter(document=document)}
    touched = touched_ones(earlier)
    changes = []
    for candidate in earlier:
        successor = successors.get(candidate.fingerprint)
        if candidate.state == CandidateState.REJECTED.value:
            _keep_rejected(candidate, successor)
        elif candidate.pk not in touched:
            _supersede(candidate)
        else:
            changes.append(_review(candidate, document, successor))
    return changes


def _earlier(document: Document) -> list[Candidate]:
    """The newest candidate of each claim of the page's earlier versions, save those set aside already."""
    rows = (
        Candidate.objects.select_for_update(of=("self",))
        .filter(document__url=document.url, document__version__lt=document.version)
        .filter(~Q(state=CandidateState.SUPERSEDED.value))
        .order_by("document__version", "id")
    )
    return list({row.fingerprint: row for row in rows}.values())


def _keep_rejected(candidate: Candidate, successor: Candidate | None) -> None:
    if successor is not None and same_facts(candidate.original, successor.original):
        _set_aside(successor)


def _review(candidate: Candidate, document: Document, successor: Candidate | None) -> SourceChange:
    change, is_new = SourceChange.objects.update_or_create(
        candidate=candidate, document=document, defaults={"successor": successor}
    )
    if is_new and candidate.state == CandidateState.AWAITING_APPROVAL.value:
        # What the second curator would approve is not what the page says now.
        candidate.state, candidate.accepted_by, candidate.event = CandidateState.OPEN.value, None, None
        candidate.version += 1
        candidate.save(update_fields=["state", "accepted_by", "event", "version", "updated_at"])
    if successor is not None:
        _set_aside(successor)
    return change


def _supersede(candidate: Candidate) -> None:
    if candidate.state not in _SETTLED:
        candidate.state = CandidateState.SUPERSEDED.value
        candidate.save(update_fields=["state", "updated_at"])


def _set_aside(successor: Candidate) -> None:
    """The queue has one row for one claim: the one that the curator knows."""
    if successor.state == CandidateState.OPEN.value:
        successor.state = CandidateState.SUPERSEDED.value
        successor.save(update_fields=["state", "updated_at"])
