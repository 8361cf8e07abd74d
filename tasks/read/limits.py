"""How much one document may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on reading one file. Seconds are wall and CPU time each; sizes are bytes.

    `memory_bytes` is what reading may take beyond an idle reader.

    `ratio` holds only beyond `ratio_from_bytes`: small repetitive sheets pack a hundredfold without malice.
    """

    seconds: float = 60.0
    cpu_seconds: int = 60
    memory_bytes: int = 1024 << 20
    output_bytes: int = 64 << 20
    unpacked_bytes: int = 400 << 20
    ratio: float = 250.0
    ratio_from_bytes: int = 16 << 20
    members: int = 10_000
    cells: int = 2_000_000
    pages: int = 1_500
