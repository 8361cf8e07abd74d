"""parse_numeral: both scripts, and the law that writing a number and reading it gives it back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.numerals import parse_numeral


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", "1234.5"),
        ("1,234.5万", "12345000"),
        ("１２３．５", "123.5"),
        ("-18.33", "-18.33"),
        ("－9.6", "-9.6"),
        ("负三", "-3"),
        ("80%", "80"),
        ("百分之八十", "80"),
        ("百分之十二点五", "12.5"),
        ("二○二四", "2024"),
        ("二〇二四", "2024"),
        ("百万", "1000000"),
        ("十", "10"),
        ("十一", "11"),
        ("二十", "20"),
        ("三百五十", "350"),
        ("三百五", "350"),
        ("一万三", "13000"),
        ("一万零三", "10003"),
        ("两千零五", "2005"),
        ("一千零一十", "1010"),
        ("〇", "0"),
        ("1.2亿", "120000000"),
        ("1亿2000万", "120000000"),
        ("两万亿", "2000000000000"),
        ("万亿", "1000000000000"),
        ("三点五亿", "350000000"),
        ("贰拾", "20"),
        (" 1 234 ", "1234"),
        (".5", "0.5"),
    ],
)
def test_known_numerals(text: str, value: str) -> None:
    assert parse_numeral(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "/", "—", "已完成", "十余", "数百", "3千多", "5G", "1+4", "第一", "1-9", "1,23,4"]
)
def test_what_is_not_one_numeral_is_none(text: str) -> None:
    assert parse_numeral(text) is None


def _write(number: int) -> str:
    """An own writer of standard numerals, so that the reader is checked against something that is not itself."""
    if number == 0:
        return "零"
    out, gap = "", False
    for power, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, number = divmod(number, power)
        if not part:
            gap = bool(out)
            continue
        if out and (gap or part < 1000):
            out += "零"
        gap, inner = False, False
        started = False
        for small, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, part = divmod(part, small)
            if digit:
                out += ("零" if inner else "") + "零一二三四五六七八九"[digit] + name
                started, inner = True, False
            elif started and part:
                inner = True
        out += unit
    return out


@given(st.integers(0, 10**12 - 1))
def test_reading_what_was_written_gives_it_back(number: int) -> None:
    assert parse_numeral(_write(number)) == number


@given(st.decimals(-(10**9), 10**9, places=3, allow_nan=False))
def test_width_does_not_matter(number: Decimal) -> None:
    plain = f"{number:f}"
    wide = plain.translate(str.maketrans("0123456789.-", "０１２３４５６７８９．－"))
    assert parse_numeral(plain) == parse_numeral(wide) == number
    assert parse_numeral(f"{number:,f}") == number


@given(st.text(max_size=12))
def test_it_never_raises(text: str) -> None:
    parse_numeral(text)
