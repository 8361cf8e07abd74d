"""Tables whose cells have become paragraphs, one after the other: put back into rows.

The headings stand in sequence; below them every paragraph is a cell, cells that were merged or empty are missing, and
ordinals, section names, repeated headings and the page's furniture stand in between. Which paragraphs are headings, on
how many levels and what they mean is tried; the reading that makes the most sense of what follows wins (`sequence`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.model import Warn
from tasks.read.errors import RowsNotUnderstood
from tasks.read.page import Block, Paragraph, Table
from tasks.read.tables.cells import goes_on_counting, ordinal_of
from tasks.read.tables.columns import name_headings
from tasks.read.tables.headings import (
    Role,
    claim,
    heading_role,
    is_header,
    is_same_header,
    is_window,
    may_head,
    squeeze,
)
from tasks.read.tables.sequence import Reading, Token
from tasks.read.tables.ways import Layout, may_stand_below, meanings, nested
from tasks.text import clean_cell

_LEAST_SENSE = 0.2  # tables score 1 to 4 a paragraph; below this the headings were no headings of what follows
_SAMPLE = 90  # paragraphs that decide between the ways in which headings may be meant
# The second half of a heading cut in two, and what shows that the first half is a heading of its own.
_TAIL = re.compile(
    r"名称?|称|单?位|部?门|科?室|情?况|内?容|进?度|领?导|任务|目标|要求|事项|时[间限]|说明|注|号|子号|安排|比例|工作|类[别型]|分类|来源|项目|评价|状态|领域|分解|分工|编号|[率人]"
)
_LISTS = ("清单", "台账", "一览")  # what a title ends with that names the table; a heading where no headings follow
_RESULT = re.compile(r"进展|结果|成效")  # headings by themselves, unless what stands above them is none
_UNIT_BELOW = re.compile(r"[(（](?:[%％]|[万亿]?元|百分比|单位[:：].{1,8}|[个项件户亩]|公里|平方米)[)）]")
_OF_A_WINDOW = re.compile(r"(?:进展|完成|推进|落实)(?:情况)?|实绩|情况")
_WHOLE = re.compile(
    r"(?:名称|单位|部门|科室|情况|内容|进度|领导|序号|备注|时限|指标|类别|要求|安排|(?<=..)(?:成效|成果|结果|进展|举措|措施))$"
)
_LABELLED = re.compile(r"[^:：(（]{2,16}[:：]\s*\S")  # a label with its value is no heading
_NEVER_LAST = frozenset((Role.SEQ, Role.CATEGORY, Role.NAME, Role.INDICATOR, Role.CONTENT))
_NEVER_WHOLE = _NEVER_LAST | {Role.STATUS, Role.PLAN, Role.MEASURE, Role.CODE}
_PROMISED = frozenset((Role.NAME, Role.INDICATOR, Role.CONTENT, Role.PLAN))
_BEFORE_NUMBERS = frozenset((Role.SEQ, Role.CATEGORY, Role.NAME, Role.UNITS, Role.LEADER, Role.CODE))


@dataclass(frozen=True, slots=True)
class Flattened:
    """The blocks with each flattened table in place of its paragraphs; whether there was one."""

    blocks: tuple[Block, ...]
    found: bool
    warnings: tuple[Warn, ...] = ()


def gather(text: str, blocks: Sequence[Block], aliases: Mapping[str, str] | None = None) -> Flattened:
    """Find flattened tables among the paragraphs. Raises RowsNotUnderstood where there is one that makes no sense."""
    out: list[Block] = []
    warnings: list[Warn] = []
    found = False
    run: list[Paragraph] = []

    def close() -> None:
        nonlocal found
        if run:
            made, warned = _in_paragraphs(text, list(run), aliases)
            found = found or any(isinstance(block, Table) for block in made)
            out.extend(made)
            warnings.extend(warned)
            run.clear()

    for block in blocks:
        if isinstance(block, Paragraph):
            run.append(block)
        else:
            close()
            out.append(block)
    close()
    return Flattened(tuple(out), found, tuple(warnings))


def _feeds(text: str, one: Paragraph, two: Paragraph) -> int:
    return text.count("\n", one.end, two.start)


def _mended(run: Sequence[Paragraph], aliases: Mapping[str, str] | None) -> Sequence[Paragraph]:
    """Headings that a narrow column has cut over two paragraphs (`项目`, `名称`) made whole, beside other headings."""

    def heads(number: int) -> bool:
        return 0 <= number < len(run) and heading_role(run[number].text, aliases) is not Role.UNKNOWN

    made: list[Paragraph] = []
    number = 0
    while number < len(run):
        here = run[number]
        after = run[number + 1] if number + 1 < len(run) else None
        if (after is not None and _UNIT_BELOW.fullmatch(after.text) and heads(number)) or (
            after is not None
            and len(here.text) <= 6
            and _may_be_one(squeeze(here.text), squeeze(after.text))
            and (_is_half(here.text, after.text) or heading_role(here.text + after.text, aliases) is not Role.UNKNOWN)
            and (heads(number - 1) or heads(number + 2))
        ):
            made.append(Paragraph(here.text + after.text, here.start, after.end, here.level, here.bold))
            number += 2
        else:
            made.append(here)
            number += 1
    return made


def _may_be_one(one: str, two: str) -> bool:
    """Whether two texts may be the halves of one heading: the second ends many, the first is none by itself."""
    if one == "是否":
        return len(two) <= 3
    if is_window(one):
        return _OF_A_WINDOW.fullmatch(two) is not None
    role = claim(one).role
    if two == "说明" and role is not Role.UNKNOWN:
        return False  # a column of remarks
    if _RESULT.fullmatch(two):
        return role is Role.UNKNOWN and len(one) == 2
    if role in (Role.SEQ, Role.CATEGORY, Role.CODE) or (len(one) >= 4 and role in (Role.UNITS, Role.LEADER)):
        return False
    return _TAIL.fullmatch(two) is not None and (two == "名称" or not _WHOLE.search(one))


def _is_half(one: str, two: str) -> bool:
    """Whether two words are most likely one heading though no rule knows it: the second is none by itself."""
    return len(one) == len(two) == 2 and heading_role(two) is Role.UNKNOWN


def _heading_run(run: Sequence[Paragraph], first: int, aliases: Mapping[str, str] | None) -> int:
    """How many paragraphs from `first` on are headings in sequence; 0 where none begin there."""
    role = heading_role(run[first].text, aliases)
    if len(run[first].text) > 24 or role is Role.UNKNOWN or run[first].text.endswith("表"):
        return 0
    if role not in _BEFORE_NUMBERS and first + 1 < len(run) and heading_role(run[first + 1].text, aliases) is Role.SEQ:
        return 0  # a title of few words, and the headings begin below it
    if squeeze(run[first].text).endswith(_LISTS) and first + 1 < len(run) and _heading_run(run, first + 1, aliases):
        return 0  # the same above headings without numbers
    seen: set[str] = set()
    length = 0
    unknown = 0
    for paragraph in run[first : first + 16]:
        flat = squeeze(paragraph.text)
        if len(flat) > 16 or flat in seen or ordinal_of(paragraph.text) or not may_head(paragraph.text):
            break
        if _LABELLED.match(paragraph.text):
            break
        known = may_stand_below(paragraph.text, aliases)
        if not known and unknown:
            break
        unknown = 0 if known else unknown + 1
        seen.add(flat)
        length += 1
    length -= unknown
    # What groups or names the rows does not stand last: it is the first cell.
    roles = [heading_role(paragraph.text, aliases) for paragraph in run[first : first + length]]
    while length > 3 and roles[length - 1] in _NEVER_LAST and {*roles[: length - 1]} & _PROMISED:
        length -= 1
    texts = [paragraph.text for paragraph in run[first : first + length]]
    strong = {heading_role(text, aliases) for text in texts} & {Role.STATUS, Role.PROGRESS, Role.UNITS}
    if length == 2:
        pair = [claim(text, aliases) for text in texts]
        plain = pair[0].role in (Role.CONTENT, Role.NAME, Role.INDICATOR) and pair[1].role is Role.STATUS
        return 2 if plain and min(c.weight for c in pair) >= 4 and is_header(texts, aliases) else 0
    return length if length >= 3 and strong and is_header(texts, aliases) else 0


def _in_paragraphs(
    text: str, run: Sequence[Paragraph], aliases: Mapping[str, str] | None
) -> tuple[list[Block], list[Warn]]:
    run = _mended(run, aliases)
    starts: list[tuple[int, int]] = []
    number = 0
    while number < len(run):
        length = _heading_run(run, number, aliases)
        if length:
            starts.append((number, length))
            number += length
        else:
            number += 1
    starts = _same_headings(run, _believed(run, starts, aliases))
    # Two short lines that look like headings in prose are no table: cells must follow.
    if not starts or len(run) - starts[0][0] < 2 * starts[0][1]:
        return list(run), []
    blocks: list[Block] = list(run[: starts[0][0]])
    warnings: list[Warn] = []
    ends = [*(first for first, _ in starts[1:]), len(run)]
    parts = [(run[first:stop], length) for (first, length), stop in zip(starts, ends, strict=True)]
    alike: dict[tuple[str, ...], list[Sequence[Paragraph]]] = {}
    for part, length in parts:
        alike.setdefault(_names(part, length), []).append(part)
    meant = {names: _meant(text, found, len(names), aliases) for names, found in alike.items()}
    for part, length in parts:
        blocks.extend(_table(text, part, meant[_names(part, length)], warnings))
    return blocks, warnings


def _names(part: Sequence[Paragraph], length: int) -> tuple[str, ...]:
    return tuple(squeeze(paragraph.text) for paragraph in part[:length])


def _believed(
    run: Sequence[Paragraph], starts: Sequence[tuple[int, int]], aliases: Mapping[str, str] | None
) -> list[tuple[int, int]]:
    """The first headings, and later ones that are the same again or as plain: in between there are cells."""
    kept: list[tuple[int, int]] = []
    known: list[str] = []
    for first, length in starts:
        if length == 2 and any(other > 2 for _, other in starts):
            continue
        texts = [p.text for p in run[first : first + length]]
        if not kept or is_same_header(texts, known, aliases):
            kept.append((first, length))
            known.extend(texts)
    return kept


def _same_headings(run: Sequence[Paragraph], starts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the same headings come again, the shortest common sequence is the heading: the rest are cells."""
    if len(starts) < 2:
        return starts
    first, length = starts[0]
    names = [squeeze(p.text) for p in run[first : first + length]]
    for begin, size in starts[1:]:
        others = [squeeze(p.text) for p in run[begin : begin + size]]
        common = next((i for i, (a, b) in enumerate(zip(names, others, strict=False)) if a != b), min(length, size))
        if common >= 3:
            length = min(length, common)
    names = names[:length]
    fixed: list[tuple[int, int]] = []
    for begin, size in starts:
        others = [squeeze(p.text) for p in run[begin : begin + size]]
        fixed.append((begin, length if others[:length] == names else size))
    return fixed


