"""Changes as lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flows.cli.console import one_line
from tasks.compare import Difference, severity
from tasks.model import Row
from warehouse import PreviewChange

_SIGNS = {"added": "+", "dropped": "-", "split": "<", "merged": ">", "reworded": "~", "same": "="}


def short(text: object, limit: int = 60) -> str:
    """One harmless line of at most `limit` characters."""
    line = one_line("" if text is None else text)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def difference_text(old: Sequence[Row], new: Sequence[Row], difference: Difference) -> str:
    """Counts first, then one paragraph per pair of rows on which something moved, the graver first."""
    before = {row.index: row for row in old}
    after = {row.index: row for row in new}
    relations = Counter(str(link.relation) for link in difference.links)
    lines = [f"{len(old)} rows, then {len(new)}: " + ", ".join(f"{name} {n}" for name, n in sorted(relations.items()))]
    changes: dict[tuple[int | None, int | None], list[Any]] = {}
    for change in difference.changes:
        changes.setdefault((change.old, change.new), []).append(change)
    ordered = sorted(
        changes.items(), key=lambda item: (-max(severity(c) for c in item[1]), item[0][0] or 0, item[0][1] or 0)
    )
    for (old_index, new_index), moved in ordered:
        row = after.get(new_index) if new_index is not None else before.get(old_index or 0)
        relation = str(moved[0].relation)
        place = f"{'' if old_index is None else old_index}→{'' if new_index is None else new_index}"
        lines.append(f"{_SIGNS[relation]} {relation} {place} {short(row.content if row else '', 80)}")
        lines += [_facet(c.facet, c.old_value, c.new_value, c.delta) for c in moved if c.facet != "row"]
    return "\n".join(lines) + "\n"


def _facet(facet: str, old: object, new: object, delta: object) -> str:
    by = f" ({float(str(delta)):+g})" if delta is not None else ""
    return f"    {facet}: {short(old)} → {short(new)}{by}"


def preview_line(change: PreviewChange) -> str:
    """One change that accepting a held document would bring, with the promise that it is about."""
    what = "revision: " if change.scope == "revision" else ""
    if change.facet == "row" and change.relation in {"added", "dropped"}:
        return f"{_SIGNS[change.relation]} {what}{change.relation} {short(change.content, 80)}"
    moved = _facet("", change.old_value, change.new_value, change.delta)[6:]
    return f"~ {what}{change.relation} {change.facet}: {short(change.content, 46)}: {moved}"


def view_lines(changes: Iterable[Mapping[str, Any]], words: Mapping[str, str]) -> list[str]:
    """Rows of v_change; `words` maps commitment ids to the promise's text."""
    lines = []
    for row in changes:
        what = short(words.get(row["commitment_id"]) or row["commitment_id"], 46)
        scope = " (revision)" if row["scope"] == "revision" else ""
        if row["facet"] == "row":
            lines.append(f"  {_SIGNS.get(row['relation'], '?')} {row['relation']}{scope}: {what}")
        else:
            lines.append(
                f"  ~ {row['facet']}{scope}: {what}: "
                + _facet("", row["old_value"], row["new_value"], row["delta"])[6:]
            )
    return lines
