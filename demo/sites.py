"""The sites of the demo portal: five invented districts of an invented city, two years of quarters each.

What they play: header drift, rowspans and Word markup in GB18030 (tingzhou), tables that stand only in an attachment
(heyan), a department's prose (qingyu), sections as full-width rows and a report that fails a check (linyi), a portal
that turns to a challenge page (wangchao). The newest quarter is published by `news`, after the backfill.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from demo.portal import Article, File, HanwebPortal, Site
from demo.promises import Promise, live_on, promises
from demo.quirks import Quirks
from demo.render import (
    CATEGORY,
    CONTENT,
    LEAD,
    LEADER,
    NUMBER,
    OLD_CONTENT,
    OLD_STATUS,
    OLD_UNITS,
    SHARE,
    STATUS,
    TOTAL_STATUS,
    Column,
    prose,
    table,
    word_file,
    workbook,
)
from tasks.model import Period

QUARTERS = tuple(Period(year, "Q", quarter) for year in (2023, 2024) for quarter in (1, 2, 3, 4))
NEWEST = QUARTERS[-1]
REVISED = Period(2024, "Q", 2)
_NUMERALS = "一二三四"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_STOCK = {
    "tingzhou": ("澜芯科技", "汀州云谷", "北堤路", "白鹭洲", "远帆智造"),
    "heyan": ("禾光生物", "稻香湾", "东禾大道", "丰禾物流园", "和畅里"),
    "qingyu": ("青榆数港", "榆林坊", "清河桥", "松隐科创园", "明榆汽车电子"),
    "linyi": ("临漪文创谷", "漪澜坊", "望江路", "启明医药", "双溪口"),
    "wangchao": ("潮声电气", "观潮里", "海堤路", "盐田新城", "潮汐能源"),
}

_DRIFT: dict[Period, tuple[Column, ...]] = {
    **dict.fromkeys(QUARTERS[:2], (CATEGORY, OLD_CONTENT, OLD_UNITS, OLD_STATUS)),
    **dict.fromkeys(QUARTERS[2:4], (NUMBER, CATEGORY, CONTENT, LEAD, STATUS)),
    QUARTERS[4]: (NUMBER, CATEGORY, CONTENT, LEADER, LEAD, TOTAL_STATUS, SHARE),
    **dict.fromkeys(QUARTERS[5:], (NUMBER, CATEGORY, CONTENT, LEAD, STATUS, SHARE)),
}


@dataclass(frozen=True, slots=True)
class District:
    """One site: its id, names, division code, column, and how it publishes a quarter."""

    id: str
    name: str
    publisher: str
    region: str
    column: int
    publish: Callable[[District, Period], Article]
    match: str
    min_rows: int = 15


def rows_of(district: str, period: Period) -> list[Promise]:
    """The promises of a district as this quarter's disclosure reports them."""
    return live_on(promises(district, _STOCK[district], period.year, period.number), period.number)


def _published(period: Period, lag: int) -> date:
    return period.end + timedelta(days=lag)


def _meta(district: District, period: Period, lag: int) -> tuple[tuple[str, str], ...]:
    day = _published(period, lag).isoformat()
    serial = 11000 + 37 * QUARTERS.index(period)
    return (
        ("信息索引号", f"K149{district.region[-4:]}6-6/{_published(period, lag).year}-{serial}"),
        ("公开方式", "主动公开"),
        ("发布机构", district.publisher),
        ("公开范围", "面向全社会"),
        ("备注/文号", ""),
        ("公开时限", "长期公开"),
        ("生成日期", day),
        ("发布日期", day),
    )


def _execution_page(district: District, period: Period) -> Article:
    quarter = _NUMERALS[period.number - 1]
    title = (
        f"{period.year}年第{quarter}季度政府工作报告重点任务目标执行情况"
        if period.year == 2023
        else f"{period.year}年{quarter}季度{district.name}《政府工作报告》主要任务执行情况表"
    )
    old = period.year == 2023
    return Article(
        title,
        _published(period, 20),
        table(rows_of(district.id, period), _DRIFT[period], word=not old),
        charset="gb18030" if old else "utf-8",
        declared="gb2312" if old else None,
        meta=_meta(district, period, 20),
        mobile_copy=not old,
        new_form=not old,
    )


def _attachment_page(district: District, period: Period) -> Article:
    quarter = _NUMERALS[period.number - 1]
    title = f"{district.name}{period.year}年{quarter}季度政府工作报告重点工作完成情况"
    rows, columns = rows_of(district.id, period), (NUMBER, CATEGORY, CONTENT, LEAD, STATUS, SHARE)
    file = (
        File(f"{title}.xlsx", workbook(title, rows, columns), _XLSX)
        if period.number % 2
        else File(f"{title}.docx", word_file(title, rows, columns), _DOCX)
    )
    body = f"<p>现将{district.name}{period.year}年{quarter}季度重点工作完成情况予以公布,详见附件。</p>"
    return Article(title, _published(period, 15), body, (file,), meta=_meta(district, period, 15))


