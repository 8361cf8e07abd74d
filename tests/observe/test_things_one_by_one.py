"""Things told one by one, what stands in brackets, kinds in the place of their like: names that a sentence shares out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.observe import Context, quantities
from tasks.observe.lists import tells_instances
from tasks.observe.promises import named_by

_STATUS = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)
_CONTENT = Context(field="content", start=date(2024, 1, 1), end=date(2024, 12, 31), year=2024)


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("9所学校中,文澜中学、柳浦小学等2所已竣工。", ["学校", "学校竣工"]),
        ("小型消防站:桐山、下沙湾、北门3座已投用,西溪、汇景2座正在装修。", ["小型消防站投用", "小型消防站装修"]),
        ("新建小学、幼儿园12所。", ["新建小学、幼儿园"]),  # kinds, not names
        ("岑口至宁渚高速(86公里)建成通车。", ["岑口至宁渚高速"]),
        ("青云路停车库(泊位216个)已投用。", ["青云路停车库泊位"]),
        ("云峰镇(12户)、白马乡(8户)已完工。", ["云峰镇", "白马乡"]),
        ("制造业增加值增长5.3%,采矿业增长2.1%。", ["制造业增加值", "采矿业增加值"]),
        ("第一产业投资下降3%,第二产业增长9.1%。", ["第一产业投资", "第二产业投资"]),
        ("绿道已贯通9.6公里。", ["绿道贯通"]),
        ("通过竣工验收5个。", ["通过竣工验收"]),
        ("新开公交线路9条、优化17条。", ["新开公交线路", "优化公交线路"]),
    ],
)
def test_names(text: str, metrics: list[str]) -> None:
    assert [seen.metric for seen in quantities(text, _STATUS)] == metrics


def test_things_that_were_promised_may_be_told_one_by_one() -> None:
    content, status = "除险加固病险水库5座", "石门、柳沟2座已完工。"
    promise = quantities(content, _CONTENT)
    told = named_by(promise, status, list(quantities(status, _STATUS)), content)
    assert [seen.metric for seen in told] == ["除险加固病险水库完工"]


_NAMES = st.lists(st.text(alphabet="石门柳沟桐山北湾", min_size=2, max_size=4), min_size=2, max_size=5)


@given(_NAMES, st.integers(1, 40))
def test_as_many_names_as_things(names: list[str], value: int) -> None:
    said = "、".join(names)
    assert tells_instances(said, Decimal(value), some=False) == (value == len(names))
    if tells_instances(said, Decimal(value), some=True):
        assert value >= len(names)
