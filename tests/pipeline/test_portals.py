"""Every portal family from its listing to loaded rows, by the command line, against small players of its protocol."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.pipeline.stage import (
    LOST,
    Asked,
    Place,
    Play,
    Reply,
    Stage,
    page_of,
    report,
    title_of,
)

ROWS = 8
YEAR = {"2024Q1": ROWS, "2024H1": ROWS, "2024Q3": ROWS, "2024": ROWS}
DAYS = {1: "2024-04-18", 2: "2024-07-18", 3: "2024-10-18", 4: "2025-01-18"}


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage() as running:
        yield running


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, migrated_file: Path) -> Place:
    monkeypatch.setenv("JIBAO_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    found = Place(tmp_path / "place")
    (found.folder / "w.db").write_bytes(migrated_file.read_bytes())
    return found


def pages(of: dict[str, str | bytes | Reply]) -> Play:
    def play(asked: Asked) -> Reply | None:
        found = of.get(asked.target, of.get(asked.path))
        return found if found is None or isinstance(found, Reply) else Reply(found)

    return play


def complete(place: Place, stage: Stage | None = None, periods: int = 4) -> None:
    """A first run loads the year, a second one changes nothing, and the archive alone gives the same again."""
    first = place.backfill()
    assert first.status == 0, first.err
    assert sum(place.loaded().values()) == periods * ROWS, (first.err, place.loaded())
    assert len(place.loaded()) == periods
    before = place.belief()
    again = place.backfill()
    assert again.status == 0, again.err
    assert place.belief() == before
    if stage is not None:
        rebuilt(place, stage)


def rebuilt(place: Place, stage: Stage) -> None:
    """The archive alone gives the same warehouse, without a request."""
    asked = len(stage.asked)
    other = Place(place.folder, f"sqlite:///{place.folder}/again.db", place.archive)
    done = other.backfill("--from-archive")
    assert done.status == 0, done.err
    assert len(stage.asked) == asked
    drop = {"known_from", "known_to", "run_id", "cause"}
    for view in ("v_document", "v_progress", "v_observation"):
        mine = place.view(view)
        kept = [name for name in mine.columns if name not in drop]
        assert sorted(mine.select(kept).rows(), key=repr) == sorted(other.view(view).select(kept).rows(), key=repr)


# ── Hanweb JCMS ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Jcms:
    """Column 1229000111 of site 2096: quarters among other notices, article forms old and new, one table in a file."""

    def __init__(self, *, get_only: bool = False, post_only: bool = False, file_of: bytes | None = None) -> None:
        self.get_only, self.post_only = get_only, post_only
        self.entries: list[tuple[str, str, str]] = []
        self.articles: dict[str, str | bytes | Reply] = {}
        for quarter in (1, 2, 3, 4):
            day = DAYS[quarter]
            y, m, d = day.split("-")
            old = f"/art/{y}/{int(m)}/{int(d)}/art_1229000111_{4100000 + quarter}.html"
            new = f"/col/col1229000111/art/{y}/art_{quarter:032x}.html"
            url = old if quarter % 2 else new
            self.entries.append((url, title_of(2024, quarter), day))
            self.articles[url] = report(2024, quarter)
        if file_of is not None:
            link = "/module/download/downfile.jsp?classid=0&amp;showname=附件.xls&amp;filename=0a1b2c3d4e5f60718293a4b5c6d7e8f9.xls"
            url = self.entries[2][0]
            self.articles[url] = page_of(
                title_of(2024, 3),
                f'<p>现将执行情况公布如下。</p><p>附件:<a href="{link}">重点任务执行情况表.xls</a></p>',
            )
            self.articles["/module/download/downfile.jsp"] = Reply(file_of, kind="application/octet-stream")
        for n in range(70):
            self.entries.append(
                (f"/art/2023/5/6/art_1229000111_{39000 + n}.html", f"关于公开征求意见的公告第{n}号", "2023-05-06")
            )
        self.entries.sort(key=lambda one: one[2], reverse=True)

    def record(self, one: tuple[str, str, str]) -> str:
        url, title, day = one
        return f"<record><![CDATA[<li><a href='{url}' title='{title}' target=_blank><span>{title}</span><i>{day}</i></a></li>]]></record>"

    def store(self, start: int, end: int, following: int) -> str:
        link = f'<a href="./dataproxy.jsp?page={following}&appid=1&appid=1&webid=2096&path=/&columnid=1229000111&unitid=4535233&webname=%25E4%25BA%2591%25E9%2598%25B3&permissiontype=0"></a>'
        total = len(self.entries)
        return (
            f"<datastore>\n<totalrecord>{total}</totalrecord><totalpage>{-(-total // 15)}</totalpage>"
            f"<nextgroup><![CDATA[{link}]]></nextgroup><recordset>{''.join(map(self.record, self.entries[start - 1 : end]))}</recordset></datastore>"
        )

    def __call__(self, asked: Asked) -> Reply | None:
        if asked.path == "/col/col1229000111/index.html":
            return Reply(
                '<html><head><meta name="ColumnName" content="重点任务"><title>重点任务</title></head><body>'
                '<ul id="shell"></ul><div id="4535233"><script type="text/xml">'
                + self.store(1, 45, 2)
                + "</script></div>"
                "<script>var param_4535233 = {appid:1,webid:2096,path:'/',columnid:1229000111,unitid:4535233,webname:'云阳区',permissiontype:0};"
                "$('#4535233').jpage({perPage:15,totalRecord:74,proxyUrl:'/module/web/jpage/dataproxy.jsp'})</script></body></html>"
            )
        if asked.path == "/module/web/jpage/dataproxy.jsp":
            if asked.method == "POST" and not self.get_only:
                given = {**asked.query, **asked.form}
                assert (given["webid"], given["unitid"], given["columnid"]) == ("2096", "4535233", "1229000111")
                return Reply(self.store(int(given["startrecord"]), int(given["endrecord"]), 9), kind="text/xml")
            if asked.method == "GET" and not self.post_only:
                page = int(asked.query["page"])  # a group of three pages
                return Reply(self.store((page - 1) * 45 + 1, page * 45, page + 1), kind="text/xml")
            return Reply("<html><body>Method Not Allowed</body></html>", 405)
        found = self.articles.get(asked.target) or self.articles.get(asked.path)
        return found if found is None or isinstance(found, Reply) else Reply(found)


def jcms(stage: Stage, **more: object) -> dict[str, object]:
    listing = f"{stage.url}/col/col1229000111/index.html"
    return {"id": "yunyang", "portal": "hanweb-jcms", "listing": listing, "match": "执行情况", **more}


@pytest.mark.parametrize("way", ["both", "get_only", "post_only"])
def test_hanweb_jcms(stage: Stage, place: Place, way: str) -> None:
    stage.plays.append(Jcms(get_only=way == "get_only", post_only=way == "post_only"))
    place.sources(jcms(stage))
    complete(place, stage)


def test_hanweb_jcms_table_in_a_file(stage: Stage, place: Place) -> None:
    from openpyxl import Workbook

    from tests.pipeline.stage import HEADINGS, cells_of

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for row in cells_of(2024, 3):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    stage.plays.append(Jcms(file_of=out.getvalue()))
    place.sources(jcms(stage))
    complete(place, stage)


# ── Hanweb JPAAS ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Jpaas:
    """The unit API of Hanweb's present platform; `ignored`: paging is not listened to."""

    api = "/api-gateway/jpaas-publish-server/front/page/build/unit"

    def __init__(self, *, ignored: bool = False, build: str = "bulidstatic") -> None:
        self.ignored, self.build = ignored, build
        self.entries = [
            (f"/col/col1657687/art/{DAYS[q][:4]}/art_{q + 160:032x}.html", title_of(2024, q), DAYS[q])
            for q in (4, 3, 2, 1)
        ]
        self.articles = {url: report(2024, q) for q, (url, _, _) in zip((4, 3, 2, 1), self.entries, strict=True)}
        self.entries += [
            (f"/art/2023/3/1/art_1657687_{n}.html", f"区级部门通知{n}号文件", "2023-03-01") for n in range(40)
        ]

    def __call__(self, asked: Asked) -> Reply | None:
        if asked.path == "/col/col1657687/index.html":
            data = (
                "{'parseType':'BUILD','webId':'3176','tplSetId':'0ZBvCXCKwwIstYiI5LRg9','pageType':'column','tagId':'列表页','editType':'null','pageId':'1657687'}"
            ).replace("BUILD", self.build)
            return Reply(
                "<html><head><title>规划计划</title></head><body><div>当前位置:首页 &gt; 规划计划</div>"
                f'<script src="/common/unitbuild.js" webId="3176" url="{self.api}" queryData="{data}"></script></body></html>'
            )
        if asked.path == self.api:
            if asked.headers.get("x-requested-with") != "XMLHttpRequest" or "referer" not in asked.headers:
                return Reply("forbidden", 403)
            assert asked.query["tagId"] == "列表页"
            assert asked.query["tplSetId"] == "0ZBvCXCKwwIstYiI5LRg9"
            paging = {} if self.ignored else json.loads(asked.query.get("paramJson", "{}"))
            page, rows = int(paging.get("pageNo", 1)), 15
            lines = "".join(
                f'<p class="lb-list"><a href="//{stage_host(asked)}{url}" title="{title}">{title}</a><span>{day}</span></p>'
                for url, title, day in self.entries[(page - 1) * rows : page * rows]
            )
            html = f'<div>{lines}</div><div class="pagination" count="{len(self.entries)}" rows="{rows}" pageNo="{page}" queryData="{{}}"></div>'
            return Reply(
                json.dumps({"success": True, "data": {"html": html}}, ensure_ascii=False), kind="application/json"
            )
        found = self.articles.get(asked.path)
        return Reply(found) if found is not None else None


