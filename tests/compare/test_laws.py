"""What holds for any two tables."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.compare import apply, diff, diff_csv, diff_json, match, status_changed
from tasks.model import Relation, Row

WORDS = [
    *(
        "推进",
        "加快",
        "新建",
        "改造",
        "小学",
        "医院",
        "公园",
        "道路",
        "12所",
        "30公里",
        "85%",
        "城东",
        "城西",
        "一期",
        "二期",
    ),
    *("企业", ",", "、", ";", "。", "(", ")", " ", "智慧", "停车", "R&D"),
]
text = st.lists(st.sampled_from(WORDS), max_size=7).map("".join)
maybe = st.none() | text


rows = st.builds(
    Row,
    index=st.just(0),
    seq=st.sampled_from([None, 1, 2, 3, "1-1", "十二"]),
    category=maybe,
    content=maybe,
    units=st.sampled_from([(), ("区教育局",), ("区住建局(工程科)", "各街道"), ("各街道",)]),
    status=maybe,
    progress=st.sampled_from([None, Decimal(75), Decimal("75.0"), Decimal(235)]),
    progress_text=st.sampled_from([None, "75%", "/", "75.0%"]),
    cells=st.sampled_from([{}, {"序号": "1"}, {"内容": "开工"}]),
    content_at=st.sampled_from([None, (0, 4)]),
    status_at=st.none(),
)


def tables() -> st.SearchStrategy[tuple[Row, ...]]:
    """Small tables of few words, so that rows are often alike."""
    return st.lists(rows, max_size=7).map(lambda some: tuple(replace(row, index=at) for at, row in enumerate(some)))


quick = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(tables(), tables())
def test_a_difference_applied_gives_the_new_rows(old: tuple[Row, ...], new: tuple[Row, ...]) -> None:
    made = apply(old, diff(old, new))
    assert made == new
    # Equal is not enough: 75 and 75.0 are equal and print differently.
    assert [repr(row) for row in made] == [repr(row) for row in new]


@quick
@given(tables())
def test_a_table_differs_in_nothing_from_itself(table: tuple[Row, ...]) -> None:
    difference = diff(table, table)
    assert difference.changes == ()
    assert all(link.relation is Relation.SAME and link.old == link.new for link in difference.links)
    assert len(difference.links) == len(table)


@quick
@given(tables(), tables(), st.randoms(use_true_random=False))
def test_the_order_in_which_rows_are_given_does_not_matter(
    old: tuple[Row, ...], new: tuple[Row, ...], rng: random.Random
) -> None:
    shuffled_old, shuffled_new = (rng.sample(rows, len(rows)) for rows in (old, new))
    assert diff(shuffled_old, shuffled_new) == diff(old, new)


@quick
@given(tables(), tables())
def test_seen_from_the_other_side_it_is_the_same_difference(old: tuple[Row, ...], new: tuple[Row, ...]) -> None:
    turned = {
        Relation.ADDED: Relation.DROPPED,
        Relation.DROPPED: Relation.ADDED,
        Relation.SPLIT: Relation.MERGED,
        Relation.MERGED: Relation.SPLIT,
    }
    there = {(link.old, link.new, link.relation) for link in match(old, new).links}
    back = {(link.new, link.old, turned.get(link.relation, link.relation)) for link in match(new, old).links}
    assert there == back


@quick
@given(tables(), tables())
def test_every_row_stands_in_a_link_and_no_pair_in_two(old: tuple[Row, ...], new: tuple[Row, ...]) -> None:
    links = match(old, new).links
    assert {link.old for link in links} - {None} == {row.index for row in old}
    assert {link.new for link in links} - {None} == {row.index for row in new}
    one_to_one = [link for link in links if link.relation in (Relation.SAME, Relation.REWORDED)]
    assert len({link.old for link in one_to_one}) == len({link.new for link in one_to_one}) == len(one_to_one)
    for link in links:
        assert 0.0 <= link.confidence <= 1.0
        if link.relation is Relation.SPLIT:
            assert sum(other.old == link.old for other in links) >= 2
        if link.relation is Relation.MERGED:
            assert sum(other.new == link.new for other in links) >= 2
        if link.relation in (Relation.DROPPED, Relation.ADDED):
            assert (link.new is None) == (link.relation is Relation.DROPPED)


@quick
@given(tables(), tables())
def test_changes_are_what_differs_and_nothing_else(old: tuple[Row, ...], new: tuple[Row, ...]) -> None:
    difference = diff(old, new)
    before, after = {row.index: row for row in old}, {row.index: row for row in new}
    moved = {(change.old, change.new, change.facet) for change in difference.changes}
    assert len(moved) == len(difference.changes)
    for link in difference.links:
        if link.old is None or link.new is None:
            assert (link.old, link.new, "row") in moved
            continue
        a, b = before[link.old], after[link.new]
        assert ((link.old, link.new, "status") in moved) == status_changed(a.status, b.status)
        for change in difference.changes:
            if (change.old, change.new, change.facet) == (link.old, link.new, "progress") and change.delta is not None:
                assert a.progress is not None
                assert b.progress is not None
                assert a.progress + change.delta == b.progress


@quick
@given(tables(), tables())
def test_the_csv_has_a_line_for_each_pair(old: tuple[Row, ...], new: tuple[Row, ...]) -> None:
    lines = list(csv.DictReader(io.StringIO(diff_csv(old, new))))
    links = match(old, new).links
    assert [(line["old_index"], line["new_index"], line["relation"]) for line in lines] == [
        ("" if link.old is None else str(link.old), "" if link.new is None else str(link.new), str(link.relation))
        for link in links
    ]
    assert {line["status_changed"] for line in lines} <= {"0", "1"}
    assert len(diff_json(old, new)["links"]) == len(lines)


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("已开工2个项目。", "已开工2个项目", False),
        ("已开工２个项目", " 已开工2个 项目；", False),
        (None, "", False),
        (None, "正常推进", True),
        ("已开工2个项目", "已开工3个项目", True),
        ("完成1.5亿元", "完成15亿元", True),
        ("完成，验收", "完成。验收", True),
        ("增长-3%", "增长3%", True),
        ("⼀期完工", "一期完工", False),
    ],
)
def test_status_changed_is_blind_to_typography_only(old: str | None, new: str | None, *, changed: bool) -> None:
    assert status_changed(old, new) is changed
