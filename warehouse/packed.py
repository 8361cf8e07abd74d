"""A PostgreSQL table's columns, packed by the server: some thousand rows in one message, each column in one piece.

A driver hands out one message a row, and that costs more than all the server does for the row (decision 072). Here the
server puts the rows of some pages together: of a text column the bytes one after the other and their lengths, of
numbers an array. That is how Arrow lays columns out, so that no Python object is made of a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from psycopg import sql

# The pages that are scanned for a message hold at most these, values kept aside (TOAST) included.
_BYTES, _PAGES = 1 << 21, 256
_KINDS = {"int4": pl.Int64, "float8": pl.Float64, "text": pl.String}
_ARRAY = 20  # bytes before the elements of a one-dimensional array
_ELEMENT = {
    "int4": np.dtype([("bytes", ">i4"), ("value", ">i4")]),
    "float8": np.dtype([("bytes", ">i4"), ("value", ">f8")]),
}
_NATIVE = {"int4": np.int64, "float8": np.float64}

# All in one statement, so that all is of one moment; the size is taken after that moment has been fixed. The ranges are
# parameters of an inner scan that reads their pages alone (PostgreSQL 14 or later).
_QUERY = sql.SQL("""COPY (
    SELECT part.*
    FROM (SELECT pg_relation_size({name}) / current_setting('block_size')::bigint AS pages,
                 pg_table_size({name}) AS bytes) AS heap,
    LATERAL (SELECT greatest(1, least({most}, pages * {size} / greatest(bytes, 1))) AS step) AS stride,
    LATERAL generate_series(0, pages, step) AS first,
    LATERAL (SELECT {columns} FROM {table}
             WHERE ctid >= format('(%s,0)', first)::tid AND ctid < format('(%s,0)', first + step)::tid) AS part
) TO STDOUT (FORMAT BINARY)""")
_TEXT = sql.SQL("string_agg({0}, ''), array_agg(coalesce(octet_length({0}), -1))")
_NUMBER = sql.SQL("array_agg(coalesce({0}, 0)), array_agg(({0} IS NULL)::int4)")


def query(table: str, columns: Sequence[str], types: Sequence[str]) -> sql.Composed:
    """The COPY that `frames` reads; two fields a column. `types`: int4, float8 or text, of the columns."""
    fields = [
        (_TEXT if kind == "text" else _NUMBER).format(sql.Identifier(name))
        for name, kind in zip(columns, types, strict=True)
    ]
    return _QUERY.format(
        name=sql.Literal(sql.Identifier(table).as_string()),
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(fields),
        most=sql.Literal(_PAGES),
        size=sql.Literal(_BYTES),
    )


def frames(
    parts: Iterable[Sequence[bytes | None]], columns: Sequence[str], types: Sequence[str]
) -> Iterator[pl.DataFrame]:
    """The frames that the COPY's rows are, their fields as the server sent them; in the order of the table."""
    for fields in parts:
        pairs = zip(fields[::2], fields[1::2], strict=True)
        found = [
            pl.Series(name, _text(data, told) if kind == "text" else _number(data, told, kind), _KINDS[kind])
            for (data, told), name, kind in zip(pairs, columns, types, strict=True)
            if told is not None  # no row on these pages
        ]
        if found:
            yield pl.DataFrame(found)


def _values(array: bytes, kind: str) -> NDArray[Any]:
    values: NDArray[Any] = np.frombuffer(array, _ELEMENT[kind], offset=_ARRAY)["value"]
    return values


def _number(array: bytes | None, nulls: bytes, kind: str) -> pl.Series:
    assert array is not None
    values = pl.Series(_values(array, kind).astype(_NATIVE[kind]))
    gone = _values(nulls, "int4")
    return values.set(pl.Series(gone != 0), None) if gone.any() else values


def _text(data: bytes | None, lengths: bytes) -> pl.Series:
    # Arrow's library takes a tenth of a second to import; only a bulk load needs it.
    import pyarrow as pa

    told = _values(lengths, "int4")
    ends = np.zeros(len(told) + 1, np.int64)
    np.cumsum(np.maximum(told, 0), out=ends[1:])
    data = data or b""  # all are null
    if ends[-1] != len(data):
        raise ValueError(f"{len(data)} bytes of text came where {ends[-1]} were told")
    known = pa.py_buffer(np.packbits(told >= 0, bitorder="little")) if (told < 0).any() else None
    buffers = [known, pa.py_buffer(ends), pa.py_buffer(data)]
    return pl.Series(pa.Array.from_buffers(pa.large_string(), len(told), buffers))
