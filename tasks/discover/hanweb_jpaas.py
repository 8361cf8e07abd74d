"""`hanweb-jpaas`: Hanweb's present platform. A script names a unit API and its parameters; the API answers HTML.

The parameters stand in an attribute that is no JSON (single quotes). Paging goes through `paramJson`; where a site
ignores it, page 2 is page 1, which is an error and not the end of the list. See docs/portals/hanweb-jpaas.md.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin

from selectolax.lexbor import LexborHTMLParser

from tasks.config.options import JpaasOptions
from tasks.discover.asking import ask, hint_of_family, link_base, page, text_of
from tasks.discover.errors import ListingNotRecognised
from tasks.discover.listing import believe
from tasks.discover.markup import Entry, page_entries
from tasks.discover.ports import Asking, Listing
from tasks.discover.reading import PageRead, gather
from tasks.discover.urls import is_article

API = "/api-gateway/jpaas-publish-server/front/page/build/unit"

_PAIR = re.compile(r"""['"]?(\w+)['"]?\s*:\s*(?:'([^']*)'|"([^"]*)"|([^,'"{}\s]+))""")
_LIST_TAG = re.compile(r"列表|信息|list|info", re.I)
_NO_LIST_TAG = re.compile(r"导航|位置|nav|foot|head|搜索|search|菜单|menu", re.I)
_COLUMN = re.compile(r"/col/?(?:col)?(\w+)")
_UNITS_TRIED = 4


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a page: where it is built and what the builder is asked."""

    api: str  # absolute
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fragment:
    """What the API answered: the entries and the number the pager declares."""

    entries: tuple[Entry, ...]
    total: int | None
    rows: int | None


def list_documents(asking: Asking, previously: int | None) -> Listing:
    """The column's documents. Raises a ListingError."""
    url, options = asking.source.listing, _options(asking)
    text, result = page(asking, url)
    base = link_base(text, result)
    units = read_units(text, base, options)
    if not units:
        raise ListingNotRecognised(
            "no script of the page names a unit (queryData)" + hint_of_family(text, asking.source.portal),
            source=asking.source.id,
            where=url,
            result=result,
            fetches=asking.fetches,
        )
    pages = _Pages(asking, _the_list(asking, units, base), base, options.rows)
    return believe(asking, gather(asking, pages, previously=previously, where=url), where=url)


def read_units(text: str, base: str, options: JpaasOptions) -> list[Unit]:
    """The units a page names, those that look like its list first; the configured parameters win."""
    given = {
        name: value
        for name, value in (
            ("webId", options.web_id),
            ("tplSetId", options.template),
            ("pageId", options.page_id),
            ("tagId", options.tag),
        )
        if value is not None
    }
    units = []
    for script in LexborHTMLParser(text).css("[querydata]"):
        query = read_query(script.attributes.get("querydata") or "")
        if query and (options.tag is None or query.get("tagId") in (options.tag, None)):
            api = options.api or script.attributes.get("url") or API
            units.append(Unit(urljoin(base, api), {**query, **given}))
    if not units and {"webId", "tplSetId", "tagId"} <= given.keys():
        column = _COLUMN.search(base)
        query = {"parseType": "bulidstatic", "pageType": "column", "editType": "null", **given}
        if column is not None:
            query.setdefault("pageId", column[1])
        units.append(Unit(urljoin(base, options.api or API), query))
    return sorted(units, key=lambda unit: _unlikely(unit.query.get("tagId", "")))


def read_query(attribute: str) -> dict[str, str]:
    """`{'webId':'149',…}`, a Python-like literal more often than JSON → strings by name; empty if it is neither."""
    for reader in (json.loads, ast.literal_eval):
        try:
            value = reader(attribute)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(value, dict):
            return {str(name): _plain(inner) for name, inner in value.items()}
    return {name: single or double or bare for name, single, double, bare in _PAIR.findall(attribute)}


def read_fragment(text: str) -> Fragment | None:
    """The API's answer → entries and totals; None where it is not that API's answer."""
    try:
        answer = json.loads(text)
        fragment = answer["data"]["html"] if answer.get("success", True) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not isinstance(fragment, str):
        return None
    tree = LexborHTMLParser(fragment)
    pager = tree.css_first(".pagination[count], [count][rows], [querydata][count]")
    attributes = pager.attributes if pager is not None else {}
    entries = [one for one in page_entries(fragment) if one.href and (one.day or is_article(one.href))]
    return Fragment(tuple(entries), _number(attributes.get("count")), _number(attributes.get("rows")))


class _Pages:
    """Pages of the list, by `paramJson`."""

    def __init__(self, asking: Asking, unit: Unit, base: str, rows: int) -> None:
        self._asking, self._unit, self._base, self._rows = asking, unit, base, rows

    def __call__(self, number: int) -> PageRead | None:
        fragment = _build(self._asking, self._unit, self._base, number, self._rows)
        if fragment is None:
            raise ListingNotRecognised(
                f"page {number} is no answer of the unit API",
                source=self._asking.source.id,
                where=self._unit.api,
                result=self._asking.fetches[-1],
                fetches=self._asking.fetches,
            )
        return PageRead(fragment.entries, fragment.total, base=self._base)


def _the_list(asking: Asking, units: list[Unit], base: str) -> Unit:
    """Which unit of the page is its list: the first that answers with a pager or with dated entries."""
    if len(units) == 1:
        return units[0]
    rows = _options(asking).rows
    for unit in units[:_UNITS_TRIED]:
        fragment = _build(asking, unit, base, 1, rows)
        if fragment is not None and (fragment.total is not None or any(one.day for one in fragment.entries)):
            return unit
    return units[0]


def _build(asking: Asking, unit: Unit, base: str, number: int, rows: int) -> Fragment | None:
    paging = json.dumps({"pageNo": number, "pageSize": rows}, separators=(",", ":"))
    query = urlencode({**unit.query, "paramJson": paging})
    separator = "&" if "?" in unit.api else "?"
    headers = {"Referer": base, "X-Requested-With": "XMLHttpRequest", "Accept": "application/json, text/html;q=0.5"}
    return read_fragment(text_of(asking, ask(asking, f"{unit.api}{separator}{query}", headers=headers)))


def _unlikely(tag: str) -> int:
    return 2 if _NO_LIST_TAG.search(tag) else 0 if _LIST_TAG.search(tag) else 1


def _plain(value: object) -> str:
    if value is None:
        return "null"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.strip().isdecimal() else None


def _options(asking: Asking) -> JpaasOptions:
    options = asking.source.options
    return options if isinstance(options, JpaasOptions) else JpaasOptions()
