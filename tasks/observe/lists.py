"""Lists of series told at once: their members, and the parts of a series that a qualifier alone names."""

from __future__ import annotations

import re
from decimal import Decimal

from tasks.observe.heads import clean_list, strip_lead
from tasks.observe.left import Left
from tasks.observe.words import AMOUNT_NOUN, BARE_HEAD

QUALIFIER = re.compile(
    r"(?:城镇|农村|城市|乡村|工业|农业|服务业|制造业|建筑业|房地产|民间|国有|外资|内资|民营|本级|[省市区县]本?级|"
    r"限上|限下|规上|规下|线上|线下|网上|商品|餐饮|居民|企业|住户|单位|男性|女性)(?:类|部分|方面)?"
)
_FIXED = re.compile("(?:固定资产|有效|项目|全部|全社会|社会)*投资")
_MEASURED = re.compile(r"(?:批次|人次|件次|起数|人数|户数|件数|金额|面积|数量|笔数|营收|利润|税收|产值|产量|销量)\Z")
_MEASURED_TOO = re.compile(rf"(?:死亡|受伤|伤亡|涉案|直接)?(?:{_MEASURED.pattern[3:-3]})")
_TRADE = re.compile("[^,;、]{1,8}?(?<![工农产])(?<!服务)(?<!渔)业")
_EACH_OF = re.compile("[生人户亩车单班]均[^、,;]{2,}\\Z")
_SCOPE = re.compile("[限规]上|[限规]下|规模以上|限额以上")

# 发案数、损失数“双下降”: series whose figures the next clause gives.
_SERIES_LIST = re.compile(
    r"(?P<list>[^、]{2,16}?(?:、[^、]{2,12})*?(?:、|和|与|及)[^、]{1,11}?(?:[数率量额值资入价积]|GDP|进出口|[进出]口))"
    r"(?=[均双同齐全“实保呈较稳持再也达完]|[一二两三四五][升降]|\Z)"
)
_NAMES_SERIES = re.compile(
    "(?:率|数|量|额|值|浓度|指数|费|价|比重|占比|比例|收入|工业|产业|农业|面积|密度|水平|标准|批次|人次)\\Z"
)
_TAIL = re.compile("[^、,;]*(?:率|数|量|浓度|费|价|价格|占比|比例|密度|标准|批次|人次)")
_AVERAGED = re.compile("(?:平|[年月日人户亩])均")
_PLACE = re.compile("[^、,;]{1,4}?(?:街道|[镇乡县区市村])")
_ORDINALS = re.compile("(?P<list>第?[一二三](?:[、和]第?[一二三])+)次?产(?:业|(?=增加值))(?:实现|完成)?(?P<what>.*)")
_SO_MANY_TRADES = re.compile("[两二三四五六七八九]大(?:支柱|主导|特色|优势)?产业\\Z")
# 求决类最多, of which the next clause tells the figure.
FOREMOST = re.compile("(?:从[^,;:、]{1,8}?看)?(?P<what>[^,;:]{2,16}?)(?:最[多高低少大小快慢]|居首位?)")
FOREMOST_ENDS = frozenset("多高低少大小快慢首位")
_LISTS = frozenset("、和与及")
_TOWN_AND_COUNTRY = "城乡"
_BOTH = 2
_TOWNS = frozenset(("城镇", "农村", "城市", "乡村"))
_NAME_PARTS = re.compile("[、和与及]")
_KIND_OF = re.compile(r"(?<=[^一二三四五六七八九十甲乙丙丁ABC]{2})类[^类、]{2,6}\Z")
_MOST_NAMED = 12  # things told one by one


def tells_instances(said: str, value: Decimal, *, some: bool) -> bool:
    """Whether what stands before a count names the things counted one by one: 桐山、下沙湾、北门3座, 文澜中学等2所.

    As many names as things tell them, or fewer before 等 (`some`); else they are kinds of what is counted
    (小学、幼儿园12所).
    """
    names = _NAME_PARTS.split(said)
    if not all(2 <= len(name) <= 14 for name in names) or value > _MOST_NAMED:
        return False
    return len(names) <= value <= 4 * len(names) if some else len(names) == value > 1


