"""Real documents: titles, publishers, periods and outlines of the seeds."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from tasks.model import Kind, Period
from tasks.periods import find_period
from tasks.read.furniture import strip_furniture
from tasks.read.metadata.reading import kind_of, read_metadata
from tasks.read.prose.outline import is_plan, outline_blocks
from tasks.read.textdump import read_text

SEEDS = Path(os.environ.get("JIBAO_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))


def seed(number: str) -> str:
    found = sorted(SEEDS.glob(f"{number}_*.txt")) if SEEDS.is_dir() else []
    if not found:
        pytest.skip(f"no seed {number} in {SEEDS}: set JIBAO_SEEDS to the folder of seed documents")
    return found[0].read_text("utf-8")


@pytest.mark.parametrize(
    ("number", "publisher", "index", "published", "period"),
    [
        ("000", "区发改经信局", "00250027-9/2024-31707", date(2024, 10, 29), "2024Q3"),
        ("001", "区府办", "K1493206-6/2020-11938", date(2020, 7, 22), "2020Q2"),
        ("002", "区发展和改革局", "002508123/2024-03613", None, "2023"),
        ("003", None, None, None, "2023"),
        ("004", "杭州市钱塘区人民政府", None, None, "2023"),
    ],
)
def test_metadata_and_period(
    number: str, publisher: str | None, index: str | None, published: date | None, period: str
) -> None:
    page = read_text(seed(number))
    meta = read_metadata(page).meta
    assert (meta.publisher, meta.index_number, meta.published_on) == (publisher, index, published)
    kind = kind_of(meta.title, page.text)
    found = find_period(title=meta.title, texts=[page.text], published_on=meta.published_on, kind=kind)
    assert found.period == Period.parse(period)
    assert "period_contradiction" not in {w.code for w in found.warnings}


@pytest.mark.parametrize(
    ("number", "kind", "chapters", "second", "total"),
    [
        ("002", Kind.SUMMARY, 2, 8, 50),
        ("003", Kind.SUMMARY, 3, 8, 50),
        ("004", Kind.WORK_REPORT, 3, 0, 3),
    ],
)
def test_outlines(number: str, kind: Kind, chapters: int, second: int, total: int) -> None:
    page = read_text(seed(number))
    meta = read_metadata(page)
    assert kind_of(meta.meta.title, page.text) is kind
    stripped = strip_furniture(page.body, text=page.text)
    sections = outline_blocks(page.text, stripped.blocks).sections
    assert [s.level for s in sections].count(1) == chapters
    assert [s.level for s in sections].count(2) == second
    assert len(sections) == total
    assert all(page.text[s.start :].lstrip().startswith(s.title[:6]) for s in sections)
    if kind is Kind.SUMMARY:
        plans = [s.title for s in sections if s.level == 1 and is_plan([s.title], "", 2023)]
        assert plans == [sections[-1].title] or len(plans) == 1


def test_the_copied_report_loses_its_reposters_frame() -> None:
    page = read_text(seed("004"))
    removed = {r.reason for r in strip_furniture(page.body, text=page.text).removed}
    assert removed == {"navigation", "disclaimer", "address", "comments"}
