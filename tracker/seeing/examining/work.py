"""Whether the work gets done: workers, the clock, queues, feeds, outboxes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.db.backends.utils import CursorWrapper
from kombu.exceptions import OperationalError

from tracker.conf.queues import ALERTS, DEFAULT, EXTRACT, FETCH
from tracker.seeing import broker, figures
from tracker.seeing.examining.findings import Finding, fine, number, problem, span, warning
from tracker.seeing.redaction import redact

WORKER_SECONDS = 2.0
LATE = 600.0
NAMED = 5
_STANDS_STILL = {
    FETCH: "feeds are not polled and articles not fetched",
    EXTRACT: "articles are not read, so that curators get nothing new",
    ALERTS: "nobody is told of what is published",
    DEFAULT: "housekeeping is not done",
}
_START = "Start a worker for it: `celery --app=tracker worker --queues={queue},default`, with compose `docker compose up -d {queue}`."


def examine_workers() -> list[Finding]:
    """Which workers answer, and whether somebody reads each queue."""
    try:
        answers: Any = current_app.control.inspect(timeout=WORKER_SECONDS).active_queues() or {}
    except (OperationalError, redis.RedisError, OSError) as error:
        return [problem("workers", f"Workers cannot be asked: {error}", "", "See what is said of Redis.")]
    if not answers:
        return [
            problem(
                "workers",
                f"No worker answers within {WORKER_SECONDS:.0f} seconds.",
                "Nothing is polled, read or mailed. What waits is kept, and done when a worker is back.",
                "Start the workers and read their logs; with compose: `docker compose up -d fetch extract alerts`.",
            )
        ]
    read = {queue["name"] for queues in answers.values() for queue in queues}
    found = [
        problem("workers", f"No worker reads the queue {name}.", f"So {_STANDS_STILL.get(name, 'its work waits')}.", _START.format(queue=name))
        for name in broker.queue_names()
        if name not in read
    ]  # fmt: skip
    return found or [fine("workers", f"{number(len(answers), 'worker')} answer, and every queue is read.")]


def examine_beat() -> list[Finding]:
    """Whether the clock ticks: it leaves the time of its last tick in Redis."""
    try:
        last = broker.last_tick()
    except redis.RedisError:
        return []
    tick = settings.TICK.total_seconds()
    if last is not None and time.time() - last < max(10 * tick, 60.0):
        return [fine("beat", f"The clock last ticked {span(max(time.time() - last, 0))} ago.")]
    says = "The clock (beat) has not ticked"
    return [
        problem(
            "beat",
            f"{says} for {span(time.time() - last)}." if last else f"{says} since Redis was last emptied.",
            "Feeds are not polled when they are due, and what was lost with a worker is not found again.",
            "Start it, once: `celery --app=tracker beat`, with compose `docker compose up -d beat`.",
        )
    ]


def examine_queues() -> list[Finding]:
    """How long messages wait."""
    try:
        queues = broker.queues()
    except broker.BrokerAway as error:
        means = "Nothing is polled, extracted or mailed; no work is lost meanwhile."
        return [
            problem(
                "queues",
                f"The broker does not answer: {error}",
                means,
                "Start it, or correct CELERY_BROKER_URL.",
            )
        ]
    limit = settings.READY_QUEUE_SECONDS or LATE
    found = [
        problem(
            "queues",
            f"In the queue {queue.name} {number(queue.messages, 'message waits', 'messages wait')}, the oldest for {span(queue.age or 0)}.",
            f"Its workers cannot keep up or are not there: {_STANDS_STILL.get(queue.name, 'its work waits')}, or late.",
            "See what is said of workers; if they are there, start more of them or raise their --concurrency.",
        )
        for queue in queues
        if (queue.age or 0.0) > limit
    ]
    waiting = sum(queue.messages for queue in queues)
    return found or [fine("queues", f"{number(waiting, 'message waits', 'messages wait')} in the queues, none for long.")]  # fmt: skip


def examine_work(cursor: CursorWrapper) -> list[Finding]:
    """What is due and not done, from the feeds to the mails."""
    rows = {
        figure.name: dict(figures.ask(cursor, figure)) for figure in figures.FIGURES if figure.name in _ASKED
    }
    found: list[Finding] = [*_failing(cursor)]
    for look in _LOOKS:
        found += look(rows)
    found += _mail(cursor, rows)
    return found or [fine("work", "Nothing that is due waits for long.")]


def _late(
    name: str, count: str, lag: str, says: Callable[[float, float], str], means: str, do: str
) -> Callable[[dict[str, dict[str, float]]], Iterator[Finding]]:
    def look(rows: dict[str, dict[str, float]]) -> Iterator[Finding]:
        seconds, waiting = rows[lag][""], sum(rows[count].values())
        if seconds > LATE and waiting:
            yield problem(name, says(waiting, seconds), means, do)

    return look


_LOOKS = (
    _late(
        "feeds",
        "tracker_feeds_due",
        "tracker_feed_lag_seconds",
        lambda n, s: f"{number(n, 'feed is', 'feeds are')} due and not polled, the longest for {span(s)}.",
        "News comes in late.",
        "See what is said of workers and of beat; with both there, start more workers for the queue fetch.",
    ),
    _late(
        "articles",
        "tracker_feed_items_waiting",
        "tracker_feed_item_lag_seconds",
        lambda n, s: f"{number(n, 'article is', 'articles are')} not fetched yet, the longest due for {span(s)}.",
        "News comes in late.",
        "See what is said of workers; many articles of one slow site wait for their turn, which is as it should be.",
    ),
    _late(
        "documents",
        "tracker_documents_waiting",
        "tracker_document_lag_seconds",
        lambda n, s: f"{number(n, 'document waits', 'documents wait')} to be read, the oldest for {span(s)}.",
        "Curators get new candidates late.",
        "See what is said of workers; with them there, start more for the queue extract.",
    ),
    _late(
        "matching",
        "tracker_revisions_unmatched",
        "tracker_revision_unmatched_seconds",
        lambda n, s: f"{number(n, 'revision waits', 'revisions wait')} for its readers to be found, the oldest for {span(s)}.",
        "Nobody is told of them yet.",
        "See what is said of workers; read the log of those of the queue alerts for match_revision.",
    ),
    _late(
        "webhooks",
        "tracker_webhook_waiting",
        "tracker_webhook_overdue_seconds",
        lambda n, s: f"{number(n, 'message', 'messages')} to webhooks not settled, the longest due for {span(s)}.",
        "Receivers hear late of what is published.",
        "See what is said of workers; the desk's page of deliveries says which receivers fail.",
    ),
)  # fmt: skip
_ASKED = frozenset(
    {
        "tracker_feeds_due", "tracker_feed_lag_seconds", "tracker_feed_items_waiting",
        "tracker_feed_item_lag_seconds", "tracker_documents_waiting", "tracker_document_lag_seconds",
        "tracker_revisions_unmatched", "tracker_revision_unmatched_seconds", "tracker_webhook_waiting",
        "tracker_webhook_overdue_seconds", "tracker_mail_waiting", "tracker_mail_overdue_seconds",
    }
)  # fmt: skip


def _failing(cursor: CursorWrapper) -> Iterator[Finding]:
    """Feeds that have failed some times in a row: one failure passes by itself."""
    cursor.execute(
        "SELECT count(*) OVER (), id, coalesce(nullif(title, ''), url), error FROM events_feed"
        " WHERE is_active AND state = 'failing' AND failures >= 3 ORDER BY failures DESC, id LIMIT %s",
        [NAMED],
    )
    rows = cursor.fetchall()
    if rows:
        named = "; ".join(
            redact(f"{title} (number {key}): {error}".rstrip(". ")) for _, key, title, error in rows
        )
        yield warning(
            "feeds",
            f"{number(rows[0][0], 'feed fails', 'feeds fail')} again and again: {named}.",
            "Their news does not come in.",
            "Open them at the desk: correct the address, or pause what is gone.",
        )


def _mail(cursor: CursorWrapper, rows: dict[str, dict[str, float]]) -> Iterator[Finding]:
    waiting = sum(rows["tracker_mail_waiting"].values())
    overdue = rows["tracker_mail_overdue_seconds"][""]
    cursor.execute(
        "SELECT error, count(*), max(attempts) FROM (SELECT error, attempts FROM events_mail"
        " WHERE state IN ('pending', 'sending') AND attempts > 0 ORDER BY next_attempt_at LIMIT 1000) tried"
        " GROUP BY error ORDER BY 2 DESC LIMIT 1"
    )
    tried = cursor.fetchone()
    if overdue > LATE:
        yield problem(
            "outbox",
            f"{number(waiting, 'mail waits', 'mails wait')} in the outbox, the longest due for {span(overdue)}.",
            "Readers do not hear of what is published.",
            "See what is said of workers and of the mail server.",
        )
    elif tried:
        yield warning(
            "outbox",
            f"{number(tried[1], 'mail was', 'mails were')} tried up to {number(tried[2], 'time')} and not sent: {tried[0]}",
            "They are tried again, more and more seldom, and given up in the end.",
            "See what is said of the mail server.",
        )
