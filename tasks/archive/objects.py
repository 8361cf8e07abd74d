"""The archive in an object store, through fsspec. A put of an object is atomic and durable by itself.

Objects cannot be appended to, so each capture's line is first an object of its own; `close` gathers the lines of
this writer into one object and removes the single ones. A line that stands in both is the same line and counts once.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import secrets
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import fsspec

from tasks.archive.backends import JOURNALS

_BATCH = 256


@contextlib.contextmanager
def _as_os_errors() -> Iterator[None]:
    """Object stores raise errors of their own libraries; a backend raises OSError."""
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(errno.EIO, f"{type(error).__name__}: {error}") from error


class ObjectBackend:
    """See `Backend`. `location` is an fsspec URL; credentials and endpoint come from the environment."""

    def __init__(self, location: str, **options: Any) -> None:
        protocol = location.split("://", 1)[0]
        if protocol in {"s3", "s3a"}:
            # Another process may have written meanwhile: never trust a remembered listing; nor a connection remembered
            # under the same options while the environment names another endpoint by now.
            options = {"use_listings_cache": False, "skip_instance_cache": True, **options}
        self._fs, root = fsspec.core.url_to_fs(location, **options)
        self._root = str(root).rstrip("/")
        self.place = location
        self._lock = threading.Lock()
        self._lines: list[tuple[str, bytes]] = []
        self._new_session()

    def _new_session(self) -> None:
        self._pid = os.getpid()
        self._session = f"{datetime.now(UTC):%H%M%S%f}-{os.getpid()}-{secrets.token_hex(4)}"
        self._counter = itertools.count()
        self._lines = []

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    @_as_os_errors()
    def keep(self, name: str, data: bytes) -> None:
        self._fs.pipe_file(self._path(name), data)

    @_as_os_errors()
    def load(self, name: str) -> bytes:
        return bytes(self._fs.cat_file(self._path(name)))

    @_as_os_errors()
    def has(self, name: str) -> bool:
        return bool(self._fs.isfile(self._path(name)))

    @_as_os_errors()
    def append(self, line: bytes) -> tuple[str, int]:
        with self._lock:
            if self._pid != os.getpid():
                self._new_session()
            name = f"{JOURNALS}/{datetime.now(UTC).date().isoformat()}/{self._session}-{next(self._counter):08d}.jsonl"
        self._fs.pipe_file(self._path(name), line)
        with self._lock:
            self._lines.append((name, line))
        return name, 0

    @_as_os_errors()
    def sizes(self, folder: str) -> dict[str, int]:
        try:
            found = self._fs.find(self._path(folder), detail=True)
        except FileNotFoundError:
            return {}
        cut = len(self._root) + 1
        return dict(sorted((str(path)[cut:], int(info["size"])) for path, info in found.items()))

    def tails(self, wanted: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int, bytes]]:
        wanted = list(wanted)
        for at in range(0, len(wanted), _BATCH):
            batch = wanted[at : at + _BATCH]
            with _as_os_errors():
                loaded = self._fs.cat([self._path(name) for name, _ in batch])
            if isinstance(loaded, bytes):  # some file systems answer a list of one with the bytes alone
                loaded = {self._path(batch[0][0]): loaded}
            by_name = {str(path)[len(self._root) + 1 :]: data for path, data in loaded.items()}
            for name, offset in batch:
                yield name, offset, by_name[name][offset:]

    @_as_os_errors()
    def slice(self, name: str, start: int, end: int) -> bytes:
        return bytes(self._fs.cat_file(self._path(name), start=start, end=end))

    @_as_os_errors()
    def close(self) -> None:
        with self._lock:
            lines, pid = self._lines, self._pid
            session = self._session
            self._new_session()
        if len(lines) < 2 or pid != os.getpid():
            return
        day = lines[0][0].split("/")[1]
        self._fs.pipe_file(self._path(f"{JOURNALS}/{day}/{session}.jsonl"), b"".join(line for _, line in lines))
        self._fs.rm([self._path(name) for name, _ in lines])
