"""Settings for a pooler before PostgreSQL and for brokers other than Redis, each read by a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_SHOW = """
import json
from tracker import settings as s
database = s.DATABASES["default"]
print(json.dumps({
    "cursors": not database.get("DISABLE_SERVER_SIDE_CURSORS"), "options": database["OPTIONS"].get("options"),
    "broker": s.CELERY_BROKER_URL, "retry": s.CELERY_TASK_PUBLISH_RETRY, "transport": s.CELERY_BROKER_TRANSPORT_OPTIONS,
}))
"""
SERVERS = {
    "DATABASE_URL": "postgresql://tracker@db.example.org/tracker",
    "REDIS_URL": "redis://redis.example.org:6379/0",
    "SECRET_KEY": "x",
    "STATEMENT_SECONDS": "30",
}


def read(**variables: str) -> dict[str, Any]:
    """The settings with these variables."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("CELERY_", "DATABASE"))
    }
    done = subprocess.run(
        [sys.executable, "-c", _SHOW],
        cwd=ROOT,
        env={**clean, **SERVERS, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_without_a_pooler_cursors_live_on_the_server_and_the_session_has_its_limit() -> None:
    found = read()

    assert found["cursors"]
    assert found["options"] == "-c statement_timeout=30000"
    assert found["broker"] == SERVERS["REDIS_URL"]
    assert not found["retry"]


def test_behind_a_pooler_nothing_outlives_a_transaction() -> None:
    found = read(DATABASE_POOLED="1")

    assert not found["cursors"]
    assert found["options"] is None


def test_with_rabbitmq_a_broken_connection_is_made_anew() -> None:
    found = read(CELERY_BROKER_URL="amqp://tracker@rabbit.example.org//")

    assert found["broker"] == "amqp://tracker@rabbit.example.org//"
    assert found["retry"]
    assert found["transport"] == {}


def test_sentinels_are_asked_for_the_master_by_its_name() -> None:
    url = "sentinel://one.example.org:26379/0;sentinel://two.example.org:26379/0"

    assert read(CELERY_BROKER_URL=url)["transport"]["master_name"] == "tracker"
    assert read(CELERY_BROKER_URL=url, SENTINEL_MASTER="main")["transport"]["master_name"] == "main"
