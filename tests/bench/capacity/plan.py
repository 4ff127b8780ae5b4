"""What saturates first at each step, and how many of each it takes: costs and demand put together."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass

from tests.bench import report as tables
from tests.bench.capacity.costs import Cost, Costs
from tests.bench.capacity.demand import DAY, STEPS, YEAR, Demand, Step, World, demand, short
from tests.bench.capacity.queueing import Stage, servers_needed, simulate, utilisation, wait

MOST = 0.7
"""The share of their time that servers shall work in the busiest hour, so that queues stay short."""
_WEEK_TO_OFFICE = 24 * 7 / 40
"""Curators work 40 hours of a week."""
_GB = 1e9
_JOBS = 20_000


@dataclass(frozen=True)
class Shape:
    """How many of each there are. The defaults are docker-compose.yml's, on a machine with four cores."""

    fetch: int = 4
    """Processes of workers of that queue, and so on."""
    extract: int = 2
    alerts: int = 2
    web: int = 2
    """Processes of gunicorn; the threads of one share a core."""
    database: int = 2
    """Cores that PostgreSQL has for itself."""
    ledger: int = 1
    """Revisions are numbered one after the other, whatever there is of the rest."""
    curators: int = 4


@dataclass(frozen=True)
class Load:
    """Of one resource: jobs a second in the busiest hour, and the seconds that one takes on average."""

    rate: float
    seconds: float


def loads(need: Demand, costs: Costs, world: World) -> dict[str, Load]:
    """By the names of Shape's fields."""
    busy = world.peak
    parts: dict[str, list[tuple[float, float]]] = {
        "fetch": [
            (need.polls, _both(costs.poll) + world.site_seconds),
            (need.articles, _both(costs.fetch) + world.site_seconds),
        ],
        "extract": [(need.articles, _both(costs.extract))],
        "alerts": [
            (need.revisions, _both(costs.match)),
            (need.deliveries, _both(costs.deliver)),
            (need.mails, _both(costs.mail) + world.smtp_seconds),
        ],
        "web": [(rate, _both(cost)) for rate, cost in _reads(need, costs, world)],
        "database": [(rate, cost.database) for rate, cost in _all(need, costs, world)],
        "ledger": [(need.revisions, _both(costs.publish))],
        "curators": [(need.candidates, world.curator_seconds * _WEEK_TO_OFFICE / busy)],
    }
    return {name: _together(jobs, busy) for name, jobs in parts.items()}


def needed(found: dict[str, Load], most: float = MOST) -> Shape:
    """The smallest shape that works at most that share of its time in the busiest hour; the ledger stays one."""
    counts = {name: servers_needed(load.rate, load.seconds, most) for name, load in found.items()}
    return Shape(**{**counts, "ledger": 1})


def uses(found: dict[str, Load], shape: Shape) -> dict[str, float]:
    """The share of its time that each resource works, the busiest first; 1 and more breaks."""
    shares = {
        name: utilisation(load.rate, load.seconds, getattr(shape, name)) for name, load in found.items()
    }
    return dict(sorted(shares.items(), key=lambda pair: -pair[1]))


def disk(step: Step, need: Demand, costs: Costs, world: World) -> dict[str, float]:
    """Bytes: of the record, of what feeds brought in a year, of subscribers, of alerts in a year; and the write-ahead
    log of a day."""
    size = costs.bytes
    return {
        "record": step.events * (size["event"] + world.revisions_an_event * size["revision"]),
        "documents a year": need.articles * YEAR * (size["document"] + size["item"])
        + need.candidates * YEAR * size["candidate"]
        + need.polls * 30 * DAY * size["run"],
        "readers": step.subscriptions * (size["subscription"] + size["subscriber"] / 2)
        + step.feeds * size["feed"],
        "alerts a year": need.deliveries * YEAR * size["delivery"],
        "log a day": DAY * sum(rate * cost.wal for rate, cost in _all(need, costs, world)),
    }


def crowd_seconds(need: Demand, costs: Costs, world: World, shape: Shape) -> float:
    """Until the last of the largest audience has its mail, when all workers for alerts write and send."""
    each = _both(costs.deliver) + world.mails_an_alert * (_both(costs.mail) + world.smtp_seconds)
    return need.crowd * each / shape.alerts


def delays(need: Demand, costs: Costs, world: World, shape: Shape, jobs: int = _JOBS) -> tuple[float, float]:
    """Median and 95th percentile of the seconds from an entry's appearance in a polled feed to its candidate, simulated
    in the busiest hour, with entries that come five at a time."""
    polls = need.polls * world.peak * (_both(costs.poll) + world.site_seconds)
    left = max(1, math.floor(shape.fetch - polls))
    stages = (
        Stage("fetch", left, _both(costs.fetch) + world.site_seconds),
        Stage("extract", shape.extract, _both(costs.extract)),
    )
    took = simulate(stages, need.articles * world.peak, jobs, burst=5)[-1]
    return statistics.median(took), statistics.quantiles(took, n=20)[-1]


