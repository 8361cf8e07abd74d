"""`hanweb-jcms`: a column page with the first records in a data store, the others from `dataproxy.jsp`.

The visible list of the column page is an empty shell. What the page holds: a `<datastore>` in a script, with the
records of the first pages as CDATA and the address of the proxy; and the parameters of the proxy (webid, unitid,
columnid) there or in the script that builds the pager. See docs/portals/hanweb-jcms.md.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from tasks.config.options import JcmsOptions
from tasks.discover import html_list
from tasks.discover.asking import ask, delivered, hint_of_family, link_base, page, text_of
from tasks.discover.errors import ListingIncomplete, ListingNotRecognised, ListingUnavailable
from tasks.discover.listing import believe
from tasks.discover.markup import Entry, page_entries, record_entry
from tasks.discover.ports import Asking, Listing
from tasks.discover.reading import Gathered, PageRead, gather
from tasks.discover.urls import canonical_url, is_article
from tasks.model import FetchResult, Outcome

PROXIES = ("/module/web/jpage/dataproxy.jsp", "/module/jpage/dataproxy.jsp")

_STORE = re.compile(r"<datastore\b[^>]*>.*?(?:</datastore>|</script>|\Z)", re.I | re.S)
# A record ends where it is closed or, its CDATA never closed, where the next one begins.
_RECORD = re.compile(r"<record\b[^>]*>(.*?)(?:</record>|(?=<record\b)|(?=</recordset>)|\Z)", re.I | re.S)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.S)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)\s*</totalrecord>", re.I)
_PAGER_TOTAL = re.compile(r"totalRecord['\"]?\s*[:=]\s*['\"]?(\d+)", re.I)
_PER_PAGE = re.compile(r"perPage['\"]?\s*[:=]\s*['\"]?(\d+)", re.I)
_NEXT = re.compile(r"<nextgroup\b[^>]*>(.*?)</nextgroup>", re.I | re.S)
_PROXY = re.compile(r"""['"(=\s]([^'"()\s<>]*dataproxy\.jsp(?:\?[^'"<>]*)?)""", re.I)
_PARAMETER = re.compile(r"(?<![a-z])(webid|unitid|columnid)['\"]?\s*[:=]\s*['\"]?(\d+)", re.I)
_FIELD = re.compile(r"<input\b[^<>]*>", re.I)
_FIELD_NAME = re.compile(r"\b(?:name|id)\s*=\s*['\"]?(webid|unitid|columnid)\b", re.I)
_FIELD_VALUE = re.compile(r"\bvalue\s*=\s*['\"]?(\d+)", re.I)
_WEBNAME = re.compile(r"webname['\"]?\s*[:=]\s*['\"]([^'\"<>]{1,100})['\"]", re.I)
_COLUMN = re.compile(r"/col/?(?:col)?(\d+)", re.I)
_OF_COLUMN = re.compile(r"/art_(\d+)_\d+\.html|/col/col(\d+)/art/", re.I)
_DEFAULT_PER_PAGE = 15
_NOT_THIS_WAY = (403, 405)  # to a POST: some sites let only GET through


@dataclass(frozen=True, slots=True)
class Column:
    """What a column page says about its list."""

    entries: tuple[Entry, ...]
    total: int | None
    per_page: int
    proxies: tuple[str, ...]  # addresses of the proxy to try, absolute
    form: Mapping[str, str]  # what the proxy is asked with
    recognised: bool  # whether a data store was found


def list_documents(asking: Asking, previously: int | None) -> Listing:
    """The column's documents. Raises a ListingError."""
    url = asking.source.listing
    text, result = page(asking, url)
    base = link_base(text, result)
    column = read_column(text, base, _options(asking), _column_id(asking))
    distinct = {entry.mark for entry in column.entries}
    if column.entries and column.total is not None and len(distinct) == column.total:
        # The page holds the whole list: nothing more to ask.
        gathered = Gathered(tuple((entry, base) for entry in column.entries), column.total, complete=True)
        return believe(asking, gathered, where=url)
    if {"webid", "unitid", "columnid"} <= column.form.keys():
        try:
            gathered = _by_proxy(asking, column, base, previously)
        except ListingNotRecognised:
            # On some sites the proxy answers nothing and the page itself lists the articles.
            if not column.entries and not _shown(text, base):
                raise
        else:
            return believe(asking, _with_first(asking, gathered, column, base), where=url)
    return _visible(asking, column, text, base)


