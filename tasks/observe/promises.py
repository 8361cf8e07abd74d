"""Figures of a status that say too little alone, named by what the commitment beside it promised.

Content 加梯60台以上, status 完工27台: the table has said what is counted, and the clerk does not say it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from tasks.model import Observation
from tasks.observe.learnt import is_bare, joined
from tasks.observe.lists import tells_instances
from tasks.observe.made import renamed
from tasks.observe.nouns import right_noun, told_of
from tasks.observe.owners import as_owner, dealt_with, is_level, topic
from tasks.observe.verbs import is_deed
from tasks.observe.words import EVENT, EVENTS

_EVENT_AFTER = re.compile(f"(?:已经?|全部|均已?|正在?)*(?P<event>{EVENTS})")
_NOTHING_AFTER = re.compile(r"[\s,，;；。、:：()（）]|已|均|全部|正|尚|\Z")
_EVENT_AT_END = re.compile(f"(?<=..)(?:全部|全面)?(?:{EVENTS})\\Z")
_DONE_RATE = re.compile(f"(?:完成|{EVENTS})率")
_CLAUSE = re.compile('(?:[“"][^”"]{0,30}[”"]|[^,，。;；:：\n“"])+')
_UNDERTAKES = re.compile(
    "(?:(?:一批|全[市区县省]|全面|大力|深入|持续|继续|积极|扎实|稳步|统筹|加快|着力|有序|切实|进一步|不断|全力|高标准|高质量|力争|确保|努力|"
    "认真|及时|按时|按期|逐步|推进|推动|推广|加强|强化|完善|建设|建成|提升|提高|改善|优化|实施|启动|开展|做好|抓好|深化|健全|扩大|支持|促进|落实|"
    "组织|举办|办好|打造|构建|建立|新建|完成|实现|保障|保持|加大|开办|创建|培育|发展|巩固|拓展|增加|设立|督促|鼓励|规范)"
    "(?![性化率型式度者]))+"  # 保障性住房, 规范化建设
)
_DEALT_BEFORE = re.compile("\\A(?:新建|改建|扩建|改造|更新|建设|建成|修建|修缮|整治|提升|实施|完成|开展|推进)+")
_REST = re.compile("(?:其余|剩余|余下|余|其他|还有)(?:的)?\\Z")
_CLAUSES = re.compile("[^。；;\n]*")
_FIGURE = re.compile("[0-9０-９]")
_SIZE = re.compile(r"[0-9０-９](?:[%％万亿个家项户]|[平公]|个百分点)")  # 外贸进出口增长5%
_HOW_FAR = re.compile(
    "(?<=..)(?:[与同和][^,;]{2,10}(?:同步|持平|相当)|(?:办理)?(?:质效|水平|力度|能力|进度|工作|布局|标准))\\Z"
)
# How far each of the things is, where that is neither an event nor a deed.
_STAGE = re.compile(
    "(?:正在|处于|拟|待)*(?:招标|招投标|进场|收尾|设计|施工|前期|评审|报批|审批|立项|勘察|动工|推出|通水|通电|销号|滞后|达标|延期|暂缓)"
    "(?:中|阶段|准备|手续)?"
)
_NEAR = 4  # characters before a figure
_LONGEST = 34  # characters of a name


def named_by(
    promise: Iterable[Observation], text: str, told: list[Observation], content: str | None = None
) -> list[Observation]:
    """`told`, a status' observations, with those names completed that the promise tells.

    `text` is what the offsets of `told` are of, `content` the promise itself. Nothing but names changes, and only those
    that are missing, tell of an event alone (完工, 核销, 开工率) or are bare (投资). A unit in which two things were
    promised names none, unless as many figures without a name answer them.
    """
    promise = list(promise)
    told = _in_turn(_by_unit(promise, text, told), promise)
    counted = {each.unit for each in promise if each.measure == "level"}
    return _of_theme(told, theme(content or "", promise), counted)


def _asked(promise: list[Observation]) -> dict[str, list[str]]:
    """All that was promised, by unit, in the order of the promise."""
    asked: dict[str, list[str]] = {}
    for each in promise:
        if each.metric and each.unit and each.measure == "level":
            asked.setdefault(each.unit, []).append(each.metric)
    return asked


def _by_unit(promise: list[Observation], text: str, told: list[Observation]) -> list[Observation]:
    """Names completed by what was promised in the figure's unit."""
    names: dict[str, str | None] = {}
    things: dict[str, str | None] = {}
    since = None
    asked = _asked(promise)
    last = ""  # the one of them that was told of last
    for each in promise:
        if each.period_start and (since is None or each.period_start < since):
            since = each.period_start
        if each.metric and each.unit and each.measure == "level":
            thing = _thing(each.metric)
            same = things.setdefault(each.unit, thing) == thing
            names[each.unit] = each.metric if same and names.get(each.unit, each.metric) == each.metric else None
            things[each.unit] = thing if same else None
    if not things:
        return told
    several = {unit: those for unit, those in asked.items() if things[unit] is None}
    known = set(things.values())
    only = known.pop() if len(known) == 1 else None
    named: list[Observation] = []
    counted = False  # whether the status has told how many of what was promised: a rate behind it is of that
    others: set[str] = set()  # units in which the status has told of another thing: what follows may be of that
    for seen in told:
        unit, head = seen.unit or "", seen.metric
        whole, promised = None, things.get(unit)
        if since and seen.period_end and seen.period_end < since:
            pass  # 去年结转的4500亩
        elif promised and (not head or EVENT.fullmatch(head)) and _is_rest(text, seen, head):
            whole = f"其余{promised}"  # 建成2.6万亩,其余0.6万亩推迟: nothing of it is done
        elif unit == "%":
            whole = only + head if only and counted and head and _DONE_RATE.fullmatch(head) else None
        elif promised and head and "、" in head and _named_one_by_one(text, seen, head):
            whole, counted = promised + told_of(text, seen.end), True  # 石门、柳沟2座已完工 of 除险加固水库5座
        elif head and len(head) > 2 and (full := _told_short(head, asked.get(unit, ()))):
            whole, counted, last = full, True, _thing(full)  # 暑托班120个 of 爱心暑托班100个
        elif unit in several and head and unit not in others:
            told_so = [each for each in several[unit] if each.startswith(head) and _lacks_thing(head)]
            last = _thing(told_so[0]) if len(told_so) == 1 else last
            whole = told_so[0] if len(told_so) == 1 else _whole(seen, text, None, last) if last else None
            if not whole:
                last = ""
        elif promised and unit not in others:
            whole = _whole(seen, text, names.get(unit), promised)
            if whole or (head and _share(head, promised)):
                counted = True
            elif head:
                others.add(unit)
        named.append(renamed(seen, whole) if whole and len(whole) <= _LONGEST else seen)
    return named


