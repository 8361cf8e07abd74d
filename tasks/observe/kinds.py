"""Whether a figure is a result, a promise or a forecast: the cue words and how far they reach."""

from __future__ import annotations

import re

from tasks.observe.edges import guarded
from tasks.observe.figures import Number
from tasks.observe.heads import strip_lead
from tasks.observe.left import Left
from tasks.observe.state import State

NEXT_STEP = re.compile(r"展望(?=20|明|下|全)|新的一年|下一步|下步|下阶段|下一阶段|接下来|接下去|明年|下一年")
_CUE = re.compile("[预望计拟原保争目任促将要须需到应规定]")
FORECAST = re.compile(r"预计|预期(?!寿命)|有望|预测|预估")
_PLAN = (
    r"(?<![按”大])(?<!按照)(?<!前期)(?<!行动)(?<!科[技研])(?<![列纳]入)(?<!占)(?<!占年度)(?<!占全年)(?<!占年)(?<!完成)(?<!年度投资)(?<!培[养育])(?<![制拟]定)(?<!编制)"
    r"计划(?![的书表中内外、”》)要,;:]|项目|总量|任务|单位|指标|安排|生育|完成率|执行|覆盖|惠及|共|\Z)|(?<!人才)(?<!行动)计划(?=约?\Z)"
    r"|(?<!控制)(?<!于)目标\Z|任务\Z"
    r"|原定|拟(?!供|用|定|制|态|建|出台|合|上市|赴|强制|吊销|清算)|确保|力争|(?<!已)(?<!共)(?<!累计)(?<!共计)争取(?=[^,资债补]{0,6}"
    r"(?:突破|达|完成|实现|年底|全年|到(?![位账中上国省市]))|[0-9]|资金[^,]{0,4}(?:突破|完成))"
    r"|目标(?:任务)?(?:数|值)?(?=为|是|[0-9]|达|约)|任务(?:数|量|目标)?(?=为|是|[0-9])|力促|(?:全年|年度)安排"
    r"|将(?=于|在|达|实现|完成|新|建|投|力|争|突破|超|推|开|举|有|组织|引|继续|启动)|要求达到|需完成|须完成|"
    r"要达到|要(?=完成|实现|新增|新建|建成)|(?:应|须|需)(?:达到|不低于|不少于|不高于|开工|竣工|完成|控制在)|年初定的|(?<=[部区园校院期心目])规划\Z|(?<![复高升降])到20[0-9]{2}年底?(?!同期)"
)
_PLANNED = re.compile(guarded(_PLAN))
_AHEAD = re.compile(r"[^,;。:、()0-9]{0,10}?(?P<cue>预计|有望|力争|确保|计划(?=于|在|年|[0-9])|拟于)")
_TASK_OPENS = frozenset("任目的")
_SET = re.compile("全年|年度|年初|下达|确定|既定|市定|省定|区定")  # 完成市下达的1500套任务
_GOAL_BEFORE = re.compile(
    r"(?:完成|超额|达到|占)[^,;、]*(?:任务|目标|计划)\(\Z|(?:年度|全年)(?:目标|任务)[^,;、]{0,3}\Z"
)
TASK_LIST = 2  # of `State.plan`: holds to the end of the sentence
_TO_SEMICOLON = 3  # 今年计划改造棚户区1320套,发放租赁补贴1160户
_LISTS_TASKS = re.compile("(?:任务|目标)(?:是|为)?\\Z")
_ENDS_TASKS = re.compile("已|目前|截至|截止|实际")
_OF_PLANNED = re.compile("计划(?:总|完成)?投资额?(?:同比|[比较])")
_OF_GOAL = re.compile(
    "(?:占|完成|达到?)[^,;、。:()0-9]{0,10}(?:任务|目标|计划|指标)(?:任务|总量|数|量|开工|竣工|投资)?(?:的|约|近|超过?|达到?|比重|比例)*\\Z"
)
_IS_DONE = re.compile("[^,;。、:()0-9]{0,4}已")
_INTENDS = frozenset("计年拟")
_INTENDED = re.compile("(?:年度)?(?:计划|拟)(?:新?开|竣|完|新建|续建|建)[^,;。、:()0-9]{0,4}(?:项目|工程|任务)")
_GOAL_ENDS = re.compile(r"(?:目标|任务|计划|预算|指标)(?:任务|目标)?[数值额量]?(?:的|为|是|约)*\Z")
_DONE = re.compile(r"(?:已|完成|实现|实际|累计|现有|超额)")
_PLANNED_AFTER = re.compile(r"的?[^,。;:、()0-9]{0,8}(?:目标任务|任务|目标|年度计划)(?!完成|数)")


def lists_tasks(clause: str) -> bool:
    """Whether a clause before a colon says that tasks follow: 今年的任务是:…"""
    return _LISTS_TASKS.search(clause) is not None


def tells_next(text: str) -> bool:
    """Whether `text` says 下一步 anywhere."""
    return ("下" in text or "明年" in text or "展望" in text or "新的" in text) and NEXT_STEP.search(text) is not None


