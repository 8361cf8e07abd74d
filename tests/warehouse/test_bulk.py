"""Bulk writing: the same rows as one by one, only differences where asked, nothing on failure."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.load.composed import PLACES
from warehouse import Warehouse, beside, bulk
from warehouse.bulk import append, bring_to
from warehouse.engine import Transaction

SCHEMA = {
    "body_id": pl.String,
    "row_index": pl.Int64,
    "units": pl.String,
    "status": pl.String,
    "progress": pl.Float64,
    "cells": pl.String,
}


def frame(count: int, word: str = "完成") -> pl.DataFrame:
    rows = [
        ("b", n, "区住建局", f"{PLACES[n % len(PLACES)]}{word}" if n % 3 else None, n / 4 if n % 5 else None, "{}")
        for n in range(count)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def kept(warehouse: Warehouse) -> pl.DataFrame:
    with warehouse.read() as tx:
        rows = tx.rows(f"SELECT {', '.join(SCHEMA)} FROM progress ORDER BY body_id, row_index")
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_a_frame_arrives_as_it_is(warehouse_url: str) -> None:
    with Warehouse(warehouse_url) as warehouse:
        assert warehouse.append_frame("progress", frame(50)) == 50
        assert kept(warehouse).equals(frame(50))
        more = frame(80)[50:]
        assert warehouse.transact(lambda tx: append(tx, "progress", more), lock="x") == 30
        assert kept(warehouse).equals(frame(80))


ODD = (
    "",
    " ",
    '"',
    '""',
    "a,b",
    "甲\n乙",
    "\r\n",
    "\\.",
    "\\N",
    "NULL",
    "𠮷",
    "=1+1",
    "'",
    "a\tb",
    "－３．５",
    "%s ?",
    "\x1b",
)


@pytest.mark.parametrize("many", [1, 50_000])
def test_odd_text_and_numbers_arrive_as_they_are(
    warehouse_url: str, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_MANY", many)  # whichever way frames of that length go
    numbers = (0.1, -0.0, 1e300, 5e-324, 123456789.123456789, None)
    rows = [("b", n, text, text or None, numbers[n % len(numbers)], "{}") for n, text in enumerate(ODD)]
    found = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    with Warehouse(warehouse_url) as warehouse:
        warehouse.append_frame("progress", found)
        assert kept(warehouse).equals(found)
        again = warehouse.transact(lambda tx: bring_to(tx, "progress", found), lock="x")
        assert (again.inserted, again.updated, again.deleted, again.unchanged) == (0, 0, 0, found.height)
        with_nul = found.with_columns(body_id=pl.lit("c"), units=pl.col("units") + "\0")
        warehouse.transact(lambda tx: append(tx, "progress", with_nul), lock="x")
        assert kept(warehouse)["units"].to_list() == [*ODD, *ODD]
        both = pl.concat([found, with_nul])
        again = warehouse.transact(lambda tx: bring_to(tx, "progress", both), lock="x")
        assert (again.updated, again.unchanged) == (0, both.height)


def test_frames_and_transactions_see_one_another(warehouse_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_MANY", 1)  # however few: by the way that many rows go
    whole = frame(100)
    with Warehouse(warehouse_url) as warehouse, Warehouse(warehouse_url) as other:
        for at in range(0, 100, 20):
            part = whole[at : at + 20]
            if at % 40:
                other.transact(lambda tx, part=part: append(tx, "progress", part), lock="x")
            else:
                warehouse.append_frame("progress", part)
            assert kept(warehouse).equals(whole[: at + 20])
            assert kept(other).equals(whole[: at + 20])
        with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
            warehouse.append_frame("progress", whole[60:])
        assert kept(other).equals(whole)


def test_an_appending_process_that_is_killed_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_MANY", 1)
    whole, good = frame(100), beside.PUT
    with Warehouse(f"sqlite:///{tmp_path / 'w.db'}") as warehouse:
        for dies_before in ("BEGIN IMMEDIATE", "COMMIT"):
            killed = good.replace(f'run("{dies_before}")', "import os; os.kill(os.getpid(), 9)")
            assert killed != good
            monkeypatch.setattr(beside, "PUT", killed)
            with pytest.raises(Exception, match="-9"):
                warehouse.append_frame("progress", whole)
            assert kept(warehouse).height == 0
        monkeypatch.setattr(beside, "PUT", good)
        assert warehouse.append_frame("progress", whole) == 100
        assert kept(warehouse).equals(whole)


def test_a_stream_that_ends_before_its_rows_do_leaves_nothing(tmp_path: Path) -> None:
    with Warehouse(f"sqlite:///{tmp_path / 'w.db'}") as warehouse:
        stream = io.BytesIO()
        frame(60).write_ipc_stream(stream, compat_level=pl.CompatLevel.oldest())
        command = [sys.executable, "-I", "-c", beside.PUT, str(tmp_path / "w.db"), "progress"]
        for count, told in (("100", stream.getvalue()), ("60", stream.getvalue()[:-200]), ("60", b"")):
            done = subprocess.run([*command, count], input=told, capture_output=True, check=False)
            assert done.returncode != 0
            assert kept(warehouse).height == 0
        assert subprocess.run([*command, "60"], input=stream.getvalue(), check=False).returncode == 0
        assert kept(warehouse).equals(frame(60))


def test_a_key_that_is_there_already_undoes_the_whole_frame(warehouse_url: str) -> None:
    with Warehouse(warehouse_url) as warehouse:
        warehouse.append_frame("progress", frame(10)[5:6])
        with pytest.raises(Exception, match=r"(?i)unique|duplicate"):
            warehouse.append_frame("progress", frame(10))
        assert kept(warehouse).height == 1


@pytest.mark.parametrize("many", [1, 50_000])
def test_only_differences_are_written(warehouse_url: str, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_MANY", many)
    wanted = pl.concat([frame(60)[3:20], frame(60, "动工")[20:40], frame(70)[40:]])
    touched: list[str] = []
    with Warehouse(warehouse_url, step=touched.append) as warehouse:
        warehouse.append_frame("progress", frame(60))
        written = warehouse.transact(lambda tx: bring_to(tx, "progress", wanted), lock="x")
        assert kept(warehouse).equals(wanted)
        told = sum(n % 3 != 0 for n in range(20, 40))
        assert (written.inserted, written.updated, written.deleted) == (10, told, 3)
        assert written.unchanged == wanted.height - 10 - told
        touched.clear()
        again = warehouse.transact(lambda tx: bring_to(tx, "progress", wanted), lock="x")
        assert (again.inserted, again.updated, again.deleted) == (0, 0, 0)
        assert not [s for s in touched if s.startswith(("INSERT", "DELETE"))]


def test_differences_are_to_what_the_transaction_sees(warehouse_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_MANY", 1)
    with Warehouse(warehouse_url) as warehouse:
        warehouse.append_frame("progress", frame(60))

        def twice(tx: Transaction) -> tuple[bulk.Written, bulk.Written]:
            first = bring_to(tx, "progress", frame(60)[10:])
            return first, bring_to(tx, "progress", frame(60))

        first, second = warehouse.transact(twice, lock="x")
        assert (first.deleted, second.inserted, second.unchanged) == (10, 10, 50)
        assert kept(warehouse).equals(frame(60))


@pytest.mark.parametrize("script", ["raise SystemExit(1)", "import os; os.kill(os.getpid(), 9)"])
def test_differences_are_found_without_another_process(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_MANY", 1)
    monkeypatch.setattr(beside, "MARKS", script)
    with Warehouse(f"sqlite:///{tmp_path / 'w.db'}") as warehouse:
        warehouse.append_frame("progress", frame(60))
        written = warehouse.transact(lambda tx: bring_to(tx, "progress", frame(61)[1:]), lock="x")
        assert (written.inserted, written.updated, written.deleted, written.unchanged) == (1, 0, 1, 59)


def test_unknown_columns_are_refused(warehouse_url: str) -> None:
    with Warehouse(warehouse_url) as warehouse, pytest.raises(KeyError):
        warehouse.append_frame("progress", pl.DataFrame({"x; DROP TABLE run": [1]}))
