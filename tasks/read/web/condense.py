"""Regular tables taken out of a page's bytes before a tree is built of it: nine tenths of a Word page are markup that
says nothing about what stands in which cell.

A table is regular where its markup is, tag by tag, what the tree would be: groups, rows and cells each closed where
they end, in the cells paragraphs, inline elements closed where they were opened, line breaks and comments, no more.
Then its cells and their texts can be told from the bytes alone. In its stead the page keeps a table of one cell that
holds all its texts, marked off: so it is still the parser that decides whether a table stands there at all (and not in
a script, a comment or a value) and what a character reference means. All else is left to the tree.

Works on the bytes of any encoding whose `<`, `>`, `"`, `=` and white space are those of ASCII and never part of
another character: UTF-8, GB18030, Big5, single-byte encodings.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from tasks.read.web.grid import PrintedTable, reach_of
from tasks.read.web.inline import BREAK

# Control characters that stand before the text of each cell, where a line ends, and where markup parted two pieces of
# text, which could read as one character reference otherwise.
_CELL, _LINE, _JOINT = "\x02", "\x03", "\x05"
_RESERVED = (_CELL.encode(), _LINE.encode(), _JOINT.encode())

_WORTHWHILE = 600  # bytes of a table, its values emptied: smaller ones cost a tree nothing
_FEW = 40  # kinds of runs of markup that any table may have; beyond, each should be met twice
_LONG = 2_000  # bytes of a run of markup that is not remembered from page to page
_BLANKS = b" \t\r\n\f"
# A text with a character that is no white space, between two tags. What is ruled out is ruled out at one look first.
_TEXT = re.compile(rb">(?!<)(?!\s*<)([^<]*)<")
# An attribute as it stands in emptied markup: its name and its value, if it has one.
_ATTRIBUTE = rb"""[ \t\r\n\f]+([A-Za-z_][\w:.-]*)(?:=(""|"\d{1,9}"|'[^'"<>]*'|[\w#%.,;:+-]+))?"""
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_TAG = re.compile(rb"(/?)([A-Za-z][A-Za-z0-9]*(?::[A-Za-z0-9]+)?)((?:" + _ATTRIBUTE + rb")*)[ \t\r\n\f]*/?")
_COMMENT = re.compile(rb'!--(?!-?$)[^"]*--|!\[[^"]*')

_GROUPS = frozenset(("tbody", "thead", "tfoot"))
_IMPLIED = "implied"  # a group that no tag opened
_PAST = "/table"  # what stands open, as it were, behind the table
_CELLS = frozenset(("td", "th"))
_INLINE = frozenset(str.split("span o:p font b strong i em u s strike del ins sub sup small big tt code label"))
_VOID = frozenset(("br", "img", "col"))
_MAY_OPEN = {
    "": frozenset(("table",)),
    _PAST: frozenset[str](),
    "table": _GROUPS | {"tr", "colgroup", "col"},
    "colgroup": frozenset(("col",)),
    "tr": _CELLS,
    **dict.fromkeys((*_GROUPS, _IMPLIED), frozenset(("tr",))),
    **dict.fromkeys(_CELLS, _INLINE | {"p", "br", "img"}),
    **dict.fromkeys(("p", *_INLINE), _INLINE | {"br", "img"}),
}
_IN_CELL = 4  # elements open in a cell: table, group, row, cell
_GROUP, _ROW = "group", "row"
_ROWS, _COLUMNS = 4, 2  # of smaller tables the tree says whether they lay out the page


class Shape(NamedTuple):
    """A cell of a regular table: rowspan and colspan as they are printed, whether it is a header cell."""

    rowspan: str | None = None
    colspan: str | None = None
    header: bool = False


class Layout(NamedTuple):
    """A regular table: for each row how many cells it has and how many rows are left in its group from it on; the
    cells that are not plain, as (row, place, shape)."""

    sizes: list[int]
    left: list[int]
    odd: list[tuple[int, int, Shape]]


class Condensed(NamedTuple):
    """A page's bytes with the markup of its regular tables gone, and their layouts in document order."""

    body: bytes
    layouts: tuple[Layout, ...]


class _Irregular(Exception):
    """Markup that only a tree makes sense of."""


class _Place(NamedTuple):
    """The open elements; in a cell, whether the element before is a paragraph."""

    open: tuple[str, ...] = ()
    after_paragraph: bool = False


class _Step(NamedTuple):
    """What a run of markup does: where it leads, what stands for it between the texts around it, how many quoted
    values it has, how many plain cells it opens in the row it is in; or, if it opens anything else, all that."""

    place: _Place
    between: bytes
    values: int
    cells: int
    opened: tuple[Shape | str, ...]


class _Known:
    """What is known of the runs of markup in a place; of each also what is known of those that follow it."""

    __slots__ = ("place", "steps")

    def __init__(self, place: _Place) -> None:
        self.place = place
        self.steps: dict[bytes, tuple[_Known, _Step]] = {}


_PLAIN = Shape()


def condense(body: bytes) -> Condensed | None:
    """A page without the markup of its regular tables; None where it has none worth it."""
    start, end = b"<table", b"</table>"
    first = body.find(start)
    if first < 0:
        start, end = b"<TABLE", b"</TABLE>"
        first = body.find(start)
    if first < 0 or any(mark in body for mark in _RESERVED):
        return None
    # All values are emptied at once. That is right where every quote stands in a tag: each tag is held to that after.
    parts = body[first:].split(b'"')
    emptied = b'""'.join(parts[::2])
    values = parts[1::2]
    pieces = [body[:first]]
    layouts: list[Layout] = []
    copied = used = 0  # how much of `emptied`, with how many values, is in `pieces`
    counted = passed = closed = 0  # up to where values are counted; how many; where the last table was closed
    while (stop := emptied.find(end, closed)) >= 0:
        at = emptied.rfind(start, closed, stop)  # of tables in tables the inner one
        closed = stop + len(end)
        if at < 0 or closed - at < _WORTHWHILE:
            continue
        passed += emptied.count(b'""', counted, at)
        counted = at
        try:
            texts, layout, held = _table(emptied[at + 1 : closed - 1], values, passed)
        except _Irregular:
            continue
        pieces += (_filled(emptied[copied:at], values, used), b"<table><tr><td>", texts, b"</td></tr></table>")
        layouts.append(layout)
        copied, used = closed, passed + held
    if not layouts:
        return None
    pieces.append(_filled(emptied[copied:], values, used))
    if not len(parts) % 2:
        pieces += (b'"', values[-1])
    return Condensed(b"".join(pieces), tuple(layouts))


def _filled(emptied: bytes, values: list[bytes], first: int) -> bytes:
    """Markup as it was: the values from `first` on put back."""
    if b'""' not in emptied:
        return emptied
    between = emptied.split(b'""')
    whole = [b""] * (2 * len(between) - 1)
    whole[::2] = between
    whole[1::2] = values[first : first + len(between) - 1]
    return b'"'.join(whole)


def _with_spans(run: bytes, values: list[bytes], first: int) -> bytes:
    """A run with the values of rowspan and colspan put back."""
    pieces = run.split(b'span=""')
    for number, piece in enumerate(pieces[:-1]):
        first += piece.count(b'""')
        pieces[number] = b'%bspan="%b"' % (piece, values[first])
        first += 1
    return b"".join(pieces)


def _table(markup: bytes, values: list[bytes], first: int) -> tuple[bytes, Layout, int]:
    """A table without its first `<` and its last `>`, its values from `first` on → its texts, marked off, its layout,
    and how many values it has. Raises _Irregular."""
    pieces = _TEXT.split(markup)
    texts = pieces[1::2]
    quoted = b'"' in b"".join(texts)
    known = _Known(_Place())
    places = {known.place: known}
    between: list[bytes] = []
    rows = _Rows()
    sizes = rows.sizes
    at, new = first, 0
    for run in pieces[::2]:
        step = known.steps.get(run)
        if step is None:
            spanning = b'span=""' in run
            whole = _with_spans(run, values, at) if spanning else run
            step = known.steps.get(whole)
            if step is None:
                new += 1
                if new > _FEW and new > len(between) // 2:
                    raise _Irregular
                does = (_step if len(whole) > _LONG else _remembered)(known.place, whole)
                step = known.steps[whole] = (places.setdefault(does.place, _Known(does.place)), does)
        known, (_, mark, held, cells, opened) = step
        at += held
        if quoted and len(between) < len(texts):
            text = texts[len(between)]
            texts[len(between)] = whole = _filled(text, values, at)
            if b"<" in whole:
                raise _Irregular
            at += text.count(b'""')
        between.append(mark)
        if opened:
            rows.open(opened)
        elif cells:
            sizes[-1] += cells
    if known.place.open != (_PAST,) or len(sizes) < _ROWS or max(sizes) < _COLUMNS:
        raise _Irregular
    pieces[::2] = between
    pieces[1::2] = texts
    return b"".join(pieces), rows.layout(), at - first


class _Rows:
    """The rows of a table while its cells are opened."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self._groups: list[int] = []  # rows of each
        self._odd: list[tuple[int, int, Shape]] = []

    def open(self, opened: tuple[Shape | str, ...]) -> None:
        for one in opened:
            if one is _GROUP:
                self._groups.append(0)
            elif one is _ROW:
                self._groups[-1] += 1
                self.sizes.append(0)
            elif isinstance(one, Shape):
                if one is not _PLAIN:
                    self._odd.append((len(self.sizes) - 1, self.sizes[-1], one))
                self.sizes[-1] += 1

    def layout(self) -> Layout:
        return Layout(self.sizes, [left for rows in self._groups for left in range(rows, 0, -1)], self._odd)


def holds_texts(text: str) -> bool:
    """Whether a text is one that `condense` put in the place of a table's cells."""
    return text.startswith(_CELL)


def printed(layout: Layout, text: str) -> PrintedTable | None:
    """What a table printed, from its layout and the text in its place; None if they do not belong together."""
    texts = [text.strip() for text in text.replace(_JOINT, "").replace(_LINE, BREAK).split(_CELL)]
    if len(texts) != sum(layout.sizes) + 1:
        return None
    del texts[0]
    spans: list[list[tuple[int, int, int]]] = [[] for _ in layout.sizes]
    headers = []
    for row, place, (rowspan, colspan, header) in layout.odd:
        if header:
            headers.append((row, place))
        reach, wide = reach_of(rowspan, colspan, layout.left[row])
        if reach != 1 or wide > 1:
            spans[row].append((place, reach, wide))
    return PrintedTable(texts, layout.sizes, spans, headers)


def _step(place: _Place, run: bytes) -> _Step:
    """What a run of tags does in a place; `run` lacks its first `<` and its last `>`."""
    stack = [*place.open]
    after_paragraph = place.after_paragraph
    opened: list[Shape | str] = []
    inside = [_JOINT.encode()]
    cells = 0
    left = not stack  # whether the run is not all within one cell
    tokens = run.split(b"<")
    tokens[-1] += b">"
    for token in tokens:
        head, closed, blank = token.partition(b">")
        if not closed or (blank and blank.strip(_BLANKS)):
            raise _Irregular
        name, closing, shape = _parsed(head)
        top = stack[-1] if stack else ""
        if not name:  # a comment
            pass
        elif closing:
            if name == "table" and top == _IMPLIED:
                stack.pop()
                top = stack[-1]
            if top != name:
                raise _Irregular
            stack.pop()
            after_paragraph = name == "p"
            left = left or name in _CELLS
            if name == "table":
                stack.append(_PAST)
        else:
            if name not in _MAY_OPEN[top]:
                raise _Irregular
            if name == "br" or (after_paragraph and name == "p"):
                inside.append(_LINE.encode())
            elif name == "tr":
                if top == "table":
                    stack.append(_IMPLIED)
                    opened.append(_GROUP)
                opened.append(_ROW)
            elif name in _CELLS:
                opened.append(shape)
                cells += 1
            elif name in _GROUPS:
                opened.append(_GROUP)
            after_paragraph = False
            if name not in _VOID:
                stack.append(name)
        if blank:
            inside.append(blank)
    if stack != [_PAST] and len(stack) < _IN_CELL:
        raise _Irregular  # a text outside of cells
    # White space and line ends at either end of a cell are nothing.
    between = _CELL.encode() * cells if left else b"".join(inside)
    plain = all(one is _PLAIN for one in opened)
    place = _Place(tuple(stack), after_paragraph)
    return _Step(place, between, run.count(b'"') // 2, cells if plain else 0, () if plain else tuple(opened))


_remembered = lru_cache(maxsize=1_000)(_step)  # an editor's markup is that of all its tables


def _parsed(head: bytes) -> tuple[str, bool, Shape]:
    """A tag without its angle brackets → its name ("" for a comment), whether it closes, the shape of a cell."""
    if head[:1] == b"!":
        if not _COMMENT.fullmatch(head):
            raise _Irregular
        return "", False, _PLAIN
    found = _TAG.fullmatch(head)
    if found is None:
        raise _Irregular
    name = found[2].decode("ascii").lower()
    if found[1]:
        return name, True, _PLAIN
    spans: dict[bytes, str] = {}
    for attribute, value in _ATTRIBUTES.findall(found[3]):
        lowered = attribute.lower()
        if value and lowered in (b"rowspan", b"colspan"):
            digits = value.strip(b"\"'")
            if not digits.isdigit():
                raise _Irregular
            spans.setdefault(lowered, digits.decode("ascii"))
    shape = Shape(spans.get(b"rowspan"), spans.get(b"colspan"), name == "th")
    return name, False, _PLAIN if shape == _PLAIN else shape
