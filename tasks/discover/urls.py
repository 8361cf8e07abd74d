"""When two URLs are the same article: the rules in one place.

`canonical_url` gives the URL to ask for, changed only where that cannot change the answer. `article_key` gives the
portal's identity of the article, the same for http and https, with and without www, for the mobile twin, and for
the same article id listed in two columns.
"""

from __future__ import annotations

import posixpath
import re
from datetime import date
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

from tasks.config.fields import normal_host

# Parameters that say how an article is shown, not which one it is.
_NOISE = {
    "from", "jump", "key", "uid", "pagenum", "isappinstalled", "spm", "mobile", "wap", "share", "timestamp",
    "utm_source", "utm_medium", "utm_campaign", "_t", "nsukey",
}  # fmt: skip
_PORTS = {"http": 80, "https": 443}
_DEVICE = re.compile(r"_(?:wap|mobile|m)(?=\.\w+$)", re.I)
# Servers without a cookie of ours write their session into every address: another one each time.
_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.I)
_AUTHORITY = re.compile(r"([a-z][a-z0-9+.-]*:)?([\\/]*)([^/?#]*)", re.I)
_PATH_ENDS = re.compile(r"([^?#]*)([?#]?)(.*)", re.S)
_INDEX = re.compile(r"/(?:index|default)\.(?:s?html?|jsp|aspx?|php)$", re.I)

# Article dialects that carry an id of their own. Group `id` is unique within a site.
_DIALECTS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_(?P<id>\d+)\.html?$",  # Hanweb JCMS
        r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/)?art_(?:\d+_)?(?P<id>[0-9a-f]{32})\.html?$",  # … since JPAAS
        r"/t\d{8}_(?P<id>\d+)\.s?html?$",  # TRS WCM
        r"/t(?P<id>\d{5,})\.s?html?$",  # … without a date
        r"/m?post_(?P<id>\d+)\.html?$",  # gkmlpt, NFCMS
    )
)
# Article dialects without one: the path is the identity.
_SHAPES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"/opennesscontent/show/\d+\.html?$",
        r"/public/\d+/\d+\.html?$",
        r"/info/\d+/\d+\.html?$",
        r"/content/(?:\d+|[0-9a-f-]{32,36}|post_\d+)(?:\.s?html?)?$",
        r"/[0-9a-f]{32}\.s?html?$",
        r"/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.s?html?)?$",
        r"/\d{4}[-/]?\d{2}[-/]?\d{2}/[\w-]{4,}(?:\.s?html?|/index\.s?html?)$",
        r"/\d{4}[-/]?\d{2}/(?:\d{2}/)?[\w-]{6,}\.s?html?$",
        r"/doc/\d{4}/\d{2}/\d{2}/\d+\.s?html?$",
        r"/\d{5,8}/index\.s?html?$",
    )
)
_FILE = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|ofd|zip|rar|txt|csv)$", re.I)
_DAY = (
    re.compile(r"/art/(\d{4})/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/t(\d{4})(\d{2})(\d{2})_"),
    re.compile(r"/(\d{4})-?(\d{2})-?(\d{2})/"),
    re.compile(r"/(\d{4})/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/(\d{4})(\d{2})/(\d{2})/"),
)


def canonical_url(url: str, base: str | None = None) -> str:
    """The absolute URL without what cannot matter: fragment, default port, dot segments, display parameters.

    Raises ValueError for what is no http(s) URL with a valid host.
    """
    text = _SESSION.sub("", _slashes(url.strip()))
    joined = urljoin(base, text) if base else text
    parts = urlsplit(joined)
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise ValueError(f"{parts.scheme or 'no'} scheme")
    if "\\" in parts.netloc or "@" in parts.netloc:
        raise ValueError("user name or backslash in the host")
    host = normal_host(parts.hostname or "")
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if parts.port in (None, _PORTS[scheme]) else f"{shown}:{parts.port}"
    return urlunsplit((scheme, netloc, _path(parts.path), _query(parts), ""))


def _slashes(text: str) -> str:
    """Backslashes of a path as browsers read them. Raises ValueError where they would decide which host is meant."""
    if "\\" not in text:
        return text
    scheme, slashes, host = _AUTHORITY.match(text).groups()  # type: ignore[union-attr]
    if (scheme or len(slashes) > 1) and "\\" in slashes + host:
        raise ValueError("a backslash in or before the host")
    path, mark, rest = _PATH_ENDS.match(text).groups()  # type: ignore[union-attr]
    return str(path.replace("\\", "/") + mark + rest)


def asked_url(url: str) -> str:
    """An address from a page as it is asked for: blanks and Chinese escaped, no fragment; the rest is left alone.

    What is no http(s) address comes back as it is: whoever asks refuses it.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    if parts.scheme.lower() not in _PORTS:
        return url
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    return urlunsplit((parts.scheme, parts.netloc, path, quote(parts.query, safe="%=:@!$&'()*+,;/?~-._[]{}|"), ""))


def article_key(url: str) -> str:
    """The portal's identity of an article: `host/id` where the URL has an article id, else host, path and query."""
    parts = urlsplit(canonical_url(url))
    host = parts.netloc.removeprefix("www.").removesuffix(":80").removesuffix(":443")
    path = _DEVICE.sub("", parts.path)
    for dialect in _DIALECTS:
        found = dialect.search(path)
        if found is not None:
            kind = "post" if "post_" in found[0].lower() else "t" if found[0][1] in "tT" else "art"
            return f"{host}/{kind}/{found['id'].lower()}"
    path = _INDEX.sub("/", path)
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{path}{query}"


def is_article(url: str) -> bool:
    """Whether a URL has the shape of an article or of a file, by the dialects known."""
    parts = urlsplit(url)
    path = _DEVICE.sub("", parts.path)
    known = any(shape.search(path) for shape in (*_DIALECTS, *_SHAPES))
    return known or bool(_FILE.search(path)) or path.endswith("downfile.jsp")


def url_day(url: str) -> date | None:
    """The day in an article's URL: when it was put up, never what it is about."""
    for form in _DAY:
        found = form.search(urlsplit(url).path)
        if found is not None:
            try:
                day = date(*(int(part) for part in found.groups()))
            except ValueError:
                continue
            if 1990 <= day.year <= 2100:
                return day
    return None


def same_place(url: str, other: str) -> bool:
    """Whether two URLs have the same host and port, whatever their scheme."""
    return _place(urlsplit(url)) == _place(urlsplit(other))


def _place(parts: SplitResult) -> tuple[str, int | None]:
    port = parts.port
    return normal_host(parts.hostname or ""), None if port in (80, 443) else port


def _path(path: str) -> str:
    if not path:
        return "/"
    kept = "/" if path.endswith(("/", "/.", "/..")) else ""
    resolved = posixpath.normpath("/" + path.lstrip("/"))
    resolved = resolved if resolved == "/" else resolved + kept
    # Spaces and Chinese characters get one spelling; what is escaped already stays as it is.
    return quote(resolved, safe="/%:@!$&'()*+,;=~-._")


def _query(parts: SplitResult) -> str:
    if not parts.query:
        return ""
    article = any(dialect.search(_DEVICE.sub("", parts.path)) for dialect in _DIALECTS)
    kept = []
    for piece in parts.query.replace("&amp;", "&").split("&"):
        name = unquote(piece.partition("=")[0]).lower()
        if piece and not article and name not in _NOISE:
            kept.append(quote(piece, safe="%=:@!$'()*+,;/?~-._"))
    return "&".join(kept)
