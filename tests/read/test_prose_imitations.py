"""What looks like an outline and is none, headings that only type tells, and titles broken over lines."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.read import read
from tasks.read.metadata.reading import read_metadata
from tasks.read.prose.outline import outline
from tasks.read.textdump import read_text
from tasks.read.web.html import read_html

TOLD = "全镇完成水库除险加固三座，新增灌溉面积一千二百亩，群众用水更有保障，灌区管护责任逐级落实。"
WORDS = st.lists(st.sampled_from("水利农田道路学校医院养老河湖林地项目资金"), min_size=4, max_size=9, unique=True)
NUMERALS = "一二三四五六七八九"


def levels(text: str) -> list[tuple[int, str]]:
    return [(section.level, section.title) for section in outline(text)]


def body_of(titles: list[str]) -> str:
    return "".join(f"{NUMERALS[i]}、{title}\n{TOLD}\n" for i, title in enumerate(titles))


@settings(max_examples=40)
@given(
    st.lists(WORDS.map("".join), min_size=3, max_size=6, unique=True),
    st.sampled_from(["", " {page}", "\t{page}", "……{page}", "............{page}", "……"]),
    st.sampled_from(["", "目 录\n", "目录\n"]),
)
def test_a_table_of_contents_adds_no_section(titles: list[str], tail: str, name: str) -> None:
    entries = "".join(f"{NUMERALS[i]}、{title}{tail.format(page=2 * i + 1)}\n" for i, title in enumerate(titles))
    body = body_of(titles)
    found = outline(f"{name}{entries}各位代表：\n{body}")
    assert [section.title for section in found] == [f"{NUMERALS[i]}、{title}" for i, title in enumerate(titles)]
    assert all(TOLD in f"{name}{entries}各位代表：\n{body}"[section.start : section.end] for section in found)


def test_the_same_headings_over_text_in_two_parts_are_no_contents() -> None:
    part = f"（一）兴修水利\n{TOLD}\n（二）管护河湖\n{TOLD}\n（三）改造农田\n{TOLD}\n"
    text = f"一、今年工作\n{part}二、明年打算\n{part}"
    assert [level for level, _ in levels(text)] == [1, 2, 2, 2, 1, 2, 2, 2]


def test_an_enumeration_inside_a_sentence_opens_nothing() -> None:
    text = f"一、水利\n投入三类资金，其中：（一）中央资金占四成；（二）省级资金占三成；（三）自筹占三成。\n二、道路\n{TOLD}"
    assert levels(text) == [(1, "一、水利"), (1, "二、道路")]


@pytest.mark.parametrize(
    "notes",
    [
        "注：1.面积按实测数计。\n2.资金按到账数计。\n",
        "附件：1．水利项目表\n2．道路项目表\n",
        "附件：\n1.水利项目表\n2.道路项目表\n（此件公开发布）\n",
        "名词解释\n①河湖长：负责河湖管护的人。\n②一田一码：给田块的编码。\n",
    ],
)
def test_notes_and_names_of_attachments_at_the_end_are_in_no_section(notes: str) -> None:
    text = f"一、水利\n{TOLD}\n二、道路\n（一）新建\n{TOLD}\n（二）养护\n{TOLD}\n{notes}"
    found = outline(text)
    assert [section.title for section in found] == ["一、水利", "二、道路", "（一）新建", "（二）养护"]
    assert max(section.end for section in found) == text.index(notes)


def test_notes_between_two_headings_belong_to_the_text_above() -> None:
    text = f"一、水利\n1.水库\n{TOLD}\n注：1.面积按实测数计。\n2.资金按到账数计。\n二、道路\n{TOLD}"
    assert levels(text) == [(1, "一、水利"), (2, "1.水库"), (1, "二、道路")]


BOLD = (
    "<html><body><div id='zoom'>{lead}<p>全年水利道路一起抓，" + TOLD + "</p>"
    "<p><b>上半年工作情况</b></p>"
    "<p><b>水利更有保障。</b>" + TOLD + "</p><p>" + TOLD + "</p>"
    "<p><span style='font-weight: 700'>道路更加通畅。</span>" + TOLD + "其中<b>三座桥</b>通车。</p>"
    "<p><b>存在的问题</b></p><p>" + TOLD + "</p></div></body></html>"
)


def test_headings_told_by_bold_type_alone() -> None:
    report = read(BOLD.format(lead="<h1>云溪县水利局2024年上半年工作总结</h1>").encode(), name="a.html")
    assert [(section.level, section.title) for section in report.sections] == [
        (1, "上半年工作情况"),
        (2, "水利更有保障"),
        (2, "道路更加通畅"),
        (1, "存在的问题"),
    ]


def test_bold_words_that_only_stress_or_label_open_nothing() -> None:
    page = (
        f"<html><body><div id='zoom'><p>一、水利</p><p><b>1200亩</b>农田受益，{TOLD}</p><p><b>联系人：</b>办公室，{TOLD}</p>"
        f"<p>二、道路</p><p>{TOLD}</p></div></body></html>"
    )
    assert [section.title for section in read(page.encode(), name="a.html").sections] == ["一、水利", "二、道路"]


def test_bold_spans_know_their_place() -> None:
    page = read_html(BOLD.format(lead=""))
    assert [page.text[start:end] for start, end in page.leads] == ["水利更有保障。", "道路更加通畅。"]


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ("云溪县人民政府办公室关于\n2024年第三季度全县水利项目建设\n进展情况的通报", None),
        ("云溪县2024年国民经济和社会发展计划\n执行情况的报告", None),
        ("2024年工作总结\n和2025年工作思路", None),
        ("云溪县人民政府办公室\n关于2024年上半年水利项目\n推进情况的通报", None),
        (
            "云溪县水利局文件\n云水〔2024〕7号\n关于2024年上半年水利工作\n情况的报告",
            "关于2024年上半年水利工作情况的报告",
        ),
    ],
)
def test_a_title_broken_over_lines_is_read_whole(lines: str, title: str | None) -> None:
    expected = title or lines.replace("\n", "")
    assert read_metadata(read_text(f"{lines}\n\n一、水利\n{TOLD}\n")).meta.title == expected


@pytest.mark.parametrize(
    "line",
    [
        "来源：县水利局　时间：2023-02-03 11:20　点击：次　字体：【大 中 小】",
        "时间：2023年2月3日 来源：县水利局",
        "来源：县水利局\n日期：2023-02-03",
    ],
)
def test_weak_labels_that_say_when_and_from_whom_are_metadata(line: str) -> None:
    found = read_metadata(read_text(f"2022年工作总结\n{line}\n{TOLD}\n"))
    assert (found.meta.published_on, found.meta.publisher) == (date(2023, 2, 3), "县水利局")


@pytest.mark.parametrize(
    "line", ["时间：2023年2月3日", "来源：群众举报，时间不详", "时间：2023年2月3日 地点：县水利局"]
)
def test_a_weak_label_alone_is_none(line: str) -> None:
    assert read_metadata(read_text(f"{TOLD}\n{line}\n{TOLD}\n")).meta.published_on is None


def test_a_page_on_one_line_parted_by_wide_blanks() -> None:
    parts = ["首页 | 云溪概况 | 政务公开", "索引号：K12/2025-00042", "发布机构：云溪县统计局", "发布日期：2025-04-25"]
    parts += ["2025年一季度云溪县经济运行情况", f"一季度总体平稳。{TOLD * 4}", "一、主要指标", "（一）农业"]
    parts += [TOLD * 3, "（二）工业", TOLD * 3, f"二、下步建议。{TOLD * 2}", "【打印】【关闭】"]
    report = read("\u3000".join(parts).encode(), name="a.txt")
    assert (report.meta.title, report.meta.index_number) == ("2025年一季度云溪县经济运行情况", "K12/2025-00042")
    assert [(section.level, section.title) for section in report.sections] == [
        (1, "一、主要指标"),
        (2, "（一）农业"),
        (2, "（二）工业"),
        (1, "二、下步建议"),
    ]
    assert "打印" not in report.text[report.sections[-1].start : report.sections[-1].end]


def docx(paragraphs: str, styles: str = "") -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{relation}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{relation}/styles" Target="styles.xml"/></Relationships>',
        )
        archive.writestr("word/styles.xml", f"<w:styles {space}>{styles}</w:styles>")
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{paragraphs}</w:body></w:document>")
    return packed.getvalue()


def para(text: str, *, style: str = "", size: int = 32, centred: bool = False, bold: str = "") -> str:
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + ('<w:jc w:val="center"/>' if centred else "")
    heavy = f'<w:r><w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr><w:t>{bold}</w:t></w:r>' if bold else ""
    run = f'<w:r><w:rPr><w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{heavy}{run}</w:p>"


HEADING = '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
TITLE = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>'


@pytest.mark.parametrize(
    "top",
    [
        para("云溪县水利局", size=44, centred=True) + para("2024年工作总结", size=44, centred=True),
        para("云溪县水利局文件", size=72, centred=True)
        + para("云溪县水利局", size=44, centred=True)
        + para("2024年工作总结", size=44, centred=True),
        para("内部资料") + para("云溪县水利局2024年工作总结", style="T"),
    ],
)
def test_the_heading_of_a_word_file_is_told_by_style_or_size(top: str) -> None:
    body = (
        para("第一部分 2024年工作总结", style="H1")
        + para(TOLD)
        + para("第二部分 2025年工作计划", style="H1")
        + para(TOLD)
    )
    report = read(docx(top + body, HEADING + TITLE), name="a.docx")
    assert report.meta.title == "云溪县水利局2024年工作总结"
    assert [section.title for section in report.sections] == ["第一部分 2024年工作总结", "第二部分 2025年工作计划"]


def test_bold_openings_of_a_word_file_are_sections() -> None:
    body = para("一、工作情况") + para(TOLD, bold="水利更有保障。") + para(TOLD, bold="道路更加通畅。")
    report = read(docx(para("2024年工作总结") + body), name="a.docx")
    assert [(section.level, section.title) for section in report.sections] == [
        (1, "一、工作情况"),
        (2, "水利更有保障"),
        (2, "道路更加通畅"),
    ]


FIGURES = st.lists(
    st.tuples(st.sampled_from(["税收收入", "非税收入", "水利投资", "道路投资"]), st.integers(2, 99999)),
    min_size=2,
    max_size=5,
)


@pytest.mark.parametrize("ordinal", ["{}．", "{}.", "{}、", "（{}）"])
@pytest.mark.parametrize("stop", ["；", "。"])
@given(figures=FIGURES)
@settings(max_examples=20)
def test_items_that_tell_figures_are_no_headings(ordinal: str, stop: str, figures: list[tuple[str, int]]) -> None:
    lines = [
        f"{ordinal.format(i)}{who}完成{n}万元，增长2.4%，{TOLD[:-1]}{stop}" for i, (who, n) in enumerate(figures, 1)
    ]
    text = f"一、预算执行\n（一）收入\n{chr(10).join(lines)}\n（二）支出\n{TOLD}\n二、打算\n{TOLD}"
    assert levels(text) == [(1, "一、预算执行"), (2, "（一）收入"), (2, "（二）支出"), (1, "二、打算")]
    assert all(line in text[outline(text)[1].start : outline(text)[1].end] for line in lines)


@pytest.mark.parametrize("stop", ["。", "\n"])
def test_headings_that_hold_a_figure_stay_headings(stop: str) -> None:
    text = f"一、项目\n1.水利投资完成12亿元{stop}{TOLD}\n2.道路投资完成9亿元{stop}{TOLD}\n二、打算\n{TOLD}"
    assert [level for level, _ in levels(text)] == [1, 2, 2, 1]


@pytest.mark.parametrize("label", ["附注", "注", "  附 注"])
@pytest.mark.parametrize("ordinal", ["（{}）", "{}.", "⑴⑵"])
def test_notes_that_count_below_their_label_are_in_no_section(label: str, ordinal: str) -> None:
    marks = list(ordinal) if "{}" not in ordinal else [ordinal.format(i) for i in (1, 2)]
    notes = f"{label}\n{marks[0]}面积按实测数计算，产量按抽样推算。\n{marks[1]}资金按到账数计算。"
    text = f"一、水利\n{TOLD}\n二、道路\n{TOLD}\n{notes}"
    found = outline(text)
    assert [section.title for section in found] == ["一、水利", "二、道路"]
    assert all(section.end <= text.index(notes) for section in found)


def test_a_bold_sentence_on_a_line_of_its_own_is_a_sibling_of_those_that_open_paragraphs() -> None:
    page = (
        f"<html><body><div id='zoom'><h1>云溪县水利局2024年上半年工作总结</h1><p>{TOLD}</p><p><b>重点工作</b></p>"
        f"<p><strong>水利更</strong><strong>有保障。</strong>{TOLD}</p>"
        "<p><strong>道路更</strong><strong>加通畅。</strong></p>"
        f"<p>一是新建道路。{TOLD}</p><p>二是养护道路。{TOLD}</p>"
        f"<p><strong>学校更加完善。</strong>{TOLD}</p></div></body></html>"
    )
    sections = read(page.encode(), name="a.html").sections
    assert [(s.level, s.title) for s in sections] == [
        (1, "重点工作"),
        (2, "水利更有保障"),
        (2, "道路更加通畅"),
        (3, "一是新建道路"),
        (3, "二是养护道路"),
        (2, "学校更加完善"),
    ]


def test_one_bold_sentence_is_emphasis() -> None:
    page = f"<html><body><p>一、水利</p><p>{TOLD}</p><p><b>请各村按期上报。</b></p><p>{TOLD}</p></body></html>"
    assert [s.title for s in read(page.encode(), name="a.html").sections] == ["一、水利"]


@pytest.mark.parametrize(("label", "known"), [("信息索引", True), ("信息编目", False)])
def test_a_bulletin_in_layout_tables_has_the_title_of_its_block_and_not_the_day_of_the_call(
    label: str, known: bool
) -> None:
    """Old portals print the page's name, the day of the call and the block in tables around the text."""
    cells = "<tr><td>{}</td><td colspan=3>{}</td></tr>".format
    page = (
        "<html><head><title>前三季度全县经济运行情况 -- 云溪县统计局</title></head><body>"
        "<table><tr><td>云溪县统计局 信息公开</td><td>设为首页 | 加入收藏</td></tr></table>"
        "<table><tr><td>您的位置：首页 &raquo; 统计数据</td><td>当前日期：2025年12月3日　星期三　晴</td></tr></table>"
        f"<table>{cells('信息名称', '前三季度全县经济运行情况')}"
        f"<tr><td>{label}</td><td>YX03-2023-000012</td><td>制发机关</td><td>云溪县统计局</td></tr>"
        "<tr><td>生成日期</td><td>2023-10-23</td><td>公开日期</td><td>2023-10-25</td></tr>"
        f"{cells('关键词', '前三季度 经济 统计')}</table>"
        "<table><tr><td align=center>前三季度全县经济运行情况</td></tr>"
        f"<tr><td>　　前三季度，{TOLD}<br><br>　　<b>一、农业</b><br><br>　　{TOLD}<br><br>　　<b>二、工业</b><br><br>　　{TOLD}"
        "</td></tr><tr><td align=right>信息员：李某　审核：周某</td></tr></table></body></html>"
    )
    report = read(page.encode("gb18030"), name="a.html")
    assert report.meta.title == "前三季度全县经济运行情况"
    assert report.meta.index_number == ("YX03-2023-000012" if known else None)
    assert report.meta.publisher == "云溪县统计局"
    assert not report.rows
    assert (report.meta.generated_on, report.meta.published_on) == (date(2023, 10, 23), date(2023, 10, 25))
    assert str(report.meta.period) == "2023Q3"
    assert [s.title for s in report.sections] == ["一、农业", "二、工业"]
    assert not any("李某" in report.text[s.start : s.end] for s in report.sections)
