"""Records told in labelled paragraphs: `1.target(units)` then `完成情况:…`; or `项目内容:…`, `进展情况:…`.

The labels are the headings, each paragraph (or labelled part of one) is a cell: a table like any other comes out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from tasks.model import Span, Warn
from tasks.read.page import Block, Cell, Paragraph
from tasks.read.tables.cells import goes_on_counting, ordinal_of, strip_ordinal
from tasks.read.tables.headings import Role, claim, squeeze
from tasks.read.tables.records import (
    NUMBER,
    SEQ,
    TASK,
    Record,
    locate,
    parts_of,
    put_target,
    share,
    table_of,
    take_bodies,
)
from tasks.read.tables.rowkinds import NOTE

_NAME = r"[^\s:：。.．;；,，、【】\[\]()（）]{2,12}(?:[(（][^()（）]{1,10}[)）])?"
_LABEL = re.compile(rf"[【\[](?P<tag>{_NAME})[】\]]\s*[:：]?\s*|(?P<name>{_NAME})\s*[:：]\s*")
# Before a label: 3. （2） 1-2 A01、 ③
_COUNT = re.compile(r"[(（]?((?:[A-Za-z]{1,2}[-—]?)?\d{1,3}(?:[-—]\d{1,3})?|[①-⑳㉑-㉟㊱-㊿])[)）]?[、.．]?")
_FIELDS = (Role.STATUS, Role.PROGRESS, Role.UNITS, *TASK, Role.CATEGORY, Role.LEADER, Role.PROBLEM)
_PROSE = (Role.CONTENT, Role.STATUS, Role.PLAN, Role.PROBLEM)
_LEAST_AGAIN = 3  # how often a label opens paragraphs that is one whatever it says
_OF_A_SECTION = re.compile(r"[(（第]?[一二三四五六七八九十]+[、.．)）章节]")
_BARE_NAME = re.compile(r"[^\s\d。；;，,：:（()）]{2,16}")
_TAGGED = re.compile(r"[【\[〔]([^【】\[\]〔〕:：。；;]{2,20})[】\]〕]")  # the name of a section in brackets
_BESIDE = (Role.PLAN, Role.DEADLINE)  # at the beginning of a paragraph

_SUM = re.compile(r"(?:投资|资金)(?:额)?(?:[(（].*[)）])?$")


def gather(
    text: str, blocks: Sequence[Block], aliases: Mapping[str, str] | None = None, metadata: Sequence[Span] = ()
) -> tuple[tuple[Block, ...], tuple[Warn, ...]]:
    """Blocks with the labelled records in them as one table, and what is not certain of it; the blocks unchanged
    where there are fewer than two records.

    `metadata`: spans that hold no record (the title).
    """
    printed = [block for block in blocks if isinstance(block, Paragraph)]
    regular = _regular(printed)
    # Where no title is printed, a task may have been taken for one.
    paragraphs = [
        p for p in printed if _is_regular(p, regular) or not any(a <= p.start and p.end <= b for a, b in metadata)
    ]
    labels = [_labels(p, aliases, regular) for p in paragraphs]
    told = sum(any(role in (Role.STATUS, Role.PROGRESS) for _, role, _, _ in found) for found in labels)
    if told < 2:
        return tuple(blocks), _not_read(paragraphs, regular)
    names, doubtful = _bare_names(paragraphs, labels)
    records, used = _records(text, paragraphs, labels, names)
    if len(records) < 2:
        return tuple(blocks), _not_read(paragraphs, regular)
    if _in_a_report(paragraphs, used):
        return tuple(blocks), ()
    tables = {id(part[0].first): table_of(part) for part in parts_of(records)}
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph) and id(block) in used:
            if id(block) in tables:
                out.append(tables[id(block)])
            continue
        out.append(block)
    warned = (Warn("columns_uncertain", f"the name of a section, or the end of what is above: {t}") for t in doubtful)
    return tuple(out), tuple(warned)


def _regular(paragraphs: Sequence[Paragraph]) -> dict[str, int]:
    """The labels that open paragraphs again and again, and how often: those of records, whatever they say."""
    opening = Counter(
        squeeze(found["tag"] or found["name"])
        for paragraph in paragraphs
        if (found := _LABEL.match(_opened(paragraph.text))) is not None
    )
    most = max(opening.values(), default=0)
    return {label: n for label, n in opening.items() if n >= max(_LEAST_AGAIN, most / 3)}


def _is_regular(paragraph: Paragraph, regular: Mapping[str, int]) -> bool:
    found = _LABEL.match(_opened(paragraph.text))
    return found is not None and squeeze(found["tag"] or found["name"]) in regular


def _opened(text: str) -> str:
    """A paragraph without the number of its record."""
    number = _COUNT.match(text)
    return text[number.end() :].lstrip() if number else text


def _not_read(paragraphs: Sequence[Paragraph], regular: Mapping[str, int]) -> tuple[Warn, ...]:
    """A warning where most of a page is labels that come again and again, and no records were read from them."""
    labelled = [p for p in paragraphs if _is_regular(p, regular)]
    inside, whole = sum(len(p.text) for p in labelled), sum(len(p.text) for p in paragraphs)
    if len(regular) < _LEAST_AGAIN or inside * 2 < whole:
        return ()
    return (Warn("columns_uncertain", f"records that no rows were read from, under {'、'.join(regular)[:60]}"),)


def _in_a_report(paragraphs: Sequence[Paragraph], used: set[int]) -> bool:
    """Whether the records are one chapter of a report that tells more in others: its sections say what they say, and
    rows would leave out the rest."""
    others = [p.text for p in paragraphs if id(p) not in used and "。" in p.text]
    inside = sum(len(p.text) for p in paragraphs if id(p) in used)
    return sum(map(len, others)) > inside and sum(ordinal_of(text) is not None for text in others) > 2


_BRACKETS = ("(", "（")
_HEADING = re.compile(r"[^。；;：:\n]{2,40}")  # in bold, or by the markup
_Label = tuple[
    str, Role, int, int
]  # the label, its role, where it begins in the paragraph's text, where its text begins


def _labels(
    paragraph: Paragraph, aliases: Mapping[str, str] | None, regular: Mapping[str, int] = MappingProxyType({})
) -> list[_Label]:
    """The labels of a paragraph, at its beginning or after a break in it; inner ones only if the first is one.
    `regular`: what is a label at its beginning whatever it says."""
    text = paragraph.text
    found: list[_Label] = []
    matches = [(m, m["tag"] or m["name"]) for m in _LABEL.finditer(text)]
    # What was invested (1-6月完成投资) is told beside the status.
    roles = [Role.AMOUNT if _SUM.search(label) else claim(label, aliases).role for _, label in matches]
    for place, ((match, label), role) in enumerate(zip(matches, roles, strict=True)):
        numbered = _COUNT.fullmatch(text[: match.start()].strip()) is not None
        known = role in _FIELDS or role in _BESIDE
        again = squeeze(label) in regular and (match.start() == 0 or numbered)
        if not (known or again) or ordinal_of(label) or label.endswith("如下"):
            continue
        told = {Role.STATUS, Role.PROGRESS} & set(roles[place:])
        begins = (
            match.start() == 0
            or numbered
            or text[match.start() - 1] in "\n 。;；　)）"
            or bool(ordinal_of(text[: match.start()]) and not strip_ordinal(text[: match.start()]))
        )
        if match.start() == 0 or numbered or (begins and (found or told) and role in _FIELDS):
            found.append((squeeze(label), role, match.start(), match.end()))
    return found


def _records(
    text: str, paragraphs: Sequence[Paragraph], labels: Sequence[Sequence[_Label]], names: set[int]
) -> tuple[list[Record], set[int]]:
    records: list[Record] = []
    used: set[int] = set()
    section: Cell | None = None
    record: Record | None = None
    last: tuple[str, Role] | None = None
    labels = _without_foot(labels)
    step = _step(text, paragraphs, labels)
    behind_labels = _numbered_labels(paragraphs, labels)
    below_others = _below_others(paragraphs, labels)
    for number, (paragraph, found) in enumerate(zip(paragraphs, labels, strict=True)):
        body = paragraph.text
        if found:
            before = body[: found[0][2]].strip()
            counted = _COUNT.fullmatch(before) if before else None
            if counted:
                record = Record(section, paragraph)
                records.append(record)
                at = locate(text, paragraph, counted.group(1))
                record.put(SEQ, Role.SEQ, counted.group(1), *at)
            elif before and not (ordinal_of(before) and not strip_ordinal(before).strip(":：") and len(before) < 6):
                record = Record(section, paragraph)
                records.append(record)
                put_target(record, text, paragraph, body[: found[0][2]])
            for place, (label, role, _, begin) in enumerate(found):
                stop = found[place + 1][2] if place + 1 < len(found) else len(body)
                if record is None or record.tells(label, role):
                    named = any(other in TASK or other is Role.PROBLEM for _, other, _, _ in found)
                    part = record is not None and not named and record.has_parts(role)
                    record = Record(section, paragraph, record.whole if record is not None and part else None)
                    records.append(record)
                value = body[begin:stop].strip()
                if value:
                    at = locate(text, paragraph, value)
                    record.put(label, role, value, *at)
                else:
                    record.roles[label] = role
                    record.cells.setdefault(label, Cell("", paragraph.end, paragraph.end))
                last = (label, role)
            used.add(id(paragraph))
            continue
        if NOTE.match(body):
            last = None  # what follows a record's status from here on is no part of it
            continue
        tagged = _TAGGED.fullmatch(body)
        if tagged or number in names:
            section = (
                Cell(tagged[1], paragraph.start + 1, paragraph.end - 1)
                if tagged
                else Cell(body, paragraph.start, paragraph.end)
            )
            used.add(id(paragraph))
            record, last = None, None
            continue
        upcoming = labels[number + 1] if number + 1 < len(labels) else []
        below = upcoming[0][0] if upcoming else None
        if record is not None and last is not None and _goes_on(record, last, body, behind_labels, below):
            record.put(*last, body, paragraph.start, paragraph.end)
            used.add(id(paragraph))
            continue
        if not upcoming and (paragraph.bold or paragraph.level is not None) and _HEADING.fullmatch(body):
            record, last = None, None  # the next chapter: what it says is no part of the record above
            continue
        later = labels[number + 2] if number + 2 < len(labels) else []
        numbered = NUMBER.match(body) is not None and ordinal_of(body) is not None and not behind_labels
        starts = bool(upcoming) and (
            upcoming[0][1] not in TASK
            and upcoming[0][1] not in (Role.SEQ, Role.CATEGORY)
            and (record is None or upcoming[0][0] in record.cells)
            and upcoming[0][0] in below_others
        )
        if starts or (numbered and (upcoming or later)):
            record = Record(section, paragraph)
            records.append(record)
            put_target(record, text, paragraph, body)
            used.add(id(paragraph))
            last = None
        elif ordinal_of(body) and len(body) <= 40 and not body.endswith("。"):
            section = Cell(body, paragraph.start, paragraph.end)
            used.add(id(paragraph))
            record, last = None, None
        elif (
            record is not None
            and last is not None
            and last[1] is Role.STATUS
            and (any(labels[number + 1 :]) or body.endswith(("。", ";", "；")))
            and (any(labels[number + 1 :]) or text.count("\n", paragraphs[number - 1].end, paragraph.start) <= step)
        ):
            record.put(last[0], last[1], body, paragraph.start, paragraph.end)
            used.add(id(paragraph))
    share(records)
    take_bodies(records, text)
    # What is to be put right is the task where nothing else is.
    problems = [r for r in records if r.has(Role.PROBLEM)]
    task = TASK if any(r.has(*TASK) for r in problems) else (*TASK, Role.PROBLEM)
    complete = [r for r in records if r.has(Role.STATUS, Role.PROGRESS) and r.has(*task)]
    if len(complete) * 3 < len(records) * 2:
        return [], set()
    return records, used


def _numbered_labels(paragraphs: Sequence[Paragraph], labels: Sequence[Sequence[_Label]]) -> bool:
    """Whether the records are numbered before their labels (1.任务：…): a number before other text is no record's."""
    opened = [p.text[: found[0][2]].strip() for p, found in zip(paragraphs, labels, strict=True) if found]
    counted = [_COUNT.fullmatch(before) is not None for before in opened if before]
    return len(counted) > 1 and all(counted)


