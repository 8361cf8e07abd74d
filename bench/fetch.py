"""Fetch and archive against their alternatives, side by side in one run, on loopback.

    python -m bench.fetch [--pages 300]

Prints pages a second, CPU milliseconds a page, and the ratio to a bare `requests.Session` that reads the body and
keeps nothing; captures a second against a plain file write, one fsync each, and against warcio.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import os
import random
import socketserver
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tasks.archive import Archive
from tasks.fetch import Fetcher, Policy


def page(number: int) -> bytes:
    """A table of a hundred rows in Word-like markup, about 150 kB."""
    chance = random.Random(number)
    cell = '<td style="border:1px solid;padding:0cm 5.4pt"><p class="MsoNormal"><span>{}</span></p></td>'
    rows = (
        "<tr>" + "".join(cell.format(f"第{number}页{chance.randrange(10**9)}完成{n}%") for _ in range(14)) + "</tr>"
        for n in range(100)
    )
    return f"<html><body><table>{''.join(rows)}</table></body></html>".encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    pages: tuple[bytes, ...] = ()

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        known = self.path.startswith("/p/")
        body = self.pages[int(self.path[3:]) % len(self.pages)] if known else b""
        head = (
            f"HTTP/1.1 {'200 OK' if known else '404 N'}\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self.wfile.write(head.encode() + body)


def timed(name: str, work: Callable[[int], object], count: int, threads: int, base: float | None = None) -> float:
    start, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(count)))
    seconds, used = time.perf_counter() - start, time.process_time() - cpu
    rate = count / seconds
    ratio = f"{rate / base:5.2f} x" if base else "    1 x"
    print(f"{name:44} {rate:8.0f}/s {used / count * 1000:7.2f} ms CPU {ratio}")
    return rate


def fetching(count: int, url: str, folder: Path) -> None:
    def alone(session: requests.Session, n: int) -> object:
        return session.get(f"{url}/p/{n}").content

    def ours(fetcher: Fetcher, policy: Policy, n: int) -> object:
        return fetcher.fetch(f"{url}/p/{n}", source=policy)

    for threads in (1, 4):
        session = requests.Session()
        base = timed(f"requests alone, {threads} threads", partial(alone, session), count, threads)
        policy = Policy("bench", ("127.0.0.1",), allow_private_hosts=True, delay_seconds=0.0, concurrency=threads)
        with Archive(folder / f"a{threads}") as archive, Fetcher(archive, state_dir=folder / "state") as fetcher:
            timed(
                f"Fetcher: checked, polite, archived, {threads}",
                partial(ours, fetcher, policy),
                count,
                threads,
                base,
            )


def archiving(bodies: list[bytes], folder: Path) -> None:
    at = datetime.now(UTC)

    def plain(n: int) -> None:
        with (folder / f"plain{n}").open("wb") as file:
            file.write(gzip.compress(bodies[n], 1))
            file.flush()
            os.fsync(file.fileno())

    writer = WARCWriter((folder / "w.warc.gz").open("wb"), gzip=True)

    def warc(n: int) -> None:
        http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(f"http://a.example/{n}", "response", io.BytesIO(bodies[n]), http_headers=http)
        )

    base = timed("file + gzip 1 + fsync, no record", plain, len(bodies), 1)
    timed("warcio, no fsync", warc, len(bodies), 1, base)
    with Archive(folder / "put") as archive:
        timed("Archive.put", lambda n: archive.put(bodies[n], url=f"u{n}", fetched_at=at), len(bodies), 1, base)
        timed(
            "Archive.put, same bytes again",
            lambda n: archive.put(bodies[n], url="u", fetched_at=at),
            len(bodies),
            1,
            base,
        )
        names = [hashlib.sha256(body).hexdigest() for body in bodies]
        timed("Archive.read, hash checked", lambda n: archive.read(names[n]), len(bodies), 1, base)
    with Archive(folder / "put4") as archive:
        timed(
            "Archive.put, 4 threads", lambda n: archive.put(bodies[n], url=f"u{n}", fetched_at=at), len(bodies), 4, base
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=300)
    count = parser.parse_args().pages
    bodies = [page(n) for n in range(count)]
    Handler.pages = tuple(gzip.compress(body, 6) for body in bodies)
    print(f"{count} pages of {len(bodies[0]) // 1000} kB, {len(Handler.pages[0]) // 1000} kB packed")
    socketserver.TCPServer.request_queue_size = 64
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, tempfile.TemporaryDirectory() as folder:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        fetching(count, f"http://127.0.0.1:{server.server_port}", Path(folder))
        archiving(bodies, Path(folder))
        server.shutdown()


if __name__ == "__main__":
    main()
