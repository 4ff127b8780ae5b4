"""The outbox: mails written in the caller's transaction, which workers send once it is committed."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from events.choices import MailKind
from events.models.alerts import Mail, Subscriber

JSON = dict[str, Any]
_DIGITS = 20
"""Hexadecimal digits of the HMAC in a Message-ID: 80 bits."""


def put(subscriber: Subscriber, kind: MailKind, data: JSON | None = None) -> Mail:
    """A mail about the subscription itself, due at once; `data` says what it is about, by its kind.

    Sent after the running transaction is committed, never when it is rolled back.
    """
    about = f"{kind.value}.{secrets.token_hex(6)}"
    return Mail.objects.create(
        subscriber=subscriber,
        kind=kind.value,
        message_id=message_id(about, subscriber.pk),
        data=data or {},
    )


def message_id(about: str, subscriber: int) -> str:
    """The Message-ID of the mail about something to a subscriber: always the same, and not to be guessed.

    `about` is ASCII without spaces, such as `r12`, the first revision that an alert tells.
    """
    secret = salted_hmac("events.alerts.message_id", f"{about}.{subscriber}", algorithm="sha256")
    return f"<{about}.s{subscriber}.{secret.hexdigest()[:_DIGITS]}@{mail_domain()}>"


def mail_domain() -> str:
    """The domain of the sender's address."""
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"
