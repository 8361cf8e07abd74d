"""The fetcher: one URL in, one outcome out, the response archived on the way.

A failure on the way is an outcome, not an exception: `FetchResult.detail` begins with the class name of the error in
`tasks.fetch.errors` (or of the encoding errors of the archive). Only a failing archive and a wrong call raise.
"""

from __future__ import annotations

import contextlib
import logging
import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import collapse_rfc2231_value, parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode

import requests
from requests.cookies import extract_cookies_to_jar

from tasks.archive import Archive
from tasks.archive.errors import BodyTooLarge, EncodingBroken, EncodingRefused
from tasks.archive.masking import mask_url
from tasks.errors import JibaoError, UsageError
from tasks.fetch import transport
from tasks.fetch.addresses import Resolver, WebUrl, check_host, system_resolver, web_url
from tasks.fetch.body import read_whole
from tasks.fetch.errors import (
    Challenge,
    FetchError,
    MalformedAnswer,
    NotModifiedUnasked,
    NotTheDocument,
    RateLimited,
    RedirectLoop,
    RobotsDisallowed,
    RobotsUnavailable,
    TlsFailed,
)
from tasks.fetch.policy import SourcePolicy
from tasks.fetch.politeness import Gate, utc_now
from tasks.fetch.recognise import Answer, recognise
from tasks.fetch.robots import MAX_BYTES as ROBOTS_MAX_BYTES
from tasks.fetch.robots import Robots
from tasks.fetch.transport import Gauge, Guard, GuardedAdapter
from tasks.fetch.wording import shown
from tasks.model import Capture, FetchResult, Outcome

_log = logging.getLogger("jibao.fetch")

