"""A report that has moved to another address is the same document: its new address joins the old ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tasks.config import Source
from tasks.discover.urls import article_key, canonical_url
from tasks.model import Capture, DocumentRef, FetchResult, Outcome
from tasks.periods import find_period
from tasks.pipeline.job import Candidate
from tasks.pipeline.workplace import Workplace
from tasks.text import fold
from warehouse.known import KnownDocument, known_documents

_ASKED = 20  # old addresses in one run


def rejoin(
    work: Workplace, source: Source, listed: Sequence[DocumentRef], candidates: Sequence[Candidate]
) -> tuple[tuple[Candidate, ...], tuple[FetchResult, ...]]:
    """Candidates under the keys by which the warehouse knows their documents, and the fetches made to find out.

    A listed address that the warehouse has never seen is asked about at the addresses that have left the list: one of
    the same period that leads to it, or that is gone while the title is the same and says the period, is its old
    address: a title that every quarter bears alike tells nothing.
    """
    if source.is_local or source.is_archive:
        return tuple(candidates), ()
    with work.warehouse.read() as transaction:
        known = known_documents(transaction, source.stored_as)
    here = {ref.key for ref in listed}
    left = {one.key: one for one in known if one.key not in here}
    keys, owner = {one.key for one in known}, {url: one for one in left.values() for url in (one.url, *one.other_urls)}
    settled, fetches = [], list[FetchResult]()
    for candidate in candidates:
        ref = candidate.ref
        old = None
        if ref.key not in keys:
            old = next((owner[url] for url in (ref.url, *ref.other_urls) if url in owner), None)
            old = old or _asked(work, source, candidate, list(left.values()), fetches)
        if old is not None and old.key in left:
            del left[old.key]  # one document has one successor
            urls = dict.fromkeys((*ref.other_urls, old.url, *old.other_urls))
            ref = replace(ref, key=old.key, other_urls=tuple(url for url in urls if url != ref.url))
        settled.append(replace(candidate, ref=ref))
    return tuple(settled), tuple(fetches)


def landed(capture: Capture | None, ref: DocumentRef) -> tuple[str, ...]:
    """The address to which the portal has sent us on, as a further one of the document; none where it did not."""
    if capture is None or capture.via != "live":
        return ()
    try:
        url = canonical_url(capture.final_url)
    except ValueError:
        return ()
    return () if url in (ref.url, *ref.other_urls) else (url,)


def _asked(
    work: Workplace, source: Source, candidate: Candidate, left: Sequence[KnownDocument], fetches: list[FetchResult]
) -> KnownDocument | None:
    """The document among those that have left the list whose address now leads to the candidate."""
    ref = candidate.ref
    for old in left:
        same_title = bool(ref.title) and fold(old.title or "") == fold(ref.title)
        period = find_period(title=old.title).period if old.title else None
        if not same_title and (period is None or period != candidate.period):
            continue
        if len(fetches) >= _ASKED:
            return None
        result = work.fetcher.fetch(old.url, source=source, purpose="document", known=work.archive.latest(old.url))
        fetches.append(result)
        if result.outcome is Outcome.GONE and same_title and period is not None:
            return old
        if result.capture is not None and result.outcome in {Outcome.NEW, Outcome.UNCHANGED} and _leads(result, ref):
            return old
    return None


def _leads(result: FetchResult, ref: DocumentRef) -> bool:
    try:
        return result.capture is not None and article_key(result.capture.final_url) == ref.key
    except ValueError:
        return False
