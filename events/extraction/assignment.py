"""The assignment problem: pairs one to one for the greatest sum of weights."""

from __future__ import annotations

from collections.abc import Sequence


def assign(weights: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Pairs rows with columns one to one for the greatest sum of weights; a weight of 0 means no pair.

    The Hungarian method with potentials (Kuhn-Munkres) on a square matrix padded with zeros.
    """
    rows, columns = len(weights), len(weights[0]) if weights else 0
    size = max(rows, columns)
    if not rows or not columns:
        return []
    cost = [[-weights[i][j] if i < rows and j < columns else 0 for j in range(size)] for i in range(size)]
    u, v = [0] * (size + 1), [0] * (size + 1)
    row_of = [0] * (size + 1)
    for row in range(1, size + 1):
        _augment(row, cost, u, v, row_of)
    pairs = [(row_of[column] - 1, column - 1) for column in range(1, size + 1)]
    return sorted((i, j) for i, j in pairs if i < rows and j < columns and weights[i][j] > 0)


def _augment(row: int, cost: list[list[int]], u: list[int], v: list[int], row_of: list[int]) -> None:
    size = len(cost)
    row_of[0], column = row, 0
    least = [10**9] * (size + 1)
    way = [0] * (size + 1)
    used = [False] * (size + 1)
    while row_of[column]:
        used[column] = True
        here, delta, following = row_of[column], 10**9, 0
        for other in range(1, size + 1):
            if used[other]:
                continue
            reduced = cost[here - 1][other - 1] - u[here] - v[other]
            if reduced < least[other]:
                least[other], way[other] = reduced, column
            if least[other] < delta:
                delta, following = least[other], other
        for other in range(size + 1):
            if used[other]:
                u[row_of[other]] += delta
                v[other] -= delta
            else:
                least[other] -= delta
        column = following
    while column:
        row_of[column] = row_of[way[column]]
        column = way[column]
