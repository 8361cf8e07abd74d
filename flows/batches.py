"""What one task run takes on, and what it has come to so far. Plain Python: no Prefect here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tasks.config import Source
from tasks.pipeline.job import Candidate

BATCH = 50
T = TypeVar("T")


class SoFar(Generic[T]):
    """What a task run has come to, part by part, kept over its retries: what is done is not done again.

    Sources share a task run and still fail one by one. Not a collection: Prefect looks into those.
    """

    def __init__(self) -> None:
        self.results: dict[str, T] = {}
        self.errors: dict[str, Exception] = {}

    def attempt(self, part: str, step: Callable[[], T]) -> T | None:
        """Do a part that is not done yet; None where it failed (or was done before)."""
        if part in self.results:
            return None
        try:
            self.results[part] = step()
        except Exception as error:  # noqa: BLE001 - raised by `settle`, told of its own part
            self.errors[part] = error
            return None
        self.errors.pop(part, None)
        return self.results[part]

    def settle(self) -> None:
        """Raise what a part failed with, so that Prefect tries again."""
        for error in self.errors.values():
            raise error


@dataclass(frozen=True, slots=True)
class Slice:
    """Candidates of one source that are taken in one go: `first` of `total`, counted from 1."""

    source: Source
    candidates: tuple[Candidate, ...]
    first: int
    total: int

    @property
    def place(self) -> str:
        """`gongshu 1-50 of 120`."""
        return f"{self.source.id} {self.first}-{self.first + len(self.candidates) - 1} of {self.total}"


def slices(source: Source, candidates: Sequence[Candidate], size: int = BATCH) -> list[Slice]:
    """Candidates in runs of at most `size`, in order."""
    return [
        Slice(source, tuple(candidates[at : at + size]), at + 1, len(candidates))
        for at in range(0, len(candidates), size)
    ]


def grouped(items: Sequence[T], weight: Callable[[T], int], most: int, tasks: int) -> list[list[T]]:
    """Items in groups of at most `most` by weight (a heavier one stands alone), in order; smaller ones where there
    would be fewer than `tasks` groups, so that the slow ones do not queue behind each other."""
    limit = min(most, -(-sum(map(weight, items)) // max(tasks, 1)))
    groups: list[list[T]] = []
    filled = 0
    for item in items:
        if not groups or filled + weight(item) > limit:
            groups.append([])
            filled = 0
        groups[-1].append(item)
        filled += weight(item)
    return groups
