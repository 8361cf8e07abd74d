"""What a bare head belongs to: 总投资 of which project, 满意率 of what, 省级 of which kind of thing."""

from __future__ import annotations

import re
from functools import lru_cache

from tasks.observe.edges import guarded
from tasks.observe.heads import strip_lead
from tasks.observe.words import AMOUNT_NOUN, OBJECT

# A figure's own head is no owner of the next one: 办结率99.7%,满意率98.5%.
_RATE = re.compile(
    r"(?:率|数|最[大高低小].*额|占比|比重|比例|增速|增幅|得分|评分|指数|满意度|强度|浓度|密度|水平|排名|天数|工期|周期|时长|时间)\Z"
)
_RATE_ENDS = frozenset("率数额比重例速幅分度平名期长间数")
_SIZE_ENDS = frozenset("价格金资额地积长度数计产力模")
_SIZE = re.compile(
    r"(?<=..)(?:[概估预]?算?总投资|计划总投资|年度计划投资|计划投资|总投资额?|总?占地(?:面积)?|总?建筑面积|总用地(?:面积)?|用地面积|(?:播种|种植|采摘|投产|收获|养殖|栽培|出让|供应|销售|竣工|开工)面积|总面积|面积|拥有量|全长|"
    r"日?(?:处理|供水|供热|垃圾处理|污水处理)(?:能力|规模)|总长度?|总数|合计|总产|单产|平均(?:房价|单价|租金|票价|价格))\Z"
)
_YIELD = re.compile(r"(?<=..)(?:总?产量|总?产值|存栏|出栏|总收入|(?:主?营业(?:务)?|销售)收入|营收|资产总额|利润总额)\Z")
_WORKS = (
    r"(?:工程|项目|枢纽|中心|医院|学校|小学|中学|幼儿园|公园|大桥|桥梁|隧道|快速路|大道|公路|高速|铁路|地铁|[一二三四]期|地块|安置房|综合体|"
    r"产业园|园区|基地|广场|水库|电站|场馆|体育馆|图书馆|博物馆|文化馆|大厦|厂房|小镇|泵站|水厂|处理厂|片区|单元|社区|小区|管廊|绿道|[0-9]号线)"
)
_TOPIC = re.compile(
    rf"(?P<topic>[^,;:、。]{{0,24}}?{_WORKS})(?=已|正|主体|完成|开工|竣工|建成|启动|进展|进入|全面|全线|顺利|加快|有序|累计|结顶|封顶|通过|施工|"
    r"投[入用运]|推进|开[建园业放馆]|实质|按|如期|土建|桩基|基础|建设|于|年底|预计|现|目前|前期|签约|落地|取得|获|\Z)"
)
_DRIVE = r"(?:改造|整治|征迁|征收|拆迁|创建|清淤|攻坚|行动|试点|建设)"
_CAMPAIGN = re.compile(
    rf"(?P<topic>[^,;:、。]{{2,12}}?{_DRIVE})(?:工作)?(?:有序|稳步|全面|顺利|加快|持续|深入|全力)*(?:推进|开展|实施|启动|完成)"
)
_PURSUED = re.compile(rf"(?:推进|实施|开展|推动|深化|启动)(?P<topic>[^,;:、。]{{2,12}}{_DRIVE})(?:工作)?\Z")
_TOPICAL = re.compile(guarded(f"{_WORKS[3:-1]}|{_DRIVE[3:-1]}"))
_IS_DRIVE = re.compile("(?:改造|整治|治理|建设|行动|工程|试点|提升)\\Z")
_IS_WORKS = re.compile(rf"{_WORKS}\Z")
_WORKS_OF = re.compile(rf"(?P<works>[^,;:、]{{2,}}{_WORKS})(?!{_WORKS[3:-1]}|{_DRIVE[3:-1]}|提升|扩建|新建|工程)(?=..)")
_SAYS_WORKS = re.compile(rf"(?<=..){_WORKS}")
_OF_WORKS = re.compile(
    r"(?:累计|完成|已|计划|年度|总|概算)*投资额?|(?:形象|工程|总体|整体|施工|建设|征迁|投资|项目)?进度|投资完成率|"
    r"总?建筑面积|总?占地(?:面积)?|用地(?:面积)?|全长|总长|工期|概算"
)
_FOUND = re.compile("[^,;:、。]*(?:发现|查出|排查出|优化调整|调整优化|排查|排查整治|查处|受理)(?=..)")
# Who takes in what figures are told of: of 热线受理诉求 the rates are those of 诉求.
_TAKEN_BY = re.compile(
    "[^,;:、。]*(?:热线|平台|法院|机构|中心|窗口|部门|系统|[队局厅院所])(?:共|累计)*"
    "(?:受理|接收|接听|办理|办结|收到|处理|转办|交办|调解|调处|审理|审结|登记|检查|排查)(?=..)"
)
_INTAKES = frozenset(("受理", "接听", "接收", "收到"))
_FLOW = re.compile("(?<=..)总?(?:收入|支出)\\Z")
_SPENT_ON = re.compile(
    "(?:综合|安全|无害化)?(?:利用|处置|贮存|回收|处理|消纳|削减|替代)量|(?:综合|安全|无害化)(?:利用|处置)"
)
_MADE = re.compile("(?P<what>[^,;:、。]{2,}?)(?:产生|排放|产出|采购|使用|供应|销售|消费|需求)量")
_TRADE = re.compile("(?P<what>[^,;:、。]{2,}?)(?:交易|成交|业务|销售|网签)(?:量|总量|面积|套数|额)")
_OF_TRADE = re.compile("(?:总?交易|总?成交|业务|销售)(?:总?额|金额|收入|量|均价)|(?:单票|平均)?均?价")
_STORED = frozenset(("储备", "在建"))  # of a kind, not a deed: 入库储备项目
_STUFF = frozenset("方")
_OF_SUMS = re.compile("完成|达标|到位|支付|支出|执行|兑现|增长|利润|利率|占")
_LEVEL = re.compile(r"(?:国家|部|省部?|市|区|县|镇|村|世界|[0-9]?A+|[一二三四五]星|[甲乙丙]|[一二三]等?)级(?:及?以上)?")
_BEGUN = re.compile("\\A(?:启动|开展|谋划|谋划实施|力争|争取)")
_PAPER = re.compile("(?:合同|协议|概算|计划|预算)(?:总投资|总?金额|总?额)?\\Z")
_LIES = re.compile("(?:位于|坐落于?|地处).*")
_AGENCY = re.compile(r"(?:局|委|办|部门|法院|检察院|支队|大队|街道|镇|乡|人大|政协|我们|干部)\Z")


