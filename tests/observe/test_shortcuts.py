"""Shortcuts for speed may change nothing: each is held against the longer way round."""

from __future__ import annotations

import json
import pickle
import re
import unicodedata
from dataclasses import FrozenInstanceError, fields
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.model import Observation
from tasks.observe import Context, grammar, quantities, shapes, words
from tasks.observe.edges import edges, guarded
from tasks.observe.figures import PLAIN, Number, arabic, plain
from tasks.observe.fold import fold_for_reading
from tasks.observe.heads import strip_lead, strip_trail
from tasks.observe.lexer import tokens
from tasks.observe.owners import as_owner
from tasks.observe.reader import Reader
from tasks.observe.units import NOT_BEFORE, UNIT_PATTERN, UNITS, unit_at

_SENTENCES = [
    json.loads(line)["text"]
    for path in sorted((Path(__file__).parent / "labels").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
_LIGHT = sorted(set(re.findall("[\u4e00-\u9fff]+", words.LIGHT)))
_HEADS = st.lists(
    st.sampled_from([*_LIGHT, "投资", "率", "项目", "公园", "第3批", "2.", "一是", "约", "、"]), max_size=7
)
_FIGURES = st.tuples(
    st.sampled_from(["", "增长", "约", ",", "(", "5", "A", "/", "第", "1-"]),
    st.sampled_from(["3", "12", "621.27", "1,234", "2024", "0.5", "12.", "1,23"]),
    st.sampled_from(["", "余", "万", "多万", "千", "百亿", "年", "-", "、3", "号"]),
    st.sampled_from(["", *sorted(UNITS)]),
    st.sampled_from(["", "以上", "左右", "-5%", "/平方米", "(间)", "台", "、4%", "余", "的多", "K"]),
)


@given(_HEADS.map("".join))
@settings(max_examples=500, deadline=None)
def test_light_words_come_off_as_if_all_had_been_tried(head: str) -> None:
    lead = words.LEAD.match(head)
    assert strip_lead(head) == (head[lead.end() :] if lead else head)
    trail = words.TRAIL.search(head, max(0, len(head) - 18))
    assert strip_trail(head) == (head[: trail.start()] if trail else head)


@given(
    st.lists(
        st.sampled_from(["公园", "建成", "参[加与](?!率)", "在(?!建|线)", "[,;]", "获得?", "(?<!公)共"]), min_size=1
    ),
    st.text("公园建成参加与率在线,;获得共享", max_size=20),
)
@settings(max_examples=300, deadline=None)
def test_a_guarded_search_finds_what_the_plain_one_finds(alternatives: list[str], text: str) -> None:
    pattern = "|".join(alternatives)
    found = [m.span() for m in re.finditer(pattern, text)]
    apart: list[tuple[int, int]] = []
    for m in re.finditer(guarded(pattern), text):
        if not apart or m.start() >= apart[-1][1]:
            apart.append(m.span(1))
    assert apart == found
    opens, closes = edges(pattern, front=True), edges(pattern, front=False)
    for begin, end in found:
        assert text[begin : begin + 2] in opens or text[begin] in opens
        assert text[end - 2 : end] in closes or text[end - 1] in closes


_ANY = st.text(
    "开工项目新已拟正在准备主体计划签约和居民家增至到升为降提高缩短的,。1年之不由从以来/-后左右费", max_size=6
)


@given(_ANY)
@settings(max_examples=500, deadline=None)
def test_what_opens_no_word_is_spared_the_words(text: str) -> None:
    if words.NOT_RIGHT.match(text):
        assert text[0] in words.CLOSES | words.NOT_RIGHT_OPENS
    if words.EVENT.match(text):
        assert text[:2] in words.EVENT_OPENS or text[:1] in words.EVENT_OPENS
    if words.ATTRIBUTED.match(text):
        assert text[0] in words.ATTRIBUTED_OPENS
    if words.FIELD.search(text):
        assert text == "" or text[-1] in words.FIELD_ENDS


def test_observations_are_whole_and_frozen() -> None:
    seen = quantities("完成固定资产投资5.2亿元。", _CONTEXT)[0]
    again = Observation(**{each.name: getattr(seen, each.name) for each in fields(Observation)})
    assert seen == again
    assert hash(seen) == hash(again)
    assert pickle.loads(pickle.dumps(seen)) == seen
    with pytest.raises(FrozenInstanceError):
        seen.metric = "x"  # type: ignore[misc]


def test_the_pattern_of_units_is_the_table() -> None:
    pattern = re.compile(UNIT_PATTERN)
    for name in UNITS:
        for after in ("", ",", "a", "3", *NOT_BEFORE.get(name, ""), "台", "次", "企"):
            text = name + after
            found = pattern.match(text)
            assert (found[0] if found else None) == unit_at(text, 0), text


_FIELDS = ("start", "end", "value", "high", "multiplier", "unit", "sort", "approx", "after", "negative", "chain")


def _told(number: Number | None) -> dict[str, object] | None:
    return {name: getattr(number, name) for name in _FIELDS} if number is not None else None


def _held_against_the_longer_way(text: str) -> int:
    seen = 0
    for token in re.finditer(rf"[0-9]{PLAIN}", text):
        longer = arabic(text, token.start(), len(text))
        assert longer is not None, text
        assert _told(longer[0]) == _told(plain(text, token)), text
        seen += 1
    return seen


@given(_FIGURES)
@settings(max_examples=600, deadline=None)
def test_a_plain_figure_is_read_as_the_longer_way_reads_it(parts: tuple[str, ...]) -> None:
    _held_against_the_longer_way("".join(parts) + "。")


def test_most_figures_are_plain() -> None:
    folded = [fold_for_reading(text, wrapped=True).text for text in _SENTENCES]
    taken = sum(map(_held_against_the_longer_way, folded))
    listed = sum(not isinstance(token, int) for text in folded for token in tokens(text, 0, len(text)))
    assert taken > listed / 2


@given(st.text("，。；：（）％！？～１２Ａ－○ 　\t\n比12a中", max_size=30), st.booleans())
@settings(max_examples=300, deadline=None)
def test_folding_keeps_every_character_but_blanks_and_knows_the_way_back(text: str, wrapped: bool) -> None:
    folded = fold_for_reading(text, wrapped=wrapped)
    for at, char in enumerate(folded.text):
        original = text[folded.origin(at)]
        assert char in (original, unicodedata.normalize("NFKC", original)) or (original, char) in (
            ("○", "〇"),
            ("\n", " "),
            ("\t", " "),
            ("－", "-"),
        )
    kept = {folded.origin(at) for at in range(len(folded.text))}
    assert all(text[at].isspace() for at in range(len(text)) if at not in kept)


@given(st.sampled_from(_SENTENCES), st.integers(0, 40), st.integers(2, 14))
@settings(max_examples=200, deadline=None)
def test_an_owner_is_the_front_of_what_was_named(text: str, at: int, size: int) -> None:
    noun = text[at : at + size]
    owner = as_owner(noun)
    assert owner is None or noun.startswith(owner)
    assert owner != "" or not noun


_CONTEXT = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)
_NUMERALS = re.compile(r"[0-9]+(?:\.[0-9]+)?(?=[^0-9年月])")


_NEXT = str.maketrans("123456789", "234567891")


def _forget() -> None:
    shapes.known.cache_clear()
    grammar._read.cache_clear()


def test_a_figure_of_zero_teaches_no_sign() -> None:
    text = "出口下降{}%,进口增长2.5%。"
    _forget()
    for figure in ("0.0", "0.0", "1.5"):
        fallen, _ = quantities(text.format(figure), _CONTEXT)
    assert fallen.value == Decimal("-1.5")


@given(
    st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=2).map("".join),
    st.lists(st.decimals(0, 99999, places=2) | st.integers(0, 99999), min_size=1, max_size=9),
    st.sampled_from(["", " ", "\n"]),
)
@settings(max_examples=150, deadline=None)
def test_a_sentence_with_other_figures_is_read_as_if_for_the_first_time(
    text: str, figures: list[object], blank: str
) -> None:
    turn = iter(figures * 60)
    changed = _NUMERALS.sub(lambda _: str(next(turn)) + blank, text)
    _forget()
    alone = quantities(changed, _CONTEXT)
    _forget()
    quantities(text, _CONTEXT)
    quantities(_NUMERALS.sub(lambda found: found[0] + blank, text), _CONTEXT)
    assert quantities(changed, _CONTEXT) == alone


@given(
    st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=2).map("".join),
    st.sampled_from([date(2024, 3, 31), date(2024, 6, 30), date(2024, 12, 31)]),
)
@settings(max_examples=150, deadline=None)
def test_a_promise_means_the_same_in_every_quarter(text: str, day: date) -> None:
    told, of_year = (
        Reader(text, fold_for_reading(text, wrapped=True), Context(field="content", start=start, end=end, year=2024))
        for start, end in ((date(2024, 1, 1), day), (None, None))
    )
    told.run()
    of_year.run()
    assert told.found == of_year.found


def test_most_sentences_are_remembered_without_their_figures() -> None:
    _forget()
    for text in _SENTENCES:
        quantities(text, _CONTEXT)
        quantities(_NUMERALS.sub(lambda found: found[0].translate(_NEXT), text), _CONTEXT)
    kept = [shape for (_, whole, _), shape in shapes.known().items() if whole]
    assert sum(isinstance(shape, shapes.Shape) for shape in kept) > len(kept) / 2
