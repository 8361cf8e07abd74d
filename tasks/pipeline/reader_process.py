"""The process of one reader: reads what comes down its standard input until that ends. Started by `readers`."""

from __future__ import annotations

import os
from typing import BinaryIO

from tasks.pipeline.collector import relaxed_collector
from tasks.pipeline.readerwire import LENGTH, READY, frame, pack_error, pack_told, unpack_job
from tasks.pipeline.reading import read_here


def main() -> None:
    """Serve the process that holds the other ends of the pipes."""
    questions = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # A library that prints must not be taken for an answer, nor one that reads take a question.
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    with relaxed_collector():
        answers.write(frame(READY))
        answers.flush()
        while (payload := _next(questions)) is not None:
            answers.write(frame(_answer(payload)))
            answers.flush()


def _answer(payload: bytes) -> bytes:
    try:
        return pack_told(read_here(unpack_job(payload)))
    except Exception as error:  # noqa: BLE001 - raised again where the question came from
        return pack_error(error)


def _next(questions: BinaryIO) -> bytes | None:
    """The next question; None where the run has ended."""
    head = questions.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
    payload = questions.read(size)
    return payload if len(payload) == size else None
