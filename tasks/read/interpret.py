"""Page → Report: which blocks are tables of tasks, prose, metadata or neither. The same for every format."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks.model import Kind, Meta, Report, Row, Section, Span, Warn
from tasks.periods import find_period
from tasks.read.errors import ColumnsNotUnderstood, NoContent
from tasks.read.furniture import is_furniture, strip_furniture
from tasks.read.hints import ReadHints
from tasks.read.layout import without_layout
from tasks.read.metadata.reading import MetaReading, kind_of, read_metadata
from tasks.read.page import Block, Page, Paragraph, Table
from tasks.read.prose.outline import outline_blocks
from tasks.read.tables.cells import ordinal_of
from tasks.read.tables.copies import drop_copies
from tasks.read.tables.drafted import Left, Reading
from tasks.read.tables.drafts import headings_of, is_table_of_something
from tasks.read.tables.gathering import Gathered, gather_tables, inside, tells_more
from tasks.read.tables.headings import is_header
from tasks.read.tables.rows import build_rows
from tasks.text import fold

_PART = re.compile(r"[(（][一二三四五六七八九十][)）]\s*$|[(（](?:上|中|下|续)[)）]\s*$|第[一二三四五]部分\s*$")
_TABLED = (Kind.EXECUTION, Kind.INDICATORS, Kind.LIVELIHOOD, Kind.BULLETIN)  # kinds whose matter is a table
_LEAST_PROSE = 30
_SHORT_PROSE = 300
_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?[%％]?")
_LEAST_FIGURES = 8
_DIVIDERS = " \t\r\n\u3000\xa0|-"
_NOTE = re.compile(
    r"\s*[(（【]?\s*(?:备?注|说明)\d?\s*[:：]|\s*数据截[至止]"
    r"|\s*(?:\d{1,2}[.、．])?[^。；;，,]{0,12}(?:数据|统计)[^。；;，,]{0,6}截[至止]"
)
_CHAPTER = re.compile(r"(?:^|(?<=[\s。；;：:|]))([一二三四五六七八九])、(?=[^\s一二三四五六七八九十]{3})")
_SENTENCE = 50  # characters from which a paragraph with a full stop tells something
_LEAST_COUNTED = 4  # numbers that count the rows of a table
_MOST_CELLS = 12  # of such a row
_NEAR = 3  # lines below the title, and above the table
_SUBTITLE = 40  # characters; longer lines before a table are told, not put above it


def interpret(page: Page, *, url: str | None = None, hints: ReadHints | None = None, name: str | None = None) -> Report:
    """The report of a page. Raises a ReadError where the page says something that could not be read completely.

    `name`: the file's, which may tell the period of an attachment or a dump.
    """
    hints = hints or ReadHints()
    page = without_layout(page)
    meta = read_metadata(page, url=url, title=hints.title)
    tables = gather_tables(page, hints.columns, meta.spans)
    blocks, readings, warnings = tables.blocks, tables.readings, list(tables.warnings)
    kept, left, more = drop_copies(readings)
    warnings.extend(more)
    rows, leftovers, more = build_rows(kept)
    left.extend(leftovers)
    warnings.extend(more)
    tabled = {id(reading.table) for reading in readings}
    rest = [
        block
        for block in blocks
        if id(block) not in tabled and not inside(_span(block), meta.spans) and not _is_empty(block)
    ]
    stripped = strip_furniture(rest, text=page.text)
    prose = sum(len(block.text) for block in stripped.blocks if isinstance(block, Paragraph))
    prose += sum(len(cell.text) for b in stripped.blocks if isinstance(b, Table) for row in b.rows for cell in row)
    if not rows:
        warnings.extend(_refuse_unread(blocks, meta.spans, stripped.blocks, meta.meta.title))
    sections: tuple[Section, ...] = ()
    paragraphs = [(b.start, b.end) for b in stripped.blocks if isinstance(b, Paragraph)]
    if prose and (not rows or prose > (_SHORT_PROSE // 2 if tables.labelled else _SHORT_PROSE)):
        whole = stripped
        told: Sequence[Block] = stripped.blocks
        if tables.labelled and rows:  # the records are paragraphs of a text that tells more, and stand in its chapters
            every = [b for b in page.body if not inside(_span(b), meta.spans) and not _is_empty(b)]
            whole = strip_furniture(every, text=page.text)
        if tables.labelled or not rows:
            told = tuple(_between(whole.blocks, meta.title_span, meta.signature_span))
        told = _without_captions(_without_title(told, meta.meta.title), page.body if tables.labelled else blocks)
        outline = outline_blocks(page.text, told, page.leads, [gone.span for gone in whole.removed])
        sections = outline.sections
        paragraphs = [(b.start, b.end) for b in told if isinstance(b, Paragraph)]
        warnings.extend(outline.warnings)
        if not sections and not rows and (lost := _ordinals(told)):
            warnings.append(Warn("outline_lost", f"headings are counted ({'、'.join(lost)}), and no section was read"))
    if not rows:
        warnings.extend(_without_rows(page, prose, meta.meta.title))
    places = _dating_places(page, kept if rows else [], left, stripped.blocks, name, hints)
    if rows and not sections:
        headlines = (meta.meta.title, *_captions(kept))
        spare = [
            b.text
            for b in stripped.blocks
            if isinstance(b, Paragraph) and b.text not in headlines and b not in tables.names
        ]
        if spare:
            warnings.append(
                Warn("text_left_over", f"text beside the table in {len(spare)} places, first: {spare[0][:60]}")
            )
    full, more = _dated(meta, rows, sections, stripped.blocks, places, hints)
    warnings.extend(more)
    if full.title and _PART.search(full.title):
        warnings.append(Warn("part_of_report", f"the title says that this is one part of several: {full.title}"))
    named = [(line.start, line.end) for line in tables.names] if rows else []
    beside = [] if tables.labelled and rows else _beside(page.text, paragraphs, sections, rows)
    covered = [
        *meta.spans,
        *named,
        *_sections_covered(sections, _records(tables, kept) if rows else None),
        *(span for span in beside if rows and sections and span[0] >= sections[0].start),
        *_rows_covered(kept, left),
    ]
    return Report(
        meta=full,
        rows=tuple(rows),
        sections=sections,
        text=page.text,
        warnings=_unique((*page.warnings, *meta.warnings, *stripped.warnings, *warnings)),
        attachments=page.links,
        remainder=_remainder(page, covered),
        encoding=page.encoding,
        told=tuple(beside),
    )


def _without_title(told: Sequence[Block], title: str | None) -> Sequence[Block]:
    """The blocks that may hold sections, but for the document's title, which a page may print above its frame and again
    above the text."""
    said = "".join((title or "").split())
    return [block for block in told if not (isinstance(block, Paragraph) and "".join(block.text.split()) == said)]


def _without_captions(told: Sequence[Block], blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks that may hold sections, but for what stands right above a table and is told a heading by its type
    alone: that is the table's name, and the text below the table goes on with the section above."""
    named = {
        id(above)
        for above, below in pairwise(blocks)
        if isinstance(below, Table) and len(below.rows) > 1 and len(below.rows[0]) > 1
        if isinstance(above, Paragraph) and above.bold and above.level is None
        if len(above.text) <= _SUBTITLE and ordinal_of(above.text) is None
    }
    return [block for block in told if id(block) not in named] if named else told


