"""Web sites on the loopback interface that behave, and that misbehave in every way that tests ask for."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Reply = Callable[["Request", socket.socket], None]


@dataclass(frozen=True)
class Request:
    """A request as it came; header names in lower case."""

    path: str
    headers: dict[str, str]


@dataclass
class Site:
    """A server that speaks raw bytes: `pages` maps a path to what answers; `requests` is what was asked."""

    address: str = ""
    pages: dict[str, Reply] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        return f"http://{self.address}{path}"

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def serve(
        self, path: str, body: bytes, content_type: str = "application/rss+xml", **headers: str
    ) -> None:
        self.pages[path] = answer(body, content_type=content_type, **headers)


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> Reply:
    """Answers with these bytes; header names with underscores for hyphens. `content_length` may lie."""

    def reply(request: Request, connection: socket.socket) -> None:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        fields.setdefault("content-length", str(len(body)))
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        connection.sendall(f"HTTP/1.1 {status}\r\n{head}connection: close\r\n\r\n".encode("latin-1") + body)

    return reply


def redirect(location: str, status: str = "302 Found") -> Reply:
    return answer(status=status, location=location)


def conditional(body: bytes, etag: str) -> Reply:
    """A well-kept page: 304 for a request that has its ETag."""

    def reply(request: Request, connection: socket.socket) -> None:
        same = request.headers.get("if-none-match") == etag
        page = answer(status="304 Not Modified", etag=etag) if same else answer(body, etag=etag)
        page(request, connection)

    return reply


def raw(*pieces: bytes) -> Reply:
    """Sends these bytes as they are and closes."""

    def reply(request: Request, connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return reply


def dripping(site: Site, head: bytes, piece: bytes) -> Reply:
    """Sends `piece` again and again, twenty times a second, for ever."""

    def reply(request: Request, connection: socket.socket) -> None:
        connection.sendall(head)
        while not site.closing.wait(0.05):
            connection.sendall(piece)

    return reply


def silent(site: Site) -> Reply:
    """Takes the request and never answers."""

    def reply(request: Request, connection: socket.socket) -> None:
        site.closing.wait(60)

    return reply


@contextmanager
def running_site() -> Iterator[Site]:
    """A site on a free port of 127.0.0.1, stopped at the end with every connection it has."""
    site = Site()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site.address = f"127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=_accept, args=(site, listener), daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.closing.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _accept(site: Site, listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_talk, args=(site, connection), daemon=True).start()


def _talk(site: Site, connection: socket.socket) -> None:
    with connection, suppress(OSError):
        request = _read(connection)
        site.requests.append(request)
        reply = site.pages.get(
            request.path.partition("?")[0], answer(b"no such page", status="404 Not Found")
        )
        reply(request, connection)


def _read(connection: socket.socket) -> Request:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            raise OSError("closed")
        data += piece
    first, *lines = data.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    fields = (line.partition(":") for line in lines)
    return Request(first.split(" ")[1], {name.lower(): value.strip() for name, _, value in fields})
