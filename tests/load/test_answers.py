"""Which figure of a status answers which figure of a promise, on composed cells read by the grammar."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tasks.load.follow import attainments
from tasks.model import Observation, Period
from tasks.observe import Context, quantities
from tasks.observe.promises import named_by

MATERIAL = Path(__file__).parent / "material"
AT = Period.parse("2024Q3")
LEAST_ANSWERED = 0.8  # of the promises that a figure answers; the rest may be missed, but never be answered wrongly


def cells(name: str) -> list[tuple[str, str, dict[str, Decimal | None]]]:
    """(content, status, target → figure) of `material/<name>.txt`."""
    found = []
    for line in (MATERIAL / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            content, status, told = (part.strip() for part in line.split("|"))
            pairs = (part.strip().split(">") for part in told.split(";"))
            found.append((content, status, {t: None if a == "-" else Decimal(a) for t, a in pairs}))
    return found


def answered(content: str, status: str, parted: str = "\n") -> dict[str, Decimal | None]:
    """Target as printed → the value of the figure that answers it."""
    told: list[Observation] = []
    for field, text, base in (("content", content, 0), ("status", status, len(content) + 1)):
        read = quantities(text, Context(field=field, start=AT.start, end=AT.end, year=AT.year))
        if field == "status":
            read = named_by(told, text, read, content)
        told += [replace(o, row=0, field=field, start=o.start + base, end=o.end + base) for o in read]
    return {
        f"{told[a.target_n].value.normalize():f}{told[a.target_n].unit or ''}": (
            None if a.actual_n is None else told[a.actual_n].value
        )
        for a in attainments(told, AT, f"{content}{parted}{status}")
    }


@pytest.mark.parametrize("name", sorted(path.stem for path in MATERIAL.glob("*.txt")))
def test_figures_answer_their_promises(name: str) -> None:
    right = wanted = 0
    wrong = []
    for content, status, truth in cells(name):
        seen = answered(content, status)
        for target, figure in truth.items():
            got = seen.get(target)
            wanted += figure is not None
            right += figure is not None and got == figure
            if got is not None and got != figure:
                wrong.append((target, figure, got, content, status))
    assert not wrong
    assert right >= LEAST_ANSWERED * wanted


@pytest.mark.parametrize("parted", ["\n", "\t", "|"])
def test_the_cell_beside_tells_nothing_of_a_promise(parted: str) -> None:
    status = "已有11家企业完成技改备案"
    assert answered("推动30家规上工业企业开展技术改造", status, parted) == {"30家": None}


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("研发投入强度达到2.6%。", "2023年度研发投入强度2.53%。"),
        ("新增一体化示范县3个。", "遴选7个县纳入一体化示范县培育名单。"),
        ("粮食播种面积稳定在92万亩以上。", "夏粮播种面积46.3万亩。"),
        ("打造典型村18个。", "编制完成18个典型村建设方案。"),
        ("建成人才公寓600套。", "人才公寓一期320套交付使用。"),
    ],
)
def test_what_is_no_answer(content: str, status: str) -> None:
    assert not any(answered(content, status).values())
