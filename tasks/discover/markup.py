"""Entries of a list as its markup tells them: link, title, date; whatever element they are in."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tasks.text import clean, clean_cell

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SEPARATOR = r"\s*[-/.年]\s*"
_DAY = re.compile(rf"(?<!\d)(?P<y>\d{{4}}){_SEPARATOR}(?P<m>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})(?!\d)\s*日?")
_SHORT_DAY = re.compile(r"(?<![\d-])(?P<m>\d{1,2})\s*[-/月]\s*(?P<d>\d{1,2})(?![\d-])\s*日?")
_CLOCK = re.compile(r"\s*\d{1,2}\s*:\s*\d{2}(?:\s*:\s*\d{2})?")
# A list's own date glued to a title; a date in words, 工作报告(2023年2月4日), is part of the title.
_DATE_AT_END = re.compile(
    r"(?:\s+|\s*[\[(（【]\s*)\d{4}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2}(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?[\s\])）】]*$"
)
_CUT = re.compile(r"(?:…+|\.{2,}|。{3,})\s*$")
_BULLET = re.compile(r"^[\s·•●▪■◆※>»›\-]+(?=\S)")
_TAG = re.compile(r"<[^<>]*>")
_ESCAPED_U = re.compile(r"%u([0-9a-fA-F]{4})")
# jumpToDetail('./202605/t….html'), window.open("…"), location.href='…'
_SCRIPT_LINK = re.compile(r"""['"]([^'"\s]+\.(?:s?html?|jsp[^'"\s]*|docx?|xlsx?|pdf)(?:\?[^'"\s]*)?)['"]""", re.I)
_ROWS = frozenset({"li", "tr", "dd", "dl", "p"})
_ROW_LIMIT = 600  # characters: an element with more text than that is no row of a list


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a list, as printed. `href` is empty where the record has no link: debris."""

    href: str
    title: str
    day: str = ""
    raw: str = ""

    @property
    def cut(self) -> bool:
        """Whether the title was shortened by the list."""
        return bool(_CUT.search(self.title))

    @property
    def mark(self) -> str:
        """What tells this record from another one of the same list, before any folding."""
        return self.href or f"debris {self.raw or self.title}"


def decode(body: bytes) -> tuple[str, bool]:
    """Bytes of a list → (text, whether it is whole), as `decoded` has it."""
    text, encoding = decoded(body)
    return text, bool(encoding)


def decoded(body: bytes) -> tuple[str, str]:
    """Bytes of a list → (text, encoding): BOM, then strict UTF-8, then strict GB18030.

    Where neither fits, damaged characters are shown as U+FFFD and the encoding is empty.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace"), encoding
    for encoding in ("utf-8", "gb18030"):
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return body.decode("utf-8", "replace"), ""


def parse_day(text: str) -> tuple[int | None, int, int] | None:
    """(year, month, day) as printed, year None for `10-29`; None where no date stands there. Not validated."""
    plain = unicodedata.normalize("NFKC", text)
    found = _DAY.search(plain)
    if found is not None:
        return int(found["y"]), int(found["m"]), int(found["d"])
    compact = re.search(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)", plain)
    if compact is not None:
        return int(compact[1]), int(compact[2]), int(compact[3])
    found = _SHORT_DAY.search(plain)
    return (None, int(found["m"]), int(found["d"])) if found is not None else None


def real_day(year: int, month: int, day: int) -> date | None:
    """The date, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def clean_title(text: str) -> str:
    """A title without markup, escapes, bullets and a date glued to its end; on one line."""
    text = _ESCAPED_U.sub(lambda found: chr(int(found[1], 16)), text)
    text = clean_cell(_TAG.sub("", html.unescape(text))).replace("\n", " ")
    return _DATE_AT_END.sub("", _BULLET.sub("", text)).strip()


def is_cut(title: str) -> bool:
    """Whether a title ends in the dots of a list that shortens."""
    return bool(_CUT.search(title))


def record_entry(fragment: str) -> Entry:
    """One record's markup (a CDATA section) → its entry; debris where it has no link."""
    found = list(_entries(LexborHTMLParser(_wrapped(fragment)), whole=True))
    if not found:
        return Entry("", clean_title(fragment)[:80], raw=fragment)
    best = max(found, key=lambda one: (bool(one.title), bool(one.day), len(one.title)))
    return best


def page_entries(text: str, selector: str | None = None) -> list[Entry]:
    """All links of a page or fragment that stand in rows, in order; `selector` (CSS) narrows it to its matches."""
    return list(_entries(LexborHTMLParser(text), selector=selector))


def _wrapped(fragment: str) -> str:
    # A bare <tr> or <td> would be dropped by an HTML parser.
    head = fragment.lstrip()[:4].lower()
    if head.startswith("<tr"):
        return f"<table>{fragment}</table>"
    return f"<table><tr>{fragment}</tr></table>" if head.startswith("<td") else fragment


def _entries(tree: LexborHTMLParser, *, whole: bool = False, selector: str | None = None) -> Iterator[Entry]:
    roots = tree.css(selector) if selector else [tree.root] if tree.root is not None else []
    for root in roots:
        for link in _links(root, itself=bool(selector)):
            href = _href(link)
            if href is None:
                continue
            row = root if whole or selector else _row(link)
            around = _text(row)
            title = _title(link)
            yield Entry(href, title, _day_text(link, around), raw=around[:200])


def _links(root: LexborNode, *, itself: bool) -> list[LexborNode]:
    found = root.css("a, [onclick]")
    return [root, *found] if itself and root.tag == "a" and root not in found else found


def _href(link: LexborNode) -> str | None:
    href = (link.attributes.get("href") or "").strip()
    script = link.attributes.get("onclick") or ""
    if href.lower().startswith("javascript:"):
        inside = _SCRIPT_LINK.search(href)
        if inside is not None:
            return inside[1]
    if not href or href == "#" or href.lower().startswith("javascript:"):
        inside = _SCRIPT_LINK.search(script)
        if inside is not None:
            return inside[1]
        return href or None if link.tag == "a" else None
    return href


def _row(link: LexborNode) -> LexborNode:
    """The element that is this link's row: the nearest li, tr, … or the widest parent with no other link."""
    best, node = link, link.parent
    while node is not None and node.tag not in ("body", "html", "-undef"):
        if node.tag in _ROWS:
            return node if len(node.text(deep=True)) <= _ROW_LIMIT else best
        if len(node.css("a")) > 1:
            return best
        best, node = node, node.parent
    return best


def _text(node: LexborNode) -> str:
    return clean(node.text(deep=True, separator=" "))


def _title(link: LexborNode) -> str:
    attribute = clean_title(link.attributes.get("title") or "")
    printed = clean_title(_printed(link))
    if not attribute:
        return printed
    # Some templates put the site's or column's name into every title attribute; some cut the attribute itself.
    if is_cut(attribute) and printed and not is_cut(printed):
        return printed
    return attribute


def _printed(link: LexborNode) -> str:
    """The link's own text; a date element inside it is not part of the title."""
    pieces = []
    for child in link.iter(include_text=True):
        text = _text(child)
        dated = _DAY.fullmatch(_CLOCK.sub("", text).strip(" \n[]()（）【】"))
        if child.tag == "-text" or not dated:
            pieces.append(text)
    return "".join(pieces)


def _day_text(link: LexborNode, around: str) -> str:
    """The date printed in the row, outside the title where there is one."""
    title = _text(link)
    outside = around.replace(title, " ", 1)
    for text in (outside, around):
        for pattern in (_DAY, _SHORT_DAY):
            found = pattern.search(unicodedata.normalize("NFKC", text))
            if found is not None:
                return found[0].strip()
    compact = re.search(r"(?<!\d)20\d{6}(?!\d)", outside)
    return compact[0] if compact is not None else ""
