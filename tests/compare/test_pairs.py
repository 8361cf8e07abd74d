"""Pairs of quarters with a known answer: how many of the changed rows are understood."""

from __future__ import annotations

from collections import Counter

import pytest

from tasks.compare import match
from tests.compare.pairs import make_pair, outcome

SEEDS = range(6)


def total(name: str, *, shuffled: bool) -> Counter[str]:
    found: Counter[str] = Counter()
    for seed in SEEDS:
        pair = make_pair(name, seed, shuffled=shuffled, numbered=not shuffled)
        links = [(link.old, link.new, str(link.relation)) for link in match(pair.old, pair.new).links]
        found.update(outcome(pair, links))
    return found


@pytest.mark.parametrize("name", ["dev", "heldout"])
@pytest.mark.parametrize("shuffled", [False, True], ids=["in order", "shuffled"])
def test_changed_rows_are_understood(name: str, *, shuffled: bool) -> None:
    found = total(name, shuffled=shuffled)
    assert found["of"] >= 20 * len(SEEDS)
    assert found["right"] / found["of"] >= 19 / 21
    assert found["same_wrong"] == 0
    for relation in ("added", "dropped"):
        f1 = 2 * found[f"{relation}_hit"] / (found[f"{relation}_want"] + found[f"{relation}_got"])
        assert f1 >= (0.85 if shuffled else 0.9)


def test_the_pairs_hold_what_they_claim() -> None:
    for seed in SEEDS:
        pair = make_pair("dev", seed)
        relations = Counter(relation for _, _, relation in pair.truth)
        assert set(relations) == {"same", "reworded", "split", "merged", "dropped", "added"}
        assert {old for old, _, _ in pair.truth} - {None} == {row.index for row in pair.old}
        assert {new for _, new, _ in pair.truth} - {None} == {row.index for row in pair.new}
