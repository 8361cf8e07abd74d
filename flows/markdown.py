"""Portal text as inert markdown, for Prefect's artifacts: never relying on the UI's own sanitiser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~$])")
_KEY = re.compile(r"[^a-z0-9-]+")


def plain(text: object, limit: int = 300) -> str:
    """Portal text as inert markdown on one line: no markup, no table breaks, no HTML."""
    line = " ".join(str("" if text is None else text).split())
    if len(line) > limit:
        line = line[: limit - 1] + "…"
    return _MARKDOWN.sub(r"\\\1", line).replace("\\<", "&lt;").replace("\\>", "&gt;")


def key(*parts: str) -> str:
    """An artifact key: Prefect takes `[a-z0-9-]` only."""
    return _KEY.sub("-", "-".join(parts).lower()).strip("-") or "artifact"


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(plain(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)
