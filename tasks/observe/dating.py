"""Which days a figure is about: what a period phrase dates, and how far it holds."""

from __future__ import annotations

import re

from tasks.model import Span
from tasks.observe.figures import Number
from tasks.observe.lexer import Mark
from tasks.observe.phrases import PERIOD, members, resolve, understand
from tasks.observe.state import Dates, State

_PHRASE = re.compile(PERIOD)
_OPENING = frozenset("0123456789一二三四第前首上下今")  # of a phrase
# What may stand before a year that dates a clause; after a verb (印发2024年政策宣传册) the year belongs to the noun.
_ADVERBS = re.compile(
    r"(?:展望|面向|截至|预计|力争|确保|计划|其中|全[区市县省]|我[区市县局镇]|[区市县局]|[:,、.()]|到|至|在|自|从|是|"
    r"[一二三四五六七八九十]|[0-9]{1,2}|并|且|同时|据统计|初步统计|经)*"
)
_TOLD_AFTER = re.compile(rf"[于在]?(?P<period>{PERIOD})")
_SINCE = re.compile(r"[^,;。:、()0-9]{0,10}?以来")
_FEASTS = re.compile(
    r"[“]?(?:元旦|春节|清明|五一|端午|中秋|国庆|十一|双节|暑期?|寒)[”]?(?:、[“]?(?:中秋|国庆)[”]?)?(?:小长假|假期|假|黄金周|期间)"
)
SINCE_EVENT = re.compile("[^0-9年月季日]{4,}以来")  # 自疫情发生以来: when it began the text does not tell
_OF_YEAR = re.compile(
    r"(?:年度|全年|年初|当年)[^,;:、()]{0,8}(?:目标|任务|计划|预算|安排|下达|确定)|(?:目标|任务|计划)[^,;:、()]{0,2}(?:全年|年度)|总(?:任务|目标)"
)
_YEAR_AFTER = re.compile(r"的(?:年度|全年)[^,;:、()]{0,4}(?:目标|任务|计划)")
_LED_FROM = re.compile("[由从](?:全[省市国区县][^,;、0-9]{0,2}|原来的?|原先的?|(?:每[人户月年天亩吨])+)?\\Z")
_LED_TO = re.compile(r"[^,;。:、()0-9]{0,10}(?:至|到|为)(?!今)")
_GOAL_AFTER = re.compile(
    "(?:[^,;。:、()0-9]{0,4}(?:目标|任务|计划|指标|预算)(?:任务|数|值|额)?)(?:的|[0-9][0-9.]*[^,;、()]{1,4}的)[0-9]"
)
_COMPARES = frozenset(("高于", "低于", "快于", "慢于", "好于"))
_INTENDED = frozenset(("计划", "任务", "目标", "拟安", "力争", "确保"))
_TOLD_BASE = re.compile("(?:同期|同月|同季|全年)?的?(?=[0-9])")
_CLOSED = frozenset(",)")
_RESTORED = frozenset("复于当")
_JOINS = frozenset("、和与及")
_AGAINST = frozenset("较比与")
_YEAR_BEFORE = frozenset(("去年", "上年"))
_INTENDS = re.compile("[^,;。:、()0-9]{0,8}(?:计划|任务(?:是|为)|目标|拟|排定|排出|确定|安排|下达|力争|确保)")
_ATTACHED = re.compile("末?的?(?:为|是|仅|仅为|亏损|为亏损|最低|最高|下降|增长|负增长|增速|降幅|增幅)?-?")


def period(state: State, begin: int, text: str, token: Mark) -> tuple[Span, ...]:
    """What a period phrase dates from here on. Returns what it takes out of the name of its clause, from `begin` on."""
    held, passing = state.period, state.passing
    state.passing = False
    cut = _period(state, begin, text, token)
    if state.period is held:
        state.passing = passing
    elif not state.passing:
        state.resumes = None
    elif not passing:
        state.resumes = None if held == state.whole_year else held
    return cut


