"""Matching one revision against many subscriptions of mixed kinds, of which 1,000 match, outbox rows written.

Floor: inserting those same rows by one plain INSERT statement, on the same connection. Each repetition publishes
another event about the same person and organization (not timed), matches it, reads its rows, deletes them, inserts
them again by hand, and deletes them. Growth: matching with many more subscriptions, of which the same 1,000 match;
the sizes are measured one after the other. Large audiences: see `crowds`.
"""

from __future__ import annotations

from events.alerts.matching import match_revision
from events.record.publishing import publish
from tests.bench import audience, bulk, crowds
from tests.bench.outbox import forget, insert, written
from tests.bench.results import Result, at_most
from tests.bench.runner import say
from tests.bench.scale import Scale
from tests.bench.timing import Pair, median_pair, seconds


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
    return [*results, growth, *crowds.run(record, scale.crowd)]


def _measure(record: bulk.Record, matching: int, rounds: int) -> Pair:
    """Medians of so many rounds, after one that is not counted."""
    pairs = [_round(record, matching) for _ in range(rounds + 1)][1:]
    return median_pair(pairs)


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
