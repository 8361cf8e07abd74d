"""Grids that only lay out a text: their cells are its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tasks.read.page import Block, Page, Paragraph, Table
from tasks.text import clean_cell

_LEAST_TEXT = 200  # characters of the cells that hold a text
_SENTENCES = 3


def without_layout(page: Page) -> Page:
    """The page with the tables of one column that hold its text given as paragraphs, a line each; the same page where
    there is none. Title, masthead and headings stand on lines of their own, whatever draws a frame around them."""
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
    """Whether a table has no cells side by side, and sentences in those it has."""
    if not table.complete:
        return False
    cells = [[cell.text for cell in row if cell.text.strip() and not cell.copy] for row in table.rows]
    if any(len(row) > 1 for row in cells):
        return False
    told = "".join(text for row in cells for text in row)
    return len(told) >= _LEAST_TEXT and told.count("。") >= _SENTENCES


def _lines(text: str, table: Table) -> Iterator[Paragraph]:
    for cell in (cell for row in table.rows for cell in row if not cell.copy):
        for line in re.finditer(r"[^\n]+", text[cell.start : cell.end]):
            if line[0].strip():
                yield Paragraph(clean_cell(line[0]), cell.start + line.start(), cell.start + line.end())
