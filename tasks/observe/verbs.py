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
_OTHER_DEEDS = frozenset(("升级", "优化", "提质", "迁建", "维保"))
_HOW = frozenset("应实新低大中扩重续已再拟待未全初正")
_KINDS = frozenset("间内外类级性型岁产")  # of a kind: 昼间, 境外, 男性
_THINGS = frozenset(("收入", "支出", "建议", "补贴", "贷款", "投资", "教育", "设备", "监控", "调解", "装备", "运输"))
_ADVERBS = r"(?:已|已经|累计|共|当年|本年|另|再|拟|正在|正|尚|仍|还|均|现|计划|完成|实现|实际)*"
_DONE = r"(?:到位|完毕|完成|成功|结束|达标|合格|办结)?"
_DEALT = re.compile(rf"{_ADVERBS}(?P<verb>[^,;:、。()“”0-9A-Za-z]{{2,4}}?){_DONE}")

# A verb whose objects are listed, each with its figure: 新建口袋公园8个、绿道12公里.
_GOVERNS = re.compile(
    "(?P<verb>(?:新(?:改扩建|改建|扩建|建(?:\\([^()]{2,5}\\))?|投用|评定|签约|认定|开工|引进)|改扩建|改建|扩建|建成|建设|改造提升|改造|创建|创成|打造|发放|办理|"
    "购置|购买|更新|配备|配发|安装|增设|设立|检查|排查|抽检|检验|检测|督查|培育|培训|选派|评选|评出|评定|遴选|表彰|主导或参与制定|"
    "主导制定|制定|修复|拆除|除险加固|加固|消杀|营造|抢种|抢收|种植|播种|栽植|出动|下拨|下达|拨付|淘汰|处置|消化|释放|盘活|争取|到位|"
    "承办|立案查处|查处|查获|查扣|发出|印发|削减|推广|免疫|接收|支出|保障(?!性|房)|调运储备|储备|募集|筹集|入选|修建|管护|清理|养护|续建|完工|"
    "救助|慰问|走访|资助|兑付|兑现|化解|调解|审结|受理|破获|抓获|招引|引育|认定|签约|解决)(?:各类|各级)?)(?=..)"
)
_NO_OBJECT = re.compile(
    "(?:总|平均|累计|涉及|惠及|带动|受益|其|占|人均|户均|亩均|使用|可|完成|实现|投资|金额|面积|规模|长|容积|罚|死亡|受伤|死|伤)|.*(?:率|额|量|数|度|面积|金额|投资|比|长|里程|产值|收入|资金|损失|规模)\\Z"
)


# Of a verb, or of 到位, 完毕 and the like after it.
_LAST = _DEEDS | {deed[-1] for deed in _OTHER_DEEDS} | frozenset("位毕成功束标格结")


def is_deed(head: str) -> bool:
    """Whether `head` is a verb of two or three characters, with the adverbs around it: 核销, 已整改到位, 大中修."""
    found = _DEALT.fullmatch(head) if 2 <= len(head) <= 10 and head[-1] in _LAST else None
    if found is None:
        return False
    verb = found["verb"]
    if verb in _OTHER_DEEDS:
        return True
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


def opening_verb(told: str) -> str:
    """The verb that a name begins with: 新建 of 新建口袋公园; empty where it begins with none that is known."""
    found = _GOVERNS.match(told)
    return found["verb"] if found is not None else ""


def governed(head: str, told: str) -> str:
    """The next object of the verb that `told` begins with: 绿道 beside 新建口袋公园 → 新建绿道; empty where `head` has
    a verb of its own, or is a measure of what was told (面积, 投资)."""
    found = _GOVERNS.match(told)
    if (
        found is None
        or found["verb"] in head
        or not 2 <= len(head) <= 12
        or _NO_OBJECT.match(head)
        or _GOVERNS.match(head)
    ):
        return ""
    if is_deed(head[:2]) or is_deed(head[-2:]) or is_deed(head):
        return ""
    shared = told.find(head[:2], found.end())
    return told[:shared] + head if shared > found.end() else found["verb"] + head
