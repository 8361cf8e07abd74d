"""Whatever a document prints ends in a row, a section, the metadata or the named remainder: over generated documents.

Every printed text carries a sign of its own, so that what was lost can be told whatever it was read as.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.errors import JibaoError
from tasks.model import Report
from tasks.read import read

_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_HEADINGS = {
    "seq": "序号",
    "category": "工作类别",
    "content": "重点任务",
    "units": "责任单位",
    "leader": "责任领导",
    "status": "完成情况",
    "progress": "完成率",
    "next": "下一步计划",
    "remark": "备注",
    "odd": "附注事由",
}
_ORDER = [
    ["seq", "category", "content", "units", "status", "progress"],
    ["category", "content", "units", "status"],
    ["seq", "content", "status", "units"],
    ["seq", "content", "leader", "units", "status", "remark"],
    ["units", "seq", "content", "status", "next"],
    ["seq", "content", "odd", "status", "progress"],
    ["content", "status"],
]
_CELLS = {
    "category": ["{}提质", "（一）{}工程", "{}"],
    "content": ["推进{}建设，新增2处", "{}改造提升。", "建成{}", "深化{}改革，办件率达到95%以上；优化服务"],
    "units": ["区{}局", "区{}局、各街道", "{}镇(办公室)", "{}"],
    "leader": ["{}"],
    "status": ["已完成{}2处。", "正在推进{}", "1-9月，{}完成3亿元，同比增长5%。", "{}", "1.{}开工。2.其余按计划推进"],
    "progress": ["75%（{}）", "{}", "约80%{}"],
    "next": ["继续推进{}", "加快{}进度。"],
    "remark": ["{}", "见{}"],
    "odd": ["{}"],
}
_ROWS = ("task", "task", "task", "task", "blank", "section", "total", "note", "number", "rest", "again", "partly")
_LINES = ("lead", "heading", "subheading", "note", "caption", "furniture", "list", "label")
_TEXTS = {
    "lead": "今年以来，{}各项工作有序推进，完成投资3亿元。",
    "heading": "一、{}工作情况",
    "subheading": "（二）{}稳步提升。新增学位420个。",
    "note": "注：{}数据为快报数。",
    "caption": "{}任务清单",
    "furniture": "{}",
    "list": "一是{}提速。二是服务提质。",
    "label": "填报单位：{}　　填报日期：2024年10月8日",
}


@dataclass(frozen=True)
class Printed:
    """A generated document: lines before and after a table, each row a text per column or one text for all."""

    title: str
    before: list[str]
    headings: list[str]
    rows: list[list[str] | str]
    after: list[str]
    signs: list[str]


def _signs() -> Iterator[str]:
    for parts in itertools.product(_BRANCHES, repeat=3):
        yield "".join(parts)


@st.composite
def documents(draw: st.DrawFn, kinds: tuple[str, ...] = _ROWS) -> Printed:
    signs = _signs()
    used: list[str] = []

    def signed(pattern: str) -> str:
        if "{}" not in pattern:
            return pattern
        used.append(next(signs))
        return pattern.format(used[-1])

    title = signed("{}区2024年三季度重点任务完成情况")
    before = [signed(_TEXTS[kind]) for kind in draw(st.lists(st.sampled_from(_LINES), max_size=4))]
    columns = draw(st.sampled_from(_ORDER))
    headings = [_HEADINGS[name] for name in columns]
    rows: list[list[str] | str] = []
    for number, kind in enumerate(draw(st.lists(st.sampled_from(kinds), max_size=9)), 1):
        if kind == "section":
            rows.append(signed("（三）{}方面"))
        elif kind == "note":
            rows.append(signed("备注：{}为市级任务。"))
        elif kind == "again":
            rows.append(list(headings))
        elif kind == "blank":
            rows.append([""] * len(columns))
        else:
            cells = []
            for place, name in enumerate(columns):
                if name == "seq":
                    text = "" if kind in ("total", "rest") else str(number)
                elif kind == "number" or (kind == "rest" and name != "status"):
                    text = ""
                elif kind == "total" and place < 2:
                    text = "合计"
                elif kind == "partly" and draw(st.booleans()):
                    text = ""
                else:
                    text = signed(draw(st.sampled_from(_CELLS[name])))
                cells.append(text)
            rows.append(cells)
    after = [signed(_TEXTS[kind]) for kind in draw(st.lists(st.sampled_from(_LINES), max_size=3))]
    return Printed(title, before, headings, rows, after, used)


def as_html(doc: Printed) -> bytes:
    def row(cells: list[str] | str) -> str:
        if isinstance(cells, str):
            return f"<tr><td colspan={len(doc.headings)}>{html.escape(cells)}</td></tr>"
        return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"

    lines = ["".join(f"<p>{line}</p>" for line in part) for part in (doc.before, doc.after)]
    table = "<table>" + "".join(map(row, [doc.headings, *doc.rows])) + "</table>" if doc.rows else ""
    return f"<html><body><h1>{doc.title}</h1>{lines[0]}{table}{lines[1]}</body></html>".encode()


def _lines(doc: Printed, divider: str, end: str) -> list[str]:
    if not doc.rows:
        return []
    return [
        row + divider * (len(doc.headings) - 1) + end if isinstance(row, str) else divider.join(row) + end
        for row in [doc.headings, *doc.rows]
    ]


def as_pipes(doc: Printed) -> bytes:
    return "\n".join([doc.title, *doc.before, *_lines(doc, " | ", " |"), *doc.after]).encode()


def as_tabs(doc: Printed) -> bytes:
    return "\n".join([doc.title, *doc.before, *_lines(doc, "\t", ""), *doc.after]).encode()


def as_paragraphs(doc: Printed) -> bytes:
    rows = [doc.headings, *doc.rows] if doc.rows else []
    cells = [cell for row in rows for cell in ([row] if isinstance(row, str) else row) if cell]
    return "\n\n".join([doc.title, *doc.before, *cells, *doc.after]).encode()


def as_blob(doc: Printed) -> bytes:
    return " ".join([doc.title, *doc.before, *doc.after]).encode()


_SHAPES: list[Callable[[Printed], bytes]] = [as_html, as_pipes, as_tabs, as_paragraphs, as_blob]


def kept(report: Report) -> str:
    """All that a report says, without white space."""
    meta = report.meta
    parts = [str(value) for value in (meta.title, meta.publisher, meta.index_number, meta.document_number)]
    for row in report.rows:
        parts += [row.category or "", row.content or "", *row.units, row.status or "", row.progress_text or ""]
        parts += row.cells.values()
    parts += [report.text[section.start : section.end] for section in report.sections]
    parts += [report.text[start:end] for start, end in report.remainder]
    return re.sub(r"\s+", "", "\n".join(parts))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(documents(), st.sampled_from(_SHAPES))
def test_every_printed_text_ends_somewhere(doc: Printed, shape: Callable[[Printed], bytes]) -> None:
    body = shape(doc)
    try:
        report = read(body)
    except JibaoError:
        return
    told = kept(report)
    assert [sign for sign in doc.signs if sign in body.decode() and sign not in told] == []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(documents(), st.sampled_from(_SHAPES))
def test_rows_and_remainder_do_not_share_their_text(doc: Printed, shape: Callable[[Printed], bytes]) -> None:
    try:
        report = read(shape(doc))
    except JibaoError:
        return
    for place in (span for row in report.rows for span in (row.content_at, row.status_at) if span is not None):
        assert all(end <= place[0] or place[1] <= start for start, end in report.remainder)
    spans = [*report.remainder]
    assert spans == sorted(spans)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(spans))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(documents(tuple(kind for kind in _ROWS if kind != "partly")))
def test_a_table_of_whole_rows_is_the_same_as_page_and_as_markdown(doc: Printed) -> None:
    """Where every cell is printed in both, neither may put it elsewhere. (Blank units of a dump may have been merged;
    blank cells at the end of a row may stand for lost ones before.)"""
    try:
        page, pipes = read(as_html(doc)), read(as_tabs(doc))
    except JibaoError:
        return
    rows = [[(row.seq, row.content, row.status) for row in report.rows] for report in (page, pipes)]
    noisy = {warning.code for report in (page, pipes) for warning in report.warnings}
    assert rows[0] == rows[1] or "columns_uncertain" in noisy
