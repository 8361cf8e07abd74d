"""Real documents, where they are at hand: JIBAO_SEEDS or ../shared/seeds next to the checkout."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.model import Kind, Report
from tasks.read import read

FOLDER = Path(os.environ.get("JIBAO_SEEDS", Path(__file__).resolve().parents[2].parent / "shared" / "seeds"))


def seed(number: str) -> Report:
    found = sorted(FOLDER.glob(f"{number}_*.txt"))
    if not found:
        pytest.skip(f"the real documents are not at {FOLDER}; set JIBAO_SEEDS")
    return read(found[0].read_bytes(), name=found[0].name)


def test_piped_table_with_lost_cells_printed_twice() -> None:
    report = seed("000")
    rows = {row.seq: row for row in report.rows}
    assert len(report.rows) == 30
    assert (report.rows[0].seq, report.rows[-1].seq) == (1, 144)
    assert (rows[1].progress, rows[1].progress_text) == (None, "/")
    assert (rows[4].progress, rows[74].progress) == (Decimal(75), Decimal(235))
    assert rows[3].category == rows[1].category == "主要经济指标"
    assert rows[26].units == ("区发改经信局(产业科/工信科)",)
    assert rows[55].units == rows[52].units == ("区发改经信局(营商环境中心)",)
    assert all(row.content and row.status and row.units and row.category for row in report.rows)
    assert str(report.meta.period) == "2024Q3"
    assert report.meta.publisher == "区发改经信局"
    assert not any(warning.code == "copies_differ" for warning in report.warnings)
    for row in report.rows:
        assert row.content_at is not None
        assert row.status_at is not None
        assert report.text[slice(*row.content_at)] == row.content
        assert report.text[slice(*row.status_at)] == row.status


def test_table_flattened_to_paragraphs_printed_twice() -> None:
    report = seed("001")
    assert len(report.rows) == 128
    assert len({row.category for row in report.rows}) == 22
    assert all(row.content and row.status and row.units for row in report.rows)
    assert report.rows[0].category == "经济社会发展主要预期目标"
    assert report.rows[0].units == ("区发改经信局", "区科技工业区管委会", "各街道")
    assert report.rows[-1].category == "维护公共安全稳定"
    assert all(row.progress is None and row.progress_text is None for row in report.rows)
    assert str(report.meta.period) == "2020Q2"
    assert not any(warning.code == "copies_differ" for warning in report.warnings)


@pytest.mark.parametrize(("number", "kind"), [("002", Kind.SUMMARY), ("003", Kind.SUMMARY), ("004", Kind.WORK_REPORT)])
def test_prose_has_sections_and_no_rows(number: str, kind: Kind) -> None:
    report = seed(number)
    assert report.rows == ()
    assert report.sections
    assert report.meta.kind is kind
    assert report.meta.period is not None
    assert report.meta.period.year == 2023
