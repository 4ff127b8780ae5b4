"""What curators do to candidates. Each step is one transaction that leaves a decision in the activity log.

Every step takes the candidate's version that the curator saw; when it has changed since, the step raises
StaleCandidate and writes nothing. Every step raises CurationError for a user without the permission to curate
and for a state that the step does not start from.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from events.choices import ActKind, CandidateState, Status, Verb
from events.curation import parties
from events.curation.assess import FOLLOWS, assess
from events.curation.cases import case_of
from events.curation.claims import validate
from events.curation.drafts import corroborated, from_claim, from_payload
from events.curation.judgements import judge
from events.curation.rules import FOUR_EYES_FROM, OVERRIDDEN, require_curator
from events.curation.waiting import beginning, situation, state_now
from events.exceptions import CurationError, FourEyesRequired, StaleCandidate
from events.models.access import User
from events.models.candidates import UNDECIDED as UNDECIDED_STATES
from events.models.candidates import Bulk, Candidate, Decision
from events.models.record import Event, Revision
from events.outcomes import tell
from events.record import publishing
from events.record.ledger import Entry

JSON = dict[str, Any]
UNDECIDED = (CandidateState.OPEN, CandidateState.DEFERRED)
_PUT_AWAY = (Verb.REJECT, Verb.DEFER)
_SHOWN = ("document", "accepted_by", "worked_on_by", "event", "subject_executive", "subject_organization")
"""What a page shows of a candidate."""


@transaction.atomic
def edit(candidate_id: int, user: User, claim: JSON, version: int | None = None) -> Candidate:
    """Sets the curator's version of the claim; the original stays. Raises InvalidClaim with the field's pointer."""
    candidate = begin(candidate_id, user, version, *UNDECIDED)
    validate(claim, candidate.document.text)
    before = candidate.claim
    candidate.edited = claim
    candidate.resolution = parties.carried_over(claim, candidate.resolution)
    return finish(candidate, user, Verb.EDIT, before=before, after=claim)


@transaction.atomic
def resolve_party(
    candidate_id: int, user: User, pointer: str, type: str, id: int, version: int | None = None
) -> Candidate:
    """Says whom a party stands for. Raises CurationError for an unknown party, person or organization."""
    candidate = begin(candidate_id, user, version, *UNDECIDED)
    kind, name = _party_at(candidate, pointer)
    shown = parties.exists(kind, id) if kind == type else None
    if shown is None:
        raise CurationError(f"There is no {type} number {id} that {name!r} could stand for.")
    return _choose(
        candidate, user, pointer, {"id": id, "name": shown, "score": 1.0, "why": "chosen by a curator"}
    )


@transaction.atomic
def create_party(candidate_id: int, user: User, pointer: str, version: int | None = None) -> Candidate:
    """Makes a new person or organization under the claim's name, and resolves the party to it."""
    candidate = begin(candidate_id, user, version, *UNDECIDED)
    kind, name = _party_at(candidate, pointer)
    made = parties.create(kind, name)
    return _choose(
        candidate, user, pointer, {"id": made.pk, "name": name, "score": 1.0, "why": "made by a curator"}
    )


@transaction.atomic
def accept(
    candidate_id: int,
    user: User,
    version: int | None = None,
    *,
    into: int | None = None,
    reason: str = "",
    override: bool = False,
) -> Candidate:
    """Publishes the candidate, or from severity 3 on leaves it to a second curator.

    `into` names a published event that tells the same: the candidate's words then join its evidence.
    `override` publishes a severe one alone; it needs the permission to override four eyes and a reason, which
    stands in the revision. Raises FourEyesRequired without them.
    """
    if override and not (user.has_perm("events.override_four_eyes") and reason.strip()):
        raise FourEyesRequired("Publishing alone needs the permission to override four eyes, and a reason.")
    candidate = begin(candidate_id, user, version, *UNDECIDED)
    parties.require_resolved(candidate.claim, candidate.resolution)
    if into is not None:
        candidate.event = _standing(into)
    else:
        refuse_unseen_twin(candidate)
    return take_in(candidate, user, reason, override=override)


def take_in(
    candidate: Candidate, user: User, reason: str, *, override: bool = False, bulk: Bulk | None = None
) -> Candidate:
    """Publishes a candidate that was begun and looked at, or from severity 3 on leaves it to a second curator."""
    candidate.accepted_by = user
    severe = max(candidate.severity, candidate.event.severity if candidate.event else 0) >= FOUR_EYES_FROM
    if severe and not override:
        candidate.state = CandidateState.AWAITING_APPROVAL.value
        return finish(candidate, user, Verb.ACCEPT, reason=reason, bulk=bulk)
    note = f"{OVERRIDDEN}: {reason}" if severe else reason
    revision = publish(candidate, user, None, note)
    return finish(candidate, user, Verb.ACCEPT, reason=note, bulk=bulk, revision=revision)


