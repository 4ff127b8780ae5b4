"""A worker that dies while it matches: its successor goes on, and everybody has one delivery."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection, transaction

from events.alerts.matching import due_revisions, is_due, match_revision
from events.models.alerts import Delivery, Matching, Subscriber
from tests.alerts.helpers import Story, follow, forget_matching, story, subscriber

pytestmark = pytest.mark.django_db(transaction=True)

READERS, BATCH = 50, 10
_WORKER = f"""
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = {{database!r}}
from events.alerts import matching
matching.BATCH, matching.SLICE = {BATCH}, 600.0
matching.match_revision({{seq}})
"""


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.alerts.matching.BATCH", BATCH)


def audience(told: Story) -> list[Subscriber]:
    """Readers who follow the person of the story."""
    readers = [subscriber() for _ in range(READERS)]
    for reader in readers:
        follow(reader, executive=told.person)
    return readers


@contextmanager
def worker(seq: int) -> Iterator[subprocess.Popen[bytes]]:
    """A process that matches the revision, batch by batch without a rest."""
    code = _WORKER.format(database=connection.settings_dict["NAME"], seq=seq)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen([sys.executable, "-c", code], cwd=root, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until_it_waits(process: subprocess.Popen[bytes]) -> int:
    """The server's process that serves the worker, once it waits for a row that someone else holds."""
    while process.poll() is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_locks WHERE NOT granted")
            if found := cursor.fetchone():
                return int(found[0])
        time.sleep(0.02)
    raise AssertionError(f"the worker ended by itself: {process.returncode}")


def kill_at(reader: Subscriber, seq: int, *, rolled_back: bool) -> None:
    """Kills a worker with SIGKILL while it commits the batch of that reader.

    The server, which has the statement already, then ends it, unless it goes down as well.
    """
    with transaction.atomic():
        Subscriber.objects.select_for_update().get(pk=reader.pk)
        with worker(seq) as process:
            server = wait_until_it_waits(process)
            process.send_signal(signal.SIGKILL)
            process.wait()
        if rolled_back:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [server])
    while server_is_at_work(server):
        time.sleep(0.02)


def server_is_at_work(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_stat_activity WHERE pid = %s AND state <> 'idle'", [pid])
        return cursor.fetchone() is not None


@pytest.mark.parametrize("rolled_back", [False, True], ids=["statement ends", "server goes down"])
@pytest.mark.parametrize("position", [0, 27, READERS - 1], ids=["first batch", "middle", "last full batch"])
def test_after_a_killed_worker_everybody_has_one_delivery(position: int, rolled_back: bool) -> None:
    told = story()
    readers, seq = audience(told), told.revision.seq

    kill_at(readers[position], seq, rolled_back=rolled_back)

    there = set(Delivery.objects.values_list("pk", flat=True))
    batches = position // BATCH + (0 if rolled_back else 1)
    assert len(there) == batches * BATCH
    assert Matching.objects.get().reached == (readers[len(there) - 1].pk if there else 0)
    assert due_revisions() == []  # the dead worker's claim holds for a while

    forget_matching(seq)
    assert due_revisions() == [seq]
    while is_due(seq):
        match_revision(seq)

    assert there <= set(Delivery.objects.values_list("pk", flat=True))
    told_once = Delivery.objects.order_by("subscriber").values_list("subscriber", flat=True)
    assert list(told_once) == [reader.pk for reader in readers]
    assert Matching.objects.get().state == "done"
