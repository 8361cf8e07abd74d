"""Rows 14-21, 27, 33, 86-87, 92, 110-111 over the wire: which outcome, how often asked, what is kept."""

from __future__ import annotations

import hashlib
import io
import logging
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from tasks.archive import Archive
from tasks.archive.errors import ArchiveWriteFailed
from tasks.errors import UsageError
from tasks.fetch import Fetcher, ReplayFetcher
from tasks.fetch.headers import retry_after
from tasks.model import FetchResult, Outcome
from tests.fetch import faulty
from tests.fetch.conftest import ORIGIN, Time, local
from tests.fetch.faulty import PAGE, FaultyServer

JSL = b"<script>document.cookie='__jsl_clearance=17|-1|x;path=/';location.href=location.pathname</script>"


def name_of(result: FetchResult) -> str:
    return result.detail.partition(":")[0]


# ── 14-17: statuses and waiting ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize("as_date", [False, True])
def test_row_14_retry_after_is_waited_for_by_the_whole_host(
    server: FaultyServer, fetcher: Fetcher, time: Time, status: str, as_date: bool
) -> None:
    wait = format_datetime(ORIGIN + timedelta(seconds=47), usegmt=True) if as_date else "47"
    url = server.play(
        "/a", faulty.answer(b"slow down", status=status, headers=f"Retry-After: {wait}\r\n"), faulty.answer()
    )
    result = fetcher.fetch(url, source=local())
    assert (result.outcome, result.body) == (Outcome.NEW, PAGE)
    assert 46 <= sum(time.slept) <= 48


def test_row_14_another_process_s_fetcher_waits_too(
    server: FaultyServer, make: Callable[..., Fetcher], time: Time
) -> None:
    limited = faulty.answer(b"", status="429 T", headers="Retry-After: 100\r\n")
    make(attempts=1).fetch(server.play("/a", limited), source=local())
    server.play("/b", faulty.answer())
    assert make().fetch(server.url("/b"), source=local(id="another-office")).outcome is Outcome.NEW
    assert 99 <= sum(time.slept) <= 101


def test_row_15_a_day_is_not_slept(server: FaultyServer, fetcher: Fetcher, time: Time) -> None:
    url = server.play("/a", faulty.answer(b"", status="429 T", headers="Retry-After: 86400\r\n"))
    result = fetcher.fetch(url, source=local())
    assert (result.outcome, name_of(result)) == (Outcome.BLOCKED, "RateLimited")
    assert (ORIGIN + timedelta(days=1)).date().isoformat() in result.detail
    assert time.slept == []
    # Nobody else asks the host meanwhile, and nobody waits for it.
    again = fetcher.fetch(url, source=local(id="another-office"))
    assert (again.outcome, name_of(again)) == (Outcome.BLOCKED, "RateLimited")
    assert len(server.asked("/a")) == 1


@pytest.mark.parametrize("value", ["-5", "soon", "", "1e3", "Wed, 99 Foo 2024", "\x00"])
def test_row_15_nonsense_is_no_waiting_time(value: str) -> None:
    assert retry_after([("Retry-After", value)], ORIGIN) is None


def test_row_15_dates_count_from_the_server_s_clock() -> None:
    date, until = ORIGIN + timedelta(days=400), ORIGIN + timedelta(days=400, seconds=30)
    headers = [("Date", format_datetime(date)), ("retry-after", format_datetime(until))]
    assert retry_after(headers, ORIGIN) == 30.0
    assert retry_after([("Retry-After", format_datetime(ORIGIN - timedelta(days=1)))], ORIGIN) == 0.0
    assert retry_after([("Retry-After", "9" * 400)], ORIGIN) is not None


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_row_16_server_errors_are_retried_with_growing_pauses(
    server: FaultyServer, fetcher: Fetcher, time: Time, status: int
) -> None:
    error = faulty.answer(b"<h1>error</h1>", status=f"{status} X")
    assert fetcher.fetch(server.play("/a", error, error, faulty.answer()), source=local()).outcome is Outcome.NEW
    assert len(time.slept) == 2
    assert time.slept[1] > time.slept[0]
    result = fetcher.fetch(server.play("/b", error), source=local())
    assert (result.outcome, name_of(result), result.http_status) == (Outcome.FAILED, "ServerError", status)
    assert len(server.asked("/b")) == 4
    assert result.capture is not None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 412, 451, 501, 521])
