# ruff: noqa: S608  (names come from this module, values are always bound)
"""From one value to the bytes it was read from: the chain that `jibao lineage` prints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from warehouse import clock, errors
from warehouse.engine import Transaction

FIELDS = ("seq", "category", "content", "units", "status", "progress", "progress_text")
_SPANS = {"content": ("content_start", "content_end"), "status": ("status_start", "status_end")}


@dataclass(frozen=True, slots=True)
class Lineage:
    """One value and where it comes from, link by link; None where a link is not known.

    `span`: characters of the document's text as `jibao parse` prints it from the capture. `table_index` counts the
    document's tables from 0, `row_index` their rows; `heading` is the printed one of the column. `read_by` is the
    version of the parser, `run_id` the run that brought it.
    """

    source_id: str
    period: str
    commitment_id: str | None
    row_index: int
    field: str
    value: str | float | None
    heading: str | None
    span: tuple[int, int] | None
    table_index: int | None
    document_url: str | None
    title: str | None
    publisher: str | None
    published_on: str | None
    revision: int
    known_from: str
    known_to: str | None
    read_by: str | None
    run_id: str | None
    capture_sha256: str | None
    capture_url: str | None
    captured_at: str | None
    captured_via: str | None


def lineage(
    transaction: Transaction,
    source_id: str,
    period: str,
    *,
    field: str = "status",
    row_index: int | None = None,
    commitment_id: str | None = None,
    as_of: datetime | None = None,
) -> tuple[Lineage, ...]:
    """The chain of a value of v_progress, by its row or its commitment; one for each table that is believed.

    `as_of`: as believed at that moment. Raises NoSuchValue where nothing believed has it.
    """
    if field not in FIELDS:
        raise errors.NoSuchValue(f"{field!r} is not one of {', '.join(FIELDS)}")
    if (row_index is None) == (commitment_id is None):
        raise errors.NoSuchValue("a value is asked for by its row or by its commitment")
    terms, values = ["b.known_to IS NULL"], [source_id, period]
    if as_of is not None:
        terms = ["b.known_from <= ? AND (b.known_to IS NULL OR b.known_to > ?)"]
        values += [clock.stamp(as_of)] * 2
    chosen: tuple[str, Any] = ("row_index", row_index) if commitment_id is None else ("commitment_id", commitment_id)
    start, end = _SPANS.get(field, ("NULL", "NULL"))
    found = transaction.rows(
        f"""SELECT b.source_id, b.period, p.commitment_id, p.row_index, p.{field}, p.cells, {start}, {end},
                   p.table_index, b.document_url, e.title, e.publisher, e.published_on, b.revision, b.known_from,
                   b.known_to,
                   (SELECT l.parser_version FROM load_record l
                    WHERE l.edition_id = e.edition_id ORDER BY l.known_at, l.load_id LIMIT 1),
                   (SELECT l.run_id FROM load_record l
                    WHERE l.edition_id = e.edition_id ORDER BY l.known_at, l.load_id LIMIT 1),
                   y.capture_sha256, k.final_url, k.fetched_at, k.via
            FROM belief b
            JOIN progress p ON p.body_id = b.body_id
            JOIN body y ON y.body_id = b.body_id
            JOIN edition e ON e.edition_id = b.edition_id
            LEFT JOIN capture k ON k.sha256 = y.capture_sha256
            WHERE b.source_id = ? AND b.period = ? AND {terms[0]} AND p.{chosen[0]} = ?
            ORDER BY b.kind, b.series, b.document_id, p.row_index""",
        (*values, chosen[1]),
    )
    if not found:
        raise errors.NoSuchValue(f"nothing is believed of {chosen[0]} {chosen[1]} of {source_id} about {period}")
    return tuple(_chain(field, row) for row in found)


def _chain(field: str, row: tuple[Any, ...]) -> Lineage:
    value, cells, start, end = row[4:8]
    span = None if start is None or end is None else (start, end)
    heading = _heading(field, value, json.loads(cells)["cells"])
    links: list[Any] = [*row[:4], field, value, heading, span, *row[8:]]
    return Lineage(*links)


def _heading(field: str, value: object, cells: dict[str, str]) -> str | None:
    """The printed heading whose cell is the value; a percentage stands in its cell with a sign."""
    if value is None:
        return None
    wanted = {str(value)}
    if field == "progress" and isinstance(value, float):
        wanted = {text.format(f"{value:g}") for text in ("{}", "{}%", "{}％")}
    return next((heading for heading, cell in cells.items() if cell in wanted), None)