def stage_host(asked: Asked) -> str:
    return asked.headers["host"]


def jpaas(stage: Stage) -> dict[str, object]:
    return {
        "id": "qianhe",
        "portal": "hanweb-jpaas",
        "listing": f"{stage.url}/col/col1657687/index.html",
        "match": "执行情况",
    }


@pytest.mark.parametrize("build", ["bulidstatic", "buildstatic"])
def test_hanweb_jpaas(stage: Stage, place: Place, build: str) -> None:
    stage.plays.append(Jpaas(build=build))
    place.sources(jpaas(stage))
    complete(place, stage)


def test_hanweb_jpaas_that_ignores_paging(stage: Stage, place: Place) -> None:
    stage.plays.append(Jpaas(ignored=True))
    place.sources(jpaas(stage))
    done = place.backfill()
    assert done.status == 1
    assert "qianhe" in done.err
    assert "15 of 44" in done.err
    assert place.loaded() == {}


# ── TRS WCM ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Trs:
    """`index.html`, `index_1.html`, …; article addresses by the day of upload, relative links, one by onclick."""

    def __init__(self, *, offset: int = 1, stub: bool = False) -> None:
        self.of: dict[str, str] = {}
        entries = []
        for q in (4, 3, 2, 1):
            day = DAYS[q].replace("-", "")
            href = f"./{day[:6]}/t{day}_{1700000 + q}.html"
            entries.append((href, title_of(2024, q), DAYS[q]))
            self.of[f"/zwgk/jh/{href[2:]}"] = report(2024, q)
        entries += [
            (f"./202303/t20230301_{1600000 + n}.shtml", f"一般信息公告{n}号事项", "2023-03-01") for n in range(41)
        ]
        entries = entries[4:24] + entries[:4] + entries[24:]
        count = -(-len(entries) // 15)
        for page in range(count):
            lines = ""
            for n, (href, title, day) in enumerate(entries[page * 15 : page * 15 + 15]):
                link = f"href='{href}'" if n % 3 else f"href='javascript:void(0)' onclick=\"jumpToDetail('{href}')\""
                lines += f"<li><a {link} title='{title}'>{title[:10]}...</a><span>{day[:5]}\n{day[5:]}</span></li>"
            name = "index.html" if page == 0 else f"index_{page - 1 + offset}.html"
            body = (
                "<html><head></head></html>"
                if stub and page == 1
                else (
                    f"<html><head><title>计划总结</title></head><body><div><a href='/'>首页</a></div><ul>{lines}</ul>"
                    f'<script>createPageHTML({count}, {page}, "index", "html");</script></body></html>'
                )
            )
            self.of[f"/zwgk/jh/{name}"] = body
        self.of["/zwgk/jh/"] = self.of["/zwgk/jh/index.html"]

    def __call__(self, asked: Asked) -> Reply | None:
        found = self.of.get(asked.path)
        return Reply(found) if found is not None else None


def trs(stage: Stage) -> dict[str, object]:
    return {"id": "tongyang", "portal": "trs-wcm", "listing": f"{stage.url}/zwgk/jh/", "match": "执行情况"}


@pytest.mark.parametrize("offset", [1, 2])
def test_trs_wcm(stage: Stage, place: Place, offset: int) -> None:
    stage.plays.append(Trs(offset=offset))
    place.sources(trs(stage))
    complete(place, stage)


def test_trs_wcm_with_a_stub_in_the_middle(stage: Stage, place: Place) -> None:
    stage.plays.append(Trs(stub=True))
    place.sources(trs(stage))
    done = place.backfill()
    assert done.status == 1
    assert "tongyang" in done.err
    assert place.loaded() == {}


# ── gkmlpt ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Gkmlpt:
    """Category 721 under a department's prefix; pages 0 and 1 are the same, 404 beyond the end."""

    def __init__(self) -> None:
        self.articles = []
        self.of: dict[str, str] = {}
        for q in (4, 3, 2, 1):
            path = f"/yhfgj/gkmlpt/content/9/9100/post_910000{q}.html"
            title = "".join(f"%u{ord(c):04X}" for c in title_of(2024, q)) if q == 2 else title_of(2024, q)
            self.articles.append(
                {
                    "id": 9100000 + q,
                    "title": title,
                    "url": path,
                    "date": f"{DAYS[q]} 10:00:00",
                    "create_time": 1713400000 + q,
                }
            )
            self.of[path] = report(2024, q)
        self.articles += [
            {
                "id": 9000000 + n,
                "title": f"通知公告第{n}期",
                "post_url": f"/yhfgj/gkmlpt/content/9/9000/post_{9000000 + n}.html",
                "created_at": "2023-01-05",
            }
            for n in range(150)
        ]

    def __call__(self, asked: Asked) -> Reply | None:
        if asked.path == "/yhfgj/gkmlpt/index":
            return Reply(
                "<html><head><title>政府信息公开目录</title></head><body><div id=app></div><script>window._CONFIG = "
                "{SID: '755041', TREE: [{id: 721, name: '工作总结', children: []}]};</script></body></html>"
            )
        if asked.path == "/yhfgj/gkmlpt/api/all/721":
            assert asked.query["sid"] == "755041"
            page = max(1, int(asked.query["page"]))
            shown = self.articles[(page - 1) * 100 : page * 100]
            if not shown:
                return LOST
            answer = {"classify": {"id": 721, "post_count": len(self.articles)}, "articles": shown}
            return Reply(json.dumps(answer), kind="application/json")
        found = self.of.get(asked.path)
        return Reply(found) if found is not None else None


def test_gkmlpt(stage: Stage, place: Place) -> None:
    stage.plays.append(Gkmlpt())
    place.sources(
        {"id": "yhfgj", "portal": "gkmlpt", "listing": f"{stage.url}/yhfgj/gkmlpt/index#721", "match": "执行情况"}
    )
    complete(place, stage)


# ── a page of links, a folder ────────────────────────────────────────────────────────────────────────────────────────


def test_html_list_with_odd_dates(stage: Stage, place: Place) -> None:
    days = {4: "[2025-01-18]", 3: "2024年10月18日", 2: "2024- 07- 18 15: 29", 1: "2024.4.18"}
    first, second = "", ""
    of: dict[str, str | bytes | Reply] = {}
    for q in (4, 3, 2, 1):
        url = f"/OpennessContent/show/{2100 + q}.html"
        of[url] = report(2024, q)
        line = f"<tr><td><a href='{url}'>{title_of(2024, q)}</a></td><td>{days[q]}</td></tr>"
        first, second = (first + line, second) if q > 2 else (first, second + line)
    odd = (
        "<tr><td><a href='http://elsewhere.example/a.html'>外站执行情况</a></td><td>2024-01-01</td></tr>"
        "<tr><td><a href='javascript:void(0)'>打印</a></td><td></td></tr>"
        "<tr><td><a href='/OpennessContent/show/88.html'>旧闻</a></td><td>2024-13-45</td></tr>"
        "<tr><td><a href='/OpennessContent/show/89.html'>将来的新闻</a></td><td>2099-01-01</td></tr>"
    )
    frame = "<html><head><title>公开</title></head><body><table>{}</table><div>共8条 <a href='{}'>下一页</a></div></body></html>"
    of["/list.html"] = frame.format(first + odd, "/list_2.html")
    of["/list_2.html"] = frame.format(second, "/list_2.html")
    stage.plays.append(pages(of))
    place.sources({"id": "xuanhe", "portal": "html-list", "listing": f"{stage.url}/list.html", "match": "执行情况"})
    complete(place, stage)
    assert not stage.to("elsewhere")


def test_files(place: Place) -> None:
    folder = place.folder / "saved"
    folder.mkdir()
    for q in (1, 2):
        (folder / f"{q}.html").write_text(report(2024, q), encoding="utf-8")
    (folder / "3.html").write_bytes(report(2024, 3).replace("utf-8", "gb2312").encode("gb18030"))
    (folder / f"{title_of(2024, 4)}.htm").write_text(report(2024, 4), encoding="utf-8")
    place.sources({"id": "saved", "portal": "files", "listing": "saved", "match": "执行情况"})
    complete(place)


# ── WARC, Wayback, Common Crawl ──────────────────────────────────────────────────────────────────────────────────────

OLD = "http://www.yunyang.example"


def warc_record(
    writer: WARCWriter, url: str, body: bytes, when: str, status: str = "200 OK", kind: str = "response"
) -> None:
    head = StatusAndHeaders(
        status, [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))], protocol="HTTP/1.1"
    )
    writer.write_record(
        writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), http_headers=head, warc_headers_dict={"WARC-Date": when}
        )
    )


