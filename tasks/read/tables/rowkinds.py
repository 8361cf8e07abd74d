"""What a row of a table is: a task, a section's name, the rest of the row above, a total, a note, headings again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.read.page import Cell
from tasks.read.tables.cells import begins_with_verb, goes_on_counting, is_ordinal, ordinal_of, unwrap
from tasks.read.tables.columns import Columns
from tasks.read.tables.drafted import Draft, Reading, same_cell
from tasks.text import fold

TOTAL = re.compile(
    r"(?:全[省市州县区旗镇乡街])?(?:合\s*计|小\s*计|总\s*计|共\s*计|累\s*计|总\s*分|"
    r"(?:总体|综合|整体)?平\s*均(?:进度|完成率|完成进度|值|分|得分)?|(?:总体|综合|整体)(?:进度|完成率))(?:[(（][^()（）]*[)）])?[:：]?"
)
# 可量化指标平均完成率 | 88.5%: a mean over the table, in one wide cell with a figure behind it.
_MEAN = re.compile(r"[^\d。,，]{0,10}平均(?:完成率|完成进度|进度|得分|值)[:：]?")
_NUMERAL = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.]?")
_NUMBERED_NAME = re.compile(r"[一二三四五六七八九十]{1,3}[、.]|[(（][一二三四五六七八九十]{1,3}[)）]")
_NAMED = re.compile(rf"(?:{_NUMBERED_NAME.pattern})\s*[一-鿿“]{{2}}")
_NAME_LENGTH = 40
_SUM = re.compile(r"[-—/]|[\d,.]+\s*(?:%|[个项件]|[万亿]?元)?")
TOTAL_INITIALS = frozenset("合小总共平累全综整")
NOTE = re.compile(
    r"(?:注|备注|说明|附注|填表说明|填表人|填报人|填报单位|填报日期|制表|审核|数据来源|联系人)\s*\d?\s*[:：]|注[、.．]|[*※★]\s*注?|"
    r"(?:注|备注|说明|附注|填表说明)$|公示期(?:间|内|限)|如有(?:异议|意见|建议|疑问)|(?:欢迎|敬请)[^。]{0,12}监督|监督(?:举报)?电话"
)
# （续表）, 续上页: what follows goes on from the page before.
CONTINUED = re.compile(r"[(（【]?\s*(?:续\s*[上前]?\s*[表页]|[上前][表页]续|接[上前][表页])\s*\d?\s*[)）】]?[:：]?")
_ITEM = re.compile(r"[(（]?\d{1,2}(?:[、.．](?!\d)|[)）])|[①-⑩]")
SENTENCE_END = "。.;；!！?？”）)…"
# What a lone cell is read as where nothing decides; said aloud, so that somebody looks.
UNSURE = {
    "doubtful": ("continuation", "a text without a number, added to the row above"),
    "unplaced": ("section", "a few words alone in the column of content, read as the name of a section"),
}


def section_title(row: Sequence[Cell], begins: Sequence[int], columns: Columns) -> str:
    """The name of a section row; an ordinal that stands in the column of numbers is put before it as one."""
    texts = [row[i].text for i in begins[: cells_of_name(row, begins, columns)]]  # the others are its sums
    if len(texts) > 1:
        texts[0] = texts[0].rstrip("、.") + ("" if texts[0][-1:] in ")）" else "、")
    return "".join(texts)


def cells_of_name(row: Sequence[Cell], begins: Sequence[int], columns: Columns) -> int:
    """How many of the cells that begin in a section row name it: number and name, or one that covers both."""
    named = begins[0] == columns.seq and is_named_by_number(row[begins[0]].text)
    return 2 if begins[0] == columns.seq and not named and not _covers_number(row, columns) else 1


def _covers_number(row: Sequence[Cell], columns: Columns) -> bool:
    """Whether one cell covers the columns of number and content: a task's number stands by itself."""
    return (
        columns.seq is not None
        and row[columns.content].text != ""
        and same_cell(row[columns.content], row[columns.seq])
    )


def folded(row: Sequence[Cell], width: int) -> list[str]:
    """The comparison form of each cell within the headings."""
    return [fold(cell.text) for cell in row[:width]]


def repeats_header(row: Sequence[Cell], width: int, levels: Sequence[Sequence[str]], texts: set[str]) -> bool:
    """Whether a row is one of the heading rows again (after a page break)."""
    first = next(cell.text for cell in row if cell.text and not cell.copy)
    if len(first) > 40 or fold(first) not in texts:
        return False
    filled = [fold(cell.text) for cell in row[:width] if cell.text and not cell.copy]
    if len(filled) < 2 and width > 2:
        return False
    return folded(row, width) in [list(level) for level in levels] or (
        all(text in texts for text in filled) and len(filled) >= min(width, 3)
    )


