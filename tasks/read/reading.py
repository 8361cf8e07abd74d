"""The way in: bytes of any format → page → report."""

from __future__ import annotations

from dataclasses import replace

from tasks.errors import JibaoError
from tasks.lookalikes import as_ideographs, has_lookalikes, warned, without_references
from tasks.model import Report, Warn
from tasks.read.attachments import read_attachment
from tasks.read.detect.decode import decode, garbled
from tasks.read.detect.sniff import sniff
from tasks.read.hints import ReadHints
from tasks.read.interpret import interpret
from tasks.read.page import Page
from tasks.read.textdump import read_text
from tasks.read.textdump.wrapped import unwrapped
from tasks.read.web.condense import condense
from tasks.read.web.embedded import EMBEDDED, with_embedded
from tasks.read.web.html import read_condensed, read_html


def read(
    body: bytes,
    *,
    name: str | None = None,
    url: str | None = None,
    content_type: str | None = None,
    hints: ReadHints | None = None,
) -> Report:
    """Read a document of any format. `name`: its file name, for messages and where the bytes leave the format open.

    Total: returns everything the document says, with warnings for what was not understood, or raises a named error
    of `tasks.read` (its `where` filled in with the URL or the name).
    """
    try:
        page = read_page(body, name=name, url=url, content_type=content_type, hints=hints)
        return interpret(page, url=url, hints=hints, name=name)
    except JibaoError as error:
        raise error.at(where=url or name) from error.__cause__


def read_page(
    body: bytes,
    *,
    name: str | None = None,
    url: str | None = None,
    content_type: str | None = None,
    hints: ReadHints | None = None,
) -> Page:
    """The first half of `read`: bytes → Page, by the reader of the format that the bytes turn out to have."""
    fmt = sniff(body, name, content_type)
    if fmt not in ("html", "text"):
        return read_attachment(body, fmt, name)
    if fmt == "html":
        page = _condensed(body, url, content_type)
        if page is not None:
            return page
    decoded = decode(body, content_type, judged=fmt != "html")
    odd = [*decoded.warnings]
    if fmt == "html":
        page = _html(decoded.text, url, decoded.encoding, decoded.utf8)
        if _has_lookalikes(page):
            text, replaced = as_ideographs(without_references(decoded.text))
            page = _html(text, url, decoded.encoding) if replaced else page
            odd += warned(replaced)
        odd += garbled(page.text)
    else:
        text, replaced = as_ideographs(decoded.text)
        odd += warned(replaced)
        whole, broken, page_ends = unwrapped(text)
        if whole is not text:
            joined = len(text.splitlines()) - len(whole.splitlines()) - len(page_ends)
            odd.append(Warn("lines_joined", f"the text is broken at a width: {joined} lines go on with those above"))
            if page_ends:
                shown = "、".join(dict.fromkeys(page_ends))[:80]
                odd.append(Warn("page_ends_left_out", f"{len(page_ends)} page numbers and running heads: {shown}"))
        elif broken:
            odd.append(Warn("lines_broken", "the text is broken at a width and holds a table: lines are not joined"))
        page = read_text(whole, encoding=decoded.encoding, aliases=hints.columns if hints else None)
    return replace(page, warnings=(*odd, *page.warnings)) if odd else page


def _has_lookalikes(page: Page) -> bool:
    """Asked of the text and the head alone: a tenth of the markup, or less."""
    return has_lookalikes(page.text) or any(map(has_lookalikes, page.head.values()))


def _html(text: str, url: str | None, encoding: str, source: bytes | None = None) -> Page:
    """A decoded page, with what it holds in scripts. `source`: the same in UTF-8, where at hand."""
    whole = with_embedded(text)
    if whole is None:
        return read_html(text, url=url, encoding=encoding, source=source)
    return read_html(whole, url=url, encoding=encoding)


def _condensed(body: bytes, url: str | None, content_type: str | None) -> Page | None:
    """A page with regular tables, read without their markup; None where it has none, or anything about it is odd."""
    condensed = condense(body)
    if condensed is None or EMBEDDED in condensed.body:
        return None
    decoded = decode(condensed.body, content_type, judged=False)
    if decoded.warnings or decoded.encoding not in ("utf-8", "gb18030"):
        return None
    page = read_condensed(decoded.text, condensed.layouts, url=url, encoding=decoded.encoding, source=decoded.utf8)
    if page is None or _has_lookalikes(page):
        return None
    odd = garbled(page.text)
    return replace(page, warnings=(*odd, *page.warnings)) if odd else page
