"""What was known at a moment is not changed by what is loaded later, in any view."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tasks.load import Disclosure, decide, load
from tests.load.composed import disclosure, row
from warehouse import Warehouse
from warehouse.views import VIEWS

DAY = datetime(2024, 4, 1, 9, tzinfo=UTC)
ASKED = ("v_document", "v_progress", "v_change", "v_attainment", "v_series", "v_warning")
# Ids are the same at every moment, so that rows of any two moments can be joined; the end of a stretch is not yet known.
NOT_THEN = {"commitment_id", "run_id", "known_to"}


def shown(quarter: int, day: int, *, count: int = 8, says: str = "", later: bool = False) -> Disclosure:
    """A quarter's report as seen on a day; `says` is what its third row was edited to; `later`: another publication."""
    rows = tuple(
        replace(r, status=says) if says and r.index == 2 else r for r in (row(n, quarter) for n in range(count))
    )
    other: dict[str, Any] = {}
    if later:
        title = f"2024年第{quarter}季度政府工作报告重点任务执行情况（更正）"
        other = {"url": f"http://x.example/{quarter}", "title": title, "published": date(2024, 12, 20)}
    return disclosure(f"2024Q{quarter}", rows=rows, known_at=DAY + timedelta(days=day), **other)


STORIES: dict[str, list[Disclosure | str]] = {
    "the quarter before is edited": [shown(2, 0, count=5), shown(1, 4), shown(1, 9, says="改写")],
    "a nearer quarter arrives": [shown(1, 0), shown(3, 3, count=4), shown(2, 6, count=4)],
    "the first page takes over its correction": [
        shown(2, 0),
        shown(2, 2, says="改写", later=True),
        shown(2, 5, says="改写"),
    ],
    "the corrected page goes its own way": [
        shown(4, 0),
        shown(4, 3, says="改写", later=True),
        shown(4, 9, says="又改"),
    ],
    "rejected, then the neighbour changes": [shown(3, 0), shown(4, 2, count=4), "reject", shown(3, 8, says="改写")],
    "accepted, then the neighbour changes": [shown(3, 0), shown(4, 2, count=4), "accept", shown(3, 8, says="改写")],
}


def told(warehouse: Warehouse, view: str, as_of: datetime | None) -> list[tuple[Any, ...]]:
    current = as_of is None and VIEWS[view].clocked
    found = warehouse.query(view, as_of=as_of, current=current)
    return sorted(found.select([name for name in VIEWS[view].names if name not in NOT_THEN]).rows(), key=repr)


@pytest.mark.parametrize("story", STORIES)
def test_as_of_a_moment_is_what_a_warehouse_said_then(story: str) -> None:
    with Warehouse("sqlite://") as warehouse:
        then: dict[datetime, dict[str, list[tuple[Any, ...]]]] = {}
        at = DAY
        for event in STORIES[story]:
            if isinstance(event, str):
                at += timedelta(hours=1)
                (waiting,) = warehouse.pending()
                decide(warehouse, waiting.document_id, event, who="王芳", why="看过", run_id="r", now=at)
            else:
                at = event.known_at
                load(warehouse, event, run_id="r", now=at)
            then[at] = {view: told(warehouse, view, None) for view in ASKED}
        for moment, said in then.items():
            for view in ASKED:
                assert told(warehouse, view, moment) == said[view], (view, moment)
