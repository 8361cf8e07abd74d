"""Python's cycle collector while much is read: a document is thousands of small objects and hardly a cycle."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_ALLOCATIONS = 50_000  # net new containers before a collection; the default is 700


@contextmanager
def relaxed_collector() -> Iterator[None]:
    """Collect seldom, and leave out what stands already (modules, patterns): a tenth of a run's time otherwise.

    Where somebody set a higher threshold it stays.
    """
    before = gc.get_threshold()
    if not 0 < before[0] < _ALLOCATIONS:
        yield
        return
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
