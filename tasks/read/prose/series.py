"""Headings counted otherwise: PART 01, Ⅰ, 壹、, 一 and a blank, A., 甲、; and those that open with a sign.

One such line tells nothing: a series does, which counts from its first, or repeats its sign, before short phrases.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from tasks.model import Span
from tasks.read.prose.marks import Mark

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_CN = tuple("一二三四五六七八九十")
# Name of the series → how it opens a line, and what it counts by; the strong ones are believed beside other headings.
_STRONG = {
    "part": (r"(?:PART|Part|part)[ .]?0?(?P<no>\d{1,2})[\s.:：、]*", tuple(map(str, range(1, 16)))),
    "roman": (r"(?P<no>[Ⅰ-Ⅻ])[\s.．、]*", tuple("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ")),
    "letters": (r"(?P<no>[IVX]{1,4})(?:[.．、]\s?|[ \u3000]+)", _ROMAN),
    "official": (r"(?P<no>[壹贰叁肆伍陆柒捌玖拾])[、.．:：\s]\s?", tuple("壹贰叁肆伍陆柒捌玖拾")),
}
_WEAK = {
    "bare": (r"(?P<no>[一二三四五六七八九十])\s+", _CN),
    "latin": (r"(?P<no>[A-H])[.．、）)]\s?", tuple("ABCDEFGH")),
    "stems": (r"(?P<no>[甲乙丙丁戊己庚辛])、", tuple("甲乙丙丁戊己庚辛")),
    "zeros": (r"0(?P<no>[1-9])[\s.、]*", tuple("123456789")),
    "steps": (r"(?:步骤|阶段|举措|任务|方面)(?P<no>[一二三四五六七八九十])[:：、 \u3000]\s?", _CN),
}
# An ordinal of these on a line of its own, its words on the next; believed where a second one is.
ALONE_IN_SERIES = re.compile(
    r"\s*(?:(?:PART|Part|part)[ .]?\d{1,2}|[Ⅰ-Ⅻ]|[壹贰叁肆伍陆柒捌玖拾]|[一二三四五六七八九十]|0[1-9])\s*"
)
_SIGN = re.compile(r"(?P<sign>[◆◇■□●○★☆▲△➤►▶※❖✦]|——)[ \u3000]?")
_PHRASE = re.compile(r"[\u4e00-\u9fff“《\d][^。；;：:！!|\n]{1,39}(?<![，,、])")
_LEAST_WEAK, _LEAST_STRONG = 3, 2  # headings that make a series
_LEAST_TOLD = 20  # characters behind a phrase that opens a paragraph


def series(text: str, lines: Sequence[Span], *, strong: bool) -> dict[int, Mark]:
    """Line number → mark, for the lines that a series heads; `strong`: the ways that are never anything else."""
    found: dict[int, Mark] = {}
    for pattern, numbers in (_STRONG if strong else _WEAK).values():
        run = _run(text, lines, re.compile(r"\s*(?P<at>)" + pattern), numbers)
        if len(run) >= (_LEAST_STRONG if strong else _LEAST_WEAK):
            found.update(run)
    return found if found or strong else _signed(text, lines)


def _run(text: str, lines: Sequence[Span], pattern: re.Pattern[str], numbers: Sequence[str]) -> dict[int, Mark]:
    run: dict[int, Mark] = {}
    for place, (start, end) in enumerate(lines):
        opening = pattern.match(text, start, end)
        if opening is None:
            continue
        if len(run) == len(numbers) or opening["no"] != numbers[len(run)]:
            return {}
        stop = _heading(text, opening.end(), end, last=place + 1 == len(lines))
        if stop is None:
            return {}
        run[place] = Mark("tag", 0, opening.start("at"), stop, place, "line")
    return run


def _signed(text: str, lines: Sequence[Span]) -> dict[int, Mark]:
    """The lines that one sign opens, all of them before a phrase, and a text behind it or below."""
    opened = [(place, match) for place, span in enumerate(lines) if (match := _SIGN.match(text, *span))]
    found: dict[int, Mark] = {}
    for _, group in groupby(sorted(opened, key=lambda one: one[1]["sign"]), key=lambda one: one[1]["sign"]):
        run: dict[int, Mark] = {}
        for place, match in group:
            stop = _heading(text, match.end(), lines[place][1], last=place + 1 == len(lines))
            if stop is None:
                return {}
            run[place] = Mark("tag", 0, match.start(), stop, place, "line")
        places = [*run]
        told = all(run[place].after < lines[place][1] or place + 1 not in run for place in places)
        if len(run) >= _LEAST_WEAK and told:
            found.update(run)
    return found


def _heading(text: str, start: int, end: int, *, last: bool) -> int | None:
    """Where the phrase ends that heads a line: with the line, or before the stop behind which the line tells more."""
    phrase = _PHRASE.match(text, start, end)
    if phrase is None:
        return None
    rest = text[phrase.end() : end].strip()
    if not rest:
        return None if last else end
    return phrase.end() if rest[0] in "。：:" and len(rest) > _LEAST_TOLD else None
