"""What the owner of a webhook does with it: change the secret, pause, resume, have messages sent again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from events.alerts.hooks.posting import check_address
from events.alerts.hooks.sending import ping
from events.choices import DeliveryState, WebhookState
from events.models.webhooks import Webhook, WebhookMessage, new_secret

__all__ = [
    "OVERLAP",
    "SETTLED",
    "check_address",
    "pause",
    "ping",
    "replay",
    "replay_failed",
    "replay_since",
    "resume",
    "rotate_secret",
]

OVERLAP = timedelta(hours=24)
"""How long the old secret signs, too, unless another time is given."""
SETTLED = (DeliveryState.SENT.value, DeliveryState.FAILED.value, DeliveryState.CANCELLED.value)


def rotate_secret(webhook: Webhook, overlap: timedelta = OVERLAP) -> str:
    """A new secret, which is shown this once. The old one signs, too, for the overlap (none: at once no more)."""
    columns = {
        "secret": new_secret(),
        "old_secret": webhook.secret if overlap else "",
        "old_secret_until": timezone.now() + overlap if overlap else None,
    }
    Webhook.objects.filter(pk=webhook.pk).update(**columns)
    webhook.refresh_from_db()
    return webhook.secret


def pause(webhook: Webhook, reason: str = "Paused by its owner.") -> None:
    """Messages wait from now on; one that is on its way is still sent. One that is gone stays so."""
    Webhook.objects.filter(pk=webhook.pk, state=WebhookState.ACTIVE.value).update(
        state=WebhookState.PAUSED.value, state_reason=reason, state_changed_at=Now()
    )
    webhook.refresh_from_db()


def resume(webhook: Webhook) -> None:
    """Messages are sent again, and those that wait have three days anew. What failed is not sent by itself."""
    Webhook.objects.filter(pk=webhook.pk).exclude(state=WebhookState.ACTIVE.value).update(
        state=WebhookState.ACTIVE.value, state_reason="", state_changed_at=Now(), failing_since=None
    )
    _send_anew(webhook.messages.filter(state=DeliveryState.PENDING.value))
    webhook.refresh_from_db()


def replay(messages: QuerySet[WebhookMessage]) -> int:
    """Has the messages sent again, or at once where they wait, under the same `webhook-id`; gives how many. One that
    is on its way is left alone."""
    return _send_anew(messages.exclude(state=DeliveryState.SENDING.value))


def replay_failed(webhook: Webhook) -> int:
    """Has all that failed or was cancelled sent again; gives how many."""
    return _send_anew(
        webhook.messages.filter(state__in=(DeliveryState.FAILED.value, DeliveryState.CANCELLED.value))
    )


def replay_since(webhook: Webhook, *, seq: int | None = None, moment: datetime | None = None) -> int:
    """Has all of the messages from a revision's number or an instant on sent again, taken ones, too; gives how
    many."""
    since = Q()
    if seq is not None:
        since &= Q(revision__gte=seq)
    if moment is not None:
        since &= Q(revision__recorded_at__gte=moment)
    return _send_anew(webhook.messages.filter(since, state__in=SETTLED))


def _send_anew(messages: QuerySet[WebhookMessage]) -> int:
    return WebhookMessage.objects.filter(pk__in=messages.values("pk")).update(
        state=DeliveryState.PENDING.value,
        attempts=0,
        first_attempt_at=None,
        next_attempt_at=Now(),
        claimed_until=None,
        error="",
    )
