"""The calendar of periods and the phrases that name a stretch of time."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.model import Period, PeriodError
from tasks.periods import due_periods, on_cadence, period_phrases, previous, quarters_between, today

CADENCES = ("quarterly", "half-yearly", "annual")
cadences = st.sampled_from(CADENCES)
periods = st.builds(
    lambda year, label: Period.parse(f"{year}{label}"),
    st.integers(2000, 2060),
    st.sampled_from(["", "Q1", "Q2", "Q3", "Q4", "H1", "H2", "M01", "M07", "M11", "M12"]),
)
days = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(periods)
def test_a_period_reads_back_from_its_name(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(cadences, periods, days)
def test_due_periods_are_over_in_order_and_without_a_gap(cadence: str, since: Period, day: date) -> None:
    due = due_periods(cadence, since, day)
    assert all(since.end <= period.end < day for period in due)
    assert all(previous(after, cadence) == before for before, after in itertools.pairwise(due))
    later = due_periods(cadence, since, day + timedelta(days=366))
    assert later[: len(due)] == due
    assert len(later) > len(due) or since.end >= day


@given(cadences, periods)
def test_a_period_is_due_the_day_after_it_ends(cadence: str, period: Period) -> None:
    own = on_cadence(period, cadence)
    if not own.covers_same(period):
        return
    if own.kind != {"quarterly": "Q", "half-yearly": "H", "annual": "Y"}[cadence]:
        return
    assert due_periods(cadence, own, own.end) == ()
    assert due_periods(cadence, own, own.end + timedelta(days=1)) == (own,)


@given(periods, periods)
def test_quarters_between_are_consecutive_and_end_with_the_last(first: Period, last: Period) -> None:
    between = quarters_between(first, last)
    assert all(previous(b) == a for a, b in itertools.pairwise(between))
    if between:
        assert between[-1].end <= last.end
        assert between[0].end >= first.start
    assert len(between) == len(set(between))


def test_quarters_between_as_users_name_them() -> None:
    def named(first: str, last: str) -> list[str]:
        return [str(q) for q in quarters_between(Period.parse(first), Period.parse(last))]

    assert named("2023Q3", "2024Q2") == ["2023Q3", "2023Q4", "2024Q1", "2024Q2"]
    assert named("2023", "2023") == ["2023Q1", "2023Q2", "2023Q3", "2023Q4"]
    assert named("2023H2", "2024H1") == ["2023Q3", "2023Q4", "2024Q1", "2024Q2"]
    assert named("2024Q2", "2024Q1") == []


@given(periods, cadences)
def test_previous_ended_before_and_stays_on_the_grid(period: Period, cadence: str) -> None:
    before = previous(period, cadence)
    assert before.end < period.end
    assert on_cadence(before, cadence) == before
    assert previous(period).kind == period.kind
    assert previous(period).end < period.end


@given(periods, cadences)
def test_the_cadences_name_means_the_same_months(period: Period, cadence: str) -> None:
    assert on_cadence(period, cadence).covers_same(period)


def test_an_unknown_cadence_is_refused() -> None:
    with pytest.raises(PeriodError):
        due_periods("weekly", Period(2024), date(2024, 1, 1))


def test_today_is_the_portals_day() -> None:
    assert today(now=lambda: datetime(2024, 9, 30, 16, 30, tzinfo=UTC)) == date(2024, 10, 1)
    assert today(now=lambda: datetime(2024, 9, 30, 15, 30, tzinfo=UTC)) == date(2024, 9, 30)


def dates(text: str) -> list[tuple[str, str, str | None, str | None]]:
    return [
        (text[p.span[0] : p.span[1]], p.kind, p.start and p.start.isoformat(), p.end and p.end.isoformat())
        for p in period_phrases(text, 2024, date(2024, 9, 30))
    ]


@pytest.mark.parametrize(
    ("text", "phrase", "kind", "start", "end"),
    [
        ("1-9月完成", "1-9月", "window", "2024-01-01", "2024-09-30"),
        ("1—9 月完成", "1—9 月", "window", "2024-01-01", "2024-09-30"),
        ("１～９月份完成", "１～９月份", "window", "2024-01-01", "2024-09-30"),
        ("一至九月完成", "一至九月", "window", "2024-01-01", "2024-09-30"),
        ("1月至9月完成", "1月至9月", "window", "2024-01-01", "2024-09-30"),
        ("2023年1-11月共完成", "2023年1-11月", "window", "2023-01-01", "2023-11-30"),
        ("2023年7月至2024年6月", "2023年7月至2024年6月", "window", "2023-07-01", "2024-06-30"),
        ("19月完成", "19月", "window", "2024-01-01", "2024-09-30"),
        ("111月完成", "111月", "window", "2024-01-01", "2024-11-30"),
        ("前10个月完成", "前10个月", "window", "2024-01-01", "2024-10-31"),
        ("前三季度完成", "前三季度", "window", "2024-01-01", "2024-09-30"),
        ("一至三季度完成", "一至三季度", "window", "2024-01-01", "2024-09-30"),
        ("二季度完成", "二季度", "quarter", "2024-04-01", "2024-06-30"),
        ("上半年完成", "上半年", "half", "2024-01-01", "2024-06-30"),
        ("去年上半年完成", "去年上半年", "half", "2023-01-01", "2023-06-30"),
        ("全年完成", "全年", "whole", "2024-01-01", "2024-12-31"),
        ("2023年全年完成", "2023年全年", "whole", "2023-01-01", "2023-12-31"),
        ("去年完成", "去年", "year", "2023-01-01", "2023-12-31"),
        ("2023年度完成", "2023年度", "year", "2023-01-01", "2023-12-31"),
        ("二○二三年完成", "二○二三年", "year", "2023-01-01", "2023-12-31"),
        ("2020年至2023年排查", "2020年至2023年", "years", "2020-01-01", "2023-12-31"),
        ("2021-2025年规划", "2021-2025年", "years", "2021-01-01", "2025-12-31"),
        ("“十四五”期间", "“十四五”期间", "years", "2021-01-01", "2025-12-31"),
        ("截至9月底,", "截至9月底", "upto", None, "2024-09-30"),
        ("截止2024年9月20日,", "截止2024年9月20日", "upto", None, "2024-09-20"),
        ("2022年底前", "2022年底前", "deadline", None, "2022-12-31"),
        ("12月底前完成", "12月底前", "deadline", None, "2024-12-31"),
        ("年底前完成", "年底前", "deadline", None, "2024-12-31"),
        ("今年以来,", "今年以来", "since", "2024-01-01", "2024-09-30"),
        ("2023年以来,", "2023年以来", "since", "2023-01-01", "2024-09-30"),
        ("截至目前,", "截至目前", "todate", None, "2024-09-30"),
        ("去年同期", "去年同期", "same", None, None),
        ("6月4日召开", "6月4日", "day", "2024-06-04", "2024-06-04"),
        ("2024年2月完工", "2024年2月", "month", "2024-02-01", "2024-02-29"),
    ],
)
def test_phrases_mean_their_dates(text: str, phrase: str, kind: str, start: str | None, end: str | None) -> None:
    assert dates(text) == [(phrase, kind, start, end)]


@pytest.mark.parametrize(
    "text",
    [
        "云政发〔2024〕3号",
        "建成3个月",
        "5G基站2024个",
        "每月一次",
        "第三产业",
        "1.5亿元",
        "2024.5亩",
        "上年纪的人",
        "年级",
    ],
)
def test_what_is_no_time_is_no_phrase(text: str) -> None:
    assert dates(text) == []


def test_phrases_stand_in_order_with_their_own_years() -> None:
    text = "2023年1-9月完成3亿元,较去年同期增长5%,二季度回升;今年上半年4亿元,9月底前完工。"
    assert [(p, s) for p, _, s, _ in dates(text)] == [
        ("2023年1-9月", "2023-01-01"),
        ("去年同期", None),
        ("二季度", "2024-04-01"),
        ("今年上半年", "2024-01-01"),
        ("9月底前", None),
    ]


@given(
    st.text(alphabet="0123456789年月日至-一二三四季度上下半今去截底前以来 ,。全十内同期", max_size=60),
    st.integers(2000, 2050),
)
def test_any_text_gives_phrases_in_order_that_do_not_overlap(text: str, year: int) -> None:
    found = period_phrases(text, year)
    edges = [edge for phrase in found for edge in phrase.span]
    assert edges == sorted(edges)
    assert all(p.span[0] < p.span[1] for p in found)
    assert all(p.start <= p.end for p in found if p.start and p.end)


@given(
    first=st.integers(1, 11), width=st.integers(1, 11), year=st.integers(2000, 2050), dash=st.sampled_from("-—~至到")
)
def test_every_window_reads_back(first: int, width: int, year: int, dash: str) -> None:
    last = min(12, first + width)
    (found,) = period_phrases(f"{year}年{first}{dash}{last}月", None)
    assert found.start == date(year, first, 1)
    assert found.end == Period(year, "M", last).end
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    (other,) = period_phrases(f"{year}年{first}{dash}{last}月".translate(wide), None)
    assert other == found
