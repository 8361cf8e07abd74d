"""Giving every row of a stream its commitment_id, from all quarters of its series that are believed now."""

from __future__ import annotations

from collections.abc import Mapping

from tasks.compare import identify
from tasks.load.pairings import Pairings
from tasks.load.timeline import Timeline
from tasks.model import Period
from warehouse.engine import Transaction
from warehouse.keys import key
from warehouse.memo import Memo

Ids = dict[str, list[tuple[int, str]]]
"""Period → (row index, commitment id), in the order of the rows."""


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
        taken: set[str] = set()
        for series, bodies in sorted(mine.items()):
            believed = timeline.current.get(series, {})
            current = {period: a.edition.body_id for period, a in believed.items() if a.edition.rows}
            wanted = {(period, body_id): self._ids(current)[period] for period, body_id in current.items()}
            for body_id, period in bodies.items():
                if (period, body_id) not in wanted:
                    wanted[period, body_id] = self._ids({**current, period: body_id})[period]
            clash = taken & {commitment for ids in wanted.values() for _, commitment in ids}
            for (_, body_id), ids in wanted.items():
                # Two bodies may promise the same in the same words: two commitments, each reported by its own.
                own = [(index, key(series, c) if c in clash else c) for index, c in ids]
                self._write(body_id, own, known.get(body_id))
            taken |= {commitment for ids in wanted.values() for _, commitment in ids}

    def _write(self, body_id: str, ids: list[tuple[int, str]], known: str | None) -> None:
        digest = key("identity", [list(item) for item in ids])
        if digest == known:
            return
        self._tx.update(
            "UPDATE progress SET commitment_id = ? WHERE body_id = ? AND row_index = ?",
            [(commitment_id, body_id, index) for index, commitment_id in ids],
        )
        self._tx.run("UPDATE body SET identity = ? WHERE body_id = ?", (digest, body_id))

    def _ids(self, quarters: Mapping[str, str]) -> Ids:
        where = ("identify", tuple(sorted(quarters.items())))
        known = self._memo.get(where)
        if known is not None:
            return known  # type: ignore[no-any-return]
        rows = {Period.parse(period): self._pairings.rows(body_id) for period, body_id in quarters.items()}
        year = min(rows).year
        found: Ids = {period: [] for period in quarters}
        for (period, index), commitment_id in identify(rows, source_id=self._source_id, year=year).items():
            found[str(period)].append((index, commitment_id))
        ids = {period: sorted(pairs) for period, pairs in found.items()}
        self._memo.put(where, ids)
        return ids
