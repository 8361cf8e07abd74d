"""Headings counted otherwise than by 一、 (一) 1., and signs before headings: told by the series, never by one line."""

from __future__ import annotations

import pytest

from tasks.model import Report
from tasks.read import read

TITLE = "泽山县林业局2031年上半年工作总结"
LEAD = "今年以来，全局上下认真履职，各项工作有序推进，成效明显，群众满意。"
NAMES = ("造林扩面提质", "防火常抓不懈", "护林队伍稳定")
SERIES = {
    "bare": ("一 ", "二 ", "三 "),
    "roman": ("Ⅰ ", "Ⅱ ", "Ⅲ "),
    "roman, stopped": ("Ⅰ.", "Ⅱ.", "Ⅲ."),
    "roman, letters": ("I、", "II、", "III、"),
    "part": ("PART 01 ", "PART 02 ", "PART 03 "),
    "official": ("壹、", "贰、", "叁、"),
    "latin": ("A.", "B.", "C."),
    "stems": ("甲、", "乙、", "丙、"),
    "zeros": ("01 ", "02 ", "03 "),
    "steps": ("步骤一：", "步骤二：", "步骤三："),
    "diamonds": ("◆",) * 3,
    "squares": ("■ ",) * 3,
    "arrows": ("➤",) * 3,
    "dashes": ("——",) * 3,
}


def text_of(number: int) -> str:
    return f"第{number}林区新增造林{number * 310}亩，抚育幼林{number * 120}亩，责任落实到{number * 7}户。全年还将补植{number * 20}亩。"


def outline(body: str) -> list[tuple[int, str]]:
    return [(section.level, section.title) for section in told(body).sections]


def told(body: str) -> Report:
    return read(f"{TITLE}\n{LEAD}\n{body}".encode(), name="page.txt")


@pytest.mark.parametrize("marks", SERIES.values(), ids=SERIES)
@pytest.mark.parametrize("stop", ["\n", "。"])
def test_a_series_heads_lines_and_opens_paragraphs(marks: tuple[str, ...], stop: str) -> None:
    body = "\n".join(f"{mark}{name}{stop}{text_of(n)}" for n, (mark, name) in enumerate(zip(marks, NAMES, strict=True)))
    assert outline(body) == [(1, f"{mark}{name}") for mark, name in zip(marks, NAMES, strict=True)]


@pytest.mark.parametrize(
    "marks", [("PART 01", "PART 02", "PART 03"), ("01", "02", "03"), ("一", "二", "三"), ("Ⅰ", "Ⅱ", "Ⅲ")], ids=str
)
def test_an_ordinal_of_a_series_alone_on_its_line_takes_the_words_below(marks: tuple[str, ...]) -> None:
    body = "\n".join(f"{mark}\n{name}\n{text_of(n)}" for n, (mark, name) in enumerate(zip(marks, NAMES, strict=True)))
    assert outline(body) == [(1, f"{mark} {name}") for mark, name in zip(marks, NAMES, strict=True)]


def test_parts_hold_the_chapters_inside_them() -> None:
    body = f"PART 01 工作回顾\n一、{NAMES[0]}\n{text_of(1)}\n二、{NAMES[1]}\n{text_of(2)}\nPART 02 工作打算\n一、{NAMES[2]}\n{text_of(3)}"
    assert outline(body) == [
        (1, "PART 01 工作回顾"),
        (2, f"一、{NAMES[0]}"),
        (2, f"二、{NAMES[1]}"),
        (1, "PART 02 工作打算"),
        (2, f"一、{NAMES[2]}"),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [f"A.{NAMES[0]}", f"C.{NAMES[1]}", f"B.{NAMES[2]}"],  # does not count
        [
            f"——{NAMES[0]}，新增三百亩；",
            f"——{NAMES[1]}，巡护四百次；",
            f"——{NAMES[2]}，在岗六十人。",
        ],  # items of a sentence
        [f"◆{NAMES[0]}", f"◆{NAMES[1]}", f"◆{NAMES[2]}"],  # a list without a text
    ],
    ids=["out of order", "items", "a list"],
)
def test_what_is_no_series_of_headings_opens_nothing(lines: list[str]) -> None:
    chapters = f"一、上半年情况\n{text_of(1)}\n" + "\n".join(lines) + f"\n二、下半年打算\n{text_of(2)}"
    assert outline(chapters) == [(1, "一、上半年情况"), (1, "二、下半年打算")]
