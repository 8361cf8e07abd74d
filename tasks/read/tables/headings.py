"""What the headings of a table mean, and which row holds them.

A heading alone is a claim: `tasks/read/tables/columns.py` weighs it against what stands below it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tasks.read.tables.cells import narrow, read_units, units_likeness


class Role(StrEnum):
    """What a column holds. The first seven become fields of a row; all stay in `cells`."""

    SEQ = "seq"
    CATEGORY = "category"
    CONTENT = "content"
    UNITS = "units"
    STATUS = "status"
    PROGRESS = "progress"
    NAME = "name"  # the name of a project or task: category or content, depending on its neighbours
    INDICATOR = "indicator"
    PLAN = "plan"
    LEADER = "leader"
    DEADLINE = "deadline"
    REMARK = "remark"
    PROBLEM = "problem"
    VERDICT = "verdict"
    MEASURE = "measure"  # a unit of measurement
    AMOUNT = "amount"
    CODE = "code"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a heading claims its column to be, and how plainly (1 = faint … 5 = plain)."""

    role: Role
    weight: int


_NOT_OF_A_TABLE = re.compile(
    r"索引号|公开方式|公开范围|公开时限|公开形式|发布|发文|成文|生成日期|文号|有效性|点击|浏览|来源|制发机关"
)
_QUOTED_WORD = re.compile(r"“[^“”。;；,，!?]{1,6}”")  # 完成“十四五”目标情况
_BRACKETS = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]")

