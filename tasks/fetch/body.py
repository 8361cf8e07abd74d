"""A response's body: whole, unpacked and within its limits, or an error."""

from __future__ import annotations

import re
from http.client import HTTPException

import urllib3

from tasks.archive.encodings import Unpacked, Unpacker
from tasks.archive.errors import BodyTooLarge
from tasks.fetch.errors import BodyCut, LengthsDisagree
from tasks.fetch.transport import Gauge, named
from tasks.fetch.wording import shown

_PIECE = 1 << 16
_OPENED = re.compile(rb"<(?:html|body)[\s>]", re.IGNORECASE)
_CLOSED = re.compile(rb"</(?:html|body)\s*>|<!--\s*ContentEnd|</frameset\s*>", re.IGNORECASE)


def read_whole(raw: urllib3.BaseHTTPResponse, gauge: Gauge, *, method: str, max_bytes: int, sniff: bool) -> Unpacked:
    """Read the body to its end. Raises BodyCut, LengthsDisagree, BodyTooLarge, EncodingBroken, EncodingRefused,
    DeadlineExceeded, NoAnswer, ConnectionBroken.

    `sniff`: undeclared gzip is unpacked. A body framed by nothing but the end of the connection counts as whole only
    if it is no page or the page is closed: such a body can be cut anywhere without a trace.
    """
    length = _length(raw)
    bodiless = method == "HEAD" or raw.status in (204, 304)
    chunked = "chunked" in raw.headers.get("transfer-encoding", "").lower()
    if length is not None and not chunked and not bodiless and length > max_bytes:
        raise BodyTooLarge(f"{length} bytes announced, {max_bytes} allowed")
    unpacker = Unpacker(raw.headers.get("content-encoding"), max_bytes=max_bytes, sniff=sniff)
    count = 0
    try:
        for piece in raw.stream(_PIECE, decode_content=False):
            count += len(piece)
            unpacker.feed(piece)
    except (urllib3.exceptions.HTTPError, HTTPException, OSError) as error:
        raise named(error, gauge, in_body=True) from error
    except ValueError as error:
        # urllib3 hands a negative chunk size on to read().
        raise BodyCut(f"nonsense in the chunking: {shown(error)}") from error
    gauge.remaining()
    if length is not None and not chunked and not bodiless and count != length:
        raise BodyCut(f"{count} of {length} bytes")
    if gauge.surplus and not bodiless and not chunked:  # chunks say themselves where they end
        raise LengthsDisagree(f"more bytes on the connection than the {count} announced")
    whole = unpacker.finish()
    if length is None and not chunked and not bodiless and _is_cut(whole.body):
        raise BodyCut(f"the connection ended after {count} bytes, in the middle of the page")
    return whole


def _length(raw: urllib3.BaseHTTPResponse) -> int | None:
    """The announced length; None where there is none. Raises LengthsDisagree for two, or one that is no number."""
    values = {value.strip() for one in raw.headers.getlist("content-length") for value in one.split(",")}
    if not values:
        return None
    if len(values) > 1 or not all(value.isascii() and value.isdigit() for value in values):
        raise LengthsDisagree(f"Content-Length is {shown(', '.join(sorted(values)))}")
    return int(values.pop())


def _is_cut(body: bytes) -> bool:
    start = body[:4096].replace(b"\x00", b"")  # UTF-16 pages too
    if not _OPENED.search(start):
        return False
    return not _CLOSED.search(body.replace(b"\x00", b"") if b"\x00" in body[:64] else body)
