"""Who must hear of a revision: those who follow what it bears on, and those who were told an earlier one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, TextField, Value

from events.choices import ActKind, ActVerb, DeliveryState
from events.dates import PartialDate
from events.models.alerts import Delivery, Subscription
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Event, Revision
from events.record.identity import MAX_MERGES, given_up_for
from events.record.places import ancestors

_PARTIES = [ActKind.PERSON.value, ActKind.ORGANIZATION.value]
IDENTITY_ALONE = Q(act__kind__in=_PARTIES, act__verb=ActVerb.MERGE.value) | Q(
    act__kind__in=_PARTIES, act__verb=ActVerb.UNDO.value, act__undoes__verb=ActVerb.MERGE.value
)
"""Revisions that a merge of people or organizations wrote, or its undoing."""


@dataclass(frozen=True)
class Concerned:
    """Whom an event bears on, by primary key; `organizations` with all that they were part of at the time."""

    people: frozenset[int]
    organizations: frozenset[int]


def concerned(revision: Revision) -> Concerned:
    """The people and organizations that a follower of the event may have named."""
    people = _ids(revision.subjects, "person")
    units = _merged(Organization, _ids(revision.subjects, "organization"))
    date = PartialDate.from_json(revision.payload["date"])
    return Concerned(
        people=frozenset(_merged(Executive, people)),
        organizations=frozenset(_merged(Organization, ancestors(units, date))),
    )


def matching_subscriptions(revision: Revision) -> QuerySet[Subscription]:
    """The active subscriptions of confirmed subscribers whose every condition the revision meets."""
    payload = revision.payload
    bears_on = concerned(revision)
    said = Value(f"{payload['summary']}\n{payload['summary_zh']}", output_field=TextField())
    return (
        Subscription.objects.filter(is_active=True, subscriber__confirmed_at__isnull=False)
        .filter(min_severity__lte=payload["severity"])
        .filter(Q(kind="") | Q(kind=payload["kind"]))
        .filter(Q(executive__isnull=True) | Q(executive__in=bears_on.people))
        .filter(Q(organization__isnull=True) | Q(organization__in=bears_on.organizations))
        .annotate(said=said)
        .filter(Q(text="") | Q(said__icontains=F("text")))
    )


def told(revision: Revision) -> QuerySet[Delivery]:
    """Deliveries of the event's earlier revisions that were sent, or that may have been: a worker has them. Who was
    told of an event that was merged into this one was told of this one."""
    return addressed(revision).filter(
        state__in=[DeliveryState.SENT.value, DeliveryState.SENDING.value],
        subscriber__confirmed_at__isnull=False,
    )


def addressed(revision: Revision) -> QuerySet[Delivery]:
    """Deliveries, whatever became of them, of the earlier revisions of the event and of those merged into it."""
    return Delivery.objects.filter(
        revision__event__in=one_with(revision.event_id), revision__seq__lt=revision.seq
    )


def one_with(event_id: int) -> list[int]:
    """The event and those that were merged into it, directly or by way of others."""
    return sorted([event_id, *given_up_for(Event, [event_id])])


def told_as(delivery: Delivery, event_id: int) -> Revision:
    """The revision of the event that stands for what a delivery told: its own, or, where it told of an event that
    was merged into this one, what this one said with the merge."""
    revision = delivery.revision
    for _ in range(MAX_MERGES):
        if revision.event_id == event_id:
            break
        last = Revision.objects.filter(event=revision.event_id).latest("seq")
        revision = Revision.objects.get(event=last.payload["merged_into"], act=last.act_id)
    return revision


def tells_identity_alone(revision: Revision) -> bool:
    """Whether a revision says only that two people or organizations are one, or that they are two after all:
    nobody but those who were told, or were about to be, needs to know."""
    return Revision.objects.filter(IDENTITY_ALONE, seq=revision.seq).exists()


def _ids(subjects: Iterable[str], kind: str) -> set[int]:
    pairs = (subject.partition(":") for subject in subjects)
    return {int(number) for found, _, number in pairs if found == kind}


def _merged(model: type[Executive | Organization], ids: set[int]) -> set[int]:
    """With those that were merged into them: a subscription may still name the row that was given up."""
    return ids | set(given_up_for(model, ids))
