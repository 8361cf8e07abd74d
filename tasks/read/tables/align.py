"""Cells put back into their columns, where a text extraction has lost the empty and the merged ones.

The order of cells is kept; which columns were skipped is what costs least: every cell is scored against every column
by its wording (`content.fits`) and by the lengths seen in rows that are whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.read.tables.cells import goes_on_counting, narrow, unit_likeness
from tasks.read.tables.content import Kinds, Lengths, fits
from tasks.read.tables.headings import Role

# What it costs to assume that a cell of this role was lost. Merged columns lose theirs all the time.
_SKIP: dict[Role, float] = {
    Role.SEQ: 3.0,
    Role.CATEGORY: 0.3,
    Role.NAME: 0.6,
    Role.CONTENT: 9.0,
    Role.INDICATOR: 9.0,
    Role.UNITS: 2.5,
    Role.STATUS: 3.5,
    Role.PROGRESS: 3.0,
}
_SKIP_OTHER = 1.5
_PARTNER_LOST = 0.5  # what it costs less where another body leads: that the leading one was merged is as likely nearly
# Roles whose merged cells are filled down when an extraction has lost them.
FILLED_DOWN = frozenset((Role.CATEGORY, Role.NAME, Role.UNITS, Role.LEADER))
GROUPING = (Role.CATEGORY, Role.NAME)
# What it costs besides where a coarser group begins and the finer one beside it does not.
FINER_LOST = 3.0
# Below this difference between the best and the next best placing of a row, it is called uncertain.
CERTAIN = 1.0
# The same where a column of prose lost its cell and another column of prose may have taken the text.
ALIKE = 4.0
_FILLS = re.compile(r"[-+±]?\d+(?:\.\d+)?[%％]?|[-—－/／]+")  # a figure, a sign for nothing: a cell of its own
_NEVER_JOINED = 6.0
_A_NAME = 0.5  # how plainly a word names a body


def grouping(roles: Sequence[Role]) -> list[int]:
    """The columns that may group the tasks: categories, names, and problems before what is done about them."""
    content = roles.index(Role.CONTENT) if Role.CONTENT in roles else 0
    return [i for i, role in enumerate(roles) if role in GROUPING or (role is Role.PROBLEM and i < content)]


def filled_down(roles: Sequence[Role]) -> frozenset[int]:
    """The columns whose lost cells are those of the row above. Who takes part is often blank: only who leads is."""
    units = [i for i, role in enumerate(roles) if role is Role.UNITS]
    filled = (i for i, role in enumerate(roles) if role in FILLED_DOWN and i not in units[1:])
    return frozenset((*filled, *grouping(roles)))


def plain(text: str) -> str:
    """What a cell is weighed by: its narrow form, in which names that only blanks divide are still told apart."""
    words = text.split()
    names = 1 < len(words) < 10 and all(unit_likeness(word) >= _A_NAME for word in words)
    return narrow("、".join(words) if names else text)


@dataclass(slots=True)
class Model:
    """The columns of one table as far as texts tell them apart."""

    roles: tuple[Role, ...]
    lengths: list[Lengths | None] = field(default_factory=list)
    kinds: list[Kinds | None] = field(default_factory=list)
    seen: dict[tuple[str, int], float] = field(default_factory=dict)
    absent: int | None = None  # a column of which an extraction has lost every cell

    def learn(self, rows: Sequence[Sequence[str]]) -> None:
        """Learn usual lengths, and kinds of texts, from whole rows (each a text per column)."""
        columns = [[row[i] for row in rows] for i in range(len(self.roles))]
        self.lengths = [Lengths.learn(texts) for texts in columns]
        if self.roles.count(Role.UNITS) > 1:
            # How many bodies take part tells nothing of who leads.
            self.lengths = [None if r is Role.UNITS else n for r, n in zip(self.roles, self.lengths, strict=True)]
        self.kinds = [Kinds.learn(texts) for texts in columns]
        self.seen.clear()

    def score(self, text: str, column: int) -> float:
        """How well a text fits a column; higher is better. A blank cell fits any, one of content hardly."""
        if column == self.absent:
            return -12.0
        if not text:
            return -2.0 if self.roles[column] in (Role.CONTENT, Role.INDICATOR) else 0.0
        key = (text, column)
        if key not in self.seen:
            value = fits(text, self.roles[column])
            learned = self.lengths[column] if self.lengths else None
            value += learned.score(text) if learned is not None else 0.0
            kinds = self.kinds[column] if self.kinds else None
            self.seen[key] = value + (kinds.score(text) if kinds is not None else 0.0)
        return self.seen[key]

    def skip(self, column: int) -> float:
        """What it costs that this column has no cell in a row."""
        if column == self.absent:
            return 0.0
        further = self.roles[column] is Role.UNITS and Role.UNITS in self.roles[:column]
        return _SKIP.get(self.roles[column], _SKIP_OTHER) - _PARTNER_LOST * further


@dataclass(frozen=True, slots=True)
class Placing:
    """The column of each cell, the score, and by how much it beats the next best placing."""

    columns: tuple[int, ...]
    score: float
    margin: float


def place_joined(
    texts: Sequence[str], model: Model, most: int = 6
) -> tuple[tuple[tuple[int, int], ...], float, float] | None:
    """Place texts of which neighbours may be parts of one cell, divided by a blank inside it.

    Returns for each column the range of texts that make it up (empty where it has none), the margin over the next
    best way, and the score; None where there is no way.
    """
    count = len(texts)
    Way = tuple[float, tuple[tuple[int, int], ...]]
    best: list[list[Way]] = [[] for _ in range(count + 1)]
    best[0] = [(0.0, ())]
    for column in range(len(model.roles)):
        skip = model.skip(column)
        after: list[list[Way]] = [[] for _ in range(count + 1)]
        for stop in range(count + 1):
            options: list[Way] = [(score - skip, (*ranges, (stop, stop))) for score, ranges in best[stop]]
            for start in range(max(0, stop - most), stop):
                if not best[start]:
                    continue
                fit = model.score(" ".join(texts[start:stop]), column)
                fit -= sum(_joint_cost(texts[i], texts[i + 1]) for i in range(start, stop - 1))
                options += [(score + fit, (*ranges, (start, stop))) for score, ranges in best[start]]
            after[stop] = sorted(options, reverse=True)[:2]
        best = after
    final = best[count]
    if not final:
        return None
    return final[0][1], final[0][0] - final[1][0] if len(final) > 1 else 99.0, final[0][0]


def _joint_cost(above: str, below: str) -> float:
    """What it costs that a blank divides two parts of one cell: little in a list, in a name, beside Latin script."""
    if goes_on_counting(above, below):
        return -2.0
    if _FILLS.fullmatch(above) or _FILLS.fullmatch(below):
        return _NEVER_JOINED
    if len(above) == len(below) == 1:
        return 0.3
    if above[-1:].isascii() or below[:1].isascii():
        return 1.5
    return 4.0 if above[-1:] in "。;" else 3.0


def _finer_lost(columns: Sequence[int], column: int, model: Model) -> float:
    roles = model.roles
    begun = bool(columns) and columns[-1] == column - 1 and roles[column - 1] in GROUPING
    return FINER_LOST if begun and roles[column] in GROUPING else 0.0


def place(texts: Sequence[str], model: Model) -> Placing | None:
    """Place cells, in their order, into columns. None where there are more cells than columns."""
    width = len(model.roles)
    count = len(texts)
    if count > width:
        return None
    # best[i]: the two best (score, columns) ways to place the first i cells into the columns seen so far.
    best: list[list[tuple[float, tuple[int, ...]]]] = [[] for _ in range(count + 1)]
    best[0] = [(0.0, ())]
    for column in range(width):
        skip = model.skip(column)
        after: list[list[tuple[float, tuple[int, ...]]]] = [[] for _ in range(count + 1)]
        for placed in range(count + 1):
            options = [(score - skip - _finer_lost(columns, column, model), columns) for score, columns in best[placed]]
            if placed:
                fit = model.score(texts[placed - 1], column)
                options += [(score + fit, (*columns, column)) for score, columns in best[placed - 1]]
            after[placed] = sorted(options, reverse=True)[:2]
        best = after
    final = best[count]
    if not final:
        return None
    margin = final[0][0] - final[1][0] if len(final) > 1 else 99.0
    return Placing(final[0][1], final[0][0], margin)
