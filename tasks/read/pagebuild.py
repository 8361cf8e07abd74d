"""Builds a Page piece by piece, keeping the seam's invariant: `text[start:end]` is the piece.

Paragraphs and rows end with a line feed, cells are parted by a tab.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tasks.lookalikes import as_ideographs, warned
from tasks.model import Attachment, Span, Warn
from tasks.read.attachment_errors import OversizedFile
from tasks.read.limits import Limits
from tasks.read.page import Block, Cell, Page, Paragraph, Table
from tasks.text import clean_cell

_SURROGATES = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell before it has a place in the text: its upper left corner and the slots it covers."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1
    number: float | None = None
    header: bool = False


class PageBuilder:
    """Collects blocks in document order; `page()` closes it. Raises OversizedFile beyond `limits.cells`."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._parts: list[str] = []
        self._length = 0
        self._cells = 0
        self._blocks: list[Block] = []
        self._warnings: list[Warn] = []
        self._links: list[Attachment] = []
        self._leads: list[Span] = []
        self._head: dict[str, str] = {}
        self._replaced = 0  # characters that only looked like ideographs

    @property
    def blocks(self) -> Sequence[Block]:
        """What has been added so far."""
        return self._blocks

    def warn(self, code: str, message: str) -> None:
        """Adds a warning, once."""
        warning = Warn(code, message)
        if warning not in self._warnings:
            self._warnings.append(warning)

    def link(self, url: str, name: str) -> None:
        """Notes a link to another file."""
        self._links.append(Attachment(url, name))

    def heading(self, text: str) -> None:
        """Notes the document's own heading, where the format tells it by style or size."""
        self._head["heading"] = self._clean(text)

    def paragraph(self, text: str, level: int | None = None, bold: bool = False, lead: int = 0) -> None:
        """Adds a paragraph; nothing where it is empty. `lead`: how many of its characters, from the first, are bold."""
        words = self._clean(text[:lead]) if lead else ""
        text = self._clean(text)
        if text:
            start, end = self._put(text)
            if words and text.startswith(words) and words != text:
                self._leads.append((start, start + len(words)))
            self._blocks.append(Paragraph(text, start, end, level, bold))
            self._put("\n")

    def table(
        self, slots: Iterable[Slot], height: int, width: int, name: str | None = None, complete: bool = True
    ) -> None:
        """Adds a table of `height` × `width` slots; a cell fills every slot it covers, the first to claim one wins."""
        self._cells += height * width
        if self._cells > self._limits.cells:
            raise OversizedFile(f"{self._cells} table cells, the limit cells is {self._limits.cells}")
        owner: list[list[Slot | None]] = [[None] * width for _ in range(height)]
        for slot in sorted(slots, key=lambda s: (s.row, s.column)):
            for row in owner[slot.row : slot.row + slot.rows]:
                for column in range(slot.column, min(slot.column + slot.columns, width)):
                    if row[column] is None:
                        row[column] = slot
        placed: dict[int, Cell] = {}
        rows: list[tuple[Cell, ...]] = []
        for owners in owner:
            cells: list[Cell] = []
            for c, held in enumerate(owners):
                if c:
                    self._put("\t")
                cells.append(self._cell(held, placed))
            self._put("\n")
            rows.append(tuple(cells))
        if rows:
            self._blocks.append(Table(tuple(rows), name, complete))

    def _cell(self, slot: Slot | None, placed: dict[int, Cell]) -> Cell:
        if slot is None:
            return Cell("", self._length, self._length)
        known = placed.get(id(slot))
        if known is not None:
            return Cell(known.text, known.start, known.end, True, known.header, known.number)
        text = self._clean(slot.text)
        start, end = self._put(text)
        # A corner hidden under an earlier cell is still the first place where this one is seen.
        cell = placed[id(slot)] = Cell(text, start, end, False, slot.header, slot.number)
        return cell

    def _clean(self, text: str) -> str:
        if _SURROGATES.search(text):
            self.warn("undecodable_bytes", f"half a character pair shown as U+FFFD: {text[:40]!r}")
            text = _SURROGATES.sub("\ufffd", text)
        elif "\ufffd" in text:
            self.warn("replacement_characters", f"characters lost before or while reading: {text[:40]!r}")
        text, replaced = as_ideographs(text)
        self._replaced += replaced
        return clean_cell(text)

    def _put(self, text: str) -> tuple[int, int]:
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        if self._length * 2 > self._limits.output_bytes:
            raise OversizedFile(f"more than {self._length} characters, the limit output_bytes is too small for them")
        return start, self._length

    def page(self, form: str, head: Mapping[str, str] | None = None, encoding: str | None = None) -> Page:
        """The page; the builder is spent."""
        self._warnings += warned(self._replaced)
        return Page(
            text="".join(self._parts),
            body=tuple(self._blocks),
            head=self._head | dict(head or {}),
            links=tuple(self._links),
            encoding=encoding,
            warnings=tuple(self._warnings),
            format=form,
            leads=tuple(self._leads),
        )
