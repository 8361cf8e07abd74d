"""The quantities of one text: read once, then placed where the text stands."""

from __future__ import annotations

from functools import lru_cache

from tasks.model import Observation
from tasks.observe.fold import fold_for_reading
from tasks.observe.lexer import MAY_COUNT
from tasks.observe.made import observation
from tasks.observe.reader import Reader
from tasks.observe.state import Context

__all__ = ["Context", "quantities"]


def quantities(text: str, context: Context) -> list[Observation]:
    """The quantities that `text` reports, in order; offsets are those of `text` plus `context.offset`."""
    if not MAY_COUNT.search(text):
        return []
    offset, row, section = context.offset, context.row, context.section
    if not offset and row is None and not section:
        return list(_read(text, context))
    alone = Context(
        context.field,
        context.start,
        context.end,
        context.year,
        context.is_plan,
        wrapped=context.wrapped,
        owner=context.owner,
    )
    return placed(text, alone, offset, row, section)


def placed(text: str, context: Context, offset: int, row: int | None, section: tuple[str, ...]) -> list[Observation]:
    """`quantities` of a text whose place is told apart: the texts of a document share a context that has none."""
    if not MAY_COUNT.search(text):
        return []
    return [_placed(o, offset, row, section) for o in _read(text, context)]


def _placed(seen: Observation, offset: int, row: int | None, section: tuple[str, ...]) -> Observation:
    """`seen` where its text stands; written out, since `replace` takes four times as long."""
    return observation(
        seen.text,
        seen.start + offset,
        seen.end + offset,
        seen.metric,
        seen.measure,
        seen.value,
        seen.value_high,
        seen.unit,
        seen.base_value,
        seen.base_unit,
        seen.bound,
        seen.kind,
        seen.comparison,
        seen.period_start,
        seen.period_end,
        row,
        seen.field,
        section,
    )


@lru_cache(maxsize=1 << 13)
def _read(text: str, context: Context) -> tuple[Observation, ...]:
    """A commitment's content is the same text in every quarter of its year: it is read once while a backfill runs."""
    reader = Reader(text, fold_for_reading(text, wrapped=context.wrapped), context)
    reader.run()
    return tuple(reader.found)
