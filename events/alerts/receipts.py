"""The outbox's rows while mails are sent: claims, and what came of those that the server did not simply take.

A claim is one conditional UPDATE; what it allows is done only while it holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from events.alerts.advancing import Attempt
from events.alerts.planning import Dropped, Plan, Verdict, ids
from events.choices import DeliveryState, MailKind
from events.models.alerts import Delivery, Mail

WAIT = timedelta(minutes=1)
"""Until a message that must follow another of the same event is looked at again."""
BATCH_CLAIM = timedelta(minutes=2)
"""How long a worker has a batch; what it has not begun by then is another's."""

# Words about subscriptions themselves go first, up to half of a batch: people wait for them at a page.
_CLAIM = """
WITH service AS (
    SELECT id FROM events_mail
    WHERE state IN ('pending', 'sending') AND next_attempt_at <= now() AND kind NOT IN ('alert', 'digest')
    AND (claimed_until IS NULL OR claimed_until <= now())
    ORDER BY next_attempt_at, id LIMIT %(service)s FOR UPDATE SKIP LOCKED
), news AS (
    SELECT id FROM events_mail
    WHERE state IN ('pending', 'sending') AND next_attempt_at <= now() AND kind IN ('alert', 'digest')
    AND (claimed_until IS NULL OR claimed_until <= now())
    ORDER BY next_attempt_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), chosen AS (
    SELECT id FROM (SELECT id, 0 AS turn FROM service UNION ALL SELECT id, 1 FROM news) AS found
    ORDER BY turn LIMIT %(limit)s
)
UPDATE events_mail SET claimed_until = now() + %(claim)s FROM chosen WHERE events_mail.id = chosen.id
RETURNING events_mail.id
"""


def due_mails(limit: int = 500) -> list[int]:
    """Primary keys of the mails that are due, longest waiting first, and of those whose worker died."""
    free = Mail.objects.filter(claimed_until__isnull=True) | Mail.objects.filter(claimed_until__lte=Now())
    rows = free.filter(
        state__in=[DeliveryState.PENDING.value, DeliveryState.SENDING.value], next_attempt_at__lte=Now()
    )
    return list(rows.order_by("next_attempt_at", "id").values_list("id", flat=True)[:limit])


def claim(limit: int) -> list[Mail]:
    """Takes up to so many due mails for BATCH_CLAIM: of two workers one gets each. With their subscribers, those
    first that are about subscriptions themselves, longest waiting first."""
    values: dict[str, Any] = {"limit": limit, "service": (limit + 1) // 2, "claim": BATCH_CLAIM}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        keys = [row[0] for row in cursor.fetchall()]
    if not keys:
        return []
    mails = Mail.objects.filter(pk__in=keys).select_related("subscriber")
    news = {MailKind.ALERT.value, MailKind.DIGEST.value}
    return sorted(mails, key=lambda mail: (mail.kind in news, mail.next_attempt_at, mail.pk))


def settle(plans: Sequence[Plan]) -> None:
    """Records what is not sent: whole mails, and deliveries that drop out of the others."""
    if not any(plan.dropped or plan.verdict is not Verdict.SEND for plan in plans):
        return
    with transaction.atomic():
        for plan in plans:
            if plan.dropped:
                _drop(plan.dropped)
            if plan.verdict is Verdict.WAIT:
                _mine(plan.mail).update(**_later(plan.mail, WAIT), error=plan.reason)
            elif plan.verdict is Verdict.CANCEL:
                _mine(plan.mail).update(
                    state=DeliveryState.CANCELLED.value, claimed_until=None, error=plan.reason
                )
            elif plan.verdict is Verdict.ASSUME_SENT:
                _mine(plan.mail).update(
                    state=DeliveryState.SENT.value, sent_at=Now(), claimed_until=None, error=plan.reason
                )


def release(mails: Sequence[Mail]) -> None:
    """Gives back claims of mails that were not begun: they are due as before."""
    if mails:
        until = {mail.claimed_until for mail in mails}
        keys = [mail.pk for mail in mails]
        Mail.objects.filter(pk__in=keys, claimed_until__in=until).update(claimed_until=None)


def fail(attempt: Attempt, reason: str) -> None:
    """Nothing will be sent any more."""
    columns = {"state": DeliveryState.FAILED.value, "error": reason}
    with transaction.atomic():
        if _held(attempt).update(**columns, claimed_until=None):
            _carried(attempt).update(**columns)


def doubt(attempt: Attempt, wait: timedelta, reason: str) -> None:
    """The message may have been taken: it stays `sending`, and is tried again as a copy after the wait."""
    _held(attempt).update(claimed_until=Now() + wait, error=reason)


def postpone(attempt: Attempt, wait: timedelta, reason: str) -> None:
    """The message was surely not taken: it is tried again after the wait."""
    with transaction.atomic():
        changed = _held(attempt).update(
            state=DeliveryState.PENDING.value, next_attempt_at=Now() + wait, claimed_until=None, error=reason
        )
        if changed:
            _carried(attempt).update(state=DeliveryState.PENDING.value)


def postpone_unbegun(mail: Mail, wait: timedelta, reason: str, *, attempts: int = 1) -> None:
    """A claimed mail that could not even be begun."""
    _mine(mail).update(**_later(mail, wait), attempts=F("attempts") + attempts, error=reason)


def _later(mail: Mail, wait: timedelta) -> dict[str, Any]:
    """A message of unknown outcome keeps its state, so that what must follow it waits."""
    if mail.state == DeliveryState.SENDING.value:
        return {"claimed_until": Now() + wait}
    return {"claimed_until": None, "next_attempt_at": Now() + wait}


def _drop(dropped: Sequence[Dropped]) -> None:
    for row in dropped:
        mine = Delivery.objects.filter(pk=row.delivery.pk, state=row.delivery.state)
        if row.verdict is Verdict.ASSUME_SENT:
            mine.update(state=DeliveryState.SENT.value, sent_at=Now(), error=row.reason)
        else:
            mine.update(state=DeliveryState.CANCELLED.value, error=row.reason)


def _mine(mail: Mail) -> Any:
    """The claimed mail, unless its claim has expired and another worker took over."""
    return Mail.objects.filter(pk=mail.pk, state=mail.state, claimed_until=mail.claimed_until)


def _held(attempt: Attempt) -> Any:
    return Mail.objects.filter(
        pk=attempt.plan.mail.pk, state=DeliveryState.SENDING.value, claimed_until=attempt.until
    )


def _carried(attempt: Attempt) -> Any:
    return Delivery.objects.filter(pk__in=ids(attempt.plan.planned), state=DeliveryState.SENDING.value)
