"""Loading: one disclosure, one transaction, and everything that follows from it."""

from tasks.load.believed import believed_rows, previous_rows
from tasks.load.deciding import confirm_withdrawal, decide, record_absence
from tasks.load.disclosure import Disclosure, LoadResult
from tasks.load.loading import load

__all__ = [
    "Disclosure",
    "LoadResult",
    "believed_rows",
    "confirm_withdrawal",
    "decide",
    "load",
    "previous_rows",
    "record_absence",
]
