"""Tables of text whose rows are parted by rules, their cells broken into lines of a fixed width by a converter."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest

from tasks.check import check, held_by
from tasks.errors import JibaoError
from tasks.model import Row
from tasks.observe import Context, observe, quantities
from tasks.observe.broken import moved
from tasks.read import read
from tests.read.composed import Composed, compose
from tests.read.test_tables_shapes import SHAPES, meant, told

PLAIN = {"rule": "-", "heads": "=", "left": "+", "inner": "+", "right": "+", "bar": "|"}
BOXED = {"rule": "─", "heads": "━", "left": "├", "inner": "┼", "right": "┤", "bar": "│"}


def wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def broken(text: str, width: int) -> list[str]:
    """The text in lines no wider than that, as a converter breaks it: anywhere but in front of nothing."""
    lines = [""]
    for char in text:
        if wide(lines[-1] + char) > width:
            lines.append("")
        lines[-1] += char
    return lines


def grid(rows: Sequence[Sequence[str]], widths: Sequence[int], signs: dict[str, str], *, rules: str = "all") -> str:
    """The rows between rules; `rules`: `all` of them, or only `around` the headings and the table."""

    def rule(sign: str) -> str:
        return signs["left"] + signs["inner"].join(signs[sign] * (width + 2) for width in widths) + signs["right"]

    lines = [rule("rule")]
    for number, row in enumerate(rows):
        cells = [broken(text, width) for text, width in zip(row, widths, strict=True)]
        for line in range(max(map(len, cells))):
            parts = [cell[line] if line < len(cell) else "" for cell in cells]
            padded = (f" {part}{' ' * (width - wide(part))} " for part, width in zip(parts, widths, strict=True))
            lines.append(signs["bar"] + signs["bar"].join(padded) + signs["bar"])
        if rules == "all" or number in (0, len(rows) - 1):
            lines.append(rule("heads" if number == 0 else "rule"))
    return "\n".join(lines)


def printed(table: Composed) -> list[list[str]]:
    spans = {name: table.groups(name) for name in table.columns}
    body = [
        [table.printed(row, name) if spans[name][number] else "" for name in table.columns]
        for number, row in enumerate(table.rows)
    ]
    return [[table.headings[name] for name in table.columns], *body]


def of(rows: Sequence[Row]) -> list[tuple[object, ...]]:
    """What the rows say; where a line of a status ends is the converter's doing."""
    return [told(replace(row, status=row.status and row.status.replace("\n", ""))) for row in rows]


WIDTHS = {"seq": 6, "progress": 8, "leader": 8, "category": 10, "units": 16}


# The seeds are fixed: what hypothesis draws changes with the constants of our own modules.
@pytest.mark.parametrize("seed", range(24))
@pytest.mark.parametrize("signs", [PLAIN, BOXED], ids=["plain", "boxed"])
def test_what_stands_between_two_rules_is_one_row(seed: int, signs: dict[str, str]) -> None:
    random = Random(seed)
    table = compose(random, shape=random.choice(SHAPES[:6]))
    widths = [WIDTHS.get(name, random.choice([18, 25, 32])) + random.choice([0, 2]) for name in table.columns]
    text = f"{table.title}\n\n{grid(printed(table), widths, signs)}\n\n说明：本表每季度更新一次。\n"
    try:
        report = read(text.encode())
    except JibaoError:
        return
    if not held_by(check(report)):
        assert of(report.rows) == [meant(task) for task in table.rows]


@pytest.mark.parametrize("signs", [PLAIN, BOXED], ids=["plain", "boxed"])
@pytest.mark.parametrize("rules", ["all", "around"])
def test_a_row_of_one_line_is_a_row_whatever_the_rules(signs: dict[str, str], rules: str) -> None:
    for seed in range(6):
        table = compose(Random(seed), shape=SHAPES[0])
        rows = printed(table)
        widths = [max(wide(row[i]) for row in rows) for i in range(len(rows[0]))]
        report = read(f"{table.title}\n\n{grid(rows, widths, signs, rules=rules)}\n".encode())
        assert of(report.rows) == [meant(task) for task in table.rows]


@pytest.mark.parametrize("signs", [PLAIN, BOXED], ids=["plain", "boxed"])
def test_all_lines_of_broken_cells_are_read(signs: dict[str, str]) -> None:
    for seed in range(6):
        table = compose(Random(seed), shape=SHAPES[0], empties=False)
        widths = [WIDTHS.get(name, 24) for name in table.columns]
        report = read(f"{table.title}\n\n{grid(printed(table), widths, signs)}\n".encode())
        assert of(report.rows) == [meant(task) for task in table.rows]


def test_figures_of_a_broken_cell_are_found_again_where_its_bars_are_not_told() -> None:
    cell = "建成食堂9家，改造市场2个。"
    text = "| 1 | 建成食堂9家，\n改造 | 市场2个。 |"
    found = quantities(cell, Context(field="status"))
    seen = moved(found, text, (6, len(text) - 2), cell)
    assert [text[each.start : each.end] for each in seen] == ["9家", "2个"]


def test_a_figure_that_is_not_found_again_keeps_its_cell() -> None:
    cell, text = "建成食堂19家。", "| 1 | 建成食堂1 | 区里 |\n | 9家。 |"
    found = quantities(cell, Context(field="status"))
    assert [(each.text, each.start, each.end) for each in moved(found, text, (6, len(text)), cell)] == [
        ("19家", 6, len(text))
    ]


def test_a_target_in_a_broken_cell_is_read() -> None:
    rows = [
        ["序号", "指标名称", "年度目标", "责任单位", "完成情况"],
        ["1", "规上工业增加值", "增长7.5%以上并争取更好成绩", "区经信局、区统计局", "增长8.1%，高于全市平均。"],
        ["2", "固定资产投资", "完成126亿元并力争多投产", "区发改局、区统计局", "完成98亿元，进度快于去年。"],
        ["3", "社会消费品零售总额", "增长6%以上并争取更好成绩", "区商务局、区统计局", "增长6.3%，高于全市平均。"],
    ]
    text = f"云汀区2024年三季度主要指标完成情况\n\n{grid(rows, [4, 12, 12, 10, 14], PLAIN)}\n"
    seen = observe(read(text.encode()))
    assert {(o.row, o.text) for o in seen if o.field == "content"} >= {(1, "126亿元")}
    assert not any("|" in (o.metric or "") for o in seen)


def test_quantities_of_broken_cells_are_read_where_they_stand() -> None:
    rows = [
        ["序号", "工作任务", "责任单位", "完成情况"],
        ["1", "新建社区食堂12家，改造农贸市场3个", "区民政局、区商务局", "建成食堂9家，改造农贸市场2个并投用。"],
        ["2", "整治积水点21处", "区水务局", "完成整治17处，清淤管网36公里。"],
        ["3", "更新供水管网18公里", "区城投集团", "更新11公里。"],
    ]
    text = f"云汀区2024年三季度重点工作完成情况\n\n{grid(rows, [4, 16, 14, 17], PLAIN)}\n"
    report = read(text.encode())
    seen = observe(report)
    assert {(o.row, o.field, o.text) for o in seen} >= {
        (0, "content", "12家"),
        (0, "content", "3个"),
        (0, "status", "9家"),
        (1, "status", "17处"),
        (1, "status", "36公里"),
    }
    for each in seen:
        assert "".join(text[each.start : each.end].split()).startswith(each.text[0])
        assert text[each.end - 1] == each.text[-1]
    assert not any("|" in (each.metric or "") for each in seen)
