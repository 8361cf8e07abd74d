"""Which texts of a report the grammar reads, and with what context: rows first, then the prose outside them."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from tasks.model import Kind, Observation, Report, Row, Section, Span
from tasks.observe.broken import is_broken, moved, standing_in
from tasks.observe.grammar import Context, placed, quantities
from tasks.observe.owners import topic as project
from tasks.observe.promises import named_by
from tasks.read.prose.outline import is_plan

_REVIEW = re.compile(r"完成情况|进展|推进情况|执行情况|落实情况|实施情况|总结|回顾|成效|亮点|存在")
_YEAR = re.compile(r"(20[0-9]{2})年")


def observe(report: Report) -> tuple[Observation, ...]:
    """The quantities of a report, in the order of its text. Offsets are those of `report.text`.

    A row whose cell has no place in the text is read all the same where its text can be found there.
    """
    meta = report.meta
    start, end = meta.period_start, meta.period_end
    if meta.period is not None:
        start, end = start or meta.period.start, end or meta.period.end
    year = end.year if end else None
    found: list[Observation] = []
    taken: set[Span] = set()
    cursor = 0
    contexts = {
        # A promise is one of its year, whichever quarter tells it: without the quarter's days its text is read once.
        "content": Context(field="content", start=None if year else start, year=year),
        "status": Context(field="status", start=start, end=end, year=year),
    }
    for row in report.rows:
        promised: list[Observation] = []
        for cell in ("content", "target", "status"):
            # A target beside a bare name (年度目标: 增长7%) belongs to what was promised.
            field = "status" if cell == "status" else "content"
            span = row.target_at if cell == "target" else _place(report, row, field, cursor)
            if span is None or span in taken:
                continue
            taken.add(span)
            cursor = max(cursor, span[0])
            owner = _owner(row.content, promised) if cell != "content" else None
            context = contexts[field] if owner is None else replace(contexts[field], owner=owner)
            text, offset = report.text[span[0] : span[1]], span[0]
            cell_text = {"content": row.content, "status": row.status}.get(cell) or ""
            if cell == "target" and "\n" in text:
                cell_text = standing_in(row.cells.values(), report.text, span) or text
            broken = is_broken(text, cell_text)
            if broken:
                text, offset = cell_text, 0
            told = placed(text, context, offset, row.index, _sections_at(report.sections, span[0]))
            if cell == "status":
                told = named_by(promised, text if broken else report.text, told, row.content)
            else:
                promised += told
            told = moved(told, report.text, span, text) if broken else told
            found.extend(told)
    for section, span in (*_prose(report, taken), *_beside(report)):
        titles = tuple(s.title for s in section)
        title = " ".join(titles)
        plan = _promises(titles, report.text[span[0] : span[1]], year, meta.kind is Kind.WORK_REPORT)
        plan_year = _plan_year(title, year) if plan else year
        context = Context(
            field="content" if plan else "status",
            start=start,
            end=end,
            year=plan_year,
            is_plan=plan,
            offset=span[0],
            wrapped=False,
            section=titles,
        )
        found.extend(quantities(report.text[span[0] : span[1]], context))
    return tuple(sorted(found, key=lambda o: (o.start, o.end)))


def _beside(report: Report) -> list[tuple[list[Section], Span]]:
    """The paragraphs that stand in no section alone, those of one section that follow one another in one."""
    found: list[tuple[list[Section], Span]] = []
    for start, end in report.told:
        around = sorted(_enclosing(report.sections, start), key=lambda s: s.level)
        if around and around[-1].start <= start < around[-1].start + len(around[-1].title):
            start = min(end, around[-1].start + len(around[-1].title))  # noqa: PLW2901 (the heading tells nothing)
        if found and found[-1][0] == around and not report.text[found[-1][1][1] : start].strip():
            found[-1] = (around, (found[-1][1][0], end))
        elif start < end:
            found.append((around, (start, end)))
    return found


def _promises(titles: tuple[str, ...], text: str, year: int | None, promise: bool) -> bool:
    """Whether a section tells what is intended. The outermost heading that says anything decides: under
    一、重点工作完成情况 a heading on 谋划思路 tells of the past. `promise`: the document is the January promise itself.
    """
    for title in titles[:2]:
        if _REVIEW.search(title):
            return False
        if is_plan((title,), year=year):
            return True
    return promise or (not titles and is_plan((), text, year))


def _plan_year(title: str, year: int | None) -> int | None:
    named = _YEAR.search(title)
    if named:
        return int(named[1])
    return year + 1 if year is not None and "年" in title else year


def _place(report: Report, row: Row, field: str, cursor: int) -> Span | None:
    span = row.content_at if field == "content" else row.status_at
    if span is not None:
        return span if span[1] > span[0] else None
    text = row.content if field == "content" else row.status
    if not text:
        return None
    at = report.text.find(text, cursor)
    if at < 0:
        at = report.text.find(text)
    return (at, at + len(text)) if at >= 0 else None


_CLAUSE = re.compile(r"[^,，。;；\n]+")
_IS_ONE = re.compile(r"[^0-9、和与及等]*(?<!行动|试点|改造|整治|创建|攻坚)(?<!建设)")
_SHORT_OWNER = re.compile(r"[^,，。;；:：0-9]{2,14}")


def _owner(content: str | None, promised: Sequence[Observation]) -> str | None:
    """A row's content names what its bare status counts: content 社会消费品零售总额, status 增长5.6%; or the project
    that its status tells of, where it promises no figures: content 完成岑河大桥建设, status 全长1.2公里."""
    if not content:
        return None
    if _SHORT_OWNER.fullmatch(content.strip()):
        return content.strip()
    if promised:
        return None
    about = {named for clause in _CLAUSE.findall(content) if (named := project(clause)) is not None}
    return about.pop() if len(about) == 1 and all(map(_IS_ONE.fullmatch, about)) else None


def _sections_at(sections: tuple[Section, ...], at: int) -> tuple[str, ...]:
    if not sections:
        return ()
    return tuple(s.title for s in sorted(_enclosing(sections, at), key=lambda s: s.level))


def _enclosing(sections: tuple[Section, ...], at: int) -> list[Section]:
    return [s for s in sections if s.start <= at < s.end]


def _prose(report: Report, taken: Collection[Span]) -> list[tuple[list[Section], Span]]:
    """The spans outside rows and remainders, cut where a section begins or ends."""
    if taken and report.told:
        return []  # what stands beside the table is told paragraph by paragraph
    size = len(report.text)
    blocked: list[Span] = sorted(report.remainder)
    if taken:
        blocked.append((min(s[0] for s in taken), max(s[1] for s in taken)))
        if not report.sections:
            return []
    cuts = {0, size}
    for section in report.sections:
        cuts |= {min(section.start, size), min(section.end, size)}
    for begin, end in blocked:
        cuts |= {begin, min(end, size)}
    spans: list[tuple[list[Section], Span]] = []
    for begin, end in pairwise(sorted(cuts)):
        if end <= begin or any(b <= begin and end <= e for b, e in blocked):
            continue
        around = sorted(_enclosing(report.sections, begin), key=lambda s: s.level)
        if taken and not around:
            continue
        spans.append((around, (begin, end)))
    return spans
