"""Figures as they stand in the text: the numeral in either script with its unit and the bound word after it."""

from __future__ import annotations

import re
from decimal import Decimal

from tasks.numerals import parse_numeral
from tasks.observe.units import UNIT_PATTERN, UNITS, denominator_at, unit_at


class Number:
    """A quantity or rank as it stands: `start`..`end` of the numeral with its unit and the bound word after it."""

    def __init__(
        self,
        start: int,
        end: int,
        value: Decimal,
        high: Decimal | None,
        multiplier: str,
        unit: str | None,
        sort: str,
        approx: bool = False,
        after: str = "",
        negative: bool = False,
        chain: int = 0,
    ) -> None:
        self.start, self.end = start, end
        self.value, self.high = value, high
        self.multiplier = multiplier
        self.unit = unit  # as written, multiplier included
        self.sort = sort  # the unit's sort; "none" without a unit; "rank" for 第N
        self.approx = approx
        self.after = after  # bound word after the unit
        self.negative = negative
        self.chain = chain  # position in a chain with its unit at the end


CN = "一二两三四五六七八九十百千"
_MULT = r"万亿|千亿|百亿|亿|千万|百万|十万|万"
_NUM = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_NUMERAL = re.compile(
    rf"(?P<num>{_NUM})(?P<few>[余多几])?(?P<mult>{_MULT})?(?P<few2>[余多几])?"
    rf"(?:(?P<mid>%|‰)?(?:-|~|—|–|至|到)(?P<num2>{_NUM})(?P<few3>[余多])?(?P<mult2>{_MULT})?(?P<few4>[余多])?)?"
)
_CHAIN = re.compile(
    rf"-?{_NUM}(?:(?:、|和|与|及)-?{_NUM}){{1,40}}"
    rf"|-?{_NUM}(?:个?(?:、|和|与|及)-?{_NUM}){{1,40}}(?=个?[百千]分点)"  # 0.5个、0.3个百分点
)
_LONGEST = 40
_LISTING = frozenset("、和与及")
_CHAIN_PART = re.compile(rf"-?{_NUM}")
_SINGLE = re.compile(rf"(?P<num>{_NUM})(?P<few>[余多几])?(?P<mult>{_MULT})?(?P<few2>[余多几])?")
_MULTIPLIER = re.compile(_MULT)
_THOUSANDS = re.compile(r"(?:千|百)(?=[家名人户个件亩元])")
_AFTER_WORDS = r"及?以上|及?以下|以内|之内|左右|上下|之上|之下|余|多(?![个元种层])|的?多(?=[,。;、]|$)"
AFTER = re.compile(_AFTER_WORDS)
# The frequent shape, read by one pattern: a numeral with its unit that is no member of a list, a range, a code, a date
# or a compound. It stands after the first digit. Groups: end of the numeral, 余, multiplier, 余, unit, bound word.
# Whatever it refuses goes the longer way.
PLAIN = (
    r"(?<=[0-9])(?<![0-9A-Za-z+#/].)(?>[0-9]{0,2}(?:,[0-9]{3}){1,6}(?![0-9])|[0-9]{0,20})"
    r"(?![0-9]|[-/:年月~—–至到、季学+×*xX周岁号强大级楼室千后班kKV期英])(?:\.[0-9]+)?+()"
    rf"([余多几])?+((?>{_MULT}))?+([余多几])?+({UNIT_PATTERN})(?!/|\(.{{1,3}}\)|(?<=[%‰])[-~—–至到][0-9]|(?<=\.[0-9]个)[、和与及]|(?<=\.[0-9][0-9]个)[、和与及])((?>{_AFTER_WORDS}))?+"
)
# Letters that name what is counted, before their figure: AED186台, VOCs420吨; after the first of them.
ACRONYM = rf"[A-Z][A-Za-z]{{1,2}}(?=[0-9]+(?:\.[0-9]+)?(?:{_MULT})?{UNIT_PATTERN})"
_SORTS = {name: unit.sort for name, unit in UNITS.items()}
# Measure words are an open class: one or two characters between a number and a stop count something, unless they say
# when, where or which.
_UNKNOWN_UNIT = re.compile(
    r"(?!以|余|多|左右|上下|[之和与及至到或比为是的了中内外前后起来占较同分均])(?![^,。;、)]?[年月日号时点级类强版线路街巷弄排楼层室环代届阶段期后前大化式型双第版名码码度力率值权区县镇村乡市省国座制次])"
    r"[\u4e00-\u9fff]{1,2}(?=[,。;、)!?\n]|\Z)"
)
_NAMED = re.compile(r"(?<![0-9A-Za-z-])[A-Z]{2}[A-Za-z]{1,2}\Z")
_MOVED = re.compile("(?:上升|下降|下滑|前移|后移|提升|前进|后退|回落|跃升|攀升)了?\\Z")
_ALTERNATIVE = re.compile(r"\((?P<unit>[^()]{1,3})\)")
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
_CN_NOUN = re.compile(r"[\u4e00-\u9fff]{3}(?<![这那其任前后每哪一])(?<!为了)\Z")
# 二次供水, 三次产业: words that a number opens.
_CN_SECOND = re.compile(
    "[一二三]次(?:供水|创业|分配|产业|装修|污染|利用|开发|加压|元件|能源|核|污|设备|曝光|回访|审|入户)"
)
_CN_VERB = re.compile(
    r"(?:完成|新增|新建|建成|举办|召开|开展|组织|落地|引进|引育|招引|开工|竣工|投用|获评|获批|创建|培育|"
    r"打造|申报|入选|达|共|近|约|超|"
    r"超过|突破|已|有|等|安排|实施|推出|发布|设立|成立|签约|盘活|改造|出让|收储|位列|累计|增加|减少|于|由|"
    r"至|到|的|压缩|缩短)\Z"
)


