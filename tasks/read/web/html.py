"""HTML text → Page: tables as span-resolved grids, paragraphs, head tags, links to files.

Works on *str* that `decode` has decoded; the tree is lexbor's, which reads broken markup as browsers do. Nothing here
recurses, so that a page nested thousands deep is read like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from tasks.model import Attachment, Warn
from tasks.read.page import Block, Cell, Page, Paragraph, Table
from tasks.read.tables.headings import is_header
from tasks.read.web.grid import Spans, build_grid, span_of
from tasks.text import clean

# A noncharacter: stands for a line end inside a cell until its text is cleaned.
_BREAK = "\ufdd0"
_CJK = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef"
_SOFT_WRAP = re.compile(rf"(?<=[{_CJK}])[ \t\r\f]*\n\s*(?=[{_CJK}])")

_SKIPPED = frozenset(["noscript", "template", "xml", "select", "textarea", "iframe", "object", "svg"])
_BLOCKS = frozenset(
    str.split(
        "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
        "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol p pre "
        "section summary table tbody td tfoot th thead tr ul"
    )
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BOLD = frozenset(("b", "strong"))
_CELLS = frozenset(("td", "th"))
_BREAKING = frozenset(("div", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5"))
# Inside a cell these are no text of the cell.
_DROPPED = frozenset(("noscript", "template", "xml", "select", "textarea"))
# Blocks whose names say nothing about the part of the page they stand in.
_PLAIN_BLOCKS = _BLOCKS - frozenset(str.split("div ul section nav header footer aside article main td"))
_FRAME_TAGS = frozenset(("nav", "header", "footer", "aside"))
_FRAME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:header|footer|foot|nav|navbar|menu|topbar|top|bottom|breadcrumb|crumb|position|location|weizhi|"
    r"sidebar|side|share|related|copyright|toolbar|pagination|links)(?:$|[\s_-]|\d)",
    re.IGNORECASE,
)
# Containers in which the common content systems put the body of an article.
_CONTENT = frozenset(
    str.split(
        "zoom ivs_content zc_article_con trs_editor trs_ueditor trs_editor_view ucap-content "
        "pages_content article-content article_content artcontent wzcon v_news_content vsb_content "
        "xxgk_content articlecontent news_content view-content newscontent article-con detail-content "
        "content-article"
    )
)
# In a table: all but the elements that tables are full of; of those, cells that span and paragraphs that follow others.
_ODD = r":not(td:not([rowspan], [colspan]), p:not(p + p), span, tr, o\:p)"
_BEGIN = re.compile(r"ContentStart|content\.begin|信息内容\]>begin", re.IGNORECASE)
_END = re.compile(r"ContentEnd|content\.end|信息内容\]>end", re.IGNORECASE)
_TABLE_TAGS = re.compile(r"<!--.*?-->|<script\b.*?</script\s*>|<(/?)table\b", re.IGNORECASE | re.DOTALL)
_FILE = re.compile(
    r"\.(?:docx?|xlsx?|xlsm|xlsb|et|wps|ods|odt|pdf|ofd|rtf|zip|rar|7z|csv|txt)(?:$|[?#&])", re.IGNORECASE
)
_PAGE = re.compile(r"(?:/|\.s?html?|\.jhtml)(?:[?#][^=]*)?$", re.IGNORECASE)
# Most links of a page lead to other pages: the tree sorts those out at a fraction of the cost.
_LINKS = 'a:not([href$=".html"]):not([href$=".htm"]):not([href$=".shtml"]):not([href$="/"])'
_WANTED = f"table, script, style, meta, title, {_LINKS}"
_DOWNLOAD = re.compile(r"downfile|download|filename=|attachment|/module/download", re.IGNORECASE)
_IN_SCRIPT = re.compile(r"""['"]([^'"]+\.(?:docx?|xlsx?|xlsm|xlsb|et|wps|ods|pdf|zip|rar)[^'"]*)['"]""", re.IGNORECASE)


def read_html(html: str, *, url: str | None = None, encoding: str | None = None, source: bytes | None = None) -> Page:
    """A decoded page → Page. `source`: the same in UTF-8, where at hand, which spares the tree from encoding it.

    Raises TableTooLarge for tables beyond the caps of `grid`.
    """
    tree = LexborHTMLParser(html if source is None else source)
    root = tree.root
    wanted = _wanted(tree)
    head = _head(wanted)
    if root is None:
        return Page("", (), head=head, encoding=encoding)
    unclosed = _unclosed_tables(html, len(wanted["table"]))
    if _without_scripts(wanted["script"]):
        wanted = _wanted(tree)
    reader = _Walker(wanted["table"], unclosed)
    reader.walk(tree.body if tree.body is not None else root)
    body, frame = reader.split()
    warnings = list(reader.warnings)
    if "<html" in html[:4000].lower() and "</html" not in html[-400:].lower() and "</html" not in html.lower():
        warnings.append(Warn("page_not_closed", "the page has no closing </html>: it may have arrived short"))
    return Page(
        text="".join(reader.pieces),
        body=tuple(body),
        frame=tuple(frame),
        head=head,
        links=tuple(_links(tree.css(_LINKS) if reader.dropped else wanted["a"], reader.content_ids, url)),
        encoding=encoding,
        warnings=tuple(warnings),
        format="html",
    )


def clean_run(raw: str) -> str:
    """Text of markup as a browser shows it: white space collapsed, soft-wrapped Han joined, line ends where marked."""
    if _BREAK in raw:
        return "\n".join(line for part in raw.split(_BREAK) if (line := clean_run(part)))
    raw = raw.strip()
    if raw.isprintable() and "  " not in raw:
        return raw
    if "\n" in raw:
        raw = _SOFT_WRAP.sub("", raw)
    if not raw.isprintable():
        raw = clean(raw)
    return " ".join(raw.split())


def _wanted(tree: LexborHTMLParser) -> dict[str, list[Any]]:
    """Tables, links that may be files, and the head's tags, in document order; styles stand among the scripts.

    The nodes of a large page lie far apart in memory: one walk over all of them costs as much as reading the page's
    text, so all is asked at once.
    """
    found: dict[str, list[Any]] = {"table": [], "script": [], "meta": [], "title": [], "a": []}
    for node in tree.css(_WANTED):
        tag: str = node.tag or ""
        found["script" if tag == "style" else tag].append(node)
    return found


def _without_scripts(nodes: list[Any]) -> bool:
    """Take scripts and styles out of the tree. True where they held elements (an SVG's may), which are gone too."""
    held = False
    for node in reversed(nodes):  # the inner before the outer
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


def _mark_breaks(table: Any, odd: list[tuple[str, Any]], names: set[str]) -> None:
    """Put a mark where a line ends inside cells: at <br>, and between blocks that follow one another.

    `odd`: what `_ODD` finds in the table, with its tags; `names`: the tags.
    """
    if "br" in names:
        for tag, node in odd:
            if tag == "br":
                node.insert_before(_BREAK)
    if names.isdisjoint(_BREAKING) and [tag for tag, _ in odd].count("table") == 1:
        # Without a caption all paragraphs stand in cells.
        following = table.css("td p + p, th p + p") if "caption" in names else [node for tag, node in odd if tag == "p"]
        for node in following:
            node.insert_before(_BREAK)
        return
    blocks = ":is(p, div, ul, ol, li, table, tr, h1, h2, h3, h4, h5)"
    for node in table.css(f"td {blocks} + {blocks}, th {blocks} + {blocks}"):
        # The table's own rows follow one another too, and are not inside one of its cells.
        if node.tag != "tr" or _nested(node, table):
            node.insert_before(_BREAK)


def _nested(row: Any, table: Any) -> bool:
    while row is not None and row.tag != "table":
        row = row.parent
    return row is not None and row.mem_id != table.mem_id


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


def _links(nodes: list[Any], inside: set[int], url: str | None) -> Iterable[Attachment]:
    """Links to files, those of the content area if it has any; names from the link's text, its title or the URL."""
    near: dict[str, str] = {}
    far: dict[str, str] = {}
    for node in nodes:
        attributes = node.attrs
        href = (attributes.get("href") or "").strip()
        text = ""
        if _PAGE.search(href):
            continue
        if not href or href[0] == "#" or href[:11].lower() == "javascript:" or href[:7].lower() == "mailto:":
            script = _IN_SCRIPT.search((attributes.get("onclick") or "") + href)
            if script is None:
                continue
            href = script.group(1)
        text = clean_run(node.text())
        if not (_FILE.search(href) or _DOWNLOAD.search(href) or _FILE.search(text)):
            continue
        query = parse_qs(urlsplit(href).query)
        shown = (query.get("showname") or query.get("filename") or [""])[0]
        name = text or clean_run(attributes.get("title") or "") or shown or unquote(href.rsplit("/", 1)[-1])
        try:
            if "\\" in href:  # browsers read them as slashes
                path, mark, rest = href.partition("?")
                href = path.replace("\\", "/") + mark + rest
            full = urljoin(url, href) if url else href
        except ValueError:
            full = href
        (near if _within(node, inside) else far).setdefault(full, name)
    chosen = near or far
    return [Attachment(link, name) for link, name in chosen.items()]


def _within(node: Any, ids: set[int]) -> bool:
    while node is not None:
        if node.mem_id in ids:
            return True
        node = node.parent
    return False


class _Walker:
    """One pass over the tree, in document order: text runs become paragraphs, data tables become grids."""

    def __init__(self, tables: list[Any], unclosed: tuple[int, ...]) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.blocks: list[tuple[Block, bool, bool]] = []  # block, in the content area, in a frame element
        self.warnings: list[Warn] = []
        self.content_ids: set[int] = set()
        self.dropped = False  # whether elements that may hold links were taken out of the tree
        self._unclosed = {tables[i].mem_id for i in unclosed if i < len(tables)}
        self._holders: set[int] = set()
        for inner in tables if len(tables) > 1 else ():
            outer = inner.parent
            while outer is not None and outer.tag != "table":
                outer = outer.parent
            if outer is not None:
                self._holders.add(outer.mem_id)
        self._run: list[str] = []
        self._level: int | None = None
        self._bold = 0
        self._inside = 0
        self._framed = 0
        self._marked = False

    def walk(self, top: Any) -> None:
        """Visit every node below `top` once, on a stack of our own."""
        node = top.child
        path: list[tuple[Any, str, bool, bool]] = []
        run = self._run
        while True:
            if node is None:
                if not path:
                    self._flush()
                    return
                parent, tag, content, framed = path.pop()
                if tag in _BLOCKS:
                    if run:
                        self._flush()
                    if tag in _HEADINGS:
                        self._level = None
                elif tag in _BOLD:
                    self._bold -= 1
                self._inside -= content
                self._framed -= framed
                node = parent.next
                continue
            tag = node.tag
            if tag == "-text":
                run.append(node.text_content or "")
            elif tag == "br":
                self._flush()
            elif (tag == "table" and self._table(node)) or tag in _SKIPPED:
                pass
            elif tag == "-comment":
                self._comment(node)
            elif tag == "meta":
                self._mark(node.attributes.get("name") or "")
            else:
                content = framed = False
                if tag in _BLOCKS:
                    if run:
                        self._flush()
                    if tag in _HEADINGS:
                        self._level = int(tag[1])
                    if tag not in _PLAIN_BLOCKS:
                        content, framed = self._place_of(node, tag)
                        if framed and not self._inside and self._menu(node):
                            node = node.next
                            continue
                        self._inside += content
                        self._framed += framed
                elif tag in _BOLD:
                    self._bold += 1
                child = node.child
                if child is not None or content or framed or tag in _BLOCKS or tag in _BOLD:
                    path.append((node, tag, content, framed))
                    node = child
                    continue
            node = node.next

    def _menu(self, node: Any) -> bool:
        """Take a part of the frame that is a list of links as a whole; False where it is anything more."""
        tags = [inner.tag for inner in node.css("a, table")]
        links = tags.count("a")
        if links < 8 or links < len(tags):
            return False
        lines = node.text(separator=_BREAK).split(_BREAK)
        if sum(map(len, lines)) > 60 * links:
            return False
        texts = [text for line in lines if (text := line.strip())]
        whole = "".join(texts)
        if "  " in whole or not whole.isprintable():
            texts = [text for line in texts if (text := clean_run(line))]
        at = self.length
        new = tuple.__new__  # a page's menus hold hundreds of lines: spare each the constructor
        self.blocks.extend(
            [(new(Paragraph, (text, at, (at := at + len(text) + 1) - 1, None, False)), False, True) for text in texts]
        )
        if texts:
            self.pieces.append("\n".join(texts))
            self.pieces.append("\n")
        self.length = at
        return True

    def _place_of(self, node: Any, tag: str) -> tuple[bool, bool]:
        """Whether a container opens the content area, and whether it belongs to the frame around it."""
        if tag == "article":
            self.content_ids.add(node.mem_id)
            return True, False
        if tag in _FRAME_TAGS:
            return False, True
        attributes = node.attrs
        name, style = attributes.get("id") or "", attributes.get("class") or ""
        if not name and not style:
            return False, False
        if name.lower() in _CONTENT or not _CONTENT.isdisjoint(style.lower().split()):
            self.content_ids.add(node.mem_id)
            return True, False
        return False, _FRAME_NAMES.search(f"{style} {name}") is not None

    def _comment(self, node: Any) -> None:
        try:
            text = node.comment_content or ""
        except (AttributeError, ValueError):
            return
        self._mark(text)

    def _mark(self, text: str) -> None:
        if _BEGIN.search(text):
            self._flush()
            self._inside += not self._marked
            self._marked = True
        elif _END.search(text):
            self._flush()
            self._inside -= self._marked
            self._marked = False

    def _put(self, text: str, after: str = "\n") -> tuple[int, int]:
        start = self.length
        self.pieces.append(text + after)
        self.length += len(text) + len(after)
        return start, start + len(text)

    def _flush(self) -> None:
        if not self._run:
            return
        raw = "".join(self._run)
        self._run.clear()
        for line in raw.split(_BREAK):
            text = clean_run(line)
            if text:
                start, end = self._put(text)
                paragraph = Paragraph(text, start, end, self._level, self._bold > 0)
                self.blocks.append((paragraph, self._inside > 0, self._framed > 0))

    def _table(self, table: Any) -> bool:
        """Emit a data table; False for one that only lays the page out, whose cells are then walked."""
        rows = list(_own_rows(table))
        cells = [[cell for cell in row.iter() if cell.tag in _CELLS] for row, _ in rows]
        holder = table.mem_id in self._holders
        if not cells or max(map(len, cells)) < 2:
            return False
        if holder and not any(
            is_header([clean_run(cell.text()) for cell in row]) for row in cells[:8] if 2 <= len(row) <= 40
        ):
            return False
        if not holder and _lays_out(cells):
            return False
        self._flush()
        # One walk over the table for whatever is not everywhere in it; each question of its own would cost as much.
        odd = [(node.tag, node) for node in table.css(_ODD)]
        names = {tag for tag, _ in odd}
        _mark_breaks(table, odd, names)
        # Cells of one column and row are most of a table, and are not looked at again.
        wide = {node.mem_id: node for tag, node in odd if tag in _CELLS}
        special = {node.parent.mem_id for node in wide.values()}
        headed = {node.parent.mem_id for tag, node in odd if tag == "th"}
        if not names.isdisjoint(_DROPPED):
            self.dropped = True
            for node in reversed(table.css("noscript, template, xml, select, textarea")):
                node.decompose()
        texts = [[cell.text_lexbor().strip() for cell in row] for row in cells]
        whole = "".join(["".join(row) for row in texts])
        if "  " in whole or not whole.isprintable():
            texts = [[clean_run(text) for text in row] for row in texts]
        lines: list[list[Cell]] = []
        at = self.length
        new = tuple.__new__  # half the time of the constructor, for the object that a page has most of
        for row in texts:
            lines.append([new(Cell, (text, at, (at := at + len(text) + 1) - 1, False, False, None)) for text in row])
        self.length = at
        if headed:
            for line, (node, _), row_cells in zip(lines, rows, cells, strict=True):
                if node.mem_id in headed:
                    line[:] = [
                        cell._replace(header=True) if node.tag == "th" else cell
                        for cell, node in zip(line, row_cells, strict=True)
                    ]
        self.pieces.extend(["\t".join(row) + "\n" for row in texts if row])
        spanning = [
            _spans(row, wide, left) if node.mem_id in special else ()
            for (node, left), row in zip(rows, cells, strict=True)
        ]
        caption = table.css_first("caption") if "caption" in names else None
        complete = not self._unclosed or not _chain_open(table, self._unclosed)
        block = build_grid(
            lines, spanning, name=clean_run(caption.text()) if caption is not None else None, complete=complete
        )
        self.blocks.append((block, self._inside > 0, self._framed > 0))
        return True

    def split(self) -> tuple[list[Block], list[Block]]:
        """The body and the frame. A content area counts if it holds something; task tables outside count always."""
        size = sum(len(b.text) if isinstance(b, Paragraph) else 200 for b, inside, _ in self.blocks if inside)
        if size >= 40:
            chosen = [inside for _, inside, _ in self.blocks]
        else:
            chosen = [not framed for _, _, framed in self.blocks]
        body: list[Block] = []
        frame: list[Block] = []
        for (block, _, _), kept in zip(self.blocks, chosen, strict=True):
            tasks = isinstance(block, Table) and not kept and _has_header(block)
            (body if kept or tasks else frame).append(block)
        return body, frame


def _spans(row: list[Any], spanning: dict[int, Any], left: int) -> Spans:
    """The cells of a row that span: place, rowspan (cut to the rows `left` in the group), colspan.

    `spanning`: the cells that may, by their identity.
    """
    found: list[tuple[int, int, int]] = []
    for place, cell in enumerate(row):
        if cell.mem_id in spanning:
            attributes = spanning[cell.mem_id].attrs
            down, across = attributes.get("rowspan"), attributes.get("colspan")
            reach = 1
            if down is not None:
                reach = span_of(down)
                reach = left if reach == 0 else min(reach, left)
            wide = span_of(across) or 1 if across else 1
            if reach != 1 or wide > 1:
                found.append((place, reach, wide))
    return found


def _own_rows(table: Any) -> Iterable[tuple[Any, int]]:
    """The table's own rows (not those of tables inside it), each with the rows left in its group from it on."""
    for group in table.iter():
        if group.tag == "tr":
            # Lexbor puts stray rows into a tbody, as browsers do; this is for trees that were changed by hand.
            yield group, 1
        elif group.tag in ("tbody", "thead", "tfoot"):
            rows = [row for row in group.iter() if row.tag == "tr"]
            for number, row in enumerate(rows):
                yield row, len(rows) - number


def _lays_out(cells: list[list[Any]]) -> bool:
    """A table of few rows whose one cell holds an article lays the page out."""
    if len(cells) > 3:
        return False
    for row in cells:
        for cell in row:
            if len(cell.css("p, br")) >= 6 and len(cell.text()) > 600:
                return not any(is_header([clean_run(c.text())[:60] for c in line]) for line in cells if len(line) > 2)
    return False


def _chain_open(table: Any, unclosed: set[int]) -> bool:
    """Whether this table is not closed; an open layout table around a closed one is another matter."""
    return table.mem_id in unclosed


def _has_header(table: Table) -> bool:
    return any(is_header([cell.text for cell in row]) for row in table.rows[:8])
