"""A year's promises of an invented district, and what each quarter reports of them.

A promise is a pattern with places for figures and names. A district fills the places from its own stock, so two
districts promise similar work in other words and sizes. All places, firms and figures are invented.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

MONTHS = {1: 3, 2: 6, 3: 9, 4: 12}


@dataclass(frozen=True, slots=True)
class Pattern:
    """`content` and `status` take {target}, {actual}, {share}, {months}, {name}; `pace`: the share done by quarter."""

    category: str
    content: str
    unit: str
    status: str
    target: float
    pace: tuple[float, float, float, float]
    step: float = 1.0
    finished: str = "已提前完成年度目标。"


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment as one quarter's table prints it. `progress` is None where the table prints `/`."""

    number: int
    category: str
    content: str
    units: str
    status: str
    progress: int | None


EVEN = (0.22, 0.48, 0.76, 1.0)
LATE = (0.08, 0.25, 0.55, 0.92)
EARLY = (0.4, 0.75, 1.0, 1.1)

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        "主要经济指标",
        "地区生产总值增长{target}%以上。",
        "发改局",
        "{months}地区生产总值同比增长{actual}%,{name}等重点企业增势平稳。",
        6.0,
        (0.8, 0.9, 0.95, 1.02),
        0.1,
    ),
    Pattern(
        "主要经济指标",
        "固定资产投资完成{target}亿元以上。",
        "发改局(投资科)",
        "{months}完成固定资产投资{actual}亿元,完成年度目标的{share}%。",
        320.0,
        EVEN,
        0.01,
    ),
    Pattern(
        "主要经济指标",
        "一般公共预算收入增长{target}%。",
        "财政局/税务局",
        "{months}一般公共预算收入同比增长{actual}%,税收占比保持在九成以上。",
        5.0,
        (0.6, 0.85, 0.96, 1.0),
        0.1,
    ),
    Pattern(
        "主要经济指标",
        "全社会研发经费支出占比达到{target}%。",
        "科技局",
        "开展研发投入统计辅导{actual}场次,联合{name}举办政策宣讲会,占比测算工作正常推进。",
        3.2,
        (4, 9, 14, 20),
        1.0,
    ),
    Pattern(
        "壮大实体经济",
        "新增规上工业企业{target}家,培育“专精特新”中小企业。",
        "经信局",
        "截至{end}月底,新增规上工业企业{actual}家,{name}等企业完成升规辅导。",
        24,
        EVEN,
    ),
    Pattern(
        "壮大实体经济",
        "实施工业技改项目{target}个,推动{name}智能化改造。",
        "经信局(技改科)、科技局",
        "实施工业技改项目{actual}个,{name}完成设备招标,任务完成率{share}%。",
        60,
        EVEN,
    ),
    Pattern(
        "壮大实体经济",
        "盘活低效工业用地{target}亩,推进“工业上楼”。",
        "经信局/自然资源分局",
        "累计盘活低效工业用地{actual}亩,{name}地块完成收储。",
        800,
        LATE,
    ),
    Pattern(
        "壮大实体经济",
        "兑现惠企资金{target}万元,落实助企纾困政策。",
        "财政局、经信局",
        "{months}累计兑现惠企资金{actual}万元,惠及企业{count}家次。",
        9000,
        EARLY,
        10,
    ),
    Pattern(
        "扩大有效投资",
        "安排重点项目{target}个,其中新开工项目20个以上。",
        "发改局(重点办)",
        "{actual}个重点项目实现开工,{name}项目主体结顶,其余项目有序推进。",
        85,
        EVEN,
    ),
    Pattern(
        "扩大有效投资",
        "加快推进{name}等重大项目建设,力争年内竣工投用。",
        "住建局、城投集团",
        "{name}项目完成总工程量的{share}%,机电安装同步进场。",
        100,
        EVEN,
    ),
    Pattern(
        "扩大有效投资",
        "争取地方政府专项债券{target}亿元。",
        "财政局、发改局",
        "储备专项债券项目{count}个,已获批{actual}亿元,完成率为{share}%。",
        18.0,
        LATE,
        0.01,
    ),
    Pattern(
        "深化改革开放",
        "推进“一件事”集成改革,新增联办事项{target}项。",
        "行政审批局",
        "新增联办事项{actual}项,平均办理时限压缩{share}%。",
        12,
        EVEN,
    ),
    Pattern(
        "深化改革开放",
        "实际利用外资{target}亿美元。",
        "商务局",
        "{months}实际利用外资{actual}亿美元,{name}增资项目完成备案。",
        2.4,
        LATE,
        0.01,
    ),
    Pattern(
        "深化改革开放",
        "组织企业参加境内外展会{target}场次。",
        "商务局/贸促会",
        "组织{count}家企业参展{actual}场次,达成意向订单{orders}万元。",
        40,
        EARLY,
    ),
    Pattern(
        "提升城市品质",
        "新建改造道路{target}公里,打通断头路5条。",
        "住建局、交通运输局",
        "新建改造道路{actual}公里,{name}北延段完成路基施工。",
        36.0,
        EVEN,
        0.1,
    ),
    Pattern(
        "提升城市品质",
        "改造老旧小区{target}个,惠及居民1.2万户。",
        "住建局、各街道",
        "{actual}个老旧小区改造完工,{name}小区加装电梯{count}台。",
        28,
        LATE,
    ),
    Pattern(
        "提升城市品质",
        "新增公共停车泊位{target}个。",
        "城管局",
        "新增公共停车泊位{actual}个,{name}停车楼进入竣工验收。",
        3000,
        EVEN,
        10,
    ),
    Pattern(
        "提升城市品质",
        "新增绿地面积{target}万平方米,建成口袋公园。",
        "园林绿化中心",
        "新增绿地面积{actual}万平方米,{name}滨水绿道贯通。",
        15.0,
        EVEN,
        0.1,
    ),
    Pattern(
        "改善生态环境",
        "空气质量优良天数比率达到{target}%以上。",
        "生态环境分局",
        "{months}空气质量优良天数比率为{actual}%,较上年同期提高1.1个百分点。",
        88.0,
        (0.98, 1.0, 1.01, 1.02),
        0.1,
    ),
    Pattern(
        "改善生态环境",
        "完成{target}个“污水零直排”单元建设。",
        "治水办、住建局",
        "完成{actual}个单元建设,整改排口{count}处。",
        26,
        EVEN,
    ),
    Pattern(
        "办好民生实事",
        "新增学位{target}个,开工建设{name}学校。",
        "教育局",
        "新增学位{actual}个,{name}学校地下室顶板浇筑完成。",
        4500,
        (0.0, 0.1, 1.0, 1.0),
        10,
    ),
    Pattern(
        "办好民生实事",
        "新增城镇就业{target}人,城镇调查失业率控制在5%以内。",
        "人力社保局",
        "{months}新增城镇就业{actual}人,帮扶困难人员再就业{count}人。",
        12000,
        (0.3, 0.58, 0.83, 1.08),
        10,
    ),
    Pattern(
        "办好民生实事",
        "新增养老床位{target}张,实现街道康养联合体全覆盖。",
        "民政局(养老科)、各街道",
        "新增养老床位{actual}张,{name}康养中心试运行。",
        600,
        LATE,
    ),
    Pattern(
        "办好民生实事",
        "开展惠民文化活动{target}场以上。",
        "文旅局",
        "开展“{name}”系列惠民文化活动{actual}场,服务群众{count}万人次。",
        500,
        EVEN,
        1,
    ),
)


