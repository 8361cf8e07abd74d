"""Texts between two rows of a flattened table: the remark of the one above, or the group that begins with the next."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from tasks.read.tables.align import GROUPING
from tasks.read.tables.cells import is_ordinal, narrow, ordinal_of
from tasks.read.tables.content import doneness
from tasks.read.tables.headings import Role, is_state

_MAY_NAME = re.compile(r"[^。;!?]{2,16}")
_FEW_WORDS = re.compile(r"(?:[^。;,!?\d%]|第\d+项){2,10}")
_LAST = (Role.REMARK, Role.UNKNOWN, Role.VERDICT)


def uncounted_groups(texts: Sequence[str], states: Sequence[int], roles: Sequence[Role]) -> list[int]:
    """The texts read as the names of groups though nothing counts them, where most of the others are counted (（一）…)
    and the table's last column may hold what they say."""
    if not _may_be_either(roles):
        return []
    groups = [i for i, state in enumerate(states) if state == 0 and not is_ordinal(narrow(texts[i]))]
    counted = [i for i in groups if _is_counted(texts, i)]
    return [i for i in groups if i not in counted] if len(counted) > 1 and len(counted) * 2 >= len(groups) else []


def between_rows(texts: Sequence[str], states: Sequence[int], roles: Sequence[Role]) -> list[int]:
    """The texts that may as well be the last cell of the row above as the first of the row below, or the name of a
    section between them."""
    width = len(roles)
    if roles[-1] in _LAST and roles[0] is Role.SEQ:
        named = [i for i, state in enumerate(states) if state == width + 1 and i and states[i - 1] < width - 1]
        return [i for i in named if not _is_counted(texts, i)]
    if not _may_be_either(roles):
        return []
    groups = [i for i, state in enumerate(states) if state == 0 and not is_ordinal(narrow(texts[i]))]
    if len(groups) > 1 and all(_is_counted(texts, i) for i in groups):
        return []
    # A group's name may come again; so may a remark, which no row has that ends before it.
    times = Counter(texts[i] for i in groups)
    sure = {texts[i] for i in groups if i and states[i - 1] >= width - 1}
    remarked = width - 1 in states
    again = {text for text, n in times.items() if n > 2 or (n > 1 and (text in sure or not remarked))}
    found: list[int] = []
    for i, state in enumerate(states):
        above = states[i - 1] if i else width - 1
        below = states[i + 1] if i + 1 < len(states) else 0
        alone = (state == 0 and 0 < above < width - 1) or (state == width - 1 and 0 < below < width - 1)
        if (
            i
            and alone
            and texts[i] not in again
            and not _is_counted(texts, i)
            and _MAY_NAME.fullmatch(narrow(texts[i]))
        ):
            found.append(i)
    return found


def perhaps_remarks(texts: Mapping[int, str], roles: Sequence[Role]) -> list[int]:
    """The columns of accounts whose text (`texts`: a row's, by column) may as well be the remark that the row lacks: a
    few words, neither a figure nor a state of the work."""
    if Role.REMARK not in roles or any(role is Role.REMARK and texts.get(i) for i, role in enumerate(roles)):
        return []
    told = {i: narrow(text) for i, text in texts.items() if roles[i] is Role.STATUS}
    return [i for i, flat in told.items() if _FEW_WORDS.fullmatch(flat) and not is_state(flat) and doneness(flat) <= 0]


def _may_be_either(roles: Sequence[Role]) -> bool:
    return len(roles) > 2 and roles[0] in GROUPING and roles[-1] in _LAST


def _is_counted(texts: Sequence[str], place: int) -> bool:
    return ordinal_of(texts[place]) is not None or (place > 0 and is_ordinal(narrow(texts[place - 1])))
