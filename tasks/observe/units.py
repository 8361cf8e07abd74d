"""Measure words and units: what may stand after a number, what it must not be mistaken for, and its base.

The table is open at the edges of the genre, not of one document: currencies, areas, lengths, masses, energy, and the
measure words that count people, firms, works and events.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

MULTIPLIERS: dict[str, Decimal] = {
    "万亿": Decimal(10**12),
    "千亿": Decimal(10**11),
    "百亿": Decimal(10**10),
    "亿": Decimal(10**8),
    "千万": Decimal(10**7),
    "百万": Decimal(10**6),
    "十万": Decimal(10**5),
    "万": Decimal(10**4),
    "千": Decimal(10**3),
    "百": Decimal(10**2),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """`base` and how many of it one unit is; `sort`: share | points | count | amount | rank | time."""

    base: str
    factor: Decimal
    sort: str


_ONE = Decimal(1)


def _units() -> dict[str, Unit]:
    table: dict[str, Unit] = {}

    def add(sort: str, base: str, names: str, factor: str = "1") -> None:
        for name in names.split():
            table[name] = Unit(base, Decimal(factor), sort)

    add("share", "%", "% 个%")
    add("share", "%", "‰ 个‰", "0.1")
    add("share", "%", "成", "10")
    add("share", "倍", "倍")
    add("points", "个百分点", "个百分点 百分点")
    add("points", "个百分点", "个千分点 千分点", "0.1")
    add("points", "个百分点", "个基点 基点", "0.01")
    add("points", "个点", "个点")
    add("amount", "元", "元 元人民币 块钱")
    for money in ("美元", "欧元", "港元", "日元", "英镑", "卢布", "韩元", "新元", "澳元"):
        add("amount", money, money)
    add("amount", "港元", "港币")
    add("amount", "平方米", "平方米 平米 平方 ㎡ m² 平 m2")
    add("amount", "平方米", "平方公里 平方千米 km²", "1000000")
    add("amount", "平方米", "公顷", "10000")
    add("amount", "亩", "亩")
    add("amount", "亩", "亩次")
    add("amount", "立方米", "立方米 立方 方 m³ 方水")
    add("amount", "米", "米 延米 延长米")
    add("amount", "米", "公里 千米 km", "1000")
    add("amount", "米", "厘米 cm", "0.01")
    add("amount", "米", "毫米 mm", "0.001")
    add("amount", "公里", "车公里 单公里 人公里")
    add("amount", "吨公里", "吨公里")
    add("amount", "海里", "海里")
    add("amount", "吨", "吨")
    add("amount", "吨", "公斤 千克 kg", "0.001")
    add("amount", "吨", "斤", "0.0005")
    add("amount", "吨", "克", "0.000001")
    add("amount", "吨标准煤", "吨标准煤 吨标煤")
    add("amount", "吨二氧化碳", "吨二氧化碳 吨二氧化碳当量 吨CO2")
    add("amount", "千瓦", "千瓦 kW KW kw")
    add("amount", "千瓦", "兆瓦 MW", "1000")
    add("amount", "千瓦", "吉瓦 GW", "1000000")
    add("amount", "千瓦", "瓦", "0.001")
    add("amount", "千瓦时", "千瓦时 度电 度 kWh 千瓦·时")
    add("amount", "千瓦时", "兆瓦时 MWh", "1000")
    add("amount", "千瓦时", "吉瓦时 GWh", "1000000")
    add("amount", "千伏安", "千伏安 kVA")
    add("amount", "千伏安", "兆伏安 MVA", "1000")
    add("amount", "升", "升")
    add("amount", "升", "毫升", "0.001")
    add("amount", "微克", "微克")
    add("amount", "微克", "毫克 mg", "1000")
    add("amount", "TEU", "TEU 标箱 标准箱")
    add("amount", "PFlops", "PFlops PFLOPS EFlops")
    add("amount", "GB", "GB")
    add("amount", "GB", "TB", "1024")
    add("amount", "GB", "PB", "1048576")
    add("amount", "℃", "℃ 摄氏度")
    add("amount", "分贝", "分贝 dB")
    add("amount", "分", "分")
    add("time", "天", "天 日")
    add("time", "个工作日", "个工作日 工作日")
    add("time", "小时", "小时 个小时")
    add("time", "小时", "分钟", str(_ONE / 60)[:20])
    add("time", "秒", "秒 秒钟")
    add("time", "个月", "个月")
    counted = (
        "个 家 位 项 件 名 人 户 场 次 届 宗 套 间 座 栋 幢 条 张 所 处 台 辆 艘 架 只 枚 本 册 篇 份 期 批 "
        "种 款 类 支 部 例 起 "
        "桩 箱 头 羽 株 棵 盏 根 块 片 面 口 眼 顶 床 席 单 笔 道 段 路 组 队 股 门 对 轮 颗 把 堂 节 幅 尊 "
        "盆 尾 匹 杯 瓶 "
        "桶 袋 顿 跨 孔 井 榀 樘 扇 筒 宿 桌 班 车 列 航班 班列 车位 车道 床位 泊位 工位 学位 席位 岗位 机位 "
        "舱位 铺位 "
        "人次 家次 户次 车次 班次 场次 件次 批次 台次 条次 项次 例次 架次 艘次 只次 趟次 轮次 点次 处次 个次 "
        "单次 频次 "
        "套次 份次 篇次 课次 户数 人份 剂次 针次 管次 剂 针 课时 学时 工时 人日 人天 人年 工日 工 头只 趟 字 集 站次 "
        "家企业 "
        "家（次） 家(次) 人(次) "
        "张床位 个床位 桌次 台套 台(套) 台(辆) 套(台) 台件 件套 户家庭 名次 户人家 亿次 个村 栏 平次 单元 枚次 "
        "册次 本次 座次 团次 团 组次 条数 粒 支次 人以上 员 吨次 标台 标准台 个标准台 航次 艘船 筹 枪 辆次 "
        "包 卷 盒 朵 帧 章 "
        "首 出 部次 台班 床日 例数 刊 副 双 亩地 宗地 门课 门次 项目次 家门店 副本 座塔 颗星 方次 名额 次数 "
        "点位 站点 网点 环 个位次 位次 闸次 个治疗量 治疗量"
    )
    for name in counted.split():
        table.setdefault(name, Unit(name, _ONE, "count"))
    for wrong in ("家企业", "户家庭", "人以上", "艘船", "亿次", "宗地", "亩地", "座塔", "户人家", "个村", "家门店"):
        table.pop(wrong, None)
    return table


UNITS = _units()

# A unit of one or two characters is not a unit where these characters follow: 平(台), 分(钟), 台(账), 家(庭).
NOT_BEFORE: dict[str, str] = {
    "个": "体性税",
    "家": "园庭具属长电政禽教装风纺",
    "项": "",
    "件": "",
    "名": "校单录品师优医称城列牌特额誉",
    "人": "民均社工智行居口气文事武力防",
    "户": "籍外口型均内",
    "场": "所地馆景内镇院站",
    "次": "日年月序新",
    "届": "",
    "宗": "教旨",
    "套": "餐路取现利",
    "间": "接隔距",
    "座": "谈位",
    "条": "例",
    "张": "家江贴扬",
    "所": "以有属在谓需得",
    "处": "理置于罚方室长级分",
    "台": "账风阶州湾胞",
    "本": "地市区级年土科月周届次轮质身人专",
    "册": "",
    "篇": "章",
    "份": "额子",
    "期": "间待末货",
    "批": "准发复示次",
    "种": "植子业养",
    "款": "待项",
    "类": "别型似",
    "支": "持撑付出行部路",
    "部": "分级委署长优省局",
    "例": "如会行外",
    "起": "步来草降重诉到跑点",
    "头": "部",
    "只": "有要能需是",
    "根": "据本治",
    "块": "状",
    "片": "区面",
    "面": "积对向临上下板粉",
    "口": "岸径腔味碑袋岗",
    "单": "位独体一向边列品个项",
    "道": "路",
    "段": "",
    "路": "径网段演况面灯",
    "组": "织团建长合成装",
    "队": "伍员",
    "股": "份东权",
    "门": "店户诊槛窗市禁口",
    "对": "接口照外比标",
    "轮": "换动候值播胎",
    "把": "握关控",
    "堂": "",
    "节": "能约水点假日",
    "平": "台安衡等原湖整均稳",
    "方": "案面式向便法针位",
    "米": "市兰络饭",
    "元": "素宇旦首器年",
    "分": "之局区类级布行公院店别批散为支管解享校会析公中",
    "位": "于列居置",
    "亩": "均",
    "度": "假过",
    "成": "立为果效功本长员都交品",
    "倍": "增",
    "员": "工",
    "工": "业程作信厂商人具地艺会",
    "班": "子",
    "车": "间站库主企",
    "列": "入为车",
    "字": "号",
    "集": "团聚中群成体约",
    "床": "位",
    "包": "括容装保联",
    "首": "",
    "出": "让台口境资租",
    "章": "",
    "针": "对",
    "剂": "",
    "团": "队",
    "天": "然",
    "日": "常报均",
    "升": "级",
    "克": "",
    "副": "",
    "双": "创",
    "点": "",
    "环": "境比路线保卫节城",
    "孔": "",
    "井": "",
    "桶": "",
    "卷": "",
    "筹": "",
    "栏": "",
    "百分点": "",
}

# What lifts that, where it follows in turn: the word is another one. 12名(医护), 5家(电商), 8个(体育公园), 20台(风机).
UNLESS: dict[str, str] = {
    "个体": "育验检系量现",
    "个税": "务源种费收",
    "家园": "区林艺",
    "家具": "备有体",
    "家属": "地国于",
    "家长": "期护三江者",
    "家电": "商子力站厂影信池镀缆线动网",
    "家政": "务府策法",
    "家教": "育培学",
    "家装": "备配卸",
    "家风": "电险景投力光",
    "家纺": "织",
    "名校": "外长园级",
    "名单": "位亲身",
    "名师": "生范资傅徒",
    "名优": "秀良抚胜",
    "名医": "生护师务疗院学保药技",
    "名城": "市区乡管建",
    "名列": "席车",
    "名特": "级困殊邀岗聘约种警",
    "名品": "管行",
    "人民": "办警兵",
    "人社": "区",
    "人工": "作程伤资",
    "人行": "动政业",
    "人事": "业",
    "人均": "已获纳享",
    "户均": "已获纳享",
    "户外": "来出迁籍资",
    "户内": "涝",
    "次新": "闻型生",
    "次序": "时",
    "间接": "待诊",
    "台风": "机电力光冷",
    "间隔": "离",
    "座位": "于居",
    "条例": "行",
    "所属": "地",
    "所在": "建校编线",
    "处长": "期效江者",
    "处分": "散布支拣",
    "处置": "换",
    "本地": "方图",
    "本科": "普技学目",
    "本专": "业著题",
    "批复": "工垦建",
    "批示": "范",
    "种业": "务态",
    "种养": "老生",
    "款项": "目",
    "部分": "类",
    "部署": "名",
    "部长": "篇期",
    "部优": "秀质",
    "部省": "级内",
    "例会": "诊",
    "例外": "地来籍省",
    "起步": "枪",
    "起重": "大点要伤",
    "起诉": "讼",
    "支部": "队",
    "组建": "筑",
    "组长": "期",
    "组成": "员",
    "组装": "备",
    "队员": "工",
    "门户": "外",
    "门市": "级场民",
    "对外": "籍",
    "轮动": "态员",
    "轮值": "班",
    "节日": "间常",
    "节水": "利上",
    "位列": "席",
    "位居": "民家",
    "片区": "域",
    "场地": "震质",
}


_BY_FIRST: dict[str, tuple[str, ...]] = {
    first: tuple(sorted((name for name in UNITS if name[0] == first), key=len, reverse=True))
    for first in {name[0] for name in UNITS}
}


_FREQUENT = "%个家元人项名平场公户件次吨座条亩米套期辆"  # tried first


def _pattern() -> str:
    """`unit_at` as one atomic group: branches by first character, the longest name first."""

    def guarded(name: str) -> str:
        after = NOT_BEFORE.get(name, "")
        ways = [f"{c}(?![{UNLESS[name + c]}])" for c in after if name + c in UNLESS]
        plain = "".join(c for c in after if name + c not in UNLESS)
        if name[-1].isascii() and name.isalpha():
            plain += "0-9A-Za-z"
        ways += [f"[{plain}]"] if plain else []
        return re.escape(name[1:]) + (f"(?!{'|'.join(ways)})" if ways else "")

    order = sorted(_BY_FIRST, key=lambda first: (_FREQUENT.find(first) % 99, first))
    return "(?>" + "|".join(f"{re.escape(c)}(?>{'|'.join(map(guarded, _BY_FIRST[c]))})" for c in order) + ")"


UNIT_PATTERN = _pattern()


def unit_at(text: str, at: int) -> str | None:
    """The longest unit that starts at `at` and is not the beginning of another word; None where there is none."""
    for name in _BY_FIRST.get(text[at : at + 1], ()):
        if text.startswith(name, at):
            end = at + len(name)
            after = text[end : end + 1]
            if after and after in NOT_BEFORE.get(name, ""):
                lifted = text[end + 1 : end + 2]
                if not lifted or lifted not in UNLESS.get(name + after, ""):
                    continue
            if name[-1].isascii() and name.isalpha() and after.isascii() and after.isalnum():
                continue
            return name
    return None


_PER = re.compile(
    "(?:[万百千]?(?:人|户|亩|元|吨|公里|平方米|立方米|床)(?:[·/.]?[月年日天](?!均|以|底|末|初))?|间夜|[月年日天周]|L|l|升|m³|m3|km|h|小时)(?![a-zA-Z])"
)


def denominator_at(text: str, at: int) -> str | None:
    """What a compound unit is told per, after its stroke: 元/[月], mg/[L], 件/[万人]."""
    known = unit_at(text, at)
    found = _PER.match(text, at)
    return max(known or "", found[0] if found else "", key=len) or None


@lru_cache(maxsize=1 << 12)
def scale_of(multiplier: str, unit: str | None) -> tuple[Decimal, str | None]:
    """How many of its base unit one is, and that unit: (亿, 亿元) → 100000000, 元. `unit` holds the multiplier.

    A compound (元/平方米) keeps its denominator.
    """
    scale = MULTIPLIERS.get(multiplier, _ONE)
    single = (unit or "")[len(multiplier) :]
    if not single:
        return scale, None
    head, slash, denominator = single.partition("/")
    known = UNITS.get(head)
    if known is None:
        return scale, single
    return scale * known.factor, known.base + slash + denominator