def arabic(text: str, at: int, end: int) -> list[Number] | None:
    """The quantity or the chain of quantities that starts at the digit `at`."""
    if text[at] in ".,":
        at += 1
        if at >= end or not text[at].isdigit():
            return None
    before = text[at - 1] if at else "\n"
    if before in _CLOSED:
        ordinal = _ORDINAL.match(text, at, end)
        if ordinal:
            rest = arabic(text, ordinal.end(), end) if text[ordinal.end() : ordinal.end() + 1].isdigit() else None
            follow = _CHAIN.match(text, at, end)
            if not (follow and unit_at(text, follow.end())):
                return rest if rest and rest[0].start == ordinal.end() else None
    if before.isascii() and (before.isalnum() or before in "+#" or (before == "/" and text[at - 2].isascii())):
        return None if _NAMED.search(text, max(0, at - 4), at) is None else _lettered(text, at, end)
    found = _NUMERAL.match(text, at, end)
    if found is None:
        return None
    numeral = found["num"]
    if len(numeral) > _LONGEST or len(found["num2"] or "") > _LONGEST:
        return None  # digits without end are no figure, and no decimal could hold them
    beside = text[at + len(numeral) : at + len(numeral) + 2]
    if beside[:1] in _LISTING or (beside[:1] == "个" and beside[1:] in _LISTING and "." in numeral):
        chain = _CHAIN.match(text, at, end)
        listed = _chain(text, at, chain.end(), end) if chain else None
        if listed:
            return listed
    stop = found.end()
    mult = found["mult2"] or found["mult"] or ""
    second = found["num2"]
    if second is None:
        few = found["few"] is not None or found["few2"] is not None
        return [finish(text, at, stop, end, Decimal(numeral.replace(",", "")), None, mult, few)]
    from_to = before in ("由", "从") and text[found.start("num2") - 1] in "至到"
    if from_to or (not found["mult"] and not (found["mult2"] or unit_at(text, stop))):
        found = _SINGLE.match(text, at, end)
        assert found is not None
        few = found["few"] is not None or found["few2"] is not None
        value = Decimal(numeral.replace(",", ""))
        return [finish(text, at, found.end(), end, value, None, found["mult"] or "", few)]
    value = Decimal(numeral.replace(",", ""))
    high: Decimal | None = Decimal(second.replace(",", ""))
    if found["mult"] and not found["mult2"]:
        high, mult = None, found["mult"]  # 3亿-5 is no range
        stop = found.start("num2") - 1
    few = bool(found["few"] or found["few2"] or found["few3"] or found["few4"])
    return [finish(text, at, stop, end, value, high, mult, few)]


def _lettered(text: str, at: int, end: int) -> list[Number] | None:
    """The quantity right after letters that name what is counted; None for a code."""
    found = _SINGLE.match(text, at, end)
    if found is None or unit_at(text, found.end()) is None or len(found["num"]) > _LONGEST:
        return None
    few = found["few"] is not None or found["few2"] is not None
    value = Decimal(found["num"].replace(",", ""))
    return [finish(text, at, found.end(), end, value, None, found["mult"] or "", few)]


def plain(text: str, found: re.Match[str]) -> Number:
    """The quantity that `PLAIN` matched as the first groups of its pattern."""
    _, few, mult, few2, unit, after = found.group(1, 2, 3, 4, 5, 6)
    at = found.start()
    numeral = text[at : found.start(1)]
    return Number(
        at,
        found.end(),
        Decimal(numeral.replace(",", "") if "," in numeral else numeral),
        None,
        mult or "",
        mult + unit if mult else unit,
        _SORTS[unit],
        few is not None or few2 is not None,
        after or "",
    )


