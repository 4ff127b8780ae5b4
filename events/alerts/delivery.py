"""From the outbox to the mail server: one message an attempt, outside any transaction.

A delivery is `sending` from the moment a worker claims it until the outcome is known. Where the outcome stays
unknown (the worker died, the connection broke) it is tried again with the same Message-ID, by which mail
systems and people recognize the second copy.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from events.alerts import failures
from events.alerts.audience import addressed, told_as
from events.alerts.failures import Failure, Outcome
from events.alerts.guard import require_no_transaction
from events.alerts.messages import compose
from events.alerts.schedule import CLAIM, MAX_ATTEMPTS, backoff
from events.choices import DeliveryState, Operation
from events.models.alerts import Delivery
from events.models.record import Revision
from events.record.facts import same_facts
from events.record.identity import survived

log = logging.getLogger(__name__)

WAIT = timedelta(minutes=1)
"""Until a message that must follow another of the same event is looked at again."""
LONGEST_DOUBT = timedelta(minutes=10)
"""Until a message of unknown outcome is tried again, at most: corrections wait for it."""


class Verdict(Enum):
    SEND = "send"
    WAIT = "wait"
    CANCEL = "cancel"
    ASSUME_SENT = "assume sent"


@dataclass(frozen=True)
class Plan:
    """What to do with a delivery, why, and what its subscriber was told about the event before."""

    verdict: Verdict
    reason: str = ""
    told: Delivery | None = None


@dataclass(frozen=True)
class Attempt:
    """A claim on a delivery that holds until `until`. `resumed`: an earlier attempt's outcome is not known."""

    number: int
    until: datetime
    resumed: bool


