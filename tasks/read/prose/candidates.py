"""Where a text may open a section: its lines, and the ordinals, headings and bold words they begin with.

All that looks like the opening of a section is found here; tasks/read/prose/contents.py takes out what imitates one,
and tasks/read/prose/nesting.py believes the rest by the sequence that it continues.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.model import Span
from tasks.numerals import parse_numeral
from tasks.read.page import Block, Cell, Paragraph, Table
from tasks.read.prose.contents import notes_in
from tasks.read.prose.marks import BRACKETED, DECIMAL, Mark, leads_in, marks_in
from tasks.read.prose.series import ALONE_IN_SERIES, series
from tasks.text import clean_cell

_MATTER = (
    r"(?:总结|回顾|思路|打算|计划|安排|情况|重点|目标|要点|成效|成绩|亮点|做法|经验|谋划|进展|(?:开展|完成|推进|落实)情况|举措|措施|"
    r"问题|困难|不足|短板|原因|建议|任务)"
)
# A heading that stands alone without an ordinal: what it is about, and when or how; never a bare column heading.
ALONE = re.compile(
    rf"(?=.*(?:20\d\d年|[今明]年|[上下]半年|下一?步|下阶段|下一阶段|今后|主要|重点|特色|存在|面临|工作))(?:20\d\d年|[今明]年|[上下]半年|"
    rf"[一二三四]季度|下一?步|下阶段|下一阶段|今后)?度?的?(?:主要|重点|特色|有关|具体|存在的?|面临的?)*(?:工作)?{_MATTER}(?:[和与及、](?:主要|重点|下一?步)*"
    rf"(?:工作)?{_MATTER})?"
)
_BARE_NUMBER = re.compile(
    r"\s*(?P<number>\d{1,2})(?P<gap>[ \t\u3000]+)(?=[\u4e00-\u9fff“]|20\d\d年)(?:20\d\d年)?[^。；;：:|\d]{2,30}"
)
_TIGHT = re.compile(r"\s*(?P<mark>(?P<major>\d{1,2})\.(?P<number>\d{1,2}))(?=[\u4e00-\u9fff“])[^。；;：:|]{2,40}")
# A subject, and what is said of it: 农业, 工业生产平稳增长，重点行业支撑有力, ◆外贸进出口增长10.2%.
_PLAIN_HEAD = re.compile(
    r"[◆◇●○■□★☆▲△·•]?\s?[\u4e00-\u9fffA-Za-z“”‘’《》][\u4e00-\u9fffA-Za-z“”‘’《》\d.%、，,+]{1,34}(?<![、，,])"
)
_OPENING = re.compile(r"[一-鿿“”、]{4,24}(?=。[^\n]{20,})")
_ASIDE = re.compile(r"(?!\d)[^\s。；;！!？?，,|]{3,24}")
_WORN, _WORN_BLANKS = 150, 300  # characters of such a line, and for each blank in it
_BLANK = re.compile(r"(?<=[”）\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff“（(\d])")
_WITHOUT_ORDINAL = frozenset({"head", "part", "tag"})
_MINOR = frozenset({"be", "di", "arp", "circ", "ring"})  # what counts below a heading or in a sentence
_NOTED = frozenset({"ar", "arp", "circ", "ring"})
_BELOW_HEADS = _NOTED | {"be", "part"}
_TOLD = 40  # characters of a line that tells
_LEAST_HEADS = 3
_CHAPTER_KINDS = frozenset({"book", "cn", "cnp"})
_ASKS = re.compile(
    r"\s*(?P<title>(?:问(?:题?\s?[一二三四五六七八九十\d]{1,3})?|[QＱ]\s?\d{0,2}|[^\s：:。，,]{0,16}记者(?:提?问)?)\s*[:：][^\n]{4,160}[？?])\s*$"
)
_ASKED_OR_NAMED = re.compile(r"[^。；;\n]{2,160}[？?]|[^。；;！!？?\n]{1,39}[^。；;！!？?，,、：:\n]")
_TOPIC_NUMBERED = re.compile(
    r"\s*(?P<title>(?P<word>(?:反馈|整改|存在)?(?:问题|任务|事项|案例|意见|建议))\s?(?P<number>[一二三四五六七八九十]{1,3}|\d{1,2})"
    r"(?:\s?[：:、.．]|[ \u3000])[^\n。]{4,100})。?"
)
_ALONE_MARK = re.compile(
    r"\s*(?:第\s?[一二三四五六七八九十]{1,3}\s?(?:部分|章|篇)|[(（]\s?(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s?[)）]|[一二三四五六七八九十]{1,3}\s?[、．.]|"
    r"\d{1,2}\s?[、．.])\s*"
)
_ORDINAL = 12  # characters of a line that may be an ordinal alone
_WORDS = 60  # characters of a heading whose ordinal stands alone
_LEAST_TEXT = 200  # characters of a cell that may hold a text with headings
_CHAPTERS = re.compile(r"(?:^|\s|。)一、.*[\s。]二、", re.DOTALL)
_LEAD_LINE = 30  # characters of a sentence in bold that is a heading on a line of its own
_LEAST_TOLD = 20  # characters that a paragraph opened by bold words has behind them
_LABEL = re.compile(r"(?:联系|附件|来源|注|备注|说明|地址|电话|时间|单位|责任)(?:人|方式|单位|电话)?\s*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text; `level` as in `Paragraph`."""

    start: int
    end: int
    level: int | None = None
    bold: bool = False
    lead: int = 0  # where the bold words end with which the line begins


