"""PDF: tables over pages, wrapped lines, and every way in which a PDF says less than it seems: faults 88 to 90."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

from tasks.errors import JibaoError
from tasks.read.attachment_errors import (
    CorruptFile,
    EmptyFile,
    EncryptedFile,
    GarbledFonts,
    OversizedFile,
    ScanWithoutText,
    UnreadableFile,
)
from tasks.read.attachments.pdf.reading import read
from tasks.read.limits import Limits
from tasks.read.page import Page
from tests.read.attachment_files import HEADS, TITLE, codes, held_at, lines, tables

FONT = "STSong-Light"
WIDTHS = [30, 60, 230, 90, 45]


@pytest.fixture(autouse=True)
def chinese_font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def parsed(body: bytes, limits: Limits | None = None) -> Page:
    page = read(body, "pdf", None, limits or Limits())
    assert all(there == said for there, said in held_at(page))
    return page


def style() -> ParagraphStyle:
    return ParagraphStyle("x", fontName=FONT, fontSize=10, leading=14, wordWrap="CJK")


def typeset(flow: Sequence[Flowable], foot: Callable[[Canvas, int], None] | None = None) -> bytes:
    stream = io.BytesIO()

    def furniture(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont(FONT, 9)
        canvas.drawCentredString(A4[0] / 2, 20, f"- {document.page} -")
        if foot:
            foot(canvas, document.page)

    SimpleDocTemplate(stream, pagesize=A4).build(list(flow), onFirstPage=furniture, onLaterPages=furniture)
    return stream.getvalue()


def ruled(rows: Sequence[Sequence[str]], spans: Sequence[tuple[int, int, int, int]] = (), repeat: int = 1) -> Table:
    cells = [
        [Paragraph(cell.replace("\n", "<br/>"), style()) if len(cell) > 4 else cell for cell in row] for row in rows
    ]
    table = Table(cells, colWidths=WIDTHS[: len(rows[0])], repeatRows=repeat)
    commands = [("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)), ("FONT", (0, 0), (-1, -1), FONT, 10)]
    table.setStyle(commands + [("SPAN", (c0, r0), (c1, r1)) for r0, c0, r1, c1 in spans])
    return table


def long_rows(count: int) -> list[list[str]]:
    rows = [
        [
            str(n),
            "民生实事",
            f"推进第{n}项民生实事项目建设，完成投资{n * 3}.5亿元，确保年内开工。" * (1 + n % 3),
            "区教育局",
            f"{n}%",
        ]
        for n in range(1, count + 1)
    ]
    return [list(HEADS), *rows]


@pytest.mark.parametrize("repeat", [0, 1])
def test_a_table_over_pages_is_one_table(repeat: int) -> None:
    rows = long_rows(40)
    title, note = Paragraph(TITLE, style()), Paragraph("注：数据为快报数。", style())
    page = parsed(typeset([title, ruled(rows, repeat=repeat), note]))
    assert tables(page) == [rows]
    assert lines(page) == [TITLE, "注：数据为快报数。"]


def test_merged_cells_fill_what_they_cover() -> None:
    rows = [HEADS, ["1", "民生", "第一项", "区教育局", "75%"], ["2", "", "第二项", "", "80%"], ["合计", "", "", "", ""]]
    (table,) = tables(parsed(typeset([ruled(rows, [(1, 1, 2, 1), (1, 3, 2, 3), (3, 0, 3, 4)])])))
    assert table[2] == ["2", "民生", "第二项", "区教育局", "80%"]
    assert table[3] == ["合计"] * 5


def test_lines_of_a_cell_that_the_author_broke_stay_apart() -> None:
    rows = [
        HEADS,
        [
            "1",
            "民生",
            "推进云岭大道快速路改造工程建设并完成全部房屋征收工作任务，年底通车。",
            "区发改经信局\n区住建局",
            "75%",
        ],
    ]
    assert tables(parsed(typeset([ruled(rows)]))) == [rows]


def test_a_row_cut_by_the_page_is_made_whole() -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    xs = [50, 90, 400, 500]

    def rows(top: float, cells: Sequence[Sequence[str]], height: float = 30) -> None:
        canvas.setFont(FONT, 10)
        for r, row in enumerate(cells):
            for c, text in enumerate(row):
                canvas.rect(xs[c], top - (r + 1) * height, xs[c + 1] - xs[c], height)
                canvas.drawString(xs[c] + 5, top - (r + 1) * height + 10, text)

    rows(
        150, [["序号", "内容", "进度"], ["1", "完成幼儿园建设", "75%"], ["2", "推进云岭大道改造，累计完成投资", "80%"]]
    )
    canvas.showPage()
    rows(800, [["序号", "内容", "进度"], ["", "三十六亿元。", ""], ["3", "加装电梯", "100%"]])
    canvas.showPage()
    canvas.save()
    assert tables(parsed(stream.getvalue())) == [
        [
            ["序号", "内容", "进度"],
            ["1", "完成幼儿园建设", "75%"],
            ["2", "推进云岭大道改造，累计完成投资三十六亿元。", "80%"],
            ["3", "加装电梯", "100%"],
        ]
    ]


def test_running_text_is_joined_to_paragraphs_and_page_numbers_are_left_out() -> None:
    first, second = "今年以来，全区上下坚持稳中求进工作总基调，" * 8, "下一步，将抓好重大项目建设。" * 40
    indented = ParagraphStyle("y", parent=style(), firstLineIndent=20)
    page = parsed(typeset([Paragraph(text, indented) for text in (TITLE, first, second)] * 6))
    assert lines(page) == [TITLE, first, second] * 6


HAN = st.text("云岭区推进民生实事项目建设完成投资亿元", min_size=1, max_size=60)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(HAN, HAN), min_size=1, max_size=8))
def test_tables_of_any_content_come_back(cells: list[tuple[str, str]]) -> None:
    rows = [["序号", "类别", "内容"], *([str(n), first, second] for n, (first, second) in enumerate(cells, 1))]
    assert tables(parsed(typeset([ruled(rows)]))) == [rows]


# What is no document


def objects(*bodies: bytes, root: int = 1, trailer: bytes = b"") -> bytes:
    """A PDF of numbered objects, its cross-reference right."""
    packed = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(packed))
        packed += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(packed)
    packed += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    packed += b"".join(b"%010d 00000 n \n" % place for place in places)
    packed += b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(bodies) + 1,
        root,
        trailer,
        at,
    )
    return packed


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream_object(body: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(body), extra, body)


def one_page(content: bytes, extra: bytes = b"", font: bytes = HELVETICA) -> bytes:
    return objects(
        CATALOG,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        stream_object(content, extra),
        font,
    )


SHOWN = b"BT /F1 12 Tf 50 700 Td (Quarterly report) Tj ET"


def test_a_composed_page_is_read() -> None:
    assert lines(parsed(one_page(SHOWN))) == ["Quarterly report"]


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.9, 0.98])
def test_a_cut_pdf_is_an_error(share: float) -> None:
    body = typeset([Paragraph(TITLE, style()), ruled(long_rows(30))])
    with pytest.raises(UnreadableFile):
        parsed(body[: int(len(body) * share)])


def test_a_cut_that_keeps_its_end_mark_is_an_error() -> None:
    packed = zlib.compress(SHOWN * 50)
    with pytest.raises(CorruptFile):
        parsed(one_page(packed[: len(packed) // 2], b"/Filter /FlateDecode"))
    with pytest.raises(CorruptFile):
        parsed(one_page(b"\0" + packed[1:], b"/Filter /FlateDecode"))


def test_pages_that_cannot_be_reached_are_an_error() -> None:
    body = one_page(SHOWN).replace(b"/Count 1", b"/Count 3")
    with pytest.raises(CorruptFile):
        parsed(body)


def test_a_loop_in_the_page_tree_ends() -> None:
    loop = objects(
        CATALOG,
        b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>",
        b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 2 >>",
    )
    with pytest.raises(UnreadableFile):
        parsed(loop)


def test_a_scan_is_a_scan() -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    import PIL.Image

    canvas.drawImage(ImageReader(PIL.Image.new("L", (60, 80), 200)), 0, 0, *A4)
    canvas.showPage()
    canvas.save()
    with pytest.raises(ScanWithoutText):
        parsed(stream.getvalue())


def test_an_empty_page_is_empty() -> None:
    with pytest.raises(EmptyFile):
        parsed(one_page(b" "))


def test_a_password_is_asked_for() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    stream = io.BytesIO()
    canvas = Canvas(stream, encrypt=StandardEncryption("secret", "owner"))
    canvas.drawString(50, 700, "text")
    canvas.save()
    with pytest.raises(EncryptedFile):
        parsed(stream.getvalue())


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zlib.compress(b" " * (40 << 20), 9)
    with pytest.raises(OversizedFile):
        parsed(one_page(bomb, b"/Filter /FlateDecode"), Limits(unpacked_bytes=8 << 20))


def test_more_pages_than_the_limit_are_refused() -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream)
    for _ in range(12):
        canvas.drawString(50, 700, "text")
        canvas.showPage()
    canvas.save()
    with pytest.raises(OversizedFile):
        parsed(stream.getvalue(), Limits(pages=10))


def test_fonts_without_meaning_are_an_error_and_not_text() -> None:
    font = (
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [<< /Type /Font"
        b" /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (A) /Ordering (B) /Supplement 0 >> >>] >>"
    )
    with pytest.raises(GarbledFonts):
        parsed(one_page(b"BT /F1 12 Tf 50 700 Td <00410042004300440045> Tj ET", font=font))


@pytest.mark.parametrize("target", [b"/../../../../tmp/evil", b"/etc/passwd", b"/H\x00x"])
def test_a_character_map_named_like_a_path_is_not_opened(target: bytes) -> None:
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding %s /DescendantFonts [<< /Type /Font >>] >>" % target
    try:
        assert parsed(one_page(SHOWN, font=font)).text is not None
    except JibaoError as error:
        assert isinstance(error, UnreadableFile)  # noqa: PT017


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_any_byte_changed_raises_nothing_unnamed(data: st.DataObject) -> None:
    body = bytearray(one_page(SHOWN))
    for _ in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert parsed(bytes(body)).text
    except JibaoError as error:
        assert isinstance(error, UnreadableFile)  # noqa: PT017


def printed_by_a_browser(pages: Sequence[Sequence[Sequence[str]]], cut: bool) -> bytes:
    """A table of four columns as browsers print it: each line once, with the row above; so the first row of a later
    page has none above it. `cut`: the first column's last cell of each page goes on overleaf, without a line below."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    edges, height = [60, 120, 320, 420, 520], 40
    for number, rows in enumerate(pages):
        canvas.setFont(FONT, 10)
        y = A4[1] - 60
        for at, row in enumerate(rows):
            last = at == len(rows) - 1
            for column, text in enumerate(row):
                canvas.drawString(edges[column] + 3, y - 20, text)
            for x in edges:
                canvas.line(x, y, x, y - height)
            if at or not number:
                canvas.line(edges[0 if row[0] else 1], y, edges[-1], y)
            y -= height
            if last:
                canvas.line(edges[1 if cut and number < len(pages) - 1 else 0], y, edges[-1], y)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


