"""A portal of the Zhejiang kind (Hanweb JCMS) over real HTTP: several sites, their columns, articles and attachments.

It speaks what the real ones speak: a column page whose visible list is an empty shell and whose first group of
records stands in `<script type="text/xml">`; `dataproxy.jsp` by POST and by GET; both article URL forms;
`downfile.jsp`; validators and 304. Quirks make it misbehave the ways real portals do (`demo/quirks.py`).
"""

from __future__ import annotations

import hashlib
import html
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime
from types import TracebackType
from typing import Self
from urllib.parse import quote

from demo.loopback import NOT_FOUND, Answer, LoopbackServer, Request
from demo.quirks import CHALLENGE, MAINTENANCE, Quirks


@dataclass(frozen=True, slots=True)
class File:
    """An attachment: `name` is what the link says and what `showname` carries, extension included."""

    name: str
    body: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `body` as str is an HTML fragment that the site's frame is put around; as bytes it is the whole
    response, served untouched under `charset`.

    `charset` encodes the page, `declared` is what its meta tag and header claim (default: the truth).
    `meta` are label-value pairs of the metadata table. `mobile_copy` prints the body twice, as Gongshu does.
    `new_form` gives it the newer URL form. `number` is the article id (default: derived from the title).
    """

    title: str
    published_on: date
    body: str | bytes = ""
    attachments: tuple[File, ...] = ()
    charset: str = "utf-8"
    declared: str | None = None
    meta: tuple[tuple[str, str], ...] = ()
    mobile_copy: bool = False
    new_form: bool = False
    number: int | None = None
    listed_title: str | None = None  # what the list shows where it differs
    listed_date: str | None = None  # what the list prints as date, nonsense included


@dataclass(eq=False)
class Site:
    """One site with one column. Give each a column id of its own; `prefix` moves all of its paths under a folder."""

    id: str
    name: str
    column: int
    articles: Sequence[Article] = ()
    publisher: str = ""
    webid: int = 2096
    unitid: int = 4535233
    prefix: str = ""
    proxy: str = "/module/web/jpage/dataproxy.jsp"
    per_page: int = 15
    group: int = 3  # pages in one answer, and in the column page
    quirks: Quirks = field(default_factory=Quirks)


@dataclass(slots=True)
class _Shown:
    """An article as it stands now."""

    article: Article
    url: str
    etag: str
    modified: datetime
    status: int = 200
    listed: bool = True


class HanwebPortal:
    """The server; a context manager. All methods may be called while it runs, from any thread."""

    def __init__(
        self, sites: Iterable[Site], host: str = "127.0.0.1", port: int = 0, robots: str | None = None
    ) -> None:
        """`robots` is the text of robots.txt (None = 404). Raises ValueError for two sites with one column path."""
        self.robots = robots
        self.robots_status = 200
        self._lock = threading.RLock()
        self._sites: dict[str, Site] = {}
        self._shown: dict[str, list[_Shown]] = {}
        self._files: dict[str, dict[str, File]] = {}  # of each site, by name; a file stays when its page is revised
        self._server = LoopbackServer(self._play, host, port)
        for site in sites:
            if any(_column_path(site) == _column_path(other) for other in self._sites.values()):
                raise ValueError(f"two sites share {_column_path(site)}")
            self._sites[site.id] = site
            self._shown[site.id], self._files[site.id] = [], {}
            self.publish(site.id, *site.articles)

    # -- running ----------------------------------------------------------------------------------------------------
    def start(self) -> Self:
        """Bind and serve in the background."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Stop serving."""
        self._server.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:<port>`, known once started."""
        return self._server.url

    def listing(self, site_id: str) -> str:
        """The column's URL: `listing` in sources.yaml."""
        return self.url + _column_path(self._sites[site_id])

    def article_url(self, site_id: str, title: str) -> str:
        """Where the article with this title stands."""
        return self.url + self._find(site_id, title).url

    def requests(self) -> tuple[Request, ...]:
        """Everything asked so far, in order."""
        return tuple(self._server.requests)

    def count(self, contains: str = "", method: str | None = None) -> int:
        """How many requests had `contains` in their path or query."""
        return self._server.count(contains, method)

    # -- changing what is published -----------------------------------------------------------------------------------
    def publish(self, site_id: str, *articles: Article) -> None:
        """Put articles on the column; the list is sorted by date, newest first."""
        with self._lock:
            self._shown[site_id].extend(_show(self._sites[site_id], article) for article in articles)
            self._keep_files(site_id, articles)

    def revise(self, site_id: str, title: str, article: Article, *, same_validators: bool = False) -> None:
        """Swap the content under an unchanged URL. `same_validators` keeps ETag and Last-Modified (the portal lies)."""
        with self._lock:
            shown = self._find(site_id, title)
            shown.article = article
            self._keep_files(site_id, [article])
            if not same_validators:
                shown.etag = _etag(article)
                shown.modified = datetime.now(UTC).replace(microsecond=0)

    def withdraw(self, site_id: str, title: str, *, status: int = 404, listed: bool = False) -> None:
        """Answer `status` for the article; `listed` keeps it in the list."""
        with self._lock:
            shown = self._find(site_id, title)
            shown.status, shown.listed = status, listed

    def quirk(self, site_id: str, quirks: Quirks) -> None:
        """Change how a site misbehaves from now on."""
        with self._lock:
            self._sites[site_id].quirks = quirks

    # -- answering ----------------------------------------------------------------------------------------------------
    def _keep_files(self, site_id: str, articles: Iterable[Article]) -> None:
        self._files[site_id].update({_file_id(file): file for one in articles for file in one.attachments})

    def _find(self, site_id: str, title: str) -> _Shown:
        for shown in self._shown[site_id]:
            if shown.article.title == title:
                return shown
        raise KeyError(f"{site_id} has no article {title!r}")

    def _play(self, request: Request) -> Answer:
        if request.path == "/robots.txt":
            if self.robots is None:
                return NOT_FOUND
            return Answer.text(self.robots, status=self.robots_status, content_type="text/plain; charset=utf-8")
        with self._lock:
            for site in self._sites.values():
                answer = self._play_site(site, request)
                if answer is not None:
                    return answer
        return NOT_FOUND

    def _play_site(self, site: Site, request: Request) -> Answer | None:
        shown = self._shown[site.id]
        mine = request.path == _column_path(site) or self._is_proxy_call(site, request)
        document = next((one for one in shown if one.url == request.path), None)
        download = request.path == f"{site.prefix}/module/download/downfile.jsp"
        attached = self._files[site.id].get(request.query.get("filename", "")) if download else None
        if not (mine or document or attached):
            return None
        if site.quirks.challenge_status is not None:
            return Answer.text(CHALLENGE, status=site.quirks.challenge_status)
        if site.quirks.maintenance:
            return Answer.text(MAINTENANCE)
        if attached is not None:
            return _file_answer(attached, request)
        if document is not None:
            return _article_answer(site, document, request)
        if request.path == _column_path(site):
            return self._column_page(site)
        return self._proxy(site, request)

    def _is_proxy_call(self, site: Site, request: Request) -> bool:
        asked = {**request.query, **request.form}
        return request.path == site.prefix + site.proxy and asked.get("columnid") == str(site.column)

    def _listed(self, site: Site) -> list[_Shown]:
        listed = [one for one in self._shown[site.id] if one.listed]
        return sorted(listed, key=lambda one: one.article.published_on, reverse=True)

    def _records(self, site: Site) -> list[str]:
        return site.quirks.records([_record(site, shown, self.url) for shown in self._listed(site)])

    def _column_page(self, site: Site) -> Answer:
        records, quirks = self._records(site), site.quirks
        first = quirks.page(records, 1, site.per_page * site.group, request_number=0)
        base = f"webid={site.webid}&path=/&columnid={site.column}&unitid={site.unitid}"
        next_href = (
            f"{site.prefix}{site.proxy}?page=1&appid=1&{base}&webname={quote(quote(site.name))}&permissiontype=0"
        )
        store = (
            f'<datastore><nextgroup><![CDATA[<a href="{next_href}"></a>]]></nextgroup>'
            f"<recordset>{''.join(first)}</recordset></datastore>"
        )
        total = quirks.total(len(records), request_number=0)
        script = (
            f'<div id="{site.unitid}" class="default_pgContainer"><script type="text/xml">{store}</script></div>'
            f"<script>var param_{site.unitid}={{col:1,appid:1,webid:{site.webid},path:'/',columnid:{site.column},"
            f"sourceContentType:1,unitid:'{site.unitid}',webname:'{site.name}',permissiontype:0}};"
            f"$('#{site.unitid}').jpage({{totalRecord:{total},perPage:{site.per_page},groupSize:{site.group},"
            f"proxyUrl:'{site.prefix}{site.proxy}'}});</script>"
        )
        if quirks.redesigned:
            script = '<div id="app"></div><script src="/static/js/app.8f3c2e.js"></script>'
        printed = ""
        if quirks.visible_list:
            script = script.replace(store, "").replace(f"totalRecord:{total},", "")
            printed = "".join(f"<li><a href='{one.url}'>{one.article.title}</a></li>" for one in self._listed(site))
        return Answer.text(
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(site.name)}</title>'
            f'<meta name="SiteName" content="{html.escape(site.name)}"><meta name="ColumnName" content="执行情况">'
            f'</head><body><div class="nav"><a href="/">首页</a> <a href="/col/col1/index.html">政务公开</a></div>'
            f'<ul class="list">{printed}</ul>{script}'
            f'<div class="footer">{html.escape(site.publisher or site.name)}主办</div></body></html>'
        )

    def _proxy(self, site: Site, request: Request) -> Answer:
        quirks, asked = site.quirks, {**request.query, **request.form}
        if (request.method == "POST" and not quirks.post) or (request.method == "GET" and not quirks.get):
            return Answer.text("<html><body>405</body></html>", status=405)
        per_page = int(asked.get("perpage") or site.per_page)
        number = self._server.count("dataproxy.jsp")
        records = self._records(site)
        if "startrecord" in asked:
            start = max(1, int(asked["startrecord"]))
            end = min(int(asked.get("endrecord") or start + per_page - 1), start + 5 * site.per_page * site.group)
            page = 1 + (start - 1) // per_page
        else:
            page = max(1, int(asked.get("page") or 1))
            start = 1 + (page - 1) * site.per_page
            end = start + site.per_page * site.group - 1
        if quirks.stub_beyond is not None and start > quirks.stub_beyond:
            return Answer.text("<datastore><recordset></recordset></datastore>", content_type="text/xml; charset=utf-8")
        chosen = quirks.page(records, start, end, request_number=number)
        total = quirks.total(len(records), request_number=number)
        following = page + site.group
        more = (following - 1) * per_page < total
        href = f"./dataproxy.jsp?page={following}&appid=1&webid={site.webid}&path=/&columnid={site.column}"
        next_group = f'<![CDATA[<a href="{href}&unitid={site.unitid}"></a>]]>' if more else ""
        pages = -(-total // per_page)
        return Answer.text(
            f"<datastore><totalrecord>{total}</totalrecord><totalpage>{pages}</totalpage>"
            f"<nextgroup>{next_group}</nextgroup><recordset>{''.join(chosen)}</recordset></datastore>",
            content_type="text/xml; charset=utf-8",
        )


def _column_path(site: Site) -> str:
    return f"{site.prefix}/col/col{site.column}/index.html"


def _show(site: Site, article: Article) -> _Shown:
    day = article.published_on
    digest = hashlib.md5(f"{site.id} {article.title}".encode(), usedforsecurity=False).hexdigest()
    number = article.number or 3_000_000 + int(digest[:6], 16)
    if article.new_form:
        url = f"{site.prefix}/col/col{site.column}/art/{day.year}/art_{digest}.html"
    else:
        url = f"{site.prefix}/art/{day.year}/{day.month}/{day.day}/art_{site.column}_{number}.html"
    modified = datetime(min(day.year, 2037), day.month, day.day, 2, tzinfo=UTC)
    return _Shown(article, url, _etag(article), modified)


def _etag(article: Article) -> str:
    return f'"{hashlib.sha256(repr(article).encode()).hexdigest()[:16]}"'


def _record(site: Site, shown: _Shown, base: str) -> str:
    article = shown.article
    title = html.escape(article.listed_title or article.title, quote=True)
    day = article.published_on.isoformat() if article.listed_date is None else article.listed_date
    href = site.quirks.href(shown.url, base)
    return f'<record><![CDATA[<li><a href="{href}" title=\'{title}\' target="_blank">{title}</a><span>{day}</span></li>]]></record>'  # noqa: E501


def _file_id(file: File) -> str:
    digest = hashlib.md5(file.name.encode(), usedforsecurity=False).hexdigest()
    return f"{digest}.{file.name.rsplit('.', 1)[-1]}"


def _file_answer(file: File, request: Request) -> Answer:
    etag = f'"{hashlib.sha256(file.body).hexdigest()[:16]}"'
    headers = (("ETag", etag), ("Content-Disposition", f"attachment; filename*=UTF-8''{quote(file.name)}"))
    if request.headers.get("if-none-match") == etag:
        return Answer(status=304, headers=headers)
    return Answer(file.body, content_type=file.content_type, headers=headers)


def _article_answer(site: Site, shown: _Shown, request: Request) -> Answer:
    if shown.status != 200:
        return Answer.text("<html><head><title>404 Not Found</title></head><body></body></html>", status=shown.status)
    headers = (("ETag", shown.etag), ("Last-Modified", format_datetime(shown.modified, usegmt=True)))
    if request.headers.get("if-none-match") == shown.etag:
        return Answer(status=304, headers=headers)
    article = shown.article
    charset = article.declared or article.charset
    body = article.body if isinstance(article.body, bytes) else _page(site, article).encode(article.charset)
    return Answer(body, content_type=f"text/html; charset={charset}", headers=headers)


def _page(site: Site, article: Article) -> str:
    """The frame a Hanweb article page has around its body."""
    title, day = html.escape(article.title), article.published_on.isoformat()
    publisher = html.escape(site.publisher or site.name)
    charset = article.declared or article.charset
    pairs = [
        f"<td class=t>{html.escape(label)}</td>"
        f"<td><!--<$[{index}]>begin-->{html.escape(value)}<!--<$[{index}]>end--></td>"
        for index, (label, value) in enumerate(article.meta)
    ]
    rows = "".join(f"<tr>{''.join(pairs[at : at + 2])}</tr>" for at in range(0, len(pairs), 2))
    table = f'<table class="xxgk_table">{rows}</table>' if rows else ""
    links = "".join(
        f'<p><a href="{site.prefix}/module/download/downfile.jsp?classid=0&showname={quote(file.name)}'
        f'&filename={_file_id(file)}">{html.escape(file.name)}</a></p>'
        for file in article.attachments
    )
    copy = f'<div class="wap_content">{table}{article.body!s}</div>' if article.mobile_copy else ""
    return (
        f'<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        f'<title>{title}</title><meta name="SiteName" content="{html.escape(site.name)}">'
        f'<meta name="ColumnName" content="执行情况"><meta name="ArticleTitle" content="{title}">'
        f'<meta name="PubDate" content="{day} 10:00"><meta name="ContentSource" content="{publisher}"></head>'
        f'<body><div class="nav"><a href="/">首页</a></div>{table}<h1 class="title">{title}</h1>'
        f'<div class="info">发布日期：{day} 10:00:00 浏览次数：</div><div id="zoom" class="art_con">'
        f"<!--ZJEG_RSS.content.begin--><meta name=ContentStart>{article.body!s}{links}<meta name=ContentEnd>"
        f"<!--ZJEG_RSS.content.end--></div>{copy}"
        f'<div class="footer">主办：{publisher}</div></body></html>'
    )
