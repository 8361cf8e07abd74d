"""The outline of prose: headings 一、 (一) 1. 一是 and what stands under them.

Headings stand at line starts, at sentence starts, or one after the other in a text whose line breaks were lost. So
candidates are found everywhere (tasks/read/prose/marks.py) and believed by their place and by the sequence they
continue: a number that follows its predecessor needs less support than one that starts a list, and a number out of
sequence counts only where a line or a strong mark carries it, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tasks.model import Section, Span, Warn
from tasks.periods.claims import PLANNING
from tasks.read.page import Block, Cell, Paragraph, Table
from tasks.read.prose.contents import data_in_items, entries_of_contents, in_a_sentence, notes_in
from tasks.read.prose.headlines import HEADING_END, TITLE_MAX, heading_text, without_what_it_tells
from tasks.read.prose.marks import BRACKETED, DECIMAL, RANK, Mark, leads_in, marks_in
from tasks.text import clean_cell

_MATTER = (
    r"(?:总结|回顾|思路|打算|计划|安排|情况|重点|目标|要点|成效|成绩|亮点|做法|经验|谋划|进展|(?:开展|完成|推进|落实)情况|举措|措施|"
    r"问题|困难|不足|短板|建议|任务)"
)
# A heading that stands alone without an ordinal: what it is about, and when or how; never a bare column heading.
_ALONE = re.compile(
    rf"(?=.*(?:20\d\d年|[今明]年|[上下]半年|下一?步|下阶段|下一阶段|今后|主要|重点|特色|存在|面临|工作))(?:20\d\d年|[今明]年|[上下]半年|"
    rf"[一二三四]季度|下一?步|下阶段|下一阶段|今后)?度?的?(?:主要|重点|特色|有关|具体|存在的?|面临的?)*(?:工作)?{_MATTER}(?:[和与及、](?:主要|重点|下一?步)*"
    rf"(?:工作)?{_MATTER})?"
)
_PLAN_TEXT = re.compile(
    r"\s*(?:接下[来去]|下一?步|下阶段|下一阶段|明年|今后|20\d\d年[,，]?我[局区市县镇委办院]?[们]?将)"
)
_BARE_NUMBER = re.compile(
    r"\s*(?P<number>\d{1,2})(?P<gap>[ \t\u3000]+)(?=[\u4e00-\u9fff“]|20\d\d年)(?:20\d\d年)?[^。；;：:|\d]{2,30}"
)
_LEAST_TEXT = 200  # characters of a cell that may hold a text with headings
_CHAPTERS = re.compile(r"(?:^|\s|。)一、.*[\s。]二、", re.DOTALL)
_LEAD_LINE = 30  # characters of a sentence in bold that is a heading on a line of its own
_LEAST_TOLD = 20  # characters that a paragraph opened by bold words has behind them
_LABEL = re.compile(r"(?:联系|附件|来源|注|备注|说明|地址|电话|时间|单位|责任)(?:人|方式|单位|电话)?\s*$")
_RETROSPECT = re.compile(r"完成|执行|落实情况|进展|推进情况|总结|回顾|成效|实施情况")
_AIM = re.compile(r"目标|任务|重点|工作|举措|措施|方向|项目")


@dataclass(frozen=True, slots=True)
class Outline:
    """Sections in document order, and what was odd about their numbering (`outline_gap`, `outline_repeats`)."""

    sections: tuple[Section, ...]
    warnings: tuple[Warn, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    level: int | None = None
    bold: bool = False
    lead: int = 0  # where the bold words end with which the line begins


@dataclass(slots=True)
class _Open:
    """A section being built: the mark that opened it, its parent's place in the list, and its title's end."""

    mark: Mark
    parent: int | None
    inline_restart: bool = False
    title_end: int = 0
    children: int = 0


@dataclass(slots=True)
class _Builder:
    """Decides mark by mark; `stack` are places in `opened`, outermost first."""

    text: str
    last_second: Mapping[str, int]  # where the last mark numbered 2 of each kind stands
    resumed: frozenset[int] = frozenset()  # where a list goes on behind a number that is missing
    opened: list[_Open] = field(default_factory=list)
    stack: list[int] = field(default_factory=list)
    above: set[tuple[str, str]] = field(default_factory=set)
    warnings: list[Warn] = field(default_factory=list)
    line: int = -1

    def offer(self, mark: Mark) -> None:
        """Take the mark as a section, or leave it."""
        if mark.line != self.line:
            self.line = mark.line
            while self.stack and self.opened[self.stack[-1]].inline_restart:
                self.stack.pop()
        if mark.kind in {"part", "tag"}:
            self._push_part(mark)
            return
        if mark.kind == "head":
            self._push_head(mark)
            return
        if mark.kind == "lead":
            self._push_lead(mark)
            return
        place = self._continued(mark)
        if place is not None and mark.where != "glued":
            self._cut(place)
            self._push(mark)
        elif mark.number == 1:
            self._first(mark)
        elif self._carried(mark):
            self._out_of_sequence(mark)

    def _continued(self, mark: Mark) -> int | None:
        """The depth of the innermost open section of this kind whose number the mark follows."""
        for depth in range(len(self.stack) - 1, -1, -1):
            held = self.opened[self.stack[depth]].mark
            if held.kind == mark.kind and held.number + 1 == mark.number:
                return depth
        return None

    def _open_depth(self, kind: str) -> int | None:
        for depth in range(len(self.stack) - 1, -1, -1):
            if self.opened[self.stack[depth]].mark.kind == kind:
                return depth
        return None

    def _carried(self, mark: Mark) -> bool:
        """Whether a mark out of sequence is still a heading: on a line of its own, or unmistakable in a sentence."""
        if mark.where == "line" or mark.start in self.resumed:
            return True
        return mark.where == "sentence" and mark.kind in {"book", "cn", "cnp", "be"}

    def _first(self, mark: Mark) -> None:
        """A mark numbered 1 starts a list: at a line or sentence start, or right behind a heading without a stop."""
        followed = self.last_second.get(mark.kind, -1) > mark.start
        if mark.kind in {"be", "di"} and not followed:
            return
        if mark.where == "space" and not self.stack and mark.kind in {"book", "cn"} and followed:
            self._push(mark)  # a text without line breaks: the title and the date stand before its first heading
            return
        if mark.where in {"space", "glued"}:
            if not self.stack:
                return
            held = self.opened[self.stack[-1]].mark
            between = self.text[held.after : mark.start]
            if len(between) > TITLE_MAX or re.search(r"[。；;！!？?]", between) or not between.strip():
                return
            if mark.where == "glued" and (not HEADING_END.search(between) or not followed or held.kind == mark.kind):
                return
        depth = self._open_depth(mark.kind)
        if depth is None:
            self._descend(mark)
            return
        held_line = self.opened[self.stack[depth]].mark.line
        inline = mark.where != "line" and held_line == mark.line
        if inline and depth == len(self.stack) - 1 and mark.kind in {"be", "di", "arp", "circ", "ring"}:
            self._push(mark, inline_restart=True)
            return
        self._cut(depth)
        self._push(mark)

    def _descend(self, mark: Mark) -> None:
        """Open a kind that is not open: below the innermost section that can stand above it."""
        while self.stack:
            top = self.opened[self.stack[-1]].mark.kind
            if top == "lead" and RANK[mark.kind] < RANK["ar"]:
                self.stack.pop()
                continue
            if top in {"part", "head", "tag", "lead"} or (top, mark.kind) in self.above:
                break
            if (mark.kind, top) in self.above or RANK[mark.kind] < RANK[top]:
                self.stack.pop()
                continue
            break
        self._push(mark)

    def _out_of_sequence(self, mark: Mark) -> None:
        depth = self._open_depth(mark.kind)
        shown = self.text[mark.start : mark.after]
        if depth is None:
            self.warnings.append(Warn("outline_gap", f"{shown!r} opens a list: what comes before it is missing"))
            self._descend(mark)
            return
        held = self.opened[self.stack[depth]].mark
        if held.number == mark.number and self._says(mark) == self._says(held):
            return  # the heading of the page before, printed again after a page break
        code = "outline_gap" if mark.number > held.number else "outline_repeats"
        self.warnings.append(Warn(code, f"{shown!r} follows {self.text[held.start : held.after]!r}"))
        self._cut(depth)
        self._push(mark)

    def _says(self, mark: Mark) -> str:
        return "".join(self.text[mark.after : mark.after + 24].split("\n")[0].split())[:12]

    def _push_part(self, mark: Mark) -> None:
        depth = self._open_depth(mark.kind)
        if depth is not None:
            self._cut(depth)
        else:
            while self.stack and RANK.get(self.opened[self.stack[-1]].mark.kind, 0) > RANK["cnp"]:
                self.stack.pop()
        self._push(mark)

    def _push_head(self, mark: Mark) -> None:
        """An unnumbered heading closes all that its markup level does not stand under.

        Without a level, one told by its bold type alone is a sibling of the last such one, or stands under the
        numbered section it is found in.
        """
        if mark.heading_level is None and not _ALONE.fullmatch(mark_line(self.text, mark)):
            depth = self._open_depth("head")
            if depth is not None:
                self._cut(depth)
            else:
                self._leave_inline()
            self._push(mark)
            return
        while self.stack:
            top = self.opened[self.stack[-1]].mark
            if (
                mark.heading_level is not None
                and top.heading_level is not None
                and top.heading_level < mark.heading_level
            ):
                break
            self.stack.pop()
        self._push(mark)

    def _push_lead(self, mark: Mark) -> None:
        """Bold words that open a paragraph: siblings of one another, under the section they stand in."""
        depth = self._open_depth("lead")
        if depth is not None:
            self._cut(depth)
        else:
            self._leave_inline()
        self._push(mark)

    def _leave_inline(self) -> None:
        """Close what opened inside a sentence or counts its clauses: nothing that has a line of its own is in it."""
        while self.stack:
            top = self.opened[self.stack[-1]].mark
            if top.kind in {"head", "part", "tag", "lead"} or (top.where == "line" and RANK[top.kind] < RANK["be"]):
                return
            self.stack.pop()

    def _cut(self, depth: int) -> None:
        del self.stack[depth:]

    def _push(self, mark: Mark, *, inline_restart: bool = False) -> None:
        for place in self.stack:
            self.above.add((self.opened[place].mark.kind, mark.kind))
        parent = self.stack[-1] if self.stack else None
        self.stack.append(len(self.opened))
        self.opened.append(_Open(mark, parent, inline_restart))


def outline(text: str, start: int = 0) -> tuple[Section, ...]:
    """The sections of plain text, line by line; offsets count from `start`. Titles are as printed, with ordinals."""
    lines = [_Line(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    found = _outline(text, lines, len(text)).sections
    return tuple(Section(s.title, s.level, s.start + start, s.end + start) for s in found) if start else found


def mark_line(text: str, mark: Mark) -> str:
    """The line that a heading without an ordinal is."""
    return clean_cell(text[mark.start :].split("\n", 1)[0])


def outline_blocks(text: str, blocks: Sequence[Block], leads: Iterable[Span] = ()) -> Outline:
    """The outline of a page's kept blocks; `text` is page.text, spans are in it; `leads` as in `Page`.

    Paragraphs give their markup level; a table of one column, and a cell that holds a text with headings, are read
    as lines; other tables belong to the section they stand in.
    """
    lines: list[_Line] = []
    end = 0
    bold = dict(leads)
    for block in blocks:
        if isinstance(block, Paragraph):
            lead = bold.get(block.start, 0)
            lines += _split(text, _Line(block.start, block.end, block.level, block.bold, lead))
            end = max(end, block.end)
        else:
            for cell in _single_column(block):
                lines += _split(text, _Line(cell.start, cell.end))
            end = max(end, block.span[1])
    return _outline(text, lines, end)


def _split(text: str, line: _Line) -> Iterator[_Line]:
    """A paragraph's own lines: a <br> inside it starts a line, too."""
    parts = [m for m in re.finditer(r"[^\n]+", text[line.start : line.end]) if m[0].strip()]
    for part in parts:
        start, end = line.start + part.start(), line.start + part.end()
        lead = line.lead if start < line.lead < end and not text[line.start : start].strip() else 0
        yield _Line(start, end, line.level, line.bold and len(parts) == 1, lead)


