"""Mastheads of serial bulletins: the paper's name, the number of the issue and who puts it out stand above the title.

    统计分析
    第4期（总第217期）
    云汀县统计局  2031年4月24日

Known by the line that numbers the issue: what stands above it is the paper's name, not the title of what it prints.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tasks.model import Span
from tasks.read.metadata.dates import parse_date
from tasks.read.page import Paragraph
from tasks.text import clean_cell, fold

_NUMBER = r"[\d〇○零一二三四五六七八九十百]{1,5}"
_ISSUE = re.compile(
    rf"[（(〔\[【]?(?:(?:19|20)\d\d年?度?)?[,，]?(?:总?第{_NUMBER}[期号](?:[（(]总?第?{_NUMBER}期?[)）]|[,，]?总第?{_NUMBER}期)?|"
    rf"[（(]?总第{_NUMBER}期[)）]?)[)）〕\]】]?(?P<rest>.{{0,40}})"
)
_ISSUER = re.compile(
    r"(?P<org>[一-鿿]{2,30}(?:局|委|办|院|厅|队|政府|中心|办公室|委员会|领导小组|指挥部|专班))(?:编印?|印发?|主办)?(?P<day>(?:19|20)\d\d[-年./]\d{1,2}[-月./]\d{1,2}日?)?"
)
_HIGHLIGHTS = re.compile(r"[【\[]?(?:本期|本刊)?(?:要目|目录|导读|提要|内容|看点|要点)[】\]]?[:：]?")
_ENTRY = re.compile(r"\s*[◎●○■□★☆▲△◆◇·•※>]")
_OPENING = 14  # lines among which the number stands
_ABOVE = 3  # lines of the paper's name
_BELOW = 3  # lines that say who puts it out, and when
_NAME = 16  # characters


@dataclass(frozen=True, slots=True)
class Masthead:
    """`names`: the paper's name, folded, line by line and whole; `issuer` where it is printed; `span` from the name
    to the date."""

    names: frozenset[str]
    issuer: str | None
    span: Span
    day: date | None = None


def masthead(lines: Sequence[Paragraph]) -> Masthead | None:
    """The masthead above the title, or None where no line near the top numbers an issue."""
    for place, line in enumerate(lines[:_OPENING]):
        if "期" not in line.text and "号" not in line.text:
            continue
        numbered = _ISSUE.fullmatch(_flat(line.text))
        if numbered is None or not (_is_rest(numbered["rest"])):
            continue
        begin = place
        while begin and place - begin < _ABOVE and _is_name(lines[begin - 1].text):
            begin -= 1
        names = [fold(above.text) for above in lines[begin:place]]
        issuer, stop = _org(numbered["rest"]), place + 1
        day = parse_date(numbered["rest"])
        for below in lines[stop : stop + _BELOW]:
            told = _ISSUER.fullmatch(_flat(below.text))
            if told is not None and (told["day"] or len(told["org"]) <= _NAME):
                issuer, day = issuer or told["org"], day or parse_date(told["day"] or "")
            elif _ISSUE.fullmatch(_flat(below.text)) is None and (
                len(below.text) > 20 or parse_date(below.text) is None
            ):
                break
            else:
                day = day or parse_date(below.text)
            stop += 1
        if stop < len(lines) and _HIGHLIGHTS.fullmatch(_flat(lines[stop].text)):
            stop += 1
            while stop < len(lines) and _ENTRY.match(lines[stop].text):
                stop += 1
        whole = frozenset([*names, "".join(names)] if names else [])
        return Masthead(whole, issuer, (lines[begin].start, lines[stop - 1].end), day)
    return None


def _flat(text: str) -> str:
    return "".join(text.split())


def _is_rest(text: str) -> bool:
    return not text or _ISSUER.fullmatch(text) is not None or parse_date(text) is not None


def _org(text: str) -> str | None:
    told = _ISSUER.fullmatch(text)
    return told["org"] if told else None


def _is_name(text: str) -> bool:
    flat = _flat(clean_cell(text))
    return 2 <= len(flat) <= _NAME and re.search(r"[。;；:：,，\d]", flat) is None
