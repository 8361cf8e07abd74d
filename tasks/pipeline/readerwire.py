"""What passes between a run and its readers: frames on pipes, what is many in them as plain values.

Pickling thousands of dataclasses one by one costs thrice what their plain values do; marshalling these, which knows
nothing but plain values, a third of that.
"""

from __future__ import annotations

import marshal
import pickle
import struct
import traceback
from dataclasses import fields, replace
from decimal import Decimal
from itertools import starmap
from operator import attrgetter
from typing import Any

from tasks.errors import JibaoError
from tasks.load.body import Body
from tasks.model import Observation, Row
from tasks.pipeline.reading import Told, ToRead

LENGTH = struct.Struct("<Q")
READY = b"ready"  # a reader's first frame
_PROGRESS = [f.name for f in fields(Row)].index("progress")
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
    report = replace(told.report, rows=())
    if told.body is not None:
        body = told.body
        many: Any = (list(map(_plain_row, body.rows)), body.progress, body.observations, body.attainments)
        try:
            plain = marshal.dumps(many)
        except ValueError:  # a reader gave something that is nearly a text or number
            pass
        else:
            few = replace(body, rows=(), progress=(), observations=(), attainments=())
            return pickle.dumps((report, few, plain), pickle.HIGHEST_PROTOCOL)
    rows = list(map(_row_values, told.report.rows))
    observations = None if told.observations is None else list(map(_observation_values, told.observations))
    return pickle.dumps((report, rows, observations, told.body), pickle.HIGHEST_PROTOCOL)


def _plain_row(row: Row) -> tuple[Any, ...]:
    values = _row_values(row)
    progress = values[_PROGRESS]
    if progress is None:
        return values
    return (*values[:_PROGRESS], str(progress), *values[_PROGRESS + 1 :])


def _row_again(values: tuple[Any, ...]) -> Row:
    progress = values[_PROGRESS]
    if progress is not None:
        values = (*values[:_PROGRESS], Decimal(progress), *values[_PROGRESS + 1 :])
    return Row(*values)


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
    if len(found) == 3:
        report, few, plain = found
        rows, progress, observations, attainments = marshal.loads(plain)  # noqa: S302 - the same
        kept = tuple(map(_row_again, rows))
        body: Body = replace(few, rows=kept, progress=progress, observations=observations, attainments=attainments)
        return Told(replace(report, rows=kept), (), body)
    report, rows, observations, body_as_is = found
    return Told(
        replace(report, rows=tuple(starmap(Row, rows))),
        None if observations is None else tuple(starmap(Observation, observations)),
        body_as_is,
    )
