"""The desk's keys: milliseconds of server time with 10,000 open candidates; one process, no socket.

A key that takes a step is counted with the page that it leads to: the form, its redirect, the next candidate. Growth:
against the same key on a desk with 100. Floor: the queue's page beside a bare view behind the same middleware that runs
the very SQL and returns the very bytes. Goal: the slowest key answers within 100 ms.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models.candidates import Candidate
from tests import scenes
from tests.bench import bulk, candidates
from tests.bench.results import Result, at_least, at_most
from tests.bench.runner import say
from tests.bench.scale import Scale
from tests.bench.timing import Pair, compare, growth, repeated

FEW, MANY = 100, 10_000
"""Open candidates."""
LIMIT = 100.0
"""Milliseconds within which a key is to answer."""
EACH = 3
"""Repetitions of a key for each of the scale's rounds."""
_sql: list[str] = []
_page: list[bytes] = []


def run(scale: Scale) -> list[Result]:
    """Each key's growth, the queue against the floor, and the slowest against the limit."""
    record = bulk.start(scale.people)
    desk = Desk()
    times: dict[int, dict[str, list[float]]] = {}
    for size in (FEW, MANY):
        say(f"desk: {size:,} open candidates")
        candidates.wait(record, size)
        times[size] = {
            name: repeated(key, scale.rounds * EACH, warm_up=3) for name, key in desk.keys().items()
        }
    results = [
        Result("desk", f"{name}, {MANY:,} open", f"{FEW} open", *growth(times[FEW][name], found).milliseconds(),
               "ms", at_most(1.5))
        for name, found in times[MANY].items()
    ]  # fmt: skip
    pair = _against_bare(desk, scale.rounds * EACH)
    floor = ("bare view, same SQL and bytes", *pair.rates(1), "pages/s", at_least(0.25))
    results.append(Result("desk", f"queue, {MANY:,} open", *floor))
    slowest = max(times[MANY], key=lambda name: statistics.median(times[MANY][name]))
    taken = statistics.median(times[MANY][slowest]) * 1e3
    results.append(Result("desk", f"slowest key: {slowest}", "100 ms", taken, LIMIT, "ms", at_most(1)))
    return results


class Desk:
    """A curator at work: each key is a callable that does what the page of the desk does for it."""

    def __init__(self) -> None:
        self.client = Client(SERVER_NAME="127.0.0.1")
        self.client.force_login(scenes.curator("bench"))
        self.at = 0

    def keys(self) -> dict[str, Callable[[], object]]:
        """By what they do. The queue is opened first, and its first candidate looked at."""
        self.queue()
        self.at = next(iter(Candidate.objects.filter(state="open").values_list("pk", flat=True)[:1]))
        return {
            "queue": self.queue,
            "open": self.open,
            "edit": lambda: self.read(f"/desk/candidates/{self.at}/?edit", {"X-Desk-Part": "edit"}),
            "next page of the queue": self.following,
            "next candidate": self.onward,
            "accept and the next": lambda: self.step("accept"),
            "reject and the next": lambda: self.step("reject", reason="an opinion"),
            "defer and the next": lambda: self.step("defer", until=_tomorrow()),
            "undo": self.undo,
            "counts": lambda: self.read("/desk/counts/"),
        }

    def read(self, address: str, headers: dict[str, str] | None = None) -> bytes:
        """A page. Raises RuntimeError for another status than 200."""
        answer = self.client.get(address, headers=headers)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} gives {answer.status_code}")
        return bytes(answer.content)

    def queue(self) -> bytes:
        """The first page of the queue."""
        return self.read("/desk/")

    def following(self) -> bytes:
        """A page of the queue some stories on."""
        return self.read(f"/desk/?state=open&after={self.at}")

    def open(self) -> bytes:
        """A candidate's page."""
        return self.read(f"/desk/candidates/{self.at}/")

    def onward(self) -> None:
        """From a candidate to the next, and its page."""
        at = self.at
        self.go(self.client.get(f"/desk/candidates/{at}/next/"))
        if self.at == at:
            raise RuntimeError("a candidate without a next one")

    def step(self, verb: str, **fields: str) -> None:
        """Takes a step on the candidate, and reads the page of the next one, to which it leads."""
        version = Candidate.objects.values_list("version", flat=True).get(pk=self.at)
        self.go(self.client.post(f"/desk/candidates/{self.at}/{verb}/", {"version": version, **fields}))

    def go(self, answer: Any) -> None:
        """Follows an answer to a candidate's page. Raises RuntimeError for one that leads elsewhere."""
        if answer.status_code != 302 or "/desk/candidates/" not in answer.headers["Location"]:
            raise RuntimeError(f"{answer.status_code}: {answer.content[:300]!r}")
        self.at = int(answer.headers["Location"].rstrip("/").rpartition("/")[2])
        self.open()

    def undo(self) -> None:
        """Takes the last step back, and reads the page that it leads to."""
        answer = self.client.post("/desk/undo/")
        if answer.status_code != 302:
            raise RuntimeError(f"undo gives {answer.status_code}")
        self.read(answer.headers["Location"])


def bare(request: HttpRequest) -> HttpResponse:
    """The floor of the queue's page."""
    with connection.cursor() as cursor:
        for statement in _sql:
            cursor.execute(statement)
            if cursor.description:
                cursor.fetchall()
    return HttpResponse(_page[0])


def _against_bare(desk: Desk, rounds: int) -> Pair:
    with CaptureQueriesContext(connection) as captured:
        _page[:] = [desk.queue()]
    _sql[:] = [query["sql"] for query in captured.captured_queries if query["sql"] != "SELECT 1"]
    return compare(desk.queue, lambda: desk.read("/bench/bare/desk/"), rounds)


def _tomorrow() -> str:
    return (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
