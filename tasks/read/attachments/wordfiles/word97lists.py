"""Styles and automatic numbering of binary Word files."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tasks.read.attachments.wordfiles.listnumbers import Level, ListNumbers
from tasks.read.attachments.wordfiles.word97 import LIST_OVERRIDES, LISTS, STYLES, Property, Streams, properties_of

_FORMS = {
    0: "decimal",
    1: "upperRoman",
    2: "lowerRoman",
    3: "upperLetter",
    4: "lowerLetter",
    10: "ideographDigital",
    11: "japaneseCounting",
    14: "decimalFullWidth",
    16: "japaneseLegal",
    18: "decimalEnclosedCircle",
    19: "decimalFullWidth2",
    22: "decimalZero",
    23: "bullet",
    26: "decimalEnclosedFullstop",
    27: "decimalEnclosedParen",
    28: "decimalEnclosedCircleChinese",
    30: "ideographTraditional",
    31: "ideographZodiac",
    33: "taiwaneseCounting",
    34: "ideographLegalTraditional",
    35: "taiwaneseCountingThousand",
    36: "taiwaneseDigital",
    37: "chineseCounting",
    38: "chineseLegalSimplified",
    39: "chineseCountingThousand",
    255: "none",
}
_TITLE = 62
_TAILS = {0: "tab", 1: "space", 2: "nothing"}


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: its parent's index, its own modifiers of paragraphs and of runs; `title`: the built-in one."""

    parent: int | None
    properties: tuple[Property, ...]
    title: bool = False


def styles_of(streams: Streams) -> dict[int, Style]:
    """Index → style. A damaged sheet of styles gives fewer: they only decorate."""
    packed = streams.part(STYLES)
    found: dict[int, Style] = {}
    if len(packed) < 6:
        return found
    size, count, base = struct.unpack_from("<HHH", packed)
    at = 2 + size
    for index in range(count):
        if at + 2 > len(packed):
            break
        (length,) = struct.unpack_from("<H", packed, at)
        entry = packed[at + 2 : at + 2 + length]
        at += 2 + length
        style = _style(entry, base, streams.data)
        if style is not None:
            found[index] = style
    return found


def _style(entry: bytes, base: int, data: bytes) -> Style | None:
    if len(entry) < base + 2 or base < 6:
        return None
    kind, parent = entry[2] & 0x0F, struct.unpack_from("<H", entry, 2)[0] >> 4
    (letters,) = struct.unpack_from("<H", entry, base)
    at = base + 2 + 2 * letters + 2
    if kind != 1 or at + 2 > len(entry):
        return None
    (size,) = struct.unpack_from("<H", entry, at)
    found = list(properties_of(entry[at + 4 : at + 2 + size], data))
    at += 2 + size + size % 2
    if at + 2 <= len(entry):
        (size,) = struct.unpack_from("<H", entry, at)
        found.extend(properties_of(entry[at + 2 : at + 2 + size], data))
    title = struct.unpack_from("<H", entry)[0] & 0x0FFF == _TITLE
    return Style(None if parent == 0xFFF else parent, tuple(found), title)


def inherited(style: int, styles: dict[int, Style]) -> tuple[Property, ...]:
    """The modifiers of a style and its ancestors, the nearest last."""
    chain: list[tuple[Property, ...]] = []
    seen: set[int] = set()
    at: int | None = style
    while at is not None and at in styles and at not in seen:
        seen.add(at)
        chain.append(styles[at].properties)
        at = styles[at].parent
    return tuple(found for properties in reversed(chain) for found in properties)


def lists_of(streams: Streams) -> ListNumbers:
    """The lists by their override index, as paragraphs name them. Damage costs numbers, not text."""
    try:
        kinds = dict(_kinds(streams))
        return _overridden(streams, kinds)
    except struct.error:
        return ListNumbers({})


def _kinds(streams: Streams) -> Iterator[tuple[int, dict[int, Level]]]:
    offset, size = streams.place(LISTS)
    packed = streams.table[offset:]
    if size < 2:
        return
    (count,) = struct.unpack_from("<h", packed)
    # The levels of all lists follow the array, beyond its declared length.
    at = 2 + 28 * count
    for index in range(count):
        (identity,) = struct.unpack_from("<i", packed, 2 + 28 * index)
        simple = packed[2 + 28 * index + 26] & 1
        levels = {}
        for depth in range(1 if simple else 9):
            levels[depth], at = _level(packed, at)
        yield identity, levels


def _level(packed: bytes, at: int) -> tuple[Level, int]:
    start, form, flags = struct.unpack_from("<iBB", packed, at)
    follow = packed[at + 15]
    characters, paragraphs, limit = struct.unpack_from("<BBB", packed, at + 24)
    at += 28 + characters + paragraphs
    (letters,) = struct.unpack_from("<H", packed, at)
    pattern = packed[at + 2 : at + 2 + 2 * letters].decode("utf-16-le", "replace")
    shown = "".join(f"%{ord(c) + 1}" if ord(c) < 9 else c for c in pattern)
    restart = limit if flags & 0x08 else None
    level = Level(start, _FORMS.get(form, "decimal"), shown, restart, _TAILS.get(follow, "tab"))
    return level, at + 2 + 2 * letters


def _overridden(streams: Streams, kinds: dict[int, dict[int, Level]]) -> ListNumbers:
    packed = streams.part(LIST_OVERRIDES)
    if len(packed) < 4:
        return ListNumbers({})
    (count,) = struct.unpack_from("<i", packed)
    levels: dict[str, dict[int, Level]] = {}
    counter: dict[str, str] = {}
    at = 4 + 16 * count
    for index in range(count):
        (identity,) = struct.unpack_from("<i", packed, 4 + 16 * index)
        overrides = packed[4 + 16 * index + 12]
        key = str(index + 1)
        levels[key] = dict(kinds.get(identity, {}))
        if not overrides:
            counter[key] = f"list {identity}"
        at += 4
        for _ in range(overrides):
            start, flags = struct.unpack_from("<iI", packed, at)
            depth = flags & 0x0F
            at += 8
            if flags & 0x20:
                levels[key][depth], at = _level(packed, at)
            elif flags & 0x10 and depth in levels[key]:
                old = levels[key][depth]
                levels[key][depth] = Level(start, old.form, old.pattern, old.restart, old.tail)
    return ListNumbers(levels, counter)
