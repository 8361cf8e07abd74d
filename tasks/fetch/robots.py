"""robots.txt, read once per origin and respected (RFC 9309)."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from protego import Protego

from tasks.fetch.addresses import WebUrl
from tasks.fetch.errors import RobotsDisallowed, RobotsUnavailable
from tasks.fetch.politeness import file_name
from tasks.fetch.wording import shown

AGENT = "jibao"
MAX_BYTES = 512 << 10
_KEEP_SECONDS = 24 * 3600.0
_RETRY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin's robots.txt says. `problem`: why it could not be read; then nothing may be asked."""

    text: str
    read_at: float
    problem: Exception | None = None


class Robots:
    """`read(origin URL) -> text`: how a robots.txt is fetched; "" where there is none; raises where it cannot be told.

    `clock` is wall seconds: rules are kept for a day, across runs, in `folder` (`None`: in memory only).
    """

    def __init__(
        self, read: Callable[[WebUrl], str], folder: Path | None, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._read = read
        self._folder = folder
        self._clock = clock
        self._known: dict[str, tuple[Rules, Protego]] = {}
        self._lock = threading.Lock()
        self._origin_locks: dict[str, threading.Lock] = {}

    def check(self, url: WebUrl, robots_url: WebUrl, *, interface: bool = False) -> float:
        """The seconds between requests that the origin asks for; 0 where it does not say.

        `interface`: the URL belongs to a documented interface for programs, of which a Disallow does not speak, nor
        a robots.txt that the server fails to give. Raises RobotsDisallowed, or again what kept robots.txt from being
        read.
        """
        rules, parsed = self._rules(url.origin, robots_url)
        if rules.problem is not None:
            if interface and isinstance(rules.problem, RobotsUnavailable):
                return 0.0
            raise rules.problem
        if not interface and not parsed.can_fetch(url.text, AGENT):
            raise RobotsDisallowed(f"{shown(robots_url.text)} disallows {shown(url.path)}")
        delay = float(parsed.crawl_delay(AGENT) or 0.0)
        rate = parsed.request_rate(AGENT)
        if rate is not None and rate.requests:
            delay = max(delay, rate.seconds / rate.requests)
        return max(delay, 0.0)

    def _rules(self, origin: str, robots_url: WebUrl) -> tuple[Rules, Protego]:
        with self._lock:
            lock = self._origin_locks.setdefault(origin, threading.Lock())
        with lock:
            known = self._known.get(origin)
            if known is None or not self._fresh(known[0]):
                rules = self._kept(origin) or self._fetch(origin, robots_url)
                known = (rules, Protego.parse(rules.text))
                self._known[origin] = known
            return known

    def _fetch(self, origin: str, robots_url: WebUrl) -> Rules:
        try:
            text = self._read(robots_url)
        except Exception as problem:  # noqa: BLE001 - kept, and raised for each page that asks
            return Rules("", self._clock(), problem)
        rules = Rules(text, self._clock())
        self._keep(origin, rules)
        return rules

    def _fresh(self, rules: Rules) -> bool:
        # A clock set back makes the age negative: read again.
        keep = _KEEP_SECONDS if rules.problem is None else _RETRY_SECONDS
        return 0 <= self._clock() - rules.read_at < keep

    def _path(self, origin: str) -> Path | None:
        return self._folder / f"{file_name(origin)}.robots.json" if self._folder else None

    def _kept(self, origin: str) -> Rules | None:
        path = self._path(origin)
        if path is None:
            return None
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            rules = Rules(str(values["text"]), float(values["read_at"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return rules if values.get("origin") == origin and self._fresh(rules) else None

    def _keep(self, origin: str, rules: Rules) -> None:
        path = self._path(origin)
        if path is None:
            return
        temp = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}.part")
        with contextlib.suppress(OSError):  # a cache: losing it costs one request
            path.parent.mkdir(parents=True, exist_ok=True)
            temp.write_text(
                json.dumps({"origin": origin, "read_at": rules.read_at, "text": rules.text}), encoding="utf-8"
            )
            temp.replace(path)
