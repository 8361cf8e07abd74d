"""Rows and quantities as the values that the warehouse keeps of them, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring as quoted  # JSON's own, without the walk around it
from math import isfinite
from typing import Any

from tasks.model import Observation, Row

_OPENING, _CLOSING = "(（[【《<", ")）]】》>"
_quoted_heading = lru_cache(maxsize=1024)(quoted)


def storable(text: str | None) -> str | None:
    """Text as both databases can hold it: without NUL, half a surrogate pair replaced; everything else verbatim."""
    if text is None:
        return None
    if "\0" in text:
        text = text.replace("\0", "")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def number(value: Decimal | None) -> float | None:
    """A double, the same on both databases; null for what is not finite."""
    if value is None:
        return None
    try:
        found = float(value)
    except ValueError:  # a signalling NaN
        return None
    return found if isfinite(found) else None


def decimal(value: float | None) -> Decimal | None:
    """A stored double as the decimal that was printed: 75.0 → 75."""
    if value is None:
        return None
    return Decimal(int(value)) if value == int(value) else Decimal(repr(value))


@lru_cache(maxsize=1024)
def split_units(text: str) -> tuple[str, ...]:
    """The inverse of joining units with 、; a 、 inside brackets belongs to its unit."""
    if "、" not in text:
        return (text,) if text else ()
    units, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        if letter in _OPENING:
            depth += 1
        elif letter in _CLOSING:
            depth -= 1
        elif letter == "、" and depth <= 0:
            units.append(text[start:at])
            start = at + 1
    return (*units, text[start:])


def progress_values(row: Row) -> tuple[Any, ...]:
    """The columns of `progress` after body_id and commitment_id."""
    units = "、".join(row.units)
    cells = ",".join([f"{_quoted_heading(heading)}:{quoted(cell)}" for heading, cell in row.cells.items()])
    payload = f'{{"cells":{{{cells}}}}}'
    if split_units(units) != row.units:
        listed = json.dumps(row.units, ensure_ascii=False, separators=(",", ":"))
        payload = f'{payload[:-1]},"units":{listed}}}'
    if row.target_at is not None:
        payload = f'{payload[:-1]},"target_at":[{row.target_at[0]},{row.target_at[1]}]}}'
    return (
        row.index,
        None if row.seq is None else str(row.seq),
        row.category,
        row.content,
        units,
        row.status,
        number(row.progress),
        row.progress_text,
        payload,
        *(row.content_at or (None, None)),
        *(row.status_at or (None, None)),
        row.table,
    )


def as_kept(row: Row) -> Row:
    """The row of a reader as it comes back from the warehouse: `row_of` of the values that it is kept as."""
    seq, progress = row.seq, row.progress
    if isinstance(seq, str) and seq.isdecimal() and str(int(seq)) == seq:
        seq = int(seq)
    if progress is not None:
        progress = decimal(number(progress))
        if str(progress) == str(row.progress):
            progress = row.progress
    return row if seq is row.seq and progress is row.progress else replace(row, seq=seq, progress=progress)


def row_of(values: Sequence[Any]) -> Row:
    """The row that stored values stand for: the columns of `progress` after body_id and commitment_id."""
    index, seq, category, content, units, status, progress, progress_text, payload = values[:9]
    kept = json.loads(payload)
    content_at, status_at, table = values[9:11], values[11:13], values[13]
    return Row(
        index=index,
        seq=int(seq) if seq is not None and seq.isdecimal() and str(int(seq)) == seq else seq,
        category=category,
        content=content,
        units=tuple(kept["units"]) if "units" in kept else split_units(units),
        status=status,
        progress=decimal(progress),
        progress_text=progress_text,
        cells=kept["cells"],
        content_at=None if content_at[0] is None else (content_at[0], content_at[1]),
        status_at=None if status_at[0] is None else (status_at[0], status_at[1]),
        table=table,
        target_at=tuple(kept["target_at"]) if "target_at" in kept else None,
    )


def observation_values(observations: Sequence[Observation], series: Mapping[int, str]) -> list[tuple[Any, ...]]:
    """The columns of `observation` after body_id. `series`: place → the series that a quantity continues."""
    dates = {day for item in observations for day in (item.period_start, item.period_end)}
    days = {day: day.isoformat() if day else None for day in dates}
    return [
        (
            n,
            o.row,
            " / ".join(o.section) if o.section else None,
            o.field,
            o.text,
            o.metric,
            o.measure,
            number(o.value),
            number(o.value_high),
            o.unit,
            number(o.base_value),
            o.base_unit,
            o.bound,
            o.kind,
            o.comparison,
            days[o.period_start],
            days[o.period_end],
            o.start,
            o.end,
            series.get(n),
        )
        for n, o in enumerate(observations)
    ]
