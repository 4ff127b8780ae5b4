"""Writing down what a reader asked for. Nothing is sent for it before the owner of the address has agreed."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext, override

from events.alerts.messages import manage_url
from events.alerts.subscriptions import request_confirmation
from events.models.alerts import Subscriber, Subscription

log = logging.getLogger(__name__)
MAX_SUBSCRIPTIONS = 100
PAUSE_SECONDS = 60
"""Between two mails that the form sends to one address, so that nobody can flood a stranger."""


@transaction.atomic
def join(data: dict[str, Any], language: str) -> None:
    """Writes down a wish and asks the owner of the address by mail.

    At an address that is not confirmed the wish waits for the confirmation. At a confirmed one it is written as
    stopped, and the owner starts it from the page that the mail names: whoever fills in the form may be anyone.
    """
    email = data["email"].strip().lower()
    subscriber, _ = Subscriber.objects.get_or_create(email=email, defaults={"language": language})
    confirmed = subscriber.confirmed_at is not None
    wish = {
        "executive": data["executive"],
        "organization": data["organization"],
        "kind": data["kind"],
        "min_severity": data["min_severity"],
        "text": "",
    }
    known = Subscription.objects.filter(subscriber=subscriber)
    same = known.filter(**wish).first()
    if same is None and known.count() < MAX_SUBSCRIPTIONS:
        Subscription.objects.create(subscriber=subscriber, is_active=not confirmed, **wish)
    elif same is not None and not same.is_active and not confirmed:
        known.filter(pk=same.pk).update(is_active=True)
    if not cache.add(f"subscribe:{hashlib.sha256(email.encode()).hexdigest()}", 1, PAUSE_SECONDS):
        return
    if confirmed:
        transaction.on_commit(lambda: _tell(subscriber))
    else:
        request_confirmation(subscriber)


def _tell(subscriber: Subscriber) -> None:
    """Tells the owner of a confirmed address of the new wish. A mail server that is away is logged."""
    with override(subscriber.language):
        body = gettext(
            "Someone, hopefully you, asked for another alert to this address. It is not active yet.\n\n"
            "Start it, or change what you follow, here:\n%(url)s\n\n"
            "If it was not you, do nothing: nothing has changed."
        )
        mail = EmailMessage(
            gettext("Another alert for you"), body % {"url": manage_url(subscriber)}, to=[subscriber.email],
            headers={"Auto-Submitted": "auto-generated"},
        )  # fmt: skip
    try:
        mail.send()
    except Exception:
        log.exception("the mail about a new alert of subscriber %s was not sent", subscriber.pk)


def start(token: str, subscription_id: int) -> bool:
    """Starts one stopped subscription of a confirmed address; False for an unknown one."""
    rows = Subscription.objects.filter(
        subscriber__token=token, subscriber__confirmed_at__isnull=False, pk=subscription_id
    )
    return bool(rows.update(is_active=True))
