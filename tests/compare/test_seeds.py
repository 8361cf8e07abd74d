"""A real table against itself, shuffled, and with real look-alikes taken away."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from pathlib import Path

import pytest

from tasks.compare import diff, match
from tasks.model import Relation, Row
from tasks.read import read
from tests.compare.pairs import retype

SEEDS = Path(os.environ.get("JIBAO_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))


@pytest.fixture(scope="module", params=["000", "001"])
def rows(request: pytest.FixtureRequest) -> tuple[Row, ...]:
    found = sorted(SEEDS.glob(f"{request.param}_*.txt"))
    if not found:
        pytest.skip(f"no seed {request.param} under {SEEDS}: set JIBAO_SEEDS")
    return read(found[0].read_bytes(), name=found[0].name).rows


def test_a_real_table_differs_in_nothing_from_itself(rows: tuple[Row, ...]) -> None:
    assert len(rows) >= 30
    assert diff(rows, rows).changes == ()


def test_shuffled_renumbered_and_retyped_every_row_is_found(rows: tuple[Row, ...]) -> None:
    rng = random.Random(5)
    order = rng.sample(range(len(rows)), len(rows))
    new = [
        replace(rows[at], index=to, seq=to + 1, status="正常推进", content=retype(rows[at].content or "", rng))
        for to, at in enumerate(order)
    ]
    links = match(rows, new).links
    assert {(link.old, link.new) for link in links} == {(rows[at].index, to) for to, at in enumerate(order)}
    assert {link.relation for link in links} == {Relation.SAME}


def test_neighbours_that_come_and_go_are_seldom_taken_for_each_other(rows: tuple[Row, ...]) -> None:
    # Every third row goes and the one after it is new: same topic, same units, same place, other promise.
    wrong = 0
    for gone in range(3):
        old = [row for row in rows if row.index % 3 != (gone + 1) % 3]
        new = [row for row in rows if row.index % 3 != gone]
        links = match(old, new).links
        both = {row.index for row in old} & {row.index for row in new}
        assert {(link.old, link.new) for link in links if link.old in both} == {(index, index) for index in both}
        wrong += sum(link.old not in both for link in links if link.old is not None and link.new is not None)
    assert wrong <= 0.15 * len(rows)
