"""The whole record as NDJSON through the application, without a socket; and the peak memory of a process that does it.

Floor: `COPY (SELECT the same columns of the same rows in the same order) TO STDOUT` on the same connection, read to its
end and thrown away, as our answer is. Memory is that of a fresh process that reads the whole export, against the bound
that the project set itself.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.bench.results import Result, at_least, at_most
from tests.bench.scale import Scale

ADDRESS = "/api/v1/export/events.ndjson"
MEMORY = 200e6
_COPY = """
COPY (SELECT payload, seq, recorded_at FROM events_event JOIN events_revision ON seq = head_id
      WHERE status <> 'retracted' ORDER BY events_event.id) TO STDOUT
"""
_FULL = 100_000
"""Events from which on one repetition is long enough for few of them to do."""


def run(scale: Scale) -> list[Result]:
    """Events a second, and megabytes."""
    from django.db import connection

    from events.models.access import ApiKey
    from tests.bench import bulk
    from tests.bench.http import Site
    from tests.bench.runner import say
    from tests.bench.timing import compare

    size = scale.events[1]
    site, record = Site(), bulk.start(people=scale.people)
    say(f"export: a record of {size:,} events")
    bulk.grow(record, size)
    _, key = ApiKey.issue(record.author, "bench", ["export"])

    def copied() -> None:
        with connection.cursor() as cursor, cursor.copy(_COPY) as stream:
            if _lines(stream) != size:
                raise RuntimeError("COPY did not give every event")

    def ours() -> None:
        if _lines(site.stream(ADDRESS, key)) != size:
            raise RuntimeError("the export did not give every event")

    pair = compare(ours, copied, 3 if size >= _FULL else scale.rounds)
    say("export: memory")
    peak = _peak(str(connection.settings_dict["NAME"]), key, size)
    measure = f"{size:,} events"
    return [
        Result("export", measure, "COPY TO STDOUT", *pair.rates(size), "events/s", at_least(0.5), pair.error),
        Result("export", "peak memory", "the bound", peak / 1e6, MEMORY / 1e6, "MB", at_most(1)),
    ]


def _lines(chunks: Iterable[bytes | memoryview]) -> int:
    return sum(bytes(chunk).count(b"\n") for chunk in chunks)


def _peak(database: str, key: str, size: int) -> int:
    """The peak resident size, in bytes, of a fresh process that reads the whole export."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.export", database],
        env=os.environ | {"BENCH_KEY": key},
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[2],
        check=True,
    )
    lines, peak = map(int, done.stdout.split())
    if lines != size:
        raise RuntimeError("the export did not give every event")
    return peak


def main(database: str) -> None:
    """Reads the export from that database; prints how many lines there were, and the peak."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    from django.db import connection

    from tests.bench.http import Site
    from tests.bench.peak import high_water

    connection.settings_dict["NAME"] = database
    lines = _lines(Site().stream(ADDRESS, os.environ["BENCH_KEY"]))
    print(lines, high_water())


if __name__ == "__main__":
    main(sys.argv[1])
