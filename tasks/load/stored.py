"""The rows of a body as the warehouse keeps them, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.load.disclosure import PROGRESS
from tasks.load.values import row_of
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
