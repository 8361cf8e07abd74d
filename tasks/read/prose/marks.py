"""The ordinals and lead lines that open sections: 一、 (一) 1. (1) ① 一是 第一部分, and 关于…:"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.numerals import parse_numeral

_CN = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_RING = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽"
MARK = re.compile(
    rf"""
    (?=[第(（〔{_CN}0-9０-９{_CIRCLED}{_RING}]) (?:
    第\s?(?P<book>[{_CN}]{{1,3}})\s?(?:部分|章|篇)\s?[、.．:：]?
  | 第\s?(?P<sec>[{_CN}]{{1,3}})\s?节(?=[\s、.．:：\u4e00-\u9fff])\s?[、.．:：]?
  | [(（〔]\s?(?P<cnp>[{_CN}]{{1,3}})\s?[)）〕][、.．]?
  | (?P<cn>[{_CN}]{{1,3}})\s?[、．.](?!、)
  | (?P<be>[{_CN}]{{1,2}})(?P<verb>是|要)(?![否非不])
  | 第(?P<di>[{_CN}])\s?[,，、:：]
  | [(（]\s?(?P<arp>[0-9０-９]{{1,2}})\s?[)）][、.．]?
  | (?<![\d.．０-９A-Za-z(（〔第号-])(?P<ar>[0-9０-９]{{1,2}})\s?(?:[、．]|[.](?!\s?\d)|[.](?=\s?(?:19|20)\d\d年)|[)）])
  | (?P<circ>[{_CIRCLED}]) | (?P<ring>[{_RING}])
    )
    """,
    re.VERBOSE,
)
# Which kind can stand above which where the document itself gives no example; kinds of one rank nest either way.
RANK = {"book": 0, "sec": 1, "cn": 2, "cnp": 3, "ar": 4, "dec": 5, "arp": 6, "circ": 6, "ring": 6, "di": 6, "be": 6}
_SENTENCE_END = "。;；:：!！?？"
_CLOSERS = "”\"'’」』)）》"
_LEAD = re.compile(
    r"(?:^|(?<=[。；;:：！!\s]))[ \t]*(?P<lead>[^\s。；;:：！!？?，,、|][^。；;:：！!？?，,|\n]{1,28}?)"
    r"(?:[ \t]*(?P<colon>[:：])(?P<gap>\s*)|(?P<blank>\s+))",
)
_INTRODUCES = re.compile(
    r"(?:如下|以下.{0,6}|方面|主要[是有为]|分别[是为]|包括|步走|例如|比如|其中|具体[是为]?|单位|电话|时间|地点)$"
)
_INTENDS = re.compile(r"季度[^，,。；;]{0,4}(?:还?将|拟|预计|继续|重点抓好)")  # 三、四季度还将…: a sentence
_QUARTERS_WORK = re.compile(
    r"季度(?:重点|主要|各项)?(?:工作|任务|经济)[^，,。；;]{0,3}(?:进展|情况|完成|成效|安排|打算|计划|思路)"
)
AMOUNT = re.compile(r"\d\s*(?:[%‰万亿千百]|[元个家项件户人处亩次套座条公吨])")
# What is quoted opens no section: 落实“一、总体要求”; brackets of titles count, too.
_QUOTED = re.compile(r"“[^“”\n]{1,200}”|‘[^‘’\n]{1,200}’|《[^《》\n]{1,200}》|「[^「」\n]{1,200}」")
DECIMAL = re.compile(r"\s*(?P<mark>\d{1,2}\.(?P<number>\d{1,2}))(?:[ \t\u3000]+|[、．.]\s*)(?=[\u4e00-\u9fff“])")
BRACKETED = re.compile(r"\s*(?P<title>【[^【】\n]{2,20}】)")
_ABOUT = re.compile(r"关于.{2,26}$")


@dataclass(frozen=True, slots=True)
class Mark:
    """One place where a section may open. `where`: line (at a line's start), sentence, space or glued.

    `kind` is one of RANK, `part` (a lead line), `tag` (【…】 at a line's start, or a question, up to `after`), `head`
    (a heading by markup or by standing alone) or `lead` (bold words that open a paragraph, up to `after`).
    """

    kind: str
    number: int
    start: int
    after: int
    line: int
    where: str
    heading_level: int | None = None


def _ordinal(kind: str, text: str) -> int:
    if kind == "circ":
        return _CIRCLED.index(text) + 1
    if kind == "ring":
        return _RING.index(text) + 1
    value = parse_numeral(text)
    return int(value) if value is not None else 0


def marks_in(text: str, start: int, end: int, line: int) -> Iterator[Mark]:
    """The candidate marks of one line, `text[start:end]`; whether each opens a section is for the outline to say."""
    quoted = [(q.start(), q.end()) for q in _QUOTED.finditer(text, start, end)]
    for found in MARK.finditer(text, start, end):
        if any(begin < found.start() < stop for begin, stop in quoted):
            continue
        kind = next(name for name, value in found.groupdict().items() if value and name != "verb")
        number = _ordinal(kind, found[kind])
        where = _where(text, start, found.start())
        following = text[found.end() : min(found.end() + 16, end)]
        if (kind == "ar" and _counts_on(number, following)) or (kind == "cn" and _enumerates(number, following, where)):
            continue
        yield Mark(kind, number, found.start(), found.end(), line, where)


def _counts_on(number: int, following: str) -> bool:
    """Whether `1、` is the first of several figures (1、2号楼; 3、4月), not an ordinal (1、2024年; 4、30个项目)."""
    figure = re.match(r"\s?(\d+)(?=[月号季日楼幢栋期级类批、,，])", following)
    return figure is not None and 0 < int(figure[1]) - number <= 3


def _enumerates(number: int, following: str, where: str) -> bool:
    """Whether `一、` is the first of several numerals (一、二产业; 三、四季度), not an ordinal (一、一季度工作).

    Who counts goes on to a higher number near by. A line may still open with one: 二、三季度工作打算, 一、三大攻坚战.
    """
    figure = re.match(rf"[{_CN}]{{1,3}}", following)
    if figure is None:
        return False
    value = parse_numeral(figure[0])
    if value is None or not 0 < value - number <= 3:
        return False
    rest = following[figure.end() :]
    if where == "sentence":
        return _QUARTERS_WORK.match(rest) is None
    return where != "line" or re.match(r"季度|年(?!级)|[大项个是]", rest) is None or _INTENDS.match(rest) is not None


def _where(text: str, start: int, at: int) -> str:
    """How a mark at `at` is set off from what stands before it in its line, which begins at `start`."""
    bare = at
    while bare > start and (text[bare - 1].isspace() or text[bare - 1] in "*#"):  # markdown's signs are no words
        bare -= 1
    if bare == start:
        return "line"
    if text[bare - 1] in _SENTENCE_END or (text[bare - 1] in _CLOSERS and text[bare - 2] in _SENTENCE_END):
        return "sentence"
    return "space" if bare < at else "glued"


def _heads_its_line(text: str, at: int) -> bool:
    return not text[text.rfind("\n", 0, at) + 1 : at].strip()


def leads_in(text: str, start: int, end: int, line: int) -> Iterator[Mark]:
    """Lead lines without an ordinal: `关于…:` and short phrases, set off by white space, right before a first mark."""
    at = start
    while at < end:
        found = _LEAD.search(text, at, len(text))
        if found is None or found.start("lead") >= end:
            return
        at = max(found.end("lead"), found.start() + 1)
        lead = found["lead"].rstrip()
        if MARK.match(lead) or len(lead) < 4 or _INTRODUCES.search(lead) or AMOUNT.search(lead):
            continue
        following = MARK.match(text, found.end())
        first = None
        if following is not None:
            kind = next(name for name, value in following.groupdict().items() if value and name != "verb")
            if _ordinal(kind, following[kind]) == 1:
                first = kind
        if not found["colon"] and text[found.start("lead") - 1 : found.start("lead")] == " ":
            # Between two blanks a phrase is a line of its own only if a sentence ends before it.
            told = text[max(0, found.start("lead") - 40) : found.start("lead")].rstrip()
            if told and told[-1] not in _SENTENCE_END + _CLOSERS + "\n":
                continue
        if found["colon"] and "\n" in (found["gap"] or "") and not _heads_its_line(text, found.start("lead")):
            continue  # the end of a paragraph introduces the lines below it: …达到62.8%。主要做法：
        opens = first is not None and first not in {"cn", "book"} and (found["gap"] or found["blank"])
        if opens or (found["colon"] and _ABOUT.match(lead)):
            yield Mark("part", 0, found.start("lead"), found.start("lead"), line, "line")
