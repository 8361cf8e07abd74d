"""Clauses: where one begins and what ends with it, the brackets around it, and what those without figures say.

What outlives a clause is in `State`; this changes it at the marks that end something.
"""

from __future__ import annotations

import re
from datetime import date

from tasks.model import Span
from tasks.observe import kinds
from tasks.observe.bases import base_of_comparison
from tasks.observe.dating import SINCE_EVENT
from tasks.observe.directions import GROWTH_NOUN
from tasks.observe.heads import strip_lead
from tasks.observe.lists import FOREMOST, FOREMOST_ENDS, told_in
from tasks.observe.naming.going_on import subject
from tasks.observe.owners import is_undertaking, topic
from tasks.observe.state import Around, State, hangs
from tasks.observe.topics import names_topic

# What a clause without figures must hold to say anything to those after it.
_SAYS = re.compile(
    r"[比期度年季月初末次格荷]|[程目纽心院校学园桥隧路道速铁期块房体区地场库站厦镇泵厂元廊线造治迁淤坚动点]|[率值资额入收营口量税数面]|GDP|[预望]|最[多高低少大小快慢]|下一|下步|下阶|接下来|接下去|明年"
)
_ITEM = re.compile("[0-9]{1,2}|[一二三四五六七八九十]{1,2}")
_LABEL = re.compile("[^,;、:()0-9]{2,16}")
_HEARSAY = frozenset(("", "据"))  # 据预计, …


class Clause:
    """The clause that is being read, as the walk over its sentence leaves it."""

    def __init__(self, text: str, state: State) -> None:
        self.text, self.state = text, state
        self.begin = 0
        self.cuts: tuple[Span, ...] = ()  # spans in it (period phrases, brackets) that name nothing
        self.outer: list[Around] = []  # clauses around an open bracket
        self.quiet: list[Span] = []  # clauses of this sentence without figures, not yet listened to

    def opens(self, at: int) -> None:
        """The next clause begins at `at`."""
        self.begin, self.cuts = at, ()

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
            self._bracket_ends(at)
            return
        if last is None or last.start < self.begin:
            self.quiet.append((self.begin, at))
            if state.fleeting and not state.used:
                state.period = None
        if mark == ";":
            self._semicolon()
        self.begin, self.cuts = at + 1, ()

    def _bracket_ends(self, at: int) -> None:
        """The clause around the bracket goes on; what the bracket said names nothing in it."""
        if not self.outer:
            return
        state = self.state
        last, around = state.last, self.outer.pop()
        self.begin, self.cuts = around.begin, around.cuts
        if last is not None and last.start >= around.at:
            self.cuts += ((around.at, at + 1),)
            if around.metric:
                state.metric, state.counted = around.metric, around.counted
            state.owner, state.plan = around.owner or state.owner, around.plan
        elif around.at == around.begin and _ITEM.fullmatch(self.text, around.at + 1, at):
            self.begin, self.cuts = at + 1, ()  # (3)适老化改造

    def _semicolon(self) -> None:
        """A part of the sentence ends: phrases, plans and owners of that part."""
        state = self.state
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

    def sentence_end(self, start: int, end: int) -> bool:
        """What does not outlive the sentence is dropped, unless the next one hangs on it; whether it was dropped."""
        state = self.state
        if state.has_next and not state.rest_plan and kinds.opens_plan(self.text, start, end):
            state.rest_plan = True
        self.quiet.clear()
        state.forecast = state.plan = 0
        state.growth = ""
        self.outer.clear()
        self.begin, self.cuts = end + 1, ()
        if hangs(self.text, end + 1):
            return False
        state.drop_sentence()
        return True

    def listen(self) -> None:
        """What the clauses without figures said, looked up only where something needs it: a series, a base."""
        for start, end in self.quiet:
            if self.text[end : end + 1] == ":":
                self._labelled(self.text[start:end])
            if _SAYS.search(self.text, start, end):
                self._listen(start, end)
        self.quiet.clear()

    def _labelled(self, clause: str) -> None:
        """A label (互助养老幸福院:已建成17个): what follows it is of that and of nothing told before."""
        state = self.state
        named = _label(clause)
        if not named:
            return
        if is_undertaking(named):
            state.topic = named
        state.label = named
        if state.metric or state.owner:
            state.metric = state.counted = state.owner = state.theme = named
            state.stale, state.whole = False, None
            state.of_unit.clear()

    def _listen(self, start: int, end: int) -> None:
        state, text = self.state, self.text
        clause = text[start:end]
        if clause.endswith("方面"):
            field = strip_lead(clause[:-2])
            if len(field) >= 2 and "、" not in field:  # 充电桩建设方面,年度任务600个
                state.metric = state.counted = state.owner = state.theme = field
                state.stale, state.whole = False, None
                state.of_unit.clear()
                return
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


def _label(clause: str) -> str:
    """What a label names (高标准农田建设:…); empty where it names no thing."""
    named = strip_lead(clause)
    return named if _LABEL.fullmatch(named) and names_topic(named) else ""
