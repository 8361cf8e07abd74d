"""What is kept: tables, views, two clocks, leases. Knows nothing of portals and documents' formats.

Names are loaded at first use: the errors' root stands in this package, and whoever only raises one (a reader in a
child process, `jibao parse`) should not wait for a database toolkit.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from warehouse.facts import CheckFact, FetchFact, Pending, PreviewChange, WarningFact
    from warehouse.store import Warehouse

__all__ = ["CheckFact", "FetchFact", "Pending", "PreviewChange", "Warehouse", "WarningFact"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("warehouse.store" if name == "Warehouse" else "warehouse.facts"), name)
