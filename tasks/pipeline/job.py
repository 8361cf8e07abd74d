"""What a run is asked to do, and what a listing offers for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tasks.config import Source
from tasks.errors import UsageError
from tasks.model import DocumentRef, Period
from tasks.periods import due_periods, find_period, on_cadence
from tasks.periods.quarters import periods_between


class PeriodRangeError(UsageError):
    """A backfill whose end lies before its start, or beyond today."""

    remedy = "Name the older period first: jibao backfill --from 2020Q1 --to 2024Q4."


@dataclass(frozen=True, slots=True)
class Job:
    """One run. `first`..`last` bound the periods by their ends; both None means each source's due period.

    `recheck`: how many of the periods before are asked again for silent revisions, by conditional requests.
    `from_archive`: kept captures stand in for the network. `full`: no validators are sent.
    """

    kind: str  # ingest | backfill | reparse
    first: Period | None = None
    last: Period | None = None
    source_ids: tuple[str, ...] = ()
    recheck: int = 4
    from_archive: bool = False
    full: bool = False

    def __post_init__(self) -> None:
        if self.first and self.last and self.last.end < self.first.end:
            raise PeriodRangeError(f"{self.last} ends before {self.first}")

    @property
    def label(self) -> str | None:
        """`2024Q3`, `2020Q1..2024Q4`, or None for what is due."""
        if self.first is None:
            return None
        return str(self.first) if self.first == self.last else f"{self.first}..{self.last}"

    def wanted(self, source: Source, today: date) -> tuple[Period, ...]:
        """The periods of this source's cadence that the run is about, oldest first; none before `since`."""
        if self.first is None or self.last is None:
            due = due_periods(source.cadence, source.since or Period(today.year - 1), today)
            return due[-1:]
        return tuple(p for p in periods_between(source.cadence, self.first, self.last) if source.covers(p))

    def rechecked(self, source: Source, today: date) -> tuple[Period, ...]:
        """The periods before the wanted ones that are asked again."""
        wanted = self.wanted(source, today)
        if not wanted or self.recheck <= 0:
            return ()
        since = source.since or Period(wanted[0].year - 1 - self.recheck // 4)
        before = [p for p in periods_between(source.cadence, since, wanted[0]) if p.end < wanted[0].end]
        return tuple(before[-self.recheck :])


def slot(period: Period, cadence: str) -> date:
    """The end of the cadence's period in which `period` ends: a report on 1-11月 belongs to the run of Q4."""
    same = on_cadence(period, cadence)
    year = periods_between(cadence, Period(period.year, "M", 1), Period(period.year))
    return min((one.end for one in year if one.end >= same.end), default=same.end)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A listed document that a run looks at. `period` is what its title says, None where only the page can tell."""

    ref: DocumentRef
    period: Period | None


@dataclass(frozen=True, slots=True)
class Selection:
    """What of a listing a run takes: `candidates` oldest first; `passed_over` counts titles of other periods."""

    candidates: tuple[Candidate, ...]
    passed_over: int


def select_documents(
    documents: Sequence[DocumentRef], source: Source, job: Job, today: date, known: Mapping[str, Period]
) -> Selection:
    """The documents of the wanted and rechecked periods, and those of which neither the title nor the warehouse says.

    `known` maps document keys to the periods under which the warehouse keeps them.

    A title without a period is always looked at: guessing from the list's date would file last year's late report
    under this quarter.
    """
    ends = {period.end for period in (*job.wanted(source, today), *job.rechecked(source, today))}
    taken: list[Candidate] = []
    for ref in documents:
        period = find_period(title=ref.title).period or known.get(ref.key)
        if period is None or slot(period, source.cadence) in ends:
            taken.append(Candidate(ref, period))
    # Oldest first, and an archive's successive contents of one article in the order in which they were seen.
    first = {ref.key: n for n, ref in reversed(list(enumerate(documents)))}
    taken.sort(key=lambda one: (one.period.end if one.period else date.min, first[one.ref.key]))
    return Selection(tuple(taken), len(documents) - len(taken))