MAX_HOPS = 10
_RETRY_STATUSES = frozenset({429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PURPOSES = frozenset({"document", "listing", "attachment", "robots"})
_PACKED_FILE = re.compile(r"\.(?:t?gz|svgz|warc)(?:$|[?#&])", re.IGNORECASE)
_CHALLENGES_IN_A_ROW = 5
_FAILURES_IN_A_ROW = 3

Form = Mapping[str, str] | Sequence[tuple[str, str]] | str | bytes


@dataclass
class _SourceState:
    """What is kept for one source: its cookies, its connections, how it has fared."""

    session: requests.Session
    guard: Guard
    adapter: GuardedAdapter
    legacy: GuardedAdapter | None = None
    needs_legacy: set[str] = field(default_factory=set)
    challenged: int = 0
    unreachable: dict[str, int] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)  # sha256 of listings and home pages → URL


@dataclass(frozen=True)
class _Request:
    """One request of a caller, as it goes through redirects and retries."""

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
    def form_text(self) -> str:
        return self.form.decode("utf-8", "replace") if self.form else ""


@dataclass(frozen=True)
class _Got:
    """A whole response that was archived; `capture` is None for a 304."""

    answer: Answer
    capture: Capture | None
    notes: tuple[str, ...]


class Fetcher:
    """Fetches for any number of sources and threads; a context manager.

    `user_agent`: honest and with a contact; the default takes the contact from JIBAO_CONTACT. `state_dir`: shared by
    all processes that fetch from this machine (default JIBAO_STATE_DIR, else the user's state folder): politeness
    and robots.txt rules live there. `clock` (monotonic seconds), `sleep` and `now` (UTC) are the time; `resolver`
    gives a host's addresses; `ca_bundle` is a file of certificate authorities to trust instead of the usual ones.
    `attempts` is the number of tries; `patience` the seconds a worker waits at a host's request.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        user_agent: str | None = None,
        state_dir: str | Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = utc_now,
        resolver: Resolver = system_resolver,
        ca_bundle: str | None = None,
        attempts: int = 4,
        backoff_seconds: float = 0.5,
        patience: float = 300.0,
    ) -> None:
        self._archive = archive
        self._agent = user_agent or default_user_agent()
        folder = Path(state_dir) if state_dir is not None else default_state_dir()
        self._sleep = sleep
        self._now = now
        self._resolver = resolver
        self._verify: bool | str = ca_bundle or True
        self._attempts = attempts
        self._backoff = backoff_seconds
        self._patience = patience
        self._gate = Gate(folder / "hosts", clock=clock, sleep=sleep, now=now, patience=patience)
        self._robots_dir = folder / "robots"
        self._robots: dict[str, Robots] = {}
        self._sources: dict[str, _SourceState] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections and forget all cookies."""
        with self._lock:
            states, self._sources, self._robots = list(self._sources.values()), {}, {}
        for state in states:
            state.session.close()
            state.adapter.close()
            if state.legacy:
                state.legacy.close()

    def fetch(
        self,
        url: str,
        *,
        source: SourcePolicy,
        method: str = "GET",
        data: Form | None = None,
        headers: Mapping[str, str] | None = None,
        purpose: str = "document",
        known: Capture | None = None,
        full: bool = False,
        title: str = "",
    ) -> FetchResult:
        """One URL → its outcome. Every whole response is in the archive when this returns.

        `known`: the capture that the caller has already worked through; the request is made conditional on it (not
        with `full`), and the same bytes are `unchanged`. `body` is None only for a 304. `title`: the link's text.
        Raises ArchiveError where the archive fails, UsageError for a wrong call; nothing else.
        """
        if purpose not in _PURPOSES or method not in ("GET", "POST", "HEAD"):
            raise UsageError(f"purpose {purpose!r} with method {method!r}")
        form = _form(data)
        asked = mask_url(url)
        request: _Request | None = None
        state = self._state(source)
        try:
            target = web_url(url)
            request = _Request(
                source=source,
                purpose=purpose,
                method="POST" if form is not None and method == "GET" else method,
                form=form,
                headers=dict(headers or {}),
                title=title,
                requested=target,
                conditions={} if full or form is not None else self._conditions(known),
                max_bytes=source.max_bytes,
                deadline=source.deadline_seconds,
                attempts=self._attempts,
            )
            self._spare_challenged(state)
            got, chain = self._follow(request, state)
            got = self._asked_whole(request, state, got, known) if got.answer.status == 304 else got
        except (FetchError, EncodingBroken, EncodingRefused, BodyTooLarge) as error:
            self._note(state, error)
            return self._failure(source, asked, error)
        return self._result(request, state, got, chain, known)

    # ── outcomes ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _result(
        self, request: _Request, state: _SourceState, got: _Got, chain: Sequence[str], known: Capture | None
    ) -> FetchResult:
        asked = mask_url(request.requested.text)
        notes = list(got.notes)
        if chain:
            notes.append(f"redirected: {' -> '.join(shown(one) for one in (*chain, got.answer.url))}")
        if not request.source.verify_tls and got.answer.url.startswith("https:"):
            notes.append("TLS certificate not verified, as configured")
        detail = "; ".join(notes)
        if got.answer.status == 304:
            self._note(state, None)
            return FetchResult(asked, Outcome.UNCHANGED, self._now(), 304, detail, known)
        assert got.capture is not None
        error = recognise(got.answer) or self._a_list_instead(request, state, got)
        self._note(state, error)
        if error is not None:
            return self._failure(request.source, asked, error, got, notes)
        same = known is not None and known.sha256 == got.capture.sha256
        return FetchResult(
            asked,
            Outcome.UNCHANGED if same else Outcome.NEW,
            got.capture.fetched_at,
            got.answer.status,
            detail,
            got.capture,
            got.answer.body,
        )

    def _failure(
        self,
        source: SourcePolicy,
        asked: str,
        error: JibaoError,
        got: _Got | None = None,
        notes: Sequence[str] = (),
    ) -> FetchResult:
        outcome = error.outcome if isinstance(error, FetchError) else Outcome.FAILED
        detail = "; ".join([f"{error.code}: {shown(error.reason, 600)}", *notes])
        security = error.code in ("AddressRefused", "HostNotAllowed", "UrlRefused")
        _log.log(
            logging.ERROR if security else logging.WARNING,
            "%s[%s] %s %s: %s",
            "security: " if security else "",
            source.id,
            outcome.value,
            shown(asked),
            detail,
        )
        return FetchResult(
            asked,
            outcome,
            got.capture.fetched_at if got and got.capture else self._now(),
            got.answer.status if got else None,
            detail,
            got.capture if got else None,
            got.answer.body if got else None,
        )

    def _a_list_instead(self, request: _Request, state: _SourceState, got: _Got) -> FetchError | None:
        """After a burst some portals answer every page with the list or the home page, at status 200."""
        assert got.capture is not None
        sha256 = got.capture.sha256
        if request.purpose == "listing" or got.answer.url.rstrip("/") == request.requested.origin:
            state.lists[sha256] = got.answer.url
            return None
        other = state.lists.get(sha256)
        if other is not None and other != got.answer.url and got.answer.is_page:
            return NotTheDocument(f"the same bytes as the list {shown(other)}")
        return None

    def _note(self, state: _SourceState, error: JibaoError | None) -> None:
        state.challenged = state.challenged + 1 if isinstance(error, Challenge) else 0

    def _spare_challenged(self, state: _SourceState) -> None:
        """A portal that has challenged us five times in a row is asked only now and then in the rest of the run."""
        if state.challenged >= _CHALLENGES_IN_A_ROW and state.challenged % _CHALLENGES_IN_A_ROW:
            raise Challenge(f"not asked: the last {state.challenged} answers of this source were challenges")

    # ── redirects ────────────────────────────────────────────────────────────────────────────────────────────────

    def _follow(self, request: _Request, state: _SourceState) -> tuple[_Got, list[str]]:
        """Ask, and follow redirects by hand. Returns the last response and the URLs before it."""
        url, method, form = request.requested, request.method, request.form
        chain: list[str] = []
        seen: set[tuple[str, str, str]] = set()
        while True:
            check_host(url, request.source.allow_hosts)
            cookies = ";".join(sorted(f"{c.domain}{c.path}{c.name}={c.value}" for c in state.session.cookies))
            turn = (method, url.text, cookies)
            if turn in seen:
                raise RedirectLoop(f"a circle: {' -> '.join(shown(one, 120) for one in [*chain, url.text])}")
            seen.add(turn)
            got = self._ask(request, state, url, method, form)
            if got.answer.status not in _REDIRECTS:
                return got, chain
            chain.append(url.text)
            if len(chain) > MAX_HOPS:
                raise RedirectLoop(f"{len(chain)} redirects: {' -> '.join(shown(one, 80) for one in chain)}")
            location = next((value for name, value in got.answer.headers if name.lower() == "location"), "")
            if not location.strip():
                raise MalformedAnswer(f"status {got.answer.status} without a Location")
            try:
                url = url.join(location)
            except FetchError as error:
                raise type(error)(
                    f"{error.reason} (redirected from {' -> '.join(shown(c, 120) for c in chain)})"
                ) from None
            if got.answer.status == 303 or (got.answer.status in (301, 302) and method == "POST"):
                method, form = ("HEAD" if method == "HEAD" else "GET"), None

    def _asked_whole(self, request: _Request, state: _SourceState, got: _Got, known: Capture | None) -> _Got:
        """A 304 stands only where we asked on condition, have the bytes, and it speaks of the same version."""
        etag = _header(got.answer.headers, "etag")
        asked = request.conditions.get("If-None-Match")
        if request.conditions and known is not None and not (etag and asked and _bare(etag) != _bare(asked)):
            return got
        whole = _Request(**{**request.__dict__, "conditions": {"Cache-Control": "no-cache", "Pragma": "no-cache"}})
        again, _ = self._follow(whole, state)
        if again.answer.status == 304:
            raise NotModifiedUnasked("status 304, and 304 again to a request for the whole page")
        return _Got(again.answer, again.capture, (*again.notes, "a 304 that could not be true was asked again"))

    def _conditions(self, known: Capture | None) -> dict[str, str]:
        if known is None or not self._archive.has(known.sha256):
            return {}
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        return {name: value for name, header in pairs if (value := _header(known.headers, header))}

    # ── tries ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _ask(self, request: _Request, state: _SourceState, url: WebUrl, method: str, form: bytes | None) -> _Got:
        """One hop, tried until it is whole. Raises the last error; returns the last server error."""
        delay = max(request.source.delay_seconds, self._robots_delay(request, state, url))
        weary = state.unreachable.get(url.host_key, 0) >= _FAILURES_IN_A_ROW
        attempts = 1 if weary else request.attempts
        for attempt in range(1, attempts + 1):
            last = attempt == attempts
            try:
                got = self._once(request, state, url, method, form, delay)
            except (FetchError, EncodingBroken) as error:
                again = error.again if isinstance(error, FetchError) else True
                if isinstance(error, FetchError) and error.code in ("ConnectFailed", "NoAnswer", "NameNotResolved"):
                    if last:
                        state.unreachable[url.host_key] = state.unreachable.get(url.host_key, 0) + 1
                if last or not again:
                    if again and attempts > 1:
                        raise type(error)(f"{error.reason} ({attempt} tries)") from error
                    raise
                self._sleep(self._pause(attempt))
                continue
            state.unreachable.pop(url.host_key, None)
            if got.answer.status not in _RETRY_STATUSES:
                return got
            if got.answer.is_page and isinstance(recognise(got.answer), Challenge):
                return got  # a challenge is not worn down by asking
            self._respect(url, got.answer, attempt, last=last)
            if last:
                return got
        raise AssertionError("unreachable")

    def _respect(self, url: WebUrl, answer: Answer, attempt: int, *, last: bool) -> None:
        """Wait as the host asks (for all who ask it), or by our own back-off. Raises RateLimited where it is too long."""
        asked = retry_after(answer.headers, self._now())
        if asked is not None and answer.status in (429, 503):
            self._gate.hold(url.host_key, asked)
            if asked > self._patience:
                raise RateLimited(f"status {answer.status}, rate limited until {_until(self._now(), asked)}")
            return  # the gate makes the next try, and everybody else's, wait
        if answer.status == 429:
            self._gate.hold(url.host_key, self._pause(attempt + 2))
        elif not last:
            self._sleep(self._pause(attempt))

    def _pause(self, attempt: int) -> float:
        """Exponential back-off with jitter, in seconds."""
        return min(self._backoff * 2.0 ** (attempt - 1), 60.0) * random.uniform(0.75, 1.25)

    def _robots_delay(self, request: _Request, state: _SourceState, url: WebUrl) -> float:
        if request.purpose == "robots":
            return 0.0
        with self._lock:
            robots = self._robots.get(request.source.id)
            if robots is None:
                # A portal on loopback is a demo or a test whose port will soon be another's: nothing is kept.
                folder = None if request.source.allow_private_hosts else self._robots_dir
                robots = Robots(
                    lambda where: self._read_robots(request.source, where),
                    folder,
                    clock=lambda: self._now().timestamp(),
                )
                self._robots[request.source.id] = robots
        delay = robots.check(url, web_url(f"{url.origin}/robots.txt"))
        if delay > self._patience:
            raise RobotsDisallowed(f"robots.txt asks for {delay:g} s between requests, more than we wait")
        return delay

    def _read_robots(self, source: SourcePolicy, where: WebUrl) -> str:
        """The text of a robots.txt, "" where there is none. Raises RobotsUnavailable, Challenge, RateLimited, …"""
        request = _Request(
            source=source,
            purpose="robots",
            method="GET",
            form=None,
            headers={},
            title="",
            requested=where,
            conditions={},
            max_bytes=ROBOTS_MAX_BYTES,
            deadline=min(source.deadline_seconds, 60.0),
            attempts=min(self._attempts, 3),
        )
        state = self._state(source)
        try:
            got, _ = self._follow(request, state)
        except RedirectLoop:
            return ""
        except (RateLimited, Challenge, RobotsUnavailable):
            raise
        except (FetchError, EncodingBroken, EncodingRefused, BodyTooLarge) as error:
            if error.code in ("AddressRefused", "HostNotAllowed", "UrlRefused", "TlsFailed", "HostBusy"):
                raise
            raise RobotsUnavailable(f"{shown(where.text)}: {error.code}: {error.reason}") from error
        answer = got.answer
        if answer.status in (512, 521) or (answer.status >= 500 and isinstance(recognise(answer), Challenge)):
            raise Challenge(f"{shown(where.text)} answers with a challenge, status {answer.status}")
        if answer.status == 429:
            raise RateLimited(f"{shown(where.text)}: status 429 after several tries")
        if answer.status >= 500:
            raise RobotsUnavailable(f"{shown(where.text)}: status {answer.status}")
        if answer.status != 200 or answer.is_page:
            return ""
        return answer.text

    # ── one request ──────────────────────────────────────────────────────────────────────────────────────────────

    def _once(
        self, request: _Request, state: _SourceState, url: WebUrl, method: str, form: bytes | None, delay: float
    ) -> _Got:
        source = request.source
        with self._gate.turn(url.host_key, who=source.id, k=source.concurrency, delay=delay) as sent:
            legacy = url.host_key in state.needs_legacy
            try:
                return self._exchange(request, state, url, method, form, sent, legacy=legacy)
            except TlsFailed as error:
                # Only after the usual way has failed, and only where configured: on some modern hosts it hangs.
                if legacy or not getattr(source, "legacy_tls", False):
                    raise
                got = self._exchange(request, state, url, method, form, sent, legacy=True)
                state.needs_legacy.add(url.host_key)
                return _Got(got.answer, got.capture, (*got.notes, f"old TLS, as configured ({error.reason})"))

    def _exchange(
        self,
        request: _Request,
        state: _SourceState,
        url: WebUrl,
        method: str,
        form: bytes | None,
        sent: Callable[[], None],
        *,
        legacy: bool,
    ) -> _Got:
        source = request.source
        gauge = Gauge(
            url.host,
            read_timeout=source.read_timeout_seconds,
            connect_timeout=source.connect_timeout_seconds,
            deadline=request.deadline,
            max_wire=request.max_bytes,
        )
        gauge.on_first_byte = sent
        headers = {**request.headers, **request.conditions}
        if form is not None:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        prepared = state.session.prepare_request(requests.Request(method, url.text, headers=headers, data=form))
        adapter = self._legacy_adapter(state, source) if legacy else state.adapter
        verify = self._verify if source.verify_tls else False
        response = transport.send(adapter, prepared, gauge, state.guard, verify)
        with _closing(response):
            extract_cookies_to_jar(state.session.cookies, prepared, response.raw)
            pairs = tuple(_header_pairs(response))
            ranged = any(name.lower() == "range" for name in request.headers)
            packed_file = request.purpose == "attachment" and _is_packed_file(url, pairs)
            body = read_whole(
                response.raw,
                gauge,
                method=method,
                max_bytes=request.max_bytes,
                sniff=not (ranged or packed_file),
            )
        answer = Answer(
            response.status_code, pairs, body.body, request.requested.text, url.text, request.purpose, ranged
        )
        if answer.status == 304:
            return _Got(answer, None, body.notes)
        capture = self._archive.put(
            body.body,
            url=(url if answer.status in _REDIRECTS else request.requested).text,
            final_url=url.text,
            status=answer.status,
            headers=pairs,
            fetched_at=self._now(),
            title=request.title or _file_name(pairs),
            source_id=source.id,
            purpose="redirect" if answer.status in _REDIRECTS else request.purpose,
            method=request.method,
            request_body=request.form_text,
        )
        return _Got(answer, capture, body.notes)

    def _state(self, source: SourcePolicy) -> _SourceState:
        with self._lock:
            state = self._sources.get(source.id)
            if state is None:
                guard = Guard(private=source.allow_private_hosts, resolver=self._resolver)
                session = requests.Session()
                # No proxies, netrc passwords or certificates out of the environment: what is sent is what is configured.
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
                state = _SourceState(session, guard, GuardedAdapter(guard, connections=max(source.concurrency, 1)))
                self._sources[source.id] = state
            return state

    def _legacy_adapter(self, state: _SourceState, source: SourcePolicy) -> GuardedAdapter:
        with self._lock:
            if state.legacy is None:
                state.legacy = GuardedAdapter(state.guard, connections=max(source.concurrency, 1), legacy=True)
            return state.legacy


