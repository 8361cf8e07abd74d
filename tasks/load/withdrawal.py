"""When a document counts as withdrawn: by repeated evidence, or at a person's word."""
# ruff: noqa: S608  (names come from the schema, values are always bound)

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from tasks.load.evidence import Shown
from warehouse.engine import Transaction

ABSENCES = 3  # times a listed document must be missing, on as many days, before it counts as withdrawn


def withdrawals(
    tx: Transaction, stream_id: str, documents: str, shown: Sequence[Shown], confirmed: Sequence[tuple[str, str]]
) -> dict[str, list[tuple[str, str | None]]]:
    """Document → when it was withdrawn, until it was seen again. `documents`: the query of the stream's document ids.

    `confirmed`: (document, instant) of each person's word.
    """
    missing = tx.rows(f"SELECT document_id, seen_at FROM absence WHERE document_id IN ({documents})", (stream_id,))
    if not missing and not confirmed:
        return {}
    present = tx.rows(
        f"""SELECT u.document_id, r.fetched_at FROM document_url u JOIN request r ON r.url = u.url
            WHERE r.outcome IN ('new', 'unchanged') AND u.document_id IN ({documents})""",
        (stream_id,),
    )
    seen: dict[str, list[str]] = defaultdict(list)
    for item in shown:
        seen[item.document_id].append(item.known_at)
    for document, at in present:
        seen[document].append(at)
    found = {}
    for document in {d for d, _ in missing} | {d for d, _ in confirmed}:
        gone = sorted(at for d, at in missing if d == document)
        sure = {at for d, at in confirmed if d == document}
        found[document] = withdrawn_stretches(sorted(seen[document]), gone, sure)
    return found


def withdrawn_stretches(
    seen: Sequence[str], gone: Sequence[str], confirmed: Iterable[str]
) -> list[tuple[str, str | None]]:
    """From when until when a document counts as withdrawn. All are instants as text, sorted.

    It does once it was missing ABSENCES times on as many days with no sight of it in between, or at a person's word;
    until it is seen again.
    """
    sure = set(confirmed)
    found: list[tuple[str, str | None]] = []
    days: set[str] = set()
    since: str | None = None
    events = sorted([(at, 0) for at in seen] + [(at, 1) for at in gone] + [(at, 2) for at in sure])
    for at, what in events:
        if what == 0:
            if since is not None:
                found.append((since, at))
            since, days = None, set()
            continue
        days.add(at[:10])
        if since is None and (what == 2 or len(days) >= ABSENCES):
            since = at
    if since is not None:
        found.append((since, None))
    return found
