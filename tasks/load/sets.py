"""Which contents are compared with each other: neighbouring quarters, revisions, corrections, previews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks.load.belief import Believed, StateRow
from tasks.load.evidence import Appearance
from tasks.model import Period


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


def quarters(beliefs: Sequence[Believed]) -> list[SetRow]:
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


def revisions(documents: Mapping[str, Sequence[Appearance]]) -> list[SetRow]:
    """Contents of one document that were believed one after the other.

    One between them may be let pass later, which parts them from then on, not before.
    """
    found = []
    for seen in documents.values():
        passed = [(a.opened, a) for a in seen if a.opened is not None]
        for n, (opened, new) in enumerate(passed):
            until: str | None = None
            for earlier, old in reversed(passed[:n]):
                since = max(earlier, opened)
                if (until is None or since < until) and old.edition.slot == new.edition.slot:
                    found.append(SetRow("revision", old, new, new.cause, since, until))
                until = earlier if until is None else min(until, earlier)
                if until <= opened:
                    break
    return found


def corrections(by_period: Mapping[str, Sequence[Appearance]]) -> list[SetRow]:
    """Publications that took the place of an earlier one about the same period, from moment to moment."""
    found = []
    for seen in by_period.values():
        passed = [(a.opened, a) for a in seen if a.opened is not None]
        running: dict[tuple[int, int], SetRow] = {}
        for at in sorted({opened for opened, _ in passed}):
            pairs = {(id(a), id(b)): (a, b) for a, b in _succession([a for opened, a in passed if opened <= at])}
            for key in [key for key in running if key not in pairs]:
                found.append(replace(running.pop(key), end=at))
            for key, (old, new) in pairs.items():
                if key not in running:
                    running[key] = SetRow("revision", old, new, "source", at, None)
        found += running.values()
    return found


def _succession(seen: Iterable[Appearance]) -> list[tuple[Appearance, Appearance]]:
    """Neighbours in the order of publication: what the earlier one said when the later one came, and its first words.

    What became of the earlier one since then is its own affair.
    """
    own: dict[str, list[Appearance]] = {}
    for appearance in seen:
        own.setdefault(appearance.edition.document_id, []).append(appearance)
    found = []
    for earlier, later in pairwise(sorted(own, key=lambda document: own[document][-1].edition.rank)):
        new = own[later][0]
        until = [a for a in own[earlier] if (a.opened or a.start) <= (new.opened or new.start)]
        found.append((until[-1] if until else own[earlier][0], new))
    return found


def previews(beliefs: Sequence[Believed], states: Sequence[StateRow]) -> list[SetRow]:
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
