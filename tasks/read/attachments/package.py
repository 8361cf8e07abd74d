"""Zip packages (OOXML, ODF) opened under guard, and their XML parsed without entities.

Nothing is unpacked to disk, so member names are never paths; relationships are read, never followed out of the file.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from lxml import etree

from tasks.read.attachment_errors import CorruptFile, EncryptedFile, OversizedFile, UnsafeFile
from tasks.read.limits import Limits

_CHUNK = 1 << 20
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OVERLAP = 16


def parser_options() -> dict[str, Any]:
    """What every XML parser of this room is given: no entities, no DTD, no network, libxml2's own size limits."""
    return {
        "resolve_entities": False,
        "no_network": True,
        "load_dtd": False,
        "dtd_validation": False,
        "huge_tree": False,
        "remove_comments": True,
        "remove_pis": True,
    }


def parse_xml(body: bytes, what: str) -> Any:
    """The root element. Raises UnsafeFile on a document type, CorruptFile on what is not well-formed."""
    try:
        root = etree.fromstring(body, etree.XMLParser(**parser_options()))
    except etree.XMLSyntaxError as error:
        raise malformed(error, what) from error
    refuse_doctype(root, what)
    return root


def malformed(error: etree.XMLSyntaxError, what: str) -> CorruptFile:
    """The named error for XML that does not parse. Raises MemoryError where libxml2 ran out of memory instead."""
    if error.code == etree.ErrorTypes.ERR_NO_MEMORY or not error.code or not (error.lineno or 0):
        raise MemoryError
    return CorruptFile(f"{what} is not well-formed XML: {error}")


def refuse_doctype(element: Any, what: str) -> None:
    """For parsers that see encodings the byte scan cannot, such as UTF-7. Raises UnsafeFile."""
    info = element.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise UnsafeFile(f"{what} declares a document type ({str(info.doctype)[:80]!r})")


class Package:
    """A zip package whose every member has been weighed and searched for declarations before anything is read.

    `with Package(body, limits) as package: package.read("word/document.xml")`. Raises CorruptFile, EncryptedFile,
    OversizedFile, UnsafeFile.
    """

    def __init__(self, body: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(body))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise CorruptFile(f"the zip package is damaged or cut at {len(body)} bytes: {error}") from error
        self._limits = limits
        members = self._zip.infolist()
        self._weigh(members, len(body))
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            # Part names do not tell upper from lower case.
            self._members.setdefault(_plain(member.filename).casefold(), member)
        for name, member in self._members.items():
            self._search(name, member)

    def __enter__(self) -> Package:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()

    def _weigh(self, members: list[zipfile.ZipInfo], size: int) -> None:
        limits = self._limits
        if len(members) > limits.members:
            raise OversizedFile(f"{len(members)} members in the package, the limit members is {limits.members}")
        if any(member.flag_bits & 1 for member in members):
            raise EncryptedFile("the members of the package are encrypted")
        unpacked = sum(member.file_size for member in members)
        packed = sum(member.compress_size for member in members)
        if unpacked > limits.unpacked_bytes:
            raise OversizedFile(f"{unpacked} bytes unpacked, the limit unpacked_bytes is {limits.unpacked_bytes}")
        if unpacked > limits.ratio_from_bytes and unpacked > limits.ratio * max(packed, 1):
            raise OversizedFile(
                f"{packed} bytes unpack to {unpacked}: more than {limits.ratio:g} times, the limit ratio"
            )
        if packed > size:
            raise OversizedFile(f"members of {packed} bytes overlap in a package of {size}")

    def _search(self, name: str, member: zipfile.ZipInfo) -> None:
        tail = b""
        first = True
        for chunk in self._chunks(member):
            if first and not _may_be_xml(name, chunk):
                return
            first = False
            # NULs out: UTF-16 and UTF-32 hide nothing.
            seen = tail + chunk.replace(b"\x00", b"")
            found = _DECLARATION.search(seen)
            if found is not None:
                raise UnsafeFile(f"{name} contains {found[0].decode('ascii')}")
            tail = seen[-_OVERLAP:]

    def _chunks(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """The member, unpacked piecewise. zipfile stops at the declared size and checks the CRC."""
        try:
            with self._zip.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except RuntimeError as error:
            raise EncryptedFile(f"the member {member.filename!r} asks for a password") from error
        except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error) as error:
            raise CorruptFile(f"the member {member.filename!r} is damaged: {error}") from error

    @property
    def names(self) -> list[str]:
        """The members' names as in the package, without a leading slash."""
        return [_plain(member.filename) for member in self._members.values()]

    def __contains__(self, name: str) -> bool:
        return _plain(name).casefold() in self._members

    def read(self, name: str) -> bytes:
        """One member whole. Raises CorruptFile where it is missing."""
        member = self._members.get(_plain(name).casefold())
        if member is None:
            raise CorruptFile(f"the package lacks its part {name!r}")
        return b"".join(self._chunks(member))

    def xml(self, name: str) -> Any:
        """One member parsed: the root element."""
        return parse_xml(self.read(name), name)

    def stream(self, name: str) -> Any:
        """One member as a binary stream, for incremental parsing."""
        member = self._members.get(_plain(name).casefold())
        if member is None:
            raise CorruptFile(f"the package lacks its part {name!r}")
        return self._zip.open(member)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """id → (last word of the type, target part); external targets are kept out."""
        folder, _, name = part.rpartition("/")
        rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
        if rels not in self:
            return {}
        found = {}
        for relation in self.xml(rels):
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target") or ""
            found[relation.get("Id") or ""] = (
                (relation.get("Type") or "").rpartition("/")[2],
                _resolve(folder, target),
            )
        return found

    def external(self) -> list[str]:
        """Targets outside the package that opening it in Office would fetch (templates, frames, linked pictures …)."""
        found = []
        for name in self.names:
            if name.endswith(".rels"):
                for relation in self.xml(name):
                    kind = (relation.get("Type") or "").rpartition("/")[2]
                    if relation.get("TargetMode") == "External" and kind != "hyperlink":
                        found.append(f"{kind} {relation.get('Target')}")
        return found


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")


def _resolve(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target.lstrip("/")
    parts = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step not in {"", "."}:
            parts.append(step)
    return "/".join(parts)


def _may_be_xml(name: str, start: bytes) -> bool:
    if name.endswith((".xml", ".rels", ".vml", ".xsd", ".xsl", ".rdf", ".htm", ".html", ".svg")):
        return True
    return start.lstrip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n")[:1] == b"<"
