"""How e-mail and webhooks do, for those who run the service."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, DateTimeField, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from events.choices import DeliveryState, WebhookState
from events.models.alerts import Delivery, Mail, Suppression
from events.models.webhooks import Webhook, WebhookMessage

RECENT = 100_000
"""Of so many mails, the last ones, the failures are counted."""
REASONS = 10
WAITING = (DeliveryState.PENDING.value, DeliveryState.SENDING.value)
_FAILED = DeliveryState.FAILED.value
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@([^\s<>\"'(),;:]+)")


@dataclass(frozen=True)
class MailHealth:
    """The outbox: mails that wait and since when the oldest does, alerts that are due and in no mail yet, what failed
    of the last RECENT mails with the commonest reasons, and addresses to which nothing is sent, by reason."""

    waiting: int
    oldest: datetime | None
    ungathered: int
    failed: int
    reasons: list[tuple[str, int]]
    suppressed: list[tuple[str, int]]


def mail_health() -> MailHealth:
    """How e-mail does now. No address stands in it."""
    now = timezone.now()
    # A mail that is tried again has waited since it was written; one for tomorrow's digest does not wait yet.
    outbox = Mail.objects.filter(Q(attempts__gt=0) | Q(next_attempt_at__lte=now), state__in=WAITING)
    waits = outbox.aggregate(number=Count("pk"), oldest=Min("created_at"))
    due = Delivery.objects.filter(state=DeliveryState.PENDING.value, mail=None, due_at__lte=now)
    last = Mail.objects.aggregate(last=Max("pk"))["last"] or 0
    errors = Mail.objects.filter(state=_FAILED, pk__gt=last - RECENT).values_list("error", flat=True)
    reasons = Counter(without_addresses(error) for error in errors.iterator())
    suppressed = Suppression.objects.values_list("reason").annotate(number=Count("pk")).order_by("reason")
    return MailHealth(
        waiting=waits["number"],
        oldest=waits["oldest"],
        ungathered=due.count(),
        failed=sum(reasons.values()),
        reasons=reasons.most_common(REASONS),
        suppressed=[(reason, number) for reason, number in suppressed],
    )


def without_addresses(text: str) -> str:
    """The text with e-mail addresses shortened to their domains: servers like to repeat whom they refuse."""
    return _ADDRESS.sub(r"…@\1", text)


def webhooks_with_health() -> QuerySet[Any]:
    """All webhooks with `waiting`, `oldest` (since when the oldest message waits) and `failed`; those that need a
    look first."""
    waiting = _messages(state__in=WAITING)
    troubled = Q(failing_since__isnull=False) | ~Q(state=WebhookState.ACTIVE.value)
    rows = Webhook.objects.select_related("owner", "executive", "organization").annotate(
        waiting=_number(waiting),
        oldest=Subquery(
            waiting.annotate(oldest=Min("created_at")).values("oldest"), output_field=DateTimeField()
        ),
        failed=_number(_messages(state=_FAILED)),
        is_troubled=Q(troubled),
    )
    return rows.order_by("-is_troubled", F("failing_since").asc(nulls_last=True), "pk")


def failed_messages() -> QuerySet[WebhookMessage]:
    """Messages to webhooks that were given up, newest first."""
    return (
        WebhookMessage.objects.filter(state=_FAILED)
        .select_related("webhook", "webhook__owner", "revision")
        .defer("revision__payload", "revision__changes")
        .order_by("-pk")
    )


def _messages(**conditions: Any) -> QuerySet[Any, Any]:
    rows = WebhookMessage.objects.filter(webhook=OuterRef("pk"), **conditions)
    return rows.order_by().values("webhook")


def _number(rows: QuerySet[Any, Any]) -> Coalesce:
    counted = rows.annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
