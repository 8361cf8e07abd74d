"""Word files of every generation: merged cells, nested tables, automatic numbers, tracked changes, text boxes."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.errors import JibaoError
from tasks.read.attachment_errors import CorruptFile, EmptyFile, EncryptedFile, ScanWithoutText, UnsupportedFormat
from tasks.read.attachments.wordfiles.listnumbers import spelled
from tasks.read.attachments.wordfiles.reading import read
from tasks.read.limits import Limits
from tasks.read.page import Page, Paragraph
from tests.read.attachment_files import (
    HEADS,
    IN_TABLE,
    ROWS,
    TITLE,
    Para97,
    codes,
    compound,
    doc,
    docx_file,
    held_at,
    lines,
    repacked,
    row97,
    tables,
)

FILLED = [HEADS, *ROWS]


def saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def parsed(body: bytes, fmt: str = "docx") -> Page:
    page = read(body, fmt, None, Limits())
    assert all(there == said for there, said in held_at(page))
    return page


def test_docx_title_and_table() -> None:
    page = parsed(docx_file(FILLED))
    assert tables(page) == [FILLED]
    assert [(b.text, b.level) for b in page.body if isinstance(b, Paragraph)] == [(TITLE, 1)]


def test_docx_merged_cells_fill_what_they_cover() -> None:
    document = docx.Document()
    table = document.add_table(4, 3)
    for c, text in enumerate(("序号", "类别", "内容")):
        table.cell(0, c).text = text
    for r in (1, 2):
        table.cell(r, 0).text = str(r)
        table.cell(r, 2).text = f"第{r}项"
    table.cell(1, 1).merge(table.cell(2, 1)).text = "民生\n实事"
    table.cell(3, 0).merge(table.cell(3, 2)).text = "合计"
    assert tables(parsed(saved(document))) == [
        [["序号", "类别", "内容"], ["1", "民生\n实事", "第1项"], ["2", "民生\n实事", "第2项"], ["合计"] * 3]
    ]


def grid_row(widths: Sequence[tuple[int, str]]) -> str:
    return (
        "<w:tr>"
        + "".join(
            f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>'
            for span, text in widths
        )
        + "</w:tr>"
    )


def test_docx_edges_that_miss_by_a_hair_make_no_column() -> None:
    document = docx.Document()
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in (800, 3000, 30, 2000))
    rows = grid_row([(1, "序号"), (2, "内容"), (1, "单位")]) + grid_row([(1, "1"), (1, "第1项"), (2, "区教育局")])
    body = f"<w:tbl {nsdecls('w')}><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    document.element.body.insert(0, parse_xml(body))
    assert tables(parsed(saved(document))) == [[["序号", "内容", "单位"], ["1", "第1项", "区教育局"]]]


def test_docx_nested_tables_text_boxes_and_content_controls_are_read() -> None:
    document = docx.Document()
    outer = document.add_table(1, 1)
    inner = outer.cell(0, 0).add_table(2, 2)
    for r in range(2):
        for c in range(2):
            inner.cell(r, c).text = f"{r}{c}"
    w = nsdecls("w")
    box = (
        f'<w:p {w} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><w:r><mc:AlternateContent>'
        '<mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent><w:p><w:r><w:t>框中文字</w:t></w:r></w:p>'
        "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r>"
        "<w:t>框中文字</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    control = f"<w:sdt {w}><w:sdtContent><w:p><w:r><w:t>控件文字</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    for xml in (box, control):
        document.element.body.insert(len(document.element.body) - 1, parse_xml(xml))
    page = parsed(saved(document))
    assert tables(page) == [[["00", "01"], ["10", "11"]]]
    assert lines(page) == ["框中文字", "控件文字"]


def test_docx_tracked_changes_are_read_as_accepted_and_noted() -> None:
    document = docx.Document()
    w = nsdecls("w")
    inside = (
        f'<w:p {w}><w:r><w:t>完成</w:t></w:r><w:del w:id="1" w:author="a"><w:r><w:delText>50%</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="a"><w:r><w:t>75%</w:t></w:r></w:ins>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r></w:p>"
    )
    document.element.body.insert(0, parse_xml(inside))
    page = parsed(saved(document))
    assert lines(page) == ["完成75%"]
    assert {"tracked_changes", "hidden_text"} <= codes(page)


NUMBERING = (
    '<w:numbering {w}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)


def numbered(text: str, list_id: int, depth: int = 0) -> str:
    run = f"<w:r><w:t>{text}</w:t></w:r>" if text else ""
    number = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return f"<w:p><w:pPr>{number}</w:pPr>{run}</w:p>"


def test_docx_automatic_numbers_are_counted_in_text_and_in_a_table() -> None:
    document = docx.Document()
    w = nsdecls("w")
    parts = [numbered("总体", 1), numbered("甲", 1, 1), numbered("乙", 1, 1), numbered("下步", 1), numbered("丙", 1, 1)]
    rows = "".join(
        f"<w:tr><w:tc>{numbered('', 2)}</w:tc><w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc></w:tr>"
        for text in ("第一项", "第二项", "第三项")
    )
    body = "".join(parts) + f"<w:tbl>{rows}</w:tbl>"
    xml = f"<w:document {w}><w:body>{body}</w:body></w:document>".encode()
    document.add_paragraph("一", style="List Number")
    packed = repacked(saved(document), {"word/document.xml": xml, "word/numbering.xml": NUMBERING.format(w=w).encode()})
    page = parsed(packed)
    assert lines(page) == ["一、总体", "1.甲", "2.乙", "二、下步", "1.丙"]
    assert tables(page) == [[["1", "第一项"], ["2", "第二项"], ["3", "第三项"]]]


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (10, "chineseCounting", "十"),
        (12, "chineseCountingThousand", "十二"),
        (20, "japaneseCounting", "二十"),
        (105, "chineseCounting", "一百零五"),
        (3, "chineseLegalSimplified", "叁"),
        (21, "ideographDigital", "二一"),
        (4, "ideographTraditional", "丁"),
        (12, "decimalEnclosedCircle", "⑫"),
        (27, "upperLetter", "AA"),
        (49, "lowerRoman", "xlix"),
        (7, "decimalZero", "07"),
        (5, "someday", "5"),
    ],
)
def test_numbers_are_spelled_as_word_spells_them(number: int, form: str, text: str) -> None:
    assert spelled(number, form) == text


def test_docx_of_pictures_alone_is_a_scan_and_an_empty_one_is_empty() -> None:
    w = nsdecls("w", "a")
    picture = f"<w:document {w}><w:body><w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p></w:body></w:document>"
    with pytest.raises(ScanWithoutText):
        parsed(repacked(docx_file(FILLED), {"word/document.xml": picture.encode()}))
    with pytest.raises(EmptyFile):
        parsed(saved(docx.Document()))


def test_docx_without_its_document_is_an_error() -> None:
    with pytest.raises(CorruptFile):
        parsed(repacked(docx_file(FILLED), {"word/document.xml": None}))


# Binary Word


def table97(rows: Sequence[Sequence[str]]) -> list[Para97]:
    return [paragraph for row in rows for paragraph in row97(row)]


def test_doc_title_table_and_note() -> None:
    page = parsed(doc([Para97(TITLE, style=1), *table97(FILLED), Para97("注：快报数。")]), "doc")
    assert tables(page) == [FILLED]
    assert [(b.text, b.level) for b in page.body if isinstance(b, Paragraph)] == [(TITLE, 1), ("注：快报数。", None)]


CELLS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=12)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 6).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=30)))
def test_doc_tables_of_any_content_come_back(rows: list[list[str]]) -> None:
    rows = [["首", *rows[0][1:]], *rows[1:]]
    assert tables(parsed(doc(table97(rows)), "doc")) == [rows]


def test_doc_merged_cells_edges_that_miss_and_lines_in_a_cell() -> None:
    restart, go_on = 0x60, 0x20
    rows = [
        *row97(["序号", "类别", "内容"], [0, 800, 2400, 9000]),
        *row97(["1", "民生\n实事", "第1项"], [0, 810, 2380, 9000], [0, restart, 0]),
        *row97(["2", "", "第2项"], [-20, 800, 2400, 9010], [0, go_on, 0]),
        *row97(["合计"], [0, 9000]),
        *row97(["3", "经济", "第3项"], [0, 800, 2400, 9000], [1, 2, 0]),
    ]
    assert tables(parsed(doc(rows), "doc")) == [
        [
            ["序号", "类别", "内容"],
            ["1", "民生\n实事", "第1项"],
            ["2", "民生\n实事", "第2项"],
            ["合计", "合计", "合计"],
            ["3\n经济", "3\n经济", "第3项"],
        ]
    ]


def test_doc_nested_tables_follow_their_cell() -> None:
    depth = struct.pack("<HI", 0x6649, 2)
    inner_cell = IN_TABLE + depth + struct.pack("<HB", 0x244B, 1)
    inner_row = inner_cell + struct.pack("<HB", 0x244C, 1)
    inner = [
        Para97(text, "\r", 0, packed)
        for row in (("甲", "乙"), ("丙", "丁"))
        for text, packed in ((row[0], inner_cell), (row[1], inner_cell), ("", inner_row))
    ]
    cells = [Para97("外", "\x07", 0, IN_TABLE), *inner, Para97("内", "\x07", 0, IN_TABLE)]
    end = row97(["", ""])[-1]
    assert tables(parsed(doc([*cells, end]), "doc")) == [[["外", "内"]], [["甲", "乙"], ["丙", "丁"]]]


def test_doc_eight_bit_text_is_western_or_chinese_by_its_bytes() -> None:
    western = parsed(doc([Para97("后")], narrow=b"caf\xe9 \x93x\x94\r"), "doc")
    chinese = parsed(doc([Para97("后")], narrow="云岭区政府办公室\r".encode("gbk")), "doc")
    assert lines(western) == ["café “x”", "后"]
    assert lines(chinese) == ["云岭区政府办公室", "后"]


def test_doc_fields_show_their_result_and_marks_are_no_text() -> None:
    text = '详见\x13 HYPERLINK "http://203.0.113.9/" \x14附件\x15，\x13 PAGE \x15共3\x1e5项\x0b换行\x02'
    assert lines(parsed(doc([Para97(text)]), "doc")) == ["详见附件，共3-5项\n换行"]


def test_doc_deleted_and_hidden_text_is_out_and_inserted_text_in() -> None:
    runs = [
        (2, 5, struct.pack("<HB", 0x0800, 1)),
        (5, 8, struct.pack("<HB", 0x0801, 1)),
        (8, 9, struct.pack("<HB", 0x083C, 1)),
    ]
    page = parsed(doc([Para97("完成50%75%暗")], runs=runs), "doc")
    assert lines(page) == ["完成75%"]
    assert {"tracked_changes", "hidden_text"} <= codes(page)


def test_doc_text_boxes_follow_the_text() -> None:
    assert lines(parsed(doc([Para97("正文"), Para97("框")], boxes=2), "doc")) == ["正文", "框"]


def test_doc_automatic_numbers_are_counted() -> None:
    kind = struct.pack("<ii18xBx", 77, 0, 1)
    pattern = "\x00、".encode("utf-16-le")
    level = struct.pack("<iBB9xBiiBBBB", 1, 37, 0, 0, 0, 0, 0, 0, 0, 0) + struct.pack("<H", 2) + pattern
    lists = struct.pack("<h", 1) + kind + level
    overrides = struct.pack("<i", 1) + struct.pack("<i8xBBBx", 77, 0, 0, 0) + struct.pack("<I", 0xFFFFFFFF)
    packed = struct.pack("<HB", 0x260A, 0) + struct.pack("<HH", 0x460B, 1)
    body = doc([Para97(text, "\r", 0, packed) for text in ("总体", "下步")], lists=(lists, overrides))
    assert lines(parsed(body, "doc")) == ["一、总体", "二、下步"]


def test_doc_cell_marks_without_row_properties_are_still_a_table() -> None:
    plain = [Para97(cell, "\x07") for row in FILLED for cell in (*row, "")]
    assert tables(parsed(doc([Para97(TITLE), *plain, Para97("注")]), "doc")) == [FILLED]


def test_doc_with_a_password_old_or_empty_is_named() -> None:
    with pytest.raises(EncryptedFile):
        parsed(doc([Para97("正文")], flags=0x0100), "doc")
    with pytest.raises(UnsupportedFormat):
        parsed(compound({"WordDocument": b"\xdc\xa5\x65\x00" + b"\0" * 2000}), "doc")
    with pytest.raises(EmptyFile):
        parsed(doc([Para97("")]), "doc")
    with pytest.raises(ScanWithoutText):
        parsed(doc([Para97("\x01")]), "doc")


def test_doc_cut_anywhere_is_an_error_or_whole() -> None:
    body = doc(table97(FILLED * 20))
    for size in range(512, len(body), 1511):
        try:
            assert tables(parsed(body[:size], "doc")) == [FILLED * 20]
        except JibaoError as error:
            assert isinstance(error, CorruptFile | UnsupportedFormat | EmptyFile)  # noqa: PT017


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_doc_with_any_byte_changed_raises_nothing_unnamed(data: st.DataObject) -> None:
    body = bytearray(doc([Para97(TITLE), *table97(FILLED)]))
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(512, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert parsed(bytes(body), "doc").body
    except JibaoError as error:
        assert error.reason  # noqa: PT017


def aligned(text: str, size: int, style: int = 0, *, centred: bool = True) -> tuple[Para97, bytes]:
    """A paragraph, and the modifier of its run: type of `size` half points."""
    packed = struct.pack("<HB", 0x2461, int(centred))
    return Para97(text, "\r", style, packed), struct.pack("<HH", 0x4A43, size)


HALVES = "云岭区2031年三季度政府工作报告", "重点任务执行情况"


@pytest.mark.parametrize(("size", "centred"), [(44, True), (44, False), (24, True)])
def test_doc_centred_lines_in_the_largest_type_are_the_heading(size: int, centred: bool) -> None:
    titled = [aligned(text, size, centred=centred) for text in HALVES]
    runs, at = [], 0
    for paragraph, packed in titled:
        runs.append((at, at + len(paragraph.text), packed))
        at += len(paragraph.text) + 1
    page = parsed(doc([*(paragraph for paragraph, _ in titled), Para97("填报单位：云岭区政府办")], runs=runs), "doc")
    assert page.head.get("heading") == ("".join(HALVES) if centred and size == 44 else None)


# OpenDocument

ODF = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(
    f'xmlns:{short}="{ODF}{name}:1.0"'
    for short, name in [
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
    ]
)
ODT_STYLES = (
    '<style:style style:name="P1" style:family="paragraph"><style:paragraph-properties fo:text-align="center"/>'
    '</style:style><style:style style:name="T1" style:family="text">'
    '<style:text-properties fo:font-size="22pt"/></style:style>'
    '<style:style style:name="T2" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/>'
    '<text:list-level-style-number text:level="2" style:num-format="1" style:num-suffix="."/></text:list-style>'
    '<text:list-style style:name="L2"><text:list-level-style-number text:level="1" style:num-format="1"/>'
    "</text:list-style>"
)


def odt(body: str) -> bytes:
    """An OpenDocument text of a body's XML."""
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{ODT_STYLES}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
    return stream.getvalue()


