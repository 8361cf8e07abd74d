"""One document from its listing entry to a read disclosure: fetch the page, its attachments where the table is there,
read, observe. Nothing here touches the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from tasks.config import Source
from tasks.errors import JibaoError
from tasks.model import Attachment, Capture, FetchResult, Meta, Observation, Outcome, Report, Warn
from tasks.observe import observe
from tasks.read import ReadHints, read

_MAX_ATTACHMENTS = 12


class AttachmentsUnreadable(JibaoError):
    """A page promises its table in an attachment, and none of its files gave one."""

    remedy = "Open the page: if the file is a scan or an unsupported format, ask the publisher for a table."


class NoBytes(JibaoError):
    """A fetch said that there is a document, and no bytes of it are kept."""

    remedy = "Run again with --full; if it stays, `jibao archive verify` tells which captures are missing."


@dataclass(frozen=True, slots=True)
class Acquired:
    """A document as read: `captures[0]` is what the rows came from, the page (where another) stands behind it."""

    report: Report
    observations: tuple[Observation, ...]
    captures: tuple[Capture, ...]
    fetches: tuple[FetchResult, ...] = field(default=())


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
) -> Acquired:
    """Read a fetched page; where it holds no table but links to files, fetch and read those.

    `fetch_attachment` None leaves attachments alone. `kept` gives the bytes of a capture. Raises the read room's
    errors, AttachmentsUnreadable naming each file's reason, NoBytes.
    """
    capture = page.capture
    report = read(
        body_of(page, kept),
        name=capture.title or None if capture else None,
        url=capture.final_url if capture else page.url,
        content_type=content_type(capture),
        hints=hints,
    )
    captures = (capture,) if capture else ()
    if report.rows or not report.attachments or fetch_attachment is None:
        return Acquired(report, observe(report), captures)
    found, fetches, failures = _first_with_rows(report, hints, fetch_attachment, kept)
    if found is None:
        if report.sections or not failures:
            # Prose with an annex that is no table is still prose; what could not be read is told.
            told = tuple(Warn("attachment_not_read", reason) for reason in failures)
            report = replace(report, warnings=report.warnings + told)
            return Acquired(report, observe(report), captures, fetches)
        raise AttachmentsUnreadable("; ".join(failures), where=page.url)
    attached, attached_capture = found
    merged = replace(
        attached,
        meta=_merge(report.meta, attached.meta),
        warnings=attached.warnings
        + tuple(w for w in report.warnings if w.code not in {"table_in_attachment", "period_unknown"})
        + tuple(Warn("attachment_not_read", reason) for reason in failures),
        attachments=report.attachments,
    )
    return Acquired(merged, observe(merged), (attached_capture, *captures), fetches)


def _first_with_rows(
    report: Report, hints: ReadHints, fetch_attachment: FetchAttachment, kept: Callable[[str], bytes]
) -> tuple[tuple[Report, Capture] | None, tuple[FetchResult, ...], list[str]]:
    """The first attachment that gives rows, in an order that tries the likeliest names first."""
    fetches: list[FetchResult] = []
    failures: list[str] = []
    for link in _likeliest_first(report.attachments)[:_MAX_ATTACHMENTS]:
        result = fetch_attachment(link)
        fetches.append(result)
        if result.outcome not in {Outcome.NEW, Outcome.UNCHANGED} or result.capture is None:
            failures.append(f"{link.name}: {result.outcome} {result.detail}".strip())
            continue
        inner = replace(hints, title=hints.title or report.meta.title)
        try:
            attached = read(
                body_of(result, kept),
                name=link.name,
                url=link.url,
                content_type=content_type(result.capture),
                hints=inner,
            )
        except JibaoError as error:
            failures.append(f"{link.name}: {error.code} {error.reason}")
            continue
        if attached.rows:
            return (attached, result.capture), tuple(fetches), failures
        failures.append(f"{link.name}: no table in it")
    return None, tuple(fetches), failures


def _likeliest_first(links: Sequence[Attachment]) -> list[Attachment]:
    words = ("执行情况", "完成情况", "进展情况", "情况表", "任务", "表")
    return sorted(links, key=lambda link: next((n for n, word in enumerate(words) if word in link.name), len(words)))


def _merge(page: Meta, attached: Meta) -> Meta:
    """The page's metadata, completed by the attachment's; the period is the attachment's only where the page's is
    unknown."""
    values = {
        name: getattr(page, name) if getattr(page, name) is not None else getattr(attached, name)
        for name in ("title", "publisher", "index_number", "document_number", "generated_on", "published_on", "url")
    }
    timed = page if page.period else attached
    return Meta(
        **values,
        kind=attached.kind or page.kind,
        period=timed.period,
        period_start=timed.period_start,
        period_end=timed.period_end,
    )
