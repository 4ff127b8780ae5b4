"""What must be known to judge mails before they are sent: read for a whole batch, a few statements in all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from events.alerts.audience import told_as
from events.choices import DeliveryState
from events.models.alerts import Delivery, Mail, Subscription
from events.models.record import Event, Revision
from events.record.facts import same_facts
from events.record.identity import MAX_MERGES, survived

_TO_SEND = (DeliveryState.PENDING.value, DeliveryState.SENDING.value)
_TOLD = (DeliveryState.SENT.value, DeliveryState.SENDING.value)


@dataclass
class Knowledge:
    """The deliveries of some mails, and what their subscribers were told of the same events before.

    Revisions are the same objects throughout: what a hundred readers are told is read once.
    """

    _deliveries: dict[int, list[Delivery]]
    _heads: dict[int, int]
    """The number of each event's latest revision."""
    _one_with: dict[int, frozenset[int]]
    """Each event with those that were merged into it."""
    _earlier: dict[tuple[int, int], list[Delivery]]
    """By subscriber and event: what was sent or is being sent, latest revision first."""
    _subscriptions: dict[int, Subscription]
    _same: dict[tuple[int, int], bool] = field(default_factory=dict)

    @classmethod
    def about(cls, mails: Sequence[Mail]) -> Knowledge:
        """Reads it. The mails have their `subscriber`."""
        by_mail = {mail.pk: mail for mail in mails}
        rows = list(Delivery.objects.filter(mail__in=by_mail, state__in=_TO_SEND).order_by("revision_id"))
        revisions = Revision.objects.in_bulk({row.revision_id for row in rows})
        deliveries = defaultdict(list)
        for row in rows:
            mail = by_mail[row.mail_id or 0]
            row.mail, row.subscriber, row.revision = mail, mail.subscriber, revisions[row.revision_id]
            deliveries[mail.pk].append(row)
        events = {revision.event_id for revision in revisions.values()}
        found = Event.objects.filter(pk__in=events).values_list("pk", "head_id")
        heads = {event: head or 0 for event, head in found}
        one_with = _one_with(events)
        together = frozenset().union(*one_with.values())
        return cls(
            deliveries,
            heads,
            one_with,
            _earlier({row.subscriber_id for row in rows}, together, list(heads.values())),
            _subscriptions({pk for row in rows for pk in row.matched}),
        )

    def deliveries(self, mail: Mail) -> list[Delivery]:
        """What the mail carries and is not settled, earliest revision first, with `revision` and `subscriber`."""
        return self._deliveries.get(mail.pk, [])

    def later(self, delivery: Delivery) -> int | None:
        """The number of the revision that has replaced the delivery's; None while it holds."""
        head = self._heads[delivery.revision.event_id]
        return head if head > delivery.revision_id else None

    def matched(self, delivery: Delivery) -> tuple[Subscription, ...]:
        """The subscriptions that asked for it, oldest first; those that are deleted are not there."""
        found = (self._subscriptions.get(pk) for pk in sorted(delivery.matched))
        return tuple(subscription for subscription in found if subscription)

    def is_on_its_way(self, delivery: Delivery) -> bool:
        """Whether the outcome of an earlier message about the event is not known yet."""
        rows = self._before(delivery)
        return any(row.state == DeliveryState.SENDING.value for row in rows)

    def told(self, delivery: Delivery) -> Delivery | None:
        """The last that was sent about the event, else about one that was merged into it."""
        event = delivery.revision.event_id
        rows = [row for row in self._before(delivery) if row.state == DeliveryState.SENT.value]
        return next((row for row in rows if row.revision.event_id == event), rows[0] if rows else None)

    def says_the_same(self, told: Delivery, delivery: Delivery) -> bool:
        """Whether the delivery's revision says no more than what was told, whoever has become one with whom since."""
        key = told.revision_id, delivery.revision_id
        if key not in self._same:
            before = told_as(told, delivery.revision.event_id)
            self._same[key] = same_facts(survived(before.payload), delivery.revision.payload)
        return self._same[key]

    def _before(self, delivery: Delivery) -> list[Delivery]:
        """What was sent or is being sent of earlier revisions of the event and of those merged into it."""
        rows = [
            row
            for event in self._one_with[delivery.revision.event_id]
            for row in self._earlier.get((delivery.subscriber_id, event), [])
            if row.revision_id < delivery.revision_id
        ]
        return sorted(rows, key=lambda row: -row.revision_id)


def _one_with(events: Collection[int]) -> dict[int, frozenset[int]]:
    """Each event with those that were merged into it, directly or by way of others. A query a level."""
    children: dict[int, set[int]] = defaultdict(set)
    level, seen = set(events), set(events)
    for _ in range(MAX_MERGES):
        rows = (
            Event.objects.filter(merged_into__in=level).values_list("merged_into_id", "pk") if level else []
        )
        level = set()
        for into, event in rows:
            children[into or 0].add(event)
            level.add(event)
        level -= seen
        seen |= level
    return {event: _closure(event, children) for event in events}


def _closure(event: int, children: dict[int, set[int]]) -> frozenset[int]:
    found, todo = {event}, [event]
    while todo:
        new = children.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return frozenset(found)


def _earlier(
    subscribers: Collection[int], events: Collection[int], heads: Collection[int]
) -> dict[tuple[int, int], list[Delivery]]:
    """By subscriber and event: the deliveries that were sent or are being sent, with `revision` and `mail`.

    `heads` are revisions that nothing can be earlier than. News has no other: then no delivery is looked for.
    """
    found: dict[tuple[int, int], list[Delivery]] = defaultdict(list)
    numbers = list(
        Revision.objects.filter(event__in=events).exclude(seq__in=heads).values_list("seq", flat=True)
    )
    if not numbers:
        return found
    rows = Delivery.objects.filter(subscriber__in=subscribers, revision__in=numbers, state__in=_TOLD)
    told = list(rows.select_related("mail", "subscriber"))
    revisions = Revision.objects.in_bulk({row.revision_id for row in told})
    for row in told:
        row.revision = revisions[row.revision_id]
        found[row.subscriber_id, row.revision.event_id].append(row)
    return found


def _subscriptions(keys: Iterable[int]) -> dict[int, Subscription]:
    return Subscription.objects.select_related("executive", "organization").in_bulk(set(keys))
