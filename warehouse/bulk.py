"""Writing at scale: whole frames at the speed of the database's own bulk load, and only what changed of them.

For warehouses that are filled from other systems or rebuilt at once. A frame's columns are those of a table; the
transaction is the caller's, so a bulk write is as atomic as any other.
"""
# ruff: noqa: S608  (names come from the schema, values are always bound)

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import polars as pl
import psycopg
import sqlalchemy as sa

from warehouse import beside, packed, schema
from warehouse.engine import PRAGMAS, Database, Transaction

_SLICE = 20_000  # rows in hand at a time: memory stays flat however long the frame is
_KEYS = 500_000  # keys that one statement deletes
_PIECE = 2_000  # rows of one piece of a COPY: the server is kept busy while the next is made
_MANY = 50_000  # rows from which on another process is worth its start
_KEY_SEED, _ROW_SEED = 1, 2
_POLARS = {"int4": pl.Int64, "float8": pl.Float64, "text": pl.String}
_STORED = _POLARS | {"int4": pl.Int32}


@dataclass(frozen=True)
class Written:
    """What a bulk write came to, in rows."""

    inserted: int
    updated: int
    deleted: int
    unchanged: int


def append(transaction: Transaction, table: str, frame: pl.DataFrame, *, replace: bool = False) -> int:
    """Append a frame to a table; returns its rows. Raises KeyError for a table or column that is not in the schema.

    `replace`: on SQLite a row takes the place of the one with its key.
    """
    described = schema.metadata.tables[table]
    columns = _columns(described, frame.columns)
    frame = _storable(frame)
    if transaction.postgres:
        types = [_type(described.columns[name]) for name in columns]
        transaction.copy_in(table, columns, _binary(frame, types))
    else:
        for part in frame.iter_slices(_SLICE):
            rows = zip(*(part[name].to_list() for name in columns), strict=True)
            transaction.append(table, columns, rows, replace=replace)
    return frame.height


def _storable(frame: pl.DataFrame) -> pl.DataFrame:
    """Without NUL, which PostgreSQL cannot hold: the same rows on both databases."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    odd = [name for name in texts if frame[name].str.contains("\0", literal=True).any()]
    return frame.with_columns(pl.col(odd).str.replace_all("\0", "", literal=True)) if odd else frame


def _binary(frame: pl.DataFrame, types: Sequence[str]) -> Iterator[bytes]:
    """A frame in the pieces of a binary COPY: values of exactly the columns' types."""
    # Arrow's library takes a tenth of a second to import; only a bulk load needs it.
    from pgpq import ArrowToPostgresBinaryEncoder

    told = frame.cast({name: _STORED[kind] for name, kind in zip(frame.columns, types, strict=True)})
    oldest = pl.CompatLevel.oldest()
    encoder = ArrowToPostgresBinaryEncoder(told.clear().to_arrow(compat_level=oldest).schema)
    yield encoder.write_header()
    for part in told.iter_slices(_PIECE):
        for batch in part.to_arrow(compat_level=oldest).to_batches():
            yield encoder.write_batch(batch)
    yield encoder.finish()


def append_alone(database: Database, table: str, frame: pl.DataFrame) -> int:
    """Append a frame in a transaction of its own, by the quickest way the database has; returns its rows.

    A SQLite file takes many rows as Arrow columns from another process, quicker than by prepared statements.
    """
    memory = database.engine.url.database in (None, "", ":memory:")
    if database.postgres or memory or frame.height < _MANY:
        with database.write() as transaction:
            return append(transaction, table, frame)
    _columns(schema.metadata.tables[table], frame.columns)
    pragmas = (f"busy_timeout={int(database.busy_seconds * 1000)}", *PRAGMAS)
    try:
        beside.put(str(database.engine.url.database), table, frame.height, lambda: _storable(frame), pragmas)
    except beside.Refused as error:
        raise database.meaning(sqlite3.OperationalError(str(error))) from None
    return frame.height


