"""Lists that imitate an outline: the table of contents before it, enumerations inside a sentence, notes and names of
attachments below it.

Each is told by what only it does. Entries of contents come again as headings below, and hold no text of their own;
an enumeration lives inside one sentence; notes and attachments are introduced by their label, and go on counting.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from tasks.read.prose.headlines import heading_text
from tasks.read.prose.marks import AMOUNT, Mark
from tasks.text import fold

_PAGE_NUMBER = re.compile(r"(?:[\s.．…·•\-－—_]+[(（]?\d{1,3}[)）]?|[.．…·•]{2,}\s*\d{0,3})\s*$")
_LEADERS = re.compile(r"[.．…·•]{3,}\s*\d{0,3}")  # dots to a page number
_NAMED = re.compile(r"目\s*[录錄次]|(?:内容|本文)?(?:提要|导读|目录)[:：]?")
_FIRST_TRIES = 6  # places at which a list of contents may begin, among the marks
_REST = 14  # characters, a page number and its dots included, that may part two entries beside their words
_LABEL = re.compile(
    r"\s*[（(【]?(?P<label>附\s*[件表图]|注释|[附备]?\s*注|说明|附注|指标解释|名词解释|名词注释|名词说明|有关名词解释|(?:资料|数据)来源)\s*\d{0,2}\s*"
    r"(?P<colon>[)）】]?\s*[:：])?(?P<alone>[)）】]?\s*$)?"
)
_NOTES = re.compile(r"[附备]?\s*注")
_NOTED = frozenset({"ar", "arp", "circ", "ring"})
_GLOSSARY = re.compile(r"名词|解释|注释")
_LAST_WORDS = re.compile(
    r"\s*(?:[（(]?此件.{0,14}(?:公开|发布|印发)|[（(]?联系(?:人|电话|单位|方式)\s*[:：]|抄\s*[送报]\s*[:：]|(?:[报分主发呈]\s?送|[报送发呈])\s*[:：].{0,80}$|主题词\s*[:：]|"
    r"[^。]{2,30}20\d\d年\d{1,2}月\d{1,2}日\s*印发)"
)
_SHORT = 90
_HEADING_KINDS = frozenset({"cnp", "ar", "be", "di"})
_ENUMERATES = _HEADING_KINDS | {"arp", "circ", "ring"}
_DATA = frozenset({"ar", "arp", "circ", "ring"})
_ABOVE = frozenset({"book", "sec", "cn", "cnp", "head", "part", "tag", "lead"})
_FIRST_CLAUSE = re.compile(r"[ \t\u3000]*(?P<words>[^\s，,。；;：:！!？?]{4,60})(?=[，,])")
_INTRODUCE, _GO_ON = "：:", "；;，,、"
_ITEM_ENDS, _LINE_ENDS = "；;，,、", "；;"


def entries_of_contents(text: str, marks: Sequence[Mark]) -> set[int]:
    """Places in `marks` that are entries of a table of contents.

    All marks from the first whose words come again, up to where they do, if most of them come again in the same
    order, and little more than page numbers stands between them.
    """
    for begin in range(min(_FIRST_TRIES, len(marks))):
        words = [_words(text, marks, at) for at in range(begin, len(marks))]
        again = next((at for at in range(begin + 1, len(marks)) if _same(marks, words, begin, at)), None)
        if again is None or again - begin < 2 or not _bare(text, marks[begin:again]):
            continue
        found, target = 0, again
        for entry in range(begin, again):
            met = next((at for at in range(target, len(marks)) if _same(marks, words, begin, at, entry)), None)
            if met is not None:
                found, target = found + 1, met + 1
        if found * 3 >= (again - begin) * 2:
            return {*range(begin, again), *_named_before(text, marks, begin)}
    return set()


def _words(text: str, marks: Sequence[Mark], at: int) -> str:
    mark = marks[at]
    line_end = text.find("\n", mark.start)
    limit = min(
        marks[at + 1].start if at + 1 < len(marks) else len(text),
        line_end if line_end >= 0 else len(text),
        mark.start + 120,
    )
    whole = mark.kind in {"head", "lead"}
    return fold(_PAGE_NUMBER.sub("", heading_text(text, mark, limit, whole=whole)))


def _same(marks: Sequence[Mark], words: Sequence[str], begin: int, at: int, entry: int | None = None) -> bool:
    """Whether the mark at `at` is the heading that the entry (the first, if not given) announces."""
    place = begin if entry is None else entry
    one, other = marks[place], marks[at]
    said, printed = words[place - begin], words[at - begin]
    if at == place or (one.kind, one.number) != (other.kind, other.number):
        return False
    return len(said) >= 3 and len(printed) >= 3 and (printed.startswith(said) or said.startswith(printed))


def _bare(text: str, entries: Sequence[Mark]) -> bool:
    """Whether the entries but the last stand one behind the other, without text of their own."""
    for mark, following in pairwise(entries):
        between = _LEADERS.sub(" ", text[mark.after : following.start])
        if re.search(r"[。；;！!？?]", between) or len("".join(between.split())) > 60 + _REST:
            return False
    last = text[entries[-1].after : entries[-1].after + 70].split("\n", maxsplit=1)[0]
    return "。" not in last or re.search(r"\s", last.split("。")[0].strip()) is not None


def _named_before(text: str, marks: Sequence[Mark], begin: int) -> set[int]:
    """The heading 目录 itself, where it was taken for a section."""
    if not begin:
        return set()
    shown = text[marks[begin - 1].start : marks[begin].start].strip()
    return {begin - 1} if _NAMED.fullmatch(shown) else set()


def in_a_sentence(text: str, marks: Sequence[Mark]) -> set[int]:
    """Places in `marks` of enumerations that live inside one sentence: 其中：（一）…；（二）…；（三）…。

    Told by items that end in semicolons or commas and hold no sentence, all on one line or with a line each; of
    ordinals that open sections elsewhere (1. 一是), by a colon or a comma before the first as well.
    """
    found: set[int] = set()
    for at, first in enumerate(marks):
        if first.number != 1 or first.kind not in _ENUMERATES:
            continue
        before = text[: first.start].rstrip()[-1:]
        for lined in (False, True) if first.where == "line" else (False,):
            if first.kind in _HEADING_KINDS and before not in (_INTRODUCE if lined else _INTRODUCE + _GO_ON):
                continue
            run = _run(text, marks, at, lined=lined)
            if len(run) > 1 and not (lined and _goes_on_below(text, marks, run[-1])):
                found.update(run)
    return found


def data_in_items(text: str, marks: Sequence[Mark]) -> set[int]:
    """Places in `marks` of lists below a heading whose items tell figures: 1．税收收入完成5.96亿元，下降2.4%，…

    Told by the first clause: in most items it states an amount, and in all it goes on after a comma. A heading with a
    figure in it ends with its sentence or its line.
    """
    found: set[int] = set()
    for at, first in enumerate(marks):
        if first.number != 1 or first.kind not in _DATA or not any(one.kind not in _DATA for one in marks[:at]):
            continue
        run = [at]
        for place in range(at + 1, len(marks)):
            mark = marks[place]
            if mark.kind in _ABOVE:
                break
            if mark.kind == first.kind:
                if mark.number != len(run) + 1:
                    break
                run.append(place)
        clauses = [_first_clause(text, marks, place) for place in run]
        told = [clause for clause in clauses if clause is not None and AMOUNT.search(clause)]
        if len(run) > 1 and None not in clauses and len(told) * 2 > len(run):
            found.update(run)
    return found


def _first_clause(text: str, marks: Sequence[Mark], at: int) -> str | None:
    """The words of an item up to its first comma; None where a heading ends before it."""
    mark = marks[at]
    clause = _FIRST_CLAUSE.match(text, mark.after)
    if clause is None:
        return None
    limit = marks[at + 1].start if at + 1 < len(marks) else len(text)
    heading = heading_text(text, mark, min(limit, mark.after + 200), whole=False)
    return clause["words"] if clause["words"] in heading else None


def _run(text: str, marks: Sequence[Mark], at: int, *, lined: bool) -> list[int]:
    """The items of one sentence from the mark at `at` on; [] where one of them is a sentence or several.

    `lined`: each on a line of its own.
    """
    first, run = marks[at], [at]
    for place in range(at + 1, len(marks)):
        mark, last = marks[place], marks[run[-1]]
        if mark.kind != first.kind or mark.number != len(run) + 1:
            if mark.line == last.line and (lined or mark.kind != first.kind):
                continue
            break
        if (mark.line != last.line) != lined or (mark.where == "line") != lined:
            break
        item = text[last.after : mark.start].rstrip()
        if "。" in item or item[-1:] not in (_LINE_ENDS if lined else _ITEM_ENDS):
            return []  # …；二是…。三是… are sentences
        run.append(place)
    return run


def _goes_on_below(text: str, marks: Sequence[Mark], last: int) -> bool:
    """Whether the last of several lines holds more than one sentence: then it has a text of its own."""
    line = text[marks[last].after :].split("\n", 1)[0].rstrip()
    return "。" in line[:-1]


def notes_in(text: str, lines: Sequence[tuple[int, int]], marks: Sequence[Mark]) -> set[int]:
    """Lines that are notes, names of attachments, a glossary or last words: what opens there is no section.

    `lines` are spans. 注: and 附件: hold their line and those that go on counting; 名词解释 alone on a line holds what
    follows, as long as nothing counts from 一 there.
    """
    opening = {mark.line: mark for mark in reversed(marks) if mark.where == "line"}
    inside: dict[int, list[Mark]] = {}
    for mark in marks:
        inside.setdefault(mark.line, []).append(mark)
    found: set[int] = set()
    number = 0
    while number < len(lines):
        shown = text[slice(*lines[number])]
        label = _LABEL.match(shown)
        if label is None or (label["colon"] is None and label["alone"] is None):
            if _LAST_WORDS.match(shown) and len(shown) <= _SHORT * 2:
                found.add(number)
            number += 1
            continue
        glossary = _GLOSSARY.search(label["label"]) is not None
        if not glossary and label["alone"] is not None and label["colon"] is None:
            below = opening.get(number + 1)
            notes = (
                _NOTES.fullmatch(label["label"]) and below is not None and below.kind in _NOTED and below.number == 1
            )
            if not notes:
                number += 1
                continue
        found.add(number)
        held = [mark for mark in inside.get(number, []) if mark.kind not in {"part", "tag", "lead", "head"}]
        kind, count = (held[-1].kind, held[-1].number) if held else (None, 0)
        number += 1
        while number < len(lines):
            first = opening.get(number)
            if glossary and (first is None or first.kind not in {"cn", "book", "head"}):
                found.add(number)
            elif (
                first is not None
                and first.number == count + 1
                and first.kind == (kind or first.kind)
                and _counts(first)
            ):
                kind, count = first.kind, first.number
                found.add(number)
            else:
                break
            number += 1
    return found


def _counts(mark: Mark) -> bool:
    return mark.kind in {"ar", "arp", "circ", "ring"}
