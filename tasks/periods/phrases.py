"""Phrases that name a stretch of time: 1-9月, 截至9月底, 上半年, 去年, 2020年至2023年."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tasks.model import Span


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: its span in the text and the dates it means, both inclusive, None where that side is open.

    `point` is True for a moment or a deadline (截至9月底, 年底前), `year_given` where the year is printed,
    `damaged` where characters were lost and put back (19月 read as 1-9月).
    """

    span: Span
    start: date | None
    end: date | None
    kind: str
    year_given: bool = False
    damaged: bool = False


def period_phrases(text: str, base_year: int | None, as_of: date | None = None) -> list[Phrase]:
    """The period phrases of `text`, in order, not overlapping."""
    return []
