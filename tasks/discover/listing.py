"""From records to documents: what is skipped, what is the same, what is wanted, what its day is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from tasks.config.fields import is_private_host, normal_host
from tasks.discover.asking import delivered
from tasks.discover.errors import ListingNotRecognised
from tasks.discover.markup import Entry, clean_title, decode, is_cut, parse_day, real_day
from tasks.discover.ports import Asking, Listing
from tasks.discover.reading import Gathered
from tasks.discover.urls import article_key, canonical_url, same_place, url_day
from tasks.model import DocumentRef
from tasks.text import fold

_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):(?!\d)")
_TITLE_LOOKUPS = 40  # articles fetched for the sake of a title that the list has cut
_HEADINGS = ("meta[name=ArticleTitle i]", "meta[property='og:title']")
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Found:
    """An article on its way to becoming a document."""

    url: str
    key: str
    title: str
    day: date | None
    others: tuple[str, ...] = ()


def believe(asking: Asking, gathered: Gathered, *, where: str, articles_only: bool = False) -> Listing:
    """Records → Listing. Everything left out is counted and warned of.

    Raises ListingNotRecognised where records were read and none of them is a link.
    """
    skipped: Counter[str] = Counter()
    found = _articles(asking, gathered.entries, skipped)
    if gathered.entries and not found and not articles_only:
        raise ListingNotRecognised(
            f"{len(gathered.entries)} records and no link to an article of this portal among them",
            source=asking.source.id,
            where=where,
            fetches=asking.fetches,
        )
    for why, count in sorted(skipped.items()):
        asking.warn(why, f"{count} of {len(gathered.entries)} records left out: {_WHY[why]}")
    merged = _same_title_same_day(asking, found)
    wanted, unmatched = _wanted(asking, merged)
    return Listing(
        documents=tuple(_document(asking, one) for one in wanted),
        declared_total=gathered.total,
        seen=len(gathered.entries),
        warnings=tuple(asking.warnings),
        fetches=tuple(asking.fetches),
        complete=gathered.complete,
        unmatched=unmatched,
        skipped=sum(skipped.values()),
        goes_on=gathered.goes_on,
    )


_WHY = {
    "entry_without_link": "no link in the record",
    "entry_other_host": "the link leads to a host that is not the source's",
    "entry_other_scheme": "the link is no http or https address",
    "entry_bad_url": "the link is no address at all",
}


def allowed(asking: Asking, url: str) -> bool:
    """Whether a URL is on the source's hosts; on a private host also on the listing's port or one that is allowed."""
    source = asking.source
    parts = urlsplit(url)
    host = normal_host(parts.hostname or "")
    if host not in source.allow_hosts:
        return False
    port = parts.port or (443 if parts.scheme == "https" else 80)
    own = same_place(url, source.listing) or port in source.private_ports
    return own or not is_private_host(host) or source.is_archive


def _articles(asking: Asking, entries: Iterable[tuple[Entry, str]], skipped: Counter[str]) -> list[Found]:
    found: dict[str, Found] = {}
    bad_days: list[str] = []
    future: list[str] = []
    today = datetime.now(UTC).astimezone(asking.source.zone).date()
    for entry, base in entries:
        url = _url(asking, entry, base, skipped)
        if url is None:
            continue
        day, trouble = _day(entry, url, today)
        label = f"{entry.title or url} ({entry.day})"
        if trouble == "future":
            future.append(label)
        elif trouble == "bad":
            bad_days.append(label)
        one = Found(url, article_key(url), clean_title(entry.title), day)
        twin = found.get(one.key)
        found[one.key] = one if twin is None else _merge(twin, one)
    if future:
        asking.warn("entry_date_in_future", f"{len(future)} dates lie in the future and are not used: {_some(future)}")
    if bad_days:
        asking.warn("entry_date_unreadable", f"{len(bad_days)} dates cannot be read: {_some(bad_days)}")
    return list(found.values())


def _url(asking: Asking, entry: Entry, base: str, skipped: Counter[str]) -> str | None:
    href = entry.href.strip()
    if not href or href.startswith("#"):
        skipped["entry_without_link"] += 1
        return None
    scheme = _SCHEME.match(href)
    if scheme is not None and scheme[1].lower() not in ("http", "https"):
        skipped["entry_other_scheme"] += 1
        return None
    try:
        url = canonical_url(href, base)
        inside = allowed(asking, url)
    except ValueError:
        skipped["entry_bad_url"] += 1
        return None
    if not inside:
        skipped["entry_other_host"] += 1
        return None
    return url


def _day(entry: Entry, url: str, today: date) -> tuple[date | None, str]:
    """The day on which an entry was put up, and what is wrong with the printed one: '', 'bad' or 'future'."""
    from_url = url_day(url)
    printed = parse_day(entry.day) if entry.day else None
    if printed is None:
        return _past(from_url, today), "bad" if entry.day else ""
    year, month, number = printed
    if year is None:
        # `10-29`: the year is that of the URL, else unknown; never that of the run.
        if from_url is None:
            return None, "bad"
        year = from_url.year
    day = real_day(year, month, number)
    if day is None or day.year < 1990:
        return _past(from_url, today), "bad"
    if day > today + timedelta(days=1):
        return _past(from_url, today), "future"
    return day, ""


def _past(day: date | None, today: date) -> date | None:
    return day if day is not None and day <= today + timedelta(days=1) else None


def _merge(first: Found, second: Found) -> Found:
    """Two records of one article: the first one's place in the order, the better URL, title and day of both."""
    urls = dict.fromkeys((first.url, *first.others, second.url, *second.others))
    best = min(urls, key=lambda url: ("?" in url, bool(re.search(r"_(?:wap|m|mobile)\.\w+$", url))))
    titles = [title for title in (first.title, second.title) if title]
    whole = [title for title in titles if not is_cut(title)]
    days = [day for day in (first.day, second.day) if day is not None]
    return Found(
        best,
        first.key,
        max(whole or titles or [""], key=len),
        min(days) if days else None,
        tuple(url for url in urls if url != best),
    )


