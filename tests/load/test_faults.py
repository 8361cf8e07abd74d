"""A fault at every step of a load: afterwards nothing is half there, and a rerun ends where an undisturbed run does."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tasks.load import Disclosure, decide, load
from tests.load.composed import SOURCE, disclosure
from tests.load.dumps import dump
from warehouse import Warehouse, errors
from warehouse.views import VIEWS

KILL_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
QUIET = frozenset({"run_id"})


class Cut(BaseException):
    """What a test throws at a step; nobody catches it."""


def story(source: str = SOURCE) -> list[Disclosure]:
    """Loads that touch every statement: a first quarter, a second, a silent edit of the first, a held third."""
    first, second = disclosure("2024Q1", count=4, source=source), disclosure("2024Q2", count=4, source=source)
    rows = tuple(replace(r, status="改写") if r.index == 2 else r for r in first.report.rows)
    edit = disclosure("2024Q1", rows=rows, known_at=second.known_at + timedelta(days=1), source=source)
    return [first, second, edit, disclosure("2024Q3", count=1, source=source)]


def tell(url: str, step: Callable[[str], None] | None = None, upto: int | None = None, source: str = SOURCE) -> None:
    """Load the story, then accept what is held."""
    with Warehouse(url, step=step) as warehouse:
        held = [load(warehouse, item, run_id="r") for item in story(source)[:upto]][-1]
        if upto is None and held.state == "held":
            decide(warehouse, held.document_id, "accept", who="w", why="y", run_id="r", now=story()[2].known_at)


def content(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All views but the logs, without run_id. SQLite files are read without our own code."""
    if not url.startswith("sqlite"):
        with Warehouse(url) as warehouse:
            return dump(warehouse, without=QUIET)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        found = {}
        for name, view in VIEWS.items():
            if name not in ("v_fetch", "v_run"):
                columns = ", ".join(column for column in view.names if column not in QUIET)
                found[name] = sorted(connection.execute(f"SELECT {columns} FROM {name}").fetchall(), key=repr)
        return found


def steps(url: str) -> int:
    """How many steps an undisturbed story takes on a fresh warehouse."""
    seen: list[str] = []
    tell(url, seen.append)
    return len(seen)


@pytest.fixture(scope="module")
def undisturbed(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any], set[str]]:
    """Number of steps, the dump of the end, and the dumps after each load (as text)."""
    folder = tmp_path_factory.mktemp("undisturbed")
    shutil.copy(migrated_file, folder / "a.db")
    count = steps(f"sqlite:///{folder / 'a.db'}")
    states = set()
    for upto in range(len(story()) + 1):
        shutil.copy(migrated_file, folder / f"{upto}.db")
        if upto:
            tell(f"sqlite:///{folder / f'{upto}.db'}", upto=upto)
        states.add(repr(content(f"sqlite:///{folder / f'{upto}.db'}")))
    end = content(f"sqlite:///{folder / 'a.db'}")
    states.add(repr(end))
    return count, end, states


def test_an_exception_at_every_step(
    migrated_file: Path, tmp_path: Path, undisturbed: tuple[int, dict[str, Any], set[str]]
) -> None:
    count, end, states = undisturbed
    for n in range(count):
        path = tmp_path / f"{n}.db"
        shutil.copy(migrated_file, path)
        left = [n]

        def step(_statement: str, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] < 0:
                raise Cut

        with pytest.raises(Cut):
            tell(f"sqlite:///{path}", step)
        assert repr(content(f"sqlite:///{path}")) in states, f"half a load after step {n}"
        tell(f"sqlite:///{path}")
        assert content(f"sqlite:///{path}") == end, f"another end after step {n}"


