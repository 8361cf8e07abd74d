"""`wayback`: captures of a column in the Wayback Machine, by its CDX server; bytes by `id_` replay.

The time of a document is its capture's. The archive bans whoever asks too fast: one request at a time, at a
configured pace, and a refused connection means a ban, not an outage. See docs/portals/wayback.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from tasks.config.fields import is_private_host
from tasks.config.options import JcmsOptions, WaybackOptions
from tasks.discover.archived import Column, Kept, believe_archive, column_of, is_wanted_address, narrowed
from tasks.discover.asking import ask, delivered, text_of, unavailable
from tasks.discover.errors import ArchiveAnswerUnreadable, ListingEmpty, ListingEndless, ListingIncomplete
from tasks.discover.hanweb_jcms import read_column
from tasks.discover.keeping import keep, kept_capture
from tasks.discover.markup import clean_title, decode, page_entries, parse_day, real_day
from tasks.discover.ports import Asking, Listing
from tasks.discover.records import cdx_time
from tasks.discover.urls import article_key, canonical_url, is_article
from tasks.model import DocumentRef, FetchResult, Outcome

_FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest", "length")
_LISTS_READ = 6  # captures of the column page read for titles, spread over the years
_LOOKUPS = 400  # articles replayed for their title


def list_documents(asking: Asking, previously: int | None) -> Listing:
    """The archived documents of the column. Raises a ListingError."""
    origin, target, extra = _target(asking)
    polite = narrowed(asking, [origin], _delay(asking, origin))
    column = column_of(target, _options(asking).article)
    rows = [row for query in _queries(asking, target, column, extra) for row in _cdx(polite, origin, query)]
    kept = {(row["timestamp"], row["original"]): row for row in rows if _usable(row, column)}
    if not kept and previously:
        raise ListingEmpty(f"no capture in the archive, was {previously}", where=asking.source.listing)
    if not kept:
        asking.warn("listing_empty", f"the archive holds no captured article of {target}")
    titles = _titles(polite, origin, target) if kept else {}
    captures = [
        Kept(row["original"], cdx_time(row["timestamp"]), row["digest"], row["timestamp"]) for row in kept.values()
    ]
    return believe_archive(
        asking,
        captures,
        body_of=lambda ref: fetch_document(asking, ref),
        known_titles=titles,
        max_lookups=_LOOKUPS,
    )


def fetch_document(asking: Asking, ref: DocumentRef, *, purpose: str = "document", title: str = "") -> FetchResult:
    """The capture's original bytes, kept under the portal's own address with the capture's own time.

    A capture that was kept before is not asked for again: an archive does not change. What the archive fails to
    deliver is BLOCKED or FAILED, never GONE: that the archive has lost a copy says nothing about the portal.
    """
    origin, _, _ = _target(asking)
    polite = narrowed(asking, [origin], _delay(asking, origin))
    at = cdx_time(ref.locator)
    known = kept_capture(asking, ref, "wayback", at)
    if known is not None and asking.archive is not None:
        body = asking.archive.read(known.sha256)
        return FetchResult(ref.url, Outcome.UNCHANGED, datetime.now(UTC), known.status, "", known, body)
    replay = replay_url(origin, ref.locator, ref.url)
    result = _with_refusal(polite.fetcher.fetch(replay, source=polite.source, purpose=purpose))
    if not delivered(result) or result.body is None:
        outcome = Outcome.BLOCKED if result.outcome is Outcome.BLOCKED else Outcome.FAILED
        detail = result.detail if outcome is result.outcome else f"NotReplayed: {result.outcome.value}: {result.detail}"
        return replace(result, url=ref.url, outcome=outcome, body=None, detail=detail)
    capture = result.capture
    landed = capture.final_url if capture is not None else replay
    other = _other_capture(landed, ref.url)
    if other is not None:
        return replace(result, url=ref.url, outcome=Outcome.FAILED, body=None, detail=f"NotReplayed: {other}")
    headers = _original_headers(capture.headers if capture is not None else ())
    stamp = _stamp(landed) or ref.locator
    return keep(
        asking,
        ref,
        result.body,
        headers=headers,
        captured_at=cdx_time(stamp) if purpose == "attachment" else at,
        via="wayback",
        final_url=landed,
        title=title,
        purpose=purpose,
    )


def replay_url(origin: str, timestamp: str, url: str) -> str:
    """Where the original bytes of a capture are replayed (`id_`: no toolbar, links untouched)."""
    return f"{origin}/web/{timestamp}id_/{url}"


def read_cdx(text: str) -> tuple[list[dict[str, str]], str | None] | None:
    """A CDX answer → (rows by field name, resume key); None where it is no such answer.

    JSON: the first row names the fields; an empty row and a row with one value at the end are the resume key.
    Plain text, one row a line, is what servers that know no JSON answer.
    """
    if not text.strip():
        return [], None
    if text.lstrip().startswith("["):
        try:
            table = json.loads(text)
        except ValueError:
            return None
        if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
            return None
        resume = None
        if len(table) >= 2 and table[-2] == [] and len(table[-1]) == 1:
            resume, table = str(table[-1][0]), table[:-2]
        if not table:
            return [], resume
        names = [str(name) for name in table[0]]
        if not {"timestamp", "original"} <= set(names):
            return None
        return [dict(zip(names, map(str, row), strict=False)) for row in table[1:] if len(row) == len(names)], resume
    return None


def _cdx(asking: Asking, origin: str, query: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """All rows of a query, page by page. Raises ListingUnavailable, ArchiveAnswerUnreadable, ListingEndless."""
    resume: str | None = None
    seen_keys: set[str] = set()
    count = 0
    for _ in range(asking.source.max_pages):
        page = {**query, **({"resumeKey": resume} if resume is not None else {})}
        result = _with_refusal(ask(asking, f"{origin}/cdx/search/cdx?{urlencode(page)}"))
        asking.fetches[-1] = result
        if _nothing(result):
            return
        if not delivered(result):
            raise unavailable(asking, result)
        read = read_cdx(text_of(asking, result))
        if read is None:
            raise ArchiveAnswerUnreadable(
                "the CDX server answered something else than its JSON", where=result.url, result=result
            )
        rows, resume = read
        yield from rows
        count += len(rows)
        if count > 20 * asking.source.max_entries:
            raise ListingEndless(f"{count} captures and no end", where=result.url)
        if resume is None:
            return
        if resume in seen_keys:
            raise ListingIncomplete("the CDX server repeats its resume key", where=result.url, result=result)
        seen_keys.add(resume)
    raise ListingEndless(f"more than max_pages {asking.source.max_pages} answers", where=asking.source.listing)


def _queries(asking: Asking, target: str, column: Column, extra: Mapping[str, str]) -> list[dict[str, str]]:
    """What the CDX server is asked: 200s of the column, adjacent equal contents once."""
    source, options = asking.source, _options(asking)
    base = {
        "output": "json",
        "fl": ",".join(_FIELDS),
        "filter": "statuscode:200",
        "collapse": "digest",
        "limit": str(options.limit),
        "showResumeKey": "true",
        "gzip": "false",
    }
    if source.since is not None:
        base["from"] = str(source.since.year)
    if source.until is not None:
        # A year's last report comes out in the next one, and an archive may come by later still.
        base["to"] = str(source.until.year + 2)
    if extra.get("url"):
        given = {name: value for name, value in extra.items() if name not in ("output", "fl", "resumeKey")}
        return [{**base, **given}]
    if options.match_type == "exact":
        return [{**base, "url": target, "matchType": "exact"}]
    if options.match_type in ("host", "domain"):
        return [{**base, "url": urlsplit(target).netloc, "matchType": options.match_type}]
    prefixes = [column.prefix]
    if column.article is not None and "/art_" in column.article:
        # Two address forms: /art/… for the whole site, /col/col<id>/art/… for the column.
        number = urlsplit(target).path.rpartition("/col/")[2].split("/")[0]
        prefixes = [f"{column.prefix}art/", f"{column.prefix}col/{number}/"]
    return [{**base, "url": f"{column.host}{prefix}", "matchType": "prefix"} for prefix in prefixes]


def _usable(row: Mapping[str, str], column: Column) -> bool:
    if row.get("statuscode", "200") not in ("200", "-") or row.get("mimetype") == "warc/revisit":
        return False
    if not row["timestamp"].isdigit():
        return False
    return is_wanted_address(row["original"], column, row.get("mimetype", ""))


def _titles(asking: Asking, origin: str, target: str) -> dict[str, tuple[str, date | None]]:
    """Titles and days from captures of the column page itself: cheaper than replaying every article."""
    if is_article(target):
        return {}
    query = {"url": target, "output": "json", "fl": ",".join(_FIELDS), "filter": "statuscode:200"}
    rows = list(_cdx(asking, origin, {**query, "collapse": "digest", "showResumeKey": "true", "limit": "500"}))
    step = max(1, -(-len(rows) // _LISTS_READ))
    titles: dict[str, tuple[str, date | None]] = {}
    for row in rows[::-1][::step]:
        replay = replay_url(origin, row["timestamp"], row["original"])
        result = _with_refusal(ask(asking, replay))
        asking.fetches[-1] = result
        if result.outcome is Outcome.BLOCKED:
            raise unavailable(asking, result)
        if delivered(result) and result.body is not None:
            for key, found in _listed(decode(result.body)[0], row["original"]).items():
                titles.setdefault(key, found)
    return titles


def _listed(text: str, base: str) -> dict[str, tuple[str, date | None]]:
    entries = read_column(text, base, JcmsOptions(), None).entries or page_entries(text)
    found = {}
    for one in entries:
        try:
            url = canonical_url(one.href, base) if one.href else ""
        except ValueError:
            continue
        if url and one.title and is_article(url):
            parsed = parse_day(one.day) if one.day else None
            day = real_day(parsed[0], parsed[1], parsed[2]) if parsed is not None and parsed[0] is not None else None
            found[article_key(url)] = (clean_title(one.title), day)
    return found


def _nothing(result: FetchResult) -> bool:
    """An empty body is how the CDX server says that it has nothing."""
    return result.http_status == 200 and result.capture is not None and result.capture.size == 0


def _with_refusal(result: FetchResult) -> FetchResult:
    """The archive's firewall refuses the connection of who has asked too fast: a block, not an outage."""
    if result.outcome is Outcome.FAILED and result.http_status is None and result.detail.startswith("Connect"):
        detail = f"{result.detail}; a refused connection is how this archive blocks: wait an hour at least"
        return replace(result, outcome=Outcome.BLOCKED, detail=detail)
    return result


