"""At most k requests to a host at a time and a minimum delay, for all sources, threads and processes of a machine.

Each host has two kinds of files in the state folder: `<host>.slotN`, locked (flock) for as long as a request lasts,
and `<host>.json`, locked for the moment of reading and writing: when the next request may start, and until when the
host has asked to be left alone. A killed process loses its locks with its life, so nothing has to expire.

Times in the file are of a monotonic clock, which the processes of a machine share, and carry the boot's id: a jump of
the wall clock moves nothing, and a restart forgets everything.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tasks.fetch.errors import HostBusy, RateLimited, StateUnwritable

MAX_HOLD_SECONDS = 3600.0
_POLICY_SECONDS = 600.0
_POLL_SECONDS = 0.02
_LEAVING_SECONDS = 5.0
_MAX_POLL_SECONDS = 0.25


def utc_now() -> datetime:
    """The wall clock, for what is shown and kept."""
    return datetime.now(UTC)


@dataclass
class _State:
    """What `<host>.json` holds."""

    boot: str
    next_at: float = 0.0
    leaving_until: float = 0.0  # a request has its turn and is not yet on the wire: connecting, resolving
    hold_until: float = 0.0
    hold_text: str = ""
    policies: dict[str, tuple[int, float, float]] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str, boot: str, now: float) -> _State:
        """The state as far as it is of this boot and can be true: a torn or odd file is an empty state."""
        try:
            raw = json.loads(text)
            if raw["boot"] != boot:
                return cls(boot)
            policies = {str(k): (int(a), float(b), float(c)) for k, (a, b, c) in raw["policies"].items()}
            state = cls(
                boot,
                next_at=float(raw["next_at"]),
                leaving_until=float(raw["leaving_until"]),
                hold_until=float(raw["hold_until"]),
                hold_text=str(raw["hold_text"]),
                policies=policies,
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls(boot)
        state.hold_until = min(state.hold_until, now + MAX_HOLD_SECONDS)
        return state

    def join(self, who: str, k: int, delay: float, now: float) -> bool:
        """Note a source's wishes; the strictest of the last minutes hold for all. Whether anything was noted."""
        mine = self.policies.get(who)
        if mine is not None and mine[:2] == (k, delay) and 0 <= now - mine[2] < _POLICY_SECONDS / 4:
            return False
        self.policies = {w: p for w, p in self.policies.items() if 0 <= now - p[2] < _POLICY_SECONDS}
        self.policies[who] = (k, delay, now)
        return True

    @property
    def k(self) -> int:
        return min((policy[0] for policy in self.policies.values()), default=1)

    @property
    def delay(self) -> float:
        return max((policy[1] for policy in self.policies.values()), default=0.0)


