"""A grid that holds several tables, one below the other with headings of their own → one grid each.

Sheets, and pages made from them, print the parts of a report in one grid. A part may have other columns, or the same
in another order: read with the headings of the part above, its cells would stand in the wrong fields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tasks.read.page import Block, Cell, Paragraph, Table
from tasks.read.tables.cells import unwrap
from tasks.read.tables.drafted import is_wide, origins
from tasks.read.tables.drafts import is_subheading
from tasks.read.tables.folded import pivoted, rejoined, unfolded
from tasks.read.tables.headings import Role, claim, is_header, may_head
from tasks.read.tables.rowkinds import NOTE
from tasks.read.tables.stacked import divided, stacked
from tasks.text import fold

_PROMISED = {Role.CONTENT, Role.NAME, Role.INDICATOR}
_TOLD = {Role.STATUS, Role.PROGRESS}
_MOST_IN_A_NAME = 40  # characters; no heading has more


def parted(table: Table, header: tuple[int, int], aliases: Mapping[str, str] | None = None) -> list[Block]:
    """The table alone where it has one set of headings; else its parts, the row that names a part as a paragraph
    before it. `header`: the first heading row, and how many there are."""
    for made_whole in (rejoined, unfolded, pivoted, stacked, divided):
        table = made_whole(table, header, aliases)
    begins: list[int] = []
    above = _headings(table.rows[header[0] : sum(header)])
    body = sum(header) + 1
    # Nearly all rows are told by their first cell.
    for number in [body + n for n, row in enumerate(table.rows[body:]) if not row[0][0][:1].isdecimal()]:
        depth = _depth(table.rows, number)
        here = _headings(table.rows[number : number + depth]) if depth else []
        if _are_others(here, above, aliases):
            begins.append(number)
            above = here
    if not begins:
        return [table]
    opening = [_name(row) for row in table.rows[: header[0]]]
    blocks: list[Block] = [name for name in opening if name is not None]
    start = header[0] if None not in opening else 0
    if not start:
        blocks.clear()
    for begin in [*begins, len(table.rows)]:
        end = begin
        names: list[Paragraph] = []
        while begin < len(table.rows) and end - 1 > start and (name := _name(table.rows[end - 1])) is not None:
            names.insert(0, name)
            end -= 1
        blocks += [replace(table, rows=table.rows[start:end], widths=table.widths[start:end]), *names]
        start = begin
    return blocks


def _depth(rows: Sequence[Sequence[Cell]], number: int) -> int:
    """How many rows the headings take that may begin here; 0 where none may."""
    row = rows[number]
    if max(len(cell[0]) for cell in row) > _MOST_IN_A_NAME:
        return 0
    printed = [row[i].text for i in origins(row)]
    if len(printed) < 3 or not all(map(may_head, printed)):
        return 0
    depth = 1
    while number + depth < len(rows) and is_subheading(rows[number : number + depth], rows[number + depth]):
        depth += 1
    return depth


def _headings(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The heading of each column that has one, levels joined with `/`."""
    columns = ([cell.text for cell in column if cell.text] for column in zip(*rows, strict=True))
    return ["/".join(dict.fromkeys(map(unwrap, column))) for column in columns if column]


def _are_others(here: Sequence[str], above: Sequence[str], aliases: Mapping[str, str] | None) -> bool:
    """Whether texts below headings are others, or the same in another order: plainly, since a row of short cells may
    look like headings."""
    if len(here) < 3 or not is_header(here, aliases):
        return False
    known = [fold(heading) for heading in above]
    flat = [fold(heading) for heading in here]
    if {*flat} <= {*known}:
        order = [known.index(text) for text in flat]
        return len(flat) == len(known) and order != sorted(order)
    claims = [claim(heading, aliases) for heading in here]
    roles = {said.role for said in claims}
    told = sum(said.role is not Role.UNKNOWN for said in claims)
    plain = sum(said.weight >= 3 for said in claims)
    return bool(_PROMISED & roles) and bool(_TOLD & roles) and plain >= 3 and told * 4 >= len(here) * 3


def _name(row: Sequence[Cell]) -> Paragraph | None:
    """The lone text of a row, where it may be the name of what follows."""
    begins = origins(row)
    if len(begins) != 1 or (begins[0] and not is_wide(row, begins[0])):
        return None
    cell = row[begins[0]]
    text = unwrap(cell.text)
    named = len(text) <= _MOST_IN_A_NAME and text[-1] not in "。；;" and NOTE.match(text) is None
    return Paragraph(cell.text, cell.start, cell.end) if named else None