def test_rows_16_to_18_these_are_asked_once(server: FaultyServer, fetcher: Fetcher, status: int) -> None:
    result = fetcher.fetch(server.play("/a", faulty.answer(b"<p>x</p>", status=f"{status} X")), source=local())
    assert result.outcome not in (Outcome.NEW, Outcome.UNCHANGED)
    assert result.http_status == status
    assert len(server.asked("/a")) == 1


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "403 F", "412 P", "503 S", "521 W", "512 X"])
def test_rows_18_and_19_a_challenge_is_kept_and_not_tried_again(
    server: FaultyServer, fetcher: Fetcher, archive: Archive, status: str
) -> None:
    result = fetcher.fetch(server.play("/a", faulty.answer(JSL, status=status)), source=local())
    assert (result.outcome, name_of(result)) == (Outcome.BLOCKED, "Challenge")
    assert len(server.asked("/a")) == 1
    assert result.capture is not None
    assert archive.read(result.capture.sha256) == JSL


def test_row_18_a_portal_that_challenges_everything_is_left_alone(server: FaultyServer, fetcher: Fetcher) -> None:
    url = server.play("/a", faulty.answer(JSL))
    for _ in range(30):
        assert fetcher.fetch(url, source=local()).outcome is Outcome.BLOCKED
    assert len(server.asked("/a")) <= 10
    assert fetcher.fetch(server.play("/b", faulty.answer()), source=local(id="another-office")).outcome is Outcome.NEW


def test_a_host_that_is_down_is_not_retried_for_ever(server: FaultyServer, fetcher: Fetcher, time: Time) -> None:
    server.play("/a", faulty.silence)
    source = local(read_timeout_seconds=0.05)
    for _ in range(6):
        fetcher.fetch(server.url("/a"), source=source)
    assert len(server.asked("/a")) == 3 * 4 + 3
    server.play("/a", faulty.answer())
    assert fetcher.fetch(server.url("/a"), source=source).outcome is Outcome.NEW


def test_row_17_gone_is_kept(server: FaultyServer, fetcher: Fetcher, archive: Archive) -> None:
    result = fetcher.fetch(server.play("/a", faulty.answer(b"<h1>404</h1>", status="404 Not Found")), source=local())
    assert (result.outcome, result.http_status) == (Outcome.GONE, 404)
    assert result.capture is not None
    assert archive.read(result.capture.sha256) == result.body


def test_row_19_the_list_instead_of_the_document(server: FaultyServer, fetcher: Fetcher) -> None:
    listing = faulty.answer()
    assert fetcher.fetch(server.play("/list", listing), source=local(), purpose="listing").outcome is Outcome.NEW
    result = fetcher.fetch(server.play("/art/1.html", listing), source=local())
    assert (result.outcome, name_of(result)) == (Outcome.FAILED, "NotTheDocument")


def test_row_92_an_error_page_instead_of_an_attachment(server: FaultyServer, fetcher: Fetcher) -> None:
    gone = faulty.answer("<html><p>您访问的文件不存在</p></html>".encode())
    result = fetcher.fetch(server.play("/a.xls", gone), source=local(), purpose="attachment")
    assert result.outcome is Outcome.GONE


# ── 33: conditional requests ────────────────────────────────────────────────────────────────────────────────────────


def versioned(etag: str, body: bytes = PAGE) -> faulty.Play:
    def play(connection: faulty.socket.socket, heard: faulty.Heard) -> None:
        if heard.headers.get("if-none-match") == f'"{etag}"':
            faulty.raw(b"HTTP/1.1 304 Not Modified\r\n\r\n", close=False)(connection, heard)
        else:
            headers = f'ETag: "{etag}"\r\nLast-Modified: Wed, 01 Jan 2025 00:00:00 GMT\r\n'
            faulty.answer(body, headers=headers)(connection, heard)

    return play


def test_a_revisit_is_conditional(server: FaultyServer, fetcher: Fetcher) -> None:
    url = server.play("/a", versioned("1"))
    first = fetcher.fetch(url, source=local())
    again = fetcher.fetch(url, source=local(), known=first.capture)
    assert (again.outcome, again.http_status, again.body, again.capture) == (
        Outcome.UNCHANGED,
        304,
        None,
        first.capture,
    )
    assert server.asked("/a")[1].headers["if-modified-since"]
    server.play("/a", versioned("2", PAGE + b"<!-- -->"))
    assert fetcher.fetch(url, source=local(), known=first.capture).outcome is Outcome.NEW


