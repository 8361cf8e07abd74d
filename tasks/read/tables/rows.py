"""Drafts → rows: merged cells filled down, fields cleaned, percentages decided over the whole column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from tasks.model import Row, Span, Warn
from tasks.read.tables.cells import (
    is_nothing,
    joint_of,
    lists_units,
    may_list_units,
    narrow,
    read_category,
    read_seq,
    read_units,
    unwrap,
    without_persons,
)
from tasks.read.tables.columns import Columns
from tasks.read.tables.drafted import Draft, Left, Reading, grouped_by_sections
from tasks.read.tables.headings import Role, claim, is_value, may_head, names_persons
from tasks.read.tables.rates import plain, read_bare_number, read_percent
from tasks.read.tables.within import Within, within

_WORDS = re.compile(r"[\u4e00-\u9fff]{4}")
_SAID = re.compile(r"[。:：;；]|\d+(?:\.\d+)?%|^(?:已|正在)")  # hardly in the name of a body
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_MOST_DONE = 3  # as a fraction of 1
_HARDLY_MORE = 2  # the same where hardly more than 1 is usual
_ABOUT_ONE = Decimal("1.05")
_NUMBER = re.compile(r"\(?\d{1,4}\)?[.、]?|[\d.]+%")


def build_rows(readings: Sequence[Reading]) -> tuple[list[Row], list[Left], list[Warn]]:
    """The rows of all tables in document order, `index` counted from 0; what was left over; warnings."""
    rows: list[Row] = []
    left: list[Left] = []
    warnings: list[Warn] = []
    seen: set[tuple[str, ...]] = set()
    carried: str | None = None
    rates: dict[str, list[str]] = {}  # by heading: the parts of a table print their rates alike
    for reading in readings:
        if reading.columns.progress is not None:
            told = [draft.texts[reading.columns.progress] for draft in reading.drafts]
            rates.setdefault(reading.columns.headings[reading.columns.progress], []).extend(told)
    for table, reading in enumerate(readings):
        columns = reading.columns
        decided: list[Decimal | None] = [None] * len(reading.drafts)
        if columns.progress is not None:
            decided = _decide_progress(reading.drafts, columns, rates[columns.headings[columns.progress]], warnings)
        if reading.headed and not (table and columns.headings == readings[table - 1].columns.headings):
            carried = None
            section: str | None = None
        grouped = grouped_by_sections(reading)
        held = within(columns, reading.drafts)
        for draft, progress in zip(reading.drafts, decided, strict=True):
            key = (draft.section or "", *draft.texts)
            if key in seen and not any(draft.merged):
                left.extend(Left(span, "repeated row") for span in draft.spans)
                warnings.append(
                    Warn("row_repeated", f"printed again, counted once: {unwrap(draft.texts[columns.content])[:60]}")
                )
                continue
            seen.add(key)
            if draft.section != section:
                section, carried = draft.section, None
            printed = draft.texts[columns.category] if columns.category is not None else ""
            carried = printed or carried
            category = draft.section if grouped else carried or draft.section
            rows.append(_row(len(rows), draft, columns, category, progress, table, held))
        left.extend(reading.left)
        warnings.extend(reading.warnings)
    rows = _with_bodies_apart(rows)
    warnings.extend(_gaps(rows, readings))
    warnings.extend(_implausible(rows))
    return rows, left, warnings


def _with_bodies_apart(rows: list[Row]) -> list[Row]:
    """The rows, with what is two bodies that other rows tell apart (移动分公司铁塔分公司) as two."""
    known = {*chain.from_iterable({row.units for row in rows})}
    apart = {unit: two for unit in known if (two := joint_of(unit, known)) is not None}
    if not apart:
        return rows
    made: list[Row] = []
    for row in rows:
        units = tuple(dict.fromkeys(chain.from_iterable(apart.get(unit, (unit,)) for unit in row.units)))
        made.append(replace(row, units=units) if units != row.units else row)
    return made


def _row(
    index: int,
    draft: Draft,
    columns: Columns,
    category: str | None,
    progress: Decimal | None,
    table: int,
    held: Within,
) -> Row:
    status, status_at = _status(draft, columns)
    number, content, bodies = held.split(draft.texts[columns.content])
    printed = draft.texts[columns.seq] if columns.seq is not None else number
    return Row(
        index=index,
        seq=read_seq(printed) if printed is not None else None,
        category=read_category(category) if category else None,
        content=content or None,
        units=_units(draft, columns) if columns.units is not None else read_units(bodies),
        status=status,
        progress=progress,
        progress_text=(unwrap(draft.texts[columns.progress]) or None) if columns.progress is not None else None,
        cells=dict(zip(columns.headings, draft.texts, strict=True)),
        content_at=_place_of(content, draft, columns.content),
        status_at=status_at,
        table=table,
        target_at=draft.places[columns.target] if columns.target is not None else None,
    )


def _place_of(content: str, draft: Draft, column: int) -> Span | None:
    """Where the promise stands: the cell, less a number and bodies that it holds besides, where that can be told."""
    place, told = draft.places[column], draft.texts[column]
    at = told.find(content)
    if place is None or content == told or at < 0 or place[1] - place[0] != len(told):
        return place
    return place[0] + at, place[0] + at + len(content)


def _units(draft: Draft, columns: Columns) -> tuple[str, ...]:
    """The bodies that lead, then those that take part, none twice."""
    led = columns.units or 0
    units = read_units(draft.texts[led])
    if names_persons(columns.headings[led]):
        units = without_persons(units)
    for column in columns.more_units:
        units += tuple(unit for unit in read_units(draft.texts[column]) if unit not in units)
    return units


def _status(draft: Draft, columns: Columns) -> tuple[str | None, Span | None]:
    """The status and its place; of several sub-columns each text stands after its own heading."""
    if not columns.statuses:
        return None, None
    if len(columns.statuses) == 1:
        column = columns.statuses[0]
        grown = columns.growth
        if grown is not None and is_nothing(draft.texts[column]) and not is_nothing(draft.texts[grown]):
            return f"{columns.headings[grown].rsplit('/', 1)[-1]}:{draft.texts[grown]}", draft.places[grown]
        return draft.texts[column] or None, draft.places[column]
    parts: list[str] = []
    places: list[Span] = []
    for column in columns.statuses:
        text, place = draft.texts[column], draft.places[column]
        if text and not is_nothing(text):
            parts.append(f"{columns.headings[column].rsplit('/', 1)[-1]}:{text}")
            places.extend([place] if place else [])
    if not parts:
        return None, None
    return ";".join(parts), (min(p[0] for p in places), max(p[1] for p in places)) if places else None


def _decide_progress(
    drafts: Sequence[Draft], columns: Columns, printed: Sequence[str], warnings: list[Warn]
) -> list[Decimal | None]:
    """Percentages of a column. A bare number counts where the heading or the whole column leaves no doubt.

    `printed`: the column's texts in all parts of the table.
    """
    column = columns.progress or 0
    texts = [draft.texts[column] for draft in drafts]
    numbers = [n for text in printed if read_percent(text) is None and (n := read_bare_number(text)) is not None]
    signs = sum(read_percent(text) is not None for text in printed)
    fractions = not signs and _are_fractions(numbers)
    # What is not certain of one number of a column without signs (1.04) is not certain of the others.
    small = any(0 < number < 1 for number in numbers) and not signs
    whole = columns.percent_header or signs * 2 >= len(printed) or (len(numbers) >= 3 and not signs and not small)
    decided: list[Decimal | None] = []
    doubtful: Counter[str] = Counter()
    for draft, text in zip(drafts, texts, strict=True):
        value: Decimal | None = read_percent(text)
        number = None if value is not None else read_bare_number(text)
        if number is not None:
            if fractions or _is_told_as_percent(number, draft, column):
                value = number * 100
            elif whole and (number > 1 or (number == 0 and columns.percent_header)):
                value = number
        if value is None and text.strip():
            doubtful[unwrap(text)[:30]] += 1
        decided.append(value if value is None else plain(value))
    if fractions:
        warnings.append(Warn("fractions_as_percent", f"{columns.headings[columns.progress or 0]} holds fractions of 1"))
    if doubtful:
        shown = ", ".join(f"{text!r} × {count}" for text, count in doubtful.most_common(8))
        warnings.append(Warn("progress_uncertain", f"no certain percentage: {shown}"))
    return decided


def _are_fractions(numbers: Sequence[Decimal]) -> bool:
    """Whether the bare numbers of a column are fractions of 1: some are no whole numbers, and none is much above 1."""
    parted = sum(number % 1 != 0 for number in numbers)
    if len(numbers) < 3 or not parted:
        return False
    if max(numbers) <= _HARDLY_MORE:
        return sum(number <= _ABOUT_ONE for number in numbers) * 3 >= len(numbers) * 2
    return (
        max(numbers) <= _MOST_DONE
        and sum(number <= 1 for number in numbers) * 3 >= len(numbers) * 2
        and parted * 2 >= len(numbers)
    )


def _is_told_as_percent(number: Decimal, draft: Draft, column: int) -> bool:
    """Whether another cell of the row tells the same fraction of 1, printed in part, as a percentage: 0.993, 99.3%."""
    if not 0 < number < 1:
        return False
    told = re.compile(rf"(?<![\d.]){re.escape(str(plain(number * 100)))}\s*[%％]")
    return any(told.search(text) is not None for i, text in enumerate(draft.texts) if i != column)


def _gaps(rows: Sequence[Row], readings: Sequence[Reading]) -> list[Warn]:
    """What a reader should know about cells that are empty."""
    found: list[Warn] = []
    without_content = [row.index for row in rows if not row.content]
    if without_content:
        found.append(Warn("content_empty", f"no content in rows {_listed(without_content)}"))
    if len(without_content) * 4 > len(rows):
        found.append(Warn("columns_uncertain", f"{len(without_content)} of {len(rows)} rows have no content"))
    if any(reading.columns.statuses for reading in readings):
        empty = [row.index for row in rows if row.status is None]
        if empty:
            found.append(Warn("status_empty", f"no status in rows {_listed(empty)}"))
    led = {r.columns.headings[r.columns.units] for r in readings if r.columns.units is not None}
    alone = [row.index for row in rows if not row.units or any(row.cells.get(name) == "" for name in led)]
    if alone and len(alone) * 2 < len(rows):
        # Where merged cells are exported as blank ones, those of the row above answer here too.
        found.append(Warn("units_empty", f"no bodies, or none in charge, in rows {_listed(alone)}; others name theirs"))
    return found


def _implausible(rows: Sequence[Row]) -> list[Warn]:
    """Rows in which a field holds what belongs into another: cells have most likely moved."""
    bodies = {unit for units in {row.units for row in rows} for unit in units}
    odd = [
        row.index
        for row in rows
        if _is_number(row.content)
        or _is_number(row.category)
        or (row.units and _is_list(row.content) and not _is_built(row.content, bodies))
        or _is_list(row.status)
        or _is_misread(row)
        or (row.units and (max(map(len, row.units)) > 60 or min(map(len, row.units)) == 1))
    ]
    return [Warn("columns_uncertain", f"cells look as if they had moved in rows {_listed(odd)}")] if odd else []


def _is_built(content: str | None, bodies: set[str]) -> bool:
    """Whether the name of one body is that of a project (养老服务中心): it answers for nothing here."""
    names = read_units(content or "")
    return len(names) == 1 and names[0] not in bodies


def _is_misread(row: Row) -> bool:
    """Whether words stand for a number, a heading for a value, or a sentence for a name."""
    if isinstance(row.seq, str) and _WORDS.search(row.seq) is not None:
        return True
    if row.category and ("。" in row.category or _is_heading(row.category)):
        return True
    return (row.content is not None and _is_heading(row.content)) or any(map(_is_no_unit, row.units))


@lru_cache(maxsize=4096)
def _is_no_unit(unit: str) -> bool:
    # 建设街道 is a place, though 镇街 or 责任街道 may head a column.
    return _SAID.search(_BRACKETS.sub("", unit)) is not None or (not unit.endswith("街道") and _is_heading(unit))


def _is_number(text: str | None) -> bool:
    if not text or "一" <= text[0] <= "鿿":  # nothing that begins with an ideograph is one
        return False
    return _NUMBER.fullmatch(narrow(text)) is not None


def _is_list(text: str | None) -> bool:
    """Whether a text is nothing but names of bodies."""
    return text is not None and may_list_units(text) and lists_units(narrow(text))


@lru_cache(maxsize=4096)
def _is_heading(text: str) -> bool:
    """Whether a field holds what is plainly a heading (责任单位, 完成情况): a heading read as a cell."""
    if not 2 < len(text) <= 8 or not may_head(text) or is_value(text):
        return False
    said = claim(text)
    return said.weight == 5 and said.role in (Role.UNITS, Role.STATUS, Role.SEQ)


def _listed(indexes: Sequence[int]) -> str:
    shown = ", ".join(map(str, indexes[:12]))
    return shown if len(indexes) <= 12 else f"{shown} and {len(indexes) - 12} more"
