"""The same invented table in every shape gives the same rows, cell for cell."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.check import check, held_by
from tasks.errors import JibaoError
from tasks.model import Report, Row
from tasks.read import read
from tests.read.composed import (
    SHAPES,
    Composed,
    Task,
    as_docx,
    as_html,
    as_paragraphs,
    as_pipes,
    as_tabs,
    as_xlsx,
    compose,
)

# With neither numbers, units nor percentages there is nothing to anchor a cell that was dropped: see the note of
# docs/decisions/012. Such tables keep all their cells here.
ANCHORED = [shape for shape in SHAPES if {"seq", "units", "progress"} & set(shape)]

TEXT_SHAPES: dict[str, Callable[[Composed, Random], str]] = {
    "pipes, merged cells lost": as_pipes,
    "markdown": lambda table, random: as_pipes(table, random, lost=False, leading=True),
    "tabs": lambda table, _: as_tabs(table),
    "paragraphs": as_paragraphs,
    "lines": lambda table, random: as_paragraphs(table, random, blank=False),
}
HTML_SHAPES: dict[str, Callable[[Composed, Random], str]] = {
    "html": as_html,
    "word": lambda table, random: as_html(table, random, word=True, overshoot=True),
}


def told(row: Row) -> tuple[object, ...]:
    share = None if row.progress is None else float(row.progress)
    printed = None if row.progress_text is None else row.progress_text.replace("％", "%")
    return row.seq, row.category, row.content, row.units, row.status, share, printed


def meant(task: Task) -> tuple[object, ...]:
    printed = None if task.progress_text is None else task.progress_text.replace("％", "%")
    return task.seq, task.category, task.content, task.units, task.status, task.progress, printed


def same(report: Report, table: Composed) -> None:
    assert [told(row) for row in report.rows] == [meant(task) for task in table.rows]
    assert [row.index for row in report.rows] == list(range(len(table.rows)))
    for row, task in zip(report.rows, table.rows, strict=True):
        for name, heading in table.headings.items():
            assert row.cells["".join(heading.split())].replace("％", "%") == table.printed(task, name).replace(
                "％", "%"
            )
        if row.content_at is not None:
            assert report.text[slice(*row.content_at)] == row.content
        if row.status_at is not None:
            assert report.text[slice(*row.status_at)] == row.status


# The seeds are fixed: what hypothesis draws, derandomized as well, changes with the constants of our own modules, and
# dumps in which several readings fit are among it. What holds for all of them is the law below.
@pytest.mark.parametrize("shape", sorted({**TEXT_SHAPES, **HTML_SHAPES}))
@pytest.mark.parametrize("first", range(0, 25, 5))
def test_same_rows_as_text_and_html(shape: str, first: int) -> None:
    for seed in range(first, first + 5):
        random = Random(seed)
        table = compose(random, shape=random.choice(ANCHORED))
        same(read({**TEXT_SHAPES, **HTML_SHAPES}[shape](table, random).encode()), table)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), shape=st.sampled_from(sorted(TEXT_SHAPES)))
def test_a_dump_is_read_right_or_held_or_refused_by_name(seed: int, shape: str) -> None:
    random = Random(seed)
    table = compose(random, shape=random.choice(ANCHORED))
    try:
        report = read(TEXT_SHAPES[shape](table, random).encode())
    except JibaoError:
        return
    if not held_by(check(report)):
        same(report, table)


@pytest.mark.parametrize("seed", range(10))
def test_without_anchors_whole_rows_are_read(seed: int) -> None:
    random = Random(seed)
    table = compose(random, shape=["category", "content", "status"], empties=False)
    for make in TEXT_SHAPES.values():
        same(read(make(table, random).encode()), table)


@pytest.mark.parametrize("seed", range(6))
def test_same_rows_as_workbook_and_word_file(seed: int) -> None:
    table = compose(Random(seed))
    same(read(as_xlsx(table), name="执行情况.xlsx"), table)
    same(read(as_docx(table), name="执行情况.docx"), table)


def test_old_encodings_give_the_same_rows() -> None:
    random = Random(3)
    table = compose(random)
    text = as_html(table, random, word=True).replace("charset='utf-8'", "charset='gb2312'")
    same(read(text.encode("gb18030")), table)
    same(read(as_pipes(table, random).encode("gb18030")), table)
    same(read(as_html(table, random).encode("utf-16")), table)


@pytest.mark.parametrize("blank", [True, False])
def test_a_flattened_table_printed_twice_counts_once(blank: bool) -> None:
    random = Random(11)
    table = compose(random, shape=["category", "content", "units", "status"])
    text = as_paragraphs(table, random, blank=blank, breaks=False)
    body = text.split("\n\n", 1)[1]
    report = read(f"{text}\n规划计划\n\n索引号\n\n00123456-7/2024-00001\n\n{body}".encode())
    same(report, table)
    assert not any(warning.code == "copies_differ" for warning in report.warnings)
