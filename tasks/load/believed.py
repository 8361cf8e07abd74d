# ruff: noqa: S608  (names come from the schema, values are always bound)
"""What is believed about a quarter, as the rows that comparisons take."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tasks.load.stored import body_rows
from tasks.model import Period, Row
from warehouse import Warehouse, clock


def believed_rows(
    warehouse: Warehouse, source_id: str, period: Period | str, *, as_of: datetime | None = None
) -> tuple[Row, ...]:
    """The rows that are believed (or were, at `as_of`) about one period of a source; empty where nothing is.

    Where several tables are believed side by side, the rows of the later ones are numbered on from the first.
    """
    terms, values = "known_to IS NULL", [source_id, str(period)]
    if as_of is not None:
        terms = "known_from <= ? AND (known_to IS NULL OR known_to > ?)"
        values += [clock.stamp(as_of)] * 2
    with warehouse.read() as tx:
        found = tx.rows(
            f"SELECT body_id FROM belief WHERE source_id = ? AND period = ? AND {terms} ORDER BY kind, series, body_id",
            values,
        )
        rows: list[Row] = []
        for (body_id,) in found:
            on = max((row.index for row in rows), default=-1) + 1
            rows += [
                replace(row, index=row.index + on) if on else row for row in body_rows(tx, warehouse.memo, body_id)
            ]
        return tuple(rows)


def previous_rows(warehouse: Warehouse, source_id: str, period: Period) -> tuple[Period, tuple[Row, ...]] | None:
    """The nearest earlier believed period of the same year that has rows, and its rows."""
    with warehouse.read() as tx:
        found = tx.rows(
            "SELECT DISTINCT b.period FROM belief b JOIN body y ON y.body_id = b.body_id "
            "WHERE b.source_id = ? AND b.year = ? AND b.known_to IS NULL AND y.row_count > 0",
            (source_id, period.year),
        )
    earlier = [p for p in (Period.parse(text) for (text,) in found) if p < period]
    return (max(earlier), believed_rows(warehouse, source_id, max(earlier))) if earlier else None