@pytest.mark.parametrize("cut", [False, True])
def test_rows_at_a_break_that_has_no_lines_are_rows(cut: bool) -> None:
    first = [["类别", "目标任务", "责任单位", "完成情况"], ["民生", "改造小区9个", "区住建局", "已改造6个"]]
    second = [["", "新建学校2所", "区教育局", ""], ["安全", "排查隐患40处", "区应急局", "已排查38处"]]
    if not cut:
        second[0][0] = "教育"
    page = parsed(printed_by_a_browser([first, second], cut))
    (rows,) = tables(page)
    assert rows == [
        first[0],
        first[1],
        ["民生" if cut else "教育", *second[0][1:]],
        second[1],
    ]


@pytest.mark.parametrize("halves", [("养老", "托幼"), ("养老托幼", "")])
def test_a_merged_cell_that_a_break_cuts_is_one(halves: tuple[str, str]) -> None:
    first = [["类别", "目标任务", "责任单位", "完成情况"], [halves[0], "新增床位9张", "区民政局", "已增6张"]]
    second = [[halves[1], "新增托位40个", "区卫健局", "已增38个"], ["安全", "排查隐患40处", "区应急局", "已排查"]]
    (rows,) = tables(parsed(printed_by_a_browser([first, second], True)))
    assert [row[0] for row in rows] == ["类别", "养老托幼", "养老托幼", "安全"]


