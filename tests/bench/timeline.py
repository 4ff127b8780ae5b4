"""Timeline page of 50 entries, newest first, of one person among many; one process, no socket.

Floor: a bare Django view behind the same middleware that runs the very SQL that the API ran and returns the very
bytes; it checks nothing, counts no rates, and gives no ETag. Peer: a stock DRF ModelViewSet that builds the same
entries from the record's tables (see `tests.bench.stock`). All three are called through the WSGI application in
turn; that bytes and entries are equal is checked before the clock runs. Growth: the same person's page (200 events
at both sizes), and a page of an organization with one event in a hundred, on a larger record; the two sizes are
measured one after the other, since they are one database.
"""

from __future__ import annotations

import json
from functools import partial

from tests.bench import bare, bulk
from tests.bench.http import Site
from tests.bench.results import Result, at_least, at_most
from tests.bench.runner import say
from tests.bench.scale import Scale
from tests.bench.timing import compare, growth, repeated

EACH = 8
"""Repetitions, of one page each, for each of the scale's rounds: short ones, so that a disturbance hits few."""


def run(scale: Scale) -> list[Result]:
    """Rates against floor and peer at the smaller and the larger size, and growth."""
    small, large = scale.events
    site, record = Site(), bulk.start(scale.people)
    results: list[Result] = []
    times: dict[str, list[list[float]]] = {"person": [], "organization": []}
    addresses = {
        "person": f"/api/v1/executives/{record.person}/timeline/",
        "organization": f"/api/v1/organizations/{record.organization}/timeline/",
    }
    for size in (small, large):
        say(f"timeline: a record of {size:,} events")
        bulk.grow(record, size)
        results += _against_others(site, record.person, addresses["person"], size, scale.rounds)
        for name, address in addresses.items():
            read = partial(site.get, address)
            times[name].append(repeated(read, scale.rounds * EACH, EACH))
    for name, (before, after) in times.items():
        pair = growth(before, after)
        results.append(
            Result(
                "timeline", f"{name}'s page, growth", f"{small:,} -> {large:,} events", *pair.milliseconds(), "ms",
                at_most(1.5), pair.error,
            )
        )  # fmt: skip
    return results


def _against_others(site: Site, person: int, address: str, size: int, rounds: int) -> list[Result]:
    floor, peer = "/bench/bare/timeline/", f"/bench/stock/{person}/"
    _prepare(site, address, floor, peer)

    def ours() -> bytes:
        return site.get(address)

    bare_pair = compare(ours, lambda: site.get(floor), rounds * EACH, EACH)
    stock_pair = compare(ours, lambda: site.get(peer), rounds * 2)
    found = [
        ("bare view, same SQL and bytes", bare_pair, 0.6),
        ("stock DRF ModelViewSet, same entries", stock_pair, 4.0),
    ]
    measure = f"page of 50, {size:,} events"
    return [
        Result("timeline", measure, against, *pair.rates(1), "pages/s", at_least(goal), pair.error)
        for against, pair, goal in found
    ]


def _prepare(site: Site, address: str, floor: str, peer: str) -> None:
    """Gives the bare view its SQL, and makes sure that all three say the same."""
    body = site.get(address)
    said = json.loads(body)
    bare.statements["timeline"] = site.statements(address)
    bare.links["timeline"] = said["next"]
    if site.get(floor) != body:
        raise RuntimeError("the bare view returns other bytes than the API")
    for mine, other in zip(said["results"], json.loads(site.get(peer))["results"], strict=True):
        if mine != other:
            fields = [name for name in {**mine, **other} if mine.get(name) != other.get(name)]
            raise RuntimeError(f"the ModelViewSet returns other entries than the API, see {fields}")
