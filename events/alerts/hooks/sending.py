"""From the messages to the receivers: one request an attempt, outside any transaction.

Messages about an event are sent in the order of its revisions: none before those before it are settled, or while an
earlier revision is not matched yet. A webhook has one request at a time, so that a slow receiver holds up nobody but
itself. A message whose worker died is sent again under the same `webhook-id`, by which a receiver knows it.
"""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from events.alerts.guard import require_no_transaction
from events.alerts.hooks import body, posting
from events.alerts.hooks.notices import tell_owner
from events.alerts.hooks.posting import Answer
from events.alerts.hooks.waits import CLAIM, OUTAGE, PATIENCE, backoff, next_attempt, pause_between
from events.choices import DeliveryState, WebhookState, WorkState
from events.models.alerts import Matching
from events.models.webhooks import Webhook, WebhookMessage
from events.outcomes import tell
from events.timelines.entries import instant

log = logging.getLogger(__name__)

JSON = dict[str, Any]
LOST = "The worker ended before the answer was written down; the receiver may have the message."
BATCH = 100
"""Messages that are looked for at a time."""
LOGGED = 20
"""Attempts that a message's log keeps: the last ones."""
_SAID = 300
_UNSETTLED = (DeliveryState.PENDING.value, DeliveryState.SENDING.value)


@dataclass(frozen=True)
class Attempt:
    """A claim on a message that holds until `until`."""

    message: WebhookMessage
    webhook: Webhook
    until: datetime


def due_webhooks(limit: int = 500) -> list[int]:
    """Primary keys of the active webhooks that have a message which is due, and no worker."""
    mine = WebhookMessage.objects.filter(webhook=OuterRef("pk"))
    rows = Webhook.objects.filter(
        _listening(), Exists(mine.filter(_due())), ~Exists(mine.filter(_on_its_way()))
    ).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def send_webhook(webhook_id: int, seconds: float = 60.0) -> int:
    """Sends what is due to a webhook, of each event in order, beginning none after so many seconds; gives how many
    messages were taken. Raises RuntimeError inside a transaction."""
    require_no_transaction("sending to a webhook")
    end, taken = time.monotonic() + seconds, 0
    while batch := _next(webhook_id):
        begun = False
        for pk, state in batch:
            if time.monotonic() >= end:
                return taken
            attempt = _claim(webhook_id, pk, state)
            if attempt is None:
                continue
            begun = True
            if not _attempt(attempt):
                break  # the others are not due any more
            taken += 1
        if not begun:
            break
    return taken


def ping(webhook: Webhook) -> Answer:
    """Sends a test message now, whatever the webhook's state. It is not kept, and not tried again."""
    require_no_transaction("sending to a webhook")
    now = timezone.now()
    text = body.ping_text(webhook, now)
    return posting.post(webhook.url, text, body.signed(body.ping_id(), now, text, webhook.secrets_at(now)))


def _due() -> Q:
    waiting = Q(state=DeliveryState.PENDING.value, next_attempt_at__lte=Now())
    return waiting | Q(state=DeliveryState.SENDING.value, claimed_until__lt=Now())


def _on_its_way() -> Q:
    return Q(state=DeliveryState.SENDING.value, claimed_until__gte=Now())


def _listening(prefix: str = "") -> Q:
    return Q(**{f"{prefix}state": WebhookState.ACTIVE.value, f"{prefix}owner__is_active": True})


def _next(webhook_id: int) -> list[tuple[int, str]]:
    """What may be due to a webhook, with its state: of each event the first message that is not settled, in the order
    of the ledger."""
    mine = WebhookMessage.objects.filter(webhook=webhook_id)
    unsettled = mine.filter(state__in=_UNSETTLED).order_by("revision__event_id", "revision_id")
    first = unsettled.distinct("revision__event_id").values("pk")
    rows = mine.filter(_due(), _listening("webhook__"), pk__in=first).order_by("revision_id")
    return list(rows.values_list("pk", "state")[:BATCH])


