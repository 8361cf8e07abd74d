"""Content encodings undone while streaming: to the end of the stream or not at all, within a cap."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.archive.errors import BodyTooLarge, EncodingBroken, EncodingRefused

_CHUNK = 1 << 16
_MAX_LAYERS = 3
# Deflate reaches 1032; Word-pasted tables of a thousand equal cells reach 60-100.
_MAX_RATIO = 300
_RATIO_FROM = 4 << 20
_GZIP = b"\x1f\x8b"
_GZIP_DEFLATE = b"\x1f\x8b\x08"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A whole body, and what was odd about its encoding."""

    body: bytes
    notes: tuple[str, ...] = ()


class _Layer:
    """One content encoding. `feed` yields what comes out, in pieces; `finish` yields the rest or raises."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.note = ""
        self._head = b""
        self._inflate: zlib._Decompress | None = None
        self._plain = False
        self._produced = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._plain:
            yield data
            return
        if self._inflate is None:
            self._head += data
            if len(self._head) < 2:
                return
            data, self._head = self._head, b""
            if not self._begin(data):
                yield data
                return
        yield from self._run(data)

    def finish(self) -> Iterator[bytes]:
        if self._plain:
            return
        if self._inflate is None:
            if self._head:
                raise EncodingBroken(f"{self.name}: the body is a single byte")
            return  # nothing at all: an empty body
        yield from self._drain(b"")
        if not self._inflate.eof:
            raise EncodingBroken(f"{self.name}: the stream is cut off")

    def _begin(self, data: bytes) -> bool:
        """Choose the decompressor by the first bytes; False where the declared encoding is a lie and all is plain."""
        if self.name == "gzip":
            if not data.startswith(_GZIP):
                return self._as_plain(data)
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0:
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS)
        elif data.startswith(_GZIP):
            self.note = "declared deflate, is gzip"
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        elif data.lstrip()[:1] in (b"<", b"{", b"[", b"\xef"):
            return self._as_plain(data)
        else:
            self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)  # many servers send raw deflate
        return True

    def _as_plain(self, data: bytes) -> bool:
        # Only what can be read without unpacking is taken as plain; anything else stays a failure.
        if b"\x00" in data[:4096] and not data.startswith(
            (b"\xff\xfe", b"\xfe\xff", b"PK", b"%PDF", b"\xd0\xcf\x11\xe0")
        ):
            raise EncodingBroken(f"declared {self.name}, begins with {data[:8]!r}")
        self.note = f"declared {self.name}, came plain"
        self._plain = True
        return False

    def _run(self, data: bytes) -> Iterator[bytes]:
        while data:
            assert self._inflate is not None
            if self._inflate.eof:
                if not data.strip(b"\x00"):
                    return  # padding
                if self.name != "gzip" or not data.startswith(_GZIP[: len(data)]):
                    raise EncodingBroken(f"{self.name}: {len(data)} bytes follow the end of the stream")
                self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield from self._drain(data)
            data = self._inflate.unused_data

    def _drain(self, data: bytes) -> Iterator[bytes]:
        assert self._inflate is not None
        try:
            while True:
                out = self._inflate.decompress(data, _CHUNK)
                data = self._inflate.unconsumed_tail
                if out:
                    yield out
                if self._inflate.eof or (not data and len(out) < _CHUNK):
                    return
        except zlib.error as error:
            raise EncodingBroken(f"{self.name}: {error}") from error


class Unpacker:
    """Undo `content_encoding` (a header's value, outermost last) piece by piece, holding at most `max_bytes`.

    `sniff`: a body that still is gzip when all declared layers are off is unpacked too, and noted.
    Raises EncodingRefused at once, EncodingBroken and BodyTooLarge while feeding or at the end.
    """

    def __init__(self, content_encoding: str | None, *, max_bytes: int, sniff: bool = True) -> None:
        names = [name.strip().lower().removeprefix("x-") for name in (content_encoding or "").split(",")]
        names = [name for name in names if name not in ("", "identity", "none", "utf-8")]
        if len(names) > _MAX_LAYERS:
            raise EncodingRefused(f"{len(names)} nested content encodings")
        for name in names:
            if name not in ("gzip", "deflate"):
                raise EncodingRefused(f"content encoding {name[:40]!r}")
        self._layers = [_Layer(name) for name in reversed(names)]
        self._max = max_bytes
        self._sniff = sniff
        self._out = bytearray()
        self._wire = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the wire."""
        self._wire += len(data)
        self._through(data, 0)

    def finish(self) -> Unpacked:
        """The whole body. Raises EncodingBroken where a stream has not reached its end."""
        for at, layer in enumerate(self._layers):
            for piece in layer.finish():
                self._through(piece, at + 1)
        notes = [layer.note for layer in self._layers if layer.note]
        body = bytes(self._out)
        self._out = bytearray()
        for _ in range(_MAX_LAYERS - 1):
            if not (self._sniff and body.startswith(_GZIP_DEFLATE)):
                break
            inner = Unpacker("gzip", max_bytes=self._max, sniff=False)
            inner.feed(body)
            body = inner.finish().body
            notes.append("gzip without being declared")
        return Unpacked(body, tuple(notes))

    def _through(self, data: bytes, at: int) -> None:
        if at == len(self._layers):
            self._keep(data)
            return
        for piece in self._layers[at].feed(data):
            self._through(piece, at + 1)

    def _keep(self, data: bytes) -> None:
        size = len(self._out) + len(data)
        if size > self._max:
            raise BodyTooLarge(f"more than {self._max} bytes unpacked, from {self._wire} on the wire")
        if size > _RATIO_FROM and size > self._wire * _MAX_RATIO:
            raise BodyTooLarge(f"{size} bytes unpacked from {self._wire} on the wire: a bomb")
        self._out += data
