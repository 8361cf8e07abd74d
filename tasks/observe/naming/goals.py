"""Goals, tasks, plans and budgets: figures and shares of them are of the series that they are set for."""

from __future__ import annotations

import re

from tasks.observe.heads import clean, strip_lead
from tasks.observe.naming.case import Case, Name
from tasks.observe.words import BARE_HEAD, GOAL_CUE, OF_GOAL

_ONLY = re.compile(
    r"(?:总|年度|全年|本年|当年|市定|省定|区定|下达|应完成|应)*(?:目标|任务|计划)(?:任务)?(?:总?数|总?量|值)?"
)
ENDS = frozenset("标务划数量值")
_AFTER = re.compile("(?:的?目标|的?任务|的控制线)(?!数|清单)")
AFTER_OPENS = frozenset("的目任")
_SET = re.compile(
    "(?:完成|达到|实现|超过|突破|超出)[^,;、]*(?:全年|年度|年初|下达|确定|既定|[市省区县]定)|(?:超出|突破|低于)[^,;]*(?:预算|限额)"
)
_WITHIN = re.compile("(?:未|没有|不)?(?:超出|超过|突破|低于|高于)(?:年度|全年|省核定|核定)*(?:预算|限额|控制)")
WITHIN_OPENS = frozenset("未没不超突低高")
_FIGURE = re.compile(
    "(?:占|为|完成|达到?|相当于)[^,;、()0-9]{0,14}(?:目标|任务|计划|预算|指标)(?:任务|目标)?[数值额量]?"
)
FIGURE_OPENS = frozenset("占为完达相")
NOUNS = frozenset(("目标", "目标值", "目标任务", "任务目标"))
_TOGETHER = re.compile("[两三四五]项|[以]上|合计|共计|均|都|已|超额|提前")  # 两项合计完成全年目标的73.5%
_LEAST_SUBJECT = 2  # characters
_BRACKET = re.compile(r"\([^()]*\)")


def of_goal(case: Case) -> Name | None:
    """The figure itself is the goal, by a noun behind it or a budget before it."""
    within = _WITHIN.match(case.left.name)
    if within or (_AFTER.match(case.text, case.number.end) and _SET.search(case.whole)):
        return Name(case.series, None, inherited=True)
    return None


def figure_of_goal(case: Case) -> Name | None:
    """The figure of a goal, of which a share or another figure follows."""
    end = case.number.end
    if case.text[end + 1 : end + 2].isdigit() and _FIGURE.fullmatch(case.whole):
        return Name(case.series, None, inherited=True)
    return None


def share_of_goal(case: Case) -> Name | None:
    """A share of a goal that has no name of its own."""
    whole = case.whole
    if not GOAL_CUE.search(whole):
        return None
    said = _BRACKET.sub("", whole) if whole.find(")") > 0 else whole
    goal = OF_GOAL.search(said)
    if goal is None:
        return None
    who = clean(said[: goal.start()]) if not case.left.listed else ""
    if not goal[0].startswith(goal["goal"]):
        of_another = len(who) > _LEAST_SUBJECT and BARE_HEAD.fullmatch(who) is None and who not in case.series
        return Name(who, None) if of_another and not _TOGETHER.search(who) else Name(case.series, None, inherited=True)
    return None if strip_lead(said[: goal.start()]) else Name(case.series, None, inherited=True)


def goal_told(case: Case) -> Name:
    """Only the word 目标 stands behind it, as one of `NOUNS`."""
    return Name(case.series, None, inherited=True)


def goal_alone(case: Case) -> Name | None:
    """Only the word 任务 stands before it."""
    return Name(case.series, None, inherited=True) if _ONLY.fullmatch(case.head) else None
