"""Grids that print the rows of a table elsewhere than one below the other → a row for each task.

A sheet of few columns is folded to use the width of the paper: the same headings stand twice or thrice side by side.
Other grids give a task one line for each quarter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise

from tasks.read.page import Cell, Table
from tasks.read.tables.cells import read_seq
from tasks.read.tables.headings import Role, claim, is_window, may_head, squeeze

_HALF = 4  # characters of half a heading
_PLAIN = 4  # weight of a claim that leaves little doubt
_TASKS = (Role.CONTENT, Role.NAME, Role.INDICATOR)
_LEAST = 3  # columns of a table that is folded


def unfolded(table: Table, header: tuple[int, int], aliases: Mapping[str, str] | None = None) -> Table:
    """The table with the halves that stand side by side under the same headings one below the other, in the order of
    their numbers; the table itself where its headings do not repeat. `header`: the first heading row, and how many."""
    first, depth = header
    if depth != 1:
        return table
    texts = [squeeze(cell.text) for cell in table.rows[first]]
    width = _period_of(texts)
    if not width:
        return table
    roles = [claim(text, aliases).role for text in texts[:width] if text]
    seq = roles.index(Role.SEQ) if Role.SEQ in roles else None
    starts = range(0, len(texts), width)
    body = table.rows[first + 1 :]
    across = [_part(row, start, width) for row in body for start in starts]
    down = [_part(row, start, width) for start in starts for row in body]
    rows = [row for row in (across if seq is not None and _rising(across, seq) else down) if row is not None]
    above = [_narrowed(row, width) for row in table.rows[:first]]
    if None in above:
        return table
    heads = table.rows[first][:width]
    return Table((*(row for row in above if row is not None), heads, *rows), table.name, table.complete)


def _narrowed(row: Sequence[Cell], width: int) -> tuple[Cell, ...] | None:
    """A row above the headings in fewer columns, what stands further right (截至9月底) in its blank ones; None where
    that is too much."""
    narrow = [*row[:width]]
    for cell in [cell for cell in row[width:] if cell.text and not cell.copy]:
        blank = next((i for i in range(width) if not narrow[i].text or narrow[i].copy), None)
        if blank is None:
            return None
        narrow[blank] = cell
    return tuple(narrow)


def pivoted(table: Table, header: tuple[int, int], aliases: Mapping[str, str] | None = None) -> Table:
    """The table with one row for each task where each has one for every quarter: what differs between those stands in
    columns of its own, headed 进展情况/二季度. The table itself where no column of times divides its tasks."""
    first, depth = header
    body = table.rows[first + depth :]
    if depth != 1 or len(body) < _LEAST:
        return table
    texts = [cell.text for cell in table.rows[first]]
    roles = [claim(text, aliases).role for text in texts]
    content = next((i for role in _TASKS for i in range(len(roles)) if roles[i] is role), None)
    times = next((i for i in range(len(texts)) if all(is_window(row[i].text) for row in body)), None)
    if content is None or times is None or Role.STATUS not in roles[times:]:
        return table
    groups = [[*group] for _, group in groupby(body, key=lambda row: row[content].text)]
    order = list(dict.fromkeys(row[times].text for row in body))
    whole = sum([row[times].text for row in group] == order for group in groups)
    apart_in_time = all(len({row[times].text for row in group}) == len(group) for group in groups)
    # What stands before the times is the task's; where it differs (other bodies), a line is more than a quarter of one.
    whose = all(_told_once(group, i) for group in groups for i in range(times))
    if len(order) < 2 or not whose or not apart_in_time or whole * 4 < len(groups) * 3 or roles[times] is Role.DEADLINE:
        return table
    apart = [i for i in range(times + 1, len(texts)) if not all(_told_once(group, i) for group in groups)]
    kept = [i for i in range(len(texts)) if i != times and i not in apart]
    heads = table.rows[first]
    named = [heads[i]._replace(text=f"{texts[i]}/{time}") for i in apart for time in order]
    rows = [(*(heads[i] for i in kept), *named)]
    for group in groups:
        end = max(cell.end for cell in group[-1])
        by_time = {row[times].text: row for row in group}
        told = (by_time[time][i] if time in by_time else Cell("", end, end) for i in apart for time in order)
        rows.append((*(group[0][i] for i in kept), *told))
    above = (row[: len(rows[0])] for row in _padded(table.rows[:first], len(rows[0])))
    return Table((*above, *rows), table.name, table.complete)


def _told_once(group: Sequence[Sequence[Cell]], column: int) -> bool:
    """Whether a column says the same in all rows of a task."""
    return all(row[column].copy or row[column].text == group[0][column].text for row in group[1:])


def _padded(rows: Sequence[Sequence[Cell]], width: int) -> list[tuple[Cell, ...]]:
    return [(*row, *(row[-1]._replace(copy=True) for _ in range(width - len(row)))) for row in rows]


def rejoined(table: Table, header: tuple[int, int], aliases: Mapping[str, str] | None = None) -> Table:
    """The table with headings that were typed into two rows (责任 above 单位) made whole; the table itself where none
    were."""
    first, depth = header
    if depth != 1 or first + 1 >= len(table.rows):
        return table
    upper, lower = table.rows[first], table.rows[first + 1]
    halves = [(a, b) for a, b in zip(upper, lower, strict=True) if b.text]
    if len(halves) < 2 or any(max(len(squeeze(half.text)) for half in pair) > _HALF for pair in halves):
        return table
    if any(squeeze(a.text) == squeeze(b.text) for a, b in halves):
        return table  # the same headings again, as below a page break
    if not all(a.text and not a.copy and not b.copy and may_head(b.text) for a, b in halves):
        return table
    if any(claim(a.text + b.text, aliases).weight < _PLAIN for a, b in halves):
        return table
    whole = tuple(a._replace(text=f"{a.text}{b.text}") for a, b in zip(upper, lower, strict=True))
    rows = (*table.rows[:first], whole, *table.rows[first + 2 :])
    widths = (*table.widths[: first + 1], *table.widths[first + 2 :])
    return Table(rows, table.name, table.complete, widths)


def _period_of(texts: Sequence[str]) -> int:
    """After how many columns the headings begin again, a blank column between the halves counted; 0 where they do not
    repeat throughout."""
    for width in range(_LEAST, len(texts) // 2 + 2):
        halves = [[*texts[start : start + width]] for start in range(0, len(texts), width)]
        named = halves[0][:-1] if halves[0][-1] == "" else halves[0]
        blank = [""] * (width - len(named))
        repeat = len(halves) > 1 and all(half in (named, named + blank) for half in halves[1:])
        if repeat and len(named) >= _LEAST and all(named):
            return width
    return 0


def _part(row: Sequence[Cell], start: int, width: int) -> tuple[Cell, ...] | None:
    """The cells of one half; None where nothing begins in it: blank, or covered by a cell that begins further left."""
    part = tuple(row[start : start + width])
    part += tuple(Cell("", part[-1].end, part[-1].end) for _ in range(width - len(part)))
    return part if any(cell.text for cell in part) and not (start and part[0].copy and _same(part)) else None


def _same(part: Sequence[Cell]) -> bool:
    return all((cell.start, cell.end, cell.copy) == (part[0].start, part[0].end, True) for cell in part)


def _rising(rows: Sequence[Sequence[Cell] | None], seq: int) -> bool:
    """Whether the printed numbers rise from row to row."""
    numbers = [n for n in (read_seq(row[seq].text) for row in rows if row is not None) if isinstance(n, int)]
    return all(a < b for a, b in pairwise(numbers))
