"""Who must hear of a revision: those who follow what it bears on, and those who were told an earlier one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, TextField, Value

from events.choices import DeliveryState
from events.dates import PartialDate
from events.models.alerts import Delivery, Subscription
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Revision
from events.record.places import ancestors


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
    """Deliveries of the event's earlier revisions that were sent, or that may have been: a worker has them."""
    return Delivery.objects.filter(
        revision__event=revision.event_id,
        revision__seq__lt=revision.seq,
        state__in=[DeliveryState.SENT.value, DeliveryState.SENDING.value],
        subscriber__confirmed_at__isnull=False,
    )


def _ids(subjects: Iterable[str], kind: str) -> set[int]:
    pairs = (subject.partition(":") for subject in subjects)
    return {int(number) for found, _, number in pairs if found == kind}


def _merged(model: type[Any], ids: set[int]) -> set[int]:
    """With those that were merged into them: a subscription may still name the row that was given up."""
    found, new = set(ids), set(ids)
    while new:
        new = set(model.objects.filter(merged_into__in=new).values_list("id", flat=True)) - found
        found |= new
    return found
