# ruff: noqa: S608  (names come from the schema, values are always bound)
"""Connections to SQLite and PostgreSQL, transactions, and what their errors mean.

Statements are written once, with `?` for parameters. Writing goes through `Transaction`: one BEGIN, one COMMIT, bulk
rows by COPY on PostgreSQL and by prepared statements on SQLite.
"""

from __future__ import annotations

import io
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql as pgsql
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from warehouse import errors

Values = Sequence[Any]
StepHook = Callable[[str], None]

PRAGMAS = ("synchronous=NORMAL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-65536")
_COPY_FROM = 8  # rows: below this, a prepared statement is as quick as opening a COPY


def engine_for(url: str, *, busy_seconds: float) -> Engine:
    """An engine for an SQLAlchemy URL of SQLite or PostgreSQL. Raises WarehouseUrlError; connects to nothing yet."""
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, busy_seconds)
    return sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=5)


def _parse(url: str) -> URL:
    if url.startswith("postgres://"):
        url = "postgresql" + url.removeprefix("postgres")
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ValueError):
        # The text is not repeated: it may hold a password in a place where no parser finds it.
        raise errors.WarehouseUrlError("the warehouse URL is not an SQLAlchemy URL") from None
    if backend not in ("sqlite", "postgresql"):
        raise errors.WarehouseUrlError(f"{backend!r} is not a database that a warehouse can be kept in")
    return parsed


