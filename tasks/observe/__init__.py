"""Quantities in Chinese prose. `docs/observations.md` says how the grammar reads and where it still fails."""

from tasks.observe.grammar import Context, quantities
from tasks.observe.report import observe

__all__ = ["Context", "observe", "quantities"]
