"""What follows from documents beyond their changes: contradictions, promises, the way back to the bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.check import CheckSettings
from tasks.load import Disclosure, load
from tasks.load.contradictions import contradictions
from tasks.load.follow import Attainment, attainments
from tasks.load.values import as_kept, progress_values, row_of
from tasks.model import Kind, Meta, Observation, Period, Report, Row
from tests.load.composed import SOURCE, disclosure, invested, row
from tests.load.dumps import CLOCKS, dump
from tests.postgres import database
from warehouse import Warehouse, errors

PROMISES = (
    "实施云溪老旧小区改造工程，惠及居民100户",
    "推进石桥污水处理厂二期扩建，日处理规模137吨",
    "建成长泾社区养老服务中心，新增床位174张",
    "半岭小学完成迁建，新增学位211个",
)


@pytest.fixture
def warehouse(warehouse_url: str) -> Iterator[Warehouse]:
    with Warehouse(warehouse_url) as opened:
        yield opened


def work_report(*, source: str = SOURCE, publisher: str = "清河区人民政府", text: str | None = None) -> Disclosure:
    told = text or "各位代表！\n　　" + "。\n".join(("今年要办好以下实事", *PROMISES, "持续优化营商环境")) + "。"
    meta = Meta(title="2024年政府工作报告", publisher=publisher, published_on=date(2024, 2, 1), kind=Kind.WORK_REPORT)
    report = Report(replace(meta, period=Period.parse("2024")), text=told)
    base = disclosure("2024", rows=(), observations=(), url="http://www.qinghe.example/gzbg.html", source=source)
    at = datetime(2024, 2, 1, 9, tzinfo=UTC)
    return replace(base, report=report, checks=(), known_at=at)


def codes(found: Warehouse) -> list[str]:
    ours = {"progress_below_status", "progress_above_status", "progress_against_figures", "progress_fell"}
    return sorted(code for code in found.query("v_warning")["code"] if code in ours)


@pytest.mark.parametrize(
    ("status", "progress", "code"),
    [
        ("已完成", 40, "progress_below_status"),
        ("已全部完成。", 80, "progress_below_status"),
        ("该项目已完工并投入使用", 60, "progress_below_status"),
        ("1-9月新增学位300个，已提前完成全年目标任务。", 75, "progress_below_status"),
        ("已完成", 100, None),
        ("已完成主体结构", 40, None),
        ("已完成投资3亿元，正在装修", 75, None),
        ("已完成年度任务的75%", 75, None),
        ("云溪项目已完成桩基，累计投入六十万元。", 40, None),
        ("两个项目均已完工，正在结算。", 90, "progress_below_status"),
        ("预计年底前完成全年目标", 75, None),
        ("尚未启动", 100, "progress_above_status"),
        ("未完成", 100, "progress_above_status"),
        ("未完成", 60, None),
        ("正常推进中", 100, None),
        (None, 50, None),
    ],
)
def test_percentages_against_what_is_said(status: str | None, progress: int, code: str | None) -> None:
    told = Row(index=3, content="改造", status=status, progress=Decimal(progress), progress_text=f"{progress}%")
    assert [w.code for w in contradictions([told], ())] == ([code] if code else [])


@pytest.mark.parametrize(
    ("pairs", "progress", "wrong"),
    [
        (((740, 621),), "84", False),
        (((740, 621),), "60", True),
        (((740, 900),), "100", False),
        (((740, 900),), "121.6", False),
        (((740, 621), (100, 20)), "50", False),
        (((740, 621), (100, 50)), "20", True),
        (((740, None),), "20", False),
    ],
)
def test_percentages_against_figures(pairs: tuple[tuple[int, int | None], ...], progress: str, wrong: bool) -> None:
    told = Row(index=0, content="投资", status="按计划推进", progress=Decimal(progress), progress_text=f"{progress}%")
    found = [
        Attainment(0, "投资", "level", "元", "exact", Decimal(t), None if a is None else Decimal(a), True, 0, None)
        for t, a in pairs
    ]
    assert [w.code for w in contradictions([told], found)] == ["progress_against_figures"] * wrong


def quantity(
    metric: str, value: float, *, kind: str = "actual", unit: str = "户", bound: str = "exact", at: int = 0
) -> Observation:
    """A count of row 0: a target of its content, or what its status reports at 1-9月."""
    found = invested(0, Period.parse("2024Q3"), value, kind=kind)
    told = Decimal(str(value))
    return replace(
        found, metric=metric, unit=unit, base_value=told, base_unit=unit, bound=bound, start=found.start + at
    )


@pytest.mark.parametrize(
    ("promised", "reported", "figure"),
    [
        ([("房屋征收", "户")], [("房屋征收", "户")], 5),
        ([("房屋征收", "户")], [("征收", "户")], 5),
        ([("空气质量优良率", "%")], [("空气优良率", "%")], 5),
        ([("改造老旧小区", "个")], [("开工改造老旧小区", "个")], None),
        ([("开工改造老旧小区", "个")], [("开工改造老旧小区", "个")], 5),
        ([("房屋征收", "户")], [("走访", "户")], None),
        ([("房屋征收", "户")], [("征收", "平方米")], None),
        ([("房屋征收", "户"), ("土地征收", "户")], [("征收", "户")], None),
        ([("房屋征收", "户")], [("征收", "户"), ("回迁", "户")], None),
    ],
)
def test_which_figure_answers_a_target(
    promised: list[tuple[str, str]], reported: list[tuple[str, str]], figure: float | None
) -> None:
    told = [quantity(m, 20, kind="target", unit=u, at=n) for n, (m, u) in enumerate(promised)]
    told += [quantity(m, 5, unit=u, at=n) for n, (m, u) in enumerate(reported)]
    found = attainments(told, Period.parse("2024Q3"))
    assert {None if a.actual is None else float(a.actual) for a in found} == {figure}


def test_a_figure_goes_on_under_the_name_of_its_target(warehouse: Warehouse) -> None:
    for n, (metric, value) in enumerate((("征收", 600), ("房屋征收", 1500)), 1):
        at = Period.parse(f"2024Q{n}")
        told = (quantity("房屋征收", 3000, kind="target"), quantity(metric, value))
        told = tuple(replace(o, period_start=at.start, period_end=at.end) for o in told)
        load(warehouse, disclosure(str(at), observations=told), run_id="r")
    found = warehouse.query("v_series").select("period", "metric", "single", "quality").rows()
    assert found == [("2024Q1", "征收", 600, "ok"), ("2024Q2", "房屋征收", 900, "ok")]


@pytest.mark.parametrize(
    ("target", "bound", "actual", "standing"),
    [
        (740, "at_least", 621.27, "ahead"),
        (740, "at_least", 500, "behind"),
        (0.4, "exact", 0.3, "ahead"),
        (5000, "at_most", 4100, "within"),
        (5000, "at_most", 5200, "over"),
    ],
)
def test_how_a_figure_stands(warehouse: Warehouse, target: float, bound: str, actual: float, standing: str) -> None:
    told = (quantity("投资", target, kind="target", bound=bound), quantity("投资", actual))
    load(warehouse, disclosure("2024Q3", observations=told), run_id="r")
    (found,) = warehouse.query("v_attainment").rows(named=True)
    assert found["standing"] == standing
    assert found["attainment"] == pytest.approx(actual / target)
    assert found["expected_share"] == 0.75


FIGURES = st.tuples(st.integers(1, 10**10), st.integers(0, 4)).map(lambda n: Decimal(n[0]).scaleb(-n[1]))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """A warehouse of each kind that many examples share."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path_factory.mktemp('kept') / 'kept.db'}"
        if request.param == "postgresql":
            url = stack.enter_context(database(request.getfixturevalue("postgres_server")))
        yield stack.enter_context(Warehouse(url))


