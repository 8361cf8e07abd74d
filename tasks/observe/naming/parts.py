"""Parts and kinds of what was told before, and measures of it: by grade, place, branch, a head, at most."""

from __future__ import annotations

import re

from tasks.observe.lists import QUALIFIER, part_of
from tasks.observe.naming.case import Case, Name
from tasks.observe.naming.events import opens_event
from tasks.observe.naming.going_on import without_event
from tasks.observe.nouns import told_of
from tasks.observe.owners import at_level, dealt_with, is_level
from tasks.observe.words import EVENT_TAILS, OBJECT, SERIES_END

_THAT = re.compile(
    "(?:其中|另有|还有|目前|剩余|主要)*(?P<part>(?![^的]*(?:年|同期|由|较|比|原来))[^,;:、()0-9]{2,14}?)的(?:还有|仅有|已有|共有|有|共|约|为|是|仅|分别)*\\Z"
)
_COUNTING = frozenset("0123456789百千万亿")
LIMITS = frozenset(("以上", "以下"))
_LIMITED = re.compile("(?:以上|以下)的?(?P<what>.{2,})")
_PER_THING = re.compile(
    "(?:\\A|[,;、])(?P<per>(?:平均)?每[百千万]?(?:人口?|户|亩|平方公里|公里)(?:拥有|享有|配备|配有|占有)?)(?:为|达到?|约|有)*\\Z"
)
_MEAN = "[年月日户人亩]均|(?:单[日月次笔])?最[长短高低大小快慢多少]"
_EACH_WHOLE = re.compile(f"(?:\\A|[,;、])(?P<per>{_MEAN})(?:为|达到?|约|仅|不?超过?|不[少低高]于|在)*\\Z")
MEAN_ENDS = frozenset("均长短高低大小快慢多少为达到约仅超过于在")  # of what `_EACH_WHOLE` matches
_OF_TOTAL = re.compile(f"\\A(?:总|{_MEAN})(?=..)")
MEANS = frozenset(("户均", "人均", "亩均"))
BRANCHES = frozenset(("农业", "林业", "牧业", "渔业"))
_OF_FARMING = re.compile("(?:农林牧渔|[农林牧渔])业(?:农林牧渔业)?(?P<what>总?产值|增加值)\\Z")
_PARTED = re.compile("(?:按[^,;。]{2,8}分|分[^,;。]{2,6}看),[^;。]*\\Z")
_MEASURE = re.compile(
    "(?<=..)(?:增加值|总?产值|投资|销售额|零售额|营业收入|收入|支出|产量|用电量|利润|进出口额?|价格|余额|面积|主营业务收入|营收|税收)\\Z"
)
_LONGEST_KIND = 14  # characters
KIND_ENDS = frozenset("板类型")
TAKEN_IN = frozenset(("引进", "招引", "新增", "引育"))
_PAIRS = (("存款", "贷款"), ("进口", "出口"), ("存栏", "出栏"), ("收入", "支出"), ("城镇", "农村"), ("城市", "农村"))
PAIRED = frozenset("存贷进出收支城农")
PLACE_ENDS = frozenset("镇乡道区县市州旗")
_PLACE_ALONE = re.compile("(?!其)[^,;、小社园景片]{1,4}(?:镇|(?<!下)乡|街道|区|县|市|州|旗)")
_PLACE_FRONT = re.compile("\\A[^,;、小社园景片]{1,3}(?:镇|乡|街道|区|县|市|州|旗)(?=..)")


def that_are(case: Case) -> Name | None:
    """Of the things counted before, those that a clause before 的 tells."""
    part = _THAT.match(case.whole)
    if part is None:
        return None
    of = dealt_with(case.alike[case.alike.rfind("的") + 1 :])
    return None if part["part"].endswith(of) else Name(f"{part['part']}的{of}", None)


def told_one_by_one(case: Case) -> Name:
    """Of the things counted before, those told by their names, and what is told of them."""
    thing = without_event(dealt_with(case.alike))
    return Name(thing + told_of(case.text, case.number.end), None, leaves=case.alike)


def within_limits(case: Case) -> Name | None:
    """Of the things counted before, those above or below a limit."""
    head, series = case.head, case.series
    if head[:1] not in _COUNTING:
        return None
    limited = _LIMITED.search(series)
    return Name(head + (limited["what"] if limited else OBJECT.sub("", series)), None)