def archived_url(q: int) -> str:
    y, m, d = DAYS[q].split("-")
    return f"{OLD}/art/{y}/{int(m)}/{int(d)}/art_1229000111_{4100000 + q}.html"


def test_warc(place: Place) -> None:
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for q in (1, 2, 3, 4):
        warc_record(writer, archived_url(q), report(2024, q).encode(), f"{DAYS[q]}T03:04:05Z")
    warc_record(writer, archived_url(2), b"<html><body>404</body></html>", "2025-03-01T00:00:00Z", "404 Not Found")
    warc_record(writer, f"{OLD}/", "<html><title>首页</title></html>".encode(), "2024-03-01T00:00:00Z")
    (place.folder / "old.warc.gz").write_bytes(out.getvalue())
    place.sources(
        {
            "id": "old",
            "portal": "warc",
            "listing": "old.warc.gz",
            "match": "执行情况",
            "allow_hosts": ["www.yunyang.example"],
        }
    )
    complete(place)
    documents = place.view("v_document", known_to=None)
    assert {str(row)[:10] for row in documents["known_from"].to_list()} == set(DAYS.values())


class WaybackServer:
    """CDX with pages of three rows and a resume key; raw replay at `id_`; optionally 429 at first."""

    def __init__(self, *, too_fast: int = 0, empty: str | None = None) -> None:
        self.too_fast, self.empty = too_fast, empty
        self.rows: list[list[str]] = []
        self.bodies: dict[tuple[str, str], bytes] = {}
        for q in (1, 2, 3, 4):
            stamp = DAYS[q].replace("-", "") + "080000"
            self.rows.append(["x", stamp, archived_url(q), "text/html", "200", f"D{q}", "1000"])
            self.bodies[stamp, archived_url(q)] = report(2024, q).encode()
        # The same content again, a revisit, an error page, and a content that was edited later.
        self.rows.append(["x", "20240601000000", archived_url(1), "warc/revisit", "-", "D1", "500"])
        self.rows.append(["x", "20240701000000", archived_url(1), "text/html", "200", "D1", "1000"])
        self.rows.append(["x", "20240801000000", archived_url(1), "text/html", "404", "D9", "300"])
        stamp = "20240901000000"
        self.rows.append(["x", stamp, archived_url(1), "text/html", "200", "D7", "1000"])
        self.bodies[stamp, archived_url(1)] = report(2024, 1, note=",提前完成").encode()
        self.bodies["20240701000000", archived_url(1)] = self.bodies["20240418080000", archived_url(1)]

    def __call__(self, asked: Asked) -> Reply | None:
        if asked.path == "/robots.txt":
            return Reply("User-agent: *\nDisallow: /\n", kind="text/plain")
        if asked.path == "/cdx/search/cdx":
            if self.too_fast:
                self.too_fast -= 1
                return Reply("Too Many Requests", 429, (("Retry-After", "0"),))
            if self.empty is not None:
                return Reply(self.empty, kind="application/json")
            return self.cdx(asked)
        if asked.path.startswith("/web/"):
            stamp, _, url = asked.path.removeprefix("/web/").partition("/")
            body = self.bodies.get((stamp.removesuffix("id_"), url))
            assert stamp.endswith("id_")
            if body is None:
                return LOST
            return Reply(body, headers=(("x-archive-orig-content-type", "text/html; charset=utf-8"),))
        return None

    def cdx(self, asked: Asked) -> Reply:
        many = parse_qs(urlsplit(asked.target).query)
        assert many["output"] == ["json"]
        wanted = many["url"][0].removeprefix("http://").rstrip("*")
        exact = many.get("matchType", ["exact"]) == ["exact"]
        rows = [
            row
            for row in self.rows
            if (
                row[2].removeprefix("http://") == wanted if exact else row[2].removeprefix("http://").startswith(wanted)
            )
            and ("statuscode:200" not in many.get("filter", []) or row[4] == "200")
        ]
        rows.sort(key=lambda row: (row[2], row[1]))
        if "digest" in many.get("collapse", []):
            rows = [row for n, row in enumerate(rows) if n == 0 or rows[n - 1][5] != row[5]]
        start = int(many.get("resumeKey", ["0"])[0].removeprefix("k"))
        names = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
        fields = many.get("fl", [",".join(names)])[0].split(",")
        shown = rows[start : start + 3]
        table: list[list[str]] = [[row[names.index(f)] for f in fields] for row in shown]
        if not table:
            return Reply("[]", kind="application/json")
        table.insert(0, fields)
        if start + 3 < len(rows) and many.get("showResumeKey") == ["true"]:
            table += [[], [f"k{start + 3}"]]
        return Reply(json.dumps(table), kind="application/json")


