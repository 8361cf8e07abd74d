"""The demo portal and a place to run against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from demo.portal import HanwebPortal
from demo.sites import NEWEST, QUARTERS, sites, sources_yaml
from tasks.model import Period
from tasks.pipeline.job import Job
from tasks.pipeline.run import run
from tasks.pipeline.settings import Settings
from tasks.pipeline.summary import RunSummary
from tasks.pipeline.workplace import configured, open_workplace

VIEWS = ("v_document", "v_progress", "v_observation", "v_change", "v_warning", "v_attainment", "v_series")
# When and by which run something was learnt is no part of what is known.
CLOCKS = ("known_from", "known_to", "run_id")


@dataclass
class Place:
    """A warehouse, an archive and the sources of a running portal."""

    settings: Settings

    def run(self, kind: str = "backfill", first: Period = QUARTERS[0], last: Period | None = None, **job) -> RunSummary:
        """One run of the pipeline."""
        wanted = Job(kind, first, last or first, **job)
        _, sources = configured(self.settings, wanted.source_ids)
        with open_workplace(self.settings, from_archive=wanted.from_archive) as work:
            return run(work, sources, wanted)

    def view(self, name: str, **filters: object) -> pl.DataFrame:
        with open_workplace(self.settings) as work:
            return work.warehouse.query(name, filters=filters)

    def known(self, *, clocks: bool = False) -> dict[str, list[tuple[object, ...]]]:
        """Every view as sorted rows, without the clocks unless asked for."""
        found = {}
        with open_workplace(self.settings) as work:
            for name in VIEWS:
                frame = work.warehouse.query(name)
                kept = frame if clocks else frame.drop([c for c in CLOCKS if c in frame.columns])
                found[name] = sorted(kept.rows(), key=repr)
        return found


def place_at(folder: Path, warehouse: str, portal: HanwebPortal) -> Place:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sources.yaml").write_text(sources_yaml(portal), encoding="utf-8")
    return Place(Settings(str(folder / "sources.yaml"), warehouse, str(folder / "archive"), str(folder / "state")))


@pytest.fixture
def portal() -> Iterator[HanwebPortal]:
    with HanwebPortal(sites()) as running:
        yield running


@pytest.fixture
def place(tmp_path: Path, warehouse_url: str, portal: HanwebPortal) -> Place:
    """On SQLite and on PostgreSQL."""
    return place_at(tmp_path, warehouse_url, portal)


@pytest.fixture
def newest() -> Period:
    return NEWEST
