"""The steps for one source and for one document, each ending in an outcome: a broken one never stops the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from tasks.archive import Archive
from tasks.check import CheckSettings, check
from tasks.config import Source
from tasks.discover import Fetching, ListingError, discover, fetch_attachment, fetch_document
from tasks.discover.freshness import full_read_due
from tasks.discover.urls import asked_url
from tasks.errors import JibaoError
from tasks.load import Disclosure, LoadResult, Sight, known_readings, load, record_absence, see_again
from tasks.load.errors import PeriodUnknown
from tasks.model import Attachment, Capture, DocumentRef, FetchResult, Outcome, Period
from tasks.pipeline.acquire import Acquired, acquire, hints_for
from tasks.pipeline.ahead import ahead
from tasks.pipeline.fetchlog import FetchLog, log_fetches
from tasks.pipeline.job import Candidate, Job, select_documents, slot
from tasks.pipeline.listed import last_listed, shrunk, told
from tasks.pipeline.moved import landed, rejoin
from tasks.pipeline.seen import PARSER_VERSION, KnownReadings, Seen, reading_of, seen
from tasks.pipeline.summary import INTERNAL, DocumentOutcome
from tasks.pipeline.workplace import Workplace
from warehouse import WarningFact

_LOG = logging.getLogger("jibao")


class NoCapture(JibaoError):
    """The warehouse knows a document whose bytes the archive does not give."""

    remedy = "`jibao archive verify` names what is damaged or missing; the loaded rows stand."


@dataclass(frozen=True, slots=True)
class Survey:
    """What a source's listing offers this run. `outcomes` holds the listing's own trouble, if any."""

    source_id: str
    candidates: tuple[Candidate, ...] = ()
    outcomes: tuple[DocumentOutcome, ...] = ()
    reached: bool = True
    goes_on: str = ""  # why the list could not be read to its end


def _state_of(fetches: Sequence[FetchResult]) -> str:
    """A listing that failed because its last request was blocked or gone is blocked or gone."""
    last = fetches[-1].outcome if fetches else Outcome.FAILED
    return str(last) if last in {Outcome.BLOCKED, Outcome.GONE} else "failed"


def survey(
    work: Workplace, source: Source, job: Job, run_id: str, on_progress: Callable[[str], None] | None = None
) -> Survey:
    """Read the source's listing and pick what the run is about. Trouble becomes an outcome, logged and told."""
    documents = work.warehouse.documents(source.stored_as)
    before = last_listed(work.warehouse, source.id)
    try:
        listing = discover(
            source,
            work.fetcher,
            archive=work.archive,
            previously=before or documents.height or None,
            on_progress=on_progress,
            full=job.full,
        )
    except ListingError as error:
        fetches = tuple(error.fetches)
        log_fetches(work, source, run_id, fetches)
        state = _state_of(fetches)
        error.at(source=source.id, where=source.listing)
        trouble = DocumentOutcome(
            source.id, source.listing, state, title=source.name, detail=f"{error.code}: {error.reason}"
        )
        return Survey(source.id, outcomes=(trouble,), reached=False)
    log_fetches(work, source, run_id, told(listing))
    warnings = (*listing.warnings, *shrunk(listing, before))
    work.warehouse.record_warnings(
        run_id, [WarningFact(source.id, warn.code, warn.message, document_url=source.listing) for warn in warnings]
    )
    known = {
        row["url"]: Period.parse(row["period"]) for row in documents.select("url", "period").to_dicts() if row["period"]
    }
    by_key = {ref.key: known[url] for ref in listing.documents for url in (ref.url, *ref.other_urls) if url in known}
    selection = select_documents(listing.documents, source, job, work.today(), by_key)
    candidates, asked = rejoin(work, source, listing.documents, selection.candidates)
    log_fetches(work, source, run_id, asked)
    return Survey(source.id, candidates, goes_on=listing.goes_on)


def process(
    work: Workplace,
    source: Source,
    candidates: Sequence[Candidate],
    job: Job,
    run_id: str,
    on_document: Callable[[DocumentOutcome], None] | None = None,
) -> tuple[DocumentOutcome, ...]:
    """Each candidate through fetch, read, observe, check, compare, load; one outcome each, in order."""
    outcomes = []
    log = FetchLog(work, source, run_id)
    known = {} if job.full else known_readings(work.warehouse, source.stored_as)
    # The next documents are fetched and read while this one is loaded.
    with log, closing(ahead(lambda one: obtain(work, source, one, job, log.add, known), candidates)) as obtained:
        for candidate, page in obtained:
            outcome = settle(work, source, candidate, job, run_id, page, log)
            outcomes.append(outcome)
            if on_document:
                on_document(outcome)
    return tuple(outcomes)


