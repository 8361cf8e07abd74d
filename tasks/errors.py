"""The root of every error this project raises on purpose.

Each room has an `errors.py` of its own with one class per failure. A message names the source and the URL or
file where they are known, the offending value, and what to do; `docs/runbook/` has an entry per class.
"""

from __future__ import annotations

from warehouse.failure import JibaoError

__all__ = ["JibaoError", "UsageError"]


class UsageError(JibaoError):
    """Wrong arguments or configuration: nothing was started."""

    remedy = "Correct the command or the configuration and run it again."
    exit_status = 2


class CompiledStale(JibaoError):
    """The compiled modules were built from other sources than those that stand here."""

    remedy = "`make compiled` builds them anew; `make plain` removes them and runs the sources."
    exit_status = 2
