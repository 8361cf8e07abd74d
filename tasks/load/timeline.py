"""What is believed since when: a pure function of what portals showed, what people decided, and the gate.

A stream is one source's documents of one kind about one year. Its documents are shown (`Shown`) with one content
(`Edition`) after another; each different content in a row is an appearance and counts a revision. At any moment at
most one document is believed about a period: of those that passed the gate, the one published last. The order in
which the showings were loaded has no say, only the times at which they were seen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from tasks.model import Period

OPEN = frozenset({"loaded", "withdrawn"})
_CORRECTED = re.compile("更正|订正|修订|勘误|更新版|修正")
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Edition:
    """One content of one document. `failed`: the names of its own checks that hold it, joined; else empty.

    `republishes`: set where its table stood under an earlier period in another document: (since when, of what).
    """

    edition_id: str
    document_id: str
    body_id: str
    stream_id: str
    period: str
    kind: str = ""
    rows: int = 0
    title: str | None = None
    url: str | None = None
    published_on: str | None = None
    document_key: str = ""
    failed: str = ""
    republishes: tuple[str, str] | None = None

    @property
    def slot(self) -> tuple[str, str]:
        """The stream and the period that this content is about."""
        return self.stream_id, self.period

    @cached_property
    def rank(self) -> tuple[object, ...]:
        """Of two publications about one period the greater one counts: the one published later."""
        corrected = bool(self.title and _CORRECTED.search(self.title))
        return (self.published_on or "", corrected, natural(self.document_key))


@dataclass(frozen=True)
class Shown:
    """A document was seen with this content at this time."""

    document_id: str
    edition_id: str
    known_at: str
    cause: str = "source"
    capture_sha256: str | None = None


@dataclass(frozen=True)
class Decided:
    """A person's verdict on an edition: `accept` or `reject`."""

    edition_id: str
    verdict: str
    at: str


@dataclass
class Appearance:
    """One content of a document, from when it was first seen in a row. `turns`: its states, each with its start."""

    edition: Edition
    revision: int
    start: str
    cause: str
    capture_sha256: str | None
    turns: list[tuple[str, str]] = field(default_factory=list)
    reason: str = ""

    def state_at(self, at: str) -> str | None:
        """`loaded`, `held` or `rejected` at a moment; None before it was seen."""
        found = None
        for start, state in self.turns:
            if start <= at:
                found = state
        return found

    @property
    def opened(self) -> str | None:
        """When it was first believed to be right, if ever."""
        return next((start for start, state in self.turns if state == "loaded"), None)


@dataclass(frozen=True)
class Believed:
    """One stretch of belief in one content of one document about its period."""

    appearance: Appearance
    start: str
    end: str | None


@dataclass(frozen=True)
class StateRow:
    """One stretch in which a content of a document was in one state."""

    appearance: Appearance
    state: str
    start: str
    end: str | None


@dataclass(frozen=True)
class SetRow:
    """Two contents whose differences count as changes, since `start`. `preview`: if the held one were accepted."""

    scope: str
    old: Appearance
    new: Appearance
    cause: str
    start: str
    end: str | None
    preview: bool = False


@dataclass(frozen=True)
class Timeline:
    """All that is derived for one stream."""

    beliefs: tuple[Believed, ...]
    states: tuple[StateRow, ...]
    sets: tuple[SetRow, ...]
    aliases: Mapping[str, str]  # document → the document that it is a second copy of

    @property
    def current(self) -> dict[str, Appearance]:
        """Period → what is believed about it now, oldest period first."""
        now = {b.appearance.edition.period: b.appearance for b in self.beliefs if b.end is None}
        return dict(sorted(now.items(), key=lambda item: Period.parse(item[0])))


Gate = Callable[[Appearance, Edition, bool], str]
"""(what is to be judged, what it is held against, whether that is about the same period) → failed checks, or ""."""


def natural(text: str) -> tuple[object, ...]:
    """A sort key in which article 99 stands before article 100."""
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in _DIGITS.split(text))


