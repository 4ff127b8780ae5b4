"""Matching one revision against many subscriptions of mixed kinds, of which 1,000 match, outbox rows written.

Floor: inserting those same rows (the deliveries and which subscriptions matched) by two plain INSERT statements in
one transaction, on the same connection. Each repetition publishes another event about the same person and
organization (not timed), matches it, reads its rows, deletes them, inserts them again by hand, and deletes them.
Growth: matching with many more subscriptions, of which the same 1,000 match; the sizes are measured one after the
other.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from events.alerts import match_revision
from events.models.alerts import Delivery
from events.record.publishing import publish
from tests.bench import audience, bulk
from tests.bench.results import Result, at_most
from tests.bench.runner import say
from tests.bench.scale import Scale
from tests.bench.scratch import execute, settle
from tests.bench.timing import Pair, median_pair, seconds

_DELIVERIES = """
INSERT INTO events_delivery (id, subscriber_id, revision_id, state, message_id, attempts, next_attempt_at, error)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::smallint[],
                     %s::timestamptz[], %s::text[])
"""
_LINKS = """
INSERT INTO events_delivery_subscriptions (delivery_id, subscription_id)
SELECT * FROM unnest(%s::bigint[], %s::bigint[])
"""

Rows = list[tuple[Any, ...]]


def run(scale: Scale) -> list[Result]:
    """Milliseconds a revision, against the floor and against fewer subscriptions."""
    record = bulk.start(scale.people)
    measured: list[Pair] = []
    for size in scale.subscriptions:
        say(f"matching: {size:,} subscriptions")
        audience.fill(record, size, scale.matching)
        measured.append(_measure(record, scale.matching, scale.rounds))
    small, large = scale.subscriptions
    results = [
        Result(
            "matching", f"{scale.matching:,} of {size:,} match", "inserting the same rows", *pair.milliseconds(), "ms", at_most(3),
        )
        for size, pair in zip(scale.subscriptions, measured, strict=True)
    ]  # fmt: skip
    growth = Result(
        "matching", "growth", f"{small:,} -> {large:,} subscriptions", measured[1].ours * 1e3, measured[0].ours * 1e3,
        "ms", at_most(1.5),
    )  # fmt: skip
    return [*results, growth]


def _measure(record: bulk.Record, matching: int, rounds: int) -> Pair:
    """Medians of so many rounds, after one that is not counted."""
    pairs = [_round(record, matching) for _ in range(rounds + 1)][1:]
    return median_pair(pairs)


def _round(record: bulk.Record, expected: int) -> Pair:
    seq = publish(bulk.draft(record, record.person, record.organization), record.author).seq
    ours = seconds(lambda: match_revision(seq))
    deliveries, links = _written(seq)
    if len(deliveries) != expected:
        raise RuntimeError(f"{len(deliveries)} subscribers matched, not {expected}")
    _forget(seq)
    theirs = seconds(lambda: _insert(deliveries, links))
    _forget(seq)
    return Pair(ours, theirs)


def _written(seq: int) -> tuple[Rows, Rows]:
    deliveries = execute(
        "SELECT id, subscriber_id, revision_id, state, message_id, attempts, next_attempt_at, error"
        " FROM events_delivery WHERE revision_id = %s",
        [seq],
    )
    links = execute(
        "SELECT delivery_id, subscription_id FROM events_delivery_subscriptions JOIN events_delivery"
        " ON events_delivery.id = delivery_id WHERE revision_id = %s",
        [seq],
    )
    return deliveries, links


def _insert(deliveries: Rows, links: Rows) -> None:
    with transaction.atomic():
        execute(_DELIVERIES, [list(column) for column in zip(*deliveries, strict=True)])
        execute(_LINKS, [list(column) for column in zip(*links, strict=True)])


def _forget(seq: int) -> None:
    Delivery.objects.filter(revision_id=seq).delete()
    settle(Delivery, Delivery.subscriptions.through)
