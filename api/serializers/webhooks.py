"""Webhooks and their messages, as their owner sends and sees them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.bodies import MAX_INTEGER, Body, Flag, Text, Whole
from api.parameters import InstantField
from api.serializers.wishes import WishSent, WishShown, wish_json
from events.alerts.hooks.body import TYPES, type_of
from events.alerts.hooks.keeping import OVERLAP, check_address
from events.alerts.hooks.posting import Answer
from events.choices import DeliveryState, Operation, WebhookState
from events.exceptions import FetchRefused, Unreachable
from events.models.webhooks import Webhook, WebhookMessage
from events.timelines.entries import instant

JSON = dict[str, Any]
MAX_URL = 2000
MAX_DESCRIPTION = 200
MAX_HOURS = 7 * 24
MESSAGE_TYPES = [(name, name) for name in TYPES]
_HOURS = int(OVERLAP.total_seconds()) // 3600


class WebhookSent(WishSent):
    """Where messages go, and the wish that they answer."""

    url = Text(
        max_length=MAX_URL,
        help_text="https; public addresses only. Redirects are not followed",
        style={"format": "uri"},
    )
    description = Text(required=False, allow_blank=True, max_length=MAX_DESCRIPTION)

    def validate_url(self, value: str) -> str:
        """The address. Raises ValidationError for one that messages may not be sent to."""
        try:
            check_address(value)
        except (FetchRefused, Unreachable) as error:
            raise ValidationError(str(error)) from None
        return value


class WebhookShown(WishShown):
    """A webhook as it stands. Its secret is shown when it is made, and never again."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=WebhookState.pairs())
    state_reason = serializers.CharField(allow_blank=True, help_text="Why it is paused or gone")
    state_changed_at = serializers.DateTimeField(allow_null=True)
    failing_since = serializers.DateTimeField(
        allow_null=True, help_text="Since when the receiver took nothing; after a day the webhook is paused"
    )
    waiting = serializers.IntegerField(help_text="Messages that wait to be sent, or to be sent again")
    failed = serializers.IntegerField(help_text="Messages that were given up; see `replay`")
    old_secret_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then the secret before this one signs, too"
    )
    created_at = serializers.DateTimeField()


class WebhookSecret(WebhookShown):
    """A webhook with its new secret, shown this once."""

    secret = serializers.CharField(help_text="`whsec_` and base64, as Standard Webhooks has it")


class RotationSent(Body):
    """How long the old secret signs, too."""

    overlap_hours = Whole(
        required=False, min_value=0, max_value=MAX_HOURS, default=_HOURS, help_text="0: at once no more"
    )


class BodyInstant(InstantField):
    """An instant in a body: a JSON string."""

    def to_internal_value(self, data: Any) -> Any:
        """The instant, in UTC. Raises ValidationError."""
        if not isinstance(data, str):
            raise ValidationError("Write an instant, such as 2025-11-17T08:00:00Z.")
        return super().to_internal_value(data)


class ReplaySent(Body):
    """One of three: all that failed; all from a revision on; all of the revisions recorded since an instant."""

    failed = Flag(required=False, help_text="true: all that was given up or cancelled")
    sequence = Whole(
        required=False, min_value=0, max_value=MAX_INTEGER, help_text="All from this `sequence` on"
    )
    since = BodyInstant(required=False, help_text="All that was recorded since")

    def validate(self, attrs: JSON) -> JSON:
        """The one member. Raises ValidationError."""
        if len(attrs) != 1 or attrs.get("failed") is False:
            raise ValidationError("Send one of `failed` (true), `sequence` and `since`.")
        return attrs


class Replayed(serializers.Serializer[Any]):
    """How many messages wait to be sent again."""

    replayed = serializers.IntegerField()


class PingAnswer(serializers.Serializer[Any]):
    """What the receiver made of a test message."""

    taken = serializers.BooleanField()
    status = serializers.IntegerField(allow_null=True, help_text="HTTP status; null where no answer came")
    milliseconds = serializers.IntegerField()
    problem = serializers.CharField(allow_blank=True)


class AttemptShown(serializers.Serializer[Any]):
    """One attempt to send a message."""

    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True, help_text="HTTP status; null where no answer came")
    milliseconds = serializers.IntegerField()
    problem = serializers.CharField(allow_blank=True, help_text="Empty where the message was taken")


class DeliveryShown(serializers.Serializer[Any]):
    """A message to a webhook."""

    id = serializers.IntegerField()
    webhook = serializers.IntegerField(help_text="Id of the webhook")
    message_id = serializers.CharField(help_text="Header `webhook-id`: the same at every attempt")
    event = serializers.IntegerField(help_text="Id of the event")
    sequence = serializers.IntegerField(help_text="Number of the revision")
    operation = serializers.ChoiceField(choices=Operation.pairs())
    type = serializers.ChoiceField(choices=MESSAGE_TYPES)
    state = serializers.ChoiceField(choices=DeliveryState.pairs())
    attempts = serializers.IntegerField(help_text="Since it was first sent, or sent again by hand")
    problem = serializers.CharField(allow_blank=True, help_text="Of the last attempt")
    created_at = serializers.DateTimeField()
    next_attempt_at = serializers.DateTimeField(
        allow_null=True, help_text="Not before then; null where none follows"
    )
    sent_at = serializers.DateTimeField(allow_null=True, help_text="When the receiver took it")


class DeliveryDetail(DeliveryShown):
    """A message with its last attempts."""

    log = AttemptShown(many=True, help_text="The last twenty attempts, oldest first")


def webhook_json(row: Webhook) -> JSON:
    """A webhook as answers show it; `row` has `waiting` and `failed`."""
    return {
        "id": row.pk,
        "url": row.url,
        "description": row.description,
        **wish_json(row),
        "state": row.state,
        "state_reason": row.state_reason,
        "state_changed_at": _at(row.state_changed_at),
        "failing_since": _at(row.failing_since),
        "waiting": getattr(row, "waiting", 0),
        "failed": getattr(row, "failed", 0),
        "old_secret_until": _at(row.old_secret_until),
        "created_at": instant(row.created_at),
    }


def delivery_json(row: WebhookMessage) -> JSON:
    """A message as lists show it."""
    revision = row.revision
    return {
        "id": row.pk,
        "webhook": row.webhook_id,
        "message_id": row.message_id,
        "event": revision.event_id,
        "sequence": revision.seq,
        "operation": revision.operation,
        "type": type_of(revision.operation, revision.number, getattr(row, "merged_into", None)),
        "state": row.state,
        "attempts": row.attempts,
        "problem": row.error,
        "created_at": instant(row.created_at),
        "next_attempt_at": instant(row.next_attempt_at) if row.state == DeliveryState.PENDING.value else None,
        "sent_at": _at(row.sent_at),
    }


def delivery_detail_json(row: WebhookMessage) -> JSON:
    """A message with its attempts."""
    return {**delivery_json(row), "log": row.log}


def ping_json(answer: Answer) -> JSON:
    """What came of a test message."""
    return {
        "taken": answer.taken,
        "status": answer.status,
        "milliseconds": answer.milliseconds,
        "problem": answer.problem,
    }


def _at(value: Any) -> str | None:
    return instant(value) if value else None