def kind_of_row(row: Sequence[Cell], begins: Sequence[int], width: int, reading: Reading, above: Draft | None) -> str:
    """What a row is: `task`, `section`, `continuation`, `total`, `note`, `blank` (a number and nothing else) or a key
    of `UNSURE`."""
    columns = reading.columns
    first = unwrap(row[begins[0]].text)
    short = [row[i].text for i in begins[:3] if i != columns.progress and len(row[i].text) <= 24]
    if any(TOTAL.fullmatch(unwrap(text)) for text in short):
        numbered = columns.seq in begins and re.fullmatch(r"\d+", unwrap(row[columns.seq or 0].text)) is not None
        # The sum of a column may stand where the numbers do: 合计 | 100 | (blank).
        if not numbered or not row[columns.content].text:
            return "total"
    alone = any(same_cell(cell, row[begins[0]]) for cell in row[:width]) or not row[columns.content].text
    alone = alone or (len(begins) == 2 and is_sum(row[begins[1]].text))
    if len(begins) <= 2 and _MEAN.fullmatch(first) and alone:
        return "total"
    if len(begins) == 1 and _is_alone(row, begins[0], width):
        return _kind_of_lone(row, begins[0], width, reading, above)
    if NOTE.match(first) and len(begins) <= 2 and columns.content not in begins:
        return "note"
    content = row[columns.content]
    if above is not None and not content.text:
        seq_empty = columns.seq is None or not row[columns.seq].text
        if seq_empty and (columns.category is None or columns.category not in begins):
            return "continuation"
    if above is not None and content.text and not content.copy and _is_rest(row, begins, reading):
        return "continuation"
    if _covers_number(row, columns) and len(first) <= 40 and all(is_sum(row[i].text) for i in begins[1:]):
        return "section"
    if not content.text and _is_section_by_number(row, begins, reading):
        return "section"
    return "section" if columns.seq is not None and _is_numbered_section(row, begins, width, reading) else "task"


def is_named_by_number(text: str) -> bool:
    """Whether a text in the column of numbers is a section's ordinal with its name: 一、产业发展类（5个）."""
    return len(text) <= _NAME_LENGTH and _NAMED.match(unwrap(text)) is not None


def _is_section_by_number(row: Sequence[Cell], begins: Sequence[int], reading: Reading) -> bool:
    """Whether the column of numbers holds the name of a section, with nothing behind it but its sums, where a format
    without spans has lost how far that reaches: 一、产业发展类（5个） | (blank) | 184100. Where the tasks bear no
    numbers of their own it may be one of them."""
    columns = reading.columns
    return (
        begins[0] == columns.seq
        and is_named_by_number(row[begins[0]].text)
        and columns.units not in begins
        and all(is_sum(row[i].text) for i in begins[1:])
        and _counts_tasks(reading)
    )


def is_numeral(text: str) -> bool:
    """Whether a text is a Chinese number, as sections carry it: 一, （二）."""
    return _NUMERAL.fullmatch(unwrap(text)) is not None


def is_sum(text: str) -> bool:
    """Whether a text is a figure and nothing else, or a sign for none."""
    return _SUM.fullmatch(unwrap(text)) is not None


def _is_numbered_section(row: Sequence[Cell], begins: Sequence[int], width: int, reading: Reading) -> bool:
    """Whether a row is `一 | 经济发展 | (blank)`: an ordinal in the column of numbers and the name of a section, with
    nothing behind it but its sums."""
    columns = reading.columns
    numeral = unwrap(row[columns.seq].text) if columns.seq is not None else ""
    others = [i for i in begins if i != columns.seq]
    if not others or len(unwrap(row[others[0]].text)) > 40:
        return False
    if not numeral and (len(others) < 2 or not _NUMBERED_NAME.match(unwrap(row[others[0]].text))):
        return False
    if numeral and not is_numeral(numeral):
        return False
    if any(row[i].text for i in range(width) if i not in begins and not same_cell(row[i], row[others[0]])):
        return False
    sums = others[1:]
    if numeral and columns.units in sums and _counts_tasks(reading):
        answering = {columns.units, *columns.more_units}
        sums = [i for i in sums if i not in answering]
    # What an indicator has reached is a figure in the column of statuses, too: there a name stands for the content.
    accounts = () if not row[columns.content].text and others[0] != columns.content else columns.statuses
    return not {columns.units, *accounts}.intersection(sums) and all(is_sum(row[i].text) for i in sums)


def _counts_tasks(reading: Reading) -> bool:
    """Whether the tasks of a table bear plain numbers, so that a Chinese one numbers something else."""
    seq = reading.columns.seq
    texts = [row[seq].text for row in reading.table.rows] if seq is not None else []
    return sum(text.isdecimal() for text in texts) * 2 >= sum(text != "" for text in texts)


def _is_rest(row: Sequence[Cell], begins: Sequence[int], reading: Reading) -> bool:
    """Whether a row without number and units is what a page break has cut from an unfinished row above it."""
    columns = reading.columns
    if columns.seq is None or row[columns.seq].text or not _is_numbered(reading):
        return False
    if any(column in begins for column in (columns.units, columns.category, columns.progress)):
        return False
    above, text = reading.drafts[-1].texts[columns.content].rstrip(), row[columns.content].text
    return _goes_on(above, text) or (
        len(reading.drafts) >= 3 and _ends_with_stops(reading) and above[-1:] not in SENTENCE_END
    )


