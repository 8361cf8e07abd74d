"""Which module speaks for which portal family, and the two questions they answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tasks.config import Source
from tasks.discover import files, hanweb_jcms
from tasks.discover.errors import ListingError
from tasks.discover.ports import Asking, Fetching, Keeping, Listing, Progress
from tasks.model import Capture, DocumentRef, FetchResult


@dataclass(frozen=True, slots=True)
class Family:
    """How a family lists, and how it fetches a document where that is no plain GET."""

    list_documents: Callable[[Asking, int | None], Listing]
    fetch_document: Callable[[Asking, DocumentRef], FetchResult] | None = None


FAMILIES: dict[str, Family] = {
    "hanweb-jcms": Family(hanweb_jcms.list_documents),
    "files": Family(files.list_documents, files.fetch_document),
}


def discover(
    source: Source,
    fetcher: Fetching,
    *,
    archive: Keeping | None = None,
    previously: int | None = None,
    on_progress: Progress | None = None,
) -> Listing:
    """A source's documents, by its portal's protocol.

    `previously` is `Listing.seen` of the last believed listing: an empty list that used to be full is an error.
    Raises ListingError (source, URL and every fetch made on it); never returns a listing that does not add up.
    """
    asking = Asking(source, fetcher, archive, on_progress, [], [])
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
