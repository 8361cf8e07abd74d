"""The outline of prose: headings 一、 (一) 1. 一是 and what stands under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.model import Section, Warn
from tasks.read.page import Block


@dataclass(frozen=True, slots=True)
class Outline:
    """Sections in document order, and what was odd about their numbering."""

    sections: tuple[Section, ...]
    warnings: tuple[Warn, ...] = ()


def outline(text: str, start: int = 0) -> tuple[Section, ...]:
    """The sections of plain text; offsets are counted from `start`."""
    return ()


def outline_blocks(text: str, blocks: Sequence[Block]) -> Outline:
    """The outline of a page's kept blocks; `text` is page.text, spans are in it."""
    return Outline(())


def is_plan(titles: Sequence[str], text: str = "", year: int | None = None) -> bool:
    """Whether a section, given by its titles from the outermost in, tells what is intended."""
    return False
