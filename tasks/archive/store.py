"""The archive: what every response was, byte for byte, before anybody looked at it.

Layout, the same in a folder and in an object store:

    jibao-archive.json                    the version of this layout
    bodies/ab/<sha256>.gz                 each body once, gzip (level 1; 0 for what is packed already)
    captures/2025-01-02/<writer>.jsonl    one line per response: `crc32 {capture as JSON}`, append-only

Journals and bodies are the truth; the index that `latest` uses lives in memory and is built from them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import threading
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from tasks.archive import warc
from tasks.archive.backends import BODIES, JOURNALS, Backend
from tasks.archive.errors import (
    ArchiveError,
    ArchiveMissing,
    ArchiveUnreadable,
    ArchiveVersion,
    ArchiveWriteFailed,
    CaptureCorrupt,
    CaptureMissing,
    RecordDamaged,
)
from tasks.archive.folder import FolderBackend
from tasks.archive.masking import mask_form, mask_headers, mask_url
from tasks.archive.objects import ObjectBackend
from tasks.archive.records import from_line, to_line
from tasks.model import Capture

VERSION = 1
_MARKER = "jibao-archive.json"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"Rar!", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something `verify` found. `code` is the error's class name, `where` the file (and offset) in the archive."""

    code: str
    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class _At:
    journal: str
    start: int
    end: int
    fetched_at: datetime


class _Index:
    """URL → places of its captures, grown from the journals' unread tails."""

    def __init__(self) -> None:
        self.read: dict[str, int] = {}
        self.by_url: dict[str, list[_At]] = {}
        self.damaged: list[tuple[str, int]] = []
        self.seen: set[int] = set()

    def add(self, capture: Capture, line: bytes, journal: str, start: int) -> None:
        mark = hash(line)
        if mark not in self.seen:
            self.seen.add(mark)
            at = _At(journal, start, start + len(line), capture.fetched_at)
            for url in {capture.url, capture.final_url}:
                self.by_url.setdefault(url, []).append(at)