def wayback(stage: Stage) -> dict[str, object]:
    return {
        "id": "vanished",
        "portal": "wayback",
        "listing": f"{OLD}/col/col1229000111/index.html",
        "match": "执行情况",
        "options": {"endpoint": stage.url, "per_minute": 60},
    }


def test_wayback(stage: Stage, place: Place) -> None:
    stage.plays.append(WaybackServer(too_fast=1))
    place.sources(wayback(stage))
    first = place.backfill()
    assert first.status == 0, first.err
    assert place.loaded() == YEAR
    assert sorted(place.view("v_document")["revision"].to_list()) == [1, 1, 1, 1, 2]
    newest = place.view("v_document", period="2024Q1", known_to=None)
    assert str(newest["known_from"][0]).startswith("2024-09-01")
    assert set(newest["url"]) == {archived_url(1)}
    before = place.belief()
    assert place.backfill().status == 0
    assert place.belief() == before
    rebuilt(place, stage)


@pytest.mark.parametrize("empty", ["[]", "", '[["timestamp","original","mimetype","statuscode","digest","length"]]'])
def test_wayback_that_has_nothing(stage: Stage, place: Place, empty: str) -> None:
    stage.plays.append(WaybackServer(empty=empty))
    place.sources(wayback(stage))
    done = place.backfill()
    assert done.status == 0
    assert place.outcomes().count("not_published") == 4
    # What it once had and has no more is no reason to believe that it never was.
    stage.plays[:] = [WaybackServer()]
    place.backfill()
    stage.plays[:] = [WaybackServer(empty=empty)]
    before = place.loaded()
    assert place.backfill().status == 1
    assert place.loaded() == before


