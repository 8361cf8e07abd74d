"""Matching at the scale of millions of rows: many documents at once, blocked by source and year.

Exact agreement by hash, then agreement but for typography, then likeness of spelling within what a block has left.
Integers travel through the joins; text is touched only where it must be. Splits, merges and promises told in other
words are the business of `match`, document by document; on what both can see the two agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

LINK_COLUMNS = ("old_index", "new_index", "relation", "confidence")
CUT = 60.0  # likeness (0..100) below which two rows are not one commitment on spelling alone
SHARED_CHARACTERS = 0.5  # of the characters of the shorter row; fewer cannot well make a likeness of CUT
BATCH = 400_000  # pairs scored at a time: bounds the memory
_BLOCK = ("source_id", "year")
_ORDINAL = r"^\s*(?:\([0-9一二三四五六七八九十]{1,3}\)|[0-9]{1,3}[)、.]\s*([^0-9])|[一二三四五六七八九十]{1,3}、)"


def match_frames(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Links between the rows of two frames, block by block.

    Both need `source_id` (str), `index` (int) and `content` (str); `year` where there is more than one. Returns the
    block columns with `old_index`, `new_index` (null where a side is missing), `relation` (same, reworded, dropped,
    added) and `confidence` (0..1). Raises polars.exceptions.ColumnNotFoundError where a column is missing.
    """
    keys = [name for name in _BLOCK if name in old.columns and name in new.columns]
    left, right = _numbered(old, keys), _numbered(new, keys)
    pairs: list[tuple[NDArray[np.uint32], NDArray[np.uint32], str, NDArray[np.float32] | float]] = []
    for form in (pl.col("content"), _typography_off(pl.col("content"))):
        i, j = _equal(left, right, form)
        pairs.append((i, j, "same", 1.0))
        left, right = _without(left, i), _without(right, j)
        if len(pairs) == 1:
            # Unicode's normal form is the dear part of folding: once, and for the left-overs only.
            left, right = (side.with_columns(pl.col("content").str.normalize("NFKC")) for side in (left, right))
    i, j, score = _alike(left, right)
    pairs.append((i, j, "reworded", score))
    dropped, added = _without(left, i)["row"].to_numpy(), _without(right, j)["row"].to_numpy()
    return _links(old, new, keys, pairs, (dropped, added))


