"""Links to files: which of a page's links are, and under which names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from tasks.model import Attachment
from tasks.read.web.inline import clean_run

_FILE = re.compile(
    r"\.(?:docx?|xlsx?|xlsm|xlsb|et|wps|ods|odt|pdf|ofd|rtf|zip|rar|7z|csv|txt)(?:$|[?#&])", re.IGNORECASE
)
_PAGE = re.compile(r"(?:/|\.s?html?|\.jhtml)(?:[?#][^=]*)?$", re.IGNORECASE)
# Most links of a page lead to other pages: the tree sorts those out at a fraction of the cost.
LINKS = 'a:not([href$=".html"]):not([href$=".htm"]):not([href$=".shtml"]):not([href$="/"])'
_DOWNLOAD = re.compile(r"downfile|download|filename=|attachment|/module/download", re.IGNORECASE)
_IN_SCRIPT = re.compile(r"""['"]([^'"]+\.(?:docx?|xlsx?|xlsm|xlsb|et|wps|ods|pdf|zip|rar)[^'"]*)['"]""", re.IGNORECASE)


def link_base(named: str | None, url: str | None) -> str | None:
    """Where a page's links start: at the address that its first `<base>` names, else at its own (`url`).

    The links of a saved page start where it was saved.
    """
    if named is None or not _on_the_web(url or "http://"):
        return url
    try:
        base = urljoin(url or "", named.strip().replace("\\", "/"))
    except ValueError:
        return url
    return base if _on_the_web(base) else url


def _on_the_web(url: str) -> bool:
    return url[:8].lower().startswith(("http://", "https://"))


def file_links(nodes: list[Any], inside: set[int], url: str | None) -> Iterable[Attachment]:
    """Links to files, those of the content area if it has any; names from the link's text, its title or the URL.

    `url`: where they start.
    """
    near: dict[str, str] = {}
    far: dict[str, str] = {}
    for node in nodes:
        attributes = node.attrs
        href = (attributes.get("href") or "").strip()
        text = ""
        if _PAGE.search(href):
            continue
        if not href or href[0] == "#" or href[:11].lower() == "javascript:" or href[:7].lower() == "mailto:":
            script = _IN_SCRIPT.search((attributes.get("onclick") or "") + href)
            if script is None:
                continue
            href = script.group(1)
        text = clean_run(node.text())
        if not (_FILE.search(href) or _DOWNLOAD.search(href) or _FILE.search(text)):
            continue
        query = parse_qs(urlsplit(href).query)
        shown = (query.get("showname") or query.get("filename") or [""])[0]
        name = text or clean_run(attributes.get("title") or "") or shown or unquote(href.rsplit("/", 1)[-1])
        try:
            if "\\" in href:  # browsers read them as slashes
                path, mark, rest = href.partition("?")
                href = path.replace("\\", "/") + mark + rest
            full = urljoin(url, href) if url else href
        except ValueError:
            full = href
        (near if _within(node, inside) else far).setdefault(full, name)
    chosen = near or far
    return [Attachment(link, name) for link, name in chosen.items()]


def _within(node: Any, ids: set[int]) -> bool:
    while node is not None:
        if node.mem_id in ids:
            return True
        node = node.parent
    return False
