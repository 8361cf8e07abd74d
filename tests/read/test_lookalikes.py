"""Characters that only look like those they stand for: pasted from a PDF, or made by printing one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.lookalikes import as_ideographs, has_lookalikes
from tasks.model import Report
from tasks.read import read
from tests.read.attachment_files import docx_file, xlsx

TITLE = "云汀区2024年三季度重点任务完成情况"
ROWS = [
    ["序号", "目标任务", "责任单位", "完成情况"],
    ["1", "改造老旧小区面积9万平方米", "区住建局、区民政局", "截至9月底，已改造6万平方米，增长6.3%。"],
    ["2", "引进风电项目12个", "区商务局", "已引进9个，户均投资3亿元。"],
]
PASTED = str.maketrans("老小面方月长风民户", "⽼⼩⾯⽅⽉⻓⻛⺠⼾")


def page(rows: list[list[str]]) -> bytes:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><body><h1>{TITLE}</h1><table>{lines}</table></body></html>".encode()


def dump(rows: list[list[str]]) -> bytes:
    return "\n".join([TITLE, *(" | ".join(row) for row in rows)]).encode()


def told(report: Report) -> list[tuple[str | None, tuple[str, ...], str | None]]:
    return [(row.content, row.units, row.status) for row in report.rows]


def word(rows: list[list[str]]) -> bytes:
    return docx_file(rows, TITLE)


def sheet(rows: list[list[str]]) -> bytes:
    return xlsx([[TITLE], *rows])


@pytest.mark.parametrize("shape", [page, dump, word, sheet])
def test_a_pasted_table_says_what_it_shows(shape: Callable[[list[list[str]]], bytes]) -> None:
    pasted = [[cell.translate(PASTED) for cell in row] for row in ROWS]
    assert pasted != ROWS
    plain, odd = read(shape(ROWS)), read(shape(pasted))
    assert told(odd) == told(plain) == [(row[1], tuple(row[2].split("、")), row[3]) for row in ROWS[1:]]
    assert odd.text == plain.text
    assert {w.code for w in odd.warnings} - {w.code for w in plain.warnings} == {"lookalikes_replaced"}


@pytest.mark.parametrize("form", ["&#{};", "&#x{:x};"])
def test_characters_that_a_page_refers_to(form: str) -> None:
    def referred(text: str) -> str:
        return "".join(form.format(ord(c)) if has_lookalikes(c) else c for c in text.translate(PASTED))

    report = read(page([[referred(cell) for cell in row] for row in ROWS]))
    assert told(report) == told(read(page(ROWS)))
    assert "lookalikes_replaced" in {warning.code for warning in report.warnings}


def test_a_title_that_only_the_head_holds() -> None:
    body = page(ROWS).decode().replace(f"<h1>{TITLE}</h1>", "")
    for title in (TITLE, f"{TITLE}（⽅案）"):
        report = read(body.replace("<html>", f"<html><head><title>{title}</title></head>").encode())
        assert report.meta.title is not None
        assert not has_lookalikes(report.meta.title)


@given(st.text(st.characters(min_codepoint=0x2E00, max_codepoint=0xFAFF, exclude_categories=["Cs"])))
def test_replacing_keeps_every_place_and_says_how_many(text: str) -> None:
    made, replaced = as_ideographs(text)
    assert len(made) == len(text)
    assert replaced == sum(a != b for a, b in zip(text, made, strict=True))
    assert as_ideographs(made) == (made, 0)
    assert replaced == 0 or has_lookalikes(text)


@given(st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF)))
def test_plain_words_are_left_alone(text: str) -> None:
    assert as_ideographs(text) == (text, 0)


def test_every_radical_that_unicode_calls_a_word_is_read_as_one() -> None:
    for code in range(0x2F00, 0x2FD6):
        made, _ = as_ideographs(chr(code))
        assert unicodedata.name(made).startswith("CJK UNIFIED IDEOGRAPH")
