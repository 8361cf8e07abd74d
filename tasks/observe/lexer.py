"""From text to tokens: quantities, ranks, period phrases, punctuation; what only looks like a number is eaten.

The lexer works on `Folded` text: letter width unified one to one and blanks inside Chinese text taken out, with a way
back to the offsets of the original.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tasks.numerals import parse_numeral
from tasks.observe.phrases import PERIOD
from tasks.observe.units import UNITS, unit_at

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WIDE |= {ord("－"): ord("-"), ord("−"): ord("-"), ord("–"): ord("-"), ord("○"): ord("〇"), ord("～"): ord("~")}
_WIDE |= {ord("．"): ord("."), ord("﹪"): ord("%"), ord("\t"): ord(" "), ord("\u3000"): ord(" "), ord("\xa0"): ord(" ")}
_NEEDS_WIDTH = re.compile("[！-～−–○﹪\t\u3000\xa0]")
# A blank stays only between two letters or digits: there it separates. A line feed inside a field is a wrapped line
# unless the line before it was closed or the next one opens an item.
_BLANKS = re.compile(r"(?<![A-Za-z0-9%.,]) +| +(?![A-Za-z0-9.])")
_WRAP = re.compile(r"(?<![。;:!?\n]) *\n *(?![0-9]{1,2}[、.)]|[(（一二三四五六七八九十]+[、)]|[①-⑳]|\n)")


@dataclass(frozen=True, slots=True)
class Folded:
    """Text as the grammar reads it. `origin(i)` is the offset in the original of character i."""

    text: str
    starts: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()

    def origin(self, at: int) -> int:
        """Offset in the original text of the folded text's character `at`."""
        if not self.starts:
            return at
        index = bisect_right(self.starts, at) - 1
        return at + (self.shifts[index] if index >= 0 else 0)


def fold_for_reading(text: str, *, wrapped: bool) -> Folded:
    """`wrapped`: line feeds may be wraps of a cell rather than paragraph ends."""
    if _NEEDS_WIDTH.search(text):
        text = text.translate(_WIDE)
    if wrapped and "\n" in text:
        text = _WRAP.sub(lambda found: " " * len(found[0]), text)
    if " " not in text:
        return Folded(text)
    pieces: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    at = kept = 0
    for found in _BLANKS.finditer(text):
        pieces.append(text[at : found.start()])
        kept += found.start() - at
        at = found.end()
        starts.append(kept)
        shifts.append(at - kept)
    pieces.append(text[at:])
    return Folded("".join(pieces), tuple(starts), tuple(shifts))


@dataclass(slots=True)
class Number:
    """A quantity or rank as it stands: `start`..`end` of the numeral with its unit and the bound word after it."""

    start: int
    end: int
    value: Decimal
    high: Decimal | None
    multiplier: str
    unit: str | None  # as written, multiplier included
    sort: str  # the unit's sort; "none" without a unit; "rank" for 第N
    approx: bool = False
    after: str = ""  # bound word after the unit
    unit_end: int = 0
    negative: bool = False
    chinese: bool = False
    chain: int = 0  # position in a chain with its unit at the end
    pair: int = 0  # 1 and 2 in a from-to pair


@dataclass(slots=True)
class Mark:
    """A token that is not a number: `kind` is period | punct | name; `text` what it says."""

    kind: str
    start: int
    end: int
    text: str


Token = Number | Mark

