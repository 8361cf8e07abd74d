"""What the cell of a promise holds besides it, where the table has no column for that: its number, its bodies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.read.tables.cells import read_units, units_likeness
from tasks.read.tables.columns import Columns
from tasks.read.tables.drafted import Draft
from tasks.read.tables.headings import Role

_IN_BRACKETS = re.compile(
    r"[(（【\[]([^()（）【】\[\]]*(?:[(（][^()（）]*[)）][^()（）【】\[\]]*)*)[)）】\]]\s*[。.;;]?\s*$"
)
_UNIT_LABEL = re.compile(r"^(?:牵头|责任|主办|承办|实施|落实|主要)(?:单位|部门|科室|领导单位)?\s*[:：]\s*")
_NUMBERED = re.compile(r"\s*(\d{1,3})\s*(?:[、．]|\.(?!\d))\s*(?=\S)")
_PLACE = re.compile(r"(?:街道|[镇乡村]|社区|[县区市旗]|园区|开发区)$")
_BODIES = 0.6  # how much the text in brackets looks like a list of bodies
_LIKE_THE_OTHERS = 0.4  # the same where the other promises of the table end with such a list
_MOST = 0.6  # the share of promises that end with such a list, for brackets to be the table's way to tell them
_FEW = 3  # promises below which numbers and brackets may be chance


@dataclass(frozen=True, slots=True)
class Within:
    """Which of the two a table's promises hold."""

    numbers: bool
    bodies: bool

    def split(self, content: str) -> tuple[str | None, str, str]:
        """A cell → its number, the promise, its bodies (as printed)."""
        number, bodies = None, ""
        if self.numbers and (found := _NUMBERED.match(content)):
            number, content = found[1], content[found.end() :]
        if self.bodies and (told := bodies_in_brackets(content, like_others=True)):
            content, bodies = told
        return number, content, bodies


def within(columns: Columns, drafts: Sequence[Draft]) -> Within:
    """What the promises of a table hold. Numbers count them one after the other, from 1 on in each part."""
    told = [draft.texts[columns.content] for draft in drafts if draft.texts[columns.content].strip()]
    if len(told) < _FEW:
        return Within(False, False)
    seq = columns.seq is None and Role.CODE not in columns.roles and _count(told)
    return Within(seq, columns.units is None and _tell_bodies(told))


def _tell_bodies(told: Sequence[str]) -> bool:
    """Whether promises end with the bodies that answer for them, and not with the places that they are for."""
    found = [split[1] for text in told if (split := bodies_in_brackets(text)) is not None]
    answering = [bodies for bodies in found if not all(_PLACE.search(name) for name in read_units(bodies))]
    return is_the_way(len(found), len(told)) and len(answering) * 2 >= len(found)


def _count(told: Sequence[str]) -> bool:
    found = [_NUMBERED.match(text) for text in told]
    numbers = [int(number[1]) for number in found if number is not None]
    steps = [below - above for above, below in pairwise(numbers)]
    return (
        len(numbers) == len(told)
        and all(step == 1 or below == 1 for step, below in zip(steps, numbers[1:], strict=True))
        and sum(step == 1 for step in steps) * 2 >= len(steps)
    )


def is_the_way(told: int, promises: int) -> bool:
    """Whether enough promises of a table end with bodies in brackets for that to be how it tells them."""
    return promises >= _FEW and told >= _MOST * promises


def bodies_in_brackets(text: str, *, like_others: bool = False) -> tuple[str, str] | None:
    """`开工学校10所(区教育局、区住建局)` → the promise and its bodies; None where the last brackets hold none.
    `like_others`: the other promises end with bodies, so that what may be one (信息中心) is one here."""
    brackets = _IN_BRACKETS.search(text)
    if brackets is None:
        return None
    inner = brackets.group(1).strip()
    named = _UNIT_LABEL.match(inner)
    if named is None and units_likeness(inner) < (_LIKE_THE_OTHERS if like_others else _BODIES):
        return None
    promise = text[: brackets.start()].rstrip()
    return (promise, inner[named.end() :] if named else inner) if promise else None
