"""One form sent to a WebSub hub, guarded and bounded like every request of the service. No ORM here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import httpcore
import httpx

from events.exceptions import FetchRefused, Unreachable
from events.feeds.html import plain_text
from events.net.connection import Session

_MAX_ANSWER = 4_000
_MAX_REDIRECTS = 3


@dataclass(frozen=True, slots=True)
class HubAnswer:
    """The status of a hub's answer, and its words as plain text."""

    status: int
    words: str

    @property
    def accepted(self) -> bool:
        """Whether the hub took the request: 202 by the Recommendation, but some answer 200 or 204."""
        return 200 <= self.status < 300


def post(
    url: str, form: Mapping[str, str], session: Session, user_agent: str, *, seconds: float
) -> HubAnswer:
    """Sends the form, following temporary and permanent redirects that keep the method (WebSub, 5.1.2).

    `seconds` bound the whole of it, however slowly the hub answers. Raises FetchRefused for an address that may not be requested, and Unreachable.
    """
    body = urlencode(form).encode("ascii")
    current = session.guard.check_url(url)
    session.deadline.set(seconds)
    for _ in range(_MAX_REDIRECTS + 1):
        answer, location = _ask(session, current, body, user_agent)
        if answer.status not in (307, 308) or not location:
            return answer
        try:
            current = session.guard.check_url(str(current.join(location)))
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchRefused("The hub redirects to a malformed address.") from error
    raise Unreachable(f"The hub redirects more than {_MAX_REDIRECTS} times.")


def _ask(session: Session, url: httpx.URL, body: bytes, user_agent: str) -> tuple[HubAnswer, str]:
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    fields = [
        (b"Host", url.netloc),
        (b"User-Agent", user_agent.encode("ascii", "replace")),
        (b"Content-Type", b"application/x-www-form-urlencoded"),
        (b"Content-Length", str(len(body)).encode("ascii")),
        # What is sent twice is harmless, but a stale connection would look like a fault of the hub.
        (b"Connection", b"close"),
    ]
    try:
        with session.pool.stream("POST", target, headers=fields, content=body) as response:
            location = {name.lower(): value for name, value in response.headers}.get(b"location", b"")
            words = _words(response)
            return HubAnswer(response.status, words), location.decode("latin-1")
    except httpcore.TimeoutException as error:
        raise Unreachable(f"The hub {url.host} did not answer in time.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise Unreachable(f"The hub {url.host} could not be reached.") from error


def _words(response: httpcore.Response) -> str:
    read = b""
    for piece in response.iter_stream():
        read += piece
        if len(read) > _MAX_ANSWER:
            break
    return plain_text(read[:_MAX_ANSWER].decode("utf-8", "replace"), 300)
