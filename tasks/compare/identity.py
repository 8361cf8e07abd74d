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
from dataclasses import dataclass

from tasks.compare.match import match
from tasks.compare.normalise import content_key
from tasks.compare.profiles import promise_of
from tasks.model import Link, Period, Relation, Row


@dataclass
class _Chain:
    """One commitment: its id and the row in which it was last seen."""

    commitment_id: str
    last: Row
    last_seen: int  # which quarter, counted from the first known one


def identify(quarters: Mapping[Period, Sequence[Row]], *, source_id: str, year: int) -> dict[tuple[Period, int], str]:
    """(period, row index) → commitment id, for every row of the known quarters of one source and year.

    A commitment that is missing from a quarter (or whose quarter is missing) and returns keeps its id. Of a split
    promise the part with the most of it keeps the id, the others get ids of their own; a merged row keeps the id of
    the old row that it has the most of, the others end.
    """
    ids: dict[tuple[Period, int], str] = {}
    chains: list[_Chain] = []
    births: dict[str, int] = {}
    for at, period in enumerate(sorted(quarters)):
        rows = sorted(quarters[period], key=lambda row: row.index)
        carried = _carry(chains, rows, at)
        for row in rows:
            chain = carried.get(row.index)
            if chain is None:
                chain = _Chain(_new_id(source_id, year, row, births), row, at)
                chains.append(chain)
            chain.last, chain.last_seen = row, at
            ids[period, row.index] = chain.commitment_id
    return ids


def _new_id(source_id: str, year: int, row: Row, births: dict[str, int]) -> str:
    """The id of a promise first told in `row`. Promises with the same words are counted in the order of the table."""
    words = content_key(promise_of(row))
    births[words] = births.get(words, 0) + 1
    parts = "\x1f".join((source_id, str(year), words, str(births[words])))
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


def _carry(chains: Sequence[_Chain], rows: Sequence[Row], at: int) -> dict[int, _Chain]:
    """Row index → the chain that goes on in it. The chains of the last quarter first, then those that paused."""
    carried = _returned(chains, rows, at)
    for seen in sorted({chain.last_seen for chain in chains}, reverse=True):
        taken = {chain.commitment_id for chain in carried.values()}
        alive = {c.last.index: c for c in chains if c.last_seen == seen and c.commitment_id not in taken}
        free = [row for row in rows if row.index not in carried]
        if not free:
            break
        for link in _heirs(match([chain.last for chain in alive.values()], free).links):
            if link.old is not None and link.new is not None:
                carried[link.new] = alive[link.old]
    return carried


def _returned(chains: Sequence[_Chain], rows: Sequence[Row], at: int) -> dict[int, _Chain]:
    """Rows that come back in the very words of a chain that paused, and of no other chain and no other row."""
    words = Counter(content_key(promise_of(row)) for row in rows)
    by_words: dict[str, list[_Chain]] = {}
    for chain in chains:
        by_words.setdefault(content_key(promise_of(chain.last)), []).append(chain)
    found = {}
    for row in rows:
        key = content_key(promise_of(row))
        if key and words[key] == 1 and len(by_words.get(key, ())) == 1 and by_words[key][0].last_seen < at - 1:
            found[row.index] = by_words[key][0]
    return found


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
