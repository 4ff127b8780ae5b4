"""Which queue each task goes to, and what workers of all queues have in common.

A tick stands in the queue of its stage: while nobody reads that queue, nobody hands out its work either, so that
one tick waits there, not ten thousand messages. The work itself is in PostgreSQL and loses nothing.
"""

from __future__ import annotations

from typing import Final

from kombu import Queue

from tracker.conf import number

FETCH: Final = "fetch"
"""Requests to news sites and hubs: waits on the network."""
EXTRACT: Final = "extract"
"""Articles into candidates: takes processors and memory."""
ALERTS: Final = "alerts"
"""Matching, mail and webhooks: what readers wait for, so that neither of the others holds it up."""
DEFAULT: Final = "default"
"""Housekeeping, and whatever has no route. Every worker reads it."""

QUEUES: Final = (FETCH, EXTRACT, ALERTS, DEFAULT)
STAGES: Final = {
    FETCH: (
        "poll_due_feeds",
        "poll_feeds",
        "fetch_due_items",
        "fetch_item",
        "revisit_due_documents",
        "revisit_document",
        "renew_due_pushes",
        "renew_push",
        "watch_feeds",
    ),
    EXTRACT: ("extract_due_documents", "extract_document"),
    ALERTS: (
        "match_due_revisions",
        "match_revision",
        "send_due_mail",
        "send_due_webhooks",
        "send_webhook",
        "tell_silences",
    ),
}
"""The tasks of `events.tasks` by queue; those that are missing here are housekeeping."""


CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in QUEUES]
"""What a worker reads that is not told which queues to read: all."""
CELERY_TASK_ROUTES = {
    f"events.tasks.{task}": {"queue": queue} for queue, tasks in STAGES.items() for task in tasks
}
CELERY_TASK_DEFAULT_QUEUE = DEFAULT
CELERY_TASK_CREATE_MISSING_QUEUES = False
"""A message to a queue that is not among them is refused where it is written, not left where nobody reads."""
CELERY_WORKER_MAX_TASKS_PER_CHILD = number("WORKER_TASKS", 1000) or None
CELERY_WORKER_MAX_MEMORY_PER_CHILD = number("WORKER_MEGABYTES", 500) * 1024 or None
"""A process is replaced after so many tasks, or once it has taken so much memory (KiB), when its task is done."""
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
"""A Redis that comes up late, is still loading or is away for an afternoon is waited for."""