_CN = "一二两三四五六七八九十百千"
_MULT = r"万亿|千亿|百亿|亿|千万|百万|十万|万"
_NUM = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
# Only characters that can open a token are looked at; each has one small pattern to try.
_OPENERS = re.compile(
    r"[0-9A-Za-z“《‘「\"〔【\[,;:()、第首前]|[截至到预今本当去上明次全下年目](?=[至止今年计半前底末内初中0-9二])|"
    r"[一二两三四五六七八九十百千](?=[一二两三四五六七八九十百千零余多万亿家名场人户件宗亩座所次套辆台公元吨倍成平间幢栋处批个项条张"
    r"篇期例起株棵天工小届季年月至、分%])"
)
_QUOTE = re.compile(
    r"[“][^”“]{0,60}[”]|[《][^》]{0,80}[》]|[‘][^’]{0,40}[’]|[「][^」]{0,40}[」]|[\"][^\"\n]{0,40}[\"]"
    r"|[〔\[【][12][0-9]{3}[〕\]】][0-9]*号?"
)
_DIGITS = re.compile(r"[0-9]+")
_SPECIAL = frozenset("-/.:年月~—–至到、季学+×*xX周岁号强大级楼室千后班kKV期英")
_DATE = re.compile(
    r"[12][0-9]{3}[-./][0-9]{1,2}[-./][0-9]{1,2}|[12][0-9]{3}\.[0-9]{1,2}(?=-)|[0-9]{1,2}:[0-9]{2}"
    r"|[0-9]{1,4}年[0-9]{1,2}月[0-9]{1,2}日|[0-9]{1,2}月[0-9]{1,2}(?:[-~至—][0-9]{1,2})?日|"
    r"[12][0-9]{3}[-~—–至](?:20)?[0-9]{2}学年"
)
_PERIOD = re.compile(PERIOD)
_LETTERS = re.compile(r"[A-Za-z]+[0-9A-Za-z]*(?:[-/.&+][A-Za-z0-9]+)*")
_CODE = re.compile(
    r"[0-9]+(?:[+×*xX][0-9A-Za-z\u4e00-\u9fff]{1,2})+(?:体系|模式|工程|集群|行动)?"
    r"|[0-9]{1,2}(?:[-~]|至)?[0-9]*周?岁(?:以下|以上|及以上|及以下)?|[0-9]+号线?|[0-9]+强|"
    r"[0-9]+大(?=[^\u0000-\u00ff])"
    r"|[0-9]+(?:周年|年级|级|楼|室|千伏|kV|KV|英寸|期项目|后|班(?=小学|幼儿园|初中|高中|制|规模))"
)
_RANKS = re.compile(rf"第(?:[0-9]+|[{_CN}]+)|首位|前(?:[0-9]+|[{_CN}]+)(?:位|名)?")
_PERCENT = re.compile(rf"百分之[{_CN}零点]+")
_NUMBER = re.compile(r"[0-9.][0-9,.]*")
_CN_RUN = re.compile(rf"[{_CN}][{_CN}零万]*")
_PUNCT = frozenset(",;:()、")
_PERIOD_OPENERS = frozenset("截至到预二今本当去上明次一三四第首全前下年十目")
_RANK_OPENERS = frozenset("第首前")
_CN_SET = frozenset(_CN)
_QUOTE_OPENERS = frozenset('“《‘「"〔【[')
# Whether a sentence can hold a figure at all: most cannot, and are not read.
MAY_COUNT = re.compile(
    r"[0-9０-９]|"
    r"[两二三四五六七八九十百千][家名场人户件宗亩座所次套辆台公元吨倍成平间幢栋处批个项条张篇期例起株棵天工小届余多万]|"
    r"第[一二三四五六七八九十]|首位|前[一二三四五六七八九十]|百分之|[一百千][倍成]"
)
_NUMERAL = re.compile(
    rf"(?P<num>{_NUM})(?P<few>[余多几])?(?P<mult>{_MULT})?(?P<few2>[余多几])?"
    rf"(?:(?P<mid>%|‰)?(?:-|~|—|–|至|到)(?P<num2>{_NUM})(?P<few3>[余多])?(?P<mult2>{_MULT})?(?P<few4>[余多])?)?"
)
_CHAIN = re.compile(rf"-?{_NUM}(?:(?:、|和|与|及)-?{_NUM}){{1,40}}")
_LISTING = frozenset("、和与及")
_CHAIN_PART = re.compile(rf"-?{_NUM}")
_SINGLE = re.compile(rf"(?P<num>{_NUM})(?P<few>[余多几])?(?P<mult>{_MULT})?(?P<few2>[余多几])?")
_MULTIPLIER = re.compile(_MULT)
_THOUSANDS = re.compile(r"(?:千|百)(?=[家名人户个件亩元])")
_AFTER = re.compile(r"及?以上|及?以下|以内|之内|左右|上下|之上|之下|余|多(?![个元种层])|的?多(?=[,。;、]|$)")
_PLAIN_AFTER = frozenset(("以上", "以下", "以内", "左右"))
_ORDINAL = re.compile(r"[0-9]{1,2}(?:[、)]|\.(?=20[0-9]{2}年|[^0-9]))")
_CLOSED = frozenset("。;:,!?\n()")
# With a Chinese numeral these unit words mostly make names and figures of speech (三大, 一条龙, 两方面).
_CN_UNITS = frozenset(
    [
        "家",
        "名",
        "场",
        "人",
        "户",
        "件",
        "宗",
        "亩",
        "座",
        "所",
        "次",
        "人次",
        "家次",
        "场次",
        "套",
        "辆",
        "台",
        "公里",
        "元",
        "吨",
        "倍",
        "成",
        "%",
        "个百分点",
        "百分点",
        "平方米",
        "间",
        "幢",
        "栋",
        "处",
        "批次",
        "个",
        "项",
        "条",
        "张",
        "篇",
        "期",
        "例",
        "起",
        "株",
        "棵",
        "天",
        "个工作日",
        "小时",
        "个月",
        "届",
    ]
)
_CN_SHY = frozenset(["个", "项", "条", "张", "期", "篇", "届", "批次", "天", "小时", "个月", "次", "户"])
_CN_VERB = re.compile(
    r"(?:完成|新增|新建|建成|举办|召开|开展|组织|落地|引进|引育|招引|开工|竣工|投用|获评|获批|创建|培育|"
    r"打造|申报|入选|达|共|近|约|超|"
    r"超过|突破|已|有|等|安排|实施|推出|发布|设立|成立|签约|盘活|改造|出让|收储|位列|累计|增加|减少|于|由|"
    r"至|到|的|压缩|缩短)\Z"
)


