"""Subscribers, what they follow, and what they were sent."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Now, Upper

from events.choices import DeliveryState, Frequency, Kind, MailKind, SuppressionReason, WorkState
from events.models.base import Created, one_of
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Revision


def new_token() -> str:
    """256 random bits, URL-safe: who holds the token may manage the subscriptions."""
    return secrets.token_urlsafe(32)


class Wish(models.Model):
    """What someone wants to hear of: every condition that is set must hold."""

    executive = models.ForeignKey(
        Executive, null=True, blank=True, on_delete=models.CASCADE, related_name="%(class)ss"
    )
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="%(class)ss",
        help_text="With its units",
    )  # fmt: skip
    kind = models.CharField(max_length=14, choices=Kind.pairs(), blank=True, default="")
    min_severity = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(
        max_length=200, blank=True, default="", help_text="Words that the sentence must hold"
    )

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(min_severity__lte=5), name="%(class)s_severity_range"),
            one_of("kind", Kind.pairs(), blank=True),
        ]


class Outgoing(Created):
    """One message that leaves by the network: claimed by a conditional UPDATE, tried again until it is settled."""

    state = models.CharField(max_length=9, choices=DeliveryState.pairs(), default=DeliveryState.PENDING.value)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    claimed_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="A worker has it until then; with the state pending it is not begun yet",
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SENT.value) | Q(sent_at__isnull=False),
                name="%(class)s_sent_has_time",
            ),
            one_of("state", DeliveryState.pairs()),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state__in=[DeliveryState.PENDING.value, DeliveryState.SENDING.value]),
                name="%(class)s_to_send",
            )
        ]


class Subscriber(Created):
    """An address that receives alerts, once its owner has confirmed it."""

    email = models.EmailField(unique=True)
    language = models.CharField(
        max_length=10, default="en", choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    time_zone = models.CharField(max_length=50, default="UTC", help_text="IANA name, such as Asia/Shanghai")
    quiet_from = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Hour of the subscriber's day, 0 to 23, from which no alert is sent"
    )
    quiet_until = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Hour at which alerts are sent again; may be on the next day"
    )
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    new_email = models.EmailField(blank=True, default="", help_text="Waits for its owner's confirmation")
    new_email_token = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__lte=23, quiet_until__lte=23) & ~Q(quiet_from=F("quiet_until")),
                name="subscriber_quiet_hours",
            ),
            models.UniqueConstraint(
                fields=["new_email_token"],
                condition=~Q(new_email_token=""),
                name="subscriber_new_email_token",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class Suppression(Created):
    """An address to which nothing is sent. Only its SHA-256 is kept, so that it outlives the erasure of the rest."""

    digest = models.CharField(
        max_length=64, unique=True, editable=False, help_text="Of the address in lower case"
    )
    reason = models.CharField(max_length=9, choices=SuppressionReason.pairs())
    detail = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [one_of("reason", SuppressionReason.pairs())]

    def __str__(self) -> str:
        return f"{self.reason} {self.digest[:12]}"


class Subscription(Created, Wish):
    """A subscriber's wish, how often it is answered, and whether silence is to be told, too."""

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="subscriptions")
    frequency = models.CharField(max_length=7, choices=Frequency.pairs(), default=Frequency.INSTANT.value)
    is_active = models.BooleanField(default=True)
    silent_days = models.PositiveSmallIntegerField(
        null=True, blank=True,
        help_text="Set: nothing that happens is sent, but that nothing has happened for so many days",
    )  # fmt: skip
    silence_told_at = models.DateTimeField(
        null=True, blank=True, help_text="When the present silence was told; empty again with the next event"
    )

    class Meta(Wish.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Wish.Meta.constraints,
            one_of("frequency", Frequency.pairs()),
            models.CheckConstraint(
                condition=Q(silent_days__isnull=True) | Q(silent_days__gte=1, silent_days__lte=3650),
                name="subscription_silent_days_range",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["kind", "min_severity"],
                condition=Q(
                    is_active=True, executive=None, organization=None, text="", silent_days__isnull=True
                ),
                name="subscription_by_kind",
            ),
            # Of words only those are compared whose beginning stands in the sentence (events.alerts.reach.PREFIX).
            models.Index(
                Left(Upper("text"), 8),
                condition=Q(is_active=True, executive=None, organization=None, silent_days__isnull=True)
                & ~Q(text=""),
                name="subscription_by_text",
            ),
            models.Index(
                fields=["id"],
                condition=Q(is_active=True, silent_days__isnull=False),
                name="subscription_of_silence",
            ),
            models.Index(
                fields=["id"],
                condition=Q(is_active=True, silence_told_at__isnull=False),
                name="subscription_silence_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.executive or self.organization or self.kind or 'everything'}"


class Matching(models.Model):
    """The work of finding who must hear of a revision; written in the transaction that publishes it."""

    revision = models.OneToOneField(Revision, primary_key=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=WorkState.pairs(), default=WorkState.PENDING.value)
    claimed_until = models.DateTimeField(null=True, blank=True)
    reached = models.BigIntegerField(
        default=0, help_text="The last subscriber whose delivery is written: where a large audience goes on"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["revision"], condition=~Q(state=WorkState.DONE.value), name="matching_to_do")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [one_of("state", WorkState.pairs())]

    def __str__(self) -> str:
        return f"matching of revision {self.revision_id}: {self.state}"


class Mail(Outgoing):
    """One e-mail: the outbox. It carries the deliveries that point at it, or `data` says what it is about.

    Its Message-ID is stored before the first attempt, so that a second copy can be recognized.
    """

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=12, choices=MailKind.pairs())
    message_id = models.CharField(max_length=200, unique=True, help_text="The same at every attempt")
    data = models.JSONField(default=dict, help_text="What a mail without deliveries is about, by its kind")

    class Meta(Outgoing.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Outgoing.Meta.constraints,
            one_of("kind", MailKind.pairs()),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} to {self.subscriber}: {self.state}"


class Delivery(Created):
    """That one subscriber is to be told of one revision: written by matching; then the receipt.

    `pending` without a mail waits until `due_at` to be gathered, alone, with its case or into a digest; from then on
    its state is its mail's.
    """

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="deliveries")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    matched = ArrayField(
        models.BigIntegerField(), default=list, help_text="Subscriptions that asked for it; none: told before"
    )
    frequency = models.CharField(max_length=7, choices=Frequency.pairs(), default=Frequency.INSTANT.value)
    due_at = models.DateTimeField(db_default=Now())
    mail = models.ForeignKey(
        Mail, null=True, blank=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    state = models.CharField(max_length=9, choices=DeliveryState.pairs(), default=DeliveryState.PENDING.value)
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
            one_of("frequency", Frequency.pairs()),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["revision", "due_at", "subscriber"],
                condition=Q(
                    state=DeliveryState.PENDING.value, mail__isnull=True, frequency=Frequency.INSTANT.value
                ),
                name="delivery_to_gather",
            ),
            models.Index(
                fields=["due_at", "subscriber"],
                condition=Q(state=DeliveryState.PENDING.value, mail__isnull=True)
                & ~Q(frequency=Frequency.INSTANT.value),
                name="delivery_to_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}, revision {self.revision_id}: {self.state}"
