"""Titles that were broken over lines, dates as printed, kinds of documents."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.model import Kind
from tasks.read.metadata.dates import parse_date
from tasks.read.metadata.reading import kind_of, read_metadata
from tasks.read.textdump import read_text

BODY = "\n今年以来,我局坚持稳中求进,各项工作有序推进,全年完成投资12.5亿元,同比增长3.2%,新增企业36家。\n"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("云溪区2023年度\n政府工作报告重点工作完成情况", "云溪区2023年度政府工作报告重点工作完成情况"),
        ("云溪区发展和改革局\n2023年工作总结", "云溪区发展和改革局2023年工作总结"),
        ("云溪区发展和改革局\n云溪区2023年工作总结", "云溪区2023年工作总结"),
        ("政府工作报告重点任务执行情况\n(2024年三季度)", "政府工作报告重点任务执行情况(2024年三季度)"),
        ("重点工作完成情况表\n截至2024年9月底", "重点工作完成情况表截至2024年9月底"),
        ("2024年三季度重点工作完成情况\n单位:万元", "2024年三季度重点工作完成情况"),
        ("云溪高新区2024年重点工作调度表（1—10月）\n填报单位：党政办", "云溪高新区2024年重点工作调度表（1—10月）"),
        ("云溪县2024年国民经济主要指标\n截至9月30日", "云溪县2024年国民经济主要指标"),
        ("云溪区2024年重点工作红黄蓝榜（三季度）\n填报单位：党政办", "云溪区2024年重点工作红黄蓝榜（三季度）"),
        ("信息名称  云溪区2024年三季度重点工作进展\n发布日期：2024-10-30", "云溪区2024年三季度重点工作进展"),
        ("云溪区人民政府\n云溪区重点督查事项办理情况公示", "云溪区重点督查事项办理情况公示"),
        ("云溪区人民政府\n重点督查事项办理情况公示", "云溪区人民政府重点督查事项办理情况公示"),
        ("导航菜单\n首页 > 政务公开 > 工作总结\n2023年工作总结", "2023年工作总结"),
    ],
)
def test_a_title_is_read_whole(lines: str, title: str) -> None:
    assert read_metadata(read_text(lines + BODY)).meta.title == title


@pytest.mark.parametrize("text", [BODY, "一、工作情况" + BODY, "工作有序推进。\n新增企业36家。\n"])
def test_prose_has_no_title(text: str) -> None:
    assert read_metadata(read_text(text)).meta.title is None


@pytest.mark.parametrize(
    "text",
    [
        "2024-10-29",
        "2024-10-29 15:18:52",
        "[2024-10-29]",
        "2024- 10- 29 15: 29",
        "2024-\n10-\n29",
        "2024/10/29",
        "2024.10.29",
        "2024年10月29日 15:30",
        "２０２４年１０月２９日",
        "20241029",
        "20241029153000",
        "二〇二四年十月二十九日",
        "二○二四年十月二十九日",
        "时间:2024-10-29",
    ],
)
def test_dates_are_read_as_printed(text: str) -> None:
    assert parse_date(text) == date(2024, 10, 29)


@pytest.mark.parametrize("text", ["2024-13-45", "2024-02-30", "", "长期", "10-29", "2024年10月", "123456789012"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d", "%Y%m%d"])
)
def test_every_date_reads_back(day: date, shape: str) -> None:
    assert parse_date(day.strftime(shape)) == day
    assert parse_date(f"{day.year}-{day.month}-{day.day} 09:15") == day


STATUS = ("序号", "项目名称", "主要工作内容", "牵头单位", "完成情况")


@pytest.mark.parametrize(
    ("title", "headings", "kind"),
    [
        ("2024年三季度《政府工作报告》主要任务执行情况表", STATUS, Kind.EXECUTION),
        (
            "2020第二季度政府工作报告重点任务目标执行情况",
            ("项目名称", "项目内容", "责任单位", "进展情况"),
            Kind.EXECUTION,
        ),
        ("2024年主要经济指标完成情况", ("类别", "指标名称", "年度目标", "完成情况"), Kind.INDICATORS),
        ("2024年9月统计", ("指标", "绝对值", "增幅"), Kind.INDICATORS),
        ("2024年民生实事项目进展情况", STATUS, Kind.LIVELIHOOD),
        (None, STATUS, Kind.EXECUTION),
        ("2023年工作总结和2024年工作思路", (), Kind.SUMMARY),
        ("云溪区发改局2024年上半年工作总结", (), Kind.SUMMARY),
        ("(浙东省)海州市云溪区人民政府工作报告(2023年2月4日)", (), Kind.WORK_REPORT),
        ("2024年政府工作报告", (), Kind.WORK_REPORT),
        ("2024年三季度政府工作报告重点任务进展情况", (), Kind.BULLETIN),
        ("关于2024年重点工作进展的通报", (), Kind.BULLETIN),
        ("关于开展安全检查的通知", (), Kind.OTHER),
    ],
)
def test_kinds(title: str | None, headings: tuple[str, ...], kind: Kind) -> None:
    assert kind_of(title, "", headings) is kind


def test_the_kind_of_prose_without_a_title_comes_from_its_text() -> None:
    summary = "2023年以来,我局攻坚克难。\n一、重点工作完成情况\n完成投资3亿元。\n二、2024年工作思路\n继续努力。"
    assert kind_of(None, summary) is Kind.SUMMARY
    assert kind_of(None, "各位代表:\n现在,我代表区人民政府向大会报告工作,请予审议。") is Kind.WORK_REPORT
    assert kind_of(None, "天气晴好。") is Kind.OTHER


@pytest.mark.parametrize(
    ("title", "kind", "without"),
    [
        ("泽山县林业局2031年三季度工作进展情况", Kind.SUMMARY, Kind.BULLETIN),
        ("关于2031年全县造林任务进展情况的通报", Kind.SUMMARY, Kind.BULLETIN),
        ("关于2031年民生实事项目三季度推进情况的通报", Kind.SUMMARY, Kind.LIVELIHOOD),
        ("泽山经济技术开发区2031年重点任务落实情况", Kind.SUMMARY, Kind.BULLETIN),
        ("泽山县2031年1—9月财政预算执行情况", Kind.BULLETIN, Kind.BULLETIN),
        ("关于2031年前三季度全县经济运行情况的通报", Kind.BULLETIN, Kind.BULLETIN),
        ("泽山县2031年主要指标完成情况", Kind.BULLETIN, Kind.BULLETIN),
    ],
)
def test_what_a_title_promises_as_a_table_is_a_summary_where_sentences_tell_it(
    title: str, kind: Kind, without: Kind
) -> None:
    told = "一、工作进展\n造林3200亩。抚育1.1万亩。\n二、存在问题\n人手不足。\n三、下一步\n抓紧补植。"
    assert kind_of(title, told) is kind
    assert kind_of(title, "现将进展情况公布如下，详见附件。") is without
