"""Commands that run the pipeline: ingest, backfill, reparse, demo, deploy, serve."""

from __future__ import annotations

import os
from pathlib import Path

import click

from flows.cli.console import Console
from flows.cli.types import PERIOD
from tasks.model import Period
from tasks.pipeline.job import Job, PeriodRangeError
from tasks.pipeline.settings import Settings
from tasks.pipeline.summary import RunSummary

_source_option = click.option(
    "--source", "source_ids", multiple=True, metavar="ID", help="Only this source; repeatable."
)


def perform(settings: Settings, job: Job) -> RunSummary:
    """Run a job here, or as a Prefect flow run where an API is configured or served on this machine."""
    from flows.recorded import prefect_api, run_recorded
    from tasks.pipeline.workplace import configured, open_workplace, unnamed

    console = Console()
    _, sources = configured(settings, job.source_ids)
    if not job.from_archive and job.kind != "reparse":
        console.ask_for_contact(unnamed(sources, os.environ))
    api, notice = prefect_api(settings)
    if notice:
        console.say(notice)
    if api is not None:
        console.say(f"recording this run as a Prefect flow run at {api}")
        summary = run_recorded(settings, job, api)
    else:
        from tasks.pipeline.reparse import run_reparse
        from tasks.pipeline.run import run

        with open_workplace(settings, from_archive=job.from_archive) as work:
            runner = run_reparse if job.kind == "reparse" else run
            summary = runner(work, sources, job, console.progress)
    console.summary(summary)
    return summary


@click.command()
@click.argument("period", type=PERIOD, required=False)
@_source_option
@click.option(
    "--recheck",
    type=click.IntRange(0, 40),
    default=4,
    show_default=True,
    help="Earlier periods asked again for silent revisions.",
)
@click.option("--full", is_flag=True, help="Read pages whole even where the portal says nothing changed.")
@click.pass_obj
def ingest(settings: Settings, period: Period | None, source_ids: tuple[str, ...], recheck: int, full: bool) -> int:
    """Every source's due period, or the one named."""
    summary = perform(settings, Job("ingest", period, period, source_ids, recheck=recheck, full=full))
    from flows.cli.results import print_changes

    print_changes(settings, summary)
    return summary.exit_status


@click.command()
@click.option("--from", "first", type=PERIOD, required=True, help="The oldest period.")
@click.option("--to", "last", type=PERIOD, required=True, help="The newest period.")
@_source_option
@click.option("--from-archive", is_flag=True, help="Read kept captures instead of the network.")
@click.pass_obj
def backfill(settings: Settings, first: Period, last: Period, source_ids: tuple[str, ...], from_archive: bool) -> int:
    """Past periods, oldest first; resumable: what is loaded is passed over."""
    if last.end < first.end:
        raise PeriodRangeError(f"{last} ends before {first}")
    job = Job("backfill", first, last, source_ids, recheck=0, from_archive=from_archive)
    return perform(settings, job).exit_status


@click.command()
@_source_option
@click.pass_obj
def reparse(settings: Settings, source_ids: tuple[str, ...]) -> int:
    """Kept captures through today's parser; changes that come of it have cause = parser."""
    from tasks.pipeline.workplace import existing_warehouse

    with existing_warehouse(settings):
        pass  # a mistyped name must not make an empty warehouse of which there is nothing to read again
    summary = perform(settings, Job("reparse", source_ids=source_ids))
    if not summary.outcomes:
        Console().say("nothing was read again: the warehouse knows no document of these sources")
    return summary.exit_status


@click.command()
@click.option("--dir", "folder", default="data/demo", show_default=True, help="Where the demo keeps its data.")
@click.option("--no-prefect", is_flag=True, help="Without a Prefect server: faster, and nothing to see in its UI.")
def demo(folder: str, no_prefect: bool) -> int:
    """The whole main job without a network, on an embedded portal with invented districts."""
    from flows.demo import run_demo

    return run_demo(Path(folder), Console(), prefect=not no_prefect)


@click.command()
@click.pass_obj
def deploy(settings: Settings) -> int:
    """Register deployments, schedules, limits and automations with the configured Prefect API."""
    from flows.recorded import require_api
    from flows.registering import register

    for line in register(require_api(settings), settings):
        click.echo(line)
    return 0


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65535), default=4200, show_default=True, help="Of the Prefect server and its UI."
)
@click.option("--home", default=None, metavar="DIR", help="Prefect's own data; default data/prefect.")
@click.option("--no-worker", is_flag=True, help="Only the server and its UI.")
@click.pass_obj
def serve(settings: Settings, port: int, home: str | None, no_worker: bool) -> int:
    """Prefect server, deployments and a worker on this machine, until Ctrl-C."""
    from flows.serving import serve_here

    folder = Path(home or os.environ.get("PREFECT_HOME") or "data/prefect").resolve()
    return serve_here(settings, port, folder, Console(), worker=not no_worker)


COMMANDS = (demo, ingest, backfill, reparse, deploy, serve)
