# ruff: noqa: S608  (names come from the schema, values are always bound)
"""One stream in the warehouse: its evidence read, everything derived from it brought up to date by differences."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tasks.check import Beside, CheckSettings, against, held_by, unmoved
from tasks.compare import diff, identify
from tasks.load.disclosure import split_units
from tasks.load.timeline import Appearance, Decided, Edition, SetRow, Shown, Timeline, derive
from tasks.model import FacetChange, Period, Relation, Row
from warehouse.engine import Transaction
from warehouse.keys import key
from warehouse.memo import Memo

ABSENCES = 3  # times a listed document must be missing, on as many days, before it counts as withdrawn


@dataclass(frozen=True)
class Body:
    """What the gate and the comparison need to know of a body."""

    body_id: str
    period: str
    rows: int
    mean_progress: float | None
    identity: str | None


class Stream:
    """The documents of one source and kind about one year, inside one transaction."""

    def __init__(self, transaction: Transaction, memo: Memo, stream_id: str, source_id: str, run_id: str) -> None:
        self._tx = transaction
        self._memo = memo
        self.stream_id = stream_id
        self.source_id = source_id
        self.run_id = run_id
        self.bodies: dict[str, Body] = {}
        self.settings: dict[str, CheckSettings] = {}

    # --- evidence --------------------------------------------------------------------------------------------------

    def refresh(self) -> Timeline:
        """Derive the stream anew from its evidence and write what differs."""
        documents = "SELECT document_id FROM edition WHERE stream_id = ?"
        editions = self._editions(documents)
        shown = [
            Shown(*row)
            for row in self._tx.rows(
                "SELECT document_id, edition_id, known_at, cause, capture_sha256 FROM load_record "
                f"WHERE document_id IN ({documents})",
                (self.stream_id,),
            )
        ]
        decisions = [
            Decided(*row)
            for row in self._tx.rows(
                "SELECT edition_id, verdict, decided_at FROM decision "
                f"WHERE edition_id IS NOT NULL AND document_id IN ({documents})",
                (self.stream_id,),
            )
        ]
        timeline = derive(self.stream_id, shown, editions, decisions, self._withdrawals(documents, shown), self._gate)
        self._write_states(timeline)
        self._write_beliefs(timeline)
        self._write_sets(timeline)
        self._write_identity(timeline)
        return timeline

    def _editions(self, documents: str) -> dict[str, Edition]:
        found = self._tx.rows(
            f"""SELECT e.edition_id, e.document_id, e.body_id, e.stream_id, e.period, e.kind, b.row_count, e.title,
                       e.url, e.published_on, d.key, e.checks, e.settings, b.table_hash, b.mean_progress, b.identity
                FROM edition e
                JOIN document d ON d.document_id = e.document_id
                JOIN body b ON b.body_id = e.body_id
                WHERE e.document_id IN ({documents})""",
            (self.stream_id,),
        )
        editions = {}
        for row in found:
            edition = replace(Edition(*row[:11]), failed=failed_names(row[11]))
            self.bodies[edition.body_id] = Body(edition.body_id, edition.period, row[6], row[14], row[15])
            self.settings[edition.edition_id] = CheckSettings(*json.loads(row[12]))
            if row[13] is not None and edition.stream_id == self.stream_id:
                edition = replace(edition, republishes=self._republished(edition, row[13]))
            editions[edition.edition_id] = edition
        return editions

    def _republished(self, edition: Edition, table_hash: str) -> tuple[str, str] | None:
        """Whether this very table stood under an earlier period in another publication of the source."""
        earlier = [
            (Period.parse(period), known_at)
            for period, known_at in self._tx.rows(
                """SELECT e.period, MIN(l.known_at) FROM body b
                   JOIN edition e ON e.body_id = b.body_id
                   JOIN load_record l ON l.edition_id = e.edition_id
                   WHERE b.source_id = ? AND b.table_hash = ? AND e.document_id <> ? AND e.period <> ?
                   GROUP BY e.period""",
                (self.source_id, table_hash, edition.document_id, edition.period),
            )
        ]
        own = Period.parse(edition.period)
        before = [(p, at) for p, at in earlier if p < own and not p.covers_same(own)]
        if not before:
            return None
        period, since = max(before)
        return since, f"identical_to_previous: the table is that of {period}"

    def _withdrawals(self, documents: str, shown: Sequence[Shown]) -> dict[str, list[tuple[str, str | None]]]:
        """Document → when it was withdrawn, by repeated evidence or a person's word, until it was seen again."""
        missing = self._tx.rows(
            f"SELECT document_id, seen_at FROM absence WHERE document_id IN ({documents})", (self.stream_id,)
        )
        confirmed = self._tx.rows(
            f"SELECT document_id, decided_at FROM decision WHERE verdict = 'withdraw' AND document_id IN ({documents})",
            (self.stream_id,),
        )
        if not missing and not confirmed:
            return {}
        present = self._tx.rows(
            f"""SELECT u.document_id, r.fetched_at FROM document_url u JOIN request r ON r.url = u.url
                WHERE r.outcome IN ('new', 'unchanged') AND u.document_id IN ({documents})""",
            (self.stream_id,),
        )
        seen: dict[str, list[str]] = defaultdict(list)
        for item in shown:
            seen[item.document_id].append(item.known_at)
        for document, at in present:
            seen[document].append(at)
        found: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
        for document in {d for d, _ in missing} | {d for d, _ in confirmed}:
            gone = sorted(at for d, at in missing if d == document)
            sure = {at for d, at in confirmed if d == document}
            found[document] = withdrawn_stretches(sorted(seen[document]), gone, sure)
        return dict(found)

    # --- the gate --------------------------------------------------------------------------------------------------

    def _gate(self, appearance: Appearance, other: Edition, revision: bool) -> str:
        edition = appearance.edition
        before, now = self.bodies[other.body_id], self.bodies[edition.body_id]
        if before.rows == 0:
            return ""
        _, _kept, dropped, added, still = self._pairing(before.body_id, now.body_id)
        label = f"what {other.period} was said to be" if revision else other.period
        facts = Beside(
            label, before.rows, now.rows, dropped, added, still, before.mean_progress, now.mean_progress, revision
        )
        return describe(held_by(against(facts, self.settings[edition.edition_id])))

    # --- comparing -------------------------------------------------------------------------------------------------

    def rows(self, body_id: str) -> tuple[Row, ...]:
        """The rows of a body, as every comparison sees them: from the warehouse, never from the reader."""
        return body_rows(self._tx, self._memo, body_id)

    def _pairing(self, old: str, new: str) -> tuple[str, int, int, int, int]:
        """pair_id, kept, dropped, added, unmoved of two bodies; compared and kept if they never were."""
        pair_id = key("pair", old, new)
        known = self._memo.get(("pair", pair_id))
        if known is not None:
            return known  # type: ignore[no-any-return]
        found = self._tx.one("SELECT kept, dropped, added, unmoved FROM pairing WHERE pair_id = ?", (pair_id,))
        if found is None:
            found = self._compare(pair_id, old, new)
        facts = (pair_id, *found)
        self._tx.when_committed(lambda: self._memo.put(("pair", pair_id), facts))
        return facts

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
        self._tx.insert(
            "pairing_warning",
            ("pair_id", "n", "code", "message"),
            [(pair_id, n, w.code, w.message) for n, w in enumerate(difference.warnings)],
        )
        self._tx.insert(
            "change",
            ("pair_id", "n", "old_index", "new_index", "relation", "facet", "old_value", "new_value", "delta"),
            [(pair_id, n, *_change_values(change)) for n, change in enumerate(difference.changes)],
        )
        return len(pairs), dropped, added, still

    def changes(self, pair_id: str) -> list[tuple[int, FacetChange]]:
        """The changes of a pairing with their numbers."""
        return [
            (n, FacetChange(old, new, Relation(relation), facet, before, after, _decimal(delta)))
            for n, old, new, relation, facet, before, after, delta in self._tx.rows(
                "SELECT n, old_index, new_index, relation, facet, old_value, new_value, delta FROM change "
                "WHERE pair_id = ? ORDER BY n",
                (pair_id,),
            )
        ]

    # --- writing differences ---------------------------------------------------------------------------------------

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
        kept = {
            row[0]: row[-1]
            for row in self._tx.rows("SELECT set_id, run_id FROM change_set WHERE stream_id = ?", (self.stream_id,))
        }
        rows: list[tuple[Any, ...]] = []
        ours: list[tuple[str, int]] = []
        before: dict[tuple[str, str], tuple[str, str]] = {}  # periods → set and pair that counted last
        times: dict[str, int] = defaultdict(int)
        for item in sorted(timeline.sets, key=lambda s: (s.start, s.end or "9", s.scope, s.new.revision)):
            old, new = item.old.edition, item.new.edition
            if old.body_id == new.body_id and item.scope == "revision":
                continue
            pair_id = self._pairing(old.body_id, new.body_id)[0]
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
                periods = (old.period, new.period)
                ours += self._ours(item, set_id, pair_id, before.get(periods), ours)
                before[periods] = (set_id, pair_id)
        self._replace("change_set", columns, 1, rows)
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
        earlier = {_signature(change): n for n, change in self.changes(before[1])}
        inherited = {n for s, n in ours if s == before[0]}
        return [
            (set_id, n)
            for n, change in self.changes(pair_id)
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

    def _replace(self, table: str, columns: Sequence[str], width: int, rows: Sequence[tuple[Any, ...]]) -> None:
        """Make the stream's rows of a derived table these, touching only what differs. The key is the first columns."""
        names = ", ".join(columns)
        found = {
            row[:width]: row
            for row in self._tx.rows(f"SELECT {names} FROM {table} WHERE stream_id = ?", (self.stream_id,))
        }
        wanted = {row[:width]: row for row in rows}
        gone = [where for where, row in found.items() if wanted.get(where) != row]
        where = " AND ".join(f"{name} = ?" for name in columns[:width])
        self._tx.update(f"DELETE FROM {table} WHERE {where}", gone)
        self._tx.insert(table, columns, [row for at, row in wanted.items() if found.get(at) != row])

    # --- identity --------------------------------------------------------------------------------------------------

    def _write_identity(self, timeline: Timeline) -> None:
        """Give every row of the stream its commitment_id, from all quarters that are believed now."""
        current = {p: a.edition.body_id for p, a in timeline.current.items() if a.edition.rows}
        if not self.bodies:
            return
        placed = set()
        for period, body_id in current.items():
            self._identify(current, period, body_id)
            placed.add(body_id)
        for body in self.bodies.values():
            if body.body_id not in placed and body.rows and self._mine(body.body_id, timeline):
                self._identify({**current, body.period: body.body_id}, body.period, body.body_id)

    def _mine(self, body_id: str, timeline: Timeline) -> bool:
        return any(
            row.appearance.edition.body_id == body_id and row.appearance.edition.stream_id == self.stream_id
            for row in timeline.states
        )

    def _identify(self, quarters: Mapping[str, str], period: str, body_id: str) -> None:
        ids = self._ids(quarters)[period]
        digest = key("identity", [list(item) for item in ids])
        if self.bodies[body_id].identity == digest:
            return
        self._tx.update(
            "UPDATE progress SET commitment_id = ? WHERE body_id = ? AND row_index = ?",
            [(commitment_id, body_id, index) for index, commitment_id in ids],
        )
        self._tx.run("UPDATE body SET identity = ? WHERE body_id = ?", (digest, body_id))

    def _ids(self, quarters: Mapping[str, str]) -> dict[str, list[tuple[int, str]]]:
        """Period → (row index, commitment_id), for the bodies of a year."""
        where = ("identify", tuple(sorted(quarters.items())))
        known = self._memo.get(where)
        if known is not None:
            return known  # type: ignore[no-any-return]
        rows = {Period.parse(period): self.rows(body_id) for period, body_id in quarters.items()}
        year = min(rows).year
        found: dict[str, list[tuple[int, str]]] = {period: [] for period in quarters}
        for (period, index), commitment_id in identify(rows, source_id=self.source_id, year=year).items():
            found[str(period)].append((index, commitment_id))
        ids = {period: sorted(pairs) for period, pairs in found.items()}
        self._memo.put(where, ids)
        return ids


def body_rows(transaction: Transaction, memo: Memo, body_id: str) -> tuple[Row, ...]:
    """The rows of a body. A body never changes, so they are remembered."""
    known = memo.get(("rows", body_id))
    if known is not None:
        return known  # type: ignore[no-any-return]
    found = transaction.rows(
        """SELECT row_index, seq, category, content, units, status, progress, progress_text, cells,
                  content_start, content_end, status_start, status_end
           FROM progress WHERE body_id = ? ORDER BY row_index""",
        (body_id,),
    )
    rows = tuple(row_of(values) for values in found)
    if rows:
        memo.put(("rows", body_id), rows)
    return rows


def row_of(values: Sequence[Any]) -> Row:
    """The row that stored values stand for: the columns of `progress` after body_id and commitment_id."""
    index, seq, category, content, units, status, progress, progress_text, payload = values[:9]
    kept = json.loads(payload)
    content_at, status_at = values[9:11], values[11:13]
    return Row(
        index=index,
        seq=int(seq) if seq is not None and seq.isdecimal() and str(int(seq)) == seq else seq,
        category=category,
        content=content,
        units=tuple(kept["units"]) if "units" in kept else split_units(units),
        status=status,
        progress=_decimal(progress),
        progress_text=progress_text,
        cells=kept["cells"],
        content_at=None if content_at[0] is None else (content_at[0], content_at[1]),
        status_at=None if status_at[0] is None else (status_at[0], status_at[1]),
    )


def failed_names(checks: str) -> str:
    """The checks that hold, from the JSON of an edition."""
    return "; ".join(f"{name}: {evidence}" for name, verdict, evidence in json.loads(checks) if verdict == "hold")


def describe(checks: Iterable[Any]) -> str:
    """Checks as one line."""
    return "; ".join(f"{check.name}: {check.evidence}" for check in checks)


def withdrawn_stretches(
    seen: Sequence[str], gone: Sequence[str], confirmed: Iterable[str]
) -> list[tuple[str, str | None]]:
    """From when until when a document counts as withdrawn. All are instants as text, sorted.

    It does once it was missing ABSENCES times on as many days with no sight of it in between, or at a person's word;
    until it is seen again.
    """
    sure = set(confirmed)
    found: list[tuple[str, str | None]] = []
    days: set[str] = set()
    since: str | None = None
    events = sorted([(at, 0) for at in seen] + [(at, 1) for at in gone] + [(at, 2) for at in sure])
    for at, what in events:
        if what == 0:
            if since is not None:
                found.append((since, at))
            since, days = None, set()
            continue
        days.add(at[:10])
        if since is None and (what == 2 or len(days) >= ABSENCES):
            since = at
    if since is not None:
        found.append((since, None))
    return found


def _signature(change: FacetChange) -> tuple[object, ...]:
    return (change.relation, change.facet, change.old_value, change.new_value)


def _change_values(change: FacetChange) -> tuple[Any, ...]:
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


def _decimal(value: float | None) -> Decimal | None:
    """A stored double as the decimal that was printed: 75.0 → 75."""
    if value is None:
        return None
    return Decimal(int(value)) if value == int(value) else Decimal(repr(value))
