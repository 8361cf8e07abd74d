"""Reads hostile files in child processes that may be killed at any time.

A child is a fresh interpreter (no fork: threads and Polars would not survive it), kept for the next file and renewed
after a number of files, after any failure, and when it has grown. Files go down its stdin, JSON comes back: nothing
that the child says is executed here.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

from tasks.errors import JibaoError
from tasks.read import attachment_errors, errors
from tasks.read.attachment_errors import ReaderCrashed, ReaderFault, ReaderOutOfMemory, ReaderTimeout, UnreadableFile
from tasks.read.limits import Limits
from tasks.read.page import Page
from tasks.read.pagewire import page_from_wire

_ROOT = Path(__file__).resolve().parents[3]
# The packages' own __init__ bring in all of reading; a reader of attachments needs a tenth of it and starts at once.
_BOOT = """
import sys, types
root = sys.argv[1]
sys.path.insert(0, root)
for name in ("tasks.read", "tasks.read.attachments"):
    package = types.ModuleType(name)
    package.__path__ = [root + "/" + name.replace(".", "/")]
    sys.modules[name] = package
from tasks.read.attachments.reader_process import main
main()
"""
_LENGTH = struct.Struct("<Q")
_POLL_SECONDS = 0.25
_STARTUP_SECONDS = 30.0
_IDLE_BYTES = 256 << 20
_ERRORS = {
    name: cls
    for name, cls in {**vars(errors), **vars(attachment_errors)}.items()
    if isinstance(cls, type) and issubclass(cls, JibaoError) and cls is not JibaoError
}


@dataclass
class _Child:
    process: subprocess.Popen[bytes]
    watched: psutil.Process
    done: int = 0
    buffer: bytearray = field(default_factory=bytearray)


class Sandbox:
    """A pool of reading processes; `with Sandbox() as sandbox: sandbox.read(body, "xlsx")`. Safe to share by threads.

    `recycle_after`: files until a child is renewed; `keep`: idle children kept.
    """

    def __init__(self, recycle_after: int = 200, keep: int = 2) -> None:
        self._recycle_after = recycle_after
        self._keep = keep
        self._idle: list[_Child] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the idle children."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            _end(child)

    def read(self, body: bytes, fmt: str, name: str | None = None, limits: Limits | None = None) -> Page:
        """One file to its Page. Raises an UnreadableFile of some class; never lets a child's death through."""
        limits = limits or Limits()
        child = self._take()
        healthy = False
        try:
            answer = _ask(child, {"fmt": fmt, "name": name, "limits": asdict(limits)}, body, limits)
            healthy = answer.get("error") not in {"ReaderOutOfMemory", "ReaderFault"}
        except UnreadableFile as error:
            error.where = error.where or name
            raise
        finally:
            self._give_back(child, healthy)
        if "error" in answer:
            raise _ERRORS.get(str(answer["error"]), ReaderFault)(str(answer.get("reason", "")), where=name)
        return page_from_wire(answer["page"])

    def _take(self) -> _Child:
        while True:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child is None:
                return _start()
            if child.process.poll() is None:
                return child
            _end(child)

    def _give_back(self, child: _Child, healthy: bool) -> None:
        child.done += 1
        if healthy and child.done < self._recycle_after:
            with self._lock:
                if len(self._idle) < self._keep:
                    self._idle.append(child)
                    return
        _end(child)


@lru_cache(maxsize=1)
def _shared(pid: int) -> Sandbox:  # noqa: ARG001 - the key: after a fork the parent's children are not ours
    sandbox = Sandbox(keep=os.cpu_count() or 2)
    atexit.register(sandbox.close)
    return sandbox


def shared_sandbox() -> Sandbox:
    """The process's own pool, made at the first call and closed at exit."""
    return _shared(os.getpid())


def _start() -> _Child:
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _BOOT, str(_ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_ROOT,
            env={"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": os.environ.get("PATH", "")},
            start_new_session=True,
        )
        return _Child(process, psutil.Process(process.pid))
    except (OSError, psutil.Error) as error:
        raise ReaderCrashed(f"the reading process could not be started: {error}") from error


def _end(child: _Child) -> None:
    with contextlib.suppress(OSError):
        child.process.kill()
    for pipe in (child.process.stdin, child.process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    child.process.wait()


def _ask(child: _Child, job: dict[str, Any], body: bytes, limits: Limits) -> dict[str, Any]:
    deadline = time.monotonic() + limits.seconds + (_STARTUP_SECONDS if child.done == 0 else 0)
    header = json.dumps(job).encode()
    _send(child, _LENGTH.pack(len(header)) + header + _LENGTH.pack(len(body)), body, deadline, limits)
    (size,) = _LENGTH.unpack(_receive(child, _LENGTH.size, deadline, limits))
    if size > limits.output_bytes:
        raise attachment_errors.OversizedFile(f"the text is {size} bytes, the limit output_bytes {limits.output_bytes}")
    answer: dict[str, Any] = json.loads(_receive(child, size, deadline, limits))
    return answer


def _send(child: _Child, head: bytes, body: bytes, deadline: float, limits: Limits) -> None:
    pipe = child.process.stdin
    assert pipe is not None
    descriptor = pipe.fileno()
    os.set_blocking(descriptor, False)
    for part in (memoryview(head), memoryview(body)):
        rest = part
        while rest:
            _watch(child, deadline, limits)
            if _ready(descriptor, select.POLLOUT):
                try:
                    rest = rest[os.write(descriptor, rest[: 1 << 20]) :]
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise _death(child, limits) from error


def _receive(child: _Child, size: int, deadline: float, limits: Limits) -> bytes:
    pipe = child.process.stdout
    assert pipe is not None
    descriptor = pipe.fileno()
    while len(child.buffer) < size:
        if _ready(descriptor, select.POLLIN):
            received = os.read(descriptor, 1 << 20)
            if not received:
                raise _death(child, limits)
            child.buffer += received
        else:
            _watch(child, deadline, limits)
    answer = bytes(child.buffer[:size])
    del child.buffer[:size]
    return answer


def _watch(child: _Child, deadline: float, limits: Limits) -> None:
    """Wall time and, where the system does not enforce an address-space limit, memory."""
    if time.monotonic() > deadline:
        raise ReaderTimeout(f"not read within {limits.seconds:g} s")
    with contextlib.suppress(psutil.Error):
        used = child.watched.memory_info().rss
        if used > limits.memory_bytes + _IDLE_BYTES:
            raise ReaderOutOfMemory(f"reading took {used >> 20} MiB, the limit is {limits.memory_bytes >> 20}")


def _death(child: _Child, limits: Limits) -> UnreadableFile:
    try:
        status = child.process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return ReaderCrashed("the reading process closed its pipe")
    if status == -signal.SIGXCPU:
        return ReaderTimeout(f"reading took more than {limits.cpu_seconds} s of CPU")
    if status == -signal.SIGKILL:
        return ReaderOutOfMemory("the system ended the reading process, as it does when memory runs out")
    if status < 0:
        return ReaderCrashed(f"the reading process was ended by {signal.Signals(-status).name}")
    return ReaderCrashed(f"the reading process ended with status {status}")


def _ready(descriptor: int, event: int) -> bool:
    """Whether the descriptor is ready within a poll's time; `poll`, since `select` ends at descriptor 1024."""
    poll = select.poll()
    poll.register(descriptor, event)
    return bool(poll.poll(_POLL_SECONDS * 1000))
