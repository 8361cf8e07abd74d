"""The fetcher: one URL in, one outcome out, the response archived on the way.

A failure on the way is an outcome, not an exception: `FetchResult.detail` begins with the class name of the error in
`tasks.fetch.errors` (or of the encoding errors of the archive). Only a failing archive and a wrong call raise.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode

from tasks.archive import Archive
from tasks.archive.errors import BodyTooLarge, CaptureCorrupt, CaptureMissing, EncodingBroken, EncodingRefused
from tasks.archive.masking import mask_url
from tasks.errors import JibaoError, UsageError
from tasks.fetch.addresses import Resolver, system_resolver, web_url
from tasks.fetch.answer import Answer
from tasks.fetch.errors import (
    AddressRefused,
    Challenge,
    FetchError,
    HostNotAllowed,
    NotModifiedUnasked,
    NotTheDocument,
    UrlRefused,
)
from tasks.fetch.exchange import Exchange, Got, Request, SourceState
from tasks.fetch.headers import bare_etag, header
from tasks.fetch.policy import SourcePolicy
from tasks.fetch.politeness import Gate, utc_now
from tasks.fetch.recognise import recognise
from tasks.fetch.trail import Trail, without_conditions
from tasks.fetch.wording import shown
from tasks.model import Capture, FetchResult, Outcome

_log = logging.getLogger("jibao.fetch")

_PURPOSES = frozenset({"document", "listing", "attachment", "robots"})
_METHODS = frozenset({"GET", "POST", "HEAD"})
_CHALLENGES_IN_A_ROW = 5
_SECURITY = (AddressRefused, HostNotAllowed, UrlRefused)

Form = Mapping[str, str] | Sequence[tuple[str, str]] | str | bytes


class Fetcher:
    """Fetches for any number of sources and threads; a context manager.

    `user_agent`: honest and with a contact; the default takes the contact from JIBAO_CONTACT. `state_dir`: shared by
    all processes that fetch from this machine (default JIBAO_STATE, else the user's state folder): politeness
    and robots.txt rules live there. `clock` (monotonic seconds), `sleep` and `now` (UTC) are the time; `resolver`
    gives a host's addresses; `ca_bundle` is a file of certificate authorities to trust instead of the usual ones.
    `attempts` is the number of tries; `patience` the seconds a worker waits at a host's request.
    """

    def __init__(
        self,
        archive: Archive,
        *,
        user_agent: str | None = None,
        state_dir: str | Path | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = utc_now,
        resolver: Resolver = system_resolver,
        ca_bundle: str | None = None,
        attempts: int = 4,
        backoff_seconds: float = 0.5,
        patience: float = 300.0,
    ) -> None:
        folder = Path(state_dir) if state_dir is not None else default_state_dir()
        self._archive = archive
        self._now = now
        self._attempts = max(attempts, 1)
        gate = Gate(folder / "hosts", clock=clock, sleep=sleep, now=now, patience=patience)
        self._exchange = Exchange(
            archive,
            gate,
            agent=user_agent or default_user_agent(),
            now=now,
            resolver=resolver,
            verify=ca_bundle or True,
        )
        self._trail = Trail(
            self._exchange,
            gate,
            sleep=sleep,
            now=now,
            attempts=self._attempts,
            backoff=backoff_seconds,
            robots_dir=folder / "robots",
        )

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections and forget all cookies."""
        self._exchange.close()

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
        full: bool = False,
        title: str = "",
    ) -> FetchResult:
        """One URL → its outcome. Every whole response is in the archive when this returns.

        `known`: the capture that the caller has already worked through; the request is made conditional on it (not
        with `full`), and the same bytes are `unchanged`. `body` is None only for a 304 and where nothing came whole.
        `title`: the link's text. Raises ArchiveError where the archive fails, UsageError for a wrong call.
        """
        if purpose not in _PURPOSES or method not in _METHODS:
            raise UsageError(f"purpose {purpose!r} with method {method!r}")
        form = encode_form(data)
        asked = mask_url(url)
        state = self._exchange.state(source)
        try:
            request = Request(
                source=source,
                purpose=purpose,
                method="POST" if form is not None and method == "GET" else method,
                form=form,
                headers=dict(headers or {}),
                title=title,
                requested=web_url(url),
                conditions={} if full or form is not None else self._conditions(known, purpose),
                max_bytes=source.max_bytes,
                deadline=source.deadline_seconds,
                attempts=self._attempts,
            )
            _spare(state)
            got, chain = self._trail.follow(request)
            if got.answer.status == 304:
                got = self._believed(request, got)
        except (FetchError, EncodingBroken, EncodingRefused, BodyTooLarge) as error:
            _remember(state, error)
            return self._failure(source, asked, error)
        return self._result(request, asked, state, got, chain, known)

    def _result(
        self, request: Request, asked: str, state: SourceState, got: Got, chain: Sequence[str], known: Capture | None
    ) -> FetchResult:
        answer, capture = got.answer, got.capture
        notes = list(got.notes)
        if chain:
            notes.append(f"redirected: {' -> '.join(shown(one) for one in (*chain, answer.url))}")
        if not request.source.verify_tls and answer.url.startswith("https:"):
            notes.append("TLS certificate not verified, as configured")
        detail = "; ".join(notes)
        if capture is None:
            _remember(state, None)
            if known is not None and request.purpose == "listing":
                state.lists[known.sha256] = answer.url
            return FetchResult(asked, Outcome.UNCHANGED, self._now(), answer.status, detail, known)
        error = recognise(answer) or _list_instead(request, state, got)
        _remember(state, error)
        if error is not None:
            return self._failure(request.source, asked, error, got, notes)
        outcome = Outcome.UNCHANGED if known is not None and known.sha256 == capture.sha256 else Outcome.NEW
        return FetchResult(asked, outcome, capture.fetched_at, answer.status, detail, capture, answer.body)

    def _failure(
        self,
        source: SourcePolicy,
        asked: str,
        error: JibaoError,
        got: Got | None = None,
        notes: Sequence[str] = (),
    ) -> FetchResult:
        outcome = error.outcome if isinstance(error, FetchError) else Outcome.FAILED
        detail = "; ".join([f"{error.code}: {shown(error.reason, 600)}", *notes])
        security = isinstance(error, _SECURITY)
        _log.log(
            logging.ERROR if security else logging.WARNING,
            "%s[%s] %s %s: %s",
            "security: " if security else "",
            source.id,
            outcome.value,
            shown(asked),
            detail,
        )
        if got is None or got.capture is None:
            return FetchResult(asked, outcome, self._now(), None, detail)
        at, status = got.capture.fetched_at, got.answer.status
        return FetchResult(asked, outcome, at, status, detail, got.capture, got.answer.body)

    def _believed(self, request: Request, got: Got) -> Got:
        """A 304 stands only where we asked on condition and it speaks of the version we have; else ask for all."""
        asked, said = request.conditions.get("If-None-Match"), header(got.answer.headers, "etag")
        if request.conditions and not (asked and said and bare_etag(asked) != bare_etag(said)):
            return got
        again, _ = self._trail.follow(without_conditions(request))
        if again.answer.status == 304:
            raise NotModifiedUnasked("status 304, and 304 again to a request for the whole page")
        return Got(again.answer, again.capture, (*again.notes, "a 304 that could not be true was asked again"))

    def _conditions(self, known: Capture | None, purpose: str) -> dict[str, str]:
        """Headers that make a request conditional; none where the known bytes are not kept whole any more.

        Nor where they are evidence of a block or an error: a 304 would make them the document.
        """
        if known is None:
            return {}
        try:
            body = self._archive.read(known.sha256)
        except (CaptureMissing, CaptureCorrupt) as error:
            _log.warning("%s is asked for in full: %s", shown(known.url), shown(error))
            return {}
        if recognise(Answer(known.status, known.headers, body, known.url, known.final_url, purpose)):
            return {}
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        return {name: value for name, field in pairs if (value := header(known.headers, field))}


