"""Polling: feeds a second of two worker processes, when very many are due at once and none has news.

Ours are two Celery workers, each one process, that are handed all feeds as at a tick (and again when the queue is
empty while feeds are due). Half of the feeds answer with 304, half with entries that are there. Theirs is httpx alone
in two processes on the same addresses: no database, nothing parsed. Every feed must have been polled, none twice, and
the workers' memory must not grow. Peers: the library `reader` and rss2email, on the same addresses (see `pollpeers`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import psutil
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from events import tasks
from events.feeds.store import guid_key
from events.models.sources import Feed, FeedItem
from tests.bench import pollpeers
from tests.bench.feedhosts import ETAG, entry_ids
from tests.bench.results import Result, at_least, at_most
from tests.bench.runner import say
from tests.bench.scale import Scale
from tests.bench.scratch import copy, environment, execute, settle
from tests.bench.timing import seconds
from tracker.celery import app

HOSTS = 64
WORKERS = 2
QUEUE = "bench-polling"
_GIVE_UP = 900
_WARM = 0.2
"""The share of the feeds after which a worker has loaded all that it needs."""


def run(scale: Scale) -> list[Result]:
    """Polls a second, and the workers' memory."""
    with _own_queue(), hosts() as ports:
        addresses = feeds(ports, scale.feeds)
        say(f"polling: {scale.feeds:,} feeds on {HOSTS} hosts are due; {WORKERS} workers")
        taken, early, late = _poll(ports, scale.feeds)
        theirs = scale.feeds / _requests_alone(addresses)
        _check(scale.feeds)
        say("polling: reader and rss2email")
        urls = [url for url, _ in addresses]
        peers = [
            ("reader (SQLite), two processes", pollpeers.reader_seconds(urls, WORKERS)),
            ("rss2email, two processes", pollpeers.rss2email_seconds(urls, WORKERS)),
        ]
    mb = 1024 * 1024
    return [
        Result("polling", "feeds without news", "httpx alone", scale.feeds / taken, theirs, "polls/s"),
        *(
            Result(
                "polling",
                "feeds without news",
                peer,
                scale.feeds / taken,
                scale.feeds / its,
                "polls/s",
                at_least(1),
            )
            for peer, its in peers
        ),
        Result(
            "polling",
            "memory of a worker at the end",
            "after a fifth",
            late / mb,
            early / mb,
            "MB",
            at_most(1.1),
        ),
    ]


@contextmanager
def _own_queue() -> Iterator[None]:
    """One queue for all tasks, whatever their routes, that nobody else reads."""
    ours: dict[str, Any] = {
        "task_default_queue": QUEUE,
        "task_queues": None,
        "task_routes": None,
        "task_create_missing_queues": True,
    }
    theirs = {name: app.conf[name] for name in ours}
    _configure(ours)
    try:
        yield
    finally:
        _configure(theirs)


def _configure(settings: dict[str, Any]) -> None:
    """Sets them, and has Celery forget what it made of those before."""
    app.conf.update(settings)
    for made in ("queues", "router", "send_task_message"):
        app.amqp.__dict__.pop(made, None)
    app.amqp.flush_routes()