def item(text: str, name: str = "", *, inner: str = "") -> str:
    style = f' text:style-name="{name}"' if name else ""
    return f"<text:list{style}><text:list-item><text:p>{text}</text:p>{inner}</text:list-item></text:list>"


def test_odt_automatic_numbers_are_counted_in_text_and_in_a_table() -> None:
    deeper = '<text:list text:style-name="L1"><text:list-item>' + item("乙") + "</text:list-item></text:list>"
    rows = "".join(
        f"<table:table-row><table:table-cell>{item('', 'L2')}</table:table-cell>"
        f"<table:table-cell><text:p>{text}</text:p></table:table-cell></table:table-row>"
        for text in ("第一项", "第二项")
    )
    body = (
        item("总体", "L1", inner=item("甲")) + "<text:p>正文</text:p>" + deeper + item("下步", "L1", inner=item("丙"))
    )
    page = parsed(odt(f"{body}<table:table>{rows}</table:table>"), "odt")
    assert lines(page) == ["一、总体", "1.甲", "正文", "2.乙", "二、下步", "1.丙"]
    assert tables(page) == [[["1", "第一项"], ["2", "第二项"]]]


def test_a_table_within_frames_of_one_cell_is_a_table() -> None:
    def table(*rows: Sequence[str]) -> str:
        return "<table:table>{}</table:table>".format(
            "".join(
                "<table:table-row>{}</table:table-row>".format(
                    "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in row)
                )
                for row in rows
            )
        )

    held = table(*([f"<text:p>{cell}</text:p>" for cell in row] for row in FILLED))
    within = table([table([table(["<text:p>说明</text:p>" + held])]), "<text:p>导航</text:p>"])
    assert tables(parsed(odt(within), "odt"))[1:] == [FILLED]


