"""The ways in which a row of headings may be meant where its wording leaves it open: roles, and levels of headings.

Texts without markup lose which heading stands above which, and wording alone does not say whether 形象进度 is a rate or
a state in words. Each way is a proposal; what stands below the headings decides between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tasks.model import Span
from tasks.read.page import Cell
from tasks.read.tables.headings import Role, claim, heading_role, is_window, may_group, may_head, roles_of, squeeze

_COUNTS = re.compile(r"\d月|[数量额值]$")
_SHARE = re.compile(r"占|为年")  # a share of the plan (占年度计划)
_TARGET = re.compile(r"目标|任务")
_PART_OF_YEAR = re.compile(r"季度|\d月|月度|阶段|节点|安排|举措|措施|投资|资金")
_OPEN = (Role.UNKNOWN, Role.PLAN)  # headings that say little by themselves
_SHARED = (Role.UNITS, Role.STATUS, Role.PROGRESS, Role.AMOUNT)  # headings of which there may be several columns
TIMELESS = (Role.UNITS, Role.LEADER, Role.SEQ, Role.CATEGORY, Role.CODE)  # no times stand below these
_OF_AMOUNTS = frozenset((Role.AMOUNT, Role.PLAN, Role.STATUS, Role.PROGRESS))  # 投资情况: planned, made, the share
_ONE_SUM = re.compile(r"总|计划|概算|累计")  # what an amount by itself is headed
_MOST_BELOW = 6


@dataclass(frozen=True, slots=True)
class Layout:
    """For each column the numbers of its headings in the printed sequence, the upper level first."""

    columns: tuple[tuple[int, ...], ...]

    @classmethod
    def flat(cls, count: int) -> Layout:
        """One level, a heading a column."""
        return cls(tuple((number,) for number in range(count)))

    @property
    def depth(self) -> int:
        """How many levels there are."""
        return max(map(len, self.columns))

    def names(self, texts: Sequence[str]) -> list[str]:
        """The heading of each column, levels joined with `/`."""
        return ["/".join(texts[number] for number in numbers) for numbers in self.columns]

    def levels(self, texts: Sequence[str]) -> list[list[str]]:
        """The heading of each column on each level; blank where a column has none there."""
        return [[texts[n[level]] if level < len(n) else "" for n in self.columns] for level in range(self.depth)]

    def cells(self, texts: Sequence[str], places: Sequence[Span]) -> list[tuple[Cell, ...]]:
        """The heading rows as a grid with its merged cells."""
        rows: list[tuple[Cell, ...]] = []
        for level in range(self.depth):
            row: list[Cell] = []
            for column, numbers in enumerate(self.columns):
                number = numbers[min(level, len(numbers) - 1)]
                covered = level >= len(numbers) or (column > 0 and number in self.columns[column - 1])
                row.append(Cell(texts[number], *places[number], covered))
            rows.append(tuple(row))
        return rows


def meanings(headings: Sequence[str], aliases: Mapping[str, str] | None = None) -> list[tuple[Role, ...]]:
    """The roles that the headings may have, the plainest first."""
    roles = roles_of(headings, aliases)
    names = [i for i, role in enumerate(roles) if role is Role.NAME]
    if names and not {Role.CONTENT, Role.INDICATOR} & set(roles):
        roles[names[0] if Role.CATEGORY in roles else names[-1]] = Role.CONTENT
    ways = [tuple(roles)]
    contents = [i for i, role in enumerate(roles) if role is Role.CONTENT]
    if len(contents) == 1:
        for i, role in enumerate(roles):
            leaf = headings[i].rsplit("/", 1)[-1]
            if role is Role.PLAN and i > contents[0] and _TARGET.search(leaf) and not _PART_OF_YEAR.search(leaf):
                swapped = list(roles)
                swapped[contents[0]], swapped[i] = Role.NAME, Role.CONTENT
                ways.append(tuple(swapped))
                break
    if contents and not {Role.CATEGORY, Role.NAME} & set(roles):
        unknown = [i for i in range(contents[0]) if roles[i] is Role.UNKNOWN and may_group(headings[i])]
        ways += [tuple(Role.CATEGORY if i == one else role for i, role in enumerate(roles)) for one in unknown[:1]]
    counted = [i for i, role in enumerate(roles) if role is Role.STATUS and _COUNTS.search(squeeze(headings[i]))]
    if counted:
        plain = list(ways[0])
        for i, role in enumerate(plain):
            if i in counted or (role is Role.PLAN and _COUNTS.search(squeeze(headings[i]))):
                plain[i] = Role.AMOUNT
        ways.append(tuple(plain))
    shares = [i for i, role in enumerate(roles) if role is Role.PLAN and _SHARE.match(headings[i].rsplit("/", 1)[-1])]
    for way in list(ways) if shares else ():
        ways.append(tuple(Role.PROGRESS if i in shares else role for i, role in enumerate(way)))
    rates = [i for i, role in enumerate(roles) if role is Role.PROGRESS and not squeeze(headings[i]).endswith("%")]
    for way in list(ways):
        if Role.STATUS not in way:
            ways += [tuple(Role.STATUS if i == rate else role for i, role in enumerate(way)) for rate in rates]
    return ways


def is_below(texts: Sequence[str], aliases: Mapping[str, str] | None = None) -> bool:
    """Whether a line may hold the lower level of headings: short names, one of which is a heading by itself."""
    filled = [text for text in texts if text.strip()]
    if not filled or not all(may_head(text) and len(squeeze(text)) <= 12 for text in filled):
        return False
    return any(may_stand_below(text, aliases) for text in filled)


_BESIDE_ALL = frozenset(("备注", "附注", "备 注"))


def may_stand_below(text: str, aliases: Mapping[str, str] | None = None) -> bool:
    """Whether a text is a heading by itself, or a time that columns below one heading are told apart by."""
    return heading_role(text, aliases) is not Role.UNKNOWN or is_window(text)


def nested(
    texts: Sequence[str], uppers: int, aliases: Mapping[str, str] | None = None, *, known: bool = False
) -> Iterator[Layout]:
    """The layouts in which the headings behind the first `uppers` stand below one or two of those.

    Where some upper heading says by itself what lower ones say (牵头单位 below 责任分工), only those are proposed.
    `known`: every lower one must be a heading by itself, for where nothing else tells it from a cell, and none a column
    of remarks: those stand beside all others, and what is behind 备注 is a cell.
    """
    if known and not all(may_stand_below(text, aliases) and text not in _BESIDE_ALL for text in texts[uppers:]):
        return
    found = list(_nested(texts, uppers, aliases))
    yield from [layout for layout, plain in found if plain] or [layout for layout, _ in found]


def _nested(texts: Sequence[str], uppers: int, aliases: Mapping[str, str] | None) -> Iterator[tuple[Layout, bool]]:
    below = list(range(uppers, len(texts)))
    if not 2 <= len(below) <= 2 * _MOST_BELOW:
        return
    for first in range(uppers):
        if _holds(texts[first], [texts[n] for n in below], aliases):
            yield _layout(uppers, {first: below}), _says(texts[first], [texts[n] for n in below], aliases)
        for second in range(first + 1, uppers):
            for cut in range(2, len(below) - 1):
                parts = {first: below[:cut], second: below[cut:]}
                if all(_holds(texts[upper], [texts[n] for n in part], aliases) for upper, part in parts.items()):
                    said = (_says(texts[upper], [texts[n] for n in part], aliases) for upper, part in parts.items())
                    yield _layout(uppers, parts), all(said)


def _layout(uppers: int, parts: Mapping[int, Sequence[int]]) -> Layout:
    columns: list[tuple[int, ...]] = []
    for number in range(uppers):
        columns += [(number, lower) for lower in parts[number]] if number in parts else [(number,)]
    return Layout(tuple(columns))


def _holds(upper: str, below: Sequence[str], aliases: Mapping[str, str] | None) -> bool:
    """Whether a heading may stand above others: it says nothing by itself, or what they say."""
    roles = {claim(f"{upper}/{lower}", aliases).role for lower in below}
    own = claim(upper, aliases).role
    if own in TIMELESS and any(map(is_window, below)):
        return False
    if own is Role.UNITS and any(claim(lower, aliases).role is Role.REMARK for lower in below):
        return False
    if own is Role.AMOUNT and roles <= _OF_AMOUNTS and not _ONE_SUM.match(squeeze(upper)):
        return True
    return Role.UNKNOWN not in roles and (own in _OPEN or (own in _SHARED and own in roles))


def _says(upper: str, below: Sequence[str], aliases: Mapping[str, str] | None) -> bool:
    own = claim(upper, aliases).role
    if own is Role.STATUS and all(map(is_window, below)):
        return True
    return own in {claim(lower, aliases).role for lower in below} - {Role.UNKNOWN}
