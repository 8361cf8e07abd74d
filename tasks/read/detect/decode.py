"""Bytes of a page or text dump to text, strictly: never mojibake, never a lost row, never a silent U+FFFD.

Order: byte order mark, valid UTF-8, the declaration (header, then markup), GB18030, Big5. A declaration is only
believed where the bytes bear it out: portals declare gb2312 and send GBK, or UTF-8 and send GB18030.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

from tasks.model import Warn
from tasks.read.attachment_errors import EmptyFile, UndecodableText
from tasks.read.detect.likeness import accidental_utf8, chinese_share, looks_garbled
from tasks.read.detect.patchwork import Patchwork, decode_patchwork, foreign_runs

_NUL_SHARE = 0.05
_SAMPLE = 65_536
_PLACES_SHOWN = 3
_FROM_0800 = re.compile("[\u0800-\U0010ffff]")
_XML_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_FAMILY = {"gb2312": "gb18030", "gbk": "gb18030", "big5hkscs": "big5hkscs", "big5": "big5hkscs"}
# Encodings that accept any byte, and so prove nothing by accepting these.
_SINGLE_BYTE = re.compile(r"^(?:cp\d+|windows|iso8859|latin|koi8|mac|ascii|us-ascii|x-user)")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without its byte order mark, the encoding used (`utf-8`, `gb18030`, `utf-8+gb18030` …), what was odd.

    `utf8`: the text in UTF-8, where the body itself is that.
    """

    text: str
    encoding: str
    warnings: tuple[Warn, ...] = ()
    utf8: bytes | None = None