def _die_at(url: str, n: int) -> None:
    left = [n]

    def step(_statement: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            os._exit(9)

    tell(url, step)


def _die_at_many(jobs: list[tuple[str, int]]) -> None:
    """Each job in a process of its own (forked from this one, which has loaded the modules but opened nothing)."""
    for url, n in jobs:
        pid = os.fork()
        if pid == 0:
            try:
                _die_at(url, n)
            finally:
                os._exit(0)
        os.waitpid(pid, 0)


def test_sudden_death_at_every_step(
    migrated_file: Path, tmp_path: Path, undisturbed: tuple[int, dict[str, Any], set[str]]
) -> None:
    count, end, states = undisturbed
    places = range(0, count, 4)
    for n in places:
        shutil.copy(migrated_file, tmp_path / f"{n}.db")
    jobs = [(f"sqlite:///{tmp_path / f'{n}.db'}", n) for n in places]
    process = multiprocessing.get_context("spawn").Process(target=_die_at_many, args=(jobs,))
    process.start()
    process.join()
    assert process.exitcode == 0
    unlike = 0
    for url, n in jobs:
        found = repr(content(url))
        assert found in states, f"half a load after step {n}"
        unlike += found != repr(end)
        tell(url)
        assert content(url) == end, f"another end after step {n}"
    assert unlike > len(jobs) // 2


def test_the_connection_dies_at_every_step_of_postgresql(postgres_url: str) -> None:
    """The server ends our session before the n-th statement: the load is run again by itself, and arrives once.

    Each n has a source of its own, so that nothing has to be emptied in between. Every seventh n, all of them with
    JIBAO_EVERY_FAULT set (half a minute).
    """
    seen: list[str] = []
    tell(postgres_url, source="quiet")  # migrates
    tell(postgres_url, seen.append, source="undisturbed")
    told: list[int] = []
    with psycopg.connect(postgres_url, autocommit=True) as killer:
        places = range(0, len(seen), 1 if os.environ.get("JIBAO_EVERY_FAULT") else 7)
        for n in places:
            left = [n]

            def step(_statement: str, left: list[int] = left) -> None:
                left[0] -= 1
                if left[0] == -1:
                    told.extend(killed for (killed,) in killer.execute(KILL_OTHERS).fetchall())

            tell(postgres_url, step, source=f"step {n}")
    assert len(told) >= len(places)
    by_source = _by_source(postgres_url)
    assert len(by_source) == len(places) + 2
    for n in places:
        assert by_source[f"step {n}"] == by_source["undisturbed"], f"another end after step {n}: {seen[n]}"


def _by_source(url: str) -> dict[str, dict[str, list[tuple[Any, ...]]]]:
    """Source → view → rows, without what is named after the source."""
    found: dict[str, dict[str, list[tuple[Any, ...]]]] = {}
    with Warehouse(url) as warehouse:
        for name, view in VIEWS.items():
            if name in ("v_fetch", "v_run"):
                continue
            keep = [column for column in view.names if column not in {"run_id", "source_id", "commitment_id"}]
            frame = warehouse.query(name)
            for source, row in zip(frame["source_id"], frame.select(keep).rows(), strict=True):
                found.setdefault(source, {}).setdefault(name, []).append(row)
    return {source: {name: sorted(rows, key=repr) for name, rows in views.items()} for source, views in found.items()}


def test_a_commit_whose_answer_is_lost(postgres_url: str) -> None:
    """The commit arrives, its answer does not: the load record is read back, nothing is loaded twice."""

    def step(statement: str) -> None:
        if statement == "COMMITTED" and armed:
            armed.clear()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    armed: list[bool] = []
    with Warehouse(postgres_url, step=step) as warehouse:
        armed.append(True)
        result = load(warehouse, disclosure("2024Q1"), run_id="r")
        assert (result.state, result.relation) == ("loaded", "new")
        assert not armed
        assert warehouse.query("v_document").height == 1
        with warehouse.read() as tx:
            assert tx.one("SELECT COUNT(*) FROM load_record") == (1,)


def test_a_locked_file_is_a_bounded_wait(migrated_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    shutil.copy(migrated_file, path)
    with Warehouse(f"sqlite:///{path}", busy_seconds=0.2) as warehouse:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(errors.WarehouseBusy):
            load(warehouse, disclosure("2024Q1"), run_id="r")
        assert warehouse.query("v_document").is_empty()
        other.execute("ROLLBACK")
        other.close()
        assert load(warehouse, disclosure("2024Q1"), run_id="r").relation == "new"


def test_a_locked_table_is_a_bounded_wait(postgres_url: str) -> None:
    with Warehouse(postgres_url, busy_seconds=0.2) as warehouse:
        warehouse.open()
        with psycopg.connect(postgres_url) as other:
            other.execute("LOCK TABLE progress IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(errors.WarehouseBusy):
                load(warehouse, disclosure("2024Q1"), run_id="r")
            other.rollback()
        assert warehouse.query("v_document").is_empty()
        assert load(warehouse, disclosure("2024Q1"), run_id="r").relation == "new"


def _load_all(url: str, start: Any) -> None:
    with Warehouse(url) as warehouse:
        start.wait()
        for item in story()[:3]:
            load(warehouse, item, run_id=str(os.getpid()))


def test_two_processes_load_the_same_at_once(warehouse_url: str, migrated_file: Path, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    both = [context.Process(target=_load_all, args=(warehouse_url, start)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    shutil.copy(migrated_file, tmp_path / "alone.db")
    tell(f"sqlite:///{tmp_path / 'alone.db'}", upto=3)
    assert content(warehouse_url) == content(f"sqlite:///{tmp_path / 'alone.db'}")


def _fill(url: str, limit: int, done: Any) -> None:
    import resource
    import signal

    with Warehouse(url) as warehouse:
        warehouse.open()
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        try:
            for n, item in enumerate(story()[:2]):
                load(warehouse, item, run_id="r")
                done.put(n)
        except errors.WarehouseFull:
            done.put("full")


@pytest.mark.parametrize("room", [40_000, 120_000])
def test_a_full_disk_rolls_back(migrated_file: Path, tmp_path: Path, room: int) -> None:
    path = tmp_path / "w.db"
    shutil.copy(migrated_file, path)
    context = multiprocessing.get_context("spawn")
    done = context.SimpleQueue()
    # The limit is on each file: the write-ahead log hits it first.
    process = context.Process(target=_fill, args=(f"sqlite:///{path}", room, done))
    process.start()
    process.join()
    assert process.exitcode == 0
    told = []
    while not done.empty():
        told.append(done.get())
    assert told[-1] == "full"
    url = f"sqlite:///{path}"
    with Warehouse(url) as warehouse:
        assert warehouse.query("v_document").height == len(told) - 1
    tell(url, upto=2)
    shutil.copy(migrated_file, tmp_path / "alone.db")
    tell(f"sqlite:///{tmp_path / 'alone.db'}", upto=2)
    assert content(url) == content(f"sqlite:///{tmp_path / 'alone.db'}")


def test_the_source_of_a_run_is_leased(warehouse_url: str) -> None:
    with Warehouse(warehouse_url) as one, Warehouse(warehouse_url) as two:
        with one.lease(SOURCE, "2024Q3", run_id="first"):
            with pytest.raises(errors.LeaseHeld, match="first"), two.lease(SOURCE, "2024Q3"):
                pass
            with two.lease(SOURCE, "2024Q4"):
                pass
        with two.lease(SOURCE, "2024Q3"):
            pass
