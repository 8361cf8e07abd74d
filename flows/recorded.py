"""Running a job as a Prefect flow run, where an API is configured or `jibao serve` runs on this machine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from flows.heartbeat import without_prefects
from flows.server import client_environment
from tasks.errors import UsageError
from tasks.pipeline.collector import relaxed_collector
from tasks.pipeline.job import Job
from tasks.pipeline.settings import Settings
from tasks.pipeline.summary import DocumentOutcome, RunSummary


class NoPrefectApi(UsageError):
    """A command needs a Prefect API and none is configured or running."""

    remedy = "Start one with `jibao serve`, or set PREFECT_API_URL."


class FlowRunFailed(UsageError):
    """The flow run ended without a summary; the reason stands in its logs."""

    remedy = "Open the flow run in the Prefect UI; the warehouse holds only whole documents, run the command again."
    exit_status = 3


def serve_file(settings: Settings) -> Path:
    """Where `jibao serve` says on which port it runs."""
    return Path(settings.state) / "serve.json"


def alive(api: str, timeout: float = 2.0) -> bool:
    """Whether a Prefect API answers there."""
    try:
        with requests.Session() as session:
            session.trust_env = False
            return session.get(f"{api}/health", timeout=timeout).status_code == 200
    except requests.RequestException:
        return False


def prefect_api(settings: Settings) -> tuple[str | None, str]:
    """The API to record runs with, if one answers; and what to tell the user otherwise."""
    configured = os.environ.get("PREFECT_API_URL")
    if configured:
        if alive(configured):
            return configured, ""
        return None, f"the Prefect API at {configured} does not answer: this run is recorded in the warehouse only"
    try:
        served = json.loads(serve_file(settings).read_text())
        api = str(served["api"])
    except (OSError, ValueError, KeyError):
        return None, ""
    return (api, "") if alive(api) else (None, "")


def require_api(settings: Settings) -> str:
    """The API, or NoPrefectApi."""
    api, _ = prefect_api(settings)
    if api is None:
        raise NoPrefectApi("no Prefect API answers")
    return api


@contextmanager
def environment(settings: Settings, api: str, home: Path | None = None) -> Iterator[None]:
    """The process environment that flows read: where the API and the four places of `Settings` are.

    Prefect reads its settings from the environment at import, so it is set before the first import of a flow. `home`
    is Prefect's own folder; the one of the environment, else the user's.
    """
    before = dict(os.environ)
    folder = home or Path(before.get("PREFECT_HOME") or Path.home() / ".prefect")
    os.environ.update(client_environment(0, folder))
    os.environ["PREFECT_API_URL"] = api
    os.environ.update(settings.as_environment())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def run_recorded(settings: Settings, job: Job, api: str, home: Path | None = None) -> RunSummary:
    """The job as a flow run in this process. Raises FlowRunFailed; the rooms' errors as they are."""
    # Prefect is two thousand modules: the collector, left as it is, takes a tenth of their import.
    with relaxed_collector(), environment(settings, api, home):
        from prefect.settings import PREFECT_API_URL, temporary_settings

        with temporary_settings({PREFECT_API_URL: api, **without_prefects()}):
            # With its state: a run of which nothing came is a failed one, and has a summary all the same.
            result = _call(job).result(raise_on_failure=False)
    if isinstance(result, BaseException):
        raise result
    if not isinstance(result, dict):
        raise FlowRunFailed(f"the {job.kind} flow ended with {result!r}")
    return summary_of(result)


def _call(job: Job) -> Any:
    sources = list(job.source_ids) or None
    if job.kind == "ingest":
        from flows.ingest import ingest

        return ingest(
            period=str(job.first) if job.first else None,
            sources=sources,
            recheck=job.recheck,
            full=job.full,
            return_state=True,
        )
    if job.kind == "backfill":
        from flows.backfill import backfill

        return backfill(
            first=str(job.first),
            last=str(job.last),
            sources=sources,
            from_archive=job.from_archive,
            return_state=True,
        )
    from flows.reparse import reparse

    return reparse(sources=sources, return_state=True)


def summary_of(result: dict[str, Any]) -> RunSummary:
    """`RunSummary.as_json` back to the summary."""
    outcomes = tuple(DocumentOutcome(**one) for one in result["outcomes"])
    return RunSummary(result["run_id"], result["kind"], result["period"], outcomes)
