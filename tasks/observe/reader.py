"""A field or section from left to right: its lines and sentences, which of them are read, and what was read before.

The walk over the quantities of a sentence is in `walk.py`; what outlives a clause, in `State`.
"""

from __future__ import annotations

import re
from datetime import date

from tasks.observe import kinds, shapes
from tasks.observe.dating import opening
from tasks.observe.fold import Folded
from tasks.observe.learnt import complete
from tasks.observe.lexer import MAY_COUNT
from tasks.observe.owners import is_works
from tasks.observe.state import Context, State, hangs
from tasks.observe.walk import Walk

_STOP = re.compile("[。!?\n]")


class Reader:
    """One field or section. `found` holds the fields of each observation, in their order."""

    def __init__(self, raw: str, folded: Folded, context: Context, *, completes: bool = True) -> None:
        self.raw, self.folded, self.text = raw, folded, folded.text
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
        if context.owner is not None and is_works(context.owner):
            self.state.topic = self.state.project = context.owner
        self.walk = Walk(raw, folded, context, self.state)
        self.found = self.walk.found
        self.around = (context.field, context.start, context.end, year, context.is_plan, context.owner, completes)
        self.completes = completes  # whether heads are completed by what labels have taught
        self.shaped: tuple[shapes.Form, shapes.Around, int] | None = None  # a sentence whose shape is not known yet
        self.idle = True  # nothing has been read that the end of the sentence would end

    def run(self) -> None:
        """Sentences that can hold a figure are read; the others only end what hung on the one before."""
        text, clause, at = self.text, self.walk.clause, 0
        candidate = MAY_COUNT.search(text)
        if candidate is not None:
            self.open(0)
        for stop in _STOP.finditer(text):
            if candidate is None and self.idle:
                return
            end = stop.start()
            if candidate is not None and candidate.start() < end:
                if not self.as_before(at, end):
                    self.sentence(at, end)
                    self.idle = False
                    if self.shaped is not None:
                        self.keep_shape(at, end)
                candidate = MAY_COUNT.search(text, end)
            if self.idle and not self.state.has_next:
                clause.begin = end + 1
            elif clause.sentence_end(at, end):
                self.idle = True
            at = end + 1
            if text[end] == "\n":
                self.open(at)
        if candidate is not None and not self.as_before(at, len(text)):
            self.sentence(at, len(text))
            if self.shaped is not None:
                self.keep_shape(at, len(text))

    def open(self, at: int) -> None:
        """What dates the sentences of the line at `at` that name no period of their own."""
        self.state.opening = self.state.period = opening(self.text, at, self.state)
        self.state.works = ""

    def sentence(self, start: int, end: int) -> None:
        """A sentence read by rules, then its names completed."""
        told = len(self.found)
        self.walk.sentence(start, end)
        state = self.state
        if state.opening is not None and state.period != state.opening and not state.passing:
            state.opening = None  # 6月份,…;上半年…。 which of them the next sentence tells of is not said
        if self.completes and len(self.found) > told:
            complete(self.raw, self.found, told, self.state.project)

    def as_before(self, start: int, end: int) -> bool:
        """Whether a sentence that hangs on nothing, and on which nothing hangs, was read before with other figures."""
        self.shaped = None
        state = self.state
        if not self.idle or state.has_next or end - start > shapes.LONGEST or hangs(self.text, end + 1):
            return False
        known = shapes.recall(self.text, start, end, (self.around, state.year, state.opening, state.tasks, state.works))
        if known is None:
            return False
        shape, form = known
        if shape is None:
            self.shaped = (form, (self.around, state.year, state.opening, state.tasks, state.works), len(self.found))
            self.walk.places.clear()
            return False
        self.found += shapes.fill(shape, form.pieces, start, self.raw, self.folded)
        state.year, state.opening = shape.year, shape.opening
        state.tasks, state.works = shape.tasks, shape.works
        state.period = state.opening
        return True

    def keep_shape(self, start: int, end: int) -> None:
        """Keeps how the sentence was read for those that differ in their figures only."""
        assert self.shaped is not None
        key, around, told = self.shaped
        state = self.state
        once = shapes.Once(
            self.text[start:end],
            start,
            self.found[told:],
            tuple(self.walk.places),
            state.year,
            state.opening,
            state.tasks,
            state.works,
        )
        shapes.remember(key, around, once)
