"""The rows of "source changed" reviews: what a correction or a retraction of the event does to them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from events.choices import CandidateState, SourceChangeState
from events.exceptions import CurationError
from events.models.access import User
from events.models.candidates import Candidate, SourceChange
from events.models.record import Event

_UNDECIDED = (CandidateState.OPEN.value, CandidateState.DEFERRED.value)


def successor(event_id: int, candidate_id: int) -> Candidate:
    """The candidate that a correction of an event may quote: of a later version of a page that the event was read
    from, or an undecided one that a curator takes for news of the same fact. Raises CurationError for another."""
    rows = SourceChange.objects.filter(candidate__event=event_id, successor=candidate_id)
    found = (
        rows.select_related("successor__document").defer("successor__document__raw").order_by("-id").first()
    )
    if found is not None and found.successor is not None:
        return found.successor
    undecided = Candidate.objects.select_for_update(of=("self",)).filter(
        pk=candidate_id, state__in=_UNDECIDED
    )
    candidate = undecided.select_related("document").defer("document__raw").first()
    if candidate is None:
        raise CurationError(
            f"Candidate {candidate_id} is no later reading of this event's source, and is not undecided."
        )
    return candidate


def followed(candidate: Candidate, event: Event, user: User, reason: str) -> None:
    """The event now says what a later version says: the candidate is its own, the review is over."""
    candidate.event, candidate.state = event, CandidateState.PUBLISHED.value
    candidate.version += 1
    candidate.save(update_fields=["event", "state", "version", "updated_at"])
    rows = SourceChange.objects.filter(candidate__event=event, document=candidate.document_id)
    close(rows, SourceChangeState.CORRECTED, user, reason)


def moot(event: Event, user: User, reason: str) -> None:
    """The event is off the record; nothing is left to be reviewed."""
    close(SourceChange.objects.filter(candidate__event=event), SourceChangeState.RETRACTED, user, reason)


def close(rows: QuerySet[SourceChange], state: SourceChangeState, user: User, reason: str) -> int:
    """Decides those of the reviews that are open; gives their number."""
    is_open = rows.filter(state=SourceChangeState.OPEN.value)
    return is_open.update(state=state.value, decided_by=user, decided_at=timezone.now(), reason=reason)
