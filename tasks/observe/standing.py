"""Tasks counted by how far they are: 达到序时进度的39项, 未达到序时进度9项, 22个事项已提前完成全年任务.

Here the light verbs are what tells one count from the next: the state is the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from tasks.model import Span

UNITS = frozenset(("项", "个", "件", "条", "类"))
_THING = (
    r"(?:重点|具体|子|年度|目标|工作)*(?:工作任务|工作内容|任务|事项|项目|指标|工作|实事|内容|问题|建议|提案|措施|举措)"
)
# What says how far something is. 完成, 推进 or 目标任务 alone do not: 完成任务12项 tells of work done.
_TELLS = (
    r"序时|进度|要求|(?:有序|正常|顺利|计划|稳步|缓慢)推进|推进(?:缓慢|顺利|有序|正常|较慢|滞后)|进展|滞后|落后|缓慢|[偏较]慢|困难|完结|相当|同步|"
    r"提前(?:超额)?完成|超额完成|基本完成|[未不](?:能)?(?:全部|按期|如期|按时)?完成|未启动|未开工|[未不]达到?|"
    r"完成(?:全年|年度|年初|既定|目标|任务|计划)*(?=的)|完成(?:全年|年度|年初)(?:目标任务|目标|任务)(?=[,;。]|\Z)"
)
_WORDS = (
    r"目标任务|任务目标|目标|任务|计划|要求|节点|(?:前?[一二三四]个?)?季度|上半年|全年|年度|年初|年底前?|既定|预期|阶段性?|时间|"
    r"已经|已|均|都|基本|提前|超额|尚?未能?|没有|未|不能|难以|能够?|按照|按期|如期|按时|按|全部|部分|正在|正常|有序|有效|顺利|稳步|"
    r"加快|超过?|快于|慢于|欠|赶不上|达到?|完成|实施|办理|落实|启动|开工|推进|略|较好|良好|较快|较|存在|有一定|一定|严重|大体|基本|与|或者?|和|及|、|"
    r"并|且|仍|还"
)
# Possessive: the words overlap, and a clause of nothing but them would be tried in all the ways to part it.
_STATE = rf"(?=[^,;。:、()]{{0,12}}(?:{_TELLS}))(?:{_TELLS}|{_WORDS})++(?<![的或和及、并且有])"
_BEFORE = re.compile(
    rf"(?:其中|另有|还有|目前|截至目前|剩余|其余|主要|[一二三四五]是)*(?P<what>[^,;。:、()的]{{2,20}}?[事项目务标作施题容件”])??(?P<state>{_STATE})(?P<of>的)?"
    rf"(?P<thing>{_THING})?(?:共计|共有|共|还有|仅有|有|为|是|分别为?)*"
)
_CUE = re.compile("[进滞后慢序困达成求启开结相同]")  # a character of each of `_TELLS`
_TELLING = re.compile(_TELLS)
_ENDS = re.compile(rf"(?P<thing>{_THING})?(?=[,;。:、(占!?\n]|\Z)")
_BEHIND = re.compile(rf"(?P<thing>{_THING})?(?:已经|已|均|都|正在|正|仍)*(?P<state>{_STATE})(?=[,;。、(!?\n]|\Z)")
_OPENS_BEHIND = frozenset("重具子年工目任事项指实问已均都正仍提超达未不按进推滞落偏较基有顺尚完")
_MAIN = re.compile(rf"{_THING}\Z")
_LEAST = 3  # characters of a state: 完成, 推进 alone are none
_SHORT = frozenset(("滞后", "落后", "缓慢"))


class Standing(NamedTuple):
    """How far those counted are; what they are, where it is said; where the words end."""

    state: str
    thing: str
    end: int
    joint: str = ""  # 的 between the two, where it is printed


def before(text: str, begin: int, at: int, end: int, cuts: Sequence[Span]) -> Standing | None:
    """The state that the clause `text[begin:at]` tells of what the count `at`..`end` counts, if it tells nothing else
    (其中[欠进度]的13项). `cuts` are spans that name nothing."""
    if _CUE.search(text, begin, at) is None or _TELLING.search(text, begin, at) is None:
        return None
    behind = _ENDS.match(text, end)
    if behind is None:
        return None
    found = _BEFORE.fullmatch(text, begin, at)
    if found is None and cuts:
        clause = text[begin:at]
        for start, stop in reversed(cuts):
            if start >= begin:
                clause = clause[: start - begin] + clause[stop - begin :]
        found = _BEFORE.fullmatch(clause)
    if found is None or not _is_one(found["state"]):
        return None
    return Standing(
        found["state"], found["what"] or found["thing"] or behind["thing"] or "", behind.end(), found["of"] or ""
    )


def behind(text: str, at: int) -> Standing | None:
    """The state told behind a count that ends at `at`: 22个[事项][已提前完成全年任务]."""
    if text[at : at + 1] not in _OPENS_BEHIND:
        return None
    found = _BEHIND.match(text, at)
    if found is None or not _is_one(found["state"]):
        return None
    return Standing(found["state"], found["thing"] or "", found.end())


def _is_one(state: str) -> bool:
    return len(state) >= _LEAST or state in _SHORT


def tells_state(metric: str) -> bool:
    """Whether a count's name tells how far those counted are."""
    return _CUE.search(metric) is not None


def are_tasks(metric: str) -> bool:
    """Whether a count's name is of tasks whose states may be told after it, and none is told with it."""
    return _MAIN.search(metric) is not None and not tells_state(metric)


def may_have_states(alike: str) -> bool:
    """Whether a count may be some of what was counted last in its unit: tasks, or tasks in a state."""
    return _MAIN.search(alike) is not None or tells_state(alike)
