"""Logs of Celery's processes: set up as everywhere else, without the ticks' own coming and going, which would drown
everything else, and with what each task belongs to.
"""

from __future__ import annotations

import logging
import logging.config
import re
from typing import Any

from celery.signals import before_task_publish, celeryd_init, setup_logging, task_postrun, task_prerun

from tracker.conf.logs import speak_of_outcomes
from tracker.seeing import context

_TICK = re.compile(r"(Task|Sending due task) (events\.tasks\.)?\w+_due_\w+")


class QuietTicks(logging.Filter):
    """Drops INFO lines about the ticks' own coming and going; errors and the work that they find stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is kept."""
        return record.levelno > logging.INFO or not _TICK.search(record.getMessage())


@celeryd_init.connect
@setup_logging.connect
def configure(**kwargs: Any) -> None:
    """Takes the settings' configuration instead of Celery's own, whose lines hold what they are given as it is."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
    logging.captureWarnings(True)
    speak_of_outcomes()


@before_task_publish.connect
def send_along(headers: dict[str, Any], **kwargs: Any) -> None:
    """A message carries the chain of work that it is sent from."""
    if chain := context.correlation_id():
        headers.setdefault(context.HEADER, chain)


@task_prerun.connect
def begin(task_id: str, task: Any, **kwargs: Any) -> None:
    """What is logged from here on belongs to the task."""
    context.clear()
    chain = context.well_formed(getattr(task.request, context.HEADER, None)) or context.new_id()
    context.bind(task_id=task_id, task=task.name.rpartition(".")[2], correlation_id=chain)


@task_postrun.connect
def end(**kwargs: Any) -> None:
    """What is logged from here on belongs to no task. Celery's own last word on it has been said before: it names the
    task itself."""
    context.clear()
