"""Matching at the scale of millions of rows: many documents at once, blocked by source and year.

Exact agreement by hash, then agreement but for typography, then likeness of spelling within what a block has left.
Integers travel through the joins; text is touched only where it must be. Splits, merges and promises told in other
words are the business of `match`, document by document; on what both can see the two agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from tasks.compare.frametext import differ
from tasks.compare.letters import Keys, Letters, Mask, both, clauses, content_keys

CUT = 60.0  # likeness (0..100) below which two rows are not one commitment on spelling alone
# Where nobody else comes near, less will do: the likeness, and how far it must lead before either row's second best.
ALONE_CUT, ALONE_LEAD = 50.0, 10.0
# Likenesses asked one after the other: the characters shared, of those of the shorter row, with which it can well be
# reached; from where it counts; its lead.
STAGES = ((fuzz.ratio, 0.6, CUT, 0.0), (fuzz.token_ratio, 0.7, CUT, 0.0), (fuzz.ratio, 0.5, ALONE_CUT, ALONE_LEAD))
BATCH = 400_000  # pairs scored at a time: bounds the memory
_BLOCK = ("source_id", "year")
_FACETS = ("progress", "status", "content", "units", "category", "seq")
_RELATION = pl.Enum(["same", "reworded", "split", "merged", "dropped", "added"])
_SAME, _REWORDED, _DROPPED, _ADDED = 0, 1, 4, 5

Rows = NDArray[np.uint32]
Scores = NDArray[np.float32]
NONE = np.iinfo(np.uint32).max


def match_frames(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Links between the rows of two frames, block by block.

    Both need `source_id` (str), `index` (int) and `content` (str); `year` where there is more than one. Returns the
    block columns with `old_index`, `new_index` (null where a side is missing), `relation` (same, reworded, dropped,
    added) and `confidence` (0..1), in the order of the new rows, dropped ones last. Raises
    polars.exceptions.ColumnNotFoundError where a column is missing.
    """
    found = _matched(old, new)
    confidence = pl.Series("confidence", found.confidence, dtype=pl.Float32)
    return pl.DataFrame([*_heads(old, new, found), confidence])


