"""Tasks counted by how far they are, completed by what the tasks are, even from a sentence before:
细化为206个工作内容。欠进度的有13个."""

from __future__ import annotations

from tasks.observe.naming.case import Case, Name
from tasks.observe.owners import dealt_with
from tasks.observe.standing import behind, tells_state

_LONGEST_PLACE = 8  # characters
_REST = (
    "其余",
    "剩余",
    "余下",
    "剩下",
)  # 已完成5项,其余8项达到序时进度: the rest of the tasks, whatever is told of them


def told_before(case: Case) -> Name:
    """The state stands before the count."""
    standing = case.left.standing
    assert standing is not None
    thing = standing.thing or _counted(case)
    return Name(standing.state + standing.joint + thing if thing else standing.state, None, standing.end)


def told_behind(case: Case) -> Name | None:
    """The state stands behind the count, and where the tasks are before it: 云岫区有3项推进缓慢."""
    found = behind(case.text, case.number.end) if not case.whole.startswith(_REST) else None
    if found is None:
        return None
    where = case.head if len(case.head) <= _LONGEST_PLACE and "、" not in case.head else ""
    thing = found.thing or _counted(case)
    return Name(f"{where}{found.state}的{thing}" if where and thing else where + thing + found.state, None)


def _counted(case: Case) -> str:
    """The tasks counted last; else what was counted in the same unit, without the state it was told to be in."""
    of = case.tasks or case.alike
    of = of[of.rfind("的") + 1 :]
    return "" if tells_state(of) else dealt_with(of)
