"""Which days a figure is about: what a period phrase dates, and how far it holds."""

from __future__ import annotations

import re

from tasks.model import Span
from tasks.observe.figures import Number
from tasks.observe.lexer import Mark
from tasks.observe.phrases import PERIOD, resolve, understand
from tasks.observe.state import Dates, State

# What may stand before a year that dates a clause; after a verb (印发2024年政策宣传册) the year belongs to the noun.
_ADVERBS = re.compile(
    r"(?:截至|预计|力争|确保|计划|其中|全[区市县省]|我[区市县局镇]|[区市县局]|[:,、.()]|到|至|在|自|从|是|"
    r"[一二三四五六七八九十]|[0-9]{1,2}|并|且|同时|据统计|初步统计|经)*"
)
_TOLD_AFTER = re.compile(rf"[于在]?(?P<period>{PERIOD})")
_COMPARES = frozenset(("高于", "低于", "快于", "慢于", "好于"))
_INTENDED = frozenset(("计划", "任务", "目标", "拟安", "力争", "确保"))
_ATTACHED = re.compile("末?的?(?:最低|最高|下降|增长|负增长|增速|降幅|增幅)?-?")


def period(state: State, begin: int, text: str, token: Mark) -> tuple[Span, ...]:
    """What a period phrase dates from here on. Returns what it takes out of the name of its clause, from `begin` on."""
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
    if before and (before[-1] in "较比与" or (before[-1] == "同" and not phrase.open) or before[-2:] in _COMPARES):
        return ()  # a base of comparison: the left reader takes it
    cut = ((start, end),)
    if text.startswith(("同期", "同月", "同季"), end):
        if before[-1:] in ("由", "从") and phrase.bare and phrase.shift == -1:
            state.local = (end + 2, _year_before(state.default))  # 由上年同期的31.4%
        return ((start, end + 2),)  # 恢复到2019年同期的113%
    after = text[end : end + 2]
    if before[-1:] in ("由", "从"):
        if state.year is not None or phrase.year is not None:
            dates = resolve(phrase, state.year or 0)
            if dates is not None:
                state.local = (end, dates)
        return cut
    if after in ("目标", "任务", "计划") and before.endswith(("完成", "占", "超", "达到", "占到")):
        return cut
    if after == "结转" or (before[-1:] in ("是", "为") and after[:1] == "的"):
        return cut
    listed = state.period_end == start - 1 and text[start - 1] in "、和" and bool(state.periods)
    if phrase.bare and not phrase.open and not listed and not _ADVERBS.fullmatch(text, begin, start):
        return cut  # 印发2024年政策宣传册: the year belongs to the noun
    if phrase.default or (phrase.bare and phrase.year is None and phrase.shift == 0 and not phrase.open):
        ahead = phrase.bare and state.whole_year is not None and after[:2] in _INTENDED
        state.period = state.whole_year if ahead else None  # 当年计划投资: of the whole year
        state.used = False
        return cut
    if phrase.year is None and state.year is None:
        return cut
    dates = resolve(phrase, state.year or 0)
    if dates is None:
        return cut
    if phrase.year is not None and phrase.last_year is None:
        state.year = phrase.year
    state.planned_year = False
    if listed:
        state.periods.append(dates)
    else:
        state.periods = [dates]
    state.period_end = end
    state.period, state.used = dates, False
    state.fleeting = phrase.first == phrase.last and not phrase.open and text[end : end + 1] != ","
    return cut


def _year_before(dates: Dates) -> Dates:
    first, last = dates
    if last is None or (last.month, last.day) == (2, 29):
        return None, None
    return first.replace(year=first.year - 1) if first else None, last.replace(year=last.year - 1)


def dated(state: State, text: str, number: Number, batch: list[Number], kind: str) -> Dates:
    """First and last day: of a phrase for this figure alone, of one in a list, the clause's, the document's."""
    if state.local is not None:
        at, local = state.local
        state.local = None
        if at <= number.start and _ATTACHED.fullmatch(text, at, number.start):
            return local
    if state.ahead:
        told, state.ahead = _TOLD_AFTER.match(text, state.ahead), 0
        phrase = understand(told["period"]) if told else None
        if phrase is not None and (state.year is not None or phrase.year is not None):
            return resolve(phrase, state.year or 0) or state.default
    if len(batch) > 1 and len(state.periods) == len(batch):
        return state.periods[number.chain - 1]
    if state.period is None:
        return state.default
    if state.period == state.whole_year:
        if kind != "actual":
            state.planned_year = True
        elif state.planned_year:
            return state.default
    return state.period
