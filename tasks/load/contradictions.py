"""Where a document contradicts itself or the quarter before: warnings, never a reason to hold it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from tasks.load.follow import Attainment
from tasks.model import FacetChange, Row, Warn

TOLERANCE = Decimal(5)  # percentage points by which a printed percentage may differ from the figures beside it
WHOLE = Decimal(100)
_BRIEF = 40  # letters up to which a status speaks of the whole task

# Said of the whole task. 已完成主体结构 and 已完成投资3亿元 are steps on the way and match neither.
_DONE = re.compile(
    r"(?:目前|截至目前|现)?[,，]?(?:该?(?:项目|工作|任务|目标))?(?:均|都)?(?:已|已经|提前|全部|全面|圆满|顺利|按时|如期|基本)*"
    r"(?:完成|完工|竣工|办结|建成|达成|完毕)(?:了)?(?:全部|全年|年度|既定|目标|任务|指标|工作|并?(?:投入|交付)?(?:使用|验收|投用))*"
)
_DONE_WITHIN = re.compile(
    r"(?:已|提前|全面|圆满|超额|全部)+完成(?:了)?(?:全年|年度|全部)(?:的)?(?:目标|任务|指标)+(?!的?[约近]?[0-9０-９一二三四五六七八九十百])"
    r"|(?:任务|目标|项目)(?:均|都)?已(?:全部|全面|提前)?(?:完成|完工)(?=[,，.。;；!！\n]|$)"
)
_OPEN = re.compile(
    r"(?:尚|仍|还|暂)?未(?:完成|启动|开工|开展|达标|达到|实施|动工)|尚未|正在(?:进行|推进|实施|办理)中?$"
)
_NEARLY = re.compile("基本|预计|力争|确保|计划|将于|拟|年底前|有望|如期推进")


def contradictions(rows: Sequence[Row], attainments: Iterable[Attainment]) -> tuple[Warn, ...]:
    """What a table says against itself, row by row: percentages against status texts and against reported figures.

    Codes: `progress_below_status` (已完成 beside 40%), `progress_above_status` (尚未启动 beside 100%),
    `progress_against_figures` (621 of 740 printed as 60%).
    """
    by_row: dict[int, list[Decimal]] = defaultdict(list)
    for item in attainments:
        if item.row is None or not item.actual or item.target <= 0:
            continue
        # A figure that is the target itself is as often the plan told again as a result.
        if item.cumulative and item.measure == "level" and item.actual != item.target:
            by_row[item.row].append(item.actual / item.target * 100)
    found = []
    for row in rows:
        if row.progress is None or not row.progress.is_finite():
            continue
        found += _status(row, row.progress)
        if row.index in by_row:
            found += _figures(row, row.progress, by_row[row.index])
    return tuple(found)


def fallen(changes: Iterable[FacetChange], rows: Mapping[int, Row]) -> tuple[Warn, ...]:
    """`progress_fell` for each row whose percentage is lower than in the quarter before. `rows`: the later ones."""
    return tuple(
        Warn("progress_fell", f"row {change.new}: {change.old_value} → {change.new_value} ({_named(rows[change.new])})")
        for change in changes
        if change.facet == "progress" and change.delta is not None and change.delta < 0 and change.new is not None
    )


def _status(row: Row, progress: Decimal) -> list[Warn]:
    status = row.status
    if not status:
        return []
    if progress < WHOLE:
        done = (len(status) <= _BRIEF and _DONE.fullmatch(status.strip("。;； \n"))) or _DONE_WITHIN.search(status)
        if not done or _NEARLY.search(status):
            return []
        code = "progress_below_status"
    else:
        if len(status) > _BRIEF or not _OPEN.search(status.rstrip("。;； \n")):
            return []
        code = "progress_above_status"
    said = status if len(status) <= _BRIEF else f"{status[:_BRIEF]}…"
    return [Warn(code, f"row {row.index}: {row.progress_text or progress}, though {said!r} ({_named(row)})")]


def _figures(row: Row, progress: Decimal, attained: Sequence[Decimal]) -> list[Warn]:
    """Several targets in a row leave a range; beyond 100 it says no more how far beyond."""
    low, high = min(attained), max(attained)
    told = min(progress, WHOLE)
    if min(low, WHOLE) - TOLERANCE <= told <= min(high, WHOLE) + TOLERANCE or low <= progress <= high:
        return []
    figures = f"{low:.0f}%" if low == high else f"{low:.0f}% to {high:.0f}%"
    message = f"row {row.index}: printed {row.progress_text or progress}, the figures give {figures} ({_named(row)})"
    return [Warn("progress_against_figures", message)]


def _named(row: Row) -> str:
    return (row.content or row.category or "")[:30]