def _in_turn(told: list[Observation], promise: list[Observation]) -> list[Observation]:
    """Figures without a name, as many as were promised in their unit, answer them one after the other; a rate without
    a name is of the figure that was named so before it."""
    asked = _asked(promise)
    given: dict[str, list[Observation]] = {}
    for seen in told:
        if seen.unit in asked:
            given.setdefault(seen.unit, []).append(seen)
    names = {
        unit: iter(asked[unit])
        for unit, those in given.items()
        if len(those) == len(asked[unit]) > 1 and not any(each.metric for each in those)
    }
    if not names:
        return told
    named: list[Observation] = []
    last = None
    for seen in told:
        if seen.metric:
            last = None
        elif seen.unit in names:
            last = next(names[seen.unit])
        named.append(
            renamed(seen, last) if last and not seen.metric and (seen.unit == "%" or seen.unit in names) else seen
        )
    return named


def _of_theme(told: list[Observation], of: str, promised: set[str | None]) -> list[Observation]:
    """Bare names (投资, 完成率, 办结) behind the one thing that the promise is about. What is counted in another unit
    than was promised (`promised`) may be of another thing."""
    if not of:
        return told
    named: list[Observation] = []
    another = False  # whether another thing was told of last: what follows may be of that
    for seen in told:
        head = seen.metric
        whole = None
        if promised and seen.measure == "level" and seen.unit not in promised and "元" not in (seen.unit or ""):
            another = another or not _share(of, head or "")
        elif not head:
            whole = of if not promised and not another else None  # 前三季度绝对数16310元
        elif len(head) > 3 and head[:2] == of[-2:] and is_bare(head[2:], seen.unit, seen.measure):
            whole = of + head[2:]  # 项目总投资 of 市体育中心改造提升项目
        elif is_bare(head, seen.unit, seen.measure):
            sibling = of.endswith("进出口") and head in ("进口", "出口")
            whole = joined(of, head) if not (another or sibling or head in of or is_level(head)) else None
        else:
            another = not _share(of, head)
        named.append(renamed(seen, whole) if whole else seen)
    return named


