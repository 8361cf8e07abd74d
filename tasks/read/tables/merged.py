"""What merged cells that a dump has lost said of the rows below them, as far as those rows tell it.

A cell merged over several rows is printed in the first of them. Whether the blank ones below are rest of it, or empty,
is told by the pattern of blanks in a column, or by what the text above is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.read.page import Cell
from tasks.read.tables.align import Model, grouping
from tasks.read.tables.cells import is_nothing, narrow
from tasks.read.tables.headings import Role, is_state
from tasks.read.tables.rowkinds import TOTAL

_SHARED = re.compile(
    r"第?\d+\s*[-—–~至]\s*\d+\s*项|[两二三四五六七八](?:项|件|个|条|处)[^,，。;；]{0,4}(?:统筹|一并|合并|共同|打包)|^均|"
    r"配套[^,，。;；]{0,6}(?:同步|一并)"
)
_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_TOLD = 2  # pairs and triples of characters that only the blank row's task and the status above have in common
_ANY_WORK = re.compile(
    r"完成|建成|[新扩]建|建设|推进|实施|开展|改造|提升|新增|开工|打造|工程|项目|企业|公里|平方|方米|万平|以上|投资|达到|工作|个工|作日|"
    r"[全我][省市县区]|累计|目标|启动|正在|继续|加快|落实|组织|服务|发展|中心"
)
_POINT = re.compile(r"[①-⑩]|(?:^|(?<=[\s。；;]))(?:\d[.、．](?!\d)|[(（]\d[)）]|[一二三四五六七八九]是)")
_RATE = re.compile(r"-?\d+(?:\.\d+)?[%％]?|百分之[一二三四五六七八九十百零点]+")

Row = tuple[Cell, ...]


def alike(rows: Sequence[Sequence[str]], model: Model) -> frozenset[int]:
    """The columns that are blank exactly where the cells they belong to were merged away: numbers that count the
    categories, bodies that take part beside those that lead. `rows`: a text for each column."""
    told = [row for row in rows if sum(map(bool, row)) > 1 and not TOTAL.fullmatch(next(filter(None, row)))]

    def blanks(column: int) -> list[bool]:
        return [not row[column] for row in told]

    units = [i for i, role in enumerate(model.roles) if role is Role.UNITS]
    pairs = [(column, units[0]) for column in units[1:]]
    numbered = [i for i, role in enumerate(model.roles) if role is Role.SEQ]
    pairs += [(i, j) for i in numbered for j in grouping(model.roles)]
    return frozenset(one for one, other in pairs if blanks(one) == blanks(other) and any(blanks(one)))


def is_further_part(cells: Sequence[Cell], above: Sequence[Cell], model: Model) -> bool:
    """Whether a row without content tells of a further part of the task above: a status and a rate of its own, as the
    one above has."""
    rates = [i for i, role in enumerate(model.roles) if role is Role.PROGRESS]
    newest = [i for i, role in enumerate(model.roles) if role is Role.STATUS][-1:]
    if not rates or not newest or not cells[newest[0]].text:
        return False
    return all(_is_rate(cells[i].text) and _is_rate(above[i].text) for i in rates)


def _is_rate(text: str) -> bool:
    flat = narrow(text)
    return bool(flat) and (_RATE.fullmatch(flat) is not None or is_nothing(flat) or is_state(flat))


def with_shared_statuses(rows: Sequence[Row], tasks: Sequence[bool], model: Model) -> tuple[list[Row], list[str]]:
    """The rows with a status that was merged over several tasks in each of them, and the contents of those: it is
    theirs where it speaks of them, or says that it is told of several. `tasks[i]`: whether row i is a task."""
    made = list(rows)
    shared: list[str] = []
    told = [i for i, role in enumerate(model.roles) if role is Role.STATUS]
    named = [i for i, role in enumerate(model.roles) if role in (Role.CONTENT, Role.NAME, Role.INDICATOR)]
    if not told or not named:
        return made, shared
    newest = told[-1]
    first: int | None = None  # the last row that has a status
    for number, row in enumerate(rows):
        if not tasks[number]:
            first = None
        elif row[newest].text:
            first = number
        elif first is not None:
            above = rows[first]
            task = "".join(row[i].text for i in named if not row[i].copy)
            if _speaks_of(above[newest].text, task, "".join(above[i].text for i in named)):
                for place in range(first + 1, number + 1):
                    filled = _with(made[place], above, [newest, *_rates(model, made[place], above)])
                    shared += [task[:24]] if filled != made[place] else []
                    made[place] = filled
            elif _SHARED.search(above[newest].text) or _points(above[newest].text) == number - first + 1:
                shared.append(task[:24])
    return made, shared


def _points(status: str) -> int:
    """The numbered points of a status where there are three or more: as many as the tasks that it may be told of."""
    found = len(_POINT.findall(status))
    return found if found > 2 else 0


def _rates(model: Model, row: Row, above: Row) -> list[int]:
    return [i for i, role in enumerate(model.roles) if role is Role.PROGRESS and not row[i].text and above[i].text]


def _with(row: Row, above: Row, columns: Sequence[int]) -> Row:
    return tuple(above[i]._replace(copy=True) if i in columns and not cell.text else cell for i, cell in enumerate(row))


def _speaks_of(status: str, task: str, own: str) -> bool:
    """Whether a status speaks of a task other than its `own`: of words that this has, and its own has not."""
    return len({part for part in _parts(task) if part in status and part not in own}) >= _TOLD


def _parts(text: str) -> set[str]:
    """Pairs and triples of characters, none of them over an end of a word that any work may be told with (成投 of
    完成投资)."""
    runs = [run for told in _HAN.findall(text) for run in _ANY_WORK.split(told)]
    return {run[i : i + size] for run in runs for size in (2, 3) for i in range(len(run) - size + 1)}
