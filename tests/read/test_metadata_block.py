"""The metadata block says the same in every layout; what is odd about it is said, not guessed."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.read import read
from tasks.read.errors import RowsNotUnderstood
from tasks.read.metadata.reading import MetaReading, normalise_index_number, read_metadata
from tasks.read.textdump import read_text
from tasks.read.web.html import read_html

BODY = "今年以来,我局坚持稳中求进,各项工作有序推进,全年完成投资12.5亿元,同比增长3.2%,新增企业36家。\n" * 3
TITLE = "2024年三季度云溪区发改局重点工作完成情况"

TEXTS = {
    "four cells a row": (
        "索引号 | 014006438/2024-00352 | 公开方式 | 主动公开 |\n---|---|---|---|\n"
        "发布机构 | 云溪区发改局 | 公开范围 | 面向社会 |\n备注/文号 | 公开时限 | 长期公开 | |\n"
        "生成日期 | 2024-10-21 | 发布日期 | 2024-10-22 |\n"
    ),
    "pipes around": (
        "| 索 引 号 | 014006438/2024-00352 | 公开形式 | 主动公开 |\n| --- | --- | --- | --- |\n"
        "| 发文机关 | 云溪区发改局 | 发文字号 | |\n| 成文日期 | 2024年10月21日 | 公布日期 | 2024年10月22日 |\n"
    ),
    "pairs on a line": (
        "信息索引号 014006438/2024-00352 公开方式 主动公开\n发布机构 云溪区发改局 公开范围 面向全社会\n"
        "备注/文号 公开时限 长期公开\n生成日期 2024-10-21 发布日期 2024-10-22\n"
    ),
    "label: value": (
        "索引号:014006438/2024-00352\n发布单位:云溪区发改局\n文号:\n成文日期:2024-10-21\n"
        "发布时间:2024-10-22 09:15 浏览次数:35\n"
    ),
    "full-width colons": (
        "信息索引号：014006438/2024-00352　公开方式：主动公开\n发布机关：云溪区发改局　文号：无\n"
        "生成日期：2024-10-21　公开日期：2024-10-22\n"
    ),
    "alternating lines": (
        "索引号\n014006438/2024-00352\n文号\n公布日期\n2024-10-22\n成文日期\n2024-10-21\n公开方式\n主动公开\n发布单位\n云溪区发改局\n"
    ),
    "alternating, blank lines": (
        "索引号\n\n014006438/2024-00352\n\n文号\n\n\n\n公布日期\n\n2024-10-22\n\n生成日期\n\n2024-10-21\n\n制发机关\n\n云溪区发改局\n"
    ),
    "printed twice": (
        "索引号:014006438/2024-00352 发布机构:云溪区发改局\n生成日期:2024-10-21 发布日期:2024-10-22\n\n"
        "索引号\n014006438/2024-00352\n发布单位\n云溪区发改局\n公布日期\n2024-10-22\n"
    ),
}

HTMLS = {
    "table": (
        "<table><tr><td class=t>索引号：</td><td>014006438/2024-00352</td><td>文号：</td><td></td></tr>"
        "<tr><td>发布机构：</td><td>云溪区发改局</td><td>公开方式：</td><td>主动公开</td></tr>"
        "<tr><td>成文日期：</td><td>2024-10-21</td><td>发布日期：</td><td>2024-\n10-\n22</td></tr></table>"
    ),
    "dl": (
        "<dl><dt>索 引 号：</dt><dd>014006438/2024-00352</dd><dt>文号：</dt><dd></dd><dt>发文机关：</dt>"
        "<dd>云溪区发改局</dd><dt>成文日期：</dt><dd>2024年10月21日</dd><dt>发布日期：</dt><dd>2024年10月22日</dd></dl>"
    ),
    "li span": (
        "<ul><li><span>索引号</span><span>014006438/2024-00352</span></li><li><span>发布机构</span>"
        "<span>云溪区发改局</span></li><li><span>生成日期</span><span>2024-10-21</span></li>"
        "<li><span>发布日期</span><span>2024-10-22</span></li><li><span>文号</span><span></span></li></ul>"
    ),
    "commented fields": (
        "<table><tr><td class=t>索引号</td><td><!--<$[SYH]>-->014006438/2024-00352<!--<$[SYH]>--></td>"
        "<!--<td>统一编号</td><td>ABC</td>--><td class=t>公开方式</td><td>主动公开</td></tr><tr><td>发布机构</td>"
        "<td>云溪区发改局</td><td>生成日期</td><td>2024-10-21</td></tr><tr><td>发布日期</td><td>2024-10-22</td></tr></table>"
    ),
}


def of_text(text: str) -> MetaReading:
    return read_metadata(read_text(text))


def of_html(fragment: str, head: str = "", body: str = "") -> MetaReading:
    paragraphs = "".join(f"<p>{line}</p>" for line in BODY.split("\n"))
    page = f"<html><head>{head}</head><body>{fragment}<div id=zoom>{body}{paragraphs}</div></body></html>"
    return read_metadata(read_html(page))


def assert_block(found: MetaReading) -> None:
    meta = found.meta
    assert meta.index_number == "014006438/2024-00352"
    assert meta.publisher == "云溪区发改局"
    assert meta.generated_on == date(2024, 10, 21)
    assert meta.published_on == date(2024, 10, 22)
    assert meta.document_number is None
    assert not {w.code for w in found.warnings} & {"metadata_disagrees", "document_number_phrase", "date_unreadable"}


@pytest.mark.parametrize("layout", TEXTS)
def test_every_layout_of_a_text_dump_gives_the_same_block(layout: str) -> None:
    text = TEXTS[layout] + TITLE + "\n" + BODY
    found = of_text(text)
    assert_block(found)
    assert found.meta.title == TITLE
    covered = "".join(text[a:b] for a, b in found.spans)
    assert "014006438/2024-00352" in covered
    assert "稳中求进" not in covered


@pytest.mark.parametrize("layout", HTMLS)
def test_every_layout_of_a_page_gives_the_same_block(layout: str) -> None:
    assert_block(of_html(HTMLS[layout], f"<meta name=ArticleTitle content='{TITLE}'>"))


def test_head_tags_fill_what_the_block_leaves_open() -> None:
    found = of_html(
        "<p>没有信息</p>",
        f"<META content='{TITLE}&nbsp;' name=articletitle><meta name=PubDate content=' 2024-10-22 17:18'>"
        "<meta name=ContentSource content='云溪区发改局'><title>云溪区政府门户网站</title>",
    )
    assert found.meta.title == TITLE
    assert found.meta.publisher == "云溪区发改局"
    assert found.meta.published_on == date(2024, 10, 22)


@pytest.mark.parametrize(
    "head",
    [
        "<title>2024年1-9月重点工作完成情况_云溪区人民政府</title>",
        "<title>2024年1-9月重点工作完成情况 - 云溪区人民政府门户网站</title>",
        "<title>2024年1-9月重点工作完成情况-云溪政府网</title>",
        "<title>云溪区人民政府 2024年1-9月重点工作完成情况</title>"
        "<meta name=ArticleTitle content='2024年1-9月重点工作完成情况'>",
        "<meta name=ArticleTitle content='2024%u5E741-9%u6708%u91CD%u70B9%u5DE5%u4F5C%u5B8C%u6210%u60C5%u51B5'>",
        "<meta name=SiteName content=云溪区人民政府><title>2024年1-9月重点工作完成情况 云溪区人民政府</title>",
    ],
)
def test_a_title_comes_without_the_site(head: str) -> None:
    assert of_html("", head).meta.title == "2024年1-9月重点工作完成情况"


def test_a_cut_title_gives_way_to_the_whole_one() -> None:
    found = of_html("", f"<meta name=ArticleTitle content='{TITLE[:14]}...'>", f"<h1>{TITLE}</h1>")
    assert found.meta.title == TITLE


def test_an_attachment_label_with_a_title_and_no_file_gives_the_title() -> None:
    found = of_text(f"索引号 | 014006438/2024-00352 | 发布机构 | 区府办 |\n附件 | {TITLE} |\n{BODY}")
    assert found.meta.title == TITLE


def test_the_listed_title_serves_where_none_is_printed() -> None:
    page = read_text("索引号 | 014006438/2024-00352 | 发布机构 | 区府办 |\n" + BODY)
    assert read_metadata(page).meta.title is None
    assert "title_missing" in {w.code for w in read_metadata(page).warnings}
    assert read_metadata(page, title=TITLE).meta.title == TITLE


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("索引号: 1/2024-00001 成文日期: 2024-11-02 发布日期: 2024-10-22", "date_order"),
        ("索引号: 1/2024-00001 成文日期: 2019-10-02 发布日期: 2024-10-22", "dates_far_apart"),
        ("索引号: 1/2024-00001 公开方式: 有效 发布日期: 2024-10-22", "metadata_misplaced"),
        ("索引号: 1/2024-00001 文号: 面向社会公开 发布日期: 2024-10-22", "document_number_phrase"),
        ("索引号: /2024-0000 发布机构: 区府办 发布日期: 2024-10-22", "index_number_void"),
        ("索引号: 1/2024-00001 发布日期: 2024-13-45 发布机构: 区府办", "date_unreadable"),
        ("索引号: 1/2024-00001 发布机构: 区府办\n\n索引号: 2/2024-00002 发布机构: 区府办", "metadata_disagrees"),
    ],
)
def test_traps_are_warned_about(lines: str, code: str) -> None:
    found = of_text(f"{lines}\n{TITLE}\n{BODY}")
    assert code in {w.code for w in found.warnings}
    assert found.meta.document_number is None


@pytest.mark.parametrize("void", ["—  —", "/", "-", "无", "", "----"])
def test_a_void_document_number_is_null_without_noise(void: str) -> None:
    found = of_text(
        f"索引号 | 1/2024-00001 | 文号 | {void} |\n发布机构 | 区府办 | 发布日期 | 2024-10-22 |\n{TITLE}\n{BODY}"
    )
    assert found.meta.document_number is None
    assert "document_number_phrase" not in {w.code for w in found.warnings}


@pytest.mark.parametrize("number", ["云政发〔2024〕3号", "云发改[2024]12号", "2024年第3号"])
def test_document_numbers_are_kept(number: str) -> None:
    found = of_text(
        f"索引号 | 1/2024-00001 | 文号 | {number} |\n发布机构 | 区府办 | 发布日期 | 2024-10-22 |\n{TITLE}\n{BODY}"
    )
    assert found.meta.document_number == number


@pytest.mark.parametrize(
    ("title", "publisher"),
    [
        ("(浙东省)海州市云溪区人民政府工作报告(2023年2月4日)", "海州市云溪区人民政府"),
        ("海州市云溪区人民政府2024年政府工作报告", "海州市云溪区人民政府"),
        ("2023年云溪区教育局工作总结", "云溪区教育局"),
        ("云溪区住房和城乡建设局2024年上半年工作总结", "云溪区住房和城乡建设局"),
        ("2024年三季度重点工作完成情况", None),
        ("关于2024年民生实事进展情况的通报", None),
    ],
)
def test_a_publisher_comes_from_the_title_only_where_it_names_one(title: str, publisher: str | None) -> None:
    assert of_text(f"{title}\n{BODY}").meta.publisher == publisher


def test_labels_glued_to_the_value_before_them_are_told_by_their_colons() -> None:
    found = of_text(f"{TITLE}\n发布时间：2024-12-05 16:00来源：区政府督查室浏览量：123字体：大 中 小\n{BODY}")
    assert found.meta.published_on == date(2024, 12, 5)
    assert found.meta.publisher == "区政府督查室"


def test_the_speaker_of_a_work_report_names_its_government() -> None:
    lines = "政府工作报告\n——2024年1月30日在云溪区第三届人民代表大会第四次会议上\n云溪区人民政府区长 张某\n各位代表:\n"
    assert of_text(lines + BODY).meta.publisher == "云溪区人民政府"


def test_a_signature_names_the_publisher() -> None:
    meta = of_text(f"2023年工作总结\n{BODY}云溪区水利局\n2024年1月5日").meta
    assert (meta.publisher, meta.generated_on, meta.published_on) == ("云溪区水利局", None, None)


@pytest.mark.parametrize(
    "text",
    [
        f"工作情况\n{BODY}时间\n地点\n来源\n内容\n{BODY}",
        "序号 | 名称 | 日期 | 附件 |\n1 | 开工项目 | 3月 | 有 |\n2 | 竣工项目 | 9月 | 无 |\n" + BODY,
        f"来源广泛的资金支持了项目建设。\n日期已定。\n{BODY}",
    ],
)
def test_columns_and_sentences_are_no_metadata(text: str) -> None:
    found = of_text(text)
    assert found.fields == ()
    assert found.meta.published_on is None


def test_an_empty_last_value_does_not_swallow_the_title() -> None:
    found = of_text(f"索引号\n014006438/2024-00352\n发布机构\n区府办\n文号\n{TITLE}\n{BODY}")
    assert found.meta.title == TITLE
    assert found.meta.document_number is None


@pytest.mark.parametrize("unknown", ["信息编目", "主　　题", "主题"])
def test_an_unknown_label_in_the_block_hides_no_known_one(unknown: str) -> None:
    html = (
        "<table><tr><th>索 引 号：</th><td>K20001/2024-00812</td><th>发布机构：</th><td>临溪县人民政府办公室</td></tr>"
        f"<tr><th>{unknown}：</th><td>综合\\其他</td><th>成文日期：</th><td>2024年10月17日</td></tr></table><p>{BODY}</p>"
    )
    meta = read_metadata(read_html(html)).meta
    assert (meta.index_number, meta.generated_on) == ("K20001/2024-00812", date(2024, 10, 17))


def test_labels_and_values_that_only_styles_keep_apart() -> None:
    spans = (
        ["信息索引号", "K20001/2024-00812", "发布机构", "临溪县委改革办"],
        ["生成日期", "2024-10-17", "公开日期", "2024-10-19"],
        ["备注/文号", "", "公开方式", "主动公开"],
    )
    lines = "".join("<div>" + "".join(f"<span>{text}</span>" for text in line) + "</div>" for line in spans)
    meta = read_metadata(read_html(f"<div>{lines}</div><h1>{TITLE}</h1><p>{BODY}</p>")).meta
    assert (meta.index_number, meta.publisher) == ("K20001/2024-00812", "临溪县委改革办")
    assert (meta.generated_on, meta.published_on) == (date(2024, 10, 17), date(2024, 10, 19))
    assert meta.document_number is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("00250027-9/2024-31707", "002500279/2024-31707"),
        ("014006438/2026-352", "014006438/2026-00352"),
        ("k1493206-6／2020-11938", "K14932066/2020-11938"),
        (" 014006438 / 2026-00352", "014006438/2026-00352"),
    ],
)
def test_index_numbers_of_one_document_compare_equal(one: str, other: str) -> None:
    assert normalise_index_number(one) == normalise_index_number(other)


@given(st.text(alphabet="0123456789ABKX-/", min_size=1, max_size=30))
def test_normalising_an_index_number_twice_changes_nothing(text: str) -> None:
    once = normalise_index_number(text)
    assert normalise_index_number(once) == once


def test_other_rules_numbers_keep_their_shape() -> None:
    for number in ("1134160073302996XP/202501-00038", "11330600002577014T/2022-227934", "FZ04102-0900-2023-00006"):
        assert normalise_index_number(number) == number


LABELS = ("索引号", "发布机构", "文号", "生成日期", "发布日期", "公开方式", "附件", "日期", "名称", "来源", "点击率")
VALUES = (
    "014006438/2024-00352",
    "云溪区发改局",
    "2024-10-22",
    "主动公开",
    "无",
    "",
    "—",
    "2024年三季度工作情况",
    "有效",
    "3",
)
WEAVES = (": ", "：", " ", " | ", "\n", "\n\n", "")


@given(
    st.lists(
        st.tuples(st.sampled_from(LABELS), st.sampled_from(WEAVES), st.sampled_from(VALUES), st.sampled_from(WEAVES))
    )
)
def test_any_weave_of_labels_and_values_is_read_within_the_text(parts: list[tuple[str, str, str, str]]) -> None:
    text = "".join(label + a + value + b for label, a, value, b in parts) + "\n" + BODY
    try:
        page = read_text(text)
    except RowsNotUnderstood:
        return  # 日期 | 2024年三季度工作情况 reads as headings; three cells below two are refused by name
    found = read_metadata(page)
    edges = [edge for span in found.spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(page.text) for edge in edges)
    assert "稳中求进" not in "".join(page.text[a:b] for a, b in found.spans)
    # A value that lost its label stands where a label nobody knows would; 主动公开 and 日期 woven together make 公开日期.
    # So does one that the weave ran into its neighbour (无发布日期, 附件云溪区发改局).
    glued = {"".join(run) for count in (2, 3) for run in product((*LABELS, *VALUES), repeat=count)}
    assert set(dict(found.fields)) <= set(LABELS) | set(VALUES) | glued | {"信息索引号", "公开日期", "时间"}


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


STRANGE = {
    "last": [("名称", TITLE), ("关联稿件", "无"), ("保存期限", "长期")],
    "first": [("信息编目", "K1/8"), ("信息名称", TITLE)],
    "between": [("标题", TITLE), ("解读方式", "图解"), ("有效性", "有效")],
    "four cells": [("信息名称", TITLE, "文号", ""), ("关联稿件", "无", "保存期限", "长期")],
    "merged": [("信息名称", TITLE, "</td><td>", ""), ("内容概述", TITLE), ("档案门类", "文书")],
}


@pytest.mark.parametrize("rows", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("last", [True, False])
def test_rows_of_labels_nobody_knows_make_the_block_no_table_of_tasks(rows: list[tuple[str, ...]], last: bool) -> None:
    known = row("索引号", "014006438/2024-00352", "发布机构", "云溪区发改局") + row("生成日期", "2024-10-21")
    strange = "".join(row(*cells) for cells in rows)
    block = f"<table>{known}{strange}</table>" if last else f"<table>{strange}{known}</table>"
    prose = "".join(f"<p>{line}</p>" for line in f"一、投资\n{BODY}二、开放\n{BODY}".split("\n"))
    report = read(f"<html><body>{block}<h1>{TITLE}</h1>{prose}</body></html>".encode())
    assert (report.rows, report.meta.title) == ((), TITLE)
    assert (report.meta.index_number, report.meta.generated_on) == ("014006438/2024-00352", date(2024, 10, 21))
    assert [section.title for section in report.sections] == ["一、投资", "二、开放"]


def test_a_table_of_tasks_below_the_block_in_one_grid_is_no_part_of_it() -> None:
    known = row("索引号", "014006438/2024-00352") + row("发布机构", "云溪区发改局") + row("生成日期", "2024-10-21")
    tasks = row("工作任务", "完成情况") + "".join(row(f"新建绿道{n}公里", f"已建成{n}公里。") for n in (3, 4, 5, 6))
    found = read_metadata(read_html(f"<table>{known}{tasks}</table>"))
    assert "新建绿道" not in "".join(value for pair in found.fields for value in pair)


@pytest.mark.parametrize(
    "unknown", ["公文生成日期", "信息编目\nK0017\n生成日期", "备注/文号\n成文日期", "文号\n办理方式\n公示\n成文时间"]
)
def test_a_label_nobody_knows_or_an_empty_value_between_labels_a_line_each_hides_no_known_one(unknown: str) -> None:
    found = of_text(
        f"索引号\nK20001/2031-00812\n发布机构\n泽山县林业局\n{unknown}\n2031-10-16\n有效性\n有效\n{TITLE}\n{BODY}"
    )
    assert (found.meta.index_number, found.meta.publisher) == ("K20001/2031-00812", "泽山县林业局")
    assert (found.meta.generated_on, found.meta.title) == (date(2031, 10, 16), TITLE)
    assert not any(TITLE in value for _, value in found.fields)


def test_a_day_below_a_label_nobody_knows_ends_no_block() -> None:
    found = of_text(
        f"索引号\nK20001/2031-00812\n发布机构\n泽山县林业局\n登记日期\n2031-10-16\n发布日期\n2031-10-18\n{TITLE}\n{BODY}"
    )
    assert (found.meta.generated_on, found.meta.published_on) == (None, date(2031, 10, 18))


def test_a_source_printed_with_its_county_is_the_fuller_name_of_the_heads() -> None:
    page = "<p>信息来源：乌兰善旗林业和草原局 发布时间：2031-07-12</p>"
    meta = of_html(page, "<meta name=ContentSource content='旗林业和草原局'>").meta
    assert meta.publisher == "乌兰善旗林业和草原局"
    meta = of_html(page, "<meta name=ContentSource content='旗生态环境局'>").meta
    assert meta.publisher == "旗生态环境局"


def test_a_short_title_below_the_block_is_no_label() -> None:
    found = of_text(
        f"索引号\nK20001/2031-00812\n发布机构\n泽山县人民政府\n政府工作报告\n2031年1月8日\n来源：县政府办 时间：2031-01-12\n{BODY}"
    )
    assert found.meta.title == "政府工作报告"
