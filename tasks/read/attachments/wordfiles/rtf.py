"""Rich Text Format, which offices send as `.doc`: groups and control words to paragraphs and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tasks.read.attachment_errors import CorruptFile, EmptyFile, ScanWithoutText
from tasks.read.attachments.wordfiles.flow import GridCell, GridTable, Item, Para, emit
from tasks.read.attachments.wordfiles.listnumbers import CLOSED
from tasks.read.detect.likeness import chinese_share
from tasks.read.pagebuild import PageBuilder

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([\r\n\x00]+)|([^\\{}\r\n\x00]+)"
)
_CHARSETS = {0: "cp1252", 2: "", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 204: "cp1251"}
_PAGES = {936: "gb18030", 950: "big5hkscs", 65001: "utf-8"}
# Groups whose text is not the document's.
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object themedata colorschememapping datastore latentstyles listtable"
    b" listoverridetable rsidtbl generator xmlnstbl fldinst header footer headerl headerr headerf footerl footerr"
    b" footerf bkmkstart bkmkend revtbl annotation atnid atnauthor filetbl nonshppict shpinst".split()
)
_PLAIN = {
    b"tab": "\t",
    b"line": "\n",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"emspace": " ",
    b"enspace": " ",
}
_UNIT = 1000


@dataclass(frozen=True, slots=True)
class _State:
    skipped: bool = False
    font: int = 0
    encoding: str = "cp1252"
    fallback: int = 1
    hidden: bool = False
    deleted: bool = False
    bold: bool = False
    size: int = 24  # half points
    asian_size: int = 0  # of East Asian letters, where the file tells it apart
    asian: bool = False  # what follows is told of East Asian letters
    label: bool = False  # within the printed copy of an automatic number


@dataclass
class _Cell:
    right: int = 0
    merged: bool = False
    continues: bool = False


@dataclass
class _Reader:
    items: list[Item] = field(default_factory=list)
    table: GridTable | None = None
    cells: list[GridCell] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    layout: list[_Cell] = field(default_factory=list)
    pending: _Cell = field(default_factory=_Cell)
    text: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    raw_encoding: str = "cp1252"
    in_table: bool = False
    level: int | None = None
    centred: bool = False
    size: int = 0
    weights: list[bool] = field(default_factory=list)
    pictures: int = 0
    tracked: bool = False
    lost: int = 0


def read_rtf(body: bytes, builder: PageBuilder) -> None:
    """The document into the builder. Raises CorruptFile for a file without its closing brace."""
    reader = _Reader()
    _walk(body, reader)
    _flush(reader)
    if reader.text:
        _paragraph(reader)
    _close_table(reader)
    emit(reader.items, builder)
    if not builder.blocks:
        if reader.pictures:
            raise ScanWithoutText(f"the RTF file holds {reader.pictures} pictures and no text")
        raise EmptyFile("the RTF file holds no text")
    if reader.tracked:
        builder.warn("tracked_changes", "the file carries tracked changes; it was read as if they were accepted")
    if reader.lost:
        builder.warn("undecodable_bytes", f"{reader.lost} characters of no encoding, shown as U+FFFD")
    if reader.pictures:
        builder.warn("pictures", f"{reader.pictures} pictures; what they show was not read")


def _walk(body: bytes, reader: _Reader) -> None:
    states = [_State()]
    fonts: dict[int, str] = {}
    default = "cp1252"
    in_fonts = 0
    starred = False
    to_skip = 0
    for word, number, hexed, symbol, brace, _, text in _tokens(body):
        state = states[-1]
        if brace == b"{":
            states.append(state)
            starred = False
            continue
        if brace == b"}":
            _flush(reader)
            states.pop()
            if in_fonts and len(states) < in_fonts:
                in_fonts = 0
            if not states:
                return
            if len(states) == 1:
                return
            continue
        if symbol == b"*":
            starred = True
            continue
        if word:
            value = int(number) if number else None
            if word == b"fonttbl":
                in_fonts = len(states)
            if word == b"bin":
                continue
            if in_fonts and word == b"f" and value is not None:
                states[-1] = state = replace(state, font=value)
            elif in_fonts and word == b"fcharset" and value is not None:
                fonts[state.font] = _CHARSETS.get(value, default) or default
            elif word == b"ansicpg" and value:
                default = _PAGES.get(value, f"cp{value}")
                states[-1] = replace(state, encoding=default)
            elif word in _SKIPPED or (starred and word not in {b"shptxt", b"shppict"}):
                reader.pictures += word in {b"pict", b"shppict"}
                states[-1] = replace(state, skipped=True)
            elif word == b"shptxt":
                states[-1] = replace(state, skipped=False)
            elif word == b"u" and value is not None and not _silent(state):
                _flush(reader)
                reader.text.append(chr(value & 0xFFFF))
                reader.weights.append(state.bold)
                reader.size = max(reader.size, state.size, state.asian_size)
                to_skip = state.fallback
                starred = False
                continue
            else:
                states[-1] = _word(word, value, state, fonts, default, reader)
            starred = False
            to_skip = 0
            continue
        if _silent(state):
            reader.tracked |= state.deleted
            continue
        if hexed:
            if to_skip:
                to_skip -= 1
                continue
            _raw(bytes([int(hexed, 16)]), state, reader)
        elif symbol:
            if to_skip:
                to_skip -= 1
                continue
            shown = {b"~": " ", b"_": "-", b"-": "", b"\n": "\r", b"\r": "\r"}.get(symbol, symbol.decode("latin-1"))
            if shown == "\r":
                _flush(reader)
                _paragraph(reader)
            else:
                _flush(reader)
                reader.text.append(shown)
        elif text:
            skipped = min(to_skip, len(text))
            to_skip -= skipped
            _raw(text[skipped:], state, reader)
    raise CorruptFile(f"the RTF file is cut at {len(body)} bytes: a group is not closed")


def _tokens(body: bytes) -> Iterator[tuple[bytes, ...]]:
    at = 0
    while at < len(body):
        found = _TOKEN.match(body, at)
        if found is None:
            at += 1
            continue
        at = found.end()
        if found[1] == b"bin" and found[2]:
            # Raw bytes follow, which may look like anything.
            at += max(int(found[2]), 0)
        yield found.groups()


def _silent(state: _State) -> bool:
    return state.skipped or state.hidden or state.deleted


def _raw(raw: bytes, state: _State, reader: _Reader) -> None:
    if reader.raw and reader.raw_encoding != state.encoding:
        _flush(reader)
    reader.raw_encoding = state.encoding
    reader.raw += raw
    reader.weights.append(state.bold or raw.isspace())
    reader.size = max(reader.size, 0 if raw.isspace() else state.size)


def _flush(reader: _Reader) -> None:
    """Bytes of one run of one font to text; a character of two bytes may come as two tokens."""
    if not reader.raw:
        return
    raw = bytes(reader.raw)
    reader.raw.clear()
    for encoding in dict.fromkeys(("gb18030", reader.raw_encoding, "gb18030")):
        try:
            text = raw.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        # Chinese under a Western font: writers name the font of the Latin letters.
        if encoding == reader.raw_encoding or (not raw.isascii() and chinese_share(text) > 0.8):
            reader.text.append(text)
            return
    text = raw.decode("gb18030", "replace")
    reader.lost += text.count("\ufffd")
    reader.text.append(text)


def _word(
    word: bytes, value: int | None, state: _State, fonts: dict[int, str], default: str, reader: _Reader
) -> _State:
    """A control word's effect on the state and, unless silent, on the text."""
    on = value != 0
    if word == b"f" and value is not None:
        return replace(state, font=value, encoding=fonts.get(value, default))
    if word == b"uc" and value is not None:
        return replace(state, fallback=max(value, 0))
    if word == b"v":
        return replace(state, hidden=on)
    if word == b"deleted":
        return replace(state, deleted=on)
    if word == b"b":
        return replace(state, bold=on)
    if word == b"fs" and value is not None:
        return replace(state, size=max(value, 0))
    if word == b"afs" and value is not None and state.asian:
        return replace(state, asian_size=max(value, 0))
    if word in {b"dbch", b"loch", b"hich", b"rtlch", b"ltrch"}:
        return replace(state, asian=word == b"dbch")
    if word == b"listtext":
        return replace(state, label=True)
    if word == b"plain":
        return replace(state, hidden=False, deleted=False, bold=False, size=24, asian_size=0, encoding=default)
    if state.skipped:
        return state
    _flush(reader)
    if word == b"tab" and state.label:
        said = "".join(reader.text)
        reader.text.append("" if said[-1:] in CLOSED else " ")
    elif word in _PLAIN:
        reader.text.append(_PLAIN[word])
    elif word in {b"par", b"sect", b"page"}:
        _paragraph(reader)
    elif word == b"pard":
        reader.in_table, reader.level, reader.centred = False, None, False
    elif word in {b"qc", b"ql", b"qr", b"qj"}:
        reader.centred = word == b"qc"
    elif word == b"intbl":
        reader.in_table = True
    elif word == b"outlinelevel" and value is not None and value < 9:
        reader.level = value + 1
    else:
        _table_word(word, value, reader)
    return state


