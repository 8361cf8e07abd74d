"""Which texts of two whole columns differ in more than typography."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.compare.letters import both, fold_keys

LOOK = 24  # characters from the start within which most texts that differ do so
_PLAIN = "^[0-9a-z㐀-鿿]$"


def differ(before: pl.Series, after: pl.Series) -> NDArray[np.bool_]:
    """Whether two columns of texts differ when folded (`tasks.text.fold`), row by row; null is an empty text.

    Plain characters are left alone by folding, so where two texts first differ in plain ones, they differ; the others
    are folded.
    """
    found = np.zeros(len(before), dtype=bool)
    open_ = np.arange(len(before))
    one, other = before.fill_null(""), after.fill_null("")
    unsure = [open_[:0]]
    for at in range(LOOK):
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
        texts = both(before.gather(rest), after.gather(rest), promise=False)
        (left, told_left), (right, told_right) = map(fold_keys, texts)
        found[rest] = (left != right) | (told_left != told_right)
    return found
