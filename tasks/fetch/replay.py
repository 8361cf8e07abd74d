"""The fetcher's twin that answers from the archive: any past run again, without a network."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import TracebackType

from tasks.archive import Archive
from tasks.archive.masking import mask_form, mask_url
from tasks.fetch.addresses import web_url
from tasks.fetch.answer import Answer
from tasks.fetch.errors import FetchError, NotKept, UrlRefused
from tasks.fetch.headers import with_range
from tasks.fetch.policy import SourcePolicy
from tasks.fetch.recognise import recognise
from tasks.fetch.session import Form, encode_form
from tasks.fetch.wording import shown
from tasks.model import Capture, FetchResult, Outcome


class ReplayFetcher:
    """Has `Fetcher.fetch`'s signature and judges kept answers by the same rules. Opens no connection.

    `as_of`: nothing captured later is seen. `FetchResult.fetched_at` is the capture's own time. The newest capture
    that is an answer wins; where only evidence of blocks and errors was kept, the newest of that.
    """

    def __init__(self, archive: Archive, *, as_of: datetime | None = None) -> None:
        self._archive = archive
        self._as_of = as_of

    def __enter__(self) -> ReplayFetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is held."""

    def fetch(
        self,
        url: str,
        *,
        source: SourcePolicy,
        method: str = "GET",
        data: Form | None = None,
        headers: Mapping[str, str] | None = None,
        purpose: str = "document",
        known: Capture | None = None,
        full: bool = False,  # noqa: ARG002 - the fetcher's signature
        title: str = "",  # noqa: ARG002
    ) -> FetchResult:
        """One URL → the outcome of its kept answer; FAILED with NotKept where nothing was kept."""
        form = encode_form(data)
        wanted = mask_form(form.decode("utf-8", "replace")) if form is not None else ""
        verb = "POST" if form is not None and method == "GET" else method
        asked = mask_url(url)
        verdict: FetchError | None = None
        best: tuple[Capture, bytes, FetchError | None] | None = None
        for capture in self._candidates(asked, source.id, verb, wanted, headers or {}):
            body = self._archive.read(capture.sha256)
            ranged = any(name.lower() == "range" for name in headers or {})
            answer = Answer(capture.status, capture.headers, body, capture.url, capture.final_url, purpose, ranged)
            verdict = recognise(answer)
            if verdict is None:
                best = (capture, body, None)
                break
            best = best or (capture, body, verdict)
        if best is None:
            error = NotKept(f"no answer to {verb} {shown(asked)} of {shown(source.id)} is kept")
            at = self._as_of or datetime.now().astimezone()
            return FetchResult(asked, error.outcome, at, None, f"{error.code}: {error.reason}")
        capture, body, verdict = best
        if verdict is not None:
            detail = f"{verdict.code}: {verdict.reason}"
            return FetchResult(asked, verdict.outcome, capture.fetched_at, capture.status, detail, capture, body)
        same = known is not None and known.sha256 == capture.sha256
        outcome = Outcome.UNCHANGED if same else Outcome.NEW
        return FetchResult(asked, outcome, capture.fetched_at, capture.status, "from the archive", capture, body)

    def _candidates(
        self, asked: str, source_id: str, verb: str, form: str, headers: Mapping[str, str]
    ) -> list[Capture]:
        """Kept answers to this very request, newest first; of this source if any is, else of any (imports)."""
        try:
            canonical = mask_url(with_range(web_url(asked).text, headers))
        except UrlRefused:
            canonical = asked
        urls = [canonical] if canonical == asked or headers else [asked, canonical]
        found = [
            capture
            for url in urls
            for capture in self._archive.captures(url)
            if capture.method == verb
            and capture.request_body == form
            and capture.purpose != "redirect"
            and (self._as_of is None or capture.fetched_at <= self._as_of)
        ]
        own = [capture for capture in found if capture.source_id == source_id]
        return sorted(own or found, key=lambda capture: capture.fetched_at, reverse=True)
