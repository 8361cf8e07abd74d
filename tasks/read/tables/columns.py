"""Which column is which field: the claims of the headings, held against what stands below them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tasks.model import Warn
from tasks.read.errors import ColumnsNotUnderstood
from tasks.read.tables.cells import is_nothing
from tasks.read.tables.content import Profile, profile
from tasks.read.tables.grouping import are_figures, groups, is_spelled_out, unknown_group
from tasks.read.tables.headings import Claim, Role, claim, measures_a_task, names_bodies, squeeze
from tasks.read.tables.statuses import growth_beside, has_role, is_due, progress_of, state_of, statuses_of
from tasks.read.tables.unnamed import PROMISES, fill_gaps, status_left, windows_told

_LEADS = re.compile(r"牵头|主办|主责")
_TAKES_PART = re.compile(r"配合|协[办同作助]|参与|参加|会办")
_SHARE_DONE = re.compile(r"完成.*(?:计划|目标|任务)|占.*(?:计划|目标|任务|总投资)")
_GROWS = re.compile(r"(?:增[幅速长减]|降幅|[同环]比)(?:[(（]?[%％±+-]+[)）]?)?$")
_FIGURE = re.compile(r"[\d.,，%％+±~—-]+")
_FEW_FIGURES = 0.3  # the share of such cells
_UPPER = 3  # characters of a heading that stands before those below it: 责任 单位 is one heading
_BODIES = 0.6  # the share of a column's cells that name bodies, for it to be one of those
_REMEDY = re.compile(r"措施|举措|办法|要求|对策")
_PART = re.compile(r"季度|\d月|月度|阶段|节点|安排|举措|措施|投资|资金")


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings of a table and which column each field of a row is taken from (None: the table has none).

    `statuses` are the columns whose texts make up the status: more than one where a heading has sub-headings.
    """

    headings: tuple[str, ...]
    roles: tuple[Role, ...]
    content: int
    seq: int | None = None
    category: int | None = None
    units: int | None = None
    more_units: tuple[int, ...] = ()  # columns of the bodies that take part: 配合单位
    statuses: tuple[int, ...] = ()
    growth: int | None = None  # stands for a status that is a dash
    progress: int | None = None
    target: int | None = None
    percent_header: bool = False
    warnings: tuple[Warn, ...] = ()