def diff_frames(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """The typed changes between two frames: `match_frames`, and the facets that differ on each link.

    Facets are those of `status`, `progress`, `content`, `units`, `category`, `seq` that both frames have (units as
    text joined with 、). Returns the block columns, `old_index`, `new_index`, `relation`, `facet`, `old_value`,
    `new_value` (text) and `delta` (float, progress only). Added and dropped rows have one change of facet `row`.
    """
    links = match_frames(old, new)
    keys = [name for name in _BLOCK if name in links.columns]
    facets = [f for f in ("status", "progress", "content", "units", "category", "seq") if f in old.columns]
    facets = [f for f in facets if f in new.columns]
    wide = links.join(
        old.select(*keys, pl.col("index").alias("old_index"), *(pl.col(f).alias(f"{f}_old") for f in facets)),
        on=[*keys, "old_index"],
        how="left",
    ).join(
        new.select(*keys, pl.col("index").alias("new_index"), *(pl.col(f).alias(f"{f}_new") for f in facets)),
        on=[*keys, "new_index"],
        how="left",
    )
    head = [*keys, "old_index", "new_index", "relation"]
    paired = pl.col("old_index").is_not_null() & pl.col("new_index").is_not_null()
    both, alone = wide.filter(paired), wide.filter(~paired)
    parts = [
        alone.select(
            *head,
            pl.lit("row").alias("facet"),
            pl.col("content_old").alias("old_value"),
            pl.col("content_new").alias("new_value"),
            pl.lit(None, dtype=pl.Float64).alias("delta"),
        )
    ]
    for facet in facets:
        before, after = pl.col(f"{facet}_old"), pl.col(f"{facet}_new")
        delta = pl.lit(None, dtype=pl.Float64)
        moved = both.filter(before.ne_missing(after))
        if facet == "progress":
            delta = after.cast(pl.Float64) - before.cast(pl.Float64)
        elif moved.schema[f"{facet}_old"] == pl.String:
            moved = moved.filter(_differs(before, after, _promise_form if facet == "content" else _folded))
        parts.append(
            moved.select(
                *head,
                pl.lit(facet).alias("facet"),
                before.cast(pl.String).alias("old_value"),
                after.cast(pl.String).alias("new_value"),
                delta.alias("delta"),
            )
        )
    return pl.concat(parts).sort([*keys, "new_index", "old_index", "facet"], nulls_last=True)


def _numbered(frame: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """row (position), block (hash), content."""
    block = pl.struct(*keys).hash() if keys else pl.lit(0, dtype=pl.UInt64)
    return frame.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"), block.alias("block"), pl.col("content").fill_null("")
    )


def _equal(old: pl.DataFrame, new: pl.DataFrame, form: pl.Expr) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Positions of rows of one block whose contents are the same in this form; repeated ones in their order."""
    key = pl.struct("block", "content").hash().alias("key")
    sides = [
        frame.select("row", "block", form.alias("content")).filter(pl.col("content") != "").select("row", key)
        for frame in (old, new)
    ]
    repeated = pl.concat([side.filter(pl.col("key").is_duplicated()).select("key") for side in sides]).unique()
    if repeated.height:
        nth = pl.struct("key", pl.int_range(pl.len()).over("key")).hash().alias("key")
        sides = [
            pl.concat(
                [
                    side.join(repeated, on="key", how="anti"),
                    side.join(repeated, on="key", how="semi").sort("row").select("row", nth),
                ]
            )
            for side in sides
        ]
    found = sides[0].join(sides[1], on="key", how="inner")
    return found["row"].to_numpy(), found["row_right"].to_numpy()


def _without(side: pl.DataFrame, taken: NDArray[np.uint32]) -> pl.DataFrame:
    if not len(taken):
        return side
    return side.join(pl.DataFrame({"row": taken}, schema={"row": pl.UInt32}), on="row", how="anti")


def _alike(old: pl.DataFrame, new: pl.DataFrame) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.float32]]:
    """Pairs that are each other's best by spelling, from `CUT` on; then of the rest, with the clauses in any order."""
    found = []
    left, right = old, new
    for scorer in (fuzz.ratio, fuzz.token_ratio):
        i, j, score = _best(left, right, scorer)
        found.append((i, j, score))
        left, right = _without(left, i), _without(right, j)
    i, j, score = (np.concatenate(part) for part in zip(*found, strict=True))
    return i, j, (score / 100).astype(np.float32)


def _best(
    old: pl.DataFrame, new: pl.DataFrame, scorer: Callable[..., float]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.float32]]:
    """(old position, new position, likeness 0..100) of the rows that are each other's best."""
    texts_old, texts_new = (frame.select(_clauses(pl.col("content")))["content"].to_list() for frame in (old, new))
    parts: list[tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.float32]]] = []
    marks_old, marks_new = _signatures(texts_old), _signatures(texts_new)
    for all_left, all_right in _candidates(old, new):
        likely = _may_be_alike(marks_old[all_left], marks_new[all_right])
        left, right = all_left[likely], all_right[likely]
        score = cpdist(
            [texts_old[at] for at in left.tolist()],
            [texts_new[at] for at in right.tolist()],
            scorer=scorer,
            score_cutoff=CUT,
            workers=-1,
            dtype=np.float32,
        )
        keep = score >= CUT
        parts.append((left[keep], right[keep], score[keep]))
    if not parts:
        none = np.array([], dtype=np.uint32)
        return none, none, np.array([], dtype=np.float32)
    i, j, scores = (np.concatenate(part) for part in zip(*parts, strict=True))
    chosen = _mutual(i, j, scores)
    return old["row"].to_numpy()[i[chosen]], new["row"].to_numpy()[j[chosen]], scores[chosen]


def _candidates(old: pl.DataFrame, new: pl.DataFrame) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.uint32]]]:
    """Every pair of left-over rows of one block, by position in the left-overs, a batch at a time."""
    left, right = (
        frame.select("block").with_row_index("at").group_by("block", maintain_order=True).agg("at")
        for frame in (old, new)
    )
    both = left.join(right, on="block", how="inner", maintain_order="left")
    pairs = (both["at"].list.len().cast(pl.Int64) * both["at_right"].list.len().cast(pl.Int64)).to_numpy()
    start = 0
    while start < both.height:
        stop, total = start, 0
        while stop < both.height and (stop == start or total + pairs[stop] <= BATCH):
            total += int(pairs[stop])
            stop += 1
        part = (
            both.slice(start, stop - start)
            .select("at", "at_right")
            .explode("at", empty_as_null=False)
            .explode("at_right", empty_as_null=False)
        )
        yield part["at"].to_numpy(), part["at_right"].to_numpy()
        start = stop


def _signatures(texts: Sequence[str]) -> NDArray[np.uint64]:
    """For each text two words of bits, one bit for each character (hashed): which characters it is made of."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    # Multiplying by a large odd number spreads neighbouring characters over the bits.
    hashed = (codes * np.uint32(2654435761)) >> np.uint32(25)
    bits = np.left_shift(np.uint64(1), (hashed & np.uint32(63)).astype(np.uint64))
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if len(texts) else np.array([], dtype=np.int64)
    marks = np.zeros((len(texts), 2), dtype=np.uint64)
    filled = lengths > 0
    if filled.any():
        for half in (0, 1):
            mine = np.where((hashed >> np.uint32(6)) == half, bits, np.uint64(0))
            marks[filled, half] = np.bitwise_or.reduceat(mine, starts[filled])
    return marks


def _may_be_alike(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Pairs that share enough characters for a likeness of `CUT`; spelling need not be looked at in the others."""
    shared = np.bitwise_count(left & right).sum(axis=1, dtype=np.int32)
    fewest = np.minimum(*(np.bitwise_count(side).sum(axis=1, dtype=np.int32) for side in (left, right)))
    return np.asarray(shared >= SHARED_CHARACTERS * fewest, dtype=bool)