def _sqlite(url: URL, busy_seconds: float) -> Engine:
    memory = url.database in (None, "", ":memory:")
    arguments: dict[str, Any] = {"connect_args": {"timeout": busy_seconds, "check_same_thread": False}}
    if memory:
        arguments["poolclass"] = StaticPool
    elif not Path(str(url.database)).absolute().parent.is_dir():
        folder = Path(str(url.database)).absolute().parent
        raise errors.WarehouseUrlError(f"there is no folder {folder} to keep the warehouse in")
    engine = sa.create_engine(url, **arguments)

    def connected(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        # We begin transactions ourselves: the driver would leave DDL outside of them.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    def began(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    sa.event.listen(engine, "connect", connected)
    sa.event.listen(engine, "begin", began)
    return engine


@lru_cache(maxsize=512)
def _for_psycopg(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")


class Transaction:
    """One transaction on one connection. `step` is called with each statement before it runs (tests fail there)."""

    def __init__(self, connection: Any, *, postgres: bool, step: StepHook | None) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self.postgres = postgres
        self._step = step
        self._afterwards: list[Callable[[], None]] = []
        self._changes_before = 0 if postgres else connection.total_changes

    @property
    def untouched(self) -> bool:
        """Whether it has written no row yet: what is committed is what it sees. Told on SQLite only, else False."""
        return not self.postgres and self._connection.total_changes == self._changes_before

    def file(self) -> str:
        """The file of a SQLite database; empty for one in memory."""
        return next(path or "" for _, name, path in self.rows("PRAGMA database_list") if name == "main")

    @property
    def packs(self) -> bool:
        """Whether the server is a PostgreSQL that packs columns (`warehouse.packed`) in the bytes that we count in."""
        if not self.postgres:
            return False
        told = self._connection.driver_connection.info
        encodings = {told.parameter_status(name) for name in ("server_encoding", "client_encoding")}
        return bool(told.server_version >= 140000 and encodings == {"UTF8"})

    def when_committed(self, action: Callable[[], None]) -> None:
        """Do something in memory once the transaction has committed; forgotten if it never does."""
        self._afterwards.append(action)

    def committed(self) -> None:
        """Do what waited for the commit."""
        for action in self._afterwards:
            action()

    def run(self, statement: str, values: Values = ()) -> int:
        """Run one statement; returns the number of rows it touched."""
        if self._step is not None:
            self._step(statement)
        self._cursor.execute(_for_psycopg(statement) if self.postgres else statement, values)
        return int(self._cursor.rowcount)

    def rows(self, statement: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Run one query; all its rows."""
        self.run(statement, values)
        found: list[tuple[Any, ...]] = self._cursor.fetchall()
        return found

    def one(self, statement: str, values: Values = ()) -> tuple[Any, ...] | None:
        """Run one query; its first row, or None."""
        self.run(statement, values)
        found: tuple[Any, ...] | None = self._cursor.fetchone()
        return found

    def stream(self, statement: str, values: Values, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Run one query; its rows in lists of at most `size`, read from the server as they are asked for."""
        if self._step is not None:
            self._step(statement)
        # A named cursor keeps the result on the server; SQLite steps through it anyway.
        cursor = self._connection.cursor("jibao_stream") if self.postgres else self._connection.cursor()
        try:
            cursor.execute(_for_psycopg(statement) if self.postgres else statement, values)
            while rows := cursor.fetchmany(size):
                yield rows
        finally:
            cursor.close()

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Values], *, ignore: bool = False) -> None:
        """Append rows in bulk. `ignore` leaves rows whose key is there already as they are."""
        if not rows:
            return
        if self._step is not None:
            self._step(f"INSERT {table}")
        if self.postgres and not ignore and len(rows) >= _COPY_FROM:
            names = pgsql.SQL(", ").join(map(pgsql.Identifier, columns))
            with self._cursor.copy(pgsql.SQL("COPY {} ({}) FROM STDIN").format(pgsql.Identifier(table), names)) as copy:
                for row in rows:
                    copy.write_row(row)
            return
        self._cursor.executemany(_insert(table, tuple(columns), self.postgres, ignore), rows)

    def append(self, table: str, columns: Sequence[str], rows: Iterable[Values], *, replace: bool = False) -> None:
        """Append rows in bulk by prepared statements. `replace` (SQLite): in the place of those with their keys."""
        if self._step is not None:
            self._step(f"INSERT {table}")
        statement = _insert(table, tuple(columns), self.postgres, False)
        self._cursor.executemany(statement.replace("INSERT", "REPLACE", 1) if replace else statement, rows)

    def copy_in(self, table: str, columns: Sequence[str], parts: Iterable[bytes]) -> None:
        """Append rows in bulk on PostgreSQL: the pieces of a binary COPY, which the server need not parse."""
        if self._step is not None:
            self._step(f"INSERT {table}")
        names = pgsql.SQL(", ").join(map(pgsql.Identifier, columns))
        query = pgsql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(pgsql.Identifier(table), names)
        with self._cursor.copy(query) as copy:
            for part in parts:
                copy.write(part)

    def copy_fields(self, query: pgsql.Composed, count: int) -> Iterator[tuple[bytes | None, ...]]:
        """The rows of a binary COPY to standard output on PostgreSQL: `count` fields each, as the server sends them."""
        if self._step is not None:
            self._step("COPY")
        with self._cursor.copy(query) as copy:
            copy.set_types(["bytea"] * count)
            yield from copy.rows()

    def copy_out(self, table: str, columns: Sequence[str]) -> io.BytesIO:
        """A whole table on PostgreSQL, as CSV without a header: text quoted, null an empty field."""
        if self._step is not None:
            self._step(f"SELECT {table}")
        names = pgsql.SQL(", ").join(map(pgsql.Identifier, columns))
        quoted = pgsql.SQL("COPY {} ({}) TO STDOUT (FORMAT CSV, FORCE_QUOTE ({}))")
        out = io.BytesIO()
        with self._cursor.copy(quoted.format(pgsql.Identifier(table), names, names)) as copy:
            for part in copy:
                out.write(part)
        out.seek(0)
        return out

    def delete(self, table: str, key: Sequence[str], types: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
        """Delete the rows with these keys, given as columns. `types`: PostgreSQL's, of the key's columns."""
        if not self.postgres:
            where = " AND ".join(f'"{name}" = ?' for name in key)
            self.update(f'DELETE FROM "{table}" WHERE {where}', list(zip(*values, strict=True)))
            return
        # One statement for all of them: a statement for each costs as much as writing the rows anew.
        arrays = ", ".join(f"?::{kind}[]" for kind in types)
        names = ", ".join(f"k{n}" for n in range(len(key)))
        where = " AND ".join(f'"{table}"."{name}" = gone.k{n}' for n, name in enumerate(key))
        self.run(f'DELETE FROM "{table}" USING unnest({arrays}) AS gone({names}) WHERE {where}', list(values))

    def update(self, statement: str, rows: Sequence[Values]) -> None:
        """Run one statement for each tuple of values."""
        if not rows:
            return
        if self._step is not None:
            self._step(statement)
        self._cursor.executemany(_for_psycopg(statement) if self.postgres else statement, rows)


@lru_cache(maxsize=256)
def _insert(table: str, columns: tuple[str, ...], postgres: bool, ignore: bool) -> str:
    marks = ", ".join(["%s" if postgres else "?"] * len(columns))
    names = ", ".join(f'"{name}"' for name in columns)
    end = " ON CONFLICT DO NOTHING" if ignore else ""
    return f'INSERT INTO "{table}" ({names}) VALUES ({marks}){end}'


class Database:
    """An engine with its transactions. Every database error leaves as one of `warehouse.errors`."""

    def __init__(self, url: str, *, busy_seconds: float = 30.0, step: StepHook | None = None) -> None:
        self.engine = engine_for(url, busy_seconds=busy_seconds)
        self.postgres = self.engine.dialect.name == "postgresql"
        self.busy_seconds = busy_seconds
        self.step = step
        self._writer = threading.Lock()
        self.where = self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def write(self, lock: str | None = None) -> Iterator[Transaction]:
        """A writing transaction; commits at the end, rolls back on any exception.

        `lock` serialises writers of the same name (a source). SQLite has one writer anyway.
        """
        with self._turn(), self._transaction("BEGIN IMMEDIATE") as transaction:
            if self.postgres:
                transaction.run(f"SET LOCAL lock_timeout = {int(self.busy_seconds * 1000)}")
                if lock is not None:
                    transaction.run("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", (f"jibao:{lock}",))
            yield transaction

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One of this process's threads writes to SQLite at a time. SQLite would make them ask again every so often, up
        to a tenth of a second apart; they are better woken when the one before them is done."""
        if self.postgres:
            yield
            return
        if not self._writer.acquire(timeout=self.busy_seconds):
            raise errors.WarehouseBusy("another thread of this process holds the database", where=self.where)
        try:
            yield
        finally:
            self._writer.release()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A reading transaction: every query in it sees the same moment."""
        with self._transaction("BEGIN") as transaction:
            if self.postgres:
                transaction.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield transaction

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Transaction]:
        with self.translated():
            pooled = self.engine.raw_connection()
            try:
                transaction = Transaction(pooled, postgres=self.postgres, step=self.step)
                if not self.postgres:
                    transaction.run(begin)
                yield transaction
                if self.step is not None:
                    self.step("COMMIT")
                pooled.commit()
                transaction.committed()
                if self.step is not None:
                    self.step("COMMITTED")
            except BaseException:
                self._abandon(pooled)
                raise
            finally:
                pooled.close()

    def _abandon(self, pooled: Any) -> None:
        """Roll back; a connection that cannot even do that is thrown away."""
        try:
            if not _broken(pooled.driver_connection):
                pooled.rollback()
                return
        except (sqlite3.Error, psycopg.Error):
            pass
        pooled.invalidate()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Database errors raised inside leave as errors of `warehouse.errors` that name the database."""
        try:
            yield
        except sa.exc.DBAPIError as error:
            raise self.meaning(error.orig or error) from error
        except (sqlite3.Error, psycopg.Error) as error:
            raise self.meaning(error) from error

    def meaning(self, error: BaseException) -> Exception:
        """What a driver's error means: one of `warehouse.errors`, or the error itself where it means none of them."""
        found = _sqlite_meaning(error) if isinstance(error, sqlite3.Error) else _postgres_meaning(error)
        if found is None:
            return error if isinstance(error, Exception) else RuntimeError(str(error))
        return found.at(where=self.where)

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def _broken(connection: Any) -> bool:
    return isinstance(connection, psycopg.Connection) and bool(connection.closed or connection.broken)


_SQLITE = (
    (("locked", "busy"), errors.WarehouseBusy),
    (("full", "disk i/o error"), errors.WarehouseFull),
    (("readonly", "read-only"), errors.WarehouseReadOnly),
    (("not a database", "malformed"), errors.WarehouseDamaged),
    (("unable to open",), errors.WarehouseUnreachable),
)


def _sqlite_meaning(error: sqlite3.Error) -> errors.WarehouseError | None:
    text = str(error)
    for words, kind in _SQLITE:
        if any(word in text.lower() for word in words):
            return kind(text)
    return None


_POSTGRES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], type[errors.WarehouseError]], ...] = (
    (
        (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure),
        errors.WarehouseBusy,
    ),
    ((psycopg.errors.DiskFull, psycopg.errors.InsufficientResources), errors.WarehouseFull),
    ((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction), errors.WarehouseReadOnly),
    ((psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted), errors.WarehouseDamaged),
    ((psycopg.errors.AdminShutdown, psycopg.errors.CrashShutdown), errors.ConnectionLost),
)


def _postgres_meaning(error: BaseException) -> errors.WarehouseError | None:
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    for kinds, meaning in _POSTGRES:
        if isinstance(error, kinds):
            return meaning(text)
    if isinstance(error, psycopg.OperationalError):
        # No SQLSTATE: the server never answered, or it went away while we talked to it.
        lost = any(word in text.lower() for word in ("closed", "lost", "terminat", "broken", "reset", "eof"))
        return errors.ConnectionLost(text) if lost else errors.WarehouseUnreachable(text)
    if isinstance(error, psycopg.InterfaceError):
        return errors.ConnectionLost(text)
    return None
