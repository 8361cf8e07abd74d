from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.archive import Archive
from tasks.fetch import Fetcher, Policy
from tests.fetch.faulty import FaultyServer

ORIGIN = datetime(2025, 1, 15, 2, 0, tzinfo=UTC)


@dataclass
class Time:
    """Time that passes only where somebody sleeps. `slept` are the waits."""

    at: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    def now(self) -> datetime:
        return ORIGIN + timedelta(seconds=self.at - 1000.0)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with FaultyServer() as running:
        yield running


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def policy() -> Policy:
    return local()


def local(**changes: Any) -> Policy:
    """A policy for a portal on loopback, with limits small enough to be reached in a test."""
    settings: dict[str, Any] = {
        "id": "liuwan-office",
        "allow_hosts": ("127.0.0.1",),
        "allow_private_hosts": True,
        "delay_seconds": 0.0,
        "connect_timeout_seconds": 2.0,
        "read_timeout_seconds": 2.0,
        "deadline_seconds": 10.0,
        "max_bytes": 2 << 20,
    }
    return Policy(**(settings | changes))


@pytest.fixture
def make(archive: Archive, tmp_path: Path, time: Time) -> Iterator[Callable[..., Fetcher]]:
    """A maker of fetchers on one archive and one state folder, whose waits take no time."""
    made: list[Fetcher] = []

    def maker(**changes: Any) -> Fetcher:
        settings: dict[str, Any] = {
            "state_dir": tmp_path / "state",
            "clock": time.clock,
            "sleep": time.sleep,
            "now": time.now,
        }
        made.append(Fetcher(archive, **(settings | changes)))
        return made[-1]

    yield maker
    for one in made:
        one.close()


@pytest.fixture
def fetcher(make: Callable[..., Fetcher]) -> Fetcher:
    return make()
