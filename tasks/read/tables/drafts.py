"""A grid → drafts of rows: headings found, section rows, totals, notes and continuations told from tasks.

A draft keeps every cell with its place in the text. What a table says twice, and what is no task, is left over with
a reason; a row whose cells do not fit the headings is an error, never a shift.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tasks.model import Span, Warn
from tasks.read.errors import CellsDoNotFit, TableCutOff
from tasks.read.page import Cell, Table
from tasks.read.tables.cells import begins_with_verb, goes_on_counting, is_ordinal, ordinal_of, unwrap
from tasks.read.tables.columns import Columns, heading_levels, inherit, name_headings, understand
from tasks.read.tables.content import fits
from tasks.read.tables.headings import is_header, squeeze
from tasks.text import fold

_TOTAL = re.compile(r"(?:合\s*计|小\s*计|总\s*计|共\s*计|平均|累\s*计|总\s*分)(?:[(（][^()（）]*[)）])?[:：]?")
# 可量化指标平均完成率 | 88.5%: a mean over the table, in one wide cell with a figure behind it.
_MEAN = re.compile(r"[^\d。,，]{0,10}平均(?:完成率|完成进度|进度|得分|值)[:：]?")
_TOTAL_INITIALS = frozenset("合小总共平累")
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|填表说明|填表人|填报人|填报单位|填报日期|制表|审核|数据来源|联系人)\s*\d?\s*[:：]|注[、.．]|[*※★]\s*注?"
)
_SENTENCE_END = "。.;；!！?？”）)…"
_DEEP_HEADER = 4
# What a lone cell is read as where nothing decides; said aloud, so that somebody looks.
_UNSURE = {
    "doubtful": ("continuation", "a text without a number, added to the row above"),
    "unplaced": ("section", "a few words alone in the column of content, read as the name of a section"),
}


@dataclass(slots=True)
class Draft:
    """One row on its way: texts by column, where they stand (None where pieced together), and its section row."""

    texts: list[str]
    places: list[Span | None]
    section: str | None
    number: int
    spans: list[Span] = field(default_factory=list)
    merged: list[bool] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Left:
    """A stretch of the table that became no row, and why."""

    span: Span
    reason: str


@dataclass(slots=True)
class Reading:
    """What one table says. `captions`: the full-width rows above its headings."""

    columns: Columns
    drafts: list[Draft]
    table: Table
    spans: list[Span] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    warnings: list[Warn] = field(default_factory=list)
    captions: tuple[str, ...] = ()
    headed: bool = True
    section: str | None = None


def origins(row: Sequence[Cell]) -> list[int]:
    """The columns in which a cell with text begins (no copies of merged cells)."""
    return [i for i, cell in enumerate(row) if cell.text and not cell.copy]


def find_header(table: Table, aliases: Mapping[str, str] | None = None, within: int = 12) -> tuple[int, int] | None:
    """The first heading row and how many rows the headings take; None where the table has none we know."""
    for number, row in enumerate(table.rows[:within]):
        if is_header([cell.text for cell in row], aliases):
            depth = 1
            while depth < _DEEP_HEADER and number + depth < len(table.rows):
                if not _subheading(table.rows[number : number + depth], table.rows[number + depth]):
                    break
                depth += 1
            first = number
            # A row above that spans some of the same columns is the upper level of the same headings.
            # One that spans them all says what the table is about.
            above = table.rows[number - 1] if depth == 1 and number else ()
            if len(origins(above)) > 1 and _subheading([above], row):
                first, depth = number - 1, 2
            return first, depth
    return None


def _subheading(above: Sequence[Sequence[Cell]], row: Sequence[Cell]) -> bool:
    """Whether a row holds sub-headings of the heading rows above it."""
    upper = above[-1]
    found = 0
    for column, cell in enumerate(row):
        if cell.copy and any(line[column].start == cell.start and line[column].text == cell.text for line in above):
            continue
        if not cell.text:
            continue
        wide = _is_wide(upper, column) or (not upper[column].text and column > 0)
        if not wide or len(unwrap(cell.text)) > 16 or re.fullmatch(r"[\d.,%/\s—-]+", cell.text):
            return False
        found += 1
    return found > 0


def _is_wide(row: Sequence[Cell], column: int) -> bool:
    """Whether the cell in this column spans several columns (in the same row)."""
    here = row[column]
    if not here.text:
        return False
    beside = [row[i] for i in (column - 1, column + 1) if 0 <= i < len(row)]
    return any(b.start == here.start and b.end == here.end and (b.copy or here.copy) for b in beside)


def read_table(
    table: Table,
    aliases: Mapping[str, str] | None = None,
    previous: Reading | None = None,
    section: str | None = None,
) -> Reading | None:
    """Read one table; None where it is not one of tasks. `previous`: the reading it may go on from, without headings.

    Raises TableCutOff, CellsDoNotFit, ColumnsNotUnderstood.
    """
    header = find_header(table, aliases)
    if header is None:
        return _go_on(table, previous) if previous is not None else None
    first, depth = header
    headings = name_headings(
        heading_levels([[unwrap(cell.text) for cell in row] for row in table.rows[first : first + depth]])
    )
    width = max((i + 1 for i, heading in enumerate(headings) if heading and not heading.startswith("- (")), default=0)
    body = table.rows[first + depth :]
    wider = width < len(headings) and any(cell.text and not cell.copy for row in body for cell in row[width:])
    if wider and _lone_beyond(body, width):
        width = len(headings)
    headings = headings[:width]
    if not body:
        return None
    columns: list[list[str]] = []
    merged: list[bool] = []
    for place, below in enumerate(islice(zip(*body, strict=True), width)):
        copied = [row for row, cell in zip(body, below, strict=True) if cell[3]]
        columns.append([cell[0] for cell in below if not cell[3]] if copied else [cell[0] for cell in below])
        merged.append(len(copied) >= 2 and sum(not _is_wide(row, place) for row in copied) >= 2)
    understood = understand(headings, columns, merged, aliases)
    if not table.complete:
        raise TableCutOff(f"the table headed {' · '.join(headings)} is not closed")
    reading = Reading(understood, [], table, warnings=list(understood.warnings))
    reading.captions = tuple(
        dict.fromkeys(unwrap(cell.text) for row in table.rows[:first] for cell in row if cell.text and not cell.copy)
    )
    for row in table.rows[:first]:
        reading.left.extend(Left((c.start, c.end), "caption") for c in row if c.text and not c.copy)
    for row in table.rows[first : first + depth]:
        reading.spans.extend((c.start, c.end) for c in row if c.text and not c.copy)
    levels = [_folded(row, width) for row in table.rows[first : first + depth]]
    reading.section = section
    _read_body(reading, first + depth, width, levels)
    return reading


def _lone_beyond(body: Sequence[Sequence[Cell]], width: int) -> bool:
    """Whether a column without heading is used all the way down: it is a column then, not a row that went wrong."""
    used = sum(any(cell.text and not cell.copy for cell in row[width:]) for row in body)
    return used > 0.6 * len(body)


def _go_on(table: Table, previous: Reading) -> Reading | None:
    """A table without headings that continues the one before: same width, and its cells are what they should be."""
    width = len(previous.columns.headings)
    if not table.rows or len(table.rows[0]) != width:
        return None
    roles = previous.columns.roles
    seen = [(cell.text, role) for row in table.rows[:10] for cell, role in zip(row, roles, strict=True) if cell.text]
    if not seen or sum(fits(text, role) for text, role in seen) / len(seen) < -0.5:
        return None
    if not table.complete:
        raise TableCutOff(f"the continuation of the table headed {' · '.join(previous.columns.headings)} is not closed")
    reading = Reading(inherit(previous.columns), [], table, headed=False)
    reading.section = previous.drafts[-1].section if previous.drafts else previous.section
    _read_body(reading, 0, width, [], previous.drafts[-1] if previous.drafts else None)
    return reading


def _folded(row: Sequence[Cell], width: int) -> list[str]:
    return [fold(cell.text) for cell in row[:width]]


def _read_body(
    reading: Reading, first: int, width: int, levels: Sequence[Sequence[str]], above: Draft | None = None
) -> None:
    table = reading.table
    section = reading.section
    pending_ordinal: str | None = None
    rests = 0
    texts = {text for level in levels for text in level if text}
    initials = {text[0] for text in texts}
    for number in range(first, len(table.rows)):
        row = table.rows[number]
        covered = table.widths[number] if table.widths else len(row)
        if covered == len(row) == width:
            draft = _plain_task(row, section, number, reading.columns, initials)
            if draft is not None:
                above = draft
                reading.drafts.append(draft)
                reading.spans.extend(draft.spans)
                continue
        begins = origins(row)
        if not begins:
            copies = sum(cell.copy for cell in row)
            if table.widths and 0 < copies < covered < width:
                raise _misfit(number, covered, width, row, begins)
            continue
        if levels and _repeats_header(row, width, levels, texts):
            reading.spans.extend((row[i].start, row[i].end) for i in begins)
            continue
        outside = [i for i in begins if i >= width]
        kind = _kind_of(row, begins, width, reading, above)
        filled = [i for i, cell in enumerate(row[:width]) if cell.copy]
        merged = any(not _is_wide(row, i) for i in filled)
        # One cell alone may be a section or a continuation; one cell beside a merged one is a row that lost cells.
        # Blank cells beyond the headings are nothing, unless a merged cell has pushed the others there.
        if (kind not in ("task", "total", "note") and merged and 1 < covered < width) or (merged and covered > width):
            raise _misfit(number, covered, width, row, begins)
        if kind in _UNSURE:
            shown = " ".join(unwrap(row[i].text) for i in begins)[:60]
            kind, said = _UNSURE[kind]
            reading.warnings.append(Warn("columns_uncertain", f"{said}: {shown}"))
        if kind in ("total", "note"):
            reading.left.extend(Left((row[i].start, row[i].end), kind) for i in begins)
            shown = " ".join(unwrap(row[i].text) for i in begins)[:60]
            reading.warnings.append(Warn(f"{kind}_row", f"not a task: {shown}"))
        elif kind == "section":
            title = _section_title(row, begins, reading.columns)
            if is_ordinal(title):
                pending_ordinal = title
            else:
                section = f"{pending_ordinal or ''}{title}"
                pending_ordinal = None
            reading.spans.extend((row[i].start, row[i].end) for i in begins)
        elif kind == "continuation" and above is not None:
            _append(above, row, begins, width, reading)
            rests += 1
        else:
            if outside or covered < width:
                raise _misfit(number, covered, width, row, begins)
            above = _draft(row, width, section, number)
            reading.drafts.append(above)
            reading.spans.extend(above.spans)
    _too_many_rests(reading, rests)


def _too_many_rests(reading: Reading, rests: int) -> None:
    """Where many rows only go on with the one above, cells of rows have more likely been lost."""
    if rests >= 3 and rests * 3 > len(reading.drafts):
        said = f"{rests} of {rests + len(reading.drafts)} rows lack what a row begins with"
        reading.warnings.append(Warn("columns_uncertain", said))


def _plain_task(
    row: Sequence[Cell], section: str | None, number: int, columns: Columns, initials: set[str]
) -> Draft | None:
    """The draft of a row that cannot be anything but a task, told by a look at each cell; None where more is needed.

    Three cells or more begin in it, one with content among them; none looks like a total or like a heading again.
    `initials`: the first characters of the folded headings.
    """
    texts, starts, ends, copies, _, _ = zip(*row, strict=True)
    if not texts[columns.content] or (columns.seq is not None and not texts[columns.seq]):
        return None
    spans = list(zip(starts, ends, strict=True))
    places: list[Span | None] = [*spans]
    if True in copies or "" in texts:
        begins = [i for i, (text, copied) in enumerate(zip(texts, copies, strict=True)) if text and not copied]
        if len(begins) < 3:
            return None
        first = texts[begins[0]]
        leading = [texts[i] for i in begins[:3]]
        spans = [spans[i] for i in begins]
        if "" in texts:
            places = [place if text else None for text, place in zip(texts, places, strict=True)]
    elif len(texts) < 3:
        return None
    else:
        first, leading = texts[0], list(texts[:3])
    # What folds to itself is told from the headings by its first character.
    if first[0] in initials or not ("一" <= first[0] <= "鿿" or "0" <= first[0] <= "9"):
        return None
    for text in leading:
        if len(text) <= 24 and (text[0] in _TOTAL_INITIALS or text[0].isspace()):
            return None
    return Draft(list(texts), places, section, number, spans, list(copies))


def _misfit(number: int, covered: int, width: int, row: Sequence[Cell], begins: Sequence[int]) -> CellsDoNotFit:
    shown = " | ".join(unwrap(row[i].text)[:20] for i in begins)
    return CellsDoNotFit(f"row {number + 1} covers {covered} columns where the headings have {width}: {shown}")


def _section_title(row: Sequence[Cell], begins: Sequence[int], columns: Columns) -> str:
    """The name of a section row; an ordinal that stands in the column of numbers is put before it as one."""
    texts = [row[i].text for i in begins]
    if len(texts) > 1 and begins[0] == columns.seq:
        texts[0] = texts[0].rstrip("、.") + ("" if texts[0][-1:] in ")）" else "、")
    return "".join(texts)


def _repeats_header(row: Sequence[Cell], width: int, levels: Sequence[Sequence[str]], texts: set[str]) -> bool:
    """Whether a row is one of the heading rows again (after a page break)."""
    first = next(cell.text for cell in row if cell.text and not cell.copy)
    if len(first) > 40 or fold(first) not in texts:
        return False
    filled = [fold(cell.text) for cell in row[:width] if cell.text and not cell.copy]
    if len(filled) < 2 and width > 2:
        return False
    return _folded(row, width) in [list(level) for level in levels] or (
        all(text in texts for text in filled) and len(filled) >= min(width, 3)
    )


def _kind_of(row: Sequence[Cell], begins: Sequence[int], width: int, reading: Reading, above: Draft | None) -> str:
    """What a row is: `task`, `section`, `continuation`, `total`, `note`, or a key of `_UNSURE`."""
    columns = reading.columns
    first = unwrap(row[begins[0]].text)
    short = [row[i].text for i in begins[:3] if i != columns.progress and len(row[i].text) <= 24]
    if any(_TOTAL.fullmatch(unwrap(text)) for text in short):
        numbered = columns.seq in begins and re.fullmatch(r"\d+", unwrap(row[columns.seq or 0].text)) is not None
        if not numbered:
            return "total"
    if len(begins) <= 2 and _MEAN.fullmatch(first) and any(_same(cell, row[begins[0]]) for cell in row[:width]):
        return "total"
    if len(begins) == 1 and _is_alone(row, begins[0], width):
        return _kind_of_lone(row, begins[0], width, reading, above)
    if _NOTE.match(first) and len(begins) <= 2 and columns.content not in begins:
        return "note"
    content = row[columns.content]
    if above is not None and not content.text:
        seq_empty = columns.seq is None or not row[columns.seq].text
        if seq_empty and (columns.category is None or columns.category not in begins):
            return "continuation"
    if above is not None and content.text and not content.copy and _is_rest(row, begins, reading):
        return "continuation"
    if columns.seq is not None and len(begins) == 2 and columns.seq in begins:
        # `一 | 经济发展 | (blank)`: a section row whose ordinal stands in the column of numbers.
        other = next(i for i in begins if i != columns.seq)
        numeral = unwrap(row[columns.seq].text)
        if (
            re.fullmatch(r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.]?", numeral)
            and len(unwrap(row[other].text)) <= 40
            and not any(row[i].text for i in range(width) if i not in begins and not _same(row[i], row[other]))
        ):
            return "section"
    return "task"


def _is_rest(row: Sequence[Cell], begins: Sequence[int], reading: Reading) -> bool:
    """Whether a row without number and units is what a page break has cut from an unfinished row above it."""
    columns = reading.columns
    if columns.seq is None or row[columns.seq].text or not _is_numbered(reading):
        return False
    if any(column in begins for column in (columns.units, columns.category, columns.progress)):
        return False
    above, text = reading.drafts[-1].texts[columns.content].rstrip(), row[columns.content].text
    return _goes_on(above, text) or (
        len(reading.drafts) >= 3 and _ends_with_stops(reading) and above[-1:] not in _SENTENCE_END
    )


def _same(one: Cell, other: Cell) -> bool:
    return one.copy and one.start == other.start and one.end == other.end


def _is_alone(row: Sequence[Cell], column: int, width: int) -> bool:
    """Whether the one cell that begins in this row also covers it, or all other slots are empty."""
    here = row[column]
    return all(i == column or not row[i].text or _same(row[i], here) for i in range(min(width, len(row))))


def _kind_of_lone(row: Sequence[Cell], column: int, width: int, reading: Reading, above: Draft | None) -> str:
    text = unwrap(row[column].text)
    spanning = sum(_same(cell, row[column]) for cell in row[:width]) + 1
    columns = reading.columns
    if _NOTE.match(text):
        return "note"
    if _TOTAL.match(text) and len(text) <= 30:
        return "total"
    placed = spanning == 1 and column > 0
    prose_columns = {columns.content, *columns.statuses}
    if is_ordinal(text):
        return "section"
    if spanning == 1 and column == columns.content:
        return _lone_content(text, reading)
    if placed and column in prose_columns and above is not None:
        return "continuation"
    if placed and column in (columns.units, columns.progress) and above is not None:
        return "continuation"
    if ordinal_of(text) and len(text) <= 60 and not text.endswith("。"):
        return "section"
    wide = spanning >= max(2, width - 1)
    if len(text) <= 40 and not re.search(r"[。；;]", text):
        if wide or above is None or column == columns.category:
            return "section"
        return "continuation" if _unfinished(above, columns) and len(text) <= 12 else "section"
    if above is None:
        return "note"
    return "note" if wide and len(text) > 40 and not _unfinished(above, columns) else "continuation"


def _lone_content(text: str, reading: Reading) -> str:
    """What the only filled cell of a row is, in the column of content: a task whose other cells are blank, a section's
    name, or a text that goes on. `doubtful` where it is joined to the row above without plain evidence."""
    if ordinal_of(text) and len(text) <= 40 and text[-1] not in "。；;":
        return "section"
    if not reading.drafts:
        return "task"
    above = reading.drafts[-1].texts[reading.columns.content].rstrip()
    if _goes_on(above, text) or (_ends_with_stops(reading) and above[-1:] not in _SENTENCE_END):
        return "continuation"
    if _is_numbered(reading) and above[-1:] not in _SENTENCE_END:
        return "doubtful"
    work = begins_with_verb(text) or re.search(r"\d|[,，。；;、]", text) is not None
    return "task" if work or len(text) > 10 else "unplaced"


def _goes_on(above: str, below: str) -> bool:
    """Whether the end of one text and the beginning of the next plainly belong to one sentence or one list."""
    if not above or not below:
        return False
    opened = sum(map(above.count, "(（“《")) > sum(map(above.count, ")）”》"))
    joined = above[-1] in "，,、：:（(“《" or below[0] in "，,。、；;）)”》"
    return opened or joined or goes_on_counting(above, below)


def _ends_with_stops(reading: Reading) -> bool:
    """Whether contents end with a full stop as a rule, so that one without is unfinished."""
    contents = [draft.texts[reading.columns.content].rstrip() for draft in reading.drafts]
    ended = sum(content[-1:] in _SENTENCE_END for content in contents)
    return ended * 3 >= len(contents) * 2


def _is_numbered(reading: Reading) -> bool:
    """Whether rows carry a number as a rule, so that one without is a rest of the row above."""
    seq = reading.columns.seq
    if seq is None or not reading.drafts:
        return False
    return sum(bool(draft.texts[seq]) for draft in reading.drafts) * 5 >= len(reading.drafts) * 4


def _unfinished(draft: Draft, columns: Columns) -> list[int]:
    """The prose columns of a draft whose text stops in the middle of a sentence."""
    prose = [*columns.statuses, columns.content]
    return [i for i in prose if len(draft.texts[i]) > 6 and draft.texts[i].rstrip()[-1:] not in _SENTENCE_END]


def _append(above: Draft, row: Sequence[Cell], begins: Sequence[int], width: int, reading: Reading) -> None:
    """A row that goes on with the one above: its texts are added there, in their columns."""
    columns = reading.columns
    for place in begins:
        cell = row[place]
        column = place
        lone = len(begins) == 1 and (place == 0 or sum(_same(c, cell) for c in row[:width]) > 0)
        if lone and place not in (columns.content, *columns.statuses):
            open_ones = _unfinished(above, columns)
            column = open_ones[0] if open_ones else (columns.statuses or (columns.content,))[-1]
        if column >= width:
            raise CellsDoNotFit(f"a row that goes on has a cell beyond the headings: {cell.text[:40]}")
        before = above.texts[column]
        joint = "" if not before or before.rstrip()[-1:] not in _SENTENCE_END else "\n"
        if column == columns.units and before and before.rstrip()[-1:] not in "、,，;；/":
            joint = "\n"
        above.texts[column] = f"{before}{joint}{cell.text}"
        above.places[column] = None if before else (cell.start, cell.end)
        above.spans.append((cell.start, cell.end))
        reading.spans.append((cell.start, cell.end))
    reading.warnings.append(
        Warn("continuation_row", f"added to the row above: {' '.join(unwrap(row[i].text) for i in begins)[:60]}")
    )


def _draft(row: Sequence[Cell], width: int, section: str | None, number: int) -> Draft:
    cells = row[:width]
    return Draft(
        texts=[cell.text for cell in cells],
        places=[(cell.start, cell.end) if cell.text else None for cell in cells],
        section=section,
        number=number,
        spans=[(cell.start, cell.end) for cell in cells if cell.text and not cell.copy],
        merged=[cell.copy for cell in cells],
    )


def is_table_of_something(table: Table) -> bool:
    """Whether a table without headings that we know still looks like one of tasks: wide, long, with prose in it."""
    if len(table.rows) < 4 or len(table.rows[0]) < 3:
        return False
    texts = [cell.text for row in table.rows for cell in row if cell.text and not cell.copy]
    if len(texts) < 10:
        return False
    labels = sum(squeeze(text) in ("索引号", "发布机构", "公开方式", "文号") for text in texts)
    return labels < 2 and sum(len(text) > 15 for text in texts) >= max(3, len(table.rows) // 2)


def headings_of(table: Table) -> str:
    """The first row with more than one text, for a message."""
    for row in table.rows[:3]:
        texts = [unwrap(cell.text) for cell in row if cell.text and not cell.copy]
        if len(texts) > 1:
            return " · ".join(text[:20] for text in texts)
    return "(none)"
