"""Prose that no section holds alone is read for its quantities, too: before the first heading, without any, around a
table."""

from __future__ import annotations

from tasks.model import Report
from tasks.observe import observe
from tasks.read import read

_TITLE = "云汀市2031年一季度经济运行情况分析"
_INTRO = "今年以来，全市上下稳中求进。一季度全市生产总值486.3亿元，同比增长5.2%，增速比上年全年加快0.3个百分点。"
_FARMS = "一季度，全市农林牧渔业总产值69.8亿元，同比增长4.1%。蔬菜产量47.3万吨，增长3.6%；生猪出栏58.9万头，增长1.2%。各地抓好春耕备耕，长势总体良好，农资供应充足，农机装备运行正常，秋播作物面积保持稳定，重要农产品价格平稳。"
_WORKS = "一季度，全市规模以上工业增加值同比增长6.4%。34个行业大类中，26个行业实现增长，增长面为76.5%，比上年同期提高8.8个百分点。新动能加快成长，企业效益有所改善，订单保持增加，重点项目建设有序推进，园区承载能力继续增强，要素保障总体有力。"
_TRADE = "一季度，全市进出口总额132.9亿元，同比增长2.3%。其中，出口98.6亿元，增长4.8%；进口34.3亿元，下降4.2%。"
_ROWS = [["指标名称", "总量", "同比增长（%）"], ["固定资产投资", "61.2", "3.1"], ["社会消费品零售总额", "177.5", "5.6"]]


def _page(*blocks: str) -> Report:
    body = "".join(block if block.startswith("<") else f"<p>{block}</p>" for block in blocks)
    return read(f"<html><body><h1>{_TITLE}</h1>{body}</body></html>".encode())


def _table() -> str:
    rows = ["".join(f"<td>{cell}</td>" for cell in row) for row in _ROWS]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _read(report: Report) -> list[str]:
    seen = observe(report)
    assert len({(each.start, each.end, each.metric) for each in seen}) == len(seen)
    assert all(report.text[each.start : each.end] == each.text for each in seen)
    return [each.text for each in seen if each.row is None]


def test_a_text_without_headings() -> None:
    assert _read(_page(_INTRO, _TRADE))[:2] == ["486.3亿元", "增长5.2%"]
    assert "下降4.2%" in _read(_page(_INTRO, _TRADE))


def test_what_stands_before_the_first_heading() -> None:
    report = _page(_INTRO, "一、农业", _FARMS, "二、工业", _WORKS)
    assert len(report.sections) == 2
    assert {"486.3亿元", "69.8亿元", "76.5%"} <= set(_read(report))


def test_sections_around_a_table() -> None:
    report = _page(_INTRO, "一、农业", _FARMS, "二、工业", _WORKS, _table(), "三、贸易", _TRADE)
    assert len(report.rows) == 2
    assert {"486.3亿元", "69.8亿元", "76.5%", "132.9亿元"} <= set(_read(report))
    left = "".join(report.text[start:end] for start, end in report.remainder)
    assert "农林牧渔业" not in left
    trade = next(each for each in observe(report) if each.text == "132.9亿元")
    assert trade.section == ("三、贸易",)


def test_a_note_below_a_table_alone_is_no_prose() -> None:
    report = _page(_table(), "注：增速按可比价格计算，比上年提高2个百分点。")
    assert _read(report) == []