def _tokens(text: str, cells: Sequence[Paragraph]) -> list[Token]:
    feeds = [_feeds(text, a, b) for a, b in pairwise(cells)]
    usual = Counter(feeds).most_common(1)[0][0] if feeds else 1
    step = max(usual, 1)
    tokens = [Token(cells[0].text, cells[0].start, cells[0].end)] if cells else []
    for cell, count in zip(cells[1:], feeds, strict=True):
        extra = max(0, round((count - usual) / step)) if count > usual else 0
        counted = goes_on_counting(tokens[-1].text, cell.text)
        tokens.append(Token(cell.text, cell.start, cell.end, min(extra, 3), usual >= 2 and count < 2, counted))
    return tokens


def _is_plain_heading(text: str, aliases: Mapping[str, str] | None) -> bool:
    """Whether a text can hardly be a cell: 备注, 责任单位, 完成时限."""
    said = claim(text, aliases)
    return said.weight >= 4 and said.role not in _NEVER_WHOLE


_Meaning = tuple[float, Layout, tuple[Role, ...], int]  # how much sense it makes; the last: how many headings


def _meant(
    text: str, parts: Sequence[Sequence[Paragraph]], length: int, aliases: Mapping[str, str] | None
) -> _Meaning | None:
    """What the headings mean with which all `parts` of a table begin. The last words of them may be the first cells:
    tried, as are the ways in which headings may be meant."""
    best: _Meaning | None = None
    run = max(parts, key=len)
    for size in range(length, max(2, length - 4) if length > 2 else 1, -1):
        if size < length and _is_plain_heading(run[size].text, aliases):
            break
        if size < length and heading_role(run[size - 1].text, aliases) is Role.UNKNOWN:
            continue
        texts = [p.text for p in run[:size]]
        samples = _samples(text, parts, size)
        if not samples or not is_header(texts, aliases):
            continue
        deep = (layout for upper in range(2, size - 1) for layout in nested(texts, upper, aliases, known=True))
        for layout in (Layout.flat(size), *deep):
            for roles in meanings(layout.names(texts), aliases):
                if size < length and not {Role.STATUS, Role.PROGRESS} & set(roles):
                    continue
                # A heading counts like a cell that fits, so that readings with more and with fewer headings compare.
                value = sum(Reading.of(tokens, roles).score for tokens in samples) + 1.5 * size * len(samples)
                if best is None or value > best[0]:
                    best = (value, layout, roles, size)
    return best


