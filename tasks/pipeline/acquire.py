"""One document from its listing entry to a read disclosure: fetch the page, its attachments where the table is there,
read, observe. Nothing here touches the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tasks.config import Source
from tasks.errors import JibaoError
from tasks.load.body import Body
from tasks.model import Attachment, Capture, FetchResult, Observation, Outcome, Report, Warn
from tasks.pipeline.reading import Reader, Told, ToRead, observed, read_here
from tasks.read import ReadHints

_MAX_ATTACHMENTS = 12


class AttachmentsUnreadable(JibaoError):
    """A page promises its table in an attachment, and none of its files gave one."""

    remedy = "Open the page: if the file is a scan or an unsupported format, ask the publisher for a table."


class NoBytes(JibaoError):
    """A fetch said that there is a document, and no bytes of it are kept."""

    remedy = "Run again with --full; if it stays, `jibao archive verify` tells which captures are missing."


@dataclass(frozen=True, slots=True)
class Acquired:
    """A document as read: `captures[0]` is what the rows came from, the page (where another) stands behind it.

    `body`: what the warehouse keeps, where it was asked for and the period is known; it holds the observations then.
    """

    report: Report
    observations: tuple[Observation, ...]
    captures: tuple[Capture, ...]
    fetches: tuple[FetchResult, ...] = field(default=())
    body: Body | None = None


FetchAttachment = Callable[[Attachment], FetchResult]


def hints_for(source: Source, *, title: str | None = None) -> ReadHints:
    """What the configuration and the listing know of a document before it is read."""
    columns = {heading: column for column, headings in source.aliases.model_dump().items() for heading in headings}
    return ReadHints(publisher=source.publisher, title=title, columns=columns)


def body_of(result: FetchResult, kept: Callable[[str], bytes]) -> bytes:
    """The bytes of a fetch; those kept under its capture where a 304 brought none. Raises NoBytes."""
    if result.body is not None:
        return result.body
    if result.capture is None:
        raise NoBytes(f"{result.outcome} without a body", where=result.url)
    return kept(result.capture.sha256)


def content_type(capture: Capture | None) -> str | None:
    """The Content-Type header of a capture."""
    headers = capture.headers if capture else ()
    return next((value for name, value in headers if name.lower() == "content-type"), None)


def acquire(
    page: FetchResult,
    *,
    hints: ReadHints,
    fetch_attachment: FetchAttachment | None,
    kept: Callable[[str], bytes],
    reader: Reader = read_here,
    fetched: Callable[[FetchResult], None] | None = None,
    to_load: bool = False,
) -> Acquired:
    """Read a fetched page; where it holds no table but links to files, fetch and read those.

    `fetch_attachment` None leaves attachments alone. `kept` gives the bytes of a capture; `reader` reads and observes.
    `fetched` is told each attachment's fetch at once, whatever becomes of the document. `to_load`: the body is made
    instead of the observations. Raises the read room's errors, AttachmentsUnreadable naming each file's reason,
    NoBytes.
    """
    capture = page.capture
    told = reader(
        ToRead(
            body_of(page, kept),
            capture.title or None if capture else None,
            capture.final_url if capture else page.url,
            content_type(capture),
            hints,
            to_load=to_load,
        )
    )
    report = told.report
    captures = (capture,) if capture else ()
    if report.rows or not report.attachments or fetch_attachment is None:
        return _acquired(told, captures, to_load=to_load)
    found, fetches, failures = _first_with_rows(report, hints, fetch_attachment, kept, reader, fetched, to_load)
    if found is None:
        if report.sections or not failures:
            # Prose with an annex that is no table is still prose; what could not be read is told.
            warnings = tuple(Warn("attachment_not_read", reason) for reason in failures)
            told = replace(told, report=replace(report, warnings=report.warnings + warnings))
            return _acquired(told, captures, fetches, to_load=to_load)
        raise AttachmentsUnreadable("; ".join(failures), where=page.url)
    attached, attached_capture = found
    report = replace(
        attached.report,
        warnings=attached.report.warnings
        + tuple(w for w in report.warnings if w.code not in {"table_in_attachment", "period_unknown"})
        + tuple(Warn("attachment_not_read", reason) for reason in failures),
        attachments=report.attachments,
    )
    return _acquired(replace(attached, report=report), (attached_capture, *captures), fetches, to_load=to_load)


def _acquired(
    told: Told, captures: tuple[Capture, ...], fetches: tuple[FetchResult, ...] = (), *, to_load: bool
) -> Acquired:
    if told.observations is None:
        told = observed(told.report, to_load=to_load)
    return Acquired(told.report, told.observations or (), captures, fetches, told.body)


def _first_with_rows(
    report: Report,
    hints: ReadHints,
    fetch_attachment: FetchAttachment,
    kept: Callable[[str], bytes],
    reader: Reader,
    fetched: Callable[[FetchResult], None] | None,
    to_load: bool,
) -> tuple[tuple[Told, Capture] | None, tuple[FetchResult, ...], list[str]]:
    """The first attachment that gives rows, in an order that tries the likeliest names first."""
    fetches: list[FetchResult] = []
    failures: list[str] = []
    for link in _likeliest_first(report.attachments)[:_MAX_ATTACHMENTS]:
        result = fetch_attachment(link)
        fetches.append(result)
        if fetched is not None:
            fetched(result)
        if result.outcome not in {Outcome.NEW, Outcome.UNCHANGED} or result.capture is None:
            failures.append(f"{link.name}: {result.outcome} {result.detail}".strip())
            continue
        inner = replace(hints, title=hints.title or report.meta.title)
        try:
            attached = reader(
                ToRead(
                    body_of(result, kept),
                    link.name,
                    link.url,
                    content_type(result.capture),
                    inner,
                    page=report.meta,
                    to_load=to_load,
                )
            )
        except JibaoError as error:
            failures.append(f"{link.name}: {error.code} {error.reason}")
            continue
        if attached.report.rows:
            return (attached, result.capture), tuple(fetches), failures
        failures.append(f"{link.name}: no table in it")
    return None, tuple(fetches), failures


def _likeliest_first(links: Sequence[Attachment]) -> list[Attachment]:
    words = ("执行情况", "完成情况", "进展情况", "情况表", "任务", "表")
    return sorted(links, key=lambda link: next((n for n, word in enumerate(words) if word in link.name), len(words)))
