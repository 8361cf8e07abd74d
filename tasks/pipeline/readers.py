"""A run's readers: processes that read pages while the run fetches and loads. See decision 080.

with Readers(count) as reader:
    told = reader(ToRead(...))      # from any thread
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tasks.errors import JibaoError
from tasks.pipeline.readerwire import LENGTH, READY, frame, pack_job, unpack_told
from tasks.pipeline.reading import Reader, Told, ToRead, read_here

_LOG = logging.getLogger("jibao")
_ROOT = Path(__file__).resolve().parents[2]
_BOOT = """
import sys
sys.path.insert(0, sys.argv[1])
from tasks.pipeline.reader_process import main
main()
"""
_BY_ITSELF = 8  # documents that the run reads itself before it starts readers
_MOST = 4  # readers; one run cannot load what more of them read
_STARTS = 6  # failures in a row after which readers are done without
_SECONDS = 600.0  # for one document
_POLL_SECONDS = 0.5
_PIPE_BYTES = 1 << 20  # an answer is twice what a pipe takes by itself


class ReaderDied(JibaoError):
    """The process that read a document ended over it: out of memory, or a crash in a parser."""

    remedy = "Other documents are not touched. `jibao parse` with the capture shows it again; report the sha256."


class ReaderStuck(JibaoError):
    """The process that read a document did not come to an end and was stopped."""

    remedy = "Other documents are not touched. `jibao parse` with the capture shows it again; report the sha256."


@dataclass
class _Process:
    """A reader: started, then ready, then idle or at work."""

    process: subprocess.Popen[bytes]
    buffer: bytearray = field(default_factory=bytearray)


class Readers:
    """Reads in `count` processes (default: one a core, at most four; none where there is one core only).

    They are started once `by_itself` documents were read in the caller's thread; until one is ready the caller goes
    on reading by itself. Safe for threads. `seconds` bounds one document.
    """

    def __init__(
        self,
        count: int | None = None,
        *,
        by_itself: int = _BY_ITSELF,
        seconds: float = _SECONDS,
        here: Reader = read_here,
    ) -> None:
        self._count = useful_readers() if count is None else count
        self._by_itself = by_itself
        self._seconds = seconds
        self._here = here
        self._asked = 0
        self._failed = 0  # starts in a row that came to nothing
        self._closed = False
        self._freed = threading.Condition()
        self._starting: list[_Process] = []
        self._idle: list[_Process] = []
        self._busy: list[_Process] = []

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End all readers, at work or not."""
        with self._freed:
            self._closed = True
            idle, busy = [*self._starting, *self._idle], self._busy
            self._starting, self._idle, self._busy = [], [], []
            self._freed.notify_all()
        for one in idle:
            _end(one)
        for one in busy:
            # Whoever waits for its answer learns that it has died, and closes the pipes that nobody else may close.
            one.process.kill()

    def start(self, seconds: float = 60.0) -> int:
        """Start the readers now and wait until they are ready; returns how many are."""
        ends = time.monotonic() + seconds
        with self._freed:
            self._asked = max(self._asked, self._by_itself)
            while True:
                self._start_missing()
                self._welcome()
                if not self._starting or time.monotonic() >= ends or self._failed >= _STARTS:
                    return len(self._idle) + len(self._busy)
                self._freed.wait(0.02)

    def __call__(self, job: ToRead) -> Told:
        """Read one file. Raises what reading it raises, ReaderDied, ReaderStuck."""
        one = self._take()
        if one is None:
            return self._here(job)
        try:
            answer = self._ask(one, job)
        except BaseException:
            self._lose(one)
            raise
        self._give_back(one)
        return unpack_told(answer)

    # --- which reader ----------------------------------------------------------------------------------------------

    def _take(self) -> _Process | None:
        """An idle reader, waited for while all are at work; None where the caller had better read by itself."""
        with self._freed:
            self._asked += 1
            while True:
                if self._closed or self._count <= 0 or self._asked <= self._by_itself or self._failed >= _STARTS:
                    return None
                self._start_missing()
                self._welcome()
                while self._idle:
                    one = self._idle.pop()
                    if one.process.poll() is None:
                        self._busy.append(one)
                        return one
                    _end(one)
                if not self._busy or self._starting:
                    return None  # nobody waits for a reader to start
                self._freed.wait(_POLL_SECONDS)

    def _start_missing(self) -> None:
        for _ in range(self._count - len(self._starting) - len(self._idle) - len(self._busy)):
            try:
                self._starting.append(_start())
            except OSError as error:
                self._fail(str(error))
                return

    def _welcome(self) -> None:
        """See which of the starting readers are ready, or will never be."""
        for one in list(self._starting):
            try:
                ready = _received(one, 0.0)
            except ReaderDied as error:
                self._starting.remove(one)
                _end(one)
                self._fail(error.reason)
                continue
            if ready is not None:
                self._starting.remove(one)
                if ready == READY:
                    self._failed = 0
                    self._idle.append(one)
                else:
                    _end(one)
                    self._fail(f"its first word was {ready[:20]!r}")

    def _fail(self, reason: str) -> None:
        self._failed += 1
        if self._failed >= _STARTS:
            _LOG.warning("no reader could be started (%s): the run reads by itself", reason)

    def _give_back(self, one: _Process) -> None:
        with self._freed:
            if one in self._busy:  # not closed meanwhile
                self._busy.remove(one)
                self._idle.append(one)
                self._freed.notify()

    def _lose(self, one: _Process) -> None:
        with self._freed:
            if one in self._busy:
                self._busy.remove(one)
            self._freed.notify()
        _end(one)

    # --- one question ----------------------------------------------------------------------------------------------

    def _ask(self, one: _Process, job: ToRead) -> bytes:
        ends = time.monotonic() + self._seconds
        pipe = one.process.stdin
        assert pipe is not None
        try:
            # The reader takes in a whole question before it answers: this cannot wait for itself.
            pipe.write(frame(pack_job(job)))
            pipe.flush()
        except (OSError, ValueError) as error:
            raise ReaderDied(_how(one), where=job.url) from error
        while True:
            try:
                answer = _received(one, min(_POLL_SECONDS, max(ends - time.monotonic(), 0.0)))
            except ReaderDied as error:
                raise error.at(where=job.url) from None
            if answer is not None:
                return answer
            if time.monotonic() >= ends:
                raise ReaderStuck(f"not read within {self._seconds:g} s", where=job.url)


