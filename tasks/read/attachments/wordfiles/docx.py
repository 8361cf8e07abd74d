"""Word files of Office Open XML: what a reader of the accepted document sees.

Deleted text is out and inserted text in; text boxes follow the paragraph they hang on; automatic numbers are counted;
fields show their result, ruby its base; footnotes stand at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from tasks.read.attachment_errors import EmptyFile, ScanWithoutText, UnsupportedFormat
from tasks.read.attachments.package import Package
from tasks.read.attachments.wordfiles.flow import GridCell, GridTable, Item, Para, emit
from tasks.read.attachments.wordfiles.listnumbers import Level, ListNumbers
from tasks.read.pagebuild import PageBuilder

# Containers whose content counts as their parent's.
_THROUGH = frozenset(
    {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo", "body"}
)
_DROPPED = frozenset({"del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "sdtPr", "sdtEndPr"})
_UNIT = 1000
_TITLES = frozenset({"title", "标题", "文章标题", "公文标题"})


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    parent: str | None
    outline: int | None
    bold: bool
    centred: bool
    size: int
    list_id: str | None
    list_depth: int | None


@dataclass
class _Reader:
    styles: dict[str, _Style]
    numbers: ListNumbers
    default_style: str | None
    pictures: int = 0
    tracked: bool = False
    hidden: int = 0
    chunks: int = 0
    boxes: list[Any] = field(default_factory=list)


def read_docx(package: Package, builder: PageBuilder) -> None:
    """The document's body into the builder. Raises an UnreadableFile."""
    main = next(
        (target for kind, target in package.relations("").values() if kind == "officeDocument"), "word/document.xml"
    )
    parts = dict(package.relations(main).values())
    styles, default = _styles(package, parts.get("styles"))
    reader = _Reader(styles, _numbering(package, parts.get("numbering")), default)
    body = package.xml(main)
    items = list(_blocks(body, reader))
    for kind in ("footnotes", "endnotes"):
        if parts.get(kind, "") in package and parts.get(kind):
            for note in package.xml(parts[kind]):
                # Separators of the page layout carry a type.
                if _attribute(note, "type") in {None, "normal"}:
                    items.extend(_blocks(note, reader))
    emit(items, builder)
    _remarks(reader, builder)


def read_flat(body: Any, builder: PageBuilder) -> None:
    """A `w:body` without a package around it (Word's single-file XML)."""
    reader = _Reader({}, ListNumbers({}), None)
    emit(list(_blocks(body, reader)), builder)
    _remarks(reader, builder)


def _remarks(reader: _Reader, builder: PageBuilder) -> None:
    if not builder.blocks:
        if reader.pictures:
            raise ScanWithoutText(f"the Word file holds {reader.pictures} pictures and no text")
        if reader.chunks:
            raise UnsupportedFormat("the Word file is only a frame around an embedded document of another format")
        raise EmptyFile("the Word file holds no text")
    if reader.tracked:
        builder.warn("tracked_changes", "the file carries tracked changes; it was read as if they were accepted")
    if reader.hidden:
        builder.warn("hidden_text", f"{reader.hidden} runs of hidden text were left out")
    if reader.pictures:
        builder.warn("pictures", f"{reader.pictures} pictures; what they show was not read")
    if reader.chunks:
        builder.warn("embedded_document", f"{reader.chunks} embedded documents were not read")


