"""One request and its response: asked in turn, read whole, archived."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import requests
from requests.cookies import extract_cookies_to_jar

from tasks.archive import Archive
from tasks.fetch import transport
from tasks.fetch.addresses import Resolver, WebUrl
from tasks.fetch.answer import Answer
from tasks.fetch.body import read_whole
from tasks.fetch.errors import TlsFailed
from tasks.fetch.headers import file_name, header_pairs, is_packed_file, with_range
from tasks.fetch.policy import SourcePolicy
from tasks.fetch.politeness import Gate
from tasks.fetch.transport import Gauge, Guard, GuardedAdapter
from tasks.model import Capture

REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass
class SourceState:
    """What is kept for one source: its cookies, its connections, how it has fared."""

    session: requests.Session
    guard: Guard
    adapter: GuardedAdapter
    legacy: GuardedAdapter | None = None
    needs_legacy: dict[str, str] = field(default_factory=dict)  # host key → how the usual TLS failed
    challenged: int = 0  # answers in a row
    unreachable: dict[str, int] = field(default_factory=dict)  # host key → failures in a row
    lists: dict[str, str] = field(default_factory=dict)  # sha256 of listings and home pages → URL
    jar_lock: threading.Lock = field(default_factory=threading.Lock)  # a jar changes while it is read

    def cookies(self) -> str:
        """All cookies in one text, to tell whether anything has changed."""
        with self.jar_lock:
            return ";".join(sorted(f"{c.domain}{c.path}{c.name}={c.value}" for c in self.session.cookies))


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller asked for, the same through all redirects and tries."""

    source: SourcePolicy
    purpose: str
    method: str
    form: bytes | None
    headers: Mapping[str, str]
    title: str
    requested: WebUrl
    conditions: Mapping[str, str]
    max_bytes: int
    deadline: float
    attempts: int

    @property
    def is_range(self) -> bool:
        """Whether a part was asked for."""
        return any(name.lower() == "range" for name in self.headers)


@dataclass(frozen=True, slots=True)
class Hop:
    """Where a request stands among its redirects."""

    url: WebUrl
    method: str
    form: bytes | None


@dataclass(frozen=True, slots=True)
class Got:
    """A whole response that was archived; `capture` is None for a 304."""

    answer: Answer
    capture: Capture | None
    notes: tuple[str, ...] = ()


class Exchange:
    """Sends requests, keeping cookies and connections apart by source. Safe for threads."""

    def __init__(
        self,
        archive: Archive,
        gate: Gate,
        *,
        agent: str,
        now: Callable[[], datetime],
        resolver: Resolver,
        verify: bool | str,
    ) -> None:
        self._archive = archive
        self._gate = gate
        self._agent = agent
        self._now = now
        self._resolver = resolver
        self._verify = verify
        self._sources: dict[str, SourceState] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close all connections and forget all cookies."""
        with self._lock:
            states, self._sources = list(self._sources.values()), {}
        for state in states:
            state.session.close()
            state.adapter.close()
            if state.legacy:
                state.legacy.close()

    def once(self, request: Request, hop: Hop, delay: float) -> Got:
        """Ask once, in turn. Raises FetchError and encoding errors for anything but a whole response."""
        source = request.source
        state = self.state(source)
        key = hop.url.host_key
        with self._gate.turn(key, who=source.id, k=source.concurrency, delay=delay) as sent:
            if key not in state.needs_legacy:
                try:
                    return self._ask(request, state, hop, sent, legacy=False)
                except TlsFailed as error:
                    # Only after the usual way has failed, and only where configured: some modern hosts hang on it.
                    if not getattr(source, "legacy_tls", False):
                        raise
                    reason = error.reason
            else:
                reason = state.needs_legacy[key]
            got = self._ask(request, state, hop, sent, legacy=True)
            state.needs_legacy[key] = reason
            return Got(got.answer, got.capture, (*got.notes, f"old TLS, as configured ({reason})"))

    def _ask(self, request: Request, state: SourceState, hop: Hop, sent: Callable[[], None], *, legacy: bool) -> Got:
        source, url = request.source, hop.url
        gauge = Gauge(
            url.host,
            read_timeout=source.read_timeout_seconds,
            connect_timeout=source.connect_timeout_seconds,
            deadline=request.deadline,
            max_wire=request.max_bytes,
        )
        gauge.on_progress = sent
        headers = {**request.headers, **request.conditions}
        if hop.form is not None:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        asked = requests.Request(hop.method, url.text, headers=headers, data=hop.form)
        with state.jar_lock:
            prepared = state.session.prepare_request(asked)
        adapter = self._legacy_adapter(state, source) if legacy else state.adapter
        verify = self._verify if source.verify_tls else False
        response = transport.send(adapter, prepared, gauge, state.guard, verify)
        with _closing(response):
            with state.jar_lock:
                extract_cookies_to_jar(state.session.cookies, prepared, response.raw)  # type: ignore[no-untyped-call]
            pairs = tuple(header_pairs(response))
            packed_file = request.purpose == "attachment" and is_packed_file(url, pairs)
            body = read_whole(
                response.raw,
                gauge,
                method=hop.method,
                max_bytes=request.max_bytes,
                sniff=not (request.is_range or packed_file),
            )
        status = response.status_code
        answer = Answer(status, pairs, body.body, request.requested.text, url.text, request.purpose, request.is_range)
        if status == 304:
            return Got(answer, None, body.notes)
        capture = self._archive.put(
            body.body,
            url=with_range((url if status in REDIRECTS else request.requested).text, request.headers),
            final_url=url.text,
            status=status,
            headers=pairs,
            fetched_at=self._now(),
            title=request.title or file_name(pairs),
            source_id=source.id,
            purpose="redirect" if status in REDIRECTS else request.purpose,
            method=request.method,
            request_body=request.form.decode("utf-8", "replace") if request.form else "",
        )
        return Got(answer, capture, body.notes)

    def state(self, source: SourcePolicy) -> SourceState:
        """What is kept for the source."""
        with self._lock:
            state = self._sources.get(source.id)
            if state is None:
                guard = Guard(private=source.allow_private_hosts, resolver=self._resolver)
                session = requests.Session()
                # No proxies, passwords or certificates out of the environment: what is sent is what is configured.
                session.trust_env = False
                session.headers.clear()
                session.headers.update(
                    {
                        "User-Agent": self._agent,
                        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                        "Accept-Encoding": "gzip, deflate",
                        "Accept-Language": "zh-CN,zh;q=0.9",
                    }
                )
                state = SourceState(session, guard, GuardedAdapter(guard, connections=max(source.concurrency, 1)))
                self._sources[source.id] = state
            return state

    def _legacy_adapter(self, state: SourceState, source: SourcePolicy) -> GuardedAdapter:
        with self._lock:
            if state.legacy is None:
                state.legacy = GuardedAdapter(state.guard, connections=max(source.concurrency, 1), legacy=True)
            return state.legacy


@contextlib.contextmanager
def _closing(response: requests.Response) -> Iterator[None]:
    """Give the connection back when the body was read, close it otherwise."""
    try:
        yield
    except BaseException:
        response.raw.close()
        raise
    finally:
        response.close()
