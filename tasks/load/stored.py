"""The rows of a body as the warehouse keeps them, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tasks.load.disclosure import PROGRESS, number, split_units
from tasks.model import Row
from warehouse.engine import Transaction
from warehouse.memo import Memo


@dataclass(frozen=True)
class Fresh:
    """The rows of a body that is being loaded: as comparisons see them, and as values still without their ids."""

    rows: tuple[Row, ...]
    values: Sequence[tuple[Any, ...]]


def write_rows(
    transaction: Transaction, memo: Memo, fresh: dict[str, Fresh], body_id: str, ids: Mapping[int, str]
) -> None:
    """Append the rows of a fresh body with their commitment ids; it is fresh no more."""
    rows, values = fresh[body_id].rows, fresh.pop(body_id).values
    transaction.when_committed(lambda: memo.put(("rows", body_id), rows))
    transaction.insert("progress", PROGRESS, [(body_id, row[0], ids.get(row[0]), *row[1:]) for row in values])


def body_rows(transaction: Transaction, memo: Memo, body_id: str) -> tuple[Row, ...]:
    """The rows of a body. A body never changes, so they are remembered."""
    known = memo.get(("rows", body_id))
    if known is not None:
        return known  # type: ignore[no-any-return]
    found = transaction.rows(
        """SELECT row_index, seq, category, content, units, status, progress, progress_text, cells,
                  content_start, content_end, status_start, status_end, table_index
           FROM progress WHERE body_id = ? ORDER BY row_index""",
        (body_id,),
    )
    rows = tuple(row_of(values) for values in found)
    if rows:
        memo.put(("rows", body_id), rows)
    return rows


def as_kept(row: Row) -> Row:
    """The row of a reader as it comes back from the warehouse: `row_of` of the values that it is kept as."""
    seq, progress = row.seq, row.progress
    if isinstance(seq, str) and seq.isdecimal() and str(int(seq)) == seq:
        seq = int(seq)
    if progress is not None:
        progress = decimal(number(progress))
        if str(progress) == str(row.progress):
            progress = row.progress
    return row if seq is row.seq and progress is row.progress else replace(row, seq=seq, progress=progress)


def row_of(values: Sequence[Any]) -> Row:
    """The row that stored values stand for: the columns of `progress` after body_id and commitment_id."""
    index, seq, category, content, units, status, progress, progress_text, payload = values[:9]
    kept = json.loads(payload)
    content_at, status_at, table = values[9:11], values[11:13], values[13]
    return Row(
        index=index,
        seq=int(seq) if seq is not None and seq.isdecimal() and str(int(seq)) == seq else seq,
        category=category,
        content=content,
        units=tuple(kept["units"]) if "units" in kept else split_units(units),
        status=status,
        progress=decimal(progress),
        progress_text=progress_text,
        cells=kept["cells"],
        content_at=None if content_at[0] is None else (content_at[0], content_at[1]),
        status_at=None if status_at[0] is None else (status_at[0], status_at[1]),
        table=table,
        target_at=tuple(kept["target_at"]) if "target_at" in kept else None,
    )


def decimal(value: float | None) -> Decimal | None:
    """A stored double as the decimal that was printed: 75.0 → 75."""
    if value is None:
        return None
    return Decimal(int(value)) if value == int(value) else Decimal(repr(value))
