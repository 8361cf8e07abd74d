"""A server on loopback, written on bare sockets, that plays what portals and networks do to a client.

A play is a function that is given the connection and writes to it what it likes. Each path has a list of plays: one
for each request in turn, the last one for all further ones. Paths that nobody set are answered 404.
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

PAGE = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>柳湾区2024年三季度重点任务进展</title></head><body>"
    "<table><tr><td>序号</td><td>任务</td><td>进展</td></tr>"
    + "".join(f"<tr><td>{n}</td><td>修缮第{n}座古桥</td><td>已完成{n}0%</td></tr>" for n in range(1, 10))
    + "</table></body></html>"
).encode()


@dataclass
class Heard:
    """One request as the server heard it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float
    connection: int


Play = Callable[[socket.socket, Heard], None]


@dataclass
class FaultyServer:
    """Plays by path; `heard` are the requests, `connections` the number of connections accepted."""

    context: ssl.SSLContext | None = None
    plays: dict[str, list[Play]] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0
    refuse: int = 0  # so many connections are closed before a byte, a TLS handshake included
    busy: int = 0
    most_busy: int = 0

    def __enter__(self) -> FaultyServer:
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self._over = False
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        # Shut as well: closing alone does not wake a thread that waits in accept.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.close()

    def url(self, path: str = "/") -> str:
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}{path}"

    def play(self, path: str, *plays: Play) -> str:
        """Set what a path does; returns its URL."""
        self.plays[path] = list(plays)
        return self.url(path)

    def asked(self, path: str) -> list[Heard]:
        return [one for one in self.heard if one.path == path]

    def _accept(self) -> None:
        while not self._over:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            if self.connections <= self.refuse:
                connection.recv(1)
                end(connection)
                continue
            threading.Thread(target=self._serve, args=(connection, self.connections), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):
            if self.context is not None:
                connection = self.context.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            while (one := _listen(connection, number)) is not None:
                with self._lock:
                    self.heard.append(one)
                    self.busy += 1
                    self.most_busy = max(self.most_busy, self.busy)
                    plays = self.plays.get(one.path.partition("?")[0], [answer(b"nothing", status="404 Not Found")])
                    play = plays.pop(0) if len(plays) > 1 else plays[0]
                try:
                    play(connection, one)
                finally:
                    with self._lock:
                        self.busy -= 1


def _listen(connection: socket.socket, number: int) -> Heard | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Heard(method, path, headers, body, time.monotonic(), number)


# ── plays ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def raw(data: bytes, *, close: bool = True) -> Play:
    """These bytes, then the end of the connection."""

    def play(connection: socket.socket, _: Heard) -> None:
        connection.sendall(data)
        if close:
            end(connection)

    return play


def answer(body: bytes = PAGE, *, status: str = "200 OK", headers: str = "", kind: str = "text/html") -> Play:
    """A correct answer on a connection that is kept."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return raw(head.encode("latin-1") + body, close=False)


def redirect(location: str, *, status: str = "302 Found", headers: str = "") -> Play:
    return answer(b"", status=status, headers=f"Location: {location}\r\n{headers}")


def chunked(*pieces: bytes, tail: bytes = b"0\r\n\r\n", headers: str = "") -> Play:
    data = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n{headers}\r\n"
    return raw(head.encode() + data + tail)


def end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def reset(before: bytes = b"") -> Play:
    """Some bytes, then RST."""

    def play(connection: socket.socket, _: Heard) -> None:
        if before:
            connection.sendall(before)
            time.sleep(0.05)  # a reset overtakes bytes that are still on their way
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return play


def silence(connection: socket.socket, _: Heard) -> None:
    """Never answers; ends when the client does."""
    with contextlib.suppress(OSError):
        while connection.recv(4096):
            pass


def drip(head: bytes, piece: bytes, *, pause: float = 0.05, times: int = 10_000) -> Play:
    """A beginning, then the same piece again and again."""

    def play(connection: socket.socket, _: Heard) -> None:
        connection.sendall(head)
        for _ in range(times):
            connection.sendall(piece)
            time.sleep(pause)
        end(connection)

    return play


def endless(head: bytes, piece: bytes = b"x" * 65536) -> Play:
    def play(connection: socket.socket, _: Heard) -> None:
        connection.sendall(head)
        while True:
            connection.sendall(piece)

    return play


def gzipped_zeros(megabytes: int) -> bytes:
    """A gzip bomb: a thousand times smaller than what comes out."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


def nested(body: bytes, times: int) -> bytes:
    for _ in range(times):
        body = gzip.compress(body)
    return body
