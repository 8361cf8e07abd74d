"""Tables as the tree holds them: which lay the page out, what their cells print and how far those span."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tasks.read.tables.headings import is_header
from tasks.read.web.grid import PrintedTable, Spans, reach_of
from tasks.read.web.inline import BREAK, clean_run

_CELLS = frozenset(("td", "th"))
_BREAKING = frozenset(("div", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5"))
# Inside a cell these are no text of the cell.
_DROPPED = frozenset(("noscript", "template", "xml", "select", "textarea"))
# In a table: all but the elements that tables are full of; of those, cells that span and paragraphs that follow others.
_ODD = r":not(td:not([rowspan], [colspan]), p:not(p + p), span, tr, o\:p)"


def printed_table(table: Any, *, holder: bool) -> tuple[PrintedTable, bool] | None:
    """What a data table prints, and whether elements that may hold links were taken out of it for that; None for one
    that only lays the page out. `holder`: whether it holds other tables. Changes the tree below the table.
    """
    rows = list(_own_rows(table))
    cells = [[cell for cell in row.iter() if cell.tag in _CELLS] for row, _ in rows]
    if not cells or max(map(len, cells)) < 2:
        return None
    if holder and not any(
        is_header([clean_run(cell.text()) for cell in row]) for row in cells[:8] if 2 <= len(row) <= 40
    ):
        return None
    if not holder and _lays_out(cells):
        return None
    # One walk over the table for whatever is not everywhere in it; each question of its own would cost as much.
    odd = [(node.tag, node) for node in table.css(_ODD)]
    names = {tag for tag, _ in odd}
    _mark_breaks(table, odd, names)
    dropped = not names.isdisjoint(_DROPPED)
    # Cells of one column and row are most of a table, and are not looked at again.
    wide = {node.mem_id: node for tag, node in odd if tag in _CELLS}
    special = {node.parent.mem_id for node in wide.values()}
    headed = {node.parent.mem_id for tag, node in odd if tag == "th"}
    if dropped:
        for node in reversed(table.css("noscript, template, xml, select, textarea")):
            node.decompose()
    caption = table.css_first("caption") if "caption" in names else None
    printed = PrintedTable(
        [cell.text_lexbor().strip() for row in cells for cell in row],
        [len(row) for row in cells],
        [
            _spans(row, wide, left) if node.mem_id in special else ()
            for (node, left), row in zip(rows, cells, strict=True)
        ],
        [
            (number, place)
            for number, ((node, _), row) in enumerate(zip(rows, cells, strict=True))
            if node.mem_id in headed
            for place, cell in enumerate(row)
            if cell.tag == "th"
        ],
        clean_run(caption.text()) if caption is not None else None,
    )
    return printed, dropped


def _mark_breaks(table: Any, odd: list[tuple[str, Any]], names: set[str]) -> None:
    """Put a mark where a line ends inside cells: at <br>, and between blocks that follow one another.

    `odd`: what `_ODD` finds in the table, with its tags; `names`: the tags.
    """
    if "br" in names:
        for tag, node in odd:
            if tag == "br":
                node.insert_before(BREAK)
    if names.isdisjoint(_BREAKING) and [tag for tag, _ in odd].count("table") == 1:
        # Without a caption all paragraphs stand in cells.
        following = table.css("td p + p, th p + p") if "caption" in names else [node for tag, node in odd if tag == "p"]
        for node in following:
            node.insert_before(BREAK)
        return
    blocks = ":is(p, div, ul, ol, li, table, tr, h1, h2, h3, h4, h5)"
    for node in table.css(f"td {blocks} + {blocks}, th {blocks} + {blocks}"):
        # The table's own rows follow one another too, and are not inside one of its cells.
        if node.tag != "tr" or _nested(node, table):
            node.insert_before(BREAK)


def _nested(row: Any, table: Any) -> bool:
    while row is not None and row.tag != "table":
        row = row.parent
    return row is not None and row.mem_id != table.mem_id


def _spans(row: list[Any], spanning: dict[int, Any], left: int) -> Spans:
    """The cells of a row that span: place, rowspan (cut to the rows `left` in the group), colspan.

    `spanning`: the cells that may, by their identity.
    """
    found: list[tuple[int, int, int]] = []
    for place, cell in enumerate(row):
        if cell.mem_id in spanning:
            attributes = spanning[cell.mem_id].attrs
            reach, wide = reach_of(attributes.get("rowspan"), attributes.get("colspan"), left)
            if reach != 1 or wide > 1:
                found.append((place, reach, wide))
    return found


def _own_rows(table: Any) -> Iterable[tuple[Any, int]]:
    """The table's own rows (not those of tables inside it), each with the rows left in its group from it on."""
    for group in table.iter():
        if group.tag == "tr":
            # Lexbor puts stray rows into a tbody, as browsers do; this is for trees that were changed by hand.
            yield group, 1
        elif group.tag in ("tbody", "thead", "tfoot"):
            rows = [row for row in group.iter() if row.tag == "tr"]
            for number, row in enumerate(rows):
                yield row, len(rows) - number


def _lays_out(cells: list[list[Any]]) -> bool:
    """A table of few rows whose one cell holds an article lays the page out."""
    if len(cells) > 3:
        return False
    for row in cells:
        for cell in row:
            if len(cell.css("p, br")) >= 6 and len(cell.text()) > 600:
                return not any(is_header([clean_run(c.text())[:60] for c in line]) for line in cells if len(line) > 2)
    return False
