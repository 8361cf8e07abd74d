"""The words of a heading: where it ends when it stands in a line, a sentence, or a text whose breaks were lost."""

from __future__ import annotations

import re

from tasks.read.prose.marks import Mark
from tasks.text import clean_cell

TITLE_MAX = 60
_LEAST_CLAUSE = 4  # characters, the ordinal included
_CLAUSE_MAX = 34
_ITEMS = re.compile(r"[①⑴](?![^①②⑴⑵。]{0,12}[)）”])")  # the first of items that the heading ran into
_OPEN, _CLOSE = "“‘《〈（(「『[【", "”’》〉）)」』]】"
_ASKS = ("？", "?")  # a question without its mark is another
HEADING_END = re.compile(
    r"(?:情况|成效|问题|困难|不足|思路|打算|计划|安排|措施|目标|任务|建议|重点|亮点|特点|做法|经验|工作|行动|工程|进展|总结|回顾|成果|举措|方向)$"
)
_OPENER = re.compile(
    r"(?P<strong>20\d\d年|\d{1,2}(?:[-—~至到]\d{1,2})?月|今年|去年|明年|[上下]半年|前三季度|[一二三四]季度|我[局区市县镇委办院]|全[区市县省镇局]|截至)|"
    r"一是|按照|围绕|根据|为(?:了|深入|进一步)?|在|以|坚持|近年来|主要|存在"
)


def heading_text(text: str, mark: Mark, limit: int, *, whole: bool) -> str:
    """The heading's own words, ordinal included, as printed.

    Up to the sentence's end or colon; where a line break was lost, up to the white space, or to the word with which
    headings end and sentences begin after it; a long first sentence gives only its first clause.
    """
    printed = text[mark.start : limit].rstrip("* \t")
    if mark.kind == "tag":
        return clean_cell(text[mark.start : min(mark.after, limit)]).replace("\n", " ")
    if whole:
        return clean_cell(printed)
    skip = mark.after - mark.start
    items = _ITEMS.search(printed, skip + _LEAST_CLAUSE)
    if items is not None:
        printed = printed[: items.start()].rstrip()
    stop = _stop(printed, skip, "。！!？?；;：:")
    sentence = printed[: stop + (printed[stop : stop + 1] in _ASKS)].rstrip()
    cut = _blank(printed, skip, stop) if len(printed.strip()) > len(sentence) or len(sentence) > _CLAUSE_MAX else None
    if cut is None:
        cut = _glue(sentence, skip, weak=_stop(sentence, skip, "，,") < len(sentence))
    if cut is not None:
        sentence = printed[:cut]
    elif len(sentence) - skip > (_CLAUSE_MAX if mark.kind not in {"book", "cn", "cnp"} else TITLE_MAX):
        sentence = printed[: _stop(printed, skip, "，,。；;：:")]
    return clean_cell(sentence).replace("\n", "")


def without_what_it_tells(title: str, section: str) -> str:
    """The title, less the clauses behind the first where its sentence is all that the section says.

    促更新，8月底前完成6个小区改造。 has nothing below it: its first clause names what the others tell. A title that
    opens a text (稳增长，促发展。全年…) or stands on a line without a stop is whole.
    """
    shown = section.rstrip()
    if shown[-1:] not in "。；;" or "。" in shown[:-1] or "\n" in shown:
        return title
    comma = re.search(r"[，,]", title)
    if (
        comma is None
        or comma.start() < _LEAST_CLAUSE
        or (len(title) <= _CLAUSE_MAX and not re.search(r"\d", title[comma.end() :]))
    ):
        return title
    return title[: _stop(title, 2, "，,")]


def _stop(text: str, start: int, stops: str) -> int:
    """The first of `stops` outside quotes and brackets, at least two characters in; the end if there is none."""
    depth = 0
    for i in range(start, len(text)):
        char = text[i]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in stops and depth == 0 and i >= start + 2:
            return i
    return len(text)


def _blank(text: str, start: int, stop: int) -> int | None:
    """White space that stands for a lost line break: between ideographs, or behind a word that ends headings."""
    depth = 0
    for i in range(start, stop):
        char = text[i]
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char.isspace() and depth == 0 and i >= start + 3 and i + 1 < len(text):
            before, after = text[:i].rstrip(), text[i:].lstrip()
            if not after or len(before) - start < 3:
                continue
            begins = after[0] > "\u2e80" or after[0] in "“‘《" or _OPENER.match(after) is not None
            if HEADING_END.search(before) or (before[-1] > "\u2e80" and begins):
                return i
    return None


def _glue(sentence: str, start: int, *, weak: bool) -> int | None:
    """Where a heading without a stop runs into its first sentence: …工作思路2024年,我局…

    Words that also stand inside headings (在, 以, 围绕) count only if `weak`: the sentence has clauses.
    """
    for opener in _OPENER.finditer(sentence, start + 4):
        if opener.start() - start > 40:
            return None
        if not (weak or opener["strong"]):
            continue
        if HEADING_END.search(sentence[: opener.start()]) and "，" not in sentence[start : opener.start()]:
            return opener.start()
    return None
