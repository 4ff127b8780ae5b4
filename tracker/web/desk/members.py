"""The candidates of one case: claims of one document that share a label."""

from __future__ import annotations

from django.db.models import QuerySet

from events.choices import CandidateState
from events.models.candidates import Candidate

MOST = 500
LIVE = (CandidateState.OPEN.value, CandidateState.DEFERRED.value)
WAITING = CandidateState.AWAITING_APPROVAL.value
SHOWN = (*LIVE, WAITING, CandidateState.PUBLISHED.value, CandidateState.REJECTED.value)


def of_case(candidate: Candidate) -> QuerySet[Candidate]:
    """The candidates of the same case in the same document, itself among them; none without a case."""
    if not candidate.case_label:
        return Candidate.objects.none()
    rows = Candidate.objects.filter(document=candidate.document_id, case_label=candidate.case_label)
    return rows.filter(state__in=SHOWN).order_by("pk")


def siblings(candidate: Candidate) -> list[Candidate]:
    """The same with what a page shows of them, at most `MOST`."""
    return (
        list(of_case(candidate).select_related("accepted_by", "event")[:MOST]) if candidate.case_label else []
    )
