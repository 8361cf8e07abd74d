"""The title of a document."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice, zip_longest
from urllib.parse import unquote

from tasks.model import Span, Warn
from tasks.periods import period_phrases
from tasks.read.furniture import is_furniture
from tasks.read.metadata.block import Entry
from tasks.read.metadata.dates import parse_date
from tasks.read.metadata.labels import STRONG, label_of
from tasks.read.metadata.mastheads import masthead
from tasks.read.metadata.signers import SIGNED, overlaps
from tasks.read.page import Block, Page, Paragraph, Table
from tasks.text import clean_cell, fold

_NOUN = re.compile(
    r"情况|报告|总结|小结|计划|要点|进展|公报|通报|汇报|思路|清单|方案|通知|公告|公示|任务|目标|实事|简报|专报|一览|台账|(?:表|榜|名单|账单|指标)(?:[（(][^（()）]{1,20}[）)])?$|安排|打算|动态|快报|季报|月报|年报|回顾|纪实|"
    r"简况|概况|综述|运行分析|形势分析|情况分析|分析$|上的(?:讲话|发言)|答记者问|发布会(?:实录)?$"
)
_SITE = re.compile(r"(?:政府|门户|网站|政务|信息公开|平台|首页|网|委员会|人民法院|局|办公室|委|街道|镇)$")
_PARTS = re.compile(r"\s+[-–—|·]\s+|[_|｜]+|\s*[-–—]{1,2}\s*(?=[^-–—_|]*$)|\s*>+\s*")
_DIVIDES = "-–—|·_｜>【】[]"  # or nothing: the beginning and the end
_ESCAPED = re.compile(r"%u([0-9a-fA-F]{4})")
_TRAILED = re.compile(r"位置(?:是)?\s*[:：]|[>›»＞→]\s*[^\s>›»＞→]+\s*[>›»＞→]")  # a menu and its trail on one line
_HOME = re.compile(r"(?:网站)?首\s?页(?![^。]{0,20}(?:改版|建设|设计))")  # opens a menu or a trail
_LINK_WITH_DAY = re.compile(r"\s(?:20\d\d-)?\d\d-\d\d$")  # of a list of news
_CUT = re.compile(r"(?:\.{2,}|…+)$")
_CHAPTERED = re.compile(r"(?P<title>[^。；;]{8,60}?)\s+(?:一、|[(（]一[)）])")
_OPENS_SECTION = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|\d{1,2}[.、．]\D|第[一二三四五六七八九十]+(?:部分|章|篇))"
)
_HEAD_LINE = re.compile(
    r"[^。;；，,：:、|]{0,26}(?:[省市县区旗局委院办厅镇乡]|街道|政府|办公室|委员会|中心|管委会|年|年度|季度|半年|月份?|关于)|《[^《》]{4,40}》"
)
_CONTENTS = re.compile(r"^目\s*[录次]$|[.．…·]{2,}\s*\d{0,3}$")  # contents may stand above the title
_TITLE_LINES = 4
_COLUMN = 6  # characters of a <title> that may be a column's name, where the page does not print it
_LEAST_PART = 10  # characters of a part of <title> that may be the article's
_LONG = 160
# Letters set apart: 政 府 工 作 报 告.
_SPACED = re.compile(r"(?<![一-鿿])(?:[一-鿿][ \u3000]+){2,}[一-鿿](?![一-鿿])")
_MENU_WORD = re.compile(r"[一-鿿A-Za-z]{2,8}")
_LABELLED = re.compile(r"(?:信息名称|文件名称|文件标题)\s+(?=\S)")
_PLACE = 3  # characters of a place's name
_MENU_WORDS = 4
_MENU_WORD_LENGTH = 8  # characters of such words on the average, with the blank, in a line that is a menu
_ARROW = re.compile(r"[>›»＞→]")
_LEAST_TITLE = 6  # characters; the last of several lines may have fewer
_NEAR = 4  # characters of white space at most between the lines of one title
_PLAIN_LINE = re.compile(r"[^。;；，,：:、|！!？?]{4,34}")
_NO_TITLE_LINE = re.compile(r"文件$|[〔\[（(]\d{4}[〕\])）]\d{1,4}号$|^\d+$|>|》\s*\S+\s*》")
_ENDS = re.compile(
    r"(?:报告|总结|公报|通报|汇报|思路|方案|通知|公告|公示|要点|计划|安排|打算|情况|进展|分析|简析|一览表|清单|任务书?)(?:[（(].{1,16}[)）])?$"
)
_GOES_ON = re.compile(
    r"[和及与暨]|的|(?:完成|执行|落实|进展|推进|实施|建设|工作|发展)?(?:进展|推进|完成|执行|落实)?情况"
)
_PART_OF_GENERAL = (
    r"(?:20\d\d年度?|[上下]半年|第?[一二三四]季度|前三季度)+(?:主要|重点)?(?:工作)?"
    r"(?:总结|小结|(?:完成|进展)?情况|思路|打算|计划|安排|要点|谋划|报告)"
)
_GENERAL = re.compile(rf"{_PART_OF_GENERAL}(?:[和及与暨、]{_PART_OF_GENERAL})?")
_TAIL_LINE = re.compile(r"[（(]?[^。;；，,：:|]{2,22}[)）]?")


@dataclass(frozen=True, slots=True)
class TitleReading:
    """The title and the span of page.text it was read from, if it stands in the text."""

    title: str | None
    span: Span | None = None
    warnings: tuple[Warn, ...] = ()


def find_title(page: Page, entries: Sequence[Entry], taken: Sequence[Span], *, listed: str | None) -> TitleReading:
    """ArticleTitle, h1, the title tag without the site, a 标题 label, the 附件 label, a title line, the listed title.

    `taken` are spans of metadata. A title cut to `…` gives way to a longer one that begins like it.
    """
    site = _text(page.head.get("sitename", ""))
    paper = masthead(opening_lines(page, taken))
    heads = [_text(page.head.get(name, "")) for name in ("heading", "articletitle", "title_article", "og:title")]
    lines = list(_lines(page, taken))
    if paper is not None:
        heads = [text for text in heads if fold(text) not in paper.names]
        lines = [line for line in lines if line.start >= paper.span[1]]
    marked = [line for line in lines if line.level == 1 and not _OPENS_SECTION.match(line.text)]
    candidates: list[tuple[str, Span | None]] = [(text, None) for text in heads]
    candidates += [(clean_cell(line.text), (line.start, line.end)) for line in marked]
    named = _without_site(_text(page.head.get("title", "")), site, lines)
    column = len(fold(named)) <= _COLUMN and all(fold(line.text) != fold(named) for line in lines)
    candidates += [] if column else [(named, None)]
    candidates += [(entry.value, None) for entry in entries if entry.field == "title"]
    attached = [entry.value for entry in entries if entry.field == "attachment" and not is_furniture(entry.value)]
    candidates += [(_unsuffixed(value), None) for value in attached]
    line = _title_line(lines) or _title_line(_below_block(lines, entries))
    if line is not None:
        candidates.append(_whole_title(lines, line))
    elif paper is not None and lines and _PLAIN_LINE.fullmatch(clean_cell(lines[0].text)):
        candidates.append((clean_cell(lines[0].text), (lines[0].start, lines[0].end)))
    candidates += _blob_title(lines)
    candidates += _above_block(lines, entries)
    candidates += [(named, None)] if column else []
    candidates.append((_text(listed or ""), None))
    sites = {fold(site), *_behind_title(_text(page.head.get("title", "")))}
    usable = [(text.replace("\n", ""), span) for text, span in candidates if _usable(text, sites)]
    if not usable:
        return TitleReading(None, None, (Warn("title_missing", "no title in the head, the metadata or the text"),))
    title, span = next((one for one in usable if not _is_body(one[0])), usable[0])
    stem = fold(_CUT.sub("", title))
    if _CUT.search(title):
        title, span = next(
            ((t, s) for t, s in usable if not _CUT.search(t) and fold(t).startswith(stem)), (title, span)
        )
    warnings = []
    for other, _ in usable[1:]:
        short, long = sorted((fold(title), fold(_CUT.sub("", other))), key=len)
        if short not in long and _months(other) and _months(title) != _months(other):
            warnings.append(Warn("title_disagrees", f"the title is {title!r}, and elsewhere {other!r}"))
    if span is None:  # the same words printed as a line of the text are the title, too
        span = _printed_at(lines, fold(title))
    return TitleReading(_together(title), span, tuple(dict.fromkeys(warnings)))


def _printed_at(lines: Sequence[Paragraph], flat: str) -> Span | None:
    """Where the text prints a title that is known by its fold: on one line, or broken over several."""
    for place, line in enumerate(lines):
        if not _may_begin(line.text, flat):
            continue
        said = ""
        for last in lines[place : place + _TITLE_LINES]:
            said += fold(last.text)
            if said == flat:
                return line.start, last.end
            if not flat.startswith(said):
                break
    return None


def _may_begin(text: str, flat: str) -> bool:
    """Whether the fold of a text may begin `flat`; ideographs fold to themselves, so the first tells."""
    return not "一" <= text[:1] <= "鿿" or text[0] == flat[:1]


def _months(title: str) -> set[tuple[int, int] | None]:
    return {phrase.months for phrase in period_phrases(title, None)}


def _text(value: str) -> str:
    """A head tag's value: entities and `%uXXXX` resolved, white space folded."""
    text = unescape(unescape(value))
    text = _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text)
    if re.search(r"%[0-9A-Fa-f]{2}%[0-9A-Fa-f]{2}", text):
        text = unquote(text)
    return clean_cell(text)