# Order decides: the first that is found is the claim. Weights rank rivals for one field.
_RULES: tuple[tuple[Role, int, re.Pattern[str]], ...] = tuple(
    (role, weight, re.compile(pattern))
    for role, weight, pattern in (
        (
            Role.SEQ,
            5,
            r"^(?:序[号列次]?|编号|号|项次|次序|顺序|排序|行次|no\.?|#)$|^(?:任务|项目|事项|工作|顺)?序[号列]$",
        ),
        (Role.CODE, 4, r"编号|编码|代码|折子号|文号|号$"),
        (
            Role.VERDICT,
            4,
            r"^(?:办理|答复|反馈|落实|结果)(?:类别|分类|等级|结论)$|^督[办查导]意见$|是否|与否|达序(?!率)|达标|评价(?!指标|内容|类[别型]|板块|领域|维度|方面|对象|单位)|等级|亮灯|红黄|考核(?!指标|目标|内容|任务|事项|类[别型]|大类|板块|领域|维度|方面|单位|部门|对象)|得分|评分|自评|销号(?!率|情况|进展)|排名|位次|认定$|研判$|预警$|评定$|评估(?:结果|结论|意见)?$",
        ),
        (
            Role.PROBLEM,
            4,
            r"^(?!.*(?:进展|完成情况|推进情况|落实情况|成效)).*(?:问题|困难|下一?步|下阶段|打算|原因|(?<!代表)(?<!重点)(?<!人大)建议(?!内容|事项|名称|题目|标题|主题|案|提案|议案|编?号|人|者|类)|难点|对策)",
        ),
        (
            Role.LEADER,
            4,
            r"^(?!.*(?:单位|部门|科室|处室)[及和、与]).*(?:领导|责任人|负责人|联系人|区长|市长|县长|分管|联系电话|挂帅|包案)"
            r"|^(?:领衔|提案|提出|提议|建议|附议)(?:者|人|代表|委员)|^(?:人大|政协)?(?:代表|委员)(?:姓名)?$",
        ),
        (
            Role.UNITS,
            5,
            r"^(?!(?:相关|各|有关|全体|其他))(?:.*(?:责任|牵头|主办|承办|主责|负责|实施|落实|执行|主管|完成|建设|业主|项目|申报|属地|参建|协同))?(?:单位|部门|科室|处室|股室|机构|主体|镇街|街道|(?:单位|部门)名称)$",
        ),
        (
            Role.UNITS,
            3,
            r"^(?:责任|牵头|主办|承办|主责)(?:方|处|局)?$|^(?:责任|牵头|主办|承办).*(?:单位|部门|科室|处室|主体)",
        ),
        (Role.UNITS, 2, r"^(?:责任|任务|职责)?分工$"),
        (
            Role.UNITS,
            2,
            r"^(?:责任|牵头|主办|承办|主责)(?!人|领导|状|书|制|清单|目标|时|情况|措施|事项|内容|任务|工作).{1,6}$",
        ),
        (Role.UNITS, 2, r"^(?:配合|协办|协同|参与|会办|协作).*(?:单位|部门|科室|处室|主体)?$"),
        (
            Role.DEADLINE,
            4,
            r"时限|期限|年限|起止|完成时间|时间节点|(?:计划|开工|竣工|启动|投用|起始).*(?:时间|日期|年月)|^(?:时间|日期)$",
        ),
        (Role.REMARK, 4, r"备注|附注|(?<!进展)(?<!进度)(?<!完成)(?<!推进)(?<!落实)(?<!实施)(?<!情况)说明$"),
        (
            Role.PLAN,
            3,
            r"^(?!.*(?:进展|成效|情况))(?:.*(?:计划|安排|节点|打算|预期)|.*阶段.*目标|.*目标.*(?:分解|进度)|目标进度|(?:目标|任务)[数量值]|.*(?:年度|年|季度)(?:目标|任务)[数量值]|计划.*)$(?<!计划完成情况)(?<!目标完成情况)(?<!安排落实情况)",
        ),
        (
            Role.STATUS,
            4,
            r"增幅|增速|降幅|增长率|(?:^|上年|同期)增[长减]%?$|^(?:同比|环比)|^(?:1-|前|截[至止])?\d{1,2}(?:个)?月(?:份|底|末)?(?:累计)?(?:完成|实绩|实际)(?!.*(?:比例?|率|进度|%)$)"
            r"|^(?:第?[一二三四1-4]季度|前三季度|[上下]半年|本季度?|全年|当年)(?:累计|实际)?(?:完成|实绩)(?:数|值|量|额)?$",
        ),
        (Role.STATUS, 3, r"^1-\d{1,2}月(?:份)?$"),
        (
            Role.STATUS,
            3,
            r"^(?:(?:(?:1-|前|截[至止])?\d{1,2}(?:个)?月(?:份|底|末)?止?|本月止|第?[一二三四1-4]季度|前三季度|[上下]半年|全年|本年|本期|当年|"
            r"年初至今|自年初)?累计(?:值|数|量|额)?|绝对量|总量|(?:本|当|报告)期(?:值|数|量|额))$",
        ),
        (Role.AMOUNT, 3, r"^(?:总?投资|资金|预算)(?:情况|构成)$"),
        (
            Role.PROGRESS,
            5,
            r"(?:完成|达成|执行|实施|工作|任务|项目|目标|总体|累计|当前|目前)+(?:进度|比例|百分比|率)$|完成率|完成比|百分比|进度(?:条|值|率)?%|完成%",
        ),
        (Role.PROGRESS, 4, r"^(?!.*情况).*(?:进度|比例|%)$"),
        (
            Role.PROGRESS,
            3,
            r"(?:达序|销号|办结|兑现|整改|落实)率$|(?:完成|推进|进展|落实|实施|整改)程度$|(?:完成|达成|实现|推进|执行)度$|(?:完成|实施|执行)(?:占比|比重)$",
        ),
        (
            Role.STATUS,
            5,
            r"(?:完成|进展|执行|落实|推进|实施|办理|进度|达成|履行|整改|推动|办结|督办|督查|核查|验收|销号|兑现|建设|开展|工作)(?:任务|工作|目标)?(?:完成|进展|进度)?(?:情况|状况|成效|成果|结果|动态)|进展$|工作进展|进展说明",
        ),
        (
            Role.STATUS,
            4,
            r"进展|实绩|成效|现状|状态|完成值|完成数|实际(?:完成|值|数)|^(?:已|累计)?完成(?:量|额|数|值)?$|^绝对(?:值|数|额)$|^(?:目前|当前)(?:进展|状况|情况)?$|落实(?:举措)?及成效|推进$|情况$|^(?:推进|进展|项目|办理|落实|整改)动态$|^(?:阶段性?|取得|主要)(?:成果|成绩)|^(?:工程|目前|现场|施工)形象$|^(?:工作|贯彻|具体)落实$|^(?:主要|具体|工作)?做法$|^(?:序时|节点|实际|阶段)完成$|^实际(?:达到|达成)$|^(?:截至?)?(?:本|当|\d{1,2})月(?:份|底|末)?(?:已|累计|实际)完成$|^[本当]月完成$|^答复意见$|^(?:工作)?兑现$|(?:办理|实施|推进|落实)过程$|说明$",
        ),
        (Role.MEASURE, 4, r"计量单位|^(?:指标|数量|度量|数值|统计)?单位$"),
        (Role.INDICATOR, 5, r"指标(?!值|单位|属性|性质|类[型别]|来源|方向|权重|口径|说明|解释)"),
        (Role.AMOUNT, 3, r"投资|资金|金额|预算|(?:万|亿)元"),
        (
            Role.CATEGORY,
            5,
            r"类别|分类|类型|领域|板块|大类|条线|章节|所属|序列(?!号)|方[面向]$|维度$|^(?:一|二)级(?!指标)|^类$|工程包|^模块$|^[大主]项$",
        ),
        (
            Role.CONTENT,
            5,
            r"内容|任务描述|具体(?:任务|目标|措施|工作|事项)|承诺事项|任务分解$|分解任务$",
        ),
        (Role.CONTENT, 4, r"目标任务|任务目标|任务$|举措|措施|要点$|报告任务|具体事项|目标及|承诺"),
        (
            Role.NAME,
            4,
            r"^.*(?:项目|工程|任务|工作|事项|实事|清单)(?:名称|名|类别)$|^.{0,8}名称$|^(?:重点|主要|实事|民生|民生实事|惠民|为民|政府|年度|改革)?(?:工作|事项)$|"
            r"^(?:重点|主要|实事|民生|民生实事|惠民|为民|民心|政府|政府投资|投资|年度|改革|建设|重大|重点建设|督办|攻坚|领办|包联|"
            r"实施|考核|储备|子)?(?:项目|工程|实事)$|(?:建议|提案|议案)(?:题目|标题|主题|案由)?$|^(?:案由|议题)$|^[小子分]项(?:名称)?$",
        ),
        (Role.CONTENT, 3, r"^(?:.*(?:任务|工作|事项)(?:清单)?)$|要求$"),
        (Role.PLAN, 3, r"目标|指标值|预期|预计"),
    )
)
_ROLE_OF_ALIAS = {role.value: role for role in Role}
_ORIGIN = re.compile(r"来源|出处|依据|文件|区域|地区|镇街|地点")
_ACCOUNTED = re.compile(r"完成|进展|推进|落实|实绩|实际|成效|进度|办理|整改")
_REALLY = re.compile("^(?:实际|已|累计)完成(?:情况|数|值|量|额)?$|^实际(?:值|数|量|情况)?$|^完成(?:率|比例|百分比)%?$")
_PLANNED = re.compile("计划(?!完成|执行)|安排|预期")
_OF_A_TASK = re.compile(r"(?:量化|考核|绩效|评价|具体|年度|目标).{0,2}指标(?!名称|任务)")
_FIELDS = {Role.CONTENT, Role.NAME, Role.INDICATOR, Role.STATUS, Role.PROGRESS, Role.UNITS}
_STATE = re.compile(
    r"(?:.*(?:正常|有序|稳步|加快|持续|按计划|按序时|序时|扎实|顺利|积极|全力|正在|已|基本|全部|尚?未))?(?:进度)?"
    r"(?:推进|进行|施工|筹备|办理|整改|建设)中|正常|.*(?:正常|有序|稳步|加快|持续|按计划|按序时(?:进度)?|扎实|顺利|积极|全力|正在|"
    r"已|基本|全部|尚?未)(?:进行|推进|完成|启动|开展|实施|施工|竣工|完工|开工|投用|办结|达标|落实|结顶|办理|整改|验收|销号)(?:工作)?"
    r"|(?:长期|常态化?|序时|提前|超额|如期|按[期时])(?:坚持|推进|开展|完成|办结|落实)|已(?:通过|取消|终止|暂停|转入)(?:验收|评[估审])?"
    r"|(?:尚?未|已|基本)?(?:达到?|完成|超过?|快于|慢于|滞后于?|落后于?|符合)序时(?:进度)?"
    # Free compounds of such words, one of which judges: 达序推进, 进展缓慢, 严重滞后, 欠进度.
    r"|(?=.*(?:达序|滞后|落后|缓慢|[偏较略]慢|正常|顺利|有序|未达|[超欠达]进度|提前|超额|较快|良好))"
    r"(?:达序|序时|时序|进度|进展|推进|实施|办理|建设|施工|完成|缓慢|滞后|落后|[偏较略]慢|正常|顺利|有序|未达|达到?|超额?|欠|提前|较快|良好|严重|明显|"
    r"轻微|略有|基本|总体|整体|全部|部分|正在|持续|按期|如期|按时|已|中){2,5}"
)
_BARE_STATES = frozenset(("完成", "办结", "滞后", "在建", "停工", "延期", "暂停", "超前", "长期"))
_PURE_NUMBER = re.compile(r"[\d.,%/—-]+|.*\d\s*(?:%|[项个家处件户人亩条公套台次场亿万元]).*")


