"""Tables read from a page's bytes are those that the tree would give, whatever the markup around and in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.errors import JibaoError
from tasks.read import read_page, reading
from tasks.read.page import Table
from tasks.read.web import condense

_WORD = '<p class="MsoNormal" align="left"><span lang="EN-US" style="font:9pt;color:black">{}<o:p></o:p></span></p>\n'


def _page(table: str, before: str = "", after: str = "") -> str:
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>执行情况</title></head><body>"
        f"<div class='nav'><a href=\"/a.html\">首页</a></div>{before}{table}{after}<p>制表单位：区政府办</p></body></html>"
    )


def _told(body: bytes) -> object:
    try:
        return read_page(body)
    except JibaoError as error:
        return type(error), str(error)


def _same_by_the_tree(body: bytes) -> object:
    short = _told(body)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(condense, "_WORTHWHILE", 0)  # small tables, too
        assert _told(body) == short
        patch.setattr(reading, "condense", lambda _: None)
        assert _told(body) == short
    return short


_texts = st.one_of(
    st.sampled_from(
        [
            "", " ", "推进道路改造", "完成 85%", "&nbsp;", "A&amp;B", "a &lt; b", "&am", "p;", "&#65", "5;", "&copy", "=1;",
            "“区”", '"引号"', 'x="y"', 'rowspan="2"', "it's", "a > b", "区发改局、\r\n经信局", "\u3000一\u3000", "二\xa0 三",
            "&#12288;", "&bogus;", "\v", "&#x0;", "\ufeff", "汉 字\n  汉",
        ]
    ),
    st.text("甲乙丙 \n&;<>\"'=ab/-!", max_size=8),
)  # fmt: skip
_inside = st.lists(
    st.one_of(
        _texts,
        st.sampled_from(
            [
                "<br>", "<br/>", "<p>", "</p>", "<p>乙</p>", "<p style=\"a:b\">丙</p>", "<span>", "</span>", "<b>", "</b>",
                "<!-- 注 -->", "<!--[if !supportLists]-->", "<![endif]-->", "<!-- \" -->", "<!-- > -->", "<!-->", "<div>",
                "</div>", "<img src=\"a.png\">", "<a href=\"b.docx\">附件</a>", "<o:p></o:p>", "<font color='red'>",
                "</font>", "<table><tr><td>内</td></tr></table>", "<script>var a='<td>';</script>", "<textarea>", "</td>",
                "<td>", "</tr>", "<tr>", "<th>", "</table>", "<select><option>甲</select>", "<svg>", "<![CDATA[", "]]>",
            ]
        ),
    ),
    max_size=3,
).map("".join)  # fmt: skip
_attributes = st.sampled_from(
    [
        "", "", "", ' width="85"', " width=85", ' style="a:b;c:\'d\'"', ' rowspan="2"', ' colspan="2"', " rowspan=3",
        " ROWSPAN='2'", ' rowspan="0"', ' rowspan=""', ' rowspan="2x"', " rowspan", ' title="a > b"', ' title="<td>"',
        ' a="b"c="d"', ' rowspan="2" rowspan="1"', " nowrap", ' a=b"c" ', ' style="a', "/", ' colspan="99"', " style='\"'",
    ]
)  # fmt: skip


@st.composite
def _tables(draw: st.DrawFn) -> str:
    """A table as an editor writes it, with up to two places where it was spoiled."""
    tag = draw(st.sampled_from(["td", "td", "td", "TD"]))
    columns = draw(st.integers(2, 4))
    rows = draw(st.integers(3, 6))
    word = draw(st.booleans())
    blank = draw(st.sampled_from(["", "\n", "\r\n  "]))
    parts: list[str] = [draw(st.sampled_from(["<table>", '<table border="1" class="MsoTable">', "<table width=90%>"]))]
    cols = draw(st.sampled_from(["", "", '<colgroup><col width="9"><col></colgroup>']))
    group = draw(st.sampled_from(["", "tbody", "tbody", "thead"]))
    parts += (blank, cols, f"<{group}>" if group else "")
    odd_texts = dict(draw(st.lists(st.tuples(st.integers(0, rows * columns - 1), _texts), max_size=3)))
    odd_tags = dict(draw(st.lists(st.tuples(st.integers(0, rows * columns - 1), _attributes), max_size=2)))
    for row in range(rows):
        parts += (blank, "<tr>")
        for cell in range(row * columns, (row + 1) * columns):
            text = odd_texts.get(cell, f"推进{cell}")
            parts += (f"<{tag}{odd_tags.get(cell, '')}>", _WORD.format(text) if word else text, f"</{tag}>", blank)
        parts.append("</tr>")
    parts += (f"</{group}>" if group else "", "</table>")
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2]))):
        at = draw(st.integers(0, len(parts)))
        parts.insert(at, draw(_inside))
    if not draw(st.integers(0, 9)):
        del parts[draw(st.integers(0, len(parts) - 1))]
    return "".join(parts)


_around = st.sampled_from(
    [
        *[""] * 9, "<p>上文</p>", "<script>var t='", "';</script>", "<!-- ", " -->", "<textarea>", "<div title=\"", "\">",
        "<table><tr><td>", "</td></tr></table>", "<table>", "<select>", "<svg>", "<b>", "<p>", "</div>", "<style>", "<title>",
        "<table><tr><td>左</td><td>", "<plaintext>", "<math><mi>", "<template>", "<noscript>", "<form>", "<li>", "一段\"话",
        "<![CDATA[",
    ]
)  # fmt: skip


@given(_around, _tables(), _around, _tables(), _around, st.sampled_from(["utf-8", "gb18030"]))
def test_tables_are_those_of_the_tree(
    before: str, first: str, between: str, second: str, after: str, encoding: str
) -> None:
    page = _page(first + between + second, before, after).replace("utf-8", encoding, 1)
    _same_by_the_tree(page.encode(encoding, "xmlcharrefreplace"))


_clean = st.text("甲乙丙 \n&;>'=ab/-!", max_size=8).map(lambda text: f"推{text}")


@given(st.lists(st.lists(_clean, min_size=3, max_size=3), min_size=4, max_size=6))
def test_regular_tables_need_no_tree(texts: list[list[str]]) -> None:
    rows = "".join(
        "<tr>" + "".join(f'<td style="width:9pt">{_WORD.format(text)}</td>' for text in row) + "</tr>" for row in texts
    )
    body = _page(f"<table>{rows * 3}</table>").encode()
    condensed = condense.condense(body)
    assert condensed is not None
    assert len(condensed.body) < len(body) / 2
    _same_by_the_tree(body)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("start", ["<script>var kept = '", "<!-- ", '<div title="', "<textarea>", "<svg><desc><style>"])
def test_a_table_that_is_none_for_the_parser_is_none(start: str, encoding: str) -> None:
    cells = "<tr>" + "<td>推进道路改造</td>" * 3 + "</tr>"
    page = _same_by_the_tree(_page(f"<table>{cells * 20}</table>", start).encode(encoding))
    assert not [block for block in getattr(page, "body", ()) if isinstance(block, Table) and len(block.rows) > 4]


def test_spans_are_cut_to_their_group() -> None:
    cells = "<td rowspan='0'>1</td><td rowspan=\"9\">2</td><td>三三三三三三三三三三三三三三三三三三三三三三</td>"
    rows = f"<tr>{cells}</tr><tr><td>x</td></tr>"
    plain = "<tr><td>4</td><td>5</td><td>6</td></tr>" * 20
    page = _same_by_the_tree(_page(f"<table><thead>{rows}</thead><tbody>{plain}</tbody></table>").encode())
    table = next(block for block in getattr(page, "body", ()) if isinstance(block, Table))
    assert [cell.text for cell in table.rows[1]] == ["1", "2", "x"]
    assert not table.rows[2][0].copy


def test_what_stands_in_a_page_as_a_mark_is_read_by_the_tree() -> None:
    rows = "<tr><td>甲\x02乙</td><td>\x05</td><td>推进道路改造\x03</td></tr>" * 30
    assert condense.condense(_page(f"<table>{rows}</table>").encode()) is None
    _same_by_the_tree(_page(f"<table>{rows}</table>").encode())


def test_thousands_of_tables_that_are_none_are_passed_over() -> None:
    # Each looked at once: what takes the page anew for every one of them would not come to an end.
    row = b'<tr><td class="a">x</td><td>y</td></tr>'
    assert condense.condense(b"<table>" + b"</table>" * 50_000) is None
    assert condense.condense((b"<table>" + row * 20 + b"<div></table>") * 5_000) is None
    mixed = condense.condense((b"<table>" + row * 20 + b"</table><table>" + row * 20 + b"<div></table>") * 2_000)
    assert mixed is not None
    assert len(mixed.layouts) == 2_000
