"""E-mail alerts, as their subscriber's key sends and sees them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.bodies import Flag, Whole, Word
from api.serializers.wishes import WishSent, WishShown, wish_json
from events.choices import Frequency
from events.models.alerts import Subscription
from events.timelines.entries import instant

JSON = dict[str, Any]
MAX_SILENT_DAYS = 3650


class SubscriptionSent(WishSent):
    """A wish, and how often it is answered."""

    frequency = Word(choices=Frequency.pairs(), required=False)
    silent_days = Whole(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=MAX_SILENT_DAYS,
        help_text="Set: not what happens is sent, but that nothing has happened for so many days",
    )
    is_active = Flag(required=False)


class SubscriptionShown(WishShown):
    """An alert as it stands. `waits` until the owner of the address has confirmed it by mail."""

    id = serializers.IntegerField()
    frequency = serializers.ChoiceField(choices=Frequency.pairs())
    silent_days = serializers.IntegerField(allow_null=True)
    is_active = serializers.BooleanField()
    waits = serializers.BooleanField(help_text="The address is not confirmed yet; nothing is sent")
    created_at = serializers.DateTimeField()


def subscription_json(row: Subscription) -> JSON:
    """A subscription as answers show it."""
    return {
        "id": row.pk,
        **wish_json(row, row.subscriber.language),
        "frequency": row.frequency,
        "silent_days": row.silent_days,
        "is_active": row.is_active,
        "waits": row.subscriber.confirmed_at is None,
        "created_at": instant(row.created_at),
    }