_BODIES = re.compile("单位|部门|科室|处室")
_PERSONS = re.compile("(?:责任|负责|联系|经办)人|领导")
_DASH = re.compile(r"(?<=\d)[—–―~至](?=\d)")


@lru_cache(maxsize=4096)
def squeeze(heading: str) -> str:
    """The form of a heading that rules look at: NFKC, no white space, no bracketed remark but a sign of percent."""
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFKC", heading)).strip(":;,.。、*★").lower()
    flat = _DASH.sub("-", flat)
    percent = "%" in flat or "百分比" in flat
    bare = _BRACKETS.sub("", flat) or flat.strip("()[]【】〔〕")
    return f"{bare}%" if percent and not bare.endswith("%") and "百分比" not in bare else bare


def claim(heading: str, aliases: Mapping[str, str] | None = None) -> Claim:
    """What a heading (levels joined with `/`) claims. The leaf decides where it is plain, else the level above it."""
    wanted = _alias(heading, aliases)
    if wanted is not None:
        return Claim(wanted, 9)
    levels = [squeeze(part) for part in heading.split("/") if part.strip()]
    if not levels:
        return Claim(Role.UNKNOWN, 0)
    claims = [_simple(level) for level in levels]
    leaf = claims[-1]
    above = next((c for c in reversed(claims[:-1]) if c.role is not Role.UNKNOWN), None)
    if above is None:
        below_time = leaf.role is Role.UNKNOWN and len(levels) > 1 and is_window(levels[-2])
        return Claim(Role.STATUS, 2) if below_time else leaf  # 前三季度/总量
    if leaf.role is Role.CONTENT and above.role is Role.STATUS and _ACCOUNTED.search("/".join(levels[:-1])):
        return Claim(Role.STATUS, 4)  # 实绩/内容
    if above.role is Role.PLAN and leaf.role is Role.CONTENT and leaf.weight == 5:
        return Claim(Role.CONTENT, 3)
    if above.role is Role.PLAN and _REALLY.search(levels[-1]) and not _PLANNED.search("/".join(levels)):
        return leaf if leaf.role is Role.PROGRESS else Claim(Role.STATUS, 3)  # 年度任务量: 计划, 实际完成, 完成率
    if above.role is Role.PLAN and leaf.role not in (Role.REMARK, Role.UNITS, Role.SEQ):
        return Claim(Role.PLAN, 4)
    if leaf.role in (Role.UNKNOWN, Role.AMOUNT, Role.MEASURE) or (above.role is Role.STATUS and leaf.weight < 3):
        return Claim(above.role, max(above.weight - 1, 1))
    if above.role is Role.UNITS and leaf.role is not Role.LEADER:
        return Claim(Role.UNITS, leaf.weight if leaf.role is Role.UNITS else above.weight)
    return leaf