def read_column(text: str, base: str, options: JcmsOptions, column_id: str | None) -> Column:
    """A column page's text → what it says; nothing is raised, an unknown page has `recognised` False."""
    stores = [found[0] for found in _STORE.finditer(text)]
    store = max(stores, key=lambda one: _rank(one, column_id), default="")
    entries = read_records(store)
    form = {name.lower(): value for name, value in _inputs(text)}
    form.update({name.lower(): value for name, value in _PARAMETER.findall(text)})
    form.update({name.lower(): value for name, value in _PARAMETER.findall(html.unescape(_pager(text, store)))})
    if column_id is not None:
        form["columnid"] = column_id
    form.update(_next_parameters(store))
    for name in ("webid", "unitid"):
        given = getattr(options, name)
        if given is not None:
            form[name] = str(given)
    webname = _WEBNAME.search(text)
    if webname is not None:
        form["webname"] = webname[1]
    total = _TOTAL.search(store) or _PAGER_TOTAL.search(text)
    per_page = _PER_PAGE.search(text)
    return Column(
        entries=entries,
        total=int(total[1]) if total is not None else None,
        per_page=int(per_page[1]) if per_page is not None and 0 < int(per_page[1]) <= 500 else _DEFAULT_PER_PAGE,
        proxies=_proxies(text, store, base, options),
        form=form,
        recognised=bool(stores),
    )


def read_records(store: str) -> tuple[Entry, ...]:
    """The records of a data store, however broken its XML."""
    entries = []
    for found in _RECORD.finditer(store):
        inner = _CDATA.search(found[1])
        entries.append(record_entry(inner[1] if inner is not None else html.unescape(found[1])))
    return tuple(entries)


def _by_proxy(asking: Asking, column: Column, base: str, previously: int | None) -> Gathered:
    """The whole list from the proxy; where one way of asking ignores the window, the next one is tried."""
    ways = [(way, proxy) for way in ("POST", "GET") for proxy in column.proxies]
    first: ListingIncomplete | None = None
    while ways:
        proxy = _Proxy(asking, column, base, ways)
        try:
            return gather(asking, proxy, previously=previously, where=asking.source.listing)
        except ListingIncomplete as error:
            first = first or error
            ways.pop(0)
        except (ListingUnavailable, ListingNotRecognised):
            if first is None:
                raise
            break
    raise first or ListingIncomplete("no way to ask the proxy is left", fetches=asking.fetches)


