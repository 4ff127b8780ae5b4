"""Which candidates a list of the queue holds, in which order, and how a candidate stands now.

A deferred candidate comes back by itself: from its day on it counts as open, whatever its row says. No job has to
run for that, and none can be missed.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from events.choices import CandidateState
from events.exceptions import CurationError
from events.models.candidates import UNDECIDED, Candidate

JSON = dict[str, Any]
ORDER = ("-severity", "-novelty", "-confidence", "id")
"""What matters first: the gravest; of these the newest news; of these what extraction is surest of; then the oldest."""
LONGEST = timedelta(days=366)
"""How far ahead a candidate may be put aside; what nobody wants to see for longer is rejected."""


def listed(state: CandidateState) -> Q:
    """The candidates that stand in a state now."""
    if state is CandidateState.OPEN:
        due = Q(state=CandidateState.OPEN.value) | Q(deferred_until__lte=Now())
        return Q(state__in=UNDECIDED) & due
    if state is CandidateState.DEFERRED:
        asleep = Q(deferred_until__isnull=True) | Q(deferred_until__gt=Now())
        return Q(state=state.value) & asleep
    return Q(state=state.value)


def state_now(candidate: Candidate) -> CandidateState:
    """How a candidate stands: a deferred one whose day has come is open."""
    state, until = CandidateState(candidate.state), candidate.deferred_until
    if state is CandidateState.DEFERRED and until is not None and until <= timezone.now():
        return CandidateState.OPEN
    return state


def beginning(day: date) -> datetime:
    """When a deferred candidate comes back: the start of that day, UTC. Raises CurationError for a day that is no
    later than today, or more than a year ahead."""
    today = timezone.now().astimezone(UTC).date()
    if not today < day <= today + LONGEST:
        raise CurationError(f"Put it aside until a day from tomorrow to {today + LONGEST:%Y-%m-%d} (UTC).")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def situation(candidate: Candidate) -> JSON:
    """How a candidate stands, as decisions keep it, so that a step can be taken back."""
    until = candidate.deferred_until
    return {
        "state": candidate.state,
        "deferred_until": until.isoformat() if until else None,
        "assigned_to": candidate.assigned_to_id,
        "accepted_by": candidate.accepted_by_id,
        "event": candidate.event_id,
        "version": candidate.version,
    }


def put_back(candidate: Candidate, stood: JSON) -> None:
    """Makes a candidate stand as `situation` says it did, its version and whose it is aside; does not save."""
    until = stood["deferred_until"]
    candidate.state = stood["state"]
    candidate.deferred_until = datetime.fromisoformat(until) if until else None
    candidate.accepted_by_id, candidate.event_id = stood["accepted_by"], stood["event"]