def roles_of(headings: Sequence[str], aliases: Mapping[str, str] | None = None) -> list[Role]:
    """The roles of a row of headings by wording alone; of two that claim content the earlier names the later."""
    claims = [claim(heading, aliases) for heading in headings]
    roles = [c.role for c in claims]
    contents = [i for i, role in enumerate(roles) if role is Role.CONTENT]
    for i in contents[:-1]:
        if claims[i].weight <= claims[contents[-1]].weight:
            roles[i] = Role.NAME
    for i, role in enumerate(roles):
        if role is Role.INDICATOR and measures_a_task(headings[i]) and Role.CONTENT in roles[:i]:
            roles[i] = Role.PLAN
    if not {Role.CONTENT, Role.NAME, Role.INDICATOR, Role.CATEGORY} & {*roles}:
        for i in range(len(roles)):
            if roles[i] is Role.PROBLEM and Role.STATUS in roles[i:]:
                roles[i] = Role.CONTENT  # what is to be put right, in a table of nothing else
                break
    indicators = [i for i, role in enumerate(roles) if role is Role.INDICATOR]
    for place, i in enumerate(indicators[:-1]):
        roles[i] = Role.NAME if place or Role.CATEGORY in roles else Role.CATEGORY
    accounts = [i for i, role in enumerate(roles) if role is Role.STATUS and not names_a_state(headings[i])]
    if accounts and Role.PROGRESS not in roles:
        roles = [
            Role.PROGRESS if role is Role.STATUS and names_a_state(headings[i]) else role
            for i, role in enumerate(roles)
        ]
    for i, heading in enumerate(headings):
        # 单位 alone is one of measurement beside the bodies that answer, or beside indicators.
        if squeeze(heading) == "单位" and (roles.count(Role.UNITS) > 1 or Role.INDICATOR in roles):
            roles[i] = Role.MEASURE
    return roles


