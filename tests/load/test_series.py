"""Several bodies in one source: each report goes on by itself; a correction still displaces what it corrects."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tasks.check import CheckSettings, check
from tasks.load import Disclosure, load
from tasks.load.naming import others, stem, title_likeness, titles_conflict
from tasks.load.sketches import sketch, sketched_share
from tasks.model import Kind, Meta, Period, Report, Section
from tasks.observe import observe
from tasks.read import read
from tests.load.composed import disclosure, row
from tests.load.dumps import CLOCKS, dump
from warehouse import Warehouse

SEEDS = Path(os.environ.get("JIBAO_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))
FINANCE = (
    "完善预算绩效管理",
    "压减一般性支出百分之五",
    "争取专项债额度",
    "清理财政存量资金",
    "政府采购电子化",
    "国资监管平台上线",
)


@pytest.fixture
def warehouse(warehouse_url: str) -> Iterator[Warehouse]:
    with Warehouse(warehouse_url) as opened:
        yield opened


def of_finance(period: str, *, title: str, publisher: str | None = "区财政局", **more: Any) -> Disclosure:
    """The table of another body, in the same source, about the same quarter."""
    quarter = Period.parse(period).last_month // 3
    rows = tuple(
        replace(
            row(n, quarter),
            content=text,
            status=f"{text}：第{quarter}阶段已经过半",
            category="财政",
            units=("区财政局",),
            seq=n + 1,
            cells={"序号": str(n + 1), "工作任务": text},
        )
        for n, text in enumerate(FINANCE)
    )
    found = disclosure(
        period, rows=rows, observations=(), title=title, url=f"http://x.example/cz/{period}.html", **more
    )
    return replace(found, report=replace(found.report, meta=replace(found.report.meta, publisher=publisher)))


def two_bodies() -> list[Disclosure]:
    """The titles drift from quarter to quarter, for both."""
    ours = [
        disclosure("2024Q1", title="2024年第一季度政府工作报告重点任务目标执行情况"),
        disclosure("2024Q2", title="2024年上半年清河区《政府工作报告》主要任务执行情况表"),
        disclosure("2024Q3", title="2024年三季度《政府工作报告》重点任务完成情况"),
    ]
    theirs = [
        of_finance("2024Q1", title="区财政局2024年一季度重点工作进展"),
        of_finance("2024Q2", title="2024年1-6月区财政局重点工作推进情况表"),
        of_finance("2024Q3", title="区财政局前三季度工作完成情况（2024年）"),
    ]
    return [*ours, *theirs]


def loaded(url: str, found: Sequence[Disclosure]) -> dict[str, list[tuple[object, ...]]]:
    with Warehouse(url) as warehouse:
        for item in found:
            load(warehouse, item, run_id="r")
        return dump(warehouse, without=CLOCKS | {"run_id"})


def test_two_bodies_in_one_source_stand_side_by_side(warehouse: Warehouse) -> None:
    results = [load(warehouse, item, run_id="r") for item in two_bodies()]
    assert {(r.state, r.relation) for r in results} == {("loaded", "new")}
    now = warehouse.query("v_document", current=True)
    assert now.height == 6
    assert set(now["state"]) == {"loaded"}
    assert warehouse.query("v_change", filters={"scope": "revision"}).is_empty()
    steps = warehouse.query("v_change", filters={"scope": "quarter"})
    assert "row" not in set(steps["facet"]), "a body's rows were compared with another's"
    progress = warehouse.query("v_progress", current=True)
    per_commitment = progress.group_by("commitment_id").len()
    assert set(per_commitment["len"]) == {3}
    assert per_commitment.height == 8 + len(FINANCE)


def test_any_order_of_two_bodies(tmp_path: Path) -> None:
    expected = None
    for n, order in enumerate(list(permutations(range(6)))[::90]):
        found = loaded(f"sqlite:///{tmp_path / f'{n}.db'}", [two_bodies()[k] for k in order])
        expected = expected or found
        assert found == expected


def test_a_correction_displaces_its_own_body_only(warehouse: Warehouse) -> None:
    ours, theirs = two_bodies()[0], two_bodies()[3]
    mended = of_finance("2024Q1", title="区财政局2024年一季度重点工作进展（更正）", published=date(2024, 5, 6))
    rows = tuple(replace(r, status="更正后的说法") if r.index == 2 else r for r in mended.report.rows)
    mended = replace(mended, key="mended", url="http://x.example/m", report=replace(mended.report, rows=rows))
    for item in (theirs, ours, mended):
        result = load(warehouse, item, run_id="r")
    assert result.relation == "correction"
    believed = set(warehouse.query("v_progress", current=True)["document_url"])
    assert believed == {ours.url, mended.url}


def test_titles_that_drift_do_not_break_a_chain(warehouse: Warehouse) -> None:
    titles = (
        "2024年第一季度政府工作报告重点任务目标执行情况",
        "关于2024年上半年重点工作推进的通报",
        "任务清单（2024年1-9月）",
        "2024年度清河区政府工作报告主要任务落实情况表",
    )
    for n, title in enumerate(titles, 1):
        load(warehouse, disclosure(f"2024Q{n}", title=title), run_id="r")
    assert set(warehouse.query("v_progress").group_by("commitment_id").len()["len"]) == {4}


def test_the_same_promise_of_two_bodies_is_two_commitments(warehouse: Warehouse) -> None:
    ours = disclosure("2024Q1", title="2024年一季度区府办重点任务")
    text = ours.report.rows[0].content
    theirs = of_finance("2024Q1", title="2024年一季度区财政局重点任务")
    rows = tuple(replace(r, content=text) if r.index == 0 else r for r in theirs.report.rows)
    load(warehouse, ours, run_id="r")
    load(warehouse, replace(theirs, report=replace(theirs.report, rows=rows)), run_id="r")
    same = warehouse.query("v_progress", filters={"content": text}, current=True)
    assert same.height == 2
    assert same["commitment_id"].n_unique() == 2


def prose(text: str, *, title: str | None, publisher: str | None, key: str, day: date) -> Disclosure:
    at = Period.parse("2023")
    meta = Meta(title=title, publisher=publisher, published_on=day, kind=Kind.SUMMARY, period=at)
    found = disclosure(
        "2023", rows=(), observations=(), settings=CheckSettings(), url=f"http://x.example/{key}", key=key
    )
    report = Report(meta, sections=(Section("一、工作", 1, 0, len(text)),), text=text)
    return replace(
        found, report=report, checks=check(report), known_at=datetime(day.year, day.month, day.day, tzinfo=UTC)
    )


def test_summaries_of_two_bodies_are_both_believed(warehouse: Warehouse) -> None:
    one = prose("完成预算编制工作。推进绩效评价改革。", title=None, publisher="区财政局", key="a", day=date(2024, 1, 9))
    other = prose("改善办学条件二十处。招聘教师六十名。", title=None, publisher=None, key="b", day=date(2024, 2, 9))
    for item in (one, other):
        assert load(warehouse, item, run_id="r").relation == "new"
    assert warehouse.query("v_document", current=True).height == 2


def test_a_summary_published_again_with_a_change_is_a_correction(warehouse: Warehouse) -> None:
    told = "完成预算编制工作。推进绩效评价改革。压减一般支出五项。清理存量资金三批。"
    one = prose(told, title=None, publisher=None, key="a", day=date(2024, 1, 9))
    again = prose(told.replace("三批", "四批"), title=None, publisher=None, key="b", day=date(2024, 2, 9))
    for item in (one, again):
        result = load(warehouse, item, run_id="r")
    assert result.relation == "correction"
    assert warehouse.query("v_document", current=True)["url"].to_list() == [again.url]


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"no seed documents at {SEEDS}")
def test_the_real_documents_stand_side_by_side_in_any_order(tmp_path: Path) -> None:
    found = []
    for n, path in enumerate(sorted(SEEDS.glob("*.txt"))):
        report = read(path.read_bytes(), name=path.name)
        base = disclosure("2024Q1", settings=CheckSettings(), key=path.name, url=f"http://x.example/{path.name}")
        at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=n)
        found.append(replace(base, report=report, observations=observe(report), checks=(), known_at=at))
    seen = None
    for n, order in enumerate((found, found[::-1], found[2:] + found[:2])):
        url = f"sqlite:///{tmp_path / f'{n}.db'}"
        content = loaded(url, order)
        with Warehouse(url) as warehouse:
            now = warehouse.query("v_document", current=True)
        assert now.height == len(found)
        assert set(now["state"]) == {"loaded"}
        seen = seen or content
        assert content == seen


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("区府办", "拱墅区人民政府办公室", False),
        ("区发改经信局", "杭州市拱墅区发展改革和经济信息化局", False),
        ("区发改局", "汀洲区发展和改革局", False),
        ("区财政局", "区民政局", True),
        ("云溪区财政局", "汀洲区财政局", True),
        ("杭州市汀洲区财政局", "汀洲区财政局", False),
        (None, "区财政局", False),
    ],
)
def test_who_can_be_the_same_body(a: str | None, b: str | None, apart: bool) -> None:
    assert others(a, b) is apart
    assert others(b, a) is apart


def test_titles_without_their_period() -> None:
    assert stem("2024年第一季度重点任务执行情况（更正）") == stem("2023年上半年重点任务执行情况")
    assert titles_conflict("区财政局2023年工作总结", "区民政局2023年工作总结")
    assert not titles_conflict("2024年一季度区府办落实《区财政局意见》情况", "2024年二季度政府工作报告执行情况")
    assert title_likeness("2024年", "2024年三季度执行情况") is None


def test_a_sketch_tells_the_share_of_two_texts() -> None:
    sentences = [f"第{n}项工作按照既定安排推进" for n in range(400)]
    half = sentences[:200] + [f"另外的事情{n}也已经办好" for n in range(200)]
    share = sketched_share(sketch(["。".join(sentences).replace("。", ".")]), sketch([".".join(half)]))
    assert share is not None
    assert abs(share - 1 / 3) < 0.2
    assert sketched_share(sketch(["短"]), sketch(["短"])) is None
