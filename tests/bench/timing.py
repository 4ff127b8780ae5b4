"""How times are taken: interleaved repetitions, in turn first, and their medians."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """Median seconds of a repetition of ours and of theirs."""

    ours: float
    theirs: float

    def rates(self, count: float) -> tuple[float, float]:
        """(ours, theirs) a second, where each repetition did `count` things."""
        return count / self.ours, count / self.theirs

    def milliseconds(self) -> tuple[float, float]:
        """(ours, theirs) in milliseconds."""
        return self.ours * 1e3, self.theirs * 1e3


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(ours: Callable[[], object], theirs: Callable[[], object], rounds: int, warm_up: int = 1) -> Pair:
    """Runs both in turn, A B B A A B ..., so that drift and warmed caches favour neither.

    The first `warm_up` rounds are not counted.
    """
    gc.collect()
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(warm_up + rounds):
        turn = [(0, ours), (1, theirs)]
        for side, work in turn if number % 2 == 0 else reversed(turn):
            taken = seconds(work)
            if number >= warm_up:
                times[side].append(taken)
    return Pair(statistics.median(times[0]), statistics.median(times[1]))


def median_pair(pairs: Sequence[Pair]) -> Pair:
    """The medians of each side, for repetitions that need preparations of their own."""
    return Pair(
        statistics.median(pair.ours for pair in pairs), statistics.median(pair.theirs for pair in pairs)
    )


def median_seconds(work: Callable[[], object], rounds: int, warm_up: int = 1) -> float:
    """Median of one piece of work alone, for growth between two sizes that cannot stand side by side."""
    gc.collect()
    times = [seconds(work) for _ in range(warm_up + rounds)]
    return statistics.median(times[warm_up:])
