"""One request to a receiver: guarded, signed, bounded in time and in what is read. No ORM here."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import httpcore
import httpx
from django.conf import settings

from events.exceptions import FetchRefused, Unreachable
from events.net.connection import Session
from events.net.guard import port_of
from events.net.headers import parse_retry_after
from events.net.sessions import session

SECONDS = 15.0
"""Of a request, from the look-up of the name to the answer's head."""
_CONNECT = 5.0
_REST = 0.5
"""Seconds for what comes after the head: read only so that the connection can be used again."""
_MAX_REST = 16_384
GONE = 410
_ASKS_TO_WAIT = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request. `status` is None where there was no answer; `problem` is "" where it was taken."""

    status: int | None
    milliseconds: int
    problem: str = ""
    retry_after: timedelta | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver has the message."""
        return not self.problem

    @property
    def gone(self) -> bool:
        """Whether the receiver wants no more messages, ever."""
        return self.status == GONE


def check_address(url: str) -> None:
    """Raises FetchRefused for an address that messages may not be sent to, as far as that is known without asking
    for its host: https only, but for hosts that the operator lists."""
    guard = session("webhooks").guard
    parsed = guard.check_url(url)
    if parsed.scheme != "https" and not guard.names(parsed.host, port_of(parsed)):
        raise FetchRefused("Messages are sent to https addresses only.")
    with suppress(ValueError):
        ip_address(parsed.host)
        guard.addresses(parsed.host, port_of(parsed), _CONNECT)


def post(url: str, text: str, headers: Mapping[str, str]) -> Answer:
    """Sends a message; whatever goes wrong stands in the answer. No redirect is followed."""
    started = time.monotonic()
    try:
        check_address(url)
        status, retry_after = _ask(session("webhooks"), httpx.URL(url), text.encode(), headers)
    except (Unreachable, FetchRefused) as error:
        return Answer(None, _since(started), str(error))
    return Answer(status, _since(started), _problem(status), retry_after)


def _problem(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"The receiver redirects (HTTP {status}). Redirects are not followed: change the address."
    words = {
        401: "asks for a login",
        403: "forbids it",
        404: "knows no such address",
        GONE: "says that it is gone for good",
        429: "says that it is asked too often",
    }
    what = words.get(status, "has a fault" if status >= 500 else "did not take it")
    return f"The receiver {what} (HTTP {status})."


def _ask(
    own: Session, url: httpx.URL, body: bytes, headers: Mapping[str, str]
) -> tuple[int, timedelta | None]:
    """The answer's status and what it asks to wait. Raises Unreachable and FetchRefused."""
    own.deadline.set(SECONDS)
    made = own.connections
    try:
        return _request(own, url, body, headers)
    except _BrokenOffError:
        if own.connections > made:
            raise
        # The receiver closed a connection that was kept for it, as it may at any time: asked anew, once.
        return _request(own, url, body, headers)


class _BrokenOffError(Unreachable):
    """The connection ended before the answer's head."""


def _request(
    own: Session, url: httpx.URL, body: bytes, headers: Mapping[str, str]
) -> tuple[int, timedelta | None]:
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    timeout = {"connect": _CONNECT, "read": SECONDS, "write": SECONDS, "pool": _CONNECT}
    fields = [(b"Host", url.netloc), *_fields(headers, len(body))]
    try:
        with own.pool.stream(
            "POST", target, headers=fields, content=body, extensions={"timeout": timeout}
        ) as response:
            names = {name.lower(): value for name, value in response.headers}
            _read_rest(own, response)
            return response.status, _asked(response.status, names.get(b"retry-after", b""))
    except httpcore.TimeoutException as error:
        raise Unreachable(f"{url.host} did not answer within {SECONDS:.0f} seconds.") from error
    except httpcore.ConnectError as error:
        invalid = "CERTIFICATE" in str(error).upper()
        why = "its certificate is not valid" if invalid else "it takes no connections"
        raise Unreachable(f"No connection to {url.host}: {why}.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise _BrokenOffError(f"The answer of {url.host} broke off or is not valid HTTP.") from error


def _fields(headers: Mapping[str, str], length: int) -> list[tuple[bytes, bytes]]:
    agent = f"governance-tracker-webhooks/0.1 (+{settings.SITE_URL})"
    fields = {
        "User-Agent": agent,
        "Content-Type": "application/json",
        "Content-Length": str(length),
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        **headers,
    }
    return [(name.encode("ascii"), value.encode("ascii", "replace")) for name, value in fields.items()]


def _read_rest(own: Session, response: httpcore.Response) -> None:
    """Reads what is left of a short answer. What it says, and how it ends, is of no account."""
    own.deadline.set(min(_REST, own.deadline.end - time.monotonic()))
    length = 0
    with suppress(httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException):
        for piece in response.iter_stream():
            length += len(piece)
            if length > _MAX_REST:
                break


def _asked(status: int, value: bytes) -> timedelta | None:
    if status not in _ASKS_TO_WAIT:
        return None
    seconds = parse_retry_after(value.decode("latin-1"), datetime.now(UTC))
    return None if seconds is None else timedelta(seconds=seconds)


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
