"""The warehouse as the steps and the commands see it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import polars as pl

from warehouse import clock, errors, leases, migrate, reading
from warehouse.bulk import append_alone
from warehouse.engine import Database, StepHook, Transaction
from warehouse.export import Manifest, export
from warehouse.facts import FetchFact, Pending, PreviewChange, WarningFact
from warehouse.keys import key
from warehouse.lineage import Lineage, lineage
from warehouse.memo import Memo

T = TypeVar("T")
_ATTEMPTS = 3


class Warehouse:
    """A warehouse under an SQLAlchemy URL (SQLite or PostgreSQL). Opened at first use; also a context manager.

    `busy_seconds` bounds every wait for another writer. `step` is called with each statement before it runs, and
    with COMMIT and COMMITTED: tests make it fail.
    """

    def __init__(
        self, url: str, *, busy_seconds: float = 30.0, migrate: bool = True, step: StepHook | None = None
    ) -> None:
        self._database = Database(url, busy_seconds=busy_seconds, step=step)
        self._migrate = migrate
        self._opened = False
        self.memo = Memo()

    # --- opening ---------------------------------------------------------------------------------------------------

    def open(self) -> Warehouse:
        """Connect and see to the schema: fresh and older ones are migrated in one transaction.

        Raises WarehouseUnreachable, WarehouseNewer, NotAWarehouse, or WarehouseOlder where `migrate` is off.
        """
        if not self._opened:
            try:
                migrate.bring_up(self._database, migrate=self._migrate)
            except errors.ConnectionLost:
                migrate.bring_up(self._database, migrate=self._migrate)
            self._opened = True
        return self

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Warehouse:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def where(self) -> str:
        """The URL without its password."""
        return self._database.where

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return "postgresql" if self._database.postgres else "sqlite"

    # --- transactions ----------------------------------------------------------------------------------------------

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A reading transaction: one moment for all of its queries."""
        with self.open()._database.read() as transaction:
            yield transaction

    def transact(
        self, work: Callable[[Transaction], T], *, lock: str, proof: Callable[[T], str | None] | None = None
    ) -> T:
        """Run `work` in one writing transaction, serialised with others of the same `lock`.

        A connection that breaks before the commit is answered by running `work` again; one that breaks at the commit
        by reading back the load record that `proof` tells of the result (None: there is nothing to read back and
        running `work` again does no harm). Raises ConnectionLost where that does not settle it.
        """
        database = self.open()._database
        for attempt in range(1, _ATTEMPTS + 1):
            done: list[T] = []
            try:
                with database.write(lock) as transaction:
                    done.append(work(transaction))
            except errors.ConnectionLost:
                load_id = proof(done[0]) if done and proof is not None else None
                if load_id is not None and self._arrived(load_id):
                    return done[0]
                if attempt == _ATTEMPTS:
                    raise
            else:
                return done[0]
        raise AssertionError("unreachable")

    def _answer(self, question: Callable[[Transaction], T]) -> T:
        """Ask in one reading transaction; a connection that breaks is answered by asking again."""
        database = self.open()._database
        for _ in range(_ATTEMPTS - 1):
            try:
                with database.read() as transaction:
                    return question(transaction)
            except errors.ConnectionLost:
                continue
        with database.read() as transaction:
            return question(transaction)

    def _arrived(self, load_id: str) -> bool:
        try:
            with self._database.read() as transaction:
                return transaction.one("SELECT 1 FROM load_record WHERE load_id = ?", (load_id,)) is not None
        except (errors.ConnectionLost, errors.WarehouseUnreachable):
            return False

    def append_frame(self, table: str, frame: pl.DataFrame) -> int:
        """Append a frame to a table in one transaction, at bulk speed; returns its rows. See `warehouse.bulk`."""
        return append_alone(self.open()._database, table, frame)

    # --- runs, requests, warnings, leases --------------------------------------------------------------------------

    def start_run(self, kind: str, period: str | None, flow_run_id: str | None = None) -> str:
        """Record that a run began; returns its run_id."""
        started = clock.now()
        run_id = f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(6)}"
        columns = ("run_id", "flow_run_id", "kind", "period", "state", "started_at")
        row = (run_id, flow_run_id, kind, period, "running", clock.stamp(started))
        self.transact(lambda tx: tx.insert("run", columns, [row], ignore=True), lock="run")
        return run_id

    def finish_run(self, run_id: str, state: str, counts: Mapping[str, Any] | None = None) -> None:
        """Record how a run ended; `counts` is kept as JSON. Raises NoSuchRun."""
        values = (state, clock.stamp(clock.now()), json.dumps(counts or {}, ensure_ascii=False, sort_keys=True), run_id)
        sql = "UPDATE run SET state = ?, ended_at = ?, counts = ? WHERE run_id = ?"
        if self.transact(lambda tx: tx.run(sql, values), lock="run") == 0:
            raise errors.NoSuchRun(f"{run_id!r} was never started here", where=self.where)

    def record_fetches(self, run_id: str, fetches: Iterable[FetchFact]) -> None:
        """Append to the log of requests (v_fetch)."""
        rows = []
        for item in fetches:
            at = clock.stamp(item.fetched_at)
            outcome = str(item.outcome)
            request_id = key(run_id, item.source_id, item.url, at, outcome, item.detail)
            rows.append(
                (request_id, item.source_id, item.url, outcome, item.http_status, item.detail, item.sha256, at, run_id)
            )
        columns = (
            "request_id",
            "source_id",
            "url",
            "outcome",
            "http_status",
            "detail",
            "sha256",
            "fetched_at",
            "run_id",
        )
        if rows:
            self.transact(lambda tx: tx.insert("request", columns, rows, ignore=True), lock="fetch")

    def record_warnings(self, run_id: str, warnings: Iterable[WarningFact]) -> None:
        """Keep warnings (v_warning). One that is known already stays as it is, with the run that first met it."""
        at = clock.stamp(clock.now())
        found = list(warnings)
        if found:
            self.transact(lambda tx: keep_warnings(tx, run_id, found, at), lock="warning")

    @contextmanager
    def lease(
        self, source_id: str, period: str, *, ttl: float = 60.0, wait: float = 0.0, run_id: str | None = None
    ) -> Iterator[leases.Lease]:
        """Hold (source, period) against other runs, renewing it every ttl/3 seconds.

        Waits up to `wait` seconds for a run that holds it, then raises LeaseHeld naming that run. The lease of a run
        that died is free `ttl` seconds after its last renewal, at once where it died on this machine.
        """
        with leases.held(self.open()._database, source_id, period, ttl=ttl, wait=wait, run_id=run_id) as lease:
            yield lease

    # --- reading ---------------------------------------------------------------------------------------------------

    def query(
        self,
        view: str,
        as_of: datetime | None = None,
        filters: Mapping[str, object] | None = None,
        *,
        current: bool = False,
    ) -> pl.DataFrame:
        """A view as a frame, ordered by its columns.

        `as_of`: what was believed at that moment. `filters`: column → a value, None, or a collection of values.
        `current`: only what is believed now. Raises NoSuchView for an unknown view or column.
        """
        return self._answer(lambda tx: reading.frame(tx, view, as_of=as_of, filters=filters or {}, current=current))

    def documents(self, source_id: str) -> pl.DataFrame:
        """The documents of a source as v_document tells them, current belief only."""
        return self.query("v_document", filters={"source_id": source_id}, current=True)

    def current(self, source_id: str, period: str, as_of: datetime | None = None) -> pl.DataFrame:
        """The rows of v_progress that are believed (or were, at `as_of`) about one period."""
        filters = {"source_id": source_id, "period": period}
        return self.query("v_progress", as_of=as_of, filters=filters, current=as_of is None)

    def pending(self) -> list[Pending]:
        """The held documents that wait for a person, by source and period."""
        return self._answer(reading.pending)

    def rejected(self) -> dict[str, str]:
        """The documents whose newest content a person has rejected → their sources."""
        return self._answer(reading.rejected)

    def preview(self, document_id: str) -> list[PreviewChange]:
        """What accepting a held document would change."""
        return self._answer(lambda tx: reading.preview(tx, document_id))

    def known_captures(self, source_id: str) -> dict[str, str]:
        """URL → sha256 of the capture that current belief about each document of a source rests on."""
        return self._answer(lambda tx: reading.known_captures(tx, source_id))

    def lineage(
        self,
        source_id: str,
        period: str,
        *,
        field: str = "status",
        row_index: int | None = None,
        commitment_id: str | None = None,
        as_of: datetime | None = None,
    ) -> tuple[Lineage, ...]:
        """From a value of v_progress to the bytes it was read from. See `warehouse.lineage`. Raises NoSuchValue."""
        return self._answer(
            lambda tx: lineage(
                tx, source_id, period, field=field, row_index=row_index, commitment_id=commitment_id, as_of=as_of
            )
        )

    def export(
        self,
        folder: str | Path,
        format: str = "parquet",
        *,
        as_of: datetime | None = None,
        views: Sequence[str] | None = None,
    ) -> Manifest:
        """Write the views to `folder` as parquet or csv, all of one moment; see `warehouse.export`."""
        with self.read() as transaction:
            return export(transaction, Path(folder), format, as_of=as_of, views=views)


def keep_warnings(transaction: Transaction, run_id: str, warnings: Iterable[WarningFact], at: str) -> None:
    """Keep warnings inside a transaction; `at` is an instant as text. Those known already stay as they are."""
    rows = {}
    for item in warnings:
        parts = (item.source_id, item.period, item.document_url, item.code, item.message)
        rows[key(*parts)] = (key(*parts), *parts, run_id, at)
    columns = ("warning_id", "source_id", "period", "document_url", "code", "message", "run_id", "known_from")
    transaction.insert("warning", columns, list(rows.values()), ignore=True)
