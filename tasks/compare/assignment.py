"""The one-to-one pairs with the greatest sum, by groups of rows that compete."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LARGE = 40  # rows of the smaller side from which groups are not looked for
SMALL = 8  # rows of the smaller side up to which a group is solved here


def solve(value: NDArray[np.float64]) -> list[tuple[int, int]]:
    """(row, column) pairs with the greatest sum of values, of those that are positive; in order.

    Most groups are of two or three rows; solving them here spares the import of SciPy, which takes longer than all else
    that is done for a document.
    """
    if min(value.shape) > LARGE:
        return _by_scipy(value)
    listed = value.tolist()
    wanted = [{j: worth for j, worth in enumerate(row) if worth > 0} for row in listed]
    pairs: list[tuple[int, int]] = []
    for group in _groups(wanted, value.shape[1]):
        columns = sorted({j for i in group for j in wanted[i]})
        part = [[wanted[i].get(j, 0.0) for j in columns] for i in group]
        if min(len(group), len(columns)) > SMALL:
            chosen = _by_scipy(np.array(part))
        elif len(group) <= len(columns):
            chosen = _by_shortest_paths(part)
        else:
            chosen = [(i, j) for j, i in _by_shortest_paths(list(zip(*part, strict=True)))]
        pairs += [(group[i], columns[j]) for i, j in chosen if part[i][j] > 0]
    return sorted(pairs)


def _groups(wanted: Sequence[dict[int, float]], columns: int) -> list[list[int]]:
    """The rows that want anything, by groups that want none of what another group wants."""
    group = list(range(len(wanted)))  # each row → an earlier one of its group, or itself
    owner: list[int | None] = [None] * columns

    def first(row: int) -> int:
        while group[row] != row:
            group[row] = group[group[row]]
            row = group[row]
        return row

    for i, some in enumerate(wanted):
        for j in some:
            held = owner[j]
            if held is None:
                owner[j] = i
            else:
                one, other = sorted((first(held), first(i)))
                group[other] = one
    members: dict[int, list[int]] = {}
    for i, some in enumerate(wanted):
        if some:
            members.setdefault(first(i), []).append(i)
    return list(members.values())


def _by_scipy(value: NDArray[np.float64]) -> list[tuple[int, int]]:
    from scipy.optimize import linear_sum_assignment

    chosen = linear_sum_assignment(value, maximize=True)
    return [(int(i), int(j)) for i, j in zip(*chosen, strict=True) if value[i, j] > 0]


def _by_shortest_paths(value: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """A column for each row, by the Hungarian method; no more rows than columns."""
    rows, columns = len(value), len(value[0])
    price_row, price_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    row_of = [0] * (columns + 1)  # rows and columns are counted from 1; 0 is nobody
    for i in range(1, rows + 1):
        row_of[0] = i
        at = 0
        least, came_from = [math.inf] * (columns + 1), [0] * (columns + 1)
        done = [False] * (columns + 1)
        while row_of[at]:
            done[at] = True
            row = row_of[at]
            step, following = math.inf, 0
            for j in range(1, columns + 1):
                if done[j]:
                    continue
                cost = -value[row - 1][j - 1] - price_row[row] - price_column[j]
                if cost < least[j]:
                    least[j], came_from[j] = cost, at
                if least[j] < step:
                    step, following = least[j], j
            for j in range(columns + 1):
                if done[j]:
                    price_row[row_of[j]] += step
                    price_column[j] -= step
                else:
                    least[j] -= step
            at = following
        while at:
            row_of[at] = row_of[came_from[at]]
            at = came_from[at]
    return [(row_of[j] - 1, j - 1) for j in range(1, columns + 1) if row_of[j]]
