"""Decoding: faults 28 to 31 from the side of the bytes, and the encoding trap of declared gb2312."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.read.attachment_errors import EmptyFile, UndecodableText
from tasks.read.detect.decode import decode
from tests.read.attachment_files import ROWS, TITLE

SIMPLIFIED = TITLE + "".join("".join(row) for row in ROWS)
TRADITIONAL = "雲嶺區政府工作報告重點任務執行情況：責任單位、進展情況、完成進度，累計完成投資三十六億元。"
# 一一 in GBK is valid UTF-8 (two Cyrillic letters): inside a UTF-8 page nobody can tell.
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=40)
COMMON = st.text(
    "的是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动", min_size=8, max_size=60
)


def codes(body: bytes, content_type: str | None = None) -> set[str]:
    return {warning.code for warning in decode(body, content_type).warnings}


@pytest.mark.parametrize("declared", ["gb2312", "gbk", "GB18030", "gb_2312-80", "x-gbk"])
@pytest.mark.parametrize("where", ["header", "meta", "http-equiv", "nowhere"])
def test_rare_characters_under_a_gb2312_declaration_cost_nothing(declared: str, where: str) -> None:
    head = {
        "meta": f'<meta charset="{declared}">',
        "http-equiv": f'<META http-equiv=Content-Type content="text/html; charset={declared}">',
    }.get(where, "")
    html = f"<html><head>{head}</head><table><tr><td>{SIMPLIFIED}</td></tr></table></html>"
    found = decode(html.encode("gb18030"), f"text/html; charset={declared}" if where == "header" else "text/html")
    assert found.text == html
    assert found.encoding == "gb18030"
    assert not found.warnings


@pytest.mark.parametrize("lie", ["utf-8", "iso-8859-1", "big5", "shift_jis", "windows-1252", "no-such-charset"])
def test_a_wrong_declaration_is_overruled_by_the_bytes_and_noted(lie: str) -> None:
    found = decode(SIMPLIFIED.encode("gb18030"), f"text/html; charset={lie}")
    assert found.text == SIMPLIFIED
    assert found.encoding == "gb18030"
    assert lie == "no-such-charset" or "encoding_declared_wrong" in {w.code for w in found.warnings}


def test_utf8_wins_over_a_declaration_of_gbk() -> None:
    found = decode(SIMPLIFIED.encode(), "text/html; charset=gbk")
    assert (found.text, found.encoding) == (SIMPLIFIED, "utf-8")
    assert "encoding_declared_wrong" in {w.code for w in found.warnings}


@pytest.mark.parametrize("declared", [None, "text/html; charset=big5"])
def test_big5_is_told_from_gb18030(declared: str | None) -> None:
    found = decode(TRADITIONAL.encode("big5"), declared)
    assert (found.text, found.encoding) == (TRADITIONAL, "big5")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_no_text(encoding: str) -> None:
    found = decode(SIMPLIFIED.encode(encoding), "text/html; charset=gbk")
    assert found.text == SIMPLIFIED


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_told_by_its_nuls(encoding: str) -> None:
    html = f"<html><td>{SIMPLIFIED}</td><td>12</td></html>" * 3
    found = decode(html.encode(encoding))
    assert (found.text, found.encoding) == (html, encoding)


def test_a_utf16_mark_on_other_bytes_is_an_error() -> None:
    with pytest.raises(UndecodableText):
        decode(b"\xff\xfe" + b"\x00\xd8" * 3 + b"a")


@given(COMMON, COMMON)
def test_utf8_pasted_into_a_gbk_page_is_read_and_flagged(page: str, pasted: str) -> None:
    body = f"<td>{page}</td><td>".encode("gb18030") + pasted.encode() + b"</td>"
    found = decode(body, "text/html; charset=gbk")
    assert found.text == f"<td>{page}</td><td>{pasted}</td>"
    assert "mixed_encodings" in {w.code for w in found.warnings}


@given(COMMON, COMMON)
def test_gbk_pasted_into_a_utf8_page_is_read_and_flagged(page: str, pasted: str) -> None:
    body = f"<td>{page * 4}</td><td>".encode() + pasted.encode("gb18030") + b"</td>"
    found = decode(body, "text/html; charset=utf-8")
    assert found.text == f"<td>{page * 4}</td><td>{pasted}</td>"
    assert "mixed_encodings" in {w.code for w in found.warnings}


def test_gbk_words_that_happen_to_be_utf8_are_gbk() -> None:
    assert decode("一一".encode("gbk")).text == "一一"
    assert decode("<b>一一</b>".encode("gbk"), "text/html; charset=gb2312").text == "<b>一一</b>"


def test_a_character_cut_in_half_is_flagged_with_its_place() -> None:
    body = b"<p>\n" + ("任务" * 30).encode() + b"\n<b>" + "完成情况".encode()[:-1] + b"</b>" + "进度".encode()
    found = decode(body)
    assert found.text.count("\ufffd") == 1
    assert found.text.startswith("<p>\n任务任务")
    assert found.text.endswith("</b>进度")
    assert any("line 3" in w.message for w in found.warnings if w.code == "undecodable_bytes")


def test_replacement_characters_of_the_portal_are_not_silent() -> None:
    assert "replacement_characters" in codes("完成\ufffd\ufffd投资".encode())


@pytest.mark.parametrize(
    "garbled",
    [
        SIMPLIFIED.encode().decode("latin-1"),
        SIMPLIFIED.encode().decode("gb18030", "ignore"),
        SIMPLIFIED.encode("gbk").decode("latin-1"),
        "项目锟斤拷锟斤拷",
    ],
)
def test_text_that_was_decoded_twice_is_flagged(garbled: str) -> None:
    assert "text_garbled" in codes(garbled.encode())


@pytest.mark.parametrize("text", ["Café façade, naïve Zürich – “élan”", "Привет, мир", "２０３１年①②③㎡‰", "㐂𠮷"])
def test_other_scripts_are_not_called_garbled(text: str) -> None:
    assert "text_garbled" not in codes(text.encode())


def test_noise_is_no_text() -> None:
    with pytest.raises(UndecodableText):
        decode(bytes(range(128, 256)) * 40)


@pytest.mark.parametrize("body", [b"", b" \r\n", b"\xef\xbb\xbf", b"\x00\x00"])
def test_nothing_is_an_error(body: bytes) -> None:
    with pytest.raises(EmptyFile):
        decode(body)


def test_a_western_page_keeps_its_accents() -> None:
    assert decode("résumé, café".encode("latin-1"), "text/html; charset=iso-8859-1").text == "résumé, café"


@given(HAN)
def test_whatever_is_valid_utf8_comes_back(text: str) -> None:
    assert decode(f"<td>{text}</td>".encode()).text == f"<td>{text}</td>"


@given(COMMON)
def test_whatever_common_text_is_gbk_comes_back(text: str) -> None:
    found = decode(text.encode("gb18030"))
    assert (found.text, found.encoding) == (text, "gb18030")


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_named_error_and_no_silent_loss(body: bytes) -> None:
    try:
        found = decode(body)
    except (EmptyFile, UndecodableText):
        return
    if "\ufffd" in found.text:
        assert {w.code for w in found.warnings} & {"undecodable_bytes", "replacement_characters"}