def tokens(text: str, start: int, end: int) -> Iterator[Token]:
    """The tokens of `text[start:end]` (folded) in order. Never raises; what is no token is skipped."""
    at = start
    for opener in _OPENERS.finditer(text, start, end):
        here = opener.start()
        if here < at:
            continue
        char = text[here]
        at = here + 1
        if char in _PUNCT:
            yield Mark("punct", here, at, char)
        elif char.isascii() and char not in '"[':
            if char.isalpha():
                at = _LETTERS.match(text, here, end).end()  # type: ignore[union-attr]
                continue
            mark = _dated_or_named(text, here, end)
            if mark is not None:
                yield mark
                at = mark.end
                continue
            listed = _arabic(text, here, end)
            if listed is None:
                at = _NUMBER.match(text, here, end).end()  # type: ignore[union-attr]
                continue
            last = listed[-1]
            if last.sort == "none":
                letter = text[last.end : last.end + 1]
                if letter.isascii() and letter.isalpha():
                    at = last.end + 1  # 5G, 415X: a name
                    continue
            yield from listed
            at = last.end
        elif char in _QUOTE_OPENERS:
            found = _PERIOD.match(text, here, end) if text.startswith("十", here + 1) else None
            if found:
                at = found.end()
                yield Mark("period", here, at, found[0])
                continue
            found = _QUOTE.match(text, here)
            if found:
                at = found.end()
        else:
            token = _word(text, here, char, start, end)
            if token is not None:
                yield token
                at = token.end
            elif char in _CN_SET:
                at = _CN_RUN.match(text, here, end).end()  # type: ignore[union-attr]


def _dated_or_named(text: str, here: int, end: int) -> Mark | None:
    """A date, a period phrase or a name that begins with digits."""
    digits = _DIGITS.match(text, here, end)
    if digits is None or text[digits.end() : digits.end() + 1] not in _SPECIAL:
        return None
    found = _DATE.match(text, here, end)
    if found:
        return Mark("name", here, found.end(), found[0])
    found = _PERIOD.match(text, here, end)
    if found:
        return Mark("period", here, found.end(), found[0])
    found = _CODE.match(text, here, end)
    return Mark("name", here, found.end(), found[0]) if found else None


