"""Readers in other processes: the same reports, the same errors, and no document pays for another's crash."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.portal import HanwebPortal
from demo.sites import QUARTERS
from tasks.errors import JibaoError
from tasks.load import Disclosure
from tasks.load.disclosure import prepare
from tasks.model import Meta, Period
from tasks.pipeline.job import Job
from tasks.pipeline.readers import ReaderDied, Readers, ReaderStuck, _end, _received, _start
from tasks.pipeline.readerwire import (
    READY,
    DefectInReader,
    frame,
    pack_error,
    pack_job,
    pack_told,
    unpack_job,
    unpack_told,
)
from tasks.pipeline.reading import Told, ToRead, read_here
from tasks.pipeline.run import run
from tasks.pipeline.workplace import configured, open_workplace
from tasks.read import ReadHints
from tests.pipeline.conftest import place_at

NOW = datetime(2024, 10, 20, tzinfo=UTC)
HEAD = "<tr><th>序号</th><th>工作内容</th><th>责任单位</th><th>完成情况</th><th>完成率</th></tr>"


def page(*rows: tuple[str, ...], title: str = "2024年三季度临川区政府工作报告重点任务执行情况") -> bytes:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><table>{HEAD}{body}</table></body></html>"
    ).encode()


def job(body: bytes, **hints: object) -> ToRead:
    return ToRead(body, None, "http://127.0.0.1/art_1.html", "text/html; charset=utf-8", ReadHints(**hints))


GOOD = job(
    page(
        ("1", "新增城镇就业5000人", "区人社局", "已新增就业4210人", "84%"),
        ("2", "建成公园3个", "城管局", "已建成", "—"),
    )
)


def outcome(reader, asked: ToRead) -> object:
    try:
        return reader(asked)
    except JibaoError as error:
        return type(error), error.reason, error.where


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers(1, by_itself=0) as found:
        assert found.start() == 1
        yield found


def child() -> psutil.Process:
    mine = [one for one in psutil.Process().children() if "tasks.pipeline.reader_process" in " ".join(one.cmdline())]
    assert mine
    return mine[-1]


CELLS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=4))
def test_a_reader_says_what_reading_here_says(readers: Readers, rows: list[tuple[str, ...]]) -> None:
    asked = job(page(*rows), publisher="临川区人民政府办公室", columns={"工作内容": "content"})
    assert outcome(readers, asked) == outcome(read_here, asked)


@pytest.mark.parametrize("body", [b"", b"%PDF-1.4 cut", b"PK\x03\x04 no package", b"\x00\x01\x02\x03" * 40])
def test_a_readers_errors_are_raised_as_they_are(readers: Readers, body: bytes) -> None:
    found = outcome(readers, job(body))
    assert isinstance(found, tuple)
    assert found == outcome(read_here, job(body))


def test_an_attachment_takes_over_what_its_page_says(readers: Readers) -> None:
    asked = replace(GOOD, page=Meta(title="2023年四季度临川区重点任务执行情况", period=Period(2023, "Q", 4)))
    found = readers(asked)
    assert found == read_here(asked)
    assert found.report.meta.period == Period(2023, "Q", 4)
    assert found.observations


@pytest.mark.parametrize(
    ("title", "period", "code", "told"),
    [
        ("2023年度临川区重点任务完成情况", Period(2023), "period_unknown", False),  # the page came out when it was over
        ("2024年二季度临川区重点任务执行情况", Period(2024, "Q", 3), "period_contradiction", True),
        ("2024年三季度临川区重点任务执行情况", Period(2024, "Q", 3), "period_contradiction", False),
    ],
)
def test_an_attachments_period_beside_its_pages(title: str, period: Period, code: str, told: bool) -> None:
    row = ("1", "新增城镇就业5000人", "区人社局", "已新增就业4210人", "84%")
    alone = job(page(row, row, title=title))
    found = read_here(replace(alone, page=Meta(title=title, period=period)))
    assert found.report.meta.period == period
    assert (code in {warn.code for warn in found.report.warnings}) is told
    assert code != "period_unknown" or code in {warn.code for warn in read_here(alone).report.warnings}


def test_questions_and_answers_survive_the_wire() -> None:
    assert unpack_job(pack_job(GOOD)) == GOOD
    told = read_here(GOOD)
    assert told.observations
    assert unpack_told(pack_told(told)) == told


class Nearly(str):
    """A text that is not quite one: only pickles carry it."""


def test_bodies_survive_the_wire() -> None:
    told = read_here(replace(GOOD, to_load=True))
    assert told.body is not None
    assert told.body.observations
    assert told.body.rows[0].progress == Decimal(84)
    assert unpack_told(pack_told(told)) == told
    odd = replace(told, body=replace(told.body, observations=[(Nearly("x"),)]))
    assert unpack_told(pack_told(odd)) == odd


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=4))
def test_a_body_that_was_made_elsewhere_is_kept_like_one_made_here(
    readers: Readers, rows: list[tuple[str, ...]]
) -> None:
    asked = job(page(*rows), publisher="临川区人民政府办公室", columns={"工作内容": "content"})
    elsewhere, here = outcome(readers, replace(asked, to_load=True)), outcome(read_here, asked)
    if not isinstance(elsewhere, Told) or not isinstance(here, Told):
        assert elsewhere == here
        return
    assert elsewhere.body is not None
    assert elsewhere.observations == ()
    found = [
        prepare(
            Disclosure(
                "s", "http://127.0.0.1/1", "1", told.report, told.observations or (), (), NOW, "1", body=told.body
            )
        )
        for told in (elsewhere, here)
    ]
    assert found[0].body == found[1].body
    assert found[0].edition_id == found[1].edition_id


def test_a_reader_needs_no_database() -> None:
    """Starting one takes a third of a second of processor time; with the warehouse's libraries it took thrice that."""
    asked = (
        "import sys, tasks.pipeline.reader_process\n"
        "print([name for name in ('sqlalchemy', 'polars', 'psycopg', 'scipy', 'tasks.compare') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


class Awkward(Exception):
    """Can be packed, and not unpacked."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(one + two)


@pytest.mark.parametrize(("error", "kind"), [(KeyError("x"), KeyError), (Awkward(1, 2), DefectInReader)])
def test_a_defect_in_a_reader_is_a_defect_in_the_run(error: Exception, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        unpack_told(pack_error(error))


def test_a_reader_that_dies_costs_one_document() -> None:
    with Readers(1, by_itself=0) as readers:
        assert readers.start() == 1
        victim = child()
        victim.suspend()
        threading.Timer(0.2, os.kill, (victim.pid, signal.SIGKILL)).start()
        with pytest.raises(ReaderDied) as caught:
            readers(GOOD)
        assert caught.value.where == GOOD.url
        assert readers.start() == 1
        assert readers(GOOD) == read_here(GOOD)


def test_a_reader_that_was_killed_between_documents_costs_none() -> None:
    with Readers(1, by_itself=0) as readers:
        assert readers.start() == 1
        victim = child()
        victim.kill()
        victim.wait(10)
        assert readers(GOOD) == read_here(GOOD)


def test_a_document_without_end_is_given_up() -> None:
    with Readers(1, by_itself=0, seconds=0.3) as readers:
        assert readers.start() == 1
        victim = child()
        victim.suspend()
        with pytest.raises(ReaderStuck):
            readers(GOOD)
        assert not victim.is_running() or victim.status() == psutil.STATUS_ZOMBIE


def test_no_reader_outlives_its_run() -> None:
    with Readers(1, by_itself=0) as readers:
        assert readers.start() == 1
        left = child()
    assert not left.is_running()
    assert readers(GOOD) == read_here(GOOD)


def test_who_waits_for_a_reader_learns_that_the_run_has_ended() -> None:
    readers = Readers(1, by_itself=0)
    assert readers.start() == 1
    child().suspend()
    threading.Timer(0.2, readers.close).start()
    with pytest.raises(ReaderDied):
        readers(GOOD)


def test_few_documents_start_nothing() -> None:
    before = psutil.Process().children()
    with Readers(2, by_itself=3) as readers:
        for _ in range(3):
            readers(GOOD)
        assert psutil.Process().children() == before


def test_a_run_with_readers_ends_where_a_run_without_them_does(portal: HanwebPortal, tmp_path: Path) -> None:
    found = []
    for count in (0, 2):
        here = place_at(tmp_path / str(count), f"sqlite:///{tmp_path}/{count}/jibao.db", portal)
        _, sources = configured(here.settings)
        asked = Job("backfill", QUARTERS[-4], QUARTERS[-2], recheck=0)
        with open_workplace(here.settings) as work, Readers(count, by_itself=0) as readers:
            assert readers.start() == count
            summary = run(replace(work, reader=readers), sources[:2], asked)
        found.append((summary.counts, summary.outcomes, here.known()))
    assert found[0] == found[1]
    assert found[0][0]["loaded"] > 2


@pytest.mark.skipif(not hasattr(fcntl, "F_SETPIPE_SZ"), reason="pipes have one size here")
def test_a_reader_puts_a_long_answer_down_before_anybody_takes_it() -> None:
    rows = [(str(n), f"建成{n}号公园, 面积{n}亩", "城管局", f"已完成投资{n}万元", f"{n % 100}%") for n in range(1, 301)]
    one = _start()
    assert one.process.stdin is not None
    assert one.process.stdout is not None
    try:
        assert _received(one, 60) == READY
        one.process.stdin.write(frame(pack_job(job(page(*rows)))))
        one.process.stdin.flush()
        waiting, ends = 0, time.monotonic() + 60
        while waiting <= 1 << 16 and time.monotonic() < ends:
            time.sleep(0.02)
            waiting = int.from_bytes(fcntl.ioctl(one.process.stdout, termios.FIONREAD, bytes(4)), sys.byteorder)
        assert waiting > 1 << 16
        answer = _received(one, 60)
        assert answer is not None
        assert len(unpack_told(answer).report.rows) == 300
    finally:
        _end(one)