def due_deliveries(limit: int = 500) -> list[int]:
    """Primary keys of the messages that are due, longest waiting first, and those whose worker died."""
    rows = Delivery.objects.filter(_waiting() | _abandoned()).order_by("next_attempt_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def send_delivery(delivery_id: int) -> bool:
    """Sends one message if it is due and still right; whether the mail server took it now.

    False too when another worker has it. Raises RuntimeError inside a transaction.
    """
    require_no_transaction("sending mail")
    attempt = _claim(delivery_id)
    if attempt is None:
        return False
    delivery = Delivery.objects.select_related("subscriber", "revision").get(id=delivery_id)
    step = plan(delivery, resumed=attempt.resumed)
    if step.verdict is Verdict.SEND:
        return _send(delivery, attempt, step)
    _settle(delivery, attempt, step)
    return False


def plan(delivery: Delivery, *, resumed: bool = False) -> Plan:
    """What is right to do with a claimed delivery now, whatever has happened since it was written.

    `resumed`: an earlier attempt may have succeeded. Whoever may have been told must be told of corrections,
    so such a message counts as sent once there is no reason to send it again.
    """
    if delivery.subscriber.confirmed_at is None:
        return Plan(Verdict.CANCEL, "The subscriber has left or has not confirmed the address.")
    step = _plan(delivery)
    if resumed and step.verdict is Verdict.CANCEL:
        reason = f"The mail server's answer was lost; it may have been received. {step.reason}"
        return Plan(Verdict.ASSUME_SENT, reason)
    return step


def _plan(delivery: Delivery) -> Plan:
    event, seq = delivery.revision.event_id, delivery.revision.seq
    later = Revision.objects.filter(event=event, seq__gt=seq).order_by("-seq").first()
    if later:
        return Plan(Verdict.CANCEL, f"Replaced by revision {later.seq} before it was sent.")
    earlier = addressed(delivery.revision).filter(subscriber=delivery.subscriber_id)
    if earlier.filter(state=DeliveryState.SENDING.value).exists():
        return Plan(Verdict.WAIT, "An earlier message about the event is on its way.")
    sent = (
        earlier.filter(state=DeliveryState.SENT.value).select_related("revision").order_by("-revision__seq")
    )
    told = sent.filter(revision__event=event).first() or sent.first()
    if told is None:
        return _first_message(delivery)
    if same_facts(survived(told_as(told, event).payload), delivery.revision.payload):
        return Plan(
            Verdict.CANCEL, "The subscriber was told all that it says: another source, or another entry."
        )
    return Plan(Verdict.SEND, told=told)


def _first_message(delivery: Delivery) -> Plan:
    """A subscriber who was told nothing yet hears of what holds, if a subscription still asks for it."""
    if delivery.revision.operation == Operation.DEL.value:
        return Plan(Verdict.CANCEL, "Retracted before the subscriber was told of it.")
    if not delivery.subscriptions.filter(is_active=True).exists():
        return Plan(Verdict.CANCEL, "No subscription asks for it any more.")
    return Plan(Verdict.SEND)


def _waiting() -> Q:
    return Q(state=DeliveryState.PENDING.value, next_attempt_at__lte=Now())


def _abandoned() -> Q:
    return Q(state=DeliveryState.SENDING.value, claimed_until__lt=Now())


def _claim(delivery_id: int) -> Attempt | None:
    """Takes the delivery for CLAIM, by one conditional UPDATE: of two workers one gets it."""
    for condition, resumed in ((_waiting(), False), (_abandoned(), True)):
        claimed = Delivery.objects.filter(condition, id=delivery_id).update(
            state=DeliveryState.SENDING.value, claimed_until=Now() + CLAIM, attempts=F("attempts") + 1
        )
        if claimed:
            row = Delivery.objects.get(id=delivery_id)
            return Attempt(row.attempts, row.claimed_until or timezone.now(), resumed)
    return None


def _send(delivery: Delivery, attempt: Attempt, step: Plan) -> bool:
    """Hands the message to the mail server and records what came of it."""
    try:
        message = compose(delivery, step.told)
    except Exception as error:
        # A message that cannot be written must not stop the others, nor be tried for ever.
        log.exception("delivery %s cannot be written", delivery.id)
        failure: Failure | None = failures.writing(error)
    else:
        failure = _hand_over(message)
    if failure:
        _record_failure(delivery, attempt, failure)
        return False
    _record_sent(delivery)
    return True


def _hand_over(message: EmailMessage) -> Failure | None:
    """One SMTP conversation; None when the server took the message."""
    connection = get_connection()
    try:
        connection.open()
    except Exception as error:
        return failures.connecting(error)
    try:
        connection.send_messages([message])
    except Exception as error:
        return failures.sending(error)
    finally:
        _close(connection)
    return None


def _close(connection: object) -> None:
    """Ends the conversation; the message's fate is decided, whatever goes wrong here."""
    try:
        connection.close()  # type: ignore[attr-defined]
    except Exception as error:
        log.debug("closing the SMTP connection: %s", error)


def _record_sent(delivery: Delivery, error: str = "") -> None:
    """Final, whoever holds the claim by now: the server has the message."""
    Delivery.objects.filter(id=delivery.id).exclude(state=DeliveryState.SENT.value).update(
        state=DeliveryState.SENT.value, sent_at=Now(), claimed_until=None, error=error
    )


def _record_failure(delivery: Delivery, attempt: Attempt, failure: Failure) -> None:
    log.warning("delivery %s, attempt %s: %s", delivery.id, attempt.number, failure.reason)
    delay = backoff(attempt.number, random.random())  # noqa: S311 - spreads load, guards nothing
    if failure.outcome is Outcome.REFUSED:
        _release(delivery, attempt, state=DeliveryState.FAILED.value, error=failure.reason)
    elif attempt.number >= MAX_ATTEMPTS:
        reason = f"Given up after {attempt.number} attempts. {failure.reason}"
        _release(delivery, attempt, state=DeliveryState.FAILED.value, error=reason)
    elif attempt.resumed or failure.outcome is Outcome.UNKNOWN:
        _release(delivery, attempt, claimed_until=Now() + min(delay, LONGEST_DOUBT), error=failure.reason)
    else:
        _postpone(delivery, attempt, delay, error=failure.reason)


def _settle(delivery: Delivery, attempt: Attempt, step: Plan) -> None:
    """Records a plan that sends nothing."""
    if step.verdict is Verdict.ASSUME_SENT:
        _record_sent(delivery, step.reason)
    elif step.verdict is Verdict.CANCEL:
        _release(delivery, attempt, state=DeliveryState.CANCELLED.value, error=step.reason)
    elif attempt.resumed:
        _release(
            delivery, attempt, claimed_until=Now() + WAIT, attempts=attempt.number - 1, error=step.reason
        )
    else:
        _postpone(delivery, attempt, WAIT, attempts=attempt.number - 1, error=step.reason)


def _postpone(delivery: Delivery, attempt: Attempt, wait: timedelta, **columns: Any) -> None:
    _release(delivery, attempt, state=DeliveryState.PENDING.value, next_attempt_at=Now() + wait, **columns)


def _release(delivery: Delivery, attempt: Attempt, **columns: Any) -> None:
    """Gives the claim back. Does nothing when it has expired and another worker took over."""
    mine = Delivery.objects.filter(
        id=delivery.id, state=DeliveryState.SENDING.value, claimed_until=attempt.until
    )
    mine.update(**({"claimed_until": None} | columns))
