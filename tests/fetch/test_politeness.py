"""I7 and rows 36, 99: k at a time and a minimum delay for a host, over threads and processes; robots.txt."""

from __future__ import annotations

import json
import multiprocessing
import time as real_time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tasks.archive import Archive
from tasks.fetch import Fetcher
from tasks.fetch.errors import RateLimited
from tasks.fetch.politeness import Gate, file_name
from tasks.model import FetchResult, Outcome
from tests.fetch import faulty
from tests.fetch.conftest import Time, local
from tests.fetch.faulty import PAGE, FaultyServer

SPAWN = multiprocessing.get_context("spawn")


def name_of(result: FetchResult) -> str:
    return result.detail.partition(":")[0]


def fetch_some(url: str, count: int, source_id: str, k: int, delay: float, folder: Path) -> list[str]:
    source = local(id=source_id, concurrency=k, delay_seconds=delay)
    archive = Archive(folder / "archive")
    with archive, Fetcher(archive, state_dir=folder / "state") as fetcher, ThreadPoolExecutor(4) as pool:
        results = pool.map(lambda n: fetcher.fetch(f"{url}?{n}", source=source), range(count))
        return [str(result.outcome) for result in results]


def slowly(connection: faulty.socket.socket, heard: faulty.Heard) -> None:
    real_time.sleep(0.03)
    faulty.answer()(connection, heard)


@pytest.fixture(scope="module")
def pool() -> Iterator[Any]:
    with SPAWN.Pool(2) as running:
        yield running


@pytest.mark.parametrize("k", [1, 2])
def test_i7_at_most_k_at_a_time_over_threads_and_processes(
    server: FaultyServer, tmp_path: Path, pool: Any, k: int
) -> None:
    url = server.play("/a", slowly)
    jobs = [pool.apply_async(fetch_some, (url, 8, f"office-{n}", k, 0.0, tmp_path)) for n in range(2)]
    for job in jobs:
        assert job.get(60) == ["new"] * 8
    assert server.most_busy == k


def test_i7_the_delay_holds_between_processes(server: FaultyServer, tmp_path: Path, pool: Any) -> None:
    delay = 0.15
    url = server.play("/a", faulty.answer())
    jobs = [pool.apply_async(fetch_some, (url, 4, f"office-{n}", 2, delay, tmp_path)) for n in range(2)]
    for job in jobs:
        assert job.get(60) == ["new"] * 4
    starts = sorted(one.at for one in server.heard)
    gaps = [after - before for before, after in pairwise(starts)]
    # With two connections a request may be under way while the next one starts; a few milliseconds of scheduling.
    assert min(gaps) >= delay * 0.8


def test_i7_the_strictest_source_of_a_host_rules(server: FaultyServer, tmp_path: Path) -> None:
    url = server.play("/a", slowly)
    folder = tmp_path
    fetch_some(url, 1, "strict", 1, 0.0, folder)
    fetch_some(url, 8, "greedy", 4, 0.0, folder)
    assert server.most_busy == 1


def test_another_host_is_not_waited_for(tmp_path: Path, time: Time) -> None:
    gate = Gate(tmp_path, clock=time.clock, sleep=time.sleep, now=time.now)
    for host in ("a.example", "b.example", "c.example:8080"):
        with gate.turn(host, who="s", k=1, delay=30.0):
            pass
    assert time.slept == []
    with gate.turn("a.example", who="s", k=1, delay=30.0):
        pass
    assert time.slept == [30.0]


def test_the_delay_counts_from_when_the_host_heard_us(tmp_path: Path, time: Time) -> None:
    gate = Gate(tmp_path, clock=time.clock, sleep=time.sleep, now=time.now)
    with gate.turn("a.example", who="s", k=1, delay=10.0) as sent:
        time.at += 4
        sent()
        time.at += 3
    with gate.turn("a.example", who="s", k=1, delay=10.0):
        assert time.slept == [7.0]


def hold_a_slot(folder: Path, ready: object) -> None:
    with Gate(folder).turn("a.example", who="s", k=1, delay=0.0):
        ready.set()  # type: ignore[attr-defined]
        real_time.sleep(60)


