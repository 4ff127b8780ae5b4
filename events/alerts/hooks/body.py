"""What a webhook is sent: the revision in the change stream's words, with what stood before. Signed after Standard
Webhooks (https://www.standardwebhooks.com): the same bytes at every attempt.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from standardwebhooks.webhooks import Webhook as Signer

from events.choices import Operation
from events.models.record import Revision
from events.models.webhooks import Webhook
from events.timelines.entries import instant

JSON = dict[str, Any]

PUBLISHED = "event.published"
CORRECTED = "event.corrected"
RETRACTED = "event.retracted"
MERGED = "event.merged"
RESTORED = "event.restored"
PING = "ping"
TYPES = (PUBLISHED, CORRECTED, RETRACTED, MERGED, RESTORED)


def type_of(operation: str, number: int, merged_into: object = None) -> str:
    """What happened to the event, by its revision's operation and number, and what it was merged into: a word for
    those who do not want to look at operations."""
    if operation == Operation.DEL.value:
        return RETRACTED if merged_into is None else MERGED
    if operation == Operation.ADD.value:
        return PUBLISHED if number == 1 else RESTORED
    return CORRECTED


def text_of(revision: Revision) -> str:
    """The message about a revision, JSON. It depends on the ledger alone."""
    earlier = Revision.objects.filter(event=revision.event_id, number=revision.number - 1)
    data = {
        "operation": revision.operation,
        "ordering_key": f"event-{revision.event_id}",
        "sequence": revision.seq,
        "number": revision.number,
        "reason": revision.reason,
        "event": revision.payload,
        "previous": earlier.values_list("payload", flat=True).first(),
        "changes": revision.changes,
    }
    kind = type_of(revision.operation, revision.number, revision.payload.get("merged_into"))
    return _json(kind, revision.recorded_at, data)


def ping_text(webhook: Webhook, moment: datetime) -> str:
    """A message that says nothing but that messages arrive."""
    return _json(PING, moment, {"webhook": webhook.pk})


def ping_id() -> str:
    """The `webhook-id` of a test message: another one each time."""
    return f"msg_ping_{secrets.token_hex(12)}"


def signed(message_id: str, moment: datetime, text: str, keys: Iterable[str]) -> dict[str, str]:
    """The headers of a message that is sent at `moment` (aware), with a signature by each of the secrets."""
    signatures = [Signer(key).sign(message_id, moment, text) for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _json(kind: str, moment: datetime, data: JSON) -> str:
    whole = {"type": kind, "timestamp": instant(moment), "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
