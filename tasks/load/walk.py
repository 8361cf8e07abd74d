"""Commitment ids quarter by quarter: what `tasks.compare.identify` gives for a whole year, carried on.

`identify` compares all quarters of a year anew. A load adds one quarter, and its comparison with the quarter before is
known from the changes; so the ids are walked on from the state in which the quarters before left them. The rules are
those of `identify`, and the ids equal (a property test holds them together).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tasks.compare import content_key, identify, promise_of
from tasks.model import Link, Period, Relation, Row

_OLD, _NEW = Period(2000, "Q", 1), Period(2000, "Q", 2)  # any two: only their order counts


@dataclass(frozen=True)
class Walk:
    """The commitments of the quarters so far. `last`: id → (which quarter it was last seen in, its row there).

    `last_ids`: row index → id in the newest quarter. `births`: words → how many commitments began with them.
    """

    source_id: str
    year: int
    quarters: int
    last: Mapping[str, tuple[int, Row]]
    last_ids: Mapping[int, str]
    births: Mapping[str, int]


def begin(source_id: str, period: Period, rows: Sequence[Row]) -> Walk:
    """The first known quarter of a year."""
    return _settled(Walk(source_id, period.year, 0, {}, {}, {}), rows, {})


def extend(walk: Walk, rows: Sequence[Row], links: Sequence[Link] | None = None) -> Walk:
    """The walk after one more quarter, which must be later than all of it.

    `links`: those from the quarter before to `rows`, where they are known.
    """
    newest = walk.quarters - 1
    carried = _returned(walk, rows)
    plain = links is not None and not any(link.relation in (Relation.SPLIT, Relation.MERGED) for link in links)
    if links is not None and plain and not carried:
        by_index = {row.index: name for name, (seen, row) in walk.last.items() if seen == newest}
        carried = {k.new: by_index[k.old] for k in links if k.old is not None and k.new is not None}
        pending = sorted({seen for seen, _ in walk.last.values()} - {newest}, reverse=True)
    else:
        pending = sorted({seen for seen, _ in walk.last.values()}, reverse=True)
    for seen in pending:
        free = [row for row in rows if row.index not in carried]
        if not free:
            break
        taken = set(carried.values())
        alive = {row.index: name for name, (at, row) in walk.last.items() if at == seen and name not in taken}
        if alive:
            heirs = _heirs([walk.last[name][1] for name in alive.values()], free)
            carried |= {new: alive[old] for new, old in heirs.items()}
    return _settled(walk, rows, carried)


def _settled(walk: Walk, rows: Sequence[Row], carried: Mapping[int, str]) -> Walk:
    """The walk with every row under its id; those that go on with nothing begin a commitment of their own."""
    fresh = [row for row in rows if row.index not in carried]
    births = Counter(walk.births)
    found = dict(carried)
    words = [_words(row) for row in fresh]
    if not any(births[word] for word in words):
        year = Period(walk.year)
        ids = identify({year: fresh}, source_id=walk.source_id, year=walk.year)
        found |= {index: name for (_, index), name in ids.items()}
        births.update(words)
    else:
        for word, row in sorted(zip(words, fresh, strict=True), key=lambda pair: pair[1].index):
            births[word] += 1
            found[row.index] = _nth_id(walk, row, births[word])
    last = {**walk.last, **{found[row.index]: (walk.quarters, row) for row in rows}}
    return Walk(walk.source_id, walk.year, walk.quarters + 1, last, found, births)


def _nth_id(walk: Walk, row: Row, count: int) -> str:
    """The id of the commitment that is the `count`-th to begin with the words of a row."""
    year = Period(walk.year)
    alike = [replace(row, index=n) for n in range(count)]
    return identify({year: alike}, source_id=walk.source_id, year=walk.year)[year, count - 1]


def _returned(walk: Walk, rows: Sequence[Row]) -> dict[int, str]:
    """Rows that come back in the very words of a commitment that paused, and of no other one and no other row."""
    if all(seen >= walk.quarters - 1 for seen, _ in walk.last.values()):
        return {}
    words = Counter(map(_words, rows))
    by_words: dict[str, list[str]] = {}
    for name, (_, row) in walk.last.items():
        by_words.setdefault(_words(row), []).append(name)
    found = {}
    for row in rows:
        named = by_words.get(_words(row), [])
        if words[_words(row)] == 1 and _words(row) and len(named) == 1 and walk.last[named[0]][0] < walk.quarters - 1:
            found[row.index] = named[0]
    return found


def _heirs(old: Iterable[Row], new: Iterable[Row]) -> dict[int, int]:
    """New index → old index, of the rows that go on: at most one of each side."""
    ids = identify({_OLD: list(old), _NEW: list(new)}, source_id="", year=0)
    before = {name: index for (period, index), name in ids.items() if period == _OLD}
    return {index: before[name] for (period, index), name in ids.items() if period == _NEW and name in before}


def _words(row: Row) -> str:
    return content_key(promise_of(row))
