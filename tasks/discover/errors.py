"""Why a listing is not believed. None of these ever means that a portal has taken its documents away."""

from __future__ import annotations

from collections.abc import Sequence

from tasks.errors import JibaoError
from tasks.model import FetchResult


class ListingError(JibaoError):
    """The list of a source's documents could not be had or cannot be believed; nothing is taken for removed.

    `result` is the fetch that failed, where one did; `fetches` all that were made, for the fetch log.
    """

    remedy = "Earlier data stands. Look at the kept listing; `jibao sources check --live ID` tries it again."

    def __init__(
        self,
        reason: str,
        *,
        source: str | None = None,
        where: str | None = None,
        result: FetchResult | None = None,
        fetches: Sequence[FetchResult] = (),
    ) -> None:
        super().__init__(reason, source=source, where=where)
        self.result = result
        self.fetches = tuple(fetches)


class ListingUnavailable(ListingError):
    """A page of the list was not delivered: blocked, gone or failed, as `result.outcome` says."""

    remedy = "What came back is kept. Blocked: wait, or add a wayback source; gone: look for the column's new address."


class ListingNotRecognised(ListingError):
    """The list page is not of the shape its portal family has: a redesign, or the wrong family."""

    remedy = "Open the page: set `portal` to the family it is of now, or `listing` to where the list has gone."


class ListingEmpty(ListingError):
    """The list holds nothing although it should."""

    remedy = "An empty list is no evidence of removal. Try again later; if it stays, look for the column's new address."


class ListingIncomplete(ListingError):
    """Fewer entries could be reached than the portal declares: paging is ignored, broken or mixed up."""

    remedy = "Nothing of this reading was used. Try again later; if it stays, the portal's paging has changed."


class ListingUnstable(ListingError):
    """The list changed under each reading, so no reading of it is whole."""

    remedy = "Try again when the portal is not being edited."


class ListingEndless(ListingError):
    """The list goes on beyond `max_pages` or `max_entries`."""

    remedy = "Raise max_pages or max_entries if the column is really that long; else the portal repeats itself."


class PathUnusable(ListingError):
    """The folder or file of a `files` or `warc` source is missing or cannot be read."""

    remedy = "Correct `listing`; relative paths start at the folder of the sources file."


class WarcUnreadable(ListingError):
    """A WARC file is damaged or is none."""

    remedy = "Fetch the file again; `warcio check FILE` says where it breaks."


class ArchiveAnswerUnreadable(ListingError):
    """A web archive's index answered something that is not its format."""

    remedy = "Archives answer HTML when overloaded: try again later."