def test_odt_hidden_runs_are_out_and_centred_lines_in_the_largest_type_are_the_heading() -> None:
    titled = "".join(
        f'<text:p text:style-name="P1"><text:span text:style-name="T1">{text}</text:span></text:p>' for text in HALVES
    )
    page = parsed(odt(f'{titled}<text:p>完成75%<text:span text:style-name="T2">（内部）</text:span>。</text:p>'), "odt")
    assert lines(page) == [*HALVES, "完成75%。"]
    assert page.head.get("heading") == "".join(HALVES)
    assert "hidden_text" in codes(page)


# Rich text


def rtf(body: str) -> bytes:
    return (
        r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset0 Arial;}}" + body + "}"
    ).encode()


def escaped(text: str, form: str) -> str:
    if form == "unicode":
        return "".join(rf"\u{ord(c) if ord(c) < 32768 else ord(c) - 65536}?" for c in text)
    return "".join(rf"\'{byte:02x}" for byte in text.encode("gb18030"))


@pytest.mark.parametrize("font", [r"\f0 ", r"\f1 "])
@pytest.mark.parametrize("form", ["unicode", "bytes"])
def test_rtf_tables_in_either_encoding(form: str, font: str) -> None:
    rows = "".join(
        r"\trowd\cellx800\cellx2400\cellx6000\cellx8000\cellx9000 "
        + "".join(rf"\pard\intbl {font}{escaped(cell, form)}\cell " for cell in row)
        + r"\row "
        for row in FILLED
    )
    page = parsed(rtf(rf"\pard {font}{escaped(TITLE, form)}\par {rows}\pard {escaped('注', form)}\par"), "rtf")
    assert tables(page) == [FILLED]
    assert lines(page) == [TITLE, "注"]


