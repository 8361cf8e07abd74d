"""`trs-wcm`: static list pages `index.html`, `index_1.html` (the second page), …; a script says how many there are.

See docs/portals/trs-wcm.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from tasks.config.options import TrsOptions
from tasks.discover import html_list
from tasks.discover.asking import ask, delivered, hint_of_family, link_base, page, text_of, unavailable
from tasks.discover.errors import ListingIncomplete, ListingNotRecognised
from tasks.discover.listing import believe
from tasks.discover.markup import Entry, page_entries
from tasks.discover.ports import Asking, Listing
from tasks.discover.reading import PageRead, gather
from tasks.discover.urls import is_article
from tasks.model import Outcome

# createPageHTML(12, 0, "index", "html") or with a leading './', in single quotes, with a record count behind.
_PAGER = re.compile(
    # On some sites the element that takes the pager comes first.
    r"createPage(?:HTML)?\s*\(\s*(?:['\"][A-Za-z_#.][\w-]*['\"]\s*,\s*)?['\"]?(?P<pages>\d+)['\"]?\s*,\s*['\"]?\d+['\"]?\s*,"
    r"\s*['\"](?:\./)?(?P<name>[\w./-]+)['\"]\s*,\s*['\"]\.?(?P<end>\w+)['\"]\s*(?:,\s*['\"]?(?P<total>\d+)['\"]?)?",
    re.I,
)
_COUNT = re.compile(r"(?:countPage|pageCount|totalPage)\s*=\s*['\"]?(\d+)", re.I)
_DEFINITION = re.compile(r"function\s+createPage(?:HTML)?\s*\([^)]*\)", re.I)


@dataclass(frozen=True, slots=True)
class Pager:
    """What the first page says: how many pages, and how the others are called."""

    pages: int
    name: str = "index"
    end: str = "html"
    total: int | None = None


def list_documents(asking: Asking, previously: int | None) -> Listing:
    """The column's documents. Raises a ListingError."""
    url = asking.source.listing
    text, result = page(asking, url)
    pager, entries = read_pager(text, url), read_entries(text)
    if not entries and pager is None and not previously:
        raise ListingNotRecognised(
            f"{len(text)} characters with no article link and no pager{hint_of_family(text, asking.source.portal)}",
            source=asking.source.id,
            where=url,
            result=result,
            fetches=asking.fetches,
        )
    base = link_base(text, result)
    if pager is None and html_list.goes_on(text, base):
        # No script counts the pages, but the page links to the next one.
        return html_list.list_documents(asking, previously, first=(text, base))
    pages = _Pages(asking, pager or Pager(1), entries, base)
    gathered = gather(asking, pages, previously=previously, where=url)
    if pager is None:
        asking.warn("listing_without_total", f"{url} does not say how many pages it has; one was read")
    return believe(asking, gathered, where=url)


def read_pager(text: str, url: str) -> Pager | None:
    """The pager's call in a page's scripts, its definition aside; None where there is none."""
    found = _PAGER.search(_DEFINITION.sub("", text))
    if found is not None:
        total = int(found["total"]) if found["total"] else None
        return Pager(max(1, int(found["pages"])), found["name"], found["end"], total)
    count = _COUNT.search(text)
    if count is None:
        return None
    end = urlsplit(url).path.rpartition(".")[2]
    return Pager(max(1, int(count[1])), end=end if end in ("html", "shtml", "htm") else "html")


def read_entries(text: str) -> tuple[Entry, ...]:
    """Links that are articles by their address, or that stand in a dated row."""
    return tuple(one for one in page_entries(text) if one.href and (is_article(one.href) or one.day))


class _Pages:
    """`index.html`, then `index_N`: N of the second page is 1, on a few sites 2."""

    def __init__(self, asking: Asking, pager: Pager, first: tuple[Entry, ...], base: str) -> None:
        self._asking, self._pager, self._first, self._base = asking, pager, first, base
        options = asking.source.options
        self._offset = options.first_page if isinstance(options, TrsOptions) else None
        self._again = False

    def __call__(self, number: int) -> PageRead | None:
        pages = self._pager.pages
        if number > pages:
            return None
        if number == 1:
            if self._again:
                self._first = read_entries(page(self._asking, self._asking.source.listing)[0])
            self._again = True
            return PageRead(self._first, self._total(1), last=pages == 1, base=self._base)
        entries = self._page(number)
        if not entries:
            return self._missing(number)
        return PageRead(entries, self._total(number), last=number == pages, base=self._base)

    def _total(self, number: int) -> int | None:
        # Whole pages hold other dated links too: a total never ends the reading, it is only compared at the end.
        return self._pager.total if number == self._pager.pages else None

    def _page(self, number: int) -> tuple[Entry, ...] | None:
        """The entries of a page; None where it is not there. Finds out from which N on the site counts."""
        offsets = (self._offset,) if self._offset is not None else (1, 2)
        for offset in offsets:
            address = urljoin(self._base, f"{self._pager.name}_{number - 2 + offset}.{self._pager.end}")
            result = ask(self._asking, address)
            if result.outcome in (Outcome.GONE, Outcome.NOT_PUBLISHED) and offset != offsets[-1]:
                continue
            if result.outcome in (Outcome.GONE, Outcome.NOT_PUBLISHED):
                return None
            if not delivered(result):
                raise unavailable(self._asking, result)
            entries = read_entries(text_of(self._asking, result))
            if self._offset is None and set(entries) == set(self._first) and offset != offsets[-1]:
                continue  # index_1 is the first page once more
            self._offset = offset
            return entries
        return None

    def _missing(self, number: int) -> PageRead | None:
        """A declared page that holds nothing: the end if it is the last one, else a defect."""
        pages = self._pager.pages
        if number == pages:
            self._asking.warn("listing_total_wrong", f"{pages} pages are declared, page {number} holds no entry")
            return None
        raise ListingIncomplete(
            f"page {number} of {pages} holds no entry",
            source=self._asking.source.id,
            where=self._asking.fetches[-1].url,
            result=self._asking.fetches[-1],
            fetches=self._asking.fetches,
        )
