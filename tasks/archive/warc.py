"""WARC 1.1 in and out, written and read by warcio.

Bodies are kept decoded, so an exported response leaves out Content-Encoding and Transfer-Encoding (kept under
`X-Archive-Orig-…`) and states the true Content-Length: a replay serves what we read. What WARC has no field for
(source, purpose, link text, the URL before redirects) travels in `Jibao-…` fields of the record's header.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, unquote, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.archive.encodings import Unpacker
from tasks.archive.errors import ArchiveError, ArchiveWriteFailed, WarcInvalid
from tasks.model import Capture

_log = logging.getLogger("jibao.archive")
_MAX_BODY = 256 << 20
_REPLACED = {"content-encoding", "transfer-encoding", "content-length"}
_OWN = {"source_id": "Jibao-Source", "purpose": "Jibao-Purpose", "title": "Jibao-Title", "via": "Jibao-Via"}
_REQUESTED = "Jibao-Requested-URI"


def export(captures: Iterable[tuple[Capture, bytes]], target: str | Path | IO[bytes]) -> int:
    """Write captures as response and request records → number of captures. See `Archive.export_warc`."""
    if not isinstance(target, (str, Path)):
        return _write(captures, target, gzip=True, filename="")
    path = Path(target)
    temp = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with temp.open("wb") as file:
            count = _write(captures, file, gzip=path.suffix != ".warc", filename=path.name)
            file.flush()
            os.fsync(file.fileno())
        temp.replace(path)
    except OSError as error:
        raise ArchiveWriteFailed(error.strerror or str(error), where=str(path)) from error
    finally:
        with contextlib.suppress(OSError):
            temp.unlink()
    return count


def _write(captures: Iterable[tuple[Capture, bytes]], file: IO[bytes], *, gzip: bool, filename: str) -> int:
    writer = WARCWriter(file, gzip=gzip, warc_version="WARC/1.1")
    info = {"software": "jibao", "format": "WARC File Format 1.1", "conformsTo": "ISO 28500:2017"}
    writer.write_record(writer.create_warcinfo_record(filename, info))
    count = 0
    for capture, body in captures:
        response = writer.create_warc_record(
            capture.final_url,
            "response",
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=_http_headers(capture),
            warc_headers_dict=_own_fields(capture),
        )
        form = capture.request_body.encode()
        request = writer.create_warc_record(
            capture.final_url,
            "request",
            payload=io.BytesIO(form),
            length=len(form),
            http_headers=_request_headers(capture, form),
        )
        writer.write_request_response_pair(request, response)
        count += 1
    return count


def _http_headers(capture: Capture) -> StatusAndHeaders:
    pairs = [
        (f"X-Archive-Orig-{name}" if name.lower() in _REPLACED else name, _one_line(value))
        for name, value in capture.headers
    ]
    pairs.append(("Content-Length", str(capture.size)))
    try:
        phrase = HTTPStatus(capture.status).phrase
    except ValueError:
        phrase = "Unknown"
    return StatusAndHeaders(f"{capture.status} {phrase}", pairs, protocol="HTTP/1.1")


def _request_headers(capture: Capture, form: bytes) -> StatusAndHeaders:
    parts = urlsplit(capture.final_url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    pairs = [("Host", parts.netloc)]
    if form:
        pairs += [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", str(len(form)))]
    return StatusAndHeaders(f"{capture.method} {path} HTTP/1.1", pairs, is_http_request=True)


def _own_fields(capture: Capture) -> dict[str, str]:
    fields = {"WARC-Date": capture.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    # Percent-encoded: names of attachments hold anything, line feeds included.
    fields |= {field: quote(value) for key, field in _OWN.items() if (value := getattr(capture, key))}
    if capture.url != capture.final_url:
        fields[_REQUESTED] = capture.url
    return fields


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")


def responses(source: str | Path | IO[bytes]) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Each whole HTTP response of a WARC → (decoded body, the keyword arguments of `Archive.put`).

    Truncated and undecodable responses and revisits without their original are left out and logged by URL. Raises
    WarcInvalid where the file is no WARC, is cut, or holds records whose digests do not fit (after all the others).
    """
    if isinstance(source, (str, Path)):
        try:
            with Path(source).open("rb") as file:
                yield from _responses(file, str(source))
        except OSError as error:
            raise WarcInvalid(error.strerror or str(error), where=str(source)) from error
    else:
        yield from _responses(source, getattr(source, "name", "WARC"))


