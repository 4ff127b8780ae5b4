"""Webhooks: where API consumers are told of revisions, and what became of each message."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from events.choices import DeliveryState, WebhookState
from events.models.alerts import Outgoing, Wish
from events.models.base import Created, one_of
from events.models.record import Revision

SECRET_BYTES = 32
"""Standard Webhooks asks for 24 to 64."""


def new_secret() -> str:
    """A signing secret as Standard Webhooks writes it: `whsec_` and base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"


class Webhook(Created, Wish):
    """An address that is sent every revision that meets the wish, signed after Standard Webhooks."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(max_length=2000)
    description = models.CharField(max_length=200, blank=True, default="")
    secret = models.CharField(max_length=100, default=new_secret, editable=False)
    old_secret = models.CharField(
        max_length=100,
        blank=True,
        default="",
        editable=False,
        help_text="Signs, too, until `old_secret_until`",
    )
    old_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    state = models.CharField(max_length=6, choices=WebhookState.pairs(), default=WebhookState.ACTIVE.value)
    state_reason = models.CharField(max_length=300, blank=True, default="")
    state_changed_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(
        null=True, blank=True, help_text="Since when no message was taken; empty while they are"
    )

    class Meta(Wish.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Wish.Meta.constraints,
            one_of("state", WebhookState.pairs()),
            models.CheckConstraint(
                condition=Q(old_secret="", old_secret_until__isnull=True)
                | ~Q(old_secret="") & Q(old_secret_until__isnull=False),
                name="webhook_old_secret_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.url} of {self.owner}"

    def secrets_at(self, moment: datetime) -> list[str]:
        """The secrets that sign a message sent then: the present one, and the old one while both hold."""
        overlap = self.old_secret_until is not None and moment < self.old_secret_until
        return [self.secret, self.old_secret] if overlap else [self.secret]


class WebhookMessage(Outgoing):
    """One revision for one webhook: `message_id` (header `webhook-id`) is the same at every attempt and replay."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="messages")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    message_id = models.CharField(max_length=64, unique=True)
    first_attempt_at = models.DateTimeField(null=True, blank=True, help_text="Retries end three days later")
    log = models.JSONField(
        default=list, help_text="The last attempts: when, HTTP status or null, milliseconds, what went wrong"
    )

    class Meta(Outgoing.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Outgoing.Meta.constraints,
            models.UniqueConstraint(fields=["webhook", "revision"], name="webhookmessage_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            *Outgoing.Meta.indexes,
            models.Index(
                fields=["webhook", "-id"],
                condition=Q(state=DeliveryState.FAILED.value),
                name="webhookmessage_failed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.state}"