def appearances(shown: Iterable[Shown], editions: Mapping[str, Edition]) -> dict[str, list[Appearance]]:
    """Document → its contents in the order in which they were seen, equal ones in a row taken together."""
    found: dict[str, list[Appearance]] = defaultdict(list)
    for item in sorted(shown, key=lambda s: (s.document_id, s.known_at, s.cause != "source", s.edition_id)):
        seen = found[item.document_id]
        if seen and seen[-1].edition.edition_id == item.edition_id:
            continue
        edition = editions[item.edition_id]
        seen.append(Appearance(edition, len(seen) + 1, item.known_at, item.cause, item.capture_sha256))
    return dict(found)


def aliases(documents: Mapping[str, Sequence[Appearance]]) -> dict[str, str]:
    """Documents that never said anything but what another one of their period says: second copies of it.

    The copy published first, then with the smaller key, is the document; the others only lend their addresses.
    """
    bodies = {document: {(a.edition.period, a.edition.body_id) for a in seen} for document, seen in documents.items()}
    order = sorted(documents, key=lambda d: (documents[d][0].edition.published_on or "9", natural_key(documents[d])))
    found: dict[str, str] = {}
    for at, document in enumerate(order):
        for other in order[:at]:
            if other not in found and bodies[document] <= bodies[other]:
                found[document] = other
                break
    return found


def natural_key(seen: Sequence[Appearance]) -> tuple[object, ...]:
    """Where a document stands among others of the same day."""
    return natural(seen[0].edition.document_key)


def derive(
    stream_id: str,
    shown: Sequence[Shown],
    editions: Mapping[str, Edition],
    decisions: Sequence[Decided],
    withdrawn: Mapping[str, Sequence[tuple[str, str | None]]],
    gate: Gate,
) -> Timeline:
    """The timeline of a stream, from all showings of all documents that were ever part of it.

    `withdrawn`: document → stretches in which it was withdrawn. `gate` judges relations between contents.
    """
    documents = appearances(shown, editions)
    copies = aliases(documents)
    documents = {document: seen for document, seen in documents.items() if document not in copies}
    verdicts = _verdicts(decisions)
    by_period: dict[str, list[Appearance]] = defaultdict(list)
    for seen in documents.values():
        for appearance in seen:
            if appearance.edition.stream_id == stream_id:
                by_period[appearance.edition.period].append(appearance)
    beliefs: list[Believed] = []
    states: list[StateRow] = []
    previous: Believed | None = None
    for period in sorted(by_period, key=Period.parse):
        for appearance in sorted(by_period[period], key=lambda a: (a.edition.rank, a.revision)):
            earlier = documents[appearance.edition.document_id][: appearance.revision - 1]
            below = [a for a in by_period[period] if a.opened is not None and a.edition.rank < appearance.edition.rank]
            _judge(appearance, earlier, below, previous, verdicts.get(appearance.edition.edition_id), gate)
        slot = _Slot((stream_id, period), documents, withdrawn)
        beliefs += slot.beliefs
        states += slot.states
        previous = next((b for b in slot.beliefs if b.end is None and b.appearance.edition.rows), previous)
    revisions = [row for row in _revisions(documents) if row.new.edition.stream_id == stream_id]
    sets = [*_quarters(beliefs), *revisions, *_corrections(by_period), *_previews(beliefs, states)]
    return Timeline(tuple(beliefs), tuple(states), tuple(sets), copies)


def _verdicts(decisions: Sequence[Decided]) -> dict[str, Decided]:
    found: dict[str, Decided] = {}
    for decision in sorted(decisions, key=lambda d: (d.at, d.verdict)):
        found[decision.edition_id] = decision
    return found


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
    reasons: list[tuple[str, str]] = []  # since when, why
    if edition.failed:
        reasons.append((start, edition.failed))
    if edition.republishes is not None:
        reasons.append((max(start, edition.republishes[0]), edition.republishes[1]))
    if previous is not None:
        failed = gate(appearance, previous.appearance.edition, False)
        if failed:
            reasons.append((max(start, previous.start), failed))
    before = next((a for a in reversed(earlier) if a.opened is not None), None)
    if before is not None and before.edition.slot == edition.slot and before.edition.body_id != edition.body_id:
        failed = gate(appearance, before.edition, True)
        if failed:
            reasons.append((start, failed))
    others = [a for a in below if a.edition.document_id != edition.document_id and a.edition.body_id != edition.body_id]
    if others:
        # A correction tells the same commitments; what shares few of them is another report under this quarter.
        replaced = max(others, key=lambda a: (a.edition.rank, a.revision))
        failed = gate(appearance, replaced.edition, True)
        if failed:
            reasons.append((max(start, replaced.start), failed))
    if not reasons:
        appearance.turns = [(start, "loaded")]
    else:
        since = min(at for at, _ in reasons)
        appearance.reason = "; ".join(dict.fromkeys(why for _, why in reasons))
        appearance.turns = [(start, "held")] if since == start else [(start, "loaded"), (since, "held")]
    if decided is None:
        return
    at = max(decided.at, start)
    if decided.verdict == "reject":
        appearance.turns = [turn for turn in appearance.turns if turn[0] < at] + [(at, "rejected")]
    elif appearance.turns[-1][1] == "held":
        kept = [turn for turn in appearance.turns if turn[0] < at]
        appearance.turns = [*kept, (at, "loaded")] if not kept or kept[-1][1] == "held" else kept


