"""`manage.py doctor` says what is broken, what it means and what to do: each situation is a real one."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from events.choices import FeedState, MailKind
from events.models.alerts import Mail, Subscriber
from events.models.sources import Document, Feed
from events.record import publishing
from tests import scenes
from tests.local.helpers import Stack, finish, use
from tests.seeing.world import World, manage, wait_for
from tracker.local.mailcatcher import free_port
from tracker.local.paths import CHECKOUT, addresses
from tracker.local.readiness import LogReady
from tracker.local.redis_server import program
from tracker.local.supervisor import Service, Supervisor
from tracker.seeing.examining import Finding, Level, servers, surroundings, work

KEY = "only-for-this-test-" + "x" * 40


@contextmanager
def own_redis(*options: str) -> Iterator[int]:
    """A real Redis on a port; stopped at the end."""
    port = free_port()
    argv = [str(program()), "--port", str(port), "--bind", "127.0.0.1", "--save", "", *options]
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL)

    def answers() -> bool:
        with suppress(redis.RedisError):
            return bool(redis.Redis(port=port, socket_timeout=2).ping())
        return False

    try:
        wait_for("Redis", answers)
        yield port
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def deployment(own_stack: Stack) -> Iterator[dict[str, str]]:
    """The environment of a deployment whose PostgreSQL is real and whose mail server takes us."""
    user = use(own_stack)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield own_stack.environment(
            SECRET_KEY=KEY,
            DATABASE_URL=addresses(own_stack.layout).database_url,
            SILENT=str(silent.getsockname()[1]),
            SITE_URL="https://tracker.example.net",
            ALLOWED_HOSTS="tracker.example.net",
            TRUST_PROXY="1",
            DEFAULT_FROM_EMAIL="alerts@tracker.example.net",
        )
    finish(user)


def told(run: subprocess.CompletedProcess[str]) -> dict[str, list[dict[str, Any]]]:
    """What the doctor found, by check, from `--json`."""
    found: dict[str, list[dict[str, Any]]] = {}
    for finding in json.loads(run.stdout)["findings"]:
        found.setdefault(finding["check"], []).append(finding)
    return found


def problems(findings: list[Finding]) -> list[str]:
    """What is said of problems; each also says what it means and what to do."""
    bad = [finding for finding in findings if finding.level is Level.PROBLEM]
    assert all(finding.means and finding.do for finding in bad)
    return [finding.says for finding in bad]


@pytest.mark.services
def test_a_service_that_works_is_well(news: World) -> None:
    run = news.manage("doctor")

    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.endswith("All is well.\n")
    for check in ("database", "migrations", "ledger", "redis", "workers", "beat", "queues", "mail server"):
        assert f"ok {check}: " in run.stdout


@pytest.mark.services
def test_a_stopped_redis_a_refusing_mail_server_and_a_bare_database(
    own_stack: Stack, deployment: dict[str, str]
) -> None:
    with own_redis() as port:
        pass  # it ran, and was stopped
    with psycopg.connect(deployment["DATABASE_URL"], autocommit=True) as server:
        server.execute("CREATE DATABASE bare")
    env = deployment | {
        "DATABASE_URL": deployment["DATABASE_URL"].rpartition("/")[0] + "/bare",
        "REDIS_URL": f"redis://:secret-of-redis@127.0.0.1:{port}/0",
        "EMAIL_PORT": str(free_port()),
        "ALLOWED_HOSTS": "other.example.net",
    }

    run = manage("doctor", "--json", env=env)

    found = told(run)
    assert run.returncode == 1
    assert "does not answer" in found["redis"][0]["says"]
    assert found["workers"][0]["level"] == "skipped"
    assert "lacks migrations" in found["migrations"][0]["says"]
    assert "manage.py migrate" in found["migrations"][0]["do"]
    assert found["ledger"][0]["level"] == "skipped"
    assert "Connection refused" in found["mail server"][0]["says"]
    assert "ALLOWED_HOSTS" in found["settings"][0]["says"]
    assert "secret-of-redis" not in run.stdout + run.stderr


@pytest.mark.services
def test_servers_that_hang_hang_nothing(deployment: dict[str, str]) -> None:
    """PostgreSQL and the mail server take connections and say nothing; Redis throws keys away, and nobody works."""
    silent = deployment["SILENT"]
    with own_redis("--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru") as port:
        env = deployment | {
            "DATABASE_URL": f"postgresql://tracker:secret-of-postgres@127.0.0.1:{silent}/tracker",
            "REDIS_URL": f"redis://127.0.0.1:{port}/0",
            "EMAIL_PORT": silent,
        }
        run = manage("doctor", env=env)

    assert run.returncode == 1
    assert "XX database: PostgreSQL does not answer" in run.stdout
    assert "XX mail server: The mail server 127.0.0.1" in run.stdout
    assert "XX redis: Redis throws keys away when it is full (maxmemory-policy allkeys-lru)." in run.stdout
    assert "XX workers: No worker answers" in run.stdout
    assert "XX beat: The clock (beat) has not ticked" in run.stdout
    assert "To do: " in run.stdout
    assert "secret-of-postgres" not in run.stdout + run.stderr


@pytest.mark.services
def test_a_queue_that_nobody_reads_is_named(deployment: dict[str, str], tmp_path: Path) -> None:
    with own_redis() as port:
        env = deployment | {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        argv = [sys.executable, "-m", "celery", "--quiet", "-A", "tracker", "worker", "--concurrency=1"]
        one = Service(
            "worker",
            [*argv, "--queues=fetch,default", "--hostname=fetch@%h"],
            env=env,
            cwd=CHECKOUT,
            ready=LogReady(r"fetch@\S+ ready\."),
        )
        with Supervisor([one], log_directory=tmp_path, echo=False):
            run = manage("doctor", "--json", env=env)

    says = [finding["says"] for finding in told(run)["workers"]]
    assert says == ["No worker reads the queue extract.", "No worker reads the queue alerts."]
    assert run.returncode == 1


@pytest.mark.django_db
def test_work_that_is_late_is_named() -> None:
    hours_ago = timezone.now() - timedelta(hours=3)
    Feed.objects.create(url="https://news.example.org/late", next_poll_at=hours_ago)
    Document.objects.create(
        url="https://news.example.org/1", raw=b"", raw_sha256="0", text_sha256="0", fetched_at=hours_ago
    )
    reader = Subscriber.objects.create(email="reader@example.org")
    Mail.objects.create(
        subscriber=reader,
        kind=MailKind.ACCESS.value,
        message_id="<1@example.org>",
        next_attempt_at=hours_ago,
    )

    with connection.cursor() as cursor:
        said = problems(work.examine_work(cursor))

    assert said == [
        "1 feed is due and not polled, the longest for 3 hours.",
        "1 document waits to be read, the oldest for 3 hours.",
        "1 mail waits in the outbox, the longest due for 3 hours.",
    ]


@pytest.mark.django_db
def test_feeds_that_fail_and_mails_that_are_refused_are_named_without_secrets() -> None:
    later = timezone.now() + timedelta(hours=1)
    Feed.objects.create(
        url="https://news.example.org/feed?token=secret-of-a-feed",
        state=FeedState.FAILING.value,
        failures=7,
        error="The site answered 403.",
        next_poll_at=later,
    )
    reader = Subscriber.objects.create(email="reader@example.org")
    Mail.objects.create(
        subscriber=reader,
        kind=MailKind.ACCESS.value,
        message_id="<1@example.org>",
        next_attempt_at=later,
        attempts=3,
        error="450 <reader@example.org>: greylisted",
    )

    with connection.cursor() as cursor:
        feeds, outbox = work.examine_work(cursor)

    assert (feeds.level, outbox.level) == (Level.WARNING, Level.WARNING)
    assert "news.example.org/feed" in feeds.says
    assert "The site answered 403" in feeds.says
    assert "secret-of-a-feed" not in feeds.says
    assert "greylisted" in outbox.says
    assert "reader@" not in outbox.says


@pytest.mark.django_db
def test_a_changed_revision_is_found_at_the_ledgers_end() -> None:
    parent = scenes.company()
    cloud = scenes.unit("Northlake Cloud", parent)
    scenes.ladder(parent)
    source = scenes.document(scenes.DEMOTION_TEXT)
    draft = scenes.demotion(scenes.executive(), cloud, source)
    publishing.publish(draft, scenes.curator(), scenes.curator(), "seen in the notice")
    with connection.cursor() as cursor:
        whole = servers.examine_ledger(cursor)
        cursor.execute("SET LOCAL session_replication_role = replica")  # triggers rest
        cursor.execute("UPDATE events_revision SET reason = 'another'")
        changed = problems(servers.examine_ledger(cursor))

    assert [finding.level for finding in whole] == [Level.FINE]
    assert changed == ["The ledger does not hold: revision 1 was changed after it was written."]


@pytest.mark.parametrize(
    ("behind", "level"), [(0.0, Level.FINE), (10.0, Level.WARNING), (120.0, Level.PROBLEM)]
)
@pytest.mark.django_db
def test_clocks_that_are_apart_are_told(behind: float, level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's clock is put back for the one question."""
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - behind)

    with connection.cursor() as cursor:
        [finding] = surroundings.examine_clock(cursor)

    assert finding.level is level


