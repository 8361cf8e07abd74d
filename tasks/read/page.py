"""What every format's reader hands over: text, blocks that know their place in it, and what the head says.

Invariant, for every paragraph and every cell that is not a copy: `page.text[start:end] == text` up to
`tasks.text.clean_cell` (blanks folded, ends stripped). Blocks stand in document order. A page has thousands of
paragraphs and cells, so these are named tuples: made in a fraction of the time that a frozen dataclass takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tasks.model import Attachment, Span, Warn


class Paragraph(NamedTuple):
    """A line or paragraph. `level` is the heading level the markup gives (h1 → 1, Word's Heading 2 → 2), else None."""

    text: str
    start: int
    end: int
    level: int | None = None
    bold: bool = False


class Cell(NamedTuple):
    """One slot of a grid. A merged cell fills each slot it covers: `copy` is True in all but its first.

    `number` is set where the format holds a number; it is then what the sheet shows (45 for 0.45 formatted as 45%).
    """

    text: str
    start: int
    end: int
    copy: bool = False
    header: bool = False
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A rectangular grid, spans resolved: every row has the same width; a slot nothing covers is an empty cell.

    `complete` is False where the source was visibly cut off (an unclosed table). `name` is a sheet's name or caption.
    `widths`: how many slots the cells of each row really covered, merged cells included; empty where the format
    cannot print a row that is short of cells.
    """

    rows: tuple[tuple[Cell, ...], ...]
    name: str | None = None
    complete: bool = True
    widths: tuple[int, ...] = ()

    @property
    def span(self) -> Span:
        """From the first to the last character of the table in the page's text."""
        cells = [cell for row in self.rows for cell in row if cell.end > cell.start]
        return (min(c.start for c in cells), max(c.end for c in cells)) if cells else (0, 0)


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Page:
    """A document as its format's reader sees it. `head` holds title and meta tags, names in lower case.

    `body` are the blocks of the content area; `frame` those outside it (navigation, metadata block, footer), which
    the metadata reader looks at and nobody else. `leads` are spans of bold words that open a paragraph which goes on
    in plain type; each begins where its paragraph does.
    """

    text: str
    body: tuple[Block, ...]
    frame: tuple[Block, ...] = ()
    head: Mapping[str, str] = field(default_factory=dict)
    links: tuple[Attachment, ...] = ()
    encoding: str | None = None
    warnings: tuple[Warn, ...] = ()
    format: str = "html"  # html | text | workbook | word | pdf
    leads: tuple[Span, ...] = ()
