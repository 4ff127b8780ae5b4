"""Silence: telling those who asked for it that nothing of what they follow has happened for so many days."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from redis.exceptions import RedisError

from events.alerts import outbox
from events.alerts.schedule import Clock, after_quiet
from events.alerts.subscriptions import CONDITIONS
from events.alerts.wishes import since_last
from events.choices import MailKind
from events.models.alerts import Mail, Subscription

log = logging.getLogger(__name__)
LONGEST_REST = timedelta(days=1)
_BATCH = 500
_CONDITIONS = [name for name in CONDITIONS if name != "silent_days"]


def due_silences(limit: int = 500) -> list[int]:
    """Primary keys of the subscriptions whose silence is to be told now. Those that were told and whose silence has
    ended since are made ready for the next one.

    A subscription that cannot be due yet is left in peace until it can, for a day at most: what ends a silence puts
    it off, and only a retraction brings it forward. The cache remembers that; without it all are looked at.
    """
    now = timezone.now()
    last: dict[tuple[Any, ...], datetime | None] = {}
    found: list[int] = []
    rows = _asked().order_by("pk").iterator(chunk_size=_BATCH)
    while len(found) < limit and (batch := list(islice(rows, _BATCH))):
        resting = _resting(batch)
        found += [row.pk for row in batch if _key(row) not in resting and _look(row, last, now)]
    return found[:limit]


def _look(row: Subscription, last: dict[tuple[Any, ...], datetime | None], now: datetime) -> bool:
    """Whether a silence is to be told; `last` keeps what is found out for other subscriptions of the same wish."""
    key = tuple(getattr(row, name) for name in _CONDITIONS)
    if key not in last:
        last[key] = since_last(row)
    since = last[key] or row.created_at
    if _is_due(row, since, now):
        return True
    if row.silence_told_at and since > row.silence_told_at:
        told = Subscription.objects.filter(pk=row.pk, silence_told_at=row.silence_told_at)
        told.update(silence_told_at=None)
    else:
        _rest(row, since, now)
    return False


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
    # Conditions of the row alone: PostgreSQL does not look at a join again when it had to wait for another worker.
    untold = Subscription.objects.filter(pk=row.pk, is_active=True, silence_told_at=row.silence_told_at)
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


def _resting(rows: Sequence[Subscription]) -> set[str]:
    """The keys of those that were looked at before and cannot be due yet."""
    try:
        return set(cache.get_many([_key(row) for row in rows]))
    except RedisError as error:
        log.warning("all silences are looked at: %s", error)
        return set()


def _rest(row: Subscription, since: datetime, now: datetime) -> None:
    due = since + timedelta(days=row.silent_days or 0)
    rest = LONGEST_REST if due <= now else min(due - now, LONGEST_REST)
    try:
        cache.set(_key(row), 1, rest.total_seconds())
    except RedisError as error:
        log.debug("a silence is looked at again: %s", error)


def _key(row: Subscription) -> str:
    """Another one whenever the subscription is changed, told, started or ended."""
    values = (row.pk, row.created_at, row.silence_told_at, *(getattr(row, name) for name in CONDITIONS))
    return f"silence:{hashlib.sha256(repr(values).encode()).hexdigest()}"