def _summary_page(district: District, period: Period) -> Article:
    span = {1: "一季度", 2: "上半年", 3: "前三季度", 4: "度"}[period.number]
    title = f"{district.publisher}{period.year}年{span}工作总结" + ("及下一步打算" if period.number < 4 else "")
    body = prose(district.name, period.year, period.number, rows_of(district.id, period))
    return Article(title, _published(period, 25), body, meta=_meta(district, period, 25))


def _section_page(district: District, period: Period) -> Article:
    rows = rows_of(district.id, period)
    if period == NEWEST:
        rows = rows[:7]  # an office uploaded one chapter only: the gate must hold it, not report 18 promises dropped
    title = f"{district.name}{period.year}年第{_NUMERALS[period.number - 1]}季度重点工作进展情况"
    body = table(rows, (CONTENT, LEAD, STATUS, SHARE), sections=True)
    return Article(title, _published(period, 12), body, meta=_meta(district, period, 12))


DISTRICTS = (
    District(
        "tingzhou", "汀洲区", "汀洲区人民政府办公室", "339902", 1229360616, _execution_page, "政府工作报告.*执行情况"
    ),
    District(
        "heyan", "禾岸区", "禾岸区人民政府办公室", "339903", 1229360717, _attachment_page, "政府工作报告.*完成情况"
    ),
    District("qingyu", "青榆区", "青榆区发展和改革局", "339904", 1229462860, _summary_page, "工作总结", 0),
    District("linyi", "临漪区", "临漪区人民政府办公室", "339905", 1229487622, _section_page, "重点工作进展情况"),
    District(
        "wangchao", "望潮县", "望潮县人民政府办公室", "339906", 1229299204, _execution_page, "政府工作报告.*执行情况"
    ),
)


def sites() -> list[Site]:
    """Each district's site with every quarter but the newest."""
    return [
        Site(
            district.id,
            district.name,
            district.column,
            [district.publish(district, period) for period in QUARTERS[:-1]] + _other_news(district),
            district.publisher,
            webid=2000 + place,
            unitid=4535200 + place,
            prefix=f"/{district.id}",
        )
        for place, district in enumerate(DISTRICTS, start=1)
    ]


def _other_news(district: District) -> list[Article]:
    """What else stands in such a column, and must be passed over."""
    return [
        Article(f"{district.name}行政规范性文件清理结果的公告", date(2023, 6, 1), "<p>现将清理结果予以公告。</p>"),
        Article(f"关于印发{district.name}综合交通规划的通知", date(2024, 3, 8), "<p>各街道、各部门:现予印发。</p>"),
    ]


def news(portal: HanwebPortal) -> None:
    """What happens before the newest run: the quarter is published, an old page is edited silently, a site blocks."""
    for district in DISTRICTS:
        portal.publish(district.id, district.publish(district, NEWEST))
    edited = DISTRICTS[0]
    before = edited.publish(edited, REVISED)
    rows = rows_of(edited.id, REVISED)
    rows[1] = replace(rows[1], status=rows[1].status.replace("完成年度目标", "完成全年目标"), progress=41)
    portal.revise(edited.id, before.title, replace(before, body=table(rows, _DRIFT[REVISED], word=True)))
    portal.quirk(DISTRICTS[-1].id, Quirks(challenge_status=412))


def sources_yaml(portal: HanwebPortal) -> str:
    """The `sources.yaml` of the running demo portal."""
    lines = [
        "version: 1",
        "defaults: {timezone: Asia/Shanghai, delay_seconds: 0.0, concurrency: 2, read_timeout_seconds: 10, "
        "deadline_seconds: 60}",
        "sources:",
    ]
    for district in DISTRICTS:
        lines += [
            f"  - id: {district.id}",
            f"    name: {district.name} · 重点任务执行情况",
            f"    publisher: {district.publisher}",
            f'    region: "{district.region}"',
            "    portal: hanweb-jcms",
            f"    listing: {portal.listing(district.id)}",
            "    cadence: quarterly",
            "    since: 2023Q1",
            f'    match: "{district.match}"',
            "    allow_hosts: [127.0.0.1]",
            "    allow_private_hosts: true",
            f"    checks: {{min_rows: {district.min_rows}, max_dropped_share: 0.3}}",
        ]
    return "\n".join(lines) + "\n"
