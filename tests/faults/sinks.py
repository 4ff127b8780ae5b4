"""What stands around a deployment: the news site, a mail server and a webhook's receiver. No fault befalls them.

What they were asked and what they took is what the auditor holds against the database.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.faults.engines import LOOPBACK, free_port
from tests.faults.news import Newsstand


@dataclass
class Mailbox:
    """Every message that was accepted: (recipient, Message-ID), in order."""

    messages: list[tuple[str, str]] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Takes a message."""
        content = envelope.content or b""
        message = message_from_bytes(
            content if isinstance(content, bytes) else content.encode(), policy=policy.default
        )
        self.messages.append((envelope.rcpt_tos[0], str(message["Message-ID"])))
        return "250 2.0.0 OK"


@contextmanager
def mailbox(host: str = LOOPBACK) -> Iterator[tuple[Mailbox, int]]:
    """A mail server that takes everything, and its port."""
    box = Mailbox()
    controller = Controller(box, hostname=host, port=free_port(host))
    controller.start()
    try:
        yield box, controller.port
    finally:
        controller.stop()


@dataclass
class Receiver:
    """Every webhook message that was taken: (webhook-id, the revision's sequence number), in order."""

    messages: list[tuple[str, int]] = field(default_factory=list)


class _Site(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    stand: Newsstand
    receiver: Receiver
    address: str

    def handle_error(self, request: Any, client_address: Any) -> None:
        # Whoever asked was killed, as is the point of a run.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Site
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        found = self.server.stand.answer(self.path, self.server.address)
        if found is None:
            self._send(404, "text/plain", b"no such page")
        else:
            self._send(200, *found)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.receiver.messages.append(
            (self.headers["webhook-id"], int(json.loads(body)["data"]["sequence"]))
        )
        self._send(204, "text/plain", b"")

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def site(stand: Newsstand, host: str = LOOPBACK) -> Iterator[tuple[str, Receiver]]:
    """The news site, which takes the webhook's messages, too; gives host:port."""
    server = _Site((host, 0), _Handler)
    server.stand, server.receiver = stand, Receiver()
    place = f"{host}:{server.server_port}"
    server.address = f"http://{place}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield place, server.receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
