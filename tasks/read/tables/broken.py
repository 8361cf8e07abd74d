"""Rows of text that line feeds inside their cells have broken: what a browser copies of a table is such text.

A line without a number, in a table whose rows bear one, goes on with the last cell of the line above where both
together make a row that reads better than two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from tasks.read.tables.align import ALIKE, CERTAIN, Model, place, plain
from tasks.read.tables.cells import goes_on_counting, is_nothing, narrow, ordinal_of, units_likeness
from tasks.read.tables.headings import Role
from tasks.read.tables.pieces import Piece, without_tail
from tasks.read.tables.rowkinds import NOTE, TOTAL

_NUMBER = re.compile(r"\d{1,3}(?:[-—.]\d{1,3})?[.、]?")
_FIGURE = re.compile(r"[-—/\d][\d.,]*\s*[%％]?")
_LEAST = 0.34  # the share of rows that bear a number, each the next of the one above
_BODIES = 0.8
_SHORT = 40  # characters; the name of a section has no more

Row = tuple[Piece, ...]


def rejoined(rows: Sequence[Row], model: Model) -> tuple[list[Row], list[str]]:
    """The rows below the headings with the broken ones made whole, and those of which that is not certain."""
    numbered = [_is_numbered(row) for row in rows]
    if model.roles[:1] != (Role.SEQ,) or all(numbered) or not _count(rows, numbered):
        return list(rows), []
    made: list[Row] = []
    doubtful: list[str] = []
    for row, begins in zip(rows, numbered, strict=True):
        whole = None if begins or not made or not _is_numbered(made[-1]) else _together(made[-1], row, model)
        if whole is None:
            made.append(row)
            continue
        gain = _worth(whole, model) - _worth(made[-1], model) - _worth(row, model)
        if gain < CERTAIN and not goes_on_counting(made[-1][-1].text, row[0].text):
            made.append(row)
            continue
        made[-1] = whole
        if CERTAIN <= gain < ALIKE:
            doubtful.append(f"{row[0].text[:12]} goes on with the row above")
    return made, doubtful


def _count(rows: Sequence[Row], numbered: Sequence[bool]) -> bool:
    """Whether enough rows bear a number, and those rise."""
    found = [
        tuple(map(int, re.findall(r"\d+", row[0].text))) for row, begins in zip(rows, numbered, strict=True) if begins
    ]
    return len(found) >= max(2, _LEAST * len(rows)) and all(a < b for a, b in pairwise(found))


def _is_numbered(row: Row) -> bool:
    return bool(row) and _NUMBER.fullmatch(row[0].text) is not None


def _together(above: Row, row: Row, model: Model) -> Row | None:
    """The row above with this one as the rest of its last cell; None where it is none, or has too many cells."""
    head, rest = without_tail(above), row
    if len(head) != len(above) or not rest[0].text or len(head) + len(rest) - 1 > len(model.roles) or len(head) < 2:
        return None
    last, first = head[-1], rest[0]
    if any(is_nothing(text) or _FIGURE.fullmatch(narrow(text)) for text in (last.text, first.text)):
        return None
    counted = goes_on_counting(last.text, first.text)
    if NOTE.match(first.text) or TOTAL.match(first.text):
        return None
    if len(rest) == 1 and not counted and (len(first.text) <= _SHORT or ordinal_of(first.text)):
        return None
    names = units_likeness(narrow(first.text)) >= _BODIES
    if names and Role.UNITS in model.roles and units_likeness(narrow(last.text)) < _BODIES:
        return None  # a further body, and what it did
    return (*head[:-1], replace(last, text=f"{last.text}\n{first.text}", end=first.end), *rest[1:])


def _worth(row: Row, model: Model) -> float:
    texts = [plain(piece.text) for piece in row if piece.text]
    placing = place(texts, model)
    return placing.score if placing is not None else -99.0
