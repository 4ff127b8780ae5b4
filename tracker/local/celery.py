"""Celery on the embedded Redis: started before a worker, beat or a producer first connects."""

import os
from typing import Any

from celery.signals import beat_init, before_task_publish, celeryd_init

from tracker.local.client import ensure, ensure_redis


def install() -> None:
    """Connect the signals. Does nothing when REDIS_URL and DATABASE_URL are set."""
    if not os.environ.get("REDIS_URL"):
        before_task_publish.connect(_ensure_redis, weak=False)
    celeryd_init.connect(_ensure_all, weak=False)
    beat_init.connect(_ensure_all, weak=False)


def _ensure_redis(**_: Any) -> None:
    ensure_redis()


def _ensure_all(**_: Any) -> None:
    ensure()
