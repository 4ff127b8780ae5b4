"""A record of some revisions, with readers."""

from __future__ import annotations

import pytest

from events.choices import Status
from events.record import publishing
from tests import scenes
from tests.alerts.helpers import follow, match_all, subscriber
from tests.timelines.conftest import Record, record

__all__ = ["Record", "record"]


@pytest.fixture
def history(record: Record) -> Record:
    """The record after revisions of each operation, with a reader who is to be told."""
    follow(subscriber(), executive=record.person)
    ids = []
    for number, day in enumerate(("2024-01-01", "2024-02-01", "2024-03-01")):
        person = scenes.executive(f"Person Number {number}")
        ids.append(record.publish(day, person=person, title=f"Head of unit {number}").event_id)
    publishing.retract(ids[0], record.author)
    publishing.retract(ids[1], record.author)
    publishing.undo(ids[1], record.author)
    publishing.amend(ids[2], {"status": Status.CONFIRMED.value}, record.author)
    match_all()
    return record
