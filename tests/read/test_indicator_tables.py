"""Tables of indicators: what was reached is the status, whatever stands beside it and however it is headed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tasks.read import read

CELLS = {
    "seq": ["1", "2", "3", "4"],
    "name": ["地区生产总值", "固定资产投资", "城镇新增就业", "空气质量优良率"],
    "measure": ["亿元", "亿元", "人", "%"],
    "target": ["280", "160", "5200", "90"],
    "done": ["211.4", "121.7", "4410", "88.4"],
    "growth": ["6.2", "5.1", "-2.1", "/"],
    "rank": ["3", "7", "5", "2"],
    "rate": ["75.5", "76.1", "84.8", "98.2"],
    "units": ["区发改局", "区发改局", "区人社局", "区生态环境分局"],
}
HEADINGS = [
    "序号:seq 指标名称:name 指标单位:measure 年度目标:target 完成值:done 同比增长（%）:growth 完成率（%）:rate 责任单位:units",
    "序号:seq 主要指标:name 计量单位:measure 目标值:target 实际完成:done 增速（%）:growth 完成年度目标（%）:rate 责任部门:units",
    "主要预期指标:name 单位:measure 全年目标:target 1—9月完成:done 同比±%:growth 完成预期目标%:rate 牵头单位:units",
    "编号:seq 考核指标:name 年度目标值:target 前三季度完成:done 增幅:growth 全市排名:rank 完成率（%）:rate 责任单位:units",
    "序号:seq 经济指标:name 单位:measure 年度目标:target 同比（%）:growth 累计完成:done 完成进度（%）:rate 责任部门:units",
]


@pytest.mark.parametrize("headings", HEADINGS)
def test_what_was_reached_is_the_status(headings: str) -> None:
    named = [part.split(":") for part in headings.split()]
    rows = [[heading for heading, _ in named], *([CELLS[field][i] for _, field in named] for i in range(4))]
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    title = "云汀区2024年1—9月主要指标完成情况"
    report = read(f"<html><body><h1>{title}</h1><table>{table}</table></body></html>".encode())
    assert [row.content for row in report.rows] == CELLS["name"]
    assert [row.status for row in report.rows] == CELLS["done"]
    assert [row.progress for row in report.rows] == [Decimal(rate) for rate in CELLS["rate"]]
    assert [row.units for row in report.rows] == [(unit,) for unit in CELLS["units"]]
