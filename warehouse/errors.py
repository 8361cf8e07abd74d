"""One class per failure of the warehouse, each with its remedy."""

from __future__ import annotations

from warehouse.failure import JibaoError


class WarehouseError(JibaoError):
    """A failure of the warehouse that a user or a machine can cause; never shown as a traceback."""

    remedy = "Read the reason; the warehouse itself was left as it was."


class WarehouseUrlError(WarehouseError):
    """The URL of the warehouse cannot be used."""

    remedy = "Give an SQLAlchemy URL such as sqlite:///jibao.db or postgresql://user@host/jibao."
    exit_status = 2


class WarehouseUnreachable(WarehouseError):
    """No connection to the database could be made."""

    remedy = "Start the database, or correct host, name and credentials in the warehouse URL; then run it again."


class WarehouseOlder(WarehouseError):
    """The schema is older than this program, and opening was asked not to migrate."""

    remedy = "Run a command that writes (such as `jibao ingest`), which migrates it, or open it with migrate=True."


class WarehouseNewer(WarehouseError):
    """The schema was written by a newer version of this program. Nothing was written."""

    remedy = "Update this program, or name another warehouse with --warehouse."


class NotAWarehouse(WarehouseError):
    """The database holds tables, but not ours; it is left alone."""

    remedy = "Name an empty database or an existing warehouse with --warehouse."
    exit_status = 2


class WarehouseBusy(WarehouseError):
    """Another writer held the lock for longer than we wait. Nothing was written."""

    remedy = "Wait for the other run to end (or end it), then run it again."


class WarehouseFull(WarehouseError):
    """The disk under the database is full. The transaction was rolled back."""

    remedy = "Free some space on that disk, then run it again; nothing is half loaded."


class WarehouseReadOnly(WarehouseError):
    """The database, its folder or its role does not let us write."""

    remedy = "Give this user the right to write to the database (for SQLite also to its folder)."


class WarehouseDamaged(WarehouseError):
    """The database file is not readable as one."""

    remedy = "Restore it from a backup, or move it away and rebuild: `jibao backfill --from-archive`."


class ConnectionLost(WarehouseError):
    """The connection broke and the outcome could not be settled by reading it back."""

    remedy = "Run it again: a load that did arrive is recognised and adds nothing twice."


class LeaseHeld(WarehouseError):
    """Another run is at work on this source and period."""

    remedy = "Wait for that run; the lease of a run that died expires by itself."


class LeaseLost(WarehouseError):
    """This run's lease expired and another run took it over."""

    remedy = "Run it again; the machine was probably suspended for longer than the lease."


class NoSuchValue(WarehouseError):
    """A value whose origin was asked for is not believed, or was never there."""

    remedy = "See `jibao query v_progress` for what is believed, with row_index and commitment_id."
    exit_status = 2


class NoSuchView(WarehouseError):
    """A view that the contract does not list."""

    remedy = "Use one of the views of docs/warehouse.md."
    exit_status = 2


class ExportFailed(WarehouseError):
    """The export could not be written; the last whole export in the folder is as it was."""

    remedy = "Check the space and the rights on the folder, then export again."


class NoSuchRun(WarehouseError):
    """A run that this warehouse does not know."""

    remedy = "Use the run_id that start_run returned for this warehouse."
