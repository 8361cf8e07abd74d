"""The five documents that the project was born from, as one `files` source and through `jibao parse`."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from flows.cli.main import cli
from tasks.model import Period
from tasks.pipeline.job import Job
from tasks.pipeline.run import run
from tasks.pipeline.settings import Settings
from tasks.pipeline.workplace import configured, open_workplace

SEEDS = Path(os.environ.get("JIBAO_SEEDS") or Path(__file__).resolve().parents[2].parent / "shared" / "seeds")
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason=f"no seeds at {SEEDS}; name their folder in JIBAO_SEEDS")

SOURCES = """
version: 1
sources:
  - {id: seeds, name: seeds, publisher: several, portal: files, listing: seeds, since: 2020Q1}
"""


@pytest.fixture
def loaded(tmp_path: Path) -> Settings:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    settings = Settings(
        str(tmp_path / "sources.yaml"), f"sqlite:///{tmp_path}/w.db", str(tmp_path / "archive"), str(tmp_path / "state")
    )
    _, sources = configured(settings)
    with open_workplace(settings) as work:
        summary = run(work, sources, Job("backfill", Period.parse("2020Q1"), Period.parse("2024Q4"), recheck=0))
    assert summary.exit_status == 0
    return settings


def view(settings: Settings, name: str) -> pl.DataFrame:
    with open_workplace(settings) as work:
        return work.warehouse.query(name, current=True)


def test_all_five_are_believed_side_by_side(loaded: Settings) -> None:
    documents = view(loaded, "v_document")
    assert sorted(documents.select("period", "kind").rows()) == sorted(
        [
            ("2024Q3", "execution"),
            ("2020Q2", "execution"),
            ("2023", "summary"),
            ("2023", "summary"),
            ("2023", "work_report"),
        ]
    )
    progress = view(loaded, "v_progress")
    assert dict(progress.group_by("period").len().rows()) == {"2024Q3": 30, "2020Q2": 128}
    assert progress.filter(period="2020Q2")["category"].n_unique() == 22


def test_the_table_with_lost_cells(loaded: Settings) -> None:
    rows = view(loaded, "v_progress").filter(period="2024Q3").sort("row_index")
    assert (rows["seq"][0], rows["seq"][-1]) == ("1", "144")
    assert rows.filter(seq="74")["progress"].to_list() == [235]
    assert rows.filter(seq="1").select("progress", "progress_text").rows() == [(None, "/")]
    assert rows["category"].null_count() == 0
    assert rows.filter(pl.col("units") == "").height == 0


@pytest.mark.parametrize(("start", "period", "rows"), [("000", "2024Q3", 30), ("001", "2020Q2", 128)])
def test_parse_gives_rows(start: str, period: str, rows: int) -> None:
    found = parse(start)
    assert found["meta"]["period"] == period
    assert len(found["rows"]) == rows


@pytest.mark.parametrize(("start", "period"), [("002", "2023"), ("003", "2023"), ("004", "2023")])
def test_parse_gives_sections(start: str, period: str) -> None:
    found = parse(start)
    assert found["meta"]["period"] == period
    assert found["rows"] == []
    assert len(found["sections"]) >= 3
    assert found["observations"]


def parse(start: str) -> dict[str, object]:
    path = next(SEEDS.glob(f"{start}*"))
    done = CliRunner().invoke(cli, ["parse", str(path)], standalone_mode=False)
    assert done.return_value == 0
    found = json.loads(done.stdout)
    for seen in found["observations"]:
        assert found["text"][seen["start"] : seen["end"]] == seen["text"]
    return found
