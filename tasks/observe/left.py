"""What stands before a quantity in its clause: direction, bound word, basis of comparison, and the naming text left.

Read from the number backwards, one layer at a time, as the words are stacked:
    规上工业增加值 · 较去年同期 · 提高 · 了 · 约 · 1.9个百分点
"""

from __future__ import annotations

import re
from functools import lru_cache

from tasks.model import Span
from tasks.observe.bases import (
    BASE_YEAR,
    GOAL,
    OF_THE_GOAL,
    OTHER,
    PEER,
    PEER_BASE,
    PLACE,
    PRIOR,
    TOLD_AGAINST,
    YOY,
    base_of_comparison,
    prior,
)
from tasks.observe.directions import (
    BOUND_ENDS,
    BOUND_OF,
    BOUND_WORD,
    COUNTED,
    DIRECTION,
    DIRECTION_ENDS,
    DOWN,
    ENDS_GROWTH,
    SHORT,
)
from tasks.observe.heads import named
from tasks.observe.standing import Standing
from tasks.observe.words import AMOUNT_NOUN

_LINK = re.compile(
    r"(?:了近?|(?<!行)为|是|(?:最?[多高低]|(?<![下送直抵转多高低]))达到?了?|(?:(?<=[高升加长滑低少大缩短小展涨落增降窄减跌扩进退移提压拓])|(?<![^,;:、()]))[至到]|约为|仅为|只有|仅|共计|合计|总计|总共|已达?|(?<![户人亩地单平日月年周次])均|双双|分别|:|幅度[为达]?|(?<=[均都])(?:保持|稳定|维持)在?)\Z"
)
_LINK_ENDS = frozenset("了近为是到达至有仅计共均双别:度持定在")
_TO = frozenset("至到")
# Verbs of one character that lead to a level; each alone ends other words.
_LED = {"提": "up", "扩": "up", "拓": "up", "压": "down", "缩": "down"}


class Left:
    """The layers before one quantity; once read they are shared by all who read the same words, and never change.

    `head`: the naming text that is left. `direction`: "" | up | down. `to`: the direction leads to a level (提升至).
    `start`: where the observation's text begins, counted from the start of the text that was read. `listed`, `all`:
    分别 or 均 stood there.
    """

    direction: str = ""
    word: str = ""
    adjacent: bool = False
    to: bool = False
    bound: str = "exact"
    comparison: str | None = None
    growth: str = ""
    negative: bool = False
    listed: bool = False
    all: bool = False
    whole: str = ""
    to_completion: bool = False  # 完成84%: how far something is, never how fast it grew
    base_year: int | None = None
    name: str = ""  # the naming part of `head`
    before: str = ""  # what stands before a light verb inside the head: [园区]实现营业收入
    bare: bool = False  # whether `head` needs an owner: 总投资, 完成率
    standing: Standing | None = None  # how far the tasks counted are, where that is all that stands there

    def __init__(self, head: str, start: int) -> None:
        self.head, self.start = head, start

    def copy(self) -> Left:
        """Another with the same layers, to be changed."""
        made = Left(self.head, self.start)
        made.direction, made.word, made.adjacent = self.direction, self.word, self.adjacent
        made.to, made.bound, made.comparison = self.to, self.bound, self.comparison
        made.growth, made.negative, made.listed = self.growth, self.negative, self.listed
        made.all, made.whole, made.to_completion = self.all, self.whole, self.to_completion
        made.base_year, made.name, made.before = self.base_year, self.name, self.before
        made.bare, made.standing = self.bare, self.standing
        return made


def read_left(text: str, start: int, at: int, cuts: tuple[Span, ...], sort: str = "") -> Left:
    """The layers of `text[start:at]`, where a quantity begins at `at`; `cuts` are spans that name nothing.

    The same words stand before figures quarter after quarter, so what was read once is remembered.
    """
    inside = tuple((begin - start, end - start) for begin, end in cuts if begin >= start) if cuts else ()
    return _layers(text[start:at], inside, sort, text[at : at + 1] in _ROUGH)


def _link(head: str) -> re.Match[str] | None:
    return _LINK.search(head, max(0, len(head) - 4)) if head[-1:] in _LINK_ENDS else None