Drawn = tuple[int, Sequence[str]]  # a cell's height in lines, and its lines


def printed_by_a_writer(pages: Sequence[Sequence[Sequence[Drawn | None]]]) -> bytes:
    """A table as word processors print it: every cell framed on its page, text from the top of the cell on, twelve
    points a line, columns of four characters. A row's height is that of its last cell; None where a cell above it on
    the page reaches down."""
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    size, lead, foot, width = 10, 12, 3, 4 * 10 + 12
    for rows in pages:
        canvas.setFont(FONT, size)
        y = A4[1] - 60
        for row in rows:
            for column, cell in enumerate(row):
                if cell is None:
                    continue
                height = cell[0] * lead + foot
                canvas.rect(60 + column * width, y - height, width, height)
                for at, line in enumerate(cell[1]):
                    canvas.drawString(60 + column * width + 6, y - (at + 1) * lead + 2, line)
            last = row[-1]
            assert last is not None
            y -= last[0] * lead + foot
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


HEADINGS: list[Drawn | None] = [(1, [name]) for name in ("序号", "类别", "目标任务", "完成情况")]


def test_what_a_full_cell_had_no_room_for_stands_overleaf() -> None:
    first: list[Drawn | None] = [
        (2, ["1"]),
        (2, ["生态环境", "提"]),
        (2, ["改造小区", "九个，惠"]),
        (2, ["已全部完", "成六"]),
    ]
    rest: list[Drawn | None] = [(2, []), (2, []), (2, ["及千户居", "民。"]), (2, [])]
    second: list[Drawn | None] = [(1, ["2"]), (1, ["民生"]), (1, ["加装电梯"]), (1, ["已加装"])]
    # No column is filled in all rows: that alone would tell a cut row.
    page = parsed(printed_by_a_writer([[HEADINGS, [(1, []), *second[1:]], first], [rest, second]]))
    assert tables(page) == [
        [
            ["序号", "类别", "目标任务", "完成情况"],
            ["", "民生", "加装电梯", "已加装"],
            ["1", "生态环境提", "改造小区九个，惠及千户居民。", "已全部完成六"],
            ["2", "民生", "加装电梯", "已加装"],
        ]
    ]


