"""Waits until a deployment has done all its work. Hours pass in seconds here.

What a dead worker held is another's after minutes, and what could not be had is asked for again after as many: once
nothing moves any more, all that lies in the future is moved nearer by an hour, as if that hour had passed.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg

from tests.faults.auditor import audit, expect, find
from tests.faults.load import Load
from tests.faults.world import World

CALM = 3.0
"""Seconds without any change, several ticks, after which nothing is under way."""
HOURS = 16
"""Most hours that pass: an entry or a document that is tried again and again is given up by then."""
PATIENCE = 600.0
_ON_ITS_WAY = 1.5

# What there is to do, by what it waits for. Reviews of changed pages wait for a curator, and are not counted.
_TO_DO = """
SELECT 'entries', count(*) FROM events_feeditem WHERE state IN ('new', 'failed')
UNION ALL SELECT 'documents', count(*) FROM events_document WHERE state = 'fetched'
UNION ALL SELECT 'candidates', count(*) FROM events_candidate WHERE state IN ('open', 'awaiting_approval')
UNION ALL SELECT 'revisions', count(*) FROM events_matching WHERE state <> 'done'
UNION ALL SELECT 'deliveries', count(*) FROM events_delivery WHERE state IN ('pending', 'sending')
UNION ALL SELECT 'mails', count(*) FROM events_mail WHERE state IN ('pending', 'sending')
UNION ALL SELECT 'webhook messages', count(*) FROM events_webhookmessage WHERE state IN ('pending', 'sending')
UNION ALL SELECT 'entries to come', %(entries)s - count(*) FROM events_feeditem
UNION ALL SELECT 'changed pages', cardinality(%(revised)s::text[]) - count(*) FROM events_document
    WHERE version = 2 AND url = ANY(%(revised)s)
UNION ALL SELECT 'revisions to follow', %(behind)s
"""
_STATE = """
SELECT (SELECT array_agg((id, state, attempts) ORDER BY id)::text FROM events_feeditem),
    (SELECT array_agg((id, state, attempts, visits) ORDER BY id)::text FROM events_document),
    (SELECT array_agg((id, state, version) ORDER BY id)::text FROM events_candidate),
    (SELECT array_agg((revision_id, state, reached))::text FROM events_matching),
    (SELECT array_agg((id, state, attempts))::text FROM events_mail),
    (SELECT array_agg((id, state, attempts))::text FROM events_webhookmessage)
"""
_FUTURE = {
    "events_feed": ("claimed_until", "next_poll_at"),
    "events_feeditem": ("claimed_until", "next_attempt_at"),
    "events_document": ("claimed_until",),
    "events_matching": ("claimed_until",),
    "events_delivery": ("due_at",),
    "events_mail": ("claimed_until", "next_attempt_at"),
    "events_webhookmessage": ("claimed_until", "next_attempt_at"),
}


class StandsStill(AssertionError):
    """There is work left, and nobody does it."""


def settle(load: Load) -> int:
    """Returns when everything is done, with how many hours had to pass. Raises StandsStill."""
    world, hours = load.world, 0
    end = time.monotonic() + PATIENCE
    state, since = None, time.monotonic()
    left: dict[str, int] = {}
    while time.monotonic() < end:
        time.sleep(0.3)
        if load.broken:
            raise StandsStill(f"seed {world.seed}: the load itself broke: {load.broken}")
        try:
            left = to_do(world, load)
            now = _state(world)
        except psycopg.Error:
            continue
        if not left and load.world.stand.published == len(load.world.stand.editions):
            return hours
        if now != state:
            state, since = now, time.monotonic()
        elif time.monotonic() - since > CALM:
            if hours == HOURS:
                break
            an_hour_passes(world)
            hours, since = hours + 1, time.monotonic()
    raise StandsStill(f"seed {world.seed}: after {hours} hours this is left: {left}")


def to_do(world: World, load: Load) -> dict[str, int]:
    """What is left to do, by what it waits for; empty when nothing is."""
    stand = world.stand
    with stand.lock:
        entries = sum(len(rows) for rows in stand.feeds.values())
    with world.engines.connect() as database:
        head = _number(database.execute("SELECT coalesce(max(seq), 0) FROM events_ledgerhead").fetchone())
        behind = sum(max(head - len(seen), 0) for seen in load.witness.followed.values())
        values = {
            "entries": entries,
            "revised": [f"http://{world.place}{path}" for path in stand.revised],
            "behind": behind,
        }
        rows: Any = database.execute(_TO_DO, values).fetchall()
    return {what: number for what, number in rows if number}


def an_hour_passes(world: World) -> None:
    """Moves all that lies in the future nearer by an hour."""
    with world.engines.connect() as database:
        for table, columns in _FUTURE.items():
            for column in columns:
                database.execute(
                    f"UPDATE {table} SET {column} = {column} - interval '1 hour' WHERE {column} > now()"  # noqa: S608 - ours
                )


def problems(load: Load) -> list[str]:
    """Settles the deployment, then audits it; empty where nothing is lost or doubled."""
    try:
        settle(load)
        # A correction may be on its way: none is begun any more, and what it brings about is waited for.
        load.closing.set()
        time.sleep(_ON_ITS_WAY)
        settle(load)
    except StandsStill as error:
        return [str(error), *audit(expect(load.world, load.witness), find(load.world))]
    return audit(expect(load.world, load.witness), find(load.world))


def _state(world: World) -> tuple[object, ...]:
    with world.engines.connect() as database:
        row = database.execute(_STATE).fetchone()
    return tuple(row or ())


def _number(row: Any) -> int:
    return int(row[0])
