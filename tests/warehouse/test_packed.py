"""Columns packed by a PostgreSQL server: what the table holds, of one moment, and another way where they cannot be."""

from __future__ import annotations

import random
from collections.abc import Iterator

import polars as pl
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import sql
from sqlalchemy.engine import URL

from tests.warehouse.test_bulk import frame, kept
from warehouse import Warehouse, packed
from warehouse.bulk import bring_to
from warehouse.engine import Transaction

TYPES = {"a": "text", "n": "int4", "x": "float8", "b b": "text"}
KINDS = pl.Schema({"a": pl.String, "n": pl.Int64, "x": pl.Float64, "b b": pl.String})
TEXT = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
ROWS = st.lists(st.tuples(TEXT, st.none() | st.integers(-(2**31), 2**31 - 1), st.none() | st.floats(), TEXT))


@pytest.fixture(scope="module")
def warehouse(postgres_server: URL, migrated_database: str) -> Iterator[Warehouse]:
    url = postgres_server.set(drivername="postgresql", database=migrated_database)
    with Warehouse(url.render_as_string(hide_password=False)) as opened:
        yield opened


def told(tx: Transaction, table: str) -> pl.DataFrame:
    query = packed.query(table, list(TYPES), list(TYPES.values()))
    parts = packed.frames(tx.copy_fields(query, 2 * len(TYPES)), list(TYPES), list(TYPES.values()))
    return pl.concat([pl.DataFrame(schema=KINDS), *parts])


def made(tx: Transaction, rows: list[tuple[object, ...]]) -> None:
    tx.run('CREATE TEMP TABLE "odd ""one" (a text, n int4, x float8, "b b" text) ON COMMIT DROP')
    tx.update('INSERT INTO "odd ""one" VALUES (?, ?, ?, ?)', rows)


class Undone(Exception):
    """Nothing is to be kept."""


@settings(max_examples=40)
@given(rows=ROWS)
def test_what_comes_is_what_the_table_holds(warehouse: Warehouse, rows: list[tuple[object, ...]]) -> None:
    def there_and_back(tx: Transaction) -> None:
        made(tx, rows)
        assert told(tx, 'odd "one').equals(pl.DataFrame(rows, schema=KINDS, orient="row"))
        raise Undone

    with pytest.raises(Undone):
        warehouse.transact(there_and_back, lock="x")


def test_pages_without_rows_and_texts_kept_aside(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_PAGES", 1)
    chance = random.Random(7)
    rows: list[tuple[object, ...]] = [
        (
            "".join(map(chr, chance.choices(range(0x4E00, 0x9FA0), k=90_000))) if n == 300 else "桩基施工" * 40,
            n,
            n / 7,
            "",
        )
        for n in range(400)
    ]

    def there_and_back(tx: Transaction) -> None:
        made(tx, rows)
        tx.run('DELETE FROM "odd ""one" WHERE n BETWEEN 50 AND 200')
        assert told(tx, 'odd "one').rows() == rows[:50] + rows[201:]
        raise Undone

    with pytest.raises(Undone):
        warehouse.transact(there_and_back, lock="x")


def test_all_is_of_one_moment(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "_PAGES", 1)
    columns, types = ["body_id", "row_index", "units"], ["text", "int4", "text"]
    rows = frame(6000).with_columns(units=pl.lit("区住建局(工程科)、区民政局" * 8))
    with Warehouse(postgres_url) as warehouse:
        warehouse.append_frame("progress", rows)
        with warehouse._database.write() as tx, psycopg.connect(postgres_url) as other:
            coming = packed.frames(tx.copy_fields(packed.query("progress", columns, types), 6), columns, types)
            first = next(coming)
            # Each row gets a new place at the end of the table.
            other.execute("UPDATE progress SET units = 'x'")
            other.commit()
            assert pl.concat([first, *coming]).sort("row_index").equals(rows.select(columns))


def test_differences_are_found_where_a_server_cannot_pack(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    too_large = sql.SQL("COPY (SELECT repeat('x', 1 << 30)) TO STDOUT (FORMAT BINARY)").format()
    with Warehouse(postgres_url) as warehouse:
        warehouse.append_frame("progress", frame(60))
        for name, value in ((packed, "query"), lambda *_: too_large), ((Transaction, "packs"), False):
            monkeypatch.setattr(*name, value)
            written = warehouse.transact(lambda tx: bring_to(tx, "progress", frame(61)[1:]), lock="x")
            assert (written.inserted, written.updated, written.deleted, written.unchanged) == (1, 0, 1, 59)
            written = warehouse.transact(lambda tx: bring_to(tx, "progress", frame(60)), lock="x")
            assert (written.inserted, written.deleted) == (1, 1)
            assert kept(warehouse).equals(frame(60))
