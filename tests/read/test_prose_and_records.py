"""Labelled records told in the chapters of a text: its rows, and its sections all the same."""

from __future__ import annotations

import pytest

from tasks.model import Kind, Report
from tasks.observe.report import observe
from tasks.read import read

TITLE = "岚浦县人民政府办公室关于2031年民生实事三季度办理情况的通报"
LEAD = "县督查室会同有关部门,于10月上旬对全县6件民生实事的办理情况作了核查,走访群众214户。现将情况通报如下:"
RECORDS = {
    "(一)教育卫生": [
        ("新建乡镇幼儿园3所", "2所投入使用,新增学位270个。", "县教育局"),
        ("改造村卫生室40间", "完成改造36间。", "县卫生健康局"),
    ],
    "(二)养老助残": [
        ("建设老年食堂8个", "建成6个,日均就餐310人次。", "县民政局"),
        ("残疾人家庭无障碍改造120户", "完成131户。", "县残联"),
    ],
    "(三)交通供水": [
        ("农村公路养护160公里", "完成118公里。", "县交通运输局"),
        ("农村供水提升5个村", "开工5个村,通水3个村。", "县水利局"),
    ],
}
WHOLE = "6件实事年度计划投资2.3亿元,截至9月底完成投资1.87亿元。总的看,推进较为平稳,多数单位做到了目标、节点、责任三落实,个别项目受雨季影响进展偏慢。"
WRONG = "核查发现,供水项目管线摸底不细,施工中两次变更设计;个别单位资料报送不及时,群众对实事的知晓面还不宽。"
NEXT = "各责任单位要倒排工期,每周五报送进展;要素部门靠前服务,优先保障用地和资金,确保12月20日前全部办结。"


def lines() -> list[str]:
    told = ["一、总的情况", WHOLE, "二、各项办理情况"]
    number = 0
    for group, records in RECORDS.items():
        told.append(group)
        for content, status, body in records:
            number += 1
            told += [f"{number}.{content}", f"进展情况:{status}责任单位:{body}。"]
    return [*told, "三、发现的问题", WRONG, "四、下一步要求", NEXT]


def page(*, bold: bool) -> Report:
    made = "".join(f"<p><b>{x}</b></p>" if bold and len(x) < 30 and x[-1] != "。" else f"<p>{x}</p>" for x in lines())
    signed = "<p>岚浦县人民政府办公室</p><p>2031年10月16日</p>"
    return read(f"<html><body><h1>{TITLE}</h1><p>{LEAD}</p>{made}{signed}</body></html>".encode())


@pytest.mark.parametrize("bold", [True, False])
def test_records_in_chapters_are_rows_and_stand_in_their_sections(bold: bool) -> None:
    report = page(bold=bold)
    assert [row.content for row in report.rows] == [content for group in RECORDS.values() for content, _, _ in group]
    chapters = [(s.level, s.title) for s in report.sections if s.level < 3]
    assert chapters == [
        (1, "一、总的情况"),
        (1, "二、各项办理情况"),
        *((2, group) for group in RECORDS),
        (1, "三、发现的问题"),
        (1, "四、下一步要求"),
    ]
    texts = {s.title: report.text[s.start : s.end] for s in report.sections}
    assert WHOLE in texts["一、总的情况"]
    assert WRONG in texts["三、发现的问题"]
    assert NEXT in texts["四、下一步要求"]
    assert "2031年10月16日" not in texts["四、下一步要求"]


def test_numbers_counted_through_all_chapters_are_no_gap() -> None:
    assert not {"outline_gap", "outline_repeats"} & {warning.code for warning in page(bold=False).warnings}


def test_figures_of_the_chapters_around_the_records_are_observed_once() -> None:
    seen = [(o.value, o.row) for o in observe(page(bold=True))]
    assert [row for value, row in seen if str(value) == "1.87"] == [None]
    assert len([row for value, row in seen if value == 270]) == 1


def test_a_notice_in_prose_is_a_summary_in_sections() -> None:
    told = [
        "一、总的情况",
        WHOLE,
        "二、各项办理情况",
        *(
            f"({n}){content}。{status}由{body}负责。"
            for n, (content, status, body) in zip("一二", RECORDS["(一)教育卫生"], strict=True)
        ),
        "三、发现的问题",
        WRONG,
    ]
    made = "".join(f"<p>{line}</p>" for line in told)
    report = read(f"<html><body><h1>{TITLE}</h1><p>{LEAD}</p>{made}</body></html>".encode())
    assert (report.meta.kind, report.rows) == (Kind.SUMMARY, ())
    assert [s.title for s in report.sections] == [
        "一、总的情况",
        "二、各项办理情况",
        "(一)新建乡镇幼儿园3所",
        "(二)改造村卫生室40间",
        "三、发现的问题",
    ]
