"""The forms of `normalise` as expressions on whole columns."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

LOOK = 24  # characters from the start within which most texts that differ do so
_ORDINAL = r"^\s*(?:\([0-9一二三四五六七八九十]{1,3}\)|[0-9]{1,3}[)、.]\s*([^0-9])|[一二三四五六七八九十]{1,3}、)"
_PLAIN = "^[0-9a-z㐀-鿿]$"


def folded(text: pl.Expr) -> pl.Expr:
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


def typography_off(text: pl.Expr) -> pl.Expr:
    """White space and punctuation removed from normalised text, but for marks between digits: like `content_key`."""
    return (
        text.str.to_lowercase()
        .str.replace(_ORDINAL, "$1")
        .str.replace_all(r"([0-9])\.([0-9])", "$1\u0001$2")
        .str.replace_all(r"([0-9])[-—–~～]([0-9])", "$1\u0002$2")
        .str.replace_all(r"""[\s,.;:!?"'`()\[\]{}<>【】「」『』〈〉《》“”‘’|_·•・…、。—–‑−~～*^-]+""", "")
    )


def clauses(text: pl.Expr) -> pl.Expr:
    """White space removed from normalised text, marks between clauses as one blank."""
    return (
        text.str.to_lowercase()
        .str.replace_all(r"\s", "")
        .str.replace_all(r"[,;:!?、。()《》“”‘’\"']+", " ")
        .str.strip_chars()
    )


def differ(before: pl.Series, after: pl.Series, *, promise: bool) -> NDArray[np.bool_]:
    """Whether two columns of unequal texts differ in more than typography, row by row.

    Plain characters are left alone by folding, so where two texts first differ in plain ones, they differ; few are
    folded. `promise`: punctuation and an opening ordinal do not count either, and all are folded.
    """
    found = np.zeros(len(before), dtype=bool)
    open_ = np.arange(len(before))
    one, other = before.fill_null(""), after.fill_null("")
    unsure = [open_[:0]]
    for at in range(0 if promise else LOOK):
        if not len(open_):
            break
        a, b = one.str.slice(at, 1), other.str.slice(at, 1)
        unlike = (a != b).to_numpy()
        plain = (a.str.contains(_PLAIN) & b.str.contains(_PLAIN)).to_numpy()
        found[open_[unlike & plain]] = True
        unsure.append(open_[unlike & ~plain])
        open_, one, other = open_[~unlike], one.filter(~unlike), other.filter(~unlike)
    rest = np.concatenate([*unsure, open_])
    if len(rest):
        form = (lambda text: typography_off(text.str.normalize("NFKC"))) if promise else folded
        pairs = pl.DataFrame({"a": before.gather(rest).fill_null(""), "b": after.gather(rest).fill_null("")})
        found[rest] = pairs.select(form(pl.col("a")) != form(pl.col("b"))).to_series().to_numpy()
    return found