class _Proxy:
    """Pages of the list from `dataproxy.jsp`: by POST, or by GET where POST is not answered."""

    def __init__(self, asking: Asking, column: Column, base: str, ways: list[tuple[str, str]]) -> None:
        self._asking, self._column, self._base = asking, column, base
        self._width = max(column.per_page, _options(asking).per_request)
        self._ways = ways  # shared: what was refused once is not tried again
        self._starts = [1]
        self._group: list[int] = [1]

    def __call__(self, number: int) -> PageRead | None:
        del self._starts[number:], self._group[number:]  # a second reading begins anew
        while True:
            way, proxy = self._ways[0]
            result = self._post(proxy, number) if way == "POST" else self._get(proxy, number)
            text = self._usable(result, first=number == 1)
            if text is None and len(self._ways) > 1 and number == 1:
                # Not this way, or not here; what was refused is in the fetch log. A block is refused everywhere.
                self._ways.pop(0)
                continue
            if text is None:
                text = text_of(self._asking, result)
                raise ListingNotRecognised(
                    f"{way} {urlsplit(proxy).path} answered {len(text)} characters that hold no data store",
                    source=self._asking.source.id,
                    where=result.url,
                    result=result,
                    fetches=self._asking.fetches,
                )
            return self._read(text, number)

    def _read(self, text: str, number: int) -> PageRead:
        entries = read_records(text)
        total = _TOTAL.search(text)
        self._starts.append(self._starts[number - 1] + min(len(entries), self._width))
        following = _NEXT.search(text)
        page_number = re.search(r"[?&;]page=(\d+)", html.unescape(following[1])) if following is not None else None
        current = self._group[number - 1]
        # Some templates name page 1 for ever: then the pages are simply counted.
        self._group.append(max(int(page_number[1]) if page_number is not None else 0, current + 1))
        stub = not entries and total is None
        broken = f"from record {self._starts[number - 1]} on the proxy answers an empty store" if stub else ""
        return PageRead(entries, int(total[1]) if total is not None else None, broken_off=broken, base=self._base)

    def _usable(self, result: FetchResult, *, first: bool) -> str | None:
        if result.outcome is Outcome.BLOCKED and result.http_status not in _NOT_THIS_WAY:
            return text_of(self._asking, result)  # raises: a challenge is not walked round
        if not delivered(result):
            return None
        text = text_of(self._asking, result)
        # An empty store that declares nothing is no list; further on it is what broken paging answers.
        wanted = r"<(?:record|totalrecord)\b" if first else r"<(?:datastore|recordset|record|totalrecord)\b"
        return text if re.search(wanted, text, re.I) else None

    def _form(self) -> dict[str, str]:
        return {
            "col": "1",
            "appid": "1",
            "path": "/",
            "sourceContentType": "1",
            "permissiontype": "0",
            **self._column.form,
        }

    def _post(self, proxy: str, number: int) -> FetchResult:
        # Some sites read the window from the query, some from the form.
        start = self._starts[number - 1]
        window = {
            "startrecord": str(start),
            "endrecord": str(start + self._width - 1),
            "perpage": str(self._column.per_page),
        }
        return ask(
            self._asking,
            f"{proxy}?{urlencode(window)}",
            method="POST",
            data={**self._form(), **window},
            headers={"Referer": self._base, "X-Requested-With": "XMLHttpRequest"},
        )

    def _get(self, proxy: str, number: int) -> FetchResult:
        query = {"page": str(self._group[number - 1]), **self._form()}
        return ask(self._asking, f"{proxy}?{urlencode(query)}", headers={"Referer": self._base})


def _with_first(asking: Asking, gathered: Gathered, column: Column, base: str) -> Gathered:
    """What the column page shows and the proxy does not (an entry put up in between) is not lost."""
    known = {_same(entry, base) for entry, _ in gathered.entries}
    extra = tuple((entry, base) for entry in column.entries if entry.href and _same(entry, base) not in known)
    if not extra:
        return gathered
    asking.warn("listing_total_wrong", f"{len(extra)} entries stand in the column page and not in the proxy's list")
    return Gathered((*extra, *gathered.entries), gathered.total, complete=False)


def _same(entry: Entry, base: str) -> str:
    try:
        return canonical_url(entry.href, base)
    except ValueError:
        return entry.href