def _figure(value: float, step: float) -> str:
    rounded = round(round(value / step) * step, 2)
    return f"{rounded:g}" if step < 1 else str(round(rounded))


def promises(prefix: str, names: Sequence[str], year: int, quarter: int) -> list[Promise]:
    """The table of one district for one quarter, 24 rows. The same arguments give the same rows, always."""
    rows = []
    for position, pattern in enumerate(PATTERNS):
        draw = random.Random(f"{prefix}{year}{position}")
        size = 0.7 + 0.6 * draw.random()
        target = pattern.target * (1.0 if pattern.target < 10 and pattern.step < 1 else size)
        if "比率" in pattern.content:
            target = pattern.target
        done = pattern.pace[quarter - 1]
        slack = 0.9 + 0.15 * draw.random()
        actual = done if done > 2 else target * done * (slack if done < 1 else 1.0)
        share = min(100.0, 100 * done * slack) if done <= 2 else 25 * quarter
        name = names[(position + draw.randrange(3)) % len(names)]
        values = {
            "target": _figure(target, pattern.step),
            "actual": _figure(actual, pattern.step),
            "share": _figure(share, 0.01),
            "months": f"1-{MONTHS[quarter]}月" if quarter < 4 else "全年",
            "end": MONTHS[quarter],
            "name": name,
            "count": 10 + draw.randrange(90) * quarter,
            "orders": 300 * quarter + draw.randrange(200),
        }
        units = "、".join("区" + unit if "集团" not in unit else unit for unit in pattern.unit.split("、"))
        percent: int | None = round(min(100.0, 100 * done)) if done <= 2 else 25 * quarter
        if "增长" in pattern.content and "%" in pattern.content:
            percent = None
        status = pattern.status.format(**values)
        if percent == 100 and quarter < 4:
            status += pattern.finished
        rows.append(Promise(position + 1, pattern.category, pattern.content.format(**values), units, status, percent))
    return rows


def live_on(rows: list[Promise], quarter: int) -> list[Promise]:
    """What happens to a year's promises on the way: reworded, added, split, dropped, renumbered."""
    kept = list(rows)
    if quarter >= 2:
        kept[5] = replace(
            kept[5], content="深入开展" + kept[5].content.replace("实施工业技改项目", "企业技术改造行动,实施技改项目")
        )
        kept.append(
            Promise(
                len(kept) + 1,
                "办好民生实事",
                "建成电动自行车集中充电点120处,消除飞线充电隐患。",
                "区消防救援大队、各街道",
                f"累计建成集中充电点{30 * quarter}处。",
                25 * quarter,
            )
        )
    if quarter >= 3:
        whole = kept[14]
        road, ends = whole.content.rstrip("。").split(",", 1)
        kept[14:15] = [
            replace(whole, content=road + "。"),
            replace(
                whole,
                number=whole.number + 100,
                content=ends + "。",
                status=f"已打通断头路{quarter}条。",
                progress=quarter * 20,
            ),
        ]
        kept = [row for row in kept if "参加境内外展会" not in row.content]
    if quarter == 4:
        kept = [replace(row, number=number) for number, row in enumerate(kept, start=1)]
        kept = [replace(row, category="增进民生福祉") if row.category == "办好民生实事" else row for row in kept]
    return kept
