"""The gate: whether a document may be believed without a person looking at it. It holds; it never drops.

Two kinds of checks. Those of `check` look at one document by itself. Those of `against` hold it beside what is
believed about the quarter before (or about the same document before a silent edit); the loader evaluates them anew
whenever a neighbour arrives, so that the verdict cannot depend on the order of loading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tasks.compare import Difference, diff, status_changed
from tasks.model import Check, Kind, Relation, Report, Row, Verdict

DROPPED_SHARE = 0.5  # of last quarter's rows; the default where a source names none
FALL_OF_MEAN = 40.0  # percentage points by which the mean progress of a year's tasks may fall in a quarter
GROWTH_OF_ROWS = 3.0  # times as many rows as the quarter before
_FEW = 5  # rows below which shares and means say nothing

RELATIONAL = frozenset({"max_dropped_share", "identical_to_previous", "mean_progress_jump", "row_count_jump"})

# Warnings of the reader that mean "this may not be what it says it is", and the check that they fail.
_FATAL_WARNINGS = {
    "period_contradiction": "period_contradiction",
    "period_unknown": "period_known",
    "copies_disagree": "copies_agree",
    "copies_differ": "copies_agree",
    "table_incomplete": "table_complete",
    # Cells that an extraction has lost, put back by wording alone; headings below which nothing could be read.
    "columns_uncertain": "cells_certain",
    "cells_missing": "cells_certain",
    "table_not_read": "table_read",
}
_PART = re.compile(r"[(（【\[]\s*(?:之?[一二三四五六]|[1-6]|上|中|下|第[一二三四五六]部分)\s*[)）】\]]\s*$")
_SENTENCE = re.compile(r"[。;；]")
_LEAST_PROSE = 200  # characters of sentences with which a page without a table still says something
_PROMISES_TASKS = frozenset({Kind.EXECUTION, Kind.INDICATORS, Kind.LIVELIHOOD, Kind.BULLETIN})
_TOLD_LATER = frozenset({Kind.EXECUTION, Kind.INDICATORS, Kind.LIVELIHOOD})


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """What a source asks of its documents (`checks` in sources.yaml); None leaves a check to its default."""

    min_rows: int | None = None
    max_dropped_share: float | None = None
    max_identical_share: float | None = None

    @classmethod
    def of(cls, settings: Any) -> CheckSettings:
        """From any object with these attributes, such as the `checks` of a configured source."""
        return cls(
            getattr(settings, "min_rows", None),
            getattr(settings, "max_dropped_share", None),
            getattr(settings, "max_identical_share", None),
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """A document beside the believed one it is held against: counts of rows, means of progress in percent.

    `unmoved`: kept rows whose status and progress are what they were. `label` names the other document.
    """

    label: str
    rows_before: int
    rows_now: int
    dropped: int
    added: int
    unmoved: int
    mean_before: float | None = None
    mean_now: float | None = None
    revision: bool = False  # the same document before a silent edit, not the quarter before


def check(
    report: Report, *, settings: CheckSettings | None = None, previous: Sequence[Row] | None = None
) -> tuple[Check, ...]:
    """All checks that apply to a report, each with its verdict and figures.

    `previous`: the rows believed about the quarter before, for a preview without a warehouse; the loader does not
    need it (it compares by itself, see `against`).
    """
    settings = settings or CheckSettings()
    found = [*_rows(report, settings), *_substance(report), *_warnings(report), *_period(report), *_part(report)]
    if previous and report.rows:
        found += against(beside("the quarter before", previous, report.rows), settings)
    return tuple(found)


def against(other: Beside, settings: CheckSettings) -> tuple[Check, ...]:
    """The checks of a document against a believed one: rows lost, nothing moved, means and counts that jump."""
    found = [_dropped(other, settings)]
    if not other.revision:
        found += [_identical(other, settings), _mean(other), _growth(other)]
    return tuple(check for check in found if check is not None)


def beside(
    label: str,
    before: Sequence[Row],
    now: Sequence[Row],
    difference: Difference | None = None,
    *,
    revision: bool = False,
) -> Beside:
    """The figures of two tables beside each other; `difference` where it is known already."""
    links = (difference or diff(before, now)).links
    old = {row.index: row for row in before}
    new = {row.index: row for row in now}
    kept = [(link.old, link.new) for link in links if link.old is not None and link.new is not None]
    return Beside(
        label,
        len(before),
        len(now),
        sum(link.relation is Relation.DROPPED for link in links),
        sum(link.relation is Relation.ADDED for link in links),
        sum(unmoved(old[a], new[b]) for a, b in kept),
        mean_progress(before),
        mean_progress(now),
        revision,
    )


def unmoved(old: Row, new: Row) -> bool:
    """Whether neither status nor progress says anything new."""
    same = old.progress == new.progress and (old.progress_text or "") == (new.progress_text or "")
    return same and not status_changed(old.status, new.status)


def mean_progress(rows: Iterable[Row]) -> float | None:
    """The mean of the printed percentages, each cut at 100; None where fewer than five are printed."""
    values = [min(float(row.progress), 100.0) for row in rows if row.progress is not None]
    return sum(values) / len(values) if len(values) >= _FEW else None


def held_by(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The checks that hold a document back."""
    return tuple(check for check in checks if check.verdict is Verdict.HOLD)