@settings(max_examples=20, deadline=None)
@given(st.lists(FIGURES, min_size=3, max_size=3))
def test_what_follows_from_figures_has_no_more_digits_than_they_have(kept: Warehouse, figures: list[Decimal]) -> None:
    target, earlier, later = figures
    name = uuid4()  # a source of its own for each example
    for period, value in (("2024Q2", earlier), ("2024Q3", later)):
        at = Period.parse(period)
        told = (quantity("投资", 0, kind="target"), quantity("投资", 0))
        told = tuple(
            replace(o, value=v, base_value=v, period_start=at.start, period_end=at.end)
            for o, v in zip(told, (target, value), strict=True)
        )
        load(kept, disclosure(period, observations=told, source=str(name)), run_id="r")
    mine = {"source_id": str(name), "period": "2024Q3"}
    (single,) = kept.query("v_series", filters=mine)["single"]
    assert single == float(later - earlier)
    (attainment,) = kept.query("v_attainment", filters=mine)["attainment"]
    assert attainment == pytest.approx(float(later / target), rel=1e-12, abs=1e-8)
    assert attainment == round(attainment, 9)


def test_contradictions_are_warnings_and_go_with_what_said_them(warehouse: Warehouse) -> None:
    at = Period.parse("2024Q3")
    told = (invested(0, at, 740, kind="target"), invested(0, at, 621.27))
    rows = tuple(row(n, 3, progress=60 if n == 0 else None) for n in range(8))
    first = disclosure("2024Q3", rows=rows, observations=told)
    for _ in range(2):
        assert load(warehouse, first, run_id="r").state == "loaded"
    assert codes(warehouse) == ["progress_against_figures"]
    mended = tuple(row(n, 3, progress=84 if n == 0 else None) for n in range(8))
    later = disclosure("2024Q3", rows=mended, observations=told, known_at=first.known_at + timedelta(days=2))
    load(warehouse, later, run_id="r")
    assert codes(warehouse) == []
    past = warehouse.query("v_warning", as_of=first.known_at)
    assert "progress_against_figures" in set(past["code"])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_progress_that_falls_from_quarter_to_quarter(warehouse: Warehouse, order: tuple[int, int]) -> None:
    both = [
        disclosure(
            f"2024Q{q}", observations=(), rows=tuple(row(n, q, progress=p if n == 2 else None) for n in range(8))
        )
        for q, p in ((2, 80), (3, 65))
    ]
    for n in order:
        load(warehouse, both[n], run_id="r")
    assert codes(warehouse) == ["progress_fell"]
    (told,) = warehouse.query("v_warning", filters={"code": "progress_fell"}).rows(named=True)
    assert (told["period"], told["document_url"]) == ("2024Q3", both[1].url)


