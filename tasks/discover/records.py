"""WARC records as responses: what `warc` reads from files and `common-crawl` from ranges."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

_CHUNK = 1 << 16


class RecordUnreadable(Exception):
    """A record or a file that is not WARC, or is cut; turned into an outcome or a named error by the family."""


@dataclass(frozen=True, slots=True)
class Archived:
    """One archived response. `truncated` says why the archive cut its body, empty where it is whole.

    `offset` is the record's first byte in its file.
    """

    url: str
    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    truncated: str = ""
    kind: str = "response"
    offset: int = 0

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters."""
        return (
            next((value for name, value in self.headers if name.lower() == "content-type"), "")
            .split(";")[0]
            .strip()
            .lower()
        )


def read_records(stream: IO[bytes], *, max_body: int) -> Iterator[Archived]:
    """The responses (and revisits, without bodies) of a WARC stream, in order.

    Raises RecordUnreadable where the stream is no WARC or breaks off; what was read before has been yielded.
    """
    try:
        records = ArchiveIterator(stream)
        for record in records:
            if record.rec_type in ("response", "revisit") and record.http_headers is not None:
                archived = _archived(record, max_body)
                # Asking for the offset moves on to the record's end: only when the body has been read.
                yield replace(archived, offset=records.get_record_offset())
    except (ArchiveLoadFailed, zlib.error, EOFError, OSError, ValueError, KeyError, AttributeError) as error:
        raise RecordUnreadable(f"{type(error).__name__}: {error}") from error


def _archived(record: Any, max_body: int) -> Archived:
    headers = tuple((str(name), str(value)) for name, value in record.http_headers.headers)
    body = bytearray()
    stream = record.content_stream()
    while chunk := stream.read(_CHUNK):
        body += chunk
        if len(body) > max_body:
            raise RecordUnreadable(f"a body of more than {max_body} bytes")
    if getattr(record.raw_stream, "limit", 0):
        raise RecordUnreadable(f"the file breaks off {record.raw_stream.limit} bytes before the record's end")
    warc = record.rec_headers
    declared = record.http_headers.get_header("Content-Length")
    encoded = record.http_headers.get_header("Content-Encoding") or record.http_headers.get_header("Transfer-Encoding")
    truncated = warc.get_header("WARC-Truncated") or ""
    if not truncated and record.rec_type == "response" and declared and declared.isdigit() and not encoded:
        truncated = "short" if len(body) < int(declared) else ""
    return Archived(
        url=(warc.get_header("WARC-Target-URI") or "").strip("<>"),
        at=warc_time(warc.get_header("WARC-Date") or ""),
        status=int(record.http_headers.get_statuscode()),
        headers=headers,
        body=bytes(body),
        truncated=truncated,
        kind=record.rec_type,
    )


def warc_time(text: str) -> datetime:
    """`2021-03-01T02:03:04Z` → instant. Raises ValueError."""
    at = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def cdx_time(text: str) -> datetime:
    """A CDX timestamp of 4 to 14 digits → instant (missing parts are their first value). Raises ValueError."""
    if not text.isdigit() or not 4 <= len(text) <= 14:
        raise ValueError(f"{text!r} is no timestamp")
    padded = text + "00000101000000"[len(text) :]
    return datetime.strptime(padded, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
