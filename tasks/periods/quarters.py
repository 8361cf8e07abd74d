"""The calendar of periods: which are due, which come between, which came before. Pure; `today` alone asks a clock.

A cadence is `quarterly`, `half-yearly` or `annual`; its periods are Q1..Q4, H1 and H2, or the year. Reports are
cumulative, so 2024Q2 and 2024H1, or 2024Q4, 2024H2 and 2024, tell of the same months; `on_cadence` picks the name
that a source's cadence uses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tasks.model import Period, PeriodError

TIMEZONE = ZoneInfo("Asia/Shanghai")  # every portal's clock
_PER_YEAR = {"quarterly": ("Q", 4), "half-yearly": ("H", 2), "annual": ("Y", 1)}


def _of(cadence: str) -> tuple[str, int]:
    try:
        return _PER_YEAR[cadence]
    except KeyError:
        raise PeriodError(f"{cadence!r} is not a cadence ({', '.join(_PER_YEAR)})") from None


def today(zone: str | ZoneInfo = TIMEZONE, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> date:
    """The date it is at the portals, whatever zone this machine stands in. `now` gives an aware datetime."""
    return now().astimezone(zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)).date()


def on_cadence(period: Period, cadence: str) -> Period:
    """The cadence's own name for the same months (2024H1 → 2024Q2 when quarterly), or the period itself if none."""
    kind, number = _of(cadence)
    months = 12 // number
    if period.last_month % months:
        return period
    return Period(period.year, kind, period.last_month // months)


def periods_between(cadence: str, first: Period, last: Period) -> tuple[Period, ...]:
    """The cadence's periods that end no earlier than `first` ends and no later than `last` ends, oldest first."""
    kind, number = _of(cadence)
    grid = (Period(year, kind, i) for year in range(first.year, last.year + 1) for i in range(1, number + 1))
    return tuple(period for period in grid if first.end <= period.end <= last.end)


def quarters_between(first: Period, last: Period) -> tuple[Period, ...]:
    """The quarters from the one in which `first` ends to the one in which `last` ends; empty if the order is wrong.

    A bound that is a year opens at its first quarter: 2020 .. 2024 is 2020Q1 .. 2024Q4, and 2020H2 opens at 2020Q3.
    """
    opening = {"Y": 3, "H": 6 * first.number - 3}.get(first.kind, -(-first.last_month // 3) * 3) // 3
    closing = last.last_month // 3
    start = first.year * 4 + opening - 1
    stop = last.year * 4 + closing
    return tuple(Period(i // 4, "Q", i % 4 + 1) for i in range(start, stop))


def due_periods(cadence: str, since: Period, today: date) -> tuple[Period, ...]:
    """The cadence's periods from `since` on that are over on `today` (the day after the last day at the earliest)."""
    kind, number = _of(cadence)
    grid = (Period(year, kind, i) for year in range(since.year, today.year + 1) for i in range(1, number + 1))
    return tuple(period for period in grid if since.end <= period.end < today)


def previous(period: Period, cadence: str | None = None) -> Period:
    """The period before: of the same label (2024Q1 → 2023Q4, 2024M11 → 2024M10), or of the cadence if one is given.

    For a cadence, a period that is not on its grid steps back to the last one on it that ended earlier:
    2024M11 → 2024Q3 when quarterly.
    """
    if cadence is None:
        kind, number = period.kind, {"Q": 4, "H": 2, "M": 12, "Y": 1}[period.kind]
    else:
        kind, number = _of(cadence)
    months = 12 // number
    steps = (period.last_month - 1) // months  # periods of the year that ended before this one does
    return Period(period.year, kind, steps) if steps else Period(period.year - 1, kind, number)
