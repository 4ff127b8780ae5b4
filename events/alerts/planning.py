"""What a mail may still say just before it is sent. Planned for many mails at once, in a few statements.

Between the gathering of a mail and its sending the news may have been replaced, taken back or told, and its reader may
have left: a mail is sent with what still holds of it, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from events.alerts import suppression
from events.alerts.knowledge import Knowledge
from events.choices import DeliveryState, MailKind, Operation
from events.models.alerts import Delivery, Mail, Subscription

WITH_NEWS = frozenset({MailKind.ALERT.value, MailKind.DIGEST.value})
"""Mails that tell of deliveries; the others say what their `data` does."""
_FOR_CONFIRMED = WITH_NEWS | {MailKind.SILENCE.value, MailKind.ADDED.value}


class Verdict(Enum):
    """What to do with a mail, or with one delivery in it."""

    SEND = "send"
    WAIT = "wait"
    CANCEL = "cancel"
    ASSUME_SENT = "assume sent"


@dataclass(frozen=True)
class Planned:
    """A delivery that its mail tells of, and the subscriptions that asked for it, oldest first, with their executive
    and organization.

    `told` is the last delivery about the event that was sent to the subscriber, or about one that was merged into it,
    with its `revision` and `mail`: the news is then a correction of it.
    """

    delivery: Delivery
    told: Delivery | None = None
    matched: tuple[Subscription, ...] = ()


@dataclass(frozen=True)
class Dropped:
    """A delivery that its mail no longer tells of: cancelled, or assumed to have been received before."""

    delivery: Delivery
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class Plan:
    """What is right to do with a mail now: with SEND it tells `planned`, in any case it has lost `dropped`."""

    mail: Mail
    verdict: Verdict
    reason: str = ""
    planned: tuple[Planned, ...] = ()
    dropped: tuple[Dropped, ...] = ()


def plan(mails: Sequence[Mail]) -> list[Plan]:
    """A plan for each mail, in their order. A mail in the state `sending` may have been received before.

    Whoever may have been told must be told of corrections, so what need not be sent again then counts as sent.
    """
    suppressed = suppression.suppressed(filter(None, (recipient(mail) for mail in mails)))
    known = Knowledge.about(mails)
    return [_plan(mail, known, suppressed) for mail in mails]


def recipient(mail: Mail) -> str:
    """The address that a mail goes to; empty where the subscriber has withdrawn the new one that it was for.

    Of the mails on a change of address one asks the new address, and the old one is told, also after it has changed.
    """
    asked, subscriber = str(mail.data.get("to", "")), mail.subscriber
    if mail.kind != MailKind.ADDRESS.value:
        return subscriber.email
    if mail.data.get("step") == "confirm" and asked != subscriber.new_email:
        return ""
    return asked


def _plan(mail: Mail, known: Knowledge, suppressed: set[str]) -> Plan:
    deliveries = known.deliveries(mail)
    reason = _not_wanted(mail, suppressed)
    if reason or mail.kind not in WITH_NEWS:
        dropped = tuple(_dropped(mail, delivery, reason) for delivery in deliveries)
        return (
            Plan(mail, *_without_send(mail, reason), dropped=dropped) if reason else Plan(mail, Verdict.SEND)
        )
    steps = [_plan_delivery(delivery, known) for delivery in deliveries]
    waits = next((reason for verdict, reason, _ in steps if verdict is Verdict.WAIT), "")
    if waits:
        return Plan(mail, Verdict.WAIT, waits)
    planned = tuple(found for _, _, found in steps if found)
    dropped = tuple(
        _dropped(mail, delivery, reason)
        for delivery, (_, reason, found) in zip(deliveries, steps, strict=True)
        if not found
    )
    if planned:
        return Plan(mail, Verdict.SEND, planned=planned, dropped=dropped)
    reason = (
        " ".join(dict.fromkeys(reason for _, reason, _ in steps)) or "Nothing is left that it could tell."
    )
    return Plan(mail, *_without_send(mail, reason), dropped=dropped)


def _not_wanted(mail: Mail, suppressed: set[str]) -> str:
    """Why nothing of this kind may go to this reader now; empty when it may."""
    address, subscriber = recipient(mail), mail.subscriber
    if not address:
        return "The new address was withdrawn."
    if address in suppressed:
        return "Nothing is sent to this address any more: it is on the list of suppressed ones."
    if mail.kind in _FOR_CONFIRMED and subscriber.confirmed_at is None:
        return "The subscriber has left or has not confirmed the address."
    if mail.kind == MailKind.CONFIRMATION.value and subscriber.confirmed_at is not None:
        return "The address is confirmed already."
    return ""


_Step = tuple[Verdict, str, Planned | None]


def _plan_delivery(delivery: Delivery, known: Knowledge) -> _Step:
    later = known.later(delivery)
    if later is not None:
        return Verdict.CANCEL, f"Replaced by revision {later} before it was sent.", None
    if known.is_on_its_way(delivery):
        return Verdict.WAIT, "An earlier message about the event is on its way.", None
    told = known.told(delivery)
    if told is None:
        return _first_message(delivery, known)
    if known.says_the_same(told, delivery):
        reason = "The subscriber was told all that it says: another source, or another entry."
        return Verdict.CANCEL, reason, None
    return Verdict.SEND, "", Planned(delivery, told, known.matched(delivery))


def _first_message(delivery: Delivery, known: Knowledge) -> _Step:
    """A subscriber who was told nothing yet hears of what holds, if a subscription still asks for it."""
    if delivery.revision.operation == Operation.DEL.value:
        return Verdict.CANCEL, "Retracted before the subscriber was told of it.", None
    matched = known.matched(delivery)
    if not any(subscription.is_active for subscription in matched):
        return Verdict.CANCEL, "No subscription asks for it any more.", None
    return Verdict.SEND, "", Planned(delivery, None, matched)


def _without_send(mail: Mail, reason: str) -> tuple[Verdict, str]:
    if mail.state == DeliveryState.SENDING.value:
        return Verdict.ASSUME_SENT, _lost(reason)
    return Verdict.CANCEL, reason


def _dropped(mail: Mail, delivery: Delivery, reason: str) -> Dropped:
    return Dropped(delivery, *_without_send(mail, reason))


def _lost(reason: str) -> str:
    return f"The mail server's answer was lost; it may have been received. {reason}"


def ids(deliveries: Iterable[Planned | Dropped]) -> list[int]:
    """The primary keys of the deliveries."""
    return [row.delivery.pk for row in deliveries]
