"""Whole disclosures: metadata in every layout, tables in two pieces and in parts, and nothing of the print lost."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tasks.errors import JibaoError
from tasks.model import Report
from tasks.observe import observe
from tasks.read import read
from tests.read.disclosures import DISCLOSURES, Disclosure
from tests.read.shapes import SHAPES, WHOLE, as_html
from tests.read.test_varieties import body, expected, flat, told

INDEX, NUMBER, PUBLISHER = "00250031-6/2024-41207", "平政办〔2024〕18号", "和平区人民政府办公室"
_FIELDS = {
    "索引号": INDEX,
    "文号": NUMBER,
    "发布机构": PUBLISHER,
    "成文日期": "2024-10-21",
    "发布日期": "2024-10-23",
    "公开方式": "主动公开",
}


def _pairs() -> str:
    items = list(_FIELDS.items())
    rows = [items[i : i + 2] for i in range(0, len(items), 2)]
    cells = ("".join(f"<td>{k}：</td><td>{v}</td>" for k, v in row) for row in rows)
    return "<table class=xxgk>" + "".join(f"<tr>{line}</tr>" for line in cells) + "</table>"


LAYOUTS = {
    "table": _pairs(),
    "list": "<ul>" + "".join(f"<li><span>{k}：</span>{v}</li>" for k, v in _FIELDS.items()) + "</ul>",
    "definitions": "<dl>" + "".join(f"<dt>{k}</dt><dd>{v}</dd>" for k, v in _FIELDS.items()) + "</dl>",
    "lines": "".join(f"<p>{k}: {v}</p>" for k, v in _FIELDS.items()),
    "inline": "<p>" + "　　".join(f"{k}：{v}" for k, v in _FIELDS.items()) + "</p>",
    "alternating": "".join(f"<p>{k}</p><p>{v}</p>" for k, v in _FIELDS.items()),
}


def page(doc: Disclosure, *, before: str = "", head: str = "") -> bytes:
    html = as_html(doc).decode()
    return html.replace("<head>", f"<head>{head}").replace("<h1>", f"{before}<h1>").encode()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["many", "department", "shared-work", "livelihood"])
def test_metadata_in_every_layout(name: str, layout: str) -> None:
    doc = DISCLOSURES[name]
    report = read(page(doc, before=LAYOUTS[layout]))
    meta = report.meta
    assert (meta.index_number, meta.document_number, meta.publisher) == (INDEX, NUMBER, PUBLISHER)
    assert (meta.generated_on, meta.published_on) == (date(2024, 10, 21), date(2024, 10, 23))
    assert (meta.title, str(meta.period)) == (doc.title, doc.period)
    assert told(report) == expected(doc)


def test_metadata_in_the_head_alone() -> None:
    doc = DISCLOSURES["department"]
    tags = (
        f'<meta name="ArticleTitle" content="{doc.title}"/><meta content="2024-10-23 09:12" name="PubDate"/>'
        f'<meta name="ContentSource" content="{PUBLISHER}"/>'
    )
    meta = read(page(doc, head=tags)).meta
    assert (meta.title, meta.publisher, meta.published_on) == (doc.title, PUBLISHER, date(2024, 10, 23))


@pytest.mark.parametrize("headed", [True, False])
@pytest.mark.parametrize("name", ["many", "department", "plain", "investment", "reviewed"])
def test_a_table_in_two_pieces(name: str, headed: bool) -> None:
    doc = DISCLOSURES[name]
    html = as_html(doc).decode()
    head, *rows = re.findall(r"<tr>.*?</tr>", html, re.DOTALL)
    # Cut where no merged cell reaches over the cut.
    cells = max(row.count("<td") for row in rows)
    cut = next(i for i in range(len(rows) // 2, 0, -1) if rows[i].count("<td") == cells)
    again = f"</table><p></p><table>{head if headed else ''}"
    two = html.replace(rows[cut], again + rows[cut])
    assert told(read(two.encode())) == expected(doc)


def test_two_tables_in_parts() -> None:
    one, two = DISCLOSURES["plain"], DISCLOSURES["project-progress"]
    tables = [re.search(r"<table>.*</table>", as_html(doc).decode(), re.DOTALL) for doc in (one, two)]
    parts = "".join(f"<p>{o}</p>{t[0]}" for o, t in zip(("一、督查事项", "二、民生项目"), tables, strict=True) if t)
    report = read(f"<html><head><title>{one.title}</title></head><body><h1>{one.title}</h1>{parts}</body>".encode())
    assert [row.content for row in report.rows] == [row["content"] for doc in (one, two) for row in doc.rows]
    assert [row.table for row in report.rows] == [0] * len(one.rows) + [1] * len(two.rows)
    assert {row.category for row in report.rows if row.table == 1} == {"民生项目"}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", DISCLOSURES)
def test_every_printed_text_is_somewhere(name: str, shape: str) -> None:
    try:
        report = read(body(name, shape), name=shape)
    except JibaoError:
        return
    doc = DISCLOSURES[name]
    kept = _kept(report)
    fields = [field for _, field in doc.columns if field != "seq" or shape in WHOLE]
    # A section's ordinal is no part of a category.
    texts = [*(row[field] for row in doc.rows for field in fields), *(name[2:] for name in doc.sections.values())]
    lost = [text for text in texts if text and flat(text) not in kept]
    assert not lost


def _kept(report: Report) -> str:
    """All that a report says, without white space: rows with their cells, sections and the named remainder."""
    parts = [text for row in report.rows for text in (*row.cells.values(), row.category or "", row.progress_text or "")]
    parts += [section.title for section in report.sections]
    parts += [report.text[start:end] for start, end in report.remainder]
    return re.sub(r"\s+|<br>", "", "\n".join(parts)).replace("|", "")


@pytest.mark.parametrize("shape", ["page.html", "table.xlsx", "pipes.txt", "paragraphs.txt"])
def test_a_printed_target_is_observed_as_one(shape: str) -> None:
    report = read(body("indicators", shape), name=shape)
    found = {(o.row, str(o.value), o.unit) for o in observe(report) if o.field == "content" and o.kind == "target"}
    assert {(0, "6", "%"), (1, "7", "%"), (5, "60", "家"), (11, "1.2", "万人")} <= found
