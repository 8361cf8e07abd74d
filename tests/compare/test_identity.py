"""One id through the year, whatever order the quarters came in."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

from tasks.compare import Walk, identify, match
from tasks.model import Period, Row
from tests.compare.pairs import make_pair

Q1, Q2, Q3, Q4 = (Period(2024, "Q", n) for n in (1, 2, 3, 4))


def rows(*contents: str, units: tuple[str, ...] = ("县教育局",)) -> list[Row]:
    return [Row(index=at, content=content, units=units) for at, content in enumerate(contents)]


def ids(quarters: dict[Period, list[Row]]) -> dict[tuple[Period, int], str]:
    return dict(identify(quarters, source_id="a", year=2024))


def test_the_order_of_arrival_has_no_say() -> None:
    pair = make_pair("dev", 3)
    quarters = {Q1: list(pair.old), Q2: list(pair.new), Q3: list(pair.new[5:])}
    known = ids(quarters)
    for order in permutations(quarters):
        assert ids({period: quarters[period] for period in order}) == known
    assert len(known) == sum(map(len, quarters.values()))


def test_later_quarters_never_change_earlier_ids() -> None:
    pair = make_pair("heldout", 2)
    first = ids({Q1: list(pair.old)})
    both = ids({Q1: list(pair.old), Q2: list(pair.new)})
    assert {key: value for key, value in both.items() if key[0] == Q1} == first


def test_ids_within_a_quarter_are_all_different_even_where_words_repeat() -> None:
    found = ids({Q1: rows("完成市下达任务", "完成市下达任务", "新建小学2所")})
    assert len(set(found.values())) == 3


def test_kept_reworded_and_missing_quarters() -> None:
    promise, told_anew = "新建改扩建白鹭小学等学校12所,新增学位9000个", "白鹭小学等12所学校新建改扩建,增加学位9000个"
    other = "建成城市书房6家"
    quarters = {Q1: rows(promise, other), Q3: rows(other, told_anew)}
    found = ids(quarters)
    assert found[Q1, 0] == found[Q3, 1]
    assert found[Q1, 1] == found[Q3, 0]


def test_a_commitment_that_skips_a_quarter_keeps_its_id() -> None:
    stays, pauses = "推进西环线快速路建设", "改造农贸市场6家"
    found = ids({Q1: rows(stays, pauses), Q2: rows(stays), Q3: rows(stays, pauses), Q4: rows(pauses, stays)})
    assert found[Q1, 1] == found[Q3, 1] == found[Q4, 0]
    assert found[Q1, 0] == found[Q2, 0] == found[Q4, 1]


def test_a_promise_that_returns_after_another_took_its_words_is_not_confused() -> None:
    found = ids({Q1: rows("新建公园3个"), Q2: rows("举办马拉松赛事1场"), Q3: rows("新建公园3个", "举办马拉松赛事1场")})
    assert found[Q1, 0] == found[Q3, 0]
    assert found[Q2, 0] == found[Q3, 1]
    assert found[Q1, 0] != found[Q2, 0]


def test_of_a_split_promise_one_part_keeps_the_id_and_of_a_merged_one_one_goes_on() -> None:
    whole = "建成养老服务中心8家,完成家庭适老化改造900户"
    parts = ("建成养老服务中心8家", "完成家庭适老化改造900户")
    split = ids({Q1: rows(whole, "推进菜场改造"), Q2: rows(*parts, "推进菜场改造")})
    assert sum(split[Q2, at] == split[Q1, 0] for at in (0, 1)) == 1
    merged = ids({Q1: rows(*parts, "推进菜场改造"), Q2: rows(whole, "推进菜场改造")})
    assert merged[Q2, 0] in {merged[Q1, 0], merged[Q1, 1]}


def test_source_and_year_are_part_of_an_id() -> None:
    quarter = {Q1: rows("新建小学2所")}
    found = {identify(quarter, source_id=source, year=year)[Q1, 0] for source in ("a", "b") for year in (2023, 2024)}
    assert len(found) == 4


def test_a_year_walked_with_known_links_ends_in_the_same_ids() -> None:
    for seed in range(4):
        pair = make_pair("dev", seed)
        # The third quarter loses some rows, the fourth has them again: pauses, returns, splits and merges.
        quarters = [list(pair.old), list(pair.new), list(pair.new[7:]), list(pair.old[20:]) + list(pair.old[:9])]
        quarters[3] = [replace(row, index=at) for at, row in enumerate(quarters[3])]
        known = ids(dict(zip((Q1, Q2, Q3, Q4), quarters, strict=True)))
        walk = Walk("a", 2024)
        before: list[Row] = []
        for period, now in zip((Q1, Q2, Q3, Q4), quarters, strict=True):
            walk = walk.extended(now, match(before, now).links if before else None)
            assert {(period, index): name for index, name in walk.ids.items()} == {
                key: name for key, name in known.items() if key[0] == period
            }
            before = now
