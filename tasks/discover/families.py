"""Which module speaks for which portal family, and the two questions they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from tasks.config import Source
from tasks.discover import (
    common_crawl,
    files,
    gkmlpt,
    hanweb_jcms,
    hanweb_jpaas,
    html_list,
    trs_wcm,
    warc,
    wayback,
)
from tasks.discover.errors import ListingError
from tasks.discover.ports import Asking, Fetching, Keeping, Listing, Progress
from tasks.model import Capture, DocumentRef, FetchResult, Outcome


@dataclass(frozen=True, slots=True)
class Family:
    """How a family lists, and how it fetches a document where that is no plain GET."""

    list_documents: Callable[[Asking, int | None], Listing]
    fetch_document: Callable[..., FetchResult] | None = None  # (asking, ref, purpose=, title=)
    find_attachment: Callable[[Asking, DocumentRef, str], str | None] | None = None  # its locator


FAMILIES: dict[str, Family] = {
    "hanweb-jcms": Family(hanweb_jcms.list_documents),
    "hanweb-jpaas": Family(hanweb_jpaas.list_documents),
    "trs-wcm": Family(trs_wcm.list_documents),
    "gkmlpt": Family(gkmlpt.list_documents),
    "html-list": Family(html_list.list_documents),
    "files": Family(files.list_documents, files.fetch_document),
    "warc": Family(warc.list_documents, warc.fetch_document),
    "wayback": Family(wayback.list_documents, wayback.fetch_document, lambda _asking, ref, _url: ref.locator),
    "common-crawl": Family(common_crawl.list_documents, common_crawl.fetch_document, common_crawl.find_attachment),
}


def discover(
    source: Source,
    fetcher: Fetching,
    *,
    archive: Keeping | None = None,
    previously: int | None = None,
    on_progress: Progress | None = None,
    full: bool = False,
) -> Listing:
    """A source's documents, by its portal's protocol.

    `previously` is `Listing.seen` of the last believed listing: an empty list that used to be full is an error.
    `full`: list pages are asked for whole, not on condition. Raises ListingError (source, URL
    and every fetch made on it); never returns a listing that does not add up.
    """
    asking = Asking(source, fetcher, archive, on_progress, [], [], full)
    try:
        return FAMILIES[source.portal].list_documents(asking, previously)
    except ListingError as error:
        error.fetches = tuple(asking.fetches)
        raise error.at(source=source.id, where=source.listing) from None


def fetch_document(
    source: Source,
    ref: DocumentRef,
    fetcher: Fetching,
    *,
    archive: Keeping | None = None,
    known: Capture | None = None,
    full: bool = False,
) -> FetchResult:
    """One listed document: a plain GET, or the family's own way (a file, a WARC record, an archive's replay).

    The result's capture carries `via` and, for archives, the archive's own time. `known` and `full` are the
    Fetcher's: conditional request, or a full re-read.
    """
    own = FAMILIES[source.portal].fetch_document
    if own is not None:
        return own(Asking(source, fetcher, archive, None, [], []), ref)
    return fetcher.fetch(ref.url, source=source, purpose="document", known=known, full=full)


def fetch_attachment(
    source: Source,
    ref: DocumentRef,
    url: str,
    fetcher: Fetching,
    *,
    archive: Keeping | None = None,
    known: Capture | None = None,
    full: bool = False,
    title: str = "",
) -> FetchResult:
    """A file that the document `ref` links to, from where the document itself came: portal, folder or archive.

    `title` is the link's text. An archive's attachment is its capture nearest to the document's, with its own time.
    """
    family = FAMILIES[source.portal]
    if family.fetch_document is None:
        return fetcher.fetch(url, source=source, purpose="attachment", known=known, full=full, title=title)
    asking = Asking(source, fetcher, archive, None, [], [])
    locator: str | None = ""
    if family.find_attachment is not None:
        try:
            locator = family.find_attachment(asking, ref, url)
        except ListingError as error:
            outcome = error.result.outcome if error.result is not None else Outcome.FAILED
            outcome = outcome if outcome is Outcome.BLOCKED else Outcome.FAILED
            return FetchResult(url, outcome, datetime.now(UTC), detail=f"{error.code}: {error.reason}")
    if locator is None:
        return FetchResult(url, Outcome.FAILED, datetime.now(UTC), detail="NotArchived: the archive has no copy of it")
    part = DocumentRef(source.id, url, title, url, None, (), locator)
    return family.fetch_document(asking, part, purpose="attachment", title=title)
