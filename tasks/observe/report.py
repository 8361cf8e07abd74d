"""Which texts of a report the grammar reads, and with what context: rows first, then the prose outside them."""

from __future__ import annotations

import re
from itertools import pairwise

from tasks.model import Observation, Report, Row, Section, Span
from tasks.observe.grammar import Context, quantities

# A heading that opens a work plan: everything under it is promised, not reported.
_PLAN_TITLE = re.compile(
    r"(?:20[0-9]{2}年|明年|下一年|下半年|下一?步|下一?阶段|今后|来年|下季度)[^。,;]{0,16}?(?:思路|打算|计划|安排|目标|举措|任务|重点|谋划|工作)"
    r"|工作(?:思路|打算|计划|安排|谋划)|(?:努力|奋斗|预期)目标|下一?步"
)
_REVIEW_TITLE = re.compile(
    r"完成情况|进展情况|推进情况|执行情况|工作总结|落实情况|回顾|主要成效|工作成效|亮点|存在|完成的"
)
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
    taken: list[Span] = []
    cursor = 0
    for row in report.rows:
        for field in ("content", "status"):
            span = _place(report, row, field, cursor)
            if span is None or span in taken:
                continue
            taken.append(span)
            cursor = max(cursor, span[0])
            owner = _owner(row.content) if field == "status" else None
            context = Context(
                field=field,
                start=start,
                end=end,
                year=year,
                row=row.index,
                offset=span[0],
                owner=owner,
                section=_sections_at(report.sections, span[0]),
            )
            found.extend(quantities(report.text[span[0] : span[1]], context))
    for section, span in _prose(report, taken):
        title = " ".join(s.title for s in section)
        plan = is_plan_title(title)
        plan_year = _plan_year(title, year) if plan else year
        context = Context(
            field="content" if plan else "status",
            start=start,
            end=end,
            year=plan_year,
            is_plan=plan,
            offset=span[0],
            wrapped=False,
            section=tuple(s.title for s in section),
        )
        found.extend(quantities(report.text[span[0] : span[1]], context))
    return tuple(sorted(found, key=lambda o: (o.start, o.end)))


def is_plan_title(title: str) -> bool:
    """Whether a heading opens a plan: 二、2024年工作思路, 下一步工作打算."""
    return bool(_PLAN_TITLE.search(title)) and not _REVIEW_TITLE.search(title)


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


_SHORT_OWNER = re.compile(r"[^,，。;；:：0-9]{2,14}")


def _owner(content: str | None) -> str | None:
    """A row's content names what its bare status counts: content 社会消费品零售总额, status 增长5.6%."""
    if content and _SHORT_OWNER.fullmatch(content.strip()):
        return content.strip()
    return None


def _sections_at(sections: tuple[Section, ...], at: int) -> tuple[str, ...]:
    return tuple(s.title for s in sorted(_enclosing(sections, at), key=lambda s: s.level))


def _enclosing(sections: tuple[Section, ...], at: int) -> list[Section]:
    return [s for s in sections if s.start <= at < s.end]


def _prose(report: Report, taken: list[Span]) -> list[tuple[list[Section], Span]]:
    """The spans outside rows and remainders, cut where a section begins or ends."""
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
