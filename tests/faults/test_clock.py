"""Beat on a host whose clock is set forward and back: every task goes on, at its pace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from celery import Celery

from tracker.beat import Scheduler

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TASKS = ("poll", "fetch", "send")


class Recorder(Scheduler):
    """A scheduler that counts what it would send."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.sent: Counter[str] = Counter()
        super().__init__(*args, **kwargs)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        self.sent[entry.name] += 1


@pytest.fixture
def beat(tmp_path: Path) -> Iterator[Recorder]:
    """A schedule of three tasks, each due every ten seconds."""
    app = Celery("clock", broker="memory://", set_as_current=False)
    app.conf.update(timezone="UTC")
    app.conf.beat_schedule = {name: {"task": name, "schedule": timedelta(seconds=10)} for name in TASKS}
    with time_machine.travel(NOON, tick=False):
        recorder = Recorder(app, schedule_filename=str(tmp_path / "schedule"))
        yield recorder
        recorder.close()


def live_through(beat: Recorder, since: datetime, seconds: int) -> Counter[str]:
    """What is sent in so many seconds after `since` by the host's clock, beat looking at it each second."""
    beat.sent.clear()
    for second in range(seconds):
        with time_machine.travel(since + timedelta(seconds=second), tick=False):
            while beat.tick() == 0:
                pass
    return Counter(beat.sent)


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(days=-30), timedelta(hours=1)], ids=str)
def test_after_a_step_of_the_clock_every_task_goes_on_at_its_pace(beat: Recorder, step: timedelta) -> None:
    live_through(beat, NOON, 30)

    sent = live_through(beat, NOON + timedelta(seconds=30) + step, 40)

    assert set(sent) == set(TASKS)
    assert all(3 <= number <= 5 for number in sent.values()), sent


def test_after_an_hour_ahead_the_right_time_is_not_waited_for(beat: Recorder) -> None:
    live_through(beat, NOON, 30)
    live_through(beat, NOON + timedelta(hours=1), 30)

    sent = live_through(beat, NOON + timedelta(seconds=60), 40)

    assert all(3 <= number <= 5 for number in sent.values()), sent
    assert set(sent) == set(TASKS)
