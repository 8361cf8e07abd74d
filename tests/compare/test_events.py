"""Documents as a whole, severity, and the way back to the work report."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tasks.compare import (
    EventKind,
    Severity,
    diff,
    document_event,
    is_correction,
    link_promises,
    same_table,
    severity,
)
from tasks.model import FacetChange, Meta, Relation, Report, Row
from tests.compare.pairs import promises

ROWS = tuple(
    Row(index=at, seq=at + 1, content=p.content, units=p.units, status=p.before, progress=Decimal(40))
    for at, p in enumerate(promises("dev")[:20])
)


def report(rows: tuple[Row, ...], title: str = "执行情况") -> Report:
    return Report(Meta(title=title), rows=rows)


def test_last_quarters_table_published_again_is_recognised() -> None:
    again = tuple(replace(row, index=19 - row.index, status=f" {row.status}。") for row in reversed(ROWS))
    assert same_table(ROWS, again)
    assert document_event(report(again), prior_period=report(ROWS)).kind is EventKind.REPUBLICATION
    moved = (replace(again[0], progress=Decimal(60)), *again[1:])
    assert not same_table(ROWS, moved)
    assert document_event(report(moved), prior_period=report(ROWS)).kind is EventKind.NEW_PERIOD


def test_nothing_is_not_a_republication() -> None:
    assert not same_table((), ())
    assert not same_table(ROWS, ROWS[:2])


def test_revision_correction_and_no_change() -> None:
    edited = (replace(ROWS[0], status="已提前完成"), *ROWS[1:])
    assert document_event(report(edited), same_period=report(ROWS)).kind is EventKind.REVISION
    corrected = document_event(report(edited, "执行情况（更正）"), same_period=report(ROWS))
    assert (corrected.kind, corrected.same, corrected.of) == (EventKind.CORRECTION, 19, 20)
    assert document_event(report(ROWS), same_period=report(ROWS)).kind is EventKind.UNCHANGED
    assert not is_correction("关于商事登记的执行情况")


def change(facet: str, before: str | None, after: str | None, **more: object) -> FacetChange:
    fields: dict[str, object] = {"old": 0, "new": 0, "relation": Relation.REWORDED, "delta": None} | more
    return FacetChange(facet=facet, old_value=before, new_value=after, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "tier"),
    [
        (change("seq", "1", "2"), Severity.FORM),
        (change("status", "开工", "完工"), Severity.NEWS),
        (change("status", "开工", None), Severity.ALARM),
        (change("progress", "40%", "60%", delta=Decimal(20)), Severity.NEWS),
        (change("progress", "60%", "40%", delta=Decimal(-20)), Severity.ALARM),
        (change("content", "新建学校5所", "建成学校5所"), Severity.SUBSTANCE),
        (change("content", "新建学校5所", "新建学校3所"), Severity.ALARM),
        (change("units", "甲", "乙"), Severity.SUBSTANCE),
        (change("row", "新建学校5所", None, relation=Relation.DROPPED, new=None), Severity.ALARM),
        (change("row", None, "新建学校5所", relation=Relation.ADDED, old=None), Severity.SUBSTANCE),
    ],
)
def test_tiers(one: FacetChange, tier: Severity) -> None:
    assert severity(one) is tier


def test_progress_changes_carry_their_delta_and_unknown_progress_none() -> None:
    later = tuple(replace(row, progress=Decimal("62.5") if row.index else None, progress_text="/") for row in ROWS)
    moved = {c.new: c for c in diff(ROWS, later).changes if c.facet == "progress"}
    assert len(moved) == len(ROWS)
    assert moved[0].delta is None
    assert moved[1].delta == Decimal("22.5")


def test_rows_find_the_sentence_that_promised_them() -> None:
    made = [
        "过去一年,全县上下同心。今年,我们将做好以下工作:一要兴教育。新建改扩建幼儿园、中小学11所,"
        "新增学位8600个。二要优环境。完成石灰河、大浜港清淤18万立方米;创建“污水零直排”小区45个,整治排污口120个。",
        "区第三人民医院新院区投用,新增床位500张。确保社会大局稳定。",
    ]
    rows = [
        Row(index=3, content="新增学位8600个,新建改扩建幼儿园和中小学11所"),
        Row(index=4, content="完成石灰河、大浜港清淤18万立方米"),
        Row(index=5, content="区三院新院区投用,床位新增500张"),
        Row(index=6, content="举办龙舟邀请赛等体育赛事30项"),
        Row(index=7, content="稳步推进"),
    ]
    found = {origin.row: origin for origin in link_promises(made, rows)}
    assert set(found) == {3, 4, 5}
    assert "8600" in found[3].sentence
    assert "清淤" in found[4].sentence
    for origin in found.values():
        assert made[origin.text][origin.start : origin.end] == origin.sentence
