"""Keys: hashes of what they name, the same on every machine and database."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence

import orjson

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# Where a number may stand that Python's json writes otherwise: 1e+16 and 1e-05 are 1e16 and 0.00001 to orjson.
_EXPONENT = re.compile(rb"e(?<=[0-9]e)")  # with its letter first, which is found ten times as fast
_SMALL = b"0.0000"
Part = str | int | float | bool | None | Sequence["Part"]


def key(*parts: Part) -> str:
    """96 bits of SHA-256 over the parts as JSON, 24 hexadecimal digits. Order and nesting count. Numbers are finite."""
    return digest(canonical(parts))


def digest(told: bytes) -> str:
    """The key that bytes have: 24 hexadecimal digits."""
    return hashlib.sha256(told).hexdigest()[:24]


def canonical(value: object) -> bytes:
    """The one byte form of a value of strings, finite numbers, nulls and sequences: the JSON of Python's own module.

    Keys in warehouses rest on these bytes, so they cannot change. Raises UnicodeEncodeError for half a surrogate pair.
    """
    try:
        told = orjson.dumps(value)
    except TypeError:  # half a surrogate pair, an integer beyond 64 bits
        return _ENCODER.encode(value).encode()
    return _ENCODER.encode(value).encode() if _SMALL in told or _EXPONENT.search(told) else told
