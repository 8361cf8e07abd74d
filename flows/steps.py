"""The only place where plain functions become Prefect tasks. A task run is a stage or a batch, never a document:
each costs about 40 ms of CPU, most of it in the server.

No `from __future__ import annotations` here or in the flows: Prefect resolves the annotations at run time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

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
_QUIET = frozenset({"loaded", "revision", "unchanged", "other_period"})
T = TypeVar("T")


class SoFar(Generic[T]):
    """What a task run has come to, part by part, kept over its retries: what is done is not done again.

    Sources share a task run and still fail one by one. Not a collection: Prefect looks into those.
    """

    def __init__(self) -> None:
        self.results: dict[str, T] = {}
        self.errors: dict[str, Exception] = {}

    def attempt(self, part: str, step: Callable[[], T]) -> T | None:
        """Do a part that is not done yet; None where it failed (or was done before)."""
        if part in self.results:
            return None
        try:
            self.results[part] = step()
        except Exception as error:  # noqa: BLE001 - raised by `settle`, told of its own part
            self.errors[part] = error
            return None
        self.errors.pop(part, None)
        return self.results[part]

    def settle(self) -> None:
        """Raise what a part failed with, so that Prefect tries again."""
        for error in self.errors.values():
            raise error


@dataclass(frozen=True, slots=True)
class Slice:
    """Candidates of one source that are taken in one go: `first` of `total`, counted from 1."""

    source: Source
    candidates: tuple[Candidate, ...]
    first: int
    total: int

    @property
    def place(self) -> str:
        """`gongshu 1-50 of 120`."""
        return f"{self.source.id} {self.first}-{self.first + len(self.candidates) - 1} of {self.total}"


def slices(source: Source, candidates: Sequence[Candidate], size: int = BATCH) -> list[Slice]:
    """Candidates in runs of at most `size`, in order."""
    return [
        Slice(source, tuple(candidates[at : at + size]), at + 1, len(candidates))
        for at in range(0, len(candidates), size)
    ]


def grouped(items: Sequence[T], weight: Callable[[T], int], most: int, tasks: int) -> list[list[T]]:
    """Items in groups of at most `most` by weight (a heavier one stands alone), in order; smaller ones where there
    would be fewer than `tasks` groups, so that the slow ones do not queue behind each other."""
    limit = min(most, -(-sum(map(weight, items)) // max(tasks, 1)))
    groups: list[list[T]] = []
    filled = 0
    for item in items:
        if not groups or filled + weight(item) > limit:
            groups.append([])
            filled = 0
        groups[-1].append(item)
        filled += weight(item)
    return groups


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
    for source in sources:
        seen = found.attempt(source.id, partial(survey_source, work, source, job, run_id))
        if seen is not None:
            for outcome in seen.outcomes:
                logger.error("%s: %s %s", source.id, outcome.state, outcome.detail)
            logger.info("%s: %d documents to look at", source.id, len(seen.candidates))
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
    for part in parts:
        outcomes = found.attempt(
            part.place, partial(process_documents, work, part.source, part.candidates, job, run_id)
        )
        if outcomes is not None:
            _tell(part, outcomes)
    found.settle()


def _tell(part: Slice, outcomes: Sequence[DocumentOutcome]) -> None:
    """A line for what is as it should be, one for each document that is not: a line costs the server a millisecond."""
    logger = get_run_logger()
    quiet: dict[str, list[str]] = {}
    for one in outcomes:
        if one.state in _QUIET:
            quiet.setdefault(one.state, []).append(one.period or one.title)
        else:
            logger.warning("%s %s: %s %s %s", one.source_id, one.period or "", one.state, one.title, one.detail)
    for state, periods in quiet.items():
        logger.info("%s: %s %s", part.source.id, state, ", ".join(periods))


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
