"""Verbs of dealing with what was counted, known by what they are made of: 核销, 整改到位, 低改.

The administration makes such verbs freely out of a small stock of characters, so no list of them is ever whole. They
are asked for only where the unit says that what was counted before is counted on (隐患点613处, 核销47处).
"""

from __future__ import annotations

import re

_DEEDS = frozenset(
    "改造整治拆除清理查处审办结受立核注销开完竣投签交供挂合关停取缔淘汰摸排搬迁腾退回移转配修复疏浚栽植拨付偿兑筹化解调"
    "救助抓捕拘诉判封扣冻追缴征收返补扩续建扶选聘派送招录评认验颁授罚督检抽监巡治愈防控种养繁育采摘挖砌铺架装卸运储租借还"
    "赎抵登报批准撤换领抚维护植播割压减降升提增更替拔伐焚埋疗置盘活纠救援帮调解稳读复申启封归并设加固掘发飞运"
)
_HOW = frozenset("应实新低大中扩重续已再拟待未全初正")
_KINDS = frozenset("间内外类级性型岁产")  # of a kind: 昼间, 境外, 男性
_THINGS = frozenset(("收入", "支出", "建议", "补贴", "贷款", "投资", "教育", "设备", "监控", "调解", "装备", "运输"))
_ADVERBS = r"(?:已|已经|累计|共|当年|本年|另|再|拟|正在|正|尚|仍|还|均|现|计划|完成|实现|实际)*"
_DONE = r"(?:到位|完毕|完成|成功|结束|达标|合格|办结)?"
_DEALT = re.compile(rf"{_ADVERBS}(?P<verb>[^,;:、。()“”0-9A-Za-z]{{2,4}}?){_DONE}")


_LAST = _DEEDS | frozenset("位毕成功束标格结")  # of a verb, or of 到位, 完毕 and the like after it


def is_deed(head: str) -> bool:
    """Whether `head` is a verb of two or three characters, with the adverbs around it: 核销, 已整改到位, 大中修."""
    found = _DEALT.fullmatch(head) if 2 <= len(head) <= 10 and head[-1] in _LAST else None
    if found is None:
        return False
    verb = found["verb"]
    return verb[-1] in _DEEDS and all(c in _DEEDS or c in _HOW for c in verb) and verb not in _THINGS


def opens_deed(phrase: str) -> bool:
    """Whether `phrase` can begin with such a verb: one of its first two characters is of them (归集, 掘进, 投放)."""
    return not _DEEDS.isdisjoint(phrase[:2])


def parallel(head: str, told: str) -> str:
    """The next of a list in full, where it says only what differs: 大中修 beside 农村公路新改建 → 农村公路大中修,
    夜间 beside 区域昼间达标率 → 区域夜间达标率; empty where `told` has no such place."""
    if not 2 <= len(head) <= 3 or len(told) < len(head) + 2 or head in told:
        return ""
    if is_deed(head):
        for length in (3, 2):
            if len(told) - length >= 2 and is_deed(told[-length:]):
                return told[:-length] + head
    last = told.find(head[-1], len(head) - 1)
    if len(head) - 1 < last < len(told) - 2 and told[last - 1] != head[0] and head[-1] in _KINDS:
        return told[: last - len(head) + 1] + head + told[last + 1 :]
    return ""
