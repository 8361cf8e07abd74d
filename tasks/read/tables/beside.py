"""Tables that stand beside the tasks of a report and hold none: counts, whom to ask, whom it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from tasks.read.page import Table
from tasks.read.tables.cells import narrow
from tasks.read.tables.headings import Role, heading_role, is_state

_NAME = 20  # characters of a name
_COUNT = re.compile(r"[-—/]|[\d.,]+%?|\d[\d-]{6,}")
_SAYS = re.compile(r"[。;；%％]|^(?:已|正在|未)|\d")
_WHO = re.compile(r"企业|公司|单位|机构|人员|姓名")  # names of projects are tasks
_OF_TASKS = frozenset((Role.CONTENT, Role.INDICATOR, Role.STATUS, Role.PROGRESS, Role.PLAN, Role.PROBLEM, Role.VERDICT))


def holds_no_tasks(table: Table) -> bool:
    """Whether a table whose columns cannot be told is none of tasks."""
    return _is_of_counts(table) or _is_of_names(table)


def _is_of_counts(table: Table) -> bool:
    """Whether a table tells how many of the tasks are done, body by body, or whom to ask: names and figures or
    telephone numbers, no sentence."""
    below = _below(table)
    figures = sum(_COUNT.fullmatch(narrow(text)) is not None for text in below)
    return bool(below) and max(map(len, below)) <= _NAME and figures * 3 >= len(below)


def _is_of_names(table: Table) -> bool:
    """Whether a table lists names alone, such as the bodies that a report is about: no heading of tasks, accounts or
    targets, no figure, and no word that tells how something stands."""
    below = _below(table)
    headings = {
        Role.CONTENT if (role := heading_role(cell.text)) is Role.NAME and not _WHO.search(cell.text) else role
        for cell in table.rows[0]
        if cell.text
    }
    return (
        bool(below)
        and max(map(len, below)) <= _NAME
        and headings.isdisjoint(_OF_TASKS)
        and not any(is_state(flat) or _SAYS.search(flat) for flat in map(narrow, below))
    )


def _below(table: Table) -> list[str]:
    """The texts below the first row, but for columns that number the rows."""
    columns = (
        [cell.text for cell in column if cell is not None and cell.text and not cell.copy]
        for column in zip_longest(*table.rows[1:])
    )
    return [text for column in columns if not _numbers_rows(column) for text in column]


def _numbers_rows(column: Sequence[str]) -> bool:
    """Whether a column's figures only count its rows: 4, 5, 6 are no counts of anything."""
    numbers = [int(text) for text in map(narrow, column) if text.isdecimal()]
    return len(numbers) == len(column) > 1 and all(b == a + 1 for a, b in pairwise(numbers))
