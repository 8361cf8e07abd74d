"""What it costs a reading of flattened cells to go from one column to another."""

from __future__ import annotations

from tasks.read.tables.align import FINER_LOST, GROUPING, Model
from tasks.read.tables.headings import Role

GOES_ON = 4.0  # a second paragraph in the same cell
_GOES_ON_IN = {Role.SEQ: 9.0, Role.PROGRESS: 9.0, Role.UNITS: 6.0, Role.CONTENT: 5.5}
_LEAVE = 6.0  # the table is over


def moves_of(model: Model) -> list[list[float]]:
    """The cost of going from one state of a reading to another; the last row and column are the ends of the table."""
    width = len(model.roles)
    skips = [model.skip(i) for i in range(width)]
    ordinal, section, outside, inner, edge = width, width + 1, width + 2, width + 3, width + 4
    never = 1e9
    before = [sum(skips[:i]) for i in range(width + 1)]
    moves = [[never] * (edge + 1) for _ in range(edge + 1)]
    for i in range(width):
        tail = before[width] - before[i + 1]
        for j in range(width):
            if j > i:
                moves[i][j] = before[j] - before[i + 1]
                if j > i + 1 and model.roles[i] in GROUPING and model.roles[i + 1] in GROUPING:
                    moves[i][j] += FINER_LOST
            elif j == i:
                moves[i][j] = _GOES_ON_IN.get(model.roles[i], GOES_ON)
            else:
                moves[i][j] = tail + before[j]
        moves[i][ordinal] = tail
        moves[i][section] = tail + 1.0
        later = [j for j in range(i + 1, width) if model.roles[j] in (Role.CATEGORY, Role.NAME)]
        moves[i][inner] = before[later[0]] - before[i + 1] if later else never
        moves[i][outside] = tail + _LEAVE
        moves[i][edge] = tail
    for j in range(width):
        grouping = model.roles[j] in (Role.CATEGORY, Role.NAME)
        moves[ordinal][j] = before[j] if grouping else 8.0
        moves[inner][j] = 0.0 if grouping else never
        moves[section][j] = before[j]
        moves[edge][j] = before[j]
    moves[ordinal][section] = 0.0 if not any(r in (Role.CATEGORY, Role.NAME) for r in model.roles) else 2.0
    moves[ordinal][outside] = _LEAVE
    moves[section][section] = 3.0
    moves[section][ordinal] = 0.5
    moves[section][outside] = _LEAVE
    moves[outside][outside] = 0.0
    moves[edge][ordinal] = 0.0
    moves[edge][section] = 1.0
    moves[edge][outside] = 30.0
    for state in (section, outside):
        moves[state][edge] = 0.0
    moves[ordinal][edge] = 5.0
    return moves
