"""Merging: two entries turn out to be one. The old number answers with the new one; undone as one.

Every standing event of the entry that is given up becomes, by a revision of its own, one of the survivor. From
severity 3 on that needs an approver. All functions raise CurationError for entries that cannot be merged,
FourEyesRequired, and GradeConflict where the two histories contradict each other.
"""

from __future__ import annotations

from django.db import transaction

from events.choices import ActKind, ActVerb, PartyType, Status
from events.curation import acts, registers
from events.curation.acts import Hands
from events.curation.drafts import corroborated, from_payload
from events.curation.judgements import judge, refuse_judged_apart
from events.exceptions import CurationError
from events.models.access import User
from events.models.acts import Act
from events.models.candidates import Candidate
from events.models.organizations import Organization, OrganizationParent
from events.models.people import Executive
from events.models.record import Event
from events.record import publishing
from events.record.identity import Identity, with_identities
from events.record.ledger import Entry
from events.record.phrases.common import JSON

MAX_DEPTH = 20


@transaction.atomic
def merge_people(
    source: int, target: int, user: User, reason: str, *, approver: User | None = None, override: bool = False
) -> Act:
    """Makes person `source` an old number of person `target`."""
    hands = Hands(user, reason, approver, override)
    hands.check()
    events = _hold(PartyType.PERSON, source, target)
    given_up, survivor = Executive.objects.get(pk=source), Executive.objects.get(pk=target)
    refuse_judged_apart(ActKind.PERSON, source, target)
    act = _take_over(ActKind.PERSON, (PartyType.PERSON, source), (PartyType.PERSON, target), events, hands)
    act.moved = registers.move_person(given_up, survivor)
    Executive.objects.filter(pk=source).update(merged_into=survivor)
    return _settled(act)


@transaction.atomic
def merge_organizations(
    source: int, target: int, user: User, reason: str, *, approver: User | None = None, override: bool = False
) -> Act:
    """Makes organization `source` an old number of organization `target`."""
    hands = Hands(user, reason, approver, override)
    hands.check()
    events = _hold(PartyType.ORGANIZATION, source, target)
    given_up, survivor = Organization.objects.get(pk=source), Organization.objects.get(pk=target)
    refuse_judged_apart(ActKind.ORGANIZATION, source, target)
    _refuse_relatives(source, target)
    old, new = (PartyType.ORGANIZATION, source), (PartyType.ORGANIZATION, target)
    act = _take_over(ActKind.ORGANIZATION, old, new, events, hands)
    act.moved = registers.move_organization(given_up, survivor)
    Organization.objects.filter(pk=source).update(merged_into=survivor)
    return _settled(act)


@transaction.atomic
def merge_events(
    source: int, target: int, user: User, reason: str, *, approver: User | None = None, override: bool = False
) -> Act:
    """Makes event `source` a duplicate of event `target`, whose evidence it joins."""
    hands = Hands(user, reason, approver, override)
    hands.check()
    if source == target:
        raise CurationError("These are one and the same event.")
    candidates = _lock_candidates(source)
    if acts.standing([source, target]) != sorted((source, target)):
        raise CurationError("Both events must stand: undo the retraction or the merge first.")
    refuse_judged_apart(ActKind.EVENT, source, target)
    note = hands.allowed([source, target])
    act = acts.begin(ActVerb.MERGE, ActKind.EVENT, source, target, hands, note)
    kept = publishing.latest(target).payload
    given_up = publishing.latest(source).payload
    _refuse_other_subject(given_up, kept)
    told = from_payload(given_up)
    joined = corroborated(from_payload(kept), told)
    acts.write(
        act,
        [
            publishing.retraction(source, merged_into=target),
            publishing.revision_of(target, joined, Status(kept["status"])),
        ],
    )
    Candidate.objects.filter(pk__in=candidates).update(event=Event(pk=target))
    act.moved = {"candidates": candidates}
    return _settled(act)


def _hold(kind: PartyType, source: int, target: int) -> list[int]:
    """The standing events of the entry that is given up, locked with everyone concerned.

    Raises CurationError for entries that are unknown, one, or merged already, and when an event about the one was
    published or changed while others were waited for.
    """
    if source == target:
        raise CurationError("These are one and the same entry.")
    subject = f"{kind.value}:{source}"
    events = acts.standing(acts.bearing_on(subject))
    acts.hold(events, (kind, source), (kind, target))
    _check(kind, source, target)
    if acts.bearing_on(subject) != events:
        raise CurationError("Its events were changed meanwhile. Look at them again.")
    return events


def _take_over(kind: ActKind, old: Identity, new: Identity, events: list[int], hands: Hands) -> Act:
    """Rewrites the standing events of one identity to another."""
    note = hands.allowed(events)
    act = acts.begin(ActVerb.MERGE, kind, old[1], new[1], hands, note)
    acts.write(act, [renamed(pk, old, new) for pk in events])
    return act


def renamed(event_id: int, old: Identity, new: Identity) -> Entry:
    """A standing event with one identity in place of another, prepared."""
    payload = with_identities(publishing.latest(event_id).payload, {old: new})
    return publishing.amendment(event_id, payload)


def _settled(act: Act) -> Act:
    act.save(update_fields=["moved"])
    assert act.target is not None  # noqa: S101 - every merge has one
    judge(ActKind(act.kind), act.source, act.target, True, act.user, act.reason)
    return acts.log(act)


def _check(kind: PartyType, *entries: int) -> None:
    """Raises CurationError for entries that are unknown or merged already."""
    model = Executive if kind is PartyType.PERSON else Organization
    found = dict(model._default_manager.filter(pk__in=entries).values_list("pk", "merged_into_id"))
    for pk in entries:
        if pk not in found:
            raise CurationError(f"There is no entry number {pk}.")
        if found[pk] is not None:
            raise CurationError(f"Number {pk} was merged into number {found[pk]} already.")


def _refuse_relatives(source: int, target: int) -> None:
    """Raises CurationError where one was part of the other at any time: then they are two."""
    for one, other in ((source, target), (target, source)):
        level, seen = {one}, {one}
        for _ in range(MAX_DEPTH):
            rows = OrganizationParent.objects.filter(child__in=level, parent__isnull=False)
            level = {pk for pk in rows.values_list("parent_id", flat=True) if pk is not None} - seen
            seen |= level
        if other in seen:
            raise CurationError(f"Organization {one} was part of organization {other}, so they are two.")


def _refuse_other_subject(one: JSON, other: JSON) -> None:
    """Raises CurationError for events about two entries of the register: if those are one, they are merged first."""
    a, b = one["subject"], other["subject"]
    known = a["id"] is not None and b["id"] is not None
    if known and (a["type"], a["id"]) != (b["type"], b["id"]):
        raise CurationError(
            f"One event is about {a['name']} ({a['type']} {a['id']}), the other about {b['name']} "
            f"({b['type']} {b['id']}). If those are one, merge them first."
        )


def _lock_candidates(event_id: int) -> list[int]:
    rows = Candidate.objects.select_for_update(of=("self",)).filter(event=event_id).order_by("pk")
    return list(rows.values_list("pk", flat=True))