@transaction.atomic
def approve(candidate_id: int, user: User, version: int | None = None, *, reason: str = "") -> Candidate:
    """The second pair of eyes: publishes what another curator accepted. Raises FourEyesRequired for the same one."""
    candidate = begin(candidate_id, user, version, CandidateState.AWAITING_APPROVAL)
    author = candidate.accepted_by
    if author is None or author.pk == user.pk:
        raise FourEyesRequired("Another curator than the one who accepted it must approve this.")
    if shaped_by(candidate, user):
        raise FourEyesRequired("You edited or resolved this candidate; nobody approves their own draft.")
    revision = publish(candidate, author, user, reason)
    return finish(candidate, user, Verb.APPROVE, reason=reason, revision=revision)


@transaction.atomic
def reject(candidate_id: int, user: User, reason: str, version: int | None = None) -> Candidate:
    """Takes the candidate out of the queue, with a reason. Raises CurationError without one."""
    if not reason.strip():
        raise CurationError("Say why it is rejected.")
    candidate = begin(candidate_id, user, version, *UNDECIDED, CandidateState.AWAITING_APPROVAL)
    candidate.state = CandidateState.REJECTED.value
    return finish(candidate, user, Verb.REJECT, reason=reason)


@transaction.atomic
def defer(
    candidate_id: int,
    user: User,
    version: int | None = None,
    *,
    until: date | None = None,
    reason: str = "",
) -> Candidate:
    """Puts the candidate aside: until the start of a day (UTC), when it comes back by itself, or for somebody to
    reopen. With a day it may be aside already: that day then counts. Raises CurationError for a day that is no
    later than today."""
    candidate = begin(candidate_id, user, version, *(UNDECIDED if until else (CandidateState.OPEN,)))
    candidate.state = CandidateState.DEFERRED.value
    candidate.deferred_until = beginning(until) if until else None
    return finish(candidate, user, Verb.DEFER, reason=reason)


@transaction.atomic
def reopen(candidate_id: int, user: User, version: int | None = None, *, reason: str = "") -> Candidate:
    """Puts a deferred, rejected or accepted candidate back into the queue: undoes that step."""
    states = (CandidateState.DEFERRED, CandidateState.REJECTED, CandidateState.AWAITING_APPROVAL)
    candidate = begin(candidate_id, user, version, *states)
    candidate.state, candidate.accepted_by, candidate.event = CandidateState.OPEN.value, None, None
    return finish(candidate, user, Verb.REOPEN, reason=reason)


def refresh(candidate_id: int) -> Candidate:
    """Looks again at what the record says of an undecided candidate: names that were unknown, similar events.

    Since extraction, people may have been added and events published. No step of a curator, so it leaves no
    decision and no new version; where the record says what it said, nothing is written. Raises Candidate.DoesNotExist.
    """
    rows = Candidate.objects.select_related(*_SHOWN).defer("document__raw")
    candidate = rows.get(id=candidate_id)
    if _says_otherwise(candidate):
        same = Candidate.objects.filter(pk=candidate.pk, version=candidate.version, state=candidate.state)
        found = {name: getattr(candidate, name) for name in ("resolution", *FOLLOWS)}
        if not same.update(**found, updated_at=Now()):
            return rows.get(id=candidate_id)  # as a step has left it that was taken meanwhile
    return candidate


def _says_otherwise(candidate: Candidate) -> bool:
    """Sets what the record says of an undecided candidate now; whether that is another thing than it said before."""
    if candidate.state not in UNDECIDED_STATES:
        return False
    before = [getattr(candidate, name) for name in ("resolution", *FOLLOWS)]
    candidate.resolution = parties.looked_up_again(candidate.claim, candidate.resolution)
    assess(candidate)
    return before != [getattr(candidate, name) for name in ("resolution", *FOLLOWS)]


def begin(candidate_id: int, user: User, version: int | None, *states: CandidateState) -> Candidate:
    """The candidate, locked, in one of the states. Raises CurationError and StaleCandidate."""
    require_curator(user)
    rows = Candidate.objects.select_for_update(of=("self",)).select_related(
        "document", "event", "accepted_by"
    )
    candidate = rows.defer("document__raw", "document__text").get(id=candidate_id)
    require_start(candidate, version, *states)
    candidate.stood = situation(candidate)
    candidate.resolution = parties.of_survivors(candidate.resolution)
    while candidate.event is not None and candidate.event.merged_into is not None:
        candidate.event = candidate.event.merged_into
    return candidate


def require_start(candidate: Candidate, version: int | None, *states: CandidateState) -> None:
    """Raises StaleCandidate for another version than the curator saw, CurationError for another state than those."""
    if version is not None and candidate.version != version:
        raise StaleCandidate("Someone changed this candidate since you opened it. Look at it again.")
    if not {state_now(candidate), CandidateState(candidate.state)} & set(states):
        label = state_now(candidate).label.lower()
        raise CurationError(f"This candidate is {label}; the step does not start from there.")


