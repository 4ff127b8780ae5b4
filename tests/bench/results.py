"""What a benchmark gives: figures of ours and theirs, and the ratio between them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_HOLDS: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le}


@dataclass(frozen=True)
class Goal:
    """A bound on the ratio: at least (`>=`) or at most (`<=`) `value`."""

    sign: str
    value: float

    def __post_init__(self) -> None:
        if self.sign not in _HOLDS:
            raise ValueError(f"a goal is >= or <=, not {self.sign!r}")

    def met(self, ratio: float) -> bool:
        """Whether the ratio is within the bound."""
        return _HOLDS[self.sign](ratio, self.value)

    def __str__(self) -> str:
        return f"{self.sign} {self.value:g}"


def at_least(value: float) -> Goal:
    """For rates, where more is better."""
    return Goal(">=", value)


def at_most(value: float) -> Goal:
    """For costs, where less is better."""
    return Goal("<=", value)


@dataclass(frozen=True)
class Result:
    """One row: `ours` and `theirs` in `unit`, compared `against` a floor, a peer or a smaller size.

    `goal` is the one that the project set itself, None where there is none. `error` is the relative standard error of
    the ratio, None where it was measured once.
    """

    name: str
    measure: str
    against: str
    ours: float
    theirs: float
    unit: str
    goal: Goal | None = None
    error: float | None = None

    @property
    def ratio(self) -> float:
        """`ours / theirs`. Raises ZeroDivisionError where there is nothing to compare with."""
        return self.ours / self.theirs

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without one."""
        return None if self.goal is None else self.goal.met(self.ratio)

    def as_json(self) -> dict[str, Any]:
        """The row of `.local/bench.json`, with exactly these keys; `goal` as text, such as ">= 0.6", or null."""
        return {
            "name": self.name,
            "measure": self.measure,
            "ratio": rounded(self.ratio),
            "against": self.against,
            "goal": None if self.goal is None else str(self.goal),
            "ours": rounded(self.ours),
            "theirs": rounded(self.theirs),
            "unit": self.unit,
        }


def rounded(value: float) -> float:
    """Four significant digits: a measurement has no more."""
    return float(f"{value:.4g}")
