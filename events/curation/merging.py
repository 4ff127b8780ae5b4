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

MAX_DEPTH = 20


@transaction.atomic
def merge_people(
    source: int, target: int, user: User, reason: str, *, approver: User | None = None, override: bool = False
) -> Act:
    """Makes person `source` an old number of person `target`."""
    hands = Hands(user, reason, approver, override)
    hands.check()
    given_up, survivor = _people(source, target)
    refuse_judged_apart(ActKind.PERSON, source, target)
    act = _take_over(ActKind.PERSON, (PartyType.PERSON, source), (PartyType.PERSON, target), hands)
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
    given_up, survivor = _organizations(source, target)
    refuse_judged_apart(ActKind.ORGANIZATION, source, target)
    _refuse_relatives(source, target)
    act = _take_over(
        ActKind.ORGANIZATION, (PartyType.ORGANIZATION, source), (PartyType.ORGANIZATION, target), hands
    )
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
    if acts.standing([source, target]) != sorted((source, target)):
        raise CurationError("Both events must stand: undo the retraction or the merge first.")
    refuse_judged_apart(ActKind.EVENT, source, target)
    note = hands.allowed([source, target])
    act = acts.begin(ActVerb.MERGE, ActKind.EVENT, source, target, hands, note)
    kept = publishing.latest(target).payload
    told = from_payload(publishing.latest(source).payload)
    joined = corroborated(from_payload(kept), told)
    acts.write(
        act,
        [
            publishing.retraction(source, merged_into=target),
            publishing.revision_of(target, joined, Status(kept["status"])),
        ],
    )
    act.moved = {"candidates": _move_candidates(source, target)}
    return _settled(act)


def _take_over(kind: ActKind, old: Identity, new: Identity, hands: Hands) -> Act:
    """Rewrites the standing events of one identity to another."""
    events = acts.standing(acts.bearing_on(f"{old[0].value}:{old[1]}"))
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


def _people(source: int, target: int) -> tuple[Executive, Executive]:
    rows = Executive.objects.select_for_update().filter(pk__in=(source, target)).order_by("pk")
    found = {row.pk: row for row in rows}
    _check(found, source, target)
    return found[source], found[target]


def _organizations(source: int, target: int) -> tuple[Organization, Organization]:
    rows = Organization.objects.select_for_update().filter(pk__in=(source, target)).order_by("pk")
    found = {row.pk: row for row in rows}
    _check(found, source, target)
    return found[source], found[target]


def _check(found: dict[int, Executive] | dict[int, Organization], source: int, target: int) -> None:
    """Raises CurationError for entries that are unknown, one, or merged already."""
    if source == target:
        raise CurationError("These are one and the same entry.")
    for pk in (source, target):
        if pk not in found:
            raise CurationError(f"There is no entry number {pk}.")
        if found[pk].merged_into_id is not None:
            raise CurationError(f"Number {pk} was merged into number {found[pk].merged_into_id} already.")


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


def _move_candidates(source: int, target: int) -> list[int]:
    rows = Candidate.objects.filter(event=source).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    Candidate.objects.filter(pk__in=ids).update(event=Event(pk=target))
    return ids
