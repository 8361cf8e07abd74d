"""Shortcuts answer as the long way does: the long way is spelled out here, for any input."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import JibaoError
from tasks.read import read_page
from tasks.read.detect.decode import decode
from tasks.read.detect.likeness import chinese_share, looks_garbled, runs_beyond_ascii
from tasks.read.detect.patchwork import foreign_runs
from tasks.read.metadata.labels import FIELDS, INLINE, label_of, may_open
from tasks.read.page import Cell, Table
from tasks.read.tables import drafts
from tasks.read.tables.cells import lists_units, may_list_units, narrow, units_likeness
from tasks.read.web.grid import PrintedTuple, build_table
from tasks.read.web.html import read_html
from tasks.text import clean, clean_cell, fold

_ODD_CHARACTERS = "\t\n\r \u00a0\u3000\u2028\u0085\u200b\ufeff\u00ad\x00\x1c。，、.~—–“《》·ａＡ１％㎡"
_texts = st.lists(
    st.one_of(
        st.sampled_from(_ODD_CHARACTERS), st.characters(exclude_categories=["Cs"]), st.sampled_from("完成率75%ab")
    ),
    max_size=24,
).map("".join)


def _clean_in_full(text: str) -> str:
    text = re.sub(
        "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "", text
    )
    text = re.sub("\r\n|\r|\u0085|\u2028|\u2029", "\n", text)
    return re.sub("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]", " ", text)


@given(_texts)
def test_cleaning_keeps_to_the_rule_whether_or_not_a_text_needs_it(text: str) -> None:
    cleaned = _clean_in_full(text)
    assert clean(text) == cleaned
    lines = (re.sub("[ \t]+", " ", line).strip() for line in cleaned.split("\n"))
    assert clean_cell(text) == "\n".join(line for line in lines if line)


@given(_texts)
def test_folding_keeps_to_the_rule_whether_or_not_punctuation_is_met(text: str) -> None:
    narrow = unicodedata.normalize("NFKC", _clean_in_full(text))
    for signs, one in (("“”", '"'), ("‘’", "'"), ("—–‑−~～〜", "-"), ("﹒•・", "·")):
        narrow = re.sub(f"[{signs}]", one, narrow)
    narrow = narrow.translate(str.maketrans("。、《》", ".,<>"))
    assert fold(text) == re.sub(r"\s+", "", narrow).rstrip("。.;；,，、!！ ").lower()


_line_parts = st.one_of(
    st.sampled_from(sorted(FIELDS)),
    st.sampled_from(
        ["：", ": ", " ", "\u3000", "【", "】", "（", "|", "7", "K1/2024-1", "云汀区发改局", "⽂", "来 源"]
    ),
    st.text("索引号文来源时间发布机构栏目", min_size=1, max_size=3),
)


@given(st.lists(_line_parts, min_size=1, max_size=5).map("".join))
def test_no_label_is_passed_over(text: str) -> None:
    flat = "".join(unicodedata.normalize("NFKC", text).split()).strip("[]【】〔〕()（）:：·•*# ")
    assert label_of(text) == (flat if flat in FIELDS and len(text) <= 24 else None)
    opening = INLINE.match(text)
    assert may_open(text) or opening is None or not opening["label"]


_encoded = st.lists(
    st.one_of(
        st.sampled_from(["<td>", " ", "a", "重点任务完成", "鎷卞闀", "æ‹±å¢…", "宋体", "“区”", "é", "锟斤拷", "。"]),
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=9),
    ),
    max_size=30,
).map("".join)


@given(_encoded)
def test_runs_beyond_ascii_are_all_of_them(text: str) -> None:
    runs = [run.decode() for run in runs_beyond_ascii(text.encode())]
    assert runs == re.findall("[^\x00-\x7f]+", text)


@given(_encoded)
def test_share_of_chinese_does_not_depend_on_the_markup_between(text: str) -> None:
    assert chinese_share(text) == chinese_share(re.sub("[\x00-\x7f]", "", text))
    assert chinese_share("<td>".join(text)) == chinese_share(text)


@given(st.lists(st.sampled_from(["<p>", " a=b ", "\n", "</td><td>"]), min_size=1, max_size=40).map("".join))
def test_twice_decoded_text_is_known_behind_any_markup(markup: str) -> None:
    told = ["推进重点项目建设工作", "完成年度目标任务清单", "新建改建道路桥梁工程", "老旧小区综合改造提升"]
    twice = [text.encode().decode("gb18030", "ignore") for text in told]
    assert looks_garbled(markup.join(["", *twice, ""]))
    assert not looks_garbled(markup.join(["", *told, ""]))
    assert looks_garbled(markup.join([*told[:2], *twice[2:]] * 3))


@given(
    st.lists(
        st.tuples(st.sampled_from(["gb18030", "utf-8"]), st.sampled_from(["云汀区", "重点", "工", "é"])), max_size=6
    )
)
def test_foreign_runs_are_those_that_stand_alone(parts: list[tuple[str, str]]) -> None:
    body = b" ".join(text.encode(encoding) for encoding, text in parts)
    found = foreign_runs(body, "gb18030")
    at = 0
    for encoding, text in parts:
        encoded = text.encode(encoding)
        if encoding == "utf-8" and text in ("云汀区", "重点"):
            assert at in found
        elif encoding == "gb18030":
            assert at not in found
        at += len(encoded) + 1


def _as_browsers_do(rows: list[list[PrintedTuple]], width: int) -> list[list[str | None]]:
    """Every cell goes to the first free slot of its row and fills those it spans, as far as they are free and there."""
    slots: dict[tuple[int, int], str] = {}
    for number, row in enumerate(rows):
        column = 0
        for text, _, _, down, across, _, _ in row:
            while (number, column) in slots:
                column += 1
            for offset in range(across):
                if offset and (number, column + offset) in slots:
                    break
                for below in range(number, len(rows) if down == 0 else number + down):
                    slots.setdefault((below, column + offset), text)
    return [[slots.get((number, column)) for column in range(width)] for number in range(len(rows))]


_spans = st.tuples(st.sampled_from([1, 1, 1, 2, 3, 0, 99]), st.sampled_from([1, 1, 1, 1, 2]))


@given(st.lists(st.lists(_spans, min_size=1, max_size=5), min_size=1, max_size=6))
def test_grids_are_those_of_browsers(shape: list[list[tuple[int, int]]]) -> None:
    rows: list[list[PrintedTuple]] = [
        [(f"{r}.{c}", r * 100 + c, r * 100 + c + 1, down, across, False, None) for c, (down, across) in enumerate(row)]
        for r, row in enumerate(shape)
    ]
    table = build_table(rows)
    width = len(table.rows[0])
    told = _as_browsers_do(rows, width)
    assert [[cell.text or None for cell in row] for row in table.rows] == told
    firsts = [cell.text for row in table.rows for cell in row if cell.text and not cell.copy]
    assert len(firsts) == len(set(firsts))
    for row, covered in zip(told, table.widths, strict=True):
        assert covered >= sum(slot is not None for slot in row)


@given(
    st.lists(st.lists(st.text("甲乙 <&>é\u3000", max_size=6), min_size=2, max_size=4), min_size=1, max_size=4),
    st.booleans(),
)
def test_a_page_is_the_same_from_its_text_and_from_its_bytes(cells: list[list[str]], marked: bool) -> None:
    escaped = [[text.replace("&", "&amp;").replace("<", "&lt;") for text in row] for row in cells]
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in escaped)
    body = (b"\xef\xbb\xbf" if marked else b"") + f"<html><body><table>{rows}</table><p>é</p></body></html>".encode()
    decoded = decode(body)
    assert decoded.utf8 is not None
    assert decoded.utf8.decode() == decoded.text
    assert read_html(decoded.text, source=decoded.utf8) == read_html(decoded.text)


def test_bytes_that_are_not_the_text_are_not_handed_on() -> None:
    assert decode("<p>推进重点项目建设</p>".encode("gb18030")).utf8 is None
    assert decode(b"<p>\xe6\x8e\xa8\xe8\xbf\x9b\xff\xe9\xa1\xb9</p>" + "重点项目建设".encode() * 9).utf8 is None


def test_scripts_in_drawings_and_dropped_elements_leave_the_rest_readable() -> None:
    html = (
        "<body><svg><style><a href='a.pdf'>x</a><style></style></style></svg><div><p>正文的第一段。</p></div>"
        "<table><tr><td>一<noscript><select><option>甲</select><a href='b.docx'>乙</a></noscript></td>"
        "<td><p>上</p><p>下</p><script>var td='<td>'</script></td></tr><tr><td>2</td><td>丙<br>丁</td></tr></table>"
        "<a href='c.xlsx'>附件</a></body>"
    )
    page = read_html(html)
    tables = [block for block in page.body if isinstance(block, Table)]
    rows = [[cell.text for cell in row] for table in tables for row in table.rows]
    assert rows == [["一", "上\n下"], ["2", "丙\n丁"]]
    assert [link.url for link in page.links] == ["c.xlsx"]


_names = st.sampled_from(
    [
        "区住建局",
        "东河街道",
        "各镇",
        "推进建设",
        "完成12",
        "年",
        "(住建)",
        "80%",
        "。",
        "“两园”",
        "发改委",
        "1",
        "办结率",
    ]
)
_between = st.sampled_from(["、", ",", "；", "/", " ", "\n", "", "。"])


@given(st.lists(st.tuples(_names, _between), min_size=1, max_size=14))
def test_no_list_of_bodies_is_passed_over(parts: list[tuple[str, str]]) -> None:
    text = "".join(name + mark for name, mark in parts)
    likeness = units_likeness(narrow(text))
    assert may_list_units(text) or likeness < 0.9
    assert lists_units(narrow(text)) == (likeness >= 0.9)


_printed = st.sampled_from(
    str.split(
        "||1|2|（3）|一|（一）经济发展|合计|小 计|共计（万元）|注:数据未核|序号|主要任务|完成情况|责任单位|推进道路建设|新建学校2所|"
        "已完成85%。|区住建局、东河街道|总投资3亿元|平均每户| 累计|ABC工程",
        "|",
    )
)
_rows = st.lists(
    st.tuples(st.lists(_printed, min_size=4, max_size=4), st.lists(st.integers(0, 5), min_size=4, max_size=4)),
    max_size=7,
)


@given(_rows)
def test_plain_rows_are_read_as_the_long_way_reads_them(rows: list[tuple[list[str], list[int]]]) -> None:
    at = 0
    lines: list[tuple[Cell, ...]] = []
    for texts, merged in [(["序号", "主要任务", "责任单位", "完成情况"], [1] * 4), *rows]:
        line: list[Cell] = []
        for column, (text, chance) in enumerate(zip(texts, merged, strict=True)):
            above = lines[-1][column] if lines else None
            if not chance and above is not None and above.text:
                line.append(above._replace(copy=True))
            else:
                line.append(Cell(text, at, at + len(text)))
                at += len(text) + 1
        lines.append(tuple(line))
    table = Table(tuple(lines), widths=(4,) * len(lines))

    def told() -> object:
        try:
            reading = drafts.read_table(table)
        except JibaoError as error:
            return type(error), str(error)
        return reading and (reading.drafts, reading.spans, reading.left, reading.warnings)

    short = told()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafts, "_plain_task", lambda *_: None)
        assert told() == short


def test_text_decoded_twice_is_seen_in_the_text_of_a_page() -> None:
    told = ["推进重点项目建设工作", "完成年度目标任务清单", "新建改建道路桥梁工程", "老旧小区综合改造提升"]

    def page(lines: list[str]) -> bytes:
        cells = "".join(f"<p style='font-family:宋体'>{line}</p>" for line in lines)
        return f"<html><body>{cells}</body></html>".encode()

    twice = [text.encode().decode("gb18030", "ignore") for text in told]
    assert "text_garbled" in {warning.code for warning in read_page(page(twice)).warnings}
    assert "text_garbled" not in {warning.code for warning in read_page(page(told)).warnings}
