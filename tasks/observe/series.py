"""Which series of a list a figure after 分别 or 均 belongs to."""

from __future__ import annotations

import re

from tasks.observe.figures import Number
from tasks.observe.left import Left
from tasks.observe.lists import members, of_series
from tasks.observe.naming.case import Name
from tasks.observe.owners import complete
from tasks.observe.state import State

_CLAUSE_END = re.compile("[;。!?\\n()]|(?<![0-9]),|,(?![0-9]{3})")
_DIGITS = re.compile(r"(?<![0-9.])[0-9][0-9,]*(?:\.[0-9]+)?(?![0-9.])")
_OF_EACH = re.compile(
    "(?P<noun>(?:时序|任务|目标|年度)?(?:增速|增幅|占比|比重|总量|排名|位次|完成率|达标率|满意率|总额|余额)|[^,;:、的0-9]{2,3}率(?=分别))"
)

_GROWTHS = frozenset(("增速", "增幅"))
_TOGETHER = re.compile("(?P<n>[两三四五])(?:项|个|者|类)(?:指标|数据|任务)?")
_SO_MANY = {"两": 2, "三": 3, "四": 4, "五": 5}

JOINTS = frozenset(("、", "和", "与", "及", "以及"))


def beside(text: str, last: Number | None, at: int) -> bool:
    """Whether only 、 or 和 stands between the last figure and this one: 增加0.12万吨、1.1亿元."""
    return last is not None and last.end < at and text[last.end : at] in JOINTS


def listed(
    state: State,
    text: str,
    begin: int,
    number: Number,
    left: Left,
    batch: list[Number],
    name: Name,
    told: tuple[str, ...],
    series: str | None,
) -> list[str | None]:
    """The series that the figure belongs to: the next of the list, or all of them. The clause begins at `begin`; `told`
    and `series` are the sentence's series, and the last of them, before the list that is being read."""
    if (
        state.listed
        and not left.listed
        and name.inherited
        and text[state.last_end : begin + left.start] in ("、", "和", ",")
    ):
        return [state.listed.pop(0)]
    if (
        len(batch) == 1
        and name.inherited
        and not (left.listed or state.listed)
        and 1 < state.spread <= len(state.recent)
        and _told_at_once(text, number.start) == state.spread
    ):  # …分别为98.6亿元、81.2亿元,同比增长7.7%、下降2.6%: as many as were told before, one for each
        state.listed = state.recent[-state.spread :]
        state.spread = 0
        return [state.listed.pop(0)]
    if len(batch) > 1 and left.listed:
        state.spread = len(batch)
    if (len(batch) > 1 or left.listed) and name.inherited and len(state.recent) >= len(batch):
        if number is batch[0]:
            count = len(batch) if left.all else max(len(batch), _told_at_once(text, number.start))
            if 1 < count <= len(state.recent):  # 同比分别下降4.7%、3.3%和增长1.9%
                state.listed = state.recent[-count:]
            elif len(batch) > 1:
                state.listed = state.recent[-len(batch) :]
        if state.listed:
            goal = (name.metric or "").removeprefix(state.metric or "")  # 分别完成年度目标的77%和80%
            return [state.listed.pop(0) + (goal if goal != name.metric else "")]
    if len(batch) > 1 and not left.listed and not name.inherited and name.metric:
        one_each = members(left, name.metric, len(batch))  # 水泥、玻璃产量同比增长3%、5%
        return [one_each[number.chain - 1] if len(one_each) == len(batch) else name.metric]
    if not left.listed or not name.metric:
        return [name.metric]
    together = _TOGETHER.fullmatch(name.metric) if left.all else None
    if together and len(told) >= _SO_MANY[together["n"]]:  # 两项均超序时进度5个百分点
        return [*told[-_SO_MANY[together["n"]] :]]
    if len(batch) > 1 and len(told) >= len(batch):
        each = _OF_EACH.match(left.whole)
        if each:  # 增速分别居全市第4、第3和第6位
            of = told[number.chain - 1 - len(batch)]
            grows = each["noun"] in _GROWTHS and number.sort != "rank"  # the noun folds into the measure
            return [of if grows else complete(each["noun"], of)]
    listed_series = of_series(members(left, name.metric, len(batch)), series)
    if len(batch) > 1:
        return [listed_series[number.chain - 1] if len(listed_series) == len(batch) else name.metric]
    if left.all:
        return [*listed_series]
    state.listed = listed_series[1:]  # 出口额、进口额分别增长9.4%、下降2.7%
    return [listed_series[0]]


def _told_at_once(text: str, at: int) -> int:
    """How many figures stand from `at` to the end of the clause."""
    end = _CLAUSE_END.search(text, at)
    return len(_DIGITS.findall(text, at, end.start() if end else len(text)))
