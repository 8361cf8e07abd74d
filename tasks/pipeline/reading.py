"""From bytes to a report and its quantities: the pure middle of a document's way, wherever it is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tasks.load.body import Body, body_of
from tasks.model import Meta, Observation, Report, Warn
from tasks.observe import observe
from tasks.read import ReadHints, read


@dataclass(frozen=True, slots=True)
class ToRead:
    """One file. `page`: the metadata of the page that it hangs on, which its own completes; None for a page.

    `to_load`: the body is wanted that the warehouse keeps, not the observations themselves.
    """

    body: bytes
    name: str | None
    url: str
    content_type: str | None
    hints: ReadHints
    page: Meta | None = None
    to_load: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a file says. `observations` is None where its rows are still to be looked for in its attachments.

    With a `body`, which is made where it was asked for and the period is known, `observations` are left out: they are
    in it, and so are the report's rows, as they are kept.
    """

    report: Report
    observations: tuple[Observation, ...] | None
    body: Body | None = None


Reader = Callable[[ToRead], Told]
"""Raises the read room's errors, and whatever a defect of ours raises."""


def read_here(job: ToRead) -> Told:
    """Read and observe in this thread."""
    report = read(job.body, name=job.name, url=job.url, content_type=job.content_type, hints=job.hints)
    if job.page is not None:
        warnings = _of_periods(job.page, report)
        report = replace(report, meta=merged(job.page, report.meta), warnings=warnings)
    if not report.rows and (report.attachments or job.page is not None):
        return Told(report, None)
    return observed(report, to_load=job.to_load)


def observed(report: Report, *, to_load: bool) -> Told:
    """A report with its quantities: themselves, or in the body that is made of both."""
    observations = observe(report)
    if not to_load or report.meta.period is None:
        return Told(report, observations)
    body = body_of(report, observations, report.meta.period)
    return Told(replace(report, rows=body.rows), (), body)


def _of_periods(page: Meta, attached: Report) -> tuple[Warn, ...]:
    """The warnings of an attachment once its page's period stands for its own: not that it tells none (a year alone, on
    a page that came out in January), but that it tells another."""
    if page.period is None:
        return attached.warnings
    own = attached.meta.period
    kept = tuple(warn for warn in attached.warnings if warn.code != "period_unknown")
    if own is None or own.covers_same(page.period):
        return kept
    return (*kept, Warn("period_contradiction", f"the page says {page.period}, its attachment {own}"))


def merged(page: Meta, attached: Meta) -> Meta:
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
