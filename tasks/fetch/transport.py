"""One request over the wire with requests, on connections that are guarded.

Guarded means: the address is resolved, checked and connected to in one step, so that no second look-up can differ;
every read from the socket is counted and bound to the response's total deadline, so that neither headers nor body
can drip on, which a read timeout never notices.
"""

from __future__ import annotations

import contextlib
import io
import socket
import ssl
import threading
import time
import warnings
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse, parse_headers
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, InsecureRequestWarning, NewConnectionError

from tasks.archive.errors import BodyTooLarge
from tasks.fetch.addresses import Resolver, checked_addresses
from tasks.fetch.errors import (
    BodyCut,
    ConnectFailed,
    ConnectionBroken,
    DeadlineExceeded,
    FetchError,
    HostNotAllowed,
    LengthsDisagree,
    MalformedAnswer,
    NameNotResolved,
    NoAnswer,
    TlsBroken,
    TlsFailed,
)
from tasks.fetch.wording import shown

_HEADER_ALLOWANCE = 256 << 10
_INTERIM = 20  # answers of 102 (still working), 103 (early hints) before the one that counts
_QUICKACK: int | None = getattr(socket, "TCP_QUICKACK", None)


class Gauge:
    """The limits of one response, and what was seen on its connection. Times are of `time.monotonic`."""

    def __init__(
        self, host: str, *, read_timeout: float, connect_timeout: float, deadline: float, max_wire: int
    ) -> None:
        self.host = host
        self.read_timeout = read_timeout
        self.connect_timeout = connect_timeout
        self.ends_at = time.monotonic() + deadline
        self.deadline = deadline
        self.max_wire = max_wire
        self.wire = 0
        self.surplus = False
        self.on_progress: Callable[[], None] | None = None

    def remaining(self) -> float:
        """Seconds left; raises DeadlineExceeded where none are."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise DeadlineExceeded(f"not complete after {self.deadline:g} s, {self.wire} bytes had come")
        return left

    def took(self, count: int) -> None:
        """Count bytes from the wire; raises BodyTooLarge beyond the limit."""
        if count and not self.wire and self.on_progress:
            self.on_progress()
        self.wire += count
        if self.wire > self.max_wire + _HEADER_ALLOWANCE:
            raise BodyTooLarge(f"more than {self.max_wire} bytes on the wire")


class _Wire(io.RawIOBase):
    """A socket's bytes, each read within the gauge."""

    def __init__(self, sock: socket.socket, gauge: Gauge) -> None:
        super().__init__()
        self._sock = sock
        self._gauge = gauge
        # Through makefile, so that the socket stays open while this does.
        self._raw: Any = sock.makefile("rb", buffering=0)
        self.over = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self.over:
            return 0
        left = self._gauge.remaining()
        self._sock.settimeout(min(self._gauge.read_timeout, left))
        if _QUICKACK is not None:
            # Servers that send headers and body apart wait for our acknowledgement, which Linux puts off by 40 ms.
            with contextlib.suppress(OSError):
                self._sock.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
        try:
            count: int | None = self._raw.readinto(buffer)
        except TimeoutError:
            self._gauge.remaining()
            raise
        self._gauge.took(count or 0)
        return count

    def extra(self) -> bool:
        """Whether bytes lie on the connection that nobody asked for. Does not wait."""
        try:
            self._sock.settimeout(0)
            return bool(self._sock.recv(1))
        except (OSError, ValueError):
            return False  # nothing there (yet), or closed

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


class _Reader(io.BufferedReader):
    """The response's file. On closing it looks whether more came than the response's length said."""

    def __init__(self, wire: _Wire, gauge: Gauge, sock: socket.socket) -> None:
        super().__init__(wire)
        self._wire = wire
        self._gauge = gauge
        self._sock = sock

    def close(self) -> None:
        if not self.closed:
            self._wire.over = True
            left = self.peek(1)
            if left or self._wire.extra():
                # Old servers end an answer with an empty line of their own: no part of a body.
                self._gauge.surplus = bool(left.strip(b"\r\n")) or not left
                # Seen as dropped by the pool, so that it is never used again.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
        super().close()


class _GaugedSocket:
    """What http.client wants of a socket to read a response from."""

    def __init__(self, sock: socket.socket, gauge: Gauge) -> None:
        self._sock = sock
        self._gauge = gauge

    def makefile(self, _mode: str) -> _Reader:
        return _Reader(_Wire(self._sock, self._gauge), self._gauge, self._sock)


class _Response(HTTPResponse):
    """http.client's response, which passes over 100 alone of the interim answers."""

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(_INTERIM):
            found: tuple[str, int, str] = super()._read_status()  # type: ignore[misc]
            if not 102 <= found[1] < 200:
                return found
            parse_headers(self.fp)
        raise HTTPException(f"{_INTERIM} interim answers and none that counts")


