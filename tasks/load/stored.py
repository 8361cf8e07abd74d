"""The rows of a body as the warehouse keeps them, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tasks.load.disclosure import split_units
from tasks.model import Row
from warehouse.engine import Transaction
from warehouse.memo import Memo


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
    )


def decimal(value: float | None) -> Decimal | None:
    """A stored double as the decimal that was printed: 75.0 → 75."""
    if value is None:
        return None
    return Decimal(int(value)) if value == int(value) else Decimal(repr(value))