@pytest.mark.parametrize("end", ["提", "。"])
def test_a_row_goes_on_overleaf_in_all_its_cells_where_that_is_no_chance(end: str) -> None:
    first: list[Drawn | None] = [(2, ["生态环境", f"污染防{end}"])] * 4
    rest: list[Drawn | None] = [(2, ["升"])] * 4
    rows = tables(parsed(printed_by_a_writer([[HEADINGS, first], [rest]])))[0]
    assert len(rows) == (2 if end == "提" else 3)


def test_a_row_with_empty_cells_below_cells_with_room_is_a_row() -> None:
    first: list[Drawn | None] = [(2, ["1"]), (2, ["生态环境", "提"]), (2, ["改造小区", "九个"]), (2, ["已改造"])]
    second: list[Drawn | None] = [(1, []), (1, []), (1, ["加装电梯"]), (1, ["已加装"])]
    page = parsed(printed_by_a_writer([[HEADINGS, second, first], [second, first]]))
    told = ["加装电梯", "改造小区九个"]
    assert [row[2].replace("\n", "") for row in tables(page)[0]] == ["目标任务", *told, *told]


@pytest.mark.parametrize(("more", "numbers"), [("业创新", ["1", "1", "2"]), ("", ["1", "1", "2"])])
def test_merged_cells_go_on_overleaf_beside_a_row_that_is_cut(more: str, numbers: list[str]) -> None:
    """The merged cells of the number and the category are cut by the page, the number's without text below."""
    first: list[Drawn | None] = [
        (2, ["1"]),
        (2, ["海洋经济", "与产"]),
        (2, ["新增船位", "十二个，"]),
        (2, ["已增八个", "，另四个"]),
    ]
    if more:
        first[1] = (2, ["海洋经济", "发展与产"])
    height = 3
    pages = [
        [HEADINGS, first],
        [
            [(height, []), (height, [more] if more else []), (1, ["年内开工"]), (1, ["在建。"])],
            [None, None, (1, ["清淤"]), (1, ["完成"])],
            [(1, ["2"]), (1, ["民生"]), (1, ["加装电梯"]), (1, ["已加装"])],
        ],
    ]
    # Two rows of one line and their feet are as high as the merged cells beside them.
    pages[1][0][0] = (2.25, pages[1][0][0][1])  # type: ignore[index,assignment]
    pages[1][0][1] = (2.25, pages[1][0][1][1])  # type: ignore[index,assignment]
    (rows,) = tables(parsed(printed_by_a_writer(pages)))
    category = "海洋经济发展与产业创新" if more else "海洋经济\n与产"
    assert [row[0] for row in rows[1:]] == numbers
    assert [row[1].replace("\n", "") for row in rows[1:]] == [category.replace("\n", "")] * 2 + ["民生"]
    assert rows[1][2:] == ["新增船位十二个，年内开工", "已增八个，另四个在建。"]


