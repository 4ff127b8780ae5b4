"""Examples of proposals, for the docs."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

_RECEIPT = "kq0C8rW3nYx5pB7tVfZ2dL9sHjM4gUe6aQ1oRiTyXzE"

SENT = OpenApiExample(
    "A reply",
    value={
        "event": 12,
        "kind": "reply",
        "text": "The committee's decision was appealed; the appeal is pending.",
        "field": "/penalties/0",
        "source_url": "https://www.example.com/statement",
        "name": "Office of the chief executive",
        "contact": "office@example.com",
    },
    request_only=True,
)
TAKEN = OpenApiExample(
    "The receipt",
    value={
        "receipt": _RECEIPT,
        "url": f"https://tracker.example.org/api/v1/proposals/{_RECEIPT}/",
        "state": "open",
    },
    response_only=True,
    status_codes=["201"],
)
STATUS = OpenApiExample(
    "An answer",
    value={
        "event": 12,
        "revision": 40,
        "kind": "reply",
        "field": "/penalties/0",
        "state": "accepted",
        "answer": "The event now says that the decision is under appeal.",
        "received_at": "2025-11-18T09:00:00Z",
        "answered_at": "2025-11-19T10:30:00Z",
    },
    response_only=True,
    status_codes=["200"],
)
