"""The forms in which two rows are compared. Nothing made here is ever stored.
A promise is told again quarter after quarter, so what is made of its text is remembered for a while.

`content_key` decides whether two promises are the same words; `tokens` and `numbers` decide how much two texts
share. All of them work on `tasks.text.fold`, so letter width, white space and the width of punctuation never count.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from tasks.text import fold

# Ordinals that open a cell: "3、", "(二)", "①", "3.". A decimal such as 1.5亿元 is not one.
_ORDINAL = re.compile(
    r"^\s*(?:[①-⑳⑴-⒇⒈-⒛]|[(（][0-9０-９一二三四五六七八九十]{1,3}[)）]"
    r"|[0-9０-９]{1,3}(?:[)）、．.](?![0-9０-９]))|[一二三四五六七八九十]{1,3}、)\s*"
)
MARKS = r"""[,.;:!?"'`()\[\]{}<>【】「」『』〈〉|_·…/\\=*^-]"""
# A mark counts only where it carries meaning: 1.5, 1-9, 5+1, A/B, and the sign of a number.
_IDLE_MARKS = re.compile(
    rf"(?<![0-9a-z]){MARKS}+(?![0-9])|(?<=[0-9a-z]){MARKS}+(?![0-9a-z])|(?<![0-9a-z])[^\w%‰+&-](?=[0-9])"
)
_HAN = re.compile(r"[㐀-鿿豈-﫿]+")
_WORD = re.compile(r"[a-z]+")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
# What stands before a numeral is looked at afterwards: a pattern that begins with its first character is found faster.
_NUMBER = re.compile(r"([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)(万|亿)?(年|月|日|季度|时|号)?")
# A numeral in characters counts where a measure word follows, or where it cannot well be anything else: 四千六百.
_HAN_NUMBER = re.compile(
    r"([一二两三四五六七八九十百千][零一二两三四五六七八九十百千万]*)(?=[个所家条项处座公里幢栋套户名人场次块宗批辆张亩%])"
    r"|((?:[一二两三四五六七八九][十百千万亿]|十[万亿一二三四五六七八九])(?:[零一二三四五六七八九十百万亿]|千(?![瓦米克伏]))*)"
)
_TENTHS = re.compile(r"([一二两三四五六七八九])成([一二三四五六七八九半]?)(?![果为本立功员效长熟片都就交套绩品年不])")
_CIRCLE = re.compile(r"分钟[^,;.0-9]{0,10}圈")  # 15分钟生活圈 is a name
_HUNDREDTHS = re.compile(r"百分之([零一二两三四五六七八九十百点]+)")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_LARGE: dict[str | None, float] = {None: 1.0, "万": 1e4, "亿": 1e8}
_WITHIN = frozenset("0123456789.abcdefghijklmnopqrstuvwxyz")  # a numeral that follows one of these is part of a word
# Latin words that may stand after a numeral as its unit; with any other it is a name: 4A, 5G, 3D.
_UNITS = frozenset("m mm cm km kw kwp mw mwp gw kwh mwh gwh kv kva mva kg t ha l ml mg h p tb pb gb mpa".split())  # noqa: SIM905
_ORDINAL_OR_WITHIN = frozenset("第0123456789.")
_NO_FIGURE = re.compile("(?:最后|[数几]|[零一二两三四五六七八九十]点)$")  # 最后一公里, 数十万人, 一点五亿元
_SCALES = {"十": 10, "百": 100, "千": 1000}
_BRACKETS = re.compile(r"\([^()]*\)")


def strip_ordinal(text: str) -> str:
    """The text without the ordinal that opens it."""
    return _ORDINAL.sub("", text, count=1)


@lru_cache(maxsize=32_768)
def bare(text: str) -> str:
    """A content folded, without the ordinal that opens it."""
    return fold(strip_ordinal(text))


@lru_cache(maxsize=32_768)
def content_key(text: str) -> str:
    """Equal for two contents that differ only in typography: width, white space, punctuation, an opening ordinal."""
    return _IDLE_MARKS.sub("", bare(text))


@lru_cache(maxsize=2048)
def unit_key(unit: str) -> str:
    """A unit without its bracketed office: 区发改局(投资科) and 区发改局 are one body."""
    return _BRACKETS.sub("", fold(unit)) or fold(unit)


def han_value(text: str) -> int | None:
    """`二十`, `三百五十`, `一万二千`, `十二万`, `三亿五千万` → int; None where it is not a plain numeral."""
    total, section, digit = 0, 0, 0
    for char in text:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
        elif char == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        elif char == "亿":
            total, section, digit = (total + section + digit) * 100_000_000, 0, 0
        else:
            section += (digit or 1) * _SCALES[char]
            digit = 0
    return total + section + digit


def numbers(text: str) -> frozenset[str]:
    """The quantities a folded text names, as plain decimals (`1.5亿` → `150000000`). Dates are left out."""
    return frozenset(figure for figure, _ in quantities(text))


def quantities(text: str) -> list[tuple[str, str]]:
    """(plain decimal, the character after it) of each quantity in a folded text. Dates are left out."""
    found = []
    circled = "圈" in text
    for match in _NUMBER.finditer(text):
        digits, scale, date_word = match.groups()
        start, end = match.span()
        if (date_word and not scale) or (start and text[start - 1] in _WITHIN):
            continue
        unit = text[end : end + 1]
        if unit in _LATIN and (word := _WORD.match(text, end)) and word[0] not in _UNITS:
            continue
        if circled and _CIRCLE.match(text, end):
            continue
        if scale or digits[0] == "0" or not digits.isdigit() or len(digits) > 9:
            digits = f"{float(digits.replace(',', '')) * _LARGE[scale]:.10g}"
        found.append((digits, unit))
    for match in _HAN_NUMBER.finditer(text):
        if match.start() and (
            text[match.start() - 1] in _ORDINAL_OR_WITHIN or _NO_FIGURE.search(text, 0, match.start())
        ):
            continue
        numeral = han_value(match[0])
        if numeral:
            found.append((str(numeral), text[match.end() : match.end() + 1]))
    for match in _HUNDREDTHS.finditer(text) if "百分之" in text else ():
        share = _spoken_decimal(match[1])
        if share is not None:
            found.append((share, "%"))
    for match in _TENTHS.finditer(text) if "成" in text else ():
        whole, part = match.groups()
        found.append((str(10 * _DIGITS[whole] + (5 if part == "半" else _DIGITS.get(part, 0))), "%"))
    return found


def _spoken_decimal(text: str) -> str | None:
    """`五` → `5`, `六点五` → `6.5`; None where it is not a numeral."""
    whole, _, part = text.partition("点")
    value = han_value(whole) if whole and "点" not in part else None
    if value is None or not all(digit in _DIGITS for digit in part):
        return None
    decimals = "".join(str(_DIGITS[digit]) for digit in part)
    return f"{value}.{decimals}".rstrip("0").rstrip(".") if decimals else str(value)


_MEASURES = dict.fromkeys("家所处座项条只台套幢栋架根艘辆片块宗批支面间张类门件起部本册场次轮株盏孔口队", "个")
_MEASURES |= dict.fromkeys("名位户", "人")


def measure(unit: str) -> str:
    """The first character of a unit; measure words that stand for each other become one: 5项 and 5个, 30名 and 30人."""
    return _MEASURES.get(unit, unit)


def tokens(text: str) -> frozenset[str]:
    """Pairs of neighbouring Chinese characters, and Latin words, of a folded text."""
    found = set(_WORD.findall(text))
    for run in _HAN.findall(text):
        found.update(map("".join, pairwise(run)))
    return frozenset(found)


# Marks that tell siblings apart: where something lies, which stage or number of it. One class a group.
_SIDES = re.compile("[东西南北]")
_STAGED = frozenset("期号标批轮环届")
_STAGES = re.compile("([一二三四五六七八九十0-9]+|首)(?:期|号|标段|批|轮|环|届)")


def contrasts(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """(sides of the compass, stages and numbers) that a folded text names: 城东, 二期, 5号线."""
    if _STAGED.isdisjoint(text):
        return frozenset(_SIDES.findall(text)), frozenset()
    stages = {"1" if s == "首" else str(han_value(s)) if s[0] not in "0123456789" else s for s in _STAGES.findall(text)}
    return frozenset(_SIDES.findall(text)), frozenset(stages)


_STEMS = re.compile("([㐀-鿿]{2})第?(?:[一二三四五六七八九十]+|[0-9]+)(?:期|号|标段|批|轮|环)")


def stems(text: str) -> frozenset[str]:
    """The last two characters of what a folded text counts in stages: 置房 in 安置房二期."""
    return frozenset() if _STAGED.isdisjoint(text) else frozenset(_STEMS.findall(text))


# Designations: the road S312, the plot B-07, a power station of the third step. A letter and a measure (m2) is none.
_CODE = re.compile(r"(?<![a-z0-9.])([a-z]-?[0-9]{2,4}|[a-ln-z]-?[0-9]|[a-z]{2,3}-[0-9]{1,4})(?![a-z0-9.%])")
_LEVEL = re.compile("([一二三四五六七八九0-9])级(?=水电|电站|泵站|提水|提灌|船闸|枢纽|医院|公路)")


def designations(text: str) -> frozenset[str]:
    """The roads, plots and steps that a folded text names by letter and number: g219, b07, 三级."""
    codes = [code.replace("-", "") for code in _CODE.findall(text)]
    levels = _LEVEL.findall(text) if "级" in text else ()
    return frozenset([*codes, *(str(han_value(n) if n in _DIGITS else n) + "级" for n in levels)])


# 石浦镇, 盐埠街道: the two characters before are the name. What stands there in 各乡镇, 城镇, 小城镇, 返乡 is none.
_PLACE = re.compile("([㐀-鿿]{2})(?:街道(?!路)|镇|乡(?![村镇]))")
_NO_PLACE = frozenset(
    "各全个小城集乡村名古重强特美丽入进送到本在返下回还故家两等每所有相关区市县和与及建新老镇街色心以年数多"
)


@lru_cache(maxsize=16_384)
def places(text: str) -> frozenset[str]:
    """The towns and sub-districts that a folded text names, by the last two characters of the name: 石浦, 盐埠."""
    if "镇" in text or "街道" in text or "乡" in text:
        return frozenset(name for name in _PLACE.findall(text) if _NO_PLACE.isdisjoint(name))
    return frozenset()


# What a status says in its first words, and nothing else: 已全部完成, 6月20日竣工. What follows may tell more.
_FINISHED = re.compile(
    "(?:(?:[0-9]+年)?[0-9]+月(?:[0-9]+日|上旬|中旬|下旬|底|初|份)?)?"
    "(?:目前|现|均|全部|全面|项目|工程)*已?(?:全部|全面|提前|如期|顺利|圆满)*"
    "(?:完成|完工|竣工|办结|建成|交付|投用|投入使用|通过验收)(?:并?(?:交付|投入)?(?:使用|投用|运营|通车)|验收|备案)*"
    "(?:年度|全年)?(?:目标)?(?:任务)?(?=[,.;]|$)"
)
# The same in its last words: 获市政府批复,任务完成. Of a bare 完成 the words before it say what was done.
_AT_LAST = re.compile(
    "[,.;](?:(?:目标)?(?:任务|工作)已?(?:全部|全面|提前|如期|圆满)*(?:完成|办结)"
    "|已(?:全部|全面|提前|如期|顺利|圆满)*(?:完成|办结|完成(?:目标)?任务))[.;]?$"
)
# What is on its way. A thing that runs already, or one of several that is ready, says nothing of the kind.
_UNDERWAY = re.compile(
    "正在|征求|初稿|框架稿|讨论稿|送审|封顶|在建|筹备|筹建|谋划|选址|招标|可研|前期|尚未|尚在|未开工|拟于|开工"
    "|(?:推进|进行|办理|编制|起草|施工|实施|建设|审批|审核|洽谈|调试|安装|装修|论证|评审|设计|布展|采购|修改)中(?=[,.;]|$)"
)
_RUNNING = re.compile("投用|投入使用|投产|运营|竣工|通车|全部")


def finished(status: str) -> bool:
    """Whether a folded status begins or ends by saying that all is done."""
    return _FINISHED.match(status) is not None or _AT_LAST.search(status) is not None


def underway(status: str) -> bool:
    """Whether a folded status says that what it tells of is on its way."""
    return _UNDERWAY.search(status) is not None and _RUNNING.search(status) is None


def characters(text: str) -> frozenset[str]:
    """The Chinese characters of a folded text."""
    return frozenset("".join(_HAN.findall(text)))
