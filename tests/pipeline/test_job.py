"""Which periods and documents a run is about."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.config import Source
from tasks.model import DocumentRef, Period
from tasks.pipeline.job import Job, PeriodRangeError, select_documents, slot
from tasks.pipeline.summary import TROUBLED, DocumentOutcome, summarise

TODAY = date(2025, 2, 10)
periods = st.builds(
    lambda year, kind: Period(year, *kind),
    st.integers(2018, 2024),
    st.sampled_from(
        [("Q", n) for n in (1, 2, 3, 4)] + [("H", 1), ("H", 2), ("Y", 1)] + [("M", n) for n in range(1, 13)]
    ),
)


def source(cadence: str = "quarterly") -> Source:
    return Source.model_validate(
        {
            "id": "a", "name": "甲", "publisher": "甲", "portal": "html-list", "cadence": cadence,
            "listing": "https://example.gov.cn/list.html", "since": "2019Q1",
        }
    )  # fmt: skip


def ref(title: str, n: int = 0) -> DocumentRef:
    return DocumentRef("a", f"https://example.gov.cn/{n}.html", title, str(n))


@given(periods, st.sampled_from(["quarterly", "half-yearly", "annual"]))
def test_every_period_has_a_run_that_takes_it(period: Period, cadence: str) -> None:
    end = slot(period, cadence)
    assert end >= period.end
    assert end.year == period.year
    assert slot(period, "annual") == date(period.year, 12, 31)


def test_the_due_period_is_the_last_that_is_over() -> None:
    assert Job("ingest").wanted(source(), TODAY) == (Period.parse("2024Q4"),)
    assert Job("ingest").wanted(source("half-yearly"), date(2025, 6, 30)) == (Period.parse("2024H2"),)
    assert Job("ingest").wanted(source("annual"), TODAY) == (Period.parse("2024"),)


def test_nothing_before_the_sources_first_period() -> None:
    wanted = Job("backfill", Period.parse("2017Q1"), Period.parse("2019Q2")).wanted(source(), TODAY)
    assert wanted == (Period.parse("2019Q1"), Period.parse("2019Q2"))


def test_a_range_the_wrong_way_round_is_refused() -> None:
    with pytest.raises(PeriodRangeError):
        Job("backfill", Period.parse("2024Q4"), Period.parse("2024Q1"))


def test_titles_decide_and_silence_is_looked_at() -> None:
    listed = [
        ref("2024年三季度重点工作完成情况", 1),
        ref("2023年三季度重点工作完成情况", 2),
        ref("重点工作完成情况", 3),
        ref("2024年1-8月重点工作完成情况", 4),
        ref("2024年上半年重点工作完成情况", 5),
    ]
    wanted = Period.parse("2024Q3")
    taken = select_documents(listed, source(), Job("ingest", wanted, wanted, recheck=0), TODAY, {})
    assert {one.ref.key for one in taken.candidates} == {"1", "3", "4"}
    assert taken.passed_over == 2
    known = select_documents(
        listed, source(), Job("ingest", wanted, wanted, recheck=0), TODAY, {"3": Period(2020, "Q", 1)}
    )
    assert {one.ref.key for one in known.candidates} == {"1", "4"}
    again = select_documents(listed, source(), Job("ingest", wanted, wanted, recheck=1), TODAY, {})
    assert {one.ref.key for one in again.candidates} == {"1", "3", "4", "5"}


def test_a_run_is_futile_where_nothing_came_of_anything() -> None:
    def futile(*states: str) -> bool:
        return summarise("r", "ingest", None, [DocumentOutcome("a", state, state) for state in states]).futile

    assert futile("failed", "blocked", "gone")
    assert not futile()
    for state in ("loaded", "unchanged", "held", "not_published", "other_period"):
        assert not futile("failed", state)


@pytest.mark.parametrize("state", ["loaded", "unchanged", "not_published", *sorted(TROUBLED)])
def test_the_exit_status_tells_trouble(state: str) -> None:
    summary = summarise("r", "ingest", "2024Q3", [DocumentOutcome("a", "u", state)])
    assert summary.exit_status == (1 if state in TROUBLED else 0)
    assert summary.counts[state] == 1
