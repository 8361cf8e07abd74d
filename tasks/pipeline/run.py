"""A whole run without Prefect: what the command line does where no server is configured. The flows call the same
parts in the same order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tasks.config import Source
from tasks.errors import JibaoError
from tasks.model import FetchResult, Outcome, Period
from tasks.periods import on_cadence
from tasks.pipeline.fetchlog import log_fetches
from tasks.pipeline.job import Job
from tasks.pipeline.process import Survey, process, stopped, survey
from tasks.pipeline.summary import DocumentOutcome, RunSummary, summarise
from tasks.pipeline.workplace import Workplace
from warehouse import clock

Progress = Callable[[str, DocumentOutcome | None], None]
"""`progress(message, outcome)`: a line for whoever watches; `outcome` where a document is done."""

WORKERS = 4
_LOG = logging.getLogger("jibao")


def start(work: Workplace, job: Job, flow_run_id: str | None = None) -> str:
    """Record the run in v_run; returns its id."""
    return work.warehouse.start_run(job.kind, job.label, flow_run_id)


def not_published(
    work: Workplace, source: Source, job: Job, run_id: str, survey: Survey, outcomes: Iterable[DocumentOutcome]
) -> tuple[DocumentOutcome, ...]:
    """The wanted periods for which a believed listing offers nothing and the warehouse has nothing.

    A listing that was not reached, or not to its end, says nothing about what is published.
    """
    if not survey.reached:
        return ()
    documents = work.warehouse.documents(source.stored_as)
    held = {label for label in documents["period"].to_list() if label}
    told = {outcome.period for outcome in outcomes if outcome.period} | held
    ends = {on_cadence(Period.parse(label), source.cadence).end for label in told} | {
        Period.parse(label).end for label in told
    }
    missing = [period for period in job.wanted(source, work.today()) if period.end not in ends]
    at = clock.now()
    if survey.goes_on:
        # What was not read may hold them: that a report is not published is said of a whole list only.
        detail = f"ListingIncomplete: not among the entries that could be read, and {survey.goes_on}"
        log_fetches(
            work, source, run_id, [FetchResult(source.listing, Outcome.FAILED, at, detail=detail) for _ in missing[:1]]
        )
        return tuple(
            DocumentOutcome(source.id, source.listing, "failed", title=source.name, period=str(period), detail=detail)
            for period in missing
        )
    fetches = [
        FetchResult(source.listing, Outcome.NOT_PUBLISHED, at, detail=f"{period}: not in the listing")
        for period in missing
    ]
    log_fetches(work, source, run_id, fetches)
    return tuple(
        DocumentOutcome(source.id, source.listing, "not_published", title=source.name, period=str(period))
        for period in missing
    )


def finish(work: Workplace, job: Job, run_id: str, outcomes: Iterable[DocumentOutcome]) -> RunSummary:
    """Close the run in v_run with its counts."""
    summary = summarise(run_id, job.kind, job.label, outcomes)
    work.warehouse.finish_run(run_id, summary.state, summary.counts)
    return summary


def run_source(
    work: Workplace, source: Source, job: Job, run_id: str, progress: Progress | None = None
) -> tuple[DocumentOutcome, ...]:
    """One source from listing to warehouse, under a lease against another run of it."""

    def tell(message: str, outcome: DocumentOutcome | None = None) -> None:
        if progress:
            progress(f"{source.id}: {message}", outcome)

    seen = survey(work, source, job, run_id, tell)
    if not seen.reached:
        for outcome in seen.outcomes:
            tell(f"{outcome.state} {outcome.detail}", outcome)
        return seen.outcomes
    tell(f"{len(seen.candidates)} documents to look at")
    done = process(
        work, source, seen.candidates, job, run_id, lambda one: tell(f"{one.state} {one.period or ''} {one.title}", one)
    )
    missing = not_published(work, source, job, run_id, seen, done)
    for outcome in missing:
        tell(f"not published {outcome.period}", outcome)
    return (*seen.outcomes, *done, *missing)


def lease_of(job: Job, source: Source, work: Workplace) -> str:
    """What two runs of a source must not do at once: the same periods. `2024Q4`, `2020Q1..2024Q4`."""
    wanted = job.wanted(source, work.today())
    return job.label or (str(wanted[-1]) if wanted else "due")


def guarded(
    work: Workplace, source: Source, job: Job, run_id: str, progress: Progress | None = None
) -> tuple[DocumentOutcome, ...]:
    """`run_source` under its lease; what stops the source becomes its outcome and never stops the others."""
    try:
        with work.warehouse.lease(source.id, lease_of(job, source, work), run_id=run_id):
            return run_source(work, source, job, run_id, progress)
    except JibaoError as error:
        outcome = stopped(source, error.at(source=source.id, where=source.listing))
    except Exception as error:  # noqa: BLE001 - the boundary: logged, counted, told by the exit status
        _LOG.exception("source %s stopped on a defect of ours", source.id)
        outcome = stopped(source, error)
    if progress:
        progress(f"{source.id}: {outcome.state} {outcome.detail}", outcome)
    return (outcome,)


def run(
    work: Workplace,
    sources: Sequence[Source],
    job: Job,
    progress: Progress | None = None,
    flow_run_id: str | None = None,
) -> RunSummary:
    """Every source, several at a time (politeness is per host and shared), one run in v_run."""
    run_id = start(work, job, flow_run_id)
    outcomes: list[DocumentOutcome] = []
    try:
        with ThreadPoolExecutor(max_workers=min(WORKERS, max(1, len(sources)))) as pool:
            for part in pool.map(lambda source: guarded(work, source, job, run_id, progress), sources):
                outcomes += part
    except BaseException:
        work.warehouse.finish_run(run_id, "aborted", {})
        raise
    return finish(work, job, run_id, outcomes)
