"""The JSON shapes that the contract fixes for `jibao parse`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tasks.model import Meta, Observation, Report, Row


def number(value: Decimal | float | None) -> int | float | None:
    """A JSON number: whole values without a decimal point."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def meta_json(meta: Meta) -> dict[str, Any]:
    """The contract's `meta` object."""
    return {
        "title": meta.title,
        "publisher": meta.publisher,
        "index_number": meta.index_number,
        "document_number": meta.document_number,
        "generated_on": _day(meta.generated_on),
        "published_on": _day(meta.published_on),
        "url": meta.url,
        "kind": str(meta.kind) if meta.kind else None,
        "period": str(meta.period) if meta.period else None,
        "period_start": _day(meta.period_start),
        "period_end": _day(meta.period_end),
    }


def row_json(row: Row) -> dict[str, Any]:
    """One object of the contract's `rows`."""
    return {
        "index": row.index,
        "seq": row.seq,
        "category": row.category,
        "content": row.content,
        "units": list(row.units),
        "status": row.status,
        "progress": number(row.progress),
        "progress_text": row.progress_text,
        "cells": dict(row.cells),
    }


def observation_json(seen: Observation) -> dict[str, Any]:
    """One object of the contract's `observations`."""
    return {
        "text": seen.text,
        "start": seen.start,
        "end": seen.end,
        "metric": seen.metric,
        "measure": seen.measure,
        "value": number(seen.value),
        "value_high": number(seen.value_high),
        "unit": seen.unit,
        "base_value": number(seen.base_value),
        "base_unit": seen.base_unit,
        "bound": seen.bound,
        "kind": seen.kind,
        "comparison": seen.comparison,
        # Null where the period cannot be told at all; a half-open span keeps its known end.
        "period": [_day(seen.period_start), _day(seen.period_end)] if seen.period_start or seen.period_end else None,
        "row": seen.row,
        "field": seen.field,
        "section": list(seen.section),
    }


def report_json(report: Report, observations: Sequence[Observation]) -> dict[str, Any]:
    """What `jibao parse` prints."""
    return {
        "meta": meta_json(report.meta),
        "rows": [row_json(row) for row in report.rows],
        "sections": [
            {"title": part.title, "level": part.level, "start": part.start, "end": part.end} for part in report.sections
        ],
        "observations": [observation_json(seen) for seen in observations],
        "text": report.text,
        "warnings": [{"code": warn.code, "message": warn.message} for warn in report.warnings],
        "attachments": [{"url": link.url, "name": link.name} for link in report.attachments],
        "encoding": report.encoding,
    }
