"""The way in: bytes of any format → page → report."""

from __future__ import annotations

from tasks.errors import JibaoError
from tasks.model import Report
from tasks.read.attachments import read_attachment
from tasks.read.detect.decode import decode, garbled
from tasks.read.detect.sniff import sniff
from tasks.read.hints import ReadHints
from tasks.read.interpret import interpret
from tasks.read.page import Page
from tasks.read.textdump import read_text
from tasks.read.web.embedded import with_embedded
from tasks.read.web.html import read_html


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
    decoded = decode(body, content_type, judged=fmt != "html")
    odd = decoded.warnings
    if fmt == "html":
        whole = with_embedded(decoded.text)
        if whole is None:
            page = read_html(decoded.text, url=url, encoding=decoded.encoding, source=decoded.utf8)
        else:
            page = read_html(whole, url=url, encoding=decoded.encoding)
        odd = (*odd, *garbled(page.text))
    else:
        page = read_text(decoded.text, encoding=decoded.encoding, aliases=hints.columns if hints else None)
    if not odd:
        return page
    return Page(
        page.text,
        page.body,
        page.frame,
        page.head,
        page.links,
        page.encoding,
        (*odd, *page.warnings),
        page.format,
    )
