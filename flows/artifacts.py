"""What an operator reads in the Prefect UI: summary, changes, progress. Portal text is defused for markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from flows.markdown import key, plain, table
from tasks.pipeline.summary import DocumentOutcome, RunSummary

# The UI loads every artifact of a list with its data: a table beyond a screenful belongs in the report.
MAX_ROWS = 200


def summary_markdown(summary: RunSummary, names: Mapping[str, str]) -> str:
    """The run on one page: counts, what needs a person, what each source came to."""
    title = f"# {summary.kind} {plain(summary.period or 'due')}"
    counts = table(("what", "count"), sorted(summary.counts.items()))
    parts = [title, counts]
    if summary.troubles:
        rows = [
            (names.get(one.source_id, one.source_id), one.state, one.period or "", one.title or one.url, one.detail)
            for one in summary.troubles[:MAX_ROWS]
        ]
        parts += ["## 需要处理 · needs a person", table(("source", "state", "period", "document", "why"), rows)]
    held = [one for one in summary.troubles if one.state == "held" and one.document_id]
    if held:
        parts.append("Decide with `jibao review accept ID` or `reject ID`, or resume the review run of the document:")
        parts += [f"- `{one.document_id}` {plain(one.title)}" for one in held]
    done = [one for one in summary.outcomes if one.state in {"loaded", "revision"}]
    if done:
        loaded: list[tuple[object, ...]] = [
            (names.get(one.source_id, one.source_id), one.period or "", one.title, one.rows, one.changes)
            for one in done[:MAX_ROWS]
        ]
        parts += ["## 已入库 · loaded", table(("source", "period", "document", "rows", "changes"), loaded)]
    return "\n\n".join(parts)


def publish_summary(summary: RunSummary, names: Mapping[str, str]) -> None:
    """One markdown artifact per kind of run; the UI keeps its history under the key."""
    create_markdown_artifact(
        summary_markdown(summary, names),
        key=key(summary.kind, "summary"),
        description=f"{summary.kind} {summary.period or ''} · {summary.run_id}",
    )


def publish_changes(source_id: str, name: str, changes: Sequence[Mapping[str, Any]], total: int) -> None:
    """The most telling changes of one source, at most MAX_ROWS of `total`."""
    if not changes:
        return
    rows = [{column: plain(value, 160) for column, value in row.items()} for row in changes[:MAX_ROWS]]
    create_table_artifact(
        rows,
        key=key("changes", source_id),
        description=f"{name}: {min(total, MAX_ROWS)} of {total} changes; all of them are in v_change and in the report",
    )


class Progress:
    """A progress artifact that moves with the documents done; cheap enough for one update a batch."""

    def __init__(self, total: int, description: str) -> None:
        self._total = max(total, 1)
        self._done = 0
        self._id: UUID = create_progress_artifact(progress=0.0, key=key("progress"), description=description)  # type: ignore[assignment]

    def advance(self, outcomes: Sequence[DocumentOutcome]) -> float:
        """Count a finished batch; returns percent."""
        self._done += len(outcomes)
        percent = min(100.0, 100.0 * self._done / self._total)
        update_progress_artifact(self._id, progress=percent)
        return percent

    def complete(self) -> None:
        """100 %, also where there was nothing to do."""
        update_progress_artifact(self._id, progress=100.0)
