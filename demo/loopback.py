"""A small real HTTP server on loopback: what the demo portal and every portal player in the tests stand on.

A player is a function from `Request` to `Answer`. Each request is answered in a thread of its own and counted, so
that a test can say what was asked for and how often.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the player sees it. `query` and `form` hold the last value of each name, decoded."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    target: str  # path and query as sent


@dataclass(frozen=True, slots=True)
class Answer:
    """What the player answers; Content-Length is added."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def text(cls, text: str, *, status: int = 200, content_type: str = "text/html; charset=utf-8") -> Answer:
        """A UTF-8 answer."""
        return cls(text.encode(), status, content_type)


NOT_FOUND = Answer.text("<html><head><title>404 Not Found</title></head><body><h1>404</h1></body></html>", status=404)

Play = Callable[[Request], Answer]


@dataclass(eq=False)
class LoopbackServer:
    """Serves `play` on `host:port` (0 = a free port) while the context is open."""

    play: Play
    host: str = "127.0.0.1"
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    _server: _Server | None = None
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> Self:
        """Bind and serve in a background thread; idempotent."""
        if self._server is not None:
            return self
        self._server = _Server((self.host, self.port), _Handler)
        self._server.owner = self
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port; idempotent."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server.hang_up()
            self._thread.join(5)
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:12345`, known once started."""
        return f"http://{self.host}:{self.port}"

    def answer(self, request: Request) -> Answer:
        """Record the request and play it."""
        with self._lock:
            self.requests.append(request)
        return self.play(request)

    def count(self, contains: str = "", method: str | None = None) -> int:
        """How many requests had `contains` in their target (and this method)."""
        with self._lock:
            return sum(contains in one.target and method in (None, one.method) for one in self.requests)


class _Server(ThreadingHTTPServer):
    owner: LoopbackServer
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, *args: Any) -> None:
        self.connections: set[socket.socket] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Close kept-alive connections too: a stopped portal answers nobody."""
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in mid-answer is no event here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Portal"
    sys_version = ""
    timeout = 30
    server: _Server
    # One write per answer; the two-packet default meets delayed acknowledgement and costs 40 ms each time.
    wbufsize = -1
    disable_nagle_algorithm = True

    def _play(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length) if length else b""
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            form=dict(parse_qsl(sent.decode("utf-8", "replace"), keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            target=self.path,
        )
        answer = self.server.owner.answer(request)
        self.send_response(answer.status)
        if answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body) if answer.status != 304 else 0))
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self.wfile.write(answer.body)
        self.wfile.flush()

    def do_GET(self) -> None:
        self._play()

    def do_HEAD(self) -> None:
        self._play()

    def do_POST(self) -> None:
        self._play()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the requests are recorded."""
