"""The tables of tasks among the blocks of a page: printed as such, flattened to paragraphs, or as labelled records."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks.model import Span, Warn
from tasks.periods import period_phrases
from tasks.read.errors import ColumnsNotUnderstood, RowsNotUnderstood, TableCutOff
from tasks.read.page import Block, Page, Paragraph, Table
from tasks.read.tables import flattened, labelled
from tasks.read.tables.beside import holds_no_tasks
from tasks.read.tables.cells import ordinal_of
from tasks.read.tables.drafted import Reading, blanks_noted, fill_blanks, takes_section
from tasks.read.tables.drafts import (
    find_header,
    has_row_of_a_task,
    headings_of,
    is_table_of_something,
    read_table,
)
from tasks.read.tables.headings import Role, heading_role
from tasks.read.tables.parts import parted

_METADATA_ROWS = 40
_NOTES = 3  # rows at the end of a table that may be notes
_LEAST_TOLD = 150  # characters in sentences with which a page tells more than a table that was not read
_OF_A_PART = re.compile(r"(?:情况|进展|进度|成效|如下|清单|一览|表)[:：]?$")
_NO_NAME = re.compile(
    r"[。；;：:，,]|^(?:附[件表录]?|[图表])\s*[\d一二三四五六七八九十]|^单位|(?:表|图|情况)$|^[(（*※★]"
)
# Names of sheets that say nothing of what stands in them.
_NO_GROUP = re.compile(r"sheet|工作[表簿]|表|页|汇总|台账|稿|明细|清单|附件|\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The blocks as they were read, the readings of the tables of tasks among them, and the paragraphs that give the
    rows of a table their category. `labelled`: the rows are labelled records in the text's own paragraphs."""

    blocks: Sequence[Block]
    readings: list[Reading]
    names: tuple[Paragraph, ...] = ()
    warnings: tuple[Warn, ...] = ()
    labelled: bool = False


def gather_tables(page: Page, aliases: Mapping[str, str], metadata: Sequence[Span]) -> Gathered:
    """The tables of a page. `metadata`: spans of what is metadata. Raises what reading a table raises."""
    blocks: Sequence[Block] = page.body
    if metadata:
        # A metadata block with a row 名称 in it looks like headings with a row below.
        blocks = [block for block in blocks if not (isinstance(block, Table) and _is_metadata(block, metadata))]
    gathered = _read_tables(blocks, aliases, metadata)
    if gathered.readings:
        return gathered
    try:
        flat = flattened.gather(page.text, blocks, aliases)
        gathered = _read_tables(flat.blocks, aliases, metadata, flat.warnings) if flat.found else gathered
    except (RowsNotUnderstood, ColumnsNotUnderstood):
        # A title broken over lines (…三季度 | 项目进展情况) looks like headings one below the other.
        # What stands behind 序号 is a heading, even where it was taken for a title.
        told = [
            b
            for above, b in pairwise([*blocks[:1], *blocks])
            if isinstance(b, Table) or not inside((b.start, b.end), metadata) or _numbers(above, aliases)
        ]
        flat = flattened.gather(page.text, told, aliases)
        gathered = _read_tables(flat.blocks, aliases, metadata, flat.warnings) if flat.found else gathered
    if gathered.readings:
        return gathered
    records, warned = labelled.gather(page.text, blocks, aliases, metadata)
    return replace(_read_tables(records, aliases, metadata, warned), labelled=True)


def _numbers(block: Block, aliases: Mapping[str, str]) -> bool:
    """Whether a block is the heading of the column of numbers."""
    return isinstance(block, Paragraph) and heading_role(block.text, aliases) is Role.SEQ


def inside(span: Span, spans: Sequence[Span]) -> bool:
    """Whether one of `spans` holds the span."""
    return any(start <= span[0] and span[1] <= end for start, end in spans)


def tells_more(blocks: Sequence[Block]) -> bool:
    """Whether the sentences of a page outweigh its tables: a summary with a few figures in a grid."""
    sentences = sum(len(block.text) for block in blocks if isinstance(block, Paragraph) and "。" in block.text)
    in_tables = sum(block.span[1] - block.span[0] for block in blocks if isinstance(block, Table))
    return sentences >= max(_LEAST_TOLD, 2 * in_tables)


def _is_metadata(table: Table, spans: Sequence[Span]) -> bool:
    """Whether every cell that says something is a label or a value of the metadata block."""
    if len(table.rows) > _METADATA_ROWS:
        return False
    told = [cell for row in table.rows for cell in row if not cell.copy and cell.text.strip()]
    return bool(told) and all(inside((cell.start, cell.end), spans) for cell in told)