def part_of(part: str, series: str) -> str:
    """The part of a series that a qualifier alone names: 工业 of 固定资产投资 → 工业投资."""
    if _FIXED.fullmatch(series):
        return part + "投资"
    trade = _TRADE.match(series) if part[-1] == "业" else None
    if trade:
        return part + series[trade.end() :]  # 采矿业增加值, 制造业
    place = series.find("居民")
    return part + (series[place:] if part in ("城镇", "农村") and place >= 0 else series)


def of_series(listed: list[str], series: str | None) -> list[str]:
    """Qualifiers that are parts of the series told before them: 其中城镇、农村分别为… of 居民收入."""
    if series and all(QUALIFIER.fullmatch(each) for each in listed):
        return [part_of(each, series) for each in listed]
    return listed


def parts(text: str) -> list[str]:
    """The members of a list: A、B和C → [A, B, C]."""
    return [part for part in re.split(r"、|以及|和(?!谐|睦)|与|及(?!其|时)", text) if part]


def _shared_tail(parts: list[str]) -> str:
    """What the last member of a list says for those before it too: 氨氮、总磷[平均浓度]; empty where it says nothing.

    Members of one kind are mostly of one length, or end alike (药品、化妆品); what the last has beyond that is shared.
    """
    *before, last = parts
    bare = [part for part in before if not _NAMES_SERIES.search(part)]
    if not bare:
        return ""
    if not _NAMES_SERIES.search(last):
        return _kinds_of_thing(before, last)
    if len(bare[0]) == 1:
        return last[1:] if len(last) > 2 and len(before) == 1 else ""  # 轻、重工业
    if AMOUNT_NOUN.search(last):
        return ""
    averaged = _AVERAGED.search(last, 1)
    kind = last.find(bare[0][-1], 1)
    place = _PLACE.match(last) if all(map(_PLACE.fullmatch, bare)) else None
    own = averaged.start() if averaged else place.end() if place else kind + 1 if kind > 0 else len(bare[-1])
    tail = last[own:]
    lengths = {*map(len, bare)}
    if len(lengths) > 1 and kind <= 0 and not averaged and not place and not BARE_HEAD.fullmatch(tail):
        # 老年人、儿童、慢性病患者[签约率]
        tail = next((last[at:] for at in range(2, len(last) - 1) if BARE_HEAD.fullmatch(last[at:])), tail)
    return tail if len(tail) >= 2 and _TAIL.fullmatch(tail) else ""


def _kinds_of_thing(before: list[str], last: str) -> str:
    """As `_shared_tail`, of things: 早稻、晚稻[亩产], 国家级、省级[非遗项目]. Only members that plainly are of one kind
    share one: all end alike, or three and more are equally long."""
    if len(last) >= 4 and all(len(part) == 2 and part[0] == last[0] for part in before):
        return last[2:]  # 涉黄、涉赌[警情]
    if len({part[-1] for part in before}) == 1:
        own = last.find(before[0][-1], 1) + 1
        return last[own:] if own > 0 and len(last) - own >= 2 else ""
    own = len(before[0])
    alike = len(before) > 1 and own == 2 and all(len(part) == own for part in before)
    return last[own:] if alike and len(last) - own >= 3 else ""


def told_in(clause: str) -> list[str]:
    """The series that a clause without figures lists: their figures come in the next one."""
    found = None if _LISTS.isdisjoint(clause) else _SERIES_LIST.match(clause)
    return parts(strip_lead(found["list"])) if found else []


def _spelt(text: str) -> str:
    """第一、二、三产业增加值 → each with its 第 and its noun; 锂电、汽车两大产业 → 锂电产业、汽车产业."""
    ordinals = _ORDINALS.match(text)
    if ordinals:
        return "、".join(f"第{each}产业{ordinals['what']}" for each in re.findall("[一二三]", ordinals["list"]))
    so_many = _SO_MANY_TRADES.search(text)
    if so_many:
        return "、".join(f"{part}产业" for part in parts(text[: so_many.start()]))
    return text


