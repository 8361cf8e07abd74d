"""Every kept capture through today's parser, in batches."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run

from flows import steps
from flows.artifacts import publish_summary
from flows.batches import BATCH
from flows.heartbeat import heartbeats
from flows.running import ended, task_runner
from tasks.pipeline.job import Job
from tasks.pipeline.reparse import kept_documents
from tasks.pipeline.run import start
from tasks.pipeline.settings import Settings
from tasks.pipeline.summary import DocumentOutcome
from tasks.pipeline.workplace import configured, open_workplace


@flow(name="reparse", flow_run_name="reparse", task_runner=task_runner())
def reparse(sources: list[str] | None = None) -> dict[str, Any] | State[Any]:
    """Read every known document again from the archive; what differs is loaded with cause = parser.

    Args:
        sources: Ids from sources.yaml. Empty means all enabled ones.
    """
    settings = Settings.from_environment()
    file, chosen = configured(settings, tuple(sources or ()))
    job = Job("reparse", source_ids=tuple(sources or ()))
    with heartbeats(), open_workplace(settings) as work:
        run_id = start(work, job, str(flow_run.id) if flow_run.id else None)
        kept = kept_documents(work, chosen)
        outcomes: list[DocumentOutcome] = []
        futures = [
            steps.reparse.submit(work, kept[at : at + BATCH], run_id, f"{at + 1}-{min(at + BATCH, len(kept))}")
            for at in range(0, len(kept), BATCH)
        ]
        for future in futures:
            outcomes += future.result()
        summary = steps.finish(work, job, run_id, outcomes)
        publish_summary(summary, {source.id: source.name for source in file.sources})
    return ended(summary)