@pytest.mark.parametrize("lead", [14, 3])
def test_text_printed_over_text_is_told(lead: int) -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.setFont(FONT, 10)
    for at, text in enumerate(["改造老旧小区九个惠及千户", "新建幼儿园二所新增学位", "加装电梯六十台全部投用"]):
        canvas.drawString(60 + at, 700 - at * lead, text)
    canvas.save()
    assert ("columns_uncertain" in codes(parsed(stream.getvalue()))) == (lead == 3)


def test_a_line_that_runs_over_its_cell_stays_one() -> None:
    row: list[Drawn | None] = [(1, ["1"]), (1, ["养老"]), (1, ["新增床位九千张"]), (1, [])]
    told: list[Drawn | None] = [(1, ["2"]), (1, ["托幼"]), (1, ["新增托位"]), (1, ["已完成"])]
    page = parsed(printed_by_a_writer([[HEADINGS, row, told]]))
    assert tables(page)[0][1:] == [["1", "养老", "新增床位九千张", ""], ["2", "托幼", "新增托位", "已完成"]]


@pytest.mark.parametrize("lift", [4, -4])
def test_letters_across_the_lines_of_cells_are_told(lift: int) -> None:
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4)
    canvas.setFont(FONT, 10)
    for at, text in enumerate(["目标任务", "新增床位", "加装电梯"]):
        for x in (60, 160):
            canvas.rect(x, 700 - at * 20, 100, 20)
            canvas.drawString(x + 6, 700 - at * 20 + lift, text)
    canvas.save()
    assert ("columns_uncertain" in codes(parsed(stream.getvalue()))) == (lift < 0)


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("heights", [(2, 1, 3, 2), (2, 1, 2, 2)])
def test_columns_of_a_sheet_that_was_too_wide_are_told(heights: tuple[int, ...], columns: int) -> None:
    left = [HEADINGS[:3], *([(lines, [str(n)])] * 3 for n, lines in enumerate((2, 1, 3, 2)))]
    right = [HEADINGS[-columns:], *([(lines, ["已完成"])] * columns for lines in heights)]
    page = parsed(printed_by_a_writer([left, right]))
    assert ("columns_uncertain" in codes(page)) == (heights == (2, 1, 3, 2))


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        (["县交通局", "松桥自来", "水公司"], "县交通局\n松桥自来水公司"),
        (["县交通局", "各镇"], "县交通局\n各镇"),
        (["县乡村振", "兴局"], "县乡村振兴局"),
        (["生态总局", "云浦分局"], "生态总局云浦分局"),
        (["县环境局", "云浦分局"], "县环境局云浦分局"),
        (["各县", "（市）局"], "各县（市）局"),
    ],
)
def test_names_of_bodies_begin_lines_of_their_own(printed: list[str], names: str) -> None:
    row: list[Drawn | None] = [(3, ["1"]), (3, ["民生"]), (3, printed), (3, ["已完成"])]
    assert tables(parsed(printed_by_a_writer([[HEADINGS, row]])))[0][1][2] == names


