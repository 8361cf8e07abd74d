"""The archive in a folder: temp file, fsync, rename; one append-only journal per writer and day."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from tasks.archive.backends import JOURNALS

_TEMP = "tmp"
_STALE_SECONDS = 3600.0


class _Journal:
    """An open journal. Several threads append; one fsync serves all lines that were written before it began."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.pid = os.getpid()
        self.day = name.split("/")[1]
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        self._write_lock = threading.Lock()
        self._sync_lock = threading.Lock()
        self._size = 0
        self._synced = 0
        self.broken = False

    def append(self, line: bytes) -> int:
        with self._write_lock:
            start = self._size
            try:
                view = memoryview(line)
                while view:
                    view = view[os.write(self._fd, view) :]
            except OSError:
                # A torn line must not be followed by another: take it back, or never write here again.
                try:
                    os.ftruncate(self._fd, start)
                except OSError:
                    self.broken = True
                raise
            self._size = end = start + len(line)
        with self._sync_lock:
            if self._synced < end:
                upto = self._size
                os.fdatasync(self._fd)
                self._synced = upto
        return start

    def close(self) -> None:
        with contextlib.suppress(OSError):
            os.close(self._fd)


class FolderBackend:
    """See `Backend`. Safe for threads, and for processes: each writes journals of its own."""

    def __init__(self, root: Path) -> None:
        self.place = str(root)
        self._root = root
        self._journal: _Journal | None = None
        self._lock = threading.Lock()
        self._counter = itertools.count()
        self._made: set[Path] = set()

    def keep(self, name: str, data: bytes) -> None:
        target = self._root / name
        self._folder(target.parent)
        temp_folder = self._root / _TEMP
        self._folder(temp_folder)
        temp = temp_folder / f"{socket.gethostname()}-{os.getpid()}-{next(self._counter)}-{secrets.token_hex(4)}"
        try:
            fd = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            try:
                view = memoryview(data)
                while view:
                    view = view[os.write(fd, view) :]
                os.fsync(fd)
            finally:
                os.close(fd)
            temp.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                temp.unlink()
            raise
        _sync_folder(target.parent)

    def load(self, name: str) -> bytes:
        return (self._root / name).read_bytes()

    def has(self, name: str) -> bool:
        return (self._root / name).is_file()

    def append(self, line: bytes) -> tuple[str, int]:
        journal = self._open_journal()
        return journal.name, journal.append(line)

    def sizes(self, folder: str) -> dict[str, int]:
        # Asked for every document, of a journal for every writer there ever was: no path is put together twice.
        return dict(sorted(_files(os.path.join(self._root, folder), folder)))

    def tails(self, wanted: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int, bytes]]:
        for name, offset in wanted:
            with (self._root / name).open("rb") as file:
                file.seek(offset)
                yield name, offset, file.read()

    def slice(self, name: str, start: int, end: int) -> bytes:
        with (self._root / name).open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    def close(self) -> None:
        with self._lock:
            journal, self._journal = self._journal, None
        if journal is not None and journal.pid == os.getpid():
            journal.close()

    def _open_journal(self) -> _Journal:
        with self._lock:
            journal = self._journal
            day = datetime.now(UTC).date().isoformat()
            # After a fork the child must not append to its parent's journal.
            if journal is not None and journal.pid == os.getpid() and journal.day == day and not journal.broken:
                return journal
            folder = self._root / JOURNALS / day
            self._folder(folder)
            stamp = datetime.now(UTC).strftime("%H%M%S%f")
            name = f"{JOURNALS}/{day}/{stamp}-{os.getpid()}-{secrets.token_hex(4)}.jsonl"
            self._journal = _Journal(self._root / name, name)
            _sync_folder(folder)
            return self._journal

    def _folder(self, folder: Path) -> None:
        if folder in self._made:
            return
        missing = [part for part in (folder, *folder.parents) if not part.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        for part in reversed(missing):
            _sync_folder(part.parent)
        if not self._made:
            self._sweep()
        self._made.add(folder)

    def _sweep(self) -> None:
        """Remove temp files of writers that died: same machine and no such process, or an hour without a rename."""
        with contextlib.suppress(FileNotFoundError):
            for temp in list((self._root / _TEMP).iterdir()):
                with contextlib.suppress(OSError):
                    host, _, rest = temp.name.rpartition("-")[0].rpartition("-")[0].rpartition("-")
                    dead = host == socket.gethostname() and rest.isdigit() and not _alive(int(rest))
                    if dead or time.time() - temp.stat().st_mtime > _STALE_SECONDS:
                        temp.unlink()


def _files(folder: str, name: str) -> Iterator[tuple[str, int]]:
    """The files in a folder and below, by their names under `name`, with their bytes; none where there is no folder."""
    try:
        with os.scandir(folder) as entries:
            inside = list(entries)
    except FileNotFoundError:
        return
    for entry in inside:
        if not entry.is_dir():
            yield f"{name}/{entry.name}", entry.stat().st_size
        elif not entry.is_symlink():
            yield from _files(entry.path, f"{name}/{entry.name}")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
