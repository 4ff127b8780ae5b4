"""The demo's two curators: they work through the queue with the functions that the desk calls.

Their judgement is a rule, not a guess: what extraction was unsure of, what stands for two people and what disagrees
with a ladder is left in the queue, for the visitor to decide.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from events import curation
from events.choices import CandidateState, ResolutionState
from events.exceptions import TrackerError
from events.models.access import User
from events.models.candidates import Candidate

LEAST_CONFIDENCE = 0.6
"""Below it a curator would want to read the article first."""

LEFT_OPEN = frozenset({"ladder", "grade_history"})
"""Conflicts that a person should look at."""


@dataclass
class Work:
    """What the curators did in one run."""

    published: int = 0
    joined: int = 0
    left: int = 0


def work_through(first: User, second: User, say: Callable[[str], None]) -> Work:
    """Decides every open candidate that the rule decides, oldest news first. Gives what was done."""
    done = Work()
    queue = Candidate.objects.filter(state=CandidateState.OPEN.value).order_by(
        "document__published_at", "document_id", "id"
    )
    for number, candidate_id in enumerate(list(queue.values_list("id", flat=True))):
        author, approver = (first, second) if number % 2 == 0 else (second, first)
        try:
            _decide(candidate_id, author, approver, done, say)
        except TrackerError as error:
            done.left += 1
            say(f"left open: {error}")
    return done


def _decide(candidate_id: int, author: User, approver: User, done: Work, say: Callable[[str], None]) -> None:
    candidate = curation.refresh(candidate_id)
    reason = _reason_to_wait(candidate)
    if reason:
        done.left += 1
        say(f"left for you: {candidate} ({reason})")
        return
    if candidate.resolution_state == ResolutionState.UNKNOWN.value:
        candidate = curation.create_party(candidate.id, author, "/subject", candidate.version)
    twin = next((c["event"] for c in candidate.conflicts if c["code"] == "similar_event"), None)
    candidate = curation.accept(candidate.id, author, candidate.version, into=twin)
    eyes = author.get_full_name()
    if candidate.state == CandidateState.AWAITING_APPROVAL.value:
        candidate = curation.approve(candidate.id, approver, candidate.version)
        eyes += f", approved by {approver.get_full_name()}"
    if twin:
        done.joined += 1
        say(f"event {twin}: one more source, by {eyes}")
    else:
        done.published += 1
        say(f"event {candidate.event_id}: {candidate}, severity {candidate.severity}, by {eyes}")


def _reason_to_wait(candidate: Candidate) -> str:
    if candidate.confidence < LEAST_CONFIDENCE:
        return f"confidence {candidate.confidence:.2f}"
    if candidate.resolution_state == ResolutionState.AMBIGUOUS.value:
        return "a name stands for more than one"
    return next((c["message"] for c in candidate.conflicts if c["code"] in LEFT_OPEN), "")