def _sendable(webhook_id: int) -> QuerySet[WebhookMessage]:
    """The messages that may be sent now: none while another one is on its way, or an earlier one about the event is
    not settled or not even matched."""
    mine = WebhookMessage.objects.filter(webhook=webhook_id)
    before = {"revision__event": OuterRef("revision__event"), "revision__lt": OuterRef("revision")}
    unsettled = mine.filter(state__in=_UNSETTLED, **before)
    unmatched = Matching.objects.exclude(state=WorkState.DONE.value).filter(**before)
    return mine.filter(
        _listening("webhook__"),
        ~Exists(mine.filter(_on_its_way())),
        ~Exists(unsettled),
        ~Exists(unmatched),
    )


def _claim(webhook_id: int, pk: int, state: str) -> Attempt | None:
    """Takes a message if it may be sent now, by one conditional UPDATE: of two workers one gets it. `state` is what
    it was found in."""
    # What decides stands in the row itself, so that it is looked at again where another worker was faster.
    claimed = WebhookMessage.objects.filter(_due(), pk=pk, pk__in=_sendable(webhook_id).values("pk"))
    if not claimed.update(
        state=DeliveryState.SENDING.value,
        claimed_until=Now() + CLAIM,
        attempts=F("attempts") + 1,
        first_attempt_at=Coalesce("first_attempt_at", Now()),
    ):
        return None
    message = WebhookMessage.objects.select_related("webhook", "revision").filter(pk=pk).first()
    if message is None or message.claimed_until is None:
        return None
    if state == DeliveryState.SENDING.value:
        message.log = [*message.log, _entry(None, 0, LOST)]
    return Attempt(message, message.webhook, message.claimed_until)


def _attempt(attempt: Attempt) -> bool:
    """One request, and what came of it; whether the receiver took the message."""
    answer = _deliver(attempt)
    rows = {
        "webhook": attempt.webhook.pk,
        "webhook_message": attempt.message.pk,
        "revision": attempt.message.revision_id,
    }
    tell("webhook.sent", "taken" if answer.taken else "gone" if answer.gone else "failed", **rows)
    if answer.taken:
        _record_taken(attempt, answer)
    elif answer.gone:
        _record_gone(attempt, answer)
    else:
        _record_failure(attempt, answer)
    return answer.taken


def _deliver(attempt: Attempt) -> Answer:
    now, message = timezone.now(), attempt.message
    try:
        text = body.text_of(message.revision)
        headers = body.signed(message.message_id, now, text, attempt.webhook.secrets_at(now))
    except Exception as error:
        # A message that cannot be written must not stop the others for ever.
        log.exception("webhook message %s cannot be written", message.pk)
        return Answer(None, 0, f"The message cannot be written ({type(error).__name__}).")
    return posting.post(attempt.webhook.url, text, headers)


def _record_taken(attempt: Attempt, answer: Answer) -> None:
    """Final, whoever holds the claim by now: the receiver has the message. All that waited for it to be back is due."""
    webhook, failing = attempt.webhook, attempt.webhook.failing_since
    WebhookMessage.objects.filter(pk=attempt.message.pk).update(
        state=DeliveryState.SENT.value,
        sent_at=Now(),
        claimed_until=None,
        error="",
        log=_logged(attempt, answer),
    )
    if failing is None:
        return
    Webhook.objects.filter(pk=webhook.pk).update(failing_since=None)
    waiting = WebhookMessage.objects.filter(
        webhook=webhook.pk, state=DeliveryState.PENDING.value, next_attempt_at__gt=Now()
    )
    # After a short failure, a message that was refused for its own sake goes on waiting.
    fresh = waiting if timezone.now() - failing >= OUTAGE else waiting.filter(attempts=0)
    fresh.update(next_attempt_at=Now())


