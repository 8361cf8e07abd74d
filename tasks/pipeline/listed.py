"""How much a source's list held when it was last believed: told in v_fetch, and read there by the next run.

The warehouse's documents alone do not tell: a column may list seventy notices and, so far, none that is wanted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from tasks.discover import Listing
from tasks.model import FetchResult, Warn
from warehouse import Warehouse

_SAID = re.compile(r"^listed (\d+)\b")
_SHRUNK = 0.5  # of the entries of last time: fewer are worth a warning. Nothing is ever removed for it
_FEW = 5


def told(listing: Listing) -> tuple[FetchResult, ...]:
    """The fetches of a believed listing, the last of them saying what came of it."""
    *others, last = listing.fetches or (None,)
    if last is None:
        return ()
    said = "; ".join(part for part in (f"listed {listing.seen}", last.detail) if part)
    return (*(one for one in others if one is not None), replace(last, detail=said))


def last_listed(warehouse: Warehouse, source_id: str) -> int | None:
    """The entries of the last believed listing of a source; None where none was believed yet."""
    with warehouse.read() as transaction:
        found = transaction.rows(
            "SELECT detail FROM request WHERE source_id = ? AND detail LIKE ? ORDER BY fetched_at DESC LIMIT 1",
            (source_id, "listed %"),
        )
    said = _SAID.match(found[0][0]) if found else None
    return int(said[1]) if said else None


def shrunk(listing: Listing, before: int | None) -> Sequence[Warn]:
    """A warning where a list holds far fewer entries than last time."""
    if before is None or before < _FEW or listing.seen >= before * _SHRUNK:
        return ()
    return (Warn("listing_shrunk", f"{listing.seen} entries, {before} when the list was last believed"),)
