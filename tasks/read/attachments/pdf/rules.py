"""The rules of a PDF's tables where a page break left cells open.

A browser draws the line between two rows once, with the upper one. Where the page breaks between them, the lower one
begins the next page without a line above it; where it breaks within a row or a merged cell, neither half has a line at
the break.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

_NEAR = 4.0  # points within which two rules meet
_LEAST = 3  # upright rules that end at one height: a table of two columns


def closing_lines(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines to draw at the first and the last height of a table's upright rules, between those that have none there.

    `edges`: a page's, points from its upper left, as pdfplumber gives them; so are the lines. A rule drawn as a slim
    box has short edges at its ends, which are none.
    """
    upright = [edge for edge in edges if edge["orientation"] == "v" and edge["bottom"] - edge["top"] > _NEAR]
    across = [edge for edge in edges if edge["orientation"] == "h" and edge["x1"] - edge["x0"] > _NEAR]
    found: list[dict[str, Any]] = []
    for end, other in (("top", "bottom"), ("bottom", "top")):
        for height, places in _meeting(upright, end):
            if any(_goes_on(edge, other, height, places) for edge in upright):
                continue  # within the table: where no line is, cells are merged
            near = [line for line in across if abs(line["top"] - height) <= _NEAR]
            for left, right in pairwise(places):
                middle = (left + right) / 2
                if not any(line["x0"] <= middle <= line["x1"] for line in near):
                    found.append(_line(left, right, height))
    return found


def open_columns(closing: Sequence[dict[str, Any]], edges: Sequence[float], height: float) -> frozenset[int]:
    """The columns between a table's `edges` (points from the left) that had to be closed at this height."""
    drawn = [line for line in closing if abs(line["top"] - height) <= _NEAR]
    middles = [(left + right) / 2 for left, right in pairwise(edges)]
    return frozenset(
        column for column, middle in enumerate(middles) if any(line["x0"] <= middle <= line["x1"] for line in drawn)
    )


def _meeting(upright: list[dict[str, Any]], end: str) -> Iterator[tuple[float, list[float]]]:
    """Heights at which rules begin (`end` is "top") or end, and where these stand from left to right."""
    groups: list[list[dict[str, Any]]] = []
    for edge in sorted(upright, key=lambda edge: float(edge[end])):
        if groups and edge[end] - groups[-1][0][end] <= _NEAR:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    for group in groups:
        places: list[float] = []
        for place in sorted(float(edge["x0"]) for edge in group):
            if not places or place - places[-1] > _NEAR:
                places.append(place)
        if len(places) >= _LEAST:
            yield float(group[0][end]), places


def _goes_on(edge: dict[str, Any], other: str, height: float, places: Sequence[float]) -> bool:
    """Whether a rule lies across the height, or on its other side, between the places."""
    if not places[0] - _NEAR <= edge["x0"] <= places[-1] + _NEAR:
        return False
    across = edge["top"] < height - _NEAR and edge["bottom"] > height + _NEAR
    return bool(across or abs(edge[other] - height) <= _NEAR)


def _line(left: float, right: float, height: float) -> dict[str, Any]:
    ends = {"x0": left, "x1": right, "width": right - left}
    return {"object_type": "line", **ends, "top": height, "bottom": height, "height": 0.0}