def as_owner(noun: str | None) -> str | None:
    """What of a metric can own later heads: 重大项目总投资 → 重大项目; nothing of a rate."""
    if not noun or noun.endswith("投入") or _PAPER.match(noun) or (noun[-1] in _RATE_ENDS and _RATE.search(noun)):
        return None
    return _SIZE.sub("", noun) if noun[-1] in _SIZE_ENDS else noun


def complete(head: str, owner: str | None) -> str:
    """A bare head behind its owner; what both say is said once: 空气优良天数 + 优良率 → 空气优良率."""
    if owner and head[-1:] == "率":
        owner = without_intake(_TAKEN_BY.sub("", owner) or owner)  # 12315平台接收投诉举报1.8万件,办结率98%
    dealt = _TRADE.fullmatch(owner) if owner and _OF_TRADE.fullmatch(head) else None
    if dealt:
        return dealt["what"] + head  # 二手车交易量3.9万辆,交易额28亿元
    if owner and head[-2:] == "结余":
        owner = _FLOW.sub("", owner)
    if owner and head[-1:] in "率量用置":
        made = _MADE.fullmatch(owner)
        if made:
            return made["what"] + head  # 工业固废产生量48万吨,综合利用量45万吨
    if owner and (not _RATE.search(head) or "利" in head or "负债" in head):
        owner = _YIELD.sub("", owner)  # 水产品总产量14万吨,产值39亿元
        if AMOUNT_NOUN.search(head) and AMOUNT_NOUN.search(owner):
            return head
    if owner and head[-1:] == "率" and owner[-1] in "量额值" and not _OF_SUMS.search(head):
        return head  # 日均骑行量2.9万人次,周转率5.4
    if not owner or owner.endswith(head) or head.startswith(owner):
        return head
    bare = OBJECT.sub("", owner)
    owner = bare if len(bare) > 2 or head[-1:] == "率" else owner  # 开工项目17个,总投资96亿元
    shared = owner.find(head[:2]) if len(head) > 2 else -1
    if shared == 0:
        return owner[2:] + head if len(owner) > 3 else owner + head
    return owner[:shared] + head if shared > 0 else owner + head


