"""The options that every command shares: accepted before the command, after it, and after a subcommand.

The nearer one counts: `jibao --archive A ingest --archive B` means B.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import replace

import click

from tasks.pipeline.settings import Settings


def _settings(context: click.Context) -> Settings:
    if context.obj is None:
        context.obj = Settings.from_environment()
    found: Settings = context.obj
    return found


def _place(context: click.Context, option: click.Parameter, value: str | None) -> None:
    settings = _settings(context)
    if value and option.name:
        # A context hands its object to the subcommands that are parsed after it.
        context.obj = replace(settings, **{option.name: value})


def _loudness(context: click.Context, option: click.Parameter, value: bool) -> None:  # noqa: ARG001
    if value:
        logging.getLogger().setLevel(logging.INFO)


def start_logging() -> None:
    """Errors to stderr; `--verbose` lowers the level."""
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(asctime)s %(levelname)s %(name)s %(message)s")


def common_options() -> list[click.Parameter]:
    """New option objects: sources, warehouse, archive, verbose."""

    def place(flag: str, name: str, metavar: str, text: str) -> click.Option:
        return click.Option(
            [flag, name], metavar=metavar, help=text, callback=_place, expose_value=False, is_eager=True
        )

    return [
        place("--sources", "sources", "FILE", "JIBAO_SOURCES; default sources.yaml"),
        place("--warehouse", "warehouse", "URL", "JIBAO_WAREHOUSE; an SQLAlchemy URL, default a SQLite file"),
        place("--archive", "archive", "DIR", "JIBAO_ARCHIVE; a folder or an fsspec URL"),
        click.Option(
            ["-v", "--verbose"],
            is_flag=True,
            help="Log every request and step to stderr.",
            callback=_loudness,
            expose_value=False,
        ),
    ]


def with_common_options(command: click.Command) -> click.Command:
    """The command and its subcommands, each with the common options that it does not have yet."""
    own: set[str] = {flag for parameter in command.params for flag in parameter.opts}
    command.params += [option for option in common_options() if not own.intersection(option.opts)]
    if isinstance(command, click.Group):
        for child in command.commands.values():
            with_common_options(child)
    return command