def finish(
    candidate: Candidate, user: User, verb: Verb, *, reason: str = "", before: JSON | None = None,
    after: JSON | None = None, bulk: Bulk | None = None, revision: Revision | None = None,
) -> Candidate:  # fmt: skip
    """Saves the candidate as a new version and leaves the decision in the activity log, with how it stood before and
    stands now, unless the step says what it changed. `revision` is what it put on the record.

    What is taken out of the queue or put aside is not held against the record: who opens it again does that.
    """
    if candidate.state != CandidateState.PUBLISHED.value and verb not in _PUT_AWAY:
        assess(candidate)
    if candidate.state != CandidateState.DEFERRED.value:
        candidate.deferred_until = None
    candidate.version += 1
    candidate.save()
    wrote = {} if revision is None else {"revision": revision.seq}
    Decision.objects.create(
        user=user,
        verb=verb.value,
        candidate=candidate,
        event=candidate.event,
        reason=reason,
        bulk=bulk,
        before=candidate.stood if before is None and after is None else before,
        after=situation(candidate) | wrote if after is None else after,
    )
    return candidate


def _party_at(candidate: Candidate, pointer: str) -> tuple[str, str]:
    found = parties.parties(candidate.claim).get(pointer)
    if found is None:
        raise CurationError(f"The claim has no party at {pointer!r}.")
    return found


def _choose(candidate: Candidate, user: User, pointer: str, option: JSON) -> Candidate:
    kind, name = _party_at(candidate, pointer)
    before = candidate.resolution.get(pointer)
    others = [o for o in (before or {}).get("options", []) if o["id"] != option["id"]]
    entry = parties.entry(kind, name, [option, *others], chosen=option["id"])
    candidate.resolution = {**candidate.resolution, pointer: entry}
    return finish(candidate, user, Verb.RESOLVE, before=before, after=entry)


def shaped_by(candidate: Candidate, user: User) -> bool:
    """Whether the user wrote part of what would be published: values, or whom a name stands for."""
    verbs = (Verb.EDIT.value, Verb.RESOLVE.value)
    return Decision.objects.filter(candidate=candidate, user=user, verb__in=verbs).exists()


def _standing(event_id: int) -> Event:
    event = Event.objects.filter(id=event_id).exclude(status=Status.RETRACTED.value).first()
    if event is None:
        raise CurationError(f"There is no standing event number {event_id}.")
    return event


def refuse_unseen_twin(candidate: Candidate) -> None:
    """Raises StaleCandidate when an event that may be the same was published since the curator looked."""
    seen = _similar(candidate)
    assess(candidate)
    unseen = _similar(candidate) - seen
    if unseen:
        numbers = ", ".join(map(str, sorted(unseen)))
        raise StaleCandidate(f"Published meanwhile, and perhaps the same: event {numbers}. Look at it again.")


def _similar(candidate: Candidate) -> set[int]:
    return {conflict["event"] for conflict in candidate.conflicts if conflict["code"] == "similar_event"}


def publish(candidate: Candidate, author: User, approver: User | None, reason: str) -> Revision:
    """Publishes a candidate as a new event, or its words as further evidence of a known one."""
    entry = planned(candidate)
    [revision] = publishing.write([entry], publishing.Writer(author, approver, told_why(candidate, reason)))
    mark_published(candidate, revision.event_id, author)
    return revision


def planned(candidate: Candidate) -> Entry:
    """The revision that publishing the candidate would append. Raises UnresolvedParty and InvalidClaim."""
    parties.require_resolved(candidate.claim, candidate.resolution)
    validate(candidate.claim, candidate.document.text)
    draft = from_claim(candidate.claim, candidate.resolution, candidate.document_id)
    if candidate.event is not None:
        latest = publishing.latest(candidate.event.pk)
        joined = corroborated(from_payload(latest.payload), draft)
        return publishing.revision_of(candidate.event.pk, joined, Status(latest.payload["status"]))
    case = case_of(candidate, draft)
    return publishing.publication(replace(draft, case_id=case.id if case else None))


def told_why(candidate: Candidate, reason: str) -> str:
    """The reason as the revision states it."""
    return reason or ("another source tells the same" if candidate.event is not None else "")


def mark_published(candidate: Candidate, event_id: int, author: User) -> None:
    """Notes on the candidate which event it became or joined; does not save.

    Published beside an event that looked the same, it was judged to be another one: that is remembered.
    """
    if candidate.event_id is None:
        for other in sorted(_similar(candidate) - {event_id}):
            judge(ActKind.EVENT, event_id, other, False, author, "published beside it")
    candidate.event_id = event_id
    candidate.state = CandidateState.PUBLISHED.value
    rows = {"candidate": candidate.pk, "document": candidate.document_id, "event": event_id}
    transaction.on_commit(partial(tell, "candidate.published", "published", **rows))