@pytest.mark.parametrize("size", [20, 11])
def test_lines_of_the_largest_type_are_the_title(size: int) -> None:
    centred = ParagraphStyle("t", parent=style(), fontSize=size, leading=size * 1.4, alignment=1)
    title = "云岭区二〇三一年前三季度国民经济和社会发展主要指标完成情况"
    text = Paragraph("现将前三季度完成情况公布如下，数据均为快报数，" * 4, style())
    page = parsed(
        typeset([Paragraph(title, centred), text, ruled([HEADS, ["1", "民生", "第一项", "区教育局", "75%"]])])
    )
    assert page.head.get("heading") == (title if size == 20 else None)


def test_the_dot_of_a_date_or_a_name_is_kept() -> None:
    page = parsed(typeset([ruled([HEADS, ["1", "县水利局", "“7·30”强降雨、阿依古丽·买买提", "已完成", "100%"]])]))
    assert tables(page)[0][1][2] == "“7·30”强降雨、阿依古丽·买买提"


@pytest.mark.parametrize("align", ["LEFT", "CENTER", "RIGHT"])
def test_a_table_without_rules_is_told_and_running_text_is_not(align: str) -> None:
    rows = [HEADS, *([str(n), "县水利局", f"整治河道{n}条", f"已整治{n}条", f"{n}0%"] for n in range(1, 9))]
    bare = Table(rows, colWidths=[40, 80, 140, 140, 60])
    bare.setStyle([("FONT", (0, 0), (-1, -1), FONT, 10), ("ALIGN", (0, 0), (-1, -1), align)])
    assert "table_not_read" in codes(parsed(typeset([Paragraph(TITLE, style()), bare])))
    told = [Paragraph(f"{n}月，全县整治河道{n}条，新建堤防{n}公里，清淤{n}万方。" * 5, style()) for n in range(1, 9)]
    assert "table_not_read" not in codes(parsed(typeset([Paragraph(TITLE, style()), *told, ruled(rows)])))


def indented(texts: Sequence[str]) -> list[Flowable]:
    body = ParagraphStyle("body", parent=style(), fontSize=12, leading=20, firstLineIndent=24)
    return [Paragraph(text, body) for text in texts]


def test_the_longest_of_short_paragraphs_does_not_run_on() -> None:
    texts = [
        "一、做法与成效",
        "1．深化专项整治。检查企业860家次，查改隐患2147处。",
        "2．夯实基础。新建避灾点5个。",
        "二、下步打算",
    ]
    assert lines(parsed(typeset(indented(texts)))) == texts


@pytest.mark.parametrize("more", range(12))
def test_a_line_that_had_no_room_for_a_figure_goes_on(more: int) -> None:
    said = "全县接待过夜游客，实现旅游总收入" + "稳" * more + "增长1386.25%；带动沿线十二个村集体增收。"
    texts = ["甲" * 50 + "。", said * 2, "乙" * 45 + "。"]
    assert lines(parsed(typeset(indented(texts)))) == texts