def _visible(asking: Asking, column: Column, text: str, base: str) -> Listing:
    """No data store and no parameters: some sites print the list into the page after all."""
    url = asking.source.listing
    entries = column.entries or _shown(text, base)
    if not entries:
        raise ListingNotRecognised(
            "no data store, no proxy parameters and no article links in the column page"
            + hint_of_family(text, asking.source.portal),
            source=asking.source.id,
            where=url,
            result=asking.fetches[-1],
            fetches=asking.fetches,
        )
    if not column.entries and _of_others(entries, base, _column_id(asking)):
        raise ListingNotRecognised(
            f"{len(entries)} articles in the page and none of them of this column: another page came in its place",
            source=asking.source.id,
            where=url,
            result=asking.fetches[-1],
            fetches=asking.fetches,
        )
    if column.total is not None and len({entry.mark for entry in entries}) < column.total:
        raise ListingIncomplete(
            f"{len(entries)} of {column.total} entries reachable: the page hides webid or unitid; give them as options",
            source=asking.source.id,
            where=url,
            fetches=asking.fetches,
        )
    if not column.entries and html_list.goes_on(text, base):
        return html_list.list_documents(asking, None, first=(text, base))
    asking.warn("listing_without_total", f"the column page prints {len(entries)} entries and no total")
    gathered = Gathered(tuple((entry, base) for entry in entries), column.total, complete=column.total is not None)
    return believe(asking, gathered, where=url)


def _of_others(entries: tuple[Entry, ...], base: str, column_id: str | None) -> bool:
    """Whether articles carry the numbers of columns, and none that of the column asked for."""
    numbers = {found[1] or found[2] for one in entries if (found := _OF_COLUMN.search(urljoin(base, one.href)))}
    return column_id is not None and bool(numbers) and column_id not in numbers


def _shown(text: str, base: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in page_entries(text) if entry.href and is_article(urljoin(base, entry.href)))


def _options(asking: Asking) -> JcmsOptions:
    options = asking.source.options
    return options if isinstance(options, JcmsOptions) else JcmsOptions()


def _column_id(asking: Asking) -> str | None:
    given = _options(asking).column
    found = _COLUMN.search(urlsplit(asking.source.listing).path)
    return str(given) if given is not None else found[1] if found is not None else None


def _next_parameters(store: str) -> dict[str, str]:
    """What the address of the next group passes on: ids (opaque on some sites) and further parameters."""
    following = _NEXT.search(store)
    link = re.search(r"dataproxy\.jsp\?([^\"'<>]*)", html.unescape(following[1])) if following is not None else None
    if link is None:
        return {}
    given = dict(parse_qsl(link[1], keep_blank_values=False))
    # The site's name is encoded twice in that address.
    return {name: unquote(value) for name, value in given.items() if name not in ("page", "path")}


def _inputs(text: str) -> Iterator[tuple[str, str]]:
    """Parameters that stand in hidden fields of a form, in whatever order their attributes come."""
    for field in _FIELD.findall(text):
        name, value = _FIELD_NAME.search(field), _FIELD_VALUE.search(field)
        if name is not None and value is not None:
            yield name[1], value[1]


def _rank(store: str, column_id: str | None) -> tuple[bool, int]:
    """A page may hold the stores of several units: the column's own, else the one with most records."""
    mine = column_id is not None and bool(re.search(rf"columnid['\"]?\s*[:=]\s*['\"]?{column_id}\b", store))
    return mine, len(_RECORD.findall(store))


def _pager(text: str, store: str) -> str:
    """The pager script of the store's unit, where the page has several."""
    unit = re.search(r"unitid=(\d+)", store)
    found = re.search(rf"param_{unit[1]}\s*=\s*\{{[^}}]*\}}", text) if unit is not None else None
    return found[0] if found is not None else ""


def _proxies(text: str, store: str, base: str, options: JcmsOptions) -> tuple[str, ...]:
    """Where the proxy stands: as configured, else as the page says, else where it stands elsewhere."""
    if options.proxy is not None:
        return (urljoin(base, options.proxy),)
    places: dict[str, None] = {}
    for source in (store, text):
        for found in _PROXY.finditer(source):
            path = html.unescape(found[1]).split("?")[0]
            if path.startswith(("/", "http")) and urlsplit(urljoin(base, path)).netloc == urlsplit(base).netloc:
                places[urljoin(base, path)] = None
    if not places:
        places.update({urljoin(base, path): None for path in PROXIES})
    return tuple(places)