class Archive:
    """Captures in a folder or under an fsspec URL (`s3://bucket/prefix`). Safe for threads and for processes.

    Endpoint and credentials of an object store come from the environment (AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, …)
    or from `options`, which go to fsspec. Nothing is created before the first `put`.
    """

    def __init__(self, location: str | Path, **options: Any) -> None:
        text = str(location)
        self._backend: Backend
        scheme, separator, _ = text.partition("://")
        if separator and scheme == "file":
            self._backend = FolderBackend(Path(unquote(urlsplit(text).path)))
        elif separator:
            self._backend = ObjectBackend(text, **options)
        else:
            self._backend = FolderBackend(Path(text).absolute())
        self.location = mask_url(self._backend.place)
        self._lock = threading.RLock()
        self._index = _Index()
        self._opened = False
        self._sound: set[str] = set()

    # ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def put(
        self,
        body: bytes,
        *,
        url: str,
        final_url: str | None = None,
        status: int = 200,
        headers: Iterable[tuple[str, str]] = (),
        fetched_at: datetime,
        via: str = "live",
        title: str = "",
        source_id: str = "",
        purpose: str = "",
        method: str = "GET",
        request_body: str = "",
    ) -> Capture:
        """Keep one response: body (as decoded) and record are durable when this returns. Secrets are masked.

        Raises ArchiveWriteFailed; then nothing of this response is visible, and putting it again completes it.
        """
        capture = Capture(
            sha256=hashlib.sha256(body).hexdigest(),
            url=mask_url(url),
            final_url=mask_url(final_url or url),
            fetched_at=fetched_at.astimezone(UTC),
            status=status,
            headers=mask_headers(headers),
            size=len(body),
            via=via,
            title=title,
            source_id=source_id,
            purpose=purpose,
            method=method,
            request_body=mask_form(request_body),
        )
        self._open()
        try:
            self._keep_body(capture.sha256, body)
            line = to_line(capture)
            journal, start = self._backend.append(line)
        except OSError as error:
            raise ArchiveWriteFailed(_reason(error), where=_place(error, self.location)) from error
        with self._lock:
            if self._index.read.get(journal, 0) == start:
                self._index.add(capture, line, journal, start)
                self._index.read[journal] = start + len(line)
        return capture

    def _keep_body(self, sha256: str, body: bytes) -> None:
        name = _body_name(sha256)
        if sha256 in self._sound:
            return
        if self._backend.has(name):
            try:
                whole = _unpack(self._backend.load(name), sha256, name) == body
            except CaptureCorrupt:
                whole = False  # the same bytes came again: they replace the damaged file
            if whole:
                self._remember(sha256)
                return
        level = 0 if body.startswith(_PACKED) else 1
        self._backend.keep(name, gzip.compress(body, level, mtime=0))
        self._remember(sha256)

    def _remember(self, sha256: str) -> None:
        with self._lock:
            if len(self._sound) > 50_000:
                self._sound.clear()
            self._sound.add(sha256)

    def _open(self) -> None:
        """Write the marker of a new archive; refuse one of a newer version."""
        with self._lock:
            if self._opened:
                return
            try:
                if self._backend.has(_MARKER):
                    self._check_version()
                else:
                    self._backend.keep(_MARKER, json.dumps({"version": VERSION}).encode() + b"\n")
            except OSError as error:
                raise ArchiveWriteFailed(_reason(error), where=_place(error, self.location)) from error
            self._opened = True

    def _check_version(self) -> None:
        try:
            version = json.loads(self._backend.load(_MARKER))["version"]
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveUnreadable(f"{_MARKER} says no version", where=self.location) from error
        if not isinstance(version, int) or version > VERSION:
            raise ArchiveVersion(f"its version is {version!r}, this program knows {VERSION}", where=self.location)

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, sha256: str) -> bytes:
        """The body under this sha256; hashed again on every read. Raises CaptureMissing, CaptureCorrupt."""
        if not _SHA256.fullmatch(sha256):
            raise CaptureMissing(f"{sha256[:80]!r} is not a sha256 in lower-case hex", where=self.location)
        name = _body_name(sha256)
        try:
            packed = self._backend.load(name)
        except FileNotFoundError:
            raise CaptureMissing(f"no body is kept under {sha256}", where=f"{self.location}/{name}") from None
        except OSError as error:
            raise ArchiveUnreadable(_reason(error), where=f"{self.location}/{name}") from error
        try:
            return _unpack(packed, sha256, f"{self.location}/{name}")
        except CaptureCorrupt:
            with self._lock:
                self._sound.discard(sha256)
            raise

    def has(self, sha256: str) -> bool:
        """Whether a body is kept under this sha256 (its bytes are not looked at)."""
        return bool(_SHA256.fullmatch(sha256)) and self._backend.has(_body_name(sha256))

    def latest(self, url: str, *, source_id: str | None = None, method: str = "GET") -> Capture | None:
        """The newest capture of a URL, requested or final; None where there is none."""
        last: Capture | None = None
        for capture in self.captures(url, source_id=source_id, tolerate_damage=True, must_exist=False):
            if capture.purpose == "redirect" or capture.method != method:
                continue  # a redirect is evidence of the way, not an answer
            if last is None or capture.fetched_at >= last.fetched_at:
                last = capture
        return last

    def captures(
        self,
        url: str | None = None,
        *,
        source_id: str | None = None,
        purpose: str | None = None,
        tolerate_damage: bool = False,
        must_exist: bool = True,
    ) -> Iterator[Capture]:
        """All captures, as written; of one URL (requested or final) by time. Streams; nothing but an index is held.

        After the last readable one, RecordDamaged is raised where a record could not be read, unless tolerated:
        an incomplete answer must not look complete. ArchiveMissing where there is no archive at all.
        """
        if must_exist:
            self._must_exist()
        found = self._stream() if url is None else self._of_url(mask_url(url))
        for capture in found:
            if source_id in (None, capture.source_id) and purpose in (None, capture.purpose):
                yield capture
        if not tolerate_damage:
            with self._lock:
                damaged = list(self._index.damaged)
            if damaged:
                places = ", ".join(f"{name}@{at}" for name, at in damaged[:5])
                raise RecordDamaged(f"{len(damaged)} records cannot be read: {places}", where=self.location)

    def _of_url(self, url: str) -> Iterator[Capture]:
        for attempt in (1, 2):
            with self._lock:
                self._refresh()
                places = sorted(self._index.by_url.get(url, ()), key=lambda at: (at.fetched_at, at.journal, at.start))
            try:
                lines = [self._backend.slice(at.journal, at.start, at.end) for at in places]
                break
            except FileNotFoundError:  # another writer has just gathered its single lines into one object
                with self._lock:
                    self._index = _Index()
                if attempt == 2:
                    raise
        for line in lines:
            capture = from_line(line)
            if capture is not None:
                yield capture

    def _stream(self) -> Iterator[Capture]:
        damaged: list[tuple[str, int]] = []
        seen: set[int] = set()
        try:
            sizes = self._backend.sizes(JOURNALS)
            for name, _, data in self._backend.tails([(name, 0) for name in sizes]):
                for start, line, complete in _lines(data):
                    mark = hash(line)
                    if mark in seen:
                        continue
                    seen.add(mark)
                    capture = from_line(line)
                    if capture is not None:
                        yield capture
                    elif complete:
                        damaged.append((name, start))
        except OSError as error:
            raise ArchiveUnreadable(_reason(error), where=_place(error, self.location)) from error
        with self._lock:
            self._index.damaged = damaged

    def _refresh(self) -> None:
        """Read what the journals have grown by since the last look. Call with the lock held."""
        index = self._index
        try:
            sizes = self._backend.sizes(JOURNALS)
            wanted = [(name, index.read.get(name, 0)) for name, size in sizes.items() if size > index.read.get(name, 0)]
            for name, offset, data in self._backend.tails(wanted):
                done = offset
                for start, line, complete in _lines(data):
                    capture = from_line(line)
                    if capture is not None:
                        index.add(capture, line, name, offset + start)
                    elif complete:
                        index.damaged.append((name, offset + start))
                    if complete or capture is not None:
                        done = offset + start + len(line)
                index.read[name] = done
        except OSError as error:
            raise ArchiveUnreadable(_reason(error), where=_place(error, self.location)) from error

    def _must_exist(self) -> None:
        try:
            present = self._backend.has(_MARKER) or bool(self._backend.sizes(JOURNALS))
        except OSError as error:
            raise ArchiveUnreadable(_reason(error), where=self.location) from error
        if not present:
            raise ArchiveMissing("there is no archive here", where=self.location)
        if self._backend.has(_MARKER):
            self._check_version()

    # ── checking, moving ─────────────────────────────────────────────────────────────────────────────────────────

    def verify(self) -> Iterator[Problem]:
        """Every record read, every body hashed again. Yields what is damaged, missing or unreadable; nothing else.

        A body without a record is what a killed writer leaves behind and is not a problem; it is hashed all the same.
        """
        self._must_exist()
        recorded: dict[str, str] = {}
        try:
            for capture in self.captures():
                recorded.setdefault(capture.sha256, capture.url)
        except RecordDamaged:
            with self._lock:
                damaged = list(self._index.damaged)
            for name, at in damaged:
                yield Problem("RecordDamaged", f"{self.location}/{name}@{at}", "the line's checksum does not hold")
        kept = set()
        for name in self._backend.sizes(BODIES):
            sha256 = name.rsplit("/", 1)[-1].removesuffix(".gz")
            if not _SHA256.fullmatch(sha256) or name != _body_name(sha256):
                yield Problem("CaptureCorrupt", f"{self.location}/{name}", "the file is not named by a sha256")
                continue
            kept.add(sha256)
            try:
                self.read(sha256)
            except ArchiveError as error:
                url = recorded.get(sha256)
                yield Problem(error.code, f"{self.location}/{name}", error.reason + (f" ({url})" if url else ""))
        for sha256, url in recorded.items():
            if sha256 not in kept:
                where = f"{self.location}/{_body_name(sha256)}"
                yield Problem("CaptureMissing", where, f"no body is kept under {sha256} ({url})")

    def export_warc(self, target: str | Path | IO[bytes], *, source_id: str | None = None) -> int:
        """All captures (or one source's) as WARC 1.1, gzip by record unless the name ends in .warc → records.

        A path is written as temp file + rename. Raises what `captures` and `read` raise, and ArchiveWriteFailed.
        """
        return warc.export(((c, self.read(c.sha256)) for c in self.captures(source_id=source_id)), target)

    def import_warc(self, path: str | Path | IO[bytes], *, source_id: str = "") -> int:
        """Keep each HTTP response of a WARC with its own time → how many. `via` is `warc` unless the file says more.

        What is kept already is not kept twice. Raises WarcInvalid after keeping what stood before the fault.
        """
        count = 0
        for body, facts in warc.responses(path):
            facts["source_id"] = facts.get("source_id") or source_id
            if not self._known(hashlib.sha256(body).hexdigest(), facts):
                self.put(body, **facts)
                count += 1
        return count

    def _known(self, sha256: str, facts: dict[str, Any]) -> bool:
        at = facts["fetched_at"]
        return any(
            c.sha256 == sha256 and c.fetched_at == at and c.method == facts["method"]
            for c in self.captures(facts["url"], tolerate_damage=True, must_exist=False)
        )

    def close(self) -> None:
        """End this writer's journal. The archive may be used again; a next `put` opens another."""
        try:
            self._backend.close()
        except OSError as error:
            raise ArchiveWriteFailed(_reason(error), where=self.location) from error
        with self._lock:
            self._index = _Index()

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _body_name(sha256: str) -> str:
    return f"{BODIES}/{sha256[:2]}/{sha256}.gz"


def _unpack(packed: bytes, sha256: str, where: str) -> bytes:
    try:
        body = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise CaptureCorrupt(f"the file does not unpack: {error}", where=where) from error
    found = hashlib.sha256(body).hexdigest()
    if found != sha256:
        raise CaptureCorrupt(f"the bytes have the sha256 {found}", where=where)
    return body


def _lines(data: bytes) -> Iterator[tuple[int, bytes, bool]]:
    """Bytes of a journal → (offset, line, whether it ends in a line feed). A killed writer leaves a torn last line."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start)
        if end < 0:
            yield start, data[start:], False
            return
        yield start, data[start : end + 1], True
        start = end + 1


def _reason(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


def _place(error: OSError, location: str) -> str:
    return str(error.filename) if error.filename else location