def _list_instead(request: Request, state: SourceState, got: Got) -> FetchError | None:
    """After a burst some portals answer every page with the list or the home page, at status 200."""
    assert got.capture is not None
    sha256, url = got.capture.sha256, got.answer.url
    if request.purpose == "listing" or url.rstrip("/") == request.requested.origin:
        state.lists[sha256] = url
        return None
    other = state.lists.get(sha256)
    if other is not None and other != url and got.answer.is_page:
        return NotTheDocument(f"the same bytes as the list {shown(other)}")
    return None


def _remember(state: SourceState, error: JibaoError | None) -> None:
    state.challenged = state.challenged + 1 if isinstance(error, Challenge) else 0


def _spare(state: SourceState) -> None:
    """A source that has challenged us five times in a row is asked only every fifth time in the rest of the run."""
    if state.challenged >= _CHALLENGES_IN_A_ROW and state.challenged % _CHALLENGES_IN_A_ROW:
        raise Challenge(f"not asked: the last {state.challenged} answers of this source were challenges")


def encode_form(data: Form | None) -> bytes | None:
    """A POST's form as bytes; text and bytes are taken as they are."""
    if data is None or isinstance(data, bytes):
        return data
    if isinstance(data, str):
        return data.encode()
    return urlencode(data if isinstance(data, Mapping) else list(data)).encode()


def default_user_agent() -> str:
    """Who asks and whom to write to: the contact is JIBAO_CONTACT, an address or a URL."""
    contact = shown(os.environ.get("JIBAO_CONTACT", "").encode("ascii", "ignore").decode()).strip()
    return f"jibao/0.1 (keeps quarterly disclosures; contact: {contact or 'not given'})"


def default_state_dir() -> Path:
    """Where processes of one user share politeness: JIBAO_STATE, else jibao/ in the user's state folder."""
    if configured := os.environ.get("JIBAO_STATE"):
        return Path(configured)
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local" / "state") / "jibao"