def _between(blocks: Sequence[Block], title: Span | None, signature: Span | None) -> Sequence[Block]:
    """The blocks that may hold sections: below the title and above the signature, where no prose stands beyond them.

    What else is there are columns of the portal, other documents, comments.
    """
    begin, end = 0, len(blocks)
    if title is not None:
        above = sum(_span(block)[1] <= title[0] for block in blocks)
        if not any(map(_tells, blocks[:above])):
            begin = above
    if signature is not None:
        below = next((n for n, block in enumerate(blocks) if _span(block)[0] >= signature[1]), end)
        if not any(map(_tells, blocks[below:])):
            end = max(below, begin)
    return blocks[begin:end]


def _ordinals(blocks: Iterable[Block]) -> list[str]:
    """The ordinals of chapters that a text prints, where there are two or more: 一、 二、."""
    texts = [
        text
        for block in blocks
        for text in (
            [block.text] if isinstance(block, Paragraph) else [cell.text for row in block.rows for cell in row]
        )
    ]
    found = list(dict.fromkeys(mark for text in texts for mark in _CHAPTER.findall(text)))
    return found if "一" in found and len(found) > 1 else []


def _tells(block: Block) -> bool:
    texts = [block.text] if isinstance(block, Paragraph) else [cell.text for row in block.rows for cell in row]
    return any(len(text) > _SENTENCE and "。" in text for text in texts)


def _refuse_unread(
    blocks: Sequence[Block], spans: Sequence[Span], told: Sequence[Block], title: str | None
) -> Iterable[Warn]:
    """Refuse a page for a table that nobody could read; in a text that tells more than its tables (a summary with a
    few figures in a grid), say so."""
    unread = [b for b in blocks if isinstance(b, Table) and is_table_of_something(b) and not inside(b.span, spans)]
    if not unread:
        return
    headings = f"a table whose headings say nothing that is known: {headings_of(unread[0])}"
    if kind_of(title, "") in _TABLED or not tells_more(told):
        raise ColumnsNotUnderstood(headings)
    yield Warn("table_not_read", headings)


