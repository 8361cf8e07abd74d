"""Which reported figure answers which promise of the same row. Decision 077."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from tasks.model import Observation, Period

_SHORT = 3  # letters below which one name standing inside another says nothing
_ALONE = 2  # the same, where no other quantity of the row could be meant
_ALIKE = 0.6  # share of letters in common of two names that both say something of their own
_LEAD = 0.1  # by which such a pair has to be nearer than any other
_REACH = 60  # letters that a clause is looked for on either side of a figure
_CLAUSE = re.compile("[^,，;；。、:：\n\t|｜]*")  # no further than its cell
# What is made or had, however it is said: 新建充电桩 and 建成充电桩 are one series.
_MADE = re.compile(
    "新改建|新建|建成|建设|新增|净增|建造|打造|完成|实现|培育|新?认定|引进|引育|招引|落地|开展|举办|举行|实施|落实|推进"
    "|累计|交付|投用|启用|竣工|完工|提供|推出|发生|配置|配备|购置|投放|达到?|成功|项目|工程|[“”\"‘’'()（）]"
)
# The same thing in fewer letters, and the ways to say a number of it.
_SPELT = {
    "固投": "固定资产投资",
    "社零": "社会消费品零售",
    "gdp": "生产总值",
    "地区生产总值": "生产总值",
    "国高企": "国家高新技术企业",
    "高企": "高新技术企业",
    "技改": "技术改造",
    "家医": "家庭医生",
    "保租房": "保障性租赁住房",
    "r&d": "研发",
    "规上": "规模以上",
    "限上": "限额以上",
    "均值": "平均",
    "浓度": "",
    "起数": "",
    "人数": "",
}
_SPELLING = re.compile("|".join(map(re.escape, _SPELT)), re.IGNORECASE)
# Words that tell whether a figure is of the promise, by what they tell. Letters of one are never part of another.
_TELLING = {
    # A beginning is not what was promised: 开工改造小区12个 is no result of 改造小区20个. Nor is what was carried over.
    "begun": "开工 动工 开建 启动 进场 施工 签约 储备 谋划 规划 立项 入库 招标 在建 在谈 申报 备案 公示 摸排 报会 洽谈"
    " 遴选 推荐 意向 选址 摸底 编制 方案 筹集 筹建 评审 联审 计划 正在 尚未 未完成 未通过 结转 复工 主体 结顶 封顶"
    " 收尾 平整 土方 开挖 灌浆 浇筑 吊装",
    "done": "建成 竣工 完工 投用 投产 启用 通车 交付 验收 开园 并网",
    # Works and deals of other kinds are other series, however alike the thing is: 新建公园, 改造公园.
    "deed": "改造 整治 维修 修缮 加固 拆除 拆迁 征收 腾空 腾退 出让 收储 盘活 走访 排查 检查 巡查 受理 退出"
    " 关停 修复 评估",
    # A stock is no answer to what is to be added to it.
    "stock": "余额 存量 保有量 总量 在保",
    "more": "新增 净增 增加",
    # What works will cost in all is answered by no year's spending on them.
    "all": "总投资 概算 估算",
    "part": "其中",
    "since": "年初 上年末 去年底",
    "own year": "今年 本年 当年 年内",
    # Parts of a whole: a figure of one part answers no promise of another, nor of the whole.
    "trade": "进出口 进口 出口",
    "side": "收入 支出",
    "money": "存款 贷款",
    "branch": "工业 服务业 农业 制造业 建筑业 批发业 零售业 住宿业 餐饮业 房地产",
    "owner": "民间 国有 外商",
    "crop": "早稻 晚稻 小麦 油菜 夏粮 秋粮 春粮",
    "terms": "普惠",
    "layer": "路面 路基 桩基 基坑 沟槽 垫层 水稳层",
    "rest": "其余 剩余",
    # Siblings: they exclude one another where both are named.
    "settled": "城镇 城市 农村 村级 乡村",
    "level": "国家 省级 市级 区级 县级",
    "school": "小学 初中 高中 中学 幼儿园",
}
_PHASE = "[一二三四五六]期|[东西南北](?=[段延路线岸区])"
_TOWN = re.compile("[一-龥]{1,3}(?:镇|街道|乡)(?!村|级)")
_TOWNS = ("镇", "街道", "乡")
_CLASS = {word: kind for kind, words in _TELLING.items() for word in words.split()}
_FIRST = "".join(sorted({word[0] for word in _CLASS} | set("一二三四五六东西南北")))
_WORD = re.compile(f"(?=[{_FIRST}])(?:{'|'.join([*sorted(_CLASS, key=len, reverse=True), _PHASE])})")
_PARTS = ("trade", "side", "money", "branch", "owner", "crop", "terms", "layer", "rest", "phase")
_SIBLINGS = ("settled", "level", "school", "phase", "town")
_PEOPLE = re.compile("收入|消费|居民")
_NOTHING: frozenset[str] = frozenset()


class Figure(NamedTuple):
    """A quantity with its place, the comparison form of its name, and value and unit in base units."""

    n: int
    item: Observation
    name: str
    value: Decimal
    unit: str | None


def answers(
    promised: Sequence[Figure], reported: Sequence[Figure], period: Period, text: str = ""
) -> dict[int, Figure]:
    """Place of a target → the figure that answers it, for one row. `text` is the document's.

    Measure and unit have to agree. The same name decides; then one name inside the other; then the letters in common,
    where the two names are each other's nearest. Deeds of another kind, parts, siblings and mere beginnings never
    answer. Among figures of one name the one of the document's own period counts.
    """
    found: dict[int, Figure] = {}
    promised, reported = _spelt(promised), _spelt(reported)
    for target in promised:
        alike = [_told_of(target, f) for f in reported if f.unit == target.unit and _comparable(target, f, text)]
        if not alike:
            continue
        named = [f for f in alike if f.name == target.name]
        free = [f for f in named or alike if not _forbidden(target, f, text)]
        if free:
            measure, unit = target.item.measure, target.unit
            rivals = [f for f in promised if f.name != target.name and f.unit == unit and f.item.measure == measure]
            named = _by_name(target, rivals, free, alone=len(alike) == 1, text=text)
            hit = _of_period(_whole(named, text), period)
            if hit:
                found[target.n] = hit
    return found


def _told_of(target: Figure, told: Figure) -> Figure:
    """A figure under the promise's name where its own says besides whose it is: 老旧小区改造惠及居民 for 惠及居民."""
    if len(target.name) > _SHORT and len(told.name) > len(target.name) and told.name.endswith(target.name):
        owner = _told(told.name.removesuffix(target.name))
        if not any(kind in owner for kind in ("begun", *_PARTS, *_SIBLINGS)):
            return told._replace(name=target.name)
    return told


