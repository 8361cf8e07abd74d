"""What a document says, as the warehouse keeps it: all that follows from its report alone.

Made where the document is read, which is often another process: this module knows no database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from operator import eq
from typing import Any, TypeVar

import orjson

from tasks.load.contradictions import contradictions
from tasks.load.follow import Attainment, attainments, series_keys
from tasks.load.sketches import sketch
from tasks.load.values import as_kept, number, observation_values, progress_values, storable
from tasks.model import Kind, Observation, Period, Report, Row
from tasks.text import fold

# Counters of visits stand in the text of many pages and differ at every look: not a different content.
_COUNTER = re.compile("(?:点击|浏览|访问|阅读)(?:率|数|量|次数)?[:：]?[0-9]*次?")
T = TypeVar("T")
Values = tuple[Any, ...]  # texts, numbers and nulls


@dataclass(frozen=True, slots=True)
class Body:
    """Rows, quantities and prose of one document, as the values of the tables that they are kept in.

    `rows`: by index, as they come back from the warehouse. The other fields name the table whose columns they give:
    `progress` after body_id and commitment_id, `observations` and `attainments` after body_id. `contradictions`: code
    and message. `headings`: those of content, status and progress as printed. `sketch` is of the prose.
    """

    period: Period
    kind: str
    rows: tuple[Row, ...]
    progress: Sequence[Values]
    observations: Sequence[Values]
    prose: Sequence[tuple[str, str]]
    attainments: Sequence[Values]
    contradictions: Sequence[tuple[str, str]]
    headings: tuple[str | None, str | None, str | None]
    sketch: str | None


def body_of(report: Report, observations: Sequence[Observation], period: Period) -> Body:
    """The body of a report about a period; every text in it can be stored."""
    made = _body(report, observations, period)
    # Looking at every cell costs more than reading them; only a document that holds such a character pays for it.
    if _odd(made):
        report = replace(report, rows=tuple(map(_storable, report.rows)))
        return _body(report, tuple(map(_storable, observations)), period)
    return made


def _body(report: Report, observations: Sequence[Observation], period: Period) -> Body:
    told = sorted(observations, key=lambda o: (o.start, o.end))
    attained = attainments(told, period, report.text)
    rows = sorted(report.rows, key=lambda row: row.index)
    prose = () if rows else _prose(report)
    return Body(
        period,
        str(report.meta.kind or Kind.OTHER),
        tuple(map(as_kept, rows)),
        list(map(progress_values, rows)),
        observation_values(told, series_keys(told, period, attained)),
        prose,
        _attainment_values(attained),
        [(warn.code, storable(warn.message) or "") for warn in contradictions(rows, attained)],
        _headings(rows),
        sketch(words for _, words in prose),
    )


def _odd(body: Body) -> bool:
    """Whether a text holds NUL, which is no text on PostgreSQL, or half a surrogate pair, which is none anywhere."""
    try:
        return b"\\u0000" in orjson.dumps((body.progress, body.observations, body.prose, body.attainments))
    except TypeError:
        return True


def _storable(item: T) -> T:
    """A row or quantity with every text of it made storable."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return storable(value)
        if isinstance(value, tuple):
            return tuple(clean(part) for part in value)
        if isinstance(value, Mapping):
            return {storable(name): clean(part) for name, part in value.items()}
        return value

    return replace(item, **{f.name: clean(getattr(item, f.name)) for f in fields(item)})  # type: ignore[type-var, arg-type]


def _prose(report: Report) -> list[tuple[str, str]]:
    """What a document without a table says, so that a silent edit of its words is seen."""
    if not report.sections:
        return [("", _words(report.text))]
    return [(storable(s.title) or "", _words(report.text[s.start : s.end])) for s in report.sections]


def _words(text: str) -> str:
    return _COUNTER.sub("", fold(storable(text) or ""))


def _headings(rows: Sequence[Row]) -> tuple[str | None, str | None, str | None]:
    """The printed headings of content, status and progress: the columns whose cells are their texts most often.

    Column by column, since the rows of a table have the same headings; of equals the one that was met first.
    """
    tables: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        tables.setdefault(tuple(row.cells), []).append(row)
    columns = {
        headings: list(zip(*(row.cells.values() for row in own), strict=True)) for headings, own in tables.items()
    }

    def heading_of(name: str) -> str | None:
        votes: dict[str, list[int]] = {}  # heading → how often, first row
        for headings, own in tables.items():
            told = [getattr(row, name) or None for row in own]
            for heading, cells in zip(headings, columns[headings], strict=True):
                if hits := sum(map(eq, cells, told)):
                    first = next(-row.index for row, cell, text in zip(own, cells, told, strict=True) if cell == text)
                    vote = votes.setdefault(heading, [0, first])
                    votes[heading] = [vote[0] + hits, max(vote[1], first)]
        return storable(max(votes, key=votes.__getitem__)) if votes else None

    return heading_of("content"), heading_of("status"), heading_of("progress_text")


def _attainment_values(attained: Sequence[Attainment]) -> list[Values]:
    return [
        (
            n,
            a.row,
            a.metric,
            a.measure,
            a.unit,
            a.bound,
            number(a.target),
            number(a.actual),
            int(a.cumulative),
            a.target_n,
            a.actual_n,
        )
        for n, a in enumerate(attained)
    ]
