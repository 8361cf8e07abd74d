"""Composed disclosures of an invented district, as the reader would hand them over."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tasks.check import CheckSettings, check
from tasks.load import Disclosure
from tasks.model import Capture, Kind, Meta, Observation, Period, Report, Row, Warn

SOURCE = "qinghe-gov-office"
SETTINGS = CheckSettings(min_rows=3, max_dropped_share=0.3)
PLACES = ["云溪", "石桥", "长泾", "半岭", "兰渚", "白塔", "横塘", "南湾", "竹溪", "柳浦", "青龙", "沙洲"]
WORKS = (
    "{}老旧小区改造工程，惠及居民{}户",
    "{}污水处理厂二期扩建，日处理规模{}吨",
    "建成{}社区养老服务中心，床位{}张",
    "{}小学迁建，新增学位{}个",
    "{}滨河绿道贯通，总长{}米",
)


def row(n: int, quarter: int, *, status: str | None = None, progress: int | None = None, seq: int | None = None) -> Row:
    """Commitment `n` (0, 1, …) as the report of a quarter tells it."""
    place, work = PLACES[n % len(PLACES)], WORKS[n % len(WORKS)]
    content = work.format(place, 100 + 37 * n) + "。"
    done = min(100, quarter * 22 + n % 5) if progress is None else progress
    stage = ("立项", "桩基", "主体结构", "竣工验收")[quarter - 1]
    told = status or f"{place}项目已完成{stage}，累计投入{quarter * (30 + n)}万元。"
    return Row(
        index=n,
        seq=n + 1 if seq is None else seq,
        category="民生实事" if n % 2 else "城乡建设",
        content=content,
        units=("区住建局(工程科、质监科)", "区民政局") if n % 3 else ("区住建局",),
        status=told,
        progress=Decimal(done),
        progress_text=f"{done}%",
        cells={"序号": str(n + 1), "工作任务": content, "完成情况": told, "进度": f"{done}%"},
        content_at=(100 * n, 100 * n + len(content)),
        status_at=(100 * n + 50, 100 * n + 50 + len(told)),
    )


def invested(n: int, period: Period, value: float, *, kind: str = "actual", measure: str = "level") -> Observation:
    """A quantity of row `n`: 固定资产投资."""
    growth = measure == "growth"
    return Observation(
        text=f"{value}{'%' if growth else '亿元'}",
        start=100 * n + (10 if kind == "target" else 60),
        end=100 * n + (18 if kind == "target" else 68),
        metric="固定资产投资",
        measure=measure,
        value=Decimal(str(value)),
        value_high=None,
        unit="%" if growth else "亿元",
        base_value=Decimal(str(value)) if growth else Decimal(str(value)) * 100_000_000,
        base_unit="%" if growth else "元",
        bound="at_least" if kind == "target" else "exact",
        kind=kind,
        comparison="yoy" if growth else None,
        period_start=period.start,
        period_end=date(period.year, 12, 31) if kind == "target" else period.end,
        row=n,
        field="content" if kind == "target" else "status",
        section=("主要经济指标",),
    )


def disclosure(
    period: str,
    *,
    rows: tuple[Row, ...] | None = None,
    count: int = 8,
    observations: tuple[Observation, ...] | None = None,
    published: date | None = None,
    title: str | None = None,
    url: str | None = None,
    key: str | None = None,
    known_at: datetime | None = None,
    body: bytes | None = None,
    source: str = SOURCE,
    settings: CheckSettings = SETTINGS,
    warnings: tuple[Warn, ...] = (),
    kind: Kind = Kind.EXECUTION,
    parser_version: str = "1",
) -> Disclosure:
    """A disclosure about a quarter; whatever is not given follows from the quarter."""
    at = Period.parse(period)
    quarter = max(1, at.last_month // 3)
    day = published or at.end + timedelta(days=20)
    found = tuple(row(n, quarter) for n in range(count)) if rows is None else rows
    told = (
        (invested(0, at, 740, kind="target"), invested(0, at, 207.09 * quarter))
        if observations is None
        else observations
    )
    url = url or f"http://www.qinghe.example/art/{at.year}/{quarter}/art_{at.year}{quarter}.html"
    meta = Meta(
        title=title or f"{at.year}年第{quarter}季度政府工作报告重点任务执行情况",
        publisher="清河区人民政府办公室",
        published_on=day,
        url=url,
        kind=kind,
        period=at,
        period_start=at.start,
        period_end=at.end,
    )
    report = Report(meta, found, warnings=warnings)
    seen = known_at or datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)
    page = body if body is not None else repr((found, title, url)).encode()
    capture = Capture(hashlib.sha256(page).hexdigest(), url, url, seen, 200, (), len(page))
    return Disclosure(
        source_id=source,
        url=url,
        key=key or url,
        report=report,
        observations=told,
        captures=(capture,),
        known_at=seen,
        parser_version=parser_version,
        checks=check(report, settings=settings),
        settings=settings,
    )
