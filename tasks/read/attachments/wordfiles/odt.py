"""OpenDocument texts (odt): headings, paragraphs, tables with spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tasks.read.attachment_errors import EmptyFile, EncryptedFile, OversizedFile, ScanWithoutText
from tasks.read.attachments.package import Package
from tasks.read.attachments.wordfiles.flow import GridCell, GridTable, Item, Para, emit
from tasks.read.attachments.wordfiles.odtstyles import Styles, attribute
from tasks.read.limits import Limits
from tasks.read.pagebuild import PageBuilder

_UNIT = 1000
_SILENT = frozenset({"annotation", "note", "ruby-text", "tracked-changes", "bookmark"})


@dataclass
class _Reader:
    styles: Styles
    limits: Limits
    hidden: int = 0
    lists: list[str] = field(default_factory=list)  # of the items that the paragraph stands in, by their style
    pending: bool = False  # an item has begun, its number is not yet shown


def read_odt(package: Package, builder: PageBuilder, limits: Limits) -> None:
    """The document's body into the builder. Raises an UnreadableFile."""
    if "META-INF/manifest.xml" in package:
        manifest = package.xml("META-INF/manifest.xml")
        if next(manifest.iter("{*}encryption-data"), None) is not None:
            raise EncryptedFile("the OpenDocument file asks for a password")
    content = package.xml("content.xml")
    sheets = [package.xml("styles.xml")] if "styles.xml" in package else []
    reader = _Reader(Styles.of([*sheets, content]), limits)
    body = content.find("{*}body/{*}text")
    if body is not None:
        emit(list(_items(body, reader)), builder)
    if reader.hidden:
        builder.warn("hidden_text", f"{reader.hidden} runs of hidden text were left out")
    if not builder.blocks:
        if body is not None and next(body.iter("{*}image"), None) is not None:
            raise ScanWithoutText("the text document holds pictures and no text")
        raise EmptyFile("the text document holds no text")


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _count(element: Any, name: str, limits: Limits) -> int:
    text = attribute(element, name) or "1"
    count = max(int(text), 1) if text.isdigit() else 1
    if count > limits.cells:
        raise OversizedFile(f"{name} is {count}, the limit cells is {limits.cells}")
    return count


def _items(parent: Any, reader: _Reader) -> Iterator[Item]:
    for element in parent:
        tag = _tag(element)
        if tag in {"p", "h"}:
            yield _paragraph(element, reader)
            for box in element.iter("{*}text-box"):
                yield from _items(box, reader)
        elif tag == "table":
            yield _table(element, reader)
        elif tag == "list":
            yield from _listed(element, reader)
        elif tag not in _SILENT and tag != "forms":
            yield from _items(element, reader)


def _listed(element: Any, reader: _Reader) -> Iterator[Item]:
    """A list's items. A list within an item without words of its own only tells how deep it is."""
    reader.lists.append(attribute(element, "style-name") or (reader.lists[-1] if reader.lists else ""))
    for item in element:
        if _tag(item) in {"list-item", "list-header"}:
            reader.pending = _tag(item) == "list-item"
            yield from _items(item, reader)
            reader.pending = False
    reader.lists.pop()


def _paragraph(element: Any, reader: _Reader) -> Para:
    level = attribute(element, "outline-level") if _tag(element) == "h" else None
    style = attribute(element, "style-name")
    label = ""
    if reader.pending:
        reader.pending = False
        key = reader.lists[-1] or reader.styles.list_of(style) or ""
        label = reader.styles.numbers.next(key, len(reader.lists) - 1)
    text = _text(element, reader)
    size = 0
    if text.strip() and reader.styles.is_centred(style):
        spans = (attribute(span, "style-name") for span in element.iter("{*}span"))
        size = max((reader.styles.size("text", span) for span in spans), default=0)
        size = size or reader.styles.size("paragraph", style)
    number = int(level) if level and level.isdigit() else None
    return Para(label + text, number, title=reader.styles.is_title(style), size=size)


def _text(element: Any, reader: _Reader) -> str:
    parts = [element.text or ""]
    for child in element:
        tag = _tag(child)
        if tag == "span" and reader.styles.is_hidden(attribute(child, "style-name")):
            reader.hidden += 1
        elif tag == "s":
            parts.append(" " * min(int(attribute(child, "c") or 1), 100))
        elif tag == "tab":
            parts.append("\t")
        elif tag == "line-break":
            parts.append("\n")
        elif tag not in _SILENT and tag != "text-box":
            parts.append(_text(child, reader))
        parts.append(child.tail or "")
    return "".join(parts)


def _table(element: Any, reader: _Reader) -> GridTable:
    limits = reader.limits
    table = GridTable()
    held: dict[int, int] = {}  # column → rows that a cell above still covers
    for row in _rows(element):
        cells: list[GridCell] = []
        column = 0
        for cell in row:
            tag = _tag(cell)
            if tag not in {"table-cell", "covered-table-cell"}:
                continue
            for _ in range(_count(cell, "number-columns-repeated", limits)):
                if tag == "covered-table-cell":
                    if held.get(column, 0) and (not cells or cells[-1].right <= column * _UNIT):
                        cells.append(GridCell(column * _UNIT, (column + 1) * _UNIT, continues=True))
                    column += 1
                    continue
                across = _count(cell, "number-columns-spanned", limits)
                down = _count(cell, "number-rows-spanned", limits)
                filled = GridCell(column * _UNIT, (column + across) * _UNIT)
                for item in _items(cell, reader):
                    if isinstance(item, Para):
                        filled.lines.append(item.text)
                    else:
                        filled.tables.append(item)
                cells.append(filled)
                held[column] = down
                column += 1
        _widen(table, cells)
        held = {at: left - 1 for at, left in held.items() if left > 1}
        table.rows.extend([cells] * _count(row, "number-rows-repeated", limits))
    return table


def _widen(table: GridTable, cells: list[GridCell]) -> None:
    """A covered cell below a wide one is as wide."""
    above = {cell.left: cell.right for cell in table.rows[-1]} if table.rows else {}
    kept: list[GridCell] = []
    for cell in cells:
        if cell.continues:
            cell.right = max(cell.right, above.get(cell.left, cell.right))
        if kept and kept[-1].right > cell.left and cell.continues:
            continue
        kept.append(cell)
    cells[:] = kept


def _rows(table: Any) -> Iterator[Any]:
    for element in table:
        tag = _tag(element)
        if tag == "table-row":
            yield element
        elif tag in {"table-rows", "table-header-rows", "table-row-group"}:
            yield from _rows(element)
