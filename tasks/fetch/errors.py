"""What a fetch can come to besides the document. See docs/runbook/fetch.md.

They are raised inside this room only: `Fetcher.fetch` turns each into a `FetchResult` with the class's `outcome` and
a `detail` that begins with the class's name.
"""

from __future__ import annotations

from typing import ClassVar

from tasks.errors import JibaoError
from tasks.model import Outcome


class FetchError(JibaoError):
    """The root of this room's errors. `again` says whether another try may help."""

    remedy = "Read docs/runbook/fetch.md."
    outcome: ClassVar[Outcome] = Outcome.FAILED
    again: ClassVar[bool] = False


# ── before anything is asked ─────────────────────────────────────────────────────────────────────────────────────────


class UrlRefused(FetchError):
    """A URL or redirect target that is not a plain http(s) URL: another scheme, a password, a backslash."""

    remedy = "Correct the URL in sources.yaml; in a redirect or a list it is the portal's (or an intruder's) doing."


class HostNotAllowed(FetchError):
    """A URL or redirect leads to a host that is not the source's."""

    remedy = "If the portal has moved, add the new host to the source's allow_hosts; otherwise treat it as an attack."


class AddressRefused(FetchError):
    """A host resolves to an address of a private network, of this machine or of a cloud's metadata service."""

    remedy = "No connection was made. Only a demo or a test sets allow_private_hosts; otherwise treat it as an attack."


class RobotsDisallowed(FetchError):
    """The portal's robots.txt asks not to fetch this page."""

    remedy = "Respect it: ask the publisher, or read the page from an archive family (wayback, common-crawl, warc)."
    outcome = Outcome.BLOCKED


class RobotsUnavailable(FetchError):
    """robots.txt answers with a server error or not at all, so nothing may be asked of the host (RFC 9309)."""

    remedy = "Run again later; nothing but robots.txt was asked."


class StateUnwritable(FetchError):
    """The folder that shares politeness between processes cannot be written; without it nothing is asked."""

    remedy = "Make room or give write access, or name another folder in JIBAO_STATE."


class HostBusy(FetchError):
    """Other requests to the host did not end within the waiting time."""

    remedy = "Other runs are using the host. Run again when they are done."


# ── the way there ────────────────────────────────────────────────────────────────────────────────────────────────────


class NameNotResolved(FetchError):
    """The host's name has no address."""

    remedy = "Check the name and the machine's resolver; the portal may be gone for good."
    again = True


class ConnectFailed(FetchError):
    """No connection within connect_timeout_seconds, or it was refused."""

    remedy = "The host is down, or does not answer this network. Run again later, or from another network."
    again = True


class TlsFailed(FetchError):
    """The TLS handshake failed: expired, self-signed, wrong host, an alert, or plain HTTP on the port."""

    remedy = "If the certificate is known to be broken, set verify_tls: false for this source only; it is shown then."


class TlsBroken(TlsFailed):
    """The connection ended during the TLS handshake."""

    remedy = "Run again later; if it stays so, the server may need legacy_tls, or a firewall cuts by host name."
    again = True


class NoAnswer(FetchError):
    """Connected, and no byte came within read_timeout_seconds."""

    remedy = (
        "The portal is overloaded or drops this network. Run again later; raise read_timeout_seconds if it is slow."
    )
    again = True


class DeadlineExceeded(FetchError):
    """The response was not complete within deadline_seconds: it drips, or is far too large for the line."""

    remedy = "Raise the source's deadline_seconds if the portal is merely slow."


class ConnectionBroken(FetchError):
    """The connection was reset or closed before a response had come."""

    remedy = "Run again later; a firewall that resets every request looks the same."
    again = True


class BodyCut(FetchError):
    """The body is shorter than was announced, or ends in the middle of the page."""

    remedy = "It was tried several times. The portal or a proxy before it cuts the page: try the archive families."
    again = True


class LengthsDisagree(FetchError):
    """Two lengths, a length that is no number, or more bytes on the connection than the length says."""

    remedy = "The portal's answer cannot be told from a cut one. Try the archive families; report it to the portal."
    again = True


class MalformedAnswer(FetchError):
    """What came is not HTTP: a nonsense status line, hundreds of headers, a redirect without a target."""

    remedy = "Run again later; if it stays so, something other than a web server listens there."
    again = True


class RedirectLoop(FetchError):
    """More than ten redirects, or a circle."""

    remedy = "The detail names the chain. A portal that wants a cookie set by script does this; see `blocked`."


class NotModifiedUnasked(FetchError):
    """304 Not Modified to a request without conditions, or again when the page was asked for in full."""

    remedy = "A cache before the portal is broken. Run again later."


# ── what came ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Gone(FetchError):
    """404 or 410: the portal no longer has the page."""

    remedy = "It is withdrawn only after repeated evidence; earlier data stay. See whether the portal has moved it."
    outcome = Outcome.GONE


class SoftGone(Gone):
    """A page that says that the page does not exist, with a status of success."""


class NotYetPublished(FetchError):
    """A page that says that the information has not been published yet."""

    remedy = "Nothing to do: it is asked again at the next run."
    outcome = Outcome.NOT_PUBLISHED


class Challenge(FetchError):
    """A page of script that wants to test the browser. It is kept as evidence and not solved."""

    remedy = "Slow down, fetch from another network, ask the publisher, or use the archive families."
    outcome = Outcome.BLOCKED


class Forbidden(FetchError):
    """The portal or its firewall refuses this network or this page."""

    remedy = (
        "Fetch from another network, ask the publisher, or use the archive families. It is not tried again in a row."
    )
    outcome = Outcome.BLOCKED


class RateLimited(FetchError):
    """The portal asks to wait longer than a worker waits."""

    remedy = "Run again after the time named; raise delay_seconds for the host's sources."
    outcome = Outcome.BLOCKED


class ServerError(FetchError):
    """A server error (5xx), also after several tries."""

    remedy = "Run again later."


class StatusRefused(FetchError):
    """A status that brings no document: 204, 206 unasked, 400, 405, …"""

    remedy = "See the kept answer. The portal may want a Referer header or another form of request."


class EmptyBody(FetchError):
    """A successful answer without a single visible byte."""

    remedy = "Run again later. An empty page is never read as `no tasks`."


class Maintenance(FetchError):
    """The portal says that it is being maintained or upgraded."""

    remedy = "Run again later."


class LoginRequired(FetchError):
    """The portal asks to log in."""

    remedy = "What needs a login is not public; see whether the page has moved."


class NotTheDocument(FetchError):
    """Another page came instead: the home page, the list, or one that only refers elsewhere."""

    remedy = "See the kept page. The document may have moved: check the column's list on the portal."


class NotKept(FetchError):
    """A replay from the archive was asked for something that the archive does not hold."""

    remedy = "Run the same command without --from-archive to fetch it."
