"""Page of 50 of the change stream; one process, no socket.

Floor: the bare SQL, that is the very statement that the API ran, executed and fetched on the same connection, with
no byte of JSON read or written. Second floor, to tell what JSON costs from what the API costs: a bare Django view
behind the same middleware that returns the same bytes. Each repetition reads a page in the middle of the ledger.
"""

from __future__ import annotations

import json

from tests.bench import bare, bulk
from tests.bench.http import Site
from tests.bench.results import Result, at_least
from tests.bench.runner import say
from tests.bench.scale import Scale
from tests.bench.scratch import execute
from tests.bench.timing import compare

EACH = 8
"""Repetitions, of one page each, for each of the scale's rounds."""


def run(scale: Scale) -> list[Result]:
    """Revisions a second."""
    size = scale.events[1]
    site, record = Site(), bulk.start(people=100)
    say(f"changes: a ledger of {size:,} revisions")
    bulk.grow(record, size)
    address, floor = f"/api/v1/changes/?cursor={size // 2}", "/bench/bare/changes/"
    body = site.get(address)
    bare.statements["changes"] = site.statements(address)
    bare.links["changes"] = json.loads(body)["next"]
    if site.get(floor) != body:
        raise RuntimeError("the bare view returns other bytes than the API")
    [statement] = bare.statements["changes"]

    def ours() -> bytes:
        return site.get(address)

    sql = compare(ours, lambda: execute(statement), scale.rounds * EACH, EACH)
    view = compare(ours, lambda: site.get(floor), scale.rounds * EACH, EACH)
    measure = f"page of 50 of {size:,}"
    return [
        Result(
            "changes", measure, "the bare SQL", *sql.rates(bare.PAGE), "revisions/s", at_least(0.6), sql.error
        ),
        Result(
            "changes", measure, "bare view, same bytes", *view.rates(bare.PAGE), "revisions/s", error=view.error
        ),
    ]  # fmt: skip
