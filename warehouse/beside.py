"""Whole tables of a SQLite file in a process of its own: in and out as Arrow columns through ADBC.

That driver brings a SQLite of its own, and two copies of the library in one process lose one another's writes, since
they do not see each other's locks (decision 072).
"""
# ruff: noqa: S608  (names come from the schema, values are always bound)

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import polars as pl

_BATCH = 8192  # rows that go over at once

PUT = """
import sys
# pyarrow can do without these, and they cost thrice what it costs.
sys.modules["numpy"] = sys.modules["pandas"] = None
import adbc_driver_manager as adbc
import adbc_driver_sqlite
import pyarrow.ipc
path, table, count, *pragmas = sys.argv[1:]
try:
    with adbc_driver_sqlite.connect(path) as database, adbc.AdbcConnection(database) as connection:
        def run(statement):
            with adbc.AdbcStatement(connection) as one:
                one.set_sql_query(statement)
                one.execute_update()
        for pragma in pragmas:
            run(f"PRAGMA {pragma}")
        run("BEGIN IMMEDIATE")
        with adbc.AdbcStatement(connection) as ingest:
            ingest.set_options(**{
                adbc.INGEST_OPTION_TARGET_TABLE: table, adbc.INGEST_OPTION_MODE: adbc.INGEST_OPTION_MODE_APPEND
            })
            ingest.bind_stream(pyarrow.ipc.open_stream(sys.stdin.buffer))
            done = ingest.execute_update()
        # A stream may end between two batches and be well-formed: its writer has died.
        if done != int(count):
            raise ValueError(f"{done} of {count} rows came")
        run("COMMIT")
except Exception as error:
    sys.exit(" ".join(str(error).split()))
"""

MARKS = """
import sys
import adbc_driver_manager as adbc
import adbc_driver_sqlite
import polars as pl
path, query, seed, keys, columns = sys.argv[1:]
with adbc_driver_sqlite.connect(path) as database, adbc.AdbcConnection(database) as connection:
    with adbc.AdbcStatement(connection) as told:
        told.set_options(**{"adbc.sqlite.query.batch_rows": 16384})
        told.set_sql_query(query)
        frame = pl.DataFrame(told.execute_query()[0])
# The first row is there to tell the types.
frame = frame[1:].select(columns.split(","))
frame.select(*keys.split(","), frame.hash_rows(int(seed)).alias("__row")).write_ipc_stream(sys.stdout.buffer)
"""


class Refused(Exception):
    """The other process came to nothing; the message says why."""


def put(path: str, table: str, count: int, made: Callable[[], pl.DataFrame], pragmas: Sequence[str]) -> None:
    """Append a frame of `count` rows in a transaction of its own; all of it or nothing. Raises Refused.

    The frame is made while the other process starts, and goes over in batches: their rows are written while the next
    ones are on their way.
    """
    command = [sys.executable, "-I", "-c", PUT, path, table, str(count), *pragmas]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        batches = pl.concat(list(made().iter_slices(_BATCH)), rechunk=False)
        with contextlib.suppress(BrokenPipeError):  # it has ended and says why
            batches.write_ipc_stream(process.stdin, compat_level=pl.CompatLevel.oldest())
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        said = process.stderr.read().decode(errors="replace").strip()
    if process.returncode != 0:
        raise Refused(said.splitlines()[-1] if said else f"it ended with status {process.returncode}")


class Marks:
    """Keys and hashes of a table's rows, being read by another process."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def read(self) -> pl.DataFrame | None:
        """The key's columns and `__row`, in the order of the table; None where the process came to nothing."""
        assert self._process.stdout is not None
        told = self._process.stdout.read()
        return pl.read_ipc_stream(told) if self._process.wait() == 0 else None


@contextmanager
def marks(path: str, table: str, key: Sequence[str], kinds: pl.Schema, seed: int) -> Iterator[Marks]:
    """Begin to hash what is committed of a table's columns, as Polars hashes rows of them with this seed.

    `kinds`: the columns, each String, Int64 or Float64.
    """
    # The driver takes types from values; a first row of values shows them where a column begins with nulls.
    shown = {pl.String: "''", pl.Int64: "0", pl.Float64: "0.0"}
    first = ", ".join(f'{shown[type(kind)]} AS "{name}"' for name, kind in kinds.items())
    names = ", ".join(f'"{name}"' for name in kinds)
    query = f'SELECT {first} UNION ALL SELECT {names} FROM "{table}"'
    command = [sys.executable, "-I", "-c", MARKS, path, query, str(seed), ",".join(key), ",".join(kinds)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        yield Marks(process)
    finally:
        process.kill()
        if process.stdout is not None:
            process.stdout.close()
        process.wait()