def _without_rows(page: Page, prose: int, title: str | None) -> Iterable[Warn]:
    tracked = kind_of(title, "") in _TABLED
    if page.links and (prose < _SHORT_PROSE or tracked):
        names = "、".join(link.name for link in page.links[:5])
        yield Warn("table_in_attachment", f"the page has no table; it links to {names}")
    heading = next(
        (b.text for b in page.body if isinstance(b, Paragraph) and _heads_a_table(b.text) and not is_furniture(b.text)),
        None,
    )
    if heading is not None:
        yield Warn("table_not_read", f"the headings of a table, and no rows read below them: {heading[:60]}")
    elif counted := _counted_cells(page):
        said = f"lines of {counted} numbers one after the other, as many cells between them, and no rows read"
        yield Warn("table_not_read", said)
    elif figures := _bare_figures(page):
        yield Warn("table_not_read", f"{figures} lines are bare figures, and no rows read")
    if not page.links and prose < _LEAST_PROSE:
        raise NoContent(f"no table, {prose} characters of prose, no link to a file")


def _counted_cells(page: Page) -> int:
    """How many lines hold the next number each and nothing else, with as many other lines behind most of them: the
    rows of a table whose headings nobody knows, a cell a line. 0 where they do not."""
    places: list[int] = []
    texts = [b.text for b in page.body if isinstance(b, Paragraph)]
    for place, text in enumerate(texts):
        if text.strip().rstrip(".、") == str(len(places) + 1):
            places.append(place)
    gaps = [b - a - 1 for a, b in pairwise(places)]
    usual = max(gaps, key=gaps.count, default=0)
    regular = 2 <= usual <= _MOST_CELLS and gaps.count(usual) * 5 >= len(gaps) * 3
    return len(places) if len(places) >= _LEAST_COUNTED and regular else 0


def _bare_figures(page: Page) -> int:
    """How many lines are nothing but a figure, where a third of all are: the cells of a table, one a line. Else 0."""
    texts = [b.text for b in page.body if isinstance(b, Paragraph)]
    figures = sum(_FIGURE.fullmatch(text.strip()) is not None for text in texts)
    return figures if figures >= _LEAST_FIGURES and figures * 3 >= len(texts) else 0


def _heads_a_table(text: str) -> bool:
    """Whether a paragraph looks like a row of headings whose cells only blanks divide."""
    parts = text.split()
    return 2 <= len(parts) <= 12 and len(text) <= 120 and is_header(parts)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where below the title a table's period may be printed: see `find_period`. `title`: a caption that
    stands for a missing one; `headings`: all of the tables'."""

    title: str | None = None
    headings: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()


def _dating_places(
    page: Page,
    readings: Sequence[Reading],
    left: Sequence[Left],
    blocks: Sequence[Block],
    name: str | None,
    hints: ReadHints,
) -> _Places:
    files = [text for text in (hints.title, name if page.format != "html" else None) if text]
    if not readings:
        return _Places(files=(*files, *(link.name for link in page.links)))
    first = min(reading.table.span[0] for reading in readings)
    before = [text for block in blocks if _span(block)[1] <= first for text in _line(block)]
    # Lines below the title or right above the table; headings of the prose between them speak of its parts.
    near = {*before[:_NEAR], *before[-_NEAR:]}
    short = [
        text
        for text in before
        if text in near and len(text) <= _SUBTITLE and not re.search(r"[。;；]", text) and not ordinal_of(text)
    ]
    wide = _captions(readings)
    captions = [*short, *wide, *(r.table.name for r in readings if r.table.name)]
    told = [text for text in before if text not in short]
    notes = [page.text[item.span[0] : item.span[1]] for item in left if item.reason == "note"]
    notes += [b.text for b in blocks if isinstance(b, Paragraph) and b.start > first and _NOTE.match(b.text)]
    taken = [
        reading.columns.headings[column]
        for reading in readings
        for column in (*reading.columns.statuses, reading.columns.progress)
        if column is not None
    ]
    return _Places(
        title=next(iter(wide), None),
        headings=tuple(dict.fromkeys(h for reading in readings for h in reading.columns.headings)),
        captions=tuple(dict.fromkeys(captions)),
        files=tuple(files),
        columns=tuple(dict.fromkeys(taken)),
        leads=(*told, *notes),
    )


def _line(block: Block) -> list[str]:
    """The text of a paragraph; of a table, the cells of its row where it has only one (填报单位：…　更新时间：…)."""
    if isinstance(block, Paragraph):
        return [block.text]
    return [cell.text for row in block.rows for cell in row if cell.text] if len(block.rows) == 1 else []