def test_row_54_a_full_read_asks_without_conditions(server: FaultyServer, fetcher: Fetcher) -> None:
    url = server.play("/a", versioned("1"))
    first = fetcher.fetch(url, source=local())
    again = fetcher.fetch(url, source=local(), known=first.capture, full=True)
    assert (again.outcome, again.http_status, again.body) == (Outcome.UNCHANGED, 200, PAGE)
    assert "if-none-match" not in server.asked("/a")[1].headers


def test_row_33_the_hash_decides_when_the_etag_always_changes(server: FaultyServer, fetcher: Fetcher) -> None:
    url = server.play("/a", versioned("1"), versioned("2"))
    first = fetcher.fetch(url, source=local())
    again = fetcher.fetch(url, source=local(), known=first.capture)
    assert (again.outcome, again.http_status) == (Outcome.UNCHANGED, 200)


def test_row_33_a_304_nobody_asked_for(server: FaultyServer, fetcher: Fetcher) -> None:
    stale = faulty.raw(b"HTTP/1.1 304 Not Modified\r\n\r\n", close=False)
    url = server.play("/a", stale, faulty.answer())
    assert fetcher.fetch(url, source=local()).body == PAGE
    result = fetcher.fetch(server.play("/b", stale), source=local())
    assert (result.outcome, name_of(result)) == (Outcome.FAILED, "NotModifiedUnasked")


def test_row_33_a_304_without_the_kept_body(
    server: FaultyServer, fetcher: Fetcher, archive: Archive, tmp_path: Path
) -> None:
    url = server.play("/a", versioned("1"))
    first = fetcher.fetch(url, source=local()).capture
    assert first is not None
    (tmp_path / "archive" / "bodies" / first.sha256[:2] / f"{first.sha256}.gz").unlink()
    again = fetcher.fetch(url, source=local(), known=first)
    assert (again.http_status, again.body) == (200, PAGE)


@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden"])
def test_row_33_a_304_never_makes_a_block_page_the_document(
    server: FaultyServer, fetcher: Fetcher, archive: Archive, status: str
) -> None:
    block = faulty.answer(JSL, status=status, headers='ETag: "block"\r\n')
    blocked = fetcher.fetch(server.play("/a", block), source=local())
    assert blocked.outcome is Outcome.BLOCKED
    server.play("/a", versioned("block"))
    result = fetcher.fetch(server.url("/a"), source=local(), known=archive.latest(server.url("/a")))
    assert (result.outcome, result.body) == (Outcome.NEW, PAGE)


def test_row_102_a_304_does_not_vouch_for_a_corrupt_body(
    server: FaultyServer, fetcher: Fetcher, tmp_path: Path
) -> None:
    url = server.play("/a", versioned("1"))
    first = fetcher.fetch(url, source=local()).capture
    assert first is not None
    (tmp_path / "archive" / "bodies" / first.sha256[:2] / f"{first.sha256}.gz").write_bytes(b"rotten")
    again = fetcher.fetch(url, source=local(), known=first)
    assert (again.outcome, again.http_status, again.body) == (Outcome.UNCHANGED, 200, PAGE)
    assert Archive(tmp_path / "archive").read(first.sha256) == PAGE  # and the file is whole again


def test_parts_of_a_file_are_told_apart_in_a_replay(server: FaultyServer, fetcher: Fetcher, archive: Archive) -> None:
    def part(connection: faulty.socket.socket, heard: faulty.Heard) -> None:
        faulty.answer(heard.headers["range"].encode(), status="206 P", kind="application/octet-stream")(
            connection, heard
        )

    url = server.play("/a.warc.gz", part)
    for asked in ("bytes=0-9", "bytes=10-19"):
        assert fetcher.fetch(url, source=local(), headers={"Range": asked}).body == asked.encode()
    for asked in ("bytes=0-9", "bytes=10-19"):
        replayed = ReplayFetcher(archive).fetch(f"{url}#{asked}", source=local(), headers={"Range": asked})
        assert replayed.body == asked.encode()


def test_row_33_a_304_for_another_version(server: FaultyServer, fetcher: Fetcher) -> None:
    first = fetcher.fetch(server.play("/a", versioned("1")), source=local()).capture
    other = faulty.raw(b'HTTP/1.1 304 Not Modified\r\nETag: "9"\r\n\r\n', close=False)
    server.play("/a", other, faulty.answer(PAGE + b"<!-- 2 -->"))
    assert fetcher.fetch(server.url("/a"), source=local(), known=first).outcome is Outcome.NEW


