"""One pass over a page's tree: text runs become paragraphs, data tables grids, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tasks.read.page import Block, Cell, Paragraph, Table
from tasks.read.tables.headings import is_header
from tasks.read.web.grid import PrintedTable, build_grid
from tasks.read.web.inline import BREAK, clean_run
from tasks.read.web.treetable import printed_table

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
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
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
_BEGIN = re.compile(r"ContentStart|content\.begin|信息内容\]>begin", re.IGNORECASE)
_END = re.compile(r"ContentEnd|content\.end|信息内容\]>end", re.IGNORECASE)


class Walker:
    """What a walk finds: `pieces` of the page's text, blocks, and what the links of the page are told by.

    `unclosed`: identities of the tables that are never closed; `condensed`: tables that are read already, by theirs;
    `styled`: whether spans of the page may be bold by their style.
    """

    def __init__(
        self,
        tables: Sequence[Any],
        unclosed: frozenset[int],
        condensed: Mapping[int, PrintedTable],
        *,
        styled: bool = False,
    ) -> None:
        self.pieces: list[str] = []
        self.leads: list[tuple[int, int]] = []  # spans of bold words that open paragraphs
        self._styled = styled
        self.content_ids: set[int] = set()
        self.dropped = False  # whether elements that may hold links were taken out of the tree
        self._length = 0
        # Blocks that stand in the same part of the page: in the content area or not, in an element of the frame or not.
        self._parts: list[tuple[list[Block], bool, bool]] = []
        self._unclosed = unclosed
        self._condensed = condensed
        self._holders: set[int] = set()
        for inner in tables if len(tables) > 1 else ():
            outer = inner.parent
            while outer is not None and outer.tag != "table":
                outer = outer.parent
            if outer is not None:
                self._holders.add(outer.mem_id)
        self._run: list[str] = []
        self._heavy: list[int] = []  # which pieces of the run are bold
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
                if self._bold:
                    self._heavy.append(len(run))
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
                elif self._styled and tag == "span" and _BOLD_STYLE.search(node.attrs.get("style") or ""):
                    tag = "b"
                    self._bold += 1
                child = node.child
                if child is not None or content or framed or tag in _BLOCKS or tag in _BOLD:
                    path.append((node, tag, content, framed))
                    node = child
                    continue
            node = node.next

    def _menu(self, node: Any) -> bool:
        """Take a part of the frame that is a list of links as a whole; False where it is anything more."""
        links = len(node.css("a"))
        if links < 8 or node.css_first("table") is not None:
            return False
        lines = node.text(separator=BREAK).split(BREAK)
        if sum(map(len, lines)) > 60 * links:
            return False
        texts = [text for line in lines if (text := line.strip())]
        whole = "".join(texts)
        if "  " in whole or not whole.isprintable():
            texts = [text for line in texts if (text := clean_run(line))]
        at = self._length
        new = tuple.__new__  # a page's menus hold hundreds of lines: spare each the constructor
        self._part(False, True).extend(
            [new(Paragraph, (text, at, (at := at + len(text) + 1) - 1, None, False)) for text in texts]
        )
        if texts:
            self.pieces.append("\n".join(texts))
            self.pieces.append("\n")
        self._length = at
        return True

    def _part(self, inside: bool, framed: bool) -> list[Block]:
        """The blocks of the part of the page that is being walked."""
        parts = self._parts
        if not parts or parts[-1][1] != inside or parts[-1][2] != framed:
            parts.append(([], inside, framed))
        return parts[-1][0]

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

    def _flush(self) -> None:
        if not self._run:
            return
        raw = "".join(self._run)
        bold, lead = self._weight() if self._heavy else (False, "")
        self._run.clear()
        for line in raw.split(BREAK):
            text = clean_run(line)
            if text:
                start = self._length
                self.pieces.append(text + "\n")
                self._length += len(text) + 1
                paragraph = Paragraph(text, start, start + len(text), self._level, bold)
                self._part(self._inside > 0, self._framed > 0).append(paragraph)
                if lead and text.startswith(lead):
                    self.leads.append((start, start + len(lead)))

    def _weight(self) -> tuple[bool, str]:
        """Whether the whole run is bold, and else the bold words with which it opens."""
        heavy, light = {*self._heavy}, len(self._run)
        self._heavy.clear()
        for place, piece in enumerate(self._run):
            if place not in heavy and piece.strip():
                light = place
                break
        return light == len(self._run), clean_run("".join(self._run[:light])) if light < len(self._run) else ""

    def _table(self, table: Any) -> bool:
        """Emit a data table; False for one that only lays the page out, whose cells are then walked."""
        key = table.mem_id
        printed = self._condensed.get(key)
        if printed is None:
            read = printed_table(table, holder=key in self._holders)
            if read is None:
                return False
            printed, dropped = read
            self.dropped = self.dropped or dropped
        self._flush()
        # An open layout table around a closed one is another matter.
        grid = self._grid(printed, complete=key not in self._unclosed)
        self._part(self._inside > 0, self._framed > 0).append(grid)
        return True

    def _grid(self, printed: PrintedTable, *, complete: bool) -> Table:
        """A table's grid, its texts put into the page's."""
        texts, sizes, spans, headers, name = printed
        whole = "".join(texts)
        if "  " in whole or not whole.isprintable():
            texts = [clean_run(text) for text in texts]
        at = self._length
        new = tuple.__new__  # half the time of the constructor, for the object that a page has most of
        cells = [new(Cell, (text, at, (at := at + len(text) + 1) - 1, False, False, None)) for text in texts]
        self._length = at
        lines: list[list[Cell]] = []
        place = 0
        for size in sizes:
            following = place + size
            lines.append(cells[place:following])
            if size:
                self.pieces.append("\t".join(texts[place:following]))
                self.pieces.append("\n")
            place = following
        for number, place in headers:
            lines[number][place] = lines[number][place]._replace(header=True)
        return build_grid(lines, spans, name=name, complete=complete)

    def split(self) -> tuple[list[Block], list[Block]]:
        """The body and the frame. A content area counts if it holds something; task tables outside count always."""
        marked, size = False, 0
        for blocks, inside, _ in self._parts:
            for block in blocks if inside else ():
                size += len(block.text) if isinstance(block, Paragraph) else 200
                if size >= 40:
                    marked = True
                    break
            if marked:
                break
        body: list[Block] = []
        frame: list[Block] = []
        for blocks, inside, framed in self._parts:
            if inside if marked else not framed:
                body += blocks
                continue
            if Table not in {*map(type, blocks)}:  # menus hold hundreds of lines
                frame += blocks
                continue
            for block in blocks:
                (body if isinstance(block, Table) and _has_header(block) else frame).append(block)
        return body, frame


def _has_header(table: Table) -> bool:
    return any(is_header([cell.text for cell in row]) for row in table.rows[:8])
