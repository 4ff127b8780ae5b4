"""Has work begun as soon as it is there, not only at the next tick.

The task is named, not imported: a web process that publishes needs none of what the stages need.
"""

from __future__ import annotations

from typing import Any

from celery import current_app
from django.dispatch import receiver

from events.record.ledger import revision_committed


@receiver(revision_committed)
def match_new_revision(seq: int, **kwargs: Any) -> None:
    """Asks a worker to match a revision that has just been committed."""
    current_app.send_task("events.tasks.match_revision", args=[seq])
