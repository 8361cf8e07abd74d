"""One source tried against its live portal, without a warehouse: what it lists, and whether its newest report reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tasks.archive import Archive
from tasks.config import Source
from tasks.discover import Fetching, ListingError, discover, fetch_document
from tasks.errors import JibaoError
from tasks.model import Outcome
from tasks.periods import find_period
from tasks.pipeline.acquire import acquire, hints_for
from tasks.pipeline.process import attachments_by

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Trial:
    """`good`: the listing is believed and its newest report was read."""

    lines: tuple[str, ...]
    good: bool


def try_source(source: Source, fetcher: Fetching, archive: Archive, say: Callable[[str], None]) -> Trial:
    """List, then fetch and read the newest listed report. Expected failures are lines, not exceptions."""
    try:
        listing = discover(source, fetcher, archive=archive, on_progress=say)
    except ListingError as error:
        return Trial((f"listing: {error}",), good=False)
    total = "" if listing.declared_total is None else f" of {listing.declared_total} declared"
    lines = [
        f"listing: {listing.seen} entries{total}, {len(listing.documents)} wanted, "
        f"{listing.unmatched} with other titles, {listing.skipped} left out"
    ]
    lines += [f"warning {warn.code}: {warn.message}" for warn in listing.warnings]
    for ref in listing.documents[:_SHOWN]:
        period = find_period(title=ref.title).period
        lines.append(f"  {period or '?'}\t{ref.listed_on or '?'}\t{ref.title}\t{ref.url}")
    if not listing.documents:
        return Trial((*lines, "no title matches: look at `match`, or the portal has published nothing"), good=False)

    newest = listing.documents[0]
    try:
        page = fetch_document(source, newest, fetcher, archive=archive)
        if page.outcome not in {Outcome.NEW, Outcome.UNCHANGED}:
            return Trial((*lines, f"document: {page.outcome} {page.detail}"), good=False)
        got = acquire(
            page,
            hints=hints_for(source, title=newest.title),
            fetch_attachment=attachments_by(fetcher, archive, source, newest) if source.follow_attachments else None,
            kept=archive.read,
        )
    except JibaoError as error:
        return Trial((*lines, f"document: {error.at(source=source.id, where=newest.url)}"), good=False)
    report = got.report
    lines.append(
        f"document: {report.meta.period or 'period unknown'} {report.meta.kind or ''} {report.meta.title}: "
        f"{len(report.rows)} rows, {len(report.sections)} sections, {len(got.observations)} observations"
    )
    lines += [f"warning {warn.code}: {warn.message}" for warn in report.warnings]
    return Trial(tuple(lines), good=True)