@pytest.mark.parametrize(
    ("days", "says", "level"),
    [
        (None, "There is no backup.", Level.PROBLEM),
        (0.2, "The last backup was made 4 hours ago.", Level.FINE),
        (5.0, "The last backup was made 5 days ago.", Level.WARNING),
    ],
)
def test_the_age_of_the_last_backup_is_told(
    settings: Settings, tmp_path: Path, days: float | None, says: str, level: Level
) -> None:
    settings.BACKUP_DIRECTORY = str(tmp_path)
    (tmp_path / "empty").touch()
    if days is not None:
        for name, age in (("last", days), ("before", days + 1)):
            (tmp_path / name).write_bytes(b"x")
            made = time.time() - age * 86_400 - 60
            os.utime(tmp_path / name, (made, made))

    [finding] = surroundings.examine_backups()

    assert (finding.says, finding.level) == (says, level)


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("DEBUG", True, "DEBUG is on"),
        ("SECRET_KEY", "short", "SECRET_KEY has 5 characters"),
        ("HTTPS", False, "HTTPS is off"),
        ("SECURE_PROXY_SSL_HEADER", None, "TRUST_PROXY is off"),
        ("DEFAULT_FROM_EMAIL", "a@example.org", "DEFAULT_FROM_EMAIL"),
        ("ALLOWED_HOSTS", ["other.example.net"], "ALLOWED_HOSTS does not hold"),
        ("METRICS_ALLOWED", ["nonsense"], "neither an address nor a network"),
    ],
)
def test_settings_that_do_not_fit_are_named(settings: Settings, name: str, value: Any, word: str) -> None:
    settings.EMBEDDED, settings.DEBUG, settings.HTTPS = False, False, True
    settings.SECRET_KEY, settings.SITE_URL = KEY, "https://tracker.example.net"
    settings.ALLOWED_HOSTS = ["tracker.example.net"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.DEFAULT_FROM_EMAIL = "alerts@tracker.example.net"
    before = [finding.says for finding in surroundings.examine_settings()]

    setattr(settings, name, value)

    said = [finding.says for finding in surroundings.examine_settings() if finding.says not in before]
    assert [word in says for says in said] == [True], said
