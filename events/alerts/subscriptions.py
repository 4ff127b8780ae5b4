"""Joining and leaving. An address gets no alert before its owner has confirmed it (double opt-in).

What a stranger may ask for (joining, a link to one's own page) takes the same statements whether the address is known
or not, and tells the owner of the address at most so often. Mails are written into the outbox with the rows that they
are about.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from events.alerts import outbox
from events.choices import DeliveryState, Frequency, MailKind
from events.models.alerts import Delivery, Mail, Subscriber, Subscription

MAX_SUBSCRIPTIONS = 500
"""Of one subscriber."""
MAX_WAITING = 20
"""Subscriptions that strangers may leave at a confirmed address for its owner to start."""
PAUSE = timedelta(minutes=1)
MAILS_A_DAY = 5
"""Mails that strangers can have sent to one address: at most one within PAUSE and so many in 24 hours."""
KEPT_UNCONFIRMED = timedelta(days=30)
"""How long an address that was never confirmed is kept."""

_ASKED_BY_ANYONE = [MailKind.CONFIRMATION.value, MailKind.ADDED.value, MailKind.ACCESS.value]
_NEWS = [MailKind.ALERT.value, MailKind.DIGEST.value, MailKind.SILENCE.value]
CONDITIONS = ("executive_id", "organization_id", "kind", "min_severity", "text", "silent_days")
"""What two subscriptions have in common that ask for the same."""


@dataclass(frozen=True)
class Preferences:
    """How a subscriber wants to be written to: language and IANA time zone, and the hours of the day, both or neither,
    from which and until which no alert is sent."""

    language: str = "en"
    time_zone: str = "UTC"
    quiet_from: int | None = None
    quiet_until: int | None = None


@transaction.atomic
def join(email: str, wish: Subscription, preferences: Preferences) -> None:
    """Writes down a wish (a row that is not saved yet) and asks the owner of the address by mail.

    At an address that is not confirmed the wish waits for the confirmation. At a confirmed one it is written as
    stopped, and the owner starts it from the page that the mail names: whoever asks may be anyone. Preferences of a
    confirmed subscriber stay as they are.
    """
    email = normal(email)
    Subscriber.objects.bulk_create([Subscriber(email=email, **asdict(preferences))], ignore_conflicts=True)
    subscriber = Subscriber.objects.select_for_update().get(email=email)
    Subscriber.objects.filter(pk=subscriber.pk, confirmed_at=None).update(**asdict(preferences))
    confirmed = subscriber.confirmed_at is not None
    known = same_as(subscriber, wish)
    if not confirmed:
        known.update(is_active=True, frequency=wish.frequency)
    same = known.first()
    if same is None and _has_room(subscriber, confirmed):
        wish.subscriber, wish.is_active = subscriber, not confirmed
        wish.save()
        same = wish
    if not _may_write(subscriber):
        return
    if not confirmed:
        outbox.put(subscriber, MailKind.CONFIRMATION)
    elif same is None or same.is_active:
        outbox.put(subscriber, MailKind.ACCESS)
    else:
        outbox.put(subscriber, MailKind.ADDED, {"subscription": same.pk})


@transaction.atomic
def request_access(email: str) -> None:
    """Sends the owner of an address the link to the page of the subscription, if there is one.

    For an address without one, or one that was written to often enough, the same is done and undone.
    """
    known = Subscriber.objects.select_for_update().filter(email=normal(email)).first()
    subscriber = known or Subscriber(pk=0)
    allowed = _may_write(subscriber)
    outbox.put(subscriber, MailKind.ACCESS)
    if known is None or not allowed:
        transaction.set_rollback(True)


def request_confirmation(subscriber: Subscriber) -> bool:
    """Asks the owner of an address that is not confirmed, by mail; False when that was done often enough today."""
    with transaction.atomic():
        row = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
        if row.confirmed_at is not None or not _may_write(row):
            return False
        outbox.put(row, MailKind.CONFIRMATION)
    return True


def confirm(token: str) -> Subscriber | None:
    """Confirms the address that the token was sent to; None for an unknown token. Confirming twice is no error."""
    Subscriber.objects.filter(token=token, confirmed_at__isnull=True).update(confirmed_at=Now())
    return Subscriber.objects.filter(token=token).first()


@transaction.atomic
def unsubscribe(token: str, subscription_id: int | None = None) -> bool:
    """Ends one subscription, or all mail to the address; False for an unknown token or subscription.

    Ending one keeps corrections coming of what was sent because of it. Ending all ends those too, cancels what waits
    to be sent, and takes the confirmation back. Ending what has ended is no error.
    """
    if subscription_id is not None:
        return bool(_mine(token, subscription_id).update(is_active=False))
    subscriber = Subscriber.objects.select_for_update().filter(token=token).first()
    if subscriber is None:
        return False
    Subscriber.objects.filter(pk=subscriber.pk).update(confirmed_at=None, new_email="", new_email_token="")
    subscriber.subscriptions.update(is_active=False)
    cancelled = {"state": DeliveryState.CANCELLED.value, "error": "The subscriber has left."}
    waiting = Q(subscriber=subscriber, state=DeliveryState.PENDING.value)
    Delivery.objects.filter(waiting).update(**cancelled)
    Mail.objects.filter(waiting, kind__in=_NEWS).update(**cancelled, claimed_until=None)
    return True


def end(subscription_id: int) -> None:
    """Ends one subscription by its number, for who holds its signed address. Nothing where there is none any more."""
    Subscription.objects.filter(pk=subscription_id).update(is_active=False)


def start(token: str, subscription_id: int) -> bool:
    """Starts one stopped subscription of a confirmed address; False for an unknown one. A silence that goes on is told anew."""
    rows = _mine(token, subscription_id).filter(subscriber__confirmed_at__isnull=False)
    return bool(rows.update(is_active=True, silence_told_at=None))


def remove(token: str, subscription_id: int) -> bool:
    """Forgets one subscription; False for an unknown one."""
    return bool(_mine(token, subscription_id).delete()[0])


def change_frequency(token: str, subscription_id: int, frequency: Frequency) -> bool:
    """How often one subscription is answered from now on; False for an unknown one."""
    return bool(_mine(token, subscription_id).update(frequency=frequency.value))


def change_preferences(token: str, preferences: Preferences) -> bool:
    """How a subscriber is written to from now on; False for an unknown token."""
    return bool(Subscriber.objects.filter(token=token).update(**asdict(preferences)))


@transaction.atomic
def add(token: str, wishes: list[Subscription]) -> tuple[int, int]:
    """Writes down wishes of a subscriber's own, begun at once: (new ones, those for which there was no room).

    One that is there already is started with the new frequency, and counts for neither. (0, all) for an unknown token.
    """
    subscriber = Subscriber.objects.select_for_update().filter(token=token).first()
    if subscriber is None:
        return 0, len(wishes)
    known: dict[tuple[Any, ...], int] = {
        row[1:]: row[0] for row in subscriber.subscriptions.values_list("pk", *CONDITIONS)
    }
    new: dict[tuple[Any, ...], Subscription] = {}
    refused = 0
    for wish in wishes:
        key = tuple(getattr(wish, name) for name in CONDITIONS)
        if key in known:
            Subscription.objects.filter(pk=known[key]).update(is_active=True, frequency=wish.frequency)
        elif key in new:
            new[key].frequency = wish.frequency
        elif len(known) + len(new) >= MAX_SUBSCRIPTIONS:
            refused += 1
        else:
            wish.subscriber, wish.is_active = subscriber, True
            new[key] = wish
    Subscription.objects.bulk_create(new.values())
    return len(new), refused


@transaction.atomic
def forget_unconfirmed() -> int:
    """Deletes addresses that nobody confirmed in KEPT_UNCONFIRMED and that were never written an alert; how many."""
    old = Subscriber.objects.filter(
        confirmed_at=None, created_at__lt=Now() - KEPT_UNCONFIRMED, deliveries=None
    )
    # Locked, so that nobody who confirms at this moment is deleted.
    rows = Subscriber.objects.select_for_update().filter(pk__in=list(old.values_list("pk", flat=True)))
    found = list(rows.filter(confirmed_at=None).values_list("pk", flat=True))
    Subscriber.objects.filter(pk__in=found).delete()
    return len(found)


def same_as(subscriber: Subscriber, wish: Subscription) -> QuerySet[Subscription]:
    """The subscriber's subscriptions that ask for the same."""
    return subscriber.subscriptions.filter(**{name: getattr(wish, name) for name in CONDITIONS})


def normal(email: str) -> str:
    """The form in which an address is stored."""
    return email.strip().lower()


def _mine(token: str, subscription_id: int) -> QuerySet[Subscription]:
    return Subscription.objects.filter(subscriber__token=token, pk=subscription_id)


def _has_room(subscriber: Subscriber, confirmed: bool) -> bool:
    rows = subscriber.subscriptions.all()
    if confirmed and rows.filter(is_active=False).count() >= MAX_WAITING:
        return False
    return rows.count() < MAX_SUBSCRIPTIONS


def _may_write(subscriber: Subscriber) -> bool:
    """Whether a stranger's request may have a mail sent to the subscriber now. The caller has locked the row."""
    today = Mail.objects.filter(
        subscriber=subscriber.pk, kind__in=_ASKED_BY_ANYONE, created_at__gt=Now() - timedelta(days=1)
    )
    sent = today.aggregate(all=Count("pk"), recent=Count("pk", filter=Q(created_at__gt=Now() - PAUSE)))
    return not sent["recent"] and sent["all"] < MAILS_A_DAY