def feeds(ports: list[int], number: int) -> list[tuple[str, str]]:
    """Puts the feeds and their entries on record, as if polled before; gives (address, ETag) of each."""
    addresses = [
        (f"http://127.0.0.1:{ports[n % HOSTS]}/{n}.xml", ETAG if n // HOSTS % 2 else "")
        for n in range(number)
    ]
    due = timezone.now() - timedelta(hours=1)
    feeds = Feed.objects.bulk_create(
        [Feed(url=url, etag=etag, title="Feed", kind="rss", next_poll_at=due) for url, etag in addresses],
        batch_size=1_000,
    )
    rows: Iterator[tuple[Any, ...]] = (
        (due, 0, due, feed.pk, guid_key(guid), "", guid, "", [], "{}", "stored", "", 0, due)
        for feed, (url, _) in zip(feeds, addresses, strict=True)
        for guid in entry_ids("/" + url.rpartition("/")[2])
    )
    columns = (
        "created_at", "published_offset", "published_at", "feed_id", "guid", "url", "title", "content", "authors",
        "context", "state", "error", "attempts", "next_attempt_at",
    )  # fmt: skip
    copy("events_feeditem", columns, rows)
    settle(Feed, FeedItem)
    return addresses


def _poll(ports: list[int], number: int) -> tuple[float, float, float]:
    """(seconds until no feed is due, bytes of a worker after a fifth, and at the end): the larger of the workers."""
    cache.get("anything")  # starts the embedded server
    _queue(lambda redis: redis.delete(QUEUE))  # of a run that was killed
    with ExitStack() as stack:
        workers = [stack.enter_context(_worker(ports)) for _ in range(WORKERS)]
        _wait_until_ready(workers)
        early = 0.0
        start = time.monotonic()
        tasks.poll_due_feeds.delay()
        while (left := _due()) and time.monotonic() - start < _GIVE_UP:
            if not early and left <= number * (1 - _WARM):
                early = _memory(workers)
            if not _waiting():
                tasks.poll_due_feeds.delay()
            time.sleep(0.25)
        return time.monotonic() - start, early or _memory(workers), _memory(workers)


def _due() -> int:
    count: int = execute("SELECT count(*) FROM events_feed WHERE next_poll_at <= now()")[0][0]
    return count


def _waiting() -> int:
    return int(_queue(lambda redis: redis.llen(QUEUE)))


def _queue(ask: Callable[[Any], Any]) -> Any:
    with app.connection_for_write() as broker:
        channel: Any = broker.default_channel
        return ask(channel.client)


def _memory(workers: list[subprocess.Popen[str]]) -> float:
    return max(float(psutil.Process(worker.pid).memory_info().rss) for worker in workers)


def _wait_until_ready(workers: list[subprocess.Popen[str]]) -> None:
    """Until each has answered: starting is not what is measured."""
    end = time.monotonic() + 120
    while len(app.control.ping(timeout=1) or []) < len(workers):
        if time.monotonic() > end or any(worker.poll() is not None for worker in workers):
            raise RuntimeError("the workers did not start")


@contextmanager
def _worker(ports: list[int]) -> Iterator[subprocess.Popen[str]]:
    name = str(connection.settings_dict["NAME"])
    allowed = ",".join(f"127.0.0.1:{port}" for port in ports)
    command = [sys.executable, "-m", "tests.bench.pollers", "celery", name, QUEUE]
    env = environment() | {"FETCH_ALLOWED_HOSTS": allowed}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, env=env
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


@contextmanager
def hosts() -> Iterator[list[int]]:
    command = [sys.executable, "-m", "tests.bench.feedhosts", str(HOSTS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def _requests_alone(addresses: list[tuple[str, str]]) -> float:
    """Seconds that the floor takes for the same requests, in as many processes."""
    command = [sys.executable, "-m", "tests.bench.pollers", "httpx"]
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
                )
            )
            for _ in range(WORKERS)
        ]
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()

        def work() -> None:
            for number, process in enumerate(processes):
                assert process.stdin is not None
                lines = (json.dumps(address) + "\n" for address in addresses[number::WORKERS])
                process.stdin.write("".join(lines))
                process.stdin.close()
            for process in processes:
                process.wait()

        return seconds(work)


def _check(number: int) -> None:
    """All were polled, none twice, and each went well."""
    query = "SELECT count(*), count(DISTINCT feed_id), count(*) FILTER (WHERE outcome = 'unchanged') FROM events_fetchrun"
    found = execute(query)[0]
    if found != (number, number, number):
        raise RuntimeError(
            f"of {number} feeds: {found[0]} polls of {found[1]} feeds, {found[2]} without news"
        )
