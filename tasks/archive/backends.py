"""Where the archive's files lie. A backend keeps named files whole and appends lines; it knows nothing of captures.

Two laws that both backends keep: what `keep` and `append` took is durable when they return, and nobody ever sees half
of a kept file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

JOURNALS = "captures"
BODIES = "bodies"


class Backend(Protocol):
    """Files under relative, slash-separated names. Missing files raise FileNotFoundError, else OSError."""

    place: str

    def keep(self, name: str, data: bytes) -> None:
        """Keep a file, whole or not at all; replaces."""

    def load(self, name: str) -> bytes:
        """A file's bytes."""

    def has(self, name: str) -> bool:
        """Whether the file is there."""

    def append(self, line: bytes) -> tuple[str, int]:
        """Append a line to this writer's own journal → (journal's name, offset of the line)."""

    def sizes(self, folder: str) -> dict[str, int]:
        """All files under a folder with their sizes, in order of their names."""

    def tails(self, wanted: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int, bytes]]:
        """For each (name, offset): the bytes from there to the end."""

    def slice(self, name: str, start: int, end: int) -> bytes:
        """Bytes `start`..`end` of a file."""

    def close(self) -> None:
        """End the journal; the backend may be used again afterwards."""
