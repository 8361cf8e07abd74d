"""Finding the metadata block: label and value, in every layout in which portals print them.

Cells of a table row (label, value, label, value, with empty values lost), several `label: value` pairs on one line,
a label on one line and its value on the next, and single label-value lines. The result says where each stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from tasks.model import Span
from tasks.read.metadata.dates import parse_date
from tasks.read.metadata.labels import FIELDS, INLINE, STRONG, label_of, may_open
from tasks.read.page import Block, Cell, Paragraph, Table

_RULE = re.compile(r"[\s|:：\-—_=]*")
_INDEX = re.compile(r"[0-9A-Za-z()（）]{3,20}[-/－—][0-9A-Za-z一-鿿/－—_-]{4,30}")
_EMPTY = re.compile(r"[\s\-—－_/无暂]+")
_STRONG = "|".join(" ?".join(label) for label in sorted(STRONG, key=len, reverse=True))
_STRONG_STARTS = frozenset(label[:2] for label in STRONG)
_GLUED = re.compile(rf"(?P<label>{_STRONG})(?P<value>[^\s:：、,，的和与|][^。，,]{{1,60}})")
_LABELS = re.compile(_STRONG)
_DAY = r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?"
_ONE_DAY = re.compile(_DAY)
_THEN_DATED = re.compile(rf"(?P<value>[^\s|｜]+)[\s|｜]+(?P<day>{_DAY})")
_DATED_FIRST = re.compile(rf"(?P<day>{_DAY})[\s|｜]+(?=\S)")
_DATED_WITHIN = re.compile(rf"[^。，,；;：:]{{2,60}}?\s(?=(?:发布|公开|公布)(?:时间|日期)\s*[:：]\s*{_DAY})")
_DATED = re.compile(f"{_DATED_FIRST.pattern}|{_DATED_WITHIN.pattern}")
_UNLABELLED = re.compile(r"[一-鿿]{2,16}[\s|｜]+(?=\S)")  # who put it out, between the day and the first label
_UNKNOWN = re.compile(r"[一-鿿]{2,8}")
_TITLES = re.compile(r"报告|总结|[公通]报|情况|要点|计划|讲话")
_STRANGERS = 2  # rows of labels nobody knows that may stand one after the other in the block
_WIDE = 4  # columns of a metadata block at most; where a wider row opens with no label, outside the block, it is none
_PAIRED = 4  # cells of a row of two labels, each with its value
_MAX_VALUE = 160
_AROUND = " \t\n|;；:："
_OPENS, _CLOSES = ("【", "[", "(", "（"), ("】", "]", ")", "）")
_NOTHING_IN = re.compile(r"[【\[(（]\s*[】\])）]")  # 字体:[ ]
_BULLET = re.compile(r"\s*[•·●◆■▪*]\s+(?=[一-鿿\s]{2,8}[:：])")
_MAX_LINE = 600
_MAX_PARTS = 4  # entries of a row that says from whom and when
_MAX_SOURCE = 40


@dataclass(frozen=True, slots=True)
class Entry:
    """One printed label with its value (empty where none is printed) and the span of page.text of both."""

    label: str
    value: str
    span: Span

    @property
    def field(self) -> str:
        """The field the label means: index_number, publisher, … (see tasks/read/metadata/labels.py)."""
        return FIELDS.get(self.label, "other")


def metadata_entries(blocks: Sequence[Block]) -> list[Entry]:
    """All entries of the blocks, in document order; each printing of a repeated block gives its own."""
    found: list[Entry] = []
    lines: list[Paragraph] = []
    for block in blocks:
        if isinstance(block, Table):
            if not _is_line(block):
                found += _of_lines(lines)
                lines = []
                found += _of_table(block)
                continue
            block = _as_line(block)  # noqa: PLW2901
        lines.append(block)
    return [*found, *_of_lines(lines)]


def _is_line(table: Table) -> bool:
    return len(table.rows) <= 1 and all(len({id(c) for c in row if not c.copy and c.text}) <= 1 for row in table.rows)


def _as_line(table: Table) -> Paragraph:
    cells = [cell for row in table.rows for cell in row if cell.text and not cell.copy]
    if not cells:
        return Paragraph("", *table.span)
    return Paragraph(cells[0].text, cells[0].start, cells[0].end)


def _of_table(table: Table) -> Iterator[Entry]:
    """Entries of the runs of rows that open with a label; a run counts if it holds two strong labels.

    Rows of a label nobody knows, with its value, belong to the run they stand in or beside, at most `_STRANGERS` one
    after the other: left out, they would be a table of their own.
    """
    run: list[Entry] = []
    strange: list[list[Entry]] = []  # rows of such labels, since the last row of the run
    for row in table.rows:
        first: Cell | None = row[0] if row else None
        if first is None or first.copy or not first.text.strip():
            first = next((cell for cell in row if not cell.copy and cell.text.strip()), None)
        entries: list[Entry] = []
        if first is not None and (run or may_open(first.text)):
            told = [cell for cell in row if not cell.copy and cell.text.strip()]
            entries = _of_row(told) or (_behind_unknown(told) if run else [])
        if entries:
            run += [*chain.from_iterable(strange), *entries]
            strange = []
        elif not run and len(row) > _WIDE:
            continue  # a table of tasks: thousands of rows need no second look
        elif _RULE.fullmatch("".join(cell.text for cell in row if not cell.copy)):
            continue
        elif len(strange) < _STRANGERS and (unknown := _unknown_pairs(row)):
            strange.append(unknown)
        else:
            yield from _believed(run)
            run, strange = [], []
    found = _believed(run)
    yield from found
    if found:
        yield from chain.from_iterable(strange)


def _unknown_pairs(row: Sequence[Cell]) -> list[Entry]:
    """A row that is nothing but one or two labels, none of them known, with their values; [] for any other."""
    cells = [cell for cell in row if not cell.copy]
    while len(cells) > _PAIRED // 2 and not cells[-1].text.strip():
        cells.pop()
    if len(cells) not in (_PAIRED // 2, _PAIRED):
        return []
    pairs = [(cells[at], cells[at + 1]) for at in range(0, len(cells), 2)]
    if any(not _UNKNOWN.fullmatch(_unspread(label.text).strip(" :：")) for label, _ in pairs):
        return []
    if any(not value.text.strip() and _LABELS.match(label.text.strip()) for label, value in pairs):
        return []  # a known label with its value in one cell
    values = [value.text for _, value in pairs]
    if any(len(text) > _MAX_VALUE or re.search(r"[。；;]", text) or pairs_of(text, 0) for text in values):
        return []
    return [
        Entry(label.text.strip(" :："), value.text.strip(), (label.start, max(label.end, value.end)))
        for label, value in pairs
    ]


def _believed(run: list[Entry]) -> list[Entry]:
    strong = {entry.field for entry in run if entry.label in STRONG}
    known = sum(entry.label in FIELDS for entry in run)
    if len(strong) >= 2 or (strong & {"index_number", "published_on"} and known <= 3):
        return run
    return run if len(run) <= _MAX_PARTS and _dated(run) and _sourced(run) else []


def _of_row(cells: Sequence[Cell]) -> list[Entry]:
    """The entries of one row: a row is metadata only if it opens with a label and nothing stands unlabelled."""
    entries: list[Entry] = []
    waiting: tuple[str, Span] | None = None
    for cell in cells:
        label = label_of(cell.text)
        if label is not None:
            if waiting is not None:
                entries.append(Entry(waiting[0], "", waiting[1]))
            waiting = (label, (cell.start, cell.end))
            continue
        if waiting is not None:
            entries.append(Entry(waiting[0], cell.text.strip(), (waiting[1][0], max(cell.end, waiting[1][1]))))
            waiting = None
            continue
        pairs = pairs_of(cell.text, cell.start) if len(cell.text) <= _MAX_LINE else []
        if not pairs and entries and _ONE_DAY.fullmatch(cell.text.strip()):
            pairs = [Entry("时间", cell.text.strip(), (cell.start, cell.end))]
        if not pairs:
            return []
        entries += pairs
    if waiting is not None:
        entries.append(Entry(waiting[0], "", waiting[1]))
    return entries


def _behind_unknown(cells: Sequence[Cell]) -> list[Entry]:
    """The entries of a row inside the block whose first label nobody knows (信息编目 | K1 | 制发机关 | 某局).

    The first entry's span covers the unknown pair; [] where no strong label stands in the third of four cells.
    """
    if (
        len(cells) < _PAIRED
        or not _UNKNOWN.fullmatch(_unspread(cells[0].text).strip(" :："))
        or label_of(cells[2].text) not in STRONG
    ):
        return []
    entries = _of_row(cells[2:])
    if not entries:
        return []
    first = entries[0]
    return [Entry(first.label, first.value, (cells[0].start, first.span[1])), *entries[1:]]


def _unspread(text: str) -> str:
    """A text whose characters stand apart (主　　题) in one; others as they are."""
    words = text.split()
    return "".join(words) if all(len(word.strip(":：")) <= 1 for word in words) else text


def pairs_of(text: str, start: int) -> list[Entry]:
    """`信息索引号 K1/2020-1 公开方式 主动公开` and `来源: 某局 时间: 2024-1-5` → entries; [] if it opens otherwise."""
    lead = len(text) - len(text.lstrip(" \t|【[（("))
    if not may_open(text[lead:]):
        return []
    marks = list(INLINE.finditer(text))
    if not marks or marks[0]["label"] is None or marks[0].start() > lead:
        return []
    entries = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        stop = following.start() if following else len(text)
        value = _bare(text[mark.end() : stop])
        label = label_of(mark["label"] or mark["glued"])
        if label is None or len(value) > _MAX_VALUE:
            return []
        span = (start + mark.start(), start + max(stop, mark.end()))
        dated = _THEN_DATED.fullmatch(value) if FIELDS[label] in {"source", "publisher"} else None
        if dated is not None:  # 来源：某局 | 2024-10-12 10:30: the day bears no label of its own
            entries += [Entry(label, dated["value"], span), Entry("时间", dated["day"], span)]
        else:
            entries.append(Entry(label, value, span))
    return entries


def _bare(value: str) -> str:
    """A value without what sets it off: marks around it, and brackets that it does not itself open and close
    (宣水市人民政府(办公室) keeps its own)."""
    value = _NOTHING_IN.sub("", value)
    while True:
        before = value
        value = value.strip(_AROUND)
        opens, closes = (sum(map(value.count, marks)) for marks in (_OPENS, _CLOSES))
        if value[:1] in _CLOSES or (value[:1] in _OPENS and (opens > closes or value[-1:] in _CLOSES)):
            value = value[1:]
        elif value[-1:] in _OPENS or (value[-1:] in _CLOSES and closes > opens):
            value = value[:-1]
        if value == before:
            return value


def _without_bullet(line: Paragraph) -> Paragraph:
    """A line of a list (• 发布日期:2022-12-14) from where its words begin."""
    found = _BULLET.match(line.text)
    return line if found is None else Paragraph(line.text[found.end() :], line.start + found.end(), line.end)


_LIKE_A_TITLE = re.compile(
    r".{8,}(?:情况|进展|报告|总结|要点|计划|清单|台账|账单|表|实事)(?:[（(][^（()）]{1,20}[)）])?"
)
_NAMED = frozenset(("title", "publisher", "attachment"))  # fields whose values may read like titles


def _of_lines(lines: Sequence[Paragraph]) -> Iterator[Entry]:
    """Entries of consecutive lines; a run of label lines is believed as a whole, so weak labels count beside strong."""
    run: list[Entry] = []
    colons = beside = 0
    waiting: tuple[str, Span] | None = None
    skipped = -1  # the value of a label nobody knows
    for place, printed in enumerate(lines):
        line = _without_bullet(printed)
        text = line.text.strip()
        if not text or place == skipped:
            continue
        if run and not colons and (pair := _unknown_pair(lines, place)) is not None:
            run += [Entry(waiting[0], "", waiting[1])] if waiting is not None else []
            run.append(pair)
            waiting, skipped = None, place + 1
            continue
        may_begin = _opening(text) in _STRONG_STARTS or may_open(text) or _DATED.match(text) is not None
        if waiting is None and not may_begin:
            if run:
                yield from _run_of_lines(run, colons)
            run, colons, beside = [], 0, 0
            continue
        if _RULE.fullmatch(text):
            continue
        label = label_of(text)
        if label is not None:
            if waiting is not None:
                run.append(Entry(waiting[0], "", waiting[1]))
            waiting = (label, (line.start, line.end))
            continue
        pairs = _line_pairs(line, alone=waiting is None) if len(text) <= _MAX_LINE else []
        if pairs:
            if waiting is not None:
                run.append(Entry(waiting[0], "", waiting[1]))
                waiting = None
            first = pairs[0]
            run += [Entry(first.label, first.value, (printed.start, first.span[1])), *pairs[1:]]
            beside += 1
            colons += 1 if re.search(r"[:：]", text) or len(pairs) > 1 else 0
            continue
        # Where values stand beside their labels, a title below a bare label ([有效性]) is none of them.
        titled = (
            beside > 1 and FIELDS[waiting[0]] not in _NAMED and _LIKE_A_TITLE.fullmatch(text) is not None
            if waiting
            else False
        )
        if waiting is not None and not titled and _plausible(FIELDS[waiting[0]], text):
            run.append(Entry(waiting[0], text, (waiting[1][0], line.end)))
            waiting = None
            continue
        if waiting is not None:
            run.append(Entry(waiting[0], "", waiting[1]))
            waiting = None
        yield from _run_of_lines(run, colons)
        run, colons, beside = [], 0, 0
    if waiting is not None:
        run.append(Entry(waiting[0], "", waiting[1]))
    yield from _run_of_lines(run, colons)


def _unknown_pair(lines: Sequence[Paragraph], place: int) -> Entry | None:
    """The entry of a label nobody knows and its value on the next line, inside a block of lines that alternate: a day
    below a word for one, or a value before the next label."""
    shown = [line.text.strip() for line in lines[place : place + 3]]
    if len(shown) < 2 or not _UNKNOWN.fullmatch(name := shown[0].rstrip(" :：")) or label_of(name) is not None:
        return None
    value = shown[1]
    if _TITLES.search(name) or label_of(value) is not None or not _plausible("other", value):
        return None
    dated = name.endswith(("日期", "时间")) and parse_date(value) is not None
    if not dated and (len(shown) < 3 or label_of(shown[2]) is None):
        return None
    return Entry(name, value, (lines[place].start, lines[place + 1].end))


def _plausible(field: str, text: str) -> bool:
    """Whether a line can be the value of the label on the line before it, rather than what follows an empty value."""
    if re.search(r"[。;；]", text) or len(text) > _MAX_VALUE:
        return False
    if field in {"generated_on", "published_on"}:
        return parse_date(text) is not None or _EMPTY.fullmatch(text) is not None
    if field == "index_number":
        return len(text) <= 60 and re.search(r"\d", text) is not None
    if field == "document_number":
        return len(text) <= 40 and re.search(r"\d.*号|〔\d|\[\d|^[\W_]+$|^无$", text) is not None
    return len(text) <= (_MAX_VALUE if field in {"title", "attachment"} else 40)


def _opening(text: str) -> str:
    """The first two characters of a text; a label may be spread (`索 引 号`)."""
    return "".join(text[:3].split())[:2]


def _line_pairs(line: Paragraph, *, alone: bool) -> list[Entry]:
    """`alone`: no label on the line before waits for its value."""
    text = line.text.strip()
    lead = len(line.text) - len(line.text.lstrip())
    start = line.start + lead if line.end - line.start == len(line.text) else line.start
    pairs = pairs_of(text, start)
    dated = _DATED_FIRST.match(text) if alone and not pairs else None
    if dated is not None:
        who = _UNLABELLED.match(text, dated.end())
        begin = who.end() if who is not None else dated.end()
        if labelled := pairs_of(text[begin:], start + begin):
            day = Entry("时间", dated["day"], (start, start + dated.end()))
            told = [Entry("来源", who[0].strip(), (start + who.start(), start + who.end()))] if who is not None else []
            return [day, *told, *labelled]
    within = _DATED_WITHIN.match(text) if alone and not pairs else None
    if within is not None:  # 某省人民政府门户网站 www.example.gov.cn 发布时间: 2019-10-25 09:28
        return pairs_of(text[within.end() :], start + within.end())
    glued = _GLUED.fullmatch(text) if not pairs and _opening(text) in _STRONG_STARTS else None
    if glued is not None and (several := _all_glued(text, line)):
        return several
    if glued is not None:  # <li><span>索引号</span><span>K1/2024-1</span></li>: styles alone kept them apart
        label = label_of(glued["label"])
        if label is not None and _plausible(FIELDS[label], glued["value"]):
            return [Entry(label, glued["value"], (line.start, line.end))]
    return pairs


def _all_glued(text: str, line: Paragraph) -> list[Entry]:
    """The entries of a line on which styles alone keep several labels and values apart; [] where one value is none."""
    marks = list(_LABELS.finditer(text))
    found: list[Entry] = []
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        label = label_of(mark[0])
        value = text[mark.end() : following.start() if following else len(text)].strip()
        if label is None or (value and not _plausible(FIELDS[label], value)):
            return []
        found.append(Entry(label, value, (line.start, line.end)))
    return found if len(found) > 1 else []


def _run_of_lines(run: list[Entry], pair_lines: int) -> list[Entry]:
    """A run of lines is metadata with two strong labels, or one on a line of its own with a colon and a value; or if
    weak labels in it say both when and from whom (来源：某局 时间：2024-1-5 点击：12)."""
    strong = [entry for entry in run if entry.label in STRONG]
    if len({entry.field for entry in strong}) >= 2 or (strong and pair_lines):
        return run
    if any(entry.field == "index_number" and _is_index_number(entry.value) for entry in strong):
        return run  # cut off from the others by a label that is not known
    return run if pair_lines and _dated(run) and (_sourced(run) or any(e.field == "clicks" for e in run)) else []


def _is_index_number(text: str) -> bool:
    """Whether a text can hardly be anything but an index number: one word, six digits or more, parted by a stroke."""
    return _INDEX.fullmatch(text) is not None and sum(map(str.isdecimal, text)) >= 6


def _dated(run: Sequence[Entry]) -> bool:
    return any(entry.field == "published_on" and parse_date(entry.value) is not None for entry in run)


def _sourced(run: Sequence[Entry]) -> bool:
    return any(entry.field in {"source", "publisher"} and 2 <= len(entry.value) <= _MAX_SOURCE for entry in run)