@lru_cache(maxsize=1 << 15)
def _layers(text: str, cuts: tuple[Span, ...], sort: str, rough: bool) -> Left:
    """`rough`: the numeral itself is 百, 千 or 万, so that 上 before it means about."""
    start, at = 0, len(text)
    begin = at
    head = text
    whole = head
    dated = False
    if cuts and cuts[-1][1] >= at - 1 and cuts[-1][0] >= start and text[cuts[-1][1] : at] in ("", "的"):
        head, dated = text[start : cuts[-1][0]], True  # 回升至全年5.1%
    left = Left("", at)
    if head.endswith("-"):
        if len(head) < 2 or not (head[-2].isascii() and head[-2].isalnum()):
            left.negative = True
        head = head[:-1]
        begin -= 1
    elif head.endswith("零下"):
        left.negative, head, begin = True, head[:-2], begin - 2
    for _ in range(4):
        if head[-1:] not in BOUND_ENDS:
            break
        found = BOUND_WORD.search(head, max(0, len(head) - 5))
        if found and not (found[0] == "上" and not rough):
            left.bound = BOUND_OF[found[0]]
            head, begin = head[: found.start()], begin - len(found[0])
            if found[0] in ("高于", "低于"):
                left.word = found[0]
            continue
        break
    if "每" in head[-9:]:
        head = _PER.sub("", head)  # 提高到每人每月1206元, 达到每万人498台
    if left.bound == "exact" and "少" in head[-6:]:
        least = _AT_LEAST.search(head)
        if least:  # 至少建成1个
            left.bound, head = "at_least", head[: least.start()] + least["verb"]
    left.start = begin
    if left.negative and left.start == at:
        left.start = at - 1
    found = _link(head)
    moved = dated
    while found:
        left.to = left.to or found[0] in _TO
        if found[0] in ("均", "双双"):
            left.all = left.listed = True
        elif found[0] == "分别":
            left.listed = True
        moved = moved or found[0] not in ("了", "了近")
        head = head[: found.start()]
        found = _link(head)
    cues = _CUE.findall(head)
    cued = bool(cues)
    based = cued and not _BASES.isdisjoint(cues)
    base = (YOY.search(head) or PRIOR.search(head)) if based else None
    compared = base is not None
    found = DIRECTION.search(head, max(0, len(head) - 4)) if head[-1:] in DIRECTION_ENDS else None
    if found and found[0] in SHORT and not compared and sort != "points" and not _MORE.search(head, 0, found.start()):
        told = TOLD_AGAINST.search(head, 0, found.start()) if cued else None
        found, compared = (found, True) if told else (None, compared)
    if found and sort == "amount" and not compared and _WORKS_ON.search(head, 0, found.start()):
        found = None  # 改造提升3800亩
    if found and sort == "count" and not compared and found[0] not in COUNTED and not left.to:
        found = None  # 改造提升66个老旧小区: what is improved, not by how much
    if found:
        left.word, left.adjacent = found[0], not moved
        left.direction = "down" if found[0] in DOWN else "up"
        head = head[: found.start()]
        if not moved:
            left.start = start + found.start()
        elif sort in ("time", "amount", "count") and whole.endswith("为"):
            left.to = True  # 压缩为1.5个工作日
    elif left.to and head[-1:] in _LED:  # 流程压至1个工作日
        left.word, left.direction, left.adjacent = head[-1], _LED[head[-1]], True
        head = head[:-1]
        left.start = start + len(head)
    if cued and (not left.direction or (found and found[0] in ("高于", "低于"))):
        peer = None if _PEERS.isdisjoint(cues) else PEER.search(head)
        goal = peer and GOAL.search(peer["who"])
        if peer and (goal or PLACE.search(peer["who"]) or sort == "points"):
            left.direction = "down" if peer["verb"].rstrip("于") in _BEHIND else "up"
            left.comparison = "other" if goal else base_of_comparison(head[peer.start() :]) or "peer"
            left.start = min(left.start, at)
            head = head[: peer.start()]
    if left.word in ("高于", "低于", "快于", "慢于", "领先") and left.comparison is None and left.direction:
        left.comparison = "peer"
    if based:
        head = _take_base(left, head)
    if cued and (
        "分别" in head or "依次" in head or ("分别" in whole and left.direction and _EACH_SO_MUCH.search(whole))
    ):
        left.listed = True
        head = head.replace("分别", "").replace("依次", "")
    if (head.endswith("均") and head[-2:-1] not in _PER_HEAD) or "均同比" in whole:
        left.listed = left.all = True
        head = head.removesuffix("均") if head[-2:-1] not in _PER_HEAD else head
    if based and not left.direction and left.comparison and head[:1] in _MORE_OF:
        more = _DID_MORE.fullmatch(head)
        if more:  # 挽回损失96万元,同比多挽回21万元
            left.direction, left.word, head = ("up" if head[0] == "多" else "down"), head[0], ""
    grows = cued and not _GROWTHS.isdisjoint(cues)
    if cued and not left.direction and not _LIFTS.isdisjoint(cues) and not (grows and ENDS_GROWTH.search(head)):
        inner = _INNER_DIRECTION.search(head)
        if inner and _changes(inner["verb"], sort, head, left.comparison):
            left.direction, left.word = ("down" if inner["verb"] in DOWN else "up"), inner["verb"]
            head = head[: inner.start()] + head[inner.end("verb") :]
    if left.direction and not left.comparison:
        against = OF_THE_GOAL.fullmatch(head) or (TOLD_AGAINST.search(head) if cued else None)
        if against:  # 比[65%]的年度目标高1个百分点, 较一般贷款低65个基点
            left.comparison, head = "other", head[: against.start()]
        elif left.word in _AGAINST_GOAL:
            left.comparison = "other"
    noun = ENDS_GROWTH.search(head) if grows else None
    if noun:
        left.growth = noun["noun"]
        head = head[: noun.start()]
        if left.listed is False and "均" in noun["rest"]:
            left.listed = left.all = True
    if sort == "amount" and head.endswith("亏损"):
        lost = _LOSS.search(head)
        if lost is None and base is not None and head.endswith("为亏损"):
            lost = _WAS_LOSS.search(head)  # 利润3亿元,上年同期为亏损0.8亿元
        if lost:
            left.negative, head = True, head[: lost.start()]
    left.whole = whole
    left.to_completion = sort == "share" and bool(_COMPLETION.search(head))
    left.head = head = _without_cuts(text, start, head, cuts)
    left.name, left.bare, left.before = named(head)
    return left


