"""`warc`: the responses in a WARC file, or in all WARC files of a folder. A document's time is its record's.

See docs/portals/warc.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tasks.discover.archived import Kept, believe_archive, column_of, is_wanted_address
from tasks.discover.errors import ListingEmpty, ListingEndless, PathUnusable, WarcUnreadable
from tasks.discover.keeping import keep, kept_capture
from tasks.discover.listing import title_of
from tasks.discover.ports import Asking, Listing
from tasks.discover.records import Archived, RecordUnreadable, read_records
from tasks.discover.urls import article_key, canonical_url, is_article
from tasks.model import DocumentRef, FetchResult, Outcome

_SUFFIXES = (".warc", ".warc.gz")
_PAGES = ("text/html", "application/xhtml+xml", "")


def list_documents(asking: Asking, previously: int | None) -> Listing:
    """The pages of the file whose titles the source wants. Raises PathUnusable, WarcUnreadable, ListingEmpty."""
    column = column_of("http://any/", None)
    kept: list[Kept] = []
    revisits = others = 0
    for path, record in _records(asking):
        hosts = asking.source.allow_hosts
        if record.kind == "revisit":
            revisits += 1
            continue
        if record.status != 200 or (hosts and not _on(record.url, hosts)):
            others += 1
            continue
        page = record.content_type in _PAGES
        if not is_wanted_address(record.url, column, record.content_type) or not (page or asking.source.match):
            others += 1
            continue
        # With no pattern to choose by, a page counts by its address alone.
        if not asking.source.match and not is_article(record.url):
            others += 1
            continue
        title = title_of(record.body) if page else None
        if title is None:
            others += 1
            continue
        digest = hashlib.sha256(record.body).hexdigest()
        kept.append(Kept(record.url, record.at, digest, f"{_name(asking, path)}#{record.offset}", title))
        if len(kept) > asking.source.max_entries:
            raise ListingEndless(f"more than max_entries {asking.source.max_entries} pages", where=str(path))
    if revisits:
        asking.warn("warc_revisits", f"{revisits} revisit records have no body of their own and are left out")
    if others:
        asking.warn("warc_others", f"{others} records are no pages of the source and are left out")
    if not kept and previously:
        raise ListingEmpty(f"no page in the file, was {previously}", where=str(asking.source.path))
    if not kept:
        asking.warn("listing_empty", f"{asking.source.path} holds no page of the source")
    return believe_archive(
        asking, kept, body_of=lambda ref: fetch_document(asking, ref), known_titles={}, max_lookups=0
    )


def fetch_document(asking: Asking, ref: DocumentRef, *, purpose: str = "document", title: str = "") -> FetchResult:
    """One record by its place in the file; an attachment by its address, the capture nearest in time."""
    now = datetime.now(UTC)
    try:
        found = _find(asking, ref)
    except (PathUnusable, WarcUnreadable) as error:
        return FetchResult(ref.url, Outcome.FAILED, now, detail=f"{error.code}: {error.where}: {error.reason}")
    if found is None:
        return FetchResult(ref.url, Outcome.FAILED, now, detail="NotInWarc: the file holds no such record")
    if found.truncated:
        return FetchResult(
            ref.url, Outcome.FAILED, now, 200, f"RecordTruncated: cut by the archive ({found.truncated})"
        )
    known = kept_capture(asking, ref, "warc", found.at)
    if known is not None and asking.archive is not None and known.size == len(found.body):
        return FetchResult(ref.url, Outcome.UNCHANGED, now, known.status, "", known, found.body)
    return keep(
        asking, ref, found.body, headers=found.headers, captured_at=found.at, via="warc", title=title, purpose=purpose
    )


def _find(asking: Asking, ref: DocumentRef) -> Archived | None:
    name, _, place = ref.locator.partition("#")
    for path in _paths(asking):
        if _name(asking, path) == name and place.isdigit():
            with path.open("rb") as stream:
                stream.seek(int(place))
                try:
                    return next(read_records(stream, max_body=asking.source.max_bytes), None)
                except RecordUnreadable as error:
                    raise WarcUnreadable(str(error), where=str(path)) from error
    wanted = article_key(ref.url)
    found: Archived | None = None
    for _, record in _records(asking):
        if record.status == 200 and record.kind == "response" and _key(record.url) == wanted:
            found = record
    return found


def _records(asking: Asking) -> Iterator[tuple[Path, Archived]]:
    for path in _paths(asking):
        try:
            with path.open("rb") as stream:
                count = 0
                for record in read_records(stream, max_body=asking.source.max_bytes):
                    count += 1
                    yield path, record
        except RecordUnreadable as error:
            raise WarcUnreadable(f"after {count} responses: {error}", where=str(path)) from error
        except OSError as error:
            raise PathUnusable(f"cannot be read: {error.strerror or error}", where=str(path)) from error


def _paths(asking: Asking) -> list[Path]:
    place = asking.source.path
    if not place.exists():
        raise PathUnusable("the file does not exist", source=asking.source.id, where=str(place))
    if place.is_file():
        return [place]
    paths = sorted(path for path in place.rglob("*") if path.name.endswith(_SUFFIXES) and path.is_file())
    if not paths:
        raise PathUnusable("the folder holds no .warc or .warc.gz file", source=asking.source.id, where=str(place))
    return paths


def _name(asking: Asking, path: Path) -> str:
    place = asking.source.path
    return path.name if place.is_file() else path.relative_to(place).as_posix()


def _on(url: str, hosts: tuple[str, ...]) -> bool:
    try:
        return canonical_url(url).split("/")[2].partition(":")[0] in hosts
    except ValueError:
        return False


def _key(url: str) -> str:
    try:
        return article_key(url)
    except ValueError:
        return ""