def obtain(
    work: Workplace,
    source: Source,
    candidate: Candidate,
    job: Job,
    fetched: Callable[[FetchResult], None],
    readings: KnownReadings,
) -> Acquired | Seen | FetchResult:
    """Fetch, read and observe one document, without the warehouse; the page's fetch alone where it brought nothing.

    `fetched` is told every fetch at once. What was read before as it would be now (`readings`) is not read again.
    Raises what acquiring raises.
    """
    ref = candidate.ref
    known = work.archive.latest(ref.url)
    full = job.full or full_read_due(source, known)
    page = fetch_document(source, ref, work.fetcher, archive=work.archive, known=known, full=full)
    fetched(page)
    if page.outcome not in {Outcome.NEW, Outcome.UNCHANGED}:
        return page
    return seen(page, ref, hints_for(source, title=ref.title), readings) or _acquire(
        work, source, ref, job, page, fetched
    )


def _acquire(
    work: Workplace,
    source: Source,
    ref: DocumentRef,
    job: Job,
    page: FetchResult,
    fetched: Callable[[FetchResult], None],
) -> Acquired:
    return acquire(
        page,
        hints=hints_for(source, title=ref.title),
        fetch_attachment=_following(work, source, ref, full=job.full),
        kept=work.archive.read,
        reader=work.reader,
        fetched=fetched,
        to_load=True,
    )


def settle(
    work: Workplace,
    source: Source,
    candidate: Candidate,
    job: Job,
    run_id: str,
    obtained: Future[Acquired | Seen | FetchResult],
    log: FetchLog,
) -> DocumentOutcome:
    """Load one document. Every expected failure is an outcome with the error's name and reason; nothing is half-loaded.

    `obtained`: what `obtain` gives or raises.
    """
    ref = candidate.ref
    blank = DocumentOutcome(source.id, ref.url, "failed", title=ref.title, period=_text(candidate.period))
    try:
        acquired = obtained.result()
        log.write_if_due()
        if isinstance(acquired, Seen):
            unchanged = _again(work, source, candidate, job, run_id, acquired)
            if unchanged is not None:
                return unchanged
            acquired = _acquire(work, source, ref, job, acquired.page, log.add)
        if isinstance(acquired, Acquired):
            return believe(work, source, candidate, job, run_id, acquired, cause="source")
        if acquired.outcome is Outcome.GONE:
            return replace(blank, state="gone", detail=_absent(work, source, acquired, run_id))
        return replace(blank, state=str(acquired.outcome), detail=acquired.detail)
    except JibaoError as error:
        error.at(source=source.id, where=ref.url)
        return replace(blank, detail=f"{error.code}: {error.reason}")
    except Exception as error:  # noqa: BLE001 - the boundary: logged, counted, told by the exit status
        # One document on which our own code fails must not cost the rest of the source; the exit status tells.
        _LOG.exception("document %s stopped on a defect of ours", ref.url)
        return replace(blank, detail=internal(error))


def _again(
    work: Workplace, source: Source, candidate: Candidate, job: Job, run_id: str, shown: Seen
) -> DocumentOutcome | None:
    """The outcome of a page that says what it said; None where the warehouse has more to say about it."""
    ref, known = candidate.ref, shown.known
    state = DocumentOutcome(source.id, ref.url, "unchanged", title=known.title or ref.title, period=str(known.period))
    if candidate.period is None and not _about(known.period, source, job, work):
        return replace(state, state="other_period")
    result = see_again(
        work.warehouse,
        Sight(
            source_id=ref.source_id,
            key=ref.key,
            urls=(ref.url, *ref.other_urls, *landed(shown.capture, ref)),
            capture=shown.capture,
            reading=shown.reading,
            settings=CheckSettings.of(source.checks),
            parser_version=PARSER_VERSION,
        ),
        run_id=run_id,
    )
    return None if result is None else replace(state, document_id=result.document_id, warnings=known.warnings)


def _absent(work: Workplace, source: Source, page: FetchResult, run_id: str) -> str:
    """A listed page that is gone is evidence, and only repeated evidence makes it withdrawn; its rows stay."""
    withdrawn = record_absence(
        work.warehouse,
        source.id,
        page.url,
        outcome=str(page.outcome),
        at=page.fetched_at,
        run_id=run_id,
        detail=page.detail,
    )
    return f"{page.detail} (counts as withdrawn now)" if withdrawn else page.detail


