"""Heads that say too little alone, completed by the series before them: which ones, learnt from labels.

That 装修, 出水达标率 or 惠及群众 needs to be told of what, and 就业 or 招聘会 does not, follows from no rule: it is a
matter of vocabulary. A linear model of the head's characters and of what stands between it and the series before
decides (decision 034). Its weights are data, made by `tools/names.py` from labelled texts; names that the rules have
completed are whole to it, since it has learnt from what the rules give.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from tasks.model import Observation
from tasks.observe.made import renamed
from tasks.observe.owners import as_owner, dealt_with, is_works, names_works, works_of
from tasks.observe.owners import topic as project_of
from tasks.observe.topics import names_topic, topic_of
from tasks.observe.verbs import is_deed
from tasks.observe.wholes import NOUN_BEHIND, features, mark, of_way, opened, summed, whole_names, whole_of
from tasks.observe.words import BARE_ENDS, BARE_HEAD, EVENT, EVENT_OPENS, HEADS

LEAST = "<least>"  # stands among the weights: the score below which a head is whole, wherever it stands
_LONGEST = 34  # characters of a name
_HEAD_AT_END = re.compile(f"(?:{HEADS}|零售总额|(?:平均|日均|年度|全年)?[^,;、]{{2}}(?:率|额|量|数|度))\\Z")
_HEAD_REACH = 8
_KIND = 8  # characters of a head that may be a kind of the series before
_BEHIND = re.compile("[^,;、。:()，；：。（）0-9\n]{2,16}")  # a figure: what its things are told to have done
_LACKS = 1.0  # the score of a head from which it lacks its owner whatever stands around it
_SHORT = 4  # characters of a head that may stand in the place of another
_PHYSICAL = re.compile("米|亩|公顷|吨|千瓦|里|升")
_ONLY_EVENT = re.compile("[^,;、]{1,4}[中后前]|(?:已|正在|正|拟|待|未)[^,;、]{1,4}")
_LABEL = re.compile(
    "(?:\\A|[,;。,；。\n])(?:[0-9]{1,2}[.．、]|[(（][0-9一二三四五六七八九十]{1,2}[)）]|[①-⑩])?(?P<label>(?:[^,;。:、()，；：。（）0-9“”]|(?<=[A-Z])[0-9]{1,4}){3,16})[:：]"
    "(?=[^,;。，；]*\\Z)"
)
_NEXT_ITEM = re.compile("[;。；。\n](?:[0-9]{1,2}[.．、](?![0-9])|[(（][0-9一二三四五六七八九十]{1,2}[)）]|[①-⑩])")
_OF_ALL = re.compile("全[省市州区县旗镇乡](?![域面])")
_SPENT_ON = frozenset(("投资", "总投资", "完成投资", "年度投资", "计划投资", "年度计划投资"))
_LEAST_CLAUSE = 6  # characters
_CLAUSE = re.compile(r"(?:\A|(?<=[,;。，；\n]))[^,;。:()，；：。（）\n]{6,}(?=[,;，；])")
_DONE_TO = re.compile("覆盖|惠及|涉及|带动|采购|投入|全部|所有|[0-9][个项所处条座家]")  # no name, what is told of some
_SIZED = "米"  # the class of lengths, areas, weights
_RATES = frozenset("率比例重额")
_PLACE = re.compile("[^,;、]{1,4}(?:镇|乡|街道|[^小社园片景校院库灌城矿港辖]区|县|市|州|省)")
_AT_PLACE = re.compile("\\A[^,;、小社园景片]{1,3}(?:镇|乡|街道|区|县|市|州)(?=..)")
_ENDED = re.compile(
    "(?<=..)(?:全部|全面|均已?)?(?:[完竣开动]工|建成|投[用运]|交付|[封结]顶|通车)(?:使用|投用|验收)?\\Z"
)
_PLACE_ENDS = frozenset("镇乡道区县市州省")
_STOPS = ((";；", ";"), ("(（", "("), (",，", ","), ("、", "、"))


class Owner(NamedTuple):
    """A series that later heads may belong to. `times`: how many it has completed so far."""

    metric: str
    end: int
    unit: str
    measure: str
    times: int


class Choice(NamedTuple):
    """A way to complete a head: the whole name, and the features that speak for or against it."""

    name: str
    features: tuple[str, ...]


_SERIES = re.compile(
    "值|额|量|收入|投资|支出|税|[进出]口|销售|零售|用电|贷款|存款|消费|利润|价格|费|数|面积|增速|率|比重|价|营收"
)


_PARTED = re.compile("(?:从[^,;。，；]{2,14}|分[^,;。，；]{2,8})看[,，]|按[^,;。，；]{2,10}分[,，]")
_PART_REACH = 120  # characters from what says that parts follow


def complete(text: str, found: list[Observation], since: int, project: str | None = None) -> None:
    """Complete the names of one sentence's observations, `found[since:]`, in their place.

    `text` is the whole text that the observations' offsets are of; `project` what all of it is about.
    """
    owner: Owner | None = None
    known: dict[str, str] = {}
    alone: set[str] = set()
    topic, last = "", found[since].start if since < len(found) else 0
    parts_from = adds_up_to = -1
    so_told: tuple[str, str] | None = None  # of which whole the last part is, and how it was named
    for at in range(since, len(found)):
        seen = found[at]
        head = seen.metric
        if at > since:
            parts_from = opened(text, parts_from, found[at - 1], seen, at)
            if parts_from == at:
                adds_up_to = summed(text, found, since, at)
        topic, last = topic_of(text, topic, last, seen.start, first=at == since), seen.end
        if topic and head and head[-1] in _PLACE_ENDS and _PLACE.fullmatch(head):
            found[at] = renamed(seen, head + topic)  # 家庭医生签约:老城街道4.1万人、江畔街道3.7万人
            continue
        if topic and head and not (is_bare(head, seen.unit, seen.measure) or is_deed(head)):
            topic = ""  # what follows is of that
        elif topic:
            whole = joined(topic, head) if head else topic
            if whole:
                found[at] = renamed(seen, whole)
                owner = Owner(topic, seen.end, "-", "label", 1)
                continue
        if at > since and owner is not None and _NEXT_ITEM.search(text, found[at - 1].end, seen.start):
            owner = None
            known.clear()
            alone.clear()
        if not head or text.startswith("中有", seen.end + len(head)):
            continue  # 90个建制镇中有17个…
        label = labelled(text, owner, seen.start, found[at - 1].end if at > since else 0)
        if label is not owner:  # 甲桥:…;乙桥:… are told apart
            owner = label
            known.clear()
            alone.clear()
        if owner is None and project is not None and not _tells_of_all(text, seen.start):
            owner = Owner(project, seen.start, "-", "label", 0)
        counted = whole_of(text, found, since, parts_from, seen, adds_up_to) if parts_from >= 0 else None
        if counted is not None and at > parts_from >= 0:
            thing = found[parts_from]  # 其中亿元以上项目41个,…,完成投资28亿元: theirs, not a part of all that was spent
            if thing.metric and thing.unit != seen.unit and names_works(thing.metric):
                if head in _SPENT_ON:
                    found[at] = renamed(seen, joined(thing.metric, head) or head)
                if head in _SPENT_ON or head.startswith(thing.metric):
                    continue
        if counted is not None:
            gap = text[found[at - 1].end : seen.start]
            like = so_told[1] if so_told is not None and so_told[0] == counted and gap[:1] == "、" else ""
            part = part_of(counted, head, seen.unit, seen.measure, gap, like)
            if part is not None:
                found[at] = renamed(seen, part[1])
            so_told = (counted, part[0]) if part is not None else None
            continue
        whole = known.get(head) or _progress_beside(text, owner, seen, found[at - 1].unit if at > since else None)
        if whole is None and owner is not None and owner.metric != head and head not in alone:
            whole = _best(text, owner, seen)
        if whole is None:
            owner = owning(text, head, seen.end, seen.unit, seen.measure) or owner
            known.clear()
            alone.add(head)
            continue
        known[head] = whole
        found[at] = renamed(seen, whole)
        if owner is not None:
            owner = Owner(owner.metric, seen.end, owner.unit, owner.measure, owner.times + 1)


def owning(text: str, metric: str, end: int, unit: str | None, measure: str) -> Owner | None:
    """A series as the owner of later heads; None for what is only an event (开工, 施工中), or what some of the things
    counted before are told to have done (起降点41个,另有26个[获得批复])."""
    behind = _BEHIND.match(text, end)
    if behind is not None and behind[0].endswith(metric[-2:]) and metric[:2] not in behind[0]:
        return None
    if _ONLY_EVENT.fullmatch(metric) or EVENT.fullmatch(metric) or is_bare_alone(metric):
        return None
    return Owner(metric, end, unit_class(unit), measure, 0)


def _are_parts(text: str, owner: str, head: str, start: int) -> bool:
    """Whether two names that have grown stand beside each other as parts of what was said before both: 采矿业, 制造业;
    从主要产品看,精制茶, 纱."""
    if _SERIES.search(owner) is not None:
        return False
    if owner[-1] == "业" == head[-1]:
        return True
    since = max(text.rfind("。", 0, start), text.rfind("\n", 0, start), start - _PART_REACH)
    return _PARTED.search(text, since + 1, start) is not None


def is_bare_alone(metric: str) -> bool:
    """Whether a name says too little of its own to own another: 签约率, 总投资."""
    return metric[-1] in BARE_ENDS and BARE_HEAD.fullmatch(metric) is not None


def labelled(text: str, owner: Owner | None, start: int, told: int = 0) -> Owner | None:
    """The owner of what begins at `start`: a label told since the last one (城市消防:平台施工…) takes its place, and a
    project of which a clause tells that has no figures, behind the last one, which ends at `told` (岑河整治工程开工,
    治理河长…)."""
    since = owner.end if owner is not None else max(0, start - _LONGEST)
    if text.find(":", since, start) < 0 and text.find("：", since, start) < 0:
        return _spoken_of(text, owner, max(since, told), start)
    found = _LABEL.search(text, since, start)
    if found is None or not names_topic(found["label"]):
        return owner
    name = found["label"].strip()
    return Owner(name, found.end(), "-", "label", 0)


def _tells_of_all(text: str, start: int) -> bool:
    """Whether the clause before `start` says that what it counts is of all the county: 全县新增就业3200人."""
    since = max(text.rfind(stop, 0, start) for stop in ",，;；。\n")
    return _OF_ALL.search(text, since + 1, start) is not None


def _spoken_of(text: str, owner: Owner | None, since: int, start: int) -> Owner | None:
    if start - since <= _LEAST_CLAUSE:
        return owner
    last = max(text.rfind(",", since, start), text.rfind("，", since, start))
    since = max(since, text.rfind(";", since, start), text.rfind("；", since, start), text.rfind("。", since, start))
    if last - since < _LEAST_CLAUSE:
        return owner
    for clause in reversed([*_CLAUSE.finditer(text, since, start)]):
        named = project_of(clause[0]) if clause.end() < start else None
        if named is not None and is_works(named) and _DONE_TO.search(named) is None:
            return owner if owner is not None and named in owner.metric else Owner(named, clause.end(), "-", "label", 0)
    return owner


def _progress_beside(text: str, owner: Owner | None, seen: Observation, unit: str | None) -> str | None:
    """How far another part of the same project is: 岑河大桥桩基完成80%,承台完成45%; or how long, where
    the figure before it has the same `unit`."""
    head = seen.metric
    if owner is None or not head or owner.measure != seen.measure or owner.unit != unit_class(seen.unit):
        return None
    lengths = seen.measure == "level" and seen.unit == unit and owner.unit == _SIZED and not BARE_HEAD.fullmatch(head)
    if not lengths and (seen.unit != "%" or head[-1] in _RATES):
        return None
    if _between(text, owner.end, seen.start) not in (("、",) if lengths else (",", "、")):
        return None
    works = works_of(owner.metric)
    return joined(works, head) if works is not None and not names_works(head) else None


def _best(text: str, owner: Owner, seen: Observation) -> str | None:
    """The head with the part of the owner that it belongs to; None where it says enough alone."""
    head = seen.metric
    assert head is not None
    if seen.measure == "growth" == owner.measure and _are_parts(text, owner.metric, head, seen.start):
        return None
    between = text[owner.end : seen.start]
    if between[:1] == "、" and len(head) >= _SHORT and is_deed(head[-2:]) and is_deed(owner.metric[-2:]):
        return None  # 堤身填筑9.1公里、护岸砌筑7.4公里
    learnt = weights()
    unit = unit_class(seen.unit)
    score = _of_head(head, unit, seen.measure)
    if score < learnt.least:
        return None  # whatever stands around it
    get = learnt.of.get
    for feature in around(owner, head, unit, seen.measure, _between(text, owner.end, seen.start)):
        score += get(feature, 0.0)
    if score + learnt.most_of_kind <= 0:
        return None
    best, name = 0.0, None
    for kind, whole in ways(owner.metric, head):
        total = score + get(f"<k{kind}", 0.0) + get(f"<k{kind}{min(len(head), 7)}", 0.0)
        if total > best:
            best, name = total, whole
    return name


def part_of(whole: str, head: str, unit: str | None, measure: str, gap: str, like: str = "") -> tuple[str, str] | None:
    """How a part is named, and the name with what it leaves unsaid; None where it says enough alone. `like`: how the
    part right before it in a list was named, as which this one is where it does not end as the whole does."""
    get = weights().of.get
    sort = unit_class(unit)
    shared = _of_head(head, sort, measure) + sum([get(each, 0.0) for each in features(whole, head, sort, mark(gap))])
    best: tuple[str, str] | None = None
    most = 0.0
    for kind, way in whole_names(whole, dealt_with(as_owner(whole) or whole), head):
        if kind == like and kind in NOUN_BEHIND and head[-1] != whole[-1]:
            return kind, way
        score = shared + sum([get(each, 0.0) for each in of_way(whole, head, kind)])
        if score > most:
            most, best = score, (kind, way)
    return best


def part_choices(whole: str, head: str, unit: str | None, measure: str, gap: str) -> list[Choice]:
    """All ways to complete the name of a part with all their features."""
    sort = unit_class(unit)
    shared = (*of_head(head, sort, measure), *features(whole, head, sort, mark(gap)))
    thing = dealt_with(as_owner(whole) or whole)
    return [Choice(name, (*shared, *of_way(whole, head, kind))) for kind, name in whole_names(whole, thing, head)]


def choices(text: str, owner: Owner, head: str, unit: str, measure: str, start: int) -> list[Choice]:
    """All ways to complete a head with all their features: what the weights are learnt from."""
    between = _between(text, owner.end, start)
    shared = (*of_head(head, unit, measure), *around(owner, head, unit, measure, between))
    return [
        Choice(whole, (*shared, f"<k{kind}", f"<k{kind}{min(len(head), 7)}"))
        for kind, whole in ways(owner.metric, head)
    ]


def is_bare(head: str, unit: str | None, measure: str) -> bool:
    """Whether a head says too little alone, wherever it stands."""
    if head[-1] in BARE_ENDS and BARE_HEAD.fullmatch(head):
        return True
    return EVENT.fullmatch(head) is not None or _of_head(head, unit_class(unit), measure) > _LACKS


@lru_cache(maxsize=1 << 13)
def _of_head(head: str, unit: str, measure: str) -> float:
    of, score = weights().of, 0.0
    for feature in of_head(head, unit, measure):
        score += of.get(feature, 0.0)
    return score


def of_head(head: str, unit: str, measure: str) -> list[str]:
    """Features of the head alone: its characters by one, two and three, its length, what it counts."""
    whole = f"^{head}$"
    size = len(whole)
    features = [*head]
    features += [whole[i : i + 2] for i in range(size - 1)]
    features += [whole[i : i + 3] for i in range(size - 2)]
    bare = head[-1:] in BARE_ENDS and BARE_HEAD.fullmatch(head) is not None
    event = (head[:2] in EVENT_OPENS or head[:1] in EVENT_OPENS) and EVENT.fullmatch(head) is not None
    features += ("<any>", f"<l{min(size - 2, 7)}", f"<u{unit}", f"<m{measure}", f"<e{head[-2:]}{unit}")
    if bare:
        features.append("<bare>")
    if event:
        features.append("<event>")
    return features


def around(owner: Owner, head: str, unit: str, measure: str, between: str) -> tuple[str, ...]:
    """Features of where the head stands: what parts it from the owner (`between`), and what the owner is."""
    length = min(len(head), 7)
    name = owner.metric
    shares = any(head[i : i + 2] in name for i in range(len(head) - 1))
    return (
        f"<s{between}",
        f"<su{between}{unit}",
        f"<sl{between}{length}",
        f"<ou{owner.unit}{unit}",
        f"<om{owner.measure}{measure}",
        f"<ol{min(len(name), 9)}",
        f"<oll{min(len(name), 9)}{min(length, 5)}",
        f"<t{min(owner.times, 2)}",
        "<shares>" if shares else "<apart>",
    )


def _between(text: str, start: int, end: int) -> str:
    """What parts two figures: the strongest mark between them."""
    gap = text[start:end]
    for marks, said in _STOPS:
        if any(mark in gap for mark in marks):
            return said
    return "_"


def unit_class(unit: str | None) -> str:
    """The sort of a unit, as features tell it."""
    if unit is None:
        return "-"
    if "元" in unit:
        return "元"
    if "%" in unit or "‰" in unit:
        return "%"
    if unit.endswith("百分点"):
        return "点"
    if _PHYSICAL.search(unit):
        return "米"
    if unit in ("位", "名"):
        return unit
    return "人" if "人" in unit or "户" in unit else "个"


def ways(owner: str, head: str) -> list[tuple[str, str]]:
    """The whole names that an owner's parts and a head give, each with the kind of the part."""
    found: list[tuple[str, str]] = []
    if head[:2] == owner[:2] or (len(head) > 2 and head[-2:] == owner[-2:]):
        return found  # the one beside the other
    if any(len(part) > 2 and part in head for _, part in parts(owner)) or (len(owner) > 4 and owner[:4] in head):
        return found  # it says whose it is
    if head[-1] in _PLACE_ENDS and _PLACE.fullmatch(head):  # where, not what: 云岫镇2个卫生室均已投用,横渡镇建成1个
        said: list[tuple[str, str | None]] = [("place", head + _AT_PLACE.sub("", owner))]
    else:
        said = [
            *_twins(owner, head),
            *((kind, joined(part, head)) for kind, part in parts(owner)),
            *_kinds(owner, head),
        ]
    known: set[str] = set()
    for kind, whole in said:
        if whole is not None and whole not in known:
            known.add(whole)
            found.append((kind, whole))
    return found


