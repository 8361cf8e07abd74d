"""What labels have taught about heads that say too little alone."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.model import Observation
from tasks.observe import Context, quantities
from tasks.observe.learnt import parts, ways
from tests.observe.rules import by_rules

_CONTEXT = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)
_TEXTS = [
    json.loads(line)["text"]
    for path in sorted((Path(__file__).parent / "labels").rglob("*.jsonl"))
    if path.parent.name != "rows"
    for line in path.read_text(encoding="utf-8").splitlines()
]
_NOUN = st.text("桥路学校工程项目企业装修景观开工率投资面积", min_size=2, max_size=9)


def test_only_names_are_completed() -> None:
    others = [each.name for each in fields(Observation) if each.name != "metric"]
    renamed = 0
    for text in _TEXTS[::7]:
        plain, whole = by_rules(text, _CONTEXT), quantities(text, _CONTEXT)
        assert [[getattr(o, name) for name in others] for o in plain] == [
            [getattr(o, name) for name in others] for o in whole
        ]
        for before, after in zip(plain, whole, strict=True):
            if after.metric != before.metric:
                renamed += 1
                assert after.metric
                assert before.metric is None or before.metric[-1] in after.metric
                assert len(after.metric) <= 34
    assert renamed


def _metrics(text: str) -> list[str | None]:
    return [seen.metric for seen in quantities(text, _CONTEXT)]


@pytest.mark.parametrize(
    ("text", "owner", "head"),
    [
        ("松岭大桥引桥桥面完成72.5%、装修完成62.5%。", "松岭大桥", "装修"),
        ("改造老旧管网26公里,惠及群众1.2万户。", "老旧管网", "惠及群众"),
    ],
)
def test_heads_that_say_too_little_take_their_owner(text: str, owner: str, head: str) -> None:
    name = _metrics(text)[-1] or ""
    assert owner in name
    assert name.endswith(head)


def test_a_head_takes_nothing_from_another_sentence() -> None:
    alone = _metrics("惠及群众1.2万户。")
    assert _metrics("改造老旧管网26公里。惠及群众1.2万户。")[-1:] == alone


def test_a_label_ends_what_was_known_of_the_last() -> None:
    text = "松岭桥:松岭桥引桥桥面完成72.5%、装修完成62.5%;青禾桥:装修完成40%。"
    first, second = _metrics(text)[-2:]
    assert "松岭桥" in (first or "")
    assert "松岭桥" not in (second or "")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("渔民补贴:2.6万人次,支出1785万元。", ["渔民补贴", "渔民补贴支出"]),
        ("1.东港码头改扩建:总形象进度88%,机电安装。", ["东港码头改扩建总形象进度"]),
        ("(三)稻渔综合种养,任务6.5万亩,完成7.1万亩。", ["稻渔综合种养", "稻渔综合种养"]),
        # What stands under a label with a name of its own owns what follows it.
        ("渔政工作:新收案件327件,结案率96%。", ["新收案件", "收案件结案率"]),
        ("截至9月底:完成率96%。", ["完成率"]),
    ],
)
def test_what_a_label_says_is_the_owner_of_what_has_no_name(text: str, names: list[str]) -> None:
    assert _metrics(text) == names


@given(_NOUN, _NOUN)
@example("开业企业", "业业")  # 开业 is an event: the thing is 企业
def test_a_way_to_complete_a_head_is_made_of_both(owner: str, head: str) -> None:
    for _, whole in ways(owner, head):
        assert set(whole) <= set(owner + head)
        assert whole[0] in (head[0], *(part[0] for _, part in parts(owner)))
        assert whole[-1] in (owner[-1], head[-1])
        assert len(whole) <= 34


@pytest.mark.parametrize(
    ("owner", "head", "name"),
    [
        ("货物吞吐量", "外贸", "外贸货物吞吐量"),
        ("新能源装机", "风电", "风电装机"),
        ("改造公厕", "云岫镇", "云岫镇改造公厕"),
    ],
)
def test_a_head_may_be_a_kind_of_the_series_before(owner: str, head: str, name: str) -> None:
    assert name in {whole for _, whole in ways(owner, head)}


def test_a_project_told_of_without_figures_owns_what_follows() -> None:
    told = quantities("石塘水库除险加固工程完成投资1.4亿元;岑河堤防提升工程开工建设,治理河长6.4公里。", _CONTEXT)
    assert [o.metric for o in told] == ["石塘水库除险加固工程投资", "岑河堤防提升工程治理河长"]


def test_what_is_told_of_some_things_is_no_project() -> None:
    told = quantities("课后服务覆盖全部义务教育学校,参与学生5.4万人。", _CONTEXT)
    assert "覆盖" not in (told[0].metric or "")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("总投资11亿元,完成投资3亿元。", ["总投资", "投资"]),
        ("总用地112亩,总建筑面积14.6万平方米。", ["总用地", "总建筑面积"]),
        ("资产总额120亿元,利润总额3.2亿元。", ["资产总额", "利润总额"]),
    ],
)
def test_a_name_that_says_too_little_owns_nothing(text: str, names: list[str]) -> None:
    assert [o.metric for o in quantities(text, _CONTEXT)] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("岑河大桥桩基完成80%,承台完成45%,墩柱完成12%。", ["岑河大桥桩基", "岑河大桥承台", "岑河大桥墩柱"]),
        ("上桥卫生服务中心土方外运75%,地下室底板20%。", ["上桥卫生服务中心土方外运", "上桥卫生服务中心地下室底板"]),
        ("岑河小学主体完成80%,桐山中学主体完成45%。", ["岑河小学主体", "桐山中学主体"]),
    ],
)
def test_how_far_the_parts_of_one_project_are(text: str, names: list[str]) -> None:
    assert [o.metric for o in quantities(text, _CONTEXT)] == names


def test_a_series_named_without_a_figure_has_no_period_in_its_name() -> None:
    told = quantities("前三季度技改投资保持较快增长态势,占比提升至52%。", _CONTEXT)
    assert [o.metric for o in told] == ["技改投资占比"]


def test_a_rate_that_begins_as_a_light_word_is_whole() -> None:
    assert [o.metric for o in quantities("门前三包共治率100%。", _CONTEXT)][-1] == "门前三包共治率"
