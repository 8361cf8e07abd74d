"""What happened to a document as a whole: a new period, a revision, a correction, last quarter's table once more."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tasks.compare.normalise import content_key, unit_key
from tasks.compare.profiles import promise_of
from tasks.model import Report, Row
from tasks.text import fold

_CORRECTION = re.compile(r"更正|勘误|修订|订正|更新版|重新公[布开]")


class EventKind(StrEnum):
    """What the arrival of a document means."""

    NEW_PERIOD = "new_period"
    REVISION = "revision"  # the same period under another content
    CORRECTION = "correction"  # a revision that says so itself
    REPUBLICATION = "republication"  # another period's table under this period's name
    UNCHANGED = "unchanged"  # the same period, the same rows
    WITHDRAWAL = "withdrawal"  # gone from the portal, by repeated evidence; never inferred from a document


@dataclass(frozen=True, slots=True)
class DocumentEvent:
    """The event and the figures it rests on: `same` of `of` rows stand as they did."""

    kind: EventKind
    same: int = 0
    of: int = 0


def identical_rows(old: Sequence[Row], new: Sequence[Row]) -> int:
    """How many rows stand in both tables with the same promise, units, status and progress, but for typography."""
    return (Counter(map(_facts, old)) & Counter(map(_facts, new))).total()


def same_table(old: Sequence[Row], new: Sequence[Row]) -> bool:
    """Whether `new` is `old` published again: every row as it was. The order and numbering of rows do not count."""
    return bool(old) and len(old) == len(new) == identical_rows(old, new)


def is_correction(title: str | None) -> bool:
    """Whether a title says that it corrects an earlier publication: （更正）, 勘误."""
    return bool(title and _CORRECTION.search(title))


def document_event(
    current: Report, *, same_period: Report | None = None, prior_period: Report | None = None
) -> DocumentEvent:
    """What `current` is, given the latest known report of its own period and of the period before."""
    if prior_period is not None and same_table(prior_period.rows, current.rows):
        return DocumentEvent(EventKind.REPUBLICATION, len(current.rows), len(current.rows))
    if same_period is None:
        known = prior_period.rows if prior_period else ()
        return DocumentEvent(EventKind.NEW_PERIOD, identical_rows(known, current.rows), len(current.rows))
    same = identical_rows(same_period.rows, current.rows)
    if same_table(same_period.rows, current.rows):
        return DocumentEvent(EventKind.UNCHANGED, same, len(current.rows))
    kind = EventKind.CORRECTION if is_correction(current.meta.title) else EventKind.REVISION
    return DocumentEvent(kind, same, len(current.rows))


def _facts(row: Row) -> tuple[str, frozenset[str], str, str]:
    progress = fold(row.progress_text or "") if row.progress is None else str(row.progress.normalize())
    return content_key(promise_of(row)), frozenset(map(unit_key, row.units)), fold(row.status or ""), progress
