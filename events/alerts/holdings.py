"""All that is held of a subscriber: handed out, and erased."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from events.models.alerts import Subscriber

_BATCH = 500


def export(subscriber: Subscriber) -> Iterator[str]:
    """One JSON object, in pieces: the subscriber, the subscriptions, each mail and what it told of, with states and
    times (ISO 8601, UTC). Without the tokens, which are keys and no data about anyone."""
    about = {
        "exported_at": timezone.now(),
        "email": subscriber.email,
        "new_email": subscriber.new_email,
        "language": subscriber.language,
        "time_zone": subscriber.time_zone,
        "quiet_from": subscriber.quiet_from,
        "quiet_until": subscriber.quiet_until,
        "asked_at": subscriber.created_at,
        "confirmed_at": subscriber.confirmed_at,
    }
    yield _json(about)[:-1]
    for name, rows in (
        ("subscriptions", _subscriptions(subscriber)),
        ("mails", _mails(subscriber)),
        ("deliveries", _deliveries(subscriber)),
    ):
        yield f', "{name}": ['
        for number, row in enumerate(rows):
            yield (", " if number else "") + _json(row)
        yield "]"
    yield "}\n"


@transaction.atomic
def erase(token: str) -> bool:
    """Deletes the subscriber and all that names them: subscriptions, mails, receipts; False for an unknown token.

    That nothing is to be sent to an address stays, as a hash from which the address cannot be read.
    """
    subscriber = Subscriber.objects.select_for_update().filter(token=token).first()
    if subscriber is None:
        return False
    subscriber.delete()
    return True


def _subscriptions(subscriber: Subscriber) -> Iterator[dict[str, Any]]:
    rows = subscriber.subscriptions.select_related("executive", "organization").order_by("pk")
    for row in rows:
        yield {
            "id": row.pk,
            "person": {"id": row.executive.pk, "name": row.executive.name} if row.executive else None,
            "organization": (
                {"id": row.organization.pk, "name": row.organization.name} if row.organization else None
            ),
            "kind": row.kind,
            "min_severity": row.min_severity,
            "text": row.text,
            "frequency": row.frequency,
            "silent_days": row.silent_days,
            "silence_told_at": row.silence_told_at,
            "is_active": row.is_active,
            "asked_at": row.created_at,
        }


def _mails(subscriber: Subscriber) -> Iterator[dict[str, Any]]:
    for row in subscriber.mails.order_by("pk").iterator(chunk_size=_BATCH):
        yield {
            "id": row.pk,
            "kind": row.kind,
            "message_id": row.message_id,
            "about": row.data,
            "state": row.state,
            "written_at": row.created_at,
            "sent_at": row.sent_at,
            "error": row.error,
        }


def _deliveries(subscriber: Subscriber) -> Iterator[dict[str, Any]]:
    rows = subscriber.deliveries.select_related("revision").defer("revision__payload", "revision__changes")
    for row in rows.order_by("pk").iterator(chunk_size=_BATCH):
        yield {
            "event": row.revision.event_id,
            "revision": row.revision_id,
            "subscriptions": row.matched,
            "frequency": row.frequency,
            "mail": row.mail_id,
            "state": row.state,
            "written_at": row.created_at,
            "sent_at": row.sent_at,
            "error": row.error,
        }


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, cls=_Encoder)


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)
