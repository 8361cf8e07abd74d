"""OpenDocument texts (odt): headings, paragraphs, tables with spans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tasks.read.attachment_errors import EmptyFile, EncryptedFile, OversizedFile, ScanWithoutText
from tasks.read.attachments.package import Package
from tasks.read.attachments.wordfiles.flow import GridCell, GridTable, Item, Para, emit
from tasks.read.limits import Limits
from tasks.read.pagebuild import PageBuilder

_UNIT = 1000
_SILENT = frozenset({"annotation", "note", "ruby-text", "tracked-changes", "bookmark"})


def read_odt(package: Package, builder: PageBuilder, limits: Limits) -> None:
    """The document's body into the builder. Raises an UnreadableFile."""
    if "META-INF/manifest.xml" in package:
        manifest = package.xml("META-INF/manifest.xml")
        if next(manifest.iter("{*}encryption-data"), None) is not None:
            raise EncryptedFile("the OpenDocument file asks for a password")
    body = package.xml("content.xml").find("{*}body/{*}text")
    if body is not None:
        emit(list(_items(body, limits)), builder)
    if not builder.blocks:
        if body is not None and next(body.iter("{*}image"), None) is not None:
            raise ScanWithoutText("the text document holds pictures and no text")
        raise EmptyFile("the text document holds no text")


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: Any, name: str) -> str | None:
    return next((str(value) for key, value in element.attrib.items() if key.endswith("}" + name)), None)


def _count(element: Any, name: str, limits: Limits) -> int:
    text = _attribute(element, name) or "1"
    count = max(int(text), 1) if text.isdigit() else 1
    if count > limits.cells:
        raise OversizedFile(f"{name} is {count}, the limit cells is {limits.cells}")
    return count


def _items(parent: Any, limits: Limits) -> Iterator[Item]:
    for element in parent:
        tag = _tag(element)
        if tag in {"p", "h"}:
            level = _attribute(element, "outline-level") if tag == "h" else None
            yield Para(_text(element), int(level) if level and level.isdigit() else None)
            for box in element.iter("{*}text-box"):
                yield from _items(box, limits)
        elif tag == "table":
            yield _table(element, limits)
        elif tag not in _SILENT and tag != "forms":
            yield from _items(element, limits)


def _text(element: Any) -> str:
    parts = [element.text or ""]
    for child in element:
        tag = _tag(child)
        if tag == "s":
            parts.append(" " * min(int(_attribute(child, "c") or 1), 100))
        elif tag == "tab":
            parts.append("\t")
        elif tag == "line-break":
            parts.append("\n")
        elif tag not in _SILENT and tag != "text-box":
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _table(element: Any, limits: Limits) -> GridTable:
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
                for item in _items(cell, limits):
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
