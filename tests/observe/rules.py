"""What the rules alone read, whatever labels have taught besides."""

from __future__ import annotations

from tasks.model import Observation
from tasks.observe import Context
from tasks.observe.fold import fold_for_reading
from tasks.observe.reader import Reader


def by_rules(text: str, context: Context) -> list[Observation]:
    """The quantities of a text with the names that rules give."""
    reader = Reader(text, fold_for_reading(text, wrapped=context.wrapped), context, completes=False)
    reader.run()
    return reader.found
