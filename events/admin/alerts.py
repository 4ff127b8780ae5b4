"""Subscribers are edited here; deliveries are looked at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from events.admin.base import AnyAdmin, AnyInline, ReadOnlyAdmin
from events.models.alerts import Delivery, Mail, Subscriber, Subscription, Suppression
from events.models.webhooks import Webhook, WebhookMessage


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


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """The outbox: each e-mail, its attempts and what came of them."""

    list_display = ("subscriber", "kind", "state", "attempts", "sent_at", "next_attempt_at", "error")
    list_filter = ("state", "kind")
    list_select_related = ("subscriber",)
    search_fields = ("subscriber__email", "message_id")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What was sent to whom, and what was not."""

    list_display = ("subscriber", "revision", "state", "frequency", "sent_at", "due_at", "error")
    list_filter = ("state", "frequency")
    list_select_related = ("subscriber", "revision")
    search_fields = ("subscriber__email", "mail__message_id")


@admin.register(Suppression)
class SuppressionAdmin(AnyAdmin):
    """Addresses, by their hash, to which nothing is sent; who deletes one lets mail go there again."""

    list_display = ("digest", "reason", "detail", "created_at")
    list_filter = ("reason",)
    search_fields = ("digest",)
    readonly_fields = ("digest",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A hash cannot be typed: the command and the mail servers' reports write them."""
        return False


@admin.register(Webhook)
class WebhookAdmin(AnyAdmin):
    """Where API consumers are told of revisions. The secrets are not shown."""

    list_display = ("url", "owner", "state", "state_reason", "failing_since", "created_at")
    list_filter = ("state",)
    list_select_related = ("owner",)
    search_fields = ("url", "owner__username", "description")
    autocomplete_fields = ("executive", "organization", "owner")
    readonly_fields = ("failing_since", "state_changed_at")


@admin.register(WebhookMessage)
class WebhookMessageAdmin(ReadOnlyAdmin):
    """One revision for one webhook, its attempts and what came of them."""

    list_display = ("webhook", "revision", "state", "attempts", "sent_at", "next_attempt_at", "error")
    list_filter = ("state",)
    list_select_related = ("webhook", "revision")
    search_fields = ("message_id", "webhook__url")
