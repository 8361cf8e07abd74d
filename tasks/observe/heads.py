"""What is left of the words before a figure when the light ones are off: the head that names the series."""

from __future__ import annotations

import re

from tasks.observe.verbs import opens_deed
from tasks.observe.words import BARE_ENDS, BARE_HEAD, INNER, LEAD, LEAD_OPENS, TRAIL, TRAIL_CLOSES

_KEPT = frozenset(("争取", "发放", "发布", "建成", "印发", "落实", "受理"))

_SERVED = re.compile(
    r"(?:为|给|帮助)[^,、]{2,12}?(?:(?:安装|提供|发放|配备|办理|争取|解决|配送|增加)(?=..)|(?=(?:追回|挽回|节约|减免|减轻)..))"
)
_ACTOR = re.compile(
    r"[^,、;:]{0,10}?(?:组织|机构|部门|法院|检察院|机关)(?:共|累计|已)?(?=(?:受理|查处|破获|办理|办结|审结|化解|调处|处置|接待|接听|立案|侦破)..)"
)
_ACTS = re.compile("[织构门院关线](?:共|累计|已)?[受查破办审化调处接立侦]")  # what `_ACTOR` ends with
_SERVES = frozenset("为给帮")
_ACTED = re.compile("(?:带动|支持|促进)(?:相关)?\\Z")
_DRIVEN = re.compile("在[^,、;在]{2,16}(?:带动|拉动|推动|影响|作用|支撑)下\\Z")
_BECAUSE = re.compile("(?<=..)(?<![基原成诱病])因[^,、;]{2,14}(?:而|影响|导致)\\Z")
_DAYS = re.compile(r"\([^()]*[0-9][年月日][^()]*\)")
_ADVERBS = frozenset(("累计", "共", "共计", "合计"))
_PLACE = re.compile("[市区县镇乡村街道局委办院署部省州]\\Z|以来\\Z")
_GETS = frozenset(("引进", "投入", "争取", "筹集", "筹措", "获得", "吸引", "撬动", "整合", "下达", "统筹"))
_SO_MANY = re.compile("(?<=..)“?[两三四五六七八]项指标”?\\Z")
_COUNTED_UP = frozenset("标”")
_EVENTFUL = frozenset(("建成", "获批", "获评"))
_NO_LIST = frozenset("中高初同平均优对")
_BREAKS = re.compile("[,;:、()“”0-9]")


def strip_lead(text: str) -> str:
    """`text` without the light words at its front: empty where it names nothing."""
    if text[:2] not in LEAD_OPENS and text[:1] not in LEAD_OPENS:
        return text
    found = LEAD.match(text)
    return text[found.end() :] if found else text


def strip_trail(head: str) -> str:
    """`head` without the light words at its end."""
    if head[-1:] in _COUNTED_UP:
        head = _SO_MANY.sub("", head)  # 起数、死亡人数、直接经济损失“三项指标”
    if head[-2:] not in TRAIL_CLOSES and head[-1:] not in TRAIL_CLOSES:
        return head
    found = TRAIL.search(head, max(0, len(head) - 18))
    return head[: found.start()] if found else head


def clean(head: str) -> str:
    """The naming part of what stands before a quantity: light words off both ends, long run-ups cut."""
    return _core(strip_trail(head))


def named(head: str) -> tuple[str, bool, str]:
    """`clean`; whether the head needs an owner (总投资, 完成率); what stands before a light verb inside it."""
    ended = strip_trail(head)
    bare = ended[-1:] in BARE_ENDS and BARE_HEAD.fullmatch(strip_lead(ended)) is not None
    name = _core(ended)
    if name == "资金" and ended[-4:-2] in _GETS:
        return ended[-4:], False, ""  # 引进资金: the object of a verb, no part of what was told before
    at = ended.find(name) if name else 0
    before = strip_lead(strip_trail(ended[:at])) if at > 2 else ""
    return name, bare, before if len(before) > 2 and not _BREAKS.search(before) else ""


