"""Subscribers are edited here; deliveries are looked at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from events.admin.base import AnyAdmin, AnyInline, ReadOnlyAdmin
from events.models.alerts import Delivery, Subscriber, Subscription


class SubscriptionInline(AnyInline):
    """What the subscriber follows."""

    model = Subscription
    extra = 0
    autocomplete_fields = (
        "executive",
        "organization",
    )


@admin.register(Subscriber)
class SubscriberAdmin(AnyAdmin):
    """Addresses that receive alerts. The token, by which they manage themselves, is not shown."""

    list_display = (
        "email",
        "language",
        "time_zone",
        "confirmed_at",
        "follows",
        "created_at",
    )
    list_filter = (
        "language",
        ("confirmed_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("email",)
    inlines = (SubscriptionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        """With the number of active subscriptions."""
        active = Count("subscriptions", filter=Q(subscriptions__is_active=True))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(active=active)
        return rows

    @admin.display(description="active")
    def follows(self, obj: Any) -> int:
        """How many subscriptions are active."""
        return int(obj.active)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What was sent to whom, and what was not."""

    list_display = (
        "subscriber",
        "revision",
        "state",
        "attempts",
        "sent_at",
        "next_attempt_at",
        "error",
    )
    list_filter = ("state",)
    list_select_related = (
        "subscriber",
        "revision",
    )
    search_fields = (
        "subscriber__email",
        "message_id",
    )
