"""Furniture: what a portal prints around and inside a disclosure that is not the disclosure.

Recognised by what it does (shares, navigates, counts, disclaims, asks for comments) and by its shape (a short line,
a label without a sentence), never by one site's words. What is taken out is named with its reason, so that nothing
disappears without a trace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz.fuzz import ratio

from tasks.model import Span, Warn
from tasks.read.furniture_words import EDGE, begins_foot, is_furniture, reason_of
from tasks.read.page import Block, Paragraph, Table
from tasks.text import clean_cell, fold

__all__ = ["Removed", "Stripped", "is_furniture", "strip_furniture"]

_TAIL_WORDS = re.compile(r"(?:\s*(?:分享(?:到|至)?\s*[:：]?|【?(?:打印|关闭)(?:本页|窗口)?】?|[|｜]))+\s*$")
_LISTS = re.compile(
    rf"{EDGE}(?:(?:相关|推荐|热门|热点|延伸|最新|最近|更多|上级|同类|本类|图片)"
    rf"(?:阅读|文章|链接|稿件|新闻|信息|资料|文档|公文|文件|政策|解读|政策解读|报道|推荐|内容|更新|发布|专题|排行)|(?:点击|阅读|浏览)排行榜?|(?:[您你]还?可能)?还?感兴趣的?(?:文章|内容)?|猜你喜欢){EDGE}"
)
_FILES = re.compile(rf"{EDGE}(?:相关|本文)?附件(?:下载|列表|清单)?{EDGE}")
_FILE = re.compile(
    r"[^。；;]{2,}\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|pptx?)(?:\s*[(（\[]?[\d.]+\s*[KMG]?B?[)）\]]?)?(?:\s*(?:点击)?下载)?\s*",
    re.IGNORECASE,
)
_NAME = 120  # characters of a file's name
_CHAPTER = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])")
_CLAUSES = re.compile(r"^(?=.{60})[^，,]*[，,][^，,]*[，,]", re.DOTALL)  # of a long line that has no stop
_LABEL = 24  # characters of such a label
_HEAD = 6  # characters of a running head, at least
_SENTENCE = re.compile("[。；;：:!！?？]")
_LISTED = 90  # characters of a title in such a list
_DOCUMENT = (
    r"(?:总结|报告|情况|通知|公告|公示|通报|公报|方案|指标|简报|意见|办法|名单|清单|安排|要点|计划|指南|规程|批复|"
    r"座谈会|推进会|调度会|部署会|工作会|培训班)"
)
# Not what a text says of its own work: 完成2031年采伐限额编制方案.
_WORKS = (
    r"(?:完成|开展|做好|抓好|抓紧|推[进动行]|加[快强大]|继续|持续|全[力面]|深[入化]|强化|落实|"
    r"组织|制[定订]|编制|印发|出台|实施|建[立成设]|筹备)"
)
_TITLED = re.compile(
    rf"[•·●▪■►>\-*]?\s*(?!附|{_WORKS})(?:(?=关于|[前一\d]|[一-鿿]{{1,12}}?[省市县区旗州盟镇乡局委厅院办])"
    rf"(?=.*(?:(?:19|20)\d\d年|关于|召开|举[行办]))[^。；;！!|]{{8,60}}{_DOCUMENT}(?:[（(][^（）()]{{1,16}}[）)])?|"
    r"(?![（(])[^。；;！!|]{6,60}[\s\[(（]+(?:20\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d\d[-/]\d\d)[\])）]?)"
)
_STEP = re.compile(r"[一-鿿A-Za-z《》“”·]{2,16}")
_FOOT_LINES = 40  # lines that no rule knows among the furniture below the text; more may be cells of a table
_UNKNOWN_EACH = 5  # of them for each piece that is known
_COMMENTED = re.compile(rf"{EDGE}(?:网友|用户|读者|最新|全部|热门)(?:评论|留言)(?:列表|区)?(?:[(（]\d*条?[)）])?{EDGE}")
_OF_THE_FOOT = frozenset({"share", "tools", "neighbours", "comments", "footer"})
_SEPARATOR = re.compile(r"\s*[|｜>›»/＞-]{1,2}\s*")
_BLOB = 200  # a single line of this length that repeats is a text of its own
_ALIKE = 80.0  # per cent of likeness from which a repetition is a second copy
_MIN_COPY = 12  # folded characters a line must have to speak for a second copy


@dataclass(frozen=True, slots=True)
class Removed:
    """A span of page.text that was taken out, and why.

    Reasons: share, tools, font_size, counter, navigation, neighbours, accessibility, source_line, address, comments,
    footer, leaving, page_number, page_head (printed on each page), release, spam (words of a hijacked page),
    disclaimer, feedback, attachment (a file's name), title (printed once more), copy.
    """

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Stripped:
    """What is left, and what was taken out with its reasons."""

    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...] = ()
    warnings: tuple[Warn, ...] = ()


def strip_furniture(blocks: Sequence[Block], *, text: str = "", title: str | None = None) -> Stripped:
    """Blocks without furniture and without a second (mobile) copy of the prose.

    `text` (page.text) and `title` help to know a trail of columns (规划计划 | 总结计划 | 执行情况) that was printed
    without a word of its own: by the separators between its steps, or by the title it ends in.

    A table is furniture only if every cell is. A line that ends in furniture (…。 分享: |) keeps its sentence, with
    the tail removed. The copy rule is `_copies`; copies that differ are kept once with a `copies_disagree` warning.
    """
    kept: list[Block] = []
    removed: list[Removed] = []
    folded = fold(title or "")
    trail = _trails(blocks, text, folded) | _lists(blocks) | _titles_below(blocks) | _files(blocks)
    trail |= _page_heads(blocks, folded)
    for number, block in enumerate(blocks):
        if number in trail:
            removed.append(Removed(_span(block), trail[number]))
            continue
        if isinstance(block, Table):
            cells = [cell for row in block.rows for cell in row if cell.text.strip() and not cell.copy]
            reasons = [is_furniture(cell.text) for cell in cells]
            whole = is_furniture(" ".join(cell.text for cell in cells)) if len(block.rows) == 1 else None
            if cells and (all(reasons) or whole):
                removed.append(Removed(block.span, reasons[0] or whole or "tools"))
            else:
                kept.append(block)
            continue
        reason = is_furniture(block.text)
        if reason:
            removed.append(Removed((block.start, block.end), reason))
            continue
        kept.append(_without_tail(block, text, removed))
    stripped = _copies(_without_foot(kept, removed, text), removed)
    if not any(gone.reason == "spam" for gone in removed):
        return stripped
    hijacked = Warn("spam_in_page", "the page holds advertising that no government prints; it may be a hijacked copy")
    return replace(stripped, warnings=(*stripped.warnings, hijacked))


def _page_heads(blocks: Sequence[Block], title: str) -> dict[int, str]:
    """Places of a short line that stands on one side of the numbers of all pages but one, two at least; and of the
    first of them, which has no number beside it, unless it is the document's title. A cell (已完成) that happens to end
    two pages of many is none."""
    numbers = [
        isinstance(b, Paragraph) and len(b.text) <= _LABEL and is_furniture(b.text) == "page_number" for b in blocks
    ]
    if sum(numbers) < 2:
        return {}
    heads: dict[str, list[int]] = {}
    for side in (-1, 1):
        beside: dict[str, list[int]] = {}
        for number, block in enumerate(blocks):
            ends = 0 <= number + side < len(blocks) and numbers[number + side] and not numbers[number]
            if ends and isinstance(block, Paragraph) and _HEAD <= len(block.text) <= _LISTED:
                beside.setdefault(fold(block.text), []).append(number)
        heads |= {
            line: places
            for line, places in beside.items()
            if len(places) >= max(2, sum(numbers) - 1) and not _SENTENCE.search(line)
        }
    found = dict.fromkeys((place for places in heads.values() for place in places), "page_head")
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph) and fold(first.text) in heads and fold(first.text) != title:
        found[0] = "page_head"
    return found


def _lists(blocks: Sequence[Block]) -> dict[int, str]:
    """Places of blocks in a list of other documents: a label such as 相关阅读, and titles without a sentence to the end
    of the text or to the next piece of furniture."""
    found: dict[int, str] = {}
    for number, block in enumerate(blocks):
        if not isinstance(block, Paragraph) or len(block.text) > _LABEL or not _LISTS.fullmatch(block.text):
            continue
        below = number + 1
        while below < len(blocks) and (listed := _listed(blocks[below], first=below == number + 1)):
            below += 1
        if below == len(blocks) or not listed:
            told = below < len(blocks) and is_furniture(_words(blocks[below])) is None
            if not told:
                found |= dict.fromkeys(range(number, below), "neighbours")
    return found


def _titles_below(blocks: Sequence[Block]) -> dict[int, str]:
    """Places of the last lines where two or more of them are titles of other documents, below the last sentence and
    what signs it: with a year or 关于 and the noun of a document, or with a day behind them. Furniture may follow."""
    found: dict[int, str] = {}
    below = len(blocks)
    for number in range(len(blocks) - 1, -1, -1):
        block = blocks[number]
        if not isinstance(block, Paragraph) or (block.bold or block.level is not None):
            break
        if _TITLED.fullmatch(block.text.strip()) is not None and is_furniture(block.text) is None:
            below = number
            found[number] = "neighbours"
        elif found or (is_furniture(block.text) is None and len(block.text) > _LABEL):
            break
    return found if len(found) > 1 and below > 0 else {}


def _files(blocks: Sequence[Block]) -> dict[int, str]:
    """Places of lines that are names of files, and of the label above them (相关附件)."""
    found: dict[int, str] = {}
    for number, block in enumerate(blocks):
        if isinstance(block, Paragraph) and len(block.text) <= _NAME and _FILE.fullmatch(block.text):
            found[number] = "attachment"
            above = blocks[number - 1] if number else None
            if isinstance(above, Paragraph) and len(above.text) <= _LABEL and _FILES.fullmatch(above.text):
                found[number - 1] = "attachment"
    return found


def _listed(block: Block, *, first: bool) -> bool:
    """Whether a block may be a title in such a list; a title that opens like a chapter is not the first one."""
    text = _words(block)
    if first and _CHAPTER.match(text):
        return False
    return len(text) <= _LISTED and re.search(r"[。;；]", text) is None and is_furniture(text) is None


def _words(block: Block) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return " ".join(cell.text for row in block.rows for cell in row if not cell.copy)


def _span(block: Block) -> Span:
    return block.span if isinstance(block, Table) else (block.start, block.end)


def _trails(blocks: Sequence[Block], text: str, title: str) -> dict[int, str]:
    """Places of blocks that are steps of a trail of columns, or the title printed once more at its end."""
    found: dict[int, str] = {}
    run: list[int] = []
    for number, block in [*enumerate(blocks), (len(blocks), None)]:
        line = block.text.strip() if isinstance(block, Paragraph) else ""
        is_title = bool(title) and len(title) >= 6 and fold(line) == title
        if block is not None and not is_title and _STEP.fullmatch(line):
            run.append(number)
            continue
        between = [text[_span(blocks[a])[1] : _span(blocks[b])[0]] for a, b in pairwise(run)] if text else []
        separated = len(run) >= 2 and all(_SEPARATOR.fullmatch(gap) for gap in between) and between
        if separated or (len(run) >= 2 and is_title):
            found |= dict.fromkeys(run, "navigation")
        if is_title:
            found[number] = "title"
        run = []
    return found


def _without_foot(blocks: list[Block], removed: list[Removed], text: str) -> list[Block]:
    """The blocks without the short lines that stand among the furniture below the text: what no rule knows there
    belongs to the page, not to the last section."""
    blocks = _without_comments(blocks, removed, text)
    last = next((n for n in range(len(blocks) - 1, -1, -1) if _tells(blocks[n])), None)
    if last is None:
        return blocks
    stop = _span(blocks[last])[1]
    known = [gone.span[0] for gone in removed if gone.reason in _OF_THE_FOOT and gone.span[0] >= stop]
    known += [_span(block)[0] - 1 for block in blocks[last + 1 :] if begins_foot(_words(block))]
    foot = min(known, default=None)
    below = [block for block in blocks[last + 1 :] if foot is not None and _span(block)[0] > foot]
    if not below or len(below) > min(_FOOT_LINES, _UNKNOWN_EACH * len(known)):
        return blocks
    removed += [Removed(_span(block), "footer") for block in below]
    return blocks[: len(blocks) - len(below)]


def _without_comments(blocks: list[Block], removed: list[Removed], text: str) -> list[Block]:
    """The blocks without what readers wrote below 网友评论: to the end of the page, where no chapter stands there and
    the text above is longer by far."""
    labels = [gone.span[0] for gone in removed if _COMMENTED.fullmatch(text[slice(*gone.span)])]
    below = [block for block in blocks if labels and _span(block)[0] > labels[-1]]
    written = "\n".join(map(_words, below))
    above = sum(_span(block)[1] - _span(block)[0] for block in blocks) - len(written)
    if not below or any(_CHAPTER.match(_words(block)) for block in below) or len(written) * 3 > above:
        return blocks
    removed += [Removed(_span(block), "comments") for block in below]
    return blocks[: len(blocks) - len(below)]


def _tells(block: Block) -> bool:
    """Whether a block is of the text: it has a sentence, opens a chapter, or is a table of several rows.

    A row of links, a label with its value (地址：…), many words without a clause may stand in the foot of a page.
    """
    text = _words(block)
    if isinstance(block, Table) and len(block.rows) > 1:
        return True
    return (
        re.search(r"[。；;！]", text) is not None
        or _CHAPTER.match(text) is not None
        or _CLAUSES.search(text) is not None
    )


def _without_tail(line: Paragraph, text: str, removed: list[Removed]) -> Paragraph:
    """The line without the furniture behind its last sentence: a row of share buttons, or all that follows the first
    of several pieces where the text lost its line breaks."""
    raw = text[line.start : line.end] if text else line.text
    if len(raw) != line.end - line.start:
        return line
    tail = _TAIL_WORDS.search(raw)
    cut = tail.start() if tail is not None else _frame_behind(raw) if len(raw) >= _BLOB else None
    if not cut:
        return line
    removed.append(Removed((line.start + cut, line.end), "share"))
    shown = line.text[:cut] if raw == line.text else clean_cell(raw[:cut])
    return Paragraph(shown, line.start, line.start + cut, line.level, line.bold)


def _frame_behind(raw: str) -> int | None:
    """Where behind the last sentence of a text the words of the page begin: at the first of two or more pieces,
    parted by blanks, that are furniture; None where a sentence follows or there are fewer."""
    told = max(map(raw.rfind, "。！!？?")) + 1
    if not told:
        return None
    pieces = [*re.finditer(r"[^\s|｜]+", raw[told:])]
    odd = [piece for piece in pieces if reason_of(piece[0]) is not None]
    return told + odd[0].start() if len(odd) > 1 else None


def _copies(blocks: list[Block], removed: list[Removed]) -> Stripped:
    """Take out a run of lines that repeats, in order, the run right before it from its first line on.

    Lines of fewer than `_MIN_COPY` folded characters (headings, furniture) repeat in honest texts and do not speak
    for a copy. A copy starts near the top and is like the original as a whole; what differs is warned about.
    """
    lines = [(i, fold(b.text)) for i, b in enumerate(blocks) if isinstance(b, Paragraph) and b.text.strip()]
    first: dict[str, int] = {}
    for at, (_, line) in enumerate(lines):
        if len(line) < _MIN_COPY:
            continue
        origin = first.setdefault(line, at)
        if origin == at or (at - origin < 2 and len(line) < _BLOB):
            continue
        while origin > 0 and lines[origin - 1][1] == lines[at - 1][1] and at - 1 > origin:
            origin, at = origin - 1, at - 1  # noqa: PLW2901 - short lines before belong to both
        if sum(len(text) >= _MIN_COPY for _, text in lines[: min(origin, 9)]) > 2 or origin > 8:
            continue
        ours = [text for _, text in lines[origin:at]]
        theirs = [text for _, text in lines[at : at + len(ours)]]
        if sum(map(len, ours)) < 60 or ratio("".join(ours), "".join(theirs), score_cutoff=_ALIKE) == 0:
            continue
        one, other = set(ours), set(theirs)
        last = max(i for i, text in enumerate(theirs) if text in one)
        begin, stop = lines[at][0], lines[at + last][0] + 1
        removed += [Removed((b.start, b.end), "copy") for b in blocks[begin:stop] if isinstance(b, Paragraph)]
        rest = [*blocks[:begin], *(b for b in blocks[begin:stop] if isinstance(b, Table)), *blocks[stop:]]
        differing = [text for text in ours if text not in other] + [t for t in theirs[:last] if t not in one]
        warnings = [
            Warn("copies_disagree", f"the text is printed twice, and differs in: {t[:60]}") for t in differing[:1]
        ]
        return Stripped(tuple(rest), tuple(removed), tuple(warnings))
    return Stripped(tuple(blocks), tuple(removed))
