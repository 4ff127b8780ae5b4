"""An event that very many subscriptions match.

Time: a worker process of its own fills the outbox, against inserting the same rows by one statement. Memory: that
process' peak, against the peak with a smaller audience. Delay: one worker has begun the large one when another alert
comes; from then until the other's deliveries are written, against the time that a worker takes for itself at once.

python -m tests.bench.crowds DATABASE SEQ      the worker process
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.bench.peak import high_water
from tests.bench.results import Result, at_most
from tests.bench.timing import Pair, median_pair, seconds

if TYPE_CHECKING:
    from tests.bench.bulk import Record

ROUNDS = 3
MEGABYTE = 1_000_000


def run(record: Record, sizes: tuple[int, int]) -> list[Result]:
    """For the two last organizations of the record, which nobody follows yet."""
    from events.alerts.matching import SLICE
    from tests.bench import audience
    from tests.bench.runner import say

    peaks = []
    for organization, size in zip(record.organizations[-2:], sizes, strict=True):
        say(f"matching: {size:,} of one event")
        audience.crowd(organization, size)
        filled, peak = _fill(record, organization, size)
        peaks.append(peak / MEGABYTE)
    few, many = (f"{size:,}" for size in sizes)
    waited = median_pair([Pair(_delay(record), SLICE) for _ in range(ROUNDS)])
    return [
        Result("matching", f"{many} of one event", "inserting the same rows", *filled.milliseconds(), "ms", at_most(3), filled.error),
        Result("matching", f"{many} of one event, peak memory", f"{few} of one event", peaks[1], peaks[0], "MB", at_most(1.1)),
        Result("matching", f"an alert behind {many}", "a worker's slice of time", *waited.milliseconds(), "ms", at_most(2), waited.error),
    ]  # fmt: skip


def _fill(record: Record, organization: int, size: int) -> tuple[Pair, int]:
    """Medians of the times, and the highest peak in bytes."""
    from tests.bench.outbox import forget, insert, written

    pairs, peaks = [], []
    for _ in range(ROUNDS):
        seq = _publish(record, record.people[-1], organization)
        ours, peak = _in_a_worker(seq)
        rows = written(seq)
        if len(rows) != size:
            raise RuntimeError(f"{len(rows)} subscribers matched, not {size}")
        forget(seq)
        pairs.append(Pair(ours, seconds(lambda rows=rows: insert(rows))))  # type: ignore[misc]
        peaks.append(peak)
        forget(seq)
    return median_pair(pairs), max(peaks)


def _delay(record: Record) -> float:
    """Seconds until another alert's deliveries are written by the one worker that has begun the large one's."""
    from events.alerts.matching import due_revisions, match_revision
    from tests.bench.outbox import forget

    large = _publish(record, record.people[-1], record.organizations[-1])
    other = _publish(record, record.person, record.organization)

    def work() -> None:
        match_revision(large)
        while (turn := due_revisions()[0]) != other:
            match_revision(turn)
        match_revision(other)

    taken = seconds(work)
    while due := due_revisions():
        match_revision(due[0])
    forget(large)
    forget(other)
    return taken


def _publish(record: Record, person: int, organization: int) -> int:
    from events.record.publishing import publish
    from tests.bench.bulk import draft

    return publish(draft(record, person, organization), record.author).seq


def _in_a_worker(seq: int) -> tuple[float, int]:
    """Seconds and peak bytes of a fresh process that matches the revision."""
    from django.db import connection

    from tests.bench.scratch import environment

    command = [sys.executable, "-m", "tests.bench.crowds", str(connection.settings_dict["NAME"]), str(seq)]
    done = subprocess.run(command, env=environment(), stdout=subprocess.PIPE, check=True)
    taken, peak = json.loads(done.stdout)
    return taken, peak


def main(database: str, seq: int) -> None:
    """Matches the revision to the end; prints seconds and peak bytes as JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    connection.ensure_connection()
    from events.alerts.matching import is_due, match_revision

    def work() -> None:
        while is_due(seq):
            match_revision(seq)

    print(json.dumps([seconds(work), high_water()]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
