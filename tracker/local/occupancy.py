"""Who has the checkout's demo, and which port it gets."""

import errno
import socket
from types import TracebackType
from typing import Self

from tracker.local.errors import LocalStackError
from tracker.local.locks import Lock
from tracker.local.paths import Layout, current_layout, make_layout

_PORTS_TRIED = 50


class AlreadyRunning(LocalStackError):
    """Another process has the claim; `url` is where it serves, or empty when it has not said so yet."""

    exit_status = 3

    def __init__(self, name: str, url: str) -> None:
        super().__init__(
            f"The {name} of this checkout already runs{' at ' + url if url else ''}. Stop that one first."
        )
        self.url = url


class PortTaken(LocalStackError):
    """The port that was asked for is in use; `free` is the next one that is not."""

    exit_status = 2

    def __init__(self, host: str, port: int, free: int | None) -> None:
        offer = f" {free} is free: --port {free}." if free else ""
        super().__init__(f"Port {port} of {host} is in use.{offer}")
        self.port = port
        self.free = free


class Claim:
    """The right to run `name` in this checkout; the kernel gives it back when the process ends."""

    def __init__(self, name: str, layout: Layout | None = None) -> None:
        """Raises AlreadyRunning when another process has it."""
        layout = layout or current_layout()
        make_layout(layout)
        self._url = layout.run / f"{name}.url"
        self._lock = Lock(layout.run / f"{name}.lock")
        if not self._lock.try_lock(exclusive=True):
            self._lock.close()
            raise AlreadyRunning(name, self._read())
        self._url.unlink(missing_ok=True)  # left by one that died hard

    def announce(self, url: str) -> None:
        """Tell the next one where this one serves."""
        self._url.write_text(url)

    def close(self) -> None:
        """Give the claim back."""
        self._url.unlink(missing_ok=True)
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self) -> str:
        try:
            return self._url.read_text().strip()
        except OSError:
            return ""


def listen(port: int, *, explicit: bool, host: str = "127.0.0.1") -> socket.socket:
    """A listening socket on `port` of `host`, or on the next free port unless `port` was asked for by the user.

    The socket itself is handed to the server, so that no one can take the port in between.
    Raises PortTaken, or LocalStackError for a port or a host that cannot be used at all.
    """
    wanted = _try_listen(host, port)
    if wanted is not None:
        return wanted
    for other in range(port + 1, min(port + _PORTS_TRIED, 65536)):
        found = _try_listen(host, other)
        if found is None:
            continue
        if explicit:
            found.close()
            raise PortTaken(host, port, other)
        return found
    raise PortTaken(host, port, None)


def _try_listen(host: str, port: int) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise LocalStackError(f"Cannot listen on port {port} of {host}: {error.strerror}.") from error
    except OverflowError as error:
        listener.close()
        raise LocalStackError(f"{port} is not a port: 0 to 65535.") from error
    return listener