def _word(text: str, here: int, char: str, start: int, end: int) -> Token | None:
    """A period phrase, a rank, a percentage or a count in Chinese characters."""
    if char == "前" and here and text[here - 1] in "提以之此目生":
        return None
    if char in _PERIOD_OPENERS:
        found = _PERIOD.match(text, here, end)
        if found:
            return Mark("period", here, found.end(), found[0])
    if char in _RANK_OPENERS:
        found = _RANKS.match(text, here, end)
        if found is None:
            return None
        rank = _rank(text, here, found.end(), end)
        if rank is not None:
            return rank
        unit = unit_at(text, found.end())
        return Mark("name", here, found.end() + len(unit or ""), found[0])
    if char == "百":
        found = _PERCENT.match(text, here, end)
        value = parse_numeral(found[0]) if found else None
        if found and value is not None:
            after = _AFTER.match(text, found.end(), end)
            stop = after.end() if after else found.end()
            word = after[0] if after else ""
            return Number(here, stop, value, None, "", "%", "share", after=word, unit_end=found.end(), chinese=True)
    if char in _CN_SET:
        found = _CN_RUN.match(text, here, end)
        if found:
            return _chinese(text, here, found.end(), end, start)
    return None


def _arabic(text: str, at: int, end: int) -> list[Number] | None:
    """The quantity or the chain of quantities that starts at the digit `at`."""
    if text[at] in ".,":
        at += 1
        if at >= end or not text[at].isdigit():
            return None
    before = text[at - 1] if at else "\n"
    if before in _CLOSED:
        ordinal = _ORDINAL.match(text, at, end)
        if ordinal:
            rest = _arabic(text, ordinal.end(), end) if text[ordinal.end() : ordinal.end() + 1].isdigit() else None
            follow = _CHAIN.match(text, at, end)
            if not (follow and unit_at(text, follow.end())):
                return rest if rest and rest[0].start == ordinal.end() else None
    if before.isascii() and (before.isalnum() or before in "+#" or (before == "/" and text[at - 2].isascii())):
        return None
    found = _NUMERAL.match(text, at, end)
    if found is None:
        return None
    numeral = found["num"]
    if text[at + len(numeral) : at + len(numeral) + 1] in _LISTING:
        chain = _CHAIN.match(text, at, end)
        listed = _chain(text, at, chain.end(), end) if chain else None
        if listed:
            return listed
    stop = found.end()
    mult = found["mult2"] or found["mult"] or ""
    second = found["num2"]
    if second is None:
        few = found["few"] is not None or found["few2"] is not None
        return [_finish(text, at, stop, end, Decimal(numeral.replace(",", "")), None, mult, few)]
    from_to = before in ("由", "从") and text[found.start("num2") - 1] in "至到"
    if from_to or (not found["mult"] and not (found["mult2"] or unit_at(text, stop))):
        found = _SINGLE.match(text, at, end)
        assert found is not None
        few = found["few"] is not None or found["few2"] is not None
        value = Decimal(numeral.replace(",", ""))
        return [_finish(text, at, found.end(), end, value, None, found["mult"] or "", few)]
    value = Decimal(numeral.replace(",", ""))
    high: Decimal | None = Decimal(second.replace(",", ""))
    if found["mult"] and not found["mult2"]:
        high, mult = None, found["mult"]  # 3亿-5 is no range
        stop = found.start("num2") - 1
    few = bool(found["few"] or found["few2"] or found["few3"] or found["few4"])
    return [_finish(text, at, stop, end, value, high, mult, few)]


def _finish(
    text: str, at: int, stop: int, end: int, value: Decimal, high: Decimal | None, mult: str, few: bool
) -> Number:
    """The unit and the bound word after the numeral."""
    if not mult and text[stop : stop + 1] in ("千", "百"):
        thousands = _THOUSANDS.match(text, stop, end)
        if thousands and thousands[0] + text[stop + 1 : stop + 2] not in UNITS:
            mult, stop = thousands[0], thousands.end()
    unit = unit_at(text, stop)
    sort = "none"
    if unit is not None:
        sort = UNITS[unit].sort
        stop += len(unit)
        if text[stop : stop + 1] == "/":
            below = unit_at(text, stop + 1)
            if below:
                stop += 1 + len(below)
                unit = f"{unit}/{below}"
    elif mult:
        unit, sort = "", "amount"
    unit_end = stop
    after = _AFTER.match(text, stop, end)
    if after and sort == "none" and after[0] not in _PLAIN_AFTER:
        after = None
    if after:
        stop = after.end()
    if high is not None and high < value:
        high = None if sort != "share" else high
    return Number(
        at,
        stop,
        value,
        high,
        mult,
        None if unit is None else mult + unit,
        sort,
        approx=few,
        after=after[0] if after else "",
        unit_end=unit_end,
    )


