"""Probes: alive, ready, and figures for those who may see them, whatever else is broken."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from celery import current_app
from django.db import connection, connections
from django.test import Client
from pytest_django import Settings

from tracker.local.mailcatcher import free_port
from tracker.seeing import broker

OPERATOR = {"Authorization": "Bearer metrics-token-of-this-test"}


@pytest.fixture(autouse=True)
def _token(settings: Settings) -> None:
    settings.METRICS_TOKEN = OPERATOR["Authorization"].removeprefix("Bearer ")


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes connections and never says a word, as one that is paused."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def redis_at(settings: Settings) -> Iterator[None]:
    """Lets a test choose another Redis, and the next one the usual."""
    broker.client.cache_clear()
    yield
    broker.client.cache_clear()


def ready(client: Client, **headers: str) -> tuple[int, dict[str, bool]]:
    """Status of /readyz, and which parts are ready."""
    answer = client.get("/readyz", headers=headers)
    return answer.status_code, {name: part["ready"] for name, part in answer.json()["parts"].items()}


def test_alive_asks_no_database() -> None:
    """pytest-django lets no statement through in a test without its mark."""
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_probes_come_by_plain_http_and_any_host_name(settings: Settings, path: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["tracker.example.org"]

    answer = Client().get(path, HTTP_HOST="10.1.2.3:8000")

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_are_only_read(path: str) -> None:
    assert Client().post(path, headers=OPERATOR).status_code == 405


@pytest.mark.django_db
def test_a_whole_service_is_ready() -> None:
    status, parts = ready(Client())

    assert status == 200
    assert parts == {"database": True, "migrations": True, "broker": True, "queues": True}


@pytest.mark.django_db
def test_a_database_that_refuses_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections["default"].settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connections["default"].settings_dict, "PORT", str(free_port()))

    status, parts = ready(Client())

    assert status == 503
    assert parts == {"database": False, "broker": True, "queues": True}


@pytest.mark.django_db
def test_a_database_that_hangs_does_not_hang_the_probe(silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections["default"].settings_dict, "HOST", "127.0.0.1")
    monkeypatch.setitem(connections["default"].settings_dict, "PORT", str(silent))

    status, parts = ready(Client())

    assert (status, parts["database"]) == (503, False)


@pytest.mark.django_db
def test_a_broker_that_refuses_is_not_ready(settings: Settings, redis_at: None) -> None:
    settings.REDIS_URL = settings.CELERY_BROKER_URL = f"redis://:secret-of-redis@127.0.0.1:{free_port()}/0"

    answer = Client().get("/readyz", headers=OPERATOR)

    assert answer.status_code == 503
    assert answer.json()["parts"]["broker"]["ready"] is False
    assert "secret-of-redis" not in answer.content.decode()


@pytest.mark.django_db
def test_a_broker_that_hangs_does_not_hang_the_probe(silent: int, settings: Settings, redis_at: None) -> None:
    settings.REDIS_URL = settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{silent}/0"

    status, parts = ready(Client())

    assert (status, parts["broker"]) == (503, False)


def test_a_missing_migration_is_not_ready_and_named_to_operators_only(transactional_db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations WHERE app = 'events')"
            " RETURNING app, name, applied"
        )
        row = cursor.fetchone()
    try:
        answer = Client().get("/readyz")
        told = Client().get("/readyz", headers=OPERATOR)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", row)

    assert answer.status_code == 503
    assert answer.json()["parts"]["migrations"] == {"ready": False}
    assert told.json()["parts"]["migrations"]["detail"] == f"not applied: events.{row[1]}"


@pytest.mark.django_db
def test_work_that_waits_too_long_is_not_ready(settings: Settings, clean_cache: None) -> None:
    """Nobody reads the queue; the message is a real one, written an hour ago."""
    settings.READY_QUEUE_SECONDS = 900
    hour_ago = time.time() - 3600
    current_app.send_task("events.tasks.send_due_mail", headers={broker.SENT_AT: hour_ago})
    current_app.send_task("events.tasks.send_due_mail")

    status, parts = ready(Client())
    told = Client().get("/readyz", headers=OPERATOR).json()["parts"]["queues"]["detail"]
    settings.READY_QUEUE_SECONDS = 0
    without_limit, _ = ready(Client())

    assert (status, parts["queues"]) == (503, False)
    assert told.startswith("alerts: 2 waiting, the oldest for 36")
    assert without_limit == 200


def test_without_a_setting_there_are_no_figures(settings: Settings) -> None:
    settings.METRICS_TOKEN = ""

    assert Client().get("/metrics").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer metrics-token-of-this-tesu"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic metrics-token-of-this-test"},
        {"Authorization": "Bearer métrics"},
    ],
)
def test_without_the_token_figures_are_refused(headers: dict[str, str]) -> None:
    assert Client().get("/metrics", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("address", "headers", "seen"),
    [
        ("10.20.1.9", {}, True),
        ("::ffff:10.20.1.9", {}, True),
        ("10.21.0.1", {}, False),
        ("not an address", {}, False),
        # What a proxy hands on comes from the proxy's address, whoever asks.
        ("10.20.1.9", {"X-Forwarded-For": "203.0.113.5"}, False),
        ("10.20.1.9", {"Forwarded": "for=203.0.113.5"}, False),
    ],
)
@pytest.mark.django_db
def test_figures_are_shown_to_networks_that_ask_without_a_proxy(
    settings: Settings, address: str, headers: dict[str, str], seen: bool
) -> None:
    settings.METRICS_TOKEN, settings.METRICS_ALLOWED = "", ["10.20.0.0/16"]

    answer = Client().get("/metrics", headers=headers, REMOTE_ADDR=address)

    assert answer.status_code == (200 if seen else 403)


@pytest.mark.django_db
def test_what_is_not_ready_is_told_to_everybody_without_details() -> None:
    answer = Client().get("/readyz")

    assert set(answer.json()) == {"ready", "parts"}
    assert all(set(part) == {"ready"} for part in answer.json()["parts"].values())


@pytest.mark.django_db
def test_figures_of_a_server_that_is_away_are_left_out(settings: Settings, redis_at: None) -> None:
    settings.REDIS_URL = settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"

    text = Client().get("/metrics", headers=OPERATOR).content.decode()

    assert 'tracker_up{part="broker"} 0.0' in text
    assert 'tracker_up{part="database"} 1.0' in text
    assert "tracker_queue_messages" not in text
    assert "tracker_ledger_sequence" in text
