"""What the steps of a run need, opened once and handed down: warehouse, archive, network, readers, clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from tasks.archive import Archive
from tasks.config import Source, SourcesFile, load_sources, select
from tasks.config.fields import is_private_host
from tasks.discover.ports import Fetching
from tasks.errors import UsageError
from tasks.fetch import Fetcher, ReplayFetcher
from tasks.periods import today
from tasks.pipeline.collector import relaxed_collector
from tasks.pipeline.readers import Readers
from tasks.pipeline.reading import Reader, read_here
from tasks.pipeline.settings import Settings
from warehouse import Warehouse


class BadWarehouseUrl(UsageError):
    """A warehouse that is not named by a URL."""

    remedy = "Write sqlite:///data/jibao.db or postgresql+psycopg://user@host/database."


@dataclass(frozen=True)
class Workplace:
    """Open handles; safe to share between threads. `today` is the portals' date."""

    settings: Settings
    warehouse: Warehouse
    archive: Archive
    fetcher: Fetching
    reader: Reader = read_here
    today: Callable[[], date] = today


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite URL; None for memory and for other databases."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        # The text may hold a password: it is not repeated.
        raise BadWarehouseUrl("the warehouse is not an SQLAlchemy URL") from None
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)


def make_room(settings: Settings) -> None:
    """Make the folder of a SQLite warehouse, so that a first run needs no preparation."""
    path = sqlite_path(settings.warehouse)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def open_workplace(settings: Settings, *, from_archive: bool = False) -> Iterator[Workplace]:
    """Open warehouse, archive and fetcher; closes them in the other order. Raises their rooms' errors.

    `from_archive`: kept captures answer instead of the network.
    """
    make_room(settings)
    with ExitStack() as stack:
        stack.enter_context(relaxed_collector())
        warehouse = stack.enter_context(Warehouse(settings.warehouse))
        archive = stack.enter_context(Archive(settings.archive))
        fetcher: Fetching
        if from_archive:
            fetcher = stack.enter_context(ReplayFetcher(archive))
        else:
            fetcher = stack.enter_context(Fetcher(archive, state_dir=settings.state))
        yield Workplace(settings, warehouse, archive, fetcher, stack.enter_context(Readers()))


def unnamed(sources: Sequence[Source], environ: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of the sources that would be asked over the public network by a caller who names no contact."""
    if environ.get("JIBAO_CONTACT", "").strip():
        return ()
    return tuple(source.id for source in sources if any(not is_private_host(host) for host in source.asked_hosts))


def configured(settings: Settings, source_ids: tuple[str, ...] = ()) -> tuple[SourcesFile, tuple[Source, ...]]:
    """The validated file and the sources of it that a run is about: those named, else all enabled ones."""
    file = load_sources(settings.sources)
    return file, select(file, source_ids)


class NoWarehouse(UsageError):
    """A command that reads the warehouse was given a file that does not exist."""

    remedy = "Name it with --warehouse or JIBAO_WAREHOUSE, or fill it first: jibao ingest."


@contextmanager
def existing_warehouse(settings: Settings) -> Iterator[Warehouse]:
    """The warehouse for reading. Raises NoWarehouse instead of making an empty one under a mistyped name."""
    path = sqlite_path(settings.warehouse)
    if path is not None and not path.exists():
        raise NoWarehouse(f"{path} does not exist")
    with Warehouse(settings.warehouse) as warehouse:
        yield warehouse
