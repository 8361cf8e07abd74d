"""When a page is read whole although its portal would say that nothing has changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tasks.config import Source
from tasks.model import Capture

_LIST_DAYS = 7  # a list whose validators lie hides new reports: it is not believed as long as a document is


def full_read_due(source: Source, known: Capture | None, *, listing: bool = False, now: datetime | None = None) -> bool:
    """Whether `known`, the last bytes that came, is older than the source's `full_reread_days`.

    Some portals answer 304, or the same ETag, for what they have edited: only a read without conditions finds that.
    """
    if known is None:
        return False
    days = min(source.full_reread_days, _LIST_DAYS) if listing else source.full_reread_days
    return (now or datetime.now(UTC)) - known.fetched_at >= timedelta(days=days)
