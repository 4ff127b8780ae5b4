"""Logistic regression with a ridge, by Newton's method: small, exact and the same every time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_STEPS = 50
_CLOSE = 1e-9

Row = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Example:
    """What was seen of a claim, whether it is right, how much it weighs, and the document that it is of."""

    features: Row
    right: bool
    weight: float = 1.0
    document: str = ""


def fit(examples: Sequence[Example], ridge: float) -> tuple[float, dict[str, float]]:
    """Intercept and weights of the greatest likelihood less `ridge` / 2 times the sum of squared weights.

    The intercept is not held back. Raises ValueError without examples of both sorts.
    """
    if len({example.right for example in examples if example.weight > 0}) < 2:
        raise ValueError("a fit needs claims that are right and claims that are wrong")
    names = sorted({name for example in examples for name in example.features})
    rows = [[1.0, *(example.features.get(name, 0.0) for name in names)] for example in examples]
    weights = [0.0] * (len(names) + 1)
    for _ in range(_STEPS):
        gradient, curvature = _derivatives(rows, examples, weights, ridge)
        step = solve(curvature, gradient)
        longest = max(abs(value) for value in step)
        # A step of more than 5 leaves the range in which the quadratic picture holds.
        scale = min(1.0, 5.0 / longest) if longest else 1.0
        weights = [weight + scale * value for weight, value in zip(weights, step, strict=True)]
        if longest < _CLOSE:
            break
    return weights[0], dict(zip(names, weights[1:], strict=True))


def log_loss(pairs: Sequence[tuple[float, bool]]) -> float:
    """Mean of the negative logarithm of the probability that was given to what is so."""
    safe = [(min(max(p, 1e-6), 1 - 1e-6), right) for p, right in pairs]
    return -sum(math.log(p if right else 1 - p) for p, right in safe) / len(safe) if safe else 0.0


def _derivatives(
    rows: Sequence[Sequence[float]], examples: Sequence[Example], weights: Sequence[float], ridge: float
) -> tuple[list[float], list[list[float]]]:
    """Gradient, and the negative matrix of second derivatives."""
    size = len(weights)
    gradient = [0.0 if i == 0 else -ridge * weights[i] for i in range(size)]
    curvature = [[(ridge if i else 1e-9) if i == j else 0.0 for j in range(size)] for i in range(size)]
    for row, example in zip(rows, examples, strict=True):
        told = [(i, value) for i, value in enumerate(row) if value]
        odds = sum(weights[i] * value for i, value in told)
        share = 1 / (1 + math.exp(-max(min(odds, 30.0), -30.0)))
        pull, bend = example.weight * (example.right - share), example.weight * share * (1 - share)
        for i, value in told:
            gradient[i] += pull * value
            line, bent = curvature[i], bend * value
            for j, other in told:
                line[j] += bent * other
    return gradient, curvature


def solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """The solution of a system of linear equations, by elimination with pivots. Raises ValueError for none."""
    lines = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(lines)
    for column in range(size):
        pivot = max(range(column, size), key=lambda i: abs(lines[i][column]))
        if abs(lines[pivot][column]) < 1e-14:
            raise ValueError("the equations have no single solution")
        lines[column], lines[pivot] = lines[pivot], lines[column]
        for i in range(column + 1, size):
            factor = lines[i][column] / lines[column][column]
            if factor:
                lines[i] = [a - factor * b for a, b in zip(lines[i], lines[column], strict=True)]
    found = [0.0] * size
    for i in reversed(range(size)):
        rest = sum(lines[i][j] * found[j] for j in range(i + 1, size))
        found[i] = (lines[i][size] - rest) / lines[i][i]
    return found
