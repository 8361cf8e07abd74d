"""The sources of a run shared out over task runs: listings first, documents as soon as their listing is read.

Readers and portals so have work while other listings are still asked for. Sources fail one by one, never together.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from queue import SimpleQueue

from prefect.futures import PrefectFuture

from flows import steps
from flows.artifacts import Progress
from flows.batches import BATCH, Slice, SoFar, grouped, slices
from tasks.config import Source
from tasks.pipeline.job import Job
from tasks.pipeline.process import Survey, stopped
from tasks.pipeline.run import WORKERS
from tasks.pipeline.summary import DocumentOutcome
from tasks.pipeline.workplace import Workplace

_MOST_SOURCES = 10  # whose listings one task run reads
_LEAST_TASKS = 3 * WORKERS  # before sources share a task run: a slow one then holds up few others

Outcomes = tuple[DocumentOutcome, ...]


class Sharing:
    """Call `done` once, in the flow's own thread: what task runs come to is taken in there, one after the other."""

    def __init__(self, work: Workplace, sources: Sequence[Source], job: Job, run_id: str) -> None:
        self._work, self._sources, self._job, self._run_id = work, sources, job, run_id
        self._progress = Progress(sources, f"{job.kind} {job.label or 'due'}")
        self._waiting = deque(grouped(sources, lambda _: 1, _MOST_SOURCES, _LEAST_TASKS))
        self._ended: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._running = 0
        self._surveys: dict[str, Survey | Exception] = {}
        self._outcomes: dict[str, list[DocumentOutcome]] = {source.id: [] for source in sources}

    def done(self) -> list[tuple[Source, Survey | Exception, list[DocumentOutcome]]]:
        """Each source with its survey, or with what kept it from being made, and the outcomes of its candidates."""
        for _ in range(WORKERS):  # no more at once: a later one would stand before documents that could be read
            self._survey()
        while self._running:
            self._ended.get()()
            self._running -= 1
            self._progress.tell()
        self._progress.complete()
        return [(source, self._surveys[source.id], self._outcomes[source.id]) for source in self._sources]

    def _survey(self) -> None:
        if not self._waiting:
            return
        group, found = self._waiting.popleft(), SoFar[Survey]()
        place = _names(source.id for source in group)
        future = steps.survey.submit(self._work, group, self._job, self._run_id, place, found)
        self._awaited(future, partial(self._surveyed, group, found))

    def _surveyed(self, group: list[Source], found: SoFar[Survey], ended: object) -> None:
        parts: list[Slice] = []
        for source in group:
            seen = found.results.get(source.id)
            candidates = seen.candidates if seen else ()
            self._surveys[source.id] = seen or _error(found.errors.get(source.id) or ended)
            self._progress.expect(source, len(candidates))
            parts += slices(source, candidates)
        for batch in grouped(parts, lambda part: len(part.candidates), BATCH, 1):
            self._process(batch)
        self._survey()

    def _process(self, batch: list[Slice]) -> None:
        found: SoFar[Outcomes] = SoFar()
        place = batch[0].place if len(batch) == 1 else _names(part.source.id for part in batch)
        future = steps.process.submit(self._work, batch, self._job, self._run_id, place, found)
        self._awaited(future, partial(self._processed, batch, found))

    def _processed(self, batch: list[Slice], found: SoFar[Outcomes], ended: object) -> None:
        for part in batch:
            result = found.results.get(part.place)
            if result is None:
                result = (stopped(part.source, _error(found.errors.get(part.place) or ended)),)
            self._outcomes[part.source.id] += result
            self._progress.advance(part.source, len(part.candidates))

    def _awaited(self, future: PrefectFuture[None], take: Callable[[object], None]) -> None:
        """`take` is called by `done` with what the task run came to, or ended with."""
        self._running += 1
        future.add_done_callback(lambda one: self._ended.put(lambda: take(one.result(raise_on_failure=False))))


def _names(ids: Iterable[str]) -> str:
    """`gongshu`, `gongshu, xihu`, `gongshu, xihu and 4 more`."""
    told = list(ids)
    return ", ".join(told) if len(told) <= 3 else f"{', '.join(told[:2])} and {len(told) - 2} more"


def _error(value: object) -> Exception:
    return value if isinstance(value, Exception) else RuntimeError(repr(value))