def _single_column(table: Table) -> list[Cell]:
    cells: list[Cell] = []
    for row in table.rows:
        filled = [cell for cell in row if cell.text.strip() and not cell.copy]
        if len(filled) > 1:
            return [cell for row in table.rows for cell in row if not cell.copy and _is_text(cell.text)]
        cells += filled
    return cells


def _is_text(cell: str) -> bool:
    """Whether a cell that stands beside others is a text of its own: layout tables hold pages."""
    return len(cell) >= _LEAST_TEXT and cell.count("。") > 1 and _CHAPTERS.search(cell) is not None


def _outline(text: str, lines: Sequence[_Line], end: int) -> Outline:
    bare = _bare_numbers(text, lines) | _tags(text, lines)
    marks = [
        mark
        for number, line in enumerate(lines)
        for mark in ([bare[number]] if number in bare else _candidates(text, line, number, lines))
    ]
    marks = [mark for i, mark in enumerate(marks) if i == 0 or mark.start >= marks[i - 1].start]
    doubled = {i for i, (a, b) in enumerate(pairwise(marks)) if a.kind == b.kind and a.after == b.start}
    marks = [mark for i, mark in enumerate(marks) if not {i, i - 1} & doubled]  # (一)(二)两项 opens nothing
    if sum(mark.kind == "lead" for mark in marks) == 1:
        marks = [mark for mark in marks if mark.kind != "lead"]
    imitations = entries_of_contents(text, marks) | in_a_sentence(text, marks)
    marks = [mark for i, mark in enumerate(marks) if i not in imitations]
    figures = data_in_items(text, marks)
    marks = [mark for i, mark in enumerate(marks) if i not in figures]
    notes = notes_in(text, [(line.start, line.end) for line in lines], marks)
    marks = [mark for mark in marks if mark.line not in notes]
    last = len(lines)
    while last and last - 1 in notes:
        last -= 1
    if last < len(lines) and any(mark.line < last for mark in marks):
        end = lines[last].start  # notes and last words after the text are in none of its sections
    if marks and marks[0].kind == "head" and marks[0].line == 0 and not (_all_heads(marks) or _heads_parts(marks)):
        marks.pop(0)  # the document's own title
    builder = _Builder(
        text, last_second={mark.kind: mark.start for mark in marks if mark.number == 2}, resumed=_resumed(marks)
    )
    for mark in marks:
        builder.offer(mark)
    return Outline(_sections(text, builder.opened, lines, end), tuple(dict.fromkeys(builder.warnings)))


