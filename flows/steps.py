"""The only place where plain functions become Prefect tasks. A task run is a stage or a batch, never a document:
each costs about 40 ms of CPU, most of it in the server.

No `from __future__ import annotations` here or in the flows: Prefect resolves the annotations at run time.
"""

from collections.abc import Sequence

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from tasks.config import Source
from tasks.pipeline.job import Candidate, Job
from tasks.pipeline.process import Survey
from tasks.pipeline.process import process as process_documents
from tasks.pipeline.process import survey as survey_source
from tasks.pipeline.reparse import Kept, reparse_documents
from tasks.pipeline.run import finish as close_run
from tasks.pipeline.run import not_published as missing_periods
from tasks.pipeline.summary import DocumentOutcome, RunSummary
from tasks.pipeline.workplace import Workplace

BATCH = 50
RETRIES = 2
DELAYS: list[float] = [5, 30]


def batches(candidates: Sequence[Candidate], size: int = BATCH) -> list[list[Candidate]]:
    """Candidates in runs of at most `size`, in order."""
    return [list(candidates[at : at + size]) for at in range(0, len(candidates), size)]


# Portals' failures are outcomes and are not retried here: the HTTP session has its own retries. What raises is the
# warehouse or the disk, and a later try helps.
@task(
    name="survey",
    task_run_name="survey {source.id}",
    cache_policy=NO_CACHE,
    retries=RETRIES,
    retry_delay_seconds=DELAYS,
)
def survey(work: Workplace, source: Source, job: Job, run_id: str) -> Survey:
    """Read a source's listing."""
    logger = get_run_logger()
    found = survey_source(work, source, job, run_id, lambda line: logger.debug("%s: %s", source.id, line))
    for outcome in found.outcomes:
        logger.error("%s: %s %s", source.id, outcome.state, outcome.detail)
    logger.info("%s: %d documents to look at", source.id, len(found.candidates))
    return found


@task(
    name="process",
    task_run_name="process {source.id} {place}",
    cache_policy=NO_CACHE,
    retries=RETRIES,
    retry_delay_seconds=DELAYS,
)
def process(
    work: Workplace,
    source: Source,
    candidates: list[Candidate],
    job: Job,
    run_id: str,
    place: str,  # noqa: ARG001
) -> tuple[DocumentOutcome, ...]:
    """One batch of a source through fetch, read, check, compare, load. `place` reads `1-50 of 120`."""
    logger = get_run_logger()
    outcomes = process_documents(work, source, candidates, job, run_id)
    for one in outcomes:
        say = logger.warning if one.state in {"held", "blocked", "failed", "gone"} else logger.info
        say("%s %s: %s %s %s", source.id, one.period or "", one.state, one.title, one.detail)
    return outcomes


@task(
    name="not published",
    task_run_name="not published {source.id}",
    cache_policy=NO_CACHE,
    retries=RETRIES,
    retry_delay_seconds=DELAYS,
)
def not_published(
    work: Workplace, source: Source, job: Job, run_id: str, found: Survey, outcomes: tuple[DocumentOutcome, ...]
) -> tuple[DocumentOutcome, ...]:
    """Which wanted periods the portal does not offer."""
    return missing_periods(work, source, job, run_id, found, outcomes)


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
