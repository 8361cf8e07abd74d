"""Indicator tables whose columns say since when a figure adds up, not that it is one."""

from __future__ import annotations

import pytest

from tasks.model import Row
from tasks.read import read

ROWS = [
    ["地区生产总值", "亿元", "31.2", "148.6", "5.8"],
    ["规模以上工业增加值", "亿元", "—", "—", "7.4"],
    ["社会消费品零售总额", "亿元", "9.7", "52.7", "5.6"],
]


def _rows(heads: list[str], month: bool) -> list[Row]:
    rows = [heads, *([*row[:2], *([row[2]] if month else []), *row[3:]] for row in ROWS)]
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    title = "云汀市2031年前三季度主要经济指标完成情况"
    return list(read(f"<html><body><h1>{title}</h1><table>{cells}</table></body></html>".encode()).rows)


@pytest.mark.parametrize("head", ["1-9月累计", "前三季度累计", "累计", "本月止累计", "绝对量", "总量", "本期值"])
@pytest.mark.parametrize("month", [False, True])
def test_what_adds_up_is_the_status_and_its_growth_stands_for_a_dash(head: str, month: bool) -> None:
    heads = ["指标名称", "单位", *(["9月"] if month else []), head, "同比增长（%）"]
    product, industry, sales = _rows(heads, month)
    assert (product.status, sales.status) == ("148.6", "52.7")
    assert "7.4" in (industry.status or "")


@pytest.mark.parametrize("head", ["累计完成率", "目标总量", "累计投资"])
def test_a_rate_a_target_and_a_sum_stay_what_they_are(head: str) -> None:
    assert {row.status for row in _rows(["指标名称", "单位", head, "完成情况"], month=False)} == {"5.8", "7.4", "5.6"}