def of_level(case: Case) -> Name | None:
    """Of the things counted before, those of a grade."""
    of = case.tasks if case.tasks and SERIES_END.search(case.series) else case.series
    return Name(at_level(case.head, of), None) if is_level(case.head) else None


def for_each(case: Case) -> Name | None:
    """So many of the things for each of something."""
    per = _PER_THING.search(case.whole)
    return Name(per["per"] + dealt_with(case.alike), None) if per else None


def mean_or_most(case: Case) -> Name | None:
    """The mean or the most of the series."""
    each = _EACH_WHOLE.search(case.whole)
    if each is None:
        return None
    return Name(each["per"] + _OF_TOTAL.sub("", case.series).replace("平均", "", 1), None)


def branch(case: Case) -> Name | None:
    """A branch of farming, of which the output was told."""
    found = _OF_FARMING.search(case.series)
    return Name(case.head + found["what"], None) if found else None


def qualified(case: Case) -> Name | None:
    """A qualifier alone is a part of the series, where parts are said to follow."""
    head = case.head
    if not QUALIFIER.fullmatch(head):
        return None
    if "其中" in case.whole or _PARTED.search(case.text, max(0, case.number.start - 60), case.number.start):
        return Name(part_of(head, case.series), None)
    return None


def in_its_place(case: Case) -> Name | None:
    """A kind in the place of its like, whose measure it shares: 制造业增加值增长5.3%,采矿业增长2.1%; behind 分行业看
    whatever its end."""
    head, series = case.head, case.series
    measure = _MEASURE.search(series)
    if measure is None or len(head) > _LONGEST_KIND or SERIES_END.search(head) or head in series:
        return None
    front = series[: measure.start()]
    if front[-1] == head[-1] or _PARTED.search(case.text, max(0, case.number.start - 80), case.number.start):
        return Name(head + measure[0], None)
    return None


def residents(case: Case) -> Name | None:
    """Some of the residents whose income was told."""
    head, series = case.head, case.series
    if head.endswith("居民") and "居民" in series[:-2]:
        return Name(head + series[series.find("居民") + 2 :], None)
    return None


def of_kind(case: Case) -> Name | None:
    """A kind alone is of the things counted before."""
    head = case.head
    return Name(head + OBJECT.sub("", case.series), None) if len(head) <= 5 and "其中" in case.whole else None


def taken_in(case: Case) -> Name | None:
    """Of the things counted before, those that one of several took in."""
    if "其中" in case.whole and not opens_event(case.head):
        return Name(case.head + OBJECT.sub("", case.series), None)
    return None


def other_half(case: Case) -> Name | None:
    """The other half of the pair that the series is of: 贷款余额 beside 本外币存款余额."""
    head, series = case.head, case.series
    if len(series) <= len(head):
        return None
    for one, other in _PAIRS:
        for said, beside in ((one, other), (other, one)):
            if said in head and beside in series:
                whole = series.replace(beside, said)
                if whole.endswith(head) and not whole.endswith(("进" + head, "出" + head)):
                    return Name(whole, None)
    return None


def things_at_place(case: Case) -> Name | None:
    """The things counted at a place that stands right before the figure: 云岫镇2个卫生室."""
    head = case.head
    if head[-1] in PLACE_ENDS and case.whole.endswith(head) and _PLACE_ALONE.fullmatch(head):
        return Name(head + case.thing, case.thing, case.reach)
    return None


def may_end_place(head: str) -> bool:
    """Whether a head can be a place, or what was done at one: 青墩镇, 白马乡完工."""
    return head[-1] in PLACE_ENDS or (head[-2:] in EVENT_TAILS and head[-3:-2] in PLACE_ENDS)


def at_place(case: Case) -> Name | None:
    """Of the things counted before, those at a place."""
    head = case.head
    if case.whole.endswith(head) and _PLACE_ALONE.fullmatch(head):
        return Name(head + _PLACE_FRONT.sub("", dealt_with(case.alike)), None)
    done = head[-2:]
    if done in EVENT_TAILS and _PLACE_ALONE.fullmatch(head[:-2]):  # 户厕改造完工2470户,其中白马乡完工612户
        thing = _PLACE_FRONT.sub("", dealt_with(case.alike)).removesuffix(done)
        return Name(head[:-2] + thing + done, None) if len(thing) > 2 else None
    return None


def mean_change(case: Case) -> Name:
    """A mean that rose by so much: the verb is all that names it."""
    return Name(case.head + case.left.word, None)
