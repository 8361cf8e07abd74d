"""Composes attachments in every format, sound and hostile; binary Word and compound files by hand, byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import docx
import xlsxwriter

from tasks.read.page import Cell, Page, Paragraph, Table

HEADS = ["序号", "类别", "主要工作内容", "责任单位", "完成进度"]
ROWS = [
    ["1", "云岭先进制造业", "新引进亿元以上项目12个,开工率达到85%以上", "区发改经信局(投资科/产业科)、区商务局", "75%"],
    ["2", "云岭先进制造业", "完成规上工业投资36.5亿元，同比增长8%", "区发改经信局", "235%"],
    ["3", "民生实事", "新建镕喆路幼儿园2所——新增学位540个", "区教育局", "/"],
    ["4", "民生实事", "加装电梯60台", "区住建局、各街道", "100%"],
]
TITLE = "2031年三季度云岭区政府工作报告重点任务执行情况"


def tables(page: Page) -> list[list[list[str]]]:
    """The page's tables as texts."""
    return [[[cell.text for cell in row] for row in block.rows] for block in page.body if isinstance(block, Table)]


def lines(page: Page) -> list[str]:
    """The page's paragraphs."""
    return [block.text for block in page.body if isinstance(block, Paragraph)]


def codes(page: Page) -> set[str]:
    """The codes of the page's warnings."""
    return {warning.code for warning in page.warnings}


def held_at(page: Page) -> list[tuple[str, str]]:
    """(what stands at the place, what the block says) for every paragraph and cell that is no copy."""
    pieces: list[Paragraph | Cell] = []
    for block in page.body:
        if isinstance(block, Paragraph):
            pieces.append(block)
        else:
            pieces.extend(cell for row in block.rows for cell in row if not cell.copy)
    return [(page.text[piece.start : piece.end], piece.text) for piece in pieces]


def xlsx(rows: Sequence[Sequence[Any]], **options: Any) -> bytes:
    """A workbook of one sheet."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_numbers": False, **options})
    sheet = book.add_worksheet("三季度")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    book.close()
    return stream.getvalue()


def docx_file(rows: Sequence[Sequence[str]], title: str = TITLE) -> bytes:
    """A Word file of a heading and a table."""
    document = docx.Document()
    document.add_heading(title, 1)
    table = document.add_table(len(rows), len(rows[0]))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            table.cell(r, c).text = value
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def repacked(package: bytes, changes: Mapping[str, bytes | None], compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip package with members replaced, added or (None) removed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(stream, "w", compress) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, body in changes.items():
            if body is not None:
                new.writestr(name, body)
    return stream.getvalue()


def member(package: bytes, name: str) -> bytes:
    """One member of a zip package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return archive.read(name)


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE compound file. Streams are padded to 4096 bytes, below which the format has another way of storing."""
    free, end, table_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    padded = {name: body.ljust(4096, b"\0") for name, body in streams.items()}
    sectors: list[bytes] = []
    chains: list[list[int]] = []
    starts: dict[str, int] = {}
    for name, body in padded.items():
        blocks = [body[at : at + 512].ljust(512, b"\0") for at in range(0, len(body), 512)]
        starts[name] = len(sectors)
        chains.append(list(range(len(sectors), len(sectors) + len(blocks))))
        sectors.extend(blocks)
    entries = [_entry("Root Entry", 5, end, 0, 1 if padded else free)]
    names = list(padded)
    for index, name in enumerate(names):
        right = index + 2 if index + 1 < len(names) else free
        entries.append(_entry(name, 2, starts[name], len(padded[name]), free, right))
    while len(entries) % 4:
        entries.append(b"\0" * 68 + struct.pack("<III", free, free, free) + b"\0" * 48)
    directory = b"".join(entries)
    directory_at = len(sectors)
    blocks = [directory[at : at + 512] for at in range(0, len(directory), 512)]
    chains.append(list(range(directory_at, directory_at + len(blocks))))
    sectors.extend(blocks)
    count = 1
    while (len(sectors) + count) > count * 128:
        count += 1
    table = [free] * (count * 128)
    for chain in chains:
        for here, following in zip(chain, [*chain[1:], end], strict=True):
            table[here] = following
    tables_at = len(sectors)
    for index in range(count):
        table[tables_at + index] = table_mark
    packed = struct.pack(f"<{len(table)}I", *table)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, count, directory_at, 0, 4096, end, 0, end, 0)
    places = [tables_at + index for index in range(count)]
    header += struct.pack("<109I", *(places + [free] * (109 - count)))
    return header + b"".join(sectors) + packed


def _entry(name: str, kind: int, start: int, size: int, child: int, right: int = 0xFFFFFFFF) -> bytes:
    label = name.encode("utf-16-le") + b"\0\0"
    return (
        label.ljust(64, b"\0")
        + struct.pack("<HBB", len(label), kind, 1)
        + struct.pack("<III", 0xFFFFFFFF, right, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )


@dataclass(frozen=True)
class Para97:
    """A paragraph of a binary Word file with its end mark: its style index and packed modifiers."""

    text: str
    mark: str = "\r"
    style: int = 0
    packed: bytes = b""


IN_TABLE = struct.pack("<HB", 0x2416, 1)
ROW_END = IN_TABLE + struct.pack("<HB", 0x2417, 1)


def row_definition(edges: Sequence[int], kinds: Sequence[int] | None = None) -> bytes:
    """The modifier that defines a row: edges in twips, merge flags of the cells."""
    count = len(edges) - 1
    body = struct.pack(f"<B{count + 1}h", count, *edges)
    body += b"".join(struct.pack("<H18x", kind) for kind in (kinds or [0] * count))
    return struct.pack("<HH", 0xD608, len(body) + 1) + body


def row97(cells: Sequence[str], edges: Sequence[int] | None = None, kinds: Sequence[int] | None = None) -> list[Para97]:
    """A row: cells (lines of a cell parted by line feeds) and the row's end mark."""
    found: list[Para97] = []
    for cell in cells:
        *above, last = cell.split("\n")
        found.extend(Para97(line, "\r", 0, IN_TABLE) for line in above)
        found.append(Para97(last, "\x07", 0, IN_TABLE))
    edges = edges or [index * 1800 for index in range(len(cells) + 1)]
    return [*found, Para97("", "\x07", 0, ROW_END + row_definition(edges, kinds))]


