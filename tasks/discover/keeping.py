"""Keeping what no Fetcher brought: files, WARC records, an archive's copies under the portal's own address."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from tasks.discover.ports import Asking
from tasks.model import Capture, DocumentRef, FetchResult, Outcome


def keep(
    asking: Asking,
    ref: DocumentRef,
    body: bytes,
    *,
    headers: tuple[tuple[str, str], ...],
    captured_at: datetime,
    via: str,
    final_url: str | None = None,
    title: str = "",
    purpose: str = "document",
) -> FetchResult:
    """Put bytes into the archive under `ref.url`; NEW, or UNCHANGED where the archive has this very capture.

    For a web archive that is: the same bytes of the same instant. For a file: the bytes it had when last looked at.
    So doing it again leaves no trace.
    """
    sha256, now = hashlib.sha256(body).hexdigest(), datetime.now(UTC)
    kept = kept_capture(asking, ref, via, captured_at if via != "files" else None)
    if kept is not None and kept.sha256 == sha256:
        return FetchResult(ref.url, Outcome.UNCHANGED, now, kept.status, "", kept, body)
    if asking.archive is not None:
        capture = asking.archive.put(
            body,
            url=ref.url,
            final_url=final_url or ref.url,
            status=200,
            headers=headers,
            fetched_at=captured_at,
            via=via,
            title=title,
            source_id=asking.source.id,
            purpose=purpose,
        )
    else:
        capture = Capture(
            sha256=sha256,
            url=ref.url,
            final_url=final_url or ref.url,
            fetched_at=captured_at,
            status=200,
            headers=headers,
            size=len(body),
            via=via,
            title=title,
            source_id=asking.source.id,
            purpose=purpose,
        )
    return FetchResult(ref.url, Outcome.NEW, now, 200, "", capture, body)


def kept_capture(asking: Asking, ref: DocumentRef, via: str, at: datetime | None) -> Capture | None:
    """The newest capture of `ref.url` that came this way, or the one of that very second; None where there is none."""
    if asking.archive is None:
        return None
    last: Capture | None = None
    for capture in asking.archive.captures(ref.url, source_id=asking.source.id, tolerate_damage=True, must_exist=False):
        if capture.via != via or (at is not None and int(capture.fetched_at.timestamp()) != int(at.timestamp())):
            continue
        if last is None or capture.fetched_at >= last.fetched_at:
            last = capture
    return last