def theme(content: str, promise: list[Observation]) -> str:
    """The one thing that a promise is about; empty where it is about several, or says so in no word."""
    things = {_thing(each.metric) for each in promise if each.metric and each.measure == "level"}
    if things:
        return things.pop() if len(things) == 1 else ""
    about = _about(content)
    if not _SIZE.search(about):
        return about
    asked = {each.metric for each in promise if each.metric}  # 外贸进出口增长5% is about 外贸进出口
    return asked.pop() or "" if len(asked) == 1 else ""


@lru_cache(maxsize=8192)
def _about(content: str) -> str:
    clauses = [clause.strip() for clause in _CLAUSE.findall(content)]
    clauses = [clause for clause in clauses if not _FIGURE.search(clause)] if len(clauses) > 1 else clauses
    if len(clauses) != 1 or len(clauses[0]) > _LONGEST or "、" in clauses[0]:
        return ""
    undertaken = _UNDERTAKES.match(clauses[0])
    about = clauses[0][undertaken.end() :] if undertaken else clauses[0]
    about = topic(about) or _HOW_FAR.sub("", about)
    return about if len(about) > 2 else ""


def _share(one: str, other: str) -> bool:
    """Whether two names have two neighbouring characters in common."""
    return any(one[at : at + 2] in other for at in range(len(one) - 1))


def _whole(seen: Observation, text: str, promised: str | None, thing: str) -> str | None:
    """The name of a figure that has none, or only an event, by the thing that was promised in its unit."""
    head = seen.metric
    if head is None:
        told = told_of(text, seen.end)
        if told and not text.startswith(told, seen.end):
            return thing + told  # 10条已开工, 3条正在办理前期手续; a noun alone is another thing
        event = _EVENT_AFTER.match(text, seen.end)
        if event:
            return thing + event["event"]
        return (promised or thing) if _NOTHING_AFTER.match(text, seen.end) else None
    if thing[-2:] not in head and not text.startswith(head, seen.end) and told_of(text, seen.end) == head:
        return thing + head
    if not _lacks_thing(head):
        return None
    if promised and (promised.startswith(head) or promised.endswith(head)):
        further = is_deed(promised[len(head) : len(head) + 2])  # 排查36处 of 排查整治30处 is not all of it
        return thing + head if promised.startswith(head) and further else promised  # 出让经营性用地, 出让9宗
    return thing + head


def _is_rest(text: str, seen: Observation, head: str | None) -> bool:
    """Whether a figure is the rest of what was promised, and what is told before it is not told of it."""
    rest = _REST.search(text, max(0, seen.start - _NEAR), seen.start) is not None
    after = _CLAUSES.match(text, seen.end)
    return rest and (head is None or after is None or head not in after[0])


def _named_one_by_one(text: str, seen: Observation, head: str) -> bool:
    """Whether a name is the names of the things counted, one after the other, and no noun stands behind the count."""
    some = text[max(0, seen.start - 1) : seen.start] == "等"
    return tells_instances(head, seen.value, some=some) and not right_noun(text, seen.end)


def _told_short(head: str, promised: Iterable[str]) -> str:
    """`head` with all of the thing promised whose last word it says (暑托班, 开工项目), if that is one and no other."""
    full = {each for each in promised if each.endswith(head)}
    if full:
        return full.pop() if len(full) == 1 and head not in map(_thing, full) else ""
    thing = dealt_with(head)
    whole = {told for told in map(_thing, promised) if told.endswith(thing)}
    if len(whole) != 1 or thing in whole or not head.endswith(thing):
        return ""
    more = _DEALT_BEFORE.sub("", whole.pop())  # 建成农村公路 of what is to be 建设农村公路 says all
    return head.removesuffix(thing) + more if more != thing else ""


def _lacks_thing(head: str) -> bool:
    """Whether a name says what happened and not to what."""
    return EVENT.fullmatch(head) is not None or is_deed(head) or _STAGE.fullmatch(head) is not None


@lru_cache(maxsize=8192)  # promises are told again in every quarter
def _thing(metric: str) -> str:
    """What was promised, without what is to be done to it: 新建站点 → 站点, 小区全面开工 → 小区."""
    thing = dealt_with(as_owner(metric) or metric).lstrip("、及和与")
    return _EVENT_AT_END.sub("", thing)
