"""Exports: whole or not there, verbatim or defused, the same from both databases."""

from __future__ import annotations

import csv
import hashlib
import json
import multiprocessing
import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.load import load
from tests.load.composed import disclosure, row
from warehouse import Warehouse, errors
from warehouse import export as exporting
from warehouse.export import defuse
from warehouse.views import VIEWS

FORMULA = '=HYPERLINK("http://x.example","点我")'


def fill(url: str) -> None:
    with Warehouse(url) as warehouse:
        load(warehouse, disclosure("2024Q1"), run_id="r")
        odd = tuple(row(n, 2, status=s) for n, s in enumerate((FORMULA, "-3.5", "＋加急", "增长2.9%，\n第二行")))
        load(warehouse, disclosure("2024Q2", rows=(*odd, *(row(n, 2) for n in range(4, 8)))), run_id="r")


def test_parquet_is_verbatim_and_the_manifest_tells_the_truth(warehouse_url: str, tmp_path: Path) -> None:
    fill(warehouse_url)
    with Warehouse(warehouse_url) as warehouse:
        manifest = warehouse.export(tmp_path / "out")
        frame = pl.read_parquet(tmp_path / "out" / "v_progress.parquet")
        assert frame.equals(warehouse.query("v_progress"))
        assert FORMULA in set(frame["status"])
    kept = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert [file["view"] for file in kept["files"]] == list(VIEWS)
    for file in kept["files"]:
        path = tmp_path / "out" / file["name"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"]
        assert pl.read_parquet(path).height == file["rows"]
    assert len(manifest.files) == len(VIEWS)
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(
        [*(f"{view}.parquet" for view in VIEWS), "manifest.json"]
    )


def test_csv_is_defused_and_numbers_are_left_alone(warehouse_url: str, tmp_path: Path) -> None:
    fill(warehouse_url)
    with Warehouse(warehouse_url) as warehouse:
        warehouse.export(tmp_path, "csv")
    with (tmp_path / "v_progress.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["period"] == "2024Q2"]
    told = {r["row_index"]: r["status"] for r in rows}
    assert told["0"] == f"'{FORMULA}"
    assert told["1"] == "-3.5"
    assert told["2"] == "'＋加急"
    assert told["3"] == "增长2.9%，\n第二行"
    assert {r["progress"] for r in rows} <= {str(n) for n in range(101)}


def test_both_databases_export_the_same_bytes(sqlite_url: str, postgres_url: str, tmp_path: Path) -> None:
    hashes = []
    for n, url in enumerate((sqlite_url, postgres_url)):
        fill(url)
        with Warehouse(url) as warehouse:
            manifest = warehouse.export(tmp_path / str(n), "csv", views=[v for v in VIEWS if v != "v_run"])
        hashes.append([(f.name, f.rows, f.sha256) for f in manifest.files])
    assert hashes[0] == hashes[1]


@given(st.text())
def test_no_cell_starts_a_formula(text: str) -> None:
    cell = defuse(text)
    assert cell in (text, f"'{text}")
    if cell == text:
        assert not text.lstrip(" \n\u3000\u00a0").startswith(tuple("=@\t\r＝＠"))


@pytest.mark.parametrize("number", ["-3.5", "+2.9%", "-1,234.5", "-18.33%"])
def test_numbers_stay_numbers(number: str) -> None:
    assert defuse(number) == number


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-1+1", "@SUM(A1)", "\t=1", " =1", "＝1", "－x", "＠a", "\r=1"])
def test_formulas_are_text(text: str) -> None:
    assert defuse(text) == f"'{text}"


def test_a_full_disk_leaves_the_last_export_whole(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(sqlite_url)
    out = tmp_path / "out"
    with Warehouse(sqlite_url) as warehouse:
        warehouse.export(out, "csv")
        before = {path.name: path.read_bytes() for path in out.iterdir()}
        calls = []

        def full(path: Path) -> None:
            calls.append(path)
            if len(calls) == 5:
                raise OSError(28, "No space left on device")

        monkeypatch.setattr(exporting, "_sync", full)
        with pytest.raises(errors.ExportFailed):
            warehouse.export(out, "csv")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def _die_exporting(url: str, out: str) -> None:
    calls: list[Any] = []

    def dies(path: Path) -> None:
        calls.append(path)
        if len(calls) == 4:
            os._exit(9)

    exporting._sync = dies
    with Warehouse(url) as warehouse:
        warehouse.export(out, "csv")


def test_a_killed_export_leaves_the_last_one_and_the_next_cleans_up(sqlite_url: str, tmp_path: Path) -> None:
    fill(sqlite_url)
    out = tmp_path / "out"
    with Warehouse(sqlite_url) as warehouse:
        warehouse.export(out, "csv")
        before = {path.name: path.read_bytes() for path in out.iterdir()}
        process = multiprocessing.get_context("spawn").Process(target=_die_exporting, args=(sqlite_url, str(out)))
        process.start()
        process.join()
        assert process.exitcode == 9
        left = {path.name: path.read_bytes() for path in out.iterdir()}
        assert {name: left[name] for name in before} == before
        assert len(left) > len(before)
        warehouse.export(out, "csv")
        assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def test_unknown_formats_are_named(sqlite_url: str, tmp_path: Path) -> None:
    with Warehouse(sqlite_url) as warehouse, pytest.raises(errors.ExportFailed, match="xml"):
        warehouse.export(tmp_path, "xml")