def _tag(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _child(element: Any, *path: str) -> Any:
    for name in path:
        if element is None:
            return None
        element = element.find(f"{{*}}{name}")
    return element


def _attribute(element: Any, name: str) -> str | None:
    if element is None:
        return None
    for key, value in element.attrib.items():
        if key == name or key.endswith("}" + name):
            return str(value)
    return None


def _is_on(element: Any) -> bool:
    """A toggle such as <w:b/>, <w:b w:val="0"/>."""
    return element is not None and _attribute(element, "val") not in {"0", "false", "off", "none"}


def _number(text: str | None) -> int | None:
    try:
        return int(text) if text is not None else None
    except ValueError:
        return None


def _blocks(parent: Any, reader: _Reader) -> Iterator[Item]:
    """The paragraphs and tables below `parent`, in order."""
    carried = ""
    for element in _content(parent, reader):
        if _tag(element) == "tbl":
            yield _table(element, reader)
            continue
        para = _paragraph(element, reader)
        if _child(element, "pPr", "rPr", "del") is not None:
            # The paragraph's end was deleted: it runs on into the next.
            carried += para.text
        else:
            para.text, carried = carried + para.text, ""
            yield para
        boxes, reader.boxes = reader.boxes, []
        for box in boxes:
            yield from _blocks(box, reader)
    if carried:
        yield Para(carried)


def _content(parent: Any, reader: _Reader) -> Iterator[Any]:
    for element in parent:
        tag = _tag(element)
        if tag in {"p", "tbl"}:
            yield element
        elif tag == "AlternateContent":
            yield from _content(_alternative(element), reader)
        elif tag == "altChunk":
            reader.chunks += 1
        elif tag in _THROUGH or tag in {"sect", "sub-section", "document"}:
            reader.tracked |= tag in {"ins", "moveTo"}
            yield from _content(element, reader)


def _alternative(element: Any) -> Any:
    """The newer of two renderings of the same thing."""
    choice = _child(element, "Choice")
    if choice is None:
        choice = _child(element, "Fallback")
    return choice if choice is not None else []


def _paragraph(element: Any, reader: _Reader) -> Para:
    properties = _child(element, "pPr")
    style_id = _attribute(_child(properties, "pStyle"), "val") or reader.default_style
    parts: list[str] = []
    weights: list[tuple[bool, int]] = []
    _runs(element, reader, parts, weights)
    text = "".join(parts)
    chain = list(_chain(style_id, reader.styles))
    level = _level(properties, chain)
    bold = (bool(weights) and all(weight for weight, _ in weights)) or (
        bool(text.strip()) and any(style.bold for style in chain)
    )
    label = _label(properties, chain, reader)
    heavy = sum(length for _, length in takewhile(lambda weight: weight[0], weights))
    centred = _attribute(_child(properties, "jc"), "val") == "center" or any(style.centred for style in chain[:1])
    return Para(
        label + text,
        level,
        bold,
        lead=0 if bold or not heavy else len(label) + heavy,
        title=any(style.name.casefold() in _TITLES for style in chain[:1]),
        size=_size(element, chain) if centred and text.strip() else 0,
    )


def _size(element: Any, chain: list[_Style]) -> int:
    """The largest type of a paragraph, in half points; 0 where neither it nor its style says."""
    own = [_number(_attribute(size, "val")) or 0 for size in element.iterfind("{*}r/{*}rPr/{*}sz")]
    return max(own) if own else next((style.size for style in chain if style.size), 0)


def _chain(style_id: str | None, styles: dict[str, _Style]) -> Iterator[_Style]:
    seen: set[str] = set()
    while style_id and style_id in styles and style_id not in seen:
        seen.add(style_id)
        yield styles[style_id]
        style_id = styles[style_id].parent


def _level(properties: Any, chain: list[_Style]) -> int | None:
    own = _number(_attribute(_child(properties, "outlineLvl"), "val"))
    if own is not None:
        return own + 1 if own < 9 else None
    for style in chain:
        name = style.name.casefold().replace(" ", "")
        for prefix in ("heading", "标题"):
            if name.startswith(prefix) and name[len(prefix) :].isdigit():
                return int(name[len(prefix) :])
        if style.outline is not None:
            return style.outline + 1 if style.outline < 9 else None
    return None


def _label(properties: Any, chain: list[_Style], reader: _Reader) -> str:
    list_id = _attribute(_child(properties, "numPr", "numId"), "val")
    depth = _number(_attribute(_child(properties, "numPr", "ilvl"), "val"))
    for style in chain:
        list_id = list_id if list_id is not None else style.list_id
        depth = depth if depth is not None else style.list_depth
    if list_id in {None, "0"}:
        return ""
    return reader.numbers.next(str(list_id), depth or 0)


def _runs(parent: Any, reader: _Reader, parts: list[str], weights: list[tuple[bool, int]]) -> None:
    for element in parent:
        tag = _tag(element)
        if tag == "r":
            _run(element, reader, parts, weights)
        elif tag in {"del", "moveFrom"}:
            reader.tracked = True
        elif tag in _DROPPED:
            continue
        elif tag == "AlternateContent":
            _runs(_alternative(element), reader, parts, weights)
        elif tag in {"oMath", "oMathPara"}:
            parts.extend(node.text or "" for node in element.iter("{*}t"))
        elif tag in _THROUGH:
            reader.tracked |= tag in {"ins", "moveTo"}
            _runs(element, reader, parts, weights)


def _run(run: Any, reader: _Reader, parts: list[str], weights: list[tuple[bool, int]]) -> None:
    properties = _child(run, "rPr")
    if _is_on(_child(properties, "vanish")):
        reader.hidden += any((node.text or "").strip() for node in run.iterfind("{*}t"))
        return
    before = len(parts)
    for element in run:
        _piece(element, reader, parts)
    if any(part.strip() for part in parts[before:]):
        weights.append((_is_on(_child(properties, "b")), sum(map(len, parts[before:]))))
    elif weights:  # blanks are of the weight of what they follow
        weights[-1] = weights[-1][0], weights[-1][1] + sum(map(len, parts[before:]))


def _piece(element: Any, reader: _Reader, parts: list[str]) -> None:
    tag = _tag(element)
    if tag == "t":
        parts.append(element.text or "")
    elif tag in {"tab", "ptab"}:
        parts.append("\t")
    elif tag in {"br", "cr"}:
        parts.append("\n" if _attribute(element, "type") in {None, "textWrapping"} else "")
    elif tag == "noBreakHyphen":
        parts.append("-")
    elif tag == "sym":
        parts.append(_symbol(element))
    elif tag == "ruby":
        base: list[str] = []
        _runs(_child(element, "rubyBase") if _child(element, "rubyBase") is not None else [], reader, base, [])
        parts.extend(base)
    elif tag == "AlternateContent":
        for inner in _alternative(element):
            _piece(inner, reader, parts)
    elif tag in {"drawing", "pict", "object"}:
        boxes = list(_boxes(element))
        reader.boxes.extend(boxes)
        reader.pictures += not boxes and next(element.iter("{*}blip", "{*}imagedata", "{*}OLEObject"), None) is not None


def _symbol(element: Any) -> str:
    """Ticks of the symbol fonts as Unicode; others stay private-use characters, which is visible damage."""
    try:
        code = int(_attribute(element, "char") or "", 16)
    except ValueError:
        return ""
    return {0xF0FC: "✓", 0xF0FE: "☑", 0xF0A8: "☐", 0xF052: "☑", 0xF0A3: "☐", 0xF0B7: "·"}.get(code, chr(code))


def _boxes(element: Any) -> Iterator[Any]:
    """The contents of text boxes, each once: the old and the new rendering of a box both hold it."""
    if _tag(element) == "txbxContent":
        yield element
        return
    children = _alternative(element) if _tag(element) == "AlternateContent" else element
    for child in children:
        yield from _boxes(child)


def _table(element: Any, reader: _Reader) -> GridTable:
    edges = _grid(element)
    table = GridTable()
    for row in _descend(element, "tr"):
        properties = _child(row, "trPr")
        if _child(properties, "del") is not None:
            reader.tracked = True
            continue
        if _is_on(_child(properties, "tblHeader")):
            table.headers.add(len(table.rows))
        at = _number(_attribute(_child(properties, "gridBefore"), "val")) or 0
        cells: list[GridCell] = []
        for cell in _descend(row, "tc"):
            span = max(_number(_attribute(_child(cell, "tcPr", "gridSpan"), "val")) or 1, 1)
            merged = _child(cell, "tcPr", "vMerge")
            sideways = _child(cell, "tcPr", "hMerge")
            left, right = _edge(edges, at), _edge(edges, at + span)
            at += span
            filled = _filled(cell, reader, left, right)
            filled.continues = merged is not None and _attribute(merged, "val") != "restart"
            if sideways is not None and _attribute(sideways, "val") != "restart" and cells:
                cells[-1].right = right
                cells[-1].lines.extend(filled.lines)
            else:
                cells.append(filled)
        table.rows.append(cells)
    return table


def _filled(cell: Any, reader: _Reader, left: int, right: int) -> GridCell:
    filled = GridCell(left, right)
    for item in _blocks(cell, reader):
        if isinstance(item, Para):
            filled.lines.append(item.text)
        else:
            filled.tables.append(item)
    return filled


def _descend(parent: Any, wanted: str) -> Iterator[Any]:
    for element in parent:
        tag = _tag(element)
        if tag == wanted:
            yield element
        elif tag in _THROUGH:
            yield from _descend(element, wanted)


def _grid(table: Any) -> list[int]:
    """The table's edges from its column widths, where it has believable ones."""
    widths = [_number(_attribute(column, "w")) or 0 for column in table.iterfind("{*}tblGrid/{*}gridCol")]
    if not widths or min(widths) < 0 or max(widths) <= 1:
        return []
    edges = [0]
    for width in widths:
        edges.append(edges[-1] + width)
    return edges


def _edge(edges: list[int], index: int) -> int:
    if len(set(edges)) < len(edges) or not edges:
        return index * _UNIT
    return edges[index] if index < len(edges) else edges[-1] + (index - len(edges) + 1) * _UNIT


def _styles(package: Package, part: str | None) -> tuple[dict[str, _Style], str | None]:
    if part is None or part not in package:
        return {}, None
    found: dict[str, _Style] = {}
    default = None
    for style in package.xml(part).iterfind("{*}style"):
        style_id = _attribute(style, "styleId") or ""
        if _attribute(style, "type") == "paragraph" and _attribute(style, "default") in {"1", "true"}:
            default = style_id
        found[style_id] = _Style(
            _attribute(_child(style, "name"), "val") or "",
            _attribute(_child(style, "basedOn"), "val"),
            _number(_attribute(_child(style, "pPr", "outlineLvl"), "val")),
            _is_on(_child(style, "rPr", "b")),
            _attribute(_child(style, "pPr", "jc"), "val") == "center",
            _number(_attribute(_child(style, "rPr", "sz"), "val")) or 0,
            _attribute(_child(style, "pPr", "numPr", "numId"), "val"),
            _number(_attribute(_child(style, "pPr", "numPr", "ilvl"), "val")),
        )
    return found, default


def _numbering(package: Package, part: str | None) -> ListNumbers:
    """Each list's levels: of its abstract list, with its own overrides."""
    if part is None or part not in package:
        return ListNumbers({})
    root = package.xml(part)
    abstract = {
        _attribute(entry, "abstractNumId"): _levels(entry.iterfind("{*}lvl"))
        for entry in root.iterfind("{*}abstractNum")
    }
    found: dict[str, dict[int, Level]] = {}
    counter: dict[str, str] = {}
    for entry in root.iterfind("{*}num"):
        if entry.find("{*}lvlOverride") is None:
            counter[_attribute(entry, "numId") or ""] = f"abstract {_attribute(_child(entry, 'abstractNumId'), 'val')}"
        levels = dict(abstract.get(_attribute(_child(entry, "abstractNumId"), "val")) or {})
        for override in entry.iterfind("{*}lvlOverride"):
            levels.update(_levels(override.iterfind("{*}lvl")))
            depth = _number(_attribute(override, "ilvl"))
            start = _number(_attribute(_child(override, "startOverride"), "val"))
            if depth in levels and start is not None:
                old = levels[depth]
                levels[depth] = Level(start, old.form, old.pattern, old.restart, old.tail)
        found[_attribute(entry, "numId") or ""] = levels
    return ListNumbers(found, counter)


def _levels(entries: Iterator[Any]) -> dict[int, Level]:
    read: Callable[[Any, str], str | None] = lambda entry, name: _attribute(_child(entry, name), "val")  # noqa: E731
    found = {}
    for entry in entries:
        depth = _number(_attribute(entry, "ilvl"))
        start = _number(read(entry, "start"))
        if depth is not None:
            found[depth] = Level(
                1 if start is None else start,
                read(entry, "numFmt") or "decimal",
                read(entry, "lvlText") or "",
                _number(read(entry, "lvlRestart")),
                read(entry, "suff") or "tab",
            )
    return found
