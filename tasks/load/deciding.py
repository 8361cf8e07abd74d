"""What people and absences say about a document: accept, reject, withdrawn. One transaction each, recorded with who."""

from __future__ import annotations

from datetime import datetime

from tasks.load.disclosure import LoadResult
from tasks.load.errors import AmbiguousDocument, NothingPending
from tasks.load.loading import changes_to, standing
from tasks.load.stream import Stream
from tasks.model import Period
from warehouse import Warehouse, clock
from warehouse.engine import Transaction
from warehouse.keys import key


def decide(
    warehouse: Warehouse,
    document_id: str,
    verdict: str,
    *,
    who: str,
    why: str,
    run_id: str,
    now: datetime | None = None,
) -> LoadResult:
    """Accept or reject a held document: `verdict` is `accept` or `reject`. The start of an id is enough.

    Accepting loads it from this moment on, rejecting keeps it as evidence only. Who rejected in error accepts it
    afterwards: both decisions are recorded with who and why. Raises NothingPending, AmbiguousDocument.
    """
    if verdict not in ("accept", "reject"):
        raise ValueError(f"{verdict!r} is neither accept nor reject")
    at = clock.stamp(now or clock.now())
    waiting = {item.document_id: item.source_id for item in warehouse.pending()}
    fitting = sorted(whole for whole in waiting if document_id and whole.startswith(document_id))
    state = "held"
    if not fitting and verdict == "accept" and document_id:
        waiting = warehouse.rejected()
        fitting = sorted(whole for whole in waiting if whole.startswith(document_id))
        state = "rejected"
    if not fitting:
        raise NothingPending(f"no held document has the id {document_id!r}")
    if len(fitting) > 1:
        raise AmbiguousDocument(f"{document_id!r} fits {', '.join(fitting)}")
    whole_id = fitting[0]
    source_id = waiting[whole_id]

    def work(tx: Transaction) -> LoadResult:
        found = tx.one(
            "SELECT s.edition_id, s.stream_id, e.period, e.url, s.known_from FROM document_state s "
            "JOIN edition e ON e.edition_id = s.edition_id "
            "WHERE s.document_id = ? AND s.state = ? AND s.known_to IS NULL ORDER BY s.revision DESC",
            (whole_id, state),
        )
        if found is None:
            raise NothingPending(f"{whole_id} was decided meanwhile")
        edition_id, stream_id, period, url, since = found
        moment = max(at, since)
        columns = ("decision_id", "document_id", "edition_id", "verdict", "who", "why", "decided_at")
        decision_id = key(whole_id, edition_id, verdict, moment)
        tx.insert("decision", columns, [(decision_id, whole_id, edition_id, verdict, who, why, moment)], ignore=True)
        stream = Stream(tx, warehouse.memo, stream_id, source_id, run_id)
        timeline = stream.refresh()
        told = standing(timeline, whole_id, edition_id)
        return LoadResult(
            state=told.state,
            relation="accepted" if verdict == "accept" else "rejected",
            document_id=whole_id,
            edition_id=edition_id,
            revision=told.revision,
            source_id=source_id,
            period=Period.parse(period),
            url=url or "",
            changes=changes_to(stream, timeline, edition_id) if verdict == "accept" else (),
            failed=told.reason,
        )

    return warehouse.transact(work, lock=source_id)


def record_absence(
    warehouse: Warehouse, source_id: str, url: str, *, outcome: str, at: datetime, run_id: str, detail: str = ""
) -> bool:
    """A document that is still listed could not be had (`gone`): evidence, not yet a withdrawal.

    Only a document seen missing on three different days with no sight of it in between counts as withdrawn; its rows
    stay. Returns whether it does now. An address that the warehouse does not know is left alone.
    """
    seen_at = clock.stamp(at)

    def work(tx: Transaction) -> bool:
        found = tx.rows(
            "SELECT d.document_id FROM document d JOIN document_url u ON u.document_id = d.document_id "
            "WHERE d.source_id = ? AND u.url = ?",
            (source_id, url),
        )
        gone = False
        for (document_id,) in found:
            columns = ("absence_id", "document_id", "outcome", "detail", "seen_at", "run_id")
            row = (key(document_id, seen_at), document_id, outcome, detail, seen_at, run_id)
            tx.insert("absence", columns, [row], ignore=True)
            gone = _refresh(tx, warehouse, source_id, document_id, run_id) or gone
        return gone

    return warehouse.transact(work, lock=source_id)


def confirm_withdrawal(
    warehouse: Warehouse, document_id: str, *, who: str, why: str, run_id: str, now: datetime | None = None
) -> None:
    """A person confirms that the publisher has withdrawn a document. Its rows stay, its state says so."""
    at = clock.stamp(now or clock.now())

    def work(tx: Transaction) -> None:
        found = tx.one("SELECT source_id FROM document WHERE document_id = ?", (document_id,))
        if found is None:
            raise NothingPending(f"no document has the id {document_id!r}")
        columns = ("decision_id", "document_id", "edition_id", "verdict", "who", "why", "decided_at")
        row = (key(document_id, "withdraw", at), document_id, None, "withdraw", who, why, at)
        tx.insert("decision", columns, [row], ignore=True)
        _refresh(tx, warehouse, found[0], document_id, run_id)

    warehouse.transact(work, lock="decisions")


def _refresh(tx: Transaction, warehouse: Warehouse, source_id: str, document_id: str, run_id: str) -> bool:
    """Derive the document's streams anew; whether it is withdrawn now."""
    streams = tx.rows("SELECT DISTINCT stream_id FROM edition WHERE document_id = ?", (document_id,))
    for (stream_id,) in sorted(streams):
        Stream(tx, warehouse.memo, stream_id, source_id, run_id).refresh()
    query = "SELECT 1 FROM document_state WHERE document_id = ? AND state = 'withdrawn' AND known_to IS NULL"
    return tx.one(query, (document_id,)) is not None
