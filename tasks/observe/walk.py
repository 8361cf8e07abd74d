"""The quantities of a sentence, one after another: tokens to chains of figures, each figure to its observations."""

from __future__ import annotations

from tasks.model import Observation
from tasks.observe import kinds, measure, standing
from tasks.observe.clauses import Clause
from tasks.observe.dating import dated, feast, period
from tasks.observe.directions import UP
from tasks.observe.figures import Number
from tasks.observe.fold import Folded
from tasks.observe.hanging import leave, of_body, told_before
from tasks.observe.left import Left, read_left, turned
from tasks.observe.lexer import tokens
from tasks.observe.lists import may_list
from tasks.observe.made import observation
from tasks.observe.naming.order import name as name_of
from tasks.observe.series import JOINTS, beside, listed
from tasks.observe.shapes import Place
from tasks.observe.state import Context, State
from tasks.observe.units import scale_of

_MOST_CUTS = 20  # period phrases of one clause; a cell of nothing else must not take time by the square
_RANGES = frozenset("至-~—到")
_OF_PERIODS = frozenset(("yoy", "prior_period"))


class Walk:
    """A walk over the sentences of one field. `found` holds the fields of each observation, in their order; `places`,
    of those of the sentence read last, where they stand in the folded text and the scale of their unit."""

    def __init__(self, raw: str, folded: Folded, context: Context, state: State) -> None:
        self.raw, self.folded, self.text, self.context, self.state = raw, folded, folded.text, context, state
        self.clause = Clause(folded.text, state)
        self.found: list[Observation] = []
        self.places: list[Place] = []
        self.fallback = measure.rate_of(context.owner)  # what a bare figure is of, and whether it is of its growth
        self.led: Left | None = None  # what stood before the last figure: it leads the one right beside it too
        self.told: tuple[str, ...] = ()  # the series of this sentence before the list that is being read
        self.series: str | None = None  # the last of them
        self.named_to = 0  # how far the noun after a unit has been read as a metric

    def sentence(self, start: int, end: int) -> None:
        """Tokens to observations."""
        batch: list[Number] = []
        clause, state, text = self.clause, self.state, self.text
        pause = -1
        for token in tokens(text, start, end):
            if isinstance(token, Number):
                if batch:
                    if self._continues(batch, token):
                        if token.end != batch[-1].end:
                            batch.append(token)
                        pause = -1
                        continue
                    self._flush(batch)
                    batch = []
                    if pause >= 0:
                        clause.punctuation(pause)
                pause = -1
                if token.sort != "none" or token.chain or measure.stands_alone(text, clause.begin, token, state.last):
                    batch.append(token)
                continue
            if batch:
                if isinstance(token, int) and pause < 0 and token == batch[-1].end and text[token] == "、":
                    pause = token
                    continue
                self._flush(batch)
                batch = []
                if pause >= 0:
                    clause.punctuation(pause)
                    pause = -1
            if isinstance(token, int):
                clause.punctuation(token)
            elif token.dates:
                clause.cuts = (*clause.cuts[-_MOST_CUTS:], *period(state, clause.begin, text, token))
        if batch:
            self._flush(batch)

    def _continues(self, batch: list[Number], token: Number) -> bool:
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
            led = self.text[max(self.clause.begin, last.start - 8) : last.start]
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

    def _flush(self, batch: list[Number]) -> None:
        """One quantity, or the members of a chain that share their unit and what stands before them."""
        text, state, clause = self.text, self.state, self.clause
        first = batch[0]
        at, sort = first.start, first.sort
        if clause.quiet:
            clause.listen()
        told_now = state.listed and beside(text, state.last, at)
        if sort == "time" and not told_now and not measure.TIMED.search(text[max(clause.begin, at - 10) : at]):
            return  # it defines something else, and stays part of the text before the next quantity
        if clause.begin > at:
            clause.opens(at)
        clause.cuts += feast(state, text, clause.begin, at)
        left = self._left(first)
        if measure.is_threshold(text, first, left):
            return
        self.told, self.series = tuple(state.recent), state.metric
        kind = kinds.kind_of(state, text, clause.begin, first, batch[-1].end, left)
        for number in batch:
            self._emit(number, left, batch, kind)
        last = state.last = batch[-1]
        clause.opens(max(last.end, self.named_to))

    def _left(self, first: Number) -> Left:
        """What stands before a figure; what leads the figure right before it leads it too."""
        text, begin, led, last = self.text, self.clause.begin, self.led, self.state.last
        if first.unit in standing.UNITS:
            told = standing.before(text, begin, first.start, first.end, self.clause.cuts)
            alike = self.state.of_unit.get(first.unit, "")
            if told is not None and (told.thing or self.state.tasks or not alike or standing.may_have_states(alike)):
                self.led = left = Left("", first.start - begin)
                left.head = left.name = told.state
                left.whole, left.standing = text[begin : first.start], told
                return left
        left = read_left(text, begin, first.start, self.clause.cuts, first.sort)
        if not left.whole and led is not None and led.direction and beside(text, last, first.start):
            again = led.copy()
            again.head = again.name = again.before = again.whole = ""
            again.start, again.adjacent, again.listed = 0, False, False
            return again
        if led is not None and turned(left, led) and beside(text, last, begin):
            turn = "up" if left.whole in UP else "down"  # 较上年分别多91人、少37人
            less = left.copy()
            less.head = less.name = ""
            less.direction, less.word, less.comparison = turn, left.whole, led.comparison
            less.start, less.adjacent = 0, True
            return less
        if (
            led is not None
            and led.comparison in _OF_PERIODS
            and not left.comparison
            and left.direction
            and left.word == left.whole
            and beside(text, last, begin)
        ):
            left = left.copy()
            left.comparison = led.comparison  # 较上季度分别增长6.3%、下降9%
        self.led = left
        return left

    def _emit(self, number: Number, left: Left, batch: list[Number], kind: str) -> None:
        """One quantity with all its fields, and what it leaves behind."""
        state, context, text, begin = self.state, self.context, self.text, self.clause.begin
        series, owner, alike, around = told_before(state, text, begin, self.clause.outer, number, left)
        fallback, of_rate = self.fallback
        name = name_of(text, number, left, series, owner, fallback, alike, state.metric, around, state.tasks)
        metric = name.metric
        if metric and not name.inherited:
            metric = of_body(state, left, metric)
            if metric != name.metric:
                name = name._replace(metric=metric)
        measured, value, high, growth = measure.measure(
            number, left, name, of_rate if of_rate and metric == fallback else state.growth
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
            or (
                number.chain
                and left.comparison != "peer"
                and (name.inherited or (metric is not None and may_list(metric)))
            )
        ):
            names = listed(state, text, begin, number, left, batch, name, self.told, self.series)
        start, end = begin + left.start if number.chain <= 1 else number.start, number.end
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
        unit = number.unit or None
        scale, base_unit = scale_of(number.multiplier, unit)
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
        leave(
            state, number, left, name, names, measured, alike, ends=number is batch[-1], inside=bool(self.clause.outer)
        )
        if name.reach:
            self.named_to = name.reach
        state.growth = growth
