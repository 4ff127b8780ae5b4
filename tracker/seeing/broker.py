"""What Redis holds: messages that wait, and what workers and the clock leave there to be seen."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from tracker import local

SECONDS = 2.0
"""How long Redis may take for anything that is asked here."""
PREFIX = "tracker:seeing:"
TALLY = f"{PREFIX}tally"
WORKERS = f"{PREFIX}workers"
CLOCK = f"{PREFIX}clock"
SENT_AT = "tracker_sent_at"
"""The header of a message that says when it was written (seconds since 1970)."""


@cache
def client() -> redis.Redis:
    """A client that waits for nothing long. Starts the embedded Redis where there is no other."""
    if local.redis_url() == settings.REDIS_URL:
        local.ensure_redis()
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


@dataclass(frozen=True)
class Queue:
    """How many messages wait in a queue, and for how many seconds the oldest; None where that is not known."""

    name: str
    messages: int
    age: float | None


def queue_names() -> list[str]:
    """The queues that the settings name."""
    return [queue.name for queue in settings.CELERY_TASK_QUEUES]


def queues() -> list[Queue]:
    """The queues as they are now, in two commands each. Raises redis.RedisError."""
    pipe = client().pipeline(transaction=False)
    names = queue_names()
    for name in names:
        pipe.llen(name)
        # Messages come in on the left and are taken from the right.
        pipe.lindex(name, -1)
    answers: list[Any] = pipe.execute()
    now = time.time()
    return [
        Queue(name, int(count), _age(oldest, now))
        for name, count, oldest in zip(names, answers[::2], answers[1::2], strict=True)
    ]


def unacknowledged() -> int:
    """Messages that workers have taken and not finished. Raises redis.RedisError."""
    return int(client().hlen("unacked"))


def workers() -> dict[str, float]:
    """When each worker was last heard of (seconds since 1970), by its name. Raises redis.RedisError."""
    held: Any = client().hgetall(WORKERS)
    return {name.decode(errors="replace"): float(at) for name, at in held.items()}


def last_tick() -> float | None:
    """When the clock last sent a tick (seconds since 1970); None where nobody knows. Raises redis.RedisError."""
    at: Any = client().get(CLOCK)
    return None if at is None else float(at)


def _age(message: bytes | None, now: float) -> float | None:
    """For how long the message has waited; 0 where there is none."""
    if message is None:
        return 0.0
    try:
        sent = json.loads(message)["headers"].get(SENT_AT)
        return None if sent is None else max(now - float(sent), 0.0)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
