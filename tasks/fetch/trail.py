"""From a request to its last response: robots.txt, tries, waiting, redirects."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tasks.archive.errors import BodyTooLarge, EncodingBroken, EncodingRefused
from tasks.fetch.addresses import WebUrl, check_host, web_url
from tasks.fetch.answer import Answer
from tasks.fetch.errors import (
    AddressRefused,
    Challenge,
    ConnectFailed,
    FetchError,
    HostBusy,
    HostNotAllowed,
    MalformedAnswer,
    NameNotResolved,
    NoAnswer,
    RateLimited,
    RedirectLoop,
    RobotsDisallowed,
    RobotsUnavailable,
    StateUnwritable,
    TlsFailed,
    UrlRefused,
)
from tasks.fetch.exchange import REDIRECTS, Exchange, Got, Hop, Request
from tasks.fetch.headers import header, retry_after, until
from tasks.fetch.policy import SourcePolicy
from tasks.fetch.politeness import Gate
from tasks.fetch.recognise import recognise
from tasks.fetch.robots import MAX_BYTES as ROBOTS_MAX_BYTES
from tasks.fetch.robots import Robots
from tasks.fetch.wording import shown

MAX_HOPS = 10
_RETRY_STATUSES = frozenset({429, 500, 502, 503, 504})
_FAILURES_IN_A_ROW = 3
_OUT_OF_REACH = (ConnectFailed, NoAnswer, NameNotResolved)
# What keeps robots.txt from being read and is not its own fault is reported as what it is.
_NOT_OF_ROBOTS = (
    AddressRefused,
    Challenge,
    ConnectFailed,
    HostBusy,
    HostNotAllowed,
    NameNotResolved,
    RateLimited,
    StateUnwritable,
    TlsFailed,
    UrlRefused,
)


class Trail:
    """Follows requests to their end. `attempts` per hop, with `backoff` seconds doubling between them."""

    def __init__(
        self,
        exchange: Exchange,
        gate: Gate,
        *,
        sleep: Callable[[float], None],
        now: Callable[[], datetime],
        attempts: int,
        backoff: float,
        robots_dir: Path,
    ) -> None:
        self._exchange = exchange
        self._gate = gate
        self._sleep = sleep
        self._now = now
        self._attempts = attempts
        self._backoff = backoff
        self._robots_dir = robots_dir
        self._robots: dict[tuple[str, object], Robots] = {}
        self._lock = threading.Lock()

    def follow(self, request: Request) -> tuple[Got, list[str]]:
        """Ask, and follow redirects by hand → the last response and the URLs before it. Raises what stopped it."""
        hop = Hop(request.requested, request.method, request.form)
        state = self._exchange.state(request.source)
        chain: list[str] = []
        seen: set[tuple[str, str, str]] = set()
        while True:
            check_host(hop.url, request.source.allow_hosts, getattr(request.source, "private_ports", None))
            turn = (hop.method, hop.url.text, state.cookies())
            if turn in seen:
                raise RedirectLoop(f"a circle: {_chain(chain, hop.url)}")
            seen.add(turn)
            got = self._tries(request, hop)
            status = got.answer.status
            if status not in REDIRECTS:
                return got, chain
            chain.append(hop.url.text)
            if len(chain) > MAX_HOPS:
                raise RedirectLoop(f"{len(chain)} redirects: {_chain(chain)}")
            location = header(got.answer.headers, "location")
            if not location.strip():
                raise MalformedAnswer(f"status {status} without a Location")
            try:
                target = hop.url.join(location)
            except UrlRefused as error:
                raise UrlRefused(f"{error.reason}, redirected from {_chain(chain)}") from None
            keeps = status in (307, 308) or (status != 303 and hop.method != "POST")
            hop = Hop(target, hop.method, hop.form) if keeps else Hop(target, "GET", None)

    def _tries(self, request: Request, hop: Hop) -> Got:
        """One hop, tried until it is whole. Raises the last error; returns the last answer with an error status."""
        delay = max(request.source.delay_seconds, self._robots_delay(request, hop.url))
        unreachable = self._exchange.state(request.source).unreachable
        key = hop.url.host_key
        attempts = 1 if unreachable.get(key, 0) >= _FAILURES_IN_A_ROW else request.attempts
        attempt = 0
        while True:
            attempt += 1
            last = attempt >= attempts
            try:
                got = self._exchange.once(request, hop, delay)
            except (FetchError, EncodingBroken) as error:
                again = not isinstance(error, FetchError) or error.again
                if last and isinstance(error, _OUT_OF_REACH):
                    unreachable[key] = unreachable.get(key, 0) + 1
                if again and last and attempts > 1:
                    raise type(error)(f"{error.reason} ({attempt} tries)") from error
                if last or not again:
                    raise
                self._sleep(self._pause(attempt))
                continue
            unreachable.pop(key, None)
            if got.answer.status not in _RETRY_STATUSES:
                return got
            if got.answer.is_page and isinstance(recognise(got.answer), Challenge):
                return got  # a challenge is not worn down by asking
            self._respect(hop.url, got.answer, attempt, last=last)
            if last:
                return got

    def _respect(self, url: WebUrl, answer: Answer, attempt: int, *, last: bool) -> None:
        """Wait as the host asks (for all who ask it), or by our own back-off. Raises RateLimited if it is too long."""
        asked = retry_after(answer.headers, self._now())
        if asked is not None and answer.status in (429, 503):
            self._gate.hold(url.host_key, asked)
            if asked > self._gate.patience:
                raise RateLimited(f"status {answer.status}, rate limited until {until(self._now(), asked)}")
            return  # the gate makes the next try, and everybody else's, wait
        if answer.status == 429:
            self._gate.hold(url.host_key, self._pause(attempt + 2))
        elif not last:
            self._sleep(self._pause(attempt))

    def _pause(self, attempt: int) -> float:
        """Exponential back-off with jitter, in seconds."""
        return min(self._backoff * 2.0 ** (attempt - 1), 60.0) * random.uniform(0.75, 1.25)

    def _robots_delay(self, request: Request, url: WebUrl) -> float:
        if request.purpose == "robots":
            return 0.0
        source = request.source
        with self._lock:
            who = (source.id, getattr(source, "private_ports", None))
            robots = self._robots.get(who)
            if robots is None:
                # A portal on loopback is a demo or a test whose port will soon be another's: nothing is kept.
                folder = None if source.allow_private_hosts else self._robots_dir
                robots = Robots(
                    lambda where: self._read_robots(source, where), folder, clock=lambda: self._now().timestamp()
                )
                self._robots[who] = robots
        pattern = getattr(source, "interface", "")
        interface = bool(pattern and re.search(pattern, url.path))
        delay = robots.check(url, web_url(f"{url.origin}/robots.txt"), interface=interface)
        if delay > self._gate.patience:
            raise RobotsDisallowed(f"robots.txt asks for {delay:g} s between requests, more than we wait")
        return delay

    def _read_robots(self, source: SourcePolicy, where: WebUrl) -> str:
        """The text of a robots.txt, "" where there is none. Raises RobotsUnavailable, Challenge, RateLimited, …"""
        request = Request(
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
        try:
            answer = self.follow(request)[0].answer
        except RedirectLoop:
            return ""  # RFC 9309: more than a few redirects may be taken for no file
        except _NOT_OF_ROBOTS:
            raise
        except (FetchError, EncodingBroken, EncodingRefused, BodyTooLarge) as error:
            raise RobotsUnavailable(f"{shown(where.text)}: {error.code}: {error.reason}") from error
        verdict = recognise(answer) if answer.status >= 500 else None
        if isinstance(verdict, Challenge):
            raise Challenge(f"{shown(where.text)}: {verdict.reason}")
        if answer.status == 429:
            raise RateLimited(f"{shown(where.text)}: status 429 after several tries")
        if answer.status >= 500:
            raise RobotsUnavailable(f"{shown(where.text)}: status {answer.status}")
        return answer.text if answer.status == 200 and not answer.is_page else ""


def without_conditions(request: Request) -> Request:
    """The same request, for the whole page and past every cache on the way."""
    return replace(request, conditions={"Cache-Control": "no-cache", "Pragma": "no-cache"})


def _chain(urls: list[str], last: WebUrl | None = None) -> str:
    return " -> ".join(shown(one, 120) for one in (*urls, *([last.text] if last else [])))
