"""What the logs leave out: ticks that found nothing to do would drown everything else."""

from __future__ import annotations

import logging
import re
from typing import Any

from celery.signals import after_setup_logger, after_setup_task_logger

_TICK = re.compile(r"(Task|Sending due task) (events\.tasks\.)?\w+_due_\w+")


class QuietTicks(logging.Filter):
    """Drops INFO lines about the ticks' own coming and going; errors and the work that they find stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is kept."""
        return record.levelno > logging.INFO or not _TICK.search(record.getMessage())


@after_setup_logger.connect
@after_setup_task_logger.connect
def quieten(logger: logging.Logger, **kwargs: Any) -> None:
    """Puts the filter on the handlers that Celery set up."""
    for handler in logger.handlers:
        handler.addFilter(QuietTicks())
