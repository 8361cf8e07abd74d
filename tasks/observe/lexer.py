"""Folded text to tokens: quantities, ranks, period phrases, punctuation; what only looks like a number is eaten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from tasks.numerals import parse_numeral
from tasks.observe.figures import ACRONYM, AFTER, CN, PLAIN, Number, arabic, chinese, plain, rank
from tasks.observe.phrases import DAYS, PERIOD
from tasks.observe.units import unit_at


class Mark(NamedTuple):
    """A period phrase, or what only looks like a figure and breaks a list of them (`dates` is False)."""

    start: int
    end: int
    text: str
    dates: bool = True


Token = Number | Mark | int  # an int is the place of a punctuation mark

# One character out of a set (which the engine finds fast), then what it may open, the frequent first. Groups 1-6: a
# plain quantity; 7: a punctuation mark; 8: a quoted name; none: to be looked at, with the rest of its digits.
_PLACES = '[0-9A-Za-z“《‘「"〔【\\[,;:()、第首前截至到预今本当去上明次全下年目一二两三四五六七八九十百千]'
_TOKEN = re.compile(
    rf"{_PLACES}(?:(?<=[0-9])(?:{PLAIN}|[0-9]*)|(?<=[,;:()、])()|(?<![A-Za-z“《‘「\"〔【\[])(?:"
    r"(?<=[今本当去上明次全])(?=年)|(?<=[上本])(?=周)|(?<=本)(?=月)|(?<=[上下])(?=半)|(?<=目)(?=前)|(?<=年)(?=[底末内初中])|"
    r"(?<=[一二两三四五六七八九十百千])(?=[一二两三四五六七八九十百千零余多万亿家名位场人户件宗亩座所次套辆台公元吨倍成平间幢栋处批个项条张"
    r"篇期例起株棵天工小届季年月至、分%])|"
    r"(?<=第)(?=[0-9一二两三四五六七八九十百千])|(?<=首)(?=[位季])|(?<=前)(?=[0-9一二两三四五六七八九十百千])|"
    r"(?<=[截至到预])(?=[至止今本当去上明次年计半前底末内初中0-9二])"
    r")|"
    rf"(?:(?<=“)(?!十)[^”“]{{0,60}}”|(?<=《)[^》]{{0,80}}》|(?<=[A-Za-z]){ACRONYM}|(?<=[A-Za-z])[0-9A-Za-z]*(?:[-/.&+][A-Za-z0-9]+)*)()|"
    r"(?<=[“《‘「\"〔【\[]))"
)
_QUOTE = re.compile(
    r"[“][^”“]{0,60}[”]|[《][^》]{0,80}[》]|[‘][^’]{0,40}[’]|[「][^」]{0,40}[」]|[\"][^\"\n]{0,40}[\"]"
    r"|[〔\[【][12][0-9]{3}[〕\]】][0-9]*号?"
)
_SPECIAL = frozenset("-/.:年月~—–至到、季学+×*xX周岁号强大级楼室千后班kKV期英")
_DATE = (
    r"[12][0-9]{3}[-./][0-9]{1,2}[-./][0-9]{1,2}|[12][0-9]{3}\.[0-9]{1,2}(?=-)|[0-9]{1,2}:[0-9]{2}"
    r"|[0-9]{1,4}年[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}月[0-9]{1,2}(?:[-~至—][0-9]{1,2})?日|"
    r"[12][0-9]{3}[-~—–至](?:20)?[0-9]{2}学年"
)
_LETTERS = re.compile(r"[A-Za-z]+[0-9A-Za-z]*(?:[-/.&+][A-Za-z0-9]+)*")
_CODE = (
    r"[0-9]+(?:[+×*xX][0-9A-Za-z\u4e00-\u9fff]{1,2})+(?:体系|模式|工程|集群|行动)?"
    r"|[0-9]{1,2}(?:[-~]|至)?[0-9]*周?岁(?:以下|以上|及以上|及以下)?|[0-9]+号线?|[0-9]+强|"
    r"[0-9]+大(?=[^\u0000-\u00ff])"
    r"|[0-9]+(?:周年|年级|级|楼|室|千伏|kV|KV|英寸|期项目|后|班(?=小学|幼儿园|初中|高中|制|规模))"
)
# Of days from to, a date, a period phrase and a code the first that begins with these digits; groups: a period.
_LOOKS_ALIKE = re.compile(rf"({DAYS})|(?:{_DATE})|({PERIOD})|(?:{_CODE})")
_PERIOD = re.compile(PERIOD)
_RANKS = re.compile(rf"第(?:[0-9]+|[{CN}]+)|首位|前(?:[0-9]+|[{CN}]+)(?:位|名)?")
_PERCENT = re.compile(rf"百分之[{CN}零点]+")
_NUMBER = re.compile(r"[0-9.][0-9,.]*")
_CN_RUN = re.compile(rf"[{CN}][{CN}零万]*")
_LIVED = re.compile(r"(?P<years>[0-9]{2}(?:\.[0-9]+)?)岁(?P<bound>以上|左右|以下)?")
_PERIOD_OPENERS = frozenset("截至到预二今本当去上明次一三四第首全前下年十目")
_IN_PERIOD = frozenset("至、季〇零")  # after 一 to 四: 一季度, 二〇二四年
_RANK_OPENERS = frozenset("第首前")
_CN_SET = frozenset(CN)
_QUOTE_OPENERS = frozenset('“《‘「"〔【[')
# Whether a sentence can hold a figure at all: most cannot, and are not read.
MAY_COUNT = re.compile(
    r"[0-9０-９两二三四五六七八九十百千第首前一](?:(?<=[0-9０-９])|"
    r"(?<=[两二三四五六七八九十百千])[家名位场人户件宗亩座所次套辆台公元吨倍成平间幢栋处批个项条张篇期例起株棵天工小届余多万亿]|"
    r"(?<=第)[一二三四五六七八九十]|(?<=首)位|(?<=前)[一二三四五六七八九十]|(?<=百)分之|(?<=[一百千])[倍成])"
)


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """The tokens of `text[start:end]` (folded) in order. Never raises; what is no token is skipped."""
    at = start
    while True:
        for found in _TOKEN.finditer(text, at, end):
            here = found.start()
            if here < at:
                if found.end() <= at:
                    continue
                break  # it reaches out of what has been read: looked at again from there
            group = found.lastindex
            if group == 7:
                if here == at or text[here] != "、":  # 、 matters only right after a figure
                    yield here
                at = here + 1
            elif group is None:
                token = _other(text, here, found.end(), start, end)
                if isinstance(token, int):
                    at = token
                elif isinstance(token, list):
                    yield from token
                    at = token[-1].end
                else:
                    yield token
                    at = token.end
            else:
                at = found.end()
                if group != 8:
                    yield plain(text, found)
        else:
            return


def _other(text: str, here: int, stop: int, start: int, end: int) -> list[Number] | Number | Mark | int:
    """What the character at `here` opens; an int is where to go on where it opens no token. Digits end at `stop`."""
    char = text[here]
    if char.isascii() and char not in '"[':
        if char.isalpha():
            return _LETTERS.match(text, here, end).end()  # type: ignore[union-attr]
        if text[stop : stop + 1] in _SPECIAL:
            found = _LOOKS_ALIKE.match(text, here, end)
            if found and not ("岁" in found[0] and text.find("寿命", max(start, here - 8), here) >= 0):
                return Mark(here, found.end(), found[0], found.lastindex is not None)
        lived = _LIVED.match(text, here, end) if text.find("岁", stop, stop + 4) >= 0 else None
        if lived and text.find("寿命", max(start, here - 8), here) >= 0:
            bound = lived["bound"] or ""
            return Number(here, lived.end(), Decimal(lived["years"]), None, "", "岁", "amount", after=bound)
        listed = arabic(text, here, end)
        if listed is None:
            return _NUMBER.match(text, here, end).end()  # type: ignore[union-attr]
        last = listed[-1]
        if last.sort == "none":
            letter = text[last.end : last.end + 1]
            if letter.isascii() and letter.isalpha():
                return last.end + 1  # 5G, 415X: a name
        return listed
    if char in _QUOTE_OPENERS:
        found = _PERIOD.match(text, here, end) if text.startswith("十", here + 1) else None
        if found:
            return Mark(here, found.end(), found[0])
        found = _QUOTE.match(text, here)
        return found.end() if found else here + 1
    token = _word(text, here, char, start, end)
    if token is not None:
        return token
    return _CN_RUN.match(text, here, end).end() if char in _CN_SET else here + 1  # type: ignore[union-attr]


def _word(text: str, here: int, char: str, start: int, end: int) -> Number | Mark | None:
    """A period phrase, a rank, a percentage or a count in Chinese characters."""
    if char == "前" and here and text[here - 1] in "提以之此目生":
        return None
    after = text[here + 1 : here + 2]
    if char in _PERIOD_OPENERS and (char not in "一二三四" or after in _IN_PERIOD):
        found = _PERIOD.match(text, here, end)
        if found:
            return Mark(here, found.end(), found[0])
    if char in _RANK_OPENERS:
        found = _RANKS.match(text, here, end)
        if found is None:
            return None
        ranked = rank(text, here, found.end(), end)
        if ranked is not None:
            return ranked
        unit = unit_at(text, found.end())
        return Mark(here, found.end() + len(unit or ""), found[0], False)
    if char == "百":
        found = _PERCENT.match(text, here, end)
        value = parse_numeral(found[0]) if found else None
        if found and value is not None:
            bound = AFTER.match(text, found.end(), end)
            stop = bound.end() if bound else found.end()
            word = bound[0] if bound else ""
            return Number(here, stop, value, None, "", "%", "share", after=word)
    if char in _CN_SET:
        found = _CN_RUN.match(text, here, end)
        if found:
            return chinese(text, here, found.end(), end, start)
    return None
