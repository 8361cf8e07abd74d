"""The law of dumps on tables with more to them: fractions, words for states, remarks, taking bodies, lines of the frame."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.check import check, held_by
from tasks.errors import JibaoError
from tasks.read import read
from tests.read.composed import Composed, Task, compose
from tests.read.test_tables_shapes import ANCHORED, TEXT_SHAPES, meant, told

STATES = ["已完成", "正在推进", "推进中", "正在办理", "长期坚持", "按序时推进", "已办结", "未启动", "持续推进"]
REMARKS = ["市级统筹", "跨年度项目", "与第3项合并", "新增任务"]
PARTNERS = ["区水务局", "区档案馆", "区气象局", "各镇街"]
FRAME = [
    "上一篇：云汀区2024年上半年重点任务执行情况",
    "下一条：无",
    "分享到：",
    "浏览次数：125",
    "说明：标★的为民生实事项目。",
    "备注：1.“/”表示不计进度。",
]
WAYS = ["fractions", "states", "remarks", "partners", "frame"]


@dataclass
class Widened(Composed):
    """A table with a column of remarks or of taking bodies besides, by the row they stand in."""

    more: dict[str, dict[int, str]] = field(default_factory=dict)

    def printed(self, row: Task, name: str) -> str:
        return self.more[name][id(row)] if name in self.more else super().printed(row, name)


def widened(random: Random, ways: set[str]) -> Widened:
    """An invented table, widened in some ways."""
    plain = compose(random, shape=list(random.choice(ANCHORED)))
    table = Widened(**{name: getattr(plain, name) for name in plain.__dataclass_fields__})
    if "fractions" in ways and "progress" in table.columns:
        for row in table.rows:
            share = random.choice([100, 100, 75, 80, 60, 104])
            row.progress, row.progress_text = share, f"{share / 100:g}"
    elif "states" in ways and "status" in table.columns:
        table.columns = [*(name for name in table.columns if name != "progress"), "progress"]
        table.headings = {**table.headings, "progress": random.choice(["办理状态", "完成状态", "目前状态"])}
        for row in table.rows:
            row.progress, row.progress_text = None, random.choice(STATES)
    if "remarks" in ways:
        table.columns = [*table.columns, "remark"]
        table.headings = {**table.headings, "remark": random.choice(["备注", "说明"])}
        table.more["remark"] = {id(row): random.choice(["", "", "", random.choice(REMARKS)]) for row in table.rows}
    if "partners" in ways and "units" in table.columns:
        place = table.columns.index("units") + 1
        table.columns = [*table.columns[:place], "partner", *table.columns[place:]]
        table.headings = {**table.headings, "units": "牵头单位", "partner": random.choice(["配合单位", "协办单位"])}
        table.more["partner"] = {id(row): random.choice(["", *PARTNERS]) for row in table.rows}
    return table


def wanted(table: Widened) -> list[tuple[object, ...]]:
    """What each row says, as `told` gives it."""
    made = []
    for row in table.rows:
        partner = table.more.get("partner", {}).get(id(row), "")
        made.append(meant(replace(row, units=(*row.units, *([partner] if partner else [])))))
    return made


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    ways=st.sets(st.sampled_from(WAYS), min_size=1, max_size=3),
    shape=st.sampled_from(sorted(TEXT_SHAPES)),
)
def test_a_dump_is_read_right_or_held_or_refused_by_name(seed: int, ways: set[str], shape: str) -> None:
    random = Random(seed)
    table = widened(random, ways)
    text = TEXT_SHAPES[shape](table, random)
    if "frame" in ways:
        text += f"\n{random.choice(FRAME)}\n"
    try:
        report = read(text.encode())
    except JibaoError:
        return
    if not held_by(check(report)):
        assert [told(row) for row in report.rows] == wanted(table)


@pytest.mark.parametrize("ways", [{"fractions"}, {"states"}, {"remarks"}, {"partners"}, {"frame"}])
def test_tabs_that_keep_blank_cells_lose_nothing(ways: set[str]) -> None:
    for seed in range(4):
        table = widened(Random(seed), ways)
        assert [told(row) for row in read(TEXT_SHAPES["tabs"](table, Random(seed)).encode()).rows] == wanted(table)


@pytest.mark.parametrize(
    ("seed", "ways", "shape"),
    [
        (883937, ["states"], "pipes, merged cells lost"),  # a state under the account that was lost before it
        (78, ["remarks", "states"], "pipes, merged cells lost"),
        (77, ["fractions", "remarks"], "pipes, merged cells lost"),  # 1.04 as an account
        (15, ["remarks", "states"], "lines"),  # a remark that comes again, as the name of a group
    ],
)
def test_a_cell_that_may_have_moved_holds_the_document(seed: int, ways: list[str], shape: str) -> None:
    random = Random(seed)
    text = TEXT_SHAPES[shape](widened(random, {*ways}), random)
    assert held_by(check(read(text.encode())))
