"""Joining and leaving. An address gets no alert before its owner has confirmed it (double opt-in)."""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models.functions import Now

from events.alerts.guard import require_no_transaction
from events.alerts.messages import confirmation
from events.choices import DeliveryState
from events.models.alerts import Delivery, Subscriber

log = logging.getLogger(__name__)


def request_confirmation(subscriber: Subscriber) -> None:
    """Asks the owner of the address to confirm, by mail, as soon as the running transaction is committed.

    A mail server that is away does not fail the request that asked: it is logged, and the visitor asks again.
    """
    pk = subscriber.pk
    transaction.on_commit(lambda: _try_to_ask(pk))


def send_confirmation(subscriber_id: int) -> bool:
    """Sends the confirmation mail; False for an address that is confirmed already.

    Raises RuntimeError inside a transaction, OSError or smtplib.SMTPException when it cannot be sent.
    """
    require_no_transaction("sending mail")
    subscriber = Subscriber.objects.get(id=subscriber_id)
    if subscriber.confirmed_at:
        return False
    return confirmation(subscriber).send() == 1


def confirm(token: str) -> Subscriber | None:
    """Confirms the address that the token was sent to; None for an unknown token. Confirming twice is no error."""
    Subscriber.objects.filter(token=token, confirmed_at__isnull=True).update(confirmed_at=Now())
    return Subscriber.objects.filter(token=token).first()


def unsubscribe(token: str, subscription_id: int | None = None) -> bool:
    """Ends one subscription, or all mail to the address; False for an unknown token or subscription.

    Ending one keeps corrections coming of what was sent because of it. Ending all ends those too, cancels what
    waits, and asks for a new confirmation should the owner come back. Doing it twice is no error.
    """
    subscriber = Subscriber.objects.filter(token=token).first()
    if subscriber is None:
        return False
    mine = subscriber.subscriptions.all()
    if subscription_id is not None:
        return bool(mine.filter(id=subscription_id).update(is_active=False))
    with transaction.atomic():
        mine.update(is_active=False)
        Subscriber.objects.filter(id=subscriber.id).update(confirmed_at=None)
        Delivery.objects.filter(subscriber=subscriber, state=DeliveryState.PENDING.value).update(
            state=DeliveryState.CANCELLED.value, error="The subscriber has left."
        )
    return True


def _try_to_ask(subscriber_id: int) -> None:
    try:
        send_confirmation(subscriber_id)
    except Exception:
        log.exception("the confirmation mail of subscriber %s was not sent", subscriber_id)
