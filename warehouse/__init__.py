"""What is kept: tables, views, two clocks, leases. Knows nothing of portals and documents' formats."""

from warehouse.facts import CheckFact, FetchFact, Pending, PreviewChange, WarningFact
from warehouse.store import Warehouse

__all__ = ["CheckFact", "FetchFact", "Pending", "PreviewChange", "Warehouse", "WarningFact"]