def _core(ended: str) -> str:
    """`clean` of a head whose end is already clean."""
    head = _DRIVEN.sub("", ended) if ended[-1:] == "下" else ended
    if "因" in head[2:]:
        head = _BECAUSE.sub("", head)  # 耕地占用税因项目减少而
    if ")" in head:
        head = _DAYS.sub("", head)  # 汛期(5月1日至9月20日)启动应急响应
    if "预计" in head[2:]:
        head = head.replace("预计", "")  # 晚稻预计总产
    if "基础上" in head:
        head = strip_lead(head.partition("基础上")[2]) or head
    if "等" in head:
        listed, _, tail = head.rpartition("等")
        spelled = listed[-1:] in _NO_LIST or tail.startswith(("级", "效", "教育", "候", "”"))
        if len(tail) >= 2 and not spelled:
            head = tail
    head = _without_actor(head)
    last = _last_inner(head) if head[:1] != "每" else None
    if last is not None:
        rest = strip_lead(head[last.end(1) :])
        who = strip_lead(strip_trail(head[: last.start()])) if len(rest) == 2 and last.start() > 3 else ""
        whole = _who_did(head[: last.start()], last[1], rest)
        if whole:
            return whole
        if 4 <= len(who) <= 10 and last[1] == "新增" and not _BREAKS.search(who):
            head = who + rest  # 工伤保险新增扩面
        elif len(rest) >= 2 or (not strip_lead(head[: last.start()]) and rest):
            head = (last[1] if last[1] in _KEPT and len(rest) <= 4 else "") + rest
        elif not rest and last[1] in _EVENTFUL:
            head = strip_trail(head[: last.start()])
            head = head if strip_lead(head) else last[1]
        else:
            head = head[: last.start()]
    head = head if head is ended else strip_trail(head)
    named = strip_lead(head)
    if len(named) == 2 and head[:1] == "全" and head[2:] == named and head[1] in "区市县省国":
        return head  # 全区投资: two characters alone say too little
    if len(named) <= 4:
        acted = _ACTED.search(head, 0, len(head) - len(named))
        named = acted[0] + named if acted else named  # 带动就业 is not 就业
    head = named
    if ":" in head:
        head = strip_lead(head.rpartition(":")[2])
    return head.strip(" ,、.—/")


def _without_actor(head: str) -> str:
    """`head` without who acted or for whom."""
    if _ACTS.search(head):
        actor = _ACTOR.match(head)
        if actor:
            head = head[actor.end() :]  # 人民调解组织受理纠纷
    if head[:1] in _SERVES:
        served = _SERVED.match(head)
        if served:
            head = head[served.end() :]  # 为独居老人安装烟感报警器
    return head


def _who_did(before: str, adverb: str, rest: str) -> str:
    """Subject and verb around an adverb of amount: 沅溪船闸[累计]开闸 → 沅溪船闸开闸; empty where no verb follows."""
    if adverb not in _ADVERBS or not 2 <= len(rest) <= 6 or not opens_deed(rest):
        return ""
    who = strip_lead(strip_trail(before))
    return who + rest if 2 <= len(who) <= 12 and not _BREAKS.search(who) and not _PLACE.search(who) else ""


def _last_inner(head: str) -> re.Match[str] | None:
    """The last light verb inside `head` that stands in no quotation, as the first group of a match."""
    last, reach = None, 0
    for found in INNER.finditer(head):
        if found.start() >= reach:
            reach = found.end(1)
            if not inside_quote(head, found.start()):
                last = found
    return last


def inside_quote(text: str, at: int) -> bool:
    return text.rfind("“", 0, at) > text.rfind("”", 0, at) or text.rfind("(", 0, at) > text.rfind(")", 0, at)


def clean_list(head: str) -> str:
    """As `clean`, but the list stays whole."""
    head = strip_trail(head)
    head = _without_actor(head)
    last = _last_inner(head)
    if last is not None and len(head) - last.end(1) >= 4:
        head = head[last.end(1) :]
    return strip_lead(head)
