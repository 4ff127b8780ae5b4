"""Reviews of pages that changed after a curator had worked on them: keep what is there, or follow the page.

Every function raises CurationError for a user who may not curate and for a review that is decided already.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from events.choices import CandidateState, SourceChangeState, Status, StepVerb
from events.curation import changes
from events.curation.comparing import changed_facts
from events.curation.requests import Result, ask
from events.curation.rules import require_curator, require_reason
from events.exceptions import CurationError, StaleCandidate
from events.models.access import User
from events.models.acts import StepRequest
from events.models.candidates import Candidate, SourceChange

JSON = dict[str, Any]


def open_changes() -> QuerySet[SourceChange]:
    """The reviews that wait, the oldest first; those of events that are off the record do not."""
    rows = SourceChange.objects.filter(state=SourceChangeState.OPEN.value)
    return rows.exclude(candidate__event__status=Status.RETRACTED.value).order_by("id")


def what_changed(change: SourceChange) -> list[JSON]:
    """The facts that the page now states otherwise, as `{"field", "old", "new"}`; none when it states the same."""
    newer = change.successor.original if change.successor else {}
    return changed_facts(change.candidate.original, newer)


@transaction.atomic
def keep(change_id: int, user: User, reason: str = "") -> SourceChange:
    """What stands still holds; the new version changes nothing."""
    change = _begin(change_id, user)
    changes.close(SourceChange.objects.filter(pk=change.pk), SourceChangeState.KEPT, user, reason)
    change.refresh_from_db()
    return change


@transaction.atomic
def follow(change_id: int, user: User, reason: str, *, override: bool = False) -> Result | StepRequest | None:
    """Says what the page says now: corrects the published event, or puts the new reading into the queue in place
    of the candidate that a curator had worked on (None).

    A grave correction waits for a second curator: the request is given, and the review is over once it is
    approved. Raises CurationError when the page no longer tells it: keep or retract it then.
    """
    change = _begin(change_id, user)
    if change.successor is None:
        raise CurationError("The page no longer tells this. Keep what stands, or retract it.")
    if change.candidate.state != CandidateState.PUBLISHED.value:
        _exchange(change, change.successor, user, reason)
        return None
    claim = change.successor.claim
    arguments = {"event": change.candidate.event_id, "claim": claim, "source": change.successor.pk}
    return ask(StepVerb.CORRECT, arguments, user, reason, override=override)


@transaction.atomic
def retract(change_id: int, user: User, reason: str, *, override: bool = False) -> Result | StepRequest:
    """Takes the event off the record, since its source no longer tells it."""
    change = _begin(change_id, user)
    if change.candidate.state != CandidateState.PUBLISHED.value:
        raise CurationError("Nothing of this is published. Reject the candidate instead.")
    return ask(StepVerb.RETRACT, {"event": change.candidate.event_id}, user, reason, override=override)


def _exchange(change: SourceChange, successor: Candidate, user: User, reason: str) -> None:
    require_reason(reason)
    moved = Candidate.objects.filter(pk=change.candidate_id, version=change.candidate.version).update(
        state=CandidateState.SUPERSEDED.value, version=change.candidate.version + 1
    )
    if not moved:
        raise StaleCandidate("Someone changed this candidate meanwhile. Look at it again.")
    Candidate.objects.filter(pk=successor.pk, state=CandidateState.SUPERSEDED.value).update(
        state=CandidateState.OPEN.value
    )
    changes.close(SourceChange.objects.filter(pk=change.pk), SourceChangeState.CORRECTED, user, reason)


def _begin(change_id: int, user: User) -> SourceChange:
    require_curator(user)
    rows = SourceChange.objects.select_for_update(of=("self",)).select_related(
        "candidate__document", "candidate__event", "successor__document", "document"
    )
    change = rows.filter(pk=change_id).first()
    if change is None or change.state != SourceChangeState.OPEN.value:
        raise CurationError("There is no open review of that number.")
    return change