def _verdict(name: str, bad: bool, evidence: str) -> Check:
    return Check(name, Verdict.HOLD if bad else Verdict.PASS, evidence)


def _rows(report: Report, settings: CheckSettings) -> list[Check]:
    if settings.min_rows is None:
        return []
    count = len(report.rows)
    return [_verdict("min_rows", count < settings.min_rows, f"{count} rows, at least {settings.min_rows} expected")]


def _substance(report: Report) -> list[Check]:
    """A page that is to tell of tasks and has neither a table nor text: a scan, or a shell whose content is missing."""
    if report.rows or report.meta.kind not in _PROMISES_TASKS:
        return []
    said = sum(len(line) for line in report.text.splitlines() if _SENTENCE.search(line) or len(line) >= 40)
    evidence = f"no table and {said} characters of sentences: the table may be a picture (a scan)"
    return [_verdict("table_or_text", said < _LEAST_PROSE, evidence)]


def _warnings(report: Report) -> list[Check]:
    found = []
    for name in sorted(set(_FATAL_WARNINGS.values())):
        said = [w.message for w in report.warnings if _FATAL_WARNINGS.get(w.code) == name]
        found.append(_verdict(name, bool(said), "; ".join(said) or "nothing to the contrary"))
    return found


def _period(report: Report) -> list[Check]:
    """A quarter cannot be reported before its last month: then the title names the wrong one."""
    period, published = report.meta.period, report.meta.published_on
    if period is None or published is None or report.meta.kind not in _TOLD_LATER or period.kind == "Y":
        return []
    last_month = date(period.year, period.last_month, 1)
    return [
        _verdict("published_after_period", published < last_month, f"about {period}, published on {published}"),
    ]


def _part(report: Report) -> list[Check]:
    title = report.meta.title or ""
    part = _PART.search(title)
    if part is None:
        return []
    return [_verdict("whole_report", True, f"the title ends in {part.group().strip()}: one part of a report")]


def _dropped(other: Beside, settings: CheckSettings) -> Check | None:
    if other.rows_before == 0:
        return None
    limit = DROPPED_SHARE if settings.max_dropped_share is None else settings.max_dropped_share
    share = other.dropped / other.rows_before
    # A default is not for tables of a handful of rows, where one is a large share; what a source asks for is.
    bad = share > limit and (settings.max_dropped_share is not None or other.rows_before >= _FEW)
    evidence = (
        f"{other.dropped} of the {other.rows_before} rows of {other.label} are gone ({share:.0%}, limit {limit:.0%})"
    )
    return _verdict("max_dropped_share", bad, evidence)


def _identical(other: Beside, settings: CheckSettings) -> Check | None:
    if other.rows_now == 0:
        return None
    share = other.unmoved / other.rows_now
    limit = settings.max_identical_share
    whole = other.unmoved == other.rows_now == other.rows_before
    bad = whole if limit is None else (whole or share > limit)
    evidence = f"{other.unmoved} of {other.rows_now} rows say what {other.label} said ({share:.0%})"
    return _verdict("identical_to_previous", bad, evidence)


def _mean(other: Beside) -> Check | None:
    if other.mean_before is None or other.mean_now is None:
        return None
    fall = other.mean_before - other.mean_now
    evidence = f"mean progress {other.mean_now:.1f}% after {other.mean_before:.1f}% in {other.label}"
    return _verdict("mean_progress_jump", fall > FALL_OF_MEAN, evidence)


def _growth(other: Beside) -> Check | None:
    if other.rows_before < _FEW:
        return None
    evidence = f"{other.rows_now} rows after {other.rows_before} in {other.label}"
    return _verdict("row_count_jump", other.rows_now > GROWTH_OF_ROWS * other.rows_before, evidence)
