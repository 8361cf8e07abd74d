"""Leases: at most one run at work on a (source, period), without a lock that outlives its run."""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import psutil

from warehouse import clock, errors
from warehouse.engine import Database, Transaction

_POLL = 0.2  # seconds between two looks at a lease that another run holds


@dataclass
class Lease:
    """A lease that this process holds. `check` raises LeaseLost once another run has taken it over."""

    source_id: str
    period: str
    holder: str
    ttl: float
    _lost: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Raise LeaseLost if the lease is no longer ours."""
        if self._lost.is_set():
            raise errors.LeaseLost(f"the lease on {self.period} is held by another run", source=self.source_id)


@contextmanager
def held(
    database: Database, source_id: str, period: str, *, ttl: float, wait: float, run_id: str | None
) -> Iterator[Lease]:
    """Take the lease, renew it in a thread of its own, give it back."""
    lease = Lease(source_id, period, _holder(), ttl)
    deadline = time.monotonic() + wait
    while (other := _take(database, lease, run_id)) is not None:
        if time.monotonic() >= deadline:
            raise errors.LeaseHeld(f"{period} is being worked on by {other}", source=source_id, where=database.where)
        time.sleep(_POLL)
    stop = threading.Event()
    keeper = threading.Thread(target=_keep, args=(database, lease, stop), name=f"lease {source_id}", daemon=True)
    keeper.start()
    try:
        yield lease
    finally:
        stop.set()
        keeper.join(timeout=database.busy_seconds)
        with database.write(f"lease:{source_id}") as transaction:
            transaction.run(
                "DELETE FROM lease WHERE source_id = ? AND period = ? AND holder = ?",
                (source_id, period, lease.holder),
            )


def _holder() -> str:
    """Machine, process and its start, and a nonce: enough to tell whether the holder still lives."""
    started = int(psutil.Process().create_time())
    return f"{socket.gethostname()}:{os.getpid()}:{started}:{secrets.token_hex(4)}"


def _alive(holder: str) -> bool:
    """Whether the holder may still be at work: only a process of this machine that is gone is surely not."""
    host, pid, started, _ = holder.rsplit(":", 3)
    if host != socket.gethostname():
        return True
    try:
        return int(psutil.Process(int(pid)).create_time()) == int(started)
    except (psutil.NoSuchProcess, ValueError):
        return False
    except psutil.Error:
        return True


def _take(database: Database, lease: Lease, run_id: str | None) -> str | None:
    """Take the lease if it is free; else who holds it."""
    with database.write(f"lease:{lease.source_id}") as transaction:
        at = clock.now()
        found = transaction.one(
            "SELECT holder, run_id, expires_at FROM lease WHERE source_id = ? AND period = ?",
            (lease.source_id, lease.period),
        )
        if found is not None:
            holder, holding_run, expires = found
            if expires > clock.stamp(at) and _alive(holder):
                return f"run {holding_run} ({holder.rsplit(':', 2)[0]}) until {expires}"
            transaction.run("DELETE FROM lease WHERE source_id = ? AND period = ?", (lease.source_id, lease.period))
        columns = ("source_id", "period", "holder", "run_id", "acquired_at", "expires_at")
        until = clock.stamp(at + timedelta(seconds=lease.ttl))
        transaction.insert(
            "lease", columns, [(lease.source_id, lease.period, lease.holder, run_id, clock.stamp(at), until)]
        )
    return None


def _renew(transaction: Transaction, lease: Lease) -> bool:
    until = clock.stamp(clock.now() + timedelta(seconds=lease.ttl))
    touched = transaction.run(
        "UPDATE lease SET expires_at = ? WHERE source_id = ? AND period = ? AND holder = ?",
        (until, lease.source_id, lease.period, lease.holder),
    )
    return touched == 1


def _keep(database: Database, lease: Lease, stop: threading.Event) -> None:
    while not stop.wait(lease.ttl / 3):
        try:
            with database.write(f"lease:{lease.source_id}") as transaction:
                if not _renew(transaction, lease):
                    lease._lost.set()
                    return
        except errors.WarehouseError:
            # A busy or absent database now may be back at the next turn; if not, the lease expires as it should.
            continue
