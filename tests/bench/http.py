"""Requests to the WSGI application in this process: no socket, the whole of Django."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext

CALLER_REQUESTS = 200
"""Requests until the caller's address changes: below the rate that one anonymous caller has."""


class Site:
    """The application; `get` is one request of an anonymous caller."""

    def __init__(self) -> None:
        self.application: WSGIHandler = get_wsgi_application()
        self.requests = itertools.count()

    def get(self, address: str) -> bytes:
        """The body of the answer. Raises RuntimeError for another status than 200."""
        return b"".join(self._chunks(_environ(address, next(self.requests) // CALLER_REQUESTS)))

    def stream(self, address: str, key: str) -> Iterator[bytes]:
        """The chunks of an answer to a caller with a key, each as it is made. Raises RuntimeError as `get` does."""
        return self._chunks(_environ(address, 0) | {"HTTP_X_API_KEY": key})

    def _chunks(self, environ: dict[str, Any]) -> Iterator[bytes]:
        status: list[str] = []

        def start_response(line: str, headers: list[tuple[str, str]], *_: Any) -> Callable[[bytes], object]:
            status.append(line)
            return lambda data: None

        answer: Iterable[bytes] = self.application(environ, start_response)
        try:
            if not status[0].startswith("200"):
                raise RuntimeError(f"{environ['PATH_INFO']} gives {status[0]}: {b''.join(answer)[:300]!r}")
            yield from answer
        finally:
            if hasattr(answer, "close"):
                answer.close()

    def statements(self, address: str) -> list[str]:
        """The SQL of the request, with its parameters in place, without that of the connection's health check."""
        with CaptureQueriesContext(connection) as captured:
            self.get(address)
        return [query["sql"] for query in captured.captured_queries if query["sql"] != "SELECT 1"]


def _environ(address: str, caller: int) -> dict[str, Any]:
    parts = urlsplit(address)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "HTTP_HOST": "127.0.0.1:8000",
        "HTTP_ACCEPT": "application/json",
        "REMOTE_ADDR": f"192.0.{caller // 250 % 250}.{caller % 250 + 1}",
    }
    setup_testing_defaults(environ)
    return environ
