"""Loading: one disclosure, one transaction, and everything that follows from it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks.load.again import Known, Sight, known_readings, see_again
    from tasks.load.believed import believed_rows, previous_rows
    from tasks.load.deciding import confirm_withdrawal, decide, record_absence
    from tasks.load.disclosure import Disclosure, LoadResult
    from tasks.load.loading import load

__all__ = [
    "Disclosure",
    "Known",
    "LoadResult",
    "Sight",
    "believed_rows",
    "confirm_withdrawal",
    "decide",
    "known_readings",
    "load",
    "previous_rows",
    "record_absence",
    "see_again",
]

_WHERE = {
    "Known": "again",
    "Sight": "again",
    "known_readings": "again",
    "see_again": "again",
    "Disclosure": "disclosure",
    "LoadResult": "disclosure",
    "believed_rows": "believed",
    "confirm_withdrawal": "deciding",
    "decide": "deciding",
    "load": "loading",
    "previous_rows": "believed",
    "record_absence": "deciding",
}


def __getattr__(name: str) -> Any:
    # When it is asked for: a process that only makes bodies has no use for a database's libraries.
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
