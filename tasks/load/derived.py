# ruff: noqa: S608  (names come from the schema, values are always bound)
"""Writing what is derived for a stream: states, beliefs and change sets, touching only the rows that differ."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tasks.load.pairings import Pairings
from tasks.load.sets import SetRow
from tasks.load.timeline import Timeline
from tasks.model import Check, FacetChange, Period
from warehouse.engine import Transaction
from warehouse.keys import key


class Derived:
    """The derived rows of one stream, inside one transaction."""

    def __init__(
        self, transaction: Transaction, pairings: Pairings, stream_id: str, source_id: str, run_id: str
    ) -> None:
        self._tx = transaction
        self._pairings = pairings
        self.stream_id = stream_id
        self.source_id = source_id
        self.run_id = run_id

    def bring_to(self, timeline: Timeline) -> None:
        """Make the stream's rows those of a timeline."""
        self._write_states(timeline)
        self._write_beliefs(timeline)
        self._write_sets(timeline)

    def _write_states(self, timeline: Timeline) -> None:
        columns = (
            "document_id",
            "revision",
            "state",
            "known_from",
            "known_to",
            "edition_id",
            "stream_id",
            "capture_sha256",
            "reason",
            "held_by",
        )
        rows = [
            (
                row.appearance.edition.document_id,
                row.appearance.revision,
                row.state,
                row.start,
                row.end,
                row.appearance.edition.edition_id,
                self.stream_id,
                row.appearance.capture_sha256,
                row.appearance.reason if row.state == "held" else None,
                _told(row.appearance.held_by) if row.state == "held" else None,
            )
            for row in timeline.states
        ]
        self._replace("document_state", columns, 4, rows)

    def _write_beliefs(self, timeline: Timeline) -> None:
        columns = (
            "document_id",
            "revision",
            "known_from",
            "known_to",
            "edition_id",
            "body_id",
            "stream_id",
            "source_id",
            "period",
            "kind",
            "year",
            "month",
            "document_url",
            "capture_sha256",
            "series",
        )
        rows = []
        for row in timeline.beliefs:
            edition = row.appearance.edition
            period = Period.parse(edition.period)
            rows.append(
                (
                    edition.document_id,
                    row.appearance.revision,
                    row.start,
                    row.end,
                    edition.edition_id,
                    edition.body_id,
                    self.stream_id,
                    self.source_id,
                    edition.period,
                    edition.kind,
                    period.year,
                    period.last_month,
                    edition.url,
                    row.appearance.capture_sha256,
                    timeline.series[edition.document_id],
                )
            )
        self._replace("belief", columns, 3, rows)

    def _write_sets(self, timeline: Timeline) -> None:
        columns = (
            "set_id",
            "pair_id",
            "stream_id",
            "source_id",
            "scope",
            "from_period",
            "to_period",
            "from_revision",
            "to_revision",
            "from_document",
            "to_document",
            "cause",
            "preview",
            "known_from",
            "known_to",
            "run_id",
        )
        found = self._found("change_set", columns, 1)
        kept = {where[0]: row[-1] for where, row in found.items()}
        rows: list[tuple[Any, ...]] = []
        ours: list[tuple[str, int]] = []
        before: dict[tuple[str, str, str], tuple[str, str]] = {}  # series, periods → set and pair that counted last
        times: dict[str, int] = defaultdict(int)
        for item in sorted(timeline.sets, key=lambda s: (s.start, s.end or "9", s.scope, s.new.revision)):
            old, new = item.old.edition, item.new.edition
            if old.body_id == new.body_id and item.scope == "revision":
                continue
            pair_id = self._pairings.of(old.body_id, new.body_id).pair_id
            parts = (item.scope, old.document_id, item.old.revision, new.document_id, item.new.revision, pair_id)
            base = key(self.stream_id, *parts, int(item.preview))
            set_id = key(base, times[base])  # the same two contents may count again after something between them
            times[base] += 1
            quarter = item.scope == "quarter" and not item.preview
            rows.append(
                (
                    set_id,
                    pair_id,
                    self.stream_id,
                    self.source_id,
                    item.scope,
                    old.period,
                    new.period,
                    item.old.revision,
                    item.new.revision,
                    old.document_id,
                    new.document_id,
                    "source" if quarter else item.cause,
                    int(item.preview),
                    item.start,
                    item.end,
                    kept.get(set_id, self.run_id),
                )
            )
            if quarter:
                periods = (timeline.series[new.document_id], old.period, new.period)
                ours += self._ours(item, set_id, pair_id, before.get(periods), ours)
                before[periods] = (set_id, pair_id)
        self._replace("change_set", columns, 1, rows, found)
        self._replace_ours(list(kept), ours)

    def _ours(
        self,
        item: SetRow,
        set_id: str,
        pair_id: str,
        before: tuple[str, str] | None,
        ours: Sequence[tuple[str, int]],
    ) -> list[tuple[str, int]]:
        """The changes of a quarter that a new parser brought: those that the set before it did not have."""
        if before is None or (item.cause != "parser" and not any(s == before[0] for s, _ in ours)):
            return []
        earlier = {_signature(change): n for n, change in self._pairings.changes(before[1])}
        inherited = {n for s, n in ours if s == before[0]}
        return [
            (set_id, n)
            for n, change in self._pairings.changes(pair_id)
            if (earlier[_signature(change)] in inherited if _signature(change) in earlier else item.cause == "parser")
        ]

    def _replace_ours(self, known: Sequence[str], ours: Iterable[tuple[str, int]]) -> None:
        if not known and not ours:
            return
        found = {
            tuple(row)
            for row in self._tx.rows(
                "SELECT u.set_id, u.n FROM change_ours u JOIN change_set s ON s.set_id = u.set_id "
                "WHERE s.stream_id = ?",
                (self.stream_id,),
            )
        }
        wanted = set(ours)
        self._tx.update("DELETE FROM change_ours WHERE set_id = ? AND n = ?", sorted(found - wanted))
        self._tx.insert("change_ours", ("set_id", "n"), sorted(wanted - found))

    def _found(self, table: str, columns: Sequence[str], width: int) -> dict[tuple[Any, ...], tuple[Any, ...]]:
        """The stream's rows of a derived table by their key, which is the first columns."""
        query = f"SELECT {', '.join(columns)} FROM {table} WHERE stream_id = ?"
        return {row[:width]: row for row in self._tx.rows(query, (self.stream_id,))}

    def _replace(
        self,
        table: str,
        columns: Sequence[str],
        width: int,
        rows: Sequence[tuple[Any, ...]],
        found: Mapping[tuple[Any, ...], tuple[Any, ...]] | None = None,
    ) -> None:
        """Make the stream's rows of a derived table these, touching only what differs. `found`: what is there."""
        if found is None:
            found = self._found(table, columns, width)
        wanted = {row[:width]: row for row in rows}
        gone = [where for where, row in found.items() if wanted.get(where) != row]
        where = " AND ".join(f"{name} = ?" for name in columns[:width])
        self._tx.update(f"DELETE FROM {table} WHERE {where}", gone)
        self._tx.insert(table, columns, [row for at, row in wanted.items() if found.get(at) != row])


def _told(checks: Iterable[Check]) -> str:
    return json.dumps([[c.name, str(c.verdict), c.evidence] for c in checks], ensure_ascii=False)


def _signature(change: FacetChange) -> tuple[object, ...]:
    return (change.relation, change.facet, change.old_value, change.new_value)