def _below_others(paragraphs: Sequence[Paragraph], labels: Sequence[Sequence[_Label]]) -> set[str]:
    """The labels that stand below paragraphs without labels at least half the time: below the name of a task."""
    stands = Counter(found[0][0] for found in labels if found)
    below: Counter[str] = Counter()
    plain: Counter[str] = Counter()  # where that may not as well be the name of a section
    for number, found in enumerate(labels):
        if found and not (number and labels[number - 1]):
            below[found[0][0]] += 1
            plain[found[0][0]] += number == 0 or not _OF_A_SECTION.match(paragraphs[number - 1].text)
    return {label for label, n in stands.items() if plain[label] * 2 >= n or below[label] * 10 >= n * 9}


def _bare_names(
    paragraphs: Sequence[Paragraph], labels: Sequence[Sequence[_Label]]
) -> tuple[set[int], tuple[str, ...]]:
    """The paragraphs that name a section though nothing counts them, and those that may: short ones above the label
    with which the records begin. Certain where there are several, and sentences are over above them."""
    below = _below_others(paragraphs, labels)
    opens = [bool(f) and (f[0][1] in TASK or (f[0][1] is Role.PROBLEM and f[0][0] not in below)) for f in labels]
    first = next((number for number, found in enumerate(opens) if found), len(opens))
    found = [
        number
        for number in range(max(first - 1, 0), len(opens) - 1)
        if opens[number + 1] and not labels[number] and _BARE_NAME.fullmatch(paragraphs[number].text)
    ]
    inside = [number for number in found if number > first]
    over = [n for n in inside if paragraphs[n - 1].text[-1:] in "。；;！!" or (labels[n - 1] and _over(labels[n - 1]))]
    if len(over) * 2 > len(inside) and len(found) > 1:
        return set(found), ()
    return set(), tuple(paragraphs[number].text for number in inside)