def may_list(metric: str) -> bool:
    """Whether a name may be of several series: A和B, 城乡居民收入."""
    return not _LISTS.isdisjoint(metric) or metric.startswith((_TOWN_AND_COUNTRY, "二产", "三产"))


def members(left: Left, metric: str, count: int) -> list[str]:
    """The listed series of 均 and 分别: A、B和C → [A, B, C], a head shared by all put behind each."""
    text = clean_list(left.head) or metric
    if "产业" in text:
        # 一、二、三产业增加值: no marks of points
        text = _spelt(left.head if _ORDINALS.match(text) is None and _ORDINALS.match(left.head) else text)
    if count == _BOTH and text.startswith(_TOWN_AND_COUNTRY):
        return ["城镇" + text[2:], "农村" + text[2:]]
    parts = text.split("、")
    parts[-1:] = re.split(r"以及|和(?!谐|睦)|与|及(?!其|时)", parts[-1])
    parts = [part for part in parts if part]
    if count > 1 and len(parts) != count:
        parts = [p for p in re.split(r"、|以及|和(?!谐|睦)|与|及(?!其|时)", text) if p]
    if count > 1 and len(parts) != count and len(text.split("、")) == count:
        parts = text.split("、")  # 教育、社会保障和就业支出: 和 is part of a name
    if len(parts) < 2:
        return [metric]
    if count > 1 and len(parts) != count:
        return [metric]
    last = parts[-1]
    shared = AMOUNT_NOUN.search(last)
    if last[:2] in _TOWNS and len(last) > 4 and _TOWNS.issuperset(parts[:-1]):
        return [part + last[2:] for part in parts[:-1]] + [last]  # 城镇和农村[常住居民人均可支配收入]
    spread_tail = _EACH_OF.search(last)
    if spread_tail and spread_tail.start() and not any(_EACH_OF.search(part) for part in parts[:-1]):
        return [part + spread_tail[0] for part in parts[:-1]] + [last]  # 小学、初中生均公用经费
    kind = _KIND_OF.search(last)
    if kind and not any("类" in part for part in parts[:-1]):
        return [part + kind[0] for part in parts[:-1]] + [last]  # 预付卡、家装、校外培训类投诉
    tail = _shared_tail(parts)
    if tail:
        said = strip_lead(tail)
        last, tail = (last.removesuffix(tail) + said, said) if said else (last, tail)
        alike = {part[-1] for part in parts[:-1] if not _NAMES_SERIES.search(part)}  # 规上工业 beside 规上服务业
        own = [_NAMES_SERIES.search(part) is not None and part[-1] not in alike for part in parts[:-1]]
        return [part if named else part + tail for part, named in zip(parts, own, strict=False)] + [last]
    named = []
    scope = _SCOPE.match(parts[0])
    for said in map(strip_lead, parts):
        spread = scope and not _SCOPE.match(said) and not AMOUNT_NOUN.search(said)
        first = _MEASURED.search(parts[0])
        if first and first.start() and first[0] != said and _MEASURED_TOO.fullmatch(said):
            named.append(parts[0][: first.start()] + said)  # 越级访批次、人次
            continue
        front = len(parts[0]) - len(said)
        if front > 1 and said[-2:] == parts[0][-2:] and len(said) > 2 and not parts[0].endswith(said) and not shared:
            named.append(parts[0][:front] + said)  # 工业生产者出厂价格、购进价格
            continue
        part = scope[0] + said if scope and spread else said  # 限上批发、零售、住宿业营业额
        if (
            shared
            and not AMOUNT_NOUN.search(part)
            and not re.search(r"(?:率|量|额|值|资|入|数|口|出|费|GDP|款|项目|企业|比|度|电|税)\Z", part)
        ):
            named.append(part + shared[0])
        else:
            named.append(part)
    return named
