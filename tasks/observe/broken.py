"""Cells of a text dump that a converter broke into lines of a table: other cells stand between their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tasks.model import Observation, Span

_BAR = re.compile(r"(?<!\\)[|｜│┃]")
_OTHERS = re.compile(r"[|｜│┃][^\n]*\n[^\n]*[|｜│┃]")


def is_broken(text: str, cell: str) -> bool:
    """Whether the text from a cell's beginning to its end holds lines of other cells than `cell`."""
    if "\n" not in text or _OTHERS.search(text) is None:
        return False
    return "".join(text.split()) != "".join(cell.split())


def _places(text: str, span: Span, cell: str) -> list[int] | None:
    """Where each character of a broken cell stands in the text, -1 for white space; None where they differ."""
    begin = text.rfind("\n", 0, span[0]) + 1
    column = len(_BAR.findall(text, begin, span[0]))
    found: list[int] = []
    while begin < span[1]:
        stop = text.find("\n", begin)
        stop = len(text) if stop < 0 else stop
        bars = [bar.start() for bar in _BAR.finditer(text, begin, stop)]
        if column < len(bars) and column > 0:
            found += [at for at in range(bars[column - 1] + 1, bars[column]) if not text[at].isspace()]
        begin = stop + 1
    found = [at for at in found if span[0] <= at < span[1]]
    if [text[at] for at in found] != [char for char in cell if not char.isspace()]:
        return None
    left = iter(found)
    return [-1 if char.isspace() else next(left) for char in cell]


def standing_in(cells: Iterable[str], text: str, span: Span) -> str:
    """The one of a row's cells whose characters stand in the span; empty where none does."""
    return next((cell for cell in cells if cell and _places(text, span, cell) is not None), "")


def moved(told: Sequence[Observation], text: str, span: Span, cell: str) -> list[Observation]:
    """Observations of a cell's text with their offsets in `text`, where the cell stands within `span`.

    Where its characters cannot be told, the figures are looked for one after another; one that is not found has the
    whole cell for its place.
    """
    where = _places(text, span, cell)
    if where is not None:
        return [replace(each, start=where[each.start], end=where[each.end - 1] + 1) for each in told]
    found: list[Observation] = []
    at = span[0]
    for each in told:
        start = text.find(each.text, at, span[1])
        start = start if start >= 0 else text.find(each.text, span[0], span[1])
        if start < 0:
            found.append(replace(each, start=span[0], end=span[1]))
            continue
        found.append(replace(each, start=start, end=start + len(each.text)))
        at = start
    return found
