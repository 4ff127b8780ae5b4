"""One step on many candidates at once. What a step cannot be done to is left as it is and named with the reason.

Each function takes the candidates by number with the version that the curator saw (None: whatever it is now), at most
MAX_BULK of them, and gives the row that says what was done: its decisions are those that were taken, `refused` the
rest. `events.curation.taking_back` undoes it as one. Each raises CurationError for a user who may not curate, for no
candidates and for too many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from events.choices import CandidateState, Verb
from events.curation import parties, steps
from events.curation.assess import assess
from events.curation.rules import require_curator
from events.curation.waiting import beginning, situation
from events.exceptions import CurationError, TrackerError
from events.models.access import User
from events.models.candidates import Bulk, Candidate, Decision

JSON = dict[str, Any]
Marked = Mapping[int, int | None]
MAX_BULK = 200
"""Candidates of one step; as many as a curator can mark knowing what."""
_ASSIGNABLE = (*steps.UNDECIDED, CandidateState.AWAITING_APPROVAL)


def bulk_accept(marked: Marked, user: User, *, reason: str = "") -> Bulk:
    """Accepts those that are clean: every name known, and nothing to be looked at before publishing.

    Severe ones then wait for a second curator, as when accepted alone. Each is published for itself, so that nobody
    else's publishing waits for the whole.
    """
    bulk = _begin(marked, user, Verb.ACCEPT, reason)
    for pk, version in marked.items():
        try:
            _accept(pk, version, user, bulk)
        except (TrackerError, Candidate.DoesNotExist) as error:
            bulk.refused.append(refusal(pk, error))
    return _ended(bulk)


@transaction.atomic
def bulk_reject(marked: Marked, user: User, reason: str) -> Bulk:
    """Rejects them. Raises CurationError without a reason."""
    if not reason.strip():
        raise CurationError("Say why they are rejected.")
    states = (*steps.UNDECIDED, CandidateState.AWAITING_APPROVAL)
    bulk = _begin(marked, user, Verb.REJECT, reason)
    return _moved(bulk, _startable(bulk, marked, *states), CandidateState.REJECTED, None)


@transaction.atomic
def bulk_defer(marked: Marked, user: User, until: date | None = None, *, reason: str = "") -> Bulk:
    """Puts them aside, as `steps.defer` does. Raises CurationError for a day that is no later than today."""
    moment = beginning(until) if until else None
    states = steps.UNDECIDED if until else (CandidateState.OPEN,)
    bulk = _begin(marked, user, Verb.DEFER, reason)
    return _moved(bulk, _startable(bulk, marked, *states), CandidateState.DEFERRED, moment)


@transaction.atomic
def bulk_assign(marked: Marked, user: User, to: User | None) -> Bulk:
    """Gives them to a curator, or to nobody; see `assign`."""
    bulk = _begin(marked, user, Verb.ASSIGN, "")
    _assign(_startable(bulk, dict.fromkeys(marked), *_ASSIGNABLE), user, to, bulk)
    return _ended(bulk)


@transaction.atomic
def assign(candidate_id: int, user: User, to: User | None) -> Candidate:
    """Gives a waiting candidate to a curator, or to nobody. It holds nobody back and makes no form stale: the version
    stays. Raises CurationError for somebody who may not curate."""
    require_curator(user)
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate_id)
    steps.require_start(candidate, None, *_ASSIGNABLE)
    _assign([candidate], user, to, None)
    return candidate


def refusal(pk: int, error: Exception) -> JSON:
    """A candidate that a step was not done to: its number, its name, why."""
    known = Candidate.objects.filter(pk=pk).values_list("subject_name", flat=True).first()
    why = "There is no such candidate." if known is None else str(error)
    return {"id": pk, "name": known or "", "why": why}


def _begin(marked: Marked, user: User, verb: Verb, reason: str) -> Bulk:
    require_curator(user)
    if not marked:
        raise CurationError("Mark candidates first.")
    if len(marked) > MAX_BULK:
        raise CurationError(f"At most {MAX_BULK} at a time; {len(marked)} are marked.")
    return Bulk.objects.create(user=user, verb=verb.value, reason=reason)


def _ended(bulk: Bulk) -> Bulk:
    bulk.save(update_fields=["refused"])
    return bulk


@transaction.atomic
def _accept(pk: int, version: int | None, user: User, bulk: Bulk) -> None:
    candidate = steps.begin(pk, user, version, *steps.UNDECIDED)
    parties.require_resolved(candidate.claim, candidate.resolution)
    assess(candidate)
    if candidate.conflicts:
        raise CurationError(" ".join(conflict["message"] for conflict in candidate.conflicts))
    steps.take_in(candidate, user, bulk.reason, bulk=bulk)


def _startable(bulk: Bulk, marked: Marked, *states: CandidateState) -> list[Candidate]:
    """Those that the step starts from, locked in the order of their numbers; the others are noted as refused."""
    rows = Candidate.objects.select_for_update(of=("self",)).filter(pk__in=marked).order_by("pk")
    light = rows.defer("original", "edited", "newer", "resolution", "conflicts")
    locked = {row.pk: row for row in light}
    found = []
    for pk, version in marked.items():
        try:
            if pk not in locked:
                raise Candidate.DoesNotExist
            steps.require_start(locked[pk], version, *states)
        except (CurationError, Candidate.DoesNotExist) as error:
            bulk.refused.append(refusal(pk, error))
        else:
            found.append(locked[pk])
    return found


def _moved(bulk: Bulk, rows: list[Candidate], state: CandidateState, until: datetime | None) -> Bulk:
    """Puts them all into a state, by one statement, with a decision each."""
    before = [situation(row) for row in rows]
    Candidate.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=state.value, deferred_until=until, version=F("version") + 1, updated_at=Now()
    )
    for row in rows:
        row.state, row.deferred_until, row.version = state.value, until, row.version + 1
    _log(bulk.user, Verb(bulk.verb), rows, before, bulk)
    return _ended(bulk)


def _assign(rows: list[Candidate], user: User, to: User | None, bulk: Bulk | None) -> None:
    if to is not None:
        require_curator(to)
    before = [situation(row) for row in rows]
    Candidate.objects.filter(pk__in=[row.pk for row in rows]).update(assigned_to=to, updated_at=Now())
    for row in rows:
        row.assigned_to = to
    _log(user, Verb.ASSIGN, rows, before, bulk)


def _log(user: User, verb: Verb, rows: list[Candidate], before: Iterable[JSON], bulk: Bulk | None) -> None:
    reason = bulk.reason if bulk else ""
    Decision.objects.bulk_create(
        Decision(
            user=user, verb=verb.value, candidate=row, event_id=row.event_id, bulk=bulk, reason=reason,
            before=stood, after=situation(row),
        )
        for row, stood in zip(rows, before, strict=True)
    )  # fmt: skip
