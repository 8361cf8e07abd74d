"""Builds the report of one period from the contract's views and writes it as one file without scripts or links out
other than to the documents themselves."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
import polars as pl

from tasks.model import Period
from tasks.periods import TIMEZONE

Query = Callable[[str, Mapping[str, Any]], pl.DataFrame]
"""`query(view, filters)` gives a view of the contract with equality filters: the warehouse's own."""

_FACETS = {
    "row": "条目",
    "progress": "进度",
    "status": "进展",
    "content": "内容",
    "units": "责任单位",
    "category": "类别",
    "seq": "序号",
}
_RELATIONS = {
    "added": "新增",
    "dropped": "取消",
    "split": "拆分",
    "merged": "合并",
    "reworded": "改写",
    "same": "延续",
}
_LIMIT = 400


@dataclass(frozen=True, slots=True)
class SourcePart:
    """One source's part of the report: its documents, counts and the changes shown (of `change_total`)."""

    source_id: str
    name: str
    documents: Sequence[Mapping[str, Any]]
    rows: int
    behind: Sequence[Mapping[str, Any]]
    changes: Sequence[Mapping[str, Any]]
    change_total: int
    facets: Mapping[str, int]


def _safe_link(url: object) -> str | None:
    """http and https only: a portal's text never becomes another scheme's link."""
    text = str(url or "")
    return text if urlsplit(text).scheme in {"http", "https"} else None


_SCALES = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))


def _figure(value: float | None, unit: str | None = None) -> str:
    """A base-unit figure as Chinese reports write it: 24,000,000 元 → 2,400万元; rates and small counts as they are."""
    if value is None:
        return ""
    number, scale = Decimal(repr(value)), ""
    if unit and unit not in {"%", "个百分点"}:
        for size, word in _SCALES:
            if abs(number) >= size:
                number, scale = number / size, word
                break
    text = f"{number.normalize():,f}" if number else "0"
    return f"{text}{scale}{unit or ''}"


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["figure"] = _figure
    environment.filters["link"] = _safe_link
    environment.filters["facet"] = lambda word: _FACETS.get(word, word)
    environment.filters["relation"] = lambda word: _RELATIONS.get(word, word)
    return environment


def _same_end(frame: pl.DataFrame, column: str, period: Period) -> pl.DataFrame:
    """Rows whose period means the same months (2024Q2 and 2024H1), current belief only where the view has clocks."""
    if frame.is_empty():
        return frame
    labels = [text for text in frame[column].unique().to_list() if text and Period.parse(text).covers_same(period)]
    kept = frame.filter(pl.col(column).is_in(labels))
    return kept.filter(pl.col("known_to").is_null()) if "known_to" in kept.columns else kept


def _behind(attainment: pl.DataFrame) -> list[dict[str, Any]]:
    if attainment.is_empty():
        return []
    late = attainment.filter(pl.col("standing") == "behind")
    return late.sort("attainment", nulls_last=True).head(50).to_dicts()


def _part(source_id: str, name: str, frames: Mapping[str, pl.DataFrame]) -> SourcePart:
    mine = {
        view: frame.filter(pl.col("source_id") == source_id) if not frame.is_empty() else frame
        for view, frame in frames.items()
    }
    changes = mine["v_change"]
    facets: dict[str, int] = {}
    if not changes.is_empty():
        # Substance first: what was dropped or added, then progress, then words; numbering last.
        order = {facet: place for place, facet in enumerate(_FACETS)}
        changes = changes.sort(pl.col("facet").replace_strict(order, default=99), "commitment_id", maintain_order=True)
        facets = dict(changes.group_by("facet", maintain_order=True).len().iter_rows())
    progress = mine["v_progress"]
    return SourcePart(
        source_id=source_id,
        name=name,
        documents=mine["v_document"].to_dicts(),
        rows=progress.height,
        behind=_behind(mine["v_attainment"]),
        changes=_with_content(changes.head(_LIMIT), progress),
        change_total=changes.height,
        facets=facets,
    )


def _with_content(changes: pl.DataFrame, progress: pl.DataFrame) -> list[dict[str, Any]]:
    """A change names its commitment by id; a reader wants the promise's words beside it."""
    if changes.is_empty():
        return []
    words = dict(progress.select("commitment_id", "content").iter_rows()) if not progress.is_empty() else {}
    return [{**row, "commitment": words.get(row["commitment_id"], "")} for row in changes.to_dicts()]


def render(period: Period, query: Query, names: Mapping[str, str], *, now: datetime) -> str:
    """The report of `period` as HTML text. `names` maps source ids to their display names; `now` is printed.

    Every source in `names` appears: one without a document this quarter says so.
    """
    frames = {
        "v_document": _same_end(query("v_document", {}), "period", period),
        "v_progress": _same_end(query("v_progress", {}), "period", period),
        "v_change": _same_end(query("v_change", {}), "to_period", period),
        "v_attainment": _same_end(query("v_attainment", {}), "period", period),
    }
    fetches = query("v_fetch", {})
    troubled = (
        fetches.sort("fetched_at")
        .group_by("source_id", "url", maintain_order=True)
        .last()
        .filter(pl.col("outcome").is_in(["blocked", "gone", "failed", "not_published"]))
        .to_dicts()
        if not fetches.is_empty()
        else []
    )
    seen = frames["v_document"]["source_id"].unique().to_list() if not frames["v_document"].is_empty() else []
    parts = [_part(sid, names.get(sid, sid), frames) for sid in sorted({*names, *seen})]
    return (
        _environment()
        .get_template("report.html.j2")
        .render(period=str(period), parts=parts, troubled=troubled, limit=_LIMIT, now=now.astimezone(TIMEZONE))
    )


def write_report(path: Path, text: str) -> None:
    """Write `text` to `path` whole or not at all. Raises OSError naming the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
