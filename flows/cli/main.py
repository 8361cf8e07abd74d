"""The command group, its common options, and the one place where errors become exit statuses."""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import replace
from importlib import import_module

import click

from flows.cli.console import Console
from tasks.errors import JibaoError
from tasks.pipeline.settings import Settings

# Command → the module of this package that defines it. Loaded at use: most commands need a part of the house only.
_MODULES = {
    "demo": "operate",
    "ingest": "operate",
    "backfill": "operate",
    "parse": "documents",
    "diff": "documents",
    "report": "results",
    "query": "results",
    "lineage": "results",
    "sources": "sources",
    "review": "reviews",
    "reparse": "operate",
    "archive": "archives",
    "export": "results",
    "deploy": "operate",
    "serve": "operate",
}


class Commands(click.Group):
    """The commands, in the order in which a newcomer meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names for the help."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the module that defines the command."""
        module = _MODULES.get(cmd_name)
        if module is None:
            return None
        commands: tuple[click.Command, ...] = import_module(f"flows.cli.{module}").COMMANDS
        return next(command for command in commands if command.name == cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--sources", "sources_file", metavar="FILE", help="JIBAO_SOURCES; default sources.yaml")
@click.option("--warehouse", metavar="URL", help="JIBAO_WAREHOUSE; an SQLAlchemy URL, default a SQLite file")
@click.option("--archive", metavar="DIR", help="JIBAO_ARCHIVE; a folder or an fsspec URL")
@click.option("-v", "--verbose", is_flag=True, help="Log every request and step to stderr.")
@click.version_option(package_name="jibao")
@click.pass_context
def cli(
    context: click.Context, sources_file: str | None, warehouse: str | None, archive: str | None, verbose: bool
) -> None:
    """季报: quarterly disclosures of Chinese governments, fetched, kept, read, compared and loaded.

    Exit status: 0 all done; 1 finished, but a source failed, is blocked, or a document awaits review; 2 bad usage or
    configuration; 3 internal error.
    """
    given = {"sources": sources_file, "warehouse": warehouse, "archive": archive}
    settings = replace(Settings.from_environment(), **{name: value for name, value in given.items() if value})
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.ERROR,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    context.obj = settings


def main(arguments: list[str] | None = None) -> None:
    """The entry point. Never a traceback for what a user can cause; JIBAO_TRACEBACK=1 shows one for a defect."""
    console = Console()
    try:
        status = cli.main(args=arguments, prog_name="jibao", standalone_mode=False)
    except click.exceptions.Abort:
        console.say("stopped")
        status = 130
    except click.ClickException as error:
        error.show(sys.stderr)
        status = 2
    except JibaoError as error:
        console.say(f"jibao: {error}")
        status = error.exit_status
    except BrokenPipeError:
        # The reader of our output has gone; closing stdout again at exit would raise.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except KeyboardInterrupt:
        console.say("stopped")
        status = 130
    except OSError as error:
        console.say(f"jibao: {error.strerror or error}: {error.filename or ''}".rstrip(": "))
        status = 1
    except Exception as error:
        if os.environ.get("JIBAO_TRACEBACK"):
            raise
        console.say(f"jibao: internal error: {type(error).__name__}: {error} (JIBAO_TRACEBACK=1 shows where)")
        status = 3
    sys.exit(status if isinstance(status, int) else 0)