def _dated(
    reading: MetaReading,
    rows: Sequence[Row],
    sections: Sequence[Section],
    blocks: Sequence[Block],
    places: _Places,
    hints: ReadHints,
) -> tuple[Meta, list[Warn]]:
    """The metadata with kind and period; the publisher from the hints where the page does not say."""
    meta = reading.meta
    warnings: list[Warn] = []
    title = meta.title
    if title and fold(title) in {fold(part) for heading in places.headings for part in heading.split("/")}:
        title = hints.title
        warnings.append(Warn("title_missing", f"{meta.title} heads a column; no title in the head or the text"))
    title = title or places.title
    prose = [block.text for block in blocks if isinstance(block, Paragraph)]
    texts = [row.status for row in rows if row.status] if rows else prose
    kind = kind_of(title, "\n".join(prose)[:20_000], places.headings)
    found = find_period(
        title=title,
        texts=texts,
        headings=[section.title for section in sections],
        attachments=places.files,
        captions=places.captions,
        columns=places.columns,
        leads=places.leads,
        published_on=meta.published_on,
        generated_on=reading.dated_on or meta.generated_on,  # a stamp may be that of a migration
        signed_on=reading.dated_on,
        kind=kind,
        neighbours=hints.neighbours,
    )
    warnings.extend(found.warnings)
    period, start, end = found.period, found.start, found.end
    if hints.period is not None:
        if period is not None and not period.covers_same(hints.period):
            warnings.append(Warn("period_contradiction", f"asked for {hints.period}, the document says {period}"))
        elif period is None:
            warnings = [w for w in warnings if w.code != "period_unknown"]
        if period is None or not period.covers_same(hints.period):
            start, end = hints.period.start, hints.period.end
        period = hints.period
    return (
        replace(
            meta,
            title=title,
            publisher=meta.publisher or hints.publisher,
            kind=kind,
            period=period,
            period_start=start,
            period_end=end,
        ),
        warnings,
    )


def _captions(readings: Sequence[Reading]) -> list[str]:
    return [caption for reading in readings for caption in reading.captions]


def _span(block: Block) -> Span:
    return (block.start, block.end) if isinstance(block, Paragraph) else block.span


def _is_empty(block: Block) -> bool:
    return _span(block)[0] == _span(block)[1]


def _records(tables: Gathered, readings: Sequence[Reading]) -> Span:
    """The stretch of text that rows account for: from the first to the last of labelled records in a text; all of it
    where a table holds the rows."""
    if not tables.labelled:
        return 0, sys.maxsize
    spans = [reading.table.span for reading in readings]
    return min(start for start, _ in spans), max(end for _, end in spans)


def _sections_covered(sections: Sequence[Section], rows: Span | None) -> Iterable[Span]:
    """Where rows are, only the headings' own lines are sections: what stands under them the rows account for."""
    for section in sections:
        if rows is None:
            yield section.start, section.end
            continue
        yield section.start, section.start + len(section.title)
        yield section.start, min(section.end, rows[0])
        yield max(section.start, rows[1]), section.end


def _beside(text: str, paragraphs: Sequence[Span], sections: Sequence[Section], rows: Sequence[Row]) -> list[Span]:
    """The paragraphs that tell something and that no section holds by itself. Beside rows those of the sections are
    told one by one, since the rows' table stands in a section, too; notes on the table are about its cells."""
    first = sections[0].start if sections else sys.maxsize
    if not rows:
        return [span for span in paragraphs if span[0] < first]
    return [(a, b) for a, b in paragraphs if a >= first or ("。" in text[a:b] and not _NOTE.match(text, a))]


def _rows_covered(readings: Sequence[Reading], left: Sequence[object]) -> Iterable[Span]:
    dropped = {item.span for item in left if hasattr(item, "span")}
    for reading in readings:
        yield from (span for span in reading.spans if span not in dropped)


def _remainder(page: Page, covered: Iterable[Span]) -> tuple[Span, ...]:
    """The stretches of text outside all spans, white space and dividers at their ends left out."""
    text = page.text
    gaps: list[Span] = []
    last = 0
    for start, end in [*sorted(span for span in covered if span[1] > span[0]), (len(text), len(text))]:
        # Cells are divided by one sign as a rule.
        if start > last and not (start == last + 1 and text[last] in _DIVIDERS):
            gap = text[last:start]
            body = gap.strip(_DIVIDERS)
            if body:
                begin = last + gap.index(body)
                gaps.append((begin, begin + len(body)))
        last = max(last, end)
    return tuple(gaps)


def _unique(warnings: Iterable[Warn]) -> tuple[Warn, ...]:
    return tuple(dict.fromkeys(warnings))
