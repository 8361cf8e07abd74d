"""One id for one commitment through the whole year, whatever order its quarters arrived in.

The ids are computed from all known quarters of a (source, year) at once, oldest first, so the order of loading has no
say. An id is made of the source, the year and the words of the promise as it was first told: a later quarter never
changes the ids of earlier ones, and an earlier quarter that arrives late changes them only where it words the
promise in another way.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tasks.compare.match import match
from tasks.compare.normalise import content_key
from tasks.compare.profiles import promise_of
from tasks.model import Link, Period, Relation, Row


def identify(quarters: Mapping[Period, Sequence[Row]], *, source_id: str, year: int) -> dict[tuple[Period, int], str]:
    """(period, row index) → commitment id, for every row of the known quarters of one source and year.

    A commitment that is missing from a quarter (or whose quarter is missing) and returns keeps its id. Of a split
    promise the part with the most of it keeps the id, the others get ids of their own; a merged row keeps the id of
    the old row that it has the most of, the others end.
    """
    ids: dict[tuple[Period, int], str] = {}
    walk = Walk(source_id, year)
    for period in sorted(quarters):
        walk = walk.extended(quarters[period])
        ids |= {(period, index): commitment_id for index, commitment_id in walk.ids.items()}
    return ids


@dataclass(frozen=True)
class Walk:
    """The commitments of a source's year as far as it was walked, oldest quarter first.

    A new quarter extends the walk by one comparison, or by none where its links with the quarter before are known;
    what was walked before is never walked again. `ids`: row index → commitment id of the newest quarter.
    """

    source_id: str
    year: int
    quarters: int = 0
    ids: Mapping[int, str] = field(default_factory=dict)
    last: Mapping[str, tuple[int, Row]] = field(default_factory=dict, repr=False)  # id → last quarter seen, its row
    births: Mapping[str, int] = field(default_factory=dict, repr=False)  # words → commitments that began with them

    def extended(self, rows: Sequence[Row], links: Sequence[Link] | None = None) -> Walk:
        """The walk after one more quarter, later than all of it.

        `links`: those of `match` from the rows of the quarter before to `rows`, where they are known.
        """
        ordered = sorted(rows, key=lambda row: row.index)
        carried = self._carried(ordered, links)
        births = dict(self.births)
        ids = {row.index: carried.get(row.index) or self._born(row, births) for row in ordered}
        last = {**self.last, **{ids[row.index]: (self.quarters, row) for row in ordered}}
        return Walk(self.source_id, self.year, self.quarters + 1, ids, last, births)

    def _born(self, row: Row, births: dict[str, int]) -> str:
        """The id of a promise first told in `row`. Those with the same words are counted in the order of the table."""
        words = _words(row)
        births[words] = births.get(words, 0) + 1
        parts = "\x1f".join((self.source_id, str(self.year), words, str(births[words])))
        return hashlib.sha256(parts.encode()).hexdigest()[:24]

    def _carried(self, rows: Sequence[Row], links: Sequence[Link] | None) -> dict[int, str]:
        """Row index → the commitment that goes on in it. Those of the last quarter first, then those that paused."""
        carried = self._returned(rows)
        if carried:
            links = None  # they were found among more rows than are left now
        by_quarter: dict[int, dict[str, Row]] = {}
        for name, (seen, row) in self.last.items():
            by_quarter.setdefault(seen, {})[name] = row
        for seen in sorted(by_quarter, reverse=True):
            free = [row for row in rows if row.index not in carried]
            if not free:
                break
            taken = set(carried.values())
            alive = {row.index: name for name, row in by_quarter[seen].items() if name not in taken}
            if links is None or seen != self.quarters - 1:
                links = match([by_quarter[seen][name] for name in alive.values()], free).links
            for link in _heirs(links):
                if link.old is not None and link.new is not None:
                    carried[link.new] = alive[link.old]
            links = None
        return carried

    def _returned(self, rows: Sequence[Row]) -> dict[int, str]:
        """Rows that come back in the very words of a commitment that paused, and of no other one and no other row."""
        if all(seen >= self.quarters - 1 for seen, _ in self.last.values()):
            return {}
        words = Counter(map(_words, rows))
        by_words: dict[str, list[str]] = {}
        for name, (_, row) in self.last.items():
            by_words.setdefault(_words(row), []).append(name)
        found = {}
        for row in rows:
            named = by_words.get(_words(row), ())
            if words[_words(row)] == 1 and _words(row) and len(named) == 1:
                seen, _ = self.last[named[0]]
                if seen < self.quarters - 1:
                    found[row.index] = named[0]
        return found


def _words(row: Row) -> str:
    return content_key(promise_of(row))


def _heirs(links: Sequence[Link]) -> list[Link]:
    """At most one link for each old and each new row: of a split or a merge the one that weighs most."""
    ranked = sorted(
        (link for link in links if link.old is not None and link.new is not None),
        key=lambda link: (
            link.relation in (Relation.SPLIT, Relation.MERGED),
            -link.share,
            link.old if link.old is not None else -1,
            link.new if link.new is not None else -1,
        ),
    )
    old_used: set[int] = set()
    new_used: set[int] = set()
    heirs = []
    for link in ranked:
        if link.old in old_used or link.new in new_used or link.old is None or link.new is None:
            continue
        old_used.add(link.old)
        new_used.add(link.new)
        heirs.append(link)
    return heirs
