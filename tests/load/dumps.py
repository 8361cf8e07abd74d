"""What a warehouse says, in a form that two of them can be compared by."""

from __future__ import annotations

from typing import Any

from warehouse import Warehouse
from warehouse.views import VIEWS

CLOCKS = {"known_from", "known_to", "captured_at"}


def dump(
    warehouse: Warehouse, *, without: frozenset[str] | set[str] = frozenset({"run_id"}), logs: bool = False
) -> dict[str, list[tuple[Any, ...]]]:
    """View → its rows, sorted; `without` columns; the logs of requests and runs only if asked for."""
    found = {}
    for name, view in VIEWS.items():
        if name in ("v_fetch", "v_run") and not logs:
            continue
        keep = [column for column in view.names if column not in without]
        rows = warehouse.query(name).select(keep).rows()
        found[name] = sorted(rows, key=repr)
    return found
