"""Has work begun as soon as it is there, not only at the next tick.

The task is named, not imported: a web process that publishes needs none of what the stages need.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import current_app
from celery.exceptions import OperationalError
from django.dispatch import receiver

from events.record.ledger import revision_committed

log = logging.getLogger(__name__)
_FORGOTTEN = 60
"""Seconds after which a nudge is no longer needed: a tick has come in between."""


@receiver(revision_committed)
def match_new_revision(seq: int, **kwargs: Any) -> None:
    """Asks a worker to match a revision that has just been committed."""
    current_app.send_task("events.tasks.match_revision", args=[seq])


@receiver(revision_committed)
def look_again_at_candidates(seq: int, **kwargs: Any) -> None:
    """Asks a worker whether candidates that wait are old news now. Lost with the queue, it costs the queue's order
    alone: who opens a candidate looks again."""
    current_app.send_task("events.tasks.look_again", args=[seq], retry=False)


def mail_may_be_due() -> None:
    """Asks a worker to send what is in the outbox; while the queue is away, the next tick does."""
    try:
        current_app.send_task("events.tasks.send_due_mail", expires=_FORGOTTEN, retry=False)
    except OperationalError as error:
        log.warning("mail is sent at the next tick: %s", error)
