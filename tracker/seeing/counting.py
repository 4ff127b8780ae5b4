"""What workers count, kept in Redis: so one page shows all of them, on however many hosts, and none needs a port.

Counts are added up in the process and handed over when a task ends, or at once outside of one. With Redis away or
emptied they begin anew, which Prometheus takes for the restart of a process. Counting never makes a task fail.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import redis
from celery.signals import (
    after_task_publish,
    beat_init,
    before_task_publish,
    heartbeat_sent,
    task_postrun,
    task_prerun,
)

from events import outcomes
from tracker.seeing import broker

log = logging.getLogger(__name__)

TASK_BUCKETS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 30.0, 60.0, 240.0)
"""Seconds; the last is after which a task is asked to end."""
TASK_SECONDS = "tracker_task_duration_seconds"
TASK_WAIT = "tracker_task_wait_seconds"
OUTCOMES = "tracker_outcomes_total"
_OVER = "+Inf"
_REST = 15.0
"""Seconds for which nothing is handed over after Redis did not answer."""
_FORGOTTEN = 300.0
"""Seconds after which a worker that says nothing more is struck off."""


class Tally:
    """Counts of this process that Redis does not have yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, float] = defaultdict(float)
        self._not_before = 0.0

    def add(self, metric: str, labels: tuple[str, ...], amount: float = 1.0) -> None:
        """Adds to a count."""
        with self._lock:
            self._counts[json.dumps([metric, *labels])] += amount

    def observe(self, metric: str, labels: tuple[str, ...], seconds: float) -> None:
        """Adds a time to a distribution: to its bucket, and to its sum."""
        bucket = next((str(bound) for bound in TASK_BUCKETS if seconds <= bound), _OVER)
        self.add(f"{metric}_bucket", (*labels, bucket))
        self.add(f"{metric}_sum", labels, seconds)

    def hand_over(self) -> None:
        """Adds what was counted to what Redis has; what it does not take is counted for the next time."""
        if time.monotonic() < self._not_before:
            return
        with self._lock:
            counts, self._counts = self._counts, defaultdict(float)
        if not counts:
            return
        try:
            pipe = broker.client().pipeline(transaction=False)
            for field, amount in counts.items():
                pipe.hincrbyfloat(broker.TALLY, field, amount)
            pipe.execute()
        except redis.RedisError:
            self._not_before = time.monotonic() + _REST
            with self._lock:
                for field, amount in counts.items():
                    self._counts[field] += amount

    def forget(self) -> None:
        """A forked process begins with nothing: what its parent counted is the parent's."""
        self._lock = threading.Lock()
        self._counts = defaultdict(float)


tally = Tally()
os.register_at_fork(after_in_child=tally.forget)
_began: dict[str, float] = {}


def read() -> dict[tuple[str, ...], float]:
    """All counts: the metric's name and its labels' values, with the number. Raises redis.RedisError."""
    held: Any = broker.client().hgetall(broker.TALLY)
    found: dict[tuple[str, ...], float] = {}
    for field, number in held.items():
        with suppress(ValueError, TypeError):
            found[tuple(str(part) for part in json.loads(field))] = float(number)
    return found


def listen() -> None:
    """Connects to what is told of tasks, outcomes, workers and the clock."""
    for signal, receiver in (
        (outcomes.told, _outcome),
        (before_task_publish, _stamp),
        (task_prerun, _task_begins),
        (task_postrun, _task_ends),
        (heartbeat_sent, _seldom(_worker_lives, 10.0)),
        (beat_init, _clock_begins),
    ):
        signal.connect(receiver, weak=False)


def _outcome(stage: str, outcome: str, **kwargs: Any) -> None:
    tally.add(OUTCOMES, (stage, outcome))
    if not _began:
        tally.hand_over()


def _stamp(headers: dict[str, Any], **kwargs: Any) -> None:
    """A message that is to be begun at once says when it was written."""
    if not headers.get("eta"):
        headers.setdefault(broker.SENT_AT, time.time())


def _task_begins(task_id: str, task: Any, **kwargs: Any) -> None:
    _began[task_id] = time.perf_counter()
    sent = getattr(task.request, broker.SENT_AT, None)
    if isinstance(sent, int | float):
        queue = (task.request.delivery_info or {}).get("routing_key") or "unknown"
        # Clocks of two hosts differ a little.
        tally.observe(TASK_WAIT, (queue,), max(time.time() - sent, 0.0))


def _task_ends(task_id: str, task: Any, state: str | None = None, **kwargs: Any) -> None:
    began = _began.pop(task_id, None)
    if began is not None:
        labels = (task.name.rpartition(".")[2], (state or "unknown").lower())
        tally.observe(TASK_SECONDS, labels, time.perf_counter() - began)
    tally.hand_over()


def _worker_lives(sender: Any, **kwargs: Any) -> None:
    now = time.time()
    held = broker.workers()
    pipe = broker.client().pipeline(transaction=False)
    pipe.hset(broker.WORKERS, sender.eventer.hostname, str(now))
    for name, at in held.items():
        if now - at > _FORGOTTEN:
            pipe.hdel(broker.WORKERS, name)
    pipe.execute()


def _clock_begins(**kwargs: Any) -> None:
    """From here on this process is the clock: what it publishes are ticks."""
    after_task_publish.connect(_seldom(_clock_ticks, 1.0), weak=False)


def _clock_ticks(**kwargs: Any) -> None:
    broker.client().set(broker.CLOCK, str(time.time()))


def _seldom(receiver: Callable[..., None], seconds: float) -> Callable[..., None]:
    """The receiver, called once in so many seconds at most. While Redis is away it is left alone for longer."""
    not_before = 0.0

    def call(**kwargs: Any) -> None:
        nonlocal not_before
        now = time.monotonic()
        if now < not_before:
            return
        not_before = now + seconds
        try:
            receiver(**kwargs)
        except redis.RedisError as error:
            log.debug("Redis does not take figures: %s", error)
            not_before = now + _REST

    return call