class Gate:
    """Lets requests to a host through one by one. `clock` is monotonic seconds, shared by the machine's processes.

    `patience`: the longest wait, in seconds, that a host may ask for; `queue_seconds`: the longest wait for others.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = utc_now,
        patience: float = 300.0,
        queue_seconds: float = 1800.0,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._sleep = sleep
        self._now = now
        self.patience = patience
        self._queue_seconds = queue_seconds
        self._boot = _boot_id()
        self._freed = threading.Condition()

    @contextlib.contextmanager
    def turn(self, host: str, *, who: str, k: int, delay: float) -> Iterator[Callable[[], None]]:
        """Wait for one of the host's k slots and for its time, and hold the slot inside the block.

        Yields a function to call when the request has gone out, and again when the host has certainly received it:
        the delay to the next counts from there. Raises RateLimited where the host asks for more than `patience`,
        HostBusy after `queue_seconds`.
        """
        path = self._path(host)
        slot = self._slot(path, who, k, delay)
        try:
            while (wait := self._reserve(path, who, k, delay)) > 0:
                self._sleep(wait)
            try:
                yield lambda: self._sent(path, delay)
            finally:
                self._left(path)
        finally:
            os.close(slot)
            with self._freed:
                self._freed.notify_all()

    def hold(self, host: str, seconds: float) -> None:
        """Leave the host alone for so long, in every process; capped at an hour, after which it is asked again."""
        with self._state(self._path(host)) as (state, save):
            until = self._clock() + min(seconds, MAX_HOLD_SECONDS)
            if until > state.hold_until:
                state.hold_until = until
                state.hold_text = (self._now() + timedelta(seconds=seconds)).isoformat(timespec="seconds")
                save()

    def _reserve(self, path: Path, who: str, k: int, delay: float) -> float:
        """Seconds to wait before asking again; 0: go, the time is taken."""
        with self._state(path) as (state, save):
            now = self._clock()
            changed = state.join(who, k, delay, now)
            held = state.hold_until - now
            if held > self.patience:
                if changed:
                    save()
                raise RateLimited(f"rate limited until {state.hold_text}")
            # A time beyond what the queue can have filled is not of this clock.
            ahead = state.next_at - now
            if ahead > state.delay * 17:
                ahead = 0.0
            if state.delay > 0 and held <= 0 and 0 < state.leaving_until - now <= _LEAVING_SECONDS:
                ahead = max(ahead, _POLL_SECONDS)
            wait = max(held, ahead)
            if wait <= 0:
                state.next_at = now + state.delay
                state.leaving_until = now + _LEAVING_SECONDS
                if state.delay > 0 or changed:
                    save()
                return 0.0
            if changed:
                save()
            return wait

    def _sent(self, path: Path, delay: float) -> None:
        with self._state(path) as (state, save):
            delay = max(delay, state.delay)
            now = self._clock()
            if delay > 0 and (now + delay > state.next_at or state.leaving_until):
                state.next_at = max(now + delay, state.next_at)
                state.leaving_until = 0.0
                save()

    def _left(self, path: Path) -> None:
        """A request that never went out lets the next one go."""
        with self._state(path) as (state, save):
            if state.leaving_until and state.delay > 0:
                state.leaving_until = 0.0
                save()

    def _slot(self, path: Path, who: str, k: int, delay: float) -> int:
        """An open, locked slot file."""
        give_up = time.monotonic() + self._queue_seconds
        pause = _POLL_SECONDS
        while True:
            with self._state(path) as (state, save):
                if state.join(who, k, delay, self._clock()):
                    save()
                slots = state.k
            for number in range(slots):
                fd = _opened(f"{path}.slot{number}")
                try:
                    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    os.close(fd)
                    continue
                return fd
            if time.monotonic() > give_up:
                raise HostBusy(f"no free turn within {self._queue_seconds:g} s")
            with self._freed:  # woken at once by this process's own requests, by polling for others'
                self._freed.wait(pause)
            pause = min(pause * 1.5, _MAX_POLL_SECONDS)

    @contextlib.contextmanager
    def _state(self, path: Path) -> Iterator[tuple[_State, Callable[[], None]]]:
        fd = _opened(f"{path}.json")
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            text = os.pread(fd, 1 << 20, 0).decode("utf-8", "replace")
            state = _State.read(text, self._boot, self._clock())

            def save() -> None:
                values: dict[str, Any] = {
                    "boot": state.boot,
                    "next_at": state.next_at,
                    "leaving_until": state.leaving_until,
                    "hold_until": state.hold_until,
                    "hold_text": state.hold_text,
                    "policies": state.policies,
                }
                data = json.dumps(values).encode()
                try:
                    os.pwrite(fd, data.ljust(len(text.encode())), 0)
                except OSError as error:
                    raise StateUnwritable(f"{path}.json: {error.strerror}") from error

            yield state, save
        finally:
            os.close(fd)

    def _path(self, host: str) -> Path:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StateUnwritable(f"{self._folder}: {error.strerror}") from error
        return self._folder / file_name(host)


def file_name(text: str) -> str:
    """A host or origin as a file name; what had to be changed is told apart by a hash."""
    name = re.sub(r"[^a-z0-9.\-_]", "_", text.lower())[:100].strip(".") or "_"
    return name if name == text else f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _opened(path: str) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StateUnwritable(f"{path}: {error.strerror}") from error


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "unknown"