def diff_frames(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """The typed changes between two frames: `match_frames`, and the facets that differ on each link.

    Facets are those of `status`, `progress`, `content`, `units`, `category`, `seq` that both frames have (units as
    text joined with 、). Returns the block columns, `old_index`, `new_index`, `relation`, `facet`, `old_value`,
    `new_value` (text) and `delta` (float, progress only), in the order of the links. Added and dropped rows have one
    change of facet `row`.
    """
    found = _matched(old, new)
    both = np.flatnonzero((found.old != NONE) & (found.new != NONE))
    alone = np.flatnonzero((found.old == NONE) | (found.new == NONE))
    at: list[NDArray[np.intp]] = [alone]
    before = [_taken(old["content"], found.old[alone])]
    after = [_taken(new["content"], found.new[alone])]
    deltas = [pl.repeat(None, len(alone), dtype=pl.Float64, eager=True)]
    names = ["row", *(facet for facet in _FACETS if facet in old.columns and facet in new.columns)]
    for facet in names[1:]:
        # What was found to be the same has the same promise but for typography.
        some = both[found.relation[both] == _REWORDED] if facet == "content" else both
        moved, one, other, delta = _moved(facet, old[facet], new[facet], found.old[some], found.new[some])
        at.append(some[moved])
        before.append(one)
        after.append(other)
        deltas.append(delta)
    places = np.concatenate(at)
    which = np.repeat(np.arange(len(names), dtype=np.uint8), [len(part) for part in at])
    order = np.argsort(places * len(names) + which, kind="stable").astype(np.uint32)
    del at, both, alone
    # Gathered from one chunk, texts are shared with the frames; from several, every text is copied.
    values = []
    for name, parts in (("old_value", before), ("new_value", after)):
        values.append(pl.concat([part.cast(pl.String) for part in parts], rechunk=True).gather(order).alias(name))
        parts.clear()
    facets = pl.Series("facet", names).gather(which[order])
    found = found.only(places[order])
    del places, which
    heads = _heads(old, new, found)
    return pl.DataFrame([*heads, facets, *values, pl.concat(deltas).gather(order).alias("delta")])


@dataclass(frozen=True)
class _Found:
    """The links as positions in the two frames; `NONE` where a side is missing."""

    old: Rows
    new: Rows
    relation: NDArray[np.uint8]
    confidence: Scores

    def only(self, places: NDArray[np.intp]) -> _Found:
        return _Found(self.old[places], self.new[places], self.relation[places], self.confidence[places])


def _matched(old: pl.DataFrame, new: pl.DataFrame) -> _Found:
    """The links in the order of the new rows, then what was dropped."""
    keys = [name for name in _BLOCK if name in old.columns and name in new.columns]
    left, right = _Side.of(old, keys), _Side.of(new, keys)
    partner = np.full(new.height, NONE, dtype=np.uint32)
    relation = np.full(new.height, _ADDED, dtype=np.uint8)
    confidence = np.ones(new.height, dtype=np.float32)
    i, j = _equal(*(side.keyed(*_printed(side.content)) for side in (left, right)))
    partner[right.rows[j]], relation[right.rows[j]] = left.rows[i], _SAME
    left, right = left.without(i), right.without(j)
    # Few are left: what is made of their letters is made once, for typography as for spelling.
    texts = both(left.content, right.content)
    with ThreadPoolExecutor(2) as pool:
        told = tuple(pool.map(content_keys, texts))
    i, j = _equal(*(side.keyed(*keys) for side, keys in zip((left, right), told, strict=True)))
    partner[right.rows[j]], relation[right.rows[j]] = left.rows[i], _SAME
    texts = texts[0].only(_others(len(left.rows), i)), texts[1].only(_others(len(right.rows), j))
    left, right = left.without(i), right.without(j)
    i, j, score = _alike(left, right, *texts)
    partner[right.rows[j]], relation[right.rows[j]] = left.rows[i], _REWORDED
    confidence[right.rows[j]] = score
    gone = left.without(i).rows
    return _Found(
        np.concatenate([partner, gone]),
        np.concatenate([np.arange(new.height, dtype=np.uint32), np.full(len(gone), NONE, dtype=np.uint32)]),
        np.concatenate([relation, np.full(len(gone), _DROPPED, dtype=np.uint8)]),
        np.concatenate([confidence, np.ones(len(gone), dtype=np.float32)]),
    )


def _taken(values: pl.Series, rows: Rows) -> pl.Series:
    """The values at these rows; null where there is none."""
    values = values.rechunk()
    if not (rows == NONE).any():
        return values.gather(rows)
    return values.gather(pl.Series(rows, dtype=pl.UInt32).set(pl.Series(rows == NONE), None))


def _heads(old: pl.DataFrame, new: pl.DataFrame, found: _Found) -> list[pl.Series]:
    """The block columns, old_index, new_index, relation."""
    keys = [name for name in _BLOCK if name in old.columns and name in new.columns]
    here = pl.Series(found.new != NONE)
    blocks = [_taken(new[name], found.new) for name in keys]
    if not here.all():
        blocks = [block.zip_with(here, _taken(old[block.name], found.old)) for block in blocks]
    return [
        *blocks,
        _taken(old["index"], found.old).alias("old_index"),
        _taken(new["index"], found.new).alias("new_index"),
        pl.Series("relation", found.relation).cat.to(_RELATION),
    ]


def _moved(
    facet: str, old: pl.Series, new: pl.Series, i: Rows, j: Rows
) -> tuple[NDArray[np.intp], pl.Series, pl.Series, pl.Series]:
    """Which of the pairs differ in a facet, and there the value before, the value after, and the difference."""
    before, after = old.rechunk().gather(i), new.rechunk().gather(j)
    moved = np.flatnonzero(before.ne_missing(after).to_numpy())
    before, after = before.gather(moved), after.gather(moved)
    if before.dtype == pl.String and facet not in ("progress", "content"):
        real = np.flatnonzero(differ(before, after))
        moved, before, after = moved[real], before.gather(real), after.gather(real)
    delta: Any = pl.repeat(None, len(moved), dtype=pl.Float64, eager=True)
    if facet == "progress":
        delta = after.cast(pl.Float64) - before.cast(pl.Float64)
    return moved, before, after, delta


@dataclass(frozen=True)
class _Side:
    """What is left of one frame: positions, the hash of the block, the content."""

    rows: Rows
    block: NDArray[np.uint64]
    content: pl.Series

    @classmethod
    def of(cls, frame: pl.DataFrame, keys: Sequence[str]) -> _Side:
        block = np.zeros(frame.height, dtype=np.uint64)
        for name in keys:
            block = (block * np.uint64(0x9E3779B97F4A7C15)) ^ frame[name].hash().to_numpy()
        return cls(np.arange(frame.height, dtype=np.uint32), block, frame["content"].fill_null(""))

    def without(self, taken: Rows) -> _Side:
        """What is left when these positions (in what is left now) are gone."""
        if not len(taken):
            return self
        kept = _others(len(self.rows), taken)
        return _Side(self.rows[kept], self.block[kept], self.content.filter(kept))

    def keyed(self, keys: Keys, filled: Mask) -> pl.DataFrame:
        """Place and key, a key being that of a text and its block; rows that say nothing are left out."""
        # A text that is the name of its block must not cancel out with it.
        key = keys ^ (self.block * np.uint64(0xD6E8FEB86659FD93))
        frame = pl.DataFrame({"place": np.arange(len(key), dtype=np.uint32), "key": key})
        return frame if filled.all() else frame.filter(filled)


def _others(count: int, taken: Rows) -> Mask:
    kept = np.ones(count, dtype=bool)
    kept[taken] = False
    return kept


def _printed(text: pl.Series) -> tuple[Keys, Mask]:
    """A hash of each text as it stands, and whether there is one."""
    return text.hash().to_numpy(), (text != "").to_numpy()


def _equal(*sides: pl.DataFrame) -> tuple[Rows, Rows]:
    """Places of rows of one block whose contents have the same key; repeated ones in their order."""
    found = sides[0].join(sides[1], on="key", how="inner")
    i, j = found["place"].to_numpy(), found["place_right"].to_numpy()
    repeated = (np.bincount(i, minlength=1)[i] > 1) | (np.bincount(j, minlength=1)[j] > 1)
    if not repeated.any():
        return i, j
    # A promise that stands several times in a block: the first with the first.
    nth = [
        side.filter(pl.col("key").is_in(found.filter(repeated)["key"].unique().implode()))
        .sort("place")
        .with_columns(pl.int_range(pl.len()).over("key").alias("nth"))
        for side in sides
    ]
    told = nth[0].join(nth[1], on=["key", "nth"], how="inner")
    plain = ~repeated
    return (
        np.concatenate([i[plain], told["place"].to_numpy()]),
        np.concatenate([j[plain], told["place_right"].to_numpy()]),
    )


def _alike(old: _Side, new: _Side, letters_old: Letters, letters_new: Letters) -> tuple[Rows, Rows, Scores]:
    """Pairs that are each other's best by spelling, from `CUT` on; of the rest with the clauses in any order;
    then those that are alone in being somewhat alike.

    The score is 0..1.
    """
    with ThreadPoolExecutor(2) as pool:
        (told_old, marks_old), (told_new, marks_new) = pool.map(clauses, (letters_old, letters_new))
    texts_old, texts_new = (np.array([*told, ""], dtype=object)[:-1] for told in (told_old, told_new))
    none = np.array([], dtype=np.uint32)
    likely = [(none, none, np.array([], dtype=np.float32))]
    for left, right in _shared_blocks(old, new):
        shared = _shared_characters(marks_old[left], marks_new[right])
        may = shared >= min(least for _, least, _, _ in STAGES)
        likely.append((left[may], right[may], shared[may]))
    i, j, shared = (np.concatenate(part) for part in zip(*likely, strict=True))
    found = []
    for scorer, least, cut, lead in STAGES:
        score = np.zeros(len(i), dtype=np.float32)
        asked = np.flatnonzero(shared >= least)
        for start in range(0, len(asked), BATCH):
            part = asked[start : start + BATCH]
            some_old, some_new = texts_old[i[part]].tolist(), texts_new[j[part]].tolist()
            score[part] = cpdist(
                some_old, some_new, scorer=scorer, score_cutoff=cut - lead, workers=-1, dtype=np.float32
            )
        good = score >= cut
        if lead:
            good &= np.minimum(_lead(i, score), _lead(j, score)) >= lead
        chosen = np.flatnonzero(good)[_mutual(i[good], j[good], score[good])]
        found.append((i[chosen], j[chosen], score[chosen] / np.float32(100)))
        free_old, free_new = np.ones(len(texts_old), dtype=bool), np.ones(len(texts_new), dtype=bool)
        free_old[i[chosen]], free_new[j[chosen]] = False, False
        rest = free_old[i] & free_new[j]
        i, j, shared = i[rest], j[rest], shared[rest]
    at_old, at_new, scores = (np.concatenate(part) for part in zip(*found, strict=True))
    return at_old, at_new, scores


def _shared_blocks(old: _Side, new: _Side) -> Iterator[tuple[Rows, Rows]]:
    """Every pair of left-over rows of one block, by place in the left-overs, a batch at a time."""
    by_block = np.argsort(new.block, kind="stable").astype(np.uint32)
    blocks = new.block[by_block]
    first = np.searchsorted(blocks, old.block, side="left")
    many = np.searchsorted(blocks, old.block, side="right") - first
    ends = np.cumsum(many)
    start = 0
    while start < len(many):
        done = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + BATCH, side="right")))
        some = many[start:stop]
        if some.any():
            within = np.arange(some.sum()) - np.repeat(np.cumsum(some) - some, some)
            left = np.repeat(np.arange(start, stop, dtype=np.uint32), some)
            yield left, by_block[np.repeat(first[start:stop], some) + within]
        start = stop