def _period(state: State, begin: int, text: str, token: Mark) -> tuple[Span, ...]:
    """`period` without what resumes once a passing phrase has passed."""
    start, end, said, _ = token
    phrase = understand(said)
    if phrase is None:
        if said.endswith("年初") and text[start - 1 : start] in ("由", "从"):
            state.local = (end, (None, None))  # 由年初的312家: of a day that the text does not tell
        return ((start, end),)
    before = text[max(begin, start - 4) : start]
    if said[0] in "至到" and before and before[-1] in "高升加长滑低少大缩展涨落增降窄":
        start, said = start + 1, said[1:]  # 回升至全年5.1%
        phrase = understand(said)
        if phrase is None:
            return ()
        told = resolve(phrase, state.year) if text[end : end + 1] == "的" else None
        if told is not None:
            state.local = (end, told)  # 由上半年的38%提高到三季度的45%: of this figure only
            return ((start, end),)
    since = _SINCE.match(text, end) if before[-1:] in ("由", "从", "自") else None
    if since and state.default[1] is not None:  # 自4月改版上线以来
        begun = resolve(phrase, state.year or state.default[1].year)
        if begun is not None and begun[0] is not None:
            state.period, state.used, state.passing = (begun[0], state.default[1]), False, True
        return ((start - 1, since.end()),)
    if before and (before[-1] in "较比与" or (before[-1] == "同" and not phrase.open) or before[-2:] in _COMPARES):
        base = _TOLD_BASE.match(text, end) if said in _YEAR_BEFORE and before[-1] in _AGAINST else None
        if base:
            state.local = (base.end(), _year_before(state.period or state.default))  # 较上年同期的1794起
        return ()  # a base of comparison: the left reader takes it
    cut = ((start, end),)
    if text.startswith(("同期", "同月", "同季"), end):
        if (not before or before[-1] in "由从") and phrase.bare and phrase.shift == -1:
            state.local = (end + 2, _year_before(state.default))  # 由上年同期的31.4%
        return ((start, end + 2),)  # 恢复到2019年同期的113%
    after = text[end : end + 2]
    if phrase.bare and before[-1:] in _RESTORED and after[:1] == "的" and after[1:].isdigit():
        return cut  # 恢复到2019年的93%
    if said == "本月":
        last = (state.period or state.default)[1]
        if last is not None:
            state.period, state.used, state.passing, state.fleeting = (last.replace(day=1), last), False, True, False
        return cut
    if said[-1] == "周":  # of days that the text does not tell
        state.period, state.used, state.passing, state.fleeting = (None, None), False, False, False
        return cut
    if before[-1:] in ("由", "从"):
        if state.year is not None or phrase.year is not None:
            dates = resolve(phrase, state.year)
            if dates is not None:
                state.local = (end, dates)
        return cut
    if after in ("目标", "任务", "计划") and before.endswith(("完成", "占", "超", "达到", "占到")):
        return cut
    if said == "全年" and _GOAL_AFTER.match(text, end):
        return cut  # 占市下达全年考核目标的88.2%
    if said == "全年" and before.endswith(("完成", "超", "达到")) and text[end : end + 1].isdigit():
        state.local = (end, state.whole_year or state.default)  # 完成全年450个任务的84.4%
        return cut
    if after == "结转" or (before[-1:] in ("是", "为") and after[:1] == "的"):
        return cut
    listed = state.period_end == start - 1 and text[start - 1] in "、和" and bool(state.periods)
    if phrase.bare and not phrase.open and not listed and not _ADVERBS.fullmatch(text, begin, start):
        return cut  # 印发2024年政策宣传册: the year belongs to the noun
    if phrase.now and state.default[1] is not None and not state.promised:
        passing = said[0] not in "截至"  # 截至目前 holds for the sentence, 目前 for its part of it
        state.period, state.used, state.passing, state.fleeting = (None, state.default[1]), False, passing, False
        return cut
    if phrase.default or (phrase.bare and phrase.year is None and phrase.shift == 0 and not phrase.open):
        ahead = (
            phrase.bare
            and state.whole_year is not None
            and (after[:2] in _INTENDED or (said == "今年" and _INTENDS.match(text, end) is not None))
        )
        state.period = state.whole_year if ahead else None  # 当年计划投资: of the whole year
        state.used = False
        return cut
    if phrase.year is None and state.year is None:
        return cut
    dates = resolve(phrase, state.year)
    if dates is None:
        return cut
    if phrase.year is not None and phrase.last_year is None:
        ahead = state.default[1] is not None and phrase.year > state.default[1].year
        if not (ahead and phrase.open and not state.promised and not state.rest_plan):  # 2025年6月底前再改造
            state.year = phrase.year
    state.planned_year = False
    if listed:
        state.periods.append(dates)
    else:
        state.periods = [dates]
        each = [understand(member) for member in members(said)]
        if each:
            state.periods = [resolve(one, state.year) or dates for one in each if one]
    if phrase.bare and phrase.shift > 0 and not state.promised and not text[begin:start]:
        state.default, state.rest_plan = dates, True  # 明年计划…: the rest is about that year
    if phrase.since and state.default[1] is not None:
        dates = dates[0], state.default[1]
    state.period_end = end
    state.period, state.used = dates, False
    if said[0] == "截":
        state.till = dates
    # Of some days, or of a year to come in a report of what was done: holds for its part of the sentence only.
    state.passing = (
        (phrase.day is not None and not phrase.open)
        or (phrase.shift > 0 and not state.promised and not state.rest_plan)
        or said.endswith("当月")
        or (not phrase.open and text[start - 1 : start] not in _JOINS and not _ADVERBS.fullmatch(text, begin, start))
    )
    state.fleeting = phrase.first == phrase.last and not phrase.open and text[end : end + 1] not in _CLOSED
    return cut