def _without_site(text: str, site: str, lines: Sequence[Paragraph] = ()) -> str:
    """`<title>` less the site's name and the columns around the article's title: what the page prints as a line of
    its own is the article's."""
    if site and text.endswith(site):
        text = text[: -len(site)].rstrip(" -–—_|·>")
    parts = [part.strip() for part in _PARTS.split(text) if part.strip()]
    if len(parts) > 1 and lines:
        flat = {fold(part): part for part in parts if len(part) >= _LEAST_PART and _NOUN.search(part)}
        printed = [flat[said] for said in (fold(line.text) for line in lines if len(line.text) < _LONG) if said in flat]
        if printed:
            return max(printed, key=len)
    between = [shown for line in lines if (shown := _printed_part(clean_cell(line.text), text))]
    if between:
        return max(between, key=len)
    while len(parts) > 1 and _SITE.search(parts[-1]) and not _NOUN.search(parts[-1]):
        parts.pop()
    named = [part for part in parts if _NOUN.search(part)]
    if len(parts) > 1 and named:
        whole = text[text.find(parts[0]) : text.rfind(parts[-1]) + len(parts[-1])]
        # A dash inside the title (1-9月) is no separator.
        return whole if len(named) > 1 or re.search(r"\d\s*[-–—]\s*\d", whole) else named[0]
    return parts[0] if len(parts) == 1 else text


