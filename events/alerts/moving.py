"""Changing a subscriber's address: its new owner agrees by a link, and the old one is told of it."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

from django.db import transaction
from django.db.models.functions import Now

from events.alerts import outbox
from events.alerts.subscriptions import normal
from events.choices import MailKind
from events.models.alerts import Mail, Subscriber, new_token

REQUESTS_A_DAY = 3
"""Changes of address that one subscriber may ask for in 24 hours."""


class Moved(Enum):
    """What became of a change of address. `TAKEN`: the new address has confirmed alerts of its own."""

    DONE = "done"
    TAKEN = "taken"
    UNKNOWN = "unknown"


@transaction.atomic
def request_address(token: str, email: str) -> bool:
    """Asks the owner of the new address, and tells the old one; a request before this one is given up.

    False for an unknown token, an address that is not confirmed, the address that it is already, or one request too
    many today. Whether the new address is known here is not looked at before its owner has agreed.
    """
    email = normal(email)
    subscriber = (
        Subscriber.objects.select_for_update().filter(token=token, confirmed_at__isnull=False).first()
    )
    if subscriber is None or subscriber.email == email:
        return False
    asked = Mail.objects.filter(
        subscriber=subscriber, kind=MailKind.ADDRESS.value, created_at__gt=Now() - timedelta(days=1),
        data__step="confirm",
    )  # fmt: skip
    if asked.count() >= REQUESTS_A_DAY:
        return False
    subscriber.new_email, subscriber.new_email_token = email, new_token()
    subscriber.save(update_fields=["new_email", "new_email_token"])
    outbox.put(subscriber, MailKind.ADDRESS, {"step": "confirm", "to": email})
    outbox.put(subscriber, MailKind.ADDRESS, {"step": "asked", "to": subscriber.email, "new": email})
    return True


def withdraw_address(token: str) -> bool:
    """Gives up a change of address that nobody has agreed to yet; False where there is none."""
    rows = Subscriber.objects.filter(token=token).exclude(new_email="")
    return bool(rows.update(new_email="", new_email_token=""))


def moving(new_email_token: str) -> Subscriber | None:
    """The subscriber whose new address a link was sent to; None for an unknown or old link."""
    if not new_email_token:
        return None
    return Subscriber.objects.filter(new_email_token=new_email_token).first()


@transaction.atomic
def confirm_address(new_email_token: str) -> Moved:
    """Moves the alerts to the new address. The old one hears of it.

    An unconfirmed row of the new address gives way: its owner has just shown who owns it.
    """
    if not new_email_token:
        return Moved.UNKNOWN
    rows = Subscriber.objects.select_for_update().filter(new_email_token=new_email_token)
    subscriber = rows.first()
    if subscriber is None:
        return Moved.UNKNOWN
    old, new = subscriber.email, subscriber.new_email
    other = Subscriber.objects.select_for_update().filter(email=new).exclude(pk=subscriber.pk).first()
    if other is not None and other.confirmed_at is not None:
        return Moved.TAKEN
    if other is not None:
        other.delete()
    subscriber.email, subscriber.new_email, subscriber.new_email_token = new, "", ""
    subscriber.save(update_fields=["email", "new_email", "new_email_token"])
    outbox.put(subscriber, MailKind.ADDRESS, {"step": "changed", "to": old, "new": new})
    return Moved.DONE
