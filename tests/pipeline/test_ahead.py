"""Preparing the next items while the present one is dealt with; the log of fetches; the collector's peace."""

from __future__ import annotations

import gc
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.model import FetchResult, Outcome
from tasks.pipeline.ahead import ahead
from tasks.pipeline.collector import relaxed_collector
from tasks.pipeline.fetchlog import FetchLog
from warehouse import Warehouse


@given(st.lists(st.integers(-5, 5), max_size=12), st.integers(0, 3))
def test_all_in_order_and_never_far_ahead(items: list[int], depth: int) -> None:
    given_out, far = 0, []

    def prepare(item: int) -> int:
        far.append(len(far) - given_out)
        if item < 0:
            raise ValueError(item)
        return item * 2

    seen = []
    for item, future in ahead(prepare, items, depth):
        given_out += 1
        seen.append(item)
        if item < 0:
            with pytest.raises(ValueError, match=str(item)):
                future.result()
        else:
            assert future.result() == item * 2
    assert seen == items
    assert len(far) == len(items)
    assert max(far, default=0) <= depth + 1


@given(st.integers(1, 6), st.integers(1, 3))
def test_who_stops_early_stops_the_work(taken: int, depth: int) -> None:
    begun = []
    with closing(ahead(begun.append, range(100), depth)) as found:
        for _ in range(taken):
            next(found)[1].result()
    assert len(begun) <= taken + depth
    assert threading.active_count() < 50


def test_preparations_run_while_the_item_is_dealt_with() -> None:
    second = threading.Event()
    prepared = ahead(lambda n: second.set() if n == 2 else None, (1, 2, 3), 1)
    next(prepared)
    assert second.wait(10)
    prepared.close()


def broken_off(log: FetchLog, fetch: FetchResult) -> None:
    with log:
        log.add(fetch)
        raise ZeroDivisionError


def test_what_could_not_be_logged_is_logged_later(tmp_path: Path) -> None:
    source = SimpleNamespace(id="linchuan")
    fetch = FetchResult("http://127.0.0.1/a", Outcome.FAILED, datetime.now(UTC), detail="NoAnswer: nothing came")
    with Warehouse(f"sqlite:///{tmp_path}/jibao.db") as warehouse:
        run_id = warehouse.start_run("ingest", "2024Q3")
        log = FetchLog(SimpleNamespace(warehouse=warehouse), source, run_id)
        log.add(fetch)
        with sqlite3.connect(tmp_path / "jibao.db") as other:
            other.execute("ALTER TABLE request RENAME TO elsewhere")
        with pytest.raises(sqlite3.OperationalError):
            log.write()
        with sqlite3.connect(tmp_path / "jibao.db") as other:
            other.execute("ALTER TABLE elsewhere RENAME TO request")
        with pytest.raises(ZeroDivisionError):
            broken_off(log, replace(fetch, url="http://127.0.0.1/b"))
        told = warehouse.query("v_fetch")
    assert sorted(told["url"].to_list()) == ["http://127.0.0.1/a", "http://127.0.0.1/b"]


def test_the_collector_is_left_as_it_was() -> None:
    before = gc.get_threshold(), gc.isenabled()
    with relaxed_collector():
        relaxed = gc.get_threshold()
        with relaxed_collector():
            assert gc.get_threshold() == relaxed
        assert gc.get_threshold() == relaxed
        assert relaxed[0] > before[0][0]
    assert (gc.get_threshold(), gc.isenabled()) == before
    assert gc.get_freeze_count() == 0


def test_who_wants_no_collector_keeps_none() -> None:
    before = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with relaxed_collector():
            assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*before)
