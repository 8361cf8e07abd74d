"""Commands on held documents: list, accept, reject."""

from __future__ import annotations

import getpass

import click

from flows.cli.changes import preview_line
from flows.cli.console import one_line
from tasks.errors import UsageError
from tasks.pipeline.settings import Settings
from tasks.pipeline.workplace import existing_warehouse, open_workplace


@click.group()
def review() -> None:
    """Documents that a check has held back."""


@review.command("list")
@click.option("--changes", is_flag=True, help="With what accepting each would change.")
@click.pass_obj
def list_(settings: Settings, changes: bool) -> int:
    """The documents that wait, with the checks that hold them."""

    with existing_warehouse(settings) as warehouse:
        waiting = warehouse.pending()
        for held in waiting:
            click.echo(one_line(f"{held.document_id[:16]} {held.source_id} {held.period} {held.title or ''}"))
            click.echo(one_line(f"    {held.url or ''}"))
            click.echo(one_line(f"    held because: {held.reason}"))
            for check in held.checks:
                verdict = "HOLD" if check.verdict == "hold" else "pass"
                click.echo(one_line(f"    {verdict} {check.name}: {check.evidence}"))
            click.echo(f"    accepting would bring {held.changes} changes")
            if changes:
                for one in warehouse.preview(held.document_id):
                    click.echo(f"      {preview_line(one)}")
    if not waiting:
        click.echo("nothing waits for a decision", err=True)
    return 0


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container's user often has no name.
        raise UsageError("the system has no name for this user: say who decides with --who") from None


def _decide(settings: Settings, document_id: str, verdict: str, who: str | None, why: str) -> int:
    from tasks.pipeline.review import decide

    with open_workplace(settings) as work:
        result = decide(work, document_id, verdict, who=who or _user(), why=why)
    click.echo(f"{verdict}ed {result.source_id} {result.period}: {len(result.changes)} changes")
    return 0


_who = click.option("--who", help="Who decides; default the system's user name.")


@review.command()
@click.argument("document_id", metavar="ID")
@_who
@click.option("--why", default="", help="What it rests on.")
@click.pass_obj
def accept(settings: Settings, document_id: str, who: str | None, why: str) -> int:
    """Load a held document as it is. The start of an id is enough."""
    return _decide(settings, document_id, "accept", who, why)


@review.command()
@click.argument("document_id", metavar="ID")
@_who
@click.option("--why", default="", help="What it rests on.")
@click.pass_obj
def reject(settings: Settings, document_id: str, who: str | None, why: str) -> int:
    """Keep a held document as evidence only; earlier belief stands."""
    return _decide(settings, document_id, "reject", who, why)


COMMANDS = (review,)
