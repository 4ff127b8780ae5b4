"""PostgreSQL, Redis and the mail server: whether they answer, and whether they are what the service needs."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import redis
from django.conf import settings
from django.core.mail import get_connection
from django.db.backends.utils import CursorWrapper

from events.models.record import Revision
from events.record.canonical import chain_hash
from events.record.ledger import GENESIS, content
from tracker.local import LocalStackError
from tracker.seeing import broker, readiness
from tracker.seeing.examining.findings import Finding, fine, number, problem, warning

OLDEST_POSTGRES = 15
OLDEST_REDIS = 6
FULL = 0.9
SMTP_SECONDS = 5
LOOKED_AT = 100
"""Revisions at the ledger's end whose hashes are computed anew; `verify_ledger` does all."""


def examine_database(cursor: CursorWrapper) -> list[Finding]:
    """Version, and the migrations that it has."""
    cursor.execute(
        "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_version')"
    )
    row = cursor.fetchone()
    major, version = (int(row[0]), str(row[1])) if row else (0, "")
    found = [fine("database", f"PostgreSQL {version} answers.")]
    if major < OLDEST_POSTGRES:
        found = [
            problem(
                "database",
                f"PostgreSQL is of version {version}.",
                f"Statements need version {OLDEST_POSTGRES} or newer, and fail at odd places.",
                f"Upgrade the server to PostgreSQL {OLDEST_POSTGRES} or newer.",
            )
        ]
    return [*found, *_migrations(cursor)]


def database_is_away(error: Exception) -> Finding:
    """What it means that PostgreSQL cannot be asked."""
    return problem(
        "database",
        f"PostgreSQL does not answer: {str(error).strip() or type(error).__name__}",
        "Nothing works: no page, no API, no feed, no alert.",
        "Start PostgreSQL, or correct DATABASE_URL: its host, port, user and password.",
    )


def examine_ledger(cursor: CursorWrapper) -> list[Finding]:
    """The ledger's end: the head is the last revision, and the last revisions have their hashes."""
    cursor.execute("SELECT seq, hash FROM events_ledgerhead WHERE id = 1")
    head = cursor.fetchone() or (0, GENESIS)
    last = list(Revision.objects.order_by("-seq")[:LOOKED_AT])
    newest = (last[0].seq, last[0].hash) if last else (0, GENESIS)
    broken = "" if tuple(head) == newest else f"its head says {head[0]}, its last revision is {newest[0]}"
    for revision in last:
        if chain_hash(revision.previous_hash, content(revision)) != revision.hash:
            broken = f"revision {revision.seq} was changed after it was written"
    for later, earlier in pairwise(last):
        if later.previous_hash != earlier.hash or later.seq != earlier.seq + 1:
            broken = f"revision {later.seq} does not follow the one before it"
    if broken:
        return [
            problem(
                "ledger",
                f"The ledger does not hold: {broken}.",
                "Somebody or something changed the record outside of the service.",
                "Run `manage.py verify_ledger` for the first place, stop publishing, and compare with a backup.",
            )
        ]
    return [
        fine("ledger", f"The ledger's last {number(len(last), 'revision')} hold, up to number {newest[0]}.")
    ]


def examine_redis() -> list[Finding]:
    """Whether messages are safe in Redis."""
    try:
        told: Any = broker.client().info()
    except (redis.RedisError, LocalStackError) as error:
        return [
            problem(
                "redis",
                f"Redis does not answer: {str(error).strip() or type(error).__name__}",
                "Nothing is polled, extracted or mailed, and limits do not hold; no work is lost meanwhile.",
                "Start Redis, or correct REDIS_URL. What waits is found again within a tick.",
            )
        ]
    return [*_redis(told)] or [fine("redis", f"Redis {told.get('redis_version')} answers.")]


def examine_mail_server() -> list[Finding]:
    """Whether the mail server lets us in: EHLO, encryption and password as for a real mail."""
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    connection = get_connection(fail_silently=False, timeout=SMTP_SECONDS)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        said = getattr(error, "smtp_error", b"")
        words = said.decode(errors="replace") if isinstance(said, bytes) and said else str(error)
        means = "No alert and no confirmation leaves; they wait in the outbox and are tried again."
        if isinstance(error, smtplib.SMTPAuthenticationError):
            do = "Correct EMAIL_HOST_USER and EMAIL_HOST_PASSWORD."
        else:
            do = "Correct EMAIL_HOST, EMAIL_PORT, EMAIL_USE_TLS and EMAIL_USE_SSL, or start that server."
        return [problem("mail server", f"The mail server {where} does not take us: {words}", means, do)]
    connection.close()
    return [fine("mail server", f"The mail server {where} answers.")]


def _migrations(cursor: CursorWrapper) -> Iterator[Finding]:
    lacking, unknown = readiness.missing(cursor), readiness.applied(cursor) - readiness.known()
    ours = sorted(f"{app}.{name}" for app, name in unknown if app == "events")
    if lacking:
        names = ", ".join(f"{app}.{name}" for app, name in lacking)
        yield problem(
            "migrations",
            f"The database lacks migrations, up to {names}.",
            "Pages and workers fail where they ask for what is not there yet.",
            "Run `manage.py migrate`, with compose: `docker compose run --rm migrate`.",
        )
    elif ours:
        yield warning(
            "migrations",
            f"The database has migrations that this code does not know: {', '.join(ours)}.",
            "A newer release has run on this database.",
            "Run that release again, or restore the backup from before it.",
        )
    else:
        yield fine("migrations", "All migrations are applied.")


def _redis(told: dict[str, Any]) -> Iterator[Finding]:
    policy, limit = str(told.get("maxmemory_policy", "")), int(told.get("maxmemory", 0))
    version, used = str(told.get("redis_version", "0")), int(told.get("used_memory", 0))
    if int(version.partition(".")[0]) < OLDEST_REDIS:
        yield problem(
            "redis",
            f"Redis is of version {version}.",
            "The queue needs commands that it does not have.",
            f"Upgrade it to Redis {OLDEST_REDIS} or newer.",
        )
    if limit and policy and policy != "noeviction":
        yield problem(
            "redis",
            f"Redis throws keys away when it is full (maxmemory-policy {policy}).",
            "Messages of the queue vanish under load; their work waits for the next tick.",
            "Set maxmemory-policy noeviction.",
        )
    if limit and used > FULL * limit:
        yield warning(
            "redis",
            f"Redis uses {used / limit:.0%} of the memory that it may use.",
            "When it is full it takes no more messages, and work waits for the ticks.",
            "Raise maxmemory, and see which queue is long.",
        )
