"""What is believed since when: a pure function of what portals showed, what people decided, and the gate.

A stream is one source's documents of one kind about one year; a series is one report in it through the periods
(`tasks/load/series.py`). Documents are shown (`Shown`) with one content (`Edition`) after another; each different
content in a row is an appearance and counts a revision. At any moment at most one document of a series is believed
about a period: of those that passed the gate, the one published last. The order in which the showings were loaded has
no say, only the times at which they were seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import NamedTuple

from tasks.load.belief import Believed, Slot, StateRow
from tasks.load.evidence import Appearance, Decided, Edition, Shown, aliases, appearances, lend_times, verdicts
from tasks.load.series import Likeness, assign
from tasks.load.sets import SetRow, corrections, previews, quarters, revisions
from tasks.model import Check, Period

Gate = Callable[[Appearance, Edition, bool], tuple[Check, ...]]
"""(what is to be judged, what it is held against, whether that is about the same period) → the checks that fail."""


class Beside(NamedTuple):
    """What a content was held against, from when until when."""

    start: str
    end: str | None
    edition: Edition


class _Reason(NamedTuple):
    """Checks that failed, and from when until when they count."""

    start: str
    end: str | None
    failed: tuple[Check, ...]


@dataclass(frozen=True)
class Timeline:
    """All that is derived for one stream."""

    beliefs: tuple[Believed, ...]
    states: tuple[StateRow, ...]
    sets: tuple[SetRow, ...]
    aliases: Mapping[str, str]  # document → the document that it is a second copy of
    series: Mapping[str, str]  # document → the series that it belongs to

    @property
    def current(self) -> dict[str, dict[str, Appearance]]:
        """Series → period → what is believed about it now, oldest period first."""
        found: dict[str, dict[str, Appearance]] = defaultdict(dict)
        now = [b.appearance for b in self.beliefs if b.end is None]
        for appearance in sorted(now, key=lambda a: Period.parse(a.edition.period)):
            found[self.series[appearance.edition.document_id]][appearance.edition.period] = appearance
        return dict(sorted(found.items()))


def derive(
    stream_id: str,
    shown: Sequence[Shown],
    editions: Mapping[str, Edition],
    decisions: Sequence[Decided],
    withdrawn: Mapping[str, Sequence[tuple[str, str | None]]],
    gate: Gate,
    likeness: Likeness = lambda _a, _b: None,
) -> Timeline:
    """The timeline of a stream, from all showings of all documents that were ever part of it.

    `withdrawn`: document → stretches in which it was withdrawn. `gate` judges relations between contents, `likeness`
    tells how much of them two publications share.
    """
    documents = appearances(shown, editions)
    copies = aliases(documents)
    lend_times(documents, copies)
    documents = {document: seen for document, seen in documents.items() if document not in copies}
    decided = verdicts(decisions)
    series = assign(documents, stream_id, likeness)
    beliefs: list[Believed] = []
    states: list[StateRow] = []
    sets: list[SetRow] = []
    for name in sorted(set(series.values())):
        members = {document: seen for document, seen in documents.items() if series.get(document) == name}
        own, standing, compared = _follow(stream_id, members, decided, withdrawn, gate)
        beliefs += own
        states += standing
        sets += compared
    return Timeline(tuple(beliefs), tuple(states), tuple(sets), copies, series)


def _follow(
    stream_id: str,
    documents: Mapping[str, Sequence[Appearance]],
    decided: Mapping[str, Sequence[Decided]],
    withdrawn: Mapping[str, Sequence[tuple[str, str | None]]],
    gate: Gate,
) -> tuple[list[Believed], list[StateRow], list[SetRow]]:
    """One series through its periods, oldest first."""
    by_period: dict[str, list[Appearance]] = defaultdict(list)
    for seen in documents.values():
        for appearance in seen:
            if appearance.edition.stream_id == stream_id:
                by_period[appearance.edition.period].append(appearance)
            else:
                # Judged beside its neighbours in its own stream; here itself and the document decide whether it counts.
                earlier = seen[: appearance.revision - 1]
                _judge(appearance, earlier, (), (), decided.get(appearance.edition.edition_id, ()), gate)
    beliefs: list[Believed] = []
    states: list[StateRow] = []
    for period in sorted(by_period, key=Period.parse):
        before = _neighbours(beliefs)
        for appearance in sorted(by_period[period], key=lambda a: (a.edition.rank, a.revision)):
            earlier = documents[appearance.edition.document_id][: appearance.revision - 1]
            below = [a for a in by_period[period] if a.opened is not None and a.edition.rank < appearance.edition.rank]
            _judge(appearance, earlier, below, before, decided.get(appearance.edition.edition_id, ()), gate)
        slot = Slot((stream_id, period), documents, withdrawn)
        beliefs += slot.beliefs
        states += slot.states
    changed = [row for row in revisions(documents) if row.new.edition.stream_id == stream_id]
    return beliefs, states, [*quarters(beliefs), *changed, *corrections(by_period), *previews(beliefs, states)]


def _neighbours(beliefs: Sequence[Believed]) -> list[Beside]:
    """What is believed about the nearest earlier period that has rows, from moment to moment."""
    tables = [b for b in beliefs if b.appearance.edition.rows and b.start != b.end]

    def nearest(at: str) -> Edition | None:
        then = [b.appearance.edition for b in tables if b.start <= at and (b.end is None or at < b.end)]
        return max(then, key=lambda edition: Period.parse(edition.period), default=None)

    return _through({b.start for b in tables} | {b.end for b in tables if b.end is not None}, nearest)


def _replaced(appearance: Appearance, below: Sequence[Appearance]) -> list[Beside]:
    """The publication whose place an appearance takes, from moment to moment."""
    edition = appearance.edition
    others = [
        (a.opened, a)
        for a in below
        if a.opened and a.edition.document_id != edition.document_id and a.edition.body_id != edition.body_id
    ]

    def last(at: str) -> Edition | None:
        then = [a for opened, a in others if opened <= at]
        return max(then, key=lambda a: (a.edition.rank, a.revision)).edition if then else None

    return _through({opened for opened, _ in others}, last)


def _through(moments: Iterable[str], standing: Callable[[str], Edition | None]) -> list[Beside]:
    """What stands at each moment, as stretches."""
    found: list[Beside] = []
    places = sorted(moments)
    for at, until in zip_longest(places, places[1:]):
        edition = standing(at)
        if edition is not None and found and found[-1].edition is edition and found[-1].end == at:
            found[-1] = found[-1]._replace(end=until)
        elif edition is not None:
            found.append(Beside(at, until, edition))
    return found


def _judge(
    appearance: Appearance,
    earlier: Sequence[Appearance],
    below: Sequence[Appearance],
    neighbours: Sequence[Beside],
    decided: Sequence[Decided],
    gate: Gate,
) -> None:
    """Give an appearance its turns: loaded or held from moment to moment, then what a person decided.

    What it was held against may change or be joined by a nearer quarter: that lets it pass from then on, not before.
    """
    edition, start = appearance.edition, appearance.start
    reasons: list[_Reason] = [_Reason(start, None, edition.failed)]
    if edition.republishes is not None:
        since, check = edition.republishes
        reasons.append(_Reason(max(start, since), None, (check,)))
    for began, end, other in neighbours:
        if end is None or start < end:
            reasons.append(_Reason(max(start, began), end, gate(appearance, other, False)))
    before = next((a for a in reversed(earlier) if a.opened is not None or not a.turns), None)
    if before is not None and before.edition.body_id != edition.body_id and _continues(before.edition, edition):
        reasons.append(_Reason(start, None, gate(appearance, before.edition, True)))
    for began, end, other in _replaced(appearance, below):
        # A correction tells the same commitments; what shares few of them is another report under this quarter.
        if end is None or start < end:
            reasons.append(_Reason(max(start, began), end, gate(appearance, other, True)))
    _take_turns(appearance, [reason for reason in reasons if reason.failed])
    for decision in decided:
        at = max(decision.at, start)
        kept = [turn for turn in appearance.turns if turn[0] < at]
        if decision.verdict == "reject":
            appearance.turns = [*kept, (at, "rejected")]
        else:
            appearance.turns = kept if kept and kept[-1][1] == "loaded" else [*kept, (at, "loaded")]


def _take_turns(appearance: Appearance, reasons: Sequence[_Reason]) -> None:
    """Held while there is a reason, loaded otherwise; held by what held it last."""
    start = appearance.start
    moments = {start} | {r.start for r in reasons} | {r.end for r in reasons if r.end is not None}
    appearance.turns, appearance.held_by = [], ()
    for at in sorted(moments):
        why = [r for r in reasons if r.start <= at and (r.end is None or at < r.end)]
        if why:
            appearance.held_by = tuple(dict.fromkeys(check for r in why for check in r.failed))
        state = "held" if why else "loaded"
        if not appearance.turns or appearance.turns[-1][1] != state:
            appearance.turns.append((at, state))


def _continues(before: Edition, edition: Edition) -> bool:
    """Whether a content stands in the place of one shown before: the same slot, or the table gone from the page."""
    emptied = edition.period == before.period and edition.rows == 0 and before.rows > 0
    return edition.slot == before.slot or emptied