@pytest.mark.parametrize("source", [SOURCE, "qinghe-council"])
@pytest.mark.parametrize("first", [True, False])
def test_promises_are_found_in_januarys_report(warehouse: Warehouse, source: str, first: bool) -> None:
    report = work_report(source=source)
    tables = [disclosure(f"2024Q{q}", count=4) for q in (1, 2)]
    for item in (report, *tables) if first else (*tables, report):
        load(warehouse, item, run_id="r")
    found = warehouse.query("v_promise")
    assert found.height >= 3
    assert set(found["source_id"]) == {SOURCE}
    assert set(found["document_url"]) == {report.url}
    assert found["commitment_id"].n_unique() == found.height
    content = dict(warehouse.current(SOURCE, "2024Q1").select("commitment_id", "content").rows())
    for told in found.rows(named=True):
        text = report.report.text
        assert text[told["text_start"] : told["text_end"]] == told["promise"]
        assert 0.5 < told["confidence"] <= 1
        figure = "".join(c for c in content[told["commitment_id"]] if c.isdigit())
        assert figure in told["promise"]


def test_promises_of_other_bodies_and_years_are_left_alone(warehouse: Warehouse) -> None:
    load(warehouse, work_report(source="elsewhere", publisher="汀洲区人民政府"), run_id="r")
    load(warehouse, disclosure("2024Q1"), run_id="r")
    load(warehouse, disclosure("2025Q1"), run_id="r")
    assert warehouse.query("v_promise").is_empty()
    load(warehouse, work_report(), run_id="r")
    assert set(warehouse.query("v_promise")["year"]) == {2024}