def doc(
    paragraphs: Sequence[Para97],
    *,
    runs: Sequence[tuple[int, int, bytes]] = (),
    narrow: bytes = b"",
    lists: tuple[bytes, bytes] = (b"", b""),
    flags: int = 0,
    boxes: int = 0,
) -> bytes:
    """A binary Word file.

    `runs`: (first, last, modifiers) of characters; `narrow`: eight-bit text put before the rest as a paragraph of
    its own piece; `lists`: the structures of numbering; `boxes`: how many characters at the end are of text boxes.
    """
    text = "".join(p.text + p.mark for p in paragraphs)
    wide = text.encode("utf-16-le")
    text_at = 2048
    document = bytearray(text_at) + narrow + wide
    start = text_at + len(narrow)
    document += b"\0" * (-len(document) % 512)
    table = bytearray()
    pairs: dict[int, tuple[int, int]] = {}

    def keep(index: int, body: bytes, size: int | None = None) -> None:
        pairs[index] = len(table), len(body) if size is None else size
        table.extend(body)

    bounds = [start]
    papx: list[tuple[int, bytes]] = []
    for p in paragraphs:
        bounds.append(bounds[-1] + 2 * len((p.text + p.mark).encode("utf-16-le")) // 2)
        papx.append((0, struct.pack("<H", p.style) + p.packed))
    _pages(document, keep, 13, bounds, [body for _, body in papx], paragraphs=True)
    if runs:
        edges = sorted({start, bounds[-1], *(start + 2 * at for first, last, _ in runs for at in (first, last))})
        dressed = []
        for edge in edges[:-1]:
            own = [packed for first, last, packed in runs if start + 2 * first <= edge < start + 2 * last]
            dressed.append(b"".join(own))
        _pages(document, keep, 12, edges, dressed, paragraphs=False)
    count = len(wide) // 2
    pieces = [(0, len(narrow), text_at * 2 | 0x40000000)] if narrow else []
    pieces.append((len(narrow), len(narrow) + count, start))
    positions = [first for first, _, _ in pieces] + [pieces[-1][1]]
    plc = struct.pack(f"<{len(positions)}I", *positions)
    plc += b"".join(struct.pack("<HIH", 0, offset, 0) for _, _, offset in pieces)
    keep(33, struct.pack("<BI", 2, len(plc)) + plc)
    if lists[0]:
        keep(73, lists[0], 2 + 28 * struct.unpack_from("<h", lists[0])[0])
        keep(74, lists[1])
    struct.pack_into("<HHHHHHHH", document, 0, 0xA5EC, 0xC1, 0, 0x0804, 0, 0x0200 | flags, 0, 0)
    total = len(narrow) + count
    struct.pack_into("<8i", document, 0x4C, total - boxes, 0, 0, 0, 0, 0, boxes, 0)
    for index, (offset, size) in pairs.items():
        struct.pack_into("<II", document, 0x9A + 8 * index, offset, size)
    return compound({"WordDocument": bytes(document), "1Table": bytes(table)})


def _pages(
    document: bytearray, keep: Any, index: int, bounds: Sequence[int], bodies: Sequence[bytes], *, paragraphs: bool
) -> None:
    """Packs modifiers into pages of 512 bytes, as many to a page as fit."""
    slot = 13 if paragraphs else 1
    page_bounds: list[int] = []
    numbers: list[int] = []
    at = 0
    while at < len(bodies):
        page = bytearray(512)
        foot = 510
        held: list[int] = []
        while at + len(held) < len(bodies):
            body = bodies[at + len(held)]
            if paragraphs:
                body = body + b"\0" * (1 - len(body) % 2)
                packed = bytes([(len(body) + 1) // 2]) + body
            else:
                packed = bytes([len(body)]) + body
            place = (foot - len(packed)) & ~1
            if place < 4 * (len(held) + 2) + slot * (len(held) + 1):
                break
            page[place : place + len(packed)] = packed
            held.append(place // 2)
            foot = place
        assert held
        struct.pack_into(f"<{len(held) + 1}I", page, 0, *bounds[at : at + len(held) + 1])
        for number, place in enumerate(held):
            page[4 * (len(held) + 1) + slot * number] = place
        page[511] = len(held)
        page_bounds.append(bounds[at])
        numbers.append(len(document) // 512)
        document += page
        at += len(held)
    page_bounds.append(bounds[-1])
    keep(index, struct.pack(f"<{len(page_bounds)}I", *page_bounds) + struct.pack(f"<{len(numbers)}I", *numbers))
