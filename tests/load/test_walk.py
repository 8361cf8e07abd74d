"""Ids carried on quarter by quarter are those that the whole year gives at once."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.compare import diff, identify
from tasks.load.walk import begin, extend
from tasks.model import Period, Row
from tests.load.composed import row

PERIODS = [Period.parse(f"2024Q{q}") for q in (1, 2, 3, 4)]
WORDED = ("{}", "{}（续建）", "继续推进{}", "{}", "改造提升工程", "{}")


@st.composite
def a_year(draw: st.DrawFn) -> dict[Period, tuple[Row, ...]]:
    """Quarters in which commitments are dropped, return, are reworded, repeated and renumbered."""
    found = {}
    for quarter in range(1, draw(st.integers(2, 4)) + 1):
        numbers = draw(st.lists(st.integers(0, 9), max_size=9))
        words = [draw(st.sampled_from(WORDED)) for _ in numbers]
        rows = [row(n, quarter) for n in numbers]
        found[PERIODS[quarter - 1]] = tuple(
            replace(r, index=at, seq=at + 1, content=how.format(r.content))
            for at, (r, how) in enumerate(zip(rows, words, strict=True))
        )
    return found


@settings(max_examples=60, deadline=None)
@given(a_year(), st.booleans())
def test_a_walk_gives_the_ids_of_the_whole_year(year: dict[Period, tuple[Row, ...]], told: bool) -> None:
    whole = identify(year, source_id="s", year=2024)
    walk, before = None, ()
    for period, rows in year.items():
        if walk is None:
            walk = begin("s", period, rows)
        else:
            walk = extend(walk, rows, diff(before, rows).links if told else None)
        before = rows
        assert dict(walk.last_ids) == {index: name for (p, index), name in whole.items() if p == period}
