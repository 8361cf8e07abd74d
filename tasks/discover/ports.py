"""What discovery asks of its neighbours, and what it hands on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from tasks.config import Source
from tasks.model import Capture, DocumentRef, FetchResult, Warn

Progress = Callable[[str], None]


class Fetching(Protocol):
    """The part of `tasks.fetch.Fetcher` that discovery uses; a replay from the archive has it too."""

    def fetch(
        self,
        url: str,
        *,
        source: Any,
        method: str = "GET",
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        purpose: str = "document",
        known: Capture | None = None,
        full: bool = False,
        title: str = "",
    ) -> FetchResult:
        """One request; every expected negative answer is an outcome, not an exception."""
        ...


class Keeping(Protocol):
    """The part of `tasks.archive.Archive` that discovery uses."""

    def put(
        self,
        body: bytes,
        *,
        url: str,
        final_url: str | None = None,
        status: int = 200,
        headers: Any = (),
        fetched_at: datetime,
        via: str = "live",
        title: str = "",
        source_id: str = "",
        purpose: str = "",
    ) -> Capture:
        """Keep one response, durable when it returns."""
        ...

    def latest(self, url: str, *, source_id: str | None = None) -> Capture | None:
        """The newest capture of a URL, by GET."""
        ...

    def captures(
        self,
        url: str | None = None,
        *,
        source_id: str | None = None,
        tolerate_damage: bool = False,
        must_exist: bool = True,
    ) -> Iterator[Capture]:
        """Captures of a URL, by time."""
        ...

    def read(self, sha256: str) -> bytes:
        """A kept body."""
        ...


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing that is believed.

    `documents` are the entries whose titles the source wants, newest first as listed; of an archive, one for each
    different content of an article, oldest first. `seen` counts the records read, wanted or not; hand it back as
    `previously` next time. `complete` is False where the portal declares more than could be read.
    """

    documents: tuple[DocumentRef, ...]
    declared_total: int | None
    seen: int
    warnings: tuple[Warn, ...] = ()
    fetches: tuple[FetchResult, ...] = ()
    complete: bool = True
    unmatched: int = 0  # articles whose title the source does not want
    skipped: int = 0  # records that lead nowhere or to other hosts
    goes_on: str = ""  # why what lies beyond the entries read could not be asked for, where nothing tells how much


@dataclass(slots=True)
class Asking:
    """A source, how it is asked, and everything that came back so far."""

    source: Source
    fetcher: Fetching
    archive: Keeping | None
    on_progress: Progress | None
    fetches: list[FetchResult]
    warnings: list[Warn]
    full: bool = False  # lists are asked for without conditions

    def warn(self, code: str, message: str) -> None:
        """Note something once."""
        warning = Warn(code, message)
        if warning not in self.warnings:
            self.warnings.append(warning)

    def progress(self, message: str) -> None:
        """Tell whoever watches."""
        if self.on_progress is not None:
            self.on_progress(message)
