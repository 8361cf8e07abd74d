"""Working ahead: the next items are prepared, one after the other, while the present one is dealt with."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")


def ahead(prepare: Callable[[A], B], items: Sequence[A], depth: int = 2) -> Generator[tuple[A, Future[B]], None, None]:
    """Each item with its preparation, in order. At most `depth` items are prepared beyond the one that was given.

    Preparations run in one other thread, in order, never two at a time; what they raise, their futures raise. When the
    caller stops early no further one is begun, and the one that runs is waited for. `depth` 0 or a single item:
    everything happens in the caller's thread.
    """
    if depth <= 0 or len(items) < 2:
        for item in items:
            future: Future[B] = Future()
            try:
                future.set_result(prepare(item))
            except Exception as error:  # noqa: BLE001 - raised where the result is asked for
                future.set_exception(error)
            yield item, future
        return
    waiting: deque[tuple[A, Future[B]]] = deque()
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as pool:
        try:
            for item in items:
                # Loggers and runtimes keep their context in context variables.
                waiting.append((item, pool.submit(copy_context().run, prepare, item)))
                if len(waiting) > depth:
                    yield waiting.popleft()
            while waiting:
                yield waiting.popleft()
        finally:
            for _, left in waiting:
                left.cancel()