def _shared_characters(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> Scores:
    """How many of the characters of the shorter text the other has, 0..1; pair by pair."""
    shared = np.bitwise_count(left & right).sum(axis=1, dtype=np.float32)
    fewest = np.minimum(*(np.bitwise_count(side).sum(axis=1, dtype=np.float32) for side in (left, right)))
    return np.asarray(shared / np.maximum(fewest, np.float32(1)), dtype=np.float32)


def _lead(rows: Rows, score: Scores) -> Scores:
    """How far each pair is before the best other pair of the same row; all of its score where there is no other."""
    order = np.lexsort((-score, rows))
    opens = np.ones(len(rows), dtype=bool)
    opens[1:] = rows[order][1:] != rows[order][:-1]
    group = np.cumsum(opens) - 1
    first = np.flatnonzero(opens)
    alone = np.append(opens[1:], True)[first] if len(first) else opens
    best = score[order][first]
    second = np.where(alone, np.float32(0), score[order][np.minimum(first + 1, len(rows) - 1)])
    lead = np.empty(len(rows), dtype=np.float32)
    lead[order] = score[order] - np.where(opens, second[group], best[group])
    return lead


def _mutual(i: Rows, j: Rows, score: Scores) -> NDArray[np.intp]:
    """Indexes of the pairs in which each is the best partner left of the other; ties go to the earlier pair."""
    order = np.lexsort((j, i, -score))
    taken_i = np.zeros(int(i.max(initial=0)) + 1, dtype=bool)
    taken_j = np.zeros(int(j.max(initial=0)) + 1, dtype=bool)
    chosen: list[NDArray[np.intp]] = []
    while order.size:
        first_i = np.zeros(order.size, dtype=bool)
        first_j = np.zeros(order.size, dtype=bool)
        first_i[np.unique(i[order], return_index=True)[1]] = True
        first_j[np.unique(j[order], return_index=True)[1]] = True
        best = order[first_i & first_j]
        chosen.append(best)
        taken_i[i[best]] = True
        taken_j[j[best]] = True
        order = order[~(taken_i[i[order]] | taken_j[j[order]])]
    return np.concatenate(chosen) if chosen else np.array([], dtype=np.intp)
