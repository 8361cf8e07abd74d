"""Periods: the calendar of quarters, the phrases that name a stretch of time, and what period a document is about."""

from __future__ import annotations

from tasks.periods.finding import Neighbour, PeriodReading, find_period
from tasks.periods.phrases import Phrase, period_phrases
from tasks.periods.quarters import TIMEZONE, due_periods, on_cadence, periods_between, previous, quarters_between, today

__all__ = [
    "TIMEZONE",
    "Neighbour",
    "PeriodReading",
    "Phrase",
    "due_periods",
    "find_period",
    "on_cadence",
    "period_phrases",
    "periods_between",
    "previous",
    "quarters_between",
    "today",
]