def decode(body: bytes, content_type: str | None = None, *, judged: bool = True) -> Decoded:
    """Bytes → Decoded. `content_type` is the HTTP header's value.

    `judged`: whether to look for text that was decoded twice; who has a page's text out of its markup, a fraction of
    it, asks `garbled` instead. Raises EmptyFile for nothing but white space and NULs, UndecodableText where no
    encoding fits.
    """
    if not body.strip(b"\x00 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise EmptyFile(f"{len(body)} bytes, none of them text")
    declared = _declared(body, content_type)
    text, encoding, warnings = _decode(body, declared)
    utf8 = body.removeprefix(codecs.BOM_UTF8) if encoding == "utf-8" and not warnings else None
    warnings.extend(_contradictions(declared, encoding, body))
    warnings.extend(_damage(text, known={warning.code for warning in warnings}))
    if judged:
        warnings.extend(garbled(text))
    return Decoded(text, encoding, tuple(warnings), utf8)


def _decode(body: bytes, declared: dict[str, str]) -> tuple[str, str, list[Warn]]:
    marked, mark = read_bom(body)
    if marked is not None and mark is not None:
        rest = body[len(mark) :]
        try:
            return rest.decode(marked), marked, []
        except UnicodeDecodeError as error:
            if marked != "utf-8":
                raise UndecodableText(f"byte order mark of {marked}, but byte {error.start} is not {marked}") from error
            body = rest
    wide = _wide(body)
    if wide is not None:
        return wide
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if not text.isascii():
            other = _rather_chinese(body, text, declared)
            return (other, "gb18030", []) if other is not None else (text, "utf-8", [])
        return _ascii(body, text, declared)
    return _legacy(body, declared)


def _ascii(body: bytes, text: str, declared: dict[str, str]) -> tuple[str, str, list[Warn]]:
    """Seven-bit bytes: UTF-8, or one of the escape-sequence encodings if declared and used."""
    for encoding in declared.values():
        if encoding in {"hz", "iso2022_jp", "utf-7"}:
            escaped = b"~{" in body if encoding == "hz" else b"\x1b$" in body if encoding == "iso2022_jp" else False
            if escaped:
                return body.decode(encoding), encoding, []
    return text, "utf-8", []


def _rather_chinese(body: bytes, text: str, declared: dict[str, str]) -> str | None:
    """A few GBK words can be valid UTF-8 by chance (two-byte letters only): then a declaration of GBK decides."""
    if _FROM_0800.search(text):
        return None
    try:
        other = body.decode("gb18030")
    except UnicodeDecodeError:
        return None
    if "gb18030" in declared.values() and chinese_share(other) > chinese_share(text):
        return other
    return other if accidental_utf8(text, other) else None


def _wide(body: bytes) -> tuple[str, str, list[Warn]] | None:
    """UTF-16 and UTF-32 without a mark, told by where the NULs stand."""
    sample = body[: _SAMPLE & ~3]
    if 0 not in sample:
        return None
    if sample.count(0) < max(2, len(sample) * _NUL_SHARE) or len(sample) < 4:
        return None
    found: list[tuple[float, str, str]] = []
    for encoding, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        if len(body) % width:
            continue
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            found.append((_legible_share(text), encoding, text))
    best = max(found, default=None)
    if best is None or best[0] < 0.8:
        return None
    return best[2], best[1], [Warn("encoding_undeclared", f"{best[1]} without a byte order mark")]


def _legible_share(text: str) -> float:
    sample = text[:4096]
    return sum(" " <= c < "\x7f" or c in "\r\n\t" or "\u3000" <= c <= "\u9fff" or c >= "\uff00" for c in sample) / len(
        sample
    )


def _legacy(body: bytes, declared: dict[str, str]) -> tuple[str, str, list[Warn]]:
    """Not UTF-8 as a whole: the multi-byte families that fit strictly, else a patchwork, else the declared one."""
    fits: list[tuple[float, int, str, str]] = []
    wanted = list(dict.fromkeys([*declared.values(), "gb18030", "big5hkscs"]))
    for rank, encoding in enumerate(wanted):
        if _SINGLE_BYTE.match(encoding) or encoding == "utf-8":
            continue
        try:
            text = body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        fits.append((chinese_share(text, traditional=encoding.startswith("big5")), -rank, encoding, text))
        if fits[-1][0] > 0.9:
            # Nothing else can read clearly more like Chinese.
            break
    if fits:
        # The declared family first; another only where it reads clearly more like Chinese.
        first = max(fits, key=lambda fit: fit[1])
        share, _, encoding, text = max(fits, key=lambda fit: (fit[0] - (0 if fit is first else 0.15), fit[1]))
        places = foreign_runs(body, encoding)
        if not places and share > 0.3:
            return text, encoding.removesuffix("hkscs"), []
        if places:
            return _patched(decode_patchwork(body, encoding, "utf-8"), len(body))
        single = _single_byte(body, declared)
        doubt = [Warn("encoding_doubtful", f"valid {encoding}, but only {share:.0%} of it is everyday Chinese")]
        return single or (text, encoding.removesuffix("hkscs"), doubt)
    best = min(
        (
            decode_patchwork(body, "utf-8", "gb18030"),
            decode_patchwork(body, "gb18030", "utf-8"),
            decode_patchwork(body, "big5hkscs", "utf-8"),
        ),
        key=lambda work: (work.damaged, len(work.mixed)),
    )
    if best.lost:
        single = _single_byte(body, declared)
        if single is not None:
            return single
    return _patched(best, len(body))


def _single_byte(body: bytes, declared: dict[str, str]) -> tuple[str, str, list[Warn]] | None:
    """A Western or Cyrillic page, believed only when declared and read as words: accents inside ASCII letters."""
    for encoding in declared.values():
        if not _SINGLE_BYTE.match(encoding):
            continue
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not looks_garbled(text):
            return text, encoding, []
    return None


def _patched(work: Patchwork, size: int) -> tuple[str, str, list[Warn]]:
    if work.hopeless:
        raise UndecodableText(
            f"neither UTF-8 nor GB18030 nor Big5: {work.damaged} of {size} bytes fit none, first at {work.first}"
        )
    warnings = []
    if work.mixed:
        where = "; ".join(work.mixed[:_PLACES_SHOWN])
        warnings.append(
            Warn("mixed_encodings", f"{len(work.mixed)} places are {work.second} in a {work.main} page: {where}")
        )
    if work.lost:
        where = "; ".join(work.lost[:_PLACES_SHOWN])
        warnings.append(
            Warn("undecodable_bytes", f"{len(work.lost)} places hold bytes of no encoding, shown as U+FFFD: {where}")
        )
    names = [work.main, work.second] if work.mixed else [work.main]
    return work.text, "+".join(name.removesuffix("hkscs") for name in names), warnings


def _declared(body: bytes, content_type: str | None) -> dict[str, str]:
    """Where → encoding (Python's name), as browsers map the labels: gb2312 and gbk are GB18030."""
    found: dict[str, str] = {}
    in_xml = _XML_DECLARED.match(body[:1024])
    labels = {
        "header": http_content_type_encoding(content_type or ""),
        "xml": resolve_encoding(in_xml[1].decode("ascii")) if in_xml else None,
        "meta": html_body_declared_encoding(body),
    }
    for where, label in labels.items():
        if not label:
            continue
        try:
            python_name = codecs.lookup(label).name
        except LookupError:
            continue
        found[where] = _FAMILY.get(python_name, python_name)
    return found


def _contradictions(declared: dict[str, str], used: str, body: bytes) -> list[Warn]:
    """Declarations the bytes do not bear out. Pure ASCII contradicts nothing."""
    if body.isascii():
        return []
    return [
        Warn("encoding_declared_wrong", f"{where} declares {encoding.removesuffix('hkscs')}, the bytes are {used}")
        for where, encoding in declared.items()
        if encoding.removesuffix("hkscs") not in used.split("+") and not used.startswith(encoding)
    ]


def _damage(text: str, known: set[str]) -> list[Warn]:
    """Damage that was done before the bytes were sent."""
    found = []
    lost = text.count("\ufffd") if "\ufffd" in text else 0
    if lost and "undecodable_bytes" not in known:
        at = text.index("\ufffd")
        snippet = text[max(0, at - 12) : at + 12].replace("\n", " ")
        found.append(Warn("replacement_characters", f"{lost} U+FFFD in the text, first at character {at}: {snippet!r}"))
    return found


def garbled(text: str) -> list[Warn]:
    """The warning that a text was decoded twice before it was sent; none where it reads as it should."""
    if not looks_garbled(text):
        return []
    return [Warn("text_garbled", "the portal's text reads like bytes decoded twice")]