def _after(one: Dates | None, other: Dates) -> bool:
    """Whether `one` ends after `other`."""
    return one is not None and one[1] is not None and other[1] is not None and one[1] > other[1]


def _year_before(dates: Dates) -> Dates:
    first, last = dates
    if last is None or (last.month, last.day) == (2, 29):
        return None, None
    return first.replace(year=first.year - 1) if first else None, last.replace(year=last.year - 1)


def feast(state: State, text: str, begin: int, at: int) -> tuple[Span, ...]:
    """Dates what a holiday is told of before `at`: on which days it fell the text does not say."""
    if text.find("假", begin, at) < 0 and text.find("期间", begin, at) < 0 and text.find("黄金周", begin, at) < 0:
        return ()
    found = _FEASTS.search(text, begin, at)
    if found is None:
        return ()
    if found.end() < state.period_end <= at and state.passing:
        return (found.span(),)  # 中秋假期(9月15日至17日)
    if not state.passing:
        state.resumes = state.period
    state.period, state.used, state.passing = (None, None), False, True
    return (found.span(),)


def opening(text: str, at: int, state: State) -> Dates | None:
    """What the phrase dates that opens the line at `at`: 1-10月,…。 None where it is no span of months of its own, or
    is the document's."""
    if text[at : at + 1] not in _OPENING or state.promised:
        return None
    found = _PHRASE.match(text, at)
    phrase = understand(found[0]) if found else None
    if phrase is None or phrase.open or phrase.default or phrase.since or phrase.day is not None:
        return None
    if phrase.year is None and state.year is None:
        return None
    dates = resolve(phrase, state.year)
    if dates is None or dates in (state.default, state.whole_year):
        return None
    if phrase.bare and not (state.default[1] and dates[0] and dates[0] > state.default[1]):
        return None
    return dates


def dated(state: State, text: str, number: Number, batch: list[Number], kind: str, before: str) -> Dates:
    """First and last day: of a phrase for this figure alone, of one in a list, the clause's, the document's.

    `before` is the clause before the figure.
    """
    if state.local is not None:
        at, local = state.local
        state.local = None
        if at <= number.start and _ATTACHED.fullmatch(text, at, number.start):
            return local
    if state.ahead:
        told, state.ahead = _TOLD_AFTER.match(text, state.ahead), 0
        phrase = understand(told["period"]) if told else None
        if phrase is not None and (state.year is not None or phrase.year is not None):
            return resolve(phrase, state.year) or state.default
    if len(batch) > 1 and len(state.periods) == len(batch):
        return state.periods[number.chain - 1]
    near = before[-8:]
    if ("由" in near or "从" in near) and _LED_FROM.search(near) and _LED_TO.match(text, number.end):
        return None, None  # 由62%提高到65%: of a day that the text does not tell
    if (
        kind == "target"
        and state.whole_year is not None
        and not state.promised
        and not _after(state.period, state.whole_year)
        and (_OF_YEAR.search(before) or _YEAR_AFTER.match(text, number.end))
    ):
        state.planned_year = state.planned_year or state.period == state.whole_year
        return state.whole_year
    if state.period is None:
        return state.default
    if kind == "forecast" and state.period == state.till and not _after(state.period, state.default):
        return state.default  # 截至8月20日,…;晚稻预计总产
    if state.period == state.whole_year:
        if kind != "actual":
            state.planned_year = True
        elif state.planned_year:
            return state.default
    return state.period
