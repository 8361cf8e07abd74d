"""Past years: one flow run per quarter, oldest first, so that each has its own state, logs and retry."""

from typing import Annotated, Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import FlowRun, State
from prefect.deployments import run_deployment
from prefect.runtime import flow_run
from pydantic import Field

from flows.ingest import PeriodText
from flows.running import ended, run_job, task_runner
from tasks.model import Period
from tasks.periods import quarters_between
from tasks.pipeline.job import Job
from tasks.pipeline.settings import Settings


def _name() -> str:
    given = flow_run.parameters
    return f"backfill {given.get('first')}..{given.get('last')}"


@flow(name="backfill", flow_run_name=_name, task_runner=task_runner())
def backfill(
    first: PeriodText,
    last: PeriodText,
    sources: list[str] | None = None,
    from_archive: bool = False,
) -> dict[str, Any] | State[Any]:
    """Load past periods, oldest first. What is loaded already costs one conditional request a page.

    Args:
        first: The oldest period, such as 2020Q1.
        last: The newest period, such as 2024Q4.
        sources: Ids from sources.yaml. Empty means all enabled ones.
        from_archive: Read kept captures instead of the network.
    """
    job = Job(
        "backfill", Period.parse(first), Period.parse(last), tuple(sources or ()), recheck=0, from_archive=from_archive
    )
    return ended(run_job(Settings.from_environment(), job))


@flow(name="backfill quarters", flow_run_name=_name)
def backfill_quarters(
    first: PeriodText,
    last: PeriodText,
    sources: list[str] | None = None,
    from_archive: bool = False,
    attempt: Annotated[int, Field(ge=1)] = 1,
) -> list[str]:
    """Start one backfill run for each quarter. Started twice with the same arguments, it starts nothing twice.

    Args:
        first: The oldest period, such as 2020Q1.
        last: The newest period, such as 2024Q4.
        sources: Ids from sources.yaml. Empty means all enabled ones.
        from_archive: Read kept captures instead of the network.
        attempt: Raise it to run the same quarters again.
    """
    job = Job("backfill", Period.parse(first), Period.parse(last))
    ids = ",".join(sorted(sources or ())) or "all"
    started = []
    for quarter in quarters_between(job.first or Period.parse(first), job.last or Period.parse(last)):
        run = run_deployment(
            "backfill/backfill",
            parameters={"first": str(quarter), "last": str(quarter), "sources": sources, "from_archive": from_archive},
            flow_run_name=f"backfill {quarter}",
            idempotency_key=f"backfill-{quarter}-{ids}-{from_archive}-{attempt}",
            timeout=0,
            as_subflow=False,
        )
        if not isinstance(run, FlowRun):
            raise TypeError(f"run_deployment gave {run!r}")
        get_run_logger().info("%s: flow run %s", quarter, run.name)
        started.append(str(run.id))
    return started
