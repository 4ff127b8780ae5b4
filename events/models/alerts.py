"""Subscribers, what they follow, and what they were sent."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from events.choices import DeliveryState, Frequency, Kind, WorkState
from events.models.base import Created, one_of
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Revision


def new_token() -> str:
    """256 random bits, URL-safe: who holds the token may manage the subscriptions."""
    return secrets.token_urlsafe(32)


class Subscriber(Created):
    """An address that receives alerts, once its owner has confirmed it."""

    email = models.EmailField(unique=True)
    language = models.CharField(
        max_length=10, default="en", choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    time_zone = models.CharField(max_length=50, default="UTC", help_text="IANA name, such as Asia/Shanghai")
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.email


class Subscription(Created):
    """What a subscriber wants to hear of: every condition that is set must hold."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="subscriptions")
    executive = models.ForeignKey(
        Executive, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions"
    )
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="subscriptions",
        help_text="With its units",
    )  # fmt: skip
    kind = models.CharField(max_length=14, choices=Kind.pairs(), blank=True, default="")
    min_severity = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(
        max_length=200, blank=True, default="", help_text="Words that the sentence must hold"
    )
    frequency = models.CharField(max_length=7, choices=Frequency.pairs(), default=Frequency.INSTANT.value)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(min_severity__lte=5), name="subscription_severity_range"),
            one_of("kind", Kind.pairs(), blank=True),
            one_of("frequency", Frequency.pairs()),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.executive or self.organization or self.kind or 'everything'}"


class Matching(models.Model):
    """The work of finding who must hear of a revision; written in the transaction that publishes it."""

    revision = models.OneToOneField(Revision, primary_key=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=WorkState.pairs(), default=WorkState.PENDING.value)
    claimed_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["revision"], condition=~Q(state=WorkState.DONE.value), name="matching_to_do")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [one_of("state", WorkState.pairs())]

    def __str__(self) -> str:
        return f"matching of revision {self.revision_id}: {self.state}"


class Delivery(Created):
    """One message to one subscriber about one revision: the outbox, and the receipt."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="deliveries")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    subscriptions = models.ManyToManyField(Subscription, related_name="+", help_text="Which of them matched")
    state = models.CharField(max_length=9, choices=DeliveryState.pairs(), default=DeliveryState.PENDING.value)
    message_id = models.CharField(max_length=200, unique=True, help_text="The same at every attempt")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subscriber", "revision"], name="delivery_once"),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENT.value) | Q(sent_at__isnull=False),
                name="delivery_sent_has_time",
            ),
            one_of("state", DeliveryState.pairs()),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state__in=[DeliveryState.PENDING.value, DeliveryState.SENDING.value]),
                name="delivery_to_send",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}, revision {self.revision_id}: {self.state}"
