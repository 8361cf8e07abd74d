"""v_fetch as a run writes it: every request, whatever it came to."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from types import TracebackType

from tasks.config import Source
from tasks.model import FetchResult
from tasks.pipeline.workplace import Workplace
from warehouse import FetchFact

_MOST = 32
_SECONDS = 1.0


def log_fetches(work: Workplace, source: Source, run_id: str, fetches: Sequence[FetchResult]) -> None:
    """Write fetches in one transaction. The same one twice is written once."""
    work.warehouse.record_fetches(
        run_id,
        [
            FetchFact(
                source_id=source.id,
                url=one.url,
                outcome=str(one.outcome),
                fetched_at=one.fetched_at,
                http_status=one.http_status,
                detail=one.detail,
                sha256=one.capture.sha256 if one.capture else None,
            )
            for one in fetches
        ],
    )


class FetchLog:
    """The fetches of a source on their way to v_fetch: a transaction for many of them, at most a second late.

    Any thread may `add`; one thread writes. Leaving the block writes the rest, however it is left. A fetch that could
    not be written stays for the next time.
    """

    def __init__(self, work: Workplace, source: Source, run_id: str) -> None:
        self._work, self._source, self._run_id = work, source, run_id
        self._waiting: deque[FetchResult] = deque()
        self._written_at = time.monotonic()

    def add(self, fetch: FetchResult) -> None:
        """Take one fetch."""
        self._waiting.append(fetch)

    def write_if_due(self) -> None:
        """Write where there are many or the last time is a while ago."""
        if len(self._waiting) >= _MOST or time.monotonic() - self._written_at >= _SECONDS:
            self.write()

    def write(self) -> None:
        """Write all that was added. Raises the warehouse's errors."""
        fetches = list(self._waiting)
        log_fetches(self._work, self._source, self._run_id, fetches)
        for _ in fetches:
            self._waiting.popleft()
        self._written_at = time.monotonic()

    def __enter__(self) -> FetchLog:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.write()
