"""The demo: the whole main job on an embedded portal, its runs recorded by a Prefect server of its own."""

from __future__ import annotations

import shutil
import time
from contextlib import ExitStack
from pathlib import Path

import click

from demo.portal import HanwebPortal
from demo.sites import NEWEST, QUARTERS, news, sites, sources_yaml
from flows.cli.console import Console
from flows.cli.results import make_report, print_changes
from flows.recorded import run_recorded
from flows.server import free_port
from flows.serving import prefect_server
from tasks.errors import UsageError
from tasks.pipeline.job import Job
from tasks.pipeline.run import run
from tasks.pipeline.settings import Settings
from tasks.pipeline.summary import RunSummary
from tasks.pipeline.workplace import configured, open_workplace

_MARK = ".jibao-demo"


class NotADemoFolder(UsageError):
    """The demo starts from nothing, and the folder it was given holds something else."""

    remedy = "Name an empty or new folder with --dir."


def run_demo(folder: Path, console: Console, *, prefect: bool = True) -> int:
    """Backfill, ingest, print, report; returns 0 where all went as the demo's portal plays it."""
    folder = folder.resolve()
    _fresh(folder)
    settings = Settings(
        sources=str(folder / "sources.yaml"),
        warehouse=f"sqlite:///{folder / 'jibao.db'}",
        archive=str(folder / "archive"),
        state=str(folder / "state"),
    )
    home = folder / "prefect"
    with ExitStack() as stack:
        portal = stack.enter_context(HanwebPortal(sites()))
        (folder / "sources.yaml").write_text(sources_yaml(portal), encoding="utf-8")
        console.progress(f"demo portal at {portal.url}: five invented districts, {len(QUARTERS)} quarters")
        api = stack.enter_context(prefect_server(free_port(), home, console)) if prefect else None
        past = Job("backfill", QUARTERS[0], QUARTERS[-2], recheck=0)
        console.progress(f"backfill {past.label}")
        console.summary(_run(settings, past, api, console))
        news(portal)
        console.progress(
            f"{NEWEST} is published, one old page was edited silently, one portal now blocks: ingest {NEWEST}"
        )
        summary = _run(settings, Job("ingest", NEWEST, NEWEST), api, console)
        if api is not None:
            # The server records task runs behind our back; stopped at once it would lose the last of them.
            time.sleep(4)
    console.summary(summary)
    click.echo(f"What changed with {NEWEST}:")
    print_changes(settings, summary)
    report = make_report(settings, NEWEST, folder / f"report-{NEWEST}.html")
    _tell(folder, report, prefect=prefect)
    # The demo's portal blocks one source and one report is held: an ingest says 1 to that, the demo played it so.
    expected = {"blocked", "held"}
    return 0 if {one.state for one in summary.troubles} == expected else 1


def _fresh(folder: Path) -> None:
    mark = folder / _MARK
    if folder.exists() and any(folder.iterdir()):
        if not mark.exists():
            raise NotADemoFolder(f"{folder} is not empty and was not made by the demo")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text("made by jibao demo; thrown away by the next one\n")


def _run(settings: Settings, job: Job, api: str | None, console: Console) -> RunSummary:
    if api is not None:
        return run_recorded(settings, job, api, Path(settings.state).parent / "prefect")
    _, sources = configured(settings, job.source_ids)
    with open_workplace(settings) as work:
        return run(work, sources, job, console.progress)


def _tell(folder: Path, report: Path, *, prefect: bool) -> None:
    here = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
    common = f"--sources {here}/sources.yaml --warehouse sqlite:///{here}/jibao.db --archive {here}/archive"
    click.echo("")
    click.echo(f"Report:     {report}")
    if prefect:
        click.echo(f"Prefect UI: .venv/bin/jibao {common} serve --home {here}/prefect   then http://127.0.0.1:4200")
        click.echo("            (flow runs `backfill 2023Q1..2024Q3` and `ingest 2024Q4`, with artifacts)")
    click.echo(f"Warehouse:  .venv/bin/jibao {common} query v_progress --current --limit 20")
    click.echo(f"Held back:  .venv/bin/jibao {common} review list")