def _read_tables(
    blocks: Sequence[Block], aliases: Mapping[str, str], metadata: Sequence[Span], found: Sequence[Warn] = ()
) -> Gathered:
    readings: list[Reading] = []
    opening: list[Paragraph | None] = []  # the last heading with an ordinal above each table
    lines: list[Paragraph | None] = []  # what stands right above each table
    refused: list[ColumnsNotUnderstood] = []
    tasks: list[ColumnsNotUnderstood] = []  # those of `refused` that are no tables of counts
    unread: list[Table] = []
    heading: Paragraph | None = None
    line: Paragraph | None = None
    blocks, headers = _parted(blocks, aliases)
    for block in blocks:
        if isinstance(block, Paragraph):
            if block.text.strip():
                line = None if inside((block.start, block.end), metadata) else block
            if ordinal_of(block.text) and len(block.text) <= 50 and "。" not in block.text.strip()[:-1]:
                heading = block
            continue
        above, line = line, None
        try:
            reading = read_table(
                block,
                aliases,
                readings[-1] if readings else None,
                heading.text if heading is not None else None,
                adjacent=above is None,
                header=headers.get(id(block)),
            )
        except ColumnsNotUnderstood as error:
            if not holds_no_tasks(block):
                if not tells_more(blocks):
                    raise
                tasks.append(error)
            refused.append(error)
            continue
        if reading is not None:
            readings.append(reading)
            lines.append(above)
            opening.append(heading)
            heading = None
        elif is_table_of_something(block) and not _is_metadata(block, metadata):
            if not block.complete:
                raise TableCutOff(f"a table is not closed; its first row is {headings_of(block)}")
            unread.append(block)
        elif readings and above is None and has_row_of_a_task(block) and not _is_metadata(block, metadata):
            unread.append(block)  # the last rows of the table above, on a page of their own
    if refused and not readings:
        if not tells_more(blocks):
            raise refused[0]
        return Gathered(blocks, [], (), (*found, *(Warn("table_not_read", error.reason) for error in refused)))
    if tasks:  # beside rows that were read, its rows would be taken for dropped ones
        raise tasks[0]
    left = [Warn("table_left_over", f"counts or names beside the tasks: {error.reason}") for error in refused]
    if readings:  # rows of the same report, for all we know
        left += [Warn("table_not_read", f"beside the tasks, a table that begins {headings_of(one)}") for one in unread]
    _fill_noted(readings, blocks)
    _note_parts(readings)
    names = (*_named_by_headings(readings, opening), *_named_by_lines(readings, lines))
    return Gathered(blocks, readings, names, (*found, *left))


def _note_parts(readings: Sequence[Reading]) -> None:
    """Marks the tables of one list in parts: the same headings, each below a heading of its own."""
    sections = [reading.section for reading in readings]
    alike = len({reading.columns.headings for reading in readings}) == 1
    if len(readings) > 1 and alike and all(sections) and len({*sections}) == len(sections):
        for reading in readings:
            reading.parted = True


def _fill_noted(readings: Sequence[Reading], blocks: Sequence[Block]) -> None:
    """Fills blank cells where a note, in the text or in a row of its own, says that they mean what stands above."""
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    texts += [cell.text for reading in readings for row in reading.table.rows[-_NOTES:] for cell in row[:1]]
    for named in {named for text in texts if (named := blanks_noted(text)) is not None}:
        for reading in readings:
            fill_blanks(reading.drafts, reading.columns, named)


def _parted(blocks: Sequence[Block], aliases: Mapping[str, str]) -> tuple[Sequence[Block], dict[int, tuple[int, int]]]:
    """The blocks with grids of several tables parted; where the headings of tables are that stayed as they were."""
    made: list[Block] = []
    headers: dict[int, tuple[int, int]] = {}
    for block in blocks:
        header = find_header(block, aliases) if isinstance(block, Table) else None
        if header is None or not isinstance(block, Table):
            made.append(block)
            continue
        parts = parted(block, header, aliases)
        if parts[0] is block:
            headers[id(block)] = header
        made += parts
    return made, headers


def _named_by_headings(readings: Sequence[Reading], opening: Sequence[Paragraph | None]) -> list[Paragraph]:
    """The headings that name the category of a table's rows. One above the only table may be no more than the heading
    of the part in which the table stands: 二、任务完成情况."""
    above = [heading for heading in opening if heading is not None]
    named: list[Paragraph] = []
    for reading, heading in zip(readings, opening, strict=True):
        if heading is None:
            continue
        if len(above) == 1 and _OF_A_PART.search(heading.text):
            reading.section = None
            for draft in reading.drafts:
                draft.section = None if draft.section == heading.text else draft.section
        elif any(draft.section == heading.text and takes_section(draft, reading) for draft in reading.drafts):
            named.append(heading)
    return named


def _named_by_lines(readings: Sequence[Reading], lines: Sequence[Paragraph | None]) -> Sequence[Paragraph]:
    """The lines that name the category of a table each, where every one of several has such a line; else the names of
    their sheets are taken, where all are names of something."""
    named = [line for line in lines if line is not None and _is_name(line.text)]
    ungrouped = all(r.headed and r.columns.category is None for r in readings)
    sections = any(r.section or any(draft.section for draft in r.drafts) for r in readings)
    if len(readings) < 2 or not ungrouped or sections:
        return ()
    names = [line.text for line in named]
    if len({*names}) < len(readings):
        named = []
        names = [r.table.name for r in readings if r.table.name and _is_name(r.table.name)]
        if len({*names}) < len(readings) or any(map(_NO_GROUP.search, names)):
            return ()
    for reading, name in zip(readings, names, strict=True):
        reading.section = name
        for draft in reading.drafts:
            draft.section = name
    return named


def _is_name(text: str) -> bool:
    return 2 <= len(text) <= 20 and _NO_NAME.search(text) is None and not period_phrases(text, None)
