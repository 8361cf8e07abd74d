"""What a body really is: by magic bytes and structure first; names and Content-Type only name the disagreement.

Portals serve HTML as `.xls`, Word files of WPS without an extension, encrypted workbooks as `.xlsx` and error pages
as anything.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from itertools import islice

import olefile

from tasks.read.attachment_errors import (
    ArchiveFile,
    CorruptFile,
    EmptyFile,
    EncryptedFile,
    ImageFile,
    UnknownFormat,
    UnsupportedFormat,
)

# What `sniff` may answer beside `html` and `text`: the formats that `read_attachment` reads.
ATTACHMENT_FORMATS = frozenset(
    {"xlsx", "xlsm", "xls", "xlsb", "ods", "xml-workbook", "docx", "doc", "rtf", "odt", "xml-word", "pdf", "mhtml"}
)

_HEAD = 4096
_MARKUP_WINDOW = 262_144
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (
    (b"\x89PNG\r\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\xd7\xcd\xc6\x9a", "WMF"),
)
_ARCHIVES = (
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"MSCF", "cab"),
)
_OTHERS = (
    (b"%!PS", "PostScript"),
    (b"\xdb\xa5-\x00", "Word 2.0"),
    (b"\x31\xbe\x00\x00", "Write"),
    (b"\x09\x00\x04\x00", "Excel 2"),
    (b"\x09\x02\x06\x00", "Excel 3"),
    (b"\x09\x04\x06\x00", "Excel 4"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"AT&TFORM", "DjVu"),
    (b"CAJ", "CAJ"),
    (b"OggS", "audio or video"),
    (b"ID3", "audio"),
)
_TAGS = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|table|tbody|tr|td|div|p|span|br|meta|title|script|ul|li|a|font|center|h[1-6])"
    rb"(?=[\s>/])",
    re.IGNORECASE,
)
_ROOT = re.compile(rb"<(?![?!])([A-Za-z_][\w.:-]*)")
_LEADING = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*", re.DOTALL)
_MIME_HEADER = re.compile(rb"\A(?:[A-Za-z-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){1,40}", re.DOTALL)
_ODF = {
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.text": "odt",
}
_TYPES = (
    ("xlsb", b"sheet.binary.macroEnabled.main"),
    ("xlsm", b"sheet.macroEnabled.main"),
    ("xlsx", b"spreadsheetml.sheet.main"),
    ("xlsx", b"spreadsheetml.template.main"),
    ("docx", b"wordprocessingml.document.main"),
    ("docx", b"wordprocessingml.template.main"),
    ("docx", b"ms-word.document.macroEnabled.main"),
)


def sniff(body: bytes, name: str | None = None, content_type: str | None = None) -> str:
    """The format: html | text | one of ATTACHMENT_FORMATS.

    `xlsm` is a workbook with macros under whatever name. Raises EmptyFile, EncryptedFile, ArchiveFile, ImageFile,
    UnsupportedFormat, CorruptFile or UnknownFormat, naming the real type; `name` and `content_type` only add to
    the message what the file claimed to be.
    """
    claim = f"; it is called {name!r}" if name else f"; it was sent as {content_type}" if content_type else ""
    if not body.strip(b"\x00 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise EmptyFile(f"{len(body)} bytes and no content{claim}", where=name)
    try:
        return _by_magic(body, claim) or _by_markup(body, claim)
    except (ArchiveFile, ImageFile, UnsupportedFormat, CorruptFile, UnknownFormat, EncryptedFile) as error:
        error.where = error.where or name
        raise


def _by_magic(body: bytes, claim: str) -> str | None:
    if body.startswith(_OLE):
        return _ole(body, claim)
    if body.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip(body, claim)
    if body[:2] == b"\x09\x08" and body[2:4] in {b"\x08\x00", b"\x10\x00"}:
        return "xls"
    if b"%PDF-" in body[:1024]:
        return "pdf"
    stripped = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if stripped.startswith(b"{\\rtf"):
        return "rtf"
    for magic, what in _IMAGES:
        if body.startswith(magic) and (what != "BMP" or (len(body) > 14 and body[6:10] == b"\x00" * 4)):
            raise ImageFile(f"the file is a {what} picture{claim}")
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        raise ImageFile(f"the file is a WebP picture{claim}")
    if body[4:12] in {b"ftypheic", b"ftypavif", b"ftypmif1"}:
        raise ImageFile(f"the file is a HEIF picture{claim}")
    for magic, what in _ARCHIVES:
        if body.startswith(magic):
            raise ArchiveFile(f"the file is a {what} archive{claim}")
    if body[257:262] == b"ustar":
        raise ArchiveFile(f"the file is a tar archive{claim}")
    for magic, what in _OTHERS:
        if body.startswith(magic) and (magic != b"MZ" or b"\x00" in body[:128]):
            raise UnsupportedFormat(f"the file is {what}{claim}")
    return None


def _ole(body: bytes, claim: str) -> str:
    """The streams of the compound file's root tell its program; WPS writes the same ones as Office."""
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as ole:
            # Names of the root alone: a Word file may embed a whole workbook in a storage of its own.
            top = {entry[0].casefold() for entry in ole.listdir() if len(entry) == 1}
            storages = {entry[0].casefold() for entry in ole.listdir(streams=False, storages=True)}
    except Exception as error:  # olefile raises whatever a damaged sector made of its arithmetic
        raise CorruptFile(f"the compound (OLE) file is damaged or cut at {len(body)} bytes: {error}{claim}") from error
    if "encryptedpackage" in top or "encryptioninfo" in top:
        raise EncryptedFile(f"the file is an Office document encrypted with a password{claim}")
    if "worddocument" in top:
        return "doc"
    if top & {"workbook", "book"}:
        return "xls"
    for marker, what in (
        ("powerpoint document", "a PowerPoint presentation"),
        ("__properties_version1.0", "an Outlook message"),
        ("hwpsummaryinformation", "a Hangul document"),
        ("matost", "a Microsoft Works document"),
        ("contents", "a Works or WPS document of old"),
    ):
        if marker in top or marker in storages or any(marker in entry for entry in top):
            raise UnsupportedFormat(f"the file is {what}{claim}")
    raise UnsupportedFormat(f"the file is a compound (OLE) file with the streams {sorted(top)[:6]}{claim}")


