"""What Redis holds: messages that wait, and what workers and the clock leave there to be seen."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
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


class BrokerAway(Exception):
    """The broker does not answer, in its words."""


@dataclass(frozen=True)
class Queue:
    """How many messages wait in a queue, and for how many seconds the oldest; None where that is not known."""

    name: str
    messages: int
    age: float | None


def queue_names() -> list[str]:
    """The queues that the settings name."""
    return [queue.name for queue in settings.CELERY_TASK_QUEUES]


def is_redis() -> bool:
    """Whether messages wait in the Redis of REDIS_URL, and not with another broker."""
    return bool(local.broker_url(settings.REDIS_URL) == settings.CELERY_BROKER_URL)


def queues() -> list[Queue]:
    """The queues as they are now. Raises BrokerAway."""
    try:
        return _in_redis(client()) if is_redis() else _elsewhere()
    except redis.RedisError as error:
        raise BrokerAway(str(error) or type(error).__name__) from error


def _in_redis(server: redis.Redis) -> list[Queue]:
    """In two commands a queue, all at once."""
    pipe = server.pipeline(transaction=False)
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


def _elsewhere() -> list[Queue]:
    """As AMQP tells it: how many wait, but not for how long. A queue that nobody has declared yet is empty."""
    limits = {"socket_timeout": SECONDS, "read_timeout": SECONDS, "write_timeout": SECONDS}
    amqp = not settings.CELERY_BROKER_URL.startswith(("redis", "sentinel"))
    options = {name: value for name, value in limits.items() if amqp is not name.startswith("socket")}
    found: list[Queue] = []
    connection: Any = current_app.connection_for_read(connect_timeout=SECONDS, transport_options=options)
    with connection:
        try:
            connection.ensure_connection(max_retries=1, timeout=SECONDS)
            for name in queue_names():
                # A queue that is not there ends the channel that asked for it.
                with connection.channel() as channel, suppress(*connection.channel_errors):
                    found.append(Queue(name, channel.queue_declare(name, passive=True).message_count, None))
        except (OperationalError, OSError, *connection.connection_errors) as error:
            raise BrokerAway(str(error) or type(error).__name__) from error
    there = {queue.name for queue in found}
    return found + [Queue(name, 0, None) for name in queue_names() if name not in there]


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
