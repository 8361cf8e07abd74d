"""One run as a Prefect flow run: the parts of `tasks.pipeline.run` as task runs, with progress and artifacts."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from prefect import get_run_logger
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows import steps
from flows.artifacts import Progress, publish_changes, publish_summary
from tasks.config import Source
from tasks.errors import JibaoError
from tasks.model import Period
from tasks.pipeline.job import Job
from tasks.pipeline.process import Survey, stopped
from tasks.pipeline.run import WORKERS, lease_of, start
from tasks.pipeline.settings import Settings
from tasks.pipeline.summary import DocumentOutcome, RunSummary
from tasks.pipeline.workplace import Workplace, configured, open_workplace

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


def _sources(work: Workplace, sources: Sequence[Source], job: Job, run_id: str) -> list[DocumentOutcome]:
    surveys: list[tuple[Source, PrefectFuture[Survey]]] = [
        (source, steps.survey.submit(work, source, job, run_id)) for source in sources
    ]
    found = []
    outcomes: list[DocumentOutcome] = []
    for source, future in surveys:
        seen: object = future.result(raise_on_failure=False)
        if isinstance(seen, Survey):
            found.append((source, seen))
            outcomes += seen.outcomes
        else:
            outcomes.append(stopped(source, _error(seen)))
    progress = Progress(sum(len(seen.candidates) for _, seen in found), f"{job.kind} {job.label or 'due'}")
    running = []
    for source, seen in found:
        done = 0
        for batch in steps.batches(seen.candidates):
            place = f"{done + 1}-{done + len(batch)} of {len(seen.candidates)}"
            running.append((source, seen, steps.process.submit(work, source, batch, job, run_id, place)))
            done += len(batch)
    by_source: dict[str, list[DocumentOutcome]] = {source.id: [] for source, _ in found}
    for source, _, batch_future in running:
        result: object = batch_future.result(raise_on_failure=False)
        part = result if isinstance(result, tuple) else (stopped(source, _error(result)),)
        by_source[source.id] += part
        get_run_logger().info("%s: %.0f %% of all documents", source.id, progress.advance(part))
    for source, seen in found:
        outcomes += by_source[source.id]
        if seen.reached:
            outcomes += steps.not_published(work, source, job, run_id, seen, tuple(by_source[source.id]))
    progress.complete()
    return outcomes


def _error(value: object) -> Exception:
    return value if isinstance(value, Exception) else RuntimeError(repr(value))


def _publish_changes(work: Workplace, summary: RunSummary, names: dict[str, str]) -> None:
    """A table of changes for each source that this run moved, of the periods that it loaded."""
    moved: dict[str, set[str]] = {}
    for outcome in summary.outcomes:
        if outcome.changes and outcome.period and outcome.state != "held":
            moved.setdefault(outcome.source_id, set()).add(outcome.period)
    for source_id, periods in sorted(moved.items()):
        newest = max(periods, key=Period.parse)
        frame = work.warehouse.query("v_change", filters={"source_id": source_id, "to_period": newest})
        publish_changes(
            source_id, names.get(source_id, source_id), frame.select(_CHANGE_COLUMNS).head(200).to_dicts(), frame.height
        )
