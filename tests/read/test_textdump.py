"""Text dumps: pipes, tabs, lines; labelled records; what cannot be put back is an error or a warning."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.errors import JibaoError
from tasks.read import read
from tasks.read.errors import RowsNotUnderstood
from tasks.read.page import Paragraph
from tasks.read.textdump import read_text


def lines(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def test_offsets_hold_in_the_file() -> None:
    body = lines(
        "\ufeff云汀区2024年一季度重点工作完成情况",
        "",
        "序号 | 工作内容 | 责任单位 | 完成情况 |",
        "1 | 新建绿道  9公里 | 区城管局 | 已建成\u30006公里 |",
        "2 | 改造老旧小区8个 | 区住建局 | 已开工5个 |",
    )
    report = read(body)
    assert report.text == body.decode("utf-8-sig")
    row = report.rows[0]
    assert row.content == "新建绿道 9公里"
    assert row.content_at is not None
    assert report.text[slice(*row.content_at)] == "新建绿道  9公里"


def test_a_cell_that_runs_over_lines() -> None:
    report = read(
        lines(
            "序号 | 工作内容 | 责任单位 | 完成情况 | 完成进度 |",
            "1 | 新建绿道9公里 | 区城管局 | 已建成6公里。",
            "其余正在施工。 | 65% |",
            "2 | 改造老旧小区8个 | 区住建局 | 已开工5个。 | 60% |",
        )
    )
    assert [r.progress for r in report.rows] == [Decimal(65), Decimal(60)]
    assert report.rows[0].status == "已建成6公里。\n其余正在施工。"


def test_an_empty_status_does_not_pull_the_percentage_into_its_place() -> None:
    report = read(
        lines(
            "序号 | 项目名称 | 工作内容 | 牵头单位 | 完成情况 | 完成进度 |",
            "1 | 投资 | 新建绿道9公里 | 区城管局 | 已建成6公里。 | 65% |",
            "2 | 改造老旧小区8个 | 区住建局 | 60% | | |",
            "3 | 民生 | 新建养老中心 | 区民政局 | 正在装修。 | 70% |",
        )
    )
    assert [(r.category, r.status, r.progress) for r in report.rows] == [
        ("投资", "已建成6公里。", 65),
        ("投资", None, 60),
        ("民生", "正在装修。", 70),
    ]


def test_section_lines_between_piped_rows() -> None:
    report = read(
        lines(
            "序号 | 工作内容 | 责任单位 | 完成情况 |",
            "（一）扩大有效投资 | | | |",
            "1 | 新建绿道9公里 | 区城管局 | 已建成6公里。 |",
            "（二）保障民生 | | | |",
            "2 | 新建养老中心 | 区民政局 | 正在装修。 |",
        )
    )
    assert [(r.seq, r.category) for r in report.rows] == [(1, "扩大有效投资"), (2, "保障民生")]


def test_more_cells_than_headings_is_an_error() -> None:
    with pytest.raises(RowsNotUnderstood):
        read(
            lines(
                "序号 | 工作内容 | 责任单位 | 完成情况 |",
                "1 | 新建绿道 | 区城管局 | 已建成。 |",
                "2 | 改造 | 小区 | 区住建局 | 已开工。 | 好 |",
            )
        )


def test_flattened_rows_that_make_no_sense_are_an_error() -> None:
    words = [f"甲乙丙丁{i}" for i in range(40)]
    with pytest.raises(JibaoError):
        read("\n\n".join(["项目名称", "项目内容", "责任单位", "进展情况", *words]).encode())


def test_printed_numbers_lost_throughout() -> None:
    rows = ["序号", "项目名称", "工作内容", "牵头单位", "完成情况"]
    for i in range(1, 6):
        rows += [
            *(["扩大有效投资"] if i == 1 else []),
            f"建设第{i}条绿道，新增{i}公里",
            "区城管局、石渡镇",
            f"已完成{i}公里，其余正在施工。",
        ]
    report = read("\n\n".join(rows).encode())
    assert [(r.seq, r.category, r.content, r.units) for r in report.rows] == [
        (None, "扩大有效投资", f"建设第{i}条绿道，新增{i}公里", ("区城管局", "石渡镇")) for i in range(1, 6)
    ]


def test_targets_and_results_in_paragraphs() -> None:
    report = read(
        lines(
            "云汀区2024年上半年民生实事完成情况",
            "",
            "一、交通出行",
            "1.新建公共停车泊位500个（责任单位：区住建局、区城管局）",
            "完成情况：已建成320个，完成率64%。",
            "2.开通公交线路3条（区交通运输局）",
            "完成情况：已开通2条。",
            "另1条正在办理手续。",
            "二、养老服务",
            "3.新建社区食堂6家（区民政局）",
            "完成情况：已建成4家。",
            "完成进度：67%",
        )
    )
    assert [(r.seq, r.category, r.content, r.units, r.status) for r in report.rows] == [
        (1, "交通出行", "新建公共停车泊位500个", ("区住建局", "区城管局"), "已建成320个，完成率64%。"),
        (2, "交通出行", "开通公交线路3条", ("区交通运输局",), "已开通2条。\n另1条正在办理手续。"),
        (3, "养老服务", "新建社区食堂6家", ("区民政局",), "已建成4家。"),
    ]
    assert [r.progress for r in report.rows] == [None, None, Decimal(67)]


def test_records_of_labelled_paragraphs() -> None:
    records = [
        ("新建绿道9公里", "区城管局", "已建成6公里。"),
        ("改造老旧小区8个", "区住建局、石渡镇", "已开工5个。"),
        ("新建养老中心", "区民政局", "正在装修。"),
    ]
    text = "\n".join(f"项目内容：{c}\n责任单位：{u}\n进展情况：{s}" for c, u, s in records)
    report = read(f"云汀区2024年三季度重点任务进展\n{text}\n".encode())
    assert [(r.content, "、".join(r.units), r.status) for r in report.rows] == records


def test_prose_with_a_label_or_two_is_no_table() -> None:
    report = read(
        "一、完成情况\n今年以来，全区经济平稳运行，固定资产投资增长5%。\n二、存在问题\n工业投资回落。\n三、下一步打算\n继续抓好项目推进，确保全年目标完成。\n".encode()
    )
    assert report.rows == ()
    assert [s.title for s in report.sections] == ["完成情况", "存在问题", "下一步打算"] or len(report.sections) == 3


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="序号|工作内容责任单位完成情况 \n\t一二（）1.、，。%已区局—-:：", max_size=400))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    try:
        report = read(text.encode(), name="x.txt")
    except JibaoError:
        return
    for start, end in report.remainder:
        assert 0 <= start < end <= len(report.text)
    for row in report.rows:
        assert row.cells


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="区发改局已完成工作abc12%（）、，。\u3000 ", min_size=0, max_size=30), max_size=12))
def test_paragraphs_know_where_they_stand(parts: list[str]) -> None:
    text = "\n".join(parts)
    for block in read_text(text).body:
        if isinstance(block, Paragraph):
            assert "".join(text[block.start : block.end].split()) == "".join(block.text.split())


@pytest.mark.parametrize("divider", [" ", ",", "    ", "\t", " | ", "｜"])
def test_any_divider_below_a_heading(divider: str) -> None:
    rows = [
        ["序号", "项目名称", "工作内容", "责任单位", "完成情况"],
        ["1", "投资", "新建绿道9公里", "区城管局", "已建成6公里。"],
        ["2", "民生", "新建养老中心", "区民政局", "正在装修。"],
    ]
    report = read(lines("云汀区重点工作", "", *(divider.join(row) for row in rows)))
    assert [(r.seq, r.category, r.content, r.units, r.status) for r in report.rows] == [
        (1, "投资", "新建绿道9公里", ("区城管局",), "已建成6公里。"),
        (2, "民生", "新建养老中心", ("区民政局",), "正在装修。"),
    ]


def test_a_divider_that_also_stands_in_the_cells_is_an_error() -> None:
    with pytest.raises(RowsNotUnderstood):
        read(
            lines(
                "序号,工作内容,责任单位,完成情况",
                "1,新建绿道,新增9公里,长度达标,区城管局,已建成6公里,正在验收。",
                "2,改造小区,区住建局,已开工。",
            )
        )
