"""A benchmark in a process and a database of its own.

What one leaves behind (a full heap, settings it has changed, connections, threads) would be measured with the next.
"""

from __future__ import annotations

import importlib
import multiprocessing
import signal
import sys
from multiprocessing.connection import Connection
from typing import cast

from tests.bench.results import Result
from tests.bench.scale import Scale

_PATIENCE = 60
"""Seconds for a process that is told to end to drop its database."""


class Ended(RuntimeError):
    """The process has ended without results; it has said why on stderr, unless it was killed."""


def run(name: str, scale: Scale) -> list[Result]:
    """The results of the benchmark `tests.bench.NAME`; raises `Ended` where it fails."""
    ours, its = multiprocessing.get_context("spawn").Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(
        target=_measure, args=(name, scale, its), name=name
    )
    process.start()
    its.close()
    try:
        found = cast("list[Result]", ours.recv())
    except EOFError as nothing:
        process.join()
        raise Ended(f"the process of the benchmark {name} ended with {process.exitcode}") from nothing
    except BaseException:
        # We are told to end, and so is it: it has a database to drop and servers to leave.
        process.terminate()
        process.join(_PATIENCE)
        raise
    process.join()
    return found


def _measure(name: str, scale: Scale, results: Connection) -> None:
    # An end by the one who started it is an orderly one: the scratch database is dropped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    import django

    django.setup()
    from tests.bench.scratch import scratch_database

    benchmark = importlib.import_module(f"tests.bench.{name}")
    with scratch_database():
        found = benchmark.run(scale)
    results.send(found)
