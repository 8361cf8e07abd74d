"""Any order of loading, any number of reruns, either database: the same views, row for row."""

from __future__ import annotations

import random
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tasks.check import CheckSettings
from tasks.load import Disclosure, load
from tests.load.composed import disclosure, invested, row
from tests.load.dumps import CLOCKS, dump
from warehouse import Warehouse


def history() -> list[Disclosure]:
    """Two years with all that may happen: edits, a correction, a copy, a shrunken and a republished table, a gap."""
    loose = CheckSettings()
    first = disclosure("2024Q1")
    second = disclosure("2024Q2")
    moved = tuple(
        replace(r, seq=9 - r.index, status=f"{r.status}（更新）" if r.index == 3 else r.status)
        for r in second.report.rows
    )
    edit = disclosure("2024Q2", rows=moved, known_at=second.known_at + timedelta(days=9))
    back = disclosure("2024Q2", known_at=second.known_at + timedelta(days=12))
    third = disclosure(
        "2024Q3", rows=tuple(row(n, 3) for n in (0, 1, 2, 4, 5, 6, 7, 8, 9)), published=date(2024, 10, 20)
    )
    correction = disclosure(
        "2024Q3",
        rows=tuple(row(n, 3, progress=77 if n == 4 else None) for n in (0, 1, 2, 4, 5, 6, 7, 8, 9)),
        title="2024年三季度执行情况（更正）",
        published=date(2024, 10, 29),
        url="http://www.qinghe.example/art/2024/10/29/art_9.html",
    )
    copy = disclosure("2024Q1", url="http://old.qinghe.example/1.html")
    shrunken = disclosure("2024Q4", count=2, settings=loose)
    year_after = disclosure("2025Q1", rows=tuple(row(n + 20, 1) for n in range(7)))
    stale = disclosure("2025Q2", rows=year_after.report.rows, observations=())
    return [first, second, edit, back, third, correction, copy, shrunken, year_after, stale]


def loaded(url: str, order: Sequence[Disclosure]) -> dict[str, list[tuple[Any, ...]]]:
    with Warehouse(url) as warehouse:
        run = warehouse.start_run("backfill", None)
        for item in order:
            load(warehouse, item, run_id=run)
        return dump(warehouse, without=CLOCKS | {"run_id"})


@pytest.fixture(scope="module")
def expected(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    path = tmp_path_factory.mktemp("order") / "straight.db"
    shutil.copy(migrated_file, path)
    found = loaded(f"sqlite:///{path}", history())
    states = {(r[1], r[5], r[6]) for r in found["v_document"]}
    assert {("2024Q4", 1, "held"), ("2025Q2", 1, "held"), ("2024Q2", 3, "loaded")} <= states
    assert len(found["v_change"]) > 40
    return found


@pytest.mark.parametrize("seed", range(6))
def test_any_order(seed: int, migrated_file: Path, tmp_path: Path, expected: dict[str, list[tuple[Any, ...]]]) -> None:
    shutil.copy(migrated_file, tmp_path / "w.db")
    order = history()
    random.Random(seed).shuffle(order)
    again = order + random.Random(seed + 100).sample(order, 4)
    found = loaded(f"sqlite:///{tmp_path / 'w.db'}", again)
    for name, rows in expected.items():
        assert found[name] == rows, name


def test_the_other_database(warehouse_url: str, expected: dict[str, list[tuple[Any, ...]]]) -> None:
    assert loaded(warehouse_url, list(reversed(history()))) == expected


def test_both_databases_agree_on_every_column(sqlite_url: str, postgres_url: str) -> None:
    dumps = []
    for url in (sqlite_url, postgres_url):
        with Warehouse(url) as warehouse:
            run = warehouse.start_run("backfill", None)
            for item in history():
                load(warehouse, item, run_id=run)
            at = datetime(2024, 10, 22, tzinfo=UTC)
            past = {
                name: warehouse.query(name, as_of=at).drop("run_id", strict=False).rows()
                for name in (
                    "v_progress",
                    "v_change",
                    "v_series",
                    "v_document",
                    "v_attainment",
                    "v_lineage",
                    "v_observation",
                )
            }
            dumps.append((dump(warehouse), past))
    assert dumps[0] == dumps[1]


def test_bytes_seen_earlier_move_the_start_of_belief(warehouse_url: str) -> None:
    with Warehouse(warehouse_url) as warehouse:
        run = warehouse.start_run("backfill", None)
        live = disclosure("2024Q2", known_at=datetime(2025, 1, 1, tzinfo=UTC))
        archived = replace(live, known_at=datetime(2024, 7, 25, tzinfo=UTC))
        load(warehouse, live, run_id=run)
        load(warehouse, archived, run_id=run)
        known = warehouse.query("v_document").select("revision", "known_from", "known_to").rows()
        assert known == [(1, "2024-07-25T00:00:00.000000Z", None)]
        other = tuple(replace(r, progress=Decimal(1)) if r.index == 0 else r for r in live.report.rows)
        between = disclosure(
            "2024Q2",
            rows=other,
            observations=(invested(0, live.report.meta.period, 1.0),) if live.report.meta.period else (),
            known_at=datetime(2024, 9, 1, tzinfo=UTC),
        )
        load(warehouse, between, run_id=run)
        known = warehouse.query("v_document").sort("revision").select("revision", "known_from", "known_to").rows()
        assert known == [
            (1, "2024-07-25T00:00:00.000000Z", "2024-09-01T00:00:00.000000Z"),
            (2, "2024-09-01T00:00:00.000000Z", "2025-01-01T00:00:00.000000Z"),
            (3, "2025-01-01T00:00:00.000000Z", None),
        ]
