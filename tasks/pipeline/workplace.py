"""The effects that the steps of a run need, opened once and handed down: warehouse, archive, network, clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tasks.archive import Archive
from tasks.config import Source, SourcesFile, load_sources, select
from tasks.discover.ports import Fetching
from tasks.fetch import Fetcher, ReplayFetcher
from tasks.periods import today
from tasks.pipeline.settings import Settings
from warehouse import Warehouse


@dataclass(frozen=True)
class Workplace:
    """Open handles; safe to share between threads. `today` is the portals' date."""

    settings: Settings
    warehouse: Warehouse
    archive: Archive
    fetcher: Fetching
    today: Callable[[], date] = today


def local_folder(settings: Settings) -> None:
    """Make the folder of a SQLite warehouse, so that a first run needs no preparation."""
    prefix = "sqlite:///"
    if settings.warehouse.startswith(prefix) and ":memory:" not in settings.warehouse:
        Path(settings.warehouse[len(prefix) :].split("?")[0]).parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def open_workplace(settings: Settings, *, from_archive: bool = False) -> Iterator[Workplace]:
    """Open warehouse, archive and fetcher; closes them in the other order. Raises their rooms' errors.

    `from_archive`: kept captures answer instead of the network.
    """
    local_folder(settings)
    with ExitStack() as stack:
        warehouse = stack.enter_context(Warehouse(settings.warehouse))
        archive = stack.enter_context(Archive(settings.archive))
        fetcher: Fetching = stack.enter_context(
            ReplayFetcher(archive) if from_archive else Fetcher(archive, state_dir=settings.state)
        )
        yield Workplace(settings, warehouse, archive, fetcher)


def configured(settings: Settings, source_ids: tuple[str, ...] = ()) -> tuple[SourcesFile, tuple[Source, ...]]:
    """The validated file and the sources of it that a run is about: those named, else all enabled ones."""
    file = load_sources(settings.sources)
    return file, select(file, source_ids)
