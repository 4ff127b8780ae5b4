"""What is not kept for ever: which rows go, and when. The ledger is never touched, nor what a correction needs.

A rule walks the table in the order of its keys, some rows at a time, each a transaction of its own that holds what it
changes for a moment. Rows that others hold are left for the next run. A rule of 0 days keeps everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

SLICE = 2_000
"""Rows that are looked at at a time."""


@dataclass(frozen=True)
class Rule:
    """Rows of `table` go, or lose what `erased` sets, `days` after `since`, where `condition` holds of them.

    The SQL names the row `t`. `keeps` gives keys that stay besides.
    """

    name: str
    days: int
    table: str
    since: str
    condition: str
    erased: str = ""
    key: str = "id"
    keeps: Callable[[], frozenset[int]] = frozenset


@dataclass(frozen=True)
class Progress:
    """How far a rule has come."""

    rule: Rule
    looked_at: int
    gone: int
    is_done: bool


_CITED = """
    SELECT DISTINCT (e -> 'document' ->> 'id')::bigint
    FROM events_revision r, jsonb_array_elements(r.payload -> 'evidence') e
"""


def cited_documents() -> frozenset[int]:
    """The documents that any revision quotes, also those that were corrected or retracted since."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CITED)
        return frozenset(key for (key,) in cursor.fetchall())


def rules() -> list[Rule]:
    """The rules, with the settings' days. Deliveries come before mails, which can go when nothing points at them."""
    return [
        Rule("requests to news sites", settings.RETAIN_RUNS_DAYS, "events_fetchrun", "t.started_at", "true"),
        Rule(
            "deliveries that nobody was told by",
            settings.RETAIN_MAIL_DAYS,
            "events_delivery",
            "t.created_at",
            "t.state IN ('failed', 'cancelled')",
        ),
        # What carried news stays with its Message-ID: a correction stands under it.
        Rule(
            "mails that carried no news",
            settings.RETAIN_MAIL_DAYS,
            "events_mail",
            "t.created_at",
            "t.state IN ('sent', 'failed', 'cancelled') "
            "AND NOT EXISTS (SELECT 1 FROM events_delivery d WHERE d.mail_id = t.id)",
        ),
        # The messages themselves stay: later revisions of their events follow them.
        Rule(
            "attempts of webhooks' messages",
            settings.RETAIN_MAIL_DAYS,
            "events_webhookmessage",
            "t.created_at",
            "t.state IN ('sent', 'failed', 'cancelled') AND t.log <> '[]'",
            erased="log = '[]'",
        ),
        # Reading again takes the answers that led to candidates.
        Rule(
            "questions to the language model",
            settings.RETAIN_MODEL_DAYS,
            "events_modelcall",
            "t.created_at",
            "t.state <> 'done' "
            "OR NOT EXISTS (SELECT 1 FROM events_candidate c WHERE c.document_id = t.document_id)",
        ),
        Rule(
            "names and addresses of readers who were answered",
            settings.RETAIN_CONTACT_DAYS,
            "events_proposal",
            "t.handled_at",
            "t.state <> 'open' AND (t.name <> '' OR t.contact <> '')",
            erased="name = '', contact = ''",
        ),
        Rule(
            "sessions that have ended",
            1,
            "django_session",
            "t.expire_date",
            "true",
            key="session_key",
        ),
        # The longest walk comes last, so that it keeps none of the others from their turn.
        Rule(
            "raw bytes of articles that gave nothing",
            settings.RETAIN_RAW_DAYS,
            "events_document",
            "t.fetched_at",
            "octet_length(t.raw) > 0 AND t.state <> 'fetched' "
            "AND NOT EXISTS (SELECT 1 FROM events_evidence e WHERE e.document_id = t.id) "
            "AND NOT EXISTS (SELECT 1 FROM events_candidate c WHERE c.document_id = t.id AND c.state <> 'rejected')",
            erased="raw = ''",
            keeps=cited_documents,
        ),
    ]


def prune(
    chosen: Iterable[Rule],
    *,
    seconds: float = float("inf"),
    dry_run: bool = False,
    progress: Callable[[Progress], None] = lambda step: None,
) -> bool:
    """Applies the rules one after the other; whether all came to their end within about so many seconds.

    With `dry_run` rows are counted and stay. `progress` is told after each slice.
    """
    end = time.monotonic() + seconds
    for rule in chosen:
        if rule.days <= 0:
            continue
        before = timezone.now() - timedelta(days=rule.days)
        kept = rule.keeps()
        last: Any = None
        looked_at = gone = 0
        while keys := _slice(rule, before, last):
            last = keys[-1]
            looked_at += len(keys)
            gone += _apply(rule, [key for key in keys if key not in kept], before, dry_run=dry_run)
            progress(Progress(rule, looked_at, gone, is_done=False))
            if time.monotonic() > end:
                return False
        progress(Progress(rule, looked_at, gone, is_done=True))
    return True


def _slice(rule: Rule, before: datetime, last: Any) -> list[Any]:
    after = "" if last is None else f"AND t.{rule.key} > %s"
    sql = (
        f"SELECT t.{rule.key} FROM {rule.table} t WHERE {rule.since} < %s {after} "  # noqa: S608 - our own words
        f"ORDER BY t.{rule.key} LIMIT {SLICE}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [before] if last is None else [before, last])
        return [key for (key,) in cursor.fetchall()]


def _apply(rule: Rule, keys: list[Any], before: datetime, *, dry_run: bool) -> int:
    """Rows are looked at once more as they are locked: what became due or was told meanwhile stays."""
    which = (
        f"SELECT t.{rule.key} FROM {rule.table} t "  # noqa: S608 - our own words
        f"WHERE t.{rule.key} = ANY(%s) AND {rule.since} < %s AND ({rule.condition})"
    )
    if dry_run:
        sql = f"SELECT count(*) FROM ({which}) found"  # noqa: S608 - our own words
    else:
        act = f"UPDATE {rule.table} SET {rule.erased}" if rule.erased else f"DELETE FROM {rule.table}"  # noqa: S608
        sql = f"{act} WHERE {rule.key} IN ({which} FOR UPDATE OF t SKIP LOCKED)"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [keys, before])
        return int((cursor.fetchone() or (0,))[0]) if dry_run else cursor.rowcount