def _record_gone(attempt: Attempt, answer: Answer) -> None:
    """The receiver wants no more: the webhook is gone, and what waits is cancelled."""
    reason = f"{answer.problem} Nothing more is sent."
    with transaction.atomic():
        _release(attempt, answer, state=DeliveryState.FAILED.value)
        ended = _change_state(attempt.webhook, WebhookState.GONE, reason)
        WebhookMessage.objects.filter(webhook=attempt.webhook.pk, state=DeliveryState.PENDING.value).update(
            state=DeliveryState.CANCELLED.value, error=reason
        )
    log.warning("webhook %s is gone: %s", attempt.webhook.pk, answer.problem)
    if ended:
        tell_owner(attempt.webhook)


def _record_failure(attempt: Attempt, answer: Answer) -> None:
    """Waits for the next attempt, or gives up; a receiver that has taken nothing for a day is left alone."""
    now, message, webhook = timezone.now(), attempt.message, attempt.webhook
    log.warning(
        "webhook %s, message %s, attempt %s: %s", webhook.pk, message.pk, message.attempts, answer.problem
    )
    Webhook.objects.filter(pk=webhook.pk, failing_since=None).update(failing_since=now)
    failing = now - (_failing(webhook) or now)
    chance = random.random()  # noqa: S311 - spreads load, guards nothing
    rest = max(backoff(message.attempts, chance), pause_between(failing))
    again = next_attempt(message.first_attempt_at or now, now, rest, answer.retry_after)
    if again is None:
        _release(attempt, answer, state=DeliveryState.FAILED.value)
    else:
        _release(attempt, answer, state=DeliveryState.PENDING.value, next_attempt_at=again)
    if failing >= PATIENCE:
        if _change_state(webhook, WebhookState.PAUSED, _pause_reason(answer)):
            log.warning("webhook %s is paused", webhook.pk)
            tell_owner(webhook)
        return
    # The others would fare no better now: they wait until the receiver is asked again.
    until = now + max(pause_between(failing), min(answer.retry_after or timedelta(), OUTAGE))
    WebhookMessage.objects.filter(
        webhook=webhook.pk, state=DeliveryState.PENDING.value, next_attempt_at__lt=until
    ).update(next_attempt_at=until)


def _pause_reason(answer: Answer) -> str:
    return (
        f"Paused: nothing was taken for a day. Last: {answer.problem} "
        "Resume it when the receiver is back; what waits is sent then, and what failed can be sent again."
    )[:_SAID]


def _change_state(webhook: Webhook, state: WebhookState, reason: str) -> bool:
    """Whether the webhook was active until now: of two workers one ends that."""
    changed = Webhook.objects.filter(pk=webhook.pk, state=WebhookState.ACTIVE.value).update(
        state=state.value, state_reason=reason[:_SAID], state_changed_at=Now()
    )
    return bool(changed)


def _failing(webhook: Webhook) -> datetime | None:
    """Since when the webhook's receiver has taken nothing, as the database has it now."""
    return Webhook.objects.filter(pk=webhook.pk).values_list("failing_since", flat=True).first()


def _release(attempt: Attempt, answer: Answer, **columns: object) -> None:
    """Gives the claim back. Does nothing when it has expired and another worker took over."""
    WebhookMessage.objects.filter(
        pk=attempt.message.pk, state=DeliveryState.SENDING.value, claimed_until=attempt.until
    ).update(claimed_until=None, error=answer.problem, log=_logged(attempt, answer), **columns)


def _logged(attempt: Attempt, answer: Answer) -> list[JSON]:
    entries = [*attempt.message.log, _entry(answer.status, answer.milliseconds, answer.problem)]
    return entries[-LOGGED:]


def _entry(status: int | None, milliseconds: int, problem: str) -> JSON:
    return {"at": instant(timezone.now()), "status": status, "milliseconds": milliseconds, "problem": problem}
