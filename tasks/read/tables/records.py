"""One record told in labelled paragraphs: its cells by label, its number, target and bodies; records as a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.model import Span
from tasks.read.page import Cell, Paragraph, Table
from tasks.read.tables.cells import ordinal_of, strip_ordinal
from tasks.read.tables.headings import Role
from tasks.read.tables.within import bodies_in_brackets, is_the_way
from tasks.text import clean_cell

TASK = (Role.CONTENT, Role.NAME, Role.INDICATOR)
NUMBER = re.compile(r"\s*[(（]?(\d{1,3})[)）]?\s*[、.．:：]?\s*(?!\d)")
_OF_A_PART = (Role.STATUS, Role.PROGRESS, Role.PLAN)  # told of each part of a task, and never of two together
_SHARED = (*TASK, Role.PROBLEM, Role.CATEGORY, Role.SEQ, Role.UNITS, Role.LEADER, Role.DEADLINE)
_TELLING = (*TASK, Role.STATUS)
TARGET = "目标任务"
UNITS = "责任单位"
SEQ = "序号"


class Record:
    """One commitment as it is gathered: heading → cell; `section` is the heading paragraph above it, `first` the
    paragraph with which it begins."""

    def __init__(self, section: Cell | None, first: Paragraph, whole: Record | None = None) -> None:
        self.cells: dict[str, Cell] = {}
        self.roles: dict[str, Role] = {}
        self.section = section
        self.first = first
        self.whole = whole if whole is not None else self  # the first of the records that tell of one task

    def put(self, heading: str, role: Role, text: str, start: int, end: int) -> None:
        before = self.cells.get(heading)
        if before is None:
            self.cells[heading] = Cell(clean_cell(text), start, end)
        else:
            self.cells[heading] = Cell(f"{before.text}\n{clean_cell(text)}", before.start, end)
        self.roles[heading] = role

    def has(self, *roles: Role) -> bool:
        return any(role in roles for role in self.roles.values())

    def tells(self, label: str, role: Role) -> bool:
        """Whether a label comes again; the task is named once for all of its parts."""
        return label in self.cells or (role in TASK and label in self.whole.cells)

    def has_parts(self, role: Role) -> bool:
        """Whether the task is named before what is told of it: what is told again is told of another part of it. Who
        is to do it begins one where something was told before."""
        if role not in _OF_A_PART and not (role in (Role.UNITS, Role.LEADER) and self.has(Role.STATUS)):
            return False
        told = [
            role for role in self.whole.roles.values() if role in TASK or role is Role.PROBLEM or role in _OF_A_PART
        ]
        return bool(told) and told[0] not in _OF_A_PART


def share(records: Sequence[Record]) -> None:
    """Give every part of a task what is told once of it: before its first part, or behind its last."""
    wholes: dict[int, list[Record]] = {}
    for record in records:
        wholes.setdefault(id(record.whole), []).append(record)
    for parts in wholes.values():
        labels = dict.fromkeys(label for part in parts for label in part.roles if part.roles[label] in _SHARED)
        for label in labels:
            having = [part for part in parts if label in part.cells]
            if len(having) > 1 or len(parts) == 1 or having[0] not in (parts[0], parts[-1]):
                continue
            for part in parts:
                if part is not having[0]:
                    part.cells[label] = having[0].cells[label]._replace(copy=part is not parts[0])
                    part.roles[label] = having[0].roles[label]


def locate(text: str, paragraph: Paragraph, value: str) -> Span:
    """Where a part of a paragraph stands in the page's text; the whole paragraph where cleaning has changed it."""
    start = text.find(value, paragraph.start, paragraph.end)
    return (start, start + len(value)) if start >= 0 else (paragraph.start, paragraph.end)


def put_target(record: Record, text: str, paragraph: Paragraph, body: str) -> None:
    """`3.开工学校10所(区教育局、区住建局)` → number, target, units."""
    rest = body.strip()
    number = NUMBER.match(rest)
    if number and ordinal_of(rest):
        printed = number.group(1)
        start, _ = locate(text, paragraph, printed)
        record.put(SEQ, Role.SEQ, printed, start, start + len(printed))
        rest = rest[number.end() :]
    elif ordinal_of(rest):
        printed = ordinal_of(rest) or ""
        record.put(SEQ, Role.SEQ, printed.rstrip("、.．"), *locate(text, paragraph, printed))
        rest = strip_ordinal(rest)
    told = bodies_in_brackets(rest)
    if told is not None:
        rest, units = told
        record.put(UNITS, Role.UNITS, units, *locate(text, paragraph, units))
    if rest:
        record.put(TARGET, Role.CONTENT, rest, *locate(text, paragraph, rest))


def take_bodies(records: Sequence[Record], text: str) -> None:
    """Take what may be a body from the end of a promise where the others end with plain ones: (信息中心)."""
    named = [record for record in records if TARGET in record.cells]
    if not is_the_way(sum(UNITS in record.cells for record in named), len(named)):
        return
    for record in named:
        told = bodies_in_brackets(record.cells[TARGET].text, like_others=True)
        if told is None or record.has(Role.UNITS):
            continue
        whole = record.cells[TARGET]
        for heading, role, said in ((TARGET, record.roles[TARGET], told[0]), (UNITS, Role.UNITS, told[1])):
            start = text.rfind(said, whole.start, whole.end)
            record.cells[heading] = Cell(
                said, *((start, start + len(said)) if start >= 0 else (whole.start, whole.end))
            )
            record.roles[heading] = role


def parts_of(records: Sequence[Record]) -> list[list[Record]]:
    """The records by the labels they have: where another one takes the place of one before (完成情况 that of
    进展情况), another part begins."""
    parts: list[list[Record]] = []
    known: dict[Role, set[str]] = {}
    for record in records:
        named: dict[Role, set[str]] = {}
        for label, role in record.roles.items():
            named.setdefault(role, set()).add(label)
        told = {role for role in named if role in _TELLING}
        if not parts or (told and all(known.get(role, set()).isdisjoint(named[role]) for role in told)):
            parts.append([])
            known = {}
        parts[-1].append(record)
        for role, names in named.items():
            known.setdefault(role, set()).update(names)
    return parts


def table_of(records: Sequence[Record]) -> Table:
    order: list[str] = []
    for record in records:
        order.extend(heading for heading in record.cells if heading not in order)
    first = [h for h in (SEQ, TARGET, UNITS) if h in order]
    order = [*first, *(h for h in order if h not in first)]
    origin = min((cell.start for record in records for cell in record.cells.values()), default=0)
    rows: list[tuple[Cell, ...]] = [tuple(Cell(heading, origin, origin) for heading in order)]
    section: Cell | None = None
    for record in records:
        if record.section is not section and record.section is not None:
            section = record.section
            rows.append(tuple(Cell(section.text, section.start, section.end, i > 0) for i in range(len(order))))
        end = max((cell.end for cell in record.cells.values()), default=origin)
        rows.append(tuple(record.cells.get(heading, Cell("", end, end)) for heading in order))
    return Table(tuple(rows))
