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
from tasks.compare.normalise import content_key, contrasts, finished, places, quantities, underway
from tasks.compare.profiles import told
from tasks.compare.splits import retold
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
        ("十二万只浮球", {"120000"}),
        ("不少于十亿元", {"1000000000"}),
        ("三亿五千万元", {"350000000"}),
        ("一百零五户", {"105"}),
        ("五千万千瓦", {"50000000"}),
        ("惠及数十万人", set()),
        ("编制十五五规划", set()),
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


def _spelled(value: int) -> str:
    """A numeral in characters, as clerks write it: 120000 → 十二万."""
    for scale, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        head, rest = divmod(value, scale)
        if head:
            gap = "零" if 0 < rest < scale // 10 else ""
            return (
                ("" if word == "十" and head == 1 else _spelled(head)) + word + gap + (_spelled(rest) if rest else "")
            )
    return "零一二三四五六七八九"[value]


@given(st.integers(11, 10**12 - 1))
def test_a_figure_is_the_same_in_characters(value: int) -> None:
    assert {found for found, _ in quantities(f"发放{_spelled(value)}元")} == {str(value)}


@pytest.mark.parametrize(
    ("status", "done", "going"),
    [
        ("已全部完成。", True, False),
        ("6月20日竣工备案,安置房772套分配完毕。", True, False),
        ("获市政府批复,任务完成。", True, False),
        ("提交常务会审议通过,已完成。", True, False),
        ("框架稿形成,征求各镇意见。", False, True),
        ("方案编制中。", False, True),
        ("3月完成招标。", False, True),
        ("主体完工,内装完成60%", False, False),
        ("正在验收,其余已投入使用", False, False),
        ("制绳厂地块调查完成", False, False),
    ],
)
def test_what_is_done_and_what_is_on_its_way(status: str, *, done: bool, going: bool) -> None:
    assert (finished(fold(status)), underway(fold(status))) == (done, going)


@pytest.mark.parametrize(
    ("text", "stages"),
    [
        ("举办首届松湾海胆节", {"1"}),
        ("筹办第三届松湾海胆节", {"3"}),
        ("首批设备进场", {"1"}),
        ("安置房二期封顶", {"2"}),
        ("改造首末站", set()),
    ],
)
def test_stages_are_counted(text: str, stages: set[str]) -> None:
    assert contrasts(fold(text))[1] == stages


@pytest.mark.parametrize(
    ("part", "others", "beside"),
    [
        ("扩建特教部,托位180个", ["特教部扩建9处,托位增加3700个"], (True, True)),
        ("扩建特教部,开班7期", ["特教部扩建9处,托位增加3700个"], (True, False)),
        ("扩建特教部9处", ["托位增加3700个"], (False, False)),
        ("扩建特教部,托位180个", ["托位增加3700个"], (False, False)),
        ("扩建特教部", ["特教部扩建9处,托位增加3700个"], (False, False)),
    ],
)
def test_one_more_of_the_kind_has_figures_of_its_own(part: str, others: list[str], beside: tuple[bool, bool]) -> None:
    assert retold(told("扩建特教部9处,新增托位3700个"), [told(other) for other in others], told(part)) == beside


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("推进松坳乡集镇提升", {"松坳"}),
        ("改造乡镇卫生院3所", set()),
        ("启动石浦镇和南坞街道整治", {"石浦", "南坞"}),
    ],
)
def test_towns_are_named(text: str, named: set[str]) -> None:
    assert places(fold(text)) == named
