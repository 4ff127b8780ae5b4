"""Taking back what a curator did to candidates: the last step, or a step on many as one.

A step is taken back where nothing has happened to the candidate since. What was published is taken off the record by
a revision of its own, with a reason, unless the event has changed since; from severity 3 on that needs a second
curator and is asked for on the event's own page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from events.choices import CandidateState, Status, Verb
from events.curation import changes, parties, steps
from events.curation.bulk import refusal
from events.curation.rules import four_eyes, require_curator
from events.curation.waiting import put_back, situation
from events.exceptions import CurationError, TrackerError
from events.models.access import User
from events.models.candidates import UNDECIDED, Bulk, Candidate, Decision
from events.record import publishing

JSON = dict[str, Any]
RECENT = timedelta(hours=24)
"""How far back "the last step" reaches; what is older is undone on its own page, knowing what."""
_LOOKED_AT = 500
_CHANGED = "Something was done to this candidate after that. Look at it again."
TAKEN_BACK = "Taken back by the curator who published it"
_STEPS = (Verb.ACCEPT, Verb.APPROVE, Verb.REJECT, Verb.DEFER, Verb.REOPEN, Verb.EDIT, Verb.RESOLVE, Verb.ASSIGN)  # fmt: skip


@dataclass(frozen=True)
class TakenBack:
    """What was taken back: the step's verb, the candidates' numbers, and those that stayed as they are, with why."""

    verb: Verb
    candidates: list[int]
    kept: list[JSON] = field(default_factory=list)


def take_back_last(user: User) -> TakenBack:
    """Takes back the last step that the user took within a day and has not taken back yet.

    Raises CurationError where there is none, where it was a step on an event, and where something has happened since.
    """
    require_curator(user)
    undone: set[int] = set()
    rows = Decision.objects.filter(user=user, created_at__gte=timezone.now() - RECENT)
    for row in rows.select_related("bulk").order_by("-id")[:_LOOKED_AT]:
        if row.verb == Verb.UNDO.value and row.candidate_id is not None:
            undone.add((row.before or {}).get("undoes", 0))
        elif row.bulk is not None and row.bulk.undone_at is None:
            return take_back_bulk(row.bulk.pk, user)
        elif row.bulk is None and row.pk not in undone:
            return _single(row, user)
    raise CurationError("You have done nothing within a day that could be taken back here.")


def take_back_bulk(bulk_id: int, user: User) -> TakenBack:
    """Takes back a step on many, each where nothing has happened to it since. Raises CurationError where it was taken
    back already."""
    require_curator(user)
    bulk = _claimed(bulk_id, user)
    done: list[int] = []
    for decision in _of(bulk):
        pk = decision.candidate_id or 0
        try:
            take_back(decision, user)
        except TrackerError as error:
            bulk.kept.append(refusal(pk, error))
        else:
            done.append(pk)
    bulk.save(update_fields=["kept"])
    return TakenBack(Verb(bulk.verb), done, bulk.kept)


@transaction.atomic
def take_back(decision: Decision, user: User) -> None:
    """Takes back one step. Raises CurationError where something has happened since, and FourEyesRequired."""
    assert decision.candidate_id is not None  # noqa: S101 - a step on a candidate has one
    candidate = _locked(decision.candidate_id)
    if decision.verb == Verb.ASSIGN.value:
        _give_back(candidate, decision, user)
        return
    _require_last(decision)
    if decision.verb == Verb.EDIT.value:
        _edited_back(candidate, decision)
    elif decision.verb == Verb.RESOLVE.value:
        _resolved_back(candidate, decision)
    else:
        _moved_back(candidate, decision, user)
    noted = {"undoes": decision.pk}
    after = situation(candidate) | {"version": candidate.version + 1}
    steps.finish(candidate, user, Verb.UNDO, reason="", before=noted, after=after, bulk=decision.bulk)


def _single(decision: Decision, user: User) -> TakenBack:
    if decision.candidate_id is None or decision.verb not in {verb.value for verb in _STEPS}:
        raise CurationError(
            f"Your last step was to {decision.verb} something on the record. Undo it on its own page or in the log."
        )
    take_back(decision, user)
    return TakenBack(Verb(decision.verb), [decision.candidate_id])


@transaction.atomic
def _claimed(bulk_id: int, user: User) -> Bulk:
    """The row, noted as taken back before anything is: of two who do it at once, one does."""
    bulk = Bulk.objects.select_for_update(of=("self",)).filter(pk=bulk_id).first()
    if bulk is None:
        raise CurationError(f"There is no step on many of number {bulk_id}.")
    if bulk.undone_at is not None:
        raise CurationError("This was taken back already.")
    bulk.undone_by, bulk.undone_at = user, timezone.now()
    bulk.save(update_fields=["undone_by", "undone_at"])
    return bulk


def _of(bulk: Bulk) -> QuerySet[Decision]:
    """What it did, the last first: what was published last may rest on what was before."""
    return Decision.objects.filter(bulk=bulk).exclude(verb=Verb.UNDO.value).order_by("-id")


def _locked(pk: int) -> Candidate:
    rows = Candidate.objects.select_for_update(of=("self",)).select_related("document", "event")
    return rows.defer("document__raw", "document__text").get(pk=pk)


def _require_last(decision: Decision) -> None:
    """Raises CurationError for a step that others came after; those taken back since, and whose it is, do not count."""
    rows = Decision.objects.filter(candidate=decision.candidate_id, pk__gt=decision.pk)
    since = dict(rows.exclude(verb=Verb.ASSIGN.value).values_list("pk", "verb"))
    undoing = rows.filter(verb=Verb.UNDO.value).values_list("pk", "before__undoes")
    gone = {number for pair in undoing for number in pair}
    if set(since) - gone:
        raise CurationError(_CHANGED)


def _give_back(candidate: Candidate, decision: Decision, user: User) -> None:
    stood, left = decision.before or {}, decision.after or {}
    if candidate.assigned_to_id != left.get("assigned_to"):
        raise CurationError("It was given to somebody else after that.")
    Candidate.objects.filter(pk=candidate.pk).update(assigned_to=stood.get("assigned_to"))
    Decision.objects.create(
        user=user, verb=Verb.UNDO.value, candidate=candidate, bulk=decision.bulk,
        before={"undoes": decision.pk}, after=situation(candidate) | {"assigned_to": stood.get("assigned_to")},
    )  # fmt: skip


def _edited_back(candidate: Candidate, decision: Decision) -> None:
    _require_undecided(candidate)
    if candidate.claim != decision.after:
        raise CurationError("The claim was changed after that.")
    former = decision.before
    candidate.edited = None if former == candidate.original else former
    candidate.resolution = parties.carried_over(candidate.claim, candidate.resolution)


def _resolved_back(candidate: Candidate, decision: Decision) -> None:
    _require_undecided(candidate)
    pointers = [at for at, entry in candidate.resolution.items() if entry == decision.after]
    if len(pointers) != 1:
        raise CurationError("The name was resolved otherwise after that.")
    rest = {at: entry for at, entry in candidate.resolution.items() if at != pointers[0]}
    former = {pointers[0]: decision.before} if decision.before else {}
    candidate.resolution = parties.carried_over(candidate.claim, rest | former)


def _require_undecided(candidate: Candidate) -> None:
    if candidate.state not in UNDECIDED:
        raise CurationError("This candidate has been decided since.")


def _moved_back(candidate: Candidate, decision: Decision, user: User) -> None:
    stood, left = decision.before, decision.after or {}
    if stood is None or candidate.state != left.get("state"):
        raise CurationError(_CHANGED)
    if candidate.state == CandidateState.PUBLISHED.value:
        _off_the_record(candidate, left.get("revision"), user)
    put_back(candidate, stood)


def _off_the_record(candidate: Candidate, seq: int | None, user: User) -> None:
    """Takes back what publishing the candidate put on the record."""
    assert candidate.event_id is not None  # noqa: S101 - what is published has an event
    last = publishing.latest(candidate.event_id)
    if seq is None or last.seq != seq:
        raise CurationError(
            f"Event {candidate.event_id} was published as part of a case or has changed since. Undo that on its own page."
        )
    severe = candidate.event.severity if candidate.event else 0
    note = four_eyes(severe, user, None, TAKEN_BACK)
    [revision] = publishing.write([publishing.before(last)], publishing.Writer(user, None, note))
    if revision.payload["status"] == Status.RETRACTED.value and candidate.event is not None:
        changes.moot(candidate.event, user, note)