def report(costs: Costs, world: World | None = None) -> str:
    """The tables of docs/scale.md."""
    world = world or World()
    parts = [
        _title("Costs", costs.machine),
        _costs(costs),
        "As shipped: the share of its time that each works in the busiest hour (above 100 %: it breaks, the first first)",
        _shipped(costs, world),
        f"What it takes, each working at most {MOST:.0%} of its time in the busiest hour",
        _plan(costs, world),
        "On disk",
        _disk(costs, world),
    ]
    return "\n\n".join(parts)


def _title(text: str, machine: dict[str, object]) -> str:
    return f"{text} (measured on {machine.get('cpu', 'an unknown machine')}, load {machine.get('load', '?')})"


def _costs(costs: Costs) -> str:
    rows = [("stage", "worker ms", "PostgreSQL ms", "log KB")]
    for name in (
        "poll", "fetch", "extract", "publish", "match", "deliver", "mail", "timeline", "search", "changes",
    ):  # fmt: skip
        cost: Cost = getattr(costs, name)
        rows.append((name, f"{cost.worker * 1e3:.3g}", f"{cost.database * 1e3:.3g}", f"{cost.wal / 1e3:.3g}"))
    sizes = ", ".join(f"{name} {value / 1e3:.3g}" for name, value in costs.bytes.items())
    return tables.aligned(rows, {1, 2, 3}) + f"\n\nKB of a row with its indexes: {sizes}"


def _shipped(costs: Costs, world: World) -> str:
    rows: list[tuple[str, ...]] = [("events / subscriptions / feeds", "busiest", "then", "", "", "")]
    for step in STEPS:
        found = uses(loads(demand(step, world), costs, world), Shape())
        rows.append((str(step), *[f"{name} {share:,.0%}" for name, share in list(found.items())[:5]]))
    return tables.aligned(rows, set())


def _plan(costs: Costs, world: World) -> str:
    names = ("fetch", "extract", "alerts", "web", "database", "curators")
    rows: list[tuple[str, ...]] = [
        (
            "events / subscriptions / feeds",
            *names,
            "ledger",
            "waits there",
            "entry to candidate",
            "largest audience",
        )
    ]
    for step in STEPS:
        need = demand(step, world)
        found = loads(need, costs, world)
        shape = needed(found)
        lock = found["ledger"]
        median, late = delays(need, costs, world, shape)
        rows.append(
            (
                str(step),
                *[str(getattr(shape, name)) for name in names],
                f"{utilisation(lock.rate, lock.seconds, 1):.1%}",
                _span(wait(lock.rate, lock.seconds, 1)),
                f"{_span(median)} (95 %: {_span(late)})",
                f"{short(need.crowd)} mails: {_span(crowd_seconds(need, costs, world, shape))}",
            )
        )
    return tables.aligned(rows, set(range(1, 9)))


def _disk(costs: Costs, world: World) -> str:
    rows: list[tuple[str, ...]] = []
    for step in STEPS:
        found = disk(step, demand(step, world), costs, world)
        if not rows:
            rows.append(("events / subscriptions / feeds", *(f"{name}, GB" for name in found)))
        rows.append((str(step), *(tables.number(value / _GB) for value in found.values())))
    return tables.aligned(rows, set(range(1, 6)))


def _both(cost: Cost) -> float:
    """A worker waits for its PostgreSQL backend."""
    return cost.worker + cost.database


def _reads(need: Demand, costs: Costs, world: World) -> list[tuple[float, Cost]]:
    return [
        (need.reads * world.timelines, costs.timeline),
        (need.reads * world.searches, costs.search),
        (need.reads * world.streams, costs.changes),
    ]


def _all(need: Demand, costs: Costs, world: World) -> list[tuple[float, Cost]]:
    return [
        (need.polls, costs.poll),
        (need.articles, costs.fetch.plus(costs.extract)),
        (need.revisions, costs.publish.plus(costs.match)),
        (need.deliveries, costs.deliver),
        (need.mails, costs.mail),
        *_reads(need, costs, world),
    ]


def _together(jobs: list[tuple[float, float]], busy: float) -> Load:
    """All jobs of one resource as one stream."""
    rate = sum(rate for rate, _ in jobs)
    work = sum(rate * seconds for rate, seconds in jobs)
    return Load(rate * busy, work / rate if rate else 0.0)


def _span(seconds: float) -> str:
    if math.isinf(seconds):
        return "for ever"
    for size, name in ((3600, "h"), (60, "min"), (1, "s")):
        if seconds >= size:
            return f"{seconds / size:.3g} {name}"
    return f"{seconds * 1e3:.2g} ms" if seconds < 0.1 else f"{seconds * 1e3:.0f} ms"