def bring_to(transaction: Transaction, table: str, frame: pl.DataFrame) -> Written:
    """Make a table hold exactly the rows of a frame, reading hashes of what is there and writing only differences.

    The table's primary key identifies a row. Raises KeyError for a table or column that is not in the schema.
    """
    described = schema.metadata.tables[table]
    columns = _columns(described, frame.columns)
    key = [column.name for column in described.primary_key.columns]
    kinds = pl.Schema({name: _POLARS[_type(described.columns[name])] for name in columns})
    # What is there is read while what is to be there is made comparable: the one waits for the database, the other
    # computes.
    with _marks(transaction, described, kinds, frame.height) as being_read, ThreadPoolExecutor(1) as aside:
        storable = aside.submit(_storable, frame)
        # Equal rows have equal hashes in the types that a table's values have when they come back.
        wanted = aside.submit(lambda: _marked(storable.result().cast(kinds), key, columns))
        there = being_read.read() if being_read is not None else _packed(transaction, described, kinds)
        if there is None:
            there = _read(transaction, table, columns, kinds)
        frame, fresh_marks = storable.result(), wanted.result()
    marked = (_marked(there, key, columns), fresh_marks)
    joined = marked[1].join(marked[0], on="__key", how="full", suffix="_old")
    added = joined.filter(pl.col("__row_old").is_null())["__at"]
    moved = joined.filter(pl.col("__row") != pl.col("__row_old"))["__at"]
    gone = joined.filter(pl.col("__row").is_null())["__at_old"]
    # SQLite replaces a row in one step, PostgreSQL copies rows in where none is.
    other = joined.filter(pl.col("__row") != pl.col("__row_old"))["__at_old"]
    stale = pl.concat([gone, other]) if transaction.postgres else gone
    # In the order of the table: neighbours are on one page.
    # A statement of PostgreSQL reads the whole table to find its keys.
    for part in there[stale.sort()].select(key).iter_slices(_KEYS if transaction.postgres else _SLICE):
        types = [_type(described.columns[name]) for name in key]
        transaction.delete(table, key, types, [part[name].to_list() for name in key])
    fresh = pl.concat([added, moved]).sort()
    if len(fresh):
        append(transaction, table, frame[fresh], replace=True)
    return Written(len(added), len(moved), len(gone), frame.height - len(added) - len(moved))


@contextmanager
def _marks(transaction: Transaction, table: sa.Table, kinds: pl.Schema, rows: int) -> Iterator[beside.Marks | None]:
    """What is there, hashed by another process meanwhile: of many rows of a SQLite file, where what is committed is
    what this transaction sees. None else."""
    path = "" if transaction.postgres or rows < _MANY or not transaction.untouched else transaction.file()
    if not path:
        yield None
        return
    key = [column.name for column in table.primary_key.columns]
    with beside.marks(path, table.name, key, kinds, _ROW_SEED) as being_read:
        yield being_read


def _columns(table: sa.Table, names: Sequence[str]) -> list[str]:
    for name in names:
        table.columns[name]
    return list(names)


def _type(column: sa.Column[Any]) -> str:
    """PostgreSQL's name of a column's type."""
    return {sa.Integer: "int4", sa.Double: "float8"}.get(type(column.type), "text")


def _packed(transaction: Transaction, table: sa.Table, kinds: pl.Schema) -> pl.DataFrame | None:
    """Keys and hashes of what a PostgreSQL server packs. None where it does not, or where a part is too large."""
    if not transaction.packs:
        return None
    key = [column.name for column in table.primary_key.columns]
    types = [_type(table.columns[name]) for name in kinds]
    parts = [pl.DataFrame(schema={name: kinds[name] for name in key} | {"__row": pl.UInt64})]
    names, query = list(kinds), packed.query(table.name, list(kinds), types)
    transaction.run("SAVEPOINT packed")
    try:
        for part in packed.frames(transaction.copy_fields(query, 2 * len(names)), names, types):
            parts.append(part.select(*key, _row(part)))
    except (psycopg.errors.ProgramLimitExceeded, psycopg.errors.OutOfMemory):
        transaction.run("ROLLBACK TO SAVEPOINT packed")
        return None
    return pl.concat(parts)


def _read(transaction: Transaction, table: str, columns: Sequence[str], kinds: pl.Schema) -> pl.DataFrame:
    """A table's columns. PostgreSQL writes CSV faster than a driver makes Python values of its rows."""
    if transaction.postgres:
        told = transaction.copy_out(table, columns)
        if not told.getbuffer().nbytes:
            return pl.DataFrame(schema=kinds)
        return pl.read_csv(told, has_header=False, schema=kinds)
    parts = [
        pl.DataFrame(
            [
                pl.Series(name, values, kind, strict=False)
                for (name, kind), values in zip(kinds.items(), zip(*rows, strict=True), strict=True)
            ]
        )
        for rows in transaction.stream(f"SELECT {', '.join(columns)} FROM {table}", (), _SLICE)
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=kinds)


def _marked(frame: pl.DataFrame, key: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    """Place, key and a hash of the whole row (`__row`, where it is not there already), in 24 bytes a row."""
    return frame.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("__at"),
        frame.select(key).hash_rows(_KEY_SEED).alias("__key"),
        frame["__row"] if "__row" in frame.columns else _row(frame.select(columns)),
    )


def _row(frame: pl.DataFrame) -> pl.Series:
    """Hashes of rows; equal for equal values in the same order of columns."""
    return frame.hash_rows(_ROW_SEED).alias("__row")
