"""A real fetcher and a real archive for every test; no delays, since each portal is a test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.archive import Archive
from tasks.config import Source
from tasks.fetch import Fetcher


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def fetcher(archive: Archive, tmp_path: Path) -> Iterator[Fetcher]:
    with Fetcher(archive, state_dir=tmp_path / "state", attempts=2, backoff_seconds=0.01, patience=1.0) as fetching:
        yield fetching


@pytest.fixture
def make_source() -> Callable[..., Source]:
    def make(portal: str, listing: str, **rest: Any) -> Source:
        given = {
            "id": "yunhe-gov-office",
            "name": "云河区政府办公室",
            "publisher": "云河区人民政府办公室",
            "allow_private_hosts": True,
            "delay_seconds": 0.0,
            "match": "执行情况",
            **rest,
        }
        return Source.model_validate({**given, "portal": portal, "listing": listing})

    return make
