"""How times are taken: interleaved repetitions, in turn first, their medians, and how sure these are."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_FEWEST = 3
"""Repetitions below which their scatter says nothing."""
_OF_A_MEDIAN = math.sqrt(math.pi / 2)
"""The standard error of a median of normal values, in those of a mean."""
_IQR_OF_NORMAL = 1.349
"""The interquartile range of normal values, in standard deviations."""


@dataclass(frozen=True)
class Pair:
    """Median seconds of a repetition of ours and of theirs; `error` is the relative standard error of their ratio,
    None where they were taken too seldom to tell."""

    ours: float
    theirs: float
    error: float | None = field(default=None, compare=False)

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
    return median_pair([Pair(ours, theirs) for ours, theirs in zip(*times, strict=True)])


def median_pair(pairs: Sequence[Pair]) -> Pair:
    """The medians of each side, for repetitions that need preparations of their own."""
    return Pair(
        statistics.median(pair.ours for pair in pairs),
        statistics.median(pair.theirs for pair in pairs),
        error_of_median([pair.ours / pair.theirs for pair in pairs]),
    )


def growth(small: Sequence[float], large: Sequence[float]) -> Pair:
    """Medians of repetitions at a larger size (ours) and at a smaller one (theirs), taken one after the other."""
    errors = error_of_median(large), error_of_median(small)
    known = [error for error in errors if error is not None]
    return Pair(
        statistics.median(large),
        statistics.median(small),
        math.hypot(*known) if len(known) == len(errors) else None,
    )


def repeated(work: Callable[[], object], rounds: int, warm_up: int = 1) -> list[float]:
    """Seconds of each repetition of one piece of work alone, for sizes that cannot stand side by side."""
    gc.collect()
    return [seconds(work) for _ in range(warm_up + rounds)][warm_up:]


def error_of_median(values: Sequence[float]) -> float | None:
    """The standard error of their median, relative to it; None for fewer than three.

    From the range of the middle half, so that one repetition that was disturbed does not count for much.
    """
    if len(values) < _FEWEST:
        return None
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    deviation = (high - low) / _IQR_OF_NORMAL
    return _OF_A_MEDIAN * deviation / math.sqrt(len(values)) / abs(statistics.median(values))