def _resumed(marks: Sequence[Mark]) -> frozenset[int]:
    """Where 1、 … 3、 goes on inside a line: at a sentence's start, one number missing, the next one following."""
    found: set[int] = set()
    for kind in ("ar", "arp"):
        run = [mark for mark in marks if mark.kind == kind]
        for before, mark, after in zip(run, run[1:], run[2:], strict=False):
            begun = before.where == "sentence" and mark.where == "sentence" and after.where == "sentence"
            if begun and mark.number == before.number + 2 and after.number == mark.number + 1:
                found.add(mark.start)
    return frozenset(found)


def _bare_numbers(text: str, lines: Sequence[_Line]) -> dict[int, Mark]:
    """Headings such as `1 抓投资`: a number and a blank before a short line without a stop, counted from 1 upwards."""
    found: dict[int, Mark] = {}
    for number, line in enumerate(lines):
        shown = text[line.start : line.end]
        match = _BARE_NUMBER.fullmatch(shown.rstrip())
        if match and int(match["number"]) == len(found) + 1:
            start = line.start + match.start("number")
            found[number] = Mark("ar", int(match["number"]), start, line.start + match.end("gap"), number, "line")
    return found if len(found) > 1 else {}


def _tags(text: str, lines: Sequence[_Line]) -> dict[int, Mark]:
    """Lines that open with their subject in brackets, 【产业发展】…: headings where there are two with words behind."""
    found: dict[int, Mark] = {}
    for number, line in enumerate(lines):
        match = BRACKETED.match(text, line.start, line.end)
        if match and (match.end() < line.end or number + 1 < len(lines)):
            found[number] = Mark("tag", 0, match.start("title"), match.end(), number, "line")
    return found if len(found) > 1 else {}


