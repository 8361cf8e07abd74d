"""Commands on single documents: parse and diff. No server; parse needs no warehouse either."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click

from flows.cli.types import PERIOD
from tasks.errors import UsageError
from tasks.model import Period, Report, Row
from tasks.pipeline.settings import Settings
from tasks.pipeline.single import NoSuchDocument, parse_file, parse_url

_OTHER_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_BELIEVED = re.compile(r"(?P<source>[^@/\\]+)@(?P<period>\d{4}(?:[QHM]\d{1,2})?)", re.IGNORECASE)


def _is_url(text: str) -> bool:
    """Whether it is fetched instead of read from a file. Raises UsageError for schemes that are not asked."""
    try:
        scheme = urlsplit(text).scheme.lower()
    except ValueError:
        return False
    if scheme in {"http", "https"}:
        return True
    if _OTHER_SCHEME.match(text):
        raise UsageError(f"only http and https are fetched, not {scheme}", where=text)
    return False


@click.command()
@click.argument("path_or_url")
@click.option("--period", type=PERIOD, help="What the document is about, where it does not say so itself.")
@click.option("--source", "source_id", metavar="ID", help="Read with this source's settings.")
@click.option("--compact", is_flag=True, help="On one line.")
@click.pass_obj
def parse(settings: Settings, path_or_url: str, period: Period | None, source_id: str | None, compact: bool) -> int:
    """One document to JSON on stdout: meta, rows, sections, observations, text, warnings."""
    from flows.cli.jsonform import report_json
    from tasks.config import load_sources, select

    source = select(load_sources(settings.sources), (source_id,))[0] if source_id else None
    if _is_url(path_or_url):
        with tempfile.TemporaryDirectory(prefix="jibao-parse-") as folder:
            own = replace(settings, archive=str(Path(folder) / "archive"))
            acquired = parse_url(own, path_or_url, source=source, period=period)
    else:
        acquired = parse_file(Path(path_or_url), source=source, period=period)
    found = report_json(acquired.report, acquired.observations)
    text = json.dumps(found, ensure_ascii=False, indent=None if compact else 2, allow_nan=False)
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace") + b"\n")
    return 0


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.pass_obj
def diff(settings: Settings, old: str, new: str, form: str) -> int:
    """What changed between two documents: paths, URLs, or source@period for what the warehouse believes."""
    from tasks.compare import diff as compare
    from tasks.compare import diff_csv, diff_json

    before, after = _rows(settings, old), _rows(settings, new)
    difference = compare(before, after)
    if form == "csv":
        click.echo(diff_csv(before, after, difference), nl=False)
    elif form == "json":
        click.echo(json.dumps(diff_json(before, after, difference), ensure_ascii=False, indent=2))
    else:
        from flows.cli.changes import difference_text

        click.echo(difference_text(before, after, difference), nl=False)
    for warning in difference.warnings:
        click.echo(f"warning {warning.code}: {warning.message}", err=True)
    return 0


def _rows(settings: Settings, name: str) -> tuple[Row, ...]:
    """The rows of a path, a URL or `source@period`. Raises NoSuchDocument; UsageError for a document without rows."""
    believed = _BELIEVED.fullmatch(name)
    if believed and not Path(name).exists():
        return _believed(settings, believed["source"], Period.parse(believed["period"]))
    report: Report
    if _is_url(name):
        with tempfile.TemporaryDirectory(prefix="jibao-diff-") as folder:
            report = parse_url(replace(settings, archive=str(Path(folder) / "archive")), name).report
    else:
        report = parse_file(Path(name)).report
    if not report.rows:
        raise UsageError(f"{name} has no rows to compare: it is {report.meta.kind or 'of unknown kind'}", where=name)
    return report.rows


def _believed(settings: Settings, source_id: str, period: Period) -> tuple[Row, ...]:
    from tasks.load import believed_rows
    from tasks.pipeline.workplace import existing_warehouse

    with existing_warehouse(settings) as warehouse:
        rows = believed_rows(warehouse, source_id, period)
    if not rows:
        raise NoSuchDocument(f"the warehouse believes nothing about {source_id}@{period}", source=source_id)
    return tuple(rows)


COMMANDS = (parse, diff)
