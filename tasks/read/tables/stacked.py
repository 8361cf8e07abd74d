"""Grids whose body bears the labels of fields → a row for each task, a column for each label.

A task may take several rows, a label in each (年度目标, 进展情况, 下步措施) and its text beside; or one cell holds
several fields, each behind its label (任务：… 落实情况：…).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from tasks.read.errors import RowsNotUnderstood
from tasks.read.page import Cell, Table
from tasks.read.tables.cells import unwrap
from tasks.read.tables.drafted import origins, same_cell
from tasks.read.tables.headings import Role, claim, heading_role, squeeze

_TASKS = (Role.CONTENT, Role.NAME, Role.INDICATOR)
_MOST_IN_A_LABEL = 10  # characters
_MOST_LABELS = 6
_LABEL = re.compile(r"(?:^|(?<=[\s。；;]))[【\[]?([\u4e00-\u9fff]{2,10})(?:[】\]][:：]?|[:：])[ \u3000]*")

_Row = tuple[Cell, ...]


class _Labelled(NamedTuple):
    """A row of the body: its number, its label and the cell beside; both None where it belongs to no task."""

    row: _Row
    label: str | None
    text: Cell


def stacked(table: Table, header: tuple[int, int], aliases: Mapping[str, str] | None = None) -> Table:
    """The table with one row for each task where the labels of its fields stand one below the other; the table itself
    where none do. `header`: the first heading row, and how many there are.

    Raises RowsNotUnderstood where some rows of such a table bear no label, or say different things of one task.
    """
    first, depth = header
    if depth != 1 or len(table.rows) < first + depth + 2:
        return table
    heads = table.rows[first]
    body = table.rows[first + depth :]
    column = next((i for i in range(len(heads) - 1) if _may_label(body, i, aliases)), None)
    if column is None:
        return table
    roles = [claim(cell.text, aliases).role for cell in heads]
    apart = (column, column + 1)
    content = next((i for role in _TASKS for i, r in enumerate(roles) if r is role and i not in apart), None)
    if content is None:
        return table
    rows = [row for row in body if not _repeats(row, heads)]
    told = [_labelled(row, column) for row in rows]
    names = list(dict.fromkeys(one.label for one in told if one.label))
    groups = _grouped(told, content)
    tasks = [group for group in groups if group[0].label is not None]
    plain = [role for role in (heading_role(name, aliases) for name in names) if role is not Role.UNKNOWN]
    several = sum(len(group) > 1 for group in tasks)
    if Role.STATUS not in plain or len(names) < 2 or len(plain) * 2 < len(names) or several * 2 < len(tasks):
        return table
    if len(names) > _MOST_LABELS or (len(tasks) > 1 and len(names) * 2 > sum(map(len, tasks))):
        return table
    where = f"under {unwrap(heads[column].text)}, where the fields of a task stand one below the other"
    for one in told:
        if one.label is None and not _is_beside(one.row):
            raise RowsNotUnderstood(f"no label {where}: {' | '.join(unwrap(cell.text) for cell in one.row)[:80]}")
    made = [_placed(heads, column, [_label_cell(told, name) for name in names])]
    for group in groups:
        opening = group[0]
        if opening.label is None:
            made.append(_placed(opening.row, column, [opening.row[column]] * len(names)))
            continue
        keys = [_said_once(group, i, where) if i not in apart else opening.row[i] for i in range(len(heads))]
        end = max(one.text.end for one in group)
        made.append(_placed(keys, column, [_said(group, name) or Cell("", end, end) for name in names]))
    above = [_placed(row, column, [row[column]] * len(names)) for row in table.rows[:first]]
    return replace(table, rows=(*above, *made), widths=())


def _may_label(body: Sequence[_Row], column: int, aliases: Mapping[str, str] | None) -> bool:
    """Whether the cells of a column are labels as a rule, that of a status among them, texts beside them."""
    seen = [row[column].text for row in body if row[column].text and not same_cell(row[column], row[0])]
    short = [text for text in seen if len(text) <= _MOST_IN_A_LABEL]
    if len(short) < 2 or len(short) * 5 < len(seen) * 3:
        return False
    roles = [heading_role(text, aliases) for text in short]
    known = sum(role is not Role.UNKNOWN for role in roles)
    return Role.STATUS in roles and known * 2 >= len(seen) and len({*roles}) > 1


def _labelled(row: _Row, column: int) -> _Labelled:
    label, text = row[column], row[column + 1]
    is_label = 0 < len(label.text) <= _MOST_IN_A_LABEL and not same_cell(text, label)
    if not is_label or label.text == row[0].text or re.search(r"\d|[。；;，,、]", label.text):
        return _Labelled(row, None, text)
    return _Labelled(row, squeeze(label.text), text)


def _repeats(row: _Row, heads: _Row) -> bool:
    return [squeeze(cell.text) for cell in row] == [squeeze(cell.text) for cell in heads]


def _grouped(told: Sequence[_Labelled], content: int) -> list[list[_Labelled]]:
    """The rows of each task; one that belongs to none stands alone. A task begins where another is named, and where a
    label comes again: a row whose label is merged with the one above goes on with it."""
    groups: list[list[_Labelled]] = []
    for one in told:
        last = groups[-1] if groups else []
        if one.label is None or not last or last[-1].label is None:
            groups.append([one])
            continue
        task = one.row[content]
        another = bool(task.text) and not task.copy and task.text != last[0].row[content].text
        again = one.label in [other.label for other in last]
        if another or (again and not _goes_on(last[-1], one)):
            groups.append([one])
        else:
            last.append(one)
    return groups


def _goes_on(above: _Labelled, one: _Labelled) -> bool:
    """Whether a label is the merged cell of the row above."""
    cells = {(cell.start, cell.end) for cell in above.row if squeeze(cell.text) == above.label}
    return one.label == above.label and any(
        cell.copy and (cell.start, cell.end) in cells for cell in one.row if squeeze(cell.text) == one.label
    )


def _is_beside(row: _Row) -> bool:
    """Whether a row says one thing alone: the name of a section, a note."""
    return len(origins(row)) <= 1


def _said_once(group: Sequence[_Labelled], column: int, where: str) -> Cell:
    """The cell of a column that holds for a whole task."""
    said = [one.row[column] for one in group if one.row[column].text]
    if len({squeeze(cell.text) for cell in said}) > 1:
        raise RowsNotUnderstood(
            f"cells {where}, differ beside one task: {' | '.join(unwrap(c.text) for c in said)[:80]}"
        )
    return said[0] if said else group[0].row[column]


def _said(group: Sequence[_Labelled], name: str) -> Cell | None:
    """What a task says behind a label, its lines joined; None where it lacks the label."""
    cells = [one.text for one in group if one.label == name and not (one.text.copy and one is not group[0])]
    if len(cells) < 2:
        return cells[0] if cells else None
    return Cell("\n".join(cell.text for cell in cells if cell.text), cells[0].start, cells[-1].end)


def _label_cell(told: Sequence[_Labelled], name: str) -> Cell:
    cells = (cell for one in told if one.label == name for cell in one.row if squeeze(cell.text) == name)
    cell = next(cells)
    return cell._replace(text=cell.text.rstrip(":： "), copy=False)


def _placed(row: Sequence[Cell], column: int, cells: Sequence[Cell]) -> _Row:
    """The row with other cells in the place of the label and the text beside it."""
    return (*row[:column], *cells, *row[column + 2 :])


def divided(table: Table, header: tuple[int, int], aliases: Mapping[str, str] | None = None) -> Table:
    """The table with a column for each field where one cell holds several behind labels, the same in every row, the
    task first and its status among them; the table itself where none does, or another column holds the task."""
    first, depth = header
    heads = table.rows[first]
    body = table.rows[first + depth :]
    if depth != 1 or not body or any(claim(cell.text, aliases).role in _TASKS for cell in heads):
        return table
    rows = [row for row in body if not _repeats(row, heads) and not _is_beside(row)]
    for column in range(len(heads)):
        if not rows or not all(
            ":" in row[column].text or "：" in row[column].text or "】" in row[column].text for row in rows
        ):
            continue
        names = _names(rows[0][column].text, aliases)
        cells = {id(row): _divided(row[column], names) for row in rows} if names else {}
        if not names or None in cells.values():
            continue
        made = []
        for row in table.rows[first:]:
            parts = cells.get(id(row)) or [row[column]] * len(names)
            if row is heads or _repeats(row, heads):
                parts = [row[column]._replace(text=name) for name in names]
            made.append((*row[:column], *parts, *row[column + 1 :]))
        above = [(*row[:column], *[row[column]] * len(names), *row[column + 1 :]) for row in table.rows[:first]]
        return replace(table, rows=(*above, *made), widths=())
    return table


def _names(text: str, aliases: Mapping[str, str] | None) -> list[str]:
    """The labels of a cell that opens with that of a task and goes on with that of a status; else none."""
    found = [match.group(1) for match in _LABEL.finditer(text)]
    names = [name for name in found if heading_role(name, aliases) is not Role.UNKNOWN]
    roles = [heading_role(name, aliases) for name in names]
    opens = _LABEL.match(text)
    regular = opens is not None and names[:1] == [opens.group(1)] and len({*names}) == len(names)
    return names if regular and roles[0] in _TASKS and Role.STATUS in roles else []


def _divided(cell: Cell, names: Sequence[str]) -> list[Cell] | None:
    """The parts of a cell behind its labels; None where these are others, or one comes twice."""
    found = [match for match in _LABEL.finditer(cell.text) if match.group(1) in names]
    if [match.group(1) for match in found] != [*names] or (found and found[0].start()):
        return None
    ends = [match.start() for match in found[1:]] + [len(cell.text)]
    parts = []
    for match, end in zip(found, ends, strict=True):
        text = cell.text[match.end() : end].strip()
        start = cell.text.index(text, match.end()) if text else match.end()
        exact = cell.end - cell.start == len(cell.text)  # blanks folded in a cell move what stands behind them
        span = (cell.start + start, cell.start + start + len(text)) if exact else (cell.start, cell.end)
        parts.append(Cell(text, *span, cell.copy))
    return parts
