"""Connections that the guard has checked and that end at a deadline.

httpcore asks a network backend for its sockets. This one resolves a name once, lets the guard judge every
address, and connects to the checked address by number, straight or through the operator's proxy; httpcore still
sends the name in `Host` and in the TLS server name, so certificates are verified against the name as ever.
"""

from __future__ import annotations

import ssl
import time
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore

from events.net.guard import Guard

_MAX_PROXY_ANSWER = 16_384
_IDLE_CONNECTIONS = 8
_IDLE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Proxy:
    """The outbound proxy: it is asked to CONNECT to checked addresses, never to names, which it would resolve anew.

    `authorization` is the value of Proxy-Authorization, or "". The operator chose it, so that its own address may
    be private.
    """

    host: str
    port: int
    is_tls: bool = False
    authorization: str = ""

    @classmethod
    def parse(cls, url: str) -> Proxy | None:
        """The proxy of "http://host:3128" or "https://user:password@host"; None for "". Raises ValueError."""
        if not url.strip():
            return None
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError("the proxy must be an address such as http://proxy.example.com:3128")
        login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        return cls(
            parts.hostname,
            parts.port or (443 if parts.scheme == "https" else 80),
            parts.scheme == "https",
            "Basic " + b64encode(login.encode()).decode() if parts.username else "",
        )


class Deadline:
    """When the present request ends, of `time.monotonic`; a connection outlives requests, so it asks here."""

    def __init__(self) -> None:
        self.end = 0.0

    def set(self, seconds: float) -> None:
        """The request ends in so many seconds."""
        self.end = time.monotonic() + seconds

    def left(self, timeout: float | None, error: type[httpcore.TimeoutException]) -> float:
        """Seconds left, at most `timeout`; raises `error` when there are none."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise error("the request took longer than its total time")
        return left if timeout is None else min(left, timeout)


class DeadlineStream(httpcore.NetworkStream):
    """A stream whose every read and write ends at the deadline, however slowly bytes drip."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return DeadlineStream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses only; each connection is checked anew. `connections` counts those made."""

    def __init__(self, guard: Guard, deadline: Deadline, proxy: Proxy | None = None) -> None:
        self._guard = guard
        self._deadline = deadline
        self._proxy = proxy
        self._sockets = httpcore.SyncBackend()
        self.connections = 0

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first of `host`'s checked addresses that answers.

        Raises FetchRefused and Unreachable of the guard, and httpcore's connection errors.
        """
        self.connections += 1
        error: Exception = httpcore.ConnectError("no address")
        for address in self._guard.addresses(host, port, self._left(timeout)):
            try:
                stream = self._connect(address, port, timeout)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
            else:
                return DeadlineStream(stream, self._deadline)
        raise error

    def _connect(self, address: str, port: int, timeout: float | None) -> httpcore.NetworkStream:
        proxy = self._proxy
        if proxy is None:
            return self._sockets.connect_tcp(address, port, self._left(timeout))
        plain = self._sockets.connect_tcp(proxy.host, proxy.port, self._left(timeout))
        stream: httpcore.NetworkStream = DeadlineStream(plain, self._deadline)
        try:
            if proxy.is_tls:
                stream = stream.start_tls(tls_context(), proxy.host, self._left(timeout))
            _ask_for_tunnel(stream, address, port, proxy.authorization, self._left(timeout))
        except (httpcore.ReadError, httpcore.WriteError) as error:
            stream.close()
            raise httpcore.ConnectError("the proxy closed the connection") from error
        except (httpcore.ReadTimeout, httpcore.WriteTimeout) as error:
            stream.close()
            raise httpcore.ConnectTimeout("the proxy did not answer in time") from error
        except BaseException:
            stream.close()
            raise
        return stream

    def _left(self, timeout: float | None) -> float:
        return self._deadline.left(timeout, httpcore.ConnectTimeout)


def _ask_for_tunnel(
    stream: httpcore.NetworkStream, address: str, port: int, authorization: str, timeout: float
) -> None:
    """CONNECT (RFC 9110, 9.3.6) to a numeric address; raises httpcore.ConnectError when the proxy says no."""
    target = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    login = f"Proxy-Authorization: {authorization}\r\n" if authorization else ""
    stream.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n".encode("ascii"), timeout)
    answer = b""
    # A byte at a time: what follows the head already belongs to the site's own connection.
    while not answer.endswith(b"\r\n\r\n"):
        piece = stream.read(1, timeout)
        if not piece or len(answer) > _MAX_PROXY_ANSWER:
            raise httpcore.ConnectError("the proxy's answer is not valid HTTP")
        answer += piece
    words = answer.split(b"\r\n", 1)[0].split(b" ", 2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].startswith(b"2"):
        said = words[1][:3].decode("ascii", "replace") if len(words) > 1 else "nothing"
        raise httpcore.ConnectError(f"the proxy refuses the connection ({said})")


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """The verifying TLS context, made once: loading the root certificates costs more than a small request."""
    return httpcore.default_ssl_context()


class Session:
    """Connections that stay open between requests, of one thread; each was checked by the guard when it was made.

    A connection goes to the address that was checked for as long as it lives, whatever its name resolves to later.
    """

    def __init__(self, guard: Guard, proxy: Proxy | None = None) -> None:
        self.guard = guard
        self.deadline = Deadline()
        self._backend = GuardedBackend(guard, self.deadline, proxy)
        self.pool = httpcore.ConnectionPool(
            ssl_context=tls_context(),
            network_backend=self._backend,
            max_connections=_IDLE_CONNECTIONS,
            keepalive_expiry=_IDLE_SECONDS,
        )

    @property
    def connections(self) -> int:
        """How many connections were made so far."""
        return self._backend.connections

    def close(self) -> None:
        """Closes all connections."""
        self.pool.close()
