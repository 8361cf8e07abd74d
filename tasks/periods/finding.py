"""What period a document is about: from its title and content, never from the upload date alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tasks.model import Kind, Period, Warn


@dataclass(frozen=True, slots=True)
class PeriodReading:
    """The period with the dates it covers, what it rests on, and what speaks against it.

    `single` is True where the document tells of the quarter alone, not cumulatively; `start` is then the quarter's
    first day. `evidence`: what the period was read from, strongest first (`title: 2024年三季度`).
    """

    period: Period | None
    start: date | None
    end: date | None
    single: bool = False
    evidence: tuple[str, ...] = ()
    warnings: tuple[Warn, ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another document of the same source: the period it is kept under and when it was published."""

    period: Period
    published_on: date | None = None
    title: str | None = None


def find_period(
    *,
    title: str | None,
    texts: Sequence[str] = (),
    headings: Sequence[str] = (),
    attachments: Sequence[str] = (),
    published_on: date | None = None,
    kind: Kind | None = None,
    neighbours: Sequence[Neighbour] = (),
) -> PeriodReading:
    """The period of a document. Warnings: `period_unknown`, `period_contradiction`, …"""
    return PeriodReading(None, None, None)