_CUE = re.compile("[较比同环与按于先出过超后加少低减增速率幅度别依欠塌差短]")
_BASES = frozenset("较比同环与按超")
_PEERS = frozenset("于先出过超后欠塌差短")
_BEHIND = frozenset(("低", "慢", "落后", "滞后", "欠", "塌", "差", "短"))
_LIFTS = frozenset("加少低减增")
_GROWTHS = frozenset("速率幅度")
_MORE = re.compile(r"(?:还|又|要|再)\Z")
_PER = re.compile(
    r"(?<=.)(?:每[人户月年天日亩吨名]|每百?斤|每平方米|每小时|每立方米|每公斤|每学期)+\Z|(?<=[到至为达])每[^,、;]{1,6}\Z"
)
_AT_LEAST = re.compile(r"(?:至少|最少|不少于)(?P<verb>[^,;、0-9]{1,4})\Z")
_WORKS_ON = re.compile(r"(?:改造|整治|优化|更新|建设|巩固)\Z")
_AGAINST_GOAL = frozenset(("超额", "超收", "短收", "差"))
_STOCKS = frozenset(("count", "amount"))
_LOSS = re.compile(r"(?<=利润)(?:总?额)?(?:为|净)?亏损\Z")
_EACH_SO_MUCH = re.compile("[较比][^,;、和与及]{2,12}分别[^,;、]{1,3}\\Z")  # not 比全国、全省分别快0.5、0.3
_WAS_LOSS = re.compile("为亏损\\Z")
_MORE_OF = frozenset("多少")
_DID_MORE = re.compile("[多少][^,;:、0-9]{1,3}")
_PER_HEAD = frozenset("户人亩地单平日月年周次")
_ROUGH = frozenset("百千万")
_COMPLETION = re.compile(
    r"(?:完成|施工|建设|进度|落实|占|剩余|余下|整改|推进|安装|外运|底板|装修)[^,;]{0,5}\Z|占[^,;]*\Z"
)
# 增加收入4500万元, 减少排放5万吨: the direction stands before the noun.
_INNER_DIRECTION = re.compile(
    r"(?P<verb>净增|净减|增加|减少|降低|压减|削减|缩减)(?!值|率|幅|额|数|量)(?:[^,;、增减]{1,8})\Z"
)


def _take_base(left: Left, head: str) -> str:
    """Takes the basis of comparison (同比, 较上季度) out of `head`."""
    found = YOY.search(head)
    if found:
        left.comparison = left.comparison or "yoy"
        named = BASE_YEAR.search(found[0])
        left.base_year = int(named[1]) if named else None
        head = head[: found.start()] + head[found.end() :]
    else:
        found = PRIOR.search(head)
        if found:
            left.comparison = left.comparison or prior(found[0])
            head = head[: found.start()] + head[found.end() :]
        else:
            found = OTHER.search(head)
            if found and left.direction:
                left.comparison = left.comparison or "other"
                head = head[: found.start()]
            elif left.direction:
                found = PEER_BASE.search(head)
                if found:
                    left.comparison = left.comparison or "peer"
                    head = head[: found.start()]
    return head


def _without_cuts(text: str, start: int, head: str, cuts: tuple[Span, ...]) -> str:
    """`head` is what is left of text[start:…]; period phrases are cut where they still stand in it."""
    if not cuts:
        return head
    for begin, end in reversed(cuts):
        piece = text[begin:end]
        at = begin - start
        if at >= 0 and head[at : at + len(piece)] == piece:
            head = head[:at] + head[at + len(piece) :]
        else:
            head = head.replace(piece, "", 1)
    return head


def _changes(verb: str, sort: str, head: str, base: str | None) -> bool:
    """Whether a direction word before a noun tells a change: 增加收入 and 减少排放 do, 增加学位 tells what there is."""
    if verb == "增加" and sort in _STOCKS and not base:
        return AMOUNT_NOUN.search(head) is not None
    return sort != "count" or verb in ("增加", "减少", "净增", "净减")


def turned(left: Left, led: Left) -> bool:
    """Whether an adjective alone leads a figure, and what led the one beside it told the base: 多91人、[少]37人."""
    return left.whole in SHORT and bool(led.direction) and led.comparison is not None