class Guard:
    """What a source's connections share: the address rule, and the gauge of each thread's present response."""

    def __init__(self, *, private: bool, resolver: Resolver) -> None:
        self._private = private
        self._resolver = resolver
        self._thread = threading.local()

    @property
    def gauge(self) -> Gauge:
        """The present response's; set before sending."""
        gauge: Gauge = self._thread.gauge
        return gauge

    @gauge.setter
    def gauge(self, gauge: Gauge) -> None:
        self._thread.gauge = gauge

    def connect(self, connection: HTTPConnection) -> socket.socket:
        """A socket to the first checked address that answers. Raises as urllib3 expects, and this room's errors."""
        gauge = self.gauge
        host, port = connection.host.strip("[]").lower(), connection.port or connection.default_port
        if host != gauge.host:  # the host that was checked is the host that is connected to
            raise HostNotAllowed(f"{shown(host)} instead of {shown(gauge.host)}")
        found = checked_addresses(host, port, private=self._private, resolver=self._resolver)
        last: OSError | None = None
        for address in found:
            wait = min(gauge.connect_timeout, gauge.remaining())
            try:
                sock = socket.create_connection((address, port), timeout=wait)
            except OSError as error:
                last = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        if isinstance(last, TimeoutError):
            raise ConnectTimeoutError(connection, f"no connection to {host} within {gauge.connect_timeout:g} s")
        raise NewConnectionError(connection, f"{host}: {last}")


class _Guarded:
    """Mixed into urllib3's connections; `guard` is set by a subclass for each adapter."""

    guard: Guard
    sock: Any

    def _new_conn(self) -> socket.socket:
        return self.guard.connect(self)  # type: ignore[arg-type]

    def response_class(self, sock: socket.socket, *args: Any, **kwargs: Any) -> HTTPResponse:
        gauge = self.guard.gauge
        if gauge.on_progress:  # http.client asks for this object when the request has just been sent
            gauge.on_progress()
        return _Response(_GaugedSocket(sock, gauge), *args, **kwargs)  # type: ignore[arg-type]


class GuardedAdapter(HTTPAdapter):
    """A requests adapter whose every connection goes through a guard. `legacy`: with what old TLS servers need."""

    def __init__(self, guard: Guard, *, connections: int, legacy: bool = False) -> None:
        self._guard = guard
        self._legacy = legacy
        super().__init__(pool_connections=8, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        if self._legacy:
            kwargs["ssl_context"] = _legacy_context()
        super().init_poolmanager(connections, maxsize, block, **kwargs)
        guarded = {"guard": self._guard}
        plain = type("GuardedHTTP", (_Guarded, HTTPConnection), guarded)
        secure = type("GuardedHTTPS", (_Guarded, HTTPSConnection), guarded)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
        }


def _legacy_context() -> ssl.SSLContext:
    context = urllib3.util.create_urllib3_context(ciphers="DEFAULT:@SECLEVEL=1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.options |= 0x4  # OP_LEGACY_SERVER_CONNECT, which the ssl module names from 3.12 on
    context.check_hostname = False  # urllib3 compares the name itself, unless verify_tls is off
    return context


def send(
    adapter: HTTPAdapter, request: requests.PreparedRequest, gauge: Gauge, guard: Guard, verify: bool | str
) -> requests.Response:
    """Send one request; returns with the headers read and the body still on the wire. Raises FetchError kinds."""
    guard.gauge = gauge
    try:
        with warnings.catch_warnings():
            # verify_tls: false is chosen per source and stands in every result's detail.
            warnings.simplefilter("ignore", InsecureRequestWarning)
            return adapter.send(
                request, stream=True, timeout=(gauge.connect_timeout, gauge.read_timeout), verify=verify, proxies={}
            )
    except (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError) as error:
        raise named(error, gauge) from error


def named(error: BaseException, gauge: Gauge, *, in_body: bool = False) -> FetchError:
    """An exception of requests, urllib3, http.client or the socket → one of ours, by its innermost cause."""
    chain = list(_causes(error))
    # The operating system's own words where there are any; urllib3 puts an object's name before them.
    system = [one for one in chain if isinstance(one, OSError) and one.strerror]
    text = shown(system[-1].strerror if system else str(chain[-1]).partition("): ")[2] or chain[-1])
    kinds = tuple(type(one) for one in chain)

    def has(*wanted: type[BaseException]) -> bool:
        return any(issubclass(kind, wanted) for kind in kinds)

    if gauge.ends_at <= time.monotonic():
        return DeadlineExceeded(f"not complete after {gauge.deadline:g} s, {gauge.wire} bytes had come")
    if has(urllib3.exceptions.NameResolutionError, socket.gaierror):
        return NameNotResolved(text)
    if has(ConnectTimeoutError):
        return ConnectFailed(text)
    if has(NewConnectionError):
        return ConnectFailed(text)
    if has(ssl.SSLEOFError, ssl.SSLZeroReturnError) and not in_body:
        return TlsBroken(text)
    if not in_body and has(ssl.SSLError, urllib3.exceptions.SSLError, requests.exceptions.SSLError):
        return TlsFailed(text)
    if has(urllib3.exceptions.InvalidHeader, requests.exceptions.InvalidHeader):
        return LengthsDisagree(text)
    if has(urllib3.exceptions.ReadTimeoutError, TimeoutError, requests.exceptions.Timeout):
        return NoAnswer(f"no byte for {gauge.read_timeout:g} s, {gauge.wire} had come")
    if has(ConnectionError):  # reset, aborted, closed without an answer (RemoteDisconnected is both)
        return ConnectionBroken(text)
    if in_body:
        return BodyCut(text)
    if has(HTTPException, ValueError):
        return MalformedAnswer(text)
    return ConnectionBroken(text)


def _causes(error: BaseException | None) -> Any:
    """An exception and what it wraps, outermost first: arguments, `reason`, cause and context."""
    seen: list[BaseException] = []
    todo = [error]
    while todo:
        one = todo.pop(0)
        if not isinstance(one, BaseException) or one in seen:
            continue
        seen.append(one)
        todo += [getattr(one, "reason", None), *one.args, one.__cause__, one.__context__]
    return seen