def names_bodies(heading: str) -> bool:
    """Whether a heading names bodies, whoever else: 责任单位/责任人."""
    return _BODIES.search(heading) is not None


def names_persons(heading: str) -> bool:
    """Whether a heading names persons, whoever else: 责任单位及责任人."""
    return _PERSONS.search(heading) is not None


def measures_a_task(heading: str) -> bool:
    """Whether a heading of indicators, beside tasks, says by what these are measured: 量化指标, 考核指标."""
    return _OF_A_TASK.search(squeeze(heading)) is not None


def _alias(heading: str, aliases: Mapping[str, str] | None) -> Role | None:
    for name, role in (aliases or {}).items():
        if squeeze(name) in (squeeze(heading), squeeze(heading.rsplit("/", 1)[-1])):
            return _ROLE_OF_ALIAS.get(role, Role.UNKNOWN)
    return None


@lru_cache(maxsize=4096)
def _simple(flat: str) -> Claim:
    if not flat or len(flat) > 30 or _NOT_OF_A_TABLE.search(flat):
        return Claim(Role.UNKNOWN, 0)
    for role, weight, pattern in _RULES:
        if pattern.search(flat):
            return Claim(role, weight)
    return Claim(Role.UNKNOWN, 0)


def may_head(text: str) -> bool:
    """Whether a text has the form of a heading: short, no sentence, no figure."""
    flat = squeeze(text)
    return (
        0 < len(flat) <= 24
        and not _PURE_NUMBER.fullmatch(flat)
        and not re.search(r"[。;；,，!?“”]|\d\s*[%％]", _QUOTED_WORD.sub("", _BRACKETS.sub("", text)))
    )


def may_group(heading: str) -> bool:
    """Whether an unknown heading may stand above names that group the rows, not above where a task is from."""
    return _ORIGIN.search(heading) is None


def is_state(flat: str) -> bool:
    """Whether a narrow text is nothing but the state of a piece of work: 正常推进, 已完成, 完成."""
    return flat in _BARE_STATES or _STATE.fullmatch(flat) is not None


def names_a_state(heading: str) -> bool:
    """Whether a heading stands above words for the state of the work: 办理状态, 完成与否 does not."""
    return squeeze(heading.rsplit("/", 1)[-1]).endswith("状态")