def _other_capture(landed: str, url: str) -> str | None:
    """Why what was replayed is not this capture; None where it is."""
    if "id_/" not in landed:
        return f"the archive led to {landed[:120]}"
    inside = landed.partition("id_/")[2]
    try:
        same = article_key(inside) == article_key(url)
    except ValueError:
        same = False
    return None if same else f"the archive replayed {inside[:120]} instead"


def _stamp(landed: str) -> str | None:
    stamp = landed.partition("id_/")[0].rpartition("/")[2]
    return stamp if stamp.isdigit() and len(stamp) >= 4 else None


def _original_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The portal's own headers, which the archive hands on under another name; else its content type."""
    prefix = "x-archive-orig-"
    mine = tuple((name[len(prefix) :], value) for name, value in headers if name.lower().startswith(prefix))
    return mine or tuple((name, value) for name, value in headers if name.lower() == "content-type")


def _target(asking: Asking) -> tuple[str, str, dict[str, str]]:
    """(the archive's origin, the portal's address that is looked for, further CDX parameters).

    `listing` is the portal's address; or, written out, a CDX query whose `url` is.
    """
    listing, options = asking.source.listing, _options(asking)
    parts = urlsplit(listing)
    if parts.path.rstrip("/").endswith("/cdx"):
        query = dict(parse_qsl(parts.query))
        target = query.get("url", "").rstrip("*")
        return f"{parts.scheme}://{parts.netloc}", target if "://" in target else f"http://{target}", query
    return options.endpoint.rstrip("/"), listing, {}


def _delay(asking: Asking, origin: str) -> float:
    """Seconds between two requests: the archive's limit, or the source's own where that is slower."""
    own = asking.source.delay_seconds
    if is_private_host(urlsplit(origin).hostname or ""):
        return own
    return max(own, 60 / _options(asking).per_minute)


def _options(asking: Asking) -> WaybackOptions:
    options = asking.source.options
    return options if isinstance(options, WaybackOptions) else WaybackOptions()
