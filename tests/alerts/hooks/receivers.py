"""Receivers of webhooks on the loopback interface: real HTTP servers that answer as tests ask them to."""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks.webhooks import Webhook as Verifier


@dataclass(frozen=True)
class Received:
    """A request as it came; header names in lower case."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> dict[str, Any]:
        """The message, once its signature holds. Raises WebhookVerificationError."""
        found: dict[str, Any] = Verifier(secret).verify(self.body, self.headers)
        return found


Reply = Callable[[Received, socket.socket], None]


@dataclass
class Receiver:
    """A server that keeps what it gets. `replies` are its next answers; without one it takes the message."""

    address: str = ""
    received: list[Received] = field(default_factory=list)
    replies: deque[Reply] = field(default_factory=deque)
    closing: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://{self.address}/in"

    @property
    def ids(self) -> list[str]:
        return [received.id for received in self.received]

    def told(self, secret: str) -> list[int]:
        """The sequence numbers of the messages that came, signed by the secret."""
        return [received.verified(secret)["data"]["sequence"] for received in self.received]


def answer(status: str = "200 OK", body: bytes = b"", **headers: str) -> Reply:
    """An answer; header names with underscores for hyphens."""

    def reply(request: Received, connection: socket.socket) -> None:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        fields.setdefault("content-length", str(len(body)))
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        connection.sendall(f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body)

    return reply


def slow(receiver: Receiver, seconds: float, then: Reply) -> Reply:
    """The same answer after a while."""

    def reply(request: Received, connection: socket.socket) -> None:
        if not receiver.closing.wait(seconds):
            then(request, connection)

    return reply


def silent(receiver: Receiver) -> Reply:
    """Takes the request and never answers."""
    return slow(receiver, 60, answer())


def dripping(receiver: Receiver, head: bytes, piece: bytes) -> Reply:
    """Sends `piece` again and again, twenty times a second, for ever."""

    def reply(request: Received, connection: socket.socket) -> None:
        connection.sendall(head)
        while not receiver.closing.wait(0.05):
            connection.sendall(piece)

    return reply


def closing(request: Received, connection: socket.socket) -> None:
    """Closes the connection without a word."""
    connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    """A receiver on a free port of 127.0.0.1, stopped at the end with every connection it has."""
    receiver = Receiver()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        receiver.address = f"127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=_accept, args=(receiver, listener), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.closing.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _accept(receiver: Receiver, listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        receiver.connections += 1
        threading.Thread(target=_talk, args=(receiver, connection), daemon=True).start()


def _talk(receiver: Receiver, connection: socket.socket) -> None:
    with connection, suppress(OSError), connection.makefile("rb") as stream:
        while first := stream.readline().decode("latin-1").split():
            headers = {}
            while line := stream.readline().decode("latin-1").strip():
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            body = stream.read(int(headers.get("content-length", "0"))).decode()
            request = Received(first[1], headers, body)
            reply = receiver.replies.popleft() if receiver.replies else answer()
            receiver.received.append(request)
            receiver.arrived.release()
            reply(request, connection)
