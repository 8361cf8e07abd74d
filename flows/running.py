"""One run as a Prefect flow run: the parts of `tasks.pipeline.run` as task runs, with progress and artifacts."""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Failed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows import steps
from flows.artifacts import publish_changes, publish_summary
from flows.batches import SoFar
from flows.heartbeat import heartbeats
from flows.sharing import Sharing
from tasks.config import Source
from tasks.errors import JibaoError
from tasks.model import Period
from tasks.pipeline.job import Job
from tasks.pipeline.process import Survey, stopped
from tasks.pipeline.run import WORKERS, lease_of, start
from tasks.pipeline.settings import Settings
from tasks.pipeline.summary import DocumentOutcome, RunSummary
from tasks.pipeline.workplace import Workplace, configured, open_workplace

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
        stack.enter_context(heartbeats())
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
    by_source: dict[str, list[DocumentOutcome]] = {}
    for source, survey, done in Sharing(work, sources, job, run_id).done():
        if isinstance(survey, Survey):
            found.append((source, survey))
            outcomes += survey.outcomes
            by_source[source.id] = done
        else:
            outcomes.append(stopped(source, survey))
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
