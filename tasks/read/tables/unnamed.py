"""Columns whose headings no rule knows, or none that fits: roles by what stands below them and by what is left over."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tasks.model import Warn
from tasks.read.tables.content import Profile
from tasks.read.tables.headings import Claim, Role, is_window, window
from tasks.read.tables.statuses import has_role, is_due

_PLACE = re.compile(r"地点|地址|位置|选址|所在|坐落")
PROMISES = (Role.CONTENT, Role.NAME, Role.INDICATOR)
_NOT_TOLD = re.compile(r"备注|附注|下一?步|下阶段|打算|计划|安排|依据|来源|要求|标准")
_LEAST_ACCOUNT = 4.0  # characters; a column of less on average tells nothing of the works
_TOLD, _PLAINLY = 0.3, 0.4  # `doneness` of a column of accounts, and by how much it leads the next


def windows_told(
    headings: Sequence[str], claims: Sequence[Claim], profiles: Sequence[Profile], warnings: list[Warn]
) -> list[Claim]:
    """The claims with a status for each quarter or month that is a heading by itself (一季度, 二季度) and tells of work
    done, where no heading names a status: the newest of them will be it. A later one that may tell that or what is
    planned is said (`columns_uncertain`)."""
    open_ones = [
        i
        for i, c in enumerate(claims)
        if c.role is Role.UNKNOWN and is_window(headings[i]) and profiles[i].filled > 1
        if profiles[i].length >= _LEAST_ACCOUNT and profiles[i].percents < 0.5
    ]
    told = [i for i in open_ones if profiles[i].doneness > _TOLD]
    if len(open_ones) < 2 or not told or has_role(claims, Role.STATUS):
        return list(claims)
    newest = max(window(headings[i]) for i in told)
    later = [headings[i] for i in open_ones if window(headings[i]) > newest and profiles[i].doneness > -_TOLD]
    if later:
        warnings.append(Warn("columns_uncertain", f"{'、'.join(later)}: what was done, or what is planned"))
    return [Claim(Role.STATUS, 2) if i in told else c for i, c in enumerate(claims)]


def fill_gaps(
    headings: Sequence[str], claims: Sequence[Claim], profiles: Sequence[Profile], warnings: list[Warn]
) -> list[Claim]:
    """Headings that no rule knows get a role where the content is plain; all of them are reported."""
    filled = list(claims)
    for column, (said, seen) in enumerate(zip(claims, profiles, strict=True)):
        if said.role is not Role.UNKNOWN:
            continue
        role = Role.UNKNOWN
        if seen.filled == 0:
            pass
        elif seen.integers > 0.9 and column == 0 and not has_role(filled, Role.SEQ):
            role = Role.SEQ
        elif seen.units > 0.75 and not has_role(filled, Role.UNITS) and not _PLACE.search(headings[column]):
            role = Role.UNITS
        elif seen.percents > 0.6 and not any(
            c.role is Role.PROGRESS and not is_due(h) for c, h in zip(filled, headings, strict=True)
        ):
            role = Role.PROGRESS
        elif seen.length > 12 and seen.doneness > 0.8 and not has_role(filled, Role.STATUS):
            role = Role.STATUS
        elif (
            seen.length > 8
            and seen.doneness < 0.2
            and seen.units < 0.4
            and not any(c.role in (Role.CONTENT, Role.NAME, Role.INDICATOR) for c in filled)
        ):
            role = Role.CONTENT
        filled[column] = Claim(role, 2 if role is not Role.UNKNOWN else 0)
        if headings[column] or seen.filled:
            shown = headings[column] or f"column {column + 1} without a heading"
            proposal = f"read as {role}" if role is not Role.UNKNOWN else "kept in cells only"
            if not (role is Role.SEQ and not headings[column]):
                warnings.append(Warn("unknown_heading", f"{shown} is not a known heading; {proposal}"))
    return filled


def status_left(
    headings: Sequence[str], claims: Sequence[Claim], profiles: Sequence[Profile], warnings: list[Warn]
) -> list[Claim]:
    """The claims with a status where no heading names one, and one column alone reads as an account of the works;
    below a heading of tasks (落实举措), too, where another column holds these.

    Where several do, none is taken; texts that stand below an unknown heading may then be the status that the rows
    lack: `columns_uncertain` says so.
    """
    if has_role(claims, Role.STATUS):
        return list(claims)
    promised = [i for i, c in enumerate(claims) if c.role in PROMISES and profiles[i].filled]
    if len(promised) > 1 and claims[promised[-1]].weight < 9:
        first, last = (profiles[i] for i in (promised[0], promised[-1]))
        if last.doneness > 2 * _TOLD and last.length > _LEAST_ACCOUNT and first.doneness < _TOLD:
            said = f"the column headed {headings[promised[-1]]} tells what was done, and no other does: read as status"
            warnings.append(Warn("heading_contradicted", said))
            return [*claims[: promised[-1]], Claim(Role.STATUS, 2), *claims[promised[-1] + 1 :]]
    open_ones = [
        i
        for i, c in enumerate(claims)
        if c.role in (Role.UNKNOWN, Role.VERDICT, Role.REMARK) and c.weight < 9
        if headings[i] and not _NOT_TOLD.search(headings[i]) and not _PLACE.search(headings[i])
        if profiles[i].length >= _LEAST_ACCOUNT and profiles[i].filled > 1
        if profiles[i].units < 0.4 and profiles[i].figures < 0.3 and profiles[i].percents < 0.5
    ]
    told = sorted((i for i in open_ones if profiles[i].doneness > _TOLD), key=lambda i: -profiles[i].doneness)
    filled = list(claims)
    if told and (len(told) == 1 or profiles[told[0]].doneness > profiles[told[1]].doneness + _PLAINLY):
        status = told[0]
        warnings[:] = [w for w in warnings if not w.message.startswith(f"{headings[status]} is not a known heading")]
        said = f"{headings[status]} is not a known heading of a status; it alone tells what was done: read as status"
        warnings.append(Warn("unknown_heading", said))
        filled[status] = Claim(Role.STATUS, 1)
    elif lost := [i for i in open_ones if claims[i].role is Role.UNKNOWN and profiles[i].doneness > -_TOLD]:
        shown = "、".join(headings[i] for i in lost)
        warnings.append(Warn("columns_uncertain", f"no heading names a status; it may be below {shown}"))
    return filled
