"""The change report: portal text is inert, numbers are readable, silence is said aloud."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from tasks.model import Period
from tasks.report import render, write_report
from tasks.report.html import _figure
from warehouse import Warehouse

NOW = datetime(2025, 1, 31, tzinfo=UTC)


def page(tmp_path: Path, **rows: list[dict[str, Any]]) -> BeautifulSoup:
    """The report over an empty warehouse's views with some rows put in."""
    with Warehouse(f"sqlite:///{tmp_path / 'w.db'}") as warehouse:

        def query(view: str, filters: Mapping[str, Any]) -> pl.DataFrame:
            empty = warehouse.query(view, filters=filters)
            if view not in rows:
                return empty
            full = [dict.fromkeys(empty.columns) | row for row in rows[view]]
            return pl.DataFrame(full, schema=empty.schema)

        return BeautifulSoup(render(Period.parse("2024Q4"), query, {"a": "甲区", "b": "乙区"}, now=NOW), "html.parser")


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>'\"&"


def test_portal_text_and_links_are_inert(tmp_path: Path) -> None:
    found = page(
        tmp_path,
        v_document=[
            {"source_id": "a", "period": "2024Q4", "title": HOSTILE, "url": "javascript:alert(1)"}
            | {"revision": 1, "state": "loaded"}
        ],
        v_change=[
            {"source_id": "a", "scope": "quarter", "from_period": "2024Q3", "to_period": "2024Q4"}
            | {"commitment_id": HOSTILE, "relation": "same", "facet": "status", "cause": "source"}
            | {"old_value": HOSTILE, "new_value": HOSTILE}
        ],
    )
    assert found.find(["script", "img"]) is None
    assert not [link for link in found.find_all("a") if not str(link["href"]).startswith(("http://", "https://"))]
    assert HOSTILE in found.get_text()
    assert "default-src 'none'" in str(found.find("meta", {"http-equiv": "Content-Security-Policy"})["content"])


def test_a_source_without_a_document_is_named(tmp_path: Path) -> None:
    headings = [heading.get_text() for heading in page(tmp_path).find_all("h2")]
    assert {"甲区", "乙区"} <= set(headings)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from([None, "元", "%", "家"]))
def test_figures_keep_their_value(value: float, unit: str | None) -> None:
    text = _figure(value, unit)
    number = text.removesuffix(unit or "").replace(",", "")
    scale = {"亿": 1e8, "万": 1e4}.get(number[-1], 1)
    assert float(number.rstrip("亿万")) * scale == pytest.approx(value)


def test_a_report_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "report.html"
    write_report(out, "first")
    (tmp_path / "deep" / "blocked").mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - whichever the system gives for a folder in the way
        write_report(tmp_path / "deep" / "blocked", "second")
    assert out.read_text() == "first"
    assert sorted(path.name for path in out.parent.iterdir()) == ["blocked", "report.html"]
