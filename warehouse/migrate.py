"""Bringing a database to this program's schema: fresh, older, the same, newer, or somebody else's."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from warehouse import errors, views
from warehouse.engine import Database
from warehouse.migrations import HEAD, VERSIONS

_FOLDER = Path(__file__).parent / "migrations"
_OURS = {"alembic_version", "load_record", "document_state"}
_VERSION = "SELECT version_num FROM alembic_version"
_TABLES = {
    False: "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'",
    True: "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


def bring_up(database: Database, *, migrate: bool = True) -> None:
    """Make the schema that of this program, in one transaction.

    Raises WarehouseNewer, NotAWarehouse, or (with `migrate=False`) WarehouseOlder; none of them writes anything.
    """
    if _judge(found_version(database), database, migrate):
        return
    with database.translated():
        if not database.postgres:
            with database.engine.connect() as connection:
                # WAL outlives the connection; it cannot be switched on inside a transaction.
                raw = connection.connection.driver_connection
                if raw is not None:
                    # Counts for a new file only. A row of a clustered table that is longer than a quarter of a page
                    # takes a page of its own: of 4 kB that is half of the rows with a long status.
                    raw.execute("PRAGMA page_size=8192")
                    _use_wal(raw, database.busy_seconds)
        with database.engine.begin() as connection:
            if database.postgres:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7305)")
            # Another process may have been quicker.
            if not _judge(_version_on(connection, database), database, migrate):
                _upgrade(connection, database)


def _use_wal(raw: Any, patience: float) -> None:
    """Write-ahead logging for the file from now on. SQLite's own waiting does not cover this switch: two that open a
    new file at once would fail one another."""
    until = time.monotonic() + patience
    while True:
        try:
            raw.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def found_version(database: Database) -> str | None:
    """The version that the database says it has: None for an empty one, "" for one that is not a warehouse."""
    with database.read() as transaction:
        names = {name for (name,) in transaction.rows(_TABLES[database.postgres])}
        found = transaction.one(_VERSION) if names >= _OURS else None
    return _version(names, found[0] if found else None)


def _version_on(connection: sa.Connection, database: Database) -> str | None:
    names = {name for (name,) in connection.exec_driver_sql(_TABLES[database.postgres])}
    found = connection.exec_driver_sql(_VERSION).scalar() if names >= _OURS else None
    return _version(names, found)


def _version(names: set[str], found: str | None) -> str | None:
    return found or ("" if names else None)


def _judge(version: str | None, database: Database, migrate: bool) -> bool:
    """Whether nothing is to be done."""
    if version == HEAD:
        return True
    if version == "":
        raise errors.NotAWarehouse("the database holds other tables", where=database.where)
    if version is not None and version not in VERSIONS:
        raise errors.WarehouseNewer(f"its schema is {version}, this program knows up to {HEAD}", where=database.where)
    if version is not None and not migrate:
        raise errors.WarehouseOlder(f"its schema is {version}, this program needs {HEAD}", where=database.where)
    if version is None and not migrate:
        raise errors.WarehouseOlder("it is empty", where=database.where)
    return False


def upgrade(database: Database, target: str) -> None:
    """Bring an empty or older database to a named version, in one transaction."""
    with database.translated(), database.engine.begin() as connection:
        _upgrade(connection, database, target)


def _upgrade(connection: sa.Connection, database: Database, target: str = HEAD) -> None:
    # Alembic takes a tenth of a second to import and is needed once in the life of a warehouse.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    for statement in views.drop_statements(database.postgres):
        connection.exec_driver_sql(statement)
    command.upgrade(config, target)
    # The views are those of this program: an older schema lacks what they ask for.
    for statement in views.create_statements(database.postgres) if target == HEAD else ():
        # The driver's parameter syntax leaves plain statements alone.
        connection.exec_driver_sql(statement)
