"""`changes/`: a page, what comes next, or a stream of events."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from api.changes import parameters, stream
from api.changes.watcher import places, watcher
from api.connections import leave
from api.examples import CHANGES
from api.examples_events import STREAM
from api.preconditions import etag_of
from api.problems import Busy
from api.rendering import page
from api.serializers.events import ChangePage
from api.views.base import Endpoint
from events.timelines.texts import Change, changes_after

Rows = list[Change]
TAIL = 200
"""Bytes of a revision's end that hold its hash and the one before."""


class Changes(Endpoint):
    """The ledger by cursor."""

    @extend_schema(
        summary="Follow the changes",
        description=(
            "Every revision past the cursor, in the order of commits: ADD, MOD or DEL, with what differs (old and new "
            "value) and the payload. A reader who goes on from `cursor` misses nothing and sees nothing twice. "
            "With `wait`, an answer that would have nothing waits so long for the next revision. "
            "With `Accept: text/event-stream` revisions come as Server-Sent Events: the id is `seq`, the event ADD, "
            "MOD or DEL, the data the revision; `Last-Event-ID` resumes, and a stream that ends after some minutes is "
            "to be opened again. Where too many wait already, the answer is 503 with `Retry-After`."
        ),
        parameters=parameters.SCHEMA,
        responses={(200, "application/json"): ChangePage, (200, stream.CONTENT_TYPE): OpenApiTypes.STR},
        examples=[CHANGES, STREAM],
        operation_id="changes",
    )
    def get(self, request: Request) -> HttpResponseBase:
        """A page of the change stream, or the stream."""
        cursor, size, wait = parameters.place(request)
        if request.method == "HEAD":
            wait = 0
        elif stream.CONTENT_TYPE in request.headers.get("Accept", "") and _wants_stream(request):
            seq = parameters.resumed(request, cursor)
            return _varied(stream.response(seq, settings.API_STREAM_SECONDS, _place()))
        rows = changes_after(cursor, size + 1)
        if wait and not rows:
            rows = _next(cursor, size + 1, wait)
        return _varied(_page(request, rows, cursor, size))


def _page(request: Request, rows: Rows, cursor: int, size: int) -> Response:
    more, rows = len(rows) > size, rows[:size]
    cursor = rows[-1][0] if rows else cursor
    here = request.build_absolute_uri()
    url = replace_query_param(here, "cursor", cursor) if more else None
    body = page([row[2] for row in rows], next=url, cursor=cursor)
    # The last revision's hash covers all before it: no need to go through the page again.
    etag = etag_of(here.encode(), b"%d" % len(body), rows[-1][2][-TAIL:] if rows else b"")
    return Response(body, headers={"ETag": etag})


def _next(cursor: int, limit: int, wait: int) -> Rows:
    """What comes past the cursor within `wait` seconds. Raises Busy."""
    release, end = _place(), time.monotonic() + wait
    try:
        rows: Rows = []
        while not rows and (left := end - time.monotonic()) > 0:
            leave()
            if watcher.wait(cursor, left):
                rows = changes_after(cursor, limit)
        return rows
    finally:
        release()


def _place() -> Any:
    """A place among those who wait, as what gives it back. Raises Busy."""
    release = places.take(settings.API_WAITERS)
    if release is None:
        raise Busy("Too many callers wait for changes; ask without `wait`, or later.", wait=5)
    return release


def _wants_stream(request: Request) -> bool:
    # The page stands first: it is what `*/*` gets.
    return (
        request._request.get_preferred_type(["application/json", stream.CONTENT_TYPE]) == stream.CONTENT_TYPE
    )


def _varied(response: HttpResponseBase) -> HttpResponseBase:
    patch_vary_headers(response, ["Accept"])
    return response
