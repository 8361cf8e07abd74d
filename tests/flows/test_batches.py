"""How sources and documents are shared out over task runs."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.batches import SoFar, grouped, slices
from tasks.model import DocumentRef
from tasks.pipeline.job import Candidate

WEIGHTS = st.lists(st.integers(1, 60), max_size=60)


@given(WEIGHTS, st.integers(1, 50), st.integers(1, 20))
def test_groups_hold_everything_once_in_order_and_no_more_than_allowed(items: list[int], most: int, tasks: int) -> None:
    groups = grouped(items, lambda item: item, most, tasks)
    assert [item for group in groups for item in group] == items
    assert all(sum(group) <= most or len(group) == 1 for group in groups)
    assert all(groups)


@given(st.integers(0, 200), st.integers(1, 20))
def test_few_sources_get_a_task_run_each(count: int, tasks: int) -> None:
    groups = grouped(list(range(count)), lambda _: 1, 10, tasks)
    assert len(groups) >= min(count, tasks) / 2
    if count <= tasks:
        assert all(len(group) == 1 for group in groups)


@given(st.integers(0, 130), st.integers(1, 50))
def test_slices_say_where_they_stand(count: int, size: int) -> None:
    found = [
        Candidate(DocumentRef("a", f"http://a.example/{n}", "", str(n), date(2024, 1, 1)), None) for n in range(count)
    ]
    parts = slices(SimpleNamespace(id="a"), found, size)
    assert [one for part in parts for one in part.candidates] == found
    assert [part.first for part in parts] == list(range(1, count + 1, size))
    assert len({part.place for part in parts}) == len(parts)


def test_a_retry_does_what_is_left_and_no_part_fails_for_another() -> None:
    so_far: SoFar[int] = SoFar()
    tried = []

    def part(name: str, works: bool) -> int:
        tried.append(name)
        if not works:
            raise OSError(name)
        return len(name)

    for name in ("one", "three", "five"):
        so_far.attempt(name, lambda name=name: part(name, name != "three"))
    with pytest.raises(OSError, match="three"):
        so_far.settle()
    assert so_far.results == {"one": 3, "five": 4}
    for name in ("one", "three", "five"):
        so_far.attempt(name, lambda name=name: part(name, True))
    so_far.settle()
    assert so_far.results == {"one": 3, "three": 5, "five": 4}
    assert tried == ["one", "three", "five", "three"]