def _comparable(target: Figure, told: Figure, text: str) -> bool:
    over, begins = told.item.period_end, target.item.period_start
    if over and begins and over < begins:
        return False  # 2023年度研发投入强度2.53%, beside a promise of 2024
    since = told.item.comparison == "prior_period"
    if told.item.measure == target.item.measure:
        return not since
    # 净增14家, or 较年初增加14家, answers 新增25家, though one is a change and the other an amount.
    added = target.item.measure == "level" and told.item.measure == "change" and told.value > 0
    if not added or (since and "since" not in _told(_clause(text, told.item))):
        return False
    return "more" in _told(_clause(text, target.item))


def _by_name(
    target: Figure, rivals: Sequence[Figure], free: Sequence[Figure], *, alone: bool, text: str
) -> list[Figure]:
    """The figures of the one name that answers the target; none where it is not told."""
    wanted = target.name
    exact = [f for f in free if f.name == wanted]
    if exact:
        return exact
    # Another target of the row may have the better claim to a figure whose name merely holds this one.
    taken = {f.name for f in rivals}
    free = [f for f in free if f.name not in taken]
    holding = [f for f in free if _holds(f.name, wanted)]
    claims = [r.name for r in rivals if any(not _forbidden(r, f, text) for f in holding or free)]
    if _one_name(holding) and not any(_nearness(claim, holding[0].name) == 1 for claim in claims):
        return holding
    near = _nearest(wanted, claims, holding or free)
    if not near and alone and not rivals:
        # Nothing else can be meant: 征收600户 for 房屋征收3000户, 空气优良率 for 空气质量优良率.
        near = [f for f in free if _abridges(f.name, wanted)]
    return near if _one_name(near) else []


def _one_name(figures: Iterable[Figure]) -> bool:
    return len({f.name for f in figures}) == 1


def _whole(named: Sequence[Figure], text: str) -> Sequence[Figure]:
    """Of figures of one name those of this year (其中今年完成6.74亿元), else those that are no part of another."""
    if len(named) < 2:
        return named
    own = [f for f in named if "own year" in _told(_clause(text, f.item))]
    return own or [f for f in named if "part" not in _told(_clause(text, f.item))] or named


def _of_period(exact: Sequence[Figure], period: Period) -> Figure | None:
    if len(exact) < 2:
        return exact[0] if exact else None
    own = [f for f in exact if f.item.period_end == period.end] or exact
    whole = [f for f in own if f.item.period_start == period.start] or own
    if len({f.value for f in whole}) > 1:
        latest = max((f.item.period_end or date.min) for f in whole)
        whole = [f for f in whole if (f.item.period_end or date.min) == latest]
        if len({f.value for f in whole}) > 1:
            return None
    return whole[0]


def _forbidden(target: Figure, told: Figure, text: str) -> bool:
    """Whether a figure tells of another thing, or of less, than the promise."""
    clause = _clause(text, told.item)
    if told.name == target.name and not _told(clause):
        return False
    return _excludes(target.name, _clause(text, target.item), told.name, clause, told.item.measure)