class CrawlServer:
    """One crawl: collinfo, an index in pages, records by range."""

    def __init__(self) -> None:
        self.file = io.BytesIO()
        self.rows = []
        writer = WARCWriter(self.file, gzip=True)
        warc_record(writer, f"{OLD}/x", b"other", "2024-01-01T00:00:00Z")
        for q in (1, 2, 3, 4):
            start = self.file.tell()
            warc_record(writer, archived_url(q), report(2024, q).encode(), f"{DAYS[q]}T03:04:05Z")
            self.rows.append(
                {
                    "urlkey": "x",
                    "timestamp": DAYS[q].replace("-", "") + "030405",
                    "url": archived_url(q),
                    "mime": "text/html",
                    "mime-detected": "text/html",
                    "status": "200",
                    "digest": f"D{q}",
                    "length": str(self.file.tell() - start),
                    "offset": str(start),
                    "filename": "crawl-data/CC-MAIN-2024-51/segments/1/warc/CC-MAIN-1.warc.gz",
                }
            )

    def __call__(self, asked: Asked) -> Reply | None:
        if asked.path == "/robots.txt":
            return Reply("User-agent: *\nDisallow: /\n", kind="text/plain")
        if asked.path == "/collinfo.json":
            one = {
                "id": "CC-MAIN-2024-51",
                "name": "December 2024",
                "timegate": "x",
                "cdx-api": "https://index.commoncrawl.org/CC-MAIN-2024-51-index",
            }
            return Reply(json.dumps([one]), kind="application/json")
        if asked.path == "/CC-MAIN-2024-51-index":
            wanted = asked.query["url"].removeprefix("http://")
            rows = [row for row in self.rows if row["url"].removeprefix("http://").startswith(wanted.rstrip("*"))]
            if asked.query.get("showNumPages") == "true":
                return Reply(
                    json.dumps({"pages": 2 if rows else 0, "pageSize": 5, "blocks": 1}), kind="application/json"
                )
            page = int(asked.query.get("page", "0"))
            if page > 1:
                return Reply("bad page", 400)
            shown = rows[page * 2 : page * 2 + 2]
            if not shown:
                return Reply('{"message": "No Captures found"}', 404, kind="application/json")
            return Reply("\n".join(json.dumps(row) for row in shown) + "\n", kind="text/x-ndjson")
        if asked.path.startswith("/crawl-data/"):
            begin, end = (int(n) for n in asked.headers["range"].removeprefix("bytes=").split("-"))
            return Reply(
                self.file.getvalue()[begin : end + 1],
                206,
                (("Content-Range", f"bytes {begin}-{end}/*"),),
                kind="application/octet-stream",
            )
        return None


def crawl(stage: Stage) -> dict[str, object]:
    return {
        "id": "crawled",
        "portal": "common-crawl",
        "listing": f"{OLD}/col/col1229000111/index.html",
        "match": "执行情况",
        "options": {"index": stage.url, "data": stage.url},
    }


def test_common_crawl(stage: Stage, place: Place) -> None:
    stage.plays.append(CrawlServer())
    place.sources(crawl(stage))
    complete(place, stage)