def test_the_same_promises_in_any_order(tmp_path: object, warehouse_url: str) -> None:
    found = [work_report(), disclosure("2024Q1"), work_report(source="council"), disclosure("2024Q2", count=6)]
    with Warehouse(warehouse_url) as one, Warehouse(f"sqlite:///{tmp_path}/other.db") as other:
        for item in found:
            load(one, item, run_id="r")
        for item in reversed(found):
            load(other, item, run_id="r")
        without = CLOCKS | {"run_id"}
        assert dump(one, without=without) == dump(other, without=without)


def test_every_check_that_holds_is_told_with_its_figures(warehouse: Warehouse) -> None:
    load(warehouse, disclosure("2024Q1"), run_id="r")
    load(
        warehouse, disclosure("2024Q2", count=2, settings=CheckSettings(min_rows=3, max_dropped_share=0.3)), run_id="r"
    )
    (waiting,) = warehouse.pending()
    holding = {check.name: check.evidence for check in waiting.checks if check.verdict == "hold"}
    assert set(holding) == {"min_rows", "max_dropped_share"}
    assert "6" in holding["max_dropped_share"]
    assert "8" in holding["max_dropped_share"]
    for check in holding.values():
        assert check in waiting.reason


def test_from_a_value_back_to_the_bytes(warehouse: Warehouse) -> None:
    shown = disclosure("2024Q2")
    rows = tuple(replace(r, table=1) for r in shown.report.rows)
    shown = replace(shown, report=replace(shown.report, rows=rows))
    run = warehouse.start_run("ingest", "2024Q2")
    load(warehouse, shown, run_id=run)
    (link,) = warehouse.lineage(SOURCE, "2024Q2", row_index=3, field="status")
    assert (link.value, link.heading, link.span) == (rows[3].status, "完成情况", rows[3].status_at)
    assert (link.table_index, link.row_index, link.revision, link.run_id) == (1, 3, 1, run)
    assert (link.capture_sha256, link.capture_url) == (shown.captures[0].sha256, shown.url)
    assert (link.title, link.publisher) == (shown.report.meta.title, shown.report.meta.publisher)
    (same,) = warehouse.lineage(SOURCE, "2024Q2", commitment_id=link.commitment_id, field="progress")
    assert (same.value, same.heading, same.row_index) == (float(rows[3].progress or 0), "进度", 3)
    assert set(warehouse.query("v_lineage", filters={"field": "content"})["table_index"]) == {1}
    for wrong in ({"row_index": 99}, {"row_index": 3, "field": "cells"}, {}):
        with pytest.raises(errors.NoSuchValue):
            warehouse.lineage(SOURCE, "2024Q2", **wrong)
    with pytest.raises(errors.NoSuchValue):
        warehouse.lineage(SOURCE, "2024Q2", row_index=3, as_of=shown.known_at - timedelta(days=1))


numbers = st.one_of(
    st.none(), st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=2)
)
texts = st.one_of(st.none(), st.text(alphabet='完成情况1 、,"\\\n（）()', max_size=12))


@given(
    st.builds(
        Row,
        index=st.integers(0, 5),
        seq=st.one_of(st.none(), st.integers(0, 99), st.sampled_from(["1", "01", "二", "1.2", "²", ""])),
        category=texts,
        content=texts,
        units=st.lists(st.text(alphabet="区局、(（）)", max_size=5), max_size=3).map(tuple),
        status=texts,
        progress=numbers,
        progress_text=texts,
        cells=st.dictionaries(
            st.text(alphabet='序号"\\\n', max_size=4), st.text(alphabet='完"\\\n\t\x1f𠮷', max_size=6)
        ),
        content_at=st.one_of(st.none(), st.just((3, 9))),
        table=st.one_of(st.none(), st.integers(0, 3)),
        target_at=st.one_of(st.none(), st.just((11, 14))),
    )
)
def test_a_row_comes_back_as_comparisons_saw_it(told: Row) -> None:
    kept = row_of(progress_values(told))
    assert as_kept(told) == kept
    assert str(as_kept(told).progress) == str(kept.progress)
    assert (kept.cells, kept.units, kept.content_at, kept.table, kept.target_at) == (
        told.cells,
        told.units,
        told.content_at,
        told.table,
        told.target_at,
    )
