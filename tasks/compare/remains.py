"""What a division leaves unsaid: further parts of promises that were found again in one row or in several.

A row that found no partner is one more part where it stands beside the others, answers a clause of the whole that
none of them says, and has the body that none of them has. Each of these is little; together they are enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tasks.compare import weights as worth
from tasks.compare.evidence import Matrix
from tasks.compare.lexicon import Vector
from tasks.compare.splits import Pieces, point, retold

# With less than this known of a row and a whole, all else cannot make it one of its parts.
_MOST_ELSE = worth.LATE_BESIDE + worth.LATE_CATEGORY + worth.LATE_UNIT + worth.LATE_CLAUSE[-1][1]
LEAST_DIVIDED, LEAST_WHOLE = -worth.LATE_DIVIDED - _MOST_ELSE, -worth.LATE_WHOLE - _MOST_ELSE
_CLAUSE = re.compile("[,;:.](?![0-9])")


@dataclass(frozen=True)
class Found:
    """A promise and the rows it was found again in, by position in the lists that were given."""

    whole: int
    parts: tuple[int, ...]
    flipped: bool  # the whole is a new row


@dataclass(frozen=True)
class Joined:
    """One more part of what was found, and the log-odds for it."""

    found: Found
    part: int
    odds: float


class Remains:
    """The further parts of what was found. `both`: splits and merges; `odds` and `kinds`: old × new."""

    def __init__(self, both: Sequence[Pieces], odds: Matrix, kinds: Mapping[str, Matrix]) -> None:
        against = (kinds["contrast"] < 0) | (kinds["renamed"] < 0)
        known = worth.LATE_PAIR * np.clip(odds, *worth.LATE_PAIR_WITHIN)
        known += worth.LATE_STATUS * kinds["status"] + worth.LATE_ANNOUNCED * kinds["announced"]
        known[against] = -np.inf
        self._both = both
        self._known = [pieces.alone * worth.LATE_ALONE + (known.T if pieces.flipped else known) for pieces in both]
        self._clauses: dict[tuple[bool, int], tuple[Vector, Vector]] = {}

    def best(self, found: Iterable[Found], alone: tuple[set[int], set[int]]) -> Joined | None:
        """The row with the most evidence for being one more part of anything. `alone`: old rows and new ones."""
        best: Joined | None = None
        left = [np.array(sorted(some), dtype=np.intp) for some in alone]
        for one in found:
            rows = left[0 if one.flipped else 1]
            least = LEAST_DIVIDED if len(one.parts) > 1 else LEAST_WHOLE
            for part in rows[self._known[one.flipped][one.whole, rows] > least].tolist():
                odds = self._odds(one, part)
                if odds > (best.odds if best else 0.0):
                    best = Joined(one, part, odds)
        return best

    def _odds(self, found: Found, part: int) -> float:
        pieces = self._both[found.flipped]
        odds = float(self._known[found.flipped][found.whole, part])
        odds += worth.LATE_DIVIDED if len(found.parts) > 1 else worth.LATE_WHOLE
        row, whole = pieces.parts.rows[part][0], pieces.wholes.rows[found.whole][0]
        others = [pieces.parts.rows[other][0] for other in found.parts]
        distance = min(abs(row.place - other.place) for other in others)
        odds += pieces.order_kept * (worth.LATE_BESIDE if distance == 1 else worth.LATE_NEAR if distance <= 3 else 0.0)
        if any(row.category == other.category for other in others):
            odds += worth.LATE_CATEGORY if row.category else 0.0
        if (whole.units & row.units).difference(*(other.units for other in others)):
            odds += worth.LATE_UNIT
        if odds + worth.LATE_CLAUSE[-1][1] <= 0:
            return odds
        if self._elsewhere(found, part):
            odds += worth.LATE_PLACE
        own, alike = retold(whole.told, [other.told for other in others], row.told)
        odds += worth.LATE_RETOLD_ALIKE if alike else worth.LATE_RETOLD if own else 0.0
        share, weight = self._unsaid(found, part)
        if weight < worth.LATE_LEAST:
            return -np.inf
        return odds + point(share * min(weight / worth.LATE_FULL, 1.0), worth.LATE_CLAUSE)

    def _elsewhere(self, found: Found, part: int) -> bool:
        """Whether a row names a town that neither the whole nor its other parts name."""
        pieces = self._both[found.flipped]
        columns = pieces.wholes.lexicon.columns["places"]
        named = pieces.parts.has[list(found.parts), columns].max(axis=0) + pieces.wholes.has[found.whole, columns]
        return bool((pieces.parts.has[part, columns] > named).any())

    def _unsaid(self, found: Found, part: int) -> tuple[float, float]:
        """Of the clause of the whole that the part answers best and the others do not: the share and the weight."""
        pieces = self._both[found.flipped]
        lexicon = pieces.wholes.lexicon
        columns, weights = lexicon.columns["parts"], lexicon.weights["parts"]
        key = found.flipped, found.whole
        if key not in self._clauses:
            text = pieces.wholes.rows[found.whole][0].told.text
            has = lexicon.parts([clause for clause in _CLAUSE.split(text) if clause]) * weights
            self._clauses[key] = has, np.maximum(has.sum(axis=1), worth.LATE_SHORT)
        has, mass = self._clauses[key]
        if not len(has):
            return 0.0, 0.0
        said = pieces.parts.has[list(found.parts), columns].max(axis=0)
        covered = has @ (pieces.parts.has[part, columns] * (1.0 - said))
        at = int(np.argmax(covered / mass))
        return float(covered[at] / mass[at]), float(covered[at])
