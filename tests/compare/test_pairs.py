"""Pairs of quarters with a known answer: how many of the changed rows are understood."""

from __future__ import annotations

from collections import Counter

import pytest

from tasks.compare import match
from tasks.model import Row
from tests.compare.pairs import make_pair, outcome

SEEDS = range(6)
MATERIAL = ("dev", "heldout", "unseen", "fresh", "longer")


def total(name: str, *, shuffled: bool = False, bare: bool = False) -> Counter[str]:
    """`bare`: nothing but the promises is known of the rows."""
    found: Counter[str] = Counter()
    for seed in SEEDS:
        pair = make_pair(name, seed, shuffled=shuffled, numbered=not shuffled)
        old, new = (_bare(rows) if bare else rows for rows in (pair.old, pair.new))
        links = [(link.old, link.new, str(link.relation)) for link in match(old, new).links]
        found.update(outcome(pair, links))
    return found


def _bare(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(Row(index=row.index, content=row.content) for row in rows)


def f1(found: Counter[str], relation: str) -> float:
    return 2 * found[f"{relation}_hit"] / (found[f"{relation}_want"] + found[f"{relation}_got"])


@pytest.mark.parametrize("name", MATERIAL)
@pytest.mark.parametrize("shuffled", [False, True], ids=["in order", "shuffled"])
def test_changed_rows_are_understood(name: str, *, shuffled: bool) -> None:
    found = total(name, shuffled=shuffled)
    assert found["of"] >= 19 * len(SEEDS)
    assert found["right"] / found["of"] >= 19 / 21
    assert found["same_wrong"] == 0
    assert min(f1(found, "added"), f1(found, "dropped")) >= (0.85 if shuffled else 0.9)


@pytest.mark.parametrize("name", MATERIAL)
def test_changed_rows_are_understood_by_their_words_alone(name: str) -> None:
    found = total(name, bare=True)
    assert found["right"] / found["of"] >= 19 / 21
    assert found["same_wrong"] == 0
    assert min(f1(found, "added"), f1(found, "dropped")) >= 0.85


def test_the_pairs_hold_what_they_claim() -> None:
    for seed in SEEDS:
        pair = make_pair("dev", seed)
        relations = Counter(relation for _, _, relation in pair.truth)
        assert set(relations) == {"same", "reworded", "split", "merged", "dropped", "added"}
        assert {old for old, _, _ in pair.truth} - {None} == {row.index for row in pair.old}
        assert {new for _, new, _ in pair.truth} - {None} == {row.index for row in pair.new}