@lru_cache(maxsize=8192)  # promises are told again in every quarter, and most statuses say the same around a figure
def _excludes(promised: str, beside: str, told: str, around: str, measure: str) -> bool:
    """`_forbidden` of two names and the clauses around their quantities; `measure` is the told figure's."""
    name, clause = _told(told), _told(around)
    wanted = _told(f"{promised}\n{beside}")
    in_all = "all" in _told(promised) and "all" not in name and "all" not in clause
    if not clause and not name:
        return in_all
    begun = _of(name, "begun")
    if (begun | _of(clause, "begun")) - _of(wanted, "begun") and (begun or not _of(clause, "done")):
        return True
    deeds = _of(wanted, "deed")
    if _of(name, "deed") - deeds and not ("改建" in promised and _of(name, "deed") == {"改造"}):
        return True
    if deeds and "新建" in told and "新建" not in promised:
        return True
    if measure == "level" and "stock" in name and "more" in wanted and "stock" not in wanted:
        return True
    if in_all:
        return True
    if any(name[part] - _of(wanted, part) for part in _PARTS if part in name):
        return True
    if "settled" in name and name["settled"] - _of(wanted, "settled") and _PEOPLE.search(told):
        return True
    for kind in _SIBLINGS:
        one, other = _of(wanted, kind), _of(name, kind) | _of(clause, kind)
        if one and other and not one & other:
            return True
    return False


def _of(words: Mapping[str, frozenset[str]], kind: str) -> frozenset[str]:
    return words.get(kind, _NOTHING)


@lru_cache(maxsize=8192)
def _told(text: str) -> Mapping[str, frozenset[str]]:
    """The telling words of a text by their kind."""
    found: dict[str, frozenset[str]] = {}
    for word in _WORD.findall(text):
        kind = _CLASS.get(word, "phase")
        found[kind] = found.get(kind, _NOTHING) | {word}
    if any(word in text for word in _TOWNS):
        found["town"] = frozenset(_TOWN.findall(text))
    return found


def _clause(text: str, item: Observation) -> str:
    """What stands between the stops around a quantity, itself left out."""
    if not text:
        return ""
    backwards = _CLAUSE.match(text[max(0, item.start - _REACH) : item.start][::-1])
    onwards = _CLAUSE.match(text, item.end, item.end + _REACH)
    return (backwards[0][::-1] if backwards else "") + (onwards[0] if onwards else "")


def _nearest(wanted: str, rivals: Sequence[str], free: Sequence[Figure]) -> list[Figure]:
    """The figures of the one name nearest to the promise, if no other promise is as near to it and no name as near."""
    scores = {f.name: _nearness(wanted, f.name) for f in free}
    best = max(scores.values(), default=0.0)
    if not best:
        return []
    names = [name for name, score in scores.items() if score == best]
    others = [score for name, score in scores.items() if name not in names]
    others += [_nearness(rival, names[0]) for rival in rivals]
    lead = 0.0 if _contained(wanted, names[0]) else _LEAD
    if len(names) != 1 or any(score >= best or score > best - lead for score in others):
        return []
    return [f for f in free if f.name == names[0]]


@lru_cache(maxsize=8192)
def _nearness(one: str, other: str) -> float:
    """0..1: share of letters in common; 0 where too few are, or where the shorter of the two says too little."""
    short, long = _cores(one, other)
    if short == long:
        return 1.0
    if len(short) < _SHORT:
        return 0.0
    common = (Counter(short) & Counter(long)).total()
    share = 2 * common / (len(short) + len(long))
    return share if common == len(short) or share >= _ALIKE else 0.0


def _contained(one: str, other: str) -> bool:
    short, long = _cores(one, other)
    return (Counter(short) & Counter(long)).total() == len(short)


def _cores(one: str, other: str) -> tuple[str, str]:
    """The two names without words of making, the shorter first; whole where nothing else stands in one of them."""
    cores = _core(one), _core(other)
    short, long = sorted(cores if all(cores) else (one, other), key=len)
    return short, long


@lru_cache(maxsize=8192)
def _core(name: str) -> str:
    return _MADE.sub("", name)


def _spelt(figures: Iterable[Figure]) -> list[Figure]:
    return [f if (name := _spelling(f.name)) == f.name else f._replace(name=name) for f in figures]


@lru_cache(maxsize=8192)
def _spelling(name: str) -> str:
    return _SPELLING.sub(lambda found: _SPELT[found[0].lower()], name)


def _holds(one: str, other: str) -> bool:
    short, long = _cores(one, other)
    return len(short) >= _SHORT and short in long


def _abridges(one: str, other: str) -> bool:
    """Whether the letters of the shorter name stand in the longer one in their order."""
    short, long = _cores(one, other)
    if len(short) < _ALONE or not set(short) <= set(long):
        return False
    rest = iter(long)
    return all(letter in rest for letter in short)
