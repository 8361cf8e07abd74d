"""Fixtures for every room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import URL, make_url

from tests.postgres import database, server
from warehouse import Warehouse

# How fast an example is made is the machine's business, not a property of ours.
settings.register_profile("jibao", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("jibao")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A real PostgreSQL, started at first use and stopped at the end of the session."""
    with server() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """A fresh database on it."""
    with database(postgres_server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A fresh SQLite file."""
    return f"sqlite:///{tmp_path / 'warehouse.db'}"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty warehouse in a file, to be copied: migrating anew for every test would be most of its time."""
    path = tmp_path_factory.mktemp("template") / "warehouse.db"
    with Warehouse(f"sqlite:///{path}"):
        pass
    return path


@pytest.fixture(scope="session")
def migrated_database(postgres_server: URL) -> Iterator[str]:
    """The name of an empty warehouse on the PostgreSQL server, to be copied."""
    with database(postgres_server) as url:
        with Warehouse(url):
            pass
        yield str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def warehouse_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty warehouse of each kind: the test runs on both."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "copied.db")
        yield f"sqlite:///{tmp_path / 'copied.db'}"
    else:
        server_url = request.getfixturevalue("postgres_server")
        with database(server_url, template=request.getfixturevalue("migrated_database")) as url:
            yield url
