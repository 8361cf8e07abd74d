"""`common-crawl`: captures of a column in Common Crawl, by its index; bytes by a range of a WARC file.

See docs/portals/common-crawl.md.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from tasks.config.options import CommonCrawlOptions
from tasks.discover.archived import Column, Kept, believe_archive, column_of, is_wanted_address, narrowed
from tasks.discover.asking import ask, delivered, text_of, unavailable
from tasks.discover.errors import ArchiveAnswerUnreadable, ListingEmpty, ListingEndless
from tasks.discover.keeping import keep, kept_capture
from tasks.discover.ports import Asking, Listing
from tasks.discover.records import Archived, RecordUnreadable, cdx_time, read_records
from tasks.discover.urls import article_key
from tasks.model import DocumentRef, FetchResult, Outcome

_LOOKUPS = 200
_GZIP = b"\x1f\x8b"


def list_documents(asking: Asking, previously: int | None) -> Listing:
    """The crawled documents of the column. Raises a ListingError."""
    target, index, _ = _places(asking)
    polite = _polite(asking)
    column = column_of(target, _options(asking).article)
    kept: dict[tuple[str, str], Kept] = {}
    for api in _crawls(polite, index):
        for row in _rows(polite, api, target, column):
            one = _kept(row)
            if (
                one is not None
                and row.get("status") == "200"
                and is_wanted_address(one.url, column, row.get("mime", ""))
            ):
                kept[one.url, one.locator] = one
    if not kept and previously:
        raise ListingEmpty(f"no capture in the crawls, was {previously}", where=asking.source.listing)
    if not kept:
        asking.warn("listing_empty", f"the crawls hold no captured article of {target}")
    return believe_archive(
        asking, kept.values(), body_of=lambda ref: fetch_document(asking, ref), known_titles={}, max_lookups=_LOOKUPS
    )


def fetch_document(asking: Asking, ref: DocumentRef, *, purpose: str = "document", title: str = "") -> FetchResult:
    """One record by a range request, kept under the portal's own address with the crawl's own time."""
    now = datetime.now(UTC)
    try:
        filename, offset, length, stamp = _located(ref.locator)
    except ValueError:
        return FetchResult(ref.url, Outcome.FAILED, now, detail=f"NotLocated: {ref.locator[:80]!r}")
    known = kept_capture(asking, ref, "common-crawl", cdx_time(stamp))
    if known is not None and asking.archive is not None:
        body = asking.archive.read(known.sha256)
        return FetchResult(ref.url, Outcome.UNCHANGED, now, known.status, "", known, body)
    _, _, data = _places(asking)
    polite = _polite(asking)
    # The range stands in the address too, so that the archive tells the records of one file apart.
    result = polite.fetcher.fetch(
        f"{data}/{filename}#bytes={offset}-{offset + length - 1}",
        source=polite.source,
        headers={"Range": f"bytes={offset}-{offset + length - 1}"},
        purpose=purpose,
    )
    if not delivered(result) or result.body is None:
        outcome = Outcome.BLOCKED if result.outcome is Outcome.BLOCKED else Outcome.FAILED
        return replace(result, url=ref.url, outcome=outcome, body=None, detail=f"NotDelivered: {result.detail}")
    record = _record(result.body, asking.source.max_bytes, offset, length)
    trouble = _trouble(record, ref)
    if record is None or trouble is not None:
        return replace(result, url=ref.url, outcome=Outcome.FAILED, body=None, detail=f"RecordUnreadable: {trouble}")
    return keep(
        asking,
        ref,
        record.body,
        headers=record.headers,
        captured_at=cdx_time(stamp),
        via="common-crawl",
        final_url=result.url,
        title=title,
        purpose=purpose,
    )


def find_attachment(asking: Asking, ref: DocumentRef, url: str) -> str | None:
    """The locator of an attachment in the crawl that the document came from; None where it was not crawled."""
    crawl = next((part for part in ref.locator.split("/") if part.startswith("CC-MAIN-")), None)
    _, index, _ = _places(asking)
    polite = _polite(asking)
    if crawl is None:
        return None
    for row in _answer(polite, f"{index}/{crawl}-index", {"url": url, "output": "json", "filter": "=status:200"}):
        one = _kept(row)
        if one is not None:
            return one.locator
    return None


def read_rows(text: str) -> list[dict[str, str]] | None:
    """The index's answer, one JSON object a line → rows; None where it is something else."""
    rows = []
    for line in text.splitlines():
        if not line.strip():
            continue
        # Some servers put `urlkey timestamp` before the object.
        try:
            row = json.loads(line[line.index("{") :])
        except ValueError:
            return None
        if not isinstance(row, dict):
            return None
        rows.append({str(name): str(value) for name, value in row.items()})
    return rows