def useful_readers() -> int:
    """How many readers this machine has use for: none on one core."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _MOST) if cores > 1 else 0


def _start() -> _Process:
    # A session of its own: Ctrl-C is the run's to answer. Its end is the end of its input.
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", _BOOT, str(_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    # A reader that has put its answer down is free for the next page, however long the run is busy loading.
    with contextlib.suppress(OSError, AttributeError):  # more than this user may have; not on Linux
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    return _Process(process)


def _received(one: _Process, seconds: float) -> bytes | None:
    """The next frame; None where it has not come whole within so long. Raises ReaderDied."""
    pipe = one.process.stdout
    assert pipe is not None
    ends = time.monotonic() + seconds
    try:
        descriptor = pipe.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while True:
            if len(one.buffer) >= LENGTH.size:
                (size,) = LENGTH.unpack_from(one.buffer)
                if len(one.buffer) >= LENGTH.size + size:
                    payload = bytes(memoryview(one.buffer)[LENGTH.size : LENGTH.size + size])
                    del one.buffer[: LENGTH.size + size]
                    return payload
            if not poll.poll(max(ends - time.monotonic(), 0.0) * 1000):
                return None
            received = os.read(descriptor, 1 << 20)
            if not received:
                raise ReaderDied(_how(one))
            one.buffer += received
    except (OSError, ValueError) as error:  # closed under us: the run is being stopped
        raise ReaderDied(_how(one)) from error


def _how(one: _Process) -> str:
    try:
        status = one.process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        return "the reading process closed its pipe"
    if status < 0:
        with contextlib.suppress(ValueError):
            return f"the reading process was ended by {signal.Signals(-status).name}"
    return f"the reading process ended with status {status}"


def _end(one: _Process) -> None:
    with contextlib.suppress(OSError):
        one.process.kill()
    for pipe in (one.process.stdin, one.process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    one.process.wait()
