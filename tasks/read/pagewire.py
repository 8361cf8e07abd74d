"""Pages as JSON, for the pipe between the reading process and its parent."""

from __future__ import annotations

from typing import Any

from tasks.model import Attachment, Warn
from tasks.read.page import Block, Cell, Page, Paragraph, Table


def page_to_wire(page: Page) -> dict[str, Any]:
    """Plain lists, small: a cell is [text, start, end, flags, number?]."""
    return {
        "text": page.text,
        "body": [_block(block) for block in page.body],
        "frame": [_block(block) for block in page.frame],
        "head": dict(page.head),
        "links": [[link.url, link.name] for link in page.links],
        "encoding": page.encoding,
        "warnings": [[warning.code, warning.message] for warning in page.warnings],
        "format": page.format,
        "leads": page.leads,
    }


def page_from_wire(wire: dict[str, Any]) -> Page:
    """The inverse of page_to_wire: `page_from_wire(page_to_wire(page)) == page`."""
    return Page(
        text=wire["text"],
        body=tuple(_unblock(block) for block in wire["body"]),
        frame=tuple(_unblock(block) for block in wire["frame"]),
        head=wire["head"],
        links=tuple(Attachment(*link) for link in wire["links"]),
        encoding=wire["encoding"],
        warnings=tuple(Warn(*warning) for warning in wire["warnings"]),
        format=wire["format"],
        leads=tuple((start, end) for start, end in wire["leads"]),
    )


def _block(block: Block) -> list[Any]:
    if isinstance(block, Paragraph):
        return ["p", block.text, block.start, block.end, block.level, block.bold]
    return ["t", [[_cell(cell) for cell in row] for row in block.rows], block.name, block.complete]


def _cell(cell: Cell) -> list[Any]:
    flags = cell.copy + 2 * cell.header
    packed: list[Any] = [cell.text, cell.start, cell.end, flags]
    return packed if cell.number is None else [*packed, cell.number]


def _unblock(wire: list[Any]) -> Block:
    if wire[0] == "p":
        return Paragraph(*wire[1:])
    return Table(tuple(tuple(_uncell(cell) for cell in row) for row in wire[1]), wire[2], wire[3])


def _uncell(wire: list[Any]) -> Cell:
    text, start, end, flags, *number = wire
    return Cell(text, start, end, bool(flags & 1), bool(flags & 2), number[0] if number else None)
