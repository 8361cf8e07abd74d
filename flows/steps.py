"""The only place where plain functions become Prefect tasks. A task run is a stage or a batch, never a document:
each costs about 40 ms of CPU, most of it in the server.

No `from __future__ import annotations` here or in the flows: Prefect resolves the annotations at run time.
"""

from collections.abc import Sequence
from functools import partial

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from flows.batches import Slice, SoFar
from tasks.config import Source
from tasks.pipeline.job import Job
from tasks.pipeline.process import Survey
from tasks.pipeline.process import process as process_documents
from tasks.pipeline.process import survey as survey_source
from tasks.pipeline.reparse import Kept, reparse_documents
from tasks.pipeline.run import finish as close_run
from tasks.pipeline.run import not_published as missing_periods
from tasks.pipeline.summary import DocumentOutcome, RunSummary
from tasks.pipeline.workplace import Workplace

RETRIES = 2
DELAYS: list[float] = [5, 30]
_QUIET = frozenset({"loaded", "revision", "unchanged", "other_period"})


# Portals' failures are outcomes and are not retried here: the HTTP session has its own retries. What raises is the
# warehouse or the disk, and a later try helps.
@task(
    name="survey",
    task_run_name="survey {place}",
    cache_policy=NO_CACHE,
    retries=RETRIES,
    retry_delay_seconds=DELAYS,
)
def survey(work: Workplace, sources: list[Source], job: Job, run_id: str, place: str, found: SoFar[Survey]) -> None:  # noqa: ARG001
    """Read the listings of some sources into `found`, by source id."""
    logger = get_run_logger()
    seen_now = []
    for source in sources:
        seen = found.attempt(source.id, partial(survey_source, work, source, job, run_id))
        if seen is not None:
            for outcome in seen.outcomes:
                logger.error("%s: %s %s", source.id, outcome.state, outcome.detail)
            seen_now.append(f"{source.id} {len(seen.candidates)}")
    if seen_now:
        logger.info("documents to look at: %s", ", ".join(seen_now))
    found.settle()


@task(
    name="process",
    task_run_name="process {place}",
    cache_policy=NO_CACHE,
    retries=RETRIES,
    retry_delay_seconds=DELAYS,
)
def process(
    work: Workplace,
    parts: list[Slice],
    job: Job,
    run_id: str,
    place: str,  # noqa: ARG001
    found: SoFar[tuple[DocumentOutcome, ...]],
) -> None:
    """A batch of documents through fetch, read, check, compare, load; their outcomes into `found`, by slice."""
    told: list[str] = []
    for part in parts:
        outcomes = found.attempt(
            part.place, partial(process_documents, work, part.source, part.candidates, job, run_id)
        )
        if outcomes is not None:
            told += _told(part, outcomes)
    if told:
        get_run_logger().info("%s", "; ".join(told))
    found.settle()


def _told(part: Slice, outcomes: Sequence[DocumentOutcome]) -> list[str]:
    """What is as it should be, for the line of its batch. What is not has a line of its own at once, each document.

    A line costs as much as a tenth of a document, most of it in the server.
    """
    quiet: dict[str, list[str]] = {}
    for one in outcomes:
        if one.state in _QUIET:
            quiet.setdefault(one.state, []).append(one.period or one.title)
        else:
            get_run_logger().warning(
                "%s %s: %s %s %s", one.source_id, one.period or "", one.state, one.title, one.detail
            )
    return [f"{part.source.id}: {state} {', '.join(periods)}" for state, periods in quiet.items()]


@task(name="not published", cache_policy=NO_CACHE, retries=RETRIES, retry_delay_seconds=DELAYS)
def not_published(
    work: Workplace,
    seen: list[tuple[Source, Survey, tuple[DocumentOutcome, ...]]],
    job: Job,
    run_id: str,
    found: SoFar[tuple[DocumentOutcome, ...]],
) -> None:
    """Which wanted periods the portals do not offer, by source id."""
    for source, survey, outcomes in seen:
        found.attempt(source.id, partial(missing_periods, work, source, job, run_id, survey, outcomes))
    found.settle()


@task(name="finish", cache_policy=NO_CACHE, retries=RETRIES, retry_delay_seconds=DELAYS)
def finish(work: Workplace, job: Job, run_id: str, outcomes: list[DocumentOutcome]) -> RunSummary:
    """Close the run in the warehouse."""
    return close_run(work, job, run_id, outcomes)


@task(
    name="reparse", task_run_name="reparse {place}", cache_policy=NO_CACHE, retries=RETRIES, retry_delay_seconds=DELAYS
)
def reparse(work: Workplace, kept: list[Kept], run_id: str, place: str) -> tuple[DocumentOutcome, ...]:  # noqa: ARG001
    """One batch of kept captures through today's parser."""
    return reparse_documents(work, kept, run_id)
