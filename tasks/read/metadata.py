"""The metadata of a page: its block in all layouts, head tags, title, publisher, index number, dates."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.model import Kind, Meta, Span, Warn
from tasks.read.page import Page


@dataclass(frozen=True, slots=True)
class MetaReading:
    """`meta` without kind and period (see `kind_of`, `find_period`); `spans` of page.text that were metadata."""

    meta: Meta
    warnings: tuple[Warn, ...] = ()
    spans: tuple[Span, ...] = ()


def read_metadata(page: Page, *, url: str | None = None, title: str | None = None) -> MetaReading:
    """Read title, publisher, index number, document number and dates. `title`: the listed one, used if none printed."""
    return MetaReading(Meta(url=url, title=title))


def normalise_index_number(text: str) -> str:
    """The comparison form of an 索引号: no hyphen in the organisation code, serial padded to five digits."""
    return text


def kind_of(title: str | None, text: str, headings: tuple[str, ...] = ()) -> Kind:
    """What sort of disclosure it is. `headings`: those of the table that holds the rows, empty where there is none."""
    return Kind.OTHER
