"""Commands that read the warehouse: report, export, query, lineage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from flows.cli.changes import view_lines
from flows.cli.types import MOMENT, PERIOD
from tasks.errors import UsageError
from tasks.model import Period
from tasks.pipeline.settings import Settings
from tasks.pipeline.summary import RunSummary
from tasks.pipeline.workplace import existing_warehouse

_SHOWN = 12


def print_changes(settings: Settings, summary: RunSummary) -> None:
    """What a run changed, on stdout: per source the counts by facet and the first changes in words."""
    touched: dict[str, set[tuple[str, str]]] = {}
    for outcome in summary.outcomes:
        if outcome.changes and outcome.period and outcome.state != "held":
            scope = "revision" if outcome.state == "revision" else "quarter"
            touched.setdefault(outcome.source_id, set()).add((outcome.period, scope))
    if not touched:
        click.echo("no changes")
        return
    with existing_warehouse(settings) as warehouse:
        for source_id, periods in sorted(touched.items()):
            for period, scope in sorted(periods, key=lambda item: Period.parse(item[0])):
                filters = {"source_id": source_id, "to_period": period, "scope": scope}
                frame = warehouse.query("v_change", filters=filters)
                progress = warehouse.query("v_progress", filters={"source_id": source_id, "period": period})
                words = dict(progress.select("commitment_id", "content").iter_rows())
                counts = dict(frame.group_by("facet").len().sort("facet").iter_rows())
                what = f"{source_id} {period}" + (" (revised silently)" if scope == "revision" else "")
                click.echo(f"{what}: " + ", ".join(f"{facet} {n}" for facet, n in counts.items()))
                rows = sorted(frame.to_dicts(), key=lambda row: (row["facet"] != "row", row["facet"] != "progress"))
                for line in view_lines(rows[:_SHOWN], words):
                    click.echo(line)
                if len(rows) > _SHOWN:
                    click.echo(f"  … and {len(rows) - _SHOWN} more")


@click.command()
@click.argument("period", type=PERIOD)
@click.option("--out", "out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.html")
@click.pass_obj
def report(settings: Settings, period: Period, out: Path) -> int:
    """The quarter's change report: one self-contained HTML file."""
    with existing_warehouse(settings) as warehouse:
        known = warehouse.query("v_document")["period"].drop_nulls().unique().to_list()
    click.echo(str(make_report(settings, period, out)))
    if not any(Period.parse(label).covers_same(period) for label in known):
        # Written all the same: it says of every source that nothing has come.
        click.echo(f"jibao: the warehouse knows no document about {period}: the report is empty", err=True)
    return 0


def make_report(settings: Settings, period: Period, out: Path) -> Path:
    """Write the report; names come from sources.yaml where it can be read."""
    from tasks.config import load_sources
    from tasks.report import render, write_report

    names: dict[str, str] = {}
    if Path(settings.sources).exists():
        names = {source.id: source.name for source in load_sources(settings.sources).sources if source.enabled}
    with existing_warehouse(settings) as warehouse:

        def query(view: str, filters: Mapping[str, Any]) -> Any:
            return warehouse.query(view, filters=filters)

        write_report(out, render(period, query, names, now=datetime.now(UTC)))
    return out.resolve()


@click.command()
@click.option("--out", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option("--format", "form", type=click.Choice(["parquet", "csv"]), default="parquet", show_default=True)
@click.option("--as-of", type=MOMENT, help="What was believed at that moment.")
@click.pass_obj
def export(settings: Settings, folder: Path, form: str, as_of: datetime | None) -> int:
    """The contract's views as files, with a manifest of counts and hashes."""
    with existing_warehouse(settings) as warehouse:
        manifest = warehouse.export(folder, form, as_of=as_of)
    for file in manifest.files:
        click.echo(f"{file.name}\t{file.rows}")
    return 0


def _filters(view: str, conditions: tuple[str, ...]) -> dict[str, object]:
    """`COLUMN=VALUE` → column and value of its kind: SQLite finds no 0.75 where the text '0.75' is asked for."""
    from warehouse.reading import view_named

    kinds = dict(view_named(view).columns)
    numbers = {"int": int, "double": float}
    filters: dict[str, object] = {}
    for condition in conditions:
        column, sign, value = condition.partition("=")
        if not sign:
            raise UsageError(f"{condition!r} is not COLUMN=VALUE")
        try:
            filters[column] = numbers.get(kinds.get(column, ""), str)(value) if value else None
        except ValueError:
            raise UsageError(f"{column} holds numbers, and {value!r} is none") from None
    return filters


@click.command()
@click.argument("view")
@click.option(
    "--where", "conditions", multiple=True, metavar="COLUMN=VALUE", help="Repeatable; an empty value is null."
)
@click.option("--as-of", type=MOMENT, help="What was believed at that moment.")
@click.option("--current", is_flag=True, help="Only what is believed now.")
@click.option("--format", "form", type=click.Choice(["json", "csv", "table"]), default="table", show_default=True)
@click.option("--limit", type=click.IntRange(min=0), default=0, help="At most so many rows; 0 means all.")
@click.pass_obj
def query(
    settings: Settings,
    view: str,
    conditions: tuple[str, ...],
    as_of: datetime | None,
    current: bool,
    form: str,
    limit: int,
) -> int:
    """A view of the warehouse, now or as of a past moment: v_progress, v_change, v_attainment, v_lineage, …"""
    import polars as pl

    filters = _filters(view, conditions)
    with existing_warehouse(settings) as warehouse:
        frame = warehouse.query(view, as_of=as_of, filters=filters, current=current)
    frame = frame.head(limit) if limit else frame
    if form == "json":
        for row in frame.iter_rows(named=True):
            click.echo(json.dumps(row, ensure_ascii=False, default=str))
    elif form == "csv":
        from warehouse.export import defuse

        texts = pl.col(pl.String).map_elements(defuse, return_dtype=pl.String)
        click.echo(frame.with_columns(texts).write_csv(), nl=False)
    else:
        with pl.Config(tbl_rows=frame.height or 1, tbl_cols=-1, fmt_str_lengths=40, tbl_width_chars=200):
            click.echo(str(frame))
    return 0


@click.command()
@click.argument("value", metavar="SOURCE@PERIOD")
@click.option("--row", "row_index", type=int, help="The row's index, as in v_progress.")
@click.option("--commitment", "commitment_id", help="The commitment's id instead of a row.")
@click.option("--field", default="status", show_default=True, help="Which value of the row.")
@click.option("--as-of", type=MOMENT, help="As believed at that moment.")
@click.pass_obj
def lineage(
    settings: Settings,
    value: str,
    row_index: int | None,
    commitment_id: str | None,
    field: str,
    as_of: datetime | None,
) -> int:
    """From a value to the bytes it was read from: document, revision, capture, table, row, span; JSON lines."""
    from warehouse.lineage import lineage as chain

    source_id, sign, period = value.partition("@")
    if not sign:
        raise UsageError(f"{value!r} is not SOURCE@PERIOD")
    with existing_warehouse(settings) as warehouse, warehouse.read() as transaction:
        found = chain(
            transaction,
            source_id,
            str(Period.parse(period)),
            field=field,
            row_index=row_index,
            commitment_id=commitment_id,
            as_of=as_of,
        )
    for one in found:
        click.echo(json.dumps(asdict(one), ensure_ascii=False, default=str))
    return 0


COMMANDS = (report, export, query, lineage)
