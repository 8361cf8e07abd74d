"""`gkmlpt`: the disclosure platform of Guangdong. The index page names the site (SID), an API lists a category.

Pages 0 and 1 of the API are the same page; a page beyond the end may be a 404. See docs/portals/gkmlpt.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tasks.config.options import GkmlptOptions
from tasks.discover.asking import ask, final_url, hint_of_family, page, text_of
from tasks.discover.errors import ListingNotRecognised
from tasks.discover.listing import believe
from tasks.discover.markup import Entry, clean_title
from tasks.discover.ports import Asking, Listing
from tasks.discover.reading import PageRead, gather
from tasks.model import Outcome

_SID = re.compile(r"""['"]?\bSID\b['"]?\s*[:=]\s*['"]?(\d+)""")
_NUMBER = re.compile(r"\d+")
_DATES = ("date", "display_publish_time", "first_publish_time", "created_at", "create_time")


def list_documents(asking: Asking, previously: int | None) -> Listing:
    """The category's documents. Raises a ListingError."""
    url, options = asking.source.listing, _options(asking)
    sid, base = options.sid, url
    if sid is None:
        text, result = page(asking, _without_fragment(url))
        base = final_url(result)
        found = _SID.search(text)
        if found is None:
            raise ListingNotRecognised(
                "the index page names no SID; give it as options.sid" + hint_of_family(text, asking.source.portal),
                source=asking.source.id,
                where=url,
                result=result,
                fetches=asking.fetches,
            )
        sid = found[1]
    pages = _Pages(asking, base, _category(url, options), sid)
    return believe(asking, gather(asking, pages, previously=previously, where=url), where=url)


class _Pages:
    """Pages 1, 2, … of the API."""

    def __init__(self, asking: Asking, base: str, category: int, sid: str) -> None:
        parts = urlsplit(base)
        prefix = parts.path.partition("/gkmlpt")[0]
        self._asking, self._base = asking, base
        self._api = urlunsplit((parts.scheme, parts.netloc, f"{prefix}/gkmlpt/api/all/{category}", "", ""))
        self._sid = sid

    def __call__(self, number: int) -> PageRead | None:
        result = ask(
            self._asking,
            f"{self._api}?page={number}&sid={self._sid}",
            headers={"Referer": self._base, "X-Requested-With": "XMLHttpRequest"},
        )
        if number > 1 and result.outcome in (Outcome.GONE, Outcome.NOT_PUBLISHED):
            # The end, if the total agrees.
            return PageRead((), broken_off=f"page {number} is not there (status {result.http_status})")
        read = read_answer(text_of(self._asking, result), self._asking)
        if read is None:
            raise ListingNotRecognised(
                f"page {number} of the API is not its JSON",
                source=self._asking.source.id,
                where=result.url,
                result=result,
                fetches=self._asking.fetches,
            )
        entries, total = read
        return PageRead(entries, total, base=self._base)


def read_answer(text: str, asking: Asking) -> tuple[tuple[Entry, ...], int | None] | None:
    """The API's answer → (entries, declared total); None where it is something else."""
    try:
        answer = json.loads(text)
        articles = answer["articles"]
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(articles, list):
        return None
    classify = answer.get("classify")
    total = _int(answer.get("total"))
    if isinstance(classify, dict) and _int(classify.get("post_count")) is not None:
        total = _int(classify.get("post_count"))
    entries = tuple(_entry(one, asking) for one in articles if isinstance(one, dict))
    return entries, total


def _entry(article: Mapping[str, Any], asking: Asking) -> Entry:
    url = next((str(article[name]) for name in ("url", "post_url") if article.get(name)), "")
    title = clean_title(str(article.get("title") or article.get("name") or ""))
    return Entry(url, title, _day(article, asking), raw=str(article.get("id", "")))


def _day(article: Mapping[str, Any], asking: Asking) -> str:
    """The day of publication as text; the API gives dates as text here and as seconds there."""
    for name in _DATES:
        value = article.get(name)
        seconds = _int(value)
        if seconds is not None and seconds >= 10_000_000:
            # A number of eight digits that begins like a year is a day without separators.
            if str(seconds).startswith(("19", "20")) and len(str(seconds)) == 8:
                return str(seconds)
            seconds = seconds // 1000 if seconds > 100_000_000_000 else seconds
            return datetime.fromtimestamp(seconds, UTC).astimezone(asking.source.zone).date().isoformat()
        if isinstance(value, str) and value.strip() and seconds is None:
            return value
    return ""


def _int(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and _NUMBER.fullmatch(value.strip()) else None


def _category(url: str, options: GkmlptOptions) -> int:
    if options.category is not None:
        return options.category
    found = _NUMBER.search(urlsplit(url).fragment)
    return int(found[0]) if found is not None else 0


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _options(asking: Asking) -> GkmlptOptions:
    options = asking.source.options
    return options if isinstance(options, GkmlptOptions) else GkmlptOptions()
