"""Splitting: what was taken for one is two. Some events go to another entry, or one event becomes two.

Unlike a merge this corrects a fact: who was told of the events hears that they are about someone else. All
functions raise CurationError for what cannot be split, FourEyesRequired, and GradeConflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from events.choices import ActKind, ActVerb, CandidateState, PartyType, Status
from events.curation import acts, parties
from events.curation.acts import Hands
from events.curation.drafts import from_claim, from_payload
from events.curation.judgements import judge
from events.curation.merging import renamed
from events.exceptions import CurationError
from events.models.access import User
from events.models.acts import Act
from events.models.candidates import Candidate
from events.record import publishing
from events.record.draft import Draft, DraftEvidence
from events.record.ledger import Entry


@transaction.atomic
def split_person(
    source: int, event_ids: Sequence[int], user: User, reason: str, *, target: int | None = None,
    name: str = "", approver: User | None = None, override: bool = False,
) -> Act:  # fmt: skip
    """Gives some of a person's events to person `target`, or to a new one of that name."""
    hands = Hands(user, reason, approver, override)
    return _split(ActKind.PERSON, PartyType.PERSON, source, event_ids, target, name, hands)


@transaction.atomic
def split_organization(
    source: int, event_ids: Sequence[int], user: User, reason: str, *, target: int | None = None,
    name: str = "", approver: User | None = None, override: bool = False,
) -> Act:  # fmt: skip
    """Gives some of an organization's events to organization `target`, or to a new one of that name."""
    hands = Hands(user, reason, approver, override)
    return _split(ActKind.ORGANIZATION, PartyType.ORGANIZATION, source, event_ids, target, name, hands)


@transaction.atomic
def split_event(
    event_id: int, candidate_id: int, user: User, reason: str, *, approver: User | None = None,
    override: bool = False,
) -> Act:  # fmt: skip
    """Takes a candidate that had joined an event out of it and publishes it as an event of its own."""
    hands = Hands(user, reason, approver, override)
    hands.check()
    candidate = _joined(event_id, candidate_id)
    if not acts.standing([event_id]):
        raise CurationError(f"Event {event_id} was retracted. Undo the retraction before you split it.")
    kept = publishing.latest(event_id).payload
    draft = from_payload(kept)
    resolution = parties.of_survivors(candidate.resolution)
    apart = from_claim(candidate.claim, resolution, candidate.document_id)
    rest = without(draft, apart.evidence)
    if not rest.evidence:
        raise CurationError("Nothing would prove the event that stays.")
    note = hands.allowed([event_id], candidate.severity)
    act = acts.begin(ActVerb.SPLIT, ActKind.EVENT, event_id, None, hands, note)
    own = publishing.publication(apart)
    stays = publishing.revision_of(event_id, rest, Status(kept["status"]))
    acts.write(act, [stays, own])
    candidate.event = own.event
    candidate.save(update_fields=["event", "updated_at"])
    act.target, act.moved = own.event.pk, {"candidates": [candidate.pk]}
    return _settled(act)


def without(draft: Draft, evidence: Sequence[DraftEvidence]) -> Draft:
    """The draft without the words of one document that another event is to have."""
    spans = {(item.document_id, item.start, item.end) for item in evidence}
    kept = tuple(e for e in draft.evidence if (e.document_id, e.start, e.end) not in spans)
    return replace(draft, evidence=kept)


def _split(
    kind: ActKind, party: PartyType, source: int, event_ids: Sequence[int], target: int | None, name: str,
    hands: Hands,
) -> Act:  # fmt: skip
    hands.check()
    if parties.exists(party.value, source) is None:
        raise CurationError(f"There is no {party.value} number {source}, or it was merged into another.")
    if not event_ids:
        raise CurationError("Say which events are the other's.")
    events = acts.standing(event_ids)
    bearing = set(acts.bearing_on(f"{party.value}:{source}"))
    strangers = [pk for pk in sorted(set(event_ids)) if pk not in bearing]
    if strangers:
        raise CurationError(f"Event {strangers[0]} is not on record about {party.value} {source}.")
    other = _other(party, source, target, name)
    note = hands.allowed(events)
    act = acts.begin(ActVerb.SPLIT, kind, source, other, hands, note)
    acts.write(act, [_corrected(pk, party, source, other) for pk in events])
    if target is None:
        act.moved = {"made": [other]}
    return _settled(act)


def _corrected(event_id: int, party: PartyType, source: int, target: int) -> Entry:
    entry = renamed(event_id, (party, source), (party, target))
    return replace(entry, payload=entry.payload | {"status": Status.CORRECTED.value})


def _other(party: PartyType, source: int, target: int | None, name: str) -> int:
    """Whom the events go to: someone on record, or a new entry. Raises CurationError."""
    if target is not None:
        if target == source or parties.exists(party.value, target) is None:
            raise CurationError(f"There is no other {party.value} number {target}.")
        return target
    if not name.strip():
        raise CurationError("Say whom the events are about: an entry on record, or a new one's name.")
    return parties.create(party.value, name.strip()).pk


def _joined(event_id: int, candidate_id: int) -> Candidate:
    rows = Candidate.objects.select_for_update(of=("self",)).select_related("document")
    candidate = rows.filter(pk=candidate_id, event=event_id, state=CandidateState.PUBLISHED.value).first()
    if candidate is None:
        raise CurationError(f"Candidate {candidate_id} is not part of event {event_id}.")
    first = Candidate.objects.filter(event=event_id).order_by("pk").values_list("pk", flat=True).first()
    if first == candidate.pk:
        raise CurationError("The event was made of this candidate; split off one that joined it later.")
    return candidate


def _settled(act: Act) -> Act:
    act.save(update_fields=["moved", "target"])
    assert act.target is not None  # noqa: S101 - every split has one by now
    judge(ActKind(act.kind), act.source, act.target, False, act.user, act.reason)
    return acts.log(act)
