"""How the supervisor finds out that a service is ready."""

import http.client
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

_PROBE_SECONDS = 5.0


class Readiness(Protocol):
    """A question asked again and again until the answer is yes."""

    @property
    def seconds(self) -> float:
        """How long a service may take."""

    def check(self, lines: Sequence[str]) -> bool:
        """Whether the service is ready; `lines` is what it has logged since its start, the latest 500 at most."""


@dataclass(frozen=True)
class HttpReady:
    """Ready when a GET of `url` is answered below 500."""

    url: str
    seconds: float = 90.0

    def check(self, lines: Sequence[str]) -> bool:
        del lines
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port or 80, timeout=_PROBE_SECONDS
        )
        try:
            connection.request("GET", parts.path or "/")
            return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@dataclass(frozen=True)
class TcpReady:
    """Ready when `host`:`port` takes a connection."""

    host: str
    port: int
    seconds: float = 30.0

    def check(self, lines: Sequence[str]) -> bool:
        del lines
        try:
            with socket.create_connection((self.host, self.port), timeout=_PROBE_SECONDS):
                return True
        except OSError:
            return False


@dataclass(frozen=True)
class LogReady:
    """Ready when a line of the service's log matches the regular expression `pattern`."""

    pattern: str
    seconds: float = 90.0

    def check(self, lines: Sequence[str]) -> bool:
        return any(re.search(self.pattern, line) for line in lines)


@dataclass(frozen=True)
class AtOnce:
    """Ready as soon as it runs."""

    seconds: float = 5.0

    def check(self, lines: Sequence[str]) -> bool:
        del lines
        return True
