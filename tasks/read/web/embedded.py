"""Articles that stand in their page as data, for a script to show: gkmlpt's `_CONFIG = {…, DETAIL: {content: "…"}}`."""

from __future__ import annotations

import html as markup
import json
import re

EMBEDDED = b"_CONFIG"  # in the bytes of every page that may hold such an article
_MARK = EMBEDDED.decode()
_DETAIL = re.compile(r"""['"]?\bDETAIL\b['"]?\s*[:=]\s*\{""")
_SCRIPT_END = re.compile(r"</script\s*>", re.IGNORECASE)
# The value is a string literal; the page's markup in it has its quotes and slashes escaped.
_CONTENT = re.compile(r"""['"]?\bcontent\b['"]?\s*:\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\n|.)", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": "", "\n": ""}
_TAG = re.compile(r"<[^<>]*>")
_SCRIPTS = re.compile(r"<script\b.*?(?:</script\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_SAMPLE = 24  # characters of the article that would stand in the page if it were printed there too


def with_embedded(html: str) -> str | None:
    """The page with the article that its script would show put where a browser would have it; None where there is
    none, or where it is printed already."""
    if _MARK not in html:
        return None
    detail = _DETAIL.search(html)
    if detail is None:
        return None
    end = _SCRIPT_END.search(html, _past_strings(html, detail.end()))
    stop = end.start() if end is not None else len(html)
    literals = [found[1] if found[1] is not None else found[2] for found in _CONTENT.finditer(html, detail.end(), stop)]
    article = _unescaped(max(literals, key=len, default=""))
    if "<" not in article and "&lt;" in article:
        article = markup.unescape(article)
    said = _plain(article)
    if len(said) < 2 or said[:_SAMPLE] in _plain(_SCRIPTS.sub("", html)):
        return None
    place = html.lower().rfind("</body")
    at = place if place > stop else len(html)
    return f'{html[:at]}<div class="article-content">{article}</div>{html[at:]}'


def _past_strings(html: str, start: int) -> int:
    """Where the string literals of an article end: a `</script>` in one of them closes nothing for its author."""
    last = start
    for found in _CONTENT.finditer(html, start):
        between = html[last : found.start()]
        if _SCRIPT_END.search(between):
            break
        last = found.end()
    return last


def _unescaped(literal: str) -> str:
    """A string literal of JSON or of a script as the text that it stands for."""
    try:
        text = json.loads(f'"{literal}"', strict=False)
    except ValueError:
        text = _ESCAPE.sub(lambda found: _character(found[1]), literal)
    # Halves of characters beyond the basic plane come apart where they were escaped one by one.
    return str(text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(escape: str) -> str:
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    return _CONTROL.get(escape, escape)


def _plain(fragment: str) -> str:
    return "".join(markup.unescape(_TAG.sub("", fragment)).split())