def _twins(owner: str, head: str) -> list[tuple[str, str | None]]:
    """The head in the place of its like: 大运河公园幕墙, 装修 → 大运河公园装修; B类人才, C类 → C类人才."""
    size = len(head)
    if size > _SHORT or len(owner) < size + 2:
        return []
    like = "alike" if owner[-1] == head[-1] or owner[-size] == head[0] else "other"
    found: list[tuple[str, str | None]] = [(f"end{like}", owner[:-size] + head)]
    if owner[size - 1] == head[-1]:
        found.append(("front", head + owner[size:]))
    return found


def _kinds(owner: str, head: str) -> list[tuple[str, str | None]]:
    """The head as a kind of the owner (发电量, 火电 → 火电发电量; 新能源装机, 风电 → 风电装机)."""
    found: list[tuple[str, str | None]] = []
    if len(head) <= _KIND:
        found.append(("fore", joined(head, owner)))
        found += [(f"fore{size}", head + owner[-size:]) for size in (2, 3) if len(owner) > size + 1]
    return found


@lru_cache(maxsize=1 << 12)
def parts(metric: str) -> tuple[tuple[str, str], ...]:
    """What of a series can own a head, each with its kind: the thing without what was done to it, without its own
    head, and the whole name."""
    found: dict[str, str] = {}
    thing = _ENDED.sub("", dealt_with(as_owner(metric) or metric))
    if len(thing) >= 2:
        found[thing] = "thing"
    head = _HEAD_AT_END.search(metric, max(0, len(metric) - _HEAD_REACH))
    if head is not None and head.start() > 1:
        of_head = dealt_with(metric[: head.start()])
        if len(of_head) >= 2:
            found.setdefault(of_head, "headless")
    found.setdefault(metric, "whole")
    return tuple((kind, part) for part, kind in found.items())


