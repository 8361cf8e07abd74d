"""Reading a list page by page, and believing it only when it adds up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tasks.discover.errors import ListingEmpty, ListingEndless, ListingIncomplete, ListingUnstable
from tasks.discover.markup import Entry
from tasks.discover.ports import Asking

_READINGS = 3  # one, and two more where the list moved under it
_STALE_PAGES = 2  # pages in a row that bring nothing new: the list is over


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page of a list. `total` is the number of records the page declares; `last` where it says it is the last.

    `broken_off` says why what follows cannot be asked for, where the page lets expect that something does.
    """

    entries: tuple[Entry, ...]
    total: int | None = None
    last: bool = False
    broken_off: str = ""
    base: str = ""  # where relative links start


@dataclass(frozen=True, slots=True)
class Gathered:
    """All records of a list, in order of first sight, each with the URL relative links start from."""

    entries: tuple[tuple[Entry, str], ...]
    total: int | None
    complete: bool
    goes_on: str = ""  # why the rest cannot be asked for, where no total tells how much it is


PageOf = Callable[[int], "PageRead | None"]  # 1-based; None: there is no such page


@dataclass(slots=True)
class _Pass:
    """What one reading from the first page on met."""

    pages: list[tuple[str, ...]] = field(default_factory=list)
    marks: dict[str, None] = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)
    repeated_first: bool = False
    overlap: int = 0
    twice: int = 0  # records that stand more than once on one page: no page overlaps with itself
    broken_off: str = ""

    @property
    def records(self) -> int:
        return sum(map(len, self.pages))

    @property
    def moved(self) -> bool:
        return len(set(self.totals)) > 1


def gather(asking: Asking, page_of: PageOf, *, previously: int | None, where: str) -> Gathered:
    """Read the list until it adds up.

    Raises ListingEmpty, ListingIncomplete, ListingUnstable, ListingEndless; and whatever `page_of` raises.
    """
    union: dict[str, tuple[Entry, str]] = {}
    passes: list[_Pass] = []
    for attempt in range(_READINGS):
        if attempt:
            asking.progress(f"reading the list again ({attempt + 1} of {_READINGS})")
        current = _read_once(asking, page_of, union, where=where)
        passes.append(current)
        total = current.totals[-1] if current.totals else None
        if not current.marks and not union:
            return _empty(asking, total, previously, where)
        if current.moved:
            continue
        # What an earlier reading saw of a list that has changed since does not count towards its present total.
        counted = len(current.marks) if any(one.moved for one in passes) else len(union)
        if _adds_up(current, counted + current.twice, total):
            _note(asking, passes, len(union), total)
            if current.broken_off and total is None:
                asking.warn("listing_goes_on", f"{len(union)} entries were read, and {current.broken_off}")
            beyond = current.broken_off if total is None else ""
            return Gathered(tuple(union.values()), total, complete=not beyond, goes_on=beyond)
        if current.repeated_first or current.broken_off:
            break  # reading again would bring the same page again
    return _give_up(asking, passes, union, where)


def _read_once(asking: Asking, page_of: PageOf, union: dict[str, tuple[Entry, str]], *, where: str) -> _Pass:
    source, seen = asking.source, _Pass()
    stale, number = 0, 0
    while True:
        number += 1
        if number > source.max_pages:
            raise _endless(asking, f"page {number} is beyond max_pages {source.max_pages}", where)
        page = page_of(number)
        seen.broken_off = page.broken_off if page is not None else ""
        if page is None or not page.entries:
            if page is not None and page.total is not None:
                seen.totals.append(page.total)
            break
        if page.total is not None:
            seen.totals.append(page.total)
            if page.total > source.max_entries:
                raise _endless(asking, f"{page.total} entries are declared, max_entries is {source.max_entries}", where)
        marks = tuple(entry.mark for entry in page.entries)
        fresh = [mark for mark in marks if mark not in seen.marks]
        seen.overlap += len(marks) - len(fresh) if number > 1 else 0
        same_as_first = bool(seen.pages) and set(marks) == set(seen.pages[0])
        same_as_last = bool(seen.pages) and set(marks) == set(seen.pages[-1])
        for entry in page.entries:
            union.setdefault(entry.mark, (entry, page.base))
            seen.marks[entry.mark] = None
        if len(union) > source.max_entries:
            raise _endless(asking, f"more than max_entries {source.max_entries} entries", where)
        asking.progress(f"page {number}: {len(seen.marks)} of {page.total if page.total is not None else '?'} entries")
        if same_as_first or same_as_last:
            seen.repeated_first = same_as_first
            seen.overlap -= len(marks)
            break
        seen.pages.append(marks)
        seen.twice += len(marks) - len(set(marks))
        stale = 0 if fresh else stale + 1
        if stale >= _STALE_PAGES or page.last or (page.total is not None and len(seen.marks) >= page.total):
            break
    return seen


def _adds_up(current: _Pass, counted: int, total: int | None) -> bool:
    if total is None:
        # Nothing declared: believed when it came to an end by itself.
        return not current.repeated_first or len(current.pages) > 1
    return counted >= total


def _note(asking: Asking, passes: Sequence[_Pass], seen: int, total: int | None) -> None:
    if len(passes) > 1:
        why = "it moved" if any(one.moved for one in passes) else "its pages overlapped"
        asking.warn("listing_reread", f"the list was read {len(passes)} times because {why}; {seen} entries in all")
    if total is not None and seen > total:
        asking.warn("listing_total_wrong", f"the portal declares {total} entries, {seen} were read")


def _give_up(asking: Asking, passes: Sequence[_Pass], union: dict[str, tuple[Entry, str]], where: str) -> Gathered:
    last = passes[-1]
    total = last.totals[-1] if last.totals else None
    seen = len(union)
    if all(one.moved for one in passes):
        raise ListingUnstable(
            f"the declared total moved in each of {len(passes)} readings, lately {last.totals}; {seen} entries seen",
            source=asking.source.id,
            where=where,
            fetches=asking.fetches,
        )
    settled = len(passes) > 1 and all(set(one.marks) == set(last.marks) for one in passes)
    # Pages that overlap are the same list in another order each time; or, where they never change and hold as many
    # records as are declared, entries that the list names twice.
    still = not any(one.overlap for one in passes) or (
        all(one.pages == last.pages for one in passes) and last.records == total
    )
    if settled and not last.repeated_first and still and total is not None:
        # The same entries each time, no page repeated, and the portal itself came to an end: its figure is wrong.
        asking.warn("listing_total_wrong", f"the portal declares {total} entries, {seen} could be read each time")
        return Gathered(tuple(union.values()), total, complete=False)
    why = "every page is the first page" if last.repeated_first else last.broken_off or "pages overlap and miss"
    raise ListingIncomplete(
        f"{seen} of {total if total is not None else 'an unknown number of'} entries reachable: {why}",
        source=asking.source.id,
        where=where,
        fetches=asking.fetches,
    )


def _empty(asking: Asking, total: int | None, previously: int | None, where: str) -> Gathered:
    if total or previously:
        was = f", was {previously}" if previously else ""
        declared = f", {total} declared" if total else ""
        raise ListingEmpty(
            f"listing empty{was}{declared}", source=asking.source.id, where=where, fetches=asking.fetches
        )
    asking.warn("listing_empty", f"{where} lists nothing yet")
    return Gathered((), total, complete=True)


def _endless(asking: Asking, reason: str, where: str) -> ListingEndless:
    return ListingEndless(
        f"the list does not end: {reason}", source=asking.source.id, where=where, fetches=asking.fetches
    )
