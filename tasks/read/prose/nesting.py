"""Which marks are sections, and how they nest: by their place and by the sequence they continue.

A number that follows its predecessor needs less support than one that starts a list, and a number out of sequence
counts only where a line or a strong mark carries it, with a warning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tasks.model import Warn
from tasks.read.prose.candidates import ALONE
from tasks.read.prose.headlines import HEADING_END, TITLE_MAX
from tasks.read.prose.marks import RANK, Mark
from tasks.text import clean_cell

_WORK = re.compile(
    r"(?:20\d\d年度?|[今明]年|[上下]半年|前?[一二三四]季度|下一?步|下一?阶段|今后)的?(?:主要|重点|特色)?工作(?:及?(?:成效|情况|打算|安排))?"
)


@dataclass(slots=True)
class Opened:
    """A section being built: the mark that opened it, its parent's place in the list, and its title's end."""

    mark: Mark
    parent: int | None
    inline_restart: bool = False
    title_end: int = 0
    children: int = 0


@dataclass(slots=True)
class Builder:
    """Decides mark by mark; `stack` are places in `opened`, outermost first."""

    text: str
    last_second: Mapping[str, int]  # where the last mark numbered 2 of each kind stands
    resumed: frozenset[int] = frozenset()  # where a list goes on behind a number that is missing
    chapters: frozenset[int] = frozenset()  # where headings without ordinals stand that hold others
    worn: Mapping[int, int] = field(default_factory=dict)  # where lines begin that lost their breaks and blanks
    opened: list[Opened] = field(default_factory=list)
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
        if place is not None and (mark.where != "glued" or (mark.line in self.worn and self._behind_heading(mark))):
            self._cut(place)
            self._push(mark)
        elif mark.number == 1:
            self._first(mark)
        elif mark.where == "glued" and mark.line in self.worn and self._goes_on(mark) and self._behind_heading(mark):
            self._descend(mark)  # what is counted through all chapters
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
        if mark.where == "glued" and not self.stack and followed and self._behind_title(mark):
            self._push(mark)
            return
        if mark.where in {"space", "glued"}:
            between = self._behind_heading(mark)
            if not between:
                return
            told = mark.line in self.worn or HEADING_END.search(between)
            if mark.where == "glued" and not (told and followed and self.opened[self.stack[-1]].mark.kind != mark.kind):
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

    def _goes_on(self, mark: Mark) -> bool:
        before = next((held.mark for held in reversed(self.opened) if held.mark.kind == mark.kind), None)
        return before is not None and before.number + 1 == mark.number

    def _behind_heading(self, mark: Mark) -> str:
        """The words between the last section's ordinal and this mark; none where they are no heading alone."""
        if not self.stack or self.stack[-1] != len(self.opened) - 1:
            return ""
        between = self.text[self.opened[-1].mark.after : mark.start]
        return "" if len(between) > TITLE_MAX or re.search(r"[。；;！!？?]", between) else between.strip()

    def _behind_title(self, mark: Mark) -> bool:
        """Whether a first chapter stands behind the document's title, where every break and blank was lost."""
        if mark.kind not in {"book", "cn"} or mark.line not in self.worn:
            return False
        between = self.text[self.worn[mark.line] : mark.start]
        return 2 <= len(between) <= TITLE_MAX and re.search(r"[。；;！!？?：:]", between) is None

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
            before = next((held.mark for held in reversed(self.opened) if held.mark.kind == mark.kind), None)
            if before is None or before.number + 1 != mark.number:  # else counted through all chapters
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
        numbered section it is found in; where the document has such headings right below one another, it stands
        under the last that holds others.
        """
        usual = _is_usual(self.text, mark)
        if mark.heading_level is None and not usual:
            depth = self._outermost_head() if mark.start in self.chapters else self._open_sibling()
            if depth is not None:
                self._cut(depth)
            elif not self._in_chapter():
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

    def _outermost_head(self) -> int | None:
        kinds = [self.opened[place].mark.kind for place in self.stack]
        return kinds.index("head") if "head" in kinds else None

    def _open_sibling(self) -> int | None:
        """The depth of the innermost open heading without an ordinal, below the last one that holds others."""
        depth = self._open_depth("head")
        if depth is None or not self.chapters:
            return depth
        held = self.opened[self.stack[depth]].mark
        return None if self._holds_others(held) else depth

    def _in_chapter(self) -> bool:
        held = self.opened[self.stack[-1]].mark if self.stack else None
        return held is not None and held.kind == "head" and self._holds_others(held)

    def _holds_others(self, head: Mark) -> bool:
        return bool(self.chapters) and (head.start in self.chapters or _is_usual(self.text, head))

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
        self.opened.append(Opened(mark, parent, inline_restart))


def _is_usual(text: str, mark: Mark) -> bool:
    """Whether a heading without an ordinal has the words usual for a chapter."""
    shown = _line_of(text, mark)
    return ALONE.fullmatch(shown) is not None or _WORK.fullmatch(shown) is not None


def _line_of(text: str, mark: Mark) -> str:
    """The line that a heading without an ordinal is."""
    return clean_cell(text[mark.start :].split("\n", 1)[0])


def chapters(text: str, marks: Sequence[Mark]) -> frozenset[int]:
    """Where headings without ordinals and levels stand right above another such one: a document of two levels.

    One alone says so only by the usual words for chapters (下半年工作安排); one of many may be a title.
    """
    above = [
        one
        for one, two in pairwise(marks)
        if one.kind == two.kind == "head"
        and one.heading_level is two.heading_level is None
        and two.line == one.line + 1
    ]
    usual = [mark for mark in above if _is_usual(text, mark)]
    return frozenset(mark.start for mark in (above if len(above) > 1 else usual))


def resumed(marks: Sequence[Mark]) -> frozenset[int]:
    """Where 1、 … 3、 goes on inside a line: at a sentence's start, one number missing, the next one following."""
    found: set[int] = set()
    for kind in ("ar", "arp"):
        run = [mark for mark in marks if mark.kind == kind]
        for before, mark, after in zip(run, run[1:], run[2:], strict=False):
            begun = before.where == "sentence" and mark.where == "sentence" and after.where == "sentence"
            if begun and mark.number == before.number + 2 and after.number == mark.number + 1:
                found.add(mark.start)
    return frozenset(found)


def levels_of(opened: Sequence[Opened]) -> list[int]:
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
