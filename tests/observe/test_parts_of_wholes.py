"""Parts of a whole that was counted before: which figures are parts, and of what."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.observe import Context, quantities
from tasks.observe.wholes import whole_names

_CONTEXT = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)


def _names(text: str) -> list[str | None]:
    return [each.metric for each in quantities(text, _CONTEXT)]


@pytest.mark.parametrize(
    ("text", "part", "belongs"),
    [
        ("新登记经营主体3412户,其中企业786户。", "企业", "新登记"),
        ("养老服务站1436个,其中城市社区892个、农村544个。", "农村", "养老服务站"),
        ("粮食播种面积18.2万亩(早稻6.1万亩、晚稻7.4万亩)。", "晚稻", "播种面积"),
        ("职业技能培训1.61万人次,占年度目标的89.4%,其中农民工4150人次。", "农民工", "培训"),
    ],
)
def test_a_part_is_of_the_whole_before_it(text: str, part: str, belongs: str) -> None:
    name = _names(text)[-1]
    assert name is not None
    assert part in name
    assert belongs in name


@pytest.mark.parametrize(
    "text",
    [
        "养老服务站1436个,其中城市社区892个;新建农村公路18条、桥梁6个。",  # another sentence part
        "养老服务站1436个,其中城市社区892个;发放补贴2600万元。",  # another unit
        "改造学校(含幼儿园3所)12所,新建桥梁6座。",  # the bracket has closed
    ],
)
def test_what_stands_beyond_the_parts_is_none(text: str) -> None:
    name = _names(text)[-1]
    assert name is not None
    assert "城市社区" not in name
    assert "养老服务站" not in name
    assert "幼儿园" not in name


def test_parts_are_not_of_each_other() -> None:
    _, first, second, third = _names("充电桩1860个,其中公共领域720个、小区自用940个、单位内部200个。")
    assert first is not None
    assert second is not None
    assert third is not None
    assert "公共领域" not in second
    assert "小区自用" not in third


_WORDS = st.text(alphabet="甲乙丙丁新建学校企业产值面积户数", min_size=2, max_size=8)


@given(_WORDS, _WORDS)
def test_all_names_of_a_part_hold_it(whole: str, head: str) -> None:
    names = whole_names(whole, whole, head)
    assert all(head in name for _, name in names)
    assert len({name for _, name in names}) == len(names)


def test_parts_of_one_list_are_named_alike() -> None:
    _, water, social = _names("新增专项债券18.6亿元,其中水利4.3亿元、社会事业6.1亿元。")
    assert (water, social) == ("水利专项债券", "社会事业专项债券")
