"""What passes between a run and its readers: frames on pipes, rows and quantities as tuples in pickles.

Pickling thousands of dataclasses one by one costs thrice what their plain values do.
"""

from __future__ import annotations

import pickle
import struct
import traceback
from dataclasses import fields, replace
from itertools import starmap
from operator import attrgetter
from typing import Any

from tasks.errors import JibaoError
from tasks.model import Observation, Row
from tasks.pipeline.reading import Told, ToRead

LENGTH = struct.Struct("<Q")
READY = b"ready"  # a reader's first frame
_row_values = attrgetter(*(f.name for f in fields(Row)))
_observation_values = attrgetter(*(f.name for f in fields(Observation)))


class DefectInReader(Exception):
    """A defect of ours that was met in a reader and cannot be carried over as it is; says what it was."""


def frame(payload: bytes) -> bytes:
    """A payload with its length before it."""
    return LENGTH.pack(len(payload)) + payload


def pack_job(job: ToRead) -> bytes:
    """One question."""
    return pickle.dumps(job, pickle.HIGHEST_PROTOCOL)


def unpack_job(payload: bytes) -> ToRead:
    """The question again."""
    job: ToRead = pickle.loads(payload)  # noqa: S301 - from the run that started this reader
    return job


def pack_told(told: Told) -> bytes:
    """One answer."""
    rows = list(map(_row_values, told.report.rows))
    observations = None if told.observations is None else list(map(_observation_values, told.observations))
    return pickle.dumps((replace(told.report, rows=()), rows, observations), pickle.HIGHEST_PROTOCOL)


def pack_error(error: Exception) -> bytes:
    """An exception in place of an answer, with the way it came as a note."""
    if not isinstance(error, JibaoError):
        error.add_note("in a reader:\n" + "".join(traceback.format_exception(error)))
    try:
        payload = pickle.dumps(error, pickle.HIGHEST_PROTOCOL)
        pickle.loads(payload)  # noqa: S301 - just made; some exceptions can be packed and not unpacked
    except Exception:  # noqa: BLE001 - whatever an exception's own constructor wants
        payload = pickle.dumps(DefectInReader(f"{type(error).__name__}: {error}"), pickle.HIGHEST_PROTOCOL)
    return payload


def unpack_told(payload: bytes) -> Told:
    """The answer again; raises what the reader raised."""
    found: Any = pickle.loads(payload)  # noqa: S301 - from a process of ours that does what this one did before
    if isinstance(found, Exception):
        raise found
    report, rows, observations = found
    return Told(
        replace(report, rows=tuple(starmap(Row, rows))),
        None if observations is None else tuple(starmap(Observation, observations)),
    )