class _Slot:
    """One period of a stream: which of its documents is believed when, and in what state each of them is."""

    def __init__(
        self,
        slot: tuple[str, str],
        documents: Mapping[str, Sequence[Appearance]],
        withdrawn: Mapping[str, Sequence[tuple[str, str | None]]],
    ) -> None:
        self.slot = slot
        self.documents = {
            document: seen for document, seen in documents.items() if any(a.edition.slot == slot for a in seen)
        }
        self.withdrawn = withdrawn
        beliefs: dict[tuple[str, int], list[tuple[str, str | None, str]]] = defaultdict(list)
        states: dict[tuple[str, int], list[tuple[str, str | None, str]]] = defaultdict(list)
        moments = self._moments()
        for at, until in [*pairwise(moments), (moments[-1], None)]:
            winner, rows = self._at(at)
            if winner is not None:
                _extend(beliefs[winner.edition.document_id, winner.revision], at, until, "believed")
            for appearance, state in rows:
                _extend(states[appearance.edition.document_id, appearance.revision], at, until, state)
        self.beliefs: list[Believed] = []
        self.states: list[StateRow] = []
        for document, seen in self.documents.items():
            for appearance in (a for a in seen if a.edition.slot == slot):
                place = (document, appearance.revision)
                self._keep(appearance, beliefs[place], states[place])

    def _keep(
        self,
        appearance: Appearance,
        beliefs: list[tuple[str, str | None, str]],
        states: list[tuple[str, str | None, str]],
    ) -> None:
        opened = appearance.opened
        if not beliefs and opened is not None:
            # Never believed, because a later publication was known already: kept, with an empty stretch.
            beliefs = [(opened, opened, "believed")]
        if not any(state in OPEN for _, _, state in states) and opened is not None:
            states = [*states, (opened, opened, "loaded")]
        if not states:
            states = [(appearance.start, appearance.start, appearance.turns[0][1])]
        self.beliefs += [Believed(appearance, start, end) for start, end, _ in beliefs]
        self.states += [StateRow(appearance, state, start, end) for start, end, state in states]

    def _moments(self) -> list[str]:
        moments: set[str] = set()
        for document, seen in self.documents.items():
            for appearance in seen:
                moments.add(appearance.start)
                if appearance.edition.slot == self.slot:
                    moments.update(start for start, _ in appearance.turns)
            for start, end in self.withdrawn.get(document, ()):
                moments.update((start, end) if end is not None else (start,))
        return sorted(moments)

    def _at(self, at: str) -> tuple[Appearance | None, list[tuple[Appearance, str]]]:
        """Who is believed at a moment, and the states of all contents that count then."""
        standing: list[Appearance] = []  # of each document the latest content that passed the gate
        waiting: list[tuple[Appearance, str]] = []
        for seen in self.documents.values():
            so_far = [a for a in seen if a.start <= at]
            if not so_far:
                continue
            passed = next((a for a in reversed(so_far) if self._state(a, at) == "loaded"), None)
            if passed is not None and passed.edition.slot == self.slot:
                standing.append(passed)
            last = so_far[-1]
            state = self._state(last, at)
            if last.edition.slot == self.slot and state in ("held", "rejected"):
                waiting.append((last, state))
        winner = max(standing, key=lambda a: a.edition.rank, default=None)
        rows = [
            (a, state)
            for a, state in waiting
            if winner is None
            or a.edition.document_id == winner.edition.document_id
            or a.edition.rank > winner.edition.rank
        ]
        if winner is not None:
            rows.append((winner, "withdrawn" if self._is_withdrawn(winner, at) else "loaded"))
        return winner, rows

    def _state(self, appearance: Appearance, at: str) -> str | None:
        # A content of another period has been judged in its own slot if that came earlier; before that, as unheld.
        return appearance.state_at(at) if appearance.turns else "loaded"

    def _is_withdrawn(self, appearance: Appearance, at: str) -> bool:
        stretches = self.withdrawn.get(appearance.edition.document_id, ())
        return any(start <= at and (end is None or at < end) for start, end in stretches)


