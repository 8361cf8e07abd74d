"""Asking for one page of a list, and turning every answer that is no page into an error that says so."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from tasks.discover.errors import ListingUnavailable
from tasks.discover.freshness import full_read_due
from tasks.discover.markup import decoded
from tasks.discover.ports import Asking
from tasks.discover.urls import canonical_url
from tasks.model import FetchResult, Outcome

_MARKS = (
    ("hanweb-jpaas", re.compile(r"unitbuild\.js|jpaas-publish-server", re.I)),
    ("hanweb-jcms", re.compile(r"dataproxy\.jsp|<datastore\b", re.I)),
    ("gkmlpt", re.compile(r"/gkmlpt/|window\._CONFIG\b")),
    ("trs-wcm", re.compile(r"createPageHTML\s*\(|/t20\d{6}_\d+\.s?html?")),
)
_BASE = re.compile(r"""<base\b[^<>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.I)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_HEAD = 20_000  # characters in which a `<base>` is looked for
_QUERY = re.compile(r"""(\bhref\s*=\s*["']?[^"'<>\s?]*\?)([^"'<>\s]*[^\x00-\x7f][^"'<>\s]*)""", re.I)
_PRINTABLE = "".join(map(chr, range(33, 127)))
_GOOD = (Outcome.NEW, Outcome.UNCHANGED)


def ask(
    asking: Asking,
    url: str,
    *,
    method: str = "GET",
    data: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> FetchResult:
    """One request of the listing, recorded in `asking.fetches`; the outcome may be anything."""
    asking.progress(f"{method} {url}")
    source, known = asking.source, None
    if method == "GET" and data is None and asking.archive is not None:
        known = asking.archive.latest(url, source_id=source.id)
    result = asking.fetcher.fetch(
        url,
        source=source,
        method=method,
        data=data,
        headers=headers,
        purpose="listing",
        known=known,
        full=asking.full or full_read_due(source, known, listing=True),
    )
    if result.body is None and result.outcome is Outcome.UNCHANGED and known is not None and asking.archive is not None:
        result = replace(result, body=asking.archive.read(known.sha256))
    asking.fetches.append(result)
    return result


def delivered(result: FetchResult) -> bool:
    """Whether a page came back."""
    return result.outcome in _GOOD and result.body is not None


def page(asking: Asking, url: str, *, headers: Mapping[str, str] | None = None) -> tuple[str, FetchResult]:
    """GET a page that must be there: its text and the fetch. Raises ListingUnavailable carrying the fetch."""
    result = ask(asking, url, headers=headers)
    return text_of(asking, result), result


def text_of(asking: Asking, result: FetchResult) -> str:
    """The text of a delivered page. Raises ListingUnavailable where none was delivered."""
    if not delivered(result) or result.body is None:
        raise unavailable(asking, result)
    text, encoding = decoded(result.body)
    if not encoding:
        asking.warn("listing_damaged", f"{result.url} is neither UTF-8 nor GB18030; damaged characters are shown as �")
    return in_its_encoding(text, encoding) if encoding == "gb18030" else text


def unavailable(asking: Asking, result: FetchResult) -> ListingUnavailable:
    """The error for a fetch that brought no page."""
    status = f" (status {result.http_status})" if result.http_status is not None else ""
    return ListingUnavailable(
        f"the list was not delivered: {result.outcome.value}{status} {result.detail}".rstrip(),
        source=asking.source.id,
        where=result.url,
        result=result,
        fetches=asking.fetches,
    )


def hint_of_family(text: str, own: str) -> str:
    """What else a page that was not recognised looks like: `; it looks like hanweb-jpaas`, or nothing."""
    for family, mark in _MARKS:
        if family != own and mark.search(text):
            return f"; it looks like {family}"
    return ""


def link_base(text: str, result: FetchResult) -> str:
    """Where relative links of a page start: at its `<base href>`, else at its own address."""
    own = final_url(result)
    named = _BASE.search(_COMMENT.sub("", text[:_HEAD]))
    if named is None:
        return own
    try:
        return canonical_url(html.unescape(named[1] or named[2] or named[3]), own)
    except ValueError:
        return own


def in_its_encoding(text: str, encoding: str) -> str:
    """A page's links with the Chinese of their queries escaped as browsers send it: in the page's own encoding."""
    return _QUERY.sub(
        lambda found: found[1] + quote(found[2], safe=_PRINTABLE, encoding=encoding, errors="replace"), text
    )


def final_url(result: FetchResult) -> str:
    """Where relative links of a page start."""
    return result.capture.final_url if result.capture is not None and result.capture.final_url else result.url
