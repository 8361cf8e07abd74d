"""The command group, its common options, and the one place where errors become exit statuses."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from flows.cli.common import common_options, start_logging, with_common_options
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
        command = next(command for command in commands if command.name == cmd_name)
        # The demo has places of its own and must never touch the user's.
        return command if cmd_name == "demo" else with_common_options(command)


@click.group(
    cls=Commands,
    params=common_options(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(package_name="jibao")
@click.pass_context
def cli(context: click.Context) -> None:
    """季报: quarterly disclosures of Chinese governments, fetched, kept, read, compared and loaded.

    The first four options stand before or after the command. Exit status: 0 all done; 1 finished, but a source failed,
    is blocked, or a document awaits review; 2 bad usage or configuration; 3 internal error.
    """
    if context.obj is None:
        context.obj = Settings.from_environment()


def main(arguments: list[str] | None = None) -> None:
    """The entry point. Never a traceback for what a user can cause; JIBAO_TRACEBACK=1 shows one for a defect."""
    console = Console()
    start_logging()
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
