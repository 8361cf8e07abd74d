"""Binary Word files to paragraphs and tables: marks, fields, merged cells, numbers, deleted and hidden text."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tasks.read.attachment_errors import CorruptFile, EmptyFile, ScanWithoutText
from tasks.read.attachments.wordfiles.flow import GridCell, GridTable, Item, Para, emit
from tasks.read.attachments.wordfiles.word97 import Piece, Properties, Property, Streams, characters_of, pieces_of
from tasks.read.attachments.wordfiles.word97lists import inherited, lists_of, styles_of
from tasks.read.pagebuild import PageBuilder

_CELL, _BREAK, _END, _PAGE = "\x07", "\x0b", "\r", "\x0c"
_FIELD_BEGIN, _FIELD_RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_IN_TABLE, _ROW_END, _DEPTH, _DEEPER = 0x2416, 0x2417, 0x6649, 0x664A
_INNER_CELL, _INNER_ROW = 0x244B, 0x244C
_OUTLINE, _LIST, _LIST_DEPTH = 0x2640, 0x460B, 0x260A
_GRID, _VERTICAL, _HORIZONTAL = 0xD608, 0xD62B, 0x5624
_ALIGNED, _ALIGNED_OLD, _CENTRED, _SIZE = 0x2461, 0x2403, 1, 0x4A43
_DELETED, _INSERTED, _HIDDEN, _BOLD, _SYMBOL = 0x0800, 0x0801, 0x083C, 0x0835, 0x6A09
_UNIT = 1000


@dataclass(slots=True)
class _Paragraph:
    text: str
    mark: str
    style: int
    properties: dict[int, Property]
    bold: bool
    size: int = 0  # of its largest type, in half points, where it is centred

    def on(self, code: int) -> bool:
        held = self.properties.get(code)
        return held is not None and bool(held.value)

    @property
    def depth(self) -> int:
        held = self.properties.get(_DEPTH) or self.properties.get(_DEEPER)
        if held is not None and 0 < held.value < 64:
            return held.value
        return 1 if self.on(_IN_TABLE) or self.on(_ROW_END) else 0

    @property
    def ends_row(self) -> bool:
        return self.on(_INNER_ROW) if self.depth > 1 else self.on(_ROW_END)

    @property
    def ends_cell(self) -> bool:
        return self.mark == _CELL or (self.depth > 1 and self.on(_INNER_CELL))


@dataclass
class _Open:
    """A table being read: its finished rows, the finished cells of the row, the cell."""

    table: GridTable = field(default_factory=GridTable)
    cells: list[GridCell] = field(default_factory=list)
    cell: GridCell = field(default_factory=lambda: GridCell(0, 0))


class _Story:
    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.pieces = pieces_of(streams)
        self.paragraphs = Properties(streams, paragraphs=True)
        self.runs = Properties(streams, paragraphs=False)
        self.styles = styles_of(streams)
        self.lists = lists_of(streams)
        self.characters = characters_of(streams, self.pieces)
        self.bold = [False] * len(self.characters)
        self.sizes = [0] * len(self.characters)
        self.tracked = False
        self.hidden = 0
        self.pictures = self.characters.count("\x01") + self.characters.count("\x08")
        for piece in self.pieces:
            self._dress(piece)

    def _dress(self, piece: Piece) -> None:
        """Applies what hangs on runs: deleted and hidden characters vanish, symbols appear, bold is noted."""
        end = piece.offset + (piece.last - piece.first) * piece.width
        for start, stop, properties in self.runs.within(piece.offset, end):
            first = piece.first + (start - piece.offset) // piece.width
            last = piece.first + (stop - piece.offset + piece.width - 1) // piece.width
            for held in (*properties, *piece.properties):
                if held.code in {_DELETED, _HIDDEN} and held.value & 1:
                    self.tracked |= held.code == _DELETED
                    self.hidden += held.code == _HIDDEN
                    self._blank(first, last)
                elif held.code == _INSERTED:
                    self.tracked = True
                elif held.code == _BOLD and held.value & 1:
                    self.bold[first:last] = [True] * (min(last, len(self.bold)) - first)
                elif held.code == _SIZE:
                    self.sizes[first:last] = [held.value] * (min(last, len(self.sizes)) - first)
                elif held.code == _SYMBOL and len(held.operand) == 4 and last - first == 1:
                    symbol = chr(struct.unpack_from("<H", held.operand, 2)[0])
                    self.characters[first] = {"\uf0fc": "✓", "\uf0fe": "☑", "\uf0a8": "☐"}.get(symbol, symbol)

    def _blank(self, first: int, last: int) -> None:
        for at in range(first, min(last, len(self.characters))):
            # Marks hold the tables together, whoever struck them out.
            if self.characters[at] not in {_CELL, _END, _PAGE}:
                self.characters[at] = ""

    def part(self, first: int, count: int) -> Iterator[_Paragraph]:
        """The paragraphs of a stretch of the text. Raises CorruptFile where the text ends before it."""
        if first + count > len(self.characters):
            raise CorruptFile(f"the Word file declares {first + count} characters and has {len(self.characters)}")
        text: list[str] = []
        weights: list[bool] = []
        size = 0
        instructions = 0
        results: list[bool] = []
        for at in range(first, first + count):
            character = self.characters[at]
            if character == _FIELD_BEGIN:
                results.append(False)
                instructions += 1
            elif character == _FIELD_RESULT and results:
                instructions -= not results[-1]
                results[-1] = True
            elif character == _FIELD_END and results:
                instructions -= not results.pop()
            elif character in {_END, _CELL, _PAGE}:
                yield self._paragraph("".join(text), weights, character, at, size)
                text, weights, size = [], [], 0
            elif not instructions:
                shown = {_BREAK: "\n", "\x1e": "-", "\x1f": "", "\x0e": "\n"}.get(character, character)
                if shown >= " " or shown in {"\n", "\t"}:
                    text.append(shown)
                    weights.append(self.bold[at] or shown.isspace())
                    size = max(size, 0 if shown.isspace() else self.sizes[at])
        if text:
            yield self._paragraph("".join(text), weights, "", first + count - 1, size)

    def _paragraph(self, text: str, weights: Sequence[bool], mark: str, at: int, size: int) -> _Paragraph:
        piece = next((p for p in self.pieces if p.first <= at < p.last), None)
        style = 0
        own: tuple[Property, ...] = ()
        extra: tuple[Property, ...] = ()
        if piece is not None:
            style, own = self.paragraphs.at(piece.offset + (at - piece.first) * piece.width)
            extra = piece.properties
        properties = {held.code: held for held in (*inherited(style, self.styles), *own, *extra)}
        vertical = [held for held in (*own, *extra) if held.code == _VERTICAL]
        if vertical:
            # Each names one cell: all of them count, not the last.
            properties[_VERTICAL] = Property(_VERTICAL, b"".join(held.operand[:2] for held in vertical))
        aligned = properties.get(_ALIGNED) or properties.get(_ALIGNED_OLD)
        if not size and _SIZE in properties:
            size = properties[_SIZE].value
        if aligned is None or aligned.value != _CENTRED:
            size = 0
        return _Paragraph(text, mark, style, properties, bool(text.strip()) and all(weights), size)


def read_doc(body: bytes, builder: PageBuilder) -> None:
    """The main text, then text boxes, footnotes and endnotes. Raises an UnreadableFile."""
    streams = Streams.open(body)
    try:
        story = _Story(streams)
        lengths = streams.lengths
        notes_at = lengths["text"]
        ends_at = notes_at + sum(lengths[name] for name in ("footnotes", "headers", "macros", "comments"))
        boxes_at = ends_at + lengths["endnotes"]
        items: list[Item] = []
        stretches = [(0, lengths["text"]), (boxes_at, lengths["boxes"])]
        stretches += [(notes_at, lengths["footnotes"]), (ends_at, lengths["endnotes"])]
        for first, count in stretches:
            if count > 0:
                items.extend(_items(list(story.part(first, count)), story))
    except (struct.error, IndexError, OverflowError) as error:
        raise CorruptFile(f"the Word file is damaged: {error}") from error
    emit(items, builder)
    if not builder.blocks:
        if story.pictures:
            raise ScanWithoutText(f"the Word file holds {story.pictures} pictures and no text")
        raise EmptyFile("the Word file holds no text")
    if streams.macros:
        builder.warn("macros", "the file carries macros; they were not run")
    if story.tracked:
        builder.warn("tracked_changes", "the file carries tracked changes; it was read as if they were accepted")
    if story.hidden:
        builder.warn("hidden_text", f"{story.hidden} runs of hidden text were left out")
    if story.pictures:
        builder.warn("pictures", f"{story.pictures} pictures or drawings; what they show was not read")


def _items(paragraphs: list[_Paragraph], story: _Story) -> Iterator[Item]:
    if any(p.mark == _CELL for p in paragraphs) and not any(p.on(_ROW_END) for p in paragraphs):
        yield from _unmarked(paragraphs)
        return
    open_tables: list[_Open] = []
    for paragraph in paragraphs:
        depth = paragraph.depth
        while len(open_tables) > depth:
            closed = _closed(open_tables.pop())
            if open_tables:
                open_tables[-1].cell.tables.append(closed)
            else:
                yield closed
        while len(open_tables) < depth:
            open_tables.append(_Open())
        text = _label(paragraph, story) + paragraph.text
        if not depth:
            title = paragraph.style in story.styles and story.styles[paragraph.style].title
            yield Para(text, _heading(paragraph), paragraph.bold, title=title, size=paragraph.size)
            continue
        level = open_tables[-1]
        if paragraph.ends_row:
            level.table.rows.append(_row(level.cells, paragraph))
            level.cells = []
            continue
        level.cell.lines.append(text)
        if paragraph.ends_cell:
            level.cells.append(level.cell)
            level.cell = GridCell(0, 0)
    while open_tables:
        closed = _closed(open_tables.pop())
        if open_tables:
            open_tables[-1].cell.tables.append(closed)
        else:
            yield closed


def _closed(level: _Open) -> GridTable:
    """The table; a row whose end mark is missing keeps its cells."""
    if level.cell.lines or level.cell.tables:
        level.cells.append(level.cell)
    if level.cells:
        for index, cell in enumerate(level.cells):
            cell.left, cell.right = index * _UNIT, (index + 1) * _UNIT
        level.table.rows.append(level.cells)
    return level.table


def _label(paragraph: _Paragraph, story: _Story) -> str:
    held = paragraph.properties.get(_LIST)
    # 0 takes a paragraph out of its style's list, F801 marks Word 6 numbering kept as text.
    if held is None or held.value in {0, 0xF801} or paragraph.ends_row:
        return ""
    depth = paragraph.properties.get(_LIST_DEPTH)
    return story.lists.next(str(held.value), depth.value if depth is not None else 0)


def _heading(paragraph: _Paragraph) -> int | None:
    outline = paragraph.properties.get(_OUTLINE)
    if outline is not None:
        return outline.value + 1 if outline.value < 9 else None
    # Styles 1-9 are the built-in headings in every file.
    return paragraph.style if 1 <= paragraph.style <= 9 else None


def _row(cells: list[GridCell], end: _Paragraph) -> list[GridCell]:
    """Gives the cells their edges and merges, which stand in the row's end mark."""
    held = end.properties.get(_GRID)
    edges, kinds = _grid(held.operand) if held is not None else ([], [])
    if len(edges) < len(cells) + 1:
        edges, kinds = [index * _UNIT for index in range(len(cells) + 1)], []
    sideways = {index for index, kind in enumerate(kinds) if kind & 0x0003 == 0x0002}
    below = {index for index, kind in enumerate(kinds) if kind & 0x0060 == 0x0020}
    vertical = end.properties.get(_VERTICAL)
    operand = vertical.operand if vertical is not None else b""
    for index, kind in zip(operand[::2], operand[1::2], strict=False):
        below.add(index) if kind == 1 else below.discard(index)
    merge = end.properties.get(_HORIZONTAL)
    if merge is not None and len(merge.operand) == 2:
        sideways.update(range(merge.operand[0] + 1, merge.operand[1]))
    row: list[GridCell] = []
    for index, cell in enumerate(cells):
        cell.left, cell.right = edges[index], max(edges[index + 1], edges[index])
        cell.continues = index in below
        if index in sideways and row:
            row[-1].right = cell.right
            row[-1].lines.extend(cell.lines)
            row[-1].tables.extend(cell.tables)
        elif cell.right > cell.left or cell.text:
            cell.right = max(cell.right, cell.left + 1)
            row.append(cell)
    return row