def _printed_part(line: str, text: str) -> str | None:
    """A line of the page that `<title>` holds whole, between its separators; a dash inside the line is none."""
    if not _LEAST_PART <= len(line) < _LONG or not _NOUN.search(line):
        return None
    at = text.find(line)
    if at < 0:
        return None
    before, after = text[:at], text[at + len(line) :]
    divided = before.rstrip()[-1:] in _DIVIDES and after.lstrip()[:1] in _DIVIDES
    # A blank divides as well where the line is the end of it: 某县人民政府 通报 某县…情况通报.
    return line if divided or (before[-1:].isspace() and not after.strip()) else None


def _unsuffixed(text: str) -> str:
    return re.sub(r"^\d+[.、]\s*|\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|txt)$", "", text.strip(), flags=re.IGNORECASE)


def _is_body(text: str) -> bool:
    """Whether a text is nothing but the name of a body: that of a paper's issuer, set in larger type than the title."""
    return SIGNED.fullmatch(text) is not None and not _NOUN.search(text)


def _behind_title(text: str) -> Iterator[str]:
    """What `<title>` names behind the article's title: columns and the site, which head pages, too (h1)."""
    first, *others = [part.strip() for part in _PARTS.split(text) if part.strip()] or [""]
    if _NOUN.search(first) and len(first) >= _LEAST_PART:
        yield from (fold(part) for part in others if not _NOUN.search(part))


def _usable(text: str, sites: Collection[str]) -> bool:
    flat = fold(text)
    return (
        4 <= len(flat) <= 120
        and flat not in sites
        and label_of(text) is None
        and _TRAILED.search(text) is None
        and _HOME.match(text) is None
        and re.search(r"[一-鿿]", flat) is not None
        and not (_SITE.search(flat) and not _NOUN.search(flat) and len(flat) < 16)
    )


def opening_lines(page: Page, taken: Sequence[Span]) -> list[Paragraph]:
    """The first lines of a page, in order, a row of cells told as one; `taken` are spans of metadata."""
    blocks = islice(
        (block for block in (*page.frame, *page.body) if isinstance(block, Table) or block.text.strip()), 40
    )
    return [line for line in map(_as_line, blocks) if line is not None and not overlaps(line, taken)]


def _as_line(block: Block) -> Paragraph | None:
    if isinstance(block, Paragraph):
        return block
    cells = [cell for cell in block.rows[0] if cell.text.strip() and not cell.copy] if len(block.rows) == 1 else []
    return Paragraph(" ".join(cell.text for cell in cells), cells[0].start, cells[-1].end) if cells else None


def _is_menu(text: str) -> bool:
    """Whether a line is a row of short words that only blanks part: names of columns."""
    words = text.split()
    return len(words) >= _MENU_WORDS and all(_MENU_WORD.fullmatch(word) for word in words)


