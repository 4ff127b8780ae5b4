"""Questions with a deadline: a server that hangs must hang neither a probe nor a page of figures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

CONNECT_SECONDS = 2
T = TypeVar("T")


class Question(Generic[T]):
    """Asks in a thread of its own, and waits for a while. Whoever asks while the thread is at it gets its answer, so
    that there is one thread a question, however long it hangs and however many ask."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._asked: Future[T] | None = None

    def answer(self, seconds: float) -> T:
        """What was answered within so many seconds. Raises TimeoutError, or what asking raises."""
        with self._lock:
            future = self._asked
            if future is None or future.done():
                future = self._asked = Future()
                threading.Thread(target=self._run, args=(future,), daemon=True).start()
        return future.result(seconds)

    def _run(self, future: Future[T]) -> None:
        try:
            future.set_result(self._ask())
        except BaseException as error:
            future.set_exception(error)


@contextmanager
def reading(seconds: float) -> Iterator[CursorWrapper]:
    """A cursor on a connection of its own, whose statements may take so long each; it can only read.

    Raises django.db.Error; where the server takes connections but says nothing, within CONNECT_SECONDS.
    """
    connection: Any = connections[DEFAULT_DB_ALIAS].copy()
    options = {**connection.settings_dict["OPTIONS"], "connect_timeout": CONNECT_SECONDS}
    options.pop("pool", None)
    connection.settings_dict["OPTIONS"] = options
    try:
        # One transaction, so that the limits end with it also where a pooler hands the session on.
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{int(seconds * 1000)}"])
            yield cursor
    finally:
        connection.close()
