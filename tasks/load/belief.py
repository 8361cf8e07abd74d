"""One period of a series: which of its documents is believed when, and in what state each of them is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.load.evidence import Appearance

OPEN = frozenset({"loaded", "withdrawn"})


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


class Slot:
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
