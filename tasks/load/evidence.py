"""What was seen and decided: contents of publications, when they were shown, what people said of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tasks.load.naming import corrected
from tasks.model import Check

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Edition:
    """One content of one document. `failed`: its own checks that hold it.

    `publisher`: as the document itself prints it. `republishes`: set where its table stood under an earlier period in
    another document: since when, and the check that says so.
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
    failed: tuple[Check, ...] = ()
    republishes: tuple[str, Check] | None = None
    publisher: str | None = None

    @property
    def slot(self) -> tuple[str, str]:
        """The stream and the period that this content is about."""
        return self.stream_id, self.period

    @cached_property
    def rank(self) -> tuple[object, ...]:
        """Of two publications about one period the greater one counts: the one published later."""
        return (self.published_on or "", corrected(self.title), natural(self.document_key))


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
    """One content of a document, from when it was first seen in a row.

    `turns`: its states, each with its start. `held_by`: every check that holds it or held it.
    """

    edition: Edition
    revision: int
    start: str
    cause: str
    capture_sha256: str | None
    turns: list[tuple[str, str]] = field(default_factory=list)
    held_by: tuple[Check, ...] = ()

    def state_at(self, at: str) -> str | None:
        """`loaded`, `held` or `rejected` at a moment; None before it was seen."""
        found = None
        for start, state in self.turns:
            if start <= at:
                found = state
        return found

    @property
    def reason(self) -> str:
        """The checks that hold it, in one line."""
        return describe(self.held_by)

    @property
    def opened(self) -> str | None:
        """When it was first believed to be right, if ever."""
        return next((start for start, state in self.turns if state == "loaded"), None)


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

    The copy published first, then with the smaller key, is the document; the others only lend their addresses. A page
    that said something else and took over these words later is not what they are a copy of: it was set right by them.
    """
    firsts = {document: _firsts(seen) for document, seen in documents.items()}
    order = sorted(documents, key=lambda d: (documents[d][0].edition.published_on or "9", _natural_key(documents[d])))
    found: dict[str, str] = {}
    for at, document in enumerate(order):
        own = firsts[document]
        for other in order[:at]:
            theirs = firsts[other]
            if other in found or not own.keys() <= theirs.keys():
                continue
            if len(own) == len(theirs) or all(theirs[content] <= since for content, since in own.items()):
                found[document] = other
                break
    return found


def _firsts(seen: Sequence[Appearance]) -> dict[tuple[str, str], str]:
    """Each content of a document, and when it was first seen."""
    found: dict[tuple[str, str], str] = {}
    for appearance in seen:
        found.setdefault((appearance.edition.period, appearance.edition.body_id), appearance.start)
    return found


def lend_times(documents: Mapping[str, Sequence[Appearance]], copies: Mapping[str, str]) -> None:
    """Let a document that was first seen in a second copy of it be known since then."""
    for copy, document in copies.items():
        first, theirs = documents[document][0], documents[copy][0]
        same = (first.edition.period, first.edition.body_id) == (theirs.edition.period, theirs.edition.body_id)
        if same and theirs.start < first.start:
            first.start, first.capture_sha256 = theirs.start, theirs.capture_sha256


def _natural_key(seen: Sequence[Appearance]) -> tuple[object, ...]:
    """Where a document stands among others of the same day."""
    return natural(seen[0].edition.document_key)


def verdicts(decisions: Sequence[Decided]) -> dict[str, list[Decided]]:
    """Edition → what people said of it, in order; at one moment the last word of the alphabet counts: reject."""
    found: dict[str, list[Decided]] = defaultdict(list)
    for decision in sorted(decisions, key=lambda d: (d.at, d.verdict)):
        found[decision.edition_id].append(decision)
    return dict(found)


def describe(checks: Iterable[Check]) -> str:
    """Checks as one line."""
    return "; ".join(f"{check.name}: {check.evidence}" for check in checks)
