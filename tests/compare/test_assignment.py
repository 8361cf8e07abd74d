"""Pairs with the greatest sum: against every possible choice, and against SciPy."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from tasks.compare.assignment import LARGE, SMALL, solve

EVIDENCE = st.sampled_from([-3.0, 0.0, 0.5, 1.0, 2.25, 4.0])


@st.composite
def tables(draw: st.DrawFn, most: int = 5) -> list[list[float]]:
    rows, columns = draw(st.integers(1, most)), draw(st.integers(1, most))
    return draw(st.lists(st.lists(EVIDENCE, min_size=columns, max_size=columns), min_size=rows, max_size=rows))


def every_choice(value: list[list[float]]) -> float:
    columns = [*range(len(value[0])), *[-1] * len(value)]
    return max(
        sum(max(row[j], 0.0) for row, j in zip(value, chosen, strict=True) if j >= 0)
        for chosen in set(permutations(columns, len(value)))
    )


@given(tables(most=4))
def test_no_choice_is_worth_more(value: list[list[float]]) -> None:
    pairs = solve(np.array(value))
    assert all(value[i][j] > 0 for i, j in pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert sum(value[i][j] for i, j in pairs) == pytest.approx(every_choice(value))


@pytest.mark.parametrize("rows", [LARGE, LARGE + 1])
def test_many_rows_are_solved_like_few(rows: int) -> None:
    value = np.random.default_rng(rows).uniform(-1, 1, (rows, rows))
    chosen = linear_sum_assignment(np.maximum(value, 0), maximize=True)
    assert sum(value[i, j] for i, j in solve(value)) == pytest.approx(np.maximum(value, 0)[chosen].sum())


@given(st.integers(0, 2**32 - 1), st.integers(1, 2 * SMALL), st.integers(1, 2 * SMALL))
def test_small_and_large_groups_are_solved_alike(seed: int, rows: int, columns: int) -> None:
    value = np.random.default_rng(seed).uniform(-1, 3, (rows, columns))
    best = np.maximum(value, 0)[linear_sum_assignment(np.maximum(value, 0), maximize=True)].sum()
    assert sum(value[i, j] for i, j in solve(value)) == pytest.approx(best)
