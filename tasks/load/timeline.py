"""What is believed since when: a pure function of what portals showed, what people decided, and the gate.

A stream is one source's documents of one kind about one year; a series is one report in it through the periods
(`tasks/load/series.py`). Documents are shown (`Shown`) with one content (`Edition`) after another; each different
content in a row is an appearance and counts a revision. At any moment at most one document of a series is believed
about a period: of those that passed the gate, the one published last. The order in which the showings were loaded has
no say, only the times at which they were seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tasks.load.belief import Believed, Slot, StateRow
from tasks.load.evidence import Appearance, Decided, Edition, Shown, aliases, appearances, verdicts
from tasks.load.series import Likeness, assign
from tasks.load.sets import SetRow, corrections, previews, quarters, revisions
from tasks.model import Check, Period

Gate = Callable[[Appearance, Edition, bool], tuple[Check, ...]]
"""(what is to be judged, what it is held against, whether that is about the same period) → the checks that fail."""


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
    decided: Mapping[str, Decided],
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
                _judge(appearance, earlier, (), None, decided.get(appearance.edition.edition_id), gate)
    beliefs: list[Believed] = []
    states: list[StateRow] = []
    previous: Believed | None = None
    for period in sorted(by_period, key=Period.parse):
        for appearance in sorted(by_period[period], key=lambda a: (a.edition.rank, a.revision)):
            earlier = documents[appearance.edition.document_id][: appearance.revision - 1]
            below = [a for a in by_period[period] if a.opened is not None and a.edition.rank < appearance.edition.rank]
            _judge(appearance, earlier, below, previous, decided.get(appearance.edition.edition_id), gate)
        slot = Slot((stream_id, period), documents, withdrawn)
        beliefs += slot.beliefs
        states += slot.states
        previous = next((b for b in slot.beliefs if b.end is None and b.appearance.edition.rows), previous)
    changed = [row for row in revisions(documents) if row.new.edition.stream_id == stream_id]
    return beliefs, states, [*quarters(beliefs), *changed, *corrections(by_period), *previews(beliefs, states)]


def _judge(
    appearance: Appearance,
    earlier: Sequence[Appearance],
    below: Sequence[Appearance],
    previous: Believed | None,
    decided: Decided | None,
    gate: Gate,
) -> None:
    """Give an appearance its turns: loaded or held from its start, then what a person decided."""
    edition, start = appearance.edition, appearance.start
    reasons: list[tuple[str, tuple[Check, ...]]] = [(start, edition.failed)]  # since when, why
    if edition.republishes is not None:
        since, check = edition.republishes
        reasons.append((max(start, since), (check,)))
    if previous is not None:
        reasons.append((max(start, previous.start), gate(appearance, previous.appearance.edition, False)))
    before = next((a for a in reversed(earlier) if a.opened is not None or not a.turns), None)
    if before is not None and before.edition.body_id != edition.body_id and _continues(before.edition, edition):
        reasons.append((start, gate(appearance, before.edition, True)))
    others = [a for a in below if a.edition.document_id != edition.document_id and a.edition.body_id != edition.body_id]
    if others:
        # A correction tells the same commitments; what shares few of them is another report under this quarter.
        replaced = max(others, key=lambda a: (a.edition.rank, a.revision))
        reasons.append((max(start, replaced.start), gate(appearance, replaced.edition, True)))
    appearance.held_by = tuple(dict.fromkeys(check for _, failed in reasons for check in failed))
    since = min((at for at, failed in reasons if failed), default="")
    if not since:
        appearance.turns = [(start, "loaded")]
    else:
        appearance.turns = [(start, "held")] if since == start else [(start, "loaded"), (since, "held")]
    if decided is None:
        return
    at = max(decided.at, start)
    if decided.verdict == "reject":
        appearance.turns = [turn for turn in appearance.turns if turn[0] < at] + [(at, "rejected")]
    elif appearance.turns[-1][1] == "held":
        kept = [turn for turn in appearance.turns if turn[0] < at]
        appearance.turns = [*kept, (at, "loaded")] if not kept or kept[-1][1] == "held" else kept


def _continues(before: Edition, edition: Edition) -> bool:
    """Whether a content stands in the place of one shown before: the same slot, or the table gone from the page."""
    emptied = edition.period == before.period and edition.rows == 0 and before.rows > 0
    return edition.slot == before.slot or emptied
