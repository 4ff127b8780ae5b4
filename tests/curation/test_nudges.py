"""A publication has its alerts begun at once, from whichever process publishes."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from celery.signals import after_task_publish

from events import tasks
from events.models.record import Revision
from events.record import publishing
from tests import scenes
from tests.conftest import REPOSITORY


@pytest.mark.django_db(transaction=True)
def test_a_committed_revision_is_handed_to_a_worker_at_once() -> None:
    sent: list[tuple[str, list[int]]] = []

    def note(sender: str, body: tuple[list[int], dict[str, Any], Any], **kwargs: Any) -> None:
        sent.append((sender, list(body[0])))

    after_task_publish.connect(note)
    try:
        person, cloud = scenes.executive(), scenes.company("Northlake Cloud")
        draft = scenes.appointment(person, cloud, scenes.document("x"), day="2025", title="CFO")
        publishing.publish(draft, scenes.curator())
    finally:
        after_task_publish.disconnect(note)

    seq = Revision.objects.get().seq
    assert sorted(sent) == [(tasks.look_again.name, [seq]), (tasks.match_revision.name, [seq])]


def test_a_process_that_publishes_listens_without_importing_the_stages() -> None:
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tracker.settings'; django.setup()\n"
        "from events.record.ledger import revision_committed\n"
        "print(len(revision_committed.receivers), 'events.tasks' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["2", "False"]
