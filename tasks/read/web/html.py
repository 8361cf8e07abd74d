"""HTML text → Page: tables as span-resolved grids, paragraphs, head tags, links to files.

Works on *str* that `decode` has decoded; the tree is lexbor's, which reads broken markup as browsers do. Nothing here
recurses, so that a page nested thousands deep is read like any other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from tasks.model import Warn
from tasks.read.page import Page
from tasks.read.web.condense import Layout, holds_texts, printed
from tasks.read.web.grid import PrintedTable
from tasks.read.web.inline import clean_run
from tasks.read.web.links import LINKS, file_links, link_base
from tasks.read.web.walk import Walker

_TABLE_TAGS = re.compile(r"<!--.*?-->|<script\b.*?</script\s*>|<(/?)table\b", re.IGNORECASE | re.DOTALL)
_WANTED = f"table, script, style, meta, title, {LINKS}, base[href]"


def read_html(html: str, *, url: str | None = None, encoding: str | None = None, source: bytes | None = None) -> Page:
    """A decoded page → Page. `source`: the same in UTF-8, where at hand, which spares the tree from encoding it.

    Raises TableTooLarge for tables beyond the caps of `grid`.
    """
    tree = LexborHTMLParser(html if source is None else source)
    wanted = _wanted(tree)
    return _page(tree, wanted, html, {}, url, encoding)


def read_condensed(
    html: str,
    layouts: Sequence[Layout],
    *,
    url: str | None = None,
    encoding: str | None = None,
    source: bytes | None = None,
) -> Page | None:
    """The same for a page from which `condense` took tables of these layouts. None where one of them turns out to
    stand in no place for tables: then the page is to be read as it came.
    """
    tree = LexborHTMLParser(html if source is None else source)
    wanted = _wanted(tree)
    condensed = _condensed(wanted["table"], layouts)
    return None if condensed is None else _page(tree, wanted, html, condensed, url, encoding)


def _page(
    tree: LexborHTMLParser,
    wanted: dict[str, list[Any]],
    html: str,
    condensed: Mapping[int, PrintedTable],
    url: str | None,
    encoding: str | None,
) -> Page:
    root = tree.root
    head = _head(wanted)
    if root is None:
        return Page("", (), head=head, encoding=encoding)
    unclosed = _unclosed_tables(html, len(wanted["table"]))
    if _without_scripts(wanted["script"]):
        wanted = _wanted(tree)
    tables = wanted["table"]
    open_tables = frozenset(tables[at].mem_id for at in unclosed if at < len(tables))
    base = link_base(next((node.attrs.get("href") for node in wanted["base"]), None), url)
    walker = Walker(tables, open_tables, condensed, styled="font-weight" in html)
    walker.walk(tree.body if tree.body is not None else root)
    body, frame = walker.split()
    warnings = []
    if "<html" in html[:4000].lower() and "</html" not in html[-400:].lower() and "</html" not in html.lower():
        warnings.append(Warn("page_not_closed", "the page has no closing </html>: it may have arrived short"))
    return Page(
        text="".join(walker.pieces),
        body=tuple(body),
        frame=tuple(frame),
        head=head,
        links=tuple(file_links(tree.css(LINKS) if walker.dropped else wanted["a"], walker.content_ids, base)),
        encoding=encoding,
        warnings=tuple(warnings),
        format="html",
        leads=tuple(walker.leads),
    )


def _condensed(tables: Sequence[Any], layouts: Sequence[Layout]) -> dict[int, PrintedTable] | None:
    """The tables that `condense` took out, by the identity of those in their place; None where not all are found."""
    found: dict[int, PrintedTable] = {}
    for table in tables:
        text = _lone_text(table)
        if text is None or not holds_texts(text):
            continue
        if len(found) == len(layouts) or (read := printed(layouts[len(found)], text)) is None:
            return None
        found[table.mem_id] = read
    return found if len(found) == len(layouts) else None


def _lone_text(table: Any) -> str | None:
    """The text of a table of one cell that holds nothing else."""
    node = table
    for tag in ("tbody", "tr", "td", "-text"):
        node = node.first_child
        if node is None or node.tag != tag or node.next is not None:
            return None
    text: str | None = node.text_content
    return text


def _wanted(tree: LexborHTMLParser) -> dict[str, list[Any]]:
    """Tables, links that may be files, and the head's tags, in document order; styles stand among the scripts.

    The nodes of a large page lie far apart in memory: one walk over all of them costs as much as reading the page's
    text, so all is asked at once.
    """
    found: dict[str, list[Any]] = {"table": [], "script": [], "meta": [], "title": [], "a": [], "base": []}
    for node in tree.css(_WANTED):
        tag: str = node.tag or ""
        found["script" if tag == "style" else tag].append(node)
    return found


def _without_scripts(nodes: list[Any]) -> bool:
    """Take scripts and styles out of the tree. True where they held elements (an SVG's may), which are gone too."""
    held = False
    for node in nodes[::-1]:  # the inner before the outer
        inner = node.first_child
        held = held or (inner is not None and (inner.tag != "-text" or inner.next is not None))
        node.decompose()
    return held


def _head(wanted: dict[str, list[Any]]) -> dict[str, str]:
    """Title and meta tags; the first of a name counts. Names in lower case."""
    found: dict[str, str] = {}
    title = next(iter(wanted["title"]), None)
    if title is not None and (text := clean_run(title.text())):
        found["title"] = text
    for node in wanted["meta"]:
        attributes = node.attributes
        name = (attributes.get("name") or attributes.get("property") or "").strip().lower()
        value = clean_run(attributes.get("content") or "")
        if name and value:
            found.setdefault(name, value)
    return found


def _unclosed_tables(html: str, tables: int) -> tuple[int, ...]:
    """Which tables (counted in document order) are never closed; () at once where there is an end for each."""
    if not tables or html.count("</table") == tables:
        return ()
    stack: list[int] = []
    number = 0
    for found in _TABLE_TAGS.finditer(html):
        mark = found.group(1)
        if mark is None:
            continue
        if mark:
            if stack:
                stack.pop()
        else:
            stack.append(number)
            number += 1
    return tuple(stack)