def opens_plan(text: str, start: int, end: int) -> bool:
    """Whether what follows is a plan: 下一步; 明年 only where a clause opens with it (not in 拟于明年投运)."""
    for found in NEXT_STEP.finditer(text, start, end):
        if found[0] not in ("明年", "下一年") or max(start, _clause(text, found.start())) == found.start():
            return True
    return False


def _clause(text: str, at: int) -> int:
    """Where the clause around `at` begins."""
    return max(text.rfind(mark, 0, at) for mark in ",;。:、()\n") + 1


def tells_ahead(text: str) -> bool:
    """Whether `text` has a cue that can follow its figure."""
    return "计划" in text or "预计" in text or "有望" in text or "力争" in text or "确保" in text or "拟于" in text


def kind_of(state: State, text: str, start: int, number: Number, end: int, left: Left) -> str:
    """target | forecast | actual, with the reach of 预计 and 计划. The clause of `number` begins at `start`; the list
    whose first member it is ends at `end`."""
    if state.promised or state.rest_plan:
        return "target"
    if left.standing is not None:
        return "actual"
    at = number.start
    if state.plan == TASK_LIST:
        if not _ENDS_TASKS.search(text, start, at):
            return "target"
        state.plan = 0
    if state.has_next and opens_plan(text, start, at):
        state.rest_plan = True
        return "target"
    if _CUE.search(text, start, at):
        before = text[start:at]
        forecast = _last(FORECAST, before) if "预" in before or "望" in before else -1
        plan = _last_plan(before)
        if left.comparison == "other":
            forecast = plan = -1  # 超年度目标3.5个百分点
        if forecast >= 0 and forecast > plan:
            if strip_lead(before[:forecast]):
                state.forecast = 1
            else:
                state.forecast = 3 if start == 0 or text[start - 1] in "。\n" else 2
            state.plan = 0
            return "forecast"
        if plan >= 0 and left.comparison and _OF_PLANNED.search(before):
            plan = -1  # 年度计划投资同比增长18%: what was planned has grown
        if plan >= 0 and number.sort == "share":
            of_goal = _OF_GOAL.search(before)
            if of_goal and plan >= of_goal.start():
                plan = _last_plan(before[: of_goal.start()])  # 占年度任务86.7%: how far it is
        if plan >= 0:
            state.forecast = 0
            done = _last(_DONE, before)
            if done > plan and "的" not in before[plan:] and before.startswith(("已", "实际"), done):
                state.plan = 0
                return "actual"
            opens = (start == 0 or text[start - 1] in "。\n") and not strip_lead(before[:plan])
            state.plan = _TO_SEMICOLON if opens else 1
            return "target"
    counted = number.sort == "count"
    if counted and text[end : end + 1] in _INTENDS and _INTENDED.match(text, end):
        return "target"  # 92个计划新开工项目
    if text[end : end + 1] == "的" and text[end + 1 : end + 2].isdigit() and _GOAL_ENDS.search(text, start, at):
        return "target"  # 完成年初预算24.1亿元的57.8%
    if text[end : end + 1] in _TASK_OPENS:
        of_task = text.startswith(("任务", "目标", "的任务", "的控制"), end)
        if of_task and not text.startswith(("任务数", "任务清单"), end) and (not counted or _SET.search(left.whole)):
            return "target"
        if text[end] == "的" and _PLANNED_AFTER.match(text, end):
            return "target"
    if text[start - 1 : start] == "(" and _GOAL_BEFORE.search(text, max(0, start - 16), start) and not left.whole:
        return "target"  # 完成年度任务(75亿元)的51.5%
    ahead = _AHEAD.match(text, end) if (counted or sort_of_size(number)) and state.has_ahead else None
    if ahead:
        state.ahead = ahead.end()
        return "forecast" if ahead["cue"] in ("预计", "有望") else "target"
    if not state.forecast and not state.plan:
        return "actual"
    hangs = not left.head or left.bare or text[start - 1 : start] == "、" or "其中" in left.whole
    if state.forecast == 3 and "已" in text[start:at]:
        state.forecast = 0
    if state.forecast >= 2 or (state.forecast == 1 and hangs):
        return "forecast"
    if state.forecast == 1:
        state.forecast = 0
    if state.plan == _TO_SEMICOLON and state.last is not None:
        if _ENDS_TASKS.search(text, state.last.end, at) or _IS_DONE.match(text, end):
            state.plan = 0  # 今年计划建成道路10条,目前文澜路等5条已通车
        hangs = hangs or not left.to_completion
    if state.plan and hangs and not _DONE.search(text, start, at):
        return "target"
    state.plan = 0
    return "actual"


def sort_of_size(number: Number) -> bool:
    """Whether it is an amount of something built, not of money."""
    return number.sort == "amount" and number.unit is not None and "元" not in number.unit


def _last_plan(text: str) -> int:
    at, reach = -1, 0
    for found in _PLANNED.finditer(text):
        if found.start() >= reach:
            at, reach = found.start(), found.end(1)
    return at


def _last(pattern: re.Pattern[str], text: str) -> int:
    at = -1
    for found in pattern.finditer(text):
        at = found.start()
    return at