def _table_word(word: bytes, value: int | None, reader: _Reader) -> None:
    if word == b"trowd":
        reader.layout = []
        reader.pending = _Cell()
    elif word == b"clmrg":
        reader.pending.merged = True
    elif word == b"clvmrg":
        reader.pending.continues = True
    elif word == b"cellx" and value is not None:
        reader.pending.right = value
        reader.layout.append(reader.pending)
        reader.pending = _Cell()
    elif word == b"cell":
        reader.lines.append("".join(reader.text))
        reader.text, reader.weights, reader.size = [], [], 0
        reader.cells.append(GridCell(0, 0, reader.lines))
        reader.lines = []
    elif word == b"nestcell":
        reader.text.append(" ")
    elif word == b"nestrow":
        reader.text.append("\n")
    elif word == b"row":
        _row(reader)


def _row(reader: _Reader) -> None:
    layout = reader.layout
    if len(layout) < len(reader.cells):
        layout = [_Cell((index + 1) * _UNIT) for index in range(len(reader.cells))]
    row: list[GridCell] = []
    left = min(0, layout[0].right - 1) if layout else 0
    for shape, cell in zip(layout, reader.cells, strict=False):
        cell.left, cell.right, cell.continues = left, max(shape.right, left + 1), shape.continues
        left = cell.right
        if shape.merged and row:
            row[-1].right = cell.right
            row[-1].lines.extend(cell.lines)
        else:
            row.append(cell)
    reader.cells = []
    if row:
        reader.table = reader.table or GridTable()
        reader.table.rows.append(row)


def _paragraph(reader: _Reader) -> None:
    text = "".join(reader.text)
    bold = bool(text.strip()) and all(reader.weights)
    size = reader.size if reader.centred else 0
    reader.text, reader.weights, reader.size = [], [], 0
    if reader.in_table or reader.cells:
        reader.lines.append(text)
        return
    _close_table(reader)
    reader.items.append(Para(text, reader.level, bold, size=size))


def _close_table(reader: _Reader) -> None:
    if reader.cells:
        _row(reader)
    if reader.table is not None:
        reader.items.append(reader.table)
        reader.table = None