def _chain(text: str, at: int, stop: int, end: int) -> list[Number] | None:
    """4.3、3.7、4.5个百分点: each number with the unit that stands at the end only."""
    parts = list(_CHAIN_PART.finditer(text, at, stop))
    mult = _MULTIPLIER.match(text, stop, end)
    last = _finish(
        text, parts[-1].start(), mult.end() if mult else stop, end, Decimal(0), None, mult[0] if mult else "", False
    )
    if last.unit is None or last.sort == "time":
        return None
    listed: list[Number] = []
    for index, part in enumerate(parts):
        value = Decimal(part[0].replace(",", ""))
        final = index == len(parts) - 1
        listed.append(
            Number(
                part.start() + (part[0][0] == "-"),
                last.end if final else part.end(),
                abs(value),
                None,
                last.multiplier,
                last.unit,
                last.sort,
                after=last.after if final else "",
                unit_end=last.unit_end if final else part.end(),
                negative=part[0][0] == "-",
                chain=index + 1,
            )
        )
    return listed


def _chinese(text: str, at: int, stop: int, end: int, floor: int) -> Number | None:
    """两家, 十余场, 三百五十户: a Chinese numeral as a count; None for 一体, 三大, 六大行动 and the like."""
    run = text[at:stop]
    if at and text[at - 1] in "第数几每逐统专同唯单万某另任十双期初" and at > floor:
        return None
    rough = text[at - 1 : at] in ("近", "上", "逾", "超") or text[at - 2 : at] == "超过"
    if run[0] in "百千" and not rough:
        return None
    few = ""
    mult = ""
    while run and run[-1] == "万":
        run, stop, mult = run[:-1], stop - 1, "万"
    numeral = run
    if text[stop : stop + 1] in ("余", "多"):
        few, stop = text[stop], stop + 1
    found = _MULTIPLIER.match(text, stop, end)
    if found:
        mult, stop = found[0], found.end()
    elif mult:
        mult = ""
        return None
    if text[stop : stop + 1] in ("余", "多") and not few:
        few, stop = text[stop], stop + 1
    value = parse_numeral(numeral)
    if value is None:
        return None
    unit = unit_at(text, stop)
    if unit is None or unit not in _CN_UNITS:
        return None
    if numeral == "一" and unit not in ("倍", "成"):
        return None
    plain = len(numeral) == 1 and not few and not mult and not rough
    if plain and unit in _CN_SHY and not _CN_VERB.search(text[max(floor, at - 3) : at]):
        return None
    after_unit = text[stop + len(unit) : stop + len(unit) + 1]
    if plain and after_unit in "“‘大统":
        return None
    number = _finish(text, at, stop, end, value, None, mult, bool(few))
    number.chinese = True
    return number


def _rank(text: str, at: int, stop: int, end: int) -> Number | None:
    """第5位, 首位, 第二 after 排名; None for 第一批, 第三方, 前期."""
    said = text[at:stop]
    if said == "首位":
        return Number(at, stop, Decimal(1), None, "", "位", "rank", unit_end=stop)
    if said in ("末位", "首"):
        return None
    numeral = said[1:].rstrip("位名")
    value = parse_numeral(numeral)
    if value is None:
        return None
    if said[0] == "前":
        if text[stop - 1] in "位名":
            return Number(at, stop, value, None, "", text[stop - 1], "rank", unit_end=stop)
        if text[stop : stop + 1] == "%":
            return Number(at, stop + 1, value, None, "", "%", "rank", unit_end=stop + 1)
        if _RANKED.search(text[max(0, at - 8) : at]) and (stop >= end or text[stop] in ",。;、)\n"):
            return Number(at, stop, value, None, "", None, "rank", unit_end=stop)
        return None
    unit = text[stop : stop + 1]
    if unit in ("位", "名") and unit:
        return Number(at, stop + 1, value, None, "", unit, "rank", unit_end=stop + 1)
    closed = stop >= end or text[stop] in ",。;、)\n和"
    if closed and _RANKED.search(text[max(0, at - 10) : at]):
        return Number(at, stop, value, None, "", None, "rank", unit_end=stop)
    return None


_RANKED = re.compile(r"(?:排|列|居|名次?|位|全[省市国区县州]|[省市国区县]|保持|并列|获|跃至|升至)(?:[^,。;]{0,4})\Z")
