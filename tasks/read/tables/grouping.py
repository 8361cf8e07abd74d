"""Which column groups the rows of a table, and which spells out what is to be done."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.model import Warn
from tasks.read.tables.cells import begins_with_verb
from tasks.read.tables.content import Profile
from tasks.read.tables.headings import Claim, Role, may_group

_NAME_LENGTH = 16.0  # characters; a column of more on average names nothing
_FIGURE = re.compile(r"[-—/]|[\d.,]+\s*(?:%|[万亿]?元)?")
_GROUPED, _REPEATED = 0.6, 0.8  # the most of a column's cells that may differ, where it groups rows, and may group them
_LONGER, _SHORTER = 1.5, 0.8  # how long a target is beside its task, where it spells it out or measures it


def are_figures(texts: Sequence[str]) -> bool:
    """Whether figures alone stand in a column as a rule."""
    filled = [text for text in texts if text]
    return sum(_FIGURE.fullmatch(text) is not None for text in filled) * 2 >= len(filled)


def groups(texts: Sequence[str], column: int, merged: Sequence[int]) -> bool:
    """Whether a column groups the rows: its cells are merged, or its texts repeat."""
    if column < len(merged) and merged[column] >= 2:
        return True
    filled = [t for t in texts if t]
    return len(filled) >= 4 and len(set(filled)) <= 0.6 * len(filled)


def is_spelled_out(
    headings: Sequence[str],
    columns: Sequence[Sequence[str]],
    merged: Sequence[int],
    task: int,
    target: int,
    warnings: list[Warn],
) -> bool:
    """Whether the targets beside tasks are what is promised, and the tasks their groups.

    So it is where the tasks group most rows. Where few of them repeat, targets that are longer, or tell figures where
    the tasks are mere names, spell out the task, and plainly shorter ones measure parts of it; in between nobody knows
    (`columns_uncertain`).
    """
    texts = [text for text in columns[task] if text]
    told = [text for text in columns[target] if text]
    rows = len(texts) + (merged[task] if task < len(merged) else 0)
    different = len(set(texts))
    grouped = groups(columns[task], task, merged)
    if not texts:
        return False  # a column that is named, and empty
    if not told or (grouped and different <= _GROUPED * rows):
        return grouped
    if not grouped and (different > _REPEATED * rows or len(set(told)) <= different):
        return False
    longer = sum(map(len, told)) / len(told) / (sum(map(len, texts)) / len(texts))
    if longer <= _SHORTER or are_figures(told):
        return False
    if longer < _LONGER and not (_tell_figures(told) and not _tell_figures(texts) and not _begin_with_verbs(texts)):
        said = f"{headings[task]} repeats beside {headings[target]}: it may group the rows or be what they promise"
        warnings.append(Warn("columns_uncertain", said))
        return grouped
    return True


def _tell_figures(texts: Sequence[str]) -> bool:
    return sum(any(map(str.isdigit, text)) for text in texts) * 2 >= len(texts)


def _begin_with_verbs(texts: Sequence[str]) -> bool:
    return sum(map(begins_with_verb, texts)) * 2 >= len(texts)


def unknown_group(
    headings: Sequence[str],
    claims: Sequence[Claim],
    profiles: Sequence[Profile],
    columns: Sequence[Sequence[str]],
    merged: Sequence[int],
    content: int,
) -> int | None:
    """The column before the content that groups the rows under a heading that no rule knows."""
    found = (
        i
        for i, c in enumerate(claims[:content])
        if c.role is Role.UNKNOWN and headings[i] and may_group(headings[i])
        if profiles[i].length <= _NAME_LENGTH and profiles[i].integers < 0.2 and groups(columns[i], i, merged)
    )
    return next(found, None)