def _lines(page: Page, taken: Sequence[Span]) -> Iterator[Paragraph]:
    """The lines that may hold the title: of the frame and body, and a full-width first row of a table."""
    blocks: Sequence[Block] = (*page.frame, *page.body)
    for block in blocks:
        line: Paragraph | None = None
        if isinstance(block, Paragraph):
            line = block
        elif isinstance(block, Table) and block.rows:
            first = [cell for cell in block.rows[0] if cell.text.strip() and not cell.copy]
            if len(first) == 1:
                line = Paragraph(first[0].text, first[0].start, first[0].end)
        if line is not None and not overlaps(line, taken):
            line = _without_chapter(_unlabelled(line))
            yield line._replace(text=_together(line.text)) if _SPACED.search(line.text[:_LONG]) else line


def _unlabelled(line: Paragraph) -> Paragraph:
    """A line without the label of a title that only blanks divide from it: 信息名称 …执行情况."""
    found = _LABELLED.match(line.text[:_LONG])
    return line._replace(text=line.text[found.end() :], start=line.start + found.end()) if found else line


def _without_chapter(line: Paragraph) -> Paragraph:
    """A line without the first heading of the text, where only a blank parts them: …进展情况 一、总体情况."""
    found = _CHAPTERED.match(line.text[:_LONG])
    if found is None or _OPENS_SECTION.match(line.text) or line.end - line.start != len(line.text):
        return line
    return line._replace(text=found["title"], end=line.start + found.end("title"))


def _together(text: str) -> str:
    """Letters that were set apart, joined."""
    return _SPACED.sub(lambda found: "".join(found[0].split()), text)


def _title_line(lines: Sequence[Paragraph]) -> Paragraph | None:
    """The first line that reads like a title and stands before any prose."""
    about = False
    shown = [*islice((line for line in lines if line.text.strip()), 30)]
    for line, below in zip_longest(shown, shown[1:]):
        text = clean_cell(line.text)
        if _CONTENTS.search(text):
            continue
        least, about = _LEAST_TITLE - 2 * about, "关于" in text
        opens = _OPENS_SECTION.match(text) is not None
        told = len(text) > 100 or opens or re.search(r"[。;；]", text) is not None
        titled = (
            not told
            and _NOUN.search(text) is not None
            and len(fold(text)) >= least
            and label_of(text) is None
            and not text.endswith((":", "：", ","))
            and not _is_menu(text)
            and not ((len(text) > 60 or len(_ARROW.findall(text)) > 1) and _is_frame(text))
            and _LINK_WITH_DAY.search(text) is None
        )
        # Most lines are neither: whether those are furniture need not be known.
        if (told or titled) and not is_furniture(text):
            if titled:
                return line
            # Numbered lines one below the other may be a list of the portal's; a text below one is the document's.
            if (len(text) > 60 and not _is_frame(text)) or (opens and _begins_text(below)):
                return None
    return None


def _is_frame(text: str) -> bool:
    """Whether a long line is a menu with its trail: words that only blanks part, and no sentence."""
    if re.search(r"[。；;！!]", text):
        return False
    words = text.split()
    trailed = _ARROW.search(text) is not None and not re.search(r"[，,]", text)
    return trailed or (len(words) > _MENU_WORDS and len(text) < _MENU_WORD_LENGTH * len(words))


def _begins_text(line: Paragraph | None) -> bool:
    return line is None or len(line.text) > 60 or re.search(r"[。;；]", line.text) is not None


def _below_block(lines: Sequence[Paragraph], entries: Sequence[Entry]) -> Sequence[Paragraph]:
    """The lines below the metadata block: lists of the portal that count may stand above it."""
    block = next((entry.span[1] for entry in reversed(entries) if entry.label in STRONG), None)
    return [line for line in lines if line.start >= block] if block is not None else ()


def _above_block(lines: Sequence[Paragraph], entries: Sequence[Entry]) -> Iterator[tuple[str, Span | None]]:
    """The page's first line, right above the line that says when and from whom: a title that no word tells."""
    first = next((line for line in lines if line.text.strip()), None)
    day = next((entry.span[0] for entry in entries if entry.field == "published_on"), None)
    if first is None or day is None or not 0 <= day - first.end <= _NEAR or not _PLAIN_LINE.fullmatch(first.text):
        return
    if is_furniture(first.text) is None and not _OPENS_SECTION.match(first.text) and not _is_menu(first.text):
        yield clean_cell(first.text), (first.start, first.end)


