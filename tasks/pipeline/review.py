"""A person's verdict on a held document, as a run of its own."""

from __future__ import annotations

from tasks.load import LoadResult
from tasks.load import decide as record
from tasks.pipeline.workplace import Workplace
from warehouse import Pending


def pending_document(work: Workplace, document_id: str) -> Pending | None:
    """The held document with this id or beginning, or None where nothing waits under it."""
    return next((held for held in work.warehouse.pending() if held.document_id.startswith(document_id)), None)


def decide(work: Workplace, document_id: str, verdict: str, *, who: str, why: str) -> LoadResult:
    """Accept or reject; recorded with who and why. Raises NothingPending, AmbiguousDocument."""
    run_id = work.warehouse.start_run("review", None)
    try:
        result = record(work.warehouse, document_id, verdict, who=who, why=why, run_id=run_id)
    except BaseException:
        work.warehouse.finish_run(run_id, "failed", {})
        raise
    work.warehouse.finish_run(run_id, "done", {verdict: 1, "changes": len(result.changes)})
    return result
