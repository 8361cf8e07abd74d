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
from tasks.read.tables.cells import goes_on_counting, is_ordinal, read_seq, unwrap
from tasks.read.tables.columns import Columns, heading_levels, inherit, name_headings, understand
from tasks.read.tables.content import fits
from tasks.read.tables.drafted import Draft, Left, Reading, is_wide, origins, resolve_dittos, same_cell, takes_section
from tasks.read.tables.headings import is_header, squeeze
from tasks.read.tables.rowkinds import (
    CONTINUED,
    SENTENCE_END,
    TOTAL_INITIALS,
    UNSURE,
    cells_of_name,
    folded,
    is_note_below,
    is_of_note,
    kind_of_row,
    repeats_header,
    section_title,
    unfinished,
)

_DEEP_HEADER = 4
_LABELLED = re.compile(r"[^。；;，,:：\d]{2,10}[:：]")
_HAN_NUMBERS = frozenset("一二三四五六七八九十（(")
_SAYS = 8  # characters from which a cell says more than a name
_NO_TASK = {"total": "not a task", "note": "not a task", "blank": "a number and nothing else"}


def find_header(table: Table, aliases: Mapping[str, str] | None = None, within: int = 12) -> tuple[int, int] | None:
    """The first heading row and how many rows the headings take; None where the table has none we know."""
    for number, row in enumerate(table.rows[:within]):
        if is_header([cell.text for cell in row], aliases):
            depth = 1
            while depth < _DEEP_HEADER and number + depth < len(table.rows):
                if not is_subheading(table.rows[number : number + depth], table.rows[number + depth]):
                    break
                depth += 1
            first = number
            # A row above that spans some of the same columns is the upper level of the same headings.
            # One that spans them all says what the table is about.
            above = table.rows[number - 1] if depth == 1 and number else ()
            if len(origins(above)) > 1 and is_subheading([above], row):
                first, depth = number - 1, 2
            return first, depth
    return None


def is_subheading(above: Sequence[Sequence[Cell]], row: Sequence[Cell]) -> bool:
    """Whether a row holds sub-headings of the heading rows above it."""
    upper = above[-1]
    found = 0
    for column, cell in enumerate(row):
        if cell.copy and any(line[column].start == cell.start and line[column].text == cell.text for line in above):
            continue
        if not cell.text:
            continue
        wide = is_wide(upper, column) or (not upper[column].text and column > 0)
        if not wide or len(unwrap(cell.text)) > 16 or re.fullmatch(r"[\d.,%/\s—-]+", cell.text):
            return False
        found += 1
    return found > 0


