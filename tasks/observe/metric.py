"""What a quantity is a quantity of: the noun before it, the noun after it, or the series that its sentence is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from tasks.observe.left import Left
from tasks.observe.lexer import Number
from tasks.observe.units import unit_at

# Words that say only that something happened; they name no series.
_LIGHT = (
    "完成(?!率|度|情况|进度|比例|比|值|量)|实现(?!率)|安排|开展|累计|新增(?!就业|耕地)|引进|引育|组织|举办|举行|召开|共计|总计|合计|共有|现有|拥有|已有|其余|剩余|但|仍(?!有)|用于|支持|下达|(?<!公)(?<!总)共(?!富|同|享|建|有制|性|识|聚)|同步|相比于?|对照|对比|按照|第[一二三四五六七八九十0-9]+批次?|"
    "达到|(?<!下)达|已经|已|均(?!价|衡|等|值|摊)|预计|预期|有望|计划(?!的|书|完成率|总?投资)|拟(?!定|制|建|出台)|确保|力争|争取|可|将|再|又|还|也|仅|同时|此外|并且|并|且|以及|其中|分别|"
    "目前|截至|截止|今年|至今|以来|年内|当年|当前|本年度?|当季|当月|月均|超额|顺利|成功|陆续|持续|全力|积极|大力|加快|深入|扎实|有序|"
    "推动|推进|带动|帮助|促进|促成|助力|努力|围绕|通过|进一步|有|获得|取得|保持|位于|处于|稳定在|保持在|基本|全部|全面|实际(?!利用|使用|到位|招聘|投资)|"
    "到位(?!率|资金)|每年|各类|各级|另有|另|即|全年|年均|集中|率先|相关|进行|予以|给予|享受|一次性|首批|首次|仍有|约有|一批"
)
_LEAD = re.compile(
    rf"(?:{_LIGHT}|全[区市县省国州镇域](?!人大|域)|我[区市县局镇省院校]|本[区市县局]|[区县]内(?=[^0-9])|辖区内?|截至|和|与|及|或|中(?!小|国|心|央|医|学|期|高|型|部|间|介|标|试|药|长)|对(?!口|外|接|标)|为|在(?!建|线|岗|册|校|职|库|孵|谈)|以|从|由|包?含|包括|的|是|了|等|其|该|各|"
    r"[一二三四五六七八九十]是|[一二三四五六七八九十]、|[0-9]{1,2}[.、]|[①-⑳]|[-—:,;。、.])+"
)
_TRAIL = re.compile(
    rf"(?:{_LIGHT}|[从由为至到近了的是在以及和与或]|:|(?<![签节预集条合公])约|[一二三四]是|其中|方面|等|各|-|同比|环比|位列|位居|居|列|排名|分别|实现|逐[季月年]|稳步|持续|快速|小幅|大幅|继续|平均|同口径|可比|同期|又|还|自|由|被|目标任务|目标|经|最低|最高|合约|折合|总的|仅|不足|呈|前移|预计|要|需)+\Z"
)
_INNER = re.compile(
    rf"(?:完成(?!率|度|情况|进度|比例|比|值|量|投资)|实现(?!率)|累计(?!发电量|装机)|开展|举办|举行|召开|新增(?!就业|耕地|减税|贷款|债|建设用地)|组织(?=[^,]{{0,2}}[开举召参])|共计|总计|合计|共有|现有|拥有|(?<!公)(?<!总)共(?!富|同|享|建|有制|性|识|聚)|引进|安排|达到|获批|获评|发放|发布|建成|印发|落实|争取|受理)"
)
EVENTS = "开工|完工|竣工|投用|投产|出让|收储|建成|签约|落地|续建|新建|改建|改造|拆除|交付|供应|供地|挂牌|入库|开业|整改|办结|受理|审批|核准|备案|在建|施工|注册|注销|入住|获批|上市|储备|转化|认定|摘牌|已开|结顶|验收|盘活|开发|招引|培育|招聘|发放|兑现|入选|办理|前期|开竣工|推出|审结|结案|受理|腾空|投入运营|投入使用|成交|化解"
_EVENT = re.compile(rf"(?:(?:正在|准备|提前|意向|基本|新|已|拟|计划|主体)*(?:{EVENTS})(?:及|和|并)?)+")
_OBJECT = re.compile(rf"^(?:{EVENTS}|新|发现|排查|收集|走访|检查|各类|计划)+(?=..)")
_ALREADY = re.compile(rf"(?:已经|已)(?={EVENTS})")
_EVENT_TAIL = re.compile(r"(?:开工|完工|竣工|投用|投产|建成|出让|收储|签约|落地|交付|整改|办结|获批|注册|入住)\Z")
_HEADS = (
    "总投资额?|计划总投资额?|投资额|投资|计划投资|年度计划投资|完成率|任务完成率|完成投资|占比|比重|得分|评分|分值|增速|资金|申报金额|总金额|金额|总额|面积|总面积|总建筑面积|"
    "建筑面积|占地面积|用地面积|余额|规模|总规模|产值|年产值|营收|营业收入|收入|税收|开工率|竣工率|达标率|合格率|满意率|满意度|覆盖率|办结率|完工率|入住率|"
    "进度|投资进度|形象进度|工程进度|支付率|执行率|到位率|兑现率|总长|总长度|全长|长度|里程|总里程|总量|数量|总数|人数|装机容量|容量|装机|装机功率合计|装机功率|用地|建设用地|"
    "利用率|使用率|占用地|产量|到位资金|税收占比|库容|占地|(?:满意|签约|纠错|成功|化解|核查|检出|通过|整改|回访|处置|完成|投产|上线)率|履约率|投产率|纳统率|开业率|去化率|出租率|成交额|成交金额|合同金额|授信额度|授信|贷款|奖补资金|扶持资金|补助资金|投入资金|总户数|涉及户数|金额约|涉及|惠及|受益|"
    "服务|平均得分|排名|名次|比例|率|转化率|签约率|落地率|涉及金额|预算|概算|估算|年销售|销售额|利润|净增|平均面积|总产能|产能|投资总额|总收入|同比"
)
_BARE_HEAD = re.compile(rf"(?:{_HEADS})")
INDEX_HEAD = re.compile(
    r"(?:指数|收入比|倍差|得分|评分|系数|密度|强度|浓度|总分|均分|分值|增长率|增速|增幅|下降率|降低率|容积率|吞吐量|[增长降低]|比值|满意度|数)(?:为|达到?|约|是|-|:|缩小至|扩大至|提升至|升至|由|从|至|上升到|[0-9.、和]+){0,3}\Z"
)
TIMED = re.compile(
    r"(?:缩短|压缩|缩减|减少|降至|降到|提速|平均|用时|耗时|历时|时限|时间|时长|周期|期限|不超过|控制在|提前|开放|仅需|只需|不到|天数|由|从|节省|至|优良|达标|工期|累计|运行|延长|等待)(?:[^,;]{0,6})\Z"
)
_AMOUNT_NOUN = re.compile(
    r"(?:GDP|生产总值|增加值|产值|投资|零售额|销售额|收入|营收|进出口|进口|出口|用电量|总额|税收|贷款|存款|余额|利润|成交额|客流|游客|交易额|产量|吞吐量|支出|社零|固投|外贸|总产出|消费|销量|面积|人次)(?:额|总额|总量)?\Z"
)
# Where the noun after a counted unit ends: what follows is said about it.
_RIGHT_END = re.compile(
    r"[,;。:、()!?\n0-9]|实现|完成(?!率)|获得?(?!奖)|被|入选|列入|纳入|通过(?!率)|参[加与](?!率)|开工(?!项目)|竣工(?!项目)|完工|投用|投产|投入|建成|落地(?!项目|率)|签约(?!率|项目|额)|"
    r"取得|已|正在|正(?!式|面)|均(?!等|衡)|全部|全面|进入|启动|提前|按|进行|举行|开展|受理|接受|达到?|超过|涉及|总投资|(?<!公)共(?!富|同|享|建|性|识)|累计|在(?!建|线|校|册|职|岗|库|孵|谈|手)|并|以(?!上|下|内)|用于|提供|打造|创建|覆盖|申报|推荐|发布|抓紧|联合(?!国|体)|"
    r"新获|评为|认定|挂牌|投运|运行|运营(?!商|中心)|上线|有序|稳步|顺利|集中|选聘|落实|出台|(?<!招)聘|交付|办理|准备|清退|结对|位于|率先|持续|陆续|较|比(?!赛|例|武)|同比|环比|其中|得到|给予|予以|共计|"
    r"总计|合计|约|近(?!郊|现代)|因|由(?!于)|将|拟|计划(?!生育)|预计|来(?!自|源|料)|赴|深入|发放|为|对(?!接|口|外|象)|向|到|于|且|仍|未|无|率|需|可(?!再生|研)|能(?!源|力|耗|级|效|碳|量)|占|是|自|从|走访|帮助|培训(?=[^班课活项中基场师])|"
    r"推动|推进|促进|助力|增加|减少|提升(?=[^改行工项])|增长|下降|提高|成为|成功|等(?!级|候)|联网|投放|安装|惠及|服务(?=[0-9])|引导|入库|入驻|入围|中(?=[,;。实现完成已])|组成|组建|实施(?!方案|意见|细则|项目|类)|整改(?!率|问题)|以及|与(?=[^会])"
)
_TRIM_RIGHT = re.compile(r"(?:的|中|和|及|与|等|之一|以上|左右|分别|全长|总长|总面积|建筑面积|面积|全部)+\Z")
_NOT_RIGHT = re.compile(
    r"(?:[,;。:、()!?\n0-9]|和(?!美|平|谐)|与|及|以上|总|共(?!富|同|享|建|性|识)|约|合|面积|建筑|用地面积|涉及|占|计|长|全长|投资|金额|较|比|同|其|还|也|后|左右|的?[,。;]|”|之|不|年|/|-|由|从|以来|为主|居)"
)
_QUOTE = re.compile("[“”‘’《》]")
_CLASS_AFTER = re.compile(
    r"(?:\(含\))?的?[^,;。:、()0-9]{0,14}?(?:企业|项目|单位|用户|机构|公司|工程|地块|主体|大户|产业|制造业|设备|建筑|客商|商户|平台|锅炉|贷款|房屋|人员|人群|婴幼儿|老人|老年人|儿童|妇女|小区|楼宇|农户|村|家庭|集群|园区|户|会议|合同|采购|基金|房源|民宿)"
)
_CLASS_BEFORE = re.compile(
    r"(?:产值|营收|营业收入|主营业务收入|销售额?|销售收入|注册资本|投资额?|税收|研发投入|研发费用|规模|面积|纳税|收入|年龄|金额|装机|库容|资产|能耗|用能|用电|票房|贷款|单体|单笔|净值|工期|年限|总投资)(?:额|总额)?(?:在|达|为|超过?|不低于|满|[-])*\Z"
)


_OF_GOAL = re.compile(
    r"(?:完成|达到?|相当于)?(?P<goal>占?(?:全年|年度|本年度|年初|市|市定|下达)*(?:目标任务|目标|任务|计划|预算|进度)数?)的?(?:约|超|近|达到?)*\Z"
)
_BESIDE = re.compile(r"[0-9.]+万?")
_SHARE_OF = re.compile(r"(?<=..)(?:仅|约|已)?占(?![比用地])(?![^,;]*(?:比重|比例|占比|份额))[^,;]*\Z")
_VERB_NOUN = re.compile(r"(?:落实|完成|实现|覆盖|推行|推进)(?P<noun>[^,;。、:0-9]{2,20})")
_EMPTY = frozenset(("幅度", "增幅", "降幅", "占", "高", "低", "年度", "任务", "数量", "个数"))
_ATTRIBUTED = re.compile(
    r"(?:计划)?(?:总投资|投资|总?面积|建筑面积|全长|总长|产值|规模)(?:额)?(?:约|共|达|超)?[0-9.]+[^,;的]{1,5}的(?P<noun>[^,;。、0-9]{2,14})"
)


@dataclass(frozen=True, slots=True)
class Name:
    """`owner` is set where the metric is a noun that later bare heads belong to."""

    metric: str | None
    owner: str | None = None
    right_end: int = 0  # where the noun after the unit ends, if that is the metric
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    measure: str
    value: Decimal
    high: Decimal | None
    growth: str = ""


def strip_lead(text: str) -> str:
    """`text` without the light words at its front: empty where it names nothing."""
    found = _LEAD.match(text)
    return text[found.end() :] if found else text


_TRAIL_CLOSES = re.compile(
    "[:与且中为也了予争于仅今从以位低保先入共关内再划列利别到前力办功动助即又及取受另可各合名呈和在均增外季实将居展已幅年并序度开径得快性成或批拟持排时是月有望期本来极次止步比照现由的移等类约级织经绕续育自至行被要计足达过近还进速部际需面额高-]"
)
_INNER_CUE = re.compile("[完实累开举召新组共总合现拥引安达获发建印落争]")


def _strip_trail(head: str) -> str:
    """`head` without the light words at its end."""
    if not _TRAIL_CLOSES.match(head, len(head) - 1 if head else 0):
        return head
    found = _TRAIL.search(head, max(0, len(head) - 18))
    return head[: found.start()] if found else head


def clean(head: str) -> str:
    """The naming part of what stands before a quantity: light words off both ends, long run-ups cut."""
    head = _strip_trail(head)
    if "等" in head:
        tail = head.rpartition("等")[2]
        if len(tail) >= 2 and not tail.startswith(("级", "教育", "候")) and tail[0] not in "”":
            head = tail
    last = None
    for found in () if head.startswith("每") or not _INNER_CUE.search(head) else _INNER.finditer(head):
        if _inside_quote(head, found.start()):
            continue
        last = found
    if last is not None:
        rest = head[last.end() :]
        rest = strip_lead(rest)
        if len(rest) >= 2 or (not strip_lead(head[: last.start()]) and rest):
            head = (
                last[0]
                if last[0] in ("争取", "发放", "发布", "建成", "印发", "落实", "受理") and len(rest) <= 4
                else ""
            ) + rest
        else:
            head = head[: last.start()]
    head = strip_lead(_strip_trail(head))
    if ":" in head:
        head = strip_lead(head.rpartition(":")[2])
    return head.strip(" ,、.—")


def is_bare(head: str) -> bool:
    """Whether what stands before a quantity is a head that needs an owner: 总投资, 完成率."""
    return _BARE_HEAD.fullmatch(_strip_trail(strip_lead(head))) is not None


def _inside_quote(text: str, at: int) -> bool:
    return text.rfind("“", 0, at) > text.rfind("”", 0, at) or text.rfind("(", 0, at) > text.rfind(")", 0, at)


_DONE_NOUN = re.compile(rf"(?:已(?:{EVENTS})(?:的)?|拟|需|待)(?=[^,;。:、()0-9]{{3,}})|[0-9]+周?岁以[上下](?:的)?")


def right_noun(text: str, at: int) -> str:
    """The noun phrase that starts at `at`, right after a unit: 3家[国家级小巨人企业]; empty where none does."""
    if text[at : at + 1] == "的":
        at += 1
    done = _DONE_NOUN.match(text, at)
    if done:
        at = done.end()
    if at >= len(text) or _NOT_RIGHT.match(text, at):
        return ""
    stop = min(len(text), at + 40)
    begin = at
    while True:
        found = _RIGHT_END.search(text, begin, stop)
        end = found.start() if found else stop
        opened = text.rfind("“", at, end)
        if opened >= 0 and text.find("”", opened, end) < 0:
            closing = text.find("”", opened)
            if 0 <= closing < stop:
                begin = closing + 1
                continue
        break
    if text[end : end + 1] == "(" and end > at:
        closing = text.find(")", end, end + 8)
        if closing > 0 and not re.search(r"[0-9]", text[end:closing]):
            end = closing + 1
    noun = text[at:end]
    noun = _TRIM_RIGHT.sub("", noun)
    if noun.find("的") >= 2:
        noun = noun[: noun.find("的")]
    return noun if len(noun) >= 2 and noun[0] not in "的了" else ""


def name(text: str, number: Number, left: Left, series: str | None, owner: str | None, fallback: str | None) -> Name:
    """The metric of one quantity. `series` was named last in the sentence; `owner` completes bare heads."""
    head = clean(left.head)
    share_of = _SHARE_OF.search(head) if number.sort == "share" else None
    if share_of:
        head = head[: share_of.start()]
    if head.endswith("后") and head.startswith(("扣除", "剔除")):
        head = ""
    if head in _EMPTY or (number.sort == "share" and head[:1] == "占" and head[1:2] not in ("比", "用", "地")):
        head = ""
    if number.sort == "rank":
        head = _rank_head(left.head)
        if not head and not series:
            head = left.head.rstrip("由从至到为:")
        if head in ("综合", "总体", "总"):
            head += "排名"
        if _BARE_HEAD.fullmatch(head) and owner:
            head = owner + head
        return Name(head, None) if head else Name(series or fallback)
    goal = _OF_GOAL.search(left.whole) if number.sort == "share" and not left.direction else None
    if goal and series:
        return Name(series + goal["goal"], None, inherited=True)
    if left.comparison == "peer" and not head:
        return Name(series or fallback)
    counted = number.sort == "count"
    after = right_noun(text, number.end) if (counted or not head) and not left.direction else ""
    if number.sort == "share" and after and text[number.end : number.end + 1] != "的":
        done = _VERB_NOUN.match(text, number.end)
        after = done["noun"] if done and not left.whole else ""
    if counted and not after and text[number.end : number.end + 1].isdigit():
        beside = _BESIDE.match(text, number.end)
        unit = unit_at(text, beside.end()) if beside else None
        if beside and unit:
            after = right_noun(text, beside.end() + len(unit))
    if counted and not after:
        attributed = _ATTRIBUTED.match(text, number.end)
        if attributed:
            return Name(attributed["noun"], attributed["noun"])
    if after and (counted or number.sort in ("amount", "share")):
        event = _EVENT.fullmatch(head) if head else None
        if event and len(after) <= 6 and not left.head.endswith("等") and "、" not in left.head:
            return Name(head.lstrip("已新") + after, after, number.end)
        return Name(after, re.sub("(?<=项目)建设\\Z", "", after), number.end)
    if not head:
        follow = _follow_event(text, number.end) if counted else ""
        if series and follow and owner:
            return Name(owner + follow, None, inherited=True)
        return Name(series or fallback, None, inherited=True)
    if _BARE_HEAD.fullmatch(head):
        base = owner or fallback
        if (
            text[number.end : number.end + 1] == "的"
            and text[number.start - len(left.whole) - 1 : number.start - len(left.whole)] != "、"
        ):
            base = right_noun(text, number.end) or base
        if base and not base.endswith(head) and not head.startswith(base):
            return Name(base + head, None)
        return Name(head, None)
    event = _EVENT.fullmatch(head)
    if event and counted:
        base = owner or fallback
        if base:
            base = _OBJECT.sub("", base)
            return Name(head.lstrip("已") + base, None)
        return Name(head, None)
    head = _ALREADY.sub("", head)
    tail = _EVENT_TAIL.search(head)
    if tail and tail.start() >= 2 and counted:
        return Name(head, head[: tail.start()])
    found = _EVENT.match(head)
    noun = head[found.end() :] if found and len(head) - found.end() >= 2 else head
    return Name(head, noun)


def subject(clause: str) -> str | None:
    """The series a clause without a figure speaks of: 固定资产投资创历史新高, 达到… → 固定资产投资."""
    if not _SERIES_END.search(clause):
        return None
    text = strip_lead(clause)
    last = None
    for last in _SERIES_END.finditer(text, 0, 24):
        pass
    return text[: last.end()] if last and last.end() > 2 and "、" not in text[: last.end()] else None


_SERIES_END = re.compile(
    r"(?:GDP|生产总值|增加值|产值|投资|零售额|销售额|总额|收入|营收|进出口|出口|用电量|税收|指数|率)"
)


def _follow_event(text: str, at: int) -> str:
    found = re.compile(rf"已?({EVENTS})").match(text, at)
    return found[1] if found else ""


_PLACES = r"(?:全[省市国区县州]|国家|[^,;、]{0,3}?[省市区县国州]|五?城区|主城区|同类城区|镇街|省市|区县|县区|[省市]级|部门|单位|平台|街道|系统|区县市)"
_RANKED = re.compile(
    rf"(?:(?:排名|排在|排|位列|位居|居于|居|列|位于|名列|稳居|跃居|跃升至|升至|位次|获|荣获|进入|跻身|前移至|保持)(?:为|在|到)?"
    rf"{_PLACES}{{0,2}}(?:中|内)?(?:的)?(?:排名|排|列|并列|前列)?|{_PLACES}{{1,2}}(?:排名|排|列|并列)?)\Z"
)


_RANK_VERB = re.compile(
    rf"(?:排名|排在|排|位列|位居|居于|居|列|位于|名列|稳居|跃居|跃升至|升至|跻身|保持)(?:为|在|到)?{_PLACES}{{0,2}}(?:中|内)?(?:的)?(?:排名|排|列|并列)?\Z"
)


def _rank_head(head: str) -> str:
    cut = _RANK_VERB.search(head) or _RANKED.search(head)
    rest = head[: cut.start()] if cut else head
    return clean(rest)


def members(left: Left, metric: str, count: int) -> list[str]:
    """The listed series of 均 and 分别: A、B和C → [A, B, C], a head shared by all put behind each."""
    text = clean_list(left.head) or metric
    parts = text.split("、")
    parts[-1:] = re.split(r"以及|和(?!谐|睦)|与|及(?!其|时)", parts[-1])
    parts = [part for part in parts if part]
    if count > 1 and len(parts) != count:
        parts = [p for p in re.split(r"、|以及|和(?!谐|睦)|与|及(?!其|时)", text) if p]
    if len(parts) < 2:
        return [metric]
    if count > 1 and len(parts) != count:
        return [metric]
    last = parts[-1]
    shared = _AMOUNT_NOUN.search(last)
    named = []
    for part in parts:
        part = strip_lead(part)
        if (
            shared
            and not _AMOUNT_NOUN.search(part)
            and not re.search(r"(?:率|量|额|值|资|入|数|口|出|费|GDP|款|项目|企业|比|度|电|税)\Z", part)
        ):
            part += shared[0]
        named.append(part)
    return named


def clean_list(head: str) -> str:
    """As `clean`, but the list stays whole."""
    head = _strip_trail(head)
    last = None
    for found in _INNER.finditer(head):
        if not _inside_quote(head, found.start()):
            last = found
    if last is not None and len(head) - last.end() >= 4:
        head = head[last.end() :]
    return strip_lead(head)


def measure(number: Number, left: Left, named: Name, growth: str) -> Reading:
    """What kind of figure it is, with its sign and the growth noun it leaves to what hangs on it."""
    value, high = number.value, number.high
    negative = left.negative or number.negative
    sign = -1 if negative else 1
    noun = left.growth
    if number.sort == "rank":
        return Reading("rank", value, high)
    down = left.direction == "down"
    if number.sort == "share" or (number.sort == "none" and (noun or left.direction)):
        if noun and not (left.direction and not left.to and left.adjacent and number.sort != "share"):
            falls = noun[0] in "降跌减下" or "下降" in noun or "降低" in noun
            sign = -sign if falls else sign
            return _signed("growth", value, high, sign, noun)
        if left.direction and not left.to and left.comparison != "peer":
            return _signed("growth", value, high, -sign if down else sign)
        if left.direction and left.comparison == "peer" and not left.to:
            return _signed("change", value, high, -sign if down else sign)
        if growth and named.inherited and (left.to or not left.direction) and number.unit == "%":
            falls = growth[0] in "降跌减下"
            return _signed("growth", value, high, -sign if falls else sign, growth)
        if negative:
            return _signed("growth", value, high, sign)
        if (
            named.metric
            and not left.to_completion
            and number.unit == "%"
            and _AMOUNT_NOUN.search(named.metric)
            and not named.inherited
        ):
            return _signed("growth", value, high, sign)
        return Reading("ratio", value, high)
    if number.sort == "points":
        return _signed("change", value, high, -sign if down else sign)
    if left.direction and not left.to:
        return _signed("change", value, high, -sign if down else sign)
    return _signed("level", value, high, sign)


def _signed(kind: str, value: Decimal, high: Decimal | None, sign: int, growth: str = "") -> Reading:
    if sign < 0:
        value = -value
        if high is not None:
            value, high = -high, value
    return Reading(kind, value, high, growth)


def comparison(measured: str, left: Left, before: str | None) -> str | None:
    """yoy | prior_period | peer | other for growth and change; None for the rest and where no base is told."""
    if measured not in ("growth", "change"):
        return None
    if left.comparison:
        return left.comparison
    if measured == "growth":
        if left.growth or left.word in ("增长", "下降", "增", "降", "", "正增长", "负增长", "下滑", "回落", "上升"):
            return "yoy"
        return None
    return before if left.chained else None


def bound(number: Number, left: Left) -> str:
    """exact | approx | at_least | at_most: the word before the number, else the one after it."""
    after = number.after
    if after in ("以上", "及以上", "之上"):
        return "at_least"
    if after in ("以下", "及以下", "以内", "之内", "之下"):
        return "at_most"
    if after in ("左右", "上下"):
        return "approx"
    if left.bound != "exact":
        if left.direction and left.word in ("高于", "低于", "超过"):
            return "exact"
        return left.bound
    if after or number.approx:
        return "approx"
    return "exact"


def is_threshold(text: str, number: Number, left: Left) -> bool:
    """Whether the number only defines a class: the 10亿元 of 年产值10亿元以上企业, the 千万 of 税收超千万企业."""
    if number.sort in ("rank", "points"):
        return False
    limit = number.after in ("以上", "及以上", "以下", "及以下", "以内") or left.bound in ("at_least", "at_most")
    if not limit:
        return False
    if (
        number.sort == "count"
        and not _CLASS_BEFORE.search(left.whole)
        and number.unit not in ("人", "张", "床", "层", "个工位")
    ):
        return False
    follows = _CLASS_AFTER.match(text, number.end)
    if not follows:
        return False
    if number.sort == "share" and not follows[0].startswith("的"):
        return False
    if number.after == "" and left.bound == "at_least" and number.sort != "amount":
        return False
    if re.search(r"总投资(?:额)?(?:超过?|约|达)?\Z", left.whole) and follows[0].startswith("的"):
        return bool(
            re.match(r"的(?:重大|重点|产业|制造业|工业)*(?:项目|企业)[0-9]", text[number.end : number.end + 16])
        )
    return True
