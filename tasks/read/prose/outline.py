"""The outline of prose: headings 一、 (一) 1. 一是 and what stands under them.

Headings stand at line starts, at sentence starts, or one after the other in a text whose line breaks were lost. So
candidates are found everywhere (tasks/read/prose/candidates.py), what only imitates an outline is taken out
(contents.py), and the rest is believed by its place and the sequence that it continues (nesting.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.model import Section, Span, Warn
from tasks.periods.claims import PLANNING
from tasks.read.page import Block
from tasks.read.prose.candidates import Line, candidates, lines_in, lines_of, untold, worn_lines
from tasks.read.prose.contents import data_in_items, entries_of_contents, in_a_sentence, notes_in
from tasks.read.prose.headlines import heading_text, without_what_it_tells
from tasks.read.prose.marks import Mark
from tasks.read.prose.nesting import Builder, Opened, chapters, levels_of, resumed
from tasks.text import clean_cell

_PLAN_TEXT = re.compile(
    r"\s*(?:接下[来去]|下一?步|下阶段|下一阶段|明年|今后|20\d\d年[,，]?我[局区市县镇委办院]?[们]?将)"
)
_RETROSPECT = re.compile(r"完成|执行|落实情况|进展|推进情况|总结|回顾|成效|实施情况")
_AIM = re.compile(r"目标|任务|重点|工作|举措|措施|方向|项目")


@dataclass(frozen=True, slots=True)
class Outline:
    """Sections in document order, and what was odd about their numbering (`outline_gap`, `outline_repeats`),
    or what may be headings that nothing tells (`outline_uncertain`)."""

    sections: tuple[Section, ...]
    warnings: tuple[Warn, ...] = ()


def outline(text: str, start: int = 0) -> tuple[Section, ...]:
    """The sections of plain text, line by line; offsets count from `start`. Titles are as printed, with ordinals."""
    lines = lines_in(text)
    found = _outline(text, lines, len(text)).sections
    return tuple(Section(s.title, s.level, s.start + start, s.end + start) for s in found) if start else found


def outline_blocks(
    text: str, blocks: Sequence[Block], leads: Iterable[Span] = (), gone: Iterable[Span] = ()
) -> Outline:
    """The outline of a page's kept blocks; `text` is page.text, spans are in it; `leads` as in `Page`; `gone` is what
    was taken out of it as furniture: a section ends before it.

    Paragraphs give their markup level; a table of one column, and a cell that holds a text with headings, are read
    as lines; other tables belong to the section they stand in.
    """
    lines, end = lines_of(text, blocks, leads)
    return _outline(text, lines, end, sorted(gone))


def _outline(text: str, lines: Sequence[Line], end: int, gone: Sequence[Span] = ()) -> Outline:
    marks = candidates(text, lines)
    sentences = in_a_sentence(text, marks)
    # What leads to a list within a sentence is its beginning: 重点抓了三件事：(1)…；(2)…
    sentences |= {i for i, mark in enumerate(marks) if mark.kind == "part" and i + 1 in sentences}
    imitations = entries_of_contents(text, marks) | sentences
    marks = [mark for i, mark in enumerate(marks) if i not in imitations]
    worn = worn_lines(text, lines, marks)
    # Where headings lost their ends, their items seem to tell what stands below them.
    figures = {i for i in data_in_items(text, marks) if marks[i].line not in worn}
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
    builder = Builder(
        text,
        last_second={mark.kind: mark.start for mark in marks if mark.number == 2},
        resumed=resumed(marks),
        chapters=chapters(text, marks),
        worn={number: lines[number].start for number in worn},
    )
    for mark in marks:
        builder.offer(mark)
    warnings = [*builder.warnings]
    if others := [clean_cell(text[mark.start : mark.after + 8]) for held in worn.values() for mark in held]:
        shown = "、".join(others[:3])
        warnings.append(
            Warn("outline_uncertain", f"{len(others)} headings in a text without breaks or blanks: {shown}")
        )
    if others := untold(text, lines[:last], marks):
        shown = "、".join(others[:3])
        warnings.append(
            Warn("outline_uncertain", f"{len(others)} places may be headings whose type or breaks were lost: {shown}")
        )
    return Outline(_sections(text, builder.opened, lines, end, gone, worn), tuple(dict.fromkeys(warnings)))


def _all_heads(marks: Sequence[Mark]) -> bool:
    """Whether headings without ordinals are this text's way: there is a second one, and no 一、 stands above them."""
    kinds = [mark.kind for mark in marks if mark.where == "line"]
    return kinds.count("head") > 1 and not {"cn", "book"} & {*kinds}


def _heads_parts(marks: Sequence[Mark]) -> bool:
    """Whether headings without ordinals divide the text: below the first and below another one 一、 begins anew."""
    begins = [one.kind == "head" and (two.kind, two.number) == ("cn", 1) for one, two in pairwise(marks)]
    return begins[:1] == [True] and begins.count(True) > 1


def _sections(
    text: str, opened: Sequence[Opened], lines: Sequence[Line], end: int, gone: Sequence[Span], worn: Container[int]
) -> tuple[Section, ...]:
    levels = levels_of(opened)
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
            title = heading_text(
                text, held.mark, min(following, line.end), whole=held.mark.kind == "head", worn=held.mark.line in worn
            )
            if held.mark.kind not in {"head", "tag", "part"}:
                title = without_what_it_tells(title, text[held.mark.start : min(following, stop)])
        sections.append(Section(title, level, held.mark.start, _before(gone, text, stop)))
    return tuple(sections)


def _before(gone: Sequence[Span], text: str, stop: int) -> int:
    """Where the text before `stop` ends, furniture left out: page numbers between two sections are in neither."""
    for start, end in reversed(gone[: bisect_left(gone, (stop, 0))]):
        if end > stop or text[end:stop].strip():
            break
        stop = start
    return stop


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
