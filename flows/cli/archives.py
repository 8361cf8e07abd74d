"""Commands on the archive: verify, export, import."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.console import one_line
from tasks.errors import UsageError
from tasks.pipeline.settings import Settings


@click.group()
def archive() -> None:
    """The kept captures."""


@archive.command()
@click.pass_obj
def verify(settings: Settings) -> int:
    """Hash every capture again; each that is damaged or missing is named."""
    from tasks.archive import Archive

    with Archive(settings.archive) as kept:
        checked = sum(1 for _ in kept.captures())
        problems = list(kept.verify())
    for problem in problems:
        click.echo(one_line(f"{problem.code}: {problem.where}: {problem.reason}"))
    click.echo(f"{checked} captures, {len(problems)} problems", err=True)
    return 1 if problems else 0


@archive.command()
@click.option("--out", "out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.warc.gz")
@click.option("--source", "source_id", metavar="ID", help="Only this source's captures.")
@click.pass_obj
def export(settings: Settings, out: Path, source_id: str | None) -> int:
    """Write the captures as WARC 1.1."""
    from tasks.archive import Archive

    with Archive(settings.archive) as kept:
        if source_id is not None and next(iter(kept.captures(source_id=source_id)), None) is None:
            raise UsageError(f"no capture of a source {source_id!r} is kept", where=settings.archive)
        count = kept.export_warc(out, source_id=source_id)
    click.echo(f"{out}\t{count}")
    return 0


@archive.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.warc.gz")
@click.option("--source", "source_id", default="", metavar="ID", help="Whose captures they are.")
@click.pass_obj
def import_(settings: Settings, path: Path, source_id: str) -> int:
    """Keep a WARC's responses as captures, with their own times."""
    from tasks.archive import Archive

    with Archive(settings.archive) as kept:
        count = kept.import_warc(path, source_id=source_id)
    click.echo(f"{path}\t{count}")
    return 0


COMMANDS = (archive,)
