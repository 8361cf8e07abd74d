"""Tables as portals print them in HTML: merged, wrapped, repeated, cut, framed. Expected rows are written by hand."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.errors import JibaoError
from tasks.model import Report
from tasks.read import ReadHints, read
from tasks.read.errors import CellsDoNotFit, ColumnsNotUnderstood, NoContent, TableCutOff, TableTooLarge
from tests.read.composed import as_html, compose

HEAD = ["序号", "项目名称", "主要工作内容", "牵头单位", "完成情况", "完成进度"]


def tr(*cells: str, tag: str = "td") -> str:
    return "<tr>" + "".join(c if c.startswith("<t") else f"<{tag}>{c}</{tag}>" for c in cells) + "</tr>"


def page(*rows: str, before: str = "", after: str = "") -> bytes:
    return (
        "<!DOCTYPE html><html><head><title>云汀区2024年三季度重点任务执行情况</title></head><body><div id='zoom'>"
        f"{before}<table>{''.join(rows)}</table>{after}</div></body></html>"
    ).encode()


def codes(report: Report) -> set[str]:
    return {warning.code for warning in report.warnings}


ONE = tr("1", "扩大有效投资", "开工水厂二期工程", "区住建局、石渡镇", "已开工建设。", "80%")
TWO = tr("2", "扩大有效投资", "新建绿道9公里", "区城管局", "已建成6公里。", "65%")


def test_fields_of_a_plain_table() -> None:
    report = read(page(tr(*HEAD), ONE, TWO))
    row = report.rows[0]
    assert (row.index, row.seq, row.category, row.content) == (0, 1, "扩大有效投资", "开工水厂二期工程")
    assert row.units == ("区住建局", "石渡镇")
    assert (row.status, row.progress, row.progress_text) == ("已开工建设。", Decimal(80), "80%")
    assert dict(row.cells) == dict(
        zip(HEAD, ["1", "扩大有效投资", "开工水厂二期工程", "区住建局、石渡镇", "已开工建设。", "80%"], strict=True)
    )
    assert row.content_at is not None
    assert row.status_at is not None
    assert report.text[slice(*row.content_at)] == row.content
    assert report.text[slice(*row.status_at)] == row.status
    assert str(report.meta.period) == "2024Q3"
    assert len(report.rows) == 2


def test_a_street_called_like_a_heading_is_a_unit() -> None:
    report = read(page(tr(*HEAD), tr("1", "民生", "改造老旧小区3个", "区住建局、建设街道", "已改造2个。", "65%"), TWO))
    assert report.rows[0].units == ("区住建局", "建设街道")
    assert "columns_uncertain" not in codes(report)


def test_columns_are_found_by_heading_not_by_place() -> None:
    order = [4, 2, 0, 5, 3, 1]
    cells = ["1", "扩大有效投资", "开工水厂二期工程", "区住建局", "已开工建设。", "80%"]
    report = read(page(tr(*(HEAD[i] for i in order)), tr(*(cells[i] for i in order)), tr(*(cells[i] for i in order))))
    row = report.rows[0]
    assert (row.seq, row.category, row.content, row.units, row.status, row.progress) == (
        1,
        "扩大有效投资",
        "开工水厂二期工程",
        ("区住建局",),
        "已开工建设。",
        80,
    )


@pytest.mark.parametrize(
    ("content", "units", "status"),
    [
        ("项目内容", "责任单位", "进展情况"),
        ("年度目标任务", "责任单位", "进展情况"),
        ("内容与要求", "责任单位", "完成情况"),
        ("市政府工作报告任务", "主办单位", "目前进展情况"),
        ("工作举措", "责任部门", "推进成效"),
        ("重点任务", "责任科室", "第二季度完成情况"),
        ("主 要<br>工作内容", "牵头<br/>单位", "累计完<br>成情况"),
        ("目标任务（内容）", "牵 头 部 门", "截至9月底落实情况"),
    ],
)
def test_headings_have_many_names(content: str, units: str, status: str) -> None:
    report = read(page(tr(content, units, status), tr("新建绿道9公里", "区城管局", "已建成6公里。")))
    assert [(r.content, r.units, r.status) for r in report.rows] == [("新建绿道9公里", ("区城管局",), "已建成6公里。")]


def test_merged_cells_are_filled_down() -> None:
    report = read(
        page(
            tr(*HEAD),
            tr(
                "1", "<td rowspan='2'>扩大有效投资</td>", "甲任务落实", "<td rowspan=2>区住建局</td>", "已完成。", "80%"
            ),
            tr("2", "乙任务落实", "推进中。", "/"),
            tr("3", "保障民生", "丙任务落实", "区民政局", "已完成。", "100%"),
        )
    )
    assert [(r.seq, r.category, r.content, r.units) for r in report.rows] == [
        (1, "扩大有效投资", "甲任务落实", ("区住建局",)),
        (2, "扩大有效投资", "乙任务落实", ("区住建局",)),
        (3, "保障民生", "丙任务落实", ("区民政局",)),
    ]


@pytest.mark.parametrize("span", ["0", "9", "99999999", "2.5", "２"])
def test_a_rowspan_at_the_end_goes_no_further_than_the_table(span: str) -> None:
    last = tr("2", "甲任务", "区住建局", "已完成。", "80%")
    if span == "２":  # not a number to a browser: one row
        last = tr("2", "其他", "甲任务", "区住建局", "已完成。", "80%")
    report = read(
        page(tr(*HEAD), tr("1", f"<td rowspan='{span}'>投资</td>", "乙任务", "区住建局", "推进中。", "/"), last)
    )
    assert [r.seq for r in report.rows] == [1, 2]
    assert report.rows[1].content == "甲任务"
    assert report.rows[1].progress == 80


@pytest.mark.parametrize(
    "rows",
    [
        # The span ends too early: the row after is short of a cell.
        [
            tr("1", "<td rowspan=2>投资</td>", "甲", "区住建局", "已完成。", "80%"),
            tr("2", "乙", "区住建局", "已完成。", "80%"),
            tr("3", "丙", "区住建局", "已完成。", "80%"),
        ],
        # It reaches too far: the next group's own cell is pushed out.
        [
            tr("1", "<td rowspan=3>投资</td>", "甲", "区住建局", "已完成。", "80%"),
            tr("2", "乙", "区住建局", "已完成。", "80%"),
            tr("3", "民生", "丙", "区住建局", "已完成。", "80%"),
        ],
        # It is lost.
        [tr("1", "投资", "甲", "区住建局", "已完成。", "80%"), tr("2", "乙", "区住建局", "已完成。", "80%")],
        [
            tr("1", "<td rowspan=99999999>投资</td>", "甲", "区住建局", "已完成。", "80%"),
            tr("2", "乙", "区住建局", "已完成。", "80%"),
            tr("3", "民生", "丙", "区住建局", "已完成。", "80%"),
        ],
    ],
)
def test_cells_that_do_not_fit_are_an_error(rows: list[str]) -> None:
    with pytest.raises(CellsDoNotFit):
        read(page(tr(*HEAD), *rows))


def test_a_table_that_is_cut_off_is_an_error() -> None:
    whole = page(tr(*HEAD), ONE, TWO).decode()
    for cut in (whole.index("</table>"), whole.index("已建成") + 2, whole.index("65%")):
        with pytest.raises(JibaoError):
            read(whole[:cut].encode())
    with pytest.raises(TableCutOff):
        read(whole.replace("</table>", "").encode())


def test_the_heading_again_after_a_page_break_is_no_row() -> None:
    report = read(page(tr(*HEAD), ONE, tr(*HEAD), TWO))
    assert [r.seq for r in report.rows] == [1, 2]


def test_heading_in_two_rows_with_a_plan_beside_the_result() -> None:
    report = read(
        page(
            tr(
                "<td rowspan=2>序号</td>",
                "<td rowspan=2>工作任务</td>",
                "<td colspan=2>年度计划</td>",
                "<td colspan=2>完成情况</td>",
                "<td rowspan=2>责任单位</td>",
            ),
            tr("目标", "形象进度", "进展", "形象进度"),
            tr("1", "开工水厂二期工程", "开工建设", "30%", "已开工建设。", "45%", "区住建局"),
            tr("2", "新建绿道9公里", "建成", "100%", "正在施工。", "60%", "区城管局"),
        )
    )
    assert [(r.seq, r.content, r.status, r.progress, r.units) for r in report.rows] == [
        (1, "开工水厂二期工程", "已开工建设。", 45, ("区住建局",)),
        (2, "新建绿道9公里", "正在施工。", 60, ("区城管局",)),
    ]
    assert report.rows[0].cells["年度计划/形象进度"] == "30%"
    assert report.rows[0].cells["完成情况/形象进度"] == "45%"


def test_of_two_status_columns_the_later_window_counts_and_both_stay_in_cells() -> None:
    report = read(
        page(
            tr("序号", "项目内容", "1-10月进展", "1-11月进展", "是否达序"),
            tr("1", "新建绿道9公里", "已建成6公里。", "已建成8公里。", "是"),
            tr("2", "开工水厂二期工程", "正在招标。", "已开工建设。", "是"),
        )
    )
    assert report.rows[0].status == "已建成8公里。"
    assert report.rows[0].cells["1-10月进展"] == "已建成6公里。"
    assert "several_status_columns" in codes(report)


def test_units_under_a_wrong_heading_are_told_by_their_content() -> None:
    rows = [
        tr(str(i), f"推进第{i}项工程建设", "已完成主体结构，正在装修。", f"区住建局、石渡{i}镇人民政府")
        for i in range(1, 6)
    ]
    report = read(page(tr("序号", "工作内容", "责任单位", "进展情况"), *rows))
    assert report.rows[0].units == ("区住建局", "石渡1镇人民政府")
    assert report.rows[0].status == "已完成主体结构，正在装修。"
    assert "heading_contradicted" in codes(report)


def test_progress_alone_and_status_alone() -> None:
    only_progress = read(
        page(tr("序号", "主要工作内容", "牵头单位", "完成进度"), tr("1", "新建绿道9公里", "区城管局", "65%"))
    )
    assert (only_progress.rows[0].status, only_progress.rows[0].progress) == (None, 65)
    only_status = read(
        page(tr("序号", "主要工作内容", "牵头单位", "完成情况"), tr("1", "新建绿道9公里", "区城管局", "已建成。"))
    )
    assert only_status.rows[0].status == "已建成。"
    assert (only_status.rows[0].progress, only_status.rows[0].progress_text) == (None, None)


def test_percentages_under_the_heading_of_a_status_are_progress() -> None:
    rows = [tr(str(i), f"推进第{i}项工程", f"{i * 10}%") for i in range(1, 5)]
    report = read(page(tr("序号", "工作内容", "完成情况"), *rows))
    assert [r.progress for r in report.rows] == [10, 20, 30, 40]


def test_section_rows_are_categories() -> None:
    report = read(
        page(
            tr("序号", "工作内容", "责任单位", "完成情况"),
            tr("<td colspan=4>（一）扩大有效投资</td>"),
            tr("1", "开工水厂二期工程", "区住建局", "已开工。"),
            tr("<td colspan=9>二、保障民生</td>"),
            tr("2", "新建养老中心", "区民政局", "已建成。"),
            tr("三", "<td colspan=3>生态环境治理</td>"),
            tr("3", "新建绿道", "区城管局", "已建成。"),
        )
    )
    assert [(r.seq, r.category) for r in report.rows] == [(1, "扩大有效投资"), (2, "保障民生"), (3, "生态环境治理")]


def test_a_row_of_one_cell_goes_on_with_the_row_above() -> None:
    report = read(
        page(
            tr(*HEAD),
            tr("1", "投资", "开工水厂二期工程", "区住建局", "已完成招标，目前正在办理施工", "80%"),
            tr("", "", "", "", "许可手续，计划十月进场。", ""),
            TWO,
        )
    )
    assert len(report.rows) == 2
    assert report.rows[0].status == "已完成招标，目前正在办理施工许可手续，计划十月进场。"
    assert "continuation_row" in codes(report)


def test_totals_and_notes_are_no_tasks_and_are_told() -> None:
    report = read(
        page(
            tr(*HEAD),
            ONE,
            tr("合计", "", "2项", "", "", "70%"),
            tr("<td colspan=6>注：进度按形象进度计。</td>"),
            after="",
        )
    )
    assert len(report.rows) == 1
    assert {"total_row", "note_row"} <= codes(report)
    assert any("注：进度" in report.text[a:b] for a, b in report.remainder)


def test_a_row_printed_twice_counts_once_and_is_told() -> None:
    report = read(page(tr(*HEAD), ONE, ONE, TWO))
    assert [r.seq for r in report.rows] == [1, 2]
    assert "row_repeated" in codes(report)


def test_an_empty_status_is_null() -> None:
    report = read(page(tr(*HEAD), ONE, tr("2", "投资", "新建绿道9公里", "区城管局", "&nbsp;", "")))
    assert report.rows[1].status is None
    assert (report.rows[1].progress, report.rows[1].progress_text) == (None, None)


def test_a_table_cut_in_two_with_and_without_headings_again() -> None:
    three = tr("3", "扩大有效投资", "改造老旧小区8个", "区住建局", "已开工5个。", "60%")
    again = read(page(tr(*HEAD), ONE, TWO, after=f"<table>{tr(*HEAD)}{three}</table>"))
    bare = read(page(tr(*HEAD), ONE, TWO, after=f"<table>{three}</table>"))
    assert [r.seq for r in again.rows] == [r.seq for r in bare.rows] == [1, 2, 3]
    assert bare.rows[2].units == ("区住建局",)
    assert [r.index for r in bare.rows] == [0, 1, 2]


def test_parts_under_headings_are_joined_and_named() -> None:
    head = ["序号", "工作内容", "责任单位", "完成情况"]
    first = tr("1", "开工水厂二期工程", "区住建局", "已开工。")
    second = tr("2", "新建养老中心", "区民政局", "已建成。")
    report = read(
        page(
            tr(*head),
            first,
            before="<p>（一）扩大有效投资</p>",
            after=f"<p>（二）保障民生</p><table>{tr(*head)}{second}</table>",
        )
    )
    assert [(r.seq, r.category) for r in report.rows] == [(1, "扩大有效投资"), (2, "保障民生")]


def test_the_mobile_copy_counts_once() -> None:
    table = f"<table>{tr(*HEAD)}{ONE}{TWO}</table>"
    report = read(page(tr(*HEAD), ONE, TWO, after=f"<div class='mobile'>{table}</div>"))
    assert [r.seq for r in report.rows] == [1, 2]
    assert "copies_differ" not in codes(report)
    outside = page(tr(*HEAD), ONE, TWO).decode().replace("</body>", f"<div class='m'>{table}</div></body>")
    assert [r.seq for r in read(outside.encode()).rows] == [1, 2]


def test_copies_that_disagree_are_told() -> None:
    other = TWO.replace("65%", "70%")
    report = read(page(tr(*HEAD), ONE, TWO, after=f"<table>{tr(*HEAD)}{ONE}{other}</table>"))
    assert [r.progress for r in report.rows] == [80, 65]
    assert "copies_differ" in codes(report)
    shorter = read(page(tr(*HEAD), ONE, TWO, after=f"<table>{tr(*HEAD)}{ONE}</table>"))
    assert "copies_differ" in codes(shorter)


def test_the_same_tasks_reported_by_two_towns_are_two_tables() -> None:
    def town(status: str, unit: str, share: str) -> str:
        return "".join(
            tr(str(i), "考核", f"推进第{i}项", unit, f"{status}{i}处。", f"{share}{i}%") for i in range(1, 4)
        )

    report = read(
        page(
            tr(*HEAD),
            town("已建成", "石渡镇", "1"),
            after=f"<table>{tr(*HEAD)}{town('正在建设', '柳浦街道', '2')}</table>",
        )
    )
    assert len(report.rows) == 6


def test_layout_tables_around_and_depth_without_end() -> None:
    inner = page(tr(*HEAD), ONE, TWO).decode()
    start, end = inner.index("<table>"), inner.index("</table>") + 8
    table = inner[start:end]
    framed = f"<table><tr><td>菜单</td><td><table><tr><td>{table}</td></tr></table></td></tr></table>"
    assert len(read((inner[:start] + framed + inner[end:]).encode()).rows) == 2
    for tag in ("div", "span", "font"):
        deep = f"<{tag}>" * 5000 + table + f"</{tag}>" * 5000
        assert len(read((inner[:start] + deep + inner[end:]).encode()).rows) == 2
    tables = "<table><tr><td>" * 2000 + table + "</td></tr></table>" * 2000
    assert len(read((inner[:start] + tables + inner[end:]).encode()).rows) == 2


def test_a_nested_table_in_a_cell_is_text_of_that_cell() -> None:
    nested = "<table><tr><td>一期</td><td>已完工</td></tr><tr><td>二期</td><td>在建</td></tr></table>"
    report = read(page(tr(*HEAD), tr("1", "投资", "建设水厂", "区住建局", f"<td>进展如下：{nested}</td>", "80%"), TWO))
    assert len(report.rows) == 2
    assert report.rows[0].progress == 80
    for word in ("一期", "已完工", "二期", "在建"):
        assert word in (report.rows[0].status or "")


def test_word_markup_and_old_encoding() -> None:
    def cell(text: str) -> str:
        return (
            "<td width=84 valign=top style='width:62.8pt;border:solid windowtext 1.0pt;mso-border-alt:solid'>\n"
            f"<p class=MsoNormal align=center><span\nstyle='font-size:10.5pt;font-family:仿宋_GB2312'>{text}<span\n"
            "lang=EN-US><o:p></o:p></span></span></p>\n</td>"
        )

    body = page(
        "<tr>"
        + "".join(
            cell(h) for h in ["序<br>号", "项目\n名称", "主要工<br>作内容", "牵头<br>单位", "完成情况", "完成进度"]
        )
        + "</tr>",
        "<tr>"
        + "".join(
            cell(c)
            for c in ["1", "投资", "开工镕金大厦\n和喆园二期——东区", "区发改<br>经信局、<br>石渡镇", "已开工。", "80％"]
        )
        + "</tr>",
    )
    text = body.decode().replace("<title>", "<meta charset='gb2312'><title>")
    report = read(text.encode("gb18030"))
    row = report.rows[0]
    assert row.content == "开工镕金大厦和喆园二期——东区"
    assert row.units == ("区发改经信局", "石渡镇")
    assert row.progress == 80
    assert row.progress_text == "80％"
    assert report.encoding == "gb18030"
    assert list(row.cells) == HEAD


def test_an_added_column_is_told_and_kept() -> None:
    report = read(
        page(
            tr(*HEAD, "牵头领导", "幸福指数"),
            tr("1", "投资", "开工水厂", "区住建局", "已开工。", "80%", "陆明远", "甲档"),
        )
    )
    assert report.rows[0].units == ("区住建局",)
    assert report.rows[0].cells["幸福指数"] == "甲档"
    assert any(w.code == "unknown_heading" and "幸福指数" in w.message for w in report.warnings)


def test_a_required_column_that_is_missing_is_an_error_with_the_headings() -> None:
    with pytest.raises(ColumnsNotUnderstood, match="牵头单位"):
        read(
            page(
                tr("序号", "主要工作内容", "牵头单位"), tr("1", "开工水厂", "区住建局"), tr("2", "新建绿道", "区城管局")
            )
        )


def test_unknown_headings_are_an_error_and_aliases_mend_it() -> None:
    rows = [
        tr(str(i), f"甲乙丙丁戊己庚辛壬癸第{i}号文本在此", f"子丑寅卯辰巳午未申酉第{i}号文本在此") for i in range(1, 6)
    ]
    body = page(tr("壹", "贰", "叁"), *rows)
    with pytest.raises(ColumnsNotUnderstood):
        read(body)
    report = read(body, hints=ReadHints(columns={"壹": "seq", "贰": "content", "叁": "status"}))
    assert [r.seq for r in report.rows] == [1, 2, 3, 4, 5]
    assert report.rows[0].status == "子丑寅卯辰巳午未申酉第1号文本在此"


def test_a_status_column_renamed_beyond_recognition_is_told_by_its_content() -> None:
    rows = [tr(str(i), f"推进第{i}项工程", "区住建局", f"已完成{i}处改造，目前正在验收。") for i in range(1, 5)]
    report = read(page(tr("序号", "工作内容", "责任单位", "云汀答卷"), *rows))
    assert report.rows[0].status == "已完成1处改造，目前正在验收。"
    assert "unknown_heading" in codes(report)


def test_too_large_is_refused() -> None:
    with pytest.raises(TableTooLarge):
        read(page(tr(*HEAD), "<tr>" + "<td colspan=1000>x</td><td>y</td>" * 4 + "</tr>"))


def test_table_in_an_attachment() -> None:
    body = (
        "<html><head><title>云汀区2024年三季度重点工作执行情况</title></head><body><div id='zoom'><p>详见附件。</p>"
        "<p><a href='/module/download/downfile.jsp?classid=0&showname=执行情况表.xlsx&filename=ab12.xlsx'>附件：执行情况表</a></p>"
        "</div></body></html>"
    )
    report = read(body.encode(), url="http://www.yunting.example/art/2024/10/20/art_1_2.html")
    assert report.rows == ()
    assert [a.url for a in report.attachments] == [
        "http://www.yunting.example/module/download/downfile.jsp?classid=0&showname=执行情况表.xlsx&filename=ab12.xlsx"
    ]
    assert "table_in_attachment" in codes(report)


HERE = "http://www.yunting.example/art/2024/art_1.html"


@pytest.mark.parametrize(
    ("base", "url", "found"),
    [
        ("", HERE, "http://www.yunting.example/art/2024/files/b.xlsx"),
        ("<base href='/pub/'>", HERE, "http://www.yunting.example/pub/files/b.xlsx"),
        ("<base target='_blank'><base href='//cdn.example/y/x.html'>", HERE, "http://cdn.example/y/files/b.xlsx"),
        ("<BASE HREF=https://a.example/><base href='/b/'>", HERE, "https://a.example/files/b.xlsx"),
        ("<base href='javascript:1'>", HERE, "http://www.yunting.example/art/2024/files/b.xlsx"),
        ("<base href='http://[bad/'>", HERE, "http://www.yunting.example/art/2024/files/b.xlsx"),
        ("<base href='http://a.example/'>", "file:///saved/art_1.html", "file:///saved/files/b.xlsx"),
        ("<base href='http://a.example/'>", None, "http://a.example/files/b.xlsx"),
    ],
)
def test_links_to_attachments_start_where_the_page_says(base: str, url: str | None, found: str) -> None:
    body = (
        f"<html><head>{base}<title>云汀区2024年三季度重点工作执行情况</title></head><body><div id='zoom'>"
        "<p>详见附件。</p><p><a href='files/b.xlsx'>执行情况表</a></p></div></body></html>"
    )
    assert [one.url for one in read(body.encode(), url=url).attachments] == [found]


@pytest.mark.parametrize("body", ["<p></p>", "<img src='scan.jpg'>", "<p>&nbsp;</p><script>load()</script>"])
def test_nothing_to_read_is_an_error(body: str) -> None:
    with pytest.raises(NoContent):
        read(f"<html><head><title>执行情况</title></head><body><div id='zoom'>{body}</div></body></html>".encode())


def test_indicator_tables() -> None:
    report = read(
        page(
            tr("类别", "指标名称", "单位", "年度目标", "完成情况", "责任部门"),
            tr("<td rowspan=2>经济发展</td>", "地区生产总值增长", "%", "5.5", "1-9月增长5.1%", "区发改局"),
            tr("规上工业增加值", "亿元", "94", "71.2亿元", "区经信局"),
            tr("生态环境", "PM2.5平均浓度", "微克/立方米", "28", "27.4", "云汀生态环境分局"),
        )
    )
    assert [(r.category, r.content, r.status, r.units) for r in report.rows] == [
        ("经济发展", "地区生产总值增长", "1-9月增长5.1%", ("区发改局",)),
        ("经济发展", "规上工业增加值", "71.2亿元", ("区经信局",)),
        ("生态环境", "PM2.5平均浓度", "27.4", ("云汀生态环境分局",)),
    ]
    assert report.rows[0].cells["年度目标"] == "5.5"


def test_results_under_sub_headings() -> None:
    report = read(
        page(
            tr(
                "<td rowspan=2>指标名称</td>",
                "<td colspan=2>实绩</td>",
                "<td rowspan=2>区目标</td>",
                "<td rowspan=2>市目标</td>",
            ),
            tr("绝对值", "增幅"),
            tr("固定资产投资", "621.3亿元", "2.9%", "740", "—"),
            tr("社会消费品零售总额", "318亿元", "8.9%", "420", "—"),
        )
    )
    row = report.rows[0]
    assert row.content == "固定资产投资"
    assert "621.3亿元" in (row.status or "")
    assert "2.9%" in (row.status or "")
    assert dict(row.cells)["实绩/增幅"] == "2.9%"
    assert row.status_at is not None
    assert "621.3亿元" in report.text[slice(*row.status_at)]


def test_town_table_with_leaders_offices_and_plans() -> None:
    report = read(
        page(
            tr("序号", "重点工作", "责任领导", "责任科室", "攻坚目标任务", "工作任务安排", "第二季度完成情况"),
            tr(
                "1", "美丽城镇", "陆明远", "城建办", "改造主街1.2公里", "4月完成设计，6月进场", "已完成设计，正在招标。"
            ),
            tr("2", "招商引资", "沈知秋", "经发办", "引进亿元项目2个", "每月走访", "已签约1个。"),
        )
    )
    row = report.rows[0]
    assert (row.category, row.content, row.units, row.status) == (
        "美丽城镇",
        "改造主街1.2公里",
        ("城建办",),
        "已完成设计，正在招标。",
    )


def test_every_character_of_the_body_is_accounted_for() -> None:
    report = read(page(tr(*HEAD), ONE, TWO, before="<p>单位：云汀区人民政府办公室</p>", after="<p>尾注一句话。</p>"))
    spans = [*report.remainder]
    for row in report.rows:
        for text in row.cells.values():
            place = report.text.index(text)
            assert not any(a <= place < b for a, b in spans)
    assert any("尾注一句话" in report.text[a:b] for a, b in spans)


def test_livelihood_projects_with_a_quarter_target_and_a_verdict() -> None:
    report = read(
        page(
            tr("序号", "项目名称", "年度目标", "三季度目标", "进展、问题及下一步打算", "是否达序"),
            tr("1", "养老服务", "新建养老中心3家", "完成主体", "已完成2家主体结构，存在用地问题。", "是"),
            tr("2", "绿道建设", "新建绿道9公里", "建成6公里", "已建成6公里。", "是"),
        )
    )
    assert report.rows[0].status == "已完成2家主体结构，存在用地问题。"
    assert report.rows[0].cells["是否达序"] == "是"


def test_a_state_in_words_beside_a_rate() -> None:
    report = read(
        page(
            tr("项目名称", "建设内容", "责任单位", "形象进度", "完成率"),
            tr("水厂", "新建水厂一座", "区住建局", "主体结构施工至三层", "45%"),
            tr("绿道", "新建绿道9公里", "区城管局", "路基完成", "60%"),
        )
    )
    assert [(r.category, r.content, r.status, r.progress) for r in report.rows] == [
        ("水厂", "新建水厂一座", "主体结构施工至三层", 45),
        ("绿道", "新建绿道9公里", "路基完成", 60),
    ]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), share=st.floats(0, 1), what=st.sampled_from(["cut", "cell", "span"]))
def test_a_damaged_table_is_refused_or_read_as_if_whole(seed: int, share: float, what: str) -> None:
    random = Random(seed)
    html = as_html(compose(random), random, word=bool(seed % 2))
    whole = read(html.encode()).rows
    start = html.index("MsoTableGrid")
    end = html.index("</table>", start)
    if what == "cut":
        damaged = html[: start + int(share * (end - start))]
    else:
        pattern = r"<td.*?</td>" if what == "cell" else r'rowspan="\d+"'
        body = html.index("</tr>", start)
        places = [m.span() for m in re.finditer(pattern, html[body:end], flags=re.DOTALL)]
        if not places:
            return
        first, last = places[int(share * (len(places) - 1))]
        other = "" if what == "cell" else f'rowspan="{random.choice([0, 1, 2, 3, 5, 99_999_999])}"'
        damaged = html[: body + first] + other + html[body + last :]
    try:
        report = read(damaged.encode())
    except JibaoError:
        return
    assert [(r.seq, r.category, r.content, r.status) for r in report.rows] == [
        (r.seq, r.category, r.content, r.status) for r in whole
    ]
