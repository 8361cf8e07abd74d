"""Giving every row of a stream its commitment_id, from all quarters of its series that are believed now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tasks.load.pairings import Pairings
from tasks.load.stored import write_rows
from tasks.load.timeline import Timeline
from tasks.load.walk import Walk, begin, extend
from tasks.model import Period
from warehouse.engine import Transaction
from warehouse.keys import key
from warehouse.memo import Memo


@dataclass(frozen=True)
class Ids:
    """(row index, commitment id) in the order of the rows, and a digest of them."""

    pairs: tuple[tuple[int, str], ...]
    digest: str

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, str]]) -> Ids:
        """The ids of a body's rows."""
        told = tuple(sorted(pairs))
        return cls(told, key("identity", *(name for pair in told for name in (str(pair[0]), pair[1]))))


class Identities:
    """Commitment ids of the bodies of one source, inside one transaction."""

    def __init__(self, transaction: Transaction, memo: Memo, pairings: Pairings, source_id: str) -> None:
        self._tx = transaction
        self._memo = memo
        self._pairings = pairings
        self._source_id = source_id

    def bring_to(self, stream_id: str, timeline: Timeline, known: Mapping[str, str | None]) -> None:
        """Write the ids that differ. `known`: body → the digest of the ids that its rows have now."""
        mine: dict[str, dict[str, str]] = {}  # series → body → period, of all that has a state in this stream
        for row in timeline.states:
            edition = row.appearance.edition
            if edition.stream_id == stream_id and edition.rows:
                mine.setdefault(timeline.series[edition.document_id], {})[edition.body_id] = edition.period
        current = timeline.current if mine else {}
        taken: set[str] = set()
        for series, bodies in sorted(mine.items()):
            believed = {p: a.edition.body_id for p, a in current.get(series, {}).items() if a.edition.rows}
            wanted = {body_id: self._ids(believed, period) for period, body_id in believed.items()}
            for body_id, period in bodies.items():
                if body_id not in wanted:
                    wanted[body_id] = self._ids({**believed, period: body_id}, period)
            if len(mine) == 1:
                for body_id, ids in wanted.items():
                    self._write(body_id, ids, known.get(body_id))
                return
            own = {commitment for ids in wanted.values() for _, commitment in ids.pairs}
            clash = taken & own
            for body_id, ids in wanted.items():
                # Two bodies may promise the same in the same words: two commitments, each reported by its own.
                parted = Ids.of((n, key(series, c) if c in clash else c) for n, c in ids.pairs) if clash else ids
                self._write(body_id, parted, known.get(body_id))
            taken |= own

    def _write(self, body_id: str, ids: Ids, known: str | None) -> None:
        if ids.digest == known:
            return
        if body_id in self._pairings.fresh:
            write_rows(self._tx, self._memo, self._pairings.fresh, body_id, dict(ids.pairs))
        else:
            self._tx.update(
                "UPDATE progress SET commitment_id = ? WHERE body_id = ? AND row_index = ?",
                [(commitment_id, body_id, index) for index, commitment_id in ids.pairs],
            )
        self._tx.run("UPDATE body SET identity = ? WHERE body_id = ?", (ids.digest, body_id))

    def _ids(self, quarters: Mapping[str, str], wanted: str) -> Ids:
        """The ids of one period's rows: later quarters have no say in them."""
        place = Period.parse(wanted)
        upto = sorted((p, body) for p, body in ((Period.parse(t), b) for t, b in quarters.items()) if p <= place)
        where = ("ids", self._source_id, tuple((str(period), body_id) for period, body_id in upto))
        known: Ids | None = self._memo.get(where)
        if known is None:
            known = Ids.of(self._walk(tuple(upto)).last_ids.items())
            self._memo.put(where, known)
        return known

    def _walk(self, quarters: tuple[tuple[Period, str], ...]) -> Walk:
        where = ("walk", self._source_id, tuple((str(period), body_id) for period, body_id in quarters))
        known: Walk | None = self._memo.get(where)
        if known is not None:
            return known
        *before, (period, body_id) = quarters
        rows = self._pairings.rows(body_id)
        if before:
            links = self._pairings.links(before[-1][1], body_id)
            walk = extend(self._walk(tuple(before)), rows, links)
        else:
            walk = begin(self._source_id, period, rows)
        self._memo.put(where, walk)
        return walk