def _responses(file: IO[bytes], where: str) -> Iterator[tuple[bytes, dict[str, Any]]]:
    pending: tuple[bytes, dict[str, Any], str] | None = None
    bad: list[str] = []
    bodies: dict[str, bytes] = {}
    any_record = False
    fault: WarcInvalid | None = None
    for found in _records(file, where):
        if isinstance(found, WarcInvalid):
            fault = found  # once the last whole response is out of the door
            break
        kind, headers, http, body = found
        any_record = True
        uri = headers.get("warc-target-uri", "").strip("<>")
        if kind == "request" and pending and headers.get("warc-concurrent-to") == pending[2]:
            _add_request(pending[1], http, body)
        if kind not in ("response", "revisit"):
            continue
        if pending:
            yield pending[0], pending[1]
        pending = None
        if not uri.lower().startswith(("http://", "https://")) or http is None:
            continue
        if headers.get("warc-truncated"):
            _log.warning("%s: %s is truncated (%s); not kept", where, uri, headers["warc-truncated"])
            continue
        if headers.get("jibao-digest-failed"):
            bad.append(uri)
            continue
        digest = headers.get("warc-payload-digest", "")
        try:
            status = int(http.get_statuscode())
            whole = bodies.get(digest) if kind == "revisit" else _decoded(http, body)
            at = _date(headers["warc-date"])
        except (ArchiveError, ValueError, KeyError) as error:
            _log.warning("%s: %s is not kept: %s", where, uri, error)
            continue
        if whole is None:
            _log.warning("%s: %s is a revisit of a response that is not in the file; not kept", where, uri)
            continue
        if kind == "response" and digest:
            _remember(bodies, digest, whole)
        facts = _facts(headers, http, uri, status, at)
        pending = (whole, facts, headers.get("warc-record-id", ""))
    if pending:
        yield pending[0], pending[1]
    if fault is not None:
        raise fault
    if not any_record:
        raise WarcInvalid("no WARC record in it", where=where)
    if bad:
        raise WarcInvalid(f"{len(bad)} records do not have their digest: {', '.join(bad[:3])}", where=where)


_Record = tuple[str, dict[str, str], StatusAndHeaders | None, bytes]


def _records(file: IO[bytes], where: str) -> Iterator[_Record | WarcInvalid]:
    """Records as (type, header fields in lower case, HTTP head, block), and at the end what kept us from reading on."""
    iterator = ArchiveIterator(file, arc2warc=True, check_digests=True)
    try:
        for record in iterator:
            if not record.rec_headers.get_header("WARC-Type") or not record.rec_headers.get_header("Content-Length"):
                yield WarcInvalid("a record without type or length", where=where)
                return
            if record.rec_type not in ("response", "revisit", "request"):
                yield record.rec_type, {}, None, b""
                continue
            headers = {name.lower(): value for name, value in record.rec_headers.headers}
            raw = record.raw_stream.read()
            if getattr(record.raw_stream, "limit", 0) > 0:
                yield WarcInvalid(f"cut off in {headers.get('warc-target-uri')}", where=where)
                return
            if record.digest_checker is not None and record.digest_checker.passed is False:
                headers["jibao-digest-failed"] = "1"
            yield record.rec_type, headers, record.http_headers, raw
    except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
        yield WarcInvalid(f"it cannot be read on: {error}", where=where)


def _decoded(http: StatusAndHeaders, raw: bytes) -> bytes:
    if (http.get_header("Transfer-Encoding") or "").strip().lower() == "chunked":
        # Crawlers often keep the header and store the body without chunks; warcio tells the two apart.
        raw = ChunkedDataReader(io.BytesIO(raw), decomp_type=None).read()
    unpacker = Unpacker(http.get_header("Content-Encoding"), max_bytes=_MAX_BODY)
    unpacker.feed(raw)
    return unpacker.finish().body


def _facts(headers: dict[str, str], http: StatusAndHeaders, uri: str, status: int, at: datetime) -> dict[str, Any]:
    pairs = [(name, value) for name, value in http.headers]
    if any(name.startswith("X-Archive-Orig-") for name, _ in pairs):  # our own export: as it was
        pairs = [(n.removeprefix("X-Archive-Orig-"), v) for n, v in pairs if n.lower() != "content-length"]
    elif headers.get("jibao-via"):
        pairs = [(n, v) for n, v in pairs if n.lower() != "content-length"]
    facts = {key: unquote(headers.get(field.lower(), "")) for key, field in _OWN.items()}
    facts["via"] = facts["via"] or "warc"
    return {
        "url": headers.get(_REQUESTED.lower(), uri),
        "final_url": uri,
        "status": status,
        "headers": tuple(pairs),
        "fetched_at": at,
        "method": "GET",
        "request_body": "",
        **facts,
    }


def _add_request(facts: dict[str, Any], http: StatusAndHeaders | None, body: bytes) -> None:
    if http is not None:
        facts["method"] = http.protocol.upper() or "GET"
        facts["request_body"] = body.decode("utf-8", "replace")


def _remember(bodies: dict[str, bytes], digest: str, body: bytes) -> None:
    """Bodies that a later revisit may name, within a bound of 64 MiB: the oldest go first."""
    bodies[digest] = body
    while len(bodies) > 1 and sum(map(len, bodies.values())) > 64 << 20:
        del bodies[next(iter(bodies))]


def _date(text: str) -> datetime:
    at = datetime.fromisoformat(text.strip())
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
