"""Keys: hashes of what they name, the same on every machine and database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
Part = str | int | float | bool | None | Sequence["Part"]


def key(*parts: Part) -> str:
    """96 bits of SHA-256 over the parts as JSON, 24 hexadecimal digits. Order and nesting count."""
    return digest(canonical(parts))


def digest(told: bytes) -> str:
    """The key that bytes have: 24 hexadecimal digits."""
    return hashlib.sha256(told).hexdigest()[:24]


def canonical(value: object) -> bytes:
    """The one byte form of a value of strings, numbers, nulls and sequences."""
    return _ENCODER.encode(value).encode()