# ── what is kept, what is said ──────────────────────────────────────────────────────────────────────────────────────


def test_the_bytes_are_durable_before_fetch_returns(server: FaultyServer, fetcher: Fetcher, tmp_path: Path) -> None:
    result = fetcher.fetch(server.play("/a", faulty.answer()), source=local(), title="三季度进展")
    other = Archive(tmp_path / "archive")
    kept = other.latest(server.url("/a"))
    assert kept == result.capture
    assert kept is not None
    assert (kept.source_id, kept.purpose, kept.title, kept.status) == ("liuwan-office", "document", "三季度进展", 200)
    assert other.read(hashlib.sha256(PAGE).hexdigest()) == PAGE


def test_row_103_an_archive_that_takes_nothing_stops_the_fetch(
    server: FaultyServer, make: Callable[..., Fetcher], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    fetcher = Fetcher(Archive(tmp_path / "file" / "archive"), state_dir=tmp_path / "s")
    url = server.play("/a", faulty.answer())
    with fetcher, pytest.raises(ArchiveWriteFailed):
        fetcher.fetch(url, source=local())


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="../../etc/passwd"', "../../etc/passwd"),
        ("attachment; filename*=UTF-8''%E9%99%84%E4%BB%B6.xls", "附件.xls"),
        ("attachment; filename=" + "附件.doc".encode("gb18030").decode("latin-1"), "附件.doc"),
        ("attachment; filename=" + "附件.doc".encode().decode("latin-1"), "附件.doc"),
        ("attachment; filename=%E9%99%84%E4%BB%B6.pdf", "附件.pdf"),
        ('attachment; filename="' + "长" * 400 + '"', "长" * 400),
        ("attachment; filename=CON.xls", "CON.xls"),
    ],
    ids=["traversal", "rfc 5987", "gbk", "utf-8", "escaped", "400 characters", "reserved"],
)
def test_rows_86_and_87_names_are_text(
    server: FaultyServer, fetcher: Fetcher, tmp_path: Path, header: str, name: str
) -> None:
    wire = header.encode("utf-8").decode("latin-1") if "长" in header else header
    play = faulty.answer(b"PK\x03\x04", headers=f"Content-Disposition: {wire}\r\n", kind="application/octet-stream")
    url = server.play("/module/download/downfile.jsp", play)
    capture = fetcher.fetch(f"{url}?filename=..%2f..%2fx.doc%00.html", source=local(), purpose="attachment").capture
    assert capture is not None
    assert capture.title == name
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(len(path.name) < 120 and ".." not in path.name and "CON" not in path.name for path in files)