def _samples(text: str, parts: Sequence[Sequence[Paragraph]], size: int) -> list[list[Token]]:
    """The cells of the parts that decide between the ways in which their headings may be meant."""
    samples: list[list[Token]] = []
    left = _SAMPLE
    for part in parts:
        tokens = _tokens(text, part[size:])[:left]
        left -= len(tokens)
        if tokens:
            samples.append(tokens)
    return samples


def _table(text: str, run: Sequence[Paragraph], meant: _Meaning | None, warnings: list[Warn]) -> list[Block]:
    """One table: the run begins with its headings."""
    tokens = _tokens(text, run[meant[3] :]) if meant is not None else []
    if meant is None or not tokens:
        return list(run)
    _, layout, roles, size = meant
    reading = Reading.of(tokens, roles)
    texts = [clean_cell(p.text) for p in run[:size]]
    if reading.score < _LEAST_SENSE * len(reading.tokens) and len(reading.tokens) >= 8:
        shown = " · ".join(texts)
        raise RowsNotUnderstood(f"the paragraphs below {shown} do not read as cells of these columns")
    headings = name_headings(layout.levels(texts))
    header = layout.cells(texts, [(p.start, p.end) for p in run[:size]])
    if roles.count(Role.UNKNOWN) > 1:
        unknown = "、".join(heading for heading, role in zip(headings, roles, strict=True) if role is Role.UNKNOWN)
        warnings.append(Warn("columns_uncertain", f"any paragraph may be a cell below {unknown}"))
    heads = reading.heads()
    if heads:
        said = "、".join(run[size + i].text for i in heads)
        warnings.append(Warn("columns_uncertain", f"behind the headings, and perhaps some of them: {said}"))
    either = reading.either()
    if either:
        said = f"{reading.tokens[either[0]].text[:20]} ends a row, or begins the next"
        warnings.append(Warn("columns_uncertain", f"{headings[-1]} or a group in {len(either)} places: {said}"))
    rows, doubtful = reading.rows(headings)
    several = reading.gone_on()
    if several and not {Role.SEQ, Role.UNITS, Role.PROGRESS} & set(reading.model.roles):
        shown = reading.tokens[several[0]].text[:40]
        warnings.append(
            Warn("columns_uncertain", f"{len(several)} paragraphs may be cells of their own, first: {shown}")
        )
    if doubtful:
        warnings.append(
            Warn("cells_missing", f"the flattened table lacks cells in {len(doubtful)} rows, first: {doubtful[0]}")
        )
    rest = [run[size + i] for i in reading.outside()]
    return [Table((*header, *rows)), *rest]