def dealt_with(counted: str) -> str:
    """The thing in what was counted, without what was done to it: 视频巡查发现问题 → 问题."""
    counted = _FOUND.sub("", counted)
    bare = OBJECT.sub("", counted).lstrip("、")  # 新建、改扩建公办幼儿园
    return bare if len(bare) > 2 or counted[:2] not in _STORED else counted


def without_intake(taker: str) -> str:
    """Who takes in what is not named, without the deed: 热线受理 → 热线."""
    return taker[:-2] if taker[-2:] in _INTAKES and len(taker) > 3 else taker


def goes_on(head: str, told: str | None) -> bool:
    """Whether a quantity of what becomes of a stuff (综合利用量) stands after the quantity of it that there was."""
    return _SPENT_ON.fullmatch(head) is not None and told is not None and _MADE.fullmatch(told) is not None


def is_agency(noun: str) -> bool:
    """Whether it names who acts, not what is measured."""
    return _AGENCY.search(noun) is not None


def is_works(noun: str) -> bool:
    """Whether it names a project or a building that figures are told of."""
    return _IS_WORKS.search(noun) is not None


def names_works(head: str) -> bool:
    """Whether a head says itself of which project it is: 望湖小学, 示范基地总工程量."""
    return _SAYS_WORKS.search(head) is not None


def works_of(noun: str) -> str | None:
    """The project that a part of it is named behind: 岑河大桥 of 岑河大桥桩基."""
    found = _WORKS_OF.match(noun)
    return found["works"] if found else None


def is_undertaking(noun: str) -> bool:
    """Whether it names a project, a building or a drive (老旧小区改造)."""
    return is_works(noun) or _IS_DRIVE.search(noun) is not None


def is_level(head: str) -> bool:
    """Whether a head is only a grade: 省级, 4A级."""
    return head[-1:] in ("级", "上") and _LEVEL.fullmatch(head) is not None


def at_level(level: str, counted: str) -> str:
    """省级 of 市级以上研发中心 → 省级研发中心; of 入选国家级人才计划 → 入选省级人才计划."""
    found = _LEVEL.search(counted)
    if found:
        return counted[: found.start()] + level + counted[found.end() :]
    return level + OBJECT.sub("", counted)


def of_works(head: str, topic: str | None, owner: str | None) -> str | None:
    """The owner of a head that speaks of works: the project the sentence is about, before a part of it."""
    if owner and owner[-1] in _STUFF and head.endswith("投资"):
        owner = None  # 完成土石方1460万方,完成投资28亿元
    if topic and (not owner or (not _IS_WORKS.search(owner) and _OF_WORKS.fullmatch(head))):
        return topic
    return owner


@lru_cache(maxsize=1 << 14)
def topic(clause: str) -> str | None:
    """The project that a clause without figures speaks of: 人民医院迁建工程主体结顶 → 人民医院迁建工程."""
    if not _TOPICAL.search(clause):
        return None
    text = strip_lead(_BEGUN.sub("", _LIES.sub("", clause)))
    found = _TOPIC.match(text) or _CAMPAIGN.match(text) or _PURSUED.search(clause)
    return found["topic"] if found and len(found["topic"]) > 2 else None