def _zip(body: bytes, claim: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            members = {member.filename: member for member in package.infolist()}
            names = {name.lstrip("/").replace("\\", "/") for name in members}

            def peek(name: str, size: int) -> bytes:
                if name not in members:
                    return b""
                with package.open(members[name]) as stream:
                    return stream.read(size)

            mime = peek("mimetype", 128).strip()
            types = peek("[Content_Types].xml", 1 << 20)
    except RuntimeError as error:  # zipfile's word for a member that wants a password
        raise EncryptedFile(f"the zip archive asks for a password{claim}") from error
    except Exception as error:
        raise CorruptFile(f"the zip package is damaged or cut at {len(body)} bytes: {error}{claim}") from error
    if mime:
        for prefix, fmt in _ODF.items():
            if mime.startswith(prefix):
                return fmt
        if mime.startswith(b"application/vnd.oasis"):
            raise UnsupportedFormat(f"the file is {mime.decode('ascii', 'replace')}{claim}")
    if "OFD.xml" in names:
        raise UnsupportedFormat(f"the file is an OFD document{claim}")
    for fmt, marker in _TYPES:
        if marker in types:
            macros = any(name.endswith("vbaProject.bin") for name in names)
            return "xlsm" if fmt == "xlsx" and macros else fmt
    for fmt, member in (("xlsb", "xl/workbook.bin"), ("xlsx", "xl/workbook.xml"), ("docx", "word/document.xml")):
        if member in names:
            return fmt
    if any(name.startswith("ppt/") for name in names) or b"presentationml" in types:
        raise UnsupportedFormat(f"the file is a PowerPoint presentation{claim}")
    inside = ", ".join(sorted(names)[:5])
    raise ArchiveFile(f"the file is a zip archive of {len(names)} members ({inside}){claim}")


def _by_markup(body: bytes, claim: str) -> str:
    """HTML, other markup or plain text, in any encoding."""
    window = _as_ascii(body[:_MARKUP_WINDOW])
    start = window[(_LEADING.match(window) or re.match(rb"", window)).end() :]  # type: ignore[union-attr]
    header = _MIME_HEADER.match(start[:_HEAD])
    if header and b"mime-version:" in header[0].lower() and b"multipart/" in header[0].lower():
        return "mhtml"
    if start.startswith(b"<"):
        root = _ROOT.search(start)
        if root is not None:
            found = _xml_root(root[1], start, claim)
            if found is not None:
                return found
    tags = sum(1 for _ in islice(_TAGS.finditer(window), 3))
    if tags and not start.startswith(b"<") and {t[0][1:].lower() for t in _TAGS.finditer(window)} == {b"br"}:
        tags = 0  # a pipe table that breaks lines within its cells
    if tags >= 3 or (tags and start.startswith(b"<")) or re.match(rb"<!doctype\s+html", start, re.IGNORECASE):
        return "html"
    marked = _is_marked_utf16(body)
    if b"\x00" in window and not marked:
        raise UnknownFormat(f"binary of no known type, beginning {body[:8].hex(' ')}{claim}")
    controls = sum(window.count(bytes([code])) for code in (*range(1, 9), *range(14, 27), 28, 29, 30, 31))
    if not marked and controls > max(16, len(window) // 20):
        raise UnknownFormat(f"binary of no known type, beginning {body[:8].hex(' ')}{claim}")
    if start[:1] in {b"{", b"["} and _is_json(body):
        raise UnsupportedFormat(f"the body is JSON data, the answer of an interface, not a document{claim}")
    return "text"


def _xml_root(root: bytes, start: bytes, claim: str) -> str | None:
    name = root.rpartition(b":")[2].lower()
    head = start[:_HEAD]
    if name == b"workbook" and b"office:spreadsheet" in head:
        return "xml-workbook"
    if name == b"worddocument" or (name == b"package" and b"xmlPackage" in head):
        return "xml-word"
    if name in {b"html", b"table", b"div", b"body", b"p", b"span", b"meta", b"script"}:
        return "html"
    if start.startswith(b"<?xml") and not _TAGS.search(start):
        raise UnsupportedFormat(f"the file is XML with the root <{root.decode('ascii', 'replace')}>{claim}")
    return None


def _as_ascii(window: bytes) -> bytes:
    """UTF-16 and UTF-32 markup made searchable: decoded, or the NULs between ASCII characters removed."""
    if window[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return window.decode("utf-16", "ignore").encode("utf-8", "ignore")
    zeros = window.count(0) if 0 in window else 0
    if zeros and len(window) >= 8:
        even, odd = window[0::2].count(0), window[1::2].count(0)
        # Text of two-byte units has its NULs on one side only.
        if zeros > len(window) // 20 and min(even, odd) * 20 < max(even, odd):
            return window.replace(b"\x00", b"")
    return window


def _is_marked_utf16(body: bytes) -> bool:
    """Whether the body is text behind the mark of UTF-16, whose Chinese may hold any byte."""
    if body[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        return False
    try:
        return "\x00" not in body[: _HEAD & ~1].decode("utf-16", "ignore") and bool(body.decode("utf-16"))
    except UnicodeDecodeError:
        return False


def _is_json(body: bytes) -> bool:
    if len(body) > 8 << 20:
        return False
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
