"""Which queue a task goes to, and what says that a service is alive."""

from __future__ import annotations

import http.server
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import QueueNotFound
from django.conf import settings

from events import tasks
from tracker import alive
from tracker.celery import app
from tracker.conf.queues import DEFAULT, QUEUES, STAGES

HOUSEKEEPING = {"forget_unconfirmed", "look_again", "prune"}
SCHEDULE: dict[str, Any] = settings.CELERY_BEAT_SCHEDULE
OURS = {name.rpartition(".")[2] for name in app.tasks if name.startswith(f"{tasks.__name__}.")}


def queue_of(task: str) -> str:
    routed = app.amqp.router.route({}, f"events.tasks.{task}")
    return str(routed["queue"].name)


def test_every_task_has_its_queue_or_is_housekeeping() -> None:
    staged = {task for stage in STAGES.values() for task in stage}

    assert staged | HOUSEKEEPING == OURS
    assert {queue_of(task) for task in HOUSEKEEPING} == {DEFAULT}


@pytest.mark.parametrize("queue", STAGES)
def test_a_tick_waits_in_the_queue_of_what_it_hands_out(queue: str) -> None:
    ticks = [task for task in STAGES[queue] if "_due_" in task]

    assert ticks
    assert {queue_of(task) for task in STAGES[queue]} == {queue}


def test_a_worker_that_is_told_nothing_reads_every_queue() -> None:
    assert set(app.amqp.queues.consume_from) == set(QUEUES)


def test_a_message_to_a_queue_that_nobody_reads_is_refused_where_it_is_written() -> None:
    with pytest.raises(QueueNotFound):
        app.send_task("events.tasks.poll_due_feeds", queue="nobody")


def test_the_clock_sends_tasks_that_exist() -> None:
    sent = {entry["task"] for entry in SCHEDULE.values()}

    assert sent <= set(app.tasks)


def test_every_tick_is_forgotten_once_the_next_is_due() -> None:
    ticks = [entry for entry in SCHEDULE.values() if "_due_" in entry["task"]]

    assert ticks
    assert all(entry["options"]["expires"] <= settings.TICK.total_seconds() for entry in ticks)


def test_a_file_that_was_touched_lately_means_life(tmp_path: Path) -> None:
    file = tmp_path / "alive"
    file.touch()
    touched = file.stat().st_mtime

    assert alive.is_fresh(file, now=touched + alive.OLD - 1)
    assert not alive.is_fresh(file, now=touched + alive.OLD + 1)
    assert not alive.is_fresh(tmp_path / "never")


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1), (301, 1)])
def test_only_an_answer_of_200_means_life(status: int, code: int) -> None:
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        said = alive.main([f"http://127.0.0.1:{server.server_address[1]}/healthz"])
        thread.join()

    assert said == code


def test_a_server_that_does_not_answer_is_not_alive() -> None:
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        port = server.server_address[1]

    assert alive.main([f"http://127.0.0.1:{port}/healthz"]) == 1


def test_the_check_needs_nothing_but_python(tmp_path: Path) -> None:
    file = tmp_path / "alive"
    file.touch()

    done = subprocess.run([sys.executable, "-I", "-S", alive.__file__, str(file)], check=False)

    assert done.returncode == 0