def default_user_agent() -> str:
    """Who asks and whom to write to: the contact is JIBAO_CONTACT, an address or a URL."""
    contact = shown(os.environ.get("JIBAO_CONTACT", "").encode("ascii", "ignore").decode()).strip()
    return f"jibao/0.1 (keeps quarterly disclosures; contact: {contact or 'not given'})"


def default_state_dir() -> Path:
    """Where processes of one user share politeness: JIBAO_STATE_DIR, else jibao/ in the user's state folder."""
    if configured := os.environ.get("JIBAO_STATE_DIR"):
        return Path(configured)
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "jibao"


def retry_after(headers: Sequence[tuple[str, str]], now: datetime) -> float | None:
    """Seconds that a Retry-After asks for; None for none, a negative one or nonsense.

    A date counts from the server's own Date where it gives one: its clock may be wrong.
    """
    value = _header(headers, "retry-after").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(min(int(value[:12]), 10**9))
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    started = now
    with contextlib.suppress(ValueError, TypeError, IndexError):
        started = _aware(parsedate_to_datetime(_header(headers, "date")))
    return max((_aware(until) - started).total_seconds(), 0.0)


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _until(now: datetime, seconds: float) -> str:
    try:
        return datetime.fromtimestamp(now.timestamp() + seconds, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return f"{seconds:g} s from now"


def _header(headers: Sequence[tuple[str, str]], name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _bare(etag: str) -> str:
    """An ETag without its weakness mark and what gzipping servers append."""
    return etag.strip().removeprefix("W/").strip('"').removesuffix("-gzip")


def _header_pairs(response: requests.Response) -> Iterator[tuple[str, str]]:
    for name, value in response.raw.headers.iteritems():
        yield str(name), str(value)


def _is_packed_file(url: WebUrl, headers: Sequence[tuple[str, str]]) -> bool:
    kind = _header(headers, "content-type").lower()
    return bool(_PACKED_FILE.search(url.text)) or "gzip" in kind or "tar" in kind


def _file_name(headers: Sequence[tuple[str, str]]) -> str:
    """The file name in Content-Disposition as text: shown and kept, never used as a path. "" for none."""
    value = _header(headers, "content-disposition")
    if not value:
        return ""
    message = Message()
    message["Content-Disposition"] = value.replace("\r", " ").replace("\n", " ")
    with contextlib.suppress(ValueError, TypeError, LookupError, UnicodeError):
        found = message.get_param("filename", header="Content-Disposition")
        if found is None:
            return ""
        name = collapse_rfc2231_value(found)
        with contextlib.suppress(UnicodeEncodeError):  # header bytes come as Latin-1; portals send UTF-8 or GBK raw
            raw = name.encode("latin-1")
            for encoding in ("utf-8", "gb18030"):
                with contextlib.suppress(UnicodeDecodeError):
                    name = raw.decode(encoding)
                    break
        return requests.utils.unquote(name)[:1000]
    return ""


def _form(data: Form | None) -> bytes | None:
    if data is None:
        return None
    if isinstance(data, bytes):
        return data
    if isinstance(data, str):
        return data.encode()
    return urlencode(data if isinstance(data, Mapping) else list(data)).encode()


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
