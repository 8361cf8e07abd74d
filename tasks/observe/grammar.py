"""Sentences of quantities: which clause each belongs to, what it measures, and how far cue words reach.

One pass over the tokens. State that outlives a clause (the series last named, its owner, the period phrase, 预计) is
in `_State`; it is dropped where the sentence ends, unless the next one hangs on it (其中…, 同比…).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from tasks.model import Observation, Span
from tasks.observe import measure as reading
from tasks.observe import metric as naming
from tasks.observe.left import Left, base_of_comparison, read_left
from tasks.observe.figures import Number
from tasks.observe.fold import Folded, fold_for_reading
from tasks.observe.lexer import MAY_COUNT, Mark, tokens
from tasks.observe.phrases import resolve, understand
from tasks.observe.units import base_of


@dataclass(frozen=True, slots=True)
class Context:
    """What the text around it knows. `start`..`end`: the document's cumulative period; `year` it speaks of.

    `field` is content, status or None; `is_plan` a work plan's prose; `wrapped` says that line feeds may be wraps.
    `offset` is added to every offset; `owner` names what a bare count belongs to when the text itself does not.
    """

    field: str | None = None
    start: date | None = None
    end: date | None = None
    year: int | None = None
    is_plan: bool = False
    section: tuple[str, ...] = ()
    row: int | None = None
    offset: int = 0
    wrapped: bool = True
    owner: str | None = None

    @property
    def promised(self) -> bool:
        """Whether everything in the text is a promise: a commitment's content, a plan."""
        return self.is_plan or self.field == "content"


@dataclass(slots=True)
class _State:
    """What later clauses may hang on."""

    metric: str | None = None  # the series last named
    owner: str | None = None  # the noun that completes a bare head
    growth: str = ""  # the growth noun of the series last named: 增速 lets a following 回升至 be a growth too
    comparison: str | None = None
    period: tuple[date | None, date | None] | None = None
    forecast: int = 0  # 0 none, 1 hangs on its clause's subject, 2 holds for the whole part
    plan: int = 0
    year: int | None = None
    last: Number | None = None
    rest_plan: bool = False
    counted: str | None = None  # the last thing counted: a bare count goes on with it, whatever ratio came between
    subject: str | None = None  # the series a clause without figures spoke of
    used: bool = False  # whether the period phrase has dated a figure yet
    fleeting: bool = False  # a single month inside a clause: it dates its own clause only
    recent: list[str] = field(default_factory=list)  # the series named in this sentence, for 分别 that comes after them
    base: str | None = None  # 与去年同期相比: the base of comparison a clause set for those after it
    listed: list[str] = field(default_factory=list)  # series of a list whose figures are still to come
    last_end: int = 0
    stale: bool = False  # the owner was named before a semicolon: a bare 总投资 no longer belongs to it
    local: tuple[int, tuple[date | None, date | None]] | None = None  # 由去年的3.2亿元: dates that figure only
    periods: list[tuple[date | None, date | None]] = field(default_factory=list)  # 一季度、二季度分别
    period_end: int = -1
    planned_year: bool = False  # 全年 dated a plan or forecast, not what has been done


