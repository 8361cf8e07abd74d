"""Which column of a table tells what was done, and which how far it is, where several may."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tasks.model import Warn
from tasks.read.tables.content import Profile
from tasks.read.tables.headings import Claim, Role, is_window, names_a_state, squeeze, window

_FEW_FIGURES, _ALL_FIGURES = 0.3, 0.7  # shares of figures in a column of accounts, and in one of sums
_FEW_STATES, _ALL_STATES = 0.3, 0.9  # shares of such words in a column of accounts, and in one of states
_GROWTH = re.compile(r"增[幅速长]|降幅|[同环]比|位次|排名")
_AMOUNT = re.compile(r"(?:投资|资金|金额)(?:额|量|数)?(?:[(（].*[)）])?$")
_ASKED = re.compile(r"[是与]否")
# What is asked is how far the work is: the sign below it (是, √) says so. Not 是否满意.
_ASKED_DONE = re.compile(
    r"是否(?:已|按期|如期|按时|全部|全面|达到|符合)?(?:完成|达标|达序|序时|办结|落实|销号|整改|开工|兑现|见效)|"
    r"(?:完成|达标|办结|落实|销号|整改)(?:情况)?与否"
)
_JUDGES = re.compile(r"评价|评估|评定|认定|研判|预警|亮灯")
_JUDGEMENT = 9  # characters of a superior's finding in words of his own, at most on average
_WORD = 2  # characters
_MOSTLY = 0.75  # of a column whose heading already says that it judges, headings repeated on later pages among it
_NOW = re.compile(r"[本当]期|[本当]月|本季|目前|当前")
_STATE_WORD = 6.0  # characters; a column of no more on average holds words for the state of the work
_REACHED = re.compile(r"(?:累计|实际|已|本期|当期)?(?:完成|实绩|实际)(?:情况|数|值|量|额)?")
_DUE = re.compile(r"^(?:[^/]*(?:年度?|季度|月底?|月份|本期|/))?(?:计划|目标|序时|应)")  # how far the work should be

_DONE_OF_IT = re.compile(r"占|完成|执行|达成|实现|序时")  # 计划完成率; 序时进度 is as often how far it is


def is_due(heading: str) -> bool:
    """Whether a heading says how far the work should be, not how far it is: 计划进度, 应达进度."""
    flat = squeeze(heading)
    return _DUE.search(flat) is not None and _DONE_OF_IT.search(flat) is None


def has_role(claims: Sequence[Claim], role: Role) -> bool:
    """Whether some column claims a role."""
    return any(c.role is role for c in claims)


def statuses_of(
    headings: Sequence[str], claims: Sequence[Claim], profiles: Sequence[Profile], warnings: list[Warn]
) -> tuple[int, ...]:
    """The column or the group of sub-columns that holds the newest status."""
    found = [i for i, c in enumerate(claims) if c.role is Role.STATUS]
    prose = [i for i in found if not _AMOUNT.search(headings[i].rsplit("/", 1)[-1])]
    found = prose or found
    # A column for each quarter of the year: those to come stand empty.
    found = [i for i in found if profiles[i].filled] or found
    if len(found) < 2:
        return tuple(found)
    groups: dict[str, list[int]] = {}
    for column in found:
        top = headings[column].rsplit("/", 1)[0] if "/" in headings[column] else f"{headings[column]}#{column}"
        groups.setdefault(top, []).append(column)
    if not has_role(claims, Role.INDICATOR):
        # Figures beside an account of the works are sums: 年度投资/完成 beside 形象进度.
        counted = {top: min(profiles[i].figures for i in group) for top, group in groups.items()}
        if min(counted.values()) < _FEW_FIGURES:
            groups = {top: group for top, group in groups.items() if counted[top] <= _ALL_FIGURES}
    groups = _without_states(headings, groups, profiles)
    # How much more it is than the year before does not stand for what it is.
    grown = {top for top, group in groups.items() if all(_GROWTH.search(squeeze(headings[i])) for i in group)}
    groups = {top: group for top, group in groups.items() if top not in grown} or groups
    # 一季度, 二季度, 三季度 below one heading are accounts of their own.
    for top, group in [*groups.items()]:
        if len(group) > 1 and all(is_window(headings[i].rsplit("/", 1)[-1]) for i in group):
            del groups[top]
            groups |= {headings[i]: [i] for i in group}
    if has_role(claims, Role.INDICATOR):
        # What was reached, not how it grew, where a column says so: 绝对值 beside 增幅 does not.
        for top, group in groups.items():
            reached = [i for i in group if _REACHED.fullmatch(squeeze(headings[i].rsplit("/", 1)[-1]))]
            # A dash where only the growth is told (规上工业增加值) is no status.
            groups[top] = reached if len(reached) == 1 and not profiles[reached[0]].dashes else group
    # The later window wins; without windows the plainer heading, then the one further right.
    newest = max(groups.values(), key=lambda g: (window(headings[g[-1]]), max(claims[i].weight for i in g), g[-1]))
    if len(groups) > 1:
        others = [headings[i] for i in found if i not in newest]
        shown = "、".join(headings[i] for i in newest)
        warnings.append(Warn("several_status_columns", f"status is taken from {shown}; {'、'.join(others)}: in cells"))
    return tuple(newest)


def growth_beside(
    headings: Sequence[str], claims: Sequence[Claim], profiles: Sequence[Profile], statuses: Sequence[int]
) -> int | None:
    """The column right of an indicator's value that tells how it grew, where the value may be a dash: of some
    (规上工业增加值) only the growth is told."""
    if len(statuses) != 1 or not has_role(claims, Role.INDICATOR) or not profiles[statuses[0]].dashes:
        return None
    beside = statuses[0] + 1
    if beside < len(claims) and claims[beside].role is Role.STATUS and _GROWTH.search(squeeze(headings[beside])):
        return beside
    return None


def state_of(
    headings: Sequence[str], claims: Sequence[Claim], profiles: Sequence[Profile], statuses: Sequence[int]
) -> int | None:
    """The column of words or signs for the state of the work (办理状态, 督查评价) beside an account of it: what stands
    for a rate where no column holds one. None where none of the same time does, or several."""
    accounts = [i for i in statuses if profiles[i].length > _STATE_WORD or profiles[i].figures > _ALL_FIGURES]
    if not statuses or len(accounts) < len(statuses):
        return None
    told = window(headings[statuses[-1]])[0]
    found = [
        i
        for i, c in enumerate(claims)
        if c.role is Role.STATUS and i not in statuses and window(headings[i])[0] in (0, told)
        if profiles[i].filled and (profiles[i].length <= _STATE_WORD or profiles[i].grades > _MOSTLY)
        if profiles[i].states > _ALL_STATES
        or profiles[i].grades > _MOSTLY
        or (names_a_state(headings[i]) and profiles[i].length >= 2 and profiles[i].figures < _FEW_FIGURES)
    ]
    if found:
        return found[0] if len(found) == 1 else None
    judged = [i for i, c in enumerate(claims) if c.role is Role.VERDICT and _says_how_far(headings[i], profiles[i])]
    return max(judged, key=lambda i: (_NOW.search(headings[i]) is not None, i), default=None)


def _says_how_far(heading: str, seen: Profile) -> bool:
    """Whether a column of verdicts says how far the work is: by words and signs for that, by what a superior finds, or
    by an answer to a heading that asks for it."""
    if _ASKED.search(heading):
        return (seen.findings >= _MOSTLY and seen.length >= _WORD) or (
            seen.answers >= _MOSTLY and _ASKED_DONE.search(squeeze(heading)) is not None
        )
    if seen.findings >= _MOSTLY:
        return True
    judged = _JUDGES.search(heading) is not None and _WORD <= seen.length <= _JUDGEMENT
    return judged and max(seen.figures, seen.units) < _FEW_FIGURES


def _without_states(
    headings: Sequence[str], groups: Mapping[str, list[int]], profiles: Sequence[Profile]
) -> dict[str, list[int]]:
    """The groups of columns that may be the status. A word for the state (推进中) or a grade beside an account of it is
    none, unless it is of a later window."""
    told = {top: max(profiles[i].length for i in group) for top, group in groups.items()}
    worded = {top: min(profiles[i].states for i in group) for top, group in groups.items()}
    accounts = min(worded.values()) < _FEW_STATES
    longest = max(told.values())
    kept: dict[str, list[int]] = {}
    for top, group in groups.items():
        short = told[top] <= _STATE_WORD and told[top] * 2.5 <= longest
        graded = all(profiles[i].grades > _MOSTLY for i in group)
        if window(headings[group[-1]])[0] or not (short or graded or (accounts and worded[top] > _ALL_STATES)):
            kept[top] = group
    return kept or {**groups}


def progress_of(
    headings: Sequence[str], claims: Sequence[Claim], profiles: Sequence[Profile], warnings: list[Warn]
) -> int | None:
    """The column of how far the work is: the newest that holds percentages, a real share before a planned one."""
    found = [i for i, c in enumerate(claims) if c.role is Role.PROGRESS]
    if all(is_due(headings[i]) for i in found):
        return None

    def rank(i: int) -> tuple[bool, bool, bool, tuple[int, int], int, int]:
        due, real = _DUE.search(squeeze(headings[i])) is None, "实际" in headings[i]
        return profiles[i].percents > 0, real, due, window(headings[i]), claims[i].weight, i

    newest = max(found, key=rank)
    if len(found) > 1:
        warnings.append(Warn("several_progress_columns", f"progress is taken from {headings[newest]}"))
    return newest