def test_row_96_a_killed_process_gives_its_slot_back(tmp_path: Path) -> None:
    ready = SPAWN.Event()
    process = SPAWN.Process(target=hold_a_slot, args=(tmp_path, ready))
    process.start()
    assert ready.wait(30)
    assert process.pid is not None
    process.kill()
    process.join(10)
    with Gate(tmp_path, queue_seconds=5).turn("a.example", who="s", k=1, delay=0.0):
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", '{"boot": 1}', "\x00\x00", '{"boot": "x", "next_at": 9e99}'])
def test_row_99_a_torn_or_foreign_state_file_is_an_empty_one(tmp_path: Path, time: Time, text: str) -> None:
    (tmp_path / "a.example.json").write_text(text)
    gate = Gate(tmp_path, clock=time.clock, sleep=time.sleep, now=time.now)
    with gate.turn("a.example", who="s", k=1, delay=1.0):
        pass
    assert time.slept == []
    assert json.loads((tmp_path / "a.example.json").read_text())["next_at"] == time.at + 1.0


def test_row_99_a_clock_that_began_again_does_not_hold_anybody(tmp_path: Path, time: Time) -> None:
    gate = Gate(tmp_path, clock=time.clock, sleep=time.sleep, now=time.now)
    time.at = 1e6
    with gate.turn("a.example", who="s", k=1, delay=2.0):
        pass
    gate.hold("a.example", 30.0)
    time.at = 5.0
    # At worst it is told, and no worker sleeps for days.
    with pytest.raises(RateLimited), gate.turn("a.example", who="s", k=1, delay=2.0):
        pass
    assert sum(time.slept) <= 2.0