def _crawls(asking: Asking, index: str) -> list[str]:
    """The index APIs of the crawls to be asked, newest first."""
    options = _options(asking)
    parts = urlsplit(asking.source.listing)
    if parts.path.endswith("-index"):
        return [f"{parts.scheme}://{parts.netloc}{parts.path}"]
    text = text_of(asking, ask(asking, f"{index}/collinfo.json"))
    try:
        crawls = [(str(one["id"]), str(one["cdx-api"])) for one in json.loads(text)]
    except (ValueError, KeyError, TypeError):
        raise ArchiveAnswerUnreadable(
            "collinfo.json is not the list of crawls", where=f"{index}/collinfo.json"
        ) from None
    if options.crawls:
        missing = sorted(set(options.crawls) - {name for name, _ in crawls})
        if missing:
            asking.warn("crawl_unknown", f"{', '.join(missing)} is not among the {len(crawls)} crawls")
        return [_same_origin(api, index) for name, api in crawls if name in options.crawls]
    return [_same_origin(api, index) for name, api in crawls if _in_years(asking, name)]


def _same_origin(api: str, index: str) -> str:
    # The list names its public address; behind another one (a mirror, a test) the path is what counts.
    parts = urlsplit(api)
    return f"{index}{parts.path}"


def _in_years(asking: Asking, crawl: str) -> bool:
    year = crawl.removeprefix("CC-MAIN-")[:4]
    if not year.isdigit():
        return False
    source = asking.source
    after = source.since is None or int(year) >= source.since.year
    return after and (source.until is None or int(year) <= source.until.year + 2)


def _rows(asking: Asking, api: str, target: str, column: Column) -> Iterator[dict[str, str]]:
    """All rows of one crawl, page by page."""
    extra = dict(parse_qsl(urlsplit(asking.source.listing).query)) if api in asking.source.listing else {}
    for query in _queries(asking, target, column, extra):
        pages = _pages(asking, api, query)
        if pages > asking.source.max_pages:
            raise ListingEndless(f"{pages} index pages, max_pages is {asking.source.max_pages}", where=api)
        for number in range(pages):
            yield from _answer(asking, api, {**query, "page": str(number)} if pages > 1 else query)


def _queries(asking: Asking, target: str, column: Column, extra: Mapping[str, str]) -> list[dict[str, str]]:
    base = {"output": "json", "filter": "=status:200"}
    if extra.get("url"):
        return [{**base, **extra, "output": "json"}]
    options = _options(asking)
    if options.match_type == "exact":
        return [{**base, "url": target}]
    if options.match_type in ("host", "domain"):
        return [{**base, "url": urlsplit(target).netloc, "matchType": options.match_type}]
    prefixes = [column.prefix]
    if column.article is not None and "/art_" in column.article:
        number = urlsplit(target).path.rpartition("/col/")[2].split("/")[0]
        prefixes = [f"{column.prefix}art/", f"{column.prefix}col/{number}/"]
    return [{**base, "url": f"{column.host}{prefix}", "matchType": "prefix"} for prefix in prefixes]


