"""Commands on the configuration: list, check, schema."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from flows.cli.console import Console
from tasks.pipeline.settings import Settings


@click.group()
def sources() -> None:
    """The configured sources."""


@sources.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_obj
def list_(settings: Settings, form: str) -> int:
    """Every source with its portal family and listing."""
    from tasks.config import load_sources

    file = load_sources(settings.sources)
    if form == "json":
        click.echo(json.dumps([s.model_dump(mode="json") for s in file.sources], ensure_ascii=False, indent=2))
        return 0
    for source in file.sources:
        state = "" if source.enabled else " (disabled)"
        click.echo(f"{source.id}\t{source.portal}\t{source.cadence}\t{source.name}{state}\t{source.listing}")
    return 0


@sources.command()
@click.option("--live", "source_id", metavar="ID", help="Ask the portal and say what it offers; nothing is loaded.")
@click.pass_obj
def check(settings: Settings, source_id: str | None) -> int:
    """Validate sources.yaml, every problem with file and line; with --live also try one source."""
    from tasks.config import load_sources, select

    file = load_sources(settings.sources)
    if source_id is None:
        enabled = sum(source.enabled for source in file.sources)
        click.echo(f"{settings.sources}: {len(file.sources)} sources, {enabled} enabled, no problems")
        return 0
    from tasks.archive import Archive
    from tasks.fetch import Fetcher
    from tasks.pipeline.trying import try_source
    from tasks.pipeline.workplace import unnamed

    source = select(file, (source_id,))[0]
    Console().ask_for_contact(unnamed((source,), os.environ))
    with tempfile.TemporaryDirectory(prefix="jibao-check-") as folder:
        own = replace(settings, archive=str(Path(folder) / "archive"))
        with Archive(own.archive) as archive, Fetcher(archive, state_dir=own.state) as fetcher:
            trial = try_source(source, fetcher, archive, Console().say)
    for line in trial.lines:
        click.echo(line)
    return 0 if trial.good else 1


@sources.command()
def schema() -> int:
    """The JSON Schema of sources.yaml."""
    from tasks.config import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
    return 0


COMMANDS = (sources,)
