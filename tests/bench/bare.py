"""The floor of the API's reads: bare Django views that run the same SQL and return the same bytes.

They stand behind the same middleware, and do nothing of what DRF and the API add: no permissions, rate limits,
parameters' checks, validators for caches.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

statements: dict[str, list[str]] = {}
"""SQL with its parameters in place, by the view's name: what the API was seen to run for the same page."""
links: dict[str, str | None] = {}
"""The addresses of the next pages, as the API gave them: text, which a bare view could build for nothing."""
PAGE = 50


def timeline(request: HttpRequest) -> HttpResponse:
    """A page of a person's timeline."""
    first, page = statements["timeline"]
    with connection.cursor() as cursor:
        cursor.execute(first)
        person = _row(cursor)
        cursor.execute(page)
        names = [column.name for column in cursor.description or ()]
        payload, seq, at = names.index("payload"), names.index("seq"), _last(names, "recorded_at")
        rows = cursor.fetchall()[:PAGE]
    results = [
        {**json.loads(row[payload]), "revision": {"seq": row[seq], "recorded_at": _instant(row[at])}}
        for row in rows
    ]
    subject = {"type": "person", "id": person["id"], "name": person["name"]}
    return _answer({"subject": subject, "results": results, "next": links["timeline"], "previous": None})


def changes(request: HttpRequest) -> HttpResponse:
    """A page of the change stream."""
    [page] = statements["changes"]
    with connection.cursor() as cursor:
        cursor.execute(page)
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()[:PAGE]]
    results = [
        {
            "seq": row["seq"],
            "event": row["event_id"],
            "number": row["number"],
            "operation": row["operation"],
            "recorded_at": _instant(row["recorded_at"]),
            "reason": row["reason"],
            "changes": json.loads(row["changes"]),
            "payload": json.loads(row["payload"]),
            "hash": row["hash"],
            "previous_hash": row["previous_hash"],
        }
        for row in rows
    ]
    return _answer({"results": results, "next": links["changes"], "cursor": rows[-1]["seq"]})


def _answer(body: Any) -> HttpResponse:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text.encode(), content_type="application/json")


def _row(cursor: Any) -> dict[str, Any]:
    names = [column.name for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def _last(names: list[str], name: str) -> int:
    return len(names) - 1 - names[::-1].index(name)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