def _pages(asking: Asking, api: str, query: Mapping[str, str]) -> int:
    result = ask(asking, f"{api}?{urlencode({**query, 'showNumPages': 'true'})}")
    if result.outcome is Outcome.GONE:
        return 0
    text = text_of(asking, result).strip()
    try:
        answer = json.loads(text.splitlines()[0])
    except (ValueError, IndexError):
        raise ArchiveAnswerUnreadable("the index does not say how many pages it has", where=result.url) from None
    if isinstance(answer, dict) and "pages" in answer:
        return int(answer["pages"])
    # A server without paging answers the rows themselves, or a bare number.
    return answer if isinstance(answer, int) else 1


def _answer(asking: Asking, api: str, query: Mapping[str, str]) -> list[dict[str, str]]:
    result = ask(asking, f"{api}?{urlencode(query)}")
    empty = result.http_status == 200 and result.capture is not None and result.capture.size == 0
    if empty or result.outcome is Outcome.GONE:
        return []  # no capture of it in this crawl, or none on this page
    if not delivered(result):
        raise unavailable(asking, result)
    rows = read_rows(text_of(asking, result))
    if rows is None:
        raise ArchiveAnswerUnreadable(
            "the index answered something else than JSON lines", where=result.url, result=result
        )
    return [row for row in rows if "filename" in row or "url" in row]


def _kept(row: Mapping[str, str]) -> Kept | None:
    try:
        offset, length = int(row["offset"]), int(row["length"])
        at = cdx_time(row["timestamp"])
        locator = f"{row['filename']} {offset} {length} {row['timestamp']}"
        return Kept(row["url"], at, row.get("digest", locator), locator)
    except (KeyError, ValueError):
        return None


def _located(locator: str) -> tuple[str, int, int, str]:
    filename, offset, length, stamp = locator.rsplit(" ", 3)
    if not offset.isdigit() or not length.isdigit() or int(length) == 0 or ".." in filename:
        raise ValueError(locator)
    return filename, int(offset), int(length), stamp


def _record(body: bytes, max_bytes: int, offset: int, length: int) -> Archived | None:
    """The response in what a range request brought: one gzip member, or the whole file of a server without ranges."""
    if len(body) > length and body.startswith(_GZIP) and offset:
        body = body[offset : offset + length]
    try:
        plain = gzip.decompress(body) if body.startswith(_GZIP) else body
        return next((one for one in read_records(io.BytesIO(plain), max_body=max_bytes)), None)
    except (OSError, EOFError, zlib.error, RecordUnreadable):
        return None


def _trouble(record: Archived | None, ref: DocumentRef) -> str | None:
    if record is None:
        return "the range holds no whole WARC response"
    if record.truncated:
        return f"the crawl has cut the body ({record.truncated})"
    if record.status != 200:
        return f"the record has status {record.status}"
    try:
        same = article_key(record.url) == article_key(ref.url)
    except ValueError:
        same = False
    return None if same else f"the record is of {record.url[:120]}"


def _polite(asking: Asking) -> Asking:
    _, index, data = _places(asking)
    return narrowed(asking, [index, data], asking.source.delay_seconds)


def _places(asking: Asking) -> tuple[str, str, str]:
    """(the portal's address that is looked for, where the index stands, where the WARC files stand).

    `listing` is the portal's address; or, written out, a query of the index whose `url` is.
    """
    options = _options(asking)
    parts = urlsplit(asking.source.listing)
    index, data = options.index.rstrip("/"), options.data.rstrip("/")
    if parts.path.endswith(("-index", "/collinfo.json")):
        origin = f"{parts.scheme}://{parts.netloc}"
        target = dict(parse_qsl(parts.query)).get("url", "").rstrip("*")
        standard = CommonCrawlOptions.model_fields
        if origin != standard["index"].default and data == standard["data"].default:
            data = origin  # a mirror that serves its index serves its files
        return target if "://" in target else f"http://{target}", origin, data
    return asking.source.listing, index, data


def _options(asking: Asking) -> CommonCrawlOptions:
    options = asking.source.options
    return options if isinstance(options, CommonCrawlOptions) else CommonCrawlOptions()
