"""Whether the service is ready: its database, its migrations, its broker, and whether work waits too long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import Error
from django.db.backends.utils import CursorWrapper
from django.db.migrations.loader import MigrationLoader

from tracker.local import LocalStackError
from tracker.seeing import broker
from tracker.seeing.questions import Question, reading
from tracker.seeing.redaction import redact

SECONDS = 4.0
"""How long one part may take to answer; all are asked at the same time."""

Key = tuple[str, str]


@dataclass(frozen=True)
class Part:
    """One part: whether it is ready, and what operators are told of it in a few words."""

    name: str
    ready: bool
    detail: str


def parts() -> list[Part]:
    """All parts, in about SECONDS at most, whatever hangs."""
    found: list[Part] = []
    for question in (_DATABASE, _BROKER):
        try:
            found += question.answer(SECONDS)
        except TimeoutError:
            name = "database" if question is _DATABASE else "broker"
            found.append(Part(name, False, f"no answer within {SECONDS:.0f} seconds"))
    return found


def missing(cursor: CursorWrapper) -> list[Key]:
    """Migrations that the code has and the database has not: app and name."""
    return sorted(set(_last()) - applied(cursor))


def applied(cursor: CursorWrapper) -> set[Key]:
    """Migrations that the database has: app and name."""
    cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
    row = cursor.fetchone()
    if not row or not row[0]:
        return set()
    cursor.execute("SELECT app, name FROM django_migrations")
    return {(app, name) for app, name in cursor.fetchall()}


@cache
def known() -> frozenset[Key]:
    """Migrations that the code has, read from its files once."""
    return frozenset(_graph().nodes)


@cache
def _last() -> tuple[Key, ...]:
    """The last migration of each app."""
    return tuple(_graph().leaf_nodes())


@cache
def _graph() -> Any:
    return MigrationLoader(None).graph


def _database() -> list[Part]:
    try:
        with reading(SECONDS) as cursor:
            cursor.execute("SELECT 1")
            database = Part("database", True, "answers")
            lacking = missing(cursor)
    except (Error, LocalStackError) as error:
        return [Part("database", False, redact(str(error)).strip()[:300])]
    names = ", ".join(f"{app}.{name}" for app, name in lacking)
    return [database, Part("migrations", not lacking, f"not applied: {names}" if lacking else "applied")]


def _broker() -> list[Part]:
    try:
        queues = broker.queues()
    except (broker.BrokerAway, LocalStackError) as error:
        return [Part("broker", False, redact(str(error)).strip()[:300])]
    limit = settings.READY_QUEUE_SECONDS
    late = [queue for queue in queues if limit and (queue.age or 0.0) > limit]
    said = ", ".join(
        f"{queue.name}: {queue.messages} waiting, the oldest for {queue.age or 0:.0f} s"
        for queue in late or queues
    )
    return [Part("broker", True, "answers"), Part("queues", not late, said), *_limits()]


def _limits() -> list[Part]:
    """Redis, where it is not the broker: it still holds limits and caches."""
    if broker.is_redis():
        return []
    try:
        broker.client().ping()
    except redis.RedisError as error:
        return [Part("redis", False, redact(str(error)).strip()[:300])]
    return [Part("redis", True, "answers")]


_DATABASE: Question[list[Part]] = Question(_database)
_BROKER: Question[list[Part]] = Question(_broker)
ASKED: tuple[Callable[[], list[Part]], ...] = (_database, _broker)