def is_value(text: str, aliases: Mapping[str, str] | None = None) -> bool:
    """Whether a text is plainly what stands below a heading: a state of the work, a list of bodies."""
    flat = narrow(text)
    if is_state(flat):
        return True
    if units_likeness(flat) < 0.8:
        return False
    return any(claim(unit, aliases).role not in (Role.UNITS, Role.MEASURE) for unit in read_units(flat))


def heading_role(text: str, aliases: Mapping[str, str] | None = None) -> Role:
    """The role that a text claims as a heading; UNKNOWN for what is plainly a value."""
    role = claim(text, aliases).role
    return Role.UNKNOWN if role is Role.UNKNOWN or not may_head(text) or is_value(text, aliases) else role


def is_header(texts: Sequence[str], aliases: Mapping[str, str] | None = None) -> bool:
    """Whether these cells, as one row, are the headings of a table of tasks, projects or indicators."""
    distinct = list(dict.fromkeys(text for text in texts if text.strip()))
    if len(distinct) < 2:
        return False
    if not all(map(may_head, distinct)):
        return False
    if sum(_NOT_OF_A_TABLE.search(squeeze(text)) is not None for text in distinct) > len(distinct) / 3:
        return False
    roles = [heading_role(text, aliases) for text in distinct]
    known = [role for role in roles if role is not Role.UNKNOWN]
    if len(distinct) == 2:
        return len(set(known)) == 2 and bool({Role.STATUS, Role.PROGRESS} & set(known))
    others = len(distinct) - sum(map(is_window, distinct))  # a column a quarter says nothing against the rest
    return len(set(known)) >= 2 and len(known) * 2 >= others and bool(_FIELDS & set(known))


def is_same_header(texts: Sequence[str], known: Sequence[str], aliases: Mapping[str, str] | None = None) -> bool:
    """Whether a row below headings is another row of headings: the known ones again, or others as plain as those."""
    if repeats_headings(texts, known):
        return True
    here = {squeeze(text) for text in texts if text.strip()}
    plain = {c.role for c in (claim(text, aliases) for text in here) if c.weight >= 4}
    return len(here) >= 3 and len(plain) >= 3 and all(heading_role(text, aliases) is not Role.UNKNOWN for text in here)


def repeats_headings(texts: Sequence[str], known: Sequence[str]) -> bool:
    """Whether at least half of the texts of a row are among the known headings."""
    here = {squeeze(text) for text in texts if text.strip()}
    return len(here & {squeeze(text) for text in known}) * 2 >= len(here)


# --- windows: which of two status columns tells of the later time -------------------------------------------------

_MONTHS = re.compile(r"(\d{1,2})月")
_QUARTERS = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}


_WINDOW = re.compile(
    r"第?[一二三四1-4]季度|(?:\d{1,2}[-—至])?\d{1,2}月(?:份|底|末)?|前[一二三]季度|[上下]半年|全年|年底|本(?:季度?|月|期)|[上当]月|累计"
)


def is_window(heading: str) -> bool:
    """Whether a heading is nothing but a time: 一季度, 1-9月, 全年."""
    return _WINDOW.fullmatch(squeeze(heading)) is not None


def window(heading: str) -> tuple[int, int]:
    """A sort key: the month in which the window of a status heading ends, then how much it looks like the newest."""
    flat = squeeze(heading) + unicodedata.normalize("NFKC", heading)
    month = 0
    if months := _MONTHS.findall(flat):
        month = (
            max(int(found) for found in months if 1 <= int(found) <= 12)
            if any(1 <= int(f) <= 12 for f in months)
            else 0
        )
    elif quarter := re.search(r"([一二三四1-4])季度", flat):
        month = _QUARTERS[quarter.group(1)]
    elif re.search(r"上半年|半年", flat):
        month = 6
    elif re.search(r"全年|年度|年底", flat):
        month = 12
    newest = 2 * bool(re.search(r"累计|总体", flat)) + bool(re.search(r"本季|本期|本月|目前|最新|当前", flat))
    older = bool(re.search(r"上季|上期|上月|上年|去年|前期|此前", flat))
    return month, newest - 3 * older
