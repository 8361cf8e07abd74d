"""What later clauses may hang on, and what the text around a field knows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tasks.model import Span
from tasks.observe.figures import Number
from tasks.observe.houses import House

_HANGING = re.compile(r"(?:其中|同比|环比|较|比|占|增速|增幅|增长|下降|分别|按[^,。;]{2,8}分,)")
_HANGING_OPENS = frozenset("其同环较比占增下分按")
Dates = tuple[date | None, date | None]


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


class Around(NamedTuple):
    """The clause around an open bracket, and what it was about: figures inside a bracket name nothing outside it."""

    at: int  # of the bracket
    begin: int
    cuts: tuple[Span, ...]
    metric: str | None
    counted: str | None
    owner: str | None
    plan: int


class State:
    """What outlives a clause. Dropped where the sentence ends, unless the next one hangs on it (其中…, 同比…).

    Its constructor and those like it are written out, since that of a dataclass stays interpreted when the module is
    compiled.
    """

    metric: str | None = None  # the series last named
    owner: str | None = None  # the noun that completes a bare head
    growth: str = ""  # the growth noun of the series last named: 增速 lets a following 回升至 be a growth too
    period: Dates | None = None
    forecast: int = 0  # 0 none, 1 hangs on its clause's subject, 2 holds to the semicolon, 3 for the sentence it opens
    plan: int = 0  # 0 none, 1 holds for its clause and what hangs on it, 2 for the sentence, 3 to the semicolon
    last: Number | None = None
    rest_plan: bool = False
    counted: str | None = None  # the last thing counted: a bare count goes on with it, whatever ratio came between
    tasks: str = ""  # the tasks last counted, whatever sentence did: 欠进度的有13个 are some of them
    works: str = ""  # the projects last counted in this line: the next sentence's bare 完成投资 is theirs
    works_told: bool = False  # whether this sentence has counted them
    ahead: int = 0  # where the cue of a plan that follows its figure ends: 2所学校预计12月底竣工
    topic: str | None = None  # the project the sentence is about
    project: str | None = None  # what the row is about, where that is a project
    subject: str | None = None  # the series a clause without figures spoke of
    used: bool = False  # whether the period phrase has dated a figure yet
    passing: bool = False  # it ends with its part of the sentence, at a semicolon
    resumes: Dates | None = None  # what holds again after it
    till: Dates | None = None  # what 截至 said last
    opening: Dates | None = None  # of the phrase that the text opens with: it holds for the sentences that name none
    fleeting: bool = False  # a single month inside a clause: it dates its own clause only
    base: str | None = None  # 与去年同期相比: the base of comparison a clause set for those after it
    spread: int = 0  # how many figures 分别 gave out at once in this sentence
    house: House | None = None  # the body whose accounts the sentence tells
    label: str | None = None  # before the colon: 小型消防站:桐山、北门2座已投用
    theme: str | None = None  # what a clause with 方面 said that those after it are about
    whole: tuple[str | None, str | None] | None = None  # owner and thing counted before 其中 told parts of it
    last_end: int = 0
    stale: bool = False  # the owner was named before a semicolon: a bare 总投资 no longer belongs to it
    local: tuple[int, Dates] | None = None  # 由去年的3.2亿元: dates that figure only
    period_end: int = -1
    planned_year: bool = False  # 全年 dated a plan or forecast, not what has been done

    def __init__(
        self,
        year: int | None,
        default: Dates,
        whole_year: Dates | None,
        promised: bool,
        has_next: bool,
        has_ahead: bool,
    ) -> None:
        self.year = year  # of which the text speaks, as named last
        self.default = default  # where no phrase dates a figure
        self.whole_year = whole_year  # of the document
        self.promised = promised
        self.has_next = has_next  # whether 下一步 stands anywhere, or a cue that follows its figure: mostly not
        self.has_ahead = has_ahead
        self.of_unit: dict[str, str] = {}  # the series last told in a unit: what a goal in it is of
        self.recent: list[str] = []  # the series named in this sentence, for 分别 that comes after them
        self.listed: list[str] = []  # series of a list whose figures are still to come
        self.periods: list[Dates] = []  # 一季度、二季度分别

    def drop_sentence(self) -> None:
        """Nothing of the sentence outlives it but what its line opened with."""
        self.metric = self.owner = self.counted = self.subject = self.base = self.whole = None
        self.topic = self.project
        self.theme = self.house = self.label = None
        self.recent.clear()
        self.of_unit.clear()
        self.listed.clear()
        self.spread = 0
        self.works_told = False
        self.period, self.resumes = self.opening, None
        self.used, self.passing, self.fleeting = True, False, False
        self.last = None
        self.periods = []
        self.planned_year = False


def hangs(text: str, at: int) -> bool:
    """Whether the sentence at `at` hangs on the one before it: 其中…, 同比…"""
    return text[at : at + 1] in _HANGING_OPENS and _HANGING.match(text, at) is not None
