"""Laws of the grammar that hold for any text."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.model import Observation
from tasks.observe import Context, quantities

_RECORDS = [
    json.loads(line)
    for path in sorted((Path(__file__).parent / "labels").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
_TEXTS = [record["text"] for record in _RECORDS]
_CONTEXT = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)
_PIECES = st.sampled_from(
    [
        *"0123456789.,、，。；：（）()%‰“”《》-—/\n ",
        *"万亿千百十一二两三余多约近超第位名家个项亩年月日季至到由从增降占率均",
        "增长",
        "下降",
        "完成",
        "1-9月",
        "截至9月底",
        "亿元",
        "个百分点",
        "较去年同期",
        "总投资",
        "预计",
        "计划",
        "分别",
        "以上",
        "平方米",
        "完成率",
        "首位",
    ]
)
_texts = st.lists(_PIECES, max_size=40).map("".join) | st.text(max_size=60) | st.sampled_from(_TEXTS)


def _read(text: str, offset: int = 0) -> list[Observation]:
    return quantities(text, Context(field="status", start=_CONTEXT.start, end=_CONTEXT.end, year=2024, offset=offset))


@given(_texts)
@settings(max_examples=400, deadline=None)
def test_offsets_are_exact_and_spans_are_equal_or_apart(text: str) -> None:
    found = _read(text)
    for seen in found:
        assert text[seen.start : seen.end] == seen.text
        assert seen.text.strip()
    for one, two in pairwise(sorted(found, key=lambda o: (o.start, o.end))):
        assert (one.start, one.end) == (two.start, two.end) or one.end <= two.start


@given(_texts, st.integers(0, 10_000))
@settings(max_examples=100, deadline=None)
def test_offset_only_shifts(text: str, offset: int) -> None:
    plain, moved = _read(text), _read(text, offset)
    assert [(o.start + offset, o.metric, o.value) for o in plain] == [(o.start, o.metric, o.value) for o in moved]


@given(_texts)
@settings(max_examples=200, deadline=None)
def test_width_of_digits_does_not_matter(text: str) -> None:
    wide = text.translate(str.maketrans("0123456789%", "０１２３４５６７８９％"))
    key = [
        (o.start, o.end, o.value, o.unit, o.measure, o.kind, o.bound, o.period_start, o.period_end) for o in _read(text)
    ]
    assert key == [
        (o.start, o.end, o.value, o.unit, o.measure, o.kind, o.bound, o.period_start, o.period_end) for o in _read(wide)
    ]


@given(_texts)
@settings(max_examples=100, deadline=None)
def test_what_is_read_has_the_shape_of_the_contract(text: str) -> None:
    for seen in _read(text):
        assert seen.measure in {"level", "growth", "change", "ratio", "rank"}
        assert seen.bound in {"exact", "approx", "at_least", "at_most"}
        assert seen.kind in {"actual", "target", "forecast"}
        assert seen.comparison in {None, "yoy", "prior_period", "peer", "other"}
        assert seen.comparison is None or seen.measure in {"growth", "change"}
        assert seen.value_high is None or seen.value_high >= seen.value
        assert seen.period_start is None or seen.period_end is None or seen.period_start <= seen.period_end


@pytest.mark.parametrize("text", _TEXTS[:40])
def test_a_sentence_before_it_changes_nothing(text: str) -> None:
    before = "全区上下团结一心,推动各项工作走深走实。"
    alone, after = _read(text), _read(before + text)
    assert [(o.metric, o.value, o.kind, o.period_start) for o in alone] == [
        (o.metric, o.value, o.kind, o.period_start) for o in after
    ]


@pytest.mark.parametrize("text", _TEXTS[:40])
def test_blanks_around_numbers_change_no_value(text: str) -> None:
    spaced = text.replace("同比", " 同比 ").replace("完成", "完成 ")
    assert [(o.metric, o.value, o.unit, o.measure) for o in _read(text)] == [
        (o.metric, o.value, o.unit, o.measure) for o in _read(spaced)
    ]


def test_everything_in_a_content_cell_is_a_target() -> None:
    for text in _TEXTS:
        context = Context(field="content", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)
        assert {o.kind for o in quantities(text, context)} <= {"target"}


_HOSTILE = [
    "7",
    "1,",
    "1、",
    "1.",
    "(",
    "(3家",
    ")",
    "“",
    "《",
    "三",
    "百",
    "亿",
    "第",
    "第3位",
    "5%、",
    "1-9月",
    "2024年",
]
_HOSTILE += [
    "投资完成",
    "完成投资5亿元,",
    "由5亿元至6亿元,",
    "分别",
    "甲数、",
    "工程",
    "\n",
    " ",
    "A1",
    "1至",
    "-",
    "同比增长",
]


@pytest.mark.parametrize("piece", _HOSTILE)
def test_a_cell_without_end_is_read(piece: str) -> None:
    """100,000 characters of the same: nothing is raised, and nothing takes time by the square of the length."""
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    for seen in _read(text):
        assert text[seen.start : seen.end] == seen.text


@given(
    st.lists(
        st.sampled_from(
            [*"0123456789.,、,;。:()%‰-—~至到万亿千百十〇零一二两三余多约超第前首位名家个元亩年月日季和与及的"]
        ),
        max_size=80,
    ).map("".join)
)
@settings(max_examples=250, deadline=None)
def test_no_text_is_refused(text: str) -> None:
    for seen in _read(text):
        assert text[seen.start : seen.end] == seen.text