def internal(error: Exception) -> str:
    """How a defect of ours reads in an outcome: told apart from what a portal can cause."""
    return f"{INTERNAL}: {type(error).__name__}: {error}"


def stopped(source: Source, error: Exception) -> DocumentOutcome:
    """The outcome of a source that could not be run at all."""
    detail = f"{error.code}: {error.reason}" if isinstance(error, JibaoError) else internal(error)
    return DocumentOutcome(source.id, source.listing, "failed", title=source.name, detail=detail)


def attachments_by(
    fetcher: Fetching, archive: Archive, source: Source, ref: DocumentRef, *, full: bool = False
) -> Callable[[Attachment], FetchResult]:
    """How attachments of a document are had: the family's way, conditionally where a copy is kept."""

    def fetch(link: Attachment) -> FetchResult:
        url = asked_url(link.url)
        known = archive.latest(url)
        whole = full or full_read_due(source, known)
        return fetch_attachment(source, ref, url, fetcher, archive=archive, known=known, full=whole, title=link.name)

    return fetch


def _following(
    work: Workplace, source: Source, ref: DocumentRef, *, full: bool
) -> Callable[[Attachment], FetchResult] | None:
    return attachments_by(work.fetcher, work.archive, source, ref, full=full) if source.follow_attachments else None


def _text(period: Period | None) -> str | None:
    return str(period) if period else None


def believe(
    work: Workplace,
    source: Source,
    candidate: Candidate,
    job: Job,
    run_id: str,
    acquired: Acquired,
    *,
    cause: str,
) -> DocumentOutcome:
    """Check, compare and load what was read, under the period that the document itself is about."""
    ref, report = candidate.ref, acquired.report
    period = report.meta.period
    if period is None:
        reasons = [warn.message for warn in report.warnings if warn.code == "period_unknown"]
        raise PeriodUnknown(reasons[0] if reasons else "no period in title or text")
    state = DocumentOutcome(source.id, ref.url, "unchanged", title=report.meta.title or ref.title, period=str(period))
    if cause == "source" and candidate.period is None and not _about(period, source, job, work):
        return replace(state, state="other_period")
    settings = CheckSettings.of(source.checks)
    result = load(
        work.warehouse,
        Disclosure(
            source_id=ref.source_id,
            url=ref.url,
            key=ref.key,
            other_urls=(*ref.other_urls, *landed(acquired.captures[-1] if acquired.captures else None, ref)),
            report=report,
            observations=acquired.observations,
            body=acquired.body,
            reading=_reading(source, ref, acquired),
            captures=acquired.captures,
            settings=settings,
            checks=check(report, settings=settings),
            known_at=_known_at(acquired.captures),
            parser_version=PARSER_VERSION,
        ),
        run_id=run_id,
        cause=cause,
    )
    return replace(
        state,
        state=_word(result),
        document_id=result.document_id,
        changes=_moved(result),
        rows=len(report.rows) if result.relation != "unchanged" else 0,
        detail=result.failed if result.state == "held" else "",
        warnings=len(report.warnings),
    )


def _reading(source: Source, ref: DocumentRef, acquired: Acquired) -> str:
    """How the bytes were read, where they are all that the document is: no file was asked for, nor would one be."""
    report = acquired.report
    if len(acquired.captures) != 1 or acquired.fetches or (report.attachments and not report.rows):
        return ""
    return reading_of(acquired.captures[0], hints_for(source, title=ref.title))


def _moved(result: LoadResult) -> int:
    """How many changes the load brought. A revision's are those against the content before it: the quarter's changes
    are told anew with it, and most of them were known."""
    scopes = {"revision"} if result.relation in {"revision", "correction"} else {"quarter", "revision"}
    return sum(scope in scopes for scope, _ in result.changes)


def _word(result: LoadResult) -> str:
    """A held document stays an open question however often it is seen; else what the load changed."""
    if result.state in {"held", "rejected", "withdrawn"}:
        return result.state
    return "loaded" if result.relation == "new" else result.relation


def _about(period: Period, source: Source, job: Job, work: Workplace) -> bool:
    today = work.today()
    ends = {one.end for one in (*job.wanted(source, today), *job.rechecked(source, today))}
    return slot(period, source.cadence) in ends


def _known_at(captures: Sequence[Capture]) -> datetime:
    return max(capture.fetched_at for capture in captures)