def test_row_110_no_secret_leaves(
    server: FaultyServer,
    archive: Archive,
    make: Callable[..., Fetcher],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://operator:s3cr3t@127.0.0.1:9/")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login operator password s3cr3t\n")
    monkeypatch.setenv("NETRC", str(netrc))
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    try:
        fetcher = make()
        echo = faulty.answer(headers="Set-Cookie: sid=s3cr3t; Path=/\r\nX-Reason: ok\r\n")
        server.play("/a", echo)
        server.play("/gone", faulty.answer(b"x", status="404 N"))
        server.play("/to", faulty.redirect("/a?access_token=s3cr3t"))
        shown = [
            fetcher.fetch(
                server.url("/a?token=s3cr3t&page=2"), source=local(), headers={"Authorization": "Bearer s3cr3t"}
            ),
            fetcher.fetch(server.url("/a"), source=local(), data={"user": "x", "password": "s3cr3t"}),
            fetcher.fetch(server.url("/gone?api_key=s3cr3t"), source=local()),
            fetcher.fetch(server.url("/to"), source=local()),
            fetcher.fetch(f"http://operator:s3cr3t@127.0.0.1:{server.port}/a", source=local()),
            fetcher.fetch("http://127.0.0.1:1/a?token=s3cr3t", source=local()),
        ]
    finally:
        logging.getLogger().removeHandler(handler)
    assert server.asked("/a?token=s3cr3t&page=2")  # the portal gets what it needs
    assert "proxy-authorization" not in server.heard[0].headers
    assert server.asked("/gone?api_key=s3cr3t")[0].headers.get("authorization") is None  # nothing out of netrc
    warc = tmp_path / "out.warc"
    archive.export_warc(warc)
    assert b"s3cr3t" not in warc.read_bytes()
    assert "s3cr3t" not in repr(shown) + log.getvalue()
    for path in tmp_path.rglob("*"):
        if path.is_file() and path != netrc:
            assert b"s3cr3t" not in path.read_bytes(), path


def test_row_111_a_detail_is_one_plain_line(server: FaultyServer, fetcher: Fetcher) -> None:
    body = "<html><title>\x1b[31m404\n\u202e页面不存在</title></html>".encode()
    result = fetcher.fetch(server.play("/a", faulty.answer(body, status="500 X")), source=local())
    assert result.outcome is Outcome.FAILED
    assert result.detail.isprintable()


def test_the_agent_is_honest(
    server: FaultyServer, make: Callable[..., Fetcher], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIBAO_CONTACT", "archive@liuwan.example")
    make().fetch(server.play("/a", faulty.answer()), source=local())
    agent = server.asked("/a")[0].headers["user-agent"]
    assert agent.startswith("jibao/")
    assert "archive@liuwan.example" in agent
    assert "Mozilla" not in agent


@pytest.mark.parametrize("kind", ["text/plain", "application/msword", "", "nonsense"])
def test_row_27_the_declared_type_decides_nothing(server: FaultyServer, fetcher: Fetcher, kind: str) -> None:
    assert fetcher.fetch(server.play("/a", faulty.answer(kind=kind)), source=local()).body == PAGE
    gone = faulty.answer("<html><p>您访问的页面不存在</p></html>".encode(), kind=kind)
    assert fetcher.fetch(server.play("/b", gone), source=local()).outcome is Outcome.GONE


def test_a_wrong_call_raises(server: FaultyServer, fetcher: Fetcher) -> None:
    for wrong in ({"purpose": "fun"}, {"method": "DELETE"}):
        with pytest.raises(UsageError):
            fetcher.fetch(server.url("/a"), source=local(), **wrong)  # type: ignore[arg-type]


# ── replay ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_run_is_replayed_without_a_network(server: FaultyServer, fetcher: Fetcher, archive: Archive) -> None:
    pages = [faulty.answer(PAGE + b"<!--%d-->" % n) for n in (1, 2)]
    source = local()
    url = server.play("/dataproxy.jsp", *pages)
    lists = [fetcher.fetch(url, source=source, data={"startrecord": str(n)}, purpose="listing").body for n in (1, 61)]
    blocked = fetcher.fetch(server.play("/blocked", faulty.answer(JSL, status="412 P")), source=source)
    moved = fetcher.fetch(server.play("/old", faulty.redirect("/blocked2")), source=source)
    server.play("/b", faulty.answer(b"<p>x</p>", status="500 X"))
    server.__exit__()
    with ReplayFetcher(archive) as replay:
        again = [
            replay.fetch(url, source=source, data={"startrecord": str(n)}, purpose="listing").body for n in (1, 61)
        ]
        assert again == lists
        assert lists[0] != lists[1]
        same = replay.fetch(server.url("/blocked"), source=source)
        assert (same.outcome, same.http_status, same.fetched_at) == (Outcome.BLOCKED, 412, blocked.fetched_at)
        assert replay.fetch(server.url("/old"), source=source).outcome is moved.outcome is Outcome.GONE
        missing = replay.fetch(server.url("/never"), source=source)
        assert (missing.outcome, name_of(missing)) == (Outcome.FAILED, "NotKept")
        other = replay.fetch(url, source=source, data={"startrecord": "121"}, purpose="listing")
        assert other.outcome is Outcome.FAILED


def test_a_replay_prefers_an_answer_to_a_later_block_and_sees_nothing_of_the_future(
    server: FaultyServer, fetcher: Fetcher, archive: Archive, time: Time
) -> None:
    url = server.play("/a", faulty.answer(), faulty.answer(PAGE + b"<!-- 2 -->"), faulty.answer(JSL))
    for _ in range(3):
        fetcher.fetch(url, source=local())
        time.at += 3600
    newest = ReplayFetcher(archive).fetch(url, source=local())
    assert (newest.outcome, newest.body) == (Outcome.NEW, PAGE + b"<!-- 2 -->")
    assert ReplayFetcher(archive).fetch(url, source=local(), known=newest.capture).outcome is Outcome.UNCHANGED
    before = ReplayFetcher(archive, as_of=ORIGIN + timedelta(minutes=30)).fetch(url, source=local())
    assert before.body == PAGE
