"""What response headers say: waiting times, versions, names of files."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.message import Message
from email.utils import collapse_rfc2231_value, parsedate_to_datetime
from urllib.parse import unquote

import requests

from tasks.fetch.addresses import WebUrl

_PACKED_FILE = re.compile(r"\.(?:t?gz|svgz|warc)(?:$|[?#&])", re.IGNORECASE)

Headers = Sequence[tuple[str, str]]


def retry_after(headers: Headers, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for; None for none, a negative one or nonsense.

    A date counts from the server's own Date where it gives one: its clock may be wrong.
    """
    value = header(headers, "retry-after").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(min(int(value[:12]), 10**9))
    try:
        ends = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    started = now
    with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
        started = _aware(parsedate_to_datetime(header(headers, "date")))
    return max((_aware(ends) - started).total_seconds(), 0.0)


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def until(now: datetime, seconds: float) -> str:
    """The time `seconds` from now as text, however far off."""
    try:
        return datetime.fromtimestamp(now.timestamp() + seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return f"{seconds:g} s from now"


def header(headers: Headers, name: str) -> str:
    """The first value of a header (`name` in lower case); "" where it is absent."""
    return next((value for key, value in headers if key.lower() == name), "")


def with_range(url: str, headers: Mapping[str, str]) -> str:
    """The URL under which an answer is kept: parts of one file are told apart by their range, as a fragment."""
    asked = next((value for name, value in headers.items() if name.lower() == "range"), "")
    return f"{url}#{asked}" if asked else url


def bare_etag(etag: str) -> str:
    """An ETag without its weakness mark and what gzipping servers append."""
    return etag.strip().removeprefix("W/").strip('"').removesuffix("-gzip")


def header_pairs(response: requests.Response) -> Iterator[tuple[str, str]]:
    """All response headers in order, repeated ones too."""
    for name, value in response.raw.headers.iteritems():
        yield str(name), str(value)


def is_packed_file(url: WebUrl, headers: Headers) -> bool:
    """Whether gzip is what the file is, not how it travels."""
    kind = header(headers, "content-type").lower()
    return bool(_PACKED_FILE.search(url.text)) or "gzip" in kind or "tar" in kind


def file_name(headers: Headers) -> str:
    """The file name in Content-Disposition as text: shown and kept, never used as a path. "" for none."""
    value = header(headers, "content-disposition")
    if not value:
        return ""
    message = Message()
    message["Content-Disposition"] = value.replace("\r", " ").replace("\n", " ")
    with contextlib.suppress(ValueError, TypeError, LookupError, UnicodeError):
        found = message.get_param("filename", header="Content-Disposition")
        if found is None:
            return ""
        name = collapse_rfc2231_value(found)
        with contextlib.suppress(UnicodeEncodeError):  # header bytes come as Latin-1; portals send UTF-8 or GBK raw
            raw = name.encode("latin-1")
            for encoding in ("utf-8", "gb18030"):
                with contextlib.suppress(UnicodeDecodeError):
                    name = raw.decode(encoding)
                    break
        return unquote(name)[:1000]
    return ""
