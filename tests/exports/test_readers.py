"""Readers who stop, over real sockets: gunicorn with one thread, which the next reader needs."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings
from django.db import connection

from events.models.access import ApiKey
from tests.bench import bulk
from tests.local.helpers import LIMIT, eventually
from tracker.local.services import gunicorn

EVENTS = 6_000
"""Some 20 MB: far more than the kernel takes in for a reader."""
pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


class Server:
    """A server of one thread, and a key that may export."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, key
        self.url = f"http://127.0.0.1:{port}"

    def begin(self) -> socket.socket:
        """A connection on which an export has begun to come in."""
        reader = socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT)
        request = (
            f"GET /api/v1/export/events.ndjson HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: {self.key}\r\n\r\n"
        )
        reader.sendall(request.encode())
        assert reader.recv(4096).startswith(b"HTTP/1.1 200")
        return reader

    def lines(self) -> int:
        """The lines of a whole export by another reader."""
        address = f"{self.url}/api/v1/export/events.ndjson"
        with httpx.stream("GET", address, headers={"X-API-Key": self.key}, timeout=LIMIT) as answer:
            return sum(1 for _ in answer.iter_lines())


@pytest.fixture
def server(transactional_db: None) -> Iterator[Server]:
    """gunicorn over the test's database, with a record that does not fit into a socket's buffers."""
    record = bulk.start(people=10)
    bulk.grow(record, EVENTS)
    _, key = ApiKey.issue(record.author, "exporter", ["export"])
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [
                "tests.exports.impatient:application" if part == "tracker.wsgi:application" else part
                for part in gunicorn(f"--bind=fd://{listener.fileno()}", "--workers=1", "--threads=1")
            ],
            pass_fds=[listener.fileno()],
            cwd=Path(__file__).resolve().parents[2],
            env=_environment(),
        )
        try:
            yield Server(port, key)
        finally:
            process.terminate()
            process.wait(LIMIT)


def _environment() -> dict[str, str]:
    """That of a server on the test's own database."""
    database = connection.settings_dict
    user, password, host = (quote(str(database[name]), safe="") for name in ("USER", "PASSWORD", "HOST"))
    port = f":{database['PORT']}" if database["PORT"] else ""
    return os.environ | {
        "DATABASE_URL": f"postgresql://{user}:{password}@{host}{port}/{database['NAME']}",
        "REDIS_URL": str(settings.CACHES["default"]["LOCATION"]),
        "SECRET_KEY": "x" * 50,
        "HTTPS": "0",
    }


def statements_running() -> int:
    """Statements and open transactions of others on the test's database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        return int(cursor.fetchone()[0])


def test_a_reader_who_goes_away_frees_the_worker_and_ends_the_query(server: Server) -> None:
    server.begin().close()

    assert server.lines() == EVENTS
    assert eventually(lambda: statements_running() == 0)


def test_a_reader_who_stops_reading_is_cut_off_and_holds_no_transaction(server: Server) -> None:
    with closing(server.begin()) as idle:
        assert eventually(lambda: statements_running() == 0)

        assert server.lines() == EVENTS
        received = sum(len(part) for part in iter(lambda: idle.recv(65536), b""))

    assert received < 10_000_000
