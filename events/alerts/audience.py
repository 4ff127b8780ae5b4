"""Who must hear of a revision: those who follow what it bears on, and those who were told an earlier one.

What this module gathers of a revision, the statements of `reach` look for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet

from events.alerts import reach
from events.choices import ActKind, ActVerb, Operation, WorkState
from events.dates import PartialDate
from events.models.alerts import Delivery, Matching, Subscription
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


@dataclass(frozen=True)
class Audience:
    """Whom a revision reaches.

    An event that was merged into another is no news, and who is one with whom neither, but for those who were told
    of the event or whose message was about to be sent. A retraction is none for who was not told.
    """

    revision: Revision

    @cached_property
    def followers(self) -> reach.Followed | None:
        """What a subscription must be of to be told; None where no subscription counts."""
        if self._is_merged or self.revision.operation == Operation.DEL.value:
            return None
        if not tells_identity_alone(self.revision) or not self._news_was_matched():
            return followed(self.revision)
        return followed(self.revision, addressed=self._earlier)

    @cached_property
    def told(self) -> list[int]:
        """The revisions whose readers hear of this one, whatever they follow now: the event's earlier ones, and
        those of the events that were merged into it."""
        return [] if self._is_merged else self._earlier

    @property
    def _is_merged(self) -> bool:
        return self.revision.payload.get("merged_into") is not None

    @cached_property
    def _earlier(self) -> list[int]:
        events = one_with(self.revision.event_id)
        rows = Revision.objects.filter(event__in=events, seq__lt=self.revision.seq)
        return list(rows.values_list("seq", flat=True))

    def _news_was_matched(self) -> bool:
        """Whether the followers of the event's last news have their deliveries, by its own matching or a later
        one's."""
        earlier = Revision.objects.filter(event=self.revision.event_id, seq__lt=self.revision.seq)
        news = earlier.exclude(IDENTITY_ALONE).order_by("-seq").values_list("seq", flat=True).first()
        done = Matching.objects.filter(state=WorkState.DONE.value, done_at__isnull=False)
        return done.filter(revision__in=earlier.filter(seq__gte=news or 0)).exists()


def concerned(revision: Revision) -> Concerned:
    """The people and organizations that a follower of the event may have named."""
    people = _ids(revision.subjects, "person")
    units = _merged(Organization, _ids(revision.subjects, "organization"))
    date = PartialDate.from_json(revision.payload["date"])
    return Concerned(
        people=frozenset(_merged(Executive, people)),
        organizations=frozenset(_merged(Organization, ancestors(units, date))),
    )


def followed(revision: Revision, *, addressed: list[int] | None = None) -> reach.Followed:
    """What the revision is about, as the conditions of subscriptions ask for it.

    `addressed`: only the subscriptions of those count who have a delivery of one of these revisions.
    """
    payload = revision.payload
    bears_on = concerned(revision)
    return reach.Followed(
        kind=payload["kind"],
        severity=payload["severity"],
        said=f"{payload['summary']}\n{payload['summary_zh']}",
        people=sorted(bears_on.people),
        organizations=sorted(bears_on.organizations),
        addressed=addressed,
    )


def matching_subscriptions(revision: Revision) -> QuerySet[Subscription]:
    """The active subscriptions that ask for news and whose every condition the revision meets."""
    return Subscription.objects.filter(pk__in=reach.subscriptions(followed(revision)))


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
    return revision.act_id is not None and Revision.objects.filter(IDENTITY_ALONE, seq=revision.seq).exists()


def _ids(subjects: Iterable[str], kind: str) -> set[int]:
    pairs = (subject.partition(":") for subject in subjects)
    return {int(number) for found, _, number in pairs if found == kind}


def _merged(model: type[Executive | Organization], ids: set[int]) -> set[int]:
    """With those that were merged into them: a subscription may still name the row that was given up."""
    return ids | set(given_up_for(model, ids))
