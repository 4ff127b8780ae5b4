"""The caller's own e-mail alerts. They go to the address of the key's owner, once that has been confirmed by mail."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.examples_subscriptions import CHANGED, SENT, SHOWN
from api.filtersets.subscriptions import SubscriptionFilter
from api.serializers.subscriptions import SubscriptionSent, SubscriptionShown, subscription_json
from api.views.owned import OwnRecords
from events.alerts import subscriptions
from events.models.access import User
from events.models.alerts import Subscriber, Subscription

JSON = dict[str, Any]
MOST = 1000
"""Alerts of one address."""


@extend_schema_view(
    list=extend_schema(summary="Your alerts", responses=SubscriptionShown(many=True), examples=[SHOWN]),
    destroy=extend_schema(
        summary="End an alert",
        description="Corrections of what it brought still come.",
        responses={204: None},
        filters=False,
    ),
    retrieve=extend_schema(
        summary="One of your alerts", responses=SubscriptionShown, examples=[SHOWN], filters=False
    ),
)
class Subscriptions(OwnRecords):
    """E-mail alerts to the address of the key's owner."""

    required_scope = "subscriptions"
    queryset = Subscription.objects.none()
    filterset_class = SubscriptionFilter
    serializer_class = SubscriptionShown
    show = subscription_json
    show_one = subscription_json

    def get_queryset(self) -> QuerySet[Subscription]:
        """The alerts to the owner's address."""
        mine = Subscription.objects.filter(subscriber__email=_address(self.owner))
        return mine.select_related("subscriber", "executive", "organization")

    @extend_schema(
        summary="Ask for an alert",
        description=(
            "It goes to the address of the key's owner. Where that is not confirmed yet, a mail asks for it, and the "
            "alert `waits`. The same alert twice is one."
        ),
        request=SubscriptionSent,
        responses={201: SubscriptionShown},
        examples=[SENT, SHOWN],
    )
    def create(self, request: Request) -> Response:
        """Writes the wish down."""
        values = self.body(SubscriptionSent)
        with transaction.atomic():
            row = self._written(values)
        url = reverse("api:subscription-detail", kwargs={"id": row.pk}, request=request)
        return Response(subscription_json(row), 201, headers={"Location": url})

    @extend_schema(
        summary="Change an alert",
        description="The members that are sent; null or an empty text takes a condition back.",
        request=SubscriptionSent,
        responses=SubscriptionShown,
        examples=[CHANGED, SHOWN],
    )
    def partial_update(self, request: Request, id: int) -> Response:
        """Changes the members that were sent."""
        values = self.body(SubscriptionSent, partial=True)
        row = self.get_object()
        for name, value in values.items():
            setattr(row, name, value)
        row.silence_told_at = None
        row.save(update_fields=[*values, "silence_told_at"])
        return Response(subscription_json(row))

    def _written(self, values: JSON) -> Subscription:
        address = _address(self.owner)
        if not address:
            raise ValidationError({"": ["Your account has no e-mail address that alerts could go to."]})
        subscriber, _ = Subscriber.objects.get_or_create(email=address)
        wish = {name: values.get(name, default) for name, default in _WISH.items()}
        same = self.get_queryset().filter(**wish).first()
        if same is None and self.get_queryset().count() >= MOST:
            raise ValidationError({"": [f"At most {MOST} alerts go to one address."]})
        row = same or Subscription(subscriber=subscriber, **wish)
        row.frequency = values.get("frequency", row.frequency)
        row.is_active = values.get("is_active", True)
        row.save()
        if subscriber.confirmed_at is None:
            subscriptions.request_confirmation(subscriber)
        return row


_WISH: JSON = {
    "executive": None,
    "organization": None,
    "kind": "",
    "min_severity": 0,
    "text": "",
    "silent_days": None,
}


def _address(owner: User) -> str:
    return owner.email.strip().lower()
