"""A stage for whole runs of the command line: a web server that plays what a test scripts, composed reports, and a
place with a warehouse, an archive and a `sources.yaml` of its own.

Deliberately apart from `tests/players` and `demo`: what these share with the code under test cannot be held by a test.
"""

from __future__ import annotations

import contextlib
import io
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import polars as pl

from flows.cli.main import main
from warehouse import Warehouse

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """What is sent. `raw`: bytes sent as they are, after which the connection is closed. `send`: does the sending."""

    body: bytes | str = b""
    status: int = 200
    headers: Pairs = ()
    kind: str = "text/html; charset=utf-8"
    raw: bytes | None = None
    length: bool = True
    send: Callable[[socket.socket], None] | None = None

    @property
    def data(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


Play = Callable[[Asked], "Reply | None"]
LOST = Reply("<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>", 404)


@dataclass
class Stage:
    """A web server on loopback. `plays` are asked one after the other; None: not mine."""

    plays: list[Play] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    _scheme: str = "http"

    def __enter__(self) -> Stage:
        stage = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                pass

            def _play(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                one = Asked(
                    self.command,
                    self.path,
                    {name.lower(): value for name, value in self.headers.items()},
                    body,
                    time.monotonic(),
                )
                stage.asked.append(one)
                reply = next((found for play in stage.plays if (found := play(one)) is not None), LOST)
                if reply.send is not None:
                    self.close_connection = True
                    with contextlib.suppress(OSError):
                        reply.send(self.connection)
                    return
                if reply.raw is not None:
                    self.wfile.write(reply.raw)
                    self.wfile.flush()
                    with contextlib.suppress(OSError):
                        self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                if reply.status != 304:
                    self.send_header("Content-Type", reply.kind)
                    if reply.length:
                        self.send_header("Content-Length", str(len(reply.data)))
                    else:
                        self.send_header("Connection", "close")
                        self.close_connection = True
                for name, value in reply.headers:
                    self.send_header(name, value)
                self.end_headers()
                if reply.status != 304:
                    self.wfile.write(reply.data)

            do_GET = do_POST = _play

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def secure(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "https"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self._scheme}://{self.host}"

    def to(self, contains: str, method: str | None = None) -> list[Asked]:
        """The requests whose target contains this."""
        return [one for one in self.asked if contains in one.target and method in (None, one.method)]


QUARTER_NAMES = {1: "第一季度", 2: "上半年", 3: "前三季度", 4: "全年"}
WORK = (
    ("产业发展", "推进滨河数字产业园二期建设", "区发改局"),
    ("产业发展", "新增规上工业企业20家", "区经信局"),
    ("产业发展", "引进亿元以上项目12个", "区商务局"),
    ("城乡建设", "完成老旧小区改造15个", "区住建局"),
    ("城乡建设", "新建城市绿道8公里", "区园林局"),
    ("城乡建设", "改造农村公路30公里", "区交通局"),
    ("民生保障", "新增养老床位300张", "区民政局"),
    ("民生保障", "新建公办幼儿园4所", "区教育局"),
)
HEADINGS = ("序号", "项目名称", "主要工作内容", "牵头单位", "完成情况", "完成进度")


def title_of(year: int, quarter: int) -> str:
    return f"{year}年{QUARTER_NAMES[quarter]}政府工作报告重点任务执行情况"


def cells_of(year: int, quarter: int, note: str = "") -> list[tuple[str, ...]]:
    """The rows as printed, without the groups' merging."""
    share = 25 * quarter
    return [
        (
            str(number),
            group,
            content,
            unit,
            f"{year}年以来按计划实施,累计投入{number * 100 + quarter * 7 + year % 10}万元,已完成{share - number}%{note}",
            f"{share - number}%",
        )
        for number, (group, content, unit) in enumerate(WORK, 1)
    ]


def table_of(year: int, quarter: int, note: str = "") -> str:
    rows, seen = [], ""
    head = "".join(f"<th>{one}</th>" for one in HEADINGS)
    printed = cells_of(year, quarter, note)
    for number, group, *rest in printed:
        merged = ""
        if group != seen:
            merged = f'<td rowspan="{sum(one[1] == group for one in printed)}">{group}</td>'
            seen = group
        rows.append(f"<tr><td>{number}</td>{merged}{''.join(f'<td>{one}</td>' for one in rest)}</tr>")
    return f"<table border=1><tr>{head}</tr>{''.join(rows)}</table>"


def page_of(title: str, inner: str, *, day: str = "2024-10-20", publisher: str = "云阳区人民政府办公室") -> str:
    """An article page as Hanweb writes it."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day}"></head><body>'
        '<div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开</a></div>'
        f"<table><tr><td>索引号</td><td>00251234-5/{day[:4]}-{abs(hash(title)) % 90000 + 10000}</td>"
        f"<td>发布机构</td><td>{publisher}</td></tr><tr><td>生成日期</td><td>{day}</td><td>文号</td><td></td></tr>"
        f'</table><h1>{title}</h1><div id="zoom"><!--ZJEG_RSS.content.begin-->{inner}'
        "<!--ZJEG_RSS.content.end--></div><div class=foot>云阳区人民政府主办 浙ICP备00000000号</div></body></html>"
    )


def report(year: int, quarter: int, note: str = "", day: str = "") -> str:
    """One quarter's report as a page."""
    month, extra = (quarter * 3 + 1, 0) if quarter < 4 else (1, 1)
    return page_of(title_of(year, quarter), table_of(year, quarter, note), day=day or f"{year + extra}-{month:02d}-18")


@dataclass
class Done:
    """What a command came to."""

    status: int
    out: str
    err: str


@dataclass
class Place:
    """A folder with a configuration; `jibao` runs a command there as a user would."""

    folder: Path
    warehouse: str = ""
    archive: str = ""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.warehouse = self.warehouse or f"sqlite:///{self.folder}/w.db"
        self.archive = self.archive or str(self.folder / "archive")

    def sources(self, *sources: dict[str, Any]) -> None:
        shared = {"delay_seconds": 0, "read_timeout_seconds": 3, "connect_timeout_seconds": 2, "deadline_seconds": 6}
        entries = [
            {
                "name": one["id"],
                "publisher": "云阳区人民政府办公室",
                "since": "2024Q1",
                **({} if one["portal"] in ("files", "warc") else {"allow_private_hosts": True}),
                **one,
            }
            for one in sources
        ]
        text = json.dumps({"version": 1, "defaults": shared, "sources": entries}, ensure_ascii=False)
        (self.folder / "sources.yaml").write_text(text, encoding="utf-8")

    def jibao(self, *arguments: str) -> Done:
        out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
        given = ["--sources", str(self.folder / "sources.yaml"), "--warehouse", self.warehouse]
        status = -1
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main([*given, "--archive", self.archive, *arguments])
            except SystemExit as end:
                status = int(end.code or 0)
        out.flush()
        return Done(status, out.buffer.getvalue().decode(), err.getvalue())

    def backfill(self, *more: str, first: str = "2024Q1", last: str = "2024Q4") -> Done:
        return self.jibao("backfill", "--from", first, "--to", last, *more)

    def view(self, name: str, **filters: object) -> pl.DataFrame:
        with Warehouse(self.warehouse) as warehouse:
            return warehouse.query(name, filters=filters)

    def outcomes(self, contains: str = "", source: str | None = None) -> list[str]:
        """Outcomes in v_fetch of URLs that contain this, by time."""
        frame = self.view("v_fetch")
        if source is not None:
            frame = frame.filter(pl.col("source_id") == source)
        return frame.filter(pl.col("url").str.contains(contains, literal=True)).sort("fetched_at")["outcome"].to_list()

    def loaded(self, source: str | None = None) -> dict[str, int]:
        """Rows by period that are believed now."""
        frame = self.view("v_progress", known_to=None)
        if source is not None:
            frame = frame.filter(pl.col("source_id") == source)
        return {str(period): int(count) for period, count in frame.group_by("period").len().rows()}

    def belief(self) -> dict[str, list[Any]]:
        """Every view that a second run must not move."""
        names = ("v_document", "v_progress", "v_observation", "v_change", "v_warning")
        return {name: sorted(self.view(name).rows(), key=repr) for name in names}


@contextlib.contextmanager
def environment(**values: str) -> Iterator[None]:
    """Environment variables for the length of a block."""
    import os

    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
