"""How much of their content two documents share: rows for tables, sentences for prose."""

from __future__ import annotations

from collections.abc import Mapping

from tasks.load.evidence import Edition
from tasks.load.pairings import Pairings
from tasks.load.sketches import sketched_share
from tasks.text import fold


class Likenesses:
    """Likeness of the editions of one stream. `sketches`: body → its sketch, for bodies without a table."""

    def __init__(self, pairings: Pairings, sketches: Mapping[str, str | None]) -> None:
        self._pairings = pairings
        self._sketches = sketches
        self._promises: dict[str, frozenset[str]] = {}
        self._known: dict[tuple[str, str], float | None] = {}

    def between(self, a: Edition, b: Edition) -> float | None:
        """Share of rows (by their promise) or of sentences; None between a table and prose."""
        where = (a.body_id, b.body_id) if a.body_id < b.body_id else (b.body_id, a.body_id)
        if where not in self._known:
            self._known[where] = self._share(a, b)
        return self._known[where]

    def _share(self, a: Edition, b: Edition) -> float | None:
        if a.rows and b.rows:
            one, other = self._of(a.body_id), self._of(b.body_id)
            return len(one & other) / len(one | other) if one and other else None
        if a.rows or b.rows:
            return None
        return sketched_share(self._sketches.get(a.body_id), self._sketches.get(b.body_id))

    def _of(self, body_id: str) -> frozenset[str]:
        if body_id not in self._promises:
            rows = self._pairings.rows(body_id)
            self._promises[body_id] = frozenset(fold(row.content or row.category or "") for row in rows) - {""}
        return self._promises[body_id]
