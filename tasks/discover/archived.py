"""What the three archive families share: which addresses are articles of the column, titles, revisions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from tasks.config.fields import compile_pattern
from tasks.discover.listing import title_of
from tasks.discover.markup import is_cut
from tasks.discover.ports import Asking, Listing
from tasks.discover.urls import article_key, canonical_url, is_article, url_day
from tasks.model import DocumentRef, FetchResult, Outcome

_COLUMN = re.compile(r"/col/?(?:col)?(\d+)(?:/|$)", re.I)
_LIST_PAGE = re.compile(r"/(?:index|default|list)(?:_\d+)?\.(?:s?html?|jsp|php|aspx?)$|/$|\.jsp$", re.I)
_TEXT = ("text/", "application/xhtml", "application/msword", "application/vnd", "application/pdf", "application/octet")


@dataclass(frozen=True, slots=True)
class Kept:
    """One capture of an address in an archive: `locator` finds it, `digest` tells its content from others."""

    url: str
    at: datetime
    digest: str
    locator: str
    title: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """What of an archive is wanted: the part of the web that `listing` names."""

    host: str
    prefix: str  # path below which articles stand
    article: str | None  # pattern of article addresses (RE2)


def column_of(listing: str, article: str | None) -> Column:
    """The host, folder and article pattern that a listing URL stands for.

    A Hanweb column's articles do not lie below the column: they carry its number (`/art/…/art_<column>_<id>.html`).
    """
    parts = urlsplit(listing)
    found = _COLUMN.search(parts.path)
    if found is not None and article is None:
        number = found[1]
        below = parts.path[: found.start()]
        old = rf"/art/\d{{4}}/\d{{1,2}}/\d{{1,2}}/art_{number}_\d+\.html"
        pattern = rf"{old}|/col/col{number}/art/\d{{4}}/(?:\d+/\d+/)?art_[0-9a-f]+"
        return Column(parts.netloc, f"{below}/", pattern)
    if is_article(listing):
        return Column(parts.netloc, parts.path, article)
    return Column(parts.netloc, parts.path.rpartition("/")[0] + "/", article)


def is_wanted_address(url: str, column: Column, mime: str = "") -> bool:
    """Whether an archived address can be a document of the column."""
    if mime and not mime.lower().startswith((*_TEXT, "unk", "warc/revisit")):
        return False
    path = urlsplit(url).path
    if column.article is not None:
        return bool(compile_pattern(column.article).search(url))
    return is_article(url) or not _LIST_PAGE.search(path)


def believe_archive(
    asking: Asking,
    kept: Iterable[Kept],
    *,
    body_of: Callable[[DocumentRef], FetchResult],
    known_titles: dict[str, tuple[str, date | None]],
    max_lookups: int,
) -> Listing:
    """Captures → Listing: one document for each different content of an article, oldest first.

    A title comes from the archived list, else from the article itself (`body_of`), at most `max_lookups` of them.
    """
    groups: dict[str, list[Kept]] = {}
    for one in kept:
        try:
            groups.setdefault(article_key(canonical_url(one.url)), []).append(one)
        except ValueError:
            asking.warn("entry_bad_url", f"{one.url[:80]!r} is no address")
    documents: list[tuple[datetime, DocumentRef]] = []
    unmatched, lookups, unknown = 0, 0, []
    for key, captures in groups.items():
        versions = _versions(captures)
        title, day = known_titles.get(key, (versions[-1].title or "", versions[-1].day))
        if not title or is_cut(title):
            if lookups < max_lookups:
                lookups += 1
                title = _looked_up(asking, key, versions, body_of) or title
            if not title:
                unknown.append(versions[-1].url)
                continue
        if not asking.source.wants(title):
            unmatched += 1
            continue
        others = tuple(dict.fromkeys(one.url for one in captures if one.url != versions[-1].url))
        for one in versions:
            ref = DocumentRef(
                asking.source.stored_as,
                canonical_url(one.url),
                title,
                key,
                day or url_day(one.url),
                others,
                one.locator,
            )
            documents.append((one.at, ref))
    if unknown:
        more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
        asking.warn(
            "entry_title_unknown", f"{len(unknown)} archived pages without a title: {'; '.join(unknown[:3])}{more}"
        )
    if unmatched and not documents:
        asking.warn("nothing_matched", f"none of {unmatched} archived titles is matched by {asking.source.match!r}")
    documents.sort(key=lambda pair: pair[0])
    return Listing(
        tuple(ref for _, ref in documents),
        None,
        sum(len(one) for one in groups.values()),
        tuple(asking.warnings),
        tuple(asking.fetches),
        complete=not unknown,
        unmatched=unmatched,
        skipped=len(unknown),
    )


def _versions(captures: Sequence[Kept]) -> list[Kept]:
    """The first capture of each different content, by time; a content that came back later counts again."""
    versions: list[Kept] = []
    for one in sorted(captures, key=lambda kept: kept.at):
        if not versions or one.digest != versions[-1].digest:
            versions.append(one)
    return versions


def _looked_up(
    asking: Asking, key: str, versions: Sequence[Kept], body_of: Callable[[DocumentRef], FetchResult]
) -> str | None:
    one = versions[-1]
    ref = DocumentRef(asking.source.id, canonical_url(one.url), "", key, None, (), one.locator)
    result = body_of(ref)
    asking.fetches.append(result)
    if result.outcome not in (Outcome.NEW, Outcome.UNCHANGED) or result.body is None:
        return None
    return title_of(result.body) or None


def narrowed(asking: Asking, endpoints: Sequence[str], delay: float) -> Asking:
    """The same asking with the archive's hosts as the only ones, at the archive's pace."""
    hosts = tuple(dict.fromkeys(urlsplit(endpoint).hostname or "" for endpoint in endpoints))
    source = asking.source.model_copy(update={"allow_hosts": hosts, "delay_seconds": delay, "concurrency": 1})
    return replace(asking, source=source)
