"""What an operator reads in the Prefect UI: summary, changes, progress. Portal text is defused for markdown."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from prefect import get_run_logger
from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from flows.markdown import key, plain, table
from tasks.config import Source
from tasks.pipeline.summary import RunSummary

# The UI loads every artifact of a list with its data: a table beyond a screenful belongs in the report.
MAX_ROWS = 200
_SECONDS = 2.0  # between two words on progress


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
    """A progress artifact and a line of the log that move with the sources and their documents, told seldom.

    Every source is an equal share: how many documents it has is known only once its listing is read. Costs a call or
    two, so it is told a batch at most, and not again within `_SECONDS`.
    """

    def __init__(self, sources: Sequence[Source], description: str) -> None:
        self._left = {source.id: 0 for source in sources}  # documents to be done, of `_total`
        self._total: dict[str, int] = {}
        self._told_at = time.monotonic()
        self._told = 0.0
        self._id: UUID = create_progress_artifact(progress=0.0, key=key("progress"), description=description)  # type: ignore[assignment]

    def expect(self, source: Source, documents: int) -> None:
        """The listing of a source is read."""
        self._total[source.id] = self._left[source.id] = documents

    def advance(self, source: Source, documents: int) -> None:
        """So many more documents of a source are done."""
        self._left[source.id] -= documents

    @property
    def percent(self) -> float:
        """Of the sources whose listing is read, what is done of each."""
        done = sum(1 - self._left[name] / total if total else 1.0 for name, total in self._total.items())
        return 100.0 * done / max(len(self._left), 1)

    def tell(self) -> None:
        """Say how far the run is, where that is worth a call."""
        now, percent = time.monotonic(), self.percent
        if percent > self._told and now - self._told_at >= _SECONDS:
            self._say(percent)
            self._told_at, self._told = now, percent

    def complete(self) -> None:
        """100 %, also where there was nothing to do."""
        self._say(100.0)

    def _say(self, percent: float) -> None:
        get_run_logger().info("%.0f %% of all sources and documents", percent)
        update_progress_artifact(self._id, progress=percent)