def _grid(operand: bytes) -> tuple[list[int], list[int]]:
    """(edges in twips, flags of the cells) of a row's definition."""
    if not operand:
        return [], []
    count = operand[0]
    if len(operand) < 1 + 2 * (count + 1):
        return [], []
    edges = list(struct.unpack_from(f"<{count + 1}h", operand, 1))
    at = 1 + 2 * (count + 1)
    kinds = [struct.unpack_from("<H", operand, at + 20 * i)[0] for i in range(count) if at + 20 * i + 2 <= len(operand)]
    return edges, kinds


def _unmarked(paragraphs: list[_Paragraph]) -> Iterator[Item]:
    """Cell marks without row properties: the row's length is the one whose every end mark is empty."""
    run: list[_Paragraph] = []
    for at, paragraph in enumerate(paragraphs):
        # A paragraph with a cell mark soon after it is a line of a cell.
        if paragraph.mark == _CELL or (run and any(other.mark == _CELL for other in paragraphs[at + 1 : at + 4])):
            run.append(paragraph)
            continue
        yield from _guessed(run)
        run = []
        yield Para(paragraph.text, _heading(paragraph), paragraph.bold)
    yield from _guessed(run)


def _guessed(run: list[_Paragraph]) -> Iterator[Item]:
    cells: list[str] = []
    lines: list[str] = []
    for paragraph in run:
        lines.append(paragraph.text)
        if paragraph.mark == _CELL:
            cells.append("\n".join(lines))
            lines = []
    for width in range(2, 40):
        ends = cells[width :: width + 1]
        if ends and not len(cells) % (width + 1) and not any(end.strip() for end in ends):
            table = GridTable()
            for at in range(0, len(cells), width + 1):
                row = cells[at : at + width]
                table.rows.append([GridCell(i * _UNIT, (i + 1) * _UNIT, [text]) for i, text in enumerate(row)])
            yield table
            return
    yield from (Para(cell) for cell in cells)