def test_a_state_folder_that_cannot_be_written_keeps_us_from_asking(
    server: FaultyServer, make: Callable[..., Fetcher], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    result = make(state_dir=tmp_path / "file").fetch(server.play("/a", faulty.answer()), source=local())
    assert (result.outcome, name_of(result)) == (Outcome.FAILED, "StateUnwritable")
    assert server.heard == []


def test_host_names_are_safe_file_names() -> None:
    names = ["a.example", "a.example:8080", "[::1]", "../../x", "a" * 300, "", "."]
    made = [file_name(name) for name in names]
    assert len(set(made)) == len(names)
    assert all("/" not in one and len(one) < 130 and one.strip(".") for one in made)


# ── robots.txt ──────────────────────────────────────────────────────────────────────────────────────────────────────


def robots(text: str, **options: str) -> faulty.Play:
    return faulty.answer(text.encode(), kind="text/plain", **options)


def test_row_36_disallow_is_respected(server: FaultyServer, fetcher: Fetcher) -> None:
    server.play("/robots.txt", robots("User-agent: *\nDisallow: /secret/\nAllow: /secret/open.html\n"))
    for path in ("/secret/a.html", "/secret/open.html", "/b.html"):
        server.play(path, faulty.answer())
    result = fetcher.fetch(server.url("/secret/a.html"), source=local())
    assert (result.outcome, name_of(result)) == (Outcome.BLOCKED, "RobotsDisallowed")
    assert not server.asked("/secret/a.html")
    assert fetcher.fetch(server.url("/secret/open.html"), source=local()).outcome is Outcome.NEW
    assert fetcher.fetch(server.url("/b.html"), source=local()).outcome is Outcome.NEW
    assert len(server.asked("/robots.txt")) == 1


def test_row_36_our_own_group_counts(server: FaultyServer, fetcher: Fetcher) -> None:
    server.play("/robots.txt", robots("User-agent: *\nAllow: /\n\nUser-agent: Jibao\nDisallow: /\n"))
    assert fetcher.fetch(server.play("/a", faulty.answer()), source=local()).outcome is Outcome.BLOCKED


@pytest.mark.parametrize("line", ["Crawl-delay: 20", "Request-rate: 3/60"])
def test_row_36_crawl_delay_is_kept(server: FaultyServer, fetcher: Fetcher, time: Time, line: str) -> None:
    server.play("/robots.txt", robots(f"User-agent: *\n{line}\n"))
    server.play("/a", faulty.answer())
    for _ in range(3):
        assert fetcher.fetch(server.url("/a"), source=local()).outcome is Outcome.NEW
    assert sum(time.slept) == pytest.approx(40, abs=1)


def test_row_36_a_delay_of_a_day_is_a_refusal(server: FaultyServer, fetcher: Fetcher, time: Time) -> None:
    server.play("/robots.txt", robots("User-agent: *\nCrawl-delay: 86400\n"))
    assert name_of(fetcher.fetch(server.url("/a"), source=local())) == "RobotsDisallowed"
    assert time.slept == []


@pytest.mark.parametrize("status", ["404 N", "403 F", "410 G", "401 U", "400 B"])
def test_row_36_no_rules_with_4xx(server: FaultyServer, fetcher: Fetcher, status: str) -> None:
    server.play("/robots.txt", robots("User-agent: *\nDisallow: /\n", status=status))
    assert fetcher.fetch(server.play("/a", faulty.answer()), source=local()).outcome is Outcome.NEW


@pytest.mark.parametrize(
    "play",
    [
        faulty.answer(b"", status="500 X"),
        faulty.answer(b"", status="503 X"),
        faulty.silence,
        faulty.raw(b""),
        faulty.endless(b"HTTP/1.1 200 OK\r\n\r\n"),
        faulty.drip(b"HTTP/1.1 200 OK\r\n\r\n", b"#"),
    ],
    ids=["500", "503", "silence", "end", "endless", "drip"],
)
def test_row_36_rules_that_cannot_be_read_keep_us_out(
    server: FaultyServer, fetcher: Fetcher, time: Time, play: faulty.Play
) -> None:
    server.play("/robots.txt", play)
    source = local(read_timeout_seconds=0.1, deadline_seconds=0.5)
    url = server.play("/a", faulty.answer())
    result = fetcher.fetch(url, source=source)
    assert (result.outcome, name_of(result)) == (Outcome.FAILED, "RobotsUnavailable")
    assert not server.asked("/a")
    server.play("/robots.txt", robots(""))
    assert fetcher.fetch(url, source=source).outcome is Outcome.FAILED  # not asked again at once
    time.at += 120
    assert fetcher.fetch(url, source=source).outcome is Outcome.NEW


def test_row_36_a_challenge_instead_of_rules_is_a_block(server: FaultyServer, fetcher: Fetcher) -> None:
    server.play("/robots.txt", faulty.answer(b"<script>document.cookie='a=1'</script>", status="521 X"))
    result = fetcher.fetch(server.play("/a", faulty.answer()), source=local())
    assert (result.outcome, name_of(result)) == (Outcome.BLOCKED, "Challenge")


@pytest.mark.parametrize("body", [b"", PAGE, b"\xff\xfe\x00garbage\x00", b"User-agent: *\nDisallow:\n"])
def test_row_36_odd_rules_allow(server: FaultyServer, fetcher: Fetcher, body: bytes) -> None:
    server.play("/robots.txt", faulty.answer(body))
    assert fetcher.fetch(server.play("/a", faulty.answer()), source=local()).outcome is Outcome.NEW


def test_rules_are_kept_for_a_day_and_for_other_runs(
    server: FaultyServer, make: Callable[..., Fetcher], time: Time, tmp_path: Path
) -> None:
    # A public portal, as far as the fetcher can tell; the rules of a portal on loopback are not kept.
    from tasks.fetch.addresses import web_url
    from tasks.fetch.robots import Robots

    asked: list[str] = []

    def read(url: object) -> str:
        asked.append(str(url))
        return "User-agent: *\nDisallow: /x\nCrawl-delay: 3\n"

    page = web_url("http://www.liuwan.example/a")
    rules = web_url("http://www.liuwan.example/robots.txt")
    for _ in range(3):
        assert Robots(read, tmp_path, clock=time.clock).check(page, rules) == 3.0
    assert len(asked) == 1
    time.at += 25 * 3600
    Robots(read, tmp_path, clock=time.clock).check(page, rules)
    assert len(asked) == 2
    time.at -= 100 * 3600  # a clock set back
    Robots(read, tmp_path, clock=time.clock).check(page, rules)
    assert len(asked) == 3
