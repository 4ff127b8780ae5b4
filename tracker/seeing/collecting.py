"""All figures in Prometheus' text format: of the web processes, of the workers, of what there is to do."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import redis
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from tracker.seeing import broker, counting, figures, measuring

log = logging.getLogger(__name__)

TASKS = {
    counting.TASK_SECONDS: ("Time that tasks took, by task and how they ended", ["task", "state"]),
    counting.TASK_WAIT: ("Time from a message's writing to its task's beginning, by queue", ["queue"]),
}


class Service(Collector):
    """What is asked of PostgreSQL and Redis when somebody looks. A server that is away leaves its figures out."""

    def collect(self) -> Iterator[Metric]:
        """The metrics, as they are now or were some seconds ago."""
        rows, database = figures.all_rows()
        yield from _figures(rows)
        try:
            found = [*_queues(), *_workers(), *_counts(counting.read())]
        except (redis.RedisError, broker.BrokerAway) as error:
            log.warning("figures of the broker are missing: %s", type(error).__name__)
            found = []
        yield from found
        up = GaugeMetricFamily("tracker_up", "Whether a server of ours answers", labels=["part"])
        up.add_metric(["database"], float(database))
        up.add_metric(["broker"], float(bool(found)))
        yield up


_SERVICE = CollectorRegistry()
_SERVICE.register(Service())


def exposition() -> bytes:
    """The whole page."""
    return measuring.exposition() + generate_latest(_SERVICE)


def _figures(rows: dict[str, list[figures.Row]]) -> Iterator[Metric]:
    for figure in figures.FIGURES:
        if figure.name in rows:
            family = GaugeMetricFamily(
                figure.name, figure.says, labels=[figure.label] if figure.label else []
            )
            for label, number in rows[figure.name]:
                family.add_metric([label] if figure.label else [], number)
            yield family


def _queues() -> list[Metric]:
    messages = GaugeMetricFamily("tracker_queue_messages", "Messages that wait, by queue", labels=["queue"])
    ages = GaugeMetricFamily(
        "tracker_queue_age_seconds", "For how long a queue's oldest message has waited", labels=["queue"]
    )
    for queue in broker.queues():
        messages.add_metric([queue.name], queue.messages)
        if queue.age is not None:
            ages.add_metric([queue.name], queue.age)
    taken = GaugeMetricFamily(
        "tracker_messages_unacknowledged", "Messages that workers have taken and not finished"
    )
    taken.add_metric([], broker.unacknowledged())
    return [messages, ages, taken]


def _workers() -> list[Metric]:
    now, alive = time.time(), GaugeMetricFamily("tracker_workers", "Workers heard of in the last minute")
    alive.add_metric([], sum(now - at < 60 for at in broker.workers().values()))
    tick, last = (
        GaugeMetricFamily(
            "tracker_clock_last_tick_timestamp_seconds", "When the clock (beat) last sent a tick"
        ),
        broker.last_tick(),
    )
    if last is not None:
        tick.add_metric([], last)
    return [alive, tick]


def _counts(counts: dict[tuple[str, ...], float]) -> list[Metric]:
    told = CounterMetricFamily(
        counting.OUTCOMES, "Outcomes of each stage's work", labels=["stage", "outcome"]
    )
    for (metric, *labels), number in sorted(counts.items()):
        if metric == counting.OUTCOMES:
            told.add_metric(labels, number)
    return [told, *(_distribution(name, counts) for name in TASKS)]


def _distribution(name: str, counts: dict[tuple[str, ...], float]) -> Metric:
    says, labels = TASKS[name]
    family = HistogramMetricFamily(name, says, labels=labels)
    for (metric, *values), total in sorted(counts.items()):
        if metric != f"{name}_sum":
            continue
        reached, buckets = 0.0, []
        for bound in (*map(str, counting.TASK_BUCKETS), "+Inf"):
            reached += counts.get((f"{name}_bucket", *values, bound), 0.0)
            buckets.append((bound, reached))
        family.add_metric(values, buckets=buckets, sum_value=total)
    return family
