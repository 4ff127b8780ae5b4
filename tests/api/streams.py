"""Readers of the change stream over HTTP, and writers in threads of their own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from django.db import connection

DEADLINE = 30.0
"""Seconds after which a test that still waits has failed."""


@dataclass
class Reader:
    """Follows `changes/` by its cursor."""

    base: str
    cursor: int = 0
    seen: list[dict[str, Any]] = field(default_factory=list)

    def read(self, **parameters: int) -> list[int]:
        """One page; the numbers of its revisions."""
        query = {"cursor": self.cursor, **parameters}
        answer = httpx.get(f"{self.base}/api/v1/changes/", params=query, timeout=DEADLINE)
        answer.raise_for_status()
        page = answer.json()
        self.seen += page["results"]
        self.cursor = page["cursor"]
        return [item["seq"] for item in page["results"]]

    def read_until(self, count: int) -> list[int]:
        """Pages, waiting for each, until so many revisions were seen; the numbers of all."""
        end = time.monotonic() + DEADLINE
        while len(self.seen) < count and time.monotonic() < end:
            self.read(wait=2, page_size=7)
        return [item["seq"] for item in self.seen]


def in_thread(work: Callable[[], Any]) -> threading.Thread:
    """Runs work in a thread with a database connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def until(true: Callable[[], bool]) -> bool:
    """Whether it becomes true before the deadline."""
    end = time.monotonic() + DEADLINE
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@dataclass
class Event:
    """One Server-Sent Event."""

    id: str
    event: str
    data: str


class Events:
    """A stream of events that is open."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines
        self.comments = 0

    def next(self) -> Event | None:
        """The next event; None where the stream has ended."""
        fields: dict[str, str] = {}
        for line in self.lines:
            name, _, value = line.partition(": ")
            if line.startswith(":"):
                self.comments += 1
            elif line:
                fields[name] = value
            elif "data" in fields:
                return Event(**fields)
            else:
                fields.clear()  # as a browser does with a block that has no data
        return None

    def comment(self) -> None:
        """Reads on to the next comment."""
        for line in self.lines:
            if line.startswith(":"):
                self.comments += 1
                return


@contextmanager
def opened(base: str, query: str = "", **headers: str) -> Iterator[tuple[httpx.Response, Events]]:
    """The change stream as events, open while the block runs."""
    sent = {"accept": "text/event-stream"} | {name.replace("_", "-"): text for name, text in headers.items()}
    with httpx.stream("GET", f"{base}/api/v1/changes/{query}", headers=sent, timeout=DEADLINE) as answer:
        yield answer, Events(answer.iter_lines())