def _same_title_same_day(asking: Asking, found: list[Found]) -> list[Found]:
    """A page that moved stands in the list under its old and its new address: one document, both URLs kept."""
    kept: dict[tuple[str, date | str], Found] = {}
    for one in found:
        mark = (fold(one.title), one.day if one.day is not None and not is_cut(one.title) and one.title else one.key)
        twin = kept.get(mark)
        if twin is None:
            kept[mark] = one
            continue
        asking.warn("entry_twice", f"{one.title!r} of {one.day} stands under {twin.url} and under {one.url}")
        kept[mark] = replace(twin, others=(*twin.others, one.url, *one.others))
    return list(kept.values())


def _wanted(asking: Asking, found: list[Found]) -> tuple[list[Found], int]:
    source, wanted, unmatched, lookups, unknown = asking.source, [], [], 0, []
    for one in found:
        named = one
        if is_cut(one.title) or not one.title:
            # The words that `match` looks for may stand in what the list has cut off.
            whole, asked = _whole_title(asking, one, allowed=lookups < _TITLE_LOOKUPS)
            lookups += asked
            named = one if whole is None else replace(one, title=whole)
            if whole is None and not source.wants(one.title):
                unknown.append(one.title or one.url)
                continue
        if source.wants(named.title):
            wanted.append(named)
        else:
            unmatched.append(named.title)
    if unknown:
        asking.warn(
            "entry_title_unknown", f"{len(unknown)} titles are cut and could not be completed: {_some(unknown)}"
        )
    if unmatched and not wanted:
        asking.warn(
            "nothing_matched",
            f"none of {len(unmatched)} titles is matched by {source.match!r}; the first: {_some(unmatched)}",
        )
    return wanted, len(unmatched)


def _whole_title(asking: Asking, one: Found, *, allowed: bool) -> tuple[str | None, int]:
    """The article's own title, from its newest capture or from the article; (None, …) where neither helps."""
    body: bytes | None = None
    asked = 0
    if asking.archive is not None:
        capture = asking.archive.latest(one.url)
        if capture is not None and capture.status == 200:
            body = asking.archive.read(capture.sha256)
    if body is None and allowed:
        asking.progress(f"GET {one.url} for its whole title")
        result = asking.fetcher.fetch(one.url, source=asking.source, purpose="listing")
        asking.fetches.append(result)
        body, asked = result.body if delivered(result) else None, 1
    title = title_of(body) if body is not None else None
    stem = fold(one.title.rstrip(".…。 "))
    # A page whose title does not begin as the list says is not the article (a home page, an error page).
    return (title, asked) if title is not None and fold(title).startswith(stem) else (None, asked)


def title_of(body: bytes) -> str | None:
    """The title an article page gives itself: meta tag, heading, head title; None where it has none."""
    text, _ = decode(body[:400_000])
    tree = LexborHTMLParser(text)
    for selector in _HEADINGS:
        node = tree.css_first(selector)
        title = clean_title((node.attributes.get("content") or "") if node is not None else "")
        if title and not is_cut(title):
            return title
    for selector in ("h1", "title"):
        node = tree.css_first(selector)
        title = clean_title(node.text(deep=True)) if node is not None else ""
        if title and not is_cut(title):
            return title
    return None


def _document(asking: Asking, one: Found) -> DocumentRef:
    return DocumentRef(asking.source.id, one.url, one.title, one.key, one.day, one.others)


def _some(labels: list[str]) -> str:
    more = f" and {len(labels) - _EXAMPLES} more" if len(labels) > _EXAMPLES else ""
    return "; ".join(label[:80] for label in labels[:_EXAMPLES]) + more
