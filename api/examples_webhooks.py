"""A webhook and its messages, as they are asked for, changed and shown."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

_SHOWN: dict[str, Any] = {
    "id": 3,
    "url": "https://hooks.example.com/governance",
    "description": "Compliance desk",
    "executive": None,
    "organization": {"id": 2, "name": "Huawei Cloud"},
    "kind": "discipline",
    "min_severity": 3,
    "text": "",
    "sentence": "Disciplinary events at Huawei Cloud and its units, severity 3 or more",
    "state": "active",
    "state_reason": "",
    "state_changed_at": None,
    "failing_since": None,
    "waiting": 0,
    "failed": 0,
    "old_secret_until": None,
    "created_at": "2025-11-17T08:00:00Z",
}
_DELIVERY: dict[str, Any] = {
    "id": 91,
    "webhook": 3,
    "message_id": "msg_5f0c9e2a7b4d41e8a3c6d9f01b2e3a4c",
    "event": 12,
    "sequence": 40,
    "operation": "ADD",
    "type": "event.published",
    "state": "failed",
    "attempts": 14,
    "problem": "The receiver has a fault (HTTP 500).",
    "created_at": "2025-11-17T08:00:01Z",
    "next_attempt_at": None,
    "sent_at": None,
}
_LOG = [
    {
        "at": "2025-11-20T08:00:02Z",
        "status": 500,
        "milliseconds": 84,
        "problem": "The receiver has a fault (HTTP 500).",
    }
]

SENT = OpenApiExample(
    "Severe discipline at a company",
    value={
        "url": "https://hooks.example.com/governance",
        "description": "Compliance desk",
        "organization": 2,
        "kind": "discipline",
        "min_severity": 3,
    },
    request_only=True,
)
CHANGED = OpenApiExample("Of any severity", value={"min_severity": 0}, request_only=True)
SHOWN = OpenApiExample("A webhook", value=_SHOWN, response_only=True)
SECRET = OpenApiExample(
    "A webhook with its secret",
    value={**_SHOWN, "secret": "whsec_" + "A" * 43 + "="},
    response_only=True,
)
ROTATION = OpenApiExample("The old one for two days more", value={"overlap_hours": 48}, request_only=True)
PING = OpenApiExample(
    "Taken",
    value={"taken": True, "status": 204, "milliseconds": 61, "problem": ""},
    response_only=True,
)
REPLAY = OpenApiExample("All that failed", value={"failed": True}, request_only=True)
REPLAYED = OpenApiExample("Two wait", value={"replayed": 2}, response_only=True, status_codes=["202"])
DELIVERY = OpenApiExample("A message that was given up", value=_DELIVERY, response_only=True)
DELIVERY_DETAIL = OpenApiExample(
    "A message with its last attempt", value={**_DELIVERY, "log": _LOG}, response_only=True
)
DELIVERY_AGAIN = OpenApiExample(
    "It waits again",
    value={
        **_DELIVERY,
        "state": "pending",
        "attempts": 0,
        "problem": "",
        "next_attempt_at": "2025-11-21T09:00:00Z",
        "log": _LOG,
    },
    response_only=True,
    status_codes=["202"],
)
