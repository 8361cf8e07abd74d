"""What a table says before its fields are cleaned: drafts of rows, each cell with its place, and what was left over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tasks.model import Span, Warn
from tasks.read.page import Cell, Table
from tasks.read.tables.columns import Columns

_DITTO = re.compile(r"(?:同上|同前|[〃″])\s*[。.]?")
_BLANK_IS_ABOVE = re.compile(
    r"(?P<column>[^，,。;；:：]{0,12}?)[一]?(?:[栏列]|单元格)?[中内]?(?:为|留|是)?空(?:白|格|缺)?(?:的|者|处|栏|单元格)*\s*[，,]?\s*"
    r"(?:表示|[均即系]|[视同]?为)*\s*(?:与?上(?:面|述)?一?[行栏格条项列]?(?:内容)?(?:相同|一致|一样)|同上)"
)
_NOTE = 80  # characters of a note on how to read a table
_DITTO_OPENS = frozenset("同〃″")


@dataclass(slots=True)
class Draft:
    """One row on its way: texts by column, where they stand (None where pieced together), and its section row."""

    texts: list[str]
    places: list[Span | None]
    section: str | None
    number: int
    spans: list[Span] = field(default_factory=list)
    merged: list[bool] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Left:
    """A stretch of the table that became no row, and why."""

    span: Span
    reason: str


@dataclass(slots=True)
class Reading:
    """What one table says. `captions`: the full-width rows above its headings."""

    columns: Columns
    drafts: list[Draft]
    table: Table
    spans: list[Span] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    warnings: list[Warn] = field(default_factory=list)
    captions: tuple[str, ...] = ()
    headed: bool = True
    section: str | None = None
    parted: bool = False  # one of several tables with these headings, each below a section of its own


def resolve_dittos(drafts: Sequence[Draft], columns: Columns) -> None:
    """Give a cell that only says 同上 what stands above it: a merged cell, printed otherwise."""
    fields = [columns.category, columns.units, *columns.more_units, *columns.statuses]
    for column in fields:
        if column is None or not any(draft.texts[column][:1] in _DITTO_OPENS for draft in drafts):
            continue
        for above, draft in pairwise(drafts):
            if _DITTO.fullmatch(draft.texts[column]):
                draft.texts[column], draft.places[column] = above.texts[column], above.places[column]


def blanks_noted(text: str) -> str | None:
    """What a note says of blank cells that mean what stands above them: the column it names (责任单位), or an empty
    text for all; None where it says no such thing."""
    found = _BLANK_IS_ABOVE.search(text) if len(text) <= _NOTE and "空" in text else None
    return "".join(found["column"].split()) if found is not None else None


def fill_blanks(drafts: Sequence[Draft], columns: Columns, named: str) -> None:
    """Blank cells of the columns that a note names, else of those that say whose task it is, as the cell above."""
    found = [i for i, heading in enumerate(columns.headings) if named and (named in heading or heading in named)]
    said = [column for column in (columns.category, columns.units, *columns.more_units) if column is not None]
    for column in found or said:
        for above, draft in pairwise(drafts):
            if not draft.texts[column] and draft.section == above.section:
                draft.texts[column], draft.places[column] = above.texts[column], above.places[column]


def grouped_by_sections(reading: Reading) -> bool:
    """Whether section rows, or the headings above several tables, group the tasks, and the column beside them only
    names each task: no name comes twice."""
    column = reading.columns.category
    least = 1 if reading.parted else 2
    if column is None or len({draft.section for draft in reading.drafts} - {None}) < least:
        return False
    names = [draft.texts[column] for draft in reading.drafts]
    shared = len({draft.section for draft in reading.drafts}) < len(reading.drafts)
    return shared and all(draft.section for draft in reading.drafts) and "" not in names and len({*names}) == len(names)


def takes_section(draft: Draft, reading: Reading) -> bool:
    """Whether a task takes its category from the section row above it."""
    column = reading.columns.category
    return column is None or not draft.texts[column] or grouped_by_sections(reading)


def origins(row: Sequence[Cell]) -> list[int]:
    """The columns in which a cell with text begins (no copies of merged cells)."""
    return [i for i, cell in enumerate(row) if cell.text and not cell.copy]


def is_wide(row: Sequence[Cell], column: int) -> bool:
    """Whether the cell in this column spans several columns (in the same row)."""
    here = row[column]
    if not here.text:
        return False
    beside = [row[i] for i in (column - 1, column + 1) if 0 <= i < len(row)]
    return any(b.start == here.start and b.end == here.end and (b.copy or here.copy) for b in beside)


def same_cell(one: Cell, other: Cell) -> bool:
    """Whether a slot is filled by the merged cell that begins elsewhere."""
    return one.copy and one.start == other.start and one.end == other.end
