"""The flow that the scheduler starts: every source's due quarter, or the one named."""

from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from pydantic import Field

from flows.review import open_reviews
from flows.running import ended, run_job, task_runner
from tasks.model import Period
from tasks.pipeline.job import Job
from tasks.pipeline.settings import Settings

PeriodText = Annotated[str, Field(pattern=r"^\d{4}(Q[1-4]|H[12]|M(0[1-9]|1[0-2]))?$")]


def _name() -> str:
    return f"ingest {flow_run.parameters.get('period') or 'due'}"


@flow(name="ingest", flow_run_name=_name, task_runner=task_runner())
def ingest(
    period: PeriodText | None = None,
    sources: list[str] | None = None,
    recheck: Annotated[int, Field(ge=0, le=40)] = 4,
    full: bool = False,
) -> dict[str, Any] | State[Any]:
    """Fetch, read, check, compare and load one period of every source.

    Args:
        period: The period, such as 2024Q3 or 2024H1. Empty means what is due for each source today.
        sources: Ids from sources.yaml. Empty means all enabled ones.
        recheck: How many earlier periods are asked again for silent revisions.
        full: Read pages whole even where the portal says that nothing changed.
    """
    wanted = Period.parse(period) if period else None
    job = Job("ingest", wanted, wanted, tuple(sources or ()), recheck=recheck, full=full)
    summary = run_job(Settings.from_environment(), job)
    open_reviews(summary)
    return ended(summary)
