"""Grids that only lay out a text: their cells are its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tasks.read.page import Block, Cell, Page, Paragraph, Table
from tasks.text import clean_cell

_LEAST_TEXT = 200  # characters of the cells that hold a text
_SENTENCES = 3
_HEAD_ROWS = 3  # rows of a masthead, its number and its date side by side
_SHORT = 40  # characters of their cells


def without_layout(page: Page) -> Page:
    """The page with the tables of one column that hold its text given as paragraphs, a line each; the same page where
    there is none. Cells side by side in the first rows, a masthead's, stay a row. Title, masthead and headings then
    stand on lines of their own, whatever draws a frame around them."""
    if page.format == "workbook":
        return page
    frames = {id(block) for block in page.body if isinstance(block, Table) and _holds_text(block)}
    if not frames:
        return page
    body: list[Block] = []
    for block in page.body:
        if isinstance(block, Table) and id(block) in frames:
            body += _lines(page.text, block)
        else:
            body.append(block)
    return replace(page, body=tuple(body))


def _holds_text(table: Table) -> bool:
    """Whether a table has no cells side by side, but for short ones in its first rows, and sentences below them."""
    if not table.complete:
        return False
    cells = [[cell.text for cell in row if cell.text.strip() and not cell.copy] for row in table.rows]
    head = _head(table)
    if head > _HEAD_ROWS or any(len(text) > _SHORT for row in cells[:head] for text in row):
        return False
    told = "".join(text for row in cells[head:] for text in row)
    return len(told) >= _LEAST_TEXT and told.count("。") >= _SENTENCES


def _head(table: Table) -> int:
    """How many rows it takes to the last one that has cells side by side."""
    return 1 + max((n for n, row in enumerate(table.rows) if len(_filled(row)) > 1), default=-1)


def _filled(row: tuple[Cell, ...]) -> list[Cell]:
    return [cell for cell in row if cell.text.strip() and not cell.copy]


def _lines(text: str, table: Table) -> Iterator[Block]:
    for row in table.rows:
        cells = _filled(row)
        if len(cells) > 1:
            yield Table((row,))
            continue
        for cell in cells:
            for line in re.finditer(r"[^\n]+", text[cell.start : cell.end]):
                if line[0].strip():
                    yield Paragraph(clean_cell(line[0]), cell.start + line.start(), cell.start + line.end())