def test_rtf_merges_and_silent_groups() -> None:
    body = (
        r"{\info{\title secret}}{\*\generator x;}{\field{\*\fldinst HYPERLINK x}{\fldrslt shown}}\par "
        r"\trowd\clvmgf\cellx1000\cellx2000 \pard\intbl A\cell B\cell\row "
        r"\trowd\clvmrg\cellx1000\cellx2000 \pard\intbl \cell C\cell\row "
        r"\trowd\clmgf\cellx1000\clmrg\cellx2000 \pard\intbl D\cell\cell\row \pard {\v hidden}{\deleted gone}end\par"
    )
    page = parsed(rtf(body), "rtf")
    assert tables(page) == [[["A", "B"], ["A", "C"], ["D", "D"]]]
    assert lines(page) == ["shown", "end"]


def test_rtf_cut_is_an_error() -> None:
    with pytest.raises(CorruptFile):
        parsed(rtf(r"\pard text\par")[:-1], "rtf")


@pytest.mark.parametrize("size", [r"\fs44 ", r"\dbch\afs44\dbch "])
def test_rtf_centred_lines_in_the_largest_type_are_the_heading(size: str) -> None:
    titled = "".join(rf"\pard\plain\qc{{{size}{escaped(text, 'unicode')}}}\par " for text in HALVES)
    page = parsed(rtf(titled + rf"\pard\plain\ql {escaped('填报单位：云岭区政府办', 'unicode')}\par "), "rtf")
    assert page.head.get("heading") == "".join(HALVES)
    aside = parsed(rtf(titled.replace(r"\qc", r"\ql")), "rtf")
    assert aside.head.get("heading") is None


def test_rtf_printed_numbers_stand_close_to_their_text() -> None:
    numbered = "".join(
        rf"\pard\plain {{\listtext {escaped(label, 'unicode')}\tab}}{escaped(text, 'unicode')}\par "
        for label, text in (("一、", "总体"), ("1.", "甲"), ("第1", "乙"))
    )
    assert lines(parsed(rtf(numbered), "rtf")) == ["一、总体", "1.甲", "第1 乙"]
