"""Where below its title a page prints its period: each place alone, places that contradict, and what is no period."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from tasks.check import check, held_by
from tasks.model import Kind, Report
from tasks.periods import find_period
from tasks.read import ReadHints, read

BARE = "云汀区政府工作报告重点任务完成情况"
Q3 = "云汀区2024年三季度重点任务完成情况"
HEADINGS = ["序号", "重点任务", "责任单位"]
ROWS = [
    ["1", "新建绿道9公里", "区城管局", "已建成6公里，其余正在施工。"],
    ["2", "改造老旧小区8个", "区住建局", "已开工5个，其余正在办理手续。"],
    ["3", "新建养老中心3家", "区民政局", "正在装修。"],
]


def page(
    title: str = BARE,
    *,
    before: str = "",
    top: str = "",
    status: str = "完成情况",
    told: tuple[str, str, str] = ("", "", ""),
    after: str = "",
    published: str | None = None,
) -> bytes:
    rows = [[*HEADINGS, status], *([*row[:3], row[3] + more] for row, more in zip(ROWS, told, strict=True))]
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = f'<meta name="PubDate" content="{published}">' if published else ""
    return (
        f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{before}"
        f"<table>{top}{table}</table>{after}</body></html>"
    ).encode()


def codes(report: Report) -> set[str]:
    return {warning.code for warning in report.warnings}


def held(report: Report) -> bool:
    return "period_contradiction" in {check.name for check in held_by(check(report))}


RUNGS = {
    "subtitle": page(before="<p>（2024年三季度）</p>"),
    "window as subtitle": page(before="<p>2024年1—9月</p>"),
    "as of a day": page(before="<p>（截至2024年9月30日）</p>"),
    "day of the data": page(before="<p>数据截止时间：2024年9月30日</p>"),
    "time of the statistics": page(before="<p>统计时间：2024年1—9月　　单位：万元</p>"),
    "line of the form": page(before="<p>填报单位：区发改局　报告期：2024年第三季度</p>"),
    "form filled in at the end": page(before="<p>填报单位：区发改局　填报日期：2024年9月30日</p>"),
    "row above the headings": page(top="<tr><td colspan=4>2024年三季度重点任务进展表</td></tr>"),
    "caption": page(top="<caption>2024年三季度重点任务进展表</caption>"),
    "heading": page(status="2024年1-9月进展情况"),
    "heading under the title's year": page("2024年云汀区重点任务完成情况", status="三季度完成情况"),
    "heading and day of filling in": page(before="<p>填报日期：2024年10月12日</p>", status="三季度完成情况"),
    "heading and publication": page(status="1-9月进展", published="2024-10-22"),
    "sentence before the table": page(before="<p>现将2024年前三季度全区重点任务完成情况公布如下，请社会各界监督。</p>"),
    "lead paragraph": page(before="<p>2024年前三季度，全区上下认真落实区委区政府部署，各项任务有序推进。</p>"),
    "note below the table": page(after="<p>注：以上数据截至2024年9月底。</p>"),
    "month below the title": page(before="<p>（2024年9月）</p>"),
    "statuses": page(told=("截至2024年9月末完成60%。", "截至2024年9月末完成50%。", "截至9月底完成70%。")),
}


@pytest.mark.parametrize("rung", RUNGS)
def test_each_place_tells_the_period_where_the_title_does_not(rung: str) -> None:
    report = read(RUNGS[rung])
    assert (str(report.meta.period), report.meta.period_end) == ("2024Q3", date(2024, 9, 30))
    assert report.meta.title in (BARE, "2024年云汀区重点任务完成情况")
    assert len(report.rows) == 3
    assert list(report.rows[0].cells)[:3] == HEADINGS
    assert not held(report)


WEAK = ("heading", "sentence before the table", "lead paragraph", "statuses", "form filled in at the end")


@pytest.mark.parametrize("rung", WEAK)
def test_a_period_read_from_the_text_is_said_to_be(rung: str) -> None:
    assert "period_from_text" in codes(read(RUNGS[rung]))


NOTHING = {
    "nothing": page(),
    "publication": page(published="2024-10-22"),
    "form filled in weeks later": page(before="<p>填报单位：区发改局　填报日期：2024年10月12日</p>"),
    "month of the paper": page(before="<p>（2024年10月）</p>", published="2024-10-22"),
    "plan": page(before="<p>附：2025年工作计划</p>"),
    "deadline once": page(told=("计划2024年12月底投用。", "", "")),
}


@pytest.mark.parametrize("what", NOTHING)
def test_what_is_no_period_leaves_it_unknown(what: str) -> None:
    report = read(NOTHING[what])
    assert report.meta.period is None
    assert "period_unknown" in codes(report)


CONTRADICTIONS = {
    "subtitle": page(Q3, before="<p>（2024年二季度）</p>"),
    "row above the headings": page(Q3, top="<tr><td colspan=4>2024年二季度重点任务进展表</td></tr>"),
    "heading of the quarter before": page(Q3, status="二季度完成情况"),
    "heading of another window": page(Q3, status="1-6月完成情况"),
    "heading of the quarter after": page(Q3, status="四季度完成情况"),
    "another year": page("2024年云汀区重点任务完成情况", before="<p>（2023年三季度）</p>"),
    "sentence before the table": page(Q3, before="<p>现将2024年1-6月全区重点任务完成情况公布如下，请社会监督。</p>"),
    "subtitle and heading": page(before="<p>（2024年二季度）</p>", status="三季度完成情况"),
    "form filled in before the end": page(Q3, before="<p>填报日期：2024年7月12日</p>"),
}


@pytest.mark.parametrize("pair", CONTRADICTIONS)
def test_places_that_contradict_hold_the_document(pair: str) -> None:
    assert held(read(CONTRADICTIONS[pair]))


AGREEING = {
    "subtitle in other words": page(Q3, before="<p>（1-9月）</p>"),
    "month of the paper": page(Q3, before="<p>（2024年10月）</p>"),
    "results of a month less": page(Q3, status="1-8月完成情况"),
    "lead about the half-year too": page(
        Q3, before="<p>上半年，全区开局良好；三季度以来，各项任务加快推进，成效明显。</p>"
    ),
    "headings of the prose before": page(
        Q3,
        before="<p>一、主要做法</p><p>（一）一季度开局良好</p><p>完成投资1亿元。</p><p>（二）二季度加快推进</p><p>完成投资2亿元。</p>"
        "<p>二、四季度工作安排</p>",
    ),
    "next year's plan": page(Q3, before="<p>附：2025年工作计划</p>"),
    "form filled in weeks later": page(Q3, before="<p>填报日期：2024年10月12日</p>"),
}


@pytest.mark.parametrize("what", AGREEING)
def test_places_that_agree_or_are_about_something_else_hold_nothing(what: str) -> None:
    report = read(AGREEING[what])
    assert str(report.meta.period) == "2024Q3"
    assert not held(report)


def test_the_listed_title_tells_and_contradicts() -> None:
    assert str(read(page(), hints=ReadHints(title=Q3)).meta.period) == "2024Q3"
    assert held(read(page(Q3), hints=ReadHints(title="云汀区2024年二季度重点任务完成情况")))


def test_results_of_the_quarter_alone_start_with_it() -> None:
    meta = read(page(Q3, status="7-9月完成情况")).meta
    assert (str(meta.period), meta.period_start) == ("2024Q3", date(2024, 7, 1))
    assert read(page(Q3, status="1-9月完成情况")).meta.period_start == date(2024, 1, 1)


def test_a_lead_that_names_the_quarter_does_not_make_it_one_alone() -> None:
    lead = "<p>2024年三季度，全区上下认真落实区委区政府部署，各项任务有序推进。</p>"
    assert read(page(Q3, before=lead)).meta.period_start == date(2024, 1, 1)


def test_the_newest_filled_of_a_column_for_each_quarter_is_the_status() -> None:
    quarters = ["一季度进展", "二季度进展", "三季度进展", "四季度进展"]
    rows = [[*HEADINGS, *quarters], *([*row[:3], "已启动。", row[3], "", ""] for row in ROWS)]
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    title = "2024年云汀区重点任务"
    report = read(f"<html><body><h1>{title}</h1><table>{table}</table></body></html>".encode())
    assert [row.status for row in report.rows] == [row[3] for row in ROWS]
    assert str(report.meta.period) == "2024Q2"


def workbook(name: str, *rows: list[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in (*rows, [*HEADINGS, "完成情况"], *ROWS):
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_sheets_of_several_quarters_hold_the_workbook() -> None:
    book = openpyxl.Workbook()
    for name, more in (("二季度", "二期"), ("三季度", "一期")):
        sheet = book.create_sheet(name)
        for row in (["2024年重点任务完成情况表"], [*HEADINGS, "完成情况"], *ROWS):
            sheet.append([*row[:1], *(cell + more for cell in row[1:2]), *row[2:]] if row in ROWS else row)
    del book["Sheet"]
    buffer = io.BytesIO()
    book.save(buffer)
    assert held(read(buffer.getvalue(), name="1.xlsx"))


def test_sheets_and_file_names_tell_the_period() -> None:
    title = ["重点任务完成情况表"]
    assert str(read(workbook("2024年三季度", title), name="1.xlsx").meta.period) == "2024Q3"
    assert str(read(workbook("Sheet1", title), name="2024年三季度完成情况.xlsx").meta.period) == "2024Q3"
    assert str(read(workbook("Sheet1", title, ["（2024年1-9月）"]), name="1.xlsx").meta.period) == "2024Q3"
    assert held(read(workbook("2024年二季度", title), name="2024年三季度完成情况.xlsx"))


@pytest.mark.parametrize("line", ["（2024年三季度）", "填报单位：区发改局　统计时间：2024年1-9月"])
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_dumps_tell_it_in_the_same_places(gap: str, line: str) -> None:
    cells = [cell for row in ([*HEADINGS, "完成情况"], *ROWS) for cell in row]
    report = read(gap.join(["重点任务完成情况表", line, *cells]).encode())
    assert (str(report.meta.period), len(report.rows)) == ("2024Q3", 3)


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_a_short_title_is_no_heading_and_a_heading_no_title(gap: str) -> None:
    cells = [cell for row in ([*HEADINGS, "2024年三季度完成情况"], *ROWS) for cell in row]
    titled = read(gap.join(["重点任务完成情况表", *cells]).encode())
    bare = read(gap.join(cells).encode())
    assert titled.meta.title == "重点任务完成情况表"
    assert bare.meta.title is None
    for report in (titled, bare):
        assert list(report.rows[0].cells) == [*HEADINGS, "2024年三季度完成情况"]
        assert [row.status for row in report.rows] == [row[3] for row in ROWS]
        assert str(report.meta.period) == "2024Q3"


def test_windows_of_the_text_outweigh_days_by_which_something_is_due() -> None:
    texts = ["1-9月完成3亿元，12月底投用。", "截至9月底新增5家，12月底竣工。"]
    found = find_period(title="2024年重点任务完成情况", texts=texts, kind=Kind.EXECUTION)
    assert str(found.period) == "2024Q3"


def test_a_window_told_once_beyond_the_others_leaves_the_period_open() -> None:
    texts = ["1-8月完成3亿元。", "1-8月新增5家。", "截至9月底开工7个。"]
    assert find_period(title="2024年重点任务完成情况", texts=texts, kind=Kind.EXECUTION).period is None


YEARLY = "云汀区2024年度重点任务完成情况"


@pytest.mark.parametrize(
    ("told", "period"),
    [
        (("全年新增绿道9.3公里。", "", "全年新增床位120张。"), "2024"),
        (("2024年，全年新增绿道9.3公里。", "完工；\n全年改造户数达到460户。", ""), "2024"),
        (("全年新增绿道9.3公里。", "", ""), None),
        (("全年任务9公里。", "全年预计改造8个。", "全年力争新增床位120张。"), None),
        (("占全年任务的65%。", "完成全年目标的62.5%。", ""), None),
        (("全年新增绿道9.3公里。", "前三季度改造5个。", "全年新增床位120张。"), None),
    ],
)
def test_results_of_all_the_year_tell_a_year_that_the_title_leaves_open(
    told: tuple[str, str, str], period: str | None
) -> None:
    report = read(page(YEARLY, told=told))
    assert (None if report.meta.period is None else str(report.meta.period)) == period


@pytest.mark.parametrize(
    "note",
    [
        "注：1.地区生产总值为季度指标，数据为前三季度数；2.其余为快报数。",
        "注：地区生产总值为前三季度数据。",
        "备注：居民人均可支配收入按季度公布，表中数据为1—9月数。",
    ],
)
def test_a_note_on_single_figures_does_not_date_the_table(note: str) -> None:
    report = read(page("云汀区2024年1—11月重点任务完成情况", after=f"<p>{note}</p>"))
    assert str(report.meta.period) == "2024M11"
    assert not held(report)


def test_a_note_on_the_data_of_the_table_dates_it() -> None:
    report = read(page("云汀区2024年1—11月重点任务完成情况", after="<p>注：表中数据均为前三季度数。</p>"))
    assert held(report)


@pytest.mark.parametrize(
    ("status", "period"),
    [
        ("年终办理情况", "2024"),
        ("年末完成情况", "2024"),
        ("1—12月完成情况", "2024"),
        ("一至四季度完成情况", "2024"),
        ("全年完成情况", None),  # what was done of the year's work, at any time
        ("2024年度完成情况", None),
        ("年底预计完成情况", None),
    ],
)
def test_results_headed_by_the_end_of_the_year_tell_the_year(status: str, period: str | None) -> None:
    report = read(page(YEARLY, status=status))
    assert (None if report.meta.period is None else str(report.meta.period)) == period


@pytest.mark.parametrize(
    ("caption", "period"),
    [
        ("表1　重点任务年度完成情况（2024年）", "2024"),
        ("附表：年度主要目标执行情况表（2024年度）", "2024"),
        ("表1　重点任务完成情况（2024年）", None),  # or of its first quarters
        ("表1　2024年度重点任务完成情况", None),
    ],
)
def test_results_of_a_year_that_stands_in_brackets_are_the_years(caption: str, period: str | None) -> None:
    report = read(page(before=f"<p>{caption}</p>"))
    assert (None if report.meta.period is None else str(report.meta.period)) == period


@pytest.mark.parametrize(
    "notes",
    [
        "<p>注：1.牵头单位排在首位。</p><p>2.进展情况统计截止时间为2024年9月30日，欢迎监督。</p>",
        "<p>备注：1.牵头单位排在首位；2.数据统计截至2024年9月底。</p>",
        "<p>说明：表中数据截止日期为2024年9月30日。</p>",
    ],
)
def test_a_note_tells_until_when_it_was_counted(notes: str) -> None:
    report = read(page("云汀区2024年度重点任务完成情况", after=notes))
    assert str(report.meta.period) == "2024Q3"
    assert not held(report)


def test_what_remains_to_be_done_by_a_later_month_contradicts_nothing() -> None:
    report = read(page(Q3, told=("剩余3公里11月底完成。", "", "")))
    assert not held(report)
