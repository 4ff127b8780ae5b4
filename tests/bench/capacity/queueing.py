"""Queues with several servers: the textbook's formula, and a simulation for what it leaves out.

Erlang's C formula gives the wait where arrivals are independent and times of service exponential (M/M/c). News come in
bursts, and a burst passes through one stage after the other: `simulate` runs that, job by job.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """`servers` that each take `seconds` for a job on average; a job makes `fan_out` jobs of the next stage (on average;
    one that makes none ends)."""

    name: str
    servers: int
    seconds: float
    fan_out: float = 1.0


def utilisation(rate: float, seconds: float, servers: int) -> float:
    """The share of their time that the servers work; 1 and more: the queue grows without end."""
    return rate * seconds / servers


def waits(rate: float, seconds: float, servers: int) -> float:
    """The probability that a job waits (Erlang C). 1 where the queue grows without end."""
    load = rate * seconds
    if load >= servers:
        return 1.0
    blocked = 1.0  # Erlang B, server by server: no factorials, so any number of servers will do
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - (load / servers) * (1 - blocked))


def wait(rate: float, seconds: float, servers: int) -> float:
    """Mean seconds in the queue; infinite where it grows without end."""
    if rate * seconds >= servers:
        return math.inf
    return waits(rate, seconds, servers) * seconds / (servers - rate * seconds)


def servers_needed(rate: float, seconds: float, most: float) -> int:
    """The fewest servers that work at most the share `most` of their time."""
    return max(1, math.ceil(rate * seconds / most - 1e-9))


def simulate(
    stages: Sequence[Stage], rate: float, jobs: int, *, burst: int = 1, seed: int = 1
) -> list[list[float]]:
    """Of each stage, how many seconds after its news arrived each job was done, in the order of ends.

    News arrive in bursts of `burst` at once, `rate` a second in all, until there are `jobs`; times of service are
    exponential; queues are served in order of arrival.
    """
    chance = random.Random(seed)  # noqa: S311 - the same every time
    arrivals: list[tuple[float, float]] = []
    now = 0.0
    while len(arrivals) < jobs:
        now += chance.expovariate(rate / burst)
        arrivals += [(now, now)] * burst
    done: list[list[float]] = []
    for stage in stages:
        ends = _served(stage, arrivals, chance)
        done.append([end - born for end, born in ends])
        arrivals = [one for one in ends for _ in range(_count(stage.fan_out, chance))]
    return done


def _served(
    stage: Stage, arrivals: list[tuple[float, float]], chance: random.Random
) -> list[tuple[float, float]]:
    """(end, birth) of each job, by end."""
    free = [0.0] * stage.servers
    ends = []
    for at, born in arrivals:
        end = max(at, heapq.heappop(free)) + chance.expovariate(1 / stage.seconds)
        heapq.heappush(free, end)
        ends.append((end, born))
    return sorted(ends)


def _count(mean: float, chance: random.Random) -> int:
    """A whole number with that mean."""
    whole = int(mean)
    return whole + (chance.random() < mean - whole)
