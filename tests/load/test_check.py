"""The gate: each check with its verdict and figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tasks.check import Beside, CheckSettings, against, beside, check, held_by
from tasks.load import errors
from tasks.model import Check, Report, Verdict, Warn
from tests.load.composed import disclosure, row


def verdicts(checks: tuple[Check, ...]) -> dict[str, Verdict]:
    assert all(c.evidence for c in checks)
    return {c.name: c.verdict for c in checks}


def held(checks: tuple[Check, ...]) -> set[str]:
    return {c.name for c in held_by(checks)}


def report(period: str = "2024Q2", **changes: object) -> Report:
    found = disclosure(period).report
    meta = {k: v for k, v in changes.items() if k in ("title", "published_on")}
    rest = {k: v for k, v in changes.items() if k not in meta}
    return replace(found, meta=replace(found.meta, **meta), **rest)  # type: ignore[arg-type]


def test_a_sound_report_passes() -> None:
    found = check(report(), settings=CheckSettings(min_rows=8), previous=report("2024Q1").rows)
    assert held(found) == set()
    assert len(found) >= 8


def test_too_few_rows() -> None:
    assert held(check(report(), settings=CheckSettings(min_rows=9))) == {"min_rows"}
    assert verdicts(check(report(), settings=CheckSettings(min_rows=8)))["min_rows"] is Verdict.PASS


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("period_contradiction", "period_contradiction"),
        ("copies_disagree", "copies_agree"),
        ("table_incomplete", "table_complete"),
    ],
)
def test_warnings_of_the_reader_that_hold(code: str, name: str) -> None:
    assert held(check(report(warnings=(Warn(code, "2024Q1 or 2024Q2"),)))) == {name}
    assert held(check(report(warnings=(Warn("unknown_heading", "备注"),)))) == set()


def test_a_quarter_is_not_reported_before_its_last_month() -> None:
    assert held(check(report("2024Q3", published_on=date(2024, 7, 29)))) == {"published_after_period"}
    assert held(check(report("2024Q3", published_on=date(2024, 9, 28)))) == set()
    assert held(check(report("2024Q3", published_on=None))) == set()


@pytest.mark.parametrize("title", ["2024年二季度执行情况（一）", "2024年二季度执行情况(下)", "执行情况【2】"])
def test_a_part_is_no_report(title: str) -> None:
    assert held(check(report(title=title))) == {"whole_report"}


@pytest.mark.parametrize("title", ["2024年二季度执行情况", "执行情况（更正）", "（一）重点任务执行情况表"])
def test_other_brackets_are_no_part(title: str) -> None:
    assert held(check(report(title=title))) == set()


def test_dropped_rows_hold_beyond_the_sources_limit() -> None:
    before = tuple(row(n, 1) for n in range(10))
    now = tuple(row(n, 2) for n in range(7))
    facts = beside("2024Q1", before, now)
    assert (facts.rows_before, facts.rows_now, facts.dropped, facts.added) == (10, 7, 3, 0)
    assert held(against(facts, CheckSettings(max_dropped_share=0.3))) == set()
    assert held(against(facts, CheckSettings(max_dropped_share=0.29))) == {"max_dropped_share"}
    assert held(against(facts, CheckSettings())) == set()


def test_two_of_fifteen_left_hold_without_any_setting() -> None:
    facts = beside("2024Q1", tuple(row(n, 1) for n in range(12)), tuple(row(n, 2) for n in range(2)))
    assert held(against(facts, CheckSettings())) == {"max_dropped_share"}


def test_a_table_in_which_nothing_moved() -> None:
    rows = tuple(row(n, 1) for n in range(6))
    assert held(against(beside("2024Q1", rows, rows), CheckSettings())) == {"identical_to_previous"}
    moved = (*rows[:5], row(5, 2))
    assert held(against(beside("2024Q1", rows, moved), CheckSettings())) == set()
    assert held(against(beside("2024Q1", rows, moved), CheckSettings(max_identical_share=0.8))) == {
        "identical_to_previous"
    }
    assert held(against(beside("r1", rows, rows, revision=True), CheckSettings())) == set()


def test_means_and_counts_that_jump() -> None:
    high = tuple(row(n, 3, progress=90) for n in range(6))
    low = tuple(row(n, 4, progress=20) for n in range(6))
    assert held(against(beside("2024Q3", high, low), CheckSettings())) == {"mean_progress_jump"}
    assert held(against(beside("2024Q3", low, high), CheckSettings())) == set()
    many = Beside("2024Q1", 10, 31, 0, 21, 0)
    assert held(against(many, CheckSettings())) == {"row_count_jump"}


def test_every_error_is_in_the_runbook() -> None:
    told = (Path(__file__).parents[2] / "docs" / "runbook" / "load.md").read_text(encoding="utf-8")
    classes = [k for k in vars(errors).values() if isinstance(k, type) and k.__module__ == errors.__name__]
    assert classes
    for kind in classes:
        assert f"## {kind.__name__}\n" in told
    for name in ("min_rows", "whole_report", "mean_progress_jump"):
        assert f"| `{name}` |" in told
