"""Whether the texts of a flattened table hold the printed numbers of its rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from tasks.read.tables.cells import narrow
from tasks.read.tables.headings import Role

_NUMBER = re.compile(r"\(?\d{1,4}(?:-\d{1,3})?\)?[.、]?")
_DOTTED = re.compile(r"\d{1,2}\.\d{1,2}")


def lost_numbers(texts: Sequence[str], roles: Sequence[Role]) -> int | None:
    """The column of printed numbers where an extraction has lost them throughout (they were counted, not typed), None
    where it has not. `texts`: the cells, one after the other."""
    if Role.SEQ in roles and not _counted(texts, len(roles), beside_codes=Role.CODE in roles):
        return roles.index(Role.SEQ)
    return None


def _counted(texts: Sequence[str], width: int, *, beside_codes: bool) -> bool:
    """Whether enough of the texts count the rows: numbers that rise by one, or nothing but rising numbers."""
    flat = [narrow(text) for text in texts]
    plain = [text for text in flat if _NUMBER.fullmatch(text)]
    dotted = [text for text in flat if _DOTTED.fullmatch(text)]
    if _chain(dotted)[0] * width * 3 >= len(texts):
        return True
    if len(plain) * width * 3 < len(texts):
        return False
    chain, rising = _chain(plain)
    return chain * width * 3 >= len(texts) or (rising and not beside_codes)


def _chain(texts: Sequence[str]) -> tuple[int, bool]:
    """How many numbers are the next of those before them, and whether nearly all rise."""
    numbers = [tuple(map(int, re.findall(r"\d+", text))) for text in texts]
    last: tuple[int, ...] = (0,)
    chain = 0
    for number in numbers:
        if number in ((*last[:-1], last[-1] + 1), (last[0] + 1, 1)[: len(number)]) or set(number) == {1}:
            chain, last = chain + 1, number
    return chain, sum(one < two for one, two in pairwise(numbers)) * 10 >= (len(numbers) - 1) * 9
