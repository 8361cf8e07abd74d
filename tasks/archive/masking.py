"""Secrets taken out of what is kept and shown. One rule for URLs, headers, forms and free text."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "***"

# Named whole or as the last part of a compound name (access_token, apiKey), so that gkmlpt's `sid` or a `tokenid`
# column stays readable.
_SECRET_WORD = (
    r"(?:[a-z0-9_\-.]*(?:password|passwd|secret|token|api[_-]?key|access[_-]?key(?:id)?|signature|credential)|pwd|auth)"
)
_QUERY = re.compile(rf"(?i)(?P<head>(?:^|[?&;])(?:{_SECRET_WORD})=)(?P<value>[^&;#\s\"'<>]*)")
_USERINFO = re.compile(r"(?i)(?P<scheme>[a-z][a-z0-9+.\-]*://)(?P<user>[^/?#\s@\"'<>]*)@")
_HEADER = re.compile(
    r"(?i)\b(?P<name>(?:proxy-)?authorization|cookie|x-api-key)(?P<sep>\s*[:=]\s*)(?P<value>[^\r\n,;]+(?:;[^\r\n]*)?)"
)
_COOKIE_VALUE = re.compile(r"^(?P<name>\s*[^=;\s]+=)[^;]*")
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key", "authentication-info"})


def mask_url(url: str) -> str:
    """A URL without user, password and the values of secret-bearing query parameters; else unchanged."""
    return _QUERY.sub(rf"\g<head>{MASK}", _USERINFO.sub(r"\g<scheme>", url))


def mask_form(body: str) -> str:
    """A form body (`a=1&password=x`) without the values of secret-bearing fields."""
    return _QUERY.sub(rf"\g<head>{MASK}", body)


def mask_text(text: str) -> str:
    """Free text, such as an exception's message, without what `mask_url` takes out and without header secrets."""
    return _HEADER.sub(rf"\g<name>\g<sep>{MASK}", mask_url(text))


def mask_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Header pairs as kept: a cookie keeps its name and attributes and loses its value; credentials are masked."""
    kept = []
    for name, value in headers:
        lower = name.lower()
        if lower in {"set-cookie", "set-cookie2"}:
            kept.append((name, _COOKIE_VALUE.sub(rf"\g<name>{MASK}", value)))
        elif lower in _SECRET_HEADERS:
            kept.append((name, MASK))
        elif lower in {"location", "content-location", "refresh", "link"}:
            kept.append((name, mask_url(value)))
        else:
            kept.append((name, value))
    return tuple(kept)