_STOP = re.compile("[。!?\n]")
_HANGS = re.compile(r"(?:其中|同比|环比|较|比|占|增速|增幅|增长|下降|分别)")
# What may stand before a year that dates a clause; after a verb (印发2024年政策宣传册) the year belongs to the noun.
_ADVERBS = re.compile(
    r"(?:截至|预计|力争|确保|计划|其中|全[区市县省]|我[区市县局镇]|[区市县局]|[:,、.()]|到|至|在|自|从|是|"
    r"[一二三四五六七八九十]|[0-9]{1,2}|并|且|同时|据统计|初步统计|经)*"
)
_NEXT_STEP = re.compile(r"下一步|下步|下阶段|下一阶段|接下来|接下去|明年|下一年")
_CUE = re.compile("[预望计拟保争目任促将要须需到]")
_FORECAST = re.compile(r"预计|预期|有望|预测|预估")
_PLAN = re.compile(
    r"(?<![按”])(?<!按照)(?<!行动)(?<!科[技研])(?<![列纳]入)(?<!占)(?<!占年度)(?<!完成)(?<!年度投资)(?<!培[养育])(?<![制拟]定)(?<!编制)"
    r"计划(?![的书表中内外、”》)要,;:]|项目|总量|任务|单位|指标|安排|生育|完成率|执行|\Z)|计划(?=约?\Z)"
    r"|(?<!控制)(?<!于)目标\Z|任务\Z"
    r"|拟(?!供|用|定|制|态|建|出台|合|上市|赴|强制|吊销|清算)|确保|力争|争取(?=[^,]{0,6}(?:突破|达|完成|实现|年底|全年|到))"
    r"|目标(?:任务)?(?:数|值)?(?=为|是|[0-9]|达|约)|任务(?:数|量|目标)?(?=为|是|[0-9])|力促"
    r"|将(?=于|在|达|实现|完成|新|建|投|力|争|突破|超|推|开|举|有|组织|引|继续)|要求达到|需完成|须完成|"
    r"要达到|到20[0-9]{2}年底?"
)
_AHEAD = re.compile(r"[^,;。:、()0-9]{0,10}?(?P<cue>预计|有望|计划(?=于|在|年|[0-9])|拟于)")
_ATTACHED = re.compile("末?的?(?:最低|最高)?-?")
_DONE = re.compile(r"(?:已|完成|实现|实际|累计|现有|超额)")
_PLANNED_AFTER = re.compile(r"的?[^,。;:、()0-9]{0,8}(?:目标任务|任务|目标|年度计划)(?!完成|数)")


def quantities(text: str, context: Context) -> list[Observation]:
    """The quantities that `text` reports, in order; offsets are those of `text` plus `context.offset`."""
    if not MAY_COUNT.search(text):
        return []
    offset, row, section = context.offset, context.row, context.section
    if not offset and row is None and not section:
        return list(_read(text, context))
    found = _read(text, replace(context, offset=0, row=None, section=()))
    return [replace(o, start=o.start + offset, end=o.end + offset, row=row, section=section) for o in found]


@lru_cache(maxsize=1 << 12)
def _read(text: str, context: Context) -> tuple[Observation, ...]:
    """A commitment's content is the same text in every quarter of its year: it is read once while a backfill runs."""
    reader = _Reader(text, fold_for_reading(text, wrapped=context.wrapped), context)
    reader.run()
    return tuple(reader.found)


@dataclass(slots=True)
class _Clause:
    start: int
    cuts: list[Span] = field(default_factory=list)  # period phrases, quantities in brackets: not part of a name