def _all_heads(marks: Sequence[Mark]) -> bool:
    """Whether headings without ordinals are this text's way: there is a second one, and no 一、 stands above them."""
    kinds = [mark.kind for mark in marks if mark.where == "line"]
    return kinds.count("head") > 1 and not {"cn", "book"} & {*kinds}


def _heads_parts(marks: Sequence[Mark]) -> bool:
    """Whether headings without ordinals divide the text: below the first and below another one 一、 begins anew."""
    begins = [one.kind == "head" and (two.kind, two.number) == ("cn", 1) for one, two in pairwise(marks)]
    return begins[:1] == [True] and begins.count(True) > 1


def _candidates(text: str, line: _Line, number: int, lines: Sequence[_Line]) -> list[Mark]:
    decimal = DECIMAL.match(text, line.start, line.end)
    if decimal is not None:
        return [Mark("dec", int(decimal["number"]), decimal.start("mark"), decimal.end(), number, "line", line.level)]
    marks = list(marks_in(text, line.start, line.end, number))
    if not marks or marks[0].where != "line":
        head = _heading_line(text, line, number, lines) or _lead(text, line, number, lines)
        if head is not None:
            return [head, *(mark for mark in marks if mark.start >= head.after > head.start)]
    elif line.level is not None:
        first = marks[0]
        marks[0] = Mark(first.kind, first.number, first.start, first.after, number, first.where, line.level)
    return sorted([*marks, *leads_in(text, line.start, line.end, number)], key=lambda mark: mark.start)


