"""One document outside any run: a file or a URL, read as the pipeline would read it."""

from __future__ import annotations

from pathlib import Path

from tasks.archive import Archive
from tasks.config import Source
from tasks.config.fields import is_private_host
from tasks.discover.urls import asked_url
from tasks.errors import UsageError
from tasks.fetch import Fetcher, Policy
from tasks.fetch.addresses import web_url
from tasks.model import Attachment, FetchResult, Outcome, Period, Report
from tasks.observe import observe
from tasks.pipeline.acquire import Acquired, acquire, hints_for
from tasks.pipeline.settings import Settings
from tasks.read import ReadHints, read


class NoSuchDocument(UsageError):
    """A path that cannot be read, or a document that the warehouse does not know."""

    remedy = "Check the name; `jibao query v_document` lists what the warehouse knows."


class NotFetched(UsageError):
    """A URL whose document did not arrive: blocked, gone or failed."""

    remedy = "The reason says what came back instead. A block is not got round: wait, or use a web archive."
    exit_status = 1


def _hints(source: Source | None, period: Period | None) -> ReadHints:
    base = hints_for(source) if source else ReadHints()
    return ReadHints(publisher=base.publisher, period=period, columns=base.columns)


def parse_file(path: Path, *, source: Source | None = None, period: Period | None = None) -> Acquired:
    """Read a file. Raises NoSuchDocument, or the read room's errors naming the path."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise NoSuchDocument(f"{error.strerror or error}", where=str(path)) from None
    report: Report = read(body, name=path.name, hints=_hints(source, period))
    return Acquired(report, observe(report), ())


def _typed(url: str) -> Policy:
    """The policy for an address that a person typed: its own host and, on a private one, its own port."""
    asked = web_url(url)
    return Policy(
        id="command-line",
        allow_hosts=(asked.host,),
        allow_private_hosts=is_private_host(asked.host),
        delay_seconds=0.2,
        private_ports=frozenset({asked.port}),
    )


def parse_url(settings: Settings, url: str, *, source: Source | None = None, period: Period | None = None) -> Acquired:
    """Fetch and read one URL, its attachments where the table is there. Raises NotFetched and the rooms' errors.

    Without a source the URL's own host is the only one asked; that a person typed it makes a private one allowed.
    """
    policy = source or _typed(url)
    with Archive(settings.archive) as archive, Fetcher(archive, state_dir=settings.state) as fetcher:
        page = fetcher.fetch(url, source=policy, purpose="document")
        if page.outcome not in {Outcome.NEW, Outcome.UNCHANGED}:
            raise NotFetched(f"{page.outcome}: {page.detail}", where=url)

        def fetch_attachment(link: Attachment) -> FetchResult:
            return fetcher.fetch(asked_url(link.url), source=policy, purpose="attachment")

        return acquire(page, hints=_hints(source, period), fetch_attachment=fetch_attachment, kept=archive.read)
