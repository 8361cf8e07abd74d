# ruff: noqa: S608  (names come from the schema, values are always bound)
"""One stream in the warehouse: its evidence read, everything derived from it brought up to date by differences."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tasks.check import Beside, CheckSettings, against, held_by
from tasks.load.derived import Derived
from tasks.load.evidence import Appearance, Decided, Edition, Shown
from tasks.load.identity import Identities
from tasks.load.likeness import Likenesses
from tasks.load.pairings import Pairings
from tasks.load.stored import Fresh
from tasks.load.timeline import Timeline, derive
from tasks.load.withdrawal import withdrawals
from tasks.model import Check, FacetChange, Period, Verdict
from warehouse.engine import Transaction
from warehouse.memo import Memo


@dataclass(frozen=True)
class Body:
    """What the gate and the comparison need to know of a body."""

    body_id: str
    period: str
    rows: int
    mean_progress: float | None
    identity: str | None
    sketch: str | None


class Stream:
    """The documents of one source and kind about one year, inside one transaction."""

    def __init__(
        self,
        transaction: Transaction,
        memo: Memo,
        stream_id: str,
        source_id: str,
        run_id: str,
        fresh: dict[str, Fresh] | None = None,
    ) -> None:
        self._tx = transaction
        self._memo = memo
        self.stream_id = stream_id
        self.source_id = source_id
        self.run_id = run_id
        self.bodies: dict[str, Body] = {}
        self.settings: dict[str, CheckSettings] = {}
        self._pairings = Pairings(transaction, memo, {} if fresh is None else fresh)

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
        said = self._tx.rows(
            f"SELECT document_id, edition_id, verdict, decided_at FROM decision WHERE document_id IN ({documents})",
            (self.stream_id,),
        )
        decisions = [Decided(edition, verdict, at) for _, edition, verdict, at in said if edition is not None]
        confirmed = [(document, at) for document, _, verdict, at in said if verdict == "withdraw"]
        gone = withdrawals(self._tx, self.stream_id, documents, shown, confirmed)
        likeness = Likenesses(self._pairings, {body.body_id: body.sketch for body in self.bodies.values()})
        timeline = derive(self.stream_id, shown, editions, decisions, gone, self._gate, likeness.between)
        Derived(self._tx, self._pairings, self.stream_id, self.source_id, self.run_id).bring_to(timeline)
        known = {body.body_id: body.identity for body in self.bodies.values()}
        Identities(self._tx, self._memo, self._pairings, self.source_id).bring_to(self.stream_id, timeline, known)
        return timeline

    def changes(self, pair_id: str) -> list[tuple[int, FacetChange]]:
        """The changes of a pairing with their numbers."""
        return self._pairings.changes(pair_id)

    def _editions(self, documents: str) -> dict[str, Edition]:
        found = self._tx.rows(
            f"""SELECT e.edition_id, e.document_id, e.body_id, e.stream_id, e.period, e.kind, b.row_count, e.title,
                       e.url, e.published_on, d.key, e.printed_by, e.checks, e.settings, b.table_hash, b.mean_progress,
                       b.identity, b.sketch
                FROM edition e
                JOIN document d ON d.document_id = e.document_id
                JOIN body b ON b.body_id = e.body_id
                WHERE e.document_id IN ({documents})""",
            (self.stream_id,),
        )
        republished = self._republished()
        editions = {}
        for row in found:
            edition = replace(
                Edition(*row[:11]),
                failed=failed_checks(row[12]),
                republishes=republished.get(row[0]),
                publisher=row[11],
            )
            self.bodies[edition.body_id] = Body(edition.body_id, edition.period, row[6], *row[15:])
            self.settings[edition.edition_id] = CheckSettings(*json.loads(row[13]))
            editions[edition.edition_id] = edition
        return editions

    def _republished(self) -> dict[str, tuple[str, Check]]:
        """Edition → since when, and the check that says so, where its very table stood under an earlier period."""
        found: dict[str, list[tuple[Period, str]]] = {}
        for edition_id, own, period, known_at in self._tx.rows(
            """SELECT mine.edition_id, mine.period, e.period, MIN(l.known_at)
               FROM edition mine
               JOIN body own ON own.body_id = mine.body_id
               JOIN body b ON b.source_id = own.source_id AND b.table_hash = own.table_hash
               JOIN edition e ON e.body_id = b.body_id
               JOIN load_record l ON l.edition_id = e.edition_id
               WHERE mine.stream_id = ? AND e.document_id <> mine.document_id AND e.period <> mine.period
               GROUP BY mine.edition_id, mine.period, e.period""",
            (self.stream_id,),
        ):
            mine, other = Period.parse(own), Period.parse(period)
            if other < mine and not other.covers_same(mine):
                found.setdefault(edition_id, []).append((other, known_at))
        told = {}
        for edition_id, earlier in found.items():
            before, since = max(earlier)
            told[edition_id] = (since, Check("identical_to_previous", Verdict.HOLD, f"the table is that of {before}"))
        return told

    def _gate(self, appearance: Appearance, other: Edition, revision: bool) -> tuple[Check, ...]:
        edition = appearance.edition
        before, now = self.bodies[other.body_id], self.bodies[edition.body_id]
        if before.rows == 0:
            return ()
        pairing = self._pairings.of(before.body_id, now.body_id)
        facts = Beside(
            f"what {other.period} was said to be" if revision else other.period,
            before.rows,
            now.rows,
            pairing.dropped,
            pairing.added,
            pairing.unmoved,
            before.mean_progress,
            now.mean_progress,
            revision,
        )
        return held_by(against(facts, self.settings[edition.edition_id]))


def failed_checks(checks: str) -> tuple[Check, ...]:
    """The checks that hold, from the JSON of an edition."""
    found: Sequence[tuple[str, str, str]] = json.loads(checks)
    return tuple(Check(name, Verdict.HOLD, evidence) for name, verdict, evidence in found if verdict == "hold")