def _heading_line(text: str, line: _Line, number: int, lines: Sequence[_Line]) -> Mark | None:
    """A heading without an ordinal: marked up or bold, or the usual words alone on a line."""
    shown = clean_cell(text[line.start : line.end])
    if not 2 <= len(shown) <= 40 or shown[-1] in "。；;，,、：:":
        return None
    only_title = line.level == 1 and sum(other.level == 1 for other in lines) == 1
    marked = (line.level is not None and not only_title) or (line.bold and number + 1 < len(lines))
    if not marked and not _ALONE.fullmatch(shown):
        return None
    lead = len(text[line.start : line.end]) - len(text[line.start : line.end].lstrip())
    return Mark("head", 0, line.start + lead, line.start + lead, number, "line", line.level)


def _lead(text: str, line: _Line, number: int, lines: Sequence[_Line]) -> Mark | None:
    """Bold words that open a paragraph and say what it is about, a sentence or a phrase with a colon of their own; or
    are all of it, a sentence before a line that is not bold."""
    if line.bold:
        below = lines[number + 1] if number + 1 < len(lines) else None
        shown = text[line.start : line.end].strip()
        if below is None or below.bold or shown[-1:] != "。" or not 4 <= len(shown) - 1 <= _LEAD_LINE:
            return None
        return (
            None
            if re.search(r"[。；;：:！!？?]", shown[:-1])
            else Mark("lead", 0, line.start, line.end, number, "line")
        )
    if not line.lead:
        return None
    shown = text[line.start : line.lead].strip()
    told = text[line.lead : line.end].strip()
    closed = shown[-1:] in "。：:" or told[:1] in "。：:"
    words = shown.rstrip("。：:")
    if not closed or not 4 <= len(words) <= 40 or re.search(r"[。；;！!？?]", words) or len(told) < _LEAST_TOLD:
        return None
    if not re.search(r"[\u4e00-\u9fff]{3}", words) or _LABEL.match(words):
        return None
    return Mark("lead", 0, line.start, line.lead, number, "line")


def _sections(text: str, opened: Sequence[_Open], lines: Sequence[_Line], end: int) -> tuple[Section, ...]:
    levels = _levels(opened)
    stops = [end] * len(opened)
    running: list[int] = []  # sections whose end is not found yet, by rising level
    for i, held in enumerate(opened):
        while running and levels[running[-1]] >= levels[i]:
            stops[running.pop()] = held.mark.start
        running.append(i)
    sections = []
    for i, (held, level) in enumerate(zip(opened, levels, strict=True)):
        stop = stops[i]
        following = opened[i + 1].mark.start if i + 1 < len(opened) else end
        line = lines[held.mark.line]
        if held.mark.kind == "lead":
            title = clean_cell(text[held.mark.start : held.mark.after]).rstrip("。：:")
        else:
            title = heading_text(text, held.mark, min(following, line.end), whole=held.mark.kind == "head")
            if held.mark.kind not in {"head", "tag", "part"}:
                title = without_what_it_tells(title, text[held.mark.start : min(following, stop)])
        sections.append(Section(title, level, held.mark.start, stop))
    return tuple(sections)


def _levels(opened: Sequence[_Open]) -> list[int]:
    """Depth in the tree; a section that lost its parents (the text begins at (三)) stands where its kind does later."""
    levels: list[int] = []
    usual: dict[str, int] = {}
    for held in opened:
        level = 1 if held.parent is None else levels[held.parent] + 1
        levels.append(level)
        if held.parent is not None:
            usual[held.mark.kind] = min(level, usual.get(held.mark.kind, level))
    rooted = False
    for i, held in enumerate(opened):
        rooted = rooted or (held.parent is None and held.mark.number <= 1)
        if held.parent is None and not rooted and held.mark.kind in usual:
            levels[i] = usual[held.mark.kind]
        elif held.parent is not None:
            levels[i] = levels[held.parent] + 1
    return levels


def is_plan(titles: Sequence[str], text: str = "", year: int | None = None) -> bool:
    """Whether a section tells what is intended: 二、2024年工作思路 in a report on 2023, 下一步打算, 明年计划.

    `titles` from the outermost in; `text` the section's own (its opening counts only where no title says anything);
    `year` the year reported on, so that 2024年重点工作 is a plan in a report on 2023.
    """
    for title in titles:
        if _RETROSPECT.search(title):
            continue
        if PLANNING.search(title):
            return True
        named = re.search(r"(20\d\d)年", title)
        if year is not None and named is not None and int(named[1]) > year and _AIM.search(title):
            return True
    return not titles and _PLAN_TEXT.match(text) is not None
