"""One run as a Prefect flow run: the parts of `tasks.pipeline.run` as task runs, with progress and artifacts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import Any

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Failed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows import steps
from flows.artifacts import Progress, publish_changes, publish_summary
from flows.batches import BATCH, SoFar, grouped, slices
from tasks.config import Source
from tasks.errors import JibaoError
from tasks.model import Period
from tasks.pipeline.job import Job
from tasks.pipeline.process import Survey, stopped
from tasks.pipeline.run import WORKERS, lease_of, start
from tasks.pipeline.settings import Settings
from tasks.pipeline.summary import DocumentOutcome, RunSummary
from tasks.pipeline.workplace import Workplace, configured, open_workplace

_MOST_SOURCES = 10  # whose listings one task run reads
_LEAST_TASKS = 3 * WORKERS  # before sources share a task run: a slow one then holds up few others
_MOST_TABLES = 20  # of changes in the UI, where each costs the server as much as a task run
_CHANGE_COLUMNS = ["scope", "from_period", "to_period", "relation", "facet", "old_value", "new_value", "delta"]


def task_runner() -> TaskRunner[Any]:
    """Threads: several sources wait for their portals at once; politeness per host is kept below."""
    return ThreadPoolTaskRunner(max_workers=WORKERS)


def run_job(settings: Settings, job: Job) -> RunSummary:
    """The whole of an ingest or backfill inside a flow run. Sources fail one by one, never together."""
    file, sources = configured(settings, job.source_ids)
    names = {source.id: source.name for source in file.sources}
    with ExitStack() as stack:
        work = stack.enter_context(open_workplace(settings, from_archive=job.from_archive))
        run_id = start(work, job, str(flow_run.id) if flow_run.id else None)
        outcomes: list[DocumentOutcome] = []
        leased = []
        for source in sources:
            try:
                stack.enter_context(work.warehouse.lease(source.id, lease_of(job, source, work), run_id=run_id))
            except JibaoError as error:
                outcomes.append(stopped(source, error))
            else:
                leased.append(source)
        outcomes += _sources(work, leased, job, run_id)
        summary = steps.finish(work, job, run_id, outcomes)
        publish_summary(summary, names)
        _publish_changes(work, summary, names)
    return summary


def ended(summary: RunSummary) -> dict[str, Any] | State[Any]:
    """What a flow returns: its summary, in a failed state where nothing came of the run.

    A run of which a part failed is complete: it has done what it is for, and its troubles are named one by one.
    """
    told = summary.as_json()
    if not summary.futile:
        return told
    reasons = "; ".join(dict.fromkeys(f"{one.source_id}: {one.state} {one.detail}" for one in summary.outcomes[:5]))
    more = f"; and {len(summary.outcomes) - 5} more" if len(summary.outcomes) > 5 else ""
    return Failed(message=f"nothing came of this run: {reasons}{more}", data=told)


def _sources(work: Workplace, sources: Sequence[Source], job: Job, run_id: str) -> list[DocumentOutcome]:
    outcomes: list[DocumentOutcome] = []
    found = []
    for source, survey in _surveyed(work, sources, job, run_id):
        if isinstance(survey, Survey):
            found.append((source, survey))
            outcomes += survey.outcomes
        else:
            outcomes.append(stopped(source, survey))
    by_source = _processed(work, found, job, run_id)
    reached = [(source, seen, tuple(by_source[source.id])) for source, seen in found if seen.reached]
    missing: SoFar[tuple[DocumentOutcome, ...]] = SoFar()
    if reached:
        steps.not_published.submit(work, reached, job, run_id, missing).wait()
    for source, _ in found:
        outcomes += by_source[source.id]
        outcomes += missing.results.get(source.id, ())
        if source.id in missing.errors:
            outcomes.append(stopped(source, missing.errors[source.id]))
    return outcomes


def _surveyed(
    work: Workplace, sources: Sequence[Source], job: Job, run_id: str
) -> list[tuple[Source, Survey | Exception]]:
    """Each source with its survey, or with what kept it from being made."""
    running = []
    for group in grouped(sources, lambda _: 1, _MOST_SOURCES, _LEAST_TASKS):
        found: SoFar[Survey] = SoFar()
        place = _names(source.id for source in group)
        running.append((group, found, steps.survey.submit(work, group, job, run_id, place, found)))
    surveyed: list[tuple[Source, Survey | Exception]] = []
    for group, found, future in running:
        ended = future.result(raise_on_failure=False)
        for source in group:
            surveyed.append((source, found.results.get(source.id) or _error(found.errors.get(source.id) or ended)))
    return surveyed


def _processed(
    work: Workplace, found: Sequence[tuple[Source, Survey]], job: Job, run_id: str
) -> dict[str, list[DocumentOutcome]]:
    """The outcomes of every candidate, by source."""
    progress = Progress(sum(len(seen.candidates) for _, seen in found), f"{job.kind} {job.label or 'due'}")
    by_source: dict[str, list[DocumentOutcome]] = {source.id: [] for source, _ in found}
    parts = [part for source, seen in found for part in slices(source, seen.candidates)]
    running = []
    for group in grouped(parts, lambda part: len(part.candidates), BATCH, _LEAST_TASKS):
        done: SoFar[tuple[DocumentOutcome, ...]] = SoFar()
        place = group[0].place if len(group) == 1 else _names(part.source.id for part in group)
        running.append((group, done, steps.process.submit(work, group, job, run_id, place, done)))
    for group, done, future in running:
        ended = future.result(raise_on_failure=False)
        outcomes: list[DocumentOutcome] = []
        for part in group:
            result = done.results.get(part.place)
            if result is None:
                result = (stopped(part.source, _error(done.errors.get(part.place) or ended)),)
            by_source[part.source.id] += result
            outcomes += result
        get_run_logger().info("%.0f %% of all documents", progress.advance(outcomes))
    progress.complete()
    return by_source


def _names(ids: Iterable[str]) -> str:
    """`gongshu`, `gongshu, xihu`, `gongshu, xihu and 4 more`."""
    told = list(ids)
    return ", ".join(told) if len(told) <= 3 else f"{', '.join(told[:2])} and {len(told) - 2} more"


def _error(value: object) -> Exception:
    return value if isinstance(value, Exception) else RuntimeError(repr(value))


def _publish_changes(work: Workplace, summary: RunSummary, names: dict[str, str]) -> None:
    """A table of changes for each source that this run moved (the most moved ones), of the newest period it loaded."""
    moved: dict[str, set[str]] = {}
    for outcome in summary.outcomes:
        if outcome.changes and outcome.period and outcome.state != "held":
            moved.setdefault(outcome.source_id, set()).add(outcome.period)
    changes = Counter[str]()
    for outcome in summary.outcomes:
        changes[outcome.source_id] += outcome.changes
    for source_id, periods in sorted(moved.items(), key=lambda one: -changes[one[0]])[:_MOST_TABLES]:
        newest = max(periods, key=Period.parse)
        frame = work.warehouse.query("v_change", filters={"source_id": source_id, "to_period": newest})
        publish_changes(
            source_id, names.get(source_id, source_id), frame.select(_CHANGE_COLUMNS).head(200).to_dicts(), frame.height
        )