def lines_in(text: str) -> list[Line]:
    """The lines of plain text."""
    return [Line(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]


def lines_of(text: str, blocks: Sequence[Block], leads: Iterable[Span]) -> tuple[list[Line], int]:
    """The lines of a page's blocks, and where the last block ends."""
    lines: list[Line] = []
    end = 0
    bold = dict(leads)
    for block in blocks:
        if isinstance(block, Paragraph):
            lead = bold.get(block.start, 0)
            lines += _split(text, Line(block.start, block.end, block.level, block.bold, lead))
            end = max(end, block.end)
        else:
            row = _numbered_row(block)
            for cell in _single_column(block) if row is None else ():
                lines += _split(text, Line(cell.start, cell.end))
            lines += [row] if row is not None else []
            end = max(end, block.span[1])
    return _with_their_words(text, lines), end


def _numbered_row(table: Table) -> Line | None:
    """The line that a table of one row lays out: an ordinal in the first cell, its words in the second."""
    cells = [cell for row in table.rows for cell in row if cell.text.strip() and not cell.copy]
    if len(cells) != 2 or not _ALONE_MARK.fullmatch(cells[0].text) or len(cells[1].text) > _WORDS:
        return None
    return Line(cells[0].start, cells[1].end)


def _with_their_words(text: str, lines: Sequence[Line]) -> list[Line]:
    """The lines, an ordinal that stands alone on its line joined with the words on the next one, where none but white
    space is between; the last of several ordinals alone has the words."""
    joined: list[Line] = []
    shown_alone = [text[line.start : line.end] for line in lines if line.end - line.start <= _ORDINAL]
    serial = sum(ALONE_IN_SERIES.fullmatch(shown) is not None for shown in shown_alone) > 1
    for line in lines:
        above = joined[-1] if joined else None
        shown = text[line.start : line.end].strip()
        if (
            above is not None
            and (
                _ALONE_MARK.fullmatch(text[above.start : above.end])
                or (serial and ALONE_IN_SERIES.fullmatch(text[above.start : above.end]))
            )
            and 2 <= len(shown) <= _WORDS
            and not _ALONE_MARK.match(shown)
            and not text[above.end : line.start].strip()
        ):
            joined[-1] = Line(above.start, line.end, above.level or line.level, above.bold and line.bold)
        else:
            joined.append(line)
    return joined


def _split(text: str, line: Line) -> Iterator[Line]:
    """A paragraph's own lines: a <br> inside it starts a line, too."""
    parts = [m for m in re.finditer(r"[^\n]+", text[line.start : line.end]) if m[0].strip()]
    for part in parts:
        start, end = line.start + part.start(), line.start + part.end()
        lead = line.lead if start < line.lead < end and not text[line.start : start].strip() else 0
        yield Line(start, end, line.level, line.bold and len(parts) == 1, lead)


def _single_column(table: Table) -> list[Cell]:
    cells: list[Cell] = []
    for row in table.rows:
        filled = [cell for cell in row if cell.text.strip() and not cell.copy]
        if len(filled) > 1:
            return [cell for row in table.rows for cell in row if not cell.copy and _is_text(cell.text)]
        cells += filled
    return cells


def _is_text(cell: str) -> bool:
    """Whether a cell that stands beside others is a text of its own: layout tables hold pages."""
    return len(cell) >= _LEAST_TEXT and cell.count("。") > 1 and _CHAPTERS.search(cell) is not None


def candidates(text: str, lines: Sequence[Line]) -> list[Mark]:
    """The marks of the lines, in order; none that others of its kind contradict."""
    spans = [(line.start, line.end) for line in lines]
    bare = _bare_numbers(text, lines) | _tight_decimals(text, lines) | _tags(text, lines)
    bare |= series(text, spans, strong=True)
    marks = [
        mark
        for number, line in enumerate(lines)
        for mark in ([bare[number]] if number in bare else _of_line(text, line, number, lines))
    ]
    marks = [mark for i, mark in enumerate(marks) if i == 0 or mark.start >= marks[i - 1].start]
    doubled = {i for i, (a, b) in enumerate(pairwise(marks)) if a.kind == b.kind and a.after == b.start}
    marks = [mark for i, mark in enumerate(marks) if not {i, i - 1} & doubled]  # (一)(二)两项 opens nothing
    if sum(mark.kind == "lead" for mark in marks) == 1:
        marks = [mark for mark in marks if mark.kind != "lead"]
    if not _counted(text, lines, marks):
        plain = series(text, spans, strong=False) or _plain_heads(text, lines)
        marks = sorted([*(mark for mark in marks if mark.line not in plain), *plain.values()], key=lambda m: m.start)
    return marks


def _counted(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> bool:
    """Whether ordinals or headings of the markup open lines outside the notes."""
    opening = [mark for mark in marks if mark.where == "line" and (mark.kind != "head" or mark.heading_level)]
    if not opening or any(mark.kind not in _BELOW_HEADS for mark in opening):
        return bool(opening)
    notes = notes_in(text, [(line.start, line.end) for line in lines], marks)
    left = [mark for mark in opening if mark.line not in notes]
    if any(mark.kind in _NOTED for mark in left):
        return True
    # 一是…。二是…。 may be a paragraph below headings that nothing counts.
    return bool(left) and not _plain_heads(text, lines)


def _plain_heads(text: str, lines: Sequence[Line]) -> dict[int, Mark]:
    """Headings of a text that lost its type: short lines without a stop, each right above a text or above another
    heading. Three or more, and no other short line between them: cells of a table are of other kinds, too."""
    told: list[bool] = []
    long = 0
    for line in lines:
        size, shown = line.end - line.start, text[line.start : line.end]
        long += size >= _TOLD and "。" in shown
        # A paragraph below another one may be short, and so may the sentence that leads from a heading to the next.
        leads = shown.rstrip().endswith(("。", "：")) and "，" in shown
        least = _LEAST_TOLD if told and (told[-1] or leads) else _TOLD
        told.append(size >= least and ("。" in shown or leads))
    short = [_PLAIN_HEAD.fullmatch(text[line.start : line.end].strip()) is not None for line in lines]
    heads = [
        number
        for number in range(len(lines) - 1)
        if short[number] and (told[number + 1] or (short[number + 1] and told[number + 2 : number + 3] == [True]))
    ]
    if min(len(heads), long) < _LEAST_HEADS or not all(told[n] or n in heads for n in range(heads[0], heads[-1])):
        return {}
    if len({text[lines[n].start : lines[n].end].strip() for n in heads}) < len(heads):
        return {}
    return {n: Mark("head", 0, lines[n].start, lines[n].start, n, "line") for n in heads}


def untold(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> list[str]:
    """What may be headings of a text that has neither ordinals nor type left, and are none of `marks`: short lines
    above a text, and short sentences with which paragraphs open."""
    if any(line.level is not None or line.bold or line.lead for line in lines):
        return []
    if any(mark.kind not in _WITHOUT_ORDINAL | _MINOR for mark in marks):
        return []
    taken = {mark.line for mark in marks}
    found: list[str] = []
    for number, line in enumerate(lines):
        shown = text[line.start : line.end].strip()
        below = text[lines[number + 1].start : lines[number + 1].end].strip() if number + 1 < len(lines) else ""
        opening = _OPENING.match(shown)
        if opening is not None:
            found.append(opening[0])
        elif number not in taken and _ASIDE.fullmatch(shown) and below.endswith("。"):
            found.append(shown)
    return found if len(found) >= _LEAST_HEADS else []


def worn_lines(text: str, lines: Sequence[Line], marks: Sequence[Mark]) -> dict[int, list[Mark]]:
    """The lines that lost their breaks and even the blanks in their place, and the marks of the chapters inside them:
    two and more, in a long line with hardly any white space."""
    worn: dict[int, list[Mark]] = {}
    for mark in marks:
        if mark.kind in _CHAPTER_KINDS and mark.where != "line":
            worn.setdefault(mark.line, []).append(mark)
    for number, inside in [*worn.items()]:
        line = lines[number]
        size = line.end - line.start
        blanks = len(_BLANK.findall(text, line.start, line.end))
        if len(inside) < 2 or size < _WORN or blanks * _WORN_BLANKS >= size:
            del worn[number]
    return worn


def _bare_numbers(text: str, lines: Sequence[Line]) -> dict[int, Mark]:
    """Headings such as `1 抓投资`: a number and a blank before a short line without a stop, counted from 1 upwards."""
    found: dict[int, Mark] = {}
    for number, line in enumerate(lines):
        shown = text[line.start : line.end]
        match = _BARE_NUMBER.fullmatch(shown.rstrip())
        if match and int(match["number"]) == len(found) + 1:
            start = line.start + match.start("number")
            found[number] = Mark("ar", int(match["number"]), start, line.start + match.end("gap"), number, "line")
    return found if len(found) > 1 else {}


def _tight_decimals(text: str, lines: Sequence[Line]) -> dict[int, Mark]:
    """Headings such as `1.1抓投资` without a blank behind the number: lines without a stop, two or more that count on
    from n.1 below one number."""
    found: dict[int, Mark] = {}
    run: list[tuple[int, Mark]] = []
    major = ""
    for number, line in enumerate(lines):
        match = _TIGHT.fullmatch(text[line.start : line.end].rstrip())
        if match is None:
            continue
        minor, start = int(match["number"]), line.start + match.start("mark")
        mark = Mark("dec", minor, start, line.start + match.end("mark"), number, "line")
        if match["major"] != major or minor != len(run) + 1:
            run, major = [], match["major"]
        if minor == len(run) + 1:
            run.append((number, mark))
        if len(run) > 1:
            found.update(run)
    return found


def _tags(text: str, lines: Sequence[Line]) -> dict[int, Mark]:
    """Lines that open with their subject in brackets, 【产业发展】…, and questions, 问：…？: where there are two.

    What follows the brackets is the heading's where it is a question or a phrase without a stop.
    """
    found: dict[int, Mark] = {}
    for number, line in enumerate(lines):
        match = BRACKETED.match(text, line.start, line.end)
        if match is None or (match.end() >= line.end and number + 1 == len(lines)):
            continue
        whole = _ASKED_OR_NAMED.fullmatch(text[match.end() : line.end].strip())
        stop = line.end if whole else match.end()
        found[number] = Mark("tag", 0, match.start("title"), stop, number, "line")
    asked = {
        number: Mark("tag", 0, match.start("title"), match.end("title"), number, "line")
        for number, line in enumerate(lines[:-1])
        if number not in found and (match := _ASKS.match(text, line.start, line.end)) is not None
    }
    told = _counted_topics(text, lines)
    return (found if len(found) > 1 else {}) | (asked if len(asked) > 1 else {}) | told


def _counted_topics(text: str, lines: Sequence[Line]) -> dict[int, Mark]:
    """Lines that open with a word and its number, 问题1：…, 任务二：…: two or more that count on."""
    found: dict[int, Mark] = {}
    word = ""
    for number, line in enumerate(lines[:-1]):
        match = _TOPIC_NUMBERED.fullmatch(text[line.start : line.end].rstrip())
        if match is None or (word and match["word"] != word):
            continue
        word = match["word"]
        if parse_numeral(match["number"]) == len(found) + 1:
            start = line.start + match.start("word")
            found[number] = Mark("tag", 0, start, line.start + match.end("title"), number, "line")
    return found if len(found) > 1 else {}


def _of_line(text: str, line: Line, number: int, lines: Sequence[Line]) -> list[Mark]:
    decimal = DECIMAL.match(text, line.start, line.end)
    if decimal is not None:
        return [Mark("dec", int(decimal["number"]), decimal.start("mark"), decimal.end(), number, "line", line.level)]
    marks = list(marks_in(text, line.start, line.end, number))
    if not marks or marks[0].where != "line":
        head = _heading_line(text, line, number, lines) or _lead(text, line, number, lines)
        if head is not None:
            return [head, *(mark for mark in marks if mark.start >= head.after > head.start)]
    elif line.level is not None:
        first = marks[0]
        marks[0] = Mark(first.kind, first.number, first.start, first.after, number, first.where, line.level)
    # The words right behind an ordinal are its own heading.
    own = {mark.after + len(behind) - len(behind.lstrip()) for mark in marks if (behind := text[mark.after : line.end])}
    leads = [lead for lead in leads_in(text, line.start, line.end, number) if lead.start not in own]
    return sorted([*marks, *leads], key=lambda mark: mark.start)


def _heading_line(text: str, line: Line, number: int, lines: Sequence[Line]) -> Mark | None:
    """A heading without an ordinal: marked up or bold, or the usual words alone on a line."""
    shown = clean_cell(text[line.start : line.end])
    if not 2 <= len(shown) <= 40 or shown[-1] in "。；;，,、：:":
        return None
    only_title = line.level == 1 and sum(other.level == 1 for other in lines) == 1
    marked = (line.level is not None and not only_title) or (line.bold and number + 1 < len(lines))
    if not marked and not ALONE.fullmatch(shown):
        return None
    lead = len(text[line.start : line.end]) - len(text[line.start : line.end].lstrip())
    return Mark("head", 0, line.start + lead, line.start + lead, number, "line", line.level)


def _lead(text: str, line: Line, number: int, lines: Sequence[Line]) -> Mark | None:
    """Bold words that open a paragraph and say what it is about, a sentence or a phrase with a colon of their own; or
    are all of it, a sentence before a line that is not bold."""
    if line.bold:
        below = lines[number + 1] if number + 1 < len(lines) else None
        shown = text[line.start : line.end].strip()
        if below is None or below.bold or shown[-1:] not in "。：:" or not 4 <= len(shown) - 1 <= _LEAD_LINE:
            return None
        if shown[-1] != "。" and (_LABEL.match(shown[:-1]) or not re.search(r"[\u4e00-\u9fff]{3}", shown)):
            return None
        return (
            None
            if re.search(r"[。；;：:！!？?]", shown[:-1])
            else Mark("lead", 0, line.start, line.end, number, "line")
        )
    if not line.lead:
        return None
    shown = text[line.start : line.lead].strip()
    told = text[line.lead : line.end].strip()
    parted = any(map(str.isspace, text[line.lead - 1 : line.lead + 1]))  # a blank parts them as a stop does
    closed = parted or shown[-1:] in "。：:" or told[:1] in "。：:"
    words = shown.rstrip("。：:")
    if not closed or not 4 <= len(words) <= 40 or re.search(r"[。；;！!？?]", words) or len(told) < _LEAST_TOLD:
        return None
    if not re.search(r"[\u4e00-\u9fff]{3}", words) or _LABEL.match(words):
        return None
    return Mark("lead", 0, line.start, line.lead, number, "line")
