"""Styles and automatic numbering of OpenDocument texts: what the text itself does not say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tasks.read.attachments.wordfiles.listnumbers import Level, ListNumbers

_FORMS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一, 二, 三, ...": "chineseCounting",
    "壹, 贰, 叁, ...": "chineseLegalSimplified",
    "壹, 貳, 參, ...": "ideographLegalTraditional",
    "①, ②, ③, ...": "decimalEnclosedCircle",
    "甲, 乙, 丙, ...": "ideographTraditional",
    "子, 丑, 寅, ...": "ideographZodiac",
    "１, ２, ３, ...": "decimalFullWidth",
    "〇, 一, 二, ...": "ideographDigital",
    "": "none",
}
_PLACEHOLDER = re.compile("%([0-9]+)%")
_POINTS = re.compile(r"(\d+(?:\.\d+)?)pt")
_TITLES = frozenset({"title", "标题", "文章标题", "公文标题"})
_TAILS = {"listtab": "tab", "space": "space", "nothing": "nothing"}


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    parent: str | None
    centred: bool | None
    size: int | None  # half points
    hidden: bool
    list_name: str | None


@dataclass
class Styles:
    """The document's styles, and the counters of its lists."""

    numbers: ListNumbers
    _named: dict[tuple[str, str], _Style] = field(default_factory=dict)

    @classmethod
    def of(cls, roots: Iterable[Any]) -> Styles:
        """From the sheets of styles below the roots of the package's parts."""
        named: dict[tuple[str, str], _Style] = {}
        lists: dict[str, dict[int, Level]] = {}
        for root in roots:
            for sheet in root.iterfind("{*}*"):
                for entry in sheet.iterfind("{*}style"):
                    named[attribute(entry, "family") or "", attribute(entry, "name") or ""] = _style(entry)
                for entry in sheet.iterfind("{*}list-style"):
                    lists[attribute(entry, "name") or ""] = dict(_levels(entry))
        return cls(ListNumbers(lists), named)

    def _chain(self, family: str, name: str | None) -> Iterator[_Style]:
        seen: set[str] = set()
        while name and name not in seen and (family, name) in self._named:
            seen.add(name)
            yield self._named[family, name]
            name = self._named[family, name].parent

    def is_title(self, name: str | None) -> bool:
        """Whether a paragraph's style, or the one that it dresses, is that of titles."""
        return any(style.name.casefold() in _TITLES for style in list(self._chain("paragraph", name))[:2])

    def is_centred(self, name: str | None) -> bool:
        """Whether paragraphs of a style are centred."""
        return next((s.centred for s in self._chain("paragraph", name) if s.centred is not None), False)

    def size(self, family: str, name: str | None) -> int:
        """The size of a style's type in half points; 0 where it says none."""
        return next((style.size for style in self._chain(family, name) if style.size), 0)

    def is_hidden(self, name: str | None) -> bool:
        """Whether a run's style hides it."""
        return any(style.hidden for style in self._chain("text", name))

    def list_of(self, name: str | None) -> str | None:
        """The list that a paragraph's style numbers with."""
        return next((style.list_name for style in self._chain("paragraph", name) if style.list_name), None)


def attribute(element: Any, name: str) -> str | None:
    """An attribute by its local name."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def _style(entry: Any) -> _Style:
    aligned = size = None
    hidden = False
    for properties in entry.iterfind("{*}paragraph-properties"):
        aligned = attribute(properties, "text-align")
    for properties in entry.iterfind("{*}text-properties"):
        sizes = [_POINTS.fullmatch(attribute(properties, key) or "") for key in ("font-size", "font-size-asian")]
        size = max((round(2 * float(found[1])) for found in sizes if found), default=None)
        hidden = attribute(properties, "display") == "none"
    return _Style(
        (attribute(entry, "display-name") or attribute(entry, "name") or "").replace("_20_", " "),
        attribute(entry, "parent-style-name"),
        None if aligned is None else aligned == "center",
        size,
        hidden,
        attribute(entry, "list-style-name"),
    )


def _levels(entry: Any) -> Iterator[tuple[int, Level]]:
    for level in entry:
        depth, start = attribute(level, "level") or "", attribute(level, "start-value") or "1"
        if not depth.isdigit() or not start.isdigit():
            continue
        form = attribute(level, "num-format") if level.tag.endswith("-number") else ""
        shown = attribute(level, "num-list-format")
        if shown is None:
            before, after = attribute(level, "num-prefix") or "", attribute(level, "num-suffix") or ""
            shown = f"{before}%{depth}%{after}"
        followed = next(
            (attribute(one, "label-followed-by") for one in level.iter("{*}list-level-label-alignment")), ""
        )
        pattern = _PLACEHOLDER.sub(r"%\1", shown)
        tail = _TAILS.get(followed or "", "tab")
        yield int(depth) - 1, Level(int(start), _FORMS.get(form or "", "decimal"), pattern, None, tail)