def read_table(
    table: Table,
    aliases: Mapping[str, str] | None = None,
    previous: Reading | None = None,
    section: str | None = None,
    *,
    adjacent: bool = False,
    header: tuple[int, int] | None = None,
) -> Reading | None:
    """Read one table; None where it is not one of tasks. `previous`: the reading it may go on from, without headings;
    `adjacent`: nothing stands in between; `header`: where its headings are, if that is known.

    Raises TableCutOff, CellsDoNotFit, ColumnsNotUnderstood.
    """
    header = header or find_header(table, aliases)
    if header is None:
        return _go_on(table, previous) if previous is not None else None
    first, depth = header
    headings = name_headings(
        [
            [*map(unwrap, level)]
            for level in heading_levels([[cell.text for cell in row] for row in table.rows[first : first + depth]])
        ]
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
    merged: list[int] = []
    for place, below in enumerate(islice(zip(*body, strict=True), width)):
        copied = [row for row, cell in zip(body, below, strict=True) if cell[3]]
        columns.append([cell[0] for cell in below if not cell[3]] if copied else [cell[0] for cell in below])
        merged.append(sum(not is_wide(row, place) for row in copied) if copied else 0)
    understood = understand(headings, columns, merged, aliases)
    if previous is not None and previous.columns.headings == headings:
        understood = max((inherit(previous.columns), understood), key=_fields_known)
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
    levels = [folded(row, width) for row in table.rows[first : first + depth]]
    reading.section = section
    # The same headings again: after a page break, a row may go on with the last one of the page before.
    above = None
    if previous is not None and previous.drafts and previous.columns.headings == headings and section is None:
        above = previous.drafts[-1]
        if _counts_on(above, body, understood) or (adjacent and understood.seq is None):
            reading.section = above.section
    _read_body(reading, first + depth, width, levels, above)
    return reading


def _counts_on(above: Draft, body: Sequence[Sequence[Cell]], columns: Columns) -> bool:
    """Whether the first number below repeated headings follows the last one above them."""
    if columns.seq is None:
        return False
    numbers = (row[columns.seq].text for row in body[:3])
    # The rest of a row above the break is no number.
    first = next((number for number in map(read_seq, numbers) if isinstance(number, int)), None)
    last = read_seq(above.texts[columns.seq])
    return first is not None and isinstance(last, int) and first == last + 1


def _fields_known(columns: Columns) -> int:
    """How many fields of a row a table's columns give; of several parts the fullest tells what headings mean."""
    given = (columns.seq, columns.category, columns.units, columns.progress)
    return bool(columns.statuses) + sum(column is not None for column in given)


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
    if all(_LABELLED.match(text) for text, _ in seen):
        return None  # 填报单位:… 填报日期:… below a table
    if not seen or sum(fits(text, role) for text, role in seen) / len(seen) < -0.5:
        return None
    if not table.complete:
        raise TableCutOff(f"the continuation of the table headed {' · '.join(previous.columns.headings)} is not closed")
    reading = Reading(inherit(previous.columns), [], table, headed=False)
    reading.section = previous.drafts[-1].section if previous.drafts else previous.section
    _read_body(reading, 0, width, [], previous.drafts[-1] if previous.drafts else None)
    return reading


def _read_body(
    reading: Reading, first: int, width: int, levels: Sequence[Sequence[str]], above: Draft | None = None
) -> None:
    table = reading.table
    section = reading.section
    pending_ordinal: str | None = None
    opened: list[_Opened] = []
    rests = 0
    texts = {text for level in levels for text in level if text}
    initials = {text[0] for text in texts}
    noted = ""
    for number in range(first, len(table.rows)):
        row = table.rows[number]
        covered = table.widths[number] if table.widths else len(row)
        if covered == len(row) == width:
            draft = _plain_task(row, section, number, reading.columns, initials)
            if draft is not None:
                above = draft
                _close(opened, draft)
                reading.drafts.append(draft)
                reading.spans.extend(draft.spans)
                continue
        begins = origins(row)
        if not begins:
            copies = sum(cell.copy for cell in row)
            if table.widths and 0 < copies < covered < width:
                raise _misfit(number, covered, width, row, begins)
            continue
        if levels and repeats_header(row, width, levels, texts):
            reading.spans.extend((row[i].start, row[i].end) for i in begins)
            continue
        if len(begins) == 1 and CONTINUED.fullmatch(row[begins[0]].text):
            reading.left.append(Left((row[begins[0]].start, row[begins[0]].end), "mark of a page break"))
            continue
        outside = [i for i in begins if i >= width]
        kind = kind_of_row(row, begins, width, reading, above)
        filled = [i for i, cell in enumerate(row[:width]) if cell.copy]
        merged = any(not is_wide(row, i) for i in filled)
        # One cell alone may be a section or a continuation; one cell beside a merged one is a row that lost cells.
        # Blank cells beyond the headings are nothing, unless a merged cell has pushed the others there.
        if (kind not in ("task", "total", "note", "blank") and merged and 1 < covered < width) or (
            merged and covered > width
        ):
            raise _misfit(number, covered, width, row, begins)
        if noted and is_of_note(noted, row[begins[0]].text, kind, lone=len(begins) == 1):
            kind = "note"
        elif kind == "continuation" and len(begins) == 1 and above is not None:
            ended = all(len(origins(below)) <= 2 for below in table.rows[number + 1 :])
            if ended and is_note_below(row, begins[0], width, reading, above):
                kind = "note"
        noted = row[begins[0]].text if kind == "note" else ""
        if kind in UNSURE:
            shown = " ".join(unwrap(row[i].text) for i in begins)[:60]
            kind, said = UNSURE[kind]
            reading.warnings.append(Warn("columns_uncertain", f"{said}: {shown}"))
        if kind in _NO_TASK:
            reading.left.extend(Left((row[i].start, row[i].end), kind) for i in begins)
            shown = " ".join(unwrap(row[i].text) for i in begins)[:60]
            reading.warnings.append(Warn(f"{kind}_row", f"{_NO_TASK[kind]}: {shown}"))
        elif kind == "section":
            title = section_title(row, begins, reading.columns)
            if pending_ordinal is None or not opened:
                opened.append(_Opened())
            if is_ordinal(title):
                pending_ordinal = title
            else:
                section = f"{pending_ordinal or ''}{title}"
                pending_ordinal = None
            named = begins[: cells_of_name(row, begins, reading.columns)]
            opened[-1].spans.extend((row[i].start, row[i].end) for i in named)
            if len(named) < len(begins):
                sums = begins[len(named) :]
                reading.left.extend(Left((row[i].start, row[i].end), "sum of a section") for i in sums)
                shown = f"{title}: {' '.join(unwrap(row[i].text) for i in sums)}"
                reading.warnings.append(Warn("total_row", f"sums of a section: {shown[:60]}"))
        elif kind == "continuation" and above is not None:
            _append(above, row, begins, width, reading)
            rests += 1
        else:
            if outside or covered < width:
                raise _misfit(number, covered, width, row, begins)
            above = _draft(row, width, section, number)
            _close(opened, above)
            reading.drafts.append(above)
            reading.spans.extend(above.spans)
    resolve_dittos(reading.drafts, reading.columns)
    _sections_told(reading, opened)
    _too_many_rests(reading, rests)


@dataclass(slots=True)
class _Opened:
    """A section row (two where its ordinal has one to itself) and the first task right below it."""

    spans: list[Span] = field(default_factory=list)
    task: Draft | None = None


def _close(opened: Sequence[_Opened], task: Draft) -> None:
    if opened and opened[-1].task is None:
        opened[-1].task = task


def _sections_told(reading: Reading, opened: Sequence[_Opened]) -> None:
    """Section rows are told by the tasks that take their category from them; the others are left over."""
    for section in opened:
        if section.task is not None and takes_section(section.task, reading):
            reading.spans.extend(section.spans)
        else:
            reading.left.extend(Left(span, "section without tasks") for span in section.spans)


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
    content, seq = columns.content, columns.seq
    if not texts[content] or (
        seq is not None and (not texts[seq] or (copies[content] and starts[content] == starts[seq]))
    ):
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
    # A Chinese number may be that of a section with its sums.
    if first[0] in initials or first[0] in _HAN_NUMBERS or not ("一" <= first[0] <= "鿿" or "0" <= first[0] <= "9"):
        return None
    for text in leading:
        if len(text) <= 24 and (text[0] in TOTAL_INITIALS or text[0].isspace()):
            return None
    return Draft(list(texts), places, section, number, spans, list(copies))


def _misfit(number: int, covered: int, width: int, row: Sequence[Cell], begins: Sequence[int]) -> CellsDoNotFit:
    shown = " | ".join(unwrap(row[i].text)[:20] for i in begins)
    return CellsDoNotFit(f"row {number + 1} covers {covered} columns where the headings have {width}: {shown}")


def _append(above: Draft, row: Sequence[Cell], begins: Sequence[int], width: int, reading: Reading) -> None:
    """A row that goes on with the one above: its texts are added there, in their columns."""
    columns = reading.columns
    for place in begins:
        cell = row[place]
        column = place
        lone = len(begins) == 1 and (place == 0 or sum(same_cell(c, cell) for c in row[:width]) > 0)
        if lone and place != columns.content and place not in columns.statuses:
            counted = [i for i in (*columns.statuses, columns.content) if goes_on_counting(above.texts[i], cell.text)]
            open_ones = counted or unfinished(above, columns)
            column = open_ones[0] if open_ones else (columns.statuses or (columns.content,))[-1]
        if column >= width:
            raise CellsDoNotFit(f"a row that goes on has a cell beyond the headings: {cell.text[:40]}")
        before = above.texts[column]
        joint = "" if not before or before.rstrip()[-1:] not in SENTENCE_END else "\n"
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


def has_row_of_a_task(table: Table) -> bool:
    """Whether a row has three cells or more and, in two of them, more than a name."""
    rows = [[cell.text for cell in row if cell.text and not cell.copy] for row in table.rows]
    return any(len(texts) > 2 and sum(len(text) > _SAYS for text in texts) > 1 for texts in rows)


def headings_of(table: Table) -> str:
    """The first row with more than one text, for a message."""
    for row in table.rows[:3]:
        texts = [unwrap(cell.text) for cell in row if cell.text and not cell.copy]
        if len(texts) > 1:
            return " · ".join(text[:20] for text in texts)
    return "(none)"