def _blob_title(lines: Sequence[Paragraph]) -> Iterator[tuple[str, Span | None]]:
    """The title of a text that has lost its line breaks: its first words, up to a blank, before all prose."""
    first = next((line for line in lines if line.text.strip()), None)
    if first is None or len(first.text) < 100:
        return
    words = first.text.split(maxsplit=1)[0]
    if 8 <= len(words) <= 60 and _NOUN.search(words[-6:]) and not re.search(r"[。;；，,：:]", words):
        yield words, (first.start, first.start + len(words))


def _whole_title(lines: Sequence[Paragraph], line: Paragraph) -> tuple[str, Span]:
    """The title with the lines it was broken over: whose report before it, the period in brackets below it."""
    place = lines.index(line)
    title, start, end = clean_cell(line.text), line.start, line.end
    joined = _below_about(lines, place)
    if joined is not None:
        return joined
    dated = bool(period_phrases(title, None))
    before = lines[place - 1] if place and line.start - lines[place - 1].end <= 4 else None
    if (
        before is not None
        and (
            not dated or before.text.lstrip().startswith("《") or _of_one_type(before, line) or _is_whose(before, line)
        )
        and _HEAD_LINE.fullmatch(clean_cell(before.text))
        and clean_cell(before.text)[:_PLACE] != title[:_PLACE]  # a title that names its place says whose it is
        and not is_furniture(before.text)
    ):
        title, start = clean_cell(before.text) + title, before.start
        dated = bool(period_phrases(title, None))
    after = lines[place + 1] if place + 1 < len(lines) and lines[place + 1].start - line.end <= 4 else None
    if (
        after is not None
        and not dated
        and _goes_with(line, after)
        and _TAIL_LINE.fullmatch(clean_cell(after.text))
        and parse_date(after.text.strip(" （）()—-")) is None
        and period_phrases(after.text, None)
    ):
        title, end = title + clean_cell(after.text), after.end
    return title, (start, end)


def _is_whose(whose: Paragraph, line: Paragraph) -> bool:
    """Whether a body's name stands above a title that opens with its time and names nobody (2024年工作总结)."""
    return (
        SIGNED.fullmatch(clean_cell(whose.text)) is not None
        and _GENERAL.fullmatch(clean_cell(line.text)) is not None
        and (whose.bold, whose.level) == (line.bold, line.level)
    )


def _is_quoted(line: Paragraph) -> bool:
    """Whether a line names the plan whose report the next one is: 《…规划》."""
    return line.text.strip().startswith("《")


def _of_one_type(whose: Paragraph, line: Paragraph) -> bool:
    """Whether a body's name and the line below it are set in the same bold type: one title."""
    return whose.bold and line.bold and SIGNED.fullmatch(clean_cell(whose.text)) is not None


def _below_about(lines: Sequence[Paragraph], place: int) -> tuple[str, Span] | None:
    """A title of several lines: from the one above that says 关于, on to those below that end it (计划|执行情况的报告).

    None where it has one line only.
    """
    held = [lines[place]]
    for above in reversed(lines[max(place - _TITLE_LINES + 1, 0) : place]):
        text = clean_cell(above.text)
        if held[0].start - above.end > _NEAR or not _PLAIN_LINE.fullmatch(text) or _NO_TITLE_LINE.search(text):
            break
        if is_furniture(text) or label_of(text) is not None:
            break
        held.insert(0, above)
        if "关于" in text:
            break
    while len(held) > 1 and "关于" not in held[0].text:
        held.pop(0)
    whose = next((line for line in lines[:place] if 0 <= held[0].start - line.end <= _NEAR), None)
    if whose is not None and held[0].text.lstrip().startswith("关于") and SIGNED.fullmatch(clean_cell(whose.text)):
        held.insert(0, whose)
    for below in lines[place + 1 : place + _TITLE_LINES]:
        whole = "".join(clean_cell(line.text) for line in held)
        text = clean_cell(below.text)
        ended = _ENDS.search(whole) is not None
        if below.start - held[-1].end > _NEAR or not _PLAIN_LINE.fullmatch(text) or not _ENDS.search(text):
            break
        if (ended and not _GOES_ON.match(text)) or _OPENS_SECTION.match(text) or is_furniture(text):
            break
        if not _goes_with(held[-1], below):
            break
        held.append(below)
    if len(held) == 1:
        return None
    return "".join(clean_cell(line.text) for line in held), (held[0].start, held[-1].end)


def _goes_with(title: Paragraph, below: Paragraph) -> bool:
    """Whether the type of a line lets it be one title with the line above it: not where it is a heading of its own."""
    return (not below.bold and below.level is None) or (below.bold, below.level) == (title.bold, title.level)
