"""Waiting for the next revision: one thread of a process looks at the ledger's head for all who wait in it."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

from django.db import connection

from events.models.record import LedgerHead

logger = logging.getLogger(__name__)

INTERVAL = 0.25
"""Seconds between two looks at the head while somebody waits; nobody waits, nobody looks."""


class Watcher:
    """Tells those who wait that the ledger went past where they are.

    Its thread begins with the first who waits and ends after the last, and has its own database connection; while
    the database is away, waiting goes on. It survives a fork: the child begins with nobody waiting.
    """

    def __init__(self, head: Callable[[], int], interval: float = INTERVAL) -> None:
        self._read = head
        self._interval = interval
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._waiting = 0
        self._head = 0

    def wait(self, seq: int, timeout: float) -> bool:
        """Whether the ledger's head is past `seq`: at once, or as soon as it is, within `timeout` seconds.

        The caller should hold no database connection meanwhile.
        """
        with self._changed:
            self._waiting += 1
            if self._thread is None:
                self._head = 0  # what was seen before nobody looked may be long past
                self._thread = threading.Thread(target=self._watch, name="ledger-watcher", daemon=True)
                self._thread.start()
            try:
                return self._changed.wait_for(lambda: self._head > seq, timeout)
            finally:
                self._waiting -= 1

    def _watch(self) -> None:
        try:
            while self._look():
                time.sleep(self._interval)
        finally:
            connection.close()

    def _look(self) -> bool:
        """Reads the head and wakes whom it concerns; False, and no thread from then on, where nobody waits."""
        try:
            head = self._read()
        except Exception as error:
            # Whatever it is: a thread that dies here would leave all who wait without a word.
            logger.warning("the ledger's head cannot be read, waiting goes on: %s", error)
            connection.close()
            head = None
        with self._changed:
            if head is not None and head != self._head:
                self._head = head
                self._changed.notify_all()
            if not self._waiting:
                self._thread = None
            return self._thread is not None


class Places:
    """How many requests of this process may wait at a time: each takes up a thread of the server."""

    def __init__(self) -> None:
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._taken = 0

    def take(self, limit: int) -> Callable[[], None] | None:
        """What gives the place back, however often it is called; None where `limit` are taken."""
        with self._lock:
            if self._taken >= limit:
                return None
            self._taken += 1
        done = threading.Event()

        def release() -> None:
            with self._lock:
                if not done.is_set():
                    done.set()
                    self._taken -= 1

        return release


def head() -> int:
    """The last revision's number, 0 before the first."""
    return LedgerHead.objects.filter(id=1).values_list("seq", flat=True).first() or 0


watcher = Watcher(head)
places = Places()
