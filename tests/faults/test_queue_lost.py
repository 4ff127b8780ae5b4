"""Redis carries messages only: it may be emptied, and the clock may run twice, without an alert lost or doubled."""

from __future__ import annotations

import dataclasses
import os
import time
from collections import Counter
from pathlib import Path

import pytest
import redis
from django.core.cache import cache

from events.models.alerts import Mail
from tests.acceptance.conftest import Service, database_url_of_test, wait_for
from tests.alerts.helpers import follow, story, subscriber
from tracker import local
from tracker.local.mailcatcher import catching
from tracker.local.services import beat, worker
from tracker.local.supervisor import Supervisor

READERS = 12


@pytest.mark.django_db(transaction=True)
def test_redis_is_emptied_and_beat_runs_twice(tmp_path: Path) -> None:
    cache.clear()
    address = os.environ.get("REDIS_URL") or local.ensure_redis()
    mail_folder = tmp_path / "mail"
    with catching(mail_folder) as port:
        env = {
            "DATABASE_URL": database_url_of_test(),
            "REDIS_URL": address,
            "SECRET_KEY": "faults",
            "HTTPS": "0",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(port),
            "TICK_SECONDS": "1",
        }
        clocks = [dataclasses.replace(beat(tmp_path / name), name=name) for name in ("beat", "another")]
        running = [dataclasses.replace(one, env=env) for one in (worker(), *clocks)]
        queue = redis.Redis.from_url(address)
        # Before anyone works: who begins to follow after a revision was matched is not told of it.
        told = story()
        for _ in range(READERS):
            follow(subscriber(), executive=told.person)
        with Supervisor(running, log_directory=tmp_path / "logs", echo=False):
            for _ in range(8):
                queue.flushall()
                time.sleep(0.25)
            service = Service("", mail_folder)
            wait_for("every reader's mail", lambda: len(service.mails()) >= READERS)
            # Two more ticks of both clocks find nothing to do.
            time.sleep(2.5)

    received = Counter(str(mail["To"]) for mail in service.mails())
    assert list(received.values()) == [1] * READERS
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}
