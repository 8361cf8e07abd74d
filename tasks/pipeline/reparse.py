"""Kept captures through today's parser. What comes of it has `cause = parser`: our change, not the portal's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass, replace

from tasks.config import Source
from tasks.errors import JibaoError
from tasks.fetch import ReplayFetcher
from tasks.model import DocumentRef, Outcome
from tasks.pipeline.acquire import Acquired, acquire, hints_for
from tasks.pipeline.ahead import ahead
from tasks.pipeline.job import Candidate, Job
from tasks.pipeline.process import NoCapture, attachments_by, believe, internal
from tasks.pipeline.run import Progress, finish, start
from tasks.pipeline.summary import DocumentOutcome, RunSummary
from tasks.pipeline.workplace import Workplace
from warehouse.known import known_documents

_LOG = logging.getLogger("jibao")


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that the warehouse knows and the archive has the bytes of."""

    source: Source
    ref: DocumentRef


def kept_documents(work: Workplace, sources: Iterable[Source]) -> list[Kept]:
    """Every known document of the sources, by source and URL."""
    found = []
    for source in sources:
        with work.warehouse.read() as transaction:
            documents = known_documents(transaction, source.stored_as)
        for known in documents:
            ref = DocumentRef(source.stored_as, known.url, known.title or "", known.key, other_urls=known.other_urls)
            found.append(Kept(source, ref))
    return found


def reparse_documents(
    work: Workplace,
    kept: Sequence[Kept],
    run_id: str,
    on_document: Callable[[Kept, DocumentOutcome], None] | None = None,
) -> tuple[DocumentOutcome, ...]:
    """Read each again from the archive and load what differs; one outcome each, in order."""
    replay = ReplayFetcher(work.archive)
    outcomes = []
    with closing(ahead(lambda one: _obtain(work, replay, one), kept)) as obtained:
        for one, acquired in obtained:
            outcome = _settle(work, one, acquired, run_id)
            outcomes.append(outcome)
            if on_document:
                on_document(one, outcome)
    return tuple(outcomes)


def _obtain(work: Workplace, replay: ReplayFetcher, kept: Kept) -> Acquired:
    source, ref = kept.source, kept.ref
    page = replay.fetch(ref.url, source=source, purpose="document")
    if page.outcome not in {Outcome.NEW, Outcome.UNCHANGED}:
        raise NoCapture(f"{page.outcome}: {page.detail}")
    return acquire(
        page,
        hints=hints_for(source, title=ref.title),
        fetch_attachment=attachments_by(replay, work.archive, source, ref) if source.follow_attachments else None,
        kept=work.archive.read,
        reader=work.reader,
        to_load=True,
    )


def _settle(work: Workplace, kept: Kept, acquired: Future[Acquired], run_id: str) -> DocumentOutcome:
    source, ref = kept.source, kept.ref
    blank = DocumentOutcome(source.id, ref.url, "failed", title=ref.title)
    try:
        return believe(work, source, Candidate(ref, None), Job("reparse"), run_id, acquired.result(), cause="parser")
    except JibaoError as error:
        error.at(source=source.id, where=ref.url)
        return replace(blank, detail=f"{error.code}: {error.reason}")
    except Exception as error:  # noqa: BLE001 - the boundary: logged, counted, told by the exit status
        _LOG.exception("document %s stopped on a defect of ours", ref.url)
        return replace(blank, detail=internal(error))


def run_reparse(work: Workplace, sources: Sequence[Source], job: Job, progress: Progress | None = None) -> RunSummary:
    """Every known document of the sources, one run in v_run."""
    run_id = start(work, job)

    def tell(one: Kept, outcome: DocumentOutcome) -> None:
        if progress:
            progress(f"{one.source.id}: {outcome.state} {one.ref.title}", outcome)

    try:
        outcomes = reparse_documents(work, kept_documents(work, sources), run_id, tell)
    except BaseException:
        work.warehouse.finish_run(run_id, "aborted", {})
        raise
    return finish(work, job, run_id, outcomes)
