"""`html-list`: any page of links, with or without a link to the next page.

Which links are entries is found by shape: an address known as an article's or a file's, or a row that prints a date.
See docs/portals/html-list.md.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.config.fields import compile_pattern
from tasks.config.options import ListOptions
from tasks.discover.asking import hint_of_family, link_base, page
from tasks.discover.errors import ListingNotRecognised
from tasks.discover.listing import believe
from tasks.discover.markup import Entry, page_entries
from tasks.discover.ports import Asking, Listing
from tasks.discover.reading import PageRead, gather
from tasks.discover.urls import canonical_url, is_article

_NEXT_TEXT = re.compile(r"\s*(?:下一?页|后一?页|下页|next(?:\s*page)?|>|›|»|＞)\s*[>›»＞]*\s*", re.I)
_TOTAL = re.compile(r"共\s*(?:有)?\s*(\d{1,7})\s*(?:条|个记录|项|篇|件)")
_PAGER_LENGTH = 200  # characters: no row of page numbers is longer
_WEEK = re.compile(r"[周日一二三四五六]\s+[日一二三四五六]\s+[一二三四五六]|星期|Mon\b", re.I)
_SCRIPTED = 300  # characters of visible text: a page with less and with scripts builds its list by script


def list_documents(asking: Asking, previously: int | None, first: tuple[str, str] | None = None) -> Listing:
    """The page's documents and those of the pages after it. `first`: text and link base of page 1, where another
    family has it already. Raises a ListingError."""
    url = asking.source.listing
    pages = _Pages(asking, url, previously, first)
    return believe(asking, gather(asking, pages, previously=previously, where=url), where=url)


class _Pages:
    """The listing and what its "next" links lead to."""

    def __init__(self, asking: Asking, url: str, previously: int | None, first: tuple[str, str] | None) -> None:
        self._asking, self._previously, self._first = asking, previously, first
        self._addresses = [url]

    def __call__(self, number: int) -> PageRead | None:
        if number > len(self._addresses):
            return None
        del self._addresses[number:]
        address = self._addresses[number - 1]
        text, base = self._read(number, address)
        options = _options(self._asking)
        entries = read_entries(text, base, options)
        if number == 1 and not entries and not self._previously:
            self._explain(text, address)
        following = next_page(text, base, options, number)
        if following is not None and not self._follow(following, entries):
            following = None
        if following is not None:
            self._addresses.append(following)
        last = following is None
        broken = "the next page is reached by script only" if last and _dead_next(text, number) else ""
        # A page of links holds other dated links too: its total never ends the reading, it is only compared at the end.
        total = read_total(text, options) if last else None
        return PageRead(tuple(entries), total, last=last, broken_off=broken, base=base)

    def _read(self, number: int, address: str) -> tuple[str, str]:
        first, self._first = self._first, None  # a second reading asks anew
        if number == 1 and first is not None:
            return first
        text, result = page(self._asking, address)
        return text, link_base(text, result)

    def _follow(self, following: str, entries: list[Entry]) -> bool:
        asked = {canonical_url(one) for one in self._addresses}
        if urlsplit(following).hostname != urlsplit(self._addresses[0]).hostname:
            self._asking.warn("next_page_elsewhere", "the link to the next page leads to another host; not followed")
            return False
        # On the last page, "next" often leads to that page itself.
        return bool(entries) and canonical_url(following) not in asked

    def _explain(self, text: str, url: str) -> None:
        tree = LexborHTMLParser(text)
        scripts = len(tree.css("script"))
        for node in tree.css("script, style"):
            node.decompose()
        shown = len(" ".join(tree.body.text(deep=True).split())) if tree.body is not None else 0
        why = "its list seems to be built by script" if scripts and shown < _SCRIPTED else "no link looks like an entry"
        raise ListingNotRecognised(
            f"{why} ({shown} characters shown, {scripts} scripts){hint_of_family(text, self._asking.source.portal)}",
            source=self._asking.source.id,
            where=url,
            result=self._asking.fetches[-1],
            fetches=self._asking.fetches,
        )


def read_entries(text: str, base: str, options: ListOptions) -> list[Entry]:
    """The entries of a page. With `item`, all links in its matches; else those that look like entries."""
    found = page_entries(text, options.item)
    pattern = compile_pattern(options.article) if options.article else None
    entries = []
    for one in found:
        if not one.href or _NEXT_TEXT.fullmatch(one.title):
            continue
        if pattern is not None:
            if pattern.search(urljoin(base, one.href)):
                entries.append(one)
        elif options.item or is_article(urljoin(base, one.href)) or (one.day and len(one.title) >= 4):
            entries.append(one)
    return entries


def read_total(text: str, options: ListOptions) -> int | None:
    """The number of entries a page declares (`共 123 条`), where it does."""
    if options.total is not None:
        node = LexborHTMLParser(text).css_first(options.total)
        number = re.search(r"\d+", node.text(deep=True)) if node is not None else None
        return int(number[0]) if number is not None else None
    totals = {int(found) for found in _TOTAL.findall(re.sub(r"<[^>]*>", "", text))}
    return totals.pop() if len(totals) == 1 else None


def next_page(text: str, base: str, options: ListOptions, number: int = 1) -> str | None:
    """The address of the page after page `number`; None on the last one."""
    tree = LexborHTMLParser(text)
    if options.next_page is not None:
        candidates = tree.css(options.next_page)
    else:
        candidates = [*tree.css("link[rel=next]"), *tree.css("a[rel=next]"), *_forward(tree, number)]
    for link in candidates:
        href = (link.attributes.get("href") or "").strip()
        if href and not _is_off(link) and not href.startswith("#") and not href.lower().startswith("javascript:"):
            try:
                return canonical_url(href, base)
            except ValueError:
                continue
    return None


def goes_on(text: str, base: str) -> bool:
    """Whether a first page leads on to a second one, by a link or by script."""
    return next_page(text, base, ListOptions()) is not None or _dead_next(text, 1)


def _forward(tree: LexborHTMLParser, number: int) -> list[LexborNode]:
    """The links that say "next page", in words, by a picture's or their own title; else the next page's number."""
    links = tree.css("a")
    said = [link for link in links if _NEXT_TEXT.fullmatch(_label(link))]
    return said or [link for link in links if _label(link) == str(number + 1) and _in_pager(link, number)]


def _label(link: LexborNode) -> str:
    """What a link says: its text, else what its picture or its title stands for."""
    text = (link.text(deep=True) or "").strip()
    if text:
        return text
    picture = link.css_first("img")
    names = [link.attributes.get("title"), link.attributes.get("aria-label")]
    names += [picture.attributes.get("alt"), picture.attributes.get("title")] if picture is not None else []
    return next((name.strip() for name in names if name and name.strip()), "")


def _in_pager(link: LexborNode, number: int) -> bool:
    """Whether a link with a number stands in a row of page numbers, this page's among them; no calendar is one."""
    row = link.parent
    while row is not None and row.tag not in ("body", "html", "-undef"):
        around = row.text(deep=True, separator=" ")
        if len(around) > _PAGER_LENGTH:
            return False
        numbers = [int(one) for one in re.findall(r"(?<![\d-])\d{1,5}(?![\d-])", around)]
        if number in numbers and number + 1 in numbers:
            return not _in_calendar(row)
        row = row.parent
    return False


def _in_calendar(row: LexborNode) -> bool:
    table: LexborNode | None = row
    while table is not None and table.tag in ("tr", "tbody", "table", "ul", "dl"):
        if _WEEK.search(table.text(deep=True, separator=" ")[: 2 * _PAGER_LENGTH]):
            return True
        table = table.parent
    return False


def _is_off(link: LexborNode) -> bool:
    return "disabled" in (link.attributes.get("class") or "") or "disabled" in link.attributes


def _dead_next(text: str, number: int) -> bool:
    """Whether a link says "next page", is not switched off, and leads nowhere without a script."""
    for link in _forward(LexborHTMLParser(text), number):
        href = (link.attributes.get("href") or "").strip().lower()
        scripted = bool(link.attributes.get("onclick")) or re.match(r"javascript:\s*(?!void|;|$)\w", href) is not None
        if scripted and not _is_off(link):
            return True
    return False


def _options(asking: Asking) -> ListOptions:
    options = asking.source.options
    return options if isinstance(options, ListOptions) else ListOptions()
