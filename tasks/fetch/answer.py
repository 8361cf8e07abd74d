"""A whole response, and what a reader without scripts would see of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from tasks.fetch import phrases

# More visible text than this, and a page is nobody's error page.
LONG = 1500
_HEAD_BYTES = 1 << 19

_SCRIPT = re.compile(r"<script\b[^<>]*>(.*?)(?:</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|noscript|title|template|textarea)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL
)
_BREAK = re.compile(
    r"<(?:br|/?(?:p|div|h[1-6]|li|tr|td|th|table|center|section|ul|dl|dd|dt|body))\b[^<>]*>", re.IGNORECASE
)
_LINKED = re.compile(r"<a\b[^<>]*>.*?(?:</a\s*>|(?=<a\b)|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_TITLE = re.compile(r"<title\b[^<>]*>(.*?)(?:</title\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_HEADING = re.compile(r"<h[1-3]\b[^<>]*>(.*?)(?:</h[1-3]\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_HANDLER = re.compile(r"\bon(?:load|error)\s*=\s*(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_MARKUP = re.compile(
    r"\s*(?:<!doctype\s+html|<html|<head|<body|<script|<meta|<title|<div|<p[\s>]|<h\d|<center|<!--)", re.IGNORECASE
)
_OTHER_XML = re.compile(r"<\?xml|<(?:rss|feed|datastore|root|data)\b", re.IGNORECASE)
_HTML_TAG = re.compile(r"<(?:html|body|head|div|table|p)\b", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_HAN_NODE = re.compile(
    r"<(?!script|style|textarea|noscript|template|title|!)[^<>]*>([^<>]*[\u4e00-\u9fff][^<>]*)", re.IGNORECASE
)


@dataclass(frozen=True)
class Answer:
    """A whole response. `requested` is the URL asked for, `url` the one that answered; `body` is unpacked."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    requested: str
    url: str
    purpose: str = "document"
    range_asked: bool = False

    @cached_property
    def text(self) -> str:
        """The first half megabyte, decoded well enough to recognise error pages by; not for keeping."""
        head = self.body[:_HEAD_BYTES]
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return head.decode("utf-16", "replace")
        try:
            return head.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.start > len(head) - 4:  # only the last character is cut
                return head.decode("utf-8", "ignore")
            return head.decode("gb18030", "replace")

    @cached_property
    def is_page(self) -> bool:
        """Whether it is HTML: something a person would be shown."""
        start = self.text[:2048].lstrip("\ufeff \t\r\n\x00")
        if _OTHER_XML.match(start) and "<html" not in start.lower():
            return False
        return bool(_MARKUP.match(start)) or (start.startswith("<") and bool(_HTML_TAG.search(start)))

    @cached_property
    def lines(self) -> list[str]:
        """The text lines that a reader without scripts would see."""
        plain = _TAG.sub("", _BREAK.sub("\n", _HIDDEN.sub(" ", self.text)))
        return [line for raw in unescape(plain).split("\n") if (line := " ".join(raw.split()))]

    @cached_property
    def sentences(self) -> list[str]:
        """The lines without the texts of links: a list's or a sidebar's titles are about other pages."""
        plain = _TAG.sub("", _BREAK.sub("\n", _LINKED.sub(" ", _HIDDEN.sub(" ", self.text))))
        return [line for raw in unescape(plain).split("\n") if (line := " ".join(raw.split()))]

    @cached_property
    def visible(self) -> int:
        """The number of visible characters."""
        return sum(len(line) for line in self.lines)

    @cached_property
    def is_long(self) -> bool:
        """Whether there is much Chinese text in it, found without reading it all: what most documents are."""
        total = 0
        for node in _HAN_NODE.finditer(self.text):
            total += len(node[1].strip())
            if total >= LONG:
                return True
        return False

    @cached_property
    def title(self) -> str:
        """The page's title; "" where it has none."""
        found = _TITLE.search(self.text)
        return " ".join(unescape(_TAG.sub("", found[1])).split()) if found else ""

    @cached_property
    def headings(self) -> list[str]:
        """The title and the first headings."""
        return [self.title, *(unescape(_TAG.sub("", one)).strip() for one in _HEADING.findall(self.text)[:5])]

    @cached_property
    def scripts(self) -> str:
        """All script text, handlers of loading included."""
        return "\n".join([*_SCRIPT.findall(self.text), *_HANDLER.findall(self.text)])

    @cached_property
    def has_script(self) -> bool:
        """Whether it loads or holds any script."""
        return bool(_SCRIPT.search(self.text))

    @cached_property
    def is_content(self) -> bool:
        """Whether it carries what only content has: CMS markers, data, a table of some cells, a file to download."""
        if (
            self.is_long
            or self.visible >= LONG
            or phrases.DATA.search(self.text)
            or phrases.ATTACHMENT.search(self.text)
        ):
            return True
        if phrases.CMS.search(self.text) and self.visible >= 20:
            return True
        return len(phrases.CELL.findall(self.text)) >= 4 and self.visible >= 10

    @cached_property
    def says_something(self) -> bool:
        """Whether title and text are those of a (small) page that was written for readers."""
        return len(_HAN.findall(self.title)) >= 5 and any(_HAN.search(line) for line in self.lines)

    @cached_property
    def only_waits(self) -> bool:
        """Whether what is visible only asks to wait or to switch script on."""
        unscripted = re.findall(r"<noscript\b[^<>]*>(.*?)(?:</noscript|\Z)", self.text, re.IGNORECASE | re.DOTALL)
        said = " ".join([self.title, *self.lines, *unscripted])
        return self.visible < 200 and bool(phrases.WAITS.search(said))
