"""What a label names owns the figures behind it, whatever was told before; places and deeds beside what was counted."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.observe import Context, quantities

_STATUS = Context(field="status", start=date(2024, 1, 1), end=date(2024, 9, 30), year=2024)


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        (
            "乡镇养老服务中心:已建成2个;互助幸福院:已建成17个,其中青石镇6个。",
            ["建成乡镇养老服务中心", "建成互助幸福院", "青石镇互助幸福院"],
        ),
        ("老旧小区:已开工418个;保租房:已筹集3.4万套;加梯:完工1013台。", ["开工老旧小区", "筹集保租房", "完工加梯"]),
        ("市政消火栓:更换176个,维修94个,完好率97.9%。", ["市政消火栓更换", "市政消火栓维修", "市政消火栓完好率"]),
        ("户厕改造已完工2470户,其中白马乡完工612户。", ["户厕改造完工", "白马乡户厕改造完工"]),
        ("云岫镇2个卫生室已投用,横渡镇建成1个。", ["云岫镇卫生室", "横渡镇卫生室"]),
        ("停车泊位竣工612个,分布为罗渚街道208个。", ["停车泊位竣工", "罗渚街道停车泊位竣工"]),
        ("已签约1874户,签约率81.5%,腾空1690户。", ["签约", "签约率", "腾空"]),
        (
            "工业固废产生量26.7万吨,综合利用26.3万吨,利用率98.5%。",
            ["工业固废产生量", "工业固废综合利用", "工业固废综合利用率"],
        ),
    ],
)
def test_whose_figures_they_are(text: str, metrics: list[str]) -> None:
    assert [seen.metric for seen in quantities(text, _STATUS)] == metrics
