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
    fetched_at: datetime,
    via: str,
    final_url: str | None = None,
    title: str = "",
    asked_at: datetime | None = None,
) -> FetchResult:
    """Put bytes that no Fetcher brought into the archive, and say whether they are new there.

    The same bytes under the same URL are not recorded a second time: reading a folder again leaves no trace.
    """
    archive, sha256 = asking.archive, hashlib.sha256(body).hexdigest()
    last = archive.latest(ref.url) if archive is not None else None
    asked = asked_at or datetime.now(UTC)
    if last is not None and last.sha256 == sha256:
        return FetchResult(ref.url, Outcome.UNCHANGED, asked, last.status, "", last, body)
    if archive is not None:
        capture = archive.put(
            body,
            url=ref.url,
            final_url=final_url or ref.url,
            status=200,
            headers=headers,
            fetched_at=fetched_at,
            via=via,
            title=title,
            source_id=asking.source.id,
            purpose="document",
        )
    else:
        capture = Capture(
            sha256,
            ref.url,
            final_url or ref.url,
            fetched_at,
            200,
            headers,
            len(body),
            via,
            title,
            asking.source.id,
            "document",
        )
    return FetchResult(ref.url, Outcome.NEW, asked, 200, "", capture, body)
