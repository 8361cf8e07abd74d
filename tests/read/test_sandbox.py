"""The reading process itself: reuse, renewal, death, many threads, a parent with many open files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.model import Attachment, Warn
from tasks.read.attachment_errors import UnreadableFile
from tasks.read.attachments.sandbox import Sandbox
from tasks.read.page import Cell, Page, Paragraph, Table
from tasks.read.pagewire import page_from_wire, page_to_wire
from tests.read.attachment_files import HEADS, ROWS, docx_file, tables, xlsx

FILLED = [HEADS, *ROWS]
ROOT = Path(__file__).resolve().parents[2]


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children() if "tasks.read" in " ".join(child.cmdline())}


def test_a_child_is_kept_for_the_next_file_and_gone_after_closing() -> None:
    before = children()
    with Sandbox() as sandbox:
        seen = set()
        for _ in range(4):
            assert tables(sandbox.read(xlsx(FILLED), "xlsx")) == [FILLED]
            assert tables(sandbox.read(docx_file(FILLED), "docx")) == [FILLED]
            seen |= children() - before
        assert len(seen) == 1
    assert children() <= before


def test_a_child_is_renewed_after_its_share_of_files() -> None:
    before = children()
    with Sandbox(recycle_after=2) as sandbox:
        seen = set()
        for _ in range(6):
            sandbox.read(xlsx(FILLED), "xlsx")
            seen |= children() - before
        assert len(seen) >= 2


def test_a_child_killed_while_idle_is_replaced() -> None:
    before = children()
    with Sandbox() as sandbox:
        sandbox.read(xlsx(FILLED), "xlsx")
        for pid in children() - before:
            os.kill(pid, signal.SIGKILL)
            psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=5)
        results = []
        for _ in range(2):
            try:
                results.append(tables(sandbox.read(xlsx(FILLED), "xlsx")))
            except UnreadableFile:
                results.append([])
        assert [FILLED] in results


def test_threads_share_a_pool() -> None:
    with Sandbox(keep=2) as sandbox, ThreadPoolExecutor(4) as pool:
        rows = [[*HEADS], *([str(n), *ROWS[0][1:]] for n in range(12))]
        bodies = [xlsx(rows[: n + 2]) for n in range(12)]
        found = list(pool.map(lambda body: tables(sandbox.read(body, "xlsx")), bodies))
    assert found == [[rows[: n + 2]] for n in range(12)]


def test_a_format_without_a_reader_is_a_named_error() -> None:
    with Sandbox() as sandbox, pytest.raises(UnreadableFile):
        sandbox.read(b"x", "nonsense")


def test_it_works_from_a_program_without_a_main_guard(tmp_path: Path) -> None:
    (tmp_path / "body.xlsx").write_bytes(xlsx(FILLED))
    program = tmp_path / "program.py"
    program.write_text(
        "from pathlib import Path\nfrom tasks.read.attachments import read_attachment\n"
        f"body = Path({str(tmp_path / 'body.xlsx')!r}).read_bytes()\n"
        "print(len(read_attachment(body, 'xlsx').body))\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, program], env=environment, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.split() == ["1"]


TEXT = st.text(max_size=20)
SPANS = st.tuples(st.integers(0, 99), st.integers(0, 99))
PARAGRAPHS = st.builds(
    lambda text, span, level, bold: Paragraph(text, *span, level, bold),
    TEXT,
    SPANS,
    st.none() | st.integers(1, 9),
    st.booleans(),
)
CELLS = st.builds(
    lambda text, span, copy, header, number: Cell(text, *span, copy, header, number),
    TEXT,
    SPANS,
    st.booleans(),
    st.booleans(),
    st.none() | st.floats(allow_nan=False),
)
TABLES = st.builds(
    lambda rows, name, complete: Table(tuple(map(tuple, rows)), name, complete),
    st.lists(st.lists(CELLS, max_size=3), max_size=3),
    st.none() | TEXT,
    st.booleans(),
)


@given(TEXT, st.lists(PARAGRAPHS | TABLES, max_size=4), st.dictionaries(TEXT, TEXT, max_size=2), st.none() | TEXT)
def test_a_page_survives_the_wire(
    text: str, body: list[Paragraph | Table], head: dict[str, str], encoding: str | None
) -> None:
    page = Page(text, tuple(body), tuple(body[:1]), head, (Attachment("u", "n"),), encoding, (Warn("c", "m"),), "word")
    assert page_from_wire(page_to_wire(page)) == page
