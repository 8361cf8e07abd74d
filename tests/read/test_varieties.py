"""The same table under every district's headings, in every shape: the same rows, or noise."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from tasks.check import check, held_by
from tasks.errors import JibaoError
from tasks.model import Report
from tasks.read import read
from tests.read.disclosures import DISCLOSURES as FIRST
from tests.read.disclosures import Disclosure
from tests.read.disclosures_fourth import FOURTH
from tests.read.disclosures_more import MORE
from tests.read.disclosures_third import MERGED_STATUS, THIRD
from tests.read.shapes import SHAPES, WHOLE
from tests.read.varieties import HEADINGS, printed

DISCLOSURES = {**FIRST, **MORE, **THIRD, **FOURTH}
# The checks that hold back a document whose rows may be wrong.
_OF_ROWS = {"cells_certain", "table_read", "table_complete", "copies_agree"}
# Shapes in which the numbers of rows, or every trace of a cell's end, are lost: held where they cannot be told.
DAMAGED = {"cells.txt", "blanks.txt", "unnumbered.txt", "cut.txt"}
# Documents of which some shape says too little: held there.
UNTOLD: set[tuple[str, str]] = {
    ("enterprises", "paragraphs.txt"),
    ("enterprises", "lines.txt"),
    ("proposals", "pipes.txt"),
}


def flat(text: str | None) -> str | None:
    """Without white space: shapes differ in how they print a line feed within a cell."""
    return re.sub(r"\s+|<br>", "", text) if text else None


def category(row: dict[str, str], section: str | None) -> str | None:
    return row.get("category") or (re.sub(r"^（?[一二三四五六][、）]", "", section) if section else None)


def expected(doc: Disclosure, *, numbered: bool = True) -> list[tuple[Any, ...]]:
    """(seq, category, content, units, status, progress, progress_text) of each row."""
    names = {name: heading for heading, name in doc.columns}
    made: list[tuple[Any, ...]] = []
    section: str | None = None
    for i, row in enumerate(doc.rows):
        section = doc.sections.get(i, section)
        progress, seq = row.get("progress", ""), row.get("seq")
        certain = re.fullmatch(r"([\d.]+)%?(?:\(已完成\))?", progress)
        status = row.get("status")
        if doc.status_parts:
            parts = {names[name].rsplit("/", 1)[-1]: row[name] for name in doc.status_parts}
            status = ";".join(f"{heading}:{text}" for heading, text in parts.items() if text != "—")
        made.append(
            (
                None if seq is None or not numbered else int(seq) if seq.isdecimal() else seq,
                category(row, section),
                flat(row["content"]),
                _units(row) if "units" in names else (),
                flat(status),
                Decimal(certain[1]) if certain else None,
                progress or row.get("asked") or None,
            )
        )
    return made


def _units(row: dict[str, str]) -> tuple[str, ...]:
    """The bodies that lead, then those that take part, none twice."""
    parts = (re.split(r"[、\n](?![^（]*）)", row.get(name, "")) for name in ("units", "answer", "support"))
    return tuple(dict.fromkeys(unit for part in parts for unit in part if unit.strip("—")))


def told(report: Report) -> list[tuple[Any, ...]]:
    return [
        (r.seq, r.category, flat(r.content), r.units, flat(r.status), r.progress, r.progress_text) for r in report.rows
    ]


def held(report: Report) -> bool:
    return any(check.name in _OF_ROWS for check in held_by(check(report)))


@cache
def body(name: str, shape: str, *, lossy: bool = False) -> bytes:
    return SHAPES[shape](DISCLOSURES[name] if name in DISCLOSURES else printed(name, lossy=lossy))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", [*DISCLOSURES, *(name for name in HEADINGS if name != "minimal")])
def test_same_rows_in_every_shape(name: str, shape: str) -> None:
    doc = DISCLOSURES.get(name) or printed(name)
    silent_or_right = shape in DAMAGED or (name, shape) in UNTOLD
    try:
        report = read(body(name, shape), name=shape)
    except JibaoError:
        assert silent_or_right
        return
    wanted = expected(doc, numbered=shape != "unnumbered.txt")
    assert told(report) == wanted or (silent_or_right and held(report))


@pytest.mark.parametrize("shape", WHOLE)
@pytest.mark.parametrize("name", DISCLOSURES)
def test_what_a_document_is_about(name: str, shape: str) -> None:
    doc = DISCLOSURES[name]
    meta = read(body(name, shape), name=shape).meta
    assert (str(meta.period), str(meta.kind), meta.title) == (doc.period, doc.kind, doc.title)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("name", HEADINGS)
def test_lost_statuses_are_right_or_noisy(name: str, shape: str) -> None:
    try:
        report = read(body(name, shape, lossy=True), name=shape)
    except JibaoError:
        assert shape not in WHOLE
        return
    wanted = expected(printed(name, lossy=True), numbered=shape != "unnumbered.txt")
    assert told(report) == wanted or (shape not in WHOLE and held(report))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_status_that_spans_tasks_is_that_of_each_or_of_none(shape: str) -> None:
    try:
        report = read(SHAPES[shape](MERGED_STATUS), name=shape)
    except JibaoError:
        assert shape in DAMAGED
        return
    wanted = expected(MERGED_STATUS, numbered=shape != "unnumbered.txt")
    spans = shape.endswith((".html", ".xlsx", ".docx"))
    if told(report) != wanted:
        # A merged cell that was lost looks like a blank one: the status is null then, and said to be.
        assert not spans
        lost = [(*row[:4], None, *row[5:]) for row in wanted]
        assert held(report) or all(
            got in (row, null) for got, row, null in zip(told(report), wanted, lost, strict=True)
        )
        assert "status_empty" in {warning.code for warning in report.warnings}
