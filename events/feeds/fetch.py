"""One HTTP GET, guarded and bounded: the only place of the service that requests addresses from outside.

No ORM here. Redirects are followed by this module, so that every hop passes the guard.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpcore
import httpx

from events.exceptions import FetchRefused, Unreachable
from events.feeds.decoding import ACCEPT_ENCODING, charset_of, decoder_for, inflate
from events.feeds.errors import HttpError, TooLarge, TooManyRedirects
from events.net.connection import Session
from events.net.guard import Guard
from events.net.headers import parse_retry_after

FEED_TYPES = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
ARTICLE_TYPES = "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1"
PRODUCT = "governance-tracker"
"""The name that robots.txt files may address us by."""
DEFAULT_USER_AGENT = f"{PRODUCT}/0.1 (news event tracker)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one request. Times in seconds; `max_bytes` holds for the body as sent and as inflated.

    `cut`: of a larger body the beginning is taken, up to 64 KiB less than `max_bytes`; else it is a failure.
    """

    total: float = 30.0
    connect: float = 10.0
    read: float = 10.0
    max_bytes: int = 5_000_000
    max_redirects: int = 5
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with status 200-299 or 304.

    `body` is decompressed; empty for 304. `headers` have lower-case names. `charset` is the header's label, as
    sent. `permanent_redirect_to` is the address that permanent redirects (301, 308) alone lead to, when they did.
    `truncated`: the connection ended before the announced length; `body` is what came. `elapsed` in seconds.
    """

    url_final: str
    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)
    content_type: str
    charset: str
    etag: str
    last_modified: str
    permanent_redirect_to: str | None
    truncated: bool
    elapsed: float

    @property
    def not_modified(self) -> bool:
        """The server says that nothing changed since the last request."""
        return self.status == 304


@dataclass(slots=True)
class _Answer:
    status: int
    headers: dict[str, str]
    body: bytes = b""
    truncated: bool = False


def fetch(
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    accept: str = FEED_TYPES,
    limits: Limits | None = None,
    guard: Guard | None = None,
    user_agent: str = DEFAULT_USER_AGENT,
    session: Session | None = None,
    before: Callable[[httpx.URL], None] | None = None,
) -> Fetched:
    """GET `url`, following up to `limits.max_redirects` redirects, each through the guard.

    `etag` and `last_modified` are those of the last answer and make the request conditional. `session` brings its
    own guard and keeps connections for later. `before` is called with each address, the redirects' too, before it
    is asked for, and may raise. Raises FetchRefused for an address that may not be requested, and FetchFailed
    (Unreachable, TooLarge, HttpError) with a message in plain words for everything else.
    """
    own = session or Session(guard or Guard())
    try:
        headers = _request_headers(accept, user_agent, etag, last_modified)
        return _follow(own, url, headers, limits or Limits(), before)
    finally:
        if session is None:
            own.close()


def _follow(
    session: Session,
    url: str,
    headers: dict[str, str],
    limits: Limits,
    before: Callable[[httpx.URL], None] | None,
) -> Fetched:
    waited, started = 0.0, time.monotonic()
    current = session.guard.check_url(url)
    permanent: str | None = None
    only_permanent = True
    for _ in range(limits.max_redirects + 1):
        if before is not None:
            asked = time.monotonic()
            before(current)  # waits for its turn at the host, which is no time that the site takes
            waited += time.monotonic() - asked
        session.deadline.end = started + waited + limits.total
        answer = _request(session, current, headers, limits)
        if answer.status not in _REDIRECTS:
            _raise_for_status(answer)
            return _fetched(answer, str(current), permanent, time.monotonic() - started - waited)
        current = _next_hop(session.guard, current, answer)
        only_permanent = only_permanent and answer.status in (301, 308)
        permanent = str(current) if only_permanent else permanent
    raise TooManyRedirects(f"The address redirects more than {limits.max_redirects} times.")


def _request(session: Session, url: httpx.URL, headers: dict[str, str], limits: Limits) -> _Answer:
    made = session.connections
    try:
        return _ask(session.pool, url, headers, limits)
    except _BrokenOff:
        if session.connections > made:
            raise
        # The server closed a connection that was kept for it, as it may at any time: asked anew, once.
        return _ask(session.pool, url, headers, limits)


class _BrokenOff(Unreachable):
    """The connection ended before the first byte of a body."""


def _ask(pool: httpcore.ConnectionPool, url: httpx.URL, headers: dict[str, str], limits: Limits) -> _Answer:
    timeout = {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.connect}
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    fields = [(b"Host", url.netloc), *((k.encode("ascii"), v.encode("ascii")) for k, v in headers.items())]
    try:
        with pool.stream("GET", target, headers=fields, extensions={"timeout": timeout}) as response:
            answer = _Answer(response.status, _header_dict(response.headers))
            if 200 <= answer.status < 300:
                _read_body(response, answer, limits)
            elif answer.status == 304:
                response.read()  # it has no body: so much is known now, and the connection can be kept
            return answer
    except httpcore.TimeoutException as error:
        raise Unreachable(f"{url.host} did not answer in time.") from error
    except httpcore.ConnectError as error:
        raise Unreachable(f"No connection to {url.host}: {_reason(error)}.") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise _BrokenOff(f"The answer of {url.host} broke off or is not valid HTTP.") from error


def _read_body(response: httpcore.Response, answer: _Answer, limits: Limits) -> None:
    announced = answer.headers.get("content-length", "")
    is_too_long = announced.isdecimal() and len(announced) < 20 and int(announced) > limits.max_bytes
    if is_too_long and not limits.cut:
        raise TooLarge(
            f"The answer announces {int(announced):,} bytes; at most {limits.max_bytes:,} are read."
        )
    pieces: list[bytes] = []
    decoder = decoder_for(answer.headers.get("content-encoding", ""))
    try:
        pieces.extend(inflate(response.iter_stream(), decoder, limits.max_bytes))
    except TooLarge:
        if not limits.cut:
            raise
        answer.truncated = True
    except (httpcore.RemoteProtocolError, httpcore.ReadError):
        # A length that lies, or a connection cut: what came may hold good items. Nothing came: a failure.
        if not pieces:
            raise
        answer.truncated = True
    answer.body = b"".join(pieces)


def _next_hop(guard: Guard, current: httpx.URL, answer: _Answer) -> httpx.URL:
    location = answer.headers.get("location", "")
    if not location:
        raise Unreachable(f"{current.host} redirects to nowhere.")
    try:
        following = current.join(location)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchRefused("The address redirects to a malformed address.") from error
    return guard.check_url(str(following))


def _raise_for_status(answer: _Answer) -> None:
    if 200 <= answer.status < 300 or answer.status == 304:
        return
    words = {
        401: "asks for a login",
        403: "forbids us to read this page",
        404: "knows no such page",
        410: "says that the page is gone for good",
        429: "says that we ask too often",
    }
    what = words.get(answer.status, "has a fault" if answer.status >= 500 else "answers with an error")
    retry_after = parse_retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC))
    raise HttpError(f"The site {what} (HTTP {answer.status}).", answer.status, retry_after)


def _fetched(answer: _Answer, url: str, permanent: str | None, elapsed: float) -> Fetched:
    content_type = answer.headers.get("content-type", "")
    return Fetched(
        url_final=url,
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        content_type=content_type,
        charset=charset_of(content_type),
        # An incomplete body must be asked for again, whole.
        etag="" if answer.truncated else _validator(answer.headers.get("etag", ""), 500),
        last_modified="" if answer.truncated else _validator(answer.headers.get("last-modified", ""), 100),
        permanent_redirect_to=permanent,
        truncated=answer.truncated,
        elapsed=elapsed,
    )


def _request_headers(
    accept: str, user_agent: str, etag: str | None, last_modified: str | None
) -> dict[str, str]:
    headers = {
        "User-Agent": _validator(user_agent, 300) or DEFAULT_USER_AGENT,
        "Accept": accept,
        "Accept-Encoding": ACCEPT_ENCODING,
    }
    if etag and _validator(etag, 500):
        headers["If-None-Match"] = etag
    if last_modified and _validator(last_modified, 100):
        headers["If-Modified-Since"] = last_modified
    return headers


def _validator(value: str, longest: int) -> str:
    """`value` when it may be sent back in a header (printable ASCII, not overlong), else ""."""
    return value if len(value) <= longest and re.fullmatch(r"[\x20-\x7e]*", value) else ""


def _header_dict(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers with lower-case names; the first of a repeated header wins, except that codings add up."""
    headers: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        if key == "content-encoding" and key in headers:
            headers[key] += "," + text
        headers.setdefault(key, text)
    return headers


def _reason(error: Exception) -> str:
    text = str(error)
    if "proxy" in text:
        return text
    if "CERTIFICATE" in text.upper():
        return "its certificate is not valid"
    if "refused" in text.lower():
        return "it refuses connections"
    return "the connection could not be made"
