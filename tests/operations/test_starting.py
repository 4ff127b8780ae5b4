"""The commands of docker-compose.yml with its variables, against real servers, started in any order."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.local.conftest import public_directory, stack
from tests.local.helpers import Stack, finish, use
from tests.operations.composition import OURS, PRODUCTION, SERVICES, WORKERS, environment_of, here
from tracker.local.mailcatcher import free_port
from tracker.local.paths import CHECKOUT, addresses

__all__ = ["public_directory", "stack"]
pytestmark = [pytest.mark.services, pytest.mark.timeout(900)]
LIMIT = 240.0
"""Seconds after which a wait has failed: six processes start on whatever there is."""
PROCESSES = ("FETCH_PROCESSES", "EXTRACT_PROCESSES", "ALERTS_PROCESSES")
USES = """
import sys
from tracker.local import {what}
{what}()
print("using", flush=True)
sys.stdin.read()
"""


def eventually(question: Callable[[], bool]) -> bool:
    """Asks once a second, since asking takes processors, too; the last answer."""
    limit = time.monotonic() + LIMIT
    while not question():
        if time.monotonic() > limit:
            return False
        time.sleep(1)
    return True


@dataclass
class Host:
    """The services of one machine, without its containers: each in a process, with its own files."""

    stack: Stack
    folder: Path
    port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *services: str) -> None:
        """Starts services as compose would, without waiting for anything."""
        for name in services:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    self.localised(SERVICES[name]["command"], name),
                    cwd=CHECKOUT,
                    env=self.environment(name),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def environment(self, service: str) -> dict[str, str]:
        """Compose's variables, and where programs are; servers by the sockets on which they listen."""
        urls = addresses(self.stack.layout)
        given = environment_of(
            service,
            PRODUCTION
            # Not shorter: a tick that no worker begins before the next one is due is forgotten.
            | {"TICK_SECONDS": "10", "ALLOWED_HOSTS": "127.0.0.1", "POSTGRES_PASSWORD": ""}
            | {"DATABASE_URL": urls.database_url, "REDIS_URL": urls.redis_url},
        )
        if "ALIVE_FILE" in given:
            given["ALIVE_FILE"] = str(self.folder / f"{service}.alive")
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        return kept | given | {"HOME": "/nowhere", "TMPDIR": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}

    def localised(self, command: list[str], service: str) -> list[str]:
        """A container's command with this machine's addresses and files in place of the container's."""
        places = {
            "0.0.0.0:8000": f"127.0.0.1:{self.port}",
            "127.0.0.1:8000": f"127.0.0.1:{self.port}",
            "/var/lib/tracker": str(self.folder),
            "/tmp/alive": str(self.folder / f"{service}.alive"),
        }
        parts = here(command, dict.fromkeys(PROCESSES, "1"))
        for old, new in places.items():
            parts = [part.replace(old, new) for part in parts]
        return [part.replace("tracker/alive.py", str(CHECKOUT / "tracker" / "alive.py")) for part in parts]

    def is_healthy(self, service: str) -> bool:
        """What the container's health check says."""
        check = self.localised(SERVICES[service]["healthcheck"]["test"][1:], service)
        return subprocess.run(check, capture_output=True, check=False).returncode == 0

    def runs(self, service: str) -> bool:
        """Whether its process has not ended."""
        return self.running[service].poll() is None

    def migrated(self) -> bool:
        """Whether the migration step has ended well."""
        return self.running["migrate"].poll() == 0

    def does_work(self) -> bool:
        """Whether each worker has done what `give_work` left to do."""
        with psycopg.connect(addresses(self.stack.layout).database_url) as database:
            done = database.execute(
                "SELECT (SELECT last_polled_at IS NOT NULL FROM events_feed), "
                "(SELECT state <> 'fetched' FROM events_document), (SELECT attempts > 0 FROM events_mail)"
            ).fetchone()
        return done == (True, True, True)

    def words(self, service: str) -> str:
        """What it has written."""
        return (self.folder / f"{service}.log").read_text()

    def close(self) -> None:
        """Ends all of it."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture
def host(stack: Stack, tmp_path: Path) -> Iterator[Host]:
    host = Host(stack, tmp_path)
    yield host
    host.close()


@contextmanager
def server(stack: Stack, what: str) -> Iterator[None]:
    """PostgreSQL (`ensure_database`) or Redis (`ensure_redis`), up while the block runs."""
    user = use(stack, USES.format(what=what))
    try:
        yield
    finally:
        finish(user)


def give_work(stack: Stack) -> None:
    """Something for each worker, which no message tells of: a feed to poll, a document to read, a mail to send."""
    with psycopg.connect(addresses(stack.layout).database_url, autocommit=True) as database:
        database.execute(
            "INSERT INTO events_feed (url, title, language, kind, is_active, rhythm, state, error, etag, "
            "last_modified, failures) "
            "VALUES ('http://127.0.0.1:9/feed', '', '', 'unknown', true, '30 min', 'new', '', '', '', 0)"
        )
        database.execute(
            "INSERT INTO events_document (url, version, is_latest, title, authors, language, content_type, raw, "
            "raw_sha256, text, text_sha256, context, bands, signature, anchors, state, error, extractor_version, "
            "attempts, visits, published_offset) VALUES ('file:a', 1, true, '', '{}', 'en', 'text/plain', '', '', "
            "'Nothing.', '', '{}', '{}', '', '{}', 'fetched', '', '', 0, 0, 0)"
        )
        database.execute(
            "WITH reader AS (INSERT INTO events_subscriber (email, language, time_zone, token, new_email, "
            "new_email_token) VALUES ('a@example.org', 'en', 'UTC', 't', '', '') RETURNING id) "
            "INSERT INTO events_mail (subscriber_id, kind, message_id, data, state, attempts, error) "
            "SELECT id, 'confirmation', '<a@example.org>', '{}', 'pending', 0, '' FROM reader"
        )


def test_services_that_start_before_the_databases_go_to_work_once_those_are_there(host: Host) -> None:
    host.start(*OURS)
    assert eventually(lambda: "trying again" in host.words("migrate"))
    assert eventually(lambda: all("Trying again" in host.words(name) for name in WORKERS))
    assert not any(host.is_healthy(name) for name in (*WORKERS, "beat"))

    with server(host.stack, "ensure_database"), server(host.stack, "ensure_redis"):
        assert eventually(host.migrated), host.words("migrate")
        give_work(host.stack)

        assert eventually(lambda: all(host.is_healthy(name) for name in ("web", *WORKERS, "beat")))
        assert eventually(host.does_work)
        assert all(host.runs(name) for name in ("web", *WORKERS, "beat"))


def test_a_redis_that_comes_up_last_is_waited_for(host: Host) -> None:
    with server(host.stack, "ensure_database"):
        host.start("migrate")
        assert eventually(host.migrated), host.words("migrate")
        give_work(host.stack)
        host.start("beat", *reversed(WORKERS), "web")
        assert eventually(lambda: all("Trying again" in host.words(name) for name in (*WORKERS, "beat")))

        with server(host.stack, "ensure_redis"):
            assert eventually(host.does_work)
            assert eventually(lambda: all(host.is_healthy(name) for name in ("web", *WORKERS, "beat")))


def test_services_outlive_a_restart_of_both_databases(host: Host) -> None:
    with server(host.stack, "ensure_redis"), server(host.stack, "ensure_database"):
        host.start("migrate")
        assert eventually(host.migrated), host.words("migrate")
        host.start("web", *WORKERS, "beat")
        assert eventually(lambda: all(host.is_healthy(name) for name in ("web", *WORKERS, "beat")))
    assert host.stack.processes() == []

    with server(host.stack, "ensure_database"), server(host.stack, "ensure_redis"):
        give_work(host.stack)

        assert eventually(host.does_work)
        assert all(host.runs(name) for name in ("web", *WORKERS, "beat"))
        assert host.is_healthy("web")