def _extend(stretches: list[tuple[str, str | None, str]], start: str, end: str | None, what: str) -> None:
    if stretches and stretches[-1][1] == start and stretches[-1][2] == what:
        stretches[-1] = (stretches[-1][0], end, what)
    else:
        stretches.append((start, end, what))


def _quarters(beliefs: Sequence[Believed]) -> list[SetRow]:
    """Neighbouring believed quarters, through all moments at which belief changed."""
    moments = sorted({b.start for b in beliefs} | {b.end for b in beliefs if b.end is not None})
    found: list[SetRow] = []
    running: dict[tuple[int, int], SetRow] = {}
    for at in moments:
        standing = sorted(
            (b for b in beliefs if b.appearance.edition.rows and b.start <= at and (b.end is None or at < b.end)),
            key=lambda b: Period.parse(b.appearance.edition.period),
        )
        pairs = {(id(a.appearance), id(b.appearance)): (a.appearance, b.appearance) for a, b in pairwise(standing)}
        for key in [key for key in running if key not in pairs]:
            ended = running.pop(key)
            found.append(SetRow(ended.scope, ended.old, ended.new, ended.cause, ended.start, at))
        for key, (old, new) in pairs.items():
            if key not in running:
                ours = "parser" if "parser" in (old.cause, new.cause) else "source"
                running[key] = SetRow("quarter", old, new, ours, at, None)
    return [*found, *running.values()]


def _revisions(documents: Mapping[str, Sequence[Appearance]]) -> list[SetRow]:
    """Contents of one document that were believed one after the other."""
    found = []
    for seen in documents.values():
        passed = [a for a in seen if a.opened is not None]
        for old, new in pairwise(passed):
            if old.edition.slot == new.edition.slot:
                since = max(old.opened or old.start, new.opened or new.start)
                found.append(SetRow("revision", old, new, new.cause, since, None))
    return found


def _corrections(by_period: Mapping[str, Sequence[Appearance]]) -> list[SetRow]:
    """Publications that took the place of an earlier one about the same period."""
    found = []
    for seen in by_period.values():
        passed = [a for a in seen if a.opened is not None]
        firsts: dict[str, Appearance] = {}
        lasts: dict[str, Appearance] = {}
        for appearance in passed:
            firsts.setdefault(appearance.edition.document_id, appearance)
            lasts[appearance.edition.document_id] = appearance
        ranked = sorted(lasts, key=lambda document: lasts[document].edition.rank)
        for earlier, later in pairwise(ranked):
            old, new = lasts[earlier], firsts[later]
            since = max(old.opened or old.start, new.opened or new.start)
            found.append(SetRow("revision", old, new, "source", since, None))
    return found


def _previews(beliefs: Sequence[Believed], states: Sequence[StateRow]) -> list[SetRow]:
    """What each document that is held now would change: against the quarter before, and against its own slot."""
    now = [b.appearance for b in beliefs if b.end is None]
    found = []
    for row in states:
        if row.state != "held" or row.end is not None:
            continue
        held = row.appearance
        at = Period.parse(held.edition.period)
        before = [a for a in now if a.edition.rows and Period.parse(a.edition.period) < at]
        if before:
            old = max(before, key=lambda a: Period.parse(a.edition.period))
            found.append(SetRow("quarter", old, held, held.cause, row.start, None, preview=True))
        found += [
            SetRow("revision", a, held, held.cause, row.start, None, preview=True)
            for a in now
            if a.edition.period == held.edition.period
        ]
    return found
