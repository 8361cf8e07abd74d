"""Very large left-overs, cut into blocks of rows that have words in common.

A table of thousands of rows, all reworded at once, is no common disclosure; it must still be matched in bounded time
and memory. Rows are joined to the few rows of the other document they share the most rare words with; what hangs
together is one block, and blocks that are too large keep fewer of their joints.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from tasks.compare.normalise import tokens
from tasks.compare.profiles import Profile
from tasks.compare.vocabulary import concepts

USUAL = 50  # words in more rows than this join nothing
JOINTS = (4, 2, 1)  # how many partners a row proposes, tried in turn

Block = tuple[list[Profile], list[Profile]]


def blocks_of(old: Sequence[Profile], new: Sequence[Profile], whole: int) -> list[Block]:
    """Blocks with rows of both sides, each at most `whole` pairs. Rows that share no word with any are in none."""
    nearest_new = _nearest(old, new)
    nearest_old = _nearest(new, old)
    blocks: list[Block] = []
    waiting: list[tuple[list[int], list[int]]] = [(list(range(len(old))), list(range(len(new))))]
    for joints in JOINTS:
        too_large: list[tuple[list[int], list[int]]] = []
        for some_old, some_new in waiting:
            for left, right in _components(some_old, some_new, nearest_new, nearest_old, joints):
                if not left or not right:
                    continue
                if len(left) * len(right) <= whole:
                    blocks.append(([old[i] for i in left], [new[j] for j in right]))
                else:
                    too_large.append((left, right))
        waiting = too_large
    side = max(1, math.isqrt(whole))
    for left, right in waiting:
        # One template all through: place is all that is left to go by.
        for at in range(0, max(len(left), len(right)), side):
            some = ([old[i] for i in left[at : at + side]], [new[j] for j in right[at : at + side]])
            if some[0] and some[1]:
                blocks.append(some)
    return blocks


def _nearest(rows: Sequence[Profile], others: Sequence[Profile]) -> list[list[int]]:
    """For each row the rows of the other side with the most shared rare words, best first."""
    where: dict[str, list[int]] = defaultdict(list)
    for at, other in enumerate(others):
        for word in _clues(other):
            where[word].append(at)
    nearest = []
    for row in rows:
        score: dict[int, float] = defaultdict(float)
        for word in sorted(_clues(row)):
            found = where.get(word, ())
            if 0 < len(found) <= USUAL:
                for at in found:
                    score[at] += 1.0 / len(found)
        best = sorted(score.items(), key=lambda item: (-item[1], abs(others[item[0]].place - row.place)))
        nearest.append([at for at, _ in best[: max(JOINTS)]])
    return nearest


def _clues(row: Profile) -> set[str]:
    """What a row may have in common with another: words, concepts, figures."""
    words = tokens(row.told.text)
    return {*words, *row.told.figures, *(f"#{concept}" for concept in concepts(row.told.text, words))}


def _components(
    old: Sequence[int], new: Sequence[int], of_old: list[list[int]], of_new: list[list[int]], joints: int
) -> list[tuple[list[int], list[int]]]:
    """Connected groups of old and new rows, by the first `joints` proposals of each row."""
    parent: dict[tuple[int, int], tuple[int, int]] = {}

    def root(node: tuple[int, int]) -> tuple[int, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    within_old, within_new = set(old), set(new)
    for i in old:
        for j in of_old[i][:joints]:
            if j in within_new:
                parent[root((0, i))] = root((1, j))
    for j in new:
        for i in of_new[j][:joints]:
            if i in within_old:
                parent[root((1, j))] = root((0, i))
    groups: dict[tuple[int, int], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for i in old:
        groups[root((0, i))][0].append(i)
    for j in new:
        groups[root((1, j))][1].append(j)
    return list(groups.values())