def name_headings(levels: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Headings of one or more rows → one per column: levels joined with `/`, repeats within a column left out,
    duplicates told apart by a number."""
    joined: list[str] = []
    for column in zip(*levels, strict=True):
        parts: list[str] = []
        for text in column:
            flat = re.sub(r"\s+", "", text)
            if flat and flat not in parts:
                parts.append(flat)
        joined.append("/".join(parts))
    seen: dict[str, int] = {}
    named: list[str] = []
    for heading in joined:
        base = heading or "-"
        seen[base] = seen.get(base, 0) + 1
        named.append(heading if seen[base] == 1 else f"{heading or '-'} ({seen[base]})")
    return tuple(named)


def heading_levels(levels: Sequence[Sequence[str]]) -> list[list[str]]:
    """The levels with each wide upper heading in all of its columns: formats without spans print it once and leave the
    columns beside it blank, or print it before each heading below it."""
    filled = [list(level) for level in (_parted(levels[0]) if len(levels) == 1 else levels)]
    for level, below in pairwise(filled):
        for column in range(1, len(level)):
            if not level[column] and below[column] and level[column - 1]:
                level[column] = level[column - 1]
    return filled


def _parted(level: Sequence[str]) -> list[list[str]]:
    """A row of headings of which neighbours begin with one word and a blank (实绩 绝对值, 实绩 增长%), as two rows."""
    words = [re.split("[ \u3000]+", text.strip(), maxsplit=1) for text in level]
    shared = [
        len(own) == 2 and len(own[0]) >= _UPPER and any(len(other) == 2 and other[0] == own[0] for other in beside)
        for own, *beside in zip(words, [[], *words], [*words[1:], []], strict=False)
    ]
    if not any(shared):
        return [[*level]]
    return [
        [own[0] if upper else text for own, upper, text in zip(words, shared, level, strict=True)],
        [own[1] if upper else text for own, upper, text in zip(words, shared, level, strict=True)],
    ]


def understand(
    headings: tuple[str, ...],
    columns: Sequence[Sequence[str]],
    merged: Sequence[int] = (),
    aliases: Mapping[str, str] | None = None,
) -> Columns:
    """Map columns to fields. `columns[i]`: the texts below heading i; `merged[i]`: how many rows its cells go on to.

    Raises ColumnsNotUnderstood, naming the headings, where content, or both status and progress, cannot be told.
    """
    profiles = [profile(texts) for texts in columns]
    claims = [claim(heading, aliases) for heading in headings]
    warnings: list[Warn] = []
    claims = _held_against_content(headings, claims, profiles, warnings)
    claims = windows_told(headings, claims, profiles, warnings)
    claims = fill_gaps(headings, claims, profiles, warnings)
    claims = status_left(headings, claims, profiles, warnings)
    roles = [c.role for c in claims]

    def best(*wanted: Role) -> int | None:
        found = [i for i, c in enumerate(claims) if c.role in wanted]
        return max(found, key=lambda i: (claims[i].weight, -i)) if found else None

    claims = _coarser_named(claims, profiles)
    roles = [c.role for c in claims]
    content, category = _content_and_category(headings, claims, columns, merged, warnings)
    if content is not None and category is None:
        category = unknown_group(headings, claims, profiles, columns, merged, content)
        if category is not None:
            said = f"{headings[category]} is not a known heading"
            warnings = [w for w in warnings if not w.message.startswith(said)]
            warnings.append(Warn("unknown_heading", f"{said}; its cells group the rows: read as category"))
    statuses = statuses_of(headings, claims, profiles, warnings)
    progress = progress_of(headings, claims, profiles, warnings)
    if progress is None:
        progress = state_of(headings, claims, profiles, statuses)
    if content is None or (not statuses and progress is None):
        lacking = "content" if content is None else "status or progress"
        raise ColumnsNotUnderstood(f"no column for {lacking} among the headings {' · '.join(headings)}")
    told = [text for text in columns[content] if text.strip()]
    figures = [text for text in told if _FIGURE.fullmatch(text.strip())]
    if len(figures) > _FEW_FIGURES * len(told):  # figures by place: 地区 · 城镇新增就业/目标任务 · 进度 · 完成比例
        shown = f"{len(figures)} of {len(told)} cells below {headings[content]} are bare figures, and no task"
        raise ColumnsNotUnderstood(f"{shown}: the headings are {' · '.join(headings)}")
    units = best(Role.UNITS)
    bodies = [i for i, c in enumerate(claims) if c.role is Role.UNITS]
    led = [i for i in bodies if _LEADS.search(headings[i])]
    leading = [i for i in bodies if _TAKES_PART.search(headings[i]) is None]
    led = led or sorted(leading, key=lambda i: (-claims[i].weight, i))
    if units is not None and led and claims[units].weight < 9:
        units = led[0]
    beside = [i for i, role in enumerate(roles) if role is Role.UNITS and i != units]
    # Who takes part is often a sign for nobody.
    taking = {i: profile([text for text in columns[i] if not is_nothing(text)]) for i in beside}
    more = tuple(i for i in beside if taking[i].units >= _BODIES)
    if units is not None and any(taking[i].filled and i not in more for i in beside):
        others = "、".join(headings[i] for i in beside if i not in more)
        warnings.append(Warn("second_units_column", f"units are taken from {headings[units]}; {others}: in cells"))
    return Columns(
        headings=headings,
        roles=tuple(roles),
        content=content,
        seq=_seq(claims, profiles),
        category=category,
        units=units,
        more_units=more,
        statuses=statuses,
        growth=growth_beside(headings, claims, profiles, statuses),
        progress=progress,
        target=_target(headings, claims, content),
        percent_header=progress is not None and ("%" in squeeze(headings[progress]) or "百分比" in headings[progress]),
        warnings=tuple(warnings),
    )


def _held_against_content(
    headings: Sequence[str], claims: Sequence[Claim], profiles: Sequence[Profile], warnings: list[Warn]
) -> list[Claim]:
    """Claims that what stands below them plainly contradicts are replaced, and said so."""
    held = list(claims)

    def change(column: int, role: Role, weight: int = 3, *, say: bool = True) -> None:
        if say:
            warnings.append(
                Warn(
                    "heading_contradicted",
                    f"the column headed {headings[column]} ({held[column].role}) holds {role}; it is read as {role}",
                )
            )
        held[column] = Claim(role, weight)

    others = list(zip(claims, profiles, strict=True))
    for column, (said, seen) in enumerate(others):
        if said.weight == 9 or seen.filled < 2:
            continue
        if (
            said.role in (Role.CONTENT, Role.NAME)
            and seen.integers > 0.6
            and any(c.role in PROMISES and i != column and p.integers < 0.2 for i, (c, p) in enumerate(others))
        ):
            change(column, Role.PLAN, say=False)  # 目标任务 beside 项目: how many
        elif said.role is Role.UNITS and seen.length < 8 and seen.measures > 0.6 and seen.units < 0.3:
            change(column, Role.MEASURE, say=False)
        elif said.role is Role.LEADER and seen.units > 0.75 and not has_role(claims, Role.UNITS):
            change(column, Role.UNITS, 3)  # 责任人 above the names of bodies
        elif (
            said.role is Role.LEADER
            and names_bodies(headings[column])
            and seen.bodies >= _BODIES
            and not has_role(claims, Role.UNITS)
        ):
            change(column, Role.UNITS, 3, say=False)  # 责任单位/责任人 above both in one cell
        elif said.role is Role.MEASURE and seen.units > 0.6:
            change(column, Role.UNITS, 5, say=False)
        elif said.role is Role.UNITS and seen.units < 0.25:
            if seen.length > 18 or (seen.doneness > 0.5 and seen.length > 6):
                change(column, Role.STATUS if seen.doneness > 0.3 else Role.CONTENT, 2)
            elif seen.percents > 0.5:
                change(column, Role.PROGRESS)
        elif said.role is Role.PROGRESS and _GROWS.search(squeeze(headings[column])):
            change(column, Role.STATUS, 3, say=False)
        elif (
            said.role is Role.PROGRESS
            and seen.progress < 0.4
            and any(c.role is Role.PROGRESS and p.percents > 0.5 for c, p in zip(claims, profiles, strict=True))
        ):
            # A state of the works in words beside a rate: 形象进度 and 完成率.
            change(column, Role.STATUS, 3, say=False)
        elif (
            said.role is Role.PROGRESS
            and seen.progress < 0.4
            and (seen.percents < 0.3 if seen.length > 8 else not seen.percents and seen.length > 3)
        ):
            change(column, Role.STATUS, 4, say=False)
        elif (
            said.role in (Role.STATUS, Role.CONTENT, Role.REMARK, Role.PLAN, Role.NAME)
            and seen.length < 60
            and not _column_of(held, profiles, Role.UNITS, 0.6)
            and seen.units > 0.75
            and seen.doneness < 0.5
        ):
            change(column, Role.UNITS)
        elif (
            said.role is Role.STATUS
            and seen.length <= 14
            and seen.percents >= 0.5
            and seen.progress >= 0.8
            # What an indicator reached is a rate of its own (增长5.1%), not how far the work is.
            and not has_role(held, Role.INDICATOR)
            and not re.search("[增降]|同比|环比|占比", headings[column])
        ):
            if not any(
                c.role is Role.PROGRESS and p.progress > 0.4 and not is_due(h)
                for c, p, h in zip(held, profiles, headings, strict=True)
            ):
                change(column, Role.PROGRESS, 4, say=False)
        elif (
            said.role in (Role.PLAN, Role.AMOUNT)
            and seen.percents > 0.6
            and seen.progress >= 0.8
            and _SHARE_DONE.search(headings[column])
            # 形象进度 further right may be a state in words.
            and not any(c.role is Role.PROGRESS and p.progress >= 0.4 for c, p in zip(held, profiles, strict=True))
        ):
            change(column, Role.PROGRESS, 4, say=False)
        elif said.role in (Role.REMARK, Role.PROBLEM, Role.PLAN) and seen.doneness > 1.2 and seen.length > 18:
            prose = any(
                c.role is Role.STATUS and (p.length > 4 and p.doneness > 0.3)
                for c, p in zip(held, profiles, strict=True)
            )
            if said.role is Role.REMARK and not prose and not has_role(held, Role.STATUS):
                change(column, Role.STATUS, 2)
        elif said.role is Role.CATEGORY and seen.grades > 0.8:
            change(column, Role.VERDICT, say=False)
        elif said.role is Role.SEQ and seen.integers < 0.2 and seen.length > 12:
            change(column, Role.UNKNOWN, 0)
    return held


def _column_of(claims: Sequence[Claim], profiles: Sequence[Profile], role: Role, units: float) -> bool:
    return any(c.role is role and p.units >= units for c, p in zip(claims, profiles, strict=True))


def _coarser_named(claims: Sequence[Claim], profiles: Sequence[Profile]) -> list[Claim]:
    """Of two columns of content, an earlier one that is plainly terser names what the later one spells out."""
    named = list(claims)
    contents = [i for i, c in enumerate(claims) if c.role is Role.CONTENT]
    for i in contents:
        finer = [j for j in contents if j > i and claims[j].weight >= claims[i].weight]
        if finer and profiles[i].filled and profiles[i].length < 0.7 * profiles[finer[-1]].length:
            named[i] = Claim(Role.NAME, claims[i].weight)
    return named


def _content_and_category(
    headings: Sequence[str],
    claims: Sequence[Claim],
    columns: Sequence[Sequence[str]],
    merged: Sequence[int],
    warnings: list[Warn],
) -> tuple[int | None, int | None]:
    """The column that holds what was promised, and the one that groups it."""

    def ranked(*roles: Role) -> list[int]:
        return sorted((i for i, c in enumerate(claims) if c.role in roles), key=lambda i: (-claims[i].weight, i))

    contents, names, indicators = ranked(Role.CONTENT), ranked(Role.NAME), ranked(Role.INDICATOR)
    told = min(ranked(Role.STATUS), default=len(headings))
    if min((*contents, *names, *indicators), default=told) < told:
        # What is to be done about what was told (解决措施) is not what was promised.
        contents = [i for i in contents if i < told or claims[i].weight == 9 or not _REMEDY.search(headings[i])]
    categories, plans = ranked(Role.CATEGORY), ranked(Role.PLAN)
    measures = len(indicators) == 1 and measures_a_task(headings[indicators[0]])
    if measures and contents and contents[0] < indicators[0] and not groups(columns[contents[0]], contents[0], merged):
        indicators = []
    if indicators:
        # Several levels of indicators: the finest stands last.
        finest = [i for i in indicators if not groups(columns[i], i, merged)] or indicators
        content = max(finest)
        above = categories or [i for i in indicators if i < content] or names or contents
        return content, above[0] if above else None
    if contents:
        content = contents[0]
        finer = [i for i in contents if i > content and not groups(columns[i], i, merged)]
        if finer and groups(columns[content], content, merged):
            return finer[0], categories[0] if categories else content
        targets = _targets(headings, plans, content)
        alone = len(contents) == 1 and not categories and bool(targets)
        if alone and is_spelled_out(headings, columns, merged, content, targets[0], warnings):
            return targets[0], content
        # What is to be put right groups the measures against it (反馈问题 over several 整改措施).
        over = [i for i in (*contents[1:], *ranked(Role.PROBLEM)) if i < content]
        rest = categories or names or [i for i in over if groups(columns[i], i, merged)]
        return content, rest[0] if rest else None
    if names:
        name = names[-1] if len(names) > 1 and not categories else names[0]
        targets = _targets(headings, plans, name)
        apart = not categories or groups(columns[name], name, merged)
        if targets and apart and is_spelled_out(headings, columns, merged, name, targets[0], warnings):
            return targets[0], categories[0] if categories else name
        over = categories or [i for i in names if i < name]
        return name, over[0] if over else None
    if len(categories) > 1:
        return categories[-1], categories[0]
    targets = [i for i in plans if "目标" in headings[i]]
    if targets:
        return targets[0], categories[0] if categories else None
    statuses = ranked(Role.STATUS)
    # What is to be put right (反馈问题), or is planned, where the table has nothing else and tells of it further right.
    wanted = [i for i in ranked(Role.PROBLEM) or plans if any(i < j for j in statuses) and not are_figures(columns[i])]
    alone = len(wanted) == 1 or (bool(wanted) and claims[wanted[0]].role is Role.PROBLEM)
    return wanted[0] if alone else None, categories[0] if categories else None


def _seq(claims: Sequence[Claim], profiles: Sequence[Profile]) -> int | None:
    """The column of printed numbers; without one, a first column of codes (`1-1`, `A03`) numbers the rows."""
    found = [i for i, c in enumerate(claims) if c.role is Role.SEQ]
    if found:
        return max(found, key=lambda i: (claims[i].weight, -i))
    coded = bool(claims) and claims[0].role is Role.CODE and profiles[0].codes > 0.8
    return 0 if coded else None


def _targets(headings: Sequence[str], plans: Sequence[int], name: int) -> list[int]:
    """The columns behind a name that spell out what is to be done for the year."""
    found = [i for i in plans if i > name and not _is_part(headings[i])]
    return [i for i in found if "目标" in headings[i] or "任务" in headings[i]]


def _is_part(heading: str) -> bool:
    """Whether a plan is one of a part of the year or of the means, not the target itself."""
    return _PART.search(heading) is not None


def _target(headings: Sequence[str], claims: Sequence[Claim], content: int) -> int | None:
    """The column of the target that belongs to a bare name or indicator; that of the year before one of a quarter."""
    if claims[content].role not in (Role.INDICATOR, Role.NAME):
        return None
    plans = [i for i, c in enumerate(claims) if c.role is Role.PLAN and i != content and not _is_part(headings[i])]
    return min(plans, key=lambda i: ("目标" not in headings[i], i)) if plans else None


def inherit(columns: Columns) -> Columns:
    """The same columns for a table that goes on without its heading; the warnings were given once."""
    return replace(columns, warnings=())
