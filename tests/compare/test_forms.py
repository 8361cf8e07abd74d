"""The forms in which texts are compared, and the short cuts around them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.compare import status_changed
from tasks.compare.frametext import differ, folded
from tasks.compare.normalise import quantities
from tasks.text import fold

# Letters of both widths, marks that close, space, joiners, a combining accent, a ligature, a compatibility character.
PIECES = [*"完成5５aAａé。.;， ,、!\u3000\u200b\u0301\ufb01⼀一㎡%％", "项目", "e\u0301", "1-9月", "1－9月"]
texts = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@settings(max_examples=400, deadline=None)
@given(texts, texts, texts)
def test_a_short_cut_never_changes_the_answer(start: str, one: str, other: str) -> None:
    before, after = start + one, start + other
    assert status_changed(before, after) == (fold(before) != fold(after))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=20))
def test_columns_differ_where_their_folded_forms_do(rows: list[tuple[str, str, str]]) -> None:
    before, after = (pl.Series([row[0] + row[at] for row in rows], dtype=pl.String) for at in (1, 2))
    forms = [side.to_frame("text").select(folded(pl.col("text"))).to_series() for side in (before, after)]
    unequal = before != after
    got = pl.Series(differ(before, after, promise=False))
    assert (got & unequal).to_list() == ((forms[0] != forms[1]) & unequal).to_list()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("惠及四千六百岛民", {"4600"}),
        ("完成千二百户搬迁", {"1200"}),
        ("一万二千户", {"12000"}),
        ("覆盖率九成以上", {"90"}),
        ("一成半师资轮岗", {"15"}),
        ("八成六的村达标", {"86"}),
        ("第二十届博览会", set()),
        ("千方百计完成十四五规划", set()),
        ("一成不变", set()),
        ("3万户", {"30000"}),
        ("2024年3月开工12个", {"12"}),
    ],
)
def test_numerals_are_read(text: str, values: set[str]) -> None:
    assert {value for value, _ in quantities(text)} == values
