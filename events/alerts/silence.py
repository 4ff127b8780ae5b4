"""Silence: telling those who asked for it that nothing of what they follow has happened for so many days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from events.alerts import outbox
from events.alerts.schedule import Clock, after_quiet
from events.alerts.subscriptions import CONDITIONS
from events.alerts.wishes import since_last
from events.choices import MailKind
from events.models.alerts import Mail, Subscription

_BATCH = 500
_CONDITIONS = [name for name in CONDITIONS if name != "silent_days"]


def due_silences(limit: int = 500) -> list[int]:
    """Primary keys of the subscriptions whose silence is to be told now. Those that were told and whose silence has
    ended since are made ready for the next one.

    It asks once for each wish, not for each subscription; once an hour is often enough, since silence is in days.
    """
    now = timezone.now()
    last: dict[tuple[Any, ...], datetime | None] = {}
    found: list[int] = []
    for row in _asked().order_by("pk").iterator(chunk_size=_BATCH):
        key = tuple(getattr(row, name) for name in _CONDITIONS)
        if key not in last:
            last[key] = since_last(row)
        since = last[key] or row.created_at
        if _is_due(row, since, now):
            found.append(row.pk)
        elif row.silence_told_at and since > row.silence_told_at:
            Subscription.objects.filter(pk=row.pk, silence_told_at=row.silence_told_at).update(
                silence_told_at=None
            )
        if len(found) == limit:
            break
    return found


@transaction.atomic
def tell_silence(subscription_id: int) -> bool:
    """Writes the mail of one silence; False when it is not due any more, or was told by another worker.

    The mail's data are the subscription and since when nothing has happened (ISO 8601): the end of the last event's
    day, or when the subscription began.
    """
    row = _asked().filter(pk=subscription_id).select_related("subscriber").first()
    if row is None:
        return False
    since = since_last(row) or row.created_at
    if not _is_due(row, since, timezone.now()):
        return False
    untold = _asked().filter(pk=row.pk, silence_told_at=row.silence_told_at)
    if not untold.update(silence_told_at=Now()):
        return False
    mail = outbox.put(row.subscriber, MailKind.SILENCE, {"subscription": row.pk, "since": since.isoformat()})
    reader = row.subscriber
    clock = Clock(reader.time_zone, reader.quiet_from, reader.quiet_until)
    Mail.objects.filter(pk=mail.pk).update(next_attempt_at=after_quiet(timezone.now(), clock))
    return True


def _asked() -> QuerySet[Subscription]:
    return Subscription.objects.filter(
        is_active=True, silent_days__isnull=False, subscriber__confirmed_at__isnull=False
    )


def _is_due(row: Subscription, since: datetime, now: datetime) -> bool:
    """Whether the silence is long enough and was not told: an event after it was told begins another."""
    told = row.silence_told_at is not None and row.silence_told_at >= since
    return not told and since + timedelta(days=row.silent_days or 0) <= now
