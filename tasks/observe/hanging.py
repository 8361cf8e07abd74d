"""What a figure takes from what was told before it (its series, its owner, what was told in its unit), and what it
leaves to the figures after it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.observe import standing
from tasks.observe.figures import Number
from tasks.observe.heads import clean, strip_lead
from tasks.observe.houses import house, of_house
from tasks.observe.left import Left
from tasks.observe.naming.case import Name
from tasks.observe.naming.events import tells_of_whole
from tasks.observe.naming.ranks import ranks_among
from tasks.observe.naming.shares import whose_share
from tasks.observe.owners import is_works, of_works
from tasks.observe.state import Around, State

_SUMS = frozenset(("amount", "count"))
_OF_TASK = frozenset("目任")
_PLACES = frozenset(("位", "名", "个位次", "位次"))
_LONGEST_AROUND = 20
_PROJECTS = ("项目", "工程")
_OF_PROJECTS = frozenset(
    (
        "投资",
        "总投资",
        "完成投资",
        "完成率",
        "投资完成率",
        "开工率",
        "计划投资",
        "年度计划投资",
        "年度投资",
        "概算总投资",
    )
)
_NO_THING = re.compile("(?:率|额|量|数|值|目标|任务|指标|计划|收入|投资|面积)\\Z|[0-9]")
_REACHED = ("涉及", "惠及", "受益", "带动")  # whom something reached is no series that others go on with


# The series last named, the owner, what was told in the same unit, what stands before the bracket that is open.
Told = tuple[str | None, str | None, str | None, str]


def told_before(state: State, text: str, begin: int, outer: Sequence[Around], number: Number, left: Left) -> Told:
    """What the figure `number` is of, whose clause begins at `begin` inside the brackets `outer`."""
    sort, unit = number.sort, number.unit
    series = state.metric
    if sort == "count" and state.counted and not (left.direction and unit in _PLACES):
        series = state.counted
    if (
        series
        and "占" in series
        and (sort in _SUMS or (sort == "share" and left.direction and not (left.to or left.whole.endswith("为"))))
    ):
        series = whose_share(series)  # 占计划总投资的63%,全年可完成1.5亿元
    if unit and text[number.end : number.end + 1] in _OF_TASK:
        series = state.of_unit.get(unit, series)
    owner = state.owner
    alike = state.of_unit.get(unit, state.theme) if unit else None
    if not alike and state.label and sort == "count" and ("、" in left.name or left.head.endswith("等")):
        alike = state.label
    if left.bare:
        if outer:  # 滨江路二期(全长2.8公里)
            around = outer[-1]
            owner = clean(text[around.begin : around.at]) or owner
        elif state.stale:
            owner = None
    if "其中" in left.whole:
        state.whole = state.whole or (owner, state.counted)
    elif state.whole and text[begin - 1 : begin] == ",":
        if tells_of_whole(left.name):
            owner = state.whole[0] or owner  # 存栏21万头,其中能繁母猪2万头,出栏17万头
            alike = state.whole[1] or alike if sort == "count" else alike
        elif left.name:
            state.whole = None
    if not owner and not series and left.bare and not outer and left.name in _OF_PROJECTS:
        owner = state.works or None
    if state.topic or owner:
        owner = of_works(left.name, state.topic, owner)
    return series or state.subject, owner, alike, _before_bracket(state, text, begin, outer) if outer else ""


def _before_bracket(state: State, text: str, begin: int, outer: Sequence[Around]) -> str:
    """What stands right before the bracket that a clause opens, if no figure does: 青云路停车库(泊位216个)."""
    around = outer[-1]
    if begin != around.at + 1:
        return ""
    since = around.begin
    if state.last is not None and state.last.end > since:
        since = state.last.end + 2
        if text[state.last.end : since] != ")、":  # 云峰镇(12户)、白马乡(8户)
            return ""
    name = clean(text[since : around.at])
    return name if 3 <= len(name) <= _LONGEST_AROUND and not _NO_THING.search(name) else ""


def of_body(state: State, left: Left, metric: str) -> str:
    """`metric` behind the body whose accounts the sentence tells, which is the one that was named last."""
    if state.house is not None:
        metric = of_house(state.house, left.name, metric)
    state.house = house(metric) or (house(strip_lead(left.head)) if left.before else None) or state.house
    return metric


def leave(
    state: State,
    number: Number,
    left: Left,
    name: Name,
    names: list[str | None],
    measured: str,
    alike: str | None,
    *,
    ends: bool,
    inside: bool,
) -> None:
    """What figures after `number` may go on with. `names` are the series that it was told of: `name` alone but in a
    list. `ends`: it is the last of its chain; `inside`: it stands in brackets; `alike` was told in its unit before."""
    metric, unit = name.leaves or name.metric, number.unit
    if name.leaves and names == [name.metric]:
        names = [metric]
    if metric and not (number.sort == "count" and ranks_among(left)):
        if names != [metric]:  # 涉农贷款、绿色贷款余额分别为…: each is a series of its own
            state.metric = names[-1]
            state.recent += [each for each in names if each and each not in state.recent]
        else:
            state.metric = metric
            if ends and (metric not in state.recent or (measured == "level" and name.inherited)):
                state.recent.append(metric)
        if measured == "level" and number.sort == "count" and not metric.startswith(_REACHED):
            state.counted = metric
            if metric.endswith(_PROJECTS) and not (state.works_told or inside):
                state.works, state.works_told = metric, True  # the first of a sentence, not the parts behind it
            if left.standing is not None:
                state.tasks = left.standing.thing or state.tasks
            elif unit in standing.UNITS and standing.are_tasks(metric):
                state.tasks = metric
        if measured == "level" and unit and not (alike and len(metric) > 3 and alike.endswith(metric[2:])):
            state.of_unit[unit] = metric
    state.used = True
    state.last_end = number.end
    if name.owner and state.topic is None and is_works(name.owner):
        state.topic = name.owner
    if (
        name.owner
        and not left.to_completion
        and (measured != "ratio" or is_works(name.owner))
        and not name.owner.startswith(_REACHED)
    ):
        state.owner, state.stale = name.owner, False
