"""Sentences of quantities: which clause each belongs to, and what it leaves to those after it.

One pass over the tokens. What outlives a clause (the series last named, its owner, the period phrase, 预计) is in
`State`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from tasks.model import Observation, Span
from tasks.observe import kinds, measure, shapes
from tasks.observe.bases import base_of_comparison
from tasks.observe.dating import SINCE_EVENT, dated, feast, opening, period
from tasks.observe.figures import Number
from tasks.observe.fold import Folded
from tasks.observe.heads import clean, strip_lead
from tasks.observe.houses import house, of_house
from tasks.observe.learnt import complete
from tasks.observe.left import GROWTH_NOUN, UP, Left, read_left, turned
from tasks.observe.lexer import MAY_COUNT, tokens
from tasks.observe.lists import FOREMOST, FOREMOST_ENDS, told_in
from tasks.observe.made import observation
from tasks.observe.naming.events import tells_of_whole
from tasks.observe.naming.going_on import subject
from tasks.observe.naming.order import name as name_of
from tasks.observe.naming.ranks import ranks_among
from tasks.observe.naming.shares import whose_share
from tasks.observe.owners import is_works, of_works, topic
from tasks.observe.series import JOINTS, beside, listed
from tasks.observe.state import Around, Context, State, hangs
from tasks.observe.units import scale_of

_STOP = re.compile("[。!?\n]")
# What a clause without figures must hold to say anything to those after it.
_SAYS = re.compile(
    r"[比期度年季月初末次格荷]|[程目纽心院校学园桥隧路道速铁期块房体区地场库站厦镇泵厂元廊线造治迁淤坚动点]|[率值资额入收营口量税数面]|GDP|[预望]|最[多高低少大小快慢]|下一|下步|下阶|接下来|接下去|明年"
)
_ITEM = re.compile("[0-9]{1,2}|[一二三四五六七八九十]{1,2}")
_HEARSAY = frozenset(("", "据"))  # 据预计, …
_MOST_CUTS = 20  # period phrases of one clause; a cell of nothing else must not take time by the square
_SUMS = frozenset(("amount", "count"))
_OF_TASK = frozenset("目任")
_PLACES = frozenset(("位", "名", "个位次", "位次"))
_RANGES = frozenset("至-~—到")


class Reader:
    """One field or section read from left to right. `found` holds the fields of each observation, in their order."""

    def __init__(self, raw: str, folded: Folded, context: Context, *, completes: bool = True) -> None:
        self.raw, self.folded, self.text, self.context = raw, folded, folded.text, context
        year = context.year
        whole_year = None if year is None else (date(year, 1, 1), date(year, 12, 31))
        promised = context.promised
        default = whole_year if promised and whole_year else (context.start, context.end)
        self.state = State(
            year,
            default,
            whole_year,
            promised,
            kinds.tells_next(self.text),
            kinds.tells_ahead(self.text),
        )
        self.found: list[Observation] = []
        self.places: list[shapes.Place] = []  # of those of this sentence, in the folded text, and their scales
        self.around = (context.field, context.start, context.end, year, context.is_plan, context.owner, completes)
        self.completes = completes  # whether heads are completed by what labels have taught
        self.fallback = measure.rate_of(context.owner)  # what a bare figure is of, and whether it is of its growth
        self.shaped: tuple[shapes.Form, shapes.Around, int] | None = None  # a sentence whose shape is not known yet
        self.begin = 0  # of the clause that is being read
        self.cuts: tuple[Span, ...] = ()  # spans in it (period phrases, brackets) that name nothing
        self.outer: list[Around] = []  # clauses around an open bracket
        self.quiet: list[Span] = []  # clauses of this sentence without figures, not yet listened to
        self.idle = True  # nothing has been read that the end of the sentence would end
        self.led: Left | None = None  # what stood before the last figure: it leads the one right beside it too
        self.told: tuple[str, ...] = ()  # the series of this sentence before the list that is being read
        self.series: str | None = None  # the last of them
        self.named_to = 0  # how far the noun after a unit has been read as a metric

    def run(self) -> None:
        """Sentences that can hold a figure are read; the others only end what hung on the one before."""
        text, at = self.text, 0
        candidate = MAY_COUNT.search(text)
        if candidate is not None:
            self.open(0)
        for stop in _STOP.finditer(text):
            if candidate is None and self.idle:
                return
            end = stop.start()
            if candidate is not None and candidate.start() < end:
                if not self.as_before(at, end):
                    self.whole_sentence(at, end)
                    self.idle = False
                    if self.shaped is not None:
                        self.keep_shape(at, end)
                candidate = MAY_COUNT.search(text, end)
            if self.idle and not self.state.has_next:
                self.begin = end + 1
            else:
                self.sentence_end(at, end)
            at = end + 1
            if text[end] == "\n":
                self.open(at)
        if candidate is not None and not self.as_before(at, len(text)):
            self.whole_sentence(at, len(text))
            if self.shaped is not None:
                self.keep_shape(at, len(text))

    def open(self, at: int) -> None:
        """What dates the sentences of the line at `at` that name no period of their own."""
        self.state.opening = self.state.period = opening(self.text, at, self.state)

    def as_before(self, start: int, end: int) -> bool:
        """Whether a sentence that hangs on nothing, and on which nothing hangs, was read before with other figures."""
        self.shaped = None
        state = self.state
        if not self.idle or state.has_next or end - start > shapes.LONGEST or hangs(self.text, end + 1):
            return False
        known = shapes.recall(self.text, start, end, (self.around, state.year, state.opening))
        if known is None:
            return False
        shape, form = known
        if shape is None:
            self.shaped = (form, (self.around, state.year, state.opening), len(self.found))
            self.places.clear()
            return False
        self.found += shapes.fill(shape, form.pieces, start, self.raw, self.folded)
        state.year, state.opening = shape.year, shape.opening
        state.period = state.opening
        return True

    def keep_shape(self, start: int, end: int) -> None:
        """Keeps how the sentence was read for those that differ in their figures only."""
        assert self.shaped is not None
        key, around, told = self.shaped
        state = self.state
        once = shapes.Once(
            self.text[start:end], start, self.found[told:], tuple(self.places), state.year, state.opening
        )
        shapes.remember(key, around, once)

    def whole_sentence(self, start: int, end: int) -> None:
        """A sentence read by rules, then its names completed."""
        told = len(self.found)
        self.sentence(start, end)
        state = self.state
        if state.opening is not None and state.period != state.opening and not state.passing:
            state.opening = None  # 6月份,…;上半年…。 which of them the next sentence tells of is not said
        if self.completes and len(self.found) > told + 1:
            complete(self.raw, self.found, told)

    def sentence(self, start: int, end: int) -> None:
        """Tokens to observations."""
        batch: list[Number] = []
        pause = -1
        for token in tokens(self.text, start, end):
            if isinstance(token, Number):
                if batch:
                    if self.continues(batch, token):
                        if token.end != batch[-1].end:
                            batch.append(token)
                        pause = -1
                        continue
                    self.flush(batch)
                    batch = []
                    if pause >= 0:
                        self.punctuation(pause)
                pause = -1
                if (
                    token.sort != "none"
                    or token.chain
                    or measure.stands_alone(self.text, self.begin, token, self.state.last)
                ):
                    batch.append(token)
                continue
            if batch:
                if isinstance(token, int) and pause < 0 and token == batch[-1].end and self.text[token] == "、":
                    pause = token
                    continue
                self.flush(batch)
                batch = []
                if pause >= 0:
                    self.punctuation(pause)
                    pause = -1
            if isinstance(token, int):
                self.punctuation(token)
            elif token.dates:
                self.cuts = (*self.cuts[-_MOST_CUTS:], *period(self.state, self.begin, self.text, token))
        if batch:
            self.flush(batch)

    def continues(self, batch: list[Number], token: Number) -> bool:
        """Whether the number goes on with a list: 5.1%、14.1%和4.7%, or is the next of a chain."""
        last = batch[-1]
        if token.chain > 1 and token.chain == last.chain + 1:
            return True
        if token.chain or token.start - last.end > 3 or token.sort in ("none", "time"):
            return False
        if token.unit != last.unit and not (token.sort == last.sort == "rank" and last.unit is None):
            return False
        between = self.text[last.end : token.start]
        if between in _RANGES and len(batch) == 1 and last.high is None and token.value > last.value:
            led = self.text[max(self.begin, last.start - 8) : last.start]
            if "由" not in led and "从" not in led and last.after == "":  # 12亿元至13亿元
                last.high, last.end, last.after = token.value, token.end, token.after
                return True
        if between.endswith("-"):
            between, token.negative = between[:-1], True
        if between not in JOINTS:
            return False
        if token.sort == "rank":  # 第4、第3和第6位
            at = len(batch) - 1
            while at >= 0 and batch[at].unit != token.unit:
                batch[at].unit = token.unit
                at -= 1
        if not last.chain:
            last.chain = 1
        token.chain = last.chain + 1
        return True

    def punctuation(self, at: int) -> None:
        """Where a clause ends, and what ends with it."""
        mark, state = self.text[at], self.state
        last = state.last
        if mark == "、":
            if last is not None and last.end >= self.begin and last.end == at:
                self.begin, self.cuts = at + 1, ()
            return
        if mark == "(":
            self.outer.append(Around(at, self.begin, self.cuts, state.metric, state.counted, state.owner, state.plan))
            self.begin, self.cuts = at + 1, ()
            return
        if mark == ")":
            if self.outer:
                around = self.outer.pop()
                self.begin, self.cuts = around.begin, around.cuts
                if last is not None and last.start >= around.at:
                    self.cuts += ((around.at, at + 1),)
                    if around.metric:
                        state.metric, state.counted = around.metric, around.counted
                    state.owner, state.plan = around.owner or state.owner, around.plan
                elif around.at == around.begin and _ITEM.fullmatch(self.text, around.at + 1, at):
                    self.begin, self.cuts = at + 1, ()  # (3)适老化改造
            return
        if last is None or last.start < self.begin:
            self.quiet.append((self.begin, at))
            if state.fleeting and not state.used:
                state.period = None
        if mark == ";":
            if not state.used or state.passing:
                state.period, state.passing = state.resumes, False
            state.plan = state.plan if state.plan == kinds.TASK_LIST else 0
            state.forecast = 3 if state.forecast == 3 else 0
            state.growth = ""
            state.stale = True
            if state.whole:
                state.owner, state.counted = state.whole
                if state.last and state.last.unit and state.counted:
                    state.of_unit[state.last.unit] = state.counted
                state.whole = None
            state.listed.clear()
        self.begin, self.cuts = at + 1, ()

    def sentence_end(self, start: int, end: int) -> None:
        """What does not outlive the sentence is dropped, unless the next one hangs on it."""
        state = self.state
        if state.has_next and not state.rest_plan and kinds.opens_plan(self.text, start, end):
            state.rest_plan = True
        self.quiet.clear()
        state.forecast = state.plan = 0
        state.growth = ""
        self.outer.clear()
        if not hangs(self.text, end + 1):
            state.metric = state.owner = state.counted = state.subject = state.topic = state.base = state.whole = (
                state.theme
            ) = state.house = None
            state.recent.clear()
            state.of_unit.clear()
            state.spread = 0
            state.listed.clear()
            state.period, state.used, state.passing, state.fleeting, state.resumes = (
                state.opening,
                True,
                False,
                False,
                None,
            )
            state.last = None
            state.periods = []
            state.planned_year = False
            self.idle = True
        self.begin, self.cuts = end + 1, ()

    def listen(self) -> None:
        """What the clauses without figures said, looked up only where something needs it: a series, a base."""
        state, text = self.state, self.text
        for start, end in self.quiet:
            if not _SAYS.search(text, start, end):
                continue
            clause = text[start:end]
            if clause.endswith("方面"):
                field = strip_lead(clause[:-2])
                if len(field) >= 2 and "、" not in field:  # 充电桩建设方面,年度任务600个
                    state.metric = state.counted = state.owner = state.theme = field
                    state.stale, state.whole = False, None
                    state.of_unit.clear()
                    continue
            state.base = base_of_comparison(clause) or state.base
            state.recent = told_in(clause) or state.recent
            spoken = subject(clause)
            if spoken:
                state.metric = state.subject = spoken
                grows = GROWTH_NOUN.search(clause)
                state.growth = grows[0] if grows else ""
            state.topic = topic(clause) or state.topic
            if "预" in clause or "望" in clause:
                foreseen = kinds.FORECAST.search(clause)
                if foreseen and text[end] != ";" and strip_lead(clause[: foreseen.start()]) in _HEARSAY:
                    state.forecast = 2
            if text[end] == ":" and kinds.lists_tasks(clause):
                state.plan = kinds.TASK_LIST
            if "新的一年" in clause and not state.promised and state.default[1] is not None:
                year = state.default[1].year + 1
                state.default = (date(year, 1, 1), date(year, 12, 31))
            foremost = FOREMOST.fullmatch(clause) if clause[-1:] in FOREMOST_ENDS and text[end] == "," else None
            if foremost:  # 求决类最多,为1402件
                state.metric = state.counted = strip_lead(foremost["what"]) or state.metric
            if clause.endswith("以来") and state.period_end < start and SINCE_EVENT.fullmatch(clause):
                state.resumes, state.period = state.period, (None, state.default[1])
                state.passing = state.used = True
            if state.has_next and kinds.opens_plan(clause, 0, len(clause)):
                state.rest_plan = True
        self.quiet.clear()

    def flush(self, batch: list[Number]) -> None:
        """One quantity, or the members of a chain that share their unit and what stands before them."""
        text = self.text
        first = batch[0]
        at, sort = first.start, first.sort
        if self.quiet:
            self.listen()
        told_now = self.state.listed and beside(text, self.state.last, at)
        if sort == "time" and not told_now and not measure.TIMED.search(text[max(self.begin, at - 10) : at]):
            return  # it defines something else, and stays part of the text before the next quantity
        if self.begin > at:
            self.begin, self.cuts = at, ()
        self.cuts += feast(self.state, text, self.begin, at)
        left = read_left(text, self.begin, at, self.cuts, sort)
        if not left.whole and self.led is not None and self.led.direction and beside(text, self.state.last, at):
            left = replace(self.led, start=0, head="", name="", before="", whole="", adjacent=False, listed=False)
        elif self.led is not None and turned(left, self.led) and beside(text, self.state.last, self.begin):
            turn = "up" if left.whole in UP else "down"  # 较上年分别多91人、少37人
            left = replace(left, head="", name="", direction=turn, word=left.whole, comparison=self.led.comparison)
            left.start, left.adjacent = 0, True
        else:
            self.led = left
        if measure.is_threshold(text, first, left):
            return
        self.told, self.series = tuple(self.state.recent), self.state.metric
        kind = kinds.kind_of(self.state, text, self.begin, first, batch[-1].end, left)
        for number in batch:
            self.emit(number, left, batch, kind)
        last = self.state.last = batch[-1]
        self.begin, self.cuts = max(last.end, self.named_to), ()

    def emit(self, number: Number, left: Left, batch: list[Number], kind: str) -> None:
        """One quantity with all its fields, and what it leaves behind."""
        state, context, text, begin = self.state, self.context, self.text, self.begin
        sort, at = number.sort, number.end
        series = state.metric
        if sort == "count" and state.counted and not (left.direction and number.unit in _PLACES):
            series = state.counted
        if (
            series
            and "占" in series
            and (sort in _SUMS or (sort == "share" and left.direction and not (left.to or left.whole.endswith("为"))))
        ):
            series = whose_share(series)  # 占计划总投资的63%,全年可完成1.5亿元
        if number.unit and text[at : at + 1] in _OF_TASK:
            series = state.of_unit.get(number.unit, series)
        owner = state.owner
        alike = state.of_unit.get(number.unit, state.theme) if number.unit else None
        if left.bare:
            if self.outer:  # 滨江路二期(全长2.8公里)
                around = self.outer[-1]
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
        if state.topic or owner:
            owner = of_works(left.name, state.topic, owner)
        fallback, of_rate = self.fallback
        name = name_of(text, number, left, series or state.subject, owner, fallback, alike, state.metric)
        metric = name.metric
        if metric and not name.inherited:
            if state.house is not None:
                metric = of_house(state.house, left.name, metric)
                name = name if metric == name.metric else name._replace(metric=metric)
            state.house = house(metric) or (house(strip_lead(left.head)) if left.before else None) or state.house
        measured, value, high, growth = measure.measure(
            number, left, name, of_rate if of_rate and name.metric == fallback else state.growth
        )
        comparison = None
        if measured in ("growth", "change"):
            comparison = measure.comparison(measured, left, state.base, metric)
            if left.base_year and comparison == "yoy" and context.year and left.base_year != context.year - 1:
                comparison = "other"
        names = [metric]
        if (
            state.listed
            or left.listed
            or state.spread
            or (number.chain and left.comparison != "peer" and (name.inherited or "、" in (metric or "")))
        ):
            names = listed(state, text, begin, number, left, batch, name, self.told, self.series)
        start, end = begin + left.start if number.chain <= 1 else number.start, at
        place = start, end
        if self.folded.starts:
            start, end = self.folded.origin(start), self.folded.origin(end - 1) + 1
        first, last = dated(state, text, number, batch, kind, left.whole)
        if (
            kind == "actual"
            and context.end
            and last
            and last > context.end
            and (not first or first > context.end)
            and (first, last) != state.till
        ):
            kind = "target"  # 下半年, told at the end of the first
        multiplier = number.multiplier
        unit = number.unit or None
        scale, base_unit = scale_of(multiplier, unit)
        base = value * scale
        bound = measure.bound(number, left)
        said = self.raw[start:end]
        for each in names:
            self.places.append((*place, scale))
            self.found.append(
                observation(
                    said,
                    start,
                    end,
                    each,
                    measured,
                    value,
                    high,
                    unit,
                    base,
                    base_unit,
                    bound,
                    kind,
                    comparison,
                    first,
                    last,
                    None,
                    context.field,
                    (),
                )
            )
        if metric and not (sort == "count" and ranks_among(left)):
            if names != [metric]:  # 涉农贷款、绿色贷款余额分别为…: each is a series of its own
                state.metric = names[-1]
                state.recent += [each for each in names if each and each not in state.recent]
            else:
                state.metric = metric
            if (
                names == [metric]
                and number is batch[-1]
                and (metric not in state.recent or (measured == "level" and name.inherited))
            ):
                state.recent.append(metric)
            if measured == "level" and sort == "count" and not metric.startswith(("涉及", "惠及", "受益", "带动")):
                state.counted = metric
            if measured == "level" and unit and not (alike and len(metric) > 3 and alike.endswith(metric[2:])):
                state.of_unit[unit] = metric
        if name.reach:
            self.named_to = name.reach
        state.used = True
        state.last_end = at
        if (
            name.owner
            and not left.to_completion
            and (measured != "ratio" or is_works(name.owner))
            and not name.owner.startswith(("涉及", "惠及", "受益", "带动"))
        ):
            state.owner, state.stale = name.owner, False
        state.growth = growth
