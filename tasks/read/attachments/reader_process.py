"""The child's side of the sandbox: limits on itself, one file after another, JSON on a private pipe.

A reader never needs the network, another process or a file to write; an audit hook refuses them, so that an external
relationship, a template or an entity cannot become a request even through a library's mistake.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import resource
import struct
import sys
from typing import Any, BinaryIO

from tasks.errors import JibaoError
from tasks.read.limits import Limits
from tasks.read.pagewire import page_to_wire

READERS = {
    "xlsx": "tasks.read.attachments.workbooks.reading",
    "xlsm": "tasks.read.attachments.workbooks.reading",
    "xlsb": "tasks.read.attachments.workbooks.reading",
    "xls": "tasks.read.attachments.workbooks.reading",
    "ods": "tasks.read.attachments.workbooks.reading",
    "xml-workbook": "tasks.read.attachments.workbooks.reading",
    "docx": "tasks.read.attachments.wordfiles.reading",
    "doc": "tasks.read.attachments.wordfiles.reading",
    "rtf": "tasks.read.attachments.wordfiles.reading",
    "odt": "tasks.read.attachments.wordfiles.reading",
    "xml-word": "tasks.read.attachments.wordfiles.reading",
    "pdf": "tasks.read.attachments.pdf.reading",
    "mhtml": "tasks.read.web.mhtml",
}
_LENGTH = struct.Struct("<Q")
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "pty.")


def main() -> None:
    """Serve jobs from stdin until it closes."""
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "r+b") as nowhere:
        # Libraries that print must not reach the pipe.
        os.dup2(nowhere.fileno(), 0)
        os.dup2(nowhere.fileno(), 1)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)
    while True:
        size = jobs.read(_LENGTH.size)
        if len(size) < _LENGTH.size:
            return
        job = json.loads(_exactly(jobs, _LENGTH.unpack(size)[0]))
        body = _exactly(jobs, _LENGTH.unpack(_exactly(jobs, _LENGTH.size))[0])
        answer = json.dumps(_answer(body, job)).encode()
        del body
        gc.collect()
        answers.write(_LENGTH.pack(len(answer)))
        answers.write(answer)
        answers.flush()


def read_here(body: bytes, fmt: str, name: str | None, limits: Limits) -> dict[str, Any]:
    """One file, in this process: the page on the wire. Raises what the reader raises."""
    reader = importlib.import_module(READERS[fmt])
    return page_to_wire(reader.read(body, fmt, name, limits))


def _answer(body: bytes, job: dict[str, Any]) -> dict[str, Any]:
    limits = Limits(**job["limits"])
    try:
        _limit(limits)
        return {"page": read_here(body, job["fmt"], job["name"], limits)}
    except JibaoError as error:
        return {"error": type(error).__name__, "reason": error.reason}
    except MemoryError:
        return {"error": "ReaderOutOfMemory", "reason": f"reading took more than {limits.memory_bytes >> 20} MiB"}
    except RecursionError:
        return {"error": "CorruptFile", "reason": "the structure is nested beyond all measure"}
    except BaseException as error:  # noqa: BLE001 - whatever a hostile file provokes is the file's failure, named
        return {"error": "ReaderFault", "reason": f"{type(error).__name__}: {error}"[:500]}


def _limit(limits: Limits) -> None:
    """Address space and CPU time from here on; the hard limits stay, so that the next file can have its own."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds + 1
    for what, value in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, _address_space() + limits.memory_bytes)):
        with contextlib.suppress(ValueError, OSError):
            hard = resource.getrlimit(what)[1]
            resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _address_space() -> int:
    """Bytes of address space taken already, by the interpreter and its libraries."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _exactly(pipe: BinaryIO, size: int) -> bytes:
    received = pipe.read(size)
    if len(received) < size:
        raise EOFError
    return received


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a reader asked for {event}")
    if event == "open":
        flags = arguments[2] if len(arguments) > 2 else 0
        if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise PermissionError("a reader asked to write a file")
