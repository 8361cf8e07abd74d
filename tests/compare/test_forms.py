"""The forms in which texts are compared, and the short cuts around them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.compare import status_changed
from tasks.compare.frametext import differ
from tasks.compare.letters import clauses, content_keys, fold_keys, letters
from tasks.compare.normalise import content_key, quantities
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
    pairs = [(row[0] + row[1], row[0] + row[2]) for row in rows]
    before, after = (pl.Series([pair[at] for pair in pairs], dtype=pl.String) for at in (0, 1))
    assert differ(before, after).tolist() == [fold(a) != fold(b) for a, b in pairs]


# Everything that opens a promise, joins figures, or grows with what stands beside it.
TELLING = st.lists(st.sampled_from([*PIECES, *"①⑴㈠(（)）—-_@#¥￥+&‰·…/\n𠀀", "1.5", "３．", "一、"]), max_size=9).map(
    "".join
)


@settings(max_examples=100, deadline=None)
@given(st.lists(TELLING, min_size=2, max_size=30))
def test_keys_of_columns_are_equal_where_the_forms_of_the_texts_are(some: list[str]) -> None:
    column = pl.Series(some, dtype=pl.String)
    for keys_of, form, promise in ((content_keys, content_key, True), (fold_keys, fold, False)):
        keys, told = keys_of(letters(column, promise=promise))
        forms = [form(text) for text in some]
        assert told.tolist() == [bool(text) for text in forms]
        for one, key in zip(forms, keys.tolist(), strict=True):
            assert [other == one for other in forms] == (keys == np.uint64(key)).tolist()


def test_a_text_is_cut_at_its_own_ends() -> None:
    column = pl.Series(["，新建(公园)；", None, "", "㎡两个，", "改造,,菜场"], dtype=pl.String)
    told, marks = clauses(letters(column, promise=True))
    assert told == ["新建 公园", "", "", "m2两个", "改造 菜场"]
    assert marks.any(axis=1).tolist() == [True, False, False, True, True]


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
        ("压减百分之五,增长百分之六点五", {"5", "6.5"}),
        ("覆盖率百分之九十八", {"98"}),
        ("打造15分钟品质文化生活圈46个", {"46"}),
        ("审批压缩至15分钟", {"15"}),
        ("3万户", {"30000"}),
        ("2024年3月开工12个", {"12"}),
    ],
)
def test_numerals_are_read(text: str, values: set[str]) -> None:
    assert {value for value, _ in quantities(text)} == values
