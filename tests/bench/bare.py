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
        text, seq, at = names.index("text"), names.index("revision_seq"), names.index("recorded_at")
        rows = cursor.fetchall()[:PAGE]
    results = [
        f'{row[text][:-1]},"revision":{{"seq":{row[seq]},"recorded_at":"{_instant(row[at])}"}}}}'
        for row in rows
    ]
    subject = _json({"type": "person", "id": person["id"], "name": person["name"]})
    following = _json(links["timeline"])
    return _answer(
        f'{{"subject":{subject},"results":[{",".join(results)}],"next":{following},"previous":null}}'
    )


def changes(request: HttpRequest) -> HttpResponse:
    """A page of the change stream."""
    [page] = statements["changes"]
    with connection.cursor() as cursor:
        cursor.execute(page)
        rows = cursor.fetchall()[:PAGE]
    results = ",".join(row[2] for row in rows)
    return _answer(f'{{"results":[{results}],"next":{_json(links["changes"])},"cursor":{rows[-1][0]}}}')


def _answer(body: str) -> HttpResponse:
    return HttpResponse(body.encode(), content_type="application/json")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _row(cursor: Any) -> dict[str, Any]:
    names = [column.name for column in cursor.description]
    return dict(zip(names, cursor.fetchone(), strict=True))


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
