"""Runs a program of the service on a host that can go wrong: `python -m tests.faults.host MODULE ARGUMENT ...`.

Two things that no signal can do from outside happen in here. A text with the words of `tests.faults.news.POISON` ends
the process that reads it by SIGKILL, as the kernel does for want of memory. And the clock that the process and its
children read (`time.time`, `datetime.now`, not `time.monotonic`) follows the number of seconds in the file that
FAULTS_CLOCK names: a step of the host's clock, while PostgreSQL, Redis and the other hosts keep theirs. (A time
namespace can shift the monotonic clock only, and setting the machine's clock would hit everything else on it.)
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from celery.signals import worker_process_init

from tests.faults.news import POISON

CLOCK = "FAULTS_CLOCK"
_LOOK = 0.1


class Clock:
    """The host's clock: right, but for as many seconds as the file says."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._off = 0.0
        self._travel: time_machine.travel | None = None

    def follow(self) -> None:
        """Looks at the file from now on, in a thread of this process and of each that it forks."""
        os.register_at_fork(after_in_child=self._watch)
        self._watch()

    def _watch(self) -> None:
        threading.Thread(target=self._run, name="clock", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._set(_number(self._file))
            time.sleep(_LOOK)

    def _set(self, off: float) -> None:
        if off == self._off:
            return
        if self._travel is not None:
            self._travel.stop()
            self._travel = None
        if off:
            self._travel = time_machine.travel(datetime.now(UTC) + timedelta(seconds=off), tick=True)
            self._travel.start()
        self._off = off


def _number(file: Path) -> float:
    try:
        return float(file.read_text())
    except (OSError, ValueError):
        return 0.0


def deadly(function: Callable[..., Any], text_of: Callable[..., str]) -> Callable[..., Any]:
    """The function, which ends the process where the text of its arguments is poison."""

    def read(*args: Any, **kwargs: Any) -> Any:
        if POISON in text_of(*args).lower():
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)

    return read


def arm(**_: object) -> None:
    """Has extraction end the process at a poisoned text."""
    from events.intake import extracting

    module: Any = extracting
    module.propose = deadly(module.propose, lambda document, known: document.text)


def main(module: str, arguments: list[str]) -> None:
    """Becomes the program."""
    if os.environ.get(CLOCK):
        Clock(Path(os.environ[CLOCK])).follow()
    worker_process_init.connect(arm, weak=False)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
