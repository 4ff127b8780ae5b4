"""Servers that keep connections open, and a proxy, on the loopback interface."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class KeepingSite(ThreadingHTTPServer):
    """Answers every GET with `body` (304 to a request with an ETag) and keeps the connection.

    `clients` are the ports that requests came from: one for each connection. After `hang_up_after` requests on a
    connection it is closed without a word, as servers may.
    """

    daemon_threads = True

    def __init__(self, body: bytes = b"kept", hang_up_after: int = 0) -> None:
        self.body = body
        self.hang_up_after = hang_up_after
        self.clients: list[int] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: KeepingSite
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.clients.append(self.client_address[1])
        served = self.server.clients.count(self.client_address[1])
        is_known = bool(self.headers["If-None-Match"])
        self.send_response(304 if is_known else 200)
        self.send_header("ETag", '"v1"')
        if not is_known:
            self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        if not is_known:
            self.wfile.write(self.server.body)
        if served == self.server.hang_up_after:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def keeping_site(body: bytes = b"kept", hang_up_after: int = 0) -> Iterator[KeepingSite]:
    with KeepingSite(body, hang_up_after) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(5)


@dataclass
class ConnectProxy:
    """A proxy that knows CONNECT alone. `asked` are the heads of its requests; `status` is what it answers with."""

    address: str = ""
    status: str = "200 Connection established"
    asked: list[str] = field(default_factory=list)

    @property
    def targets(self) -> list[str]:
        return [head.split(" ")[1] for head in self.asked]


@contextmanager
def connect_proxy(status: str = "200 Connection established") -> Iterator[ConnectProxy]:
    proxy = ConnectProxy(status=status)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy.address = f"http://user:pass%20word@127.0.0.1:{listener.getsockname()[1]}"
        thread = threading.Thread(target=_accept, args=(proxy, listener), daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def _accept(proxy: ConnectProxy, listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_tunnel, args=(proxy, connection), daemon=True).start()


def _tunnel(proxy: ConnectProxy, connection: socket.socket) -> None:
    with connection, suppress(OSError):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += connection.recv(1)
        proxy.asked.append(head.decode("latin-1"))
        connection.sendall(f"HTTP/1.1 {proxy.status}\r\n\r\n".encode())
        if not proxy.status.startswith("2"):
            return
        host, _, port = proxy.targets[-1].rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port))) as site:
            ends = {connection: site, site: connection}
            while True:
                for one in select.select(list(ends), [], [], 30)[0]:
                    data = one.recv(65_536)
                    if not data:
                        return
                    ends[one].sendall(data)