def _is_alone(row: Sequence[Cell], column: int, width: int) -> bool:
    """Whether the one cell that begins in this row also covers it, or all other slots are empty."""
    here = row[column]
    return all(i == column or not row[i].text or same_cell(row[i], here) for i in range(min(width, len(row))))


def _kind_of_lone(row: Sequence[Cell], column: int, width: int, reading: Reading, above: Draft | None) -> str:
    text = unwrap(row[column].text)
    spanning = sum(same_cell(cell, row[column]) for cell in row[:width]) + 1
    columns = reading.columns
    if NOTE.match(text):
        return "note"
    if TOTAL.match(text) and len(text) <= 30:
        return "total"
    if column == columns.seq and spanning == 1 and re.fullmatch(r"\d{1,4}[.、]?", text):
        return "blank"
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
    if (
        (wide or column == columns.seq)
        and above is not None
        and _ITEM.match(text)
        and not _counted_in(above, columns, text)
    ):
        return "note"  # the items of a note that has no name
    if len(text) <= 40 and not re.search(r"[。；;]", text):
        if wide or above is None or column == columns.category:
            return "section"
        return "continuation" if unfinished(above, columns) and len(text) <= 12 else "section"
    if above is None:
        return "note"
    return "note" if wide and len(text) > 40 and not unfinished(above, columns) else "continuation"


def is_of_note(above: str, text: str, kind: str, *, lone: bool) -> bool:
    """Whether a row goes on with the note on the row above: `2.…` below 注：1.…, or a text alone, which would else be
    read as the rest of a task above the note."""
    said = NOTE.sub("", above, count=1).strip()
    if lone and (not said or kind == "continuation" or kind in UNSURE):
        return True
    return (kind != "task" or lone) and goes_on_counting(said, text)


def is_note_below(row: Sequence[Cell], column: int, width: int, reading: Reading, above: Draft) -> bool:
    """Whether a lone text below the last task, over the whole table or in the column of numbers, is no rest of a cell:
    nothing joins it to one, and the cells above do not end with stops as a rule, so that none of them is cut off."""
    columns, text = reading.columns, unwrap(row[column].text)
    spanning = sum(same_cell(cell, row[column]) for cell in row[:width]) + 1
    if column != columns.seq and spanning < max(2, width - 1):
        return False
    prose = (columns.content, *columns.statuses)
    if any(_goes_on(above.texts[i].rstrip(), text) for i in prose):
        return False
    return not any(_is_cut(reading, above, i) for i in prose)


def _is_cut(reading: Reading, above: Draft, column: int) -> bool:
    """Whether a cell lacks the stop with which most of its column end."""
    texts = [draft.texts[column].rstrip() for draft in reading.drafts if draft.texts[column]]
    ended = sum(text[-1:] in SENTENCE_END for text in texts)
    return (
        bool(above.texts[column]) and above.texts[column].rstrip()[-1:] not in SENTENCE_END and ended * 2 > len(texts)
    )


def _counted_in(above: Draft, columns: Columns, text: str) -> bool:
    """Whether a cell of the row above counts its points, and `text` begins with the next."""
    return any(goes_on_counting(above.texts[i], text) for i in (columns.content, *columns.statuses))


def _lone_content(text: str, reading: Reading) -> str:
    """What the only filled cell of a row is, in the column of content: a task whose other cells are blank, a section's
    name, or a text that goes on. `doubtful` where it is joined to the row above without plain evidence."""
    if ordinal_of(text) and len(text) <= 40 and text[-1] not in "。；;":
        return "section"
    if not reading.drafts:
        return "task"
    above = reading.drafts[-1].texts[reading.columns.content].rstrip()
    if _goes_on(above, text) or (_ends_with_stops(reading) and above[-1:] not in SENTENCE_END):
        return "continuation"
    if _is_numbered(reading) and above[-1:] not in SENTENCE_END:
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
    ended = sum(content[-1:] in SENTENCE_END for content in contents)
    return ended * 3 >= len(contents) * 2


def _is_numbered(reading: Reading) -> bool:
    """Whether rows carry a number as a rule, so that one without is a rest of the row above."""
    seq = reading.columns.seq
    if seq is None or not reading.drafts:
        return False
    return sum(bool(draft.texts[seq]) for draft in reading.drafts) * 5 >= len(reading.drafts) * 4


def unfinished(draft: Draft, columns: Columns) -> list[int]:
    """The prose columns of a draft whose text stops in the middle of a sentence."""
    prose = [*columns.statuses, columns.content]
    return [i for i in prose if len(draft.texts[i]) > 6 and draft.texts[i].rstrip()[-1:] not in SENTENCE_END]
