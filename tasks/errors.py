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