def finish(
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
        beside = _ALTERNATIVE.match(text, stop) if sort == "count" else None
        if beside and beside["unit"] in UNITS:
            unit, stop = unit + beside[0], beside.end()  # 套(间)
        if text[stop : stop + 1] == "/":
            below = denominator_at(text, stop + 1)
            if below:
                stop += 1 + len(below)
                unit = f"{unit}/{below}"
    elif (
        (mult or "." not in text[at:stop])
        and (unknown := _UNKNOWN_UNIT.match(text, stop, end))
        and "\u4e00" <= text[at - 1 : at] <= "\u9fff"
    ):
        unit, sort, stop = unknown[0], "count", unknown.end()
    elif mult:
        unit, sort = "", "amount"
    after = AFTER.match(text, stop, end)
    if after and sort == "none" and after[0] not in _PLAIN_AFTER:
        after = None
    if after:
        stop = after.end()
    if high is not None and high < value:
        high = None
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
    )


def _chain(text: str, at: int, stop: int, end: int) -> list[Number] | None:
    """4.3、3.7、4.5个百分点: each number with the unit that stands at the end only."""
    final_at = max(text.rfind(mark, at, stop) for mark in _LISTING) + 1
    mult = _MULTIPLIER.match(text, stop, end)
    last = finish(text, final_at, mult.end() if mult else stop, end, Decimal(0), None, mult[0] if mult else "", False)
    if last.unit is None or last.sort == "time":
        return None
    parts = list(_CHAIN_PART.finditer(text, at, stop))
    if any(part.end() - part.start() > _LONGEST for part in parts):
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
                negative=part[0][0] == "-",
                chain=index + 1,
            )
        )
    return listed


def chinese(text: str, at: int, stop: int, end: int, floor: int) -> Number | None:
    """两家, 十余场, 三百五十户: a Chinese numeral as a count; None for 一体, 三大, 六大行动 and the like."""
    run = text[at:stop]
    if at and text[at - 1] in "第数几每逐统专同唯单万某另任十双期初" and at > floor:
        return None
    rough = text[at - 1 : at] in ("近", "上", "逾", "超", "破") or text[at - 2 : at] in ("超过", "跨越", "迈上", "达到")
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
    if unit in ("位", "名") and _MOVED.search(text, max(floor, at - 3), at):
        return finish(text, at, stop, end, value, None, mult, bool(few))  # 较一季度下滑三位
    if unit is None or unit not in _CN_UNITS:
        return None
    if numeral == "一" and unit not in ("倍", "成"):
        return None
    plain = len(numeral) == 1 and not few and not mult and not rough
    after_unit = text[stop + len(unit) : stop + len(unit) + 1]
    if plain and unit in _CN_SHY and not _CN_VERB.search(text[max(floor, at - 3) : at]):
        closes = not after_unit or after_unit in ",。;!?\n"  # 打造走廊三条;
        if not (closes and _CN_NOUN.search(text, max(floor, at - 4), at)):
            return None
    if unit == "次" and _CN_SECOND.match(text, at, end):
        return None
    if plain and after_unit in "“‘大统":
        return None
    return finish(text, at, stop, end, value, None, mult, bool(few))


def rank(text: str, at: int, stop: int, end: int) -> Number | None:
    """第5位, 首位, 第二 after 排名; None for 第一批, 第三方, 前期."""
    said = text[at:stop]
    if said == "首位":
        return Number(at, stop, Decimal(1), None, "", "位", "rank")
    if said in ("末位", "首"):
        return None
    numeral = said[1:].rstrip("位名")
    value = parse_numeral(numeral)
    if value is None:
        return None
    if said[0] == "前":
        if text[stop - 1] in "位名":
            return Number(at, stop, value, None, "", text[stop - 1], "rank")
        if text[stop : stop + 1] == "%":
            return Number(at, stop + 1, value, None, "", "%", "rank")
        if _RANKED.search(text[max(0, at - 8) : at]) and (stop >= end or text[stop] in ",。;、)\n"):
            return Number(at, stop, value, None, "", None, "rank")
        return None
    unit = text[stop : stop + 1]
    if unit in ("位", "名") and unit:
        return Number(at, stop + 1, value, None, "", unit, "rank")
    closed = stop >= end or text[stop] in ",。;、)\n和"
    if closed and _RANKED.search(text[max(0, at - 10) : at]):
        return Number(at, stop, value, None, "", None, "rank")
    return None


_RANKED = re.compile(r"(?:排|列|居|名次?|位|全[省市国区县州]|[省市国区县]|保持|并列|获|跃至|升至)(?:[^,。;]{0,4})\Z")