class _Reader:
    """One field or section read from left to right."""

    def __init__(self, raw: str, folded: Folded, context: Context) -> None:
        self.raw, self.folded, self.text, self.context = raw, folded, folded.text, context
        self.state = _State(year=context.year)
        self.found: list[Observation] = []
        self.clause = _Clause(0)
        self.outer: list[_Clause] = []
        self.quiet: list[Span] = []  # clauses of this sentence without figures, not yet listened to
        self.has_next = _NEXT_STEP.search(self.text) is not None
        self.named_to = 0  # how far the noun after a unit has been read as a metric

    def run(self) -> None:
        """Sentences that can hold a figure are read; the others only end what hung on the one before."""
        text, at = self.text, 0
        for stop in _STOP.finditer(text):
            end = stop.start()
            if MAY_COUNT.search(text, at, end):
                self.sentence(at, end)
            self.sentence_end(at, end)
            at = stop.end()
        if MAY_COUNT.search(text, at):
            self.sentence(at, len(text))

    def sentence(self, start: int, end: int) -> None:
        """Tokens to observations."""
        batch: list[Number] = []
        pause: int | None = None
        for token in tokens(self.text, start, end):
            if type(token) is Number:
                if batch:
                    if self.continues(batch, token):
                        batch.append(token)
                        pause = None
                        continue
                    self.flush(batch)
                    batch = []
                    if pause is not None:
                        self.punctuation(pause)
                pause = None
                if token.sort != "none" or token.chain or self.worth_keeping(token):
                    batch.append(token)
                continue
            if batch:
                if type(token) is int and pause is None and token == batch[-1].end and self.text[token] == "、":
                    pause = token
                    continue
                self.flush(batch)
                batch = []
                if pause is not None:
                    self.punctuation(pause)
                    pause = None
            if type(token) is int:
                self.punctuation(token)
            elif token.kind == "period":
                self.period(token)
        if batch:
            self.flush(batch)

    def continues(self, batch: list[Number], token: Number) -> bool:
        """Whether the number goes on with a list: 5.1%、14.1%和4.7%, or is the next of a chain."""
        last = batch[-1]
        if token.chain > 1 and token.chain == last.chain + 1:
            return True
        if token.chain or token.unit != last.unit or token.sort in ("none", "rank", "time"):
            return False
        between = self.text[last.end : token.start]
        if between.endswith("-"):
            between, token.negative = between[:-1], True
        if between not in ("、", "和", "与", "及", "以及"):
            return False
        if not last.chain:
            last.chain = 1
        token.chain = last.chain + 1
        return True

    def worth_keeping(self, number: Number) -> bool:
        """A number without a unit counts where an index or score is its head, or a direction word leads to it."""
        after = self.text[number.end : number.end + 1]
        if (
            after
            and after not in ",。;、)!?\n和与至"
            and self.text[number.start - 1 : number.start] not in ("由", "从")
        ):
            return False
        left = self.text[max(self.clause.start, number.start - 12) : number.start]
        last = self.state.last
        if last is not None and last.sort == "none" and last.end == self.clause.start and left.endswith(("至", "到")):
            return True
        return bool(reading.INDEX_HEAD.search(left))

    # --- punctuation, periods, cue words -------------------------------------------------------------------------

    def punctuation(self, at: int) -> None:
        mark, state = self.text[at], self.state
        if mark == "、":
            if state.last is not None and state.last.end >= self.clause.start and state.last.end == at:
                self.clause = _Clause(at + 1)
            return
        if mark == "(":
            self.outer.append(self.clause)
            self.clause = _Clause(at + 1)
            return
        if mark == ")":
            if self.outer:
                inner, self.clause = self.clause, self.outer.pop()
                opened = inner.start - 1
                holds = state.last is not None and state.last.start >= opened
                if holds:
                    self.clause.cuts.append((opened, at + 1))
            return
        if state.last is None or state.last.start < self.clause.start:
            self.quiet.append((self.clause.start, at))
            if state.fleeting and not state.used:
                state.period = None
        if mark == ";":
            if not state.used:
                state.period = None
            state.forecast = state.plan = 0
            state.growth = ""
            state.stale = True
            state.listed.clear()
        self.clause = _Clause(at + 1)

    def sentence_end(self, start: int, end: int) -> None:
        state = self.state
        if self.has_next and not state.rest_plan and _NEXT_STEP.search(self.text, start, end):
            state.rest_plan = True
        hangs = _HANGS.match(self.text, end + 1)
        self.quiet.clear()
        state.forecast = state.plan = 0
        state.growth = ""
        self.outer.clear()
        if not hangs:
            state.metric = state.owner = state.comparison = state.counted = state.subject = state.base = None
            state.recent.clear()
            state.listed.clear()
            state.period = None
            state.last = None
        self.clause = _Clause(end + 1)

    def listen(self) -> None:
        """What the clauses without figures said, looked up only where something needs it: a series, a base."""
        state = self.state
        for start, end in self.quiet:
            clause = self.text[start:end]
            state.base = base_of_comparison(clause) or state.base
            state.subject = naming.subject(clause) or state.subject
            foreseen = _FORECAST.search(clause)
            if foreseen and not naming.strip_lead(clause[: foreseen.start()]):
                state.forecast = 2
            if self.has_next and _NEXT_STEP.search(clause):
                state.rest_plan = True
        self.quiet.clear()

    def period(self, token: Mark) -> None:
        phrase = understand(token.text)
        if phrase is None:
            self.clause.cuts.append((token.start, token.end))
            return
        before = self.text[max(self.clause.start, token.start - 4) : token.start]
        if token.text[0] in "至到" and before and before[-1] in "高升加长滑低少大缩展涨落增降窄":
            token = Mark("period", token.start + 1, token.end, token.text[1:])  # 回升至全年5.1%
            phrase = understand(token.text)
            if phrase is None:
                return
        if before and (before[-1] in "较比与" or (before[-1] == "同" and not phrase.open)):
            return  # a base of comparison: the left reader takes it
        state = self.state
        year = state.year or self.context.year
        after = self.text[token.end : token.end + 2]
        if before[-1:] in ("由", "从"):
            dated = resolve(phrase, year or 0) if year is not None or phrase.year is not None else None
            if dated is not None:
                state.local = (token.end, dated)
            self.clause.cuts.append((token.start, token.end))
            return
        if after in ("目标", "任务", "计划") and before.endswith(("完成", "占", "超", "达到", "占到")):
            self.clause.cuts.append((token.start, token.end))
            return
        if after == "结转" or (before[-1:] in ("是", "为") and after[:1] == "的"):
            self.clause.cuts.append((token.start, token.end))
            return
        listed = state.period_end == token.start - 1 and self.text[token.start - 1] in "、和" and bool(state.periods)
        if (
            phrase.bare
            and not phrase.open
            and not listed
            and not _ADVERBS.fullmatch(self.text, self.clause.start, token.start)
        ):
            self.clause.cuts.append((token.start, token.end))
            return  # 印发2024年政策宣传册: the year belongs to the noun
        self.clause.cuts.append((token.start, token.end))
        if phrase.default or (phrase.bare and phrase.year is None and phrase.shift == 0 and not phrase.open):
            state.period = None
            return
        if phrase.year is None and year is None:
            return
        dated = resolve(phrase, year or 0)
        if dated is None:
            return
        if phrase.year is not None:
            state.year = phrase.year if phrase.last_year is None else state.year
        state.planned_year = False
        if listed:
            state.periods.append(dated)
        else:
            state.periods = [dated]
        state.period_end = token.end
        state.period, state.used = dated, False
        state.fleeting = phrase.first == phrase.last and not phrase.open and self.text[token.end : token.end + 1] != ","

    # --- quantities ----------------------------------------------------------------------------------------------

    def flush(self, batch: list[Number]) -> None:
        """One quantity, or the members of a chain that share their unit and what stands before them."""
        text, state = self.text, self.state
        first = batch[0]
        if self.quiet:
            self.listen()
        if first.sort == "time" and not reading.TIMED.search(
            text[max(self.clause.start, first.start - 10) : first.start]
        ):
            return  # it defines something else, and stays part of the text before the next quantity
        if self.clause.start > first.start:
            self.clause = _Clause(first.start)
        left = read_left(text, self.clause.start, first.start, self.clause.cuts, first.sort)
        if reading.is_threshold(text, first, left):
            return  # it defines something else, and stays part of the text before the next quantity
        for number in batch:
            self.emit(number, left, batch)
        state.last = batch[-1]
        self.clause = _Clause(max(batch[-1].end, self.named_to))

    def emit(self, number: Number, left: Left, batch: list[Number]) -> None:
        state, context, text = self.state, self.context, self.text
        kind = self.kind(number, left)
        series = state.metric
        if number.sort == "count" and state.counted:
            series = state.counted
        owner = state.owner
        if naming.is_bare(left.head):
            if self.outer:  # 滨江路二期(全长2.8公里)
                owner = (
                    naming.clean(text[self.outer[-1].start : max(self.outer[-1].start, self.clause.start - 1)]) or owner
                )
            elif state.stale:
                owner = None
        name = naming.name(text, number, left, series or state.subject, owner, context.owner)
        read = reading.measure(number, left, name, state.growth)
        comparison = reading.comparison(read.measure, left, state.base)
        if left.base_year and comparison == "yoy" and context.year and left.base_year != context.year - 1:
            comparison = "other"
        names: list[str | None] = [name.metric]
        if (
            state.listed
            and not left.listed
            and name.inherited
            and self.text[state.last_end : self.clause.start + left.start] in ("、", "和", ",")
        ):
            names = [state.listed.pop(0)]
        elif left.listed and name.inherited and len(batch) > 1 and len(state.recent) >= len(batch):
            names = [state.recent[number.chain - 1 - len(batch)]]
        elif left.listed and name.metric:
            listed = naming.members(left, name.metric, len(batch))
            names = [*listed]
            if len(batch) > 1:
                names = [listed[number.chain - 1] if len(listed) == len(batch) else name.metric]
            elif not left.all:
                state.listed = listed[1:]  # 出口额、进口额分别增长9.4%、下降2.7%
                names = [listed[0]]
        start_at = self.clause.start + left.start if number.chain <= 1 else number.start
        start, end = start_at, number.end
        if self.folded.starts:
            start, end = self.folded.origin(start), self.folded.origin(end - 1) + 1
        period = self.dated(number, batch, kind)
        value, high = read.value, read.high
        unit = number.unit or None
        plain = (unit or "")[len(number.multiplier) :] or None
        base, base_unit = base_of(value, number.multiplier, plain)
        for metric in names:
            self.found.append(
                Observation(
                    text=self.raw[start:end],
                    start=start + context.offset,
                    end=end + context.offset,
                    metric=metric,
                    measure=read.measure,
                    value=value,
                    value_high=high,
                    unit=unit,
                    base_value=base,
                    base_unit=base_unit,
                    bound=reading.bound(number, left),
                    kind=kind,
                    comparison=comparison,
                    period_start=period[0],
                    period_end=period[1],
                    row=context.row,
                    field=context.field,
                    section=context.section,
                )
            )
        state.metric = name.metric or state.metric
        if name.metric and number is batch[-1] and name.metric not in state.recent:
            state.recent.append(name.metric)
        if name.right_end:
            self.named_to = name.right_end + len(naming.right_noun(text, name.right_end))
        state.used = True
        state.last_end = number.end
        if number.sort in ("count", "amount") and read.measure == "level":
            state.counted = name.metric or state.counted
        if name.owner:
            state.owner, state.stale = name.owner, False
        state.growth = read.growth
        state.comparison = comparison

    def dated(self, number: Number, batch: list[Number], kind: str) -> tuple[date | None, date | None]:
        """First and last day: of a phrase for this figure alone, of one in a list, the clause's, the document's."""
        state = self.state
        if state.local is not None:
            at, local = state.local
            state.local = None
            if at <= number.start and _ATTACHED.fullmatch(self.text, at, number.start):
                return local
        if len(batch) > 1 and len(state.periods) == len(batch):
            return state.periods[number.chain - 1]
        if state.period is None:
            return self.default_period()
        if self.whole_year(state.period):
            if kind != "actual":
                state.planned_year = True
            elif state.planned_year:
                return self.default_period()
        return state.period

    def whole_year(self, period: tuple[date | None, date | None]) -> bool:
        year = self.context.year
        return year is not None and period == (date(year, 1, 1), date(year, 12, 31))

    def default_period(self) -> tuple[date | None, date | None]:
        context = self.context
        if context.promised and context.year is not None:
            return date(context.year, 1, 1), date(context.year, 12, 31)
        return context.start, context.end

    def kind(self, number: Number, left: Left) -> str:
        """target | forecast | actual, with the reach of 预计 and 计划."""
        state, context, text = self.state, self.context, self.text
        if context.promised or state.rest_plan:
            return "target"
        before = text[self.clause.start : number.start]
        if self.has_next and _NEXT_STEP.search(before):
            state.rest_plan = True
            return "target"
        forecast, plan = _cues(before)
        if left.comparison == "other":
            plan = -1  # 超年度目标3.5个百分点
        if forecast >= 0 and forecast > plan:
            state.forecast = 2 if not naming.strip_lead(before[:forecast]) else 1
            state.plan = 0
            return "forecast"
        if plan >= 0:
            state.forecast = 0
            if _last(_DONE, before) > plan and "的" not in before[plan:] and not before.startswith("计划"):
                state.plan = 0
                return "actual" if before[_last(_DONE, before)] == "已" else "target"
            state.plan = 1
            return "target"
        of_task = text.startswith(("任务", "目标", "的任务"), number.end)
        if of_task and number.sort != "count" and not text.startswith(("任务数", "任务清单"), number.end):
            return "target"
        if text.startswith("的", number.end) and _PLANNED_AFTER.match(text, number.end):
            return "target"
        ahead = _AHEAD.match(text, number.end) if number.sort == "count" else None
        if ahead:
            return "forecast" if ahead["cue"] in ("预计", "有望") else "target"
        hangs = not left.head or naming.is_bare(left.head)
        if state.forecast == 2 or (state.forecast == 1 and hangs):
            return "forecast"
        if state.forecast == 1:
            state.forecast = 0
        if state.plan and hangs and not _DONE.search(before):
            return "target"
        state.plan = 0
        return "actual"


@lru_cache(maxsize=1 << 15)
def _cues(before: str) -> tuple[int, int]:
    """Where the last 预计 and the last 计划 stand; -1 where there is none."""
    if not _CUE.search(before):
        return -1, -1
    return _last(_FORECAST, before), _last(_PLAN, before)


def _last(pattern: re.Pattern[str], text: str) -> int:
    at = -1
    for found in pattern.finditer(text):
        at = found.start()
    return at
