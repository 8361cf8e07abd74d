"""Rows whose promise is one project: what their statuses leave unsaid is of that project."""

from __future__ import annotations

import pytest

from tasks.model import Kind, Meta, Period, Report, Row
from tasks.observe import observe


def _names(content: str, status: str) -> list[str | None]:
    begin = len(content) + 1
    row = Row(0, content=content, status=status, content_at=(0, begin - 1), status_at=(begin, begin + len(status)))
    meta = Meta(kind=Kind.EXECUTION, period=Period.parse("2031Q3"))
    return [o.metric for o in observe(Report(meta, (row,), text=f"{content}\n{status}")) if o.field == "status"]


@pytest.mark.parametrize(
    ("content", "status", "names"),
    [
        (
            "市三院迁建项目完成主体结构施工。",
            "总用地112亩,总建筑面积14.6万平方米,概算总投资11.3亿元。目前累计完成投资1.4亿元。",
            ["市三院迁建项目总用地", "市三院迁建项目总建筑面积", "市三院迁建项目概算总投资", "市三院迁建项目投资"],
        ),
        ("推进岑河大桥建设。", "全长1.2公里,完成桩基120根。", ["岑河大桥全长", "岑河大桥桩基"]),
        ("启动城西污水处理厂扩建项目前期工作。", "规模2万吨/日。", ["城西污水处理厂扩建项目规模"]),
        ("确保滨江公路改造工程年底前完工。", "完成路基2.1公里。", ["滨江公路改造工程路基"]),
    ],
)
def test_what_the_status_leaves_unsaid_is_of_the_project(content: str, status: str, names: list[str]) -> None:
    assert _names(content, status) == names


@pytest.mark.parametrize(
    "content",
    ["推进岑河大桥、桐山隧道建设。", "新建桥梁3座,完成岑河大桥建设。", "推进岑河大桥建设,完成桐山隧道工程。"],
)
def test_a_promise_of_several_things_owns_nothing(content: str) -> None:
    assert not any("岑河大桥" in (name or "") for name in _names(content, "建筑面积1200平方米,绿化补植310株。"))


def test_another_project_that_the_status_names_has_its_own_figures() -> None:
    told = _names("建成市民中心。", "幕墙完成80%。市文化馆完成投资3000万元。")
    assert told == ["市民中心幕墙", "市文化馆投资"]


def test_what_is_told_of_all_the_county_is_not_of_the_project() -> None:
    assert not any("市民中心" in (name or "") for name in _names("建成市民中心。", "全县新增就业3200人。"))
