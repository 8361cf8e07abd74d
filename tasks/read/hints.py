"""What the caller knows about a document before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tasks.model import Period
from tasks.periods import Neighbour


@dataclass(frozen=True, slots=True)
class ReadHints:
    """All optional. `title`: as listed. `period`: as asked for; contradictions are warned of, not corrected.

    `columns`: a source's own headings → the column each means (`seq`, `category`, `content`, `units`, `status`,
    `progress`, or `remark` to ignore it). `neighbours`: the source's other documents.
    """

    publisher: str | None = None
    title: str | None = None
    period: Period | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    neighbours: tuple[Neighbour, ...] = ()
