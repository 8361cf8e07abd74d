"""Who puts a document out: below the text, below the title, and where a title is only the name of a column."""

from __future__ import annotations

import pytest

from tasks.model import Kind, Report
from tasks.read import read

TEXT = "上半年，全县新增造林3200亩，抚育中幼林1.1万亩，林下经济产值稳步增长，管护责任落实到户。"
BODY = f"一、总体情况\n{TEXT}\n二、存在问题\n部分乡镇补植进度偏慢，个别林区道路年久失修，需加大投入。\n"
TITLE = "关于2031年上半年造林进展情况的通报"


def told(text: str) -> Report:
    return read(text.encode(), name="page.txt")


@pytest.mark.parametrize(
    ("signed", "publisher"),
    [
        ("泽山县林业局\n2031年7月6日", "泽山县林业局"),
        ("泽山县林业局　2031年7月6日", "泽山县林业局"),
        ("泽 山 县 林 业 局\n2031年7月6日", "泽山县林业局"),
        ("泽山县绿化委员会办公室（代章）\n2031年7月6日", "泽山县绿化委员会办公室"),
        ("泽山县绿化委员会办公室\n（泽山县林业局代章）\n2031年7月6日", "泽山县绿化委员会办公室"),
        ("泽山县林业局　泽山县财政局\n2031年7月6日", "泽山县林业局 泽山县财政局"),
    ],
)
def test_a_signature_names_the_publisher_and_is_in_no_section(signed: str, publisher: str) -> None:
    report = told(f"{TITLE}\n{BODY}{signed}\n")
    assert (report.meta.publisher, report.meta.generated_on) == (publisher, None)
    assert report.text[report.sections[-1].end :].strip() == signed


@pytest.mark.parametrize("last", ["全县林业工作会议 2031年7月6日", "会议由县林业局承办\n2031年7月6日"])
def test_a_last_line_that_names_nobody_signs_nothing(last: str) -> None:
    assert told(f"{TITLE}\n{BODY}{last}\n").meta.publisher is None


@pytest.mark.parametrize("line", ["泽山县统计局\n（2032年3月1日）", "泽山县统计局　2032年3月1日"])
def test_a_bulletin_is_its_whose_name_stands_below_the_title(line: str) -> None:
    report = told(f"泽山县2031年林业统计公报\n{line}\n{BODY}")
    assert report.meta.publisher == "泽山县统计局"


def test_a_day_in_brackets_is_no_part_of_the_title() -> None:
    report = told(f"在全县林业工作推进会上的讲话\n（2031年7月10日）\n{BODY}")
    assert (report.meta.title, report.meta.kind) == ("在全县林业工作推进会上的讲话", Kind.SUMMARY)


@pytest.mark.parametrize("column", ["通知公告", "工作总结", "县林业局"])
def test_a_column_in_the_head_gives_way_to_the_title_in_the_text(column: str) -> None:
    lines = f"泽山县绿化委员会文件\n泽绿〔2031〕9号\n{TITLE}\n各乡镇人民政府：\n{BODY}".split("\n")
    page = "".join(f"<p>{line}</p>" for line in lines)
    report = read(f"<html><head><title>{column}</title></head><body>{page}</body></html>".encode())
    assert (report.meta.title, str(report.meta.period)) == (TITLE, "2031H1")


def test_a_short_title_of_the_head_that_the_page_prints_stays() -> None:
    lines = f"政府工作报告\n——2031年1月8日在泽山县第十届人民代表大会第一次会议上\n{BODY}".split("\n")
    page = "".join(f"<p>{line}</p>" for line in lines)
    report = read(f"<html><head><title>政府工作报告</title></head><body>{page}</body></html>".encode())
    assert report.meta.title == "政府工作报告"


@pytest.mark.parametrize("label", ["资料来源：", "数据来源:", "注："])
def test_where_figures_come_from_is_no_part_of_the_last_section(label: str) -> None:
    report = told(f"{TITLE}\n{BODY}{label}本文造林数据来自县绿化办，其他数据来自县林业局。\n")
    assert not any("绿化办" in report.text[s.start : s.end] for s in report.sections)


def test_a_numbered_question_keeps_its_mark() -> None:
    report = told(f"泽山县2031年上半年林业情况答记者问\n一、造林进展如何？\n{TEXT}\n二、下一步有何打算？\n{TEXT[3:]}\n")
    assert [section.title for section in report.sections] == ["一、造林进展如何？", "二、下一步有何打算？"]
