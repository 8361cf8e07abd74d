"""A difference as the contract prints it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from tasks.compare.facets import Difference, diff, severity, status_changed
from tasks.model import Row

COLUMNS = ("old_index", "new_index", "relation", "status_changed")


def diff_rows(old: Sequence[Row], new: Sequence[Row], difference: Difference | None = None) -> list[dict[str, Any]]:
    """One dict per link, keys as in `COLUMNS`. `status_changed` is 0 where a side is missing: nothing was compared."""
    found = difference or diff(old, new)
    before = {row.index: row.status for row in old}
    after = {row.index: row.status for row in new}
    return [
        {
            "old_index": link.old,
            "new_index": link.new,
            "relation": str(link.relation),
            "status_changed": int(
                link.old is not None and link.new is not None and status_changed(before[link.old], after[link.new])
            ),
        }
        for link in found.links
    ]


def diff_csv(old: Sequence[Row], new: Sequence[Row], difference: Difference | None = None) -> str:
    """The contract's CSV, header first, `\\n` line ends; an empty field where a side is missing."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(diff_rows(old, new, difference))
    return out.getvalue()


def diff_json(old: Sequence[Row], new: Sequence[Row], difference: Difference | None = None) -> dict[str, Any]:
    """`links` as in the CSV with confidence and facets, and `warnings`; ready for `json.dumps`."""
    found = difference or diff(old, new)
    facets: dict[tuple[int | None, int | None], list[dict[str, Any]]] = {}
    for change in found.changes:
        facets.setdefault((change.old, change.new), []).append(
            {
                "facet": change.facet,
                "old_value": change.old_value,
                "new_value": change.new_value,
                "delta": None if change.delta is None else float(change.delta),
                "severity": severity(change).name.lower(),
            }
        )
    links = [
        row | {"confidence": link.confidence, "facets": facets.get((link.old, link.new), [])}
        for row, link in zip(diff_rows(old, new, found), found.links, strict=True)
    ]
    return {"links": links, "warnings": [{"code": w.code, "message": w.message} for w in found.warnings]}
