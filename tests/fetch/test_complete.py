"""Faults of the way (rows 1-8, 22-26, 32, 35): a body is whole, or it is a failure with a name."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from tasks.archive import Archive
from tasks.fetch import Fetcher
from tasks.model import FetchResult, Outcome
from tests.fetch import faulty
from tests.fetch.conftest import local
from tests.fetch.faulty import PAGE, FaultyServer

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
WHOLE = OK + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE


def refused(result: FetchResult, name: str) -> None:
    """A failure with this name, and nothing of it taken for a document."""
    assert result.outcome is Outcome.FAILED
    assert result.detail.startswith(f"{name}:"), result.detail
    assert result.capture is None


def loaded(result: FetchResult, body: bytes = PAGE) -> None:
    assert result.outcome is Outcome.NEW, result.detail
    assert result.body == body


def documents(archive: Archive) -> list[str]:
    return [c.url for c in archive.captures(must_exist=False) if c.purpose == "document"]


# ── 1, 2: nothing comes, or too slowly ──────────────────────────────────────────────────────────────────────────────


def test_row_1_no_answer_is_retried_and_given_up(server: FaultyServer, fetcher: Fetcher) -> None:
    url = server.play("/a", faulty.silence)
    refused(fetcher.fetch(url, source=local(read_timeout_seconds=0.1)), "NoAnswer")
    assert len(server.asked("/a")) == 4


def test_row_1_nobody_listens(fetcher: Fetcher, server: FaultyServer) -> None:
    url = server.url("/a")
    server.__exit__()
    refused(fetcher.fetch(url, source=local()), "ConnectFailed")


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Drip: 1\r\n"),
        (b"HTTP/1.1 200", b" "),
        (OK + b"Content-Length: 100000\r\n\r\n", b"x"),
        (OK + b"\r\n", b"x"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["headers", "status line", "length", "no length", "chunks", "chunk size", "100 continue"],
)
def test_row_2_what_drips_ends_at_the_deadline(
    server: FaultyServer, fetcher: Fetcher, head: bytes, piece: bytes
) -> None:
    url = server.play("/a", faulty.drip(head, piece))
    refused(fetcher.fetch(url, source=local(deadline_seconds=0.5)), "DeadlineExceeded")
    assert len(server.asked("/a")) == 1


def test_row_2_slow_but_whole_loads(server: FaultyServer, fetcher: Fetcher) -> None:
    head = OK + b"Content-Length: %d\r\n\r\n" % len(PAGE)
    step = len(PAGE) // 5

    def play(connection: faulty.socket.socket, _: faulty.Heard) -> None:
        connection.sendall(head)
        for at in range(0, len(PAGE), step):
            connection.sendall(PAGE[at : at + step])
            faulty.time.sleep(0.06)

    loaded(fetcher.fetch(server.play("/a", play), source=local(read_timeout_seconds=0.5)))


# ── 3-8: broken off ─────────────────────────────────────────────────────────────────────────────────────────────────

BROKEN = {
    "reset before the first byte": (faulty.reset(), "ConnectionBroken"),
    "end before the first byte": (faulty.raw(b""), "ConnectionBroken"),
    "reset in mid-body": (faulty.reset(WHOLE[:600]), None),
    "shorter than its length": (faulty.raw(WHOLE[:-40]), "BodyCut"),
    "cut without a length": (faulty.raw(OK + b"\r\n" + PAGE[:500]), "BodyCut"),
    "chunks without an end": (faulty.chunked(PAGE, tail=b""), "BodyCut"),
    "cut in a chunk": (faulty.chunked(tail=b"fff\r\n" + PAGE[:300]), "BodyCut"),
    "nonsense chunk size": (faulty.chunked(PAGE[:300], tail=b"zz\r\nrest"), "BodyCut"),
    "negative chunk size": (faulty.chunked(PAGE[:300], tail=b"-5\r\nrest"), None),
    "length too small": (faulty.raw(OK + b"Content-Length: 300\r\n\r\n" + PAGE, close=False), "LengthsDisagree"),
    "two lengths": (faulty.raw(OK + b"Content-Length: 300\r\nContent-Length: 301\r\n\r\n" + PAGE), "LengthsDisagree"),
    "length is no number": (faulty.raw(OK + b"Content-Length: all\r\n\r\n" + PAGE), "LengthsDisagree"),
    "nonsense status line": (faulty.raw(b"HTTP/1.1 OK 200\r\n\r\n" + PAGE), "MalformedAnswer"),
    "not http": (faulty.raw(b"220 ftp.liuwan.example ready\r\n"), "MalformedAnswer"),
    "3000 headers": (faulty.raw(OK + b"X-A: 1\r\n" * 3000 + b"Content-Length: 0\r\n\r\n"), "MalformedAnswer"),
    "an endless header": (faulty.raw(OK + b"X-A: " + b"a" * 200_000 + b"\r\n\r\n"), "MalformedAnswer"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_rows_3_to_8_and_32_broken_is_retried_then_loaded(
    server: FaultyServer, fetcher: Fetcher, archive: Archive, name: str, method: str
) -> None:
    play, _ = BROKEN[name]
    url = server.play("/a", play, play, faulty.answer())
    form = {"col": "1"} if method == "POST" else None
    loaded(fetcher.fetch(url, source=local(), data=form))
    assert [one.method for one in server.asked("/a")] == [method] * 3
    assert len(documents(archive)) == 1


@pytest.mark.parametrize("name", BROKEN)
def test_rows_3_to_8_and_32_broken_without_end_fails(
    server: FaultyServer, fetcher: Fetcher, archive: Archive, name: str
) -> None:
    play, error = BROKEN[name]
    result = fetcher.fetch(server.play("/a", play), source=local())
    refused(result, error or result.detail.partition(":")[0])
    assert len(server.asked("/a")) == 4
    assert documents(archive) == []


def test_row_6_an_unframed_page_that_is_closed_loads(server: FaultyServer, fetcher: Fetcher) -> None:
    loaded(fetcher.fetch(server.play("/a", faulty.raw(OK + b"\r\n" + PAGE)), source=local()))


def test_row_6_an_unframed_file_loads(server: FaultyServer, fetcher: Fetcher) -> None:
    body = b'{"articles": []}'
    loaded(fetcher.fetch(server.play("/a", faulty.raw(b"HTTP/1.0 200 OK\r\n\r\n" + body)), source=local()), body)


def test_row_8_a_connection_with_surplus_bytes_is_not_used_again(server: FaultyServer, fetcher: Fetcher) -> None:
    surplus = faulty.raw(OK + b"Content-Length: 300\r\n\r\n" + PAGE[:300] + b"HTTP/1.1 200 OK\r\n", close=False)
    loaded(fetcher.fetch(server.play("/a", surplus, faulty.answer()), source=local()))
    first, second = server.asked("/a")
    assert first.connection != second.connection


def test_row_35_a_kept_connection_that_was_dropped(server: FaultyServer, fetcher: Fetcher) -> None:
    def last_words(connection: faulty.socket.socket, heard: faulty.Heard) -> None:
        faulty.answer()(connection, heard)
        faulty.end(connection)

    server.play("/a", last_words)
    for _ in range(3):
        loaded(fetcher.fetch(server.url("/a"), source=local()))


def test_connections_are_kept(server: FaultyServer, fetcher: Fetcher) -> None:
    server.play("/a", faulty.answer())
    for _ in range(5):
        loaded(fetcher.fetch(server.url("/a"), source=local()))
    assert server.connections == 1


# ── 22-26: what is inside ───────────────────────────────────────────────────────────────────────────────────────────


def packed(body: bytes, encoding: str) -> faulty.Play:
    return faulty.answer(body, headers=f"Content-Encoding: {encoding}\r\n")


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (gzip.compress(PAGE), "gzip"),
        (gzip.compress(PAGE), "X-GZIP"),
        (zlib.compress(PAGE), "deflate"),
        (zlib.compress(PAGE)[2:-4], "deflate"),
        (faulty.nested(PAGE, 2), "gzip, gzip"),
        (gzip.compress(PAGE[:300]) + gzip.compress(PAGE[300:]), "gzip"),
        (gzip.compress(PAGE) + bytes(512), "gzip"),
        (PAGE, "identity"),
    ],
    ids=["gzip", "x-gzip", "zlib", "raw deflate", "twice", "two members", "padded", "identity"],
)
def test_encodings_load(server: FaultyServer, fetcher: Fetcher, body: bytes, encoding: str) -> None:
    result = fetcher.fetch(server.play("/a", packed(body, encoding)), source=local())
    loaded(result)
    assert result.detail == ""


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(PAGE, "gzip"), (PAGE, "deflate"), (gzip.compress(PAGE), "deflate"), (gzip.compress(PAGE), "identity")],
    ids=["gzip is plain", "deflate is plain", "deflate is gzip", "undeclared gzip"],
)
def test_row_25_a_lie_about_the_encoding_loads_and_is_noted(
    server: FaultyServer, fetcher: Fetcher, body: bytes, encoding: str
) -> None:
    result = fetcher.fetch(server.play("/a", packed(body, encoding)), source=local())
    loaded(result)
    assert result.detail


@pytest.mark.parametrize(
    ("body", "encoding", "name"),
    [
        (gzip.compress(PAGE)[:-30], "gzip", "EncodingBroken"),
        (gzip.compress(PAGE)[:-1], "gzip", "EncodingBroken"),
        (zlib.compress(PAGE)[:-9], "deflate", "EncodingBroken"),
        (zlib.compress(PAGE)[2:-30], "deflate", "EncodingBroken"),
        (gzip.compress(PAGE)[:-30], "identity", "EncodingBroken"),
        (gzip.compress(PAGE)[:60] + b"\xff" * 60 + gzip.compress(PAGE)[120:], "gzip", "EncodingBroken"),
        (gzip.compress(PAGE) + b"<html>more", "gzip", "EncodingBroken"),
        (b"\x00\x01\x02\x03" * 50, "gzip", "EncodingBroken"),
        (faulty.nested(PAGE, 40), ", ".join(["gzip"] * 40), "EncodingRefused"),
        (b"\x0b\x02\x80", "br", "EncodingRefused"),
    ],
    ids=[
        "cut",
        "last byte",
        "cut zlib",
        "cut raw",
        "undeclared cut",
        "flipped",
        "more",
        "noise",
        "40 layers",
        "brotli",
    ],
)
def test_rows_23_and_24_a_stream_ends_or_fails(
    server: FaultyServer, fetcher: Fetcher, body: bytes, encoding: str, name: str
) -> None:
    refused(fetcher.fetch(server.play("/a", packed(body, encoding)), source=local()), name)


def test_row_24_a_cut_stream_is_fetched_again(server: FaultyServer, fetcher: Fetcher) -> None:
    whole = gzip.compress(PAGE)
    loaded(fetcher.fetch(server.play("/a", packed(whole[:-9], "gzip"), packed(whole, "gzip")), source=local()))


@pytest.mark.parametrize("layers", [1, 2])
def test_row_23_a_bomb_is_stopped_before_it_fills_memory(server: FaultyServer, fetcher: Fetcher, layers: int) -> None:
    bomb = faulty.gzipped_zeros(200)
    body = bomb if layers == 1 else gzip.compress(bomb)
    url = server.play("/a", packed(body, ", ".join(["gzip"] * layers)))
    tracemalloc.start()
    try:
        result = fetcher.fetch(url, source=local(max_bytes=64 << 20))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    refused(result, "BodyTooLarge")
    assert peak < 32 << 20


@pytest.mark.parametrize(
    "head",
    [b"\r\n", b"Content-Length: 1000000000000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"],
    ids=["no length", "a terabyte", "chunks"],
)
def test_row_26_an_endless_body_is_cut_off(server: FaultyServer, fetcher: Fetcher, head: bytes) -> None:
    piece = b"10000\r\n" + b"x" * 65536 + b"\r\n" if b"chunked" in head else b"x" * 65536
    refused(fetcher.fetch(server.play("/a", faulty.endless(OK + head, piece)), source=local()), "BodyTooLarge")


def test_row_26_one_endless_line_in_the_chunking(server: FaultyServer, fetcher: Fetcher) -> None:
    url = server.play("/a", faulty.endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 65536))
    refused(fetcher.fetch(url, source=local()), "BodyCut")


@pytest.mark.parametrize("body", [b"", b" \r\n\t", b"\xef\xbb\xbf", b"\x00" * 9], ids=["0", "blank", "bom", "nul"])
def test_row_22_an_empty_body_is_kept_and_refused(server: FaultyServer, fetcher: Fetcher, body: bytes) -> None:
    result = fetcher.fetch(server.play("/a", faulty.answer(body)), source=local())
    assert result.outcome is Outcome.FAILED
    assert result.detail.startswith("EmptyBody:")
    assert result.capture is not None


def test_a_gzip_file_stays_packed(server: FaultyServer, fetcher: Fetcher) -> None:
    body = gzip.compress(b"a table")
    url = server.play("/a.tar.gz", faulty.answer(body, kind="application/gzip"))
    loaded(fetcher.fetch(url, source=local(), purpose="attachment"), body)


def test_a_range_is_what_was_asked_for(server: FaultyServer, fetcher: Fetcher) -> None:
    body = gzip.compress(b"one record of a larger file")
    url = server.play("/a.warc.gz", faulty.answer(body, status="206 Partial Content", kind="application/octet-stream"))
    loaded(fetcher.fetch(url, source=local(), headers={"Range": "bytes=0-99"}), body)
    result = fetcher.fetch(url, source=local())
    assert (result.outcome, result.detail.partition(":")[0]) == (Outcome.FAILED, "StatusRefused")
