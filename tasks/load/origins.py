# ruff: noqa: S608  (names come from the schema, values are always bound)
"""The sentences of January's work report that made the promises of a year's tables.

A link is a fact about two bodies, a report's and a table's, computed once when the second of them arrives. Which links
count is told by belief in both (view `v_promise`).
"""

from __future__ import annotations

from tasks.compare import Origin, link_promises
from tasks.load.naming import could_be_one
from tasks.load.stored import body_rows
from tasks.model import Kind
from warehouse.engine import Transaction
from warehouse.memo import Memo

TABLES = (Kind.EXECUTION, Kind.INDICATORS, Kind.LIVELIHOOD)


class Origins:
    """Promises of one load, inside its transaction."""

    def __init__(self, transaction: Transaction, memo: Memo) -> None:
        self._tx = transaction
        self._memo = memo

    def bring_to(self, kind: str, year: int, edition_id: str) -> None:
        """Hold an edition against all of the other side about its year: same source, or same publisher."""
        if kind != Kind.WORK_REPORT and kind not in TABLES:
            return
        report = kind == Kind.WORK_REPORT
        self._wait(year, alone=report)
        others = self._editions((Kind.WORK_REPORT,) if not report else TABLES, year)
        if not others:
            return
        query = "SELECT body_id, source_id, publisher FROM edition WHERE edition_id = ?"
        own = self._tx.one(query, (edition_id,))
        assert own is not None
        body_id, source_id, publisher = own
        for other, source, named in sorted(others):
            if source == source_id or could_be_one(publisher, named):
                self._link(*((body_id, other) if report else (other, body_id)))

    def _wait(self, year: int, *, alone: bool) -> None:
        """Two loads at once must not miss each other: a report waits for the year's tables and they for it."""
        if self._tx.postgres:
            how = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
            self._tx.run(f"SELECT {how}(hashtextextended(?, 0))", (f"jibao promises:{year}",))

    def _editions(self, kinds: tuple[Kind, ...], year: int) -> list[tuple[str, str, str]]:
        marks = ", ".join("?" * len(kinds))
        found = self._tx.rows(
            f"SELECT DISTINCT body_id, source_id, COALESCE(publisher, '') FROM edition "
            f"WHERE kind IN ({marks}) AND period >= ? AND period < ?",
            (*map(str, kinds), str(year), str(year + 1)),
        )
        return [(body, source, named) for body, source, named in found]

    def _link(self, report: str, table: str) -> None:
        where = (report, table)
        if self._tx.one("SELECT 1 FROM origin_search WHERE report_body = ? AND body_id = ?", where):
            return
        text = self._tx.one("SELECT text FROM prose WHERE body_id = ?", (report,))
        rows = body_rows(self._tx, self._memo, table)
        if text is None or not rows:
            return
        columns = ("body_id", "row_index", "report_body", "promise", "text_start", "text_end", "confidence")
        self._tx.insert(
            "origin",
            columns,
            [(table, o.row, report, *_trimmed(o), o.confidence) for o in link_promises([text[0]], rows)],
        )
        self._tx.insert("origin_search", ("report_body", "body_id"), [where])


def _trimmed(origin: Origin) -> tuple[str, int, int]:
    """The sentence without the blanks around it, and where it stands."""
    told = origin.sentence.strip()
    start = origin.start + origin.sentence.index(told)
    return told, start, start + len(told)


def forget(transaction: Transaction, body_id: str) -> None:
    """Forget what was found in a report's text (or for a table), because another capture is its proof now."""
    transaction.run("DELETE FROM prose WHERE body_id = ?", (body_id,))
    for table in ("origin", "origin_search"):
        transaction.run(f"DELETE FROM {table} WHERE body_id = ? OR report_body = ?", (body_id, body_id))