def _over(found: Sequence[_Label]) -> bool:
    """Whether the last label of a paragraph is none of prose: its text does not go on."""
    return found[-1][1] not in _PROSE


def _without_foot(labels: Sequence[Sequence[_Label]]) -> Sequence[Sequence[_Label]]:
    """The labels but for the last where those tell who keeps the page (主办：… 承办：…): bodies, under names that no
    record has."""
    last = max(number for number, found in enumerate(labels) if found)
    counts = Counter(label for found in labels for label, _, _, _ in found)
    if all(role is Role.UNITS and counts[label] == 1 for label, role, _, _ in labels[last]):
        return [*labels[:last], [], *labels[last + 1 :]]
    return labels


def _step(text: str, paragraphs: Sequence[Paragraph], labels: Sequence[Sequence[_Label]]) -> int:
    """How many line feeds divide the paragraphs of a record as a rule."""
    feeds = (
        text.count("\n", a.end, b.start)
        for (a, _), (b, found) in pairwise(zip(paragraphs, labels, strict=True))
        if found
    )
    return Counter(feeds).most_common(1)[0][0]


def _goes_on(record: Record, last: tuple[str, Role], body: str, behind_labels: bool, below: str | None) -> bool:
    """Whether a paragraph without labels is the next item of a list in the cell above, and not the next record: none
    of those is numbered, all are before their labels, or another number would be its. `below`: the label that follows,
    of the same record where that has none yet."""
    above = record.cells[last[0]].text
    listed = ordinal_of(body) is not None and above.endswith(("：", ":"))
    free = behind_labels or SEQ not in record.cells
    if not free and (number := NUMBER.match(body)) is not None:
        seq = record.cells[SEQ].text
        lacks = below is not None and below not in record.cells
        inner = body.lstrip()[:1] in _BRACKETS and record.first.text.lstrip()[:1] not in _BRACKETS  # 1. … (2)
        free = seq.isdecimal() and (int(number[1]) != int(seq) + 1 or lacks or inner)
    return last[1] in _PROSE and free and (listed or goes_on_counting(above, body))
