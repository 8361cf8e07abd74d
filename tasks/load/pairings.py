"""How two bodies compare: computed once, kept as a fact about their content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tasks.check import unmoved
from tasks.compare import diff
from tasks.load.contradictions import fallen
from tasks.load.stored import Fresh, body_rows
from tasks.load.values import decimal
from tasks.model import FacetChange, Link, Relation, Row
from warehouse.engine import Transaction
from warehouse.keys import key
from warehouse.memo import Memo

_CHANGE = ("pair_id", "n", "old_index", "new_index", "relation", "facet", "old_value", "new_value", "delta")


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two bodies beside each other: how many rows have a counterpart, are gone, are new, say nothing new."""

    pair_id: str
    kept: int
    dropped: int
    added: int
    unmoved: int


class Pairings:
    """The pairings that one load asks for, inside its transaction."""

    def __init__(self, transaction: Transaction, memo: Memo, fresh: dict[str, Fresh]) -> None:
        self._tx = transaction
        self._memo = memo
        self.fresh = fresh
        self._met: dict[str, Pairing] = {}
        self._links: dict[str, tuple[Link, ...]] = {}
        self._changes: dict[str, tuple[FacetChange, ...]] = {}

    def rows(self, body_id: str) -> tuple[Row, ...]:
        """The rows of a body, as every comparison sees them."""
        fresh = self.fresh.get(body_id)
        return fresh.rows if fresh is not None else body_rows(self._tx, self._memo, body_id)

    def of(self, old: str, new: str) -> Pairing:
        """The pairing of two bodies; compared and kept if they never were."""
        pair_id = key("pair", old, new)
        known: Pairing | None = self._met.get(pair_id) or self._memo.get(("pair", pair_id))
        if known is not None:
            return known
        query = "SELECT kept, dropped, added, unmoved FROM pairing WHERE pair_id = ?"
        found = self._tx.one(query, (pair_id,)) or self._compare(pair_id, old, new)
        pairing = self._met[pair_id] = Pairing(pair_id, *found)
        self._tx.when_committed(lambda: self._memo.put(("pair", pair_id), pairing))
        return pairing

    def links(self, old: str, new: str) -> tuple[Link, ...] | None:
        """The links of two bodies that were compared lately; None where they would have to be compared anew."""
        pair_id = key("pair", old, new)
        known: tuple[Link, ...] | None = self._links.get(pair_id) or self._memo.get(("links", pair_id))
        return known

    def _compare(self, pair_id: str, old: str, new: str) -> tuple[int, int, int, int]:
        before, after = self.rows(old), self.rows(new)
        difference = diff(before, after)
        old_rows, new_rows = ({row.index: row for row in rows} for rows in (before, after))
        pairs = [(k.old, k.new) for k in difference.links if k.old is not None and k.new is not None]
        dropped = sum(link.relation is Relation.DROPPED for link in difference.links)
        added = sum(link.relation is Relation.ADDED for link in difference.links)
        still = sum(unmoved(old_rows[a], new_rows[b]) for a, b in pairs)
        self._tx.insert(
            "pairing",
            ("pair_id", "from_body", "to_body", "kept", "dropped", "added", "unmoved"),
            [(pair_id, old, new, len(pairs), dropped, added, still)],
        )
        warnings = [*difference.warnings, *fallen(difference.changes, new_rows)]
        self._tx.insert(
            "pairing_warning",
            ("pair_id", "n", "code", "message"),
            [(pair_id, n, w.code, w.message) for n, w in enumerate(warnings)],
        )
        self._tx.insert("change", _CHANGE, [(pair_id, n, *_values(c)) for n, c in enumerate(difference.changes)])
        self._links[pair_id], self._changes[pair_id] = difference.links, difference.changes
        self._tx.when_committed(lambda: self._memo.put(("links", pair_id), difference.links))
        return len(pairs), dropped, added, still

    def changes(self, pair_id: str) -> list[tuple[int, FacetChange]]:
        """The changes of a pairing with their numbers."""
        if pair_id in self._changes:
            return list(enumerate(self._changes[pair_id]))
        return [
            (n, FacetChange(old, new, Relation(relation), facet, before, after, decimal(delta)))
            for n, old, new, relation, facet, before, after, delta in self._tx.rows(
                "SELECT n, old_index, new_index, relation, facet, old_value, new_value, delta FROM change "
                "WHERE pair_id = ? ORDER BY n",
                (pair_id,),
            )
        ]


def _values(change: FacetChange) -> tuple[Any, ...]:
    delta = None if change.delta is None else float(change.delta)
    return (
        change.old,
        change.new,
        str(change.relation),
        change.facet,
        change.old_value,
        change.new_value,
        delta,
    )