def _mutual(i: NDArray[np.uint32], j: NDArray[np.uint32], score: NDArray[np.float32]) -> NDArray[np.intp]:
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


def _links(
    old: pl.DataFrame,
    new: pl.DataFrame,
    keys: Sequence[str],
    pairs: Sequence[tuple[NDArray[np.uint32], NDArray[np.uint32], str, NDArray[np.float32] | float]],
    rest: Sequence[NDArray[np.uint32]],
) -> pl.DataFrame:
    """The links as one frame: pairs in the order of the new rows, then what was dropped."""
    relation = pl.Enum(["same", "reworded", "split", "merged", "dropped", "added"])
    parts = [
        pl.DataFrame({"i": i, "j": j}, schema={"i": pl.UInt32, "j": pl.UInt32}).with_columns(
            pl.lit(name, dtype=relation).alias("relation"),
            pl.lit(score, dtype=pl.Float32).alias("confidence")
            if isinstance(score, float)
            else pl.Series("confidence", score, dtype=pl.Float32),
        )
        for i, j, name, score in pairs
    ]
    for name, rows, side in (("dropped", rest[0], "i"), ("added", rest[1], "j")):
        other = "j" if side == "i" else "i"
        parts.append(
            pl.DataFrame({side: rows}, schema={side: pl.UInt32}).select(
                *(pl.col(side) if c == side else pl.lit(None, dtype=pl.UInt32).alias(other) for c in ("i", "j")),
                pl.lit(name, dtype=relation).alias("relation"),
                pl.lit(1.0, dtype=pl.Float32).alias("confidence"),
            )
        )
    found = pl.concat(parts).sort("j", "i", nulls_last=True)
    at_old, at_new = found["i"], found["j"]
    blocks = [
        pl.Series(name, old[name].gather(at_old)).zip_with(at_old.is_not_null(), new[name].gather(at_new))
        for name in keys
    ]
    return pl.DataFrame(
        [
            *blocks,
            old["index"].gather(at_old).alias("old_index"),
            new["index"].gather(at_new).alias("new_index"),
            found["relation"],
            found["confidence"],
        ]
    )


def _folded(text: pl.Expr) -> pl.Expr:
    """`tasks.text.fold` as an expression."""
    return (
        text.str.replace_all(
            "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", ""
        )
        .str.normalize("NFKC")
        .str.replace_all("[“”]", '"')
        .str.replace_all("[‘’]", "'")
        .str.replace_all("[—–‑−~～〜]", "-")
        .str.replace_all("。", ".", literal=True)
        .str.replace_all("、", ",", literal=True)
        .str.replace_all("[﹒•・]", "·")
        .str.replace_all(r"\s", "")
        .str.replace_all(r"[。.;；,，、!！]+$", "")
        .str.to_lowercase()
    )


def _typography_off(text: pl.Expr) -> pl.Expr:
    """White space and punctuation removed from normalised text, but for marks between digits: like `content_key`."""
    return (
        text.str.to_lowercase()
        .str.replace(_ORDINAL, "$1")
        .str.replace_all(r"([0-9])\.([0-9])", "$1\u0001$2")
        .str.replace_all(r"([0-9])[-—–~～]([0-9])", "$1\u0002$2")
        .str.replace_all(r"""[\s,.;:!?"'`()\[\]{}<>【】「」『』〈〉《》“”‘’|_·•・…、。—–‑−~～*^-]+""", "")
    )


def _promise_form(text: pl.Expr) -> pl.Expr:
    return _typography_off(text.str.normalize("NFKC"))


def _clauses(text: pl.Expr) -> pl.Expr:
    """White space removed from normalised text, marks between clauses as one blank."""
    return (
        text.str.to_lowercase()
        .str.replace_all(r"\s", "")
        .str.replace_all(r"[,;:!?、。()《》“”‘’\"']+", " ")
        .str.strip_chars()
    )


def _differs(before: pl.Expr, after: pl.Expr, form: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """Whether two unequal texts differ in more than typography. The first character decides most of them for little."""
    first_old, first_new = (text.str.slice(0, 1) for text in (before, after))
    plain = first_old.str.contains("^[㐀-鿿]$") & first_new.str.contains("^[㐀-鿿]$")
    unlike: pl.Expr = plain & (first_old != first_new)
    same: pl.Expr = form(before.fill_null("")) == form(after.fill_null(""))
    return unlike | ~same
