"""A fetcher with no manners and no memory, for tests of discovery alone: real HTTP, the outcomes told by status."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import requests

from tasks.model import Capture, FetchResult, Outcome

_OUTCOMES = {404: Outcome.GONE, 410: Outcome.GONE, 412: Outcome.BLOCKED, 521: Outcome.BLOCKED, 429: Outcome.BLOCKED}


class PlainFetcher:
    def fetch(
        self,
        url: str,
        *,
        source: Any,
        method: str = "GET",
        data: Any = None,
        headers: Mapping[str, str] | None = None,
        purpose: str = "document",
        known: Capture | None = None,
        full: bool = False,
        title: str = "",
    ) -> FetchResult:
        now = datetime.now(UTC)
        try:
            answer = requests.request(method, url, data=data, headers=headers, timeout=10)
        except requests.ConnectionError as error:
            return FetchResult(url, Outcome.FAILED, now, detail=f"ConnectionRefused: {type(error).__name__}")
        outcome = _OUTCOMES.get(answer.status_code, Outcome.NEW if answer.ok else Outcome.FAILED)
        capture = Capture(
            sha256="0" * 64,
            url=url,
            final_url=answer.url,
            fetched_at=now,
            status=answer.status_code,
            headers=tuple(answer.headers.items()),
            size=len(answer.content),
            source_id=source.id,
            purpose=purpose,
        )
        body = answer.content if outcome is Outcome.NEW else None
        return FetchResult(url, outcome, now, answer.status_code, "", capture, body)
