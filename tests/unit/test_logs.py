"""Logs: ticks that find nothing are left out, what matters stays."""

from __future__ import annotations

import logging

import pytest

from tracker.logs import QuietTicks


@pytest.mark.parametrize(
    ("level", "text", "kept"),
    [
        (logging.INFO, "Scheduler: Sending due task send_due_mail (events.tasks.send_due_mail)", False),
        (logging.INFO, "Task events.tasks.poll_due_feeds[1-2] received", False),
        (logging.INFO, "Task events.tasks.poll_due_feeds[1-2] succeeded in 0.1s: 0", False),
        (logging.INFO, "Task events.tasks.poll_feed[1-2] received", True),
        (logging.ERROR, "Task events.tasks.poll_due_feeds[1-2] raised unexpected: OSError()", True),
        (logging.INFO, "celery@host ready.", True),
    ],
)
def test_only_the_ticks_own_coming_and_going_is_left_out(level: int, text: str, kept: bool) -> None:
    record = logging.LogRecord("celery", level, "", 0, text, None, None)

    assert QuietTicks().filter(record) is kept
