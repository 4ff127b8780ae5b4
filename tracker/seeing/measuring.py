"""What a web process counts of its own requests.

With PROMETHEUS_MULTIPROC_DIR set (as `tracker.seeing.gunicorn` does) all processes of one server count into files
of one directory, and each can give the sums; else a process tells its own figures alone.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds; the last is how long one statement of a web process may take."""

_PROCESS = CollectorRegistry()
_SECONDS = Histogram(
    "tracker_http_request_duration_seconds",
    "Time from a request to the beginning of its answer, by method, route and class of status",
    ["method", "route", "status"],
    buckets=BUCKETS,
    registry=_PROCESS,
)
_IN_PROGRESS = Gauge(
    "tracker_http_requests_in_progress",
    "Requests that are being answered",
    multiprocess_mode="livesum",
    registry=_PROCESS,
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Counts one request."""
    _SECONDS.labels(method, route, f"{status // 100}xx").observe(seconds)


def in_progress() -> AbstractContextManager[None]:
    """Counts one request while it is being answered."""
    return _IN_PROGRESS.track_inprogress()


def exposition() -> bytes:
    """The figures of all processes of this server, or of this one, in Prometheus' text format."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return generate_latest(_PROCESS)
    everyone = CollectorRegistry()
    MultiProcessCollector(everyone)  # type: ignore[no-untyped-call]
    return generate_latest(everyone)
