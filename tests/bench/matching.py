"""Matching one revision against many subscriptions of mixed kinds, of which 1,000 match, outbox rows written.

Floor: inserting those same rows by one plain INSERT statement, on the same connection. Each repetition publishes
another event about the same person and organization (not timed), matches it, reads its rows, deletes them, inserts
them again by hand, and deletes them. Growth: matching with many more subscriptions, of which the same 1,000 match;
the sizes are measured one after the other. Large audiences: see `crowds`. Peer: naive matching, every subscription
looked at in Python (see `naive`), which must find the same subscribers.
"""

from __future__ import annotations

from events.alerts.matching import match_revision
from events.record.publishing import publish
from tests.bench import audience, bulk, crowds, naive
from tests.bench.outbox import forget, insert, written
from tests.bench.results import Result, at_least, at_most
from tests.bench.runner import say
from tests.bench.scale import Scale
from tests.bench.timing import Pair, growth, median_pair, seconds

_NAIVE_ROUNDS = 3


def run(scale: Scale) -> list[Result]:
    """Milliseconds a revision, against the floor and against fewer subscriptions."""
    record = bulk.start(scale.people)
    measured: list[list[Pair]] = []
    looked_at: list[Result] = []
    for size in scale.subscriptions:
        say(f"matching: {size:,} subscriptions")
        audience.fill(record, size, scale.matching)
        # The first repetition is not counted.
        measured.append([_round(record, scale.matching) for _ in range(scale.rounds + 1)][1:])
        pair = median_pair([_naive_round(record, scale.matching) for _ in range(_NAIVE_ROUNDS)])
        looked_at.append(
            Result(
                "matching", f"revisions matched, {size:,} subscriptions", "naive: all looked at in Python",
                *pair.rates(1), "revisions/s", at_least(1), pair.error,
            )
        )  # fmt: skip
    results = [
        Result(
            "matching", f"{scale.matching:,} of {size:,} match", "inserting the same rows", *pair.milliseconds(), "ms",
            at_most(3), pair.error,
        )
        for size, pair in zip(scale.subscriptions, map(median_pair, measured), strict=True)
    ]  # fmt: skip
    small, large = scale.subscriptions
    pair = growth(*([one.ours for one in pairs] for pairs in measured))
    grown = Result(
        "matching", "growth", f"{small:,} -> {large:,} subscriptions", *pair.milliseconds(), "ms", at_most(1.5),
        pair.error,
    )  # fmt: skip
    return [*results, grown, *looked_at, *crowds.run(record, scale.crowd)]


def _round(record: bulk.Record, expected: int) -> Pair:
    seq = publish(bulk.draft(record, record.person, record.organization), record.author).seq
    ours = seconds(lambda: match_revision(seq))
    rows = written(seq)
    if len(rows) != expected:
        raise RuntimeError(f"{len(rows)} subscribers matched, not {expected}")
    forget(seq)
    theirs = seconds(lambda: insert(rows))
    forget(seq)
    return Pair(ours, theirs)


def _naive_round(record: bulk.Record, expected: int) -> Pair:
    seq = publish(bulk.draft(record, record.person, record.organization), record.author).seq
    ours = seconds(lambda: match_revision(seq))
    readers = {row[1] for row in written(seq)}
    forget(seq)
    theirs = seconds(lambda: naive.match(seq))
    if {row[1] for row in written(seq)} != readers or len(readers) != expected:
        raise RuntimeError("naive matching found other subscribers")
    forget(seq)
    return Pair(ours, theirs)
