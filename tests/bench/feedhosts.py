"""Many sites of one process, for the benchmark of polling: each port is a host, each path a feed that never changes.

    python -m tests.bench.feedhosts HOSTS

prints the ports as a JSON array and serves until its end. A request with an ETag is answered with 304, one without by
an RSS feed whose entries are named after the path. `/requests` says how many requests for feeds there were so far.
"""

from __future__ import annotations

import asyncio
import json
import sys

ENTRIES = 5
ETAG = '"v1"'


def entry_ids(path: str) -> list[str]:
    """The identifiers of a feed's entries."""
    return [f"{path}#{number}" for number in range(ENTRIES)]


def feed(path: str) -> bytes:
    """The feed at a path."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>Entry {guid}</title>"
        f"<pubDate>Mon, 17 Nov 2025 {8 + number:02}:00:00 +0000</pubDate>"
        f"<description>What the Harbour Ledger says of {guid}</description></item>"
        for number, guid in enumerate(entry_ids(path))
    )
    head = (
        f"<title>Feed {path}</title><link>https://news.example.com/</link><description>Measured</description>"
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


class _Count:
    """Requests for feeds so far."""

    requests = 0


class _Connection(asyncio.Protocol):
    transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.data = b""

    def data_received(self, data: bytes) -> None:
        self.data += data
        while b"\r\n\r\n" in self.data:
            head, _, self.data = self.data.partition(b"\r\n\r\n")
            self.transport.write(_answer(head))


def _answer(head: bytes) -> bytes:
    path = head.split(b" ", 2)[1]
    if path == b"/requests":
        body = str(_Count.requests).encode()
        return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    if path.endswith(b".xml"):
        _Count.requests += 1
    if b"if-none-match:" in head.lower():
        return f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\n\r\n".encode()
    body = feed(path.decode())
    fields = f"Content-Type: application/rss+xml\r\nETag: {ETAG}\r\nContent-Length: {len(body)}\r\n"
    return f"HTTP/1.1 200 OK\r\n{fields}\r\n".encode() + body


async def _serve(hosts: int) -> None:
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(_Connection, "127.0.0.1", 0) for _ in range(hosts)]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