def joined(owner: str, head: str) -> str | None:
    """Owner and head in one, what both say said once; None where the one says the other or it becomes too long."""
    if head.startswith(owner) or owner.endswith(head):
        return None
    whole = owner + head
    for shared in (4, 3, 2):
        if len(head) > shared and len(owner) > shared and owner.endswith(head[:shared]):
            whole = owner + head[shared:]
            break
        at = owner.find(head[:shared]) if len(head) > shared else -1
        if at > 0:
            whole = owner[:at] + head
            break
    return whole if len(whole) <= _LONGEST else None


class _Weights(NamedTuple):
    """The weight of each feature that has one; the score that a head alone must have at least (`LEAST`); the most that
    the kind of a part can add."""

    of: dict[str, float]
    least: float
    most_of_kind: float


@lru_cache(maxsize=1)
def weights() -> _Weights:
    """What labels have taught, read once a process."""
    lines = files("tasks.observe").joinpath("learnt.tsv").read_text(encoding="utf-8").splitlines()
    of = {feature: float(weight) for feature, _, weight in (line.rpartition("\t") for line in lines)}
    of_kind = 2 * max([weight for feature, weight in of.items() if feature.startswith("<k")], default=0.0)
    return _Weights(of, of.get(LEAST, 0.0), of_kind)
