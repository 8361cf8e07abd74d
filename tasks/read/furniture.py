"""Furniture: what a portal prints around and inside a disclosure that is not the disclosure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.model import Span, Warn
from tasks.read.page import Block


@dataclass(frozen=True, slots=True)
class Removed:
    """A span of page.text that was taken out, and why (`share`, `navigation`, `disclaimer`, `comments`, `copy`, …)."""

    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Stripped:
    """What is left, and what was taken out with its reasons."""

    blocks: tuple[Block, ...]
    removed: tuple[Removed, ...] = ()
    warnings: tuple[Warn, ...] = ()


def strip_furniture(blocks: Sequence[Block]) -> Stripped:
    """Blocks without furniture and without a second (mobile) copy of the prose."""
    return Stripped(tuple(blocks))
