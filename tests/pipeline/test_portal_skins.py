"""The same portals in other dress: what servers, templates and addresses look like elsewhere, by the command line."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tasks.archive import Archive
from tests.pipeline.stage import LOST, Asked, Place, Reply, Stage, page_of, report, table_of, title_of
from tests.pipeline.test_portal_faults import http
from tests.pipeline.test_portals import DAYS, YEAR, Gkmlpt, Jcms, Jpaas, jcms, jpaas, pages, place, stage

__all__ = ["place", "stage"]

GOOD = report(2024, 3).encode()
PATH = next(url for url, title, _ in Jcms().entries if title == title_of(2024, 3))


def chunked(body: bytes, extension: bytes = b"") -> bytes:
    pieces = [body[at : at + 700] for at in range(0, len(body), 700)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(one), extension, one) for one in pieces) + b"0\r\n"


def after(head: str) -> Reply:
    return Reply(raw=f"HTTP/1.1 {head}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: {len(GOOD)}\r\n\r\n".encode() + GOOD)


CHUNKED = "Transfer-Encoding: chunked"
WHOLE: dict[str, Reply] = {
    "chunks with extensions and a trailer": http(CHUNKED, chunked(GOOD, b";a=b") + b"X-T: 1\r\n\r\n"),
    "an empty line after the chunks": http(CHUNKED, chunked(GOOD) + b"\r\n\r\n"),
    "chunks and a length": http(f"Content-Length: 10\r\n{CHUNKED}", chunked(GOOD) + b"\r\n"),
    "packed chunks": http(f"Content-Encoding: gzip\r\n{CHUNKED}", chunked(gzip.compress(GOOD)) + b"\r\n"),
    "an empty line after the body": http(f"Content-Length: {len(GOOD)}", GOOD + b"\r\n"),
    "the same length twice": http(f"Content-Length: {len(GOOD)}\r\nContent-Length: {len(GOOD)}", GOOD),
    "deflate": Reply(zlib.compress(GOOD), headers=(("Content-Encoding", "deflate"),)),
    "raw deflate": Reply(zlib.compress(GOOD)[2:-4], headers=(("Content-Encoding", "deflate"),)),
    "two gzip members": Reply(
        gzip.compress(GOOD[:900]) + gzip.compress(GOOD[900:]), headers=(("Content-Encoding", "x-gzip"),)
    ),
    "HTTP/1.0": Reply(raw=b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + GOOD),
    "line feeds only": Reply(raw=b"HTTP/1.1 200 OK\nContent-Length: %d\n\n" % len(GOOD) + GOOD),
    "a reason in GBK": Reply(raw=b"HTTP/1.1 200 \xb3\xc9\xb9\xa6\r\nContent-Length: %d\r\n\r\n" % len(GOOD) + GOOD),
    "100": after("100 Continue"),
    "102": after("102 Processing"),
    "103": after("103 Early Hints\r\nLink: </a.css>; rel=preload"),
    "a header that is none": http(f"Content-Length: {len(GOOD)}\r\nnonsense\r\nX: 1", GOOD),
    "GBK under a header that says UTF-8": Reply(GOOD.decode().replace("utf-8", "gb2312").encode("gb18030")),
    "UTF-16": Reply(GOOD.decode().replace("utf-8", "utf-16").encode("utf-16")),
    "another type": Reply(GOOD, kind="application/octet-stream"),
}


def with_article(stage: Stage, place: Place, reply: Reply) -> None:
    player = Jcms()
    player.articles[PATH] = reply
    stage.plays.append(player)
    place.sources(jcms(stage))


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_answer_however_it_is_sent(stage: Stage, place: Place, name: str) -> None:
    with_article(stage, place, WHOLE[name])
    done = place.backfill()
    assert done.status == 0, done.err
    assert place.loaded() == YEAR


def test_bytes_after_the_last_chunk_belong_to_nobody(stage: Stage, place: Place) -> None:
    with_article(stage, place, http(CHUNKED, chunked(GOOD) + b"\r\nHTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"))
    assert place.backfill().status == 0
    assert place.loaded() == YEAR


@pytest.mark.parametrize(
    "location",
    [
        "../../../../moved/t20241018_9.html",
        "//{host}/moved/t20241018_9.html",
        "HTTP://{host}/x/../moved/t20241018_9.html#top",
        "  /moved/t20241018_9.html ",
    ],
)
def test_a_redirect_in_any_spelling(stage: Stage, place: Place, location: str) -> None:
    with_article(stage, place, Reply(status=301, headers=(("Location", location.format(host=stage.host)),)))
    stage.plays.append(pages({"/moved/t20241018_9.html": GOOD}))
    assert place.backfill().status == 0
    assert place.loaded() == YEAR


def test_cookies_collected_along_a_chain(stage: Stage, place: Place) -> None:
    def chain(asked: Asked) -> Reply | None:
        kept = asked.headers.get("cookie", "")
        if asked.path == PATH and not ("a=1" in kept and "b=2" in kept):
            cookie = "a=1; path=/; HttpOnly; SameSite=Lax; Expires=Wed, 21-Oct-2037 07:28:00 GMT"
            return Reply(status=302, headers=(("Location", "/one"), ("Set-Cookie", cookie)))
        if asked.path == "/one":
            return Reply(status=302, headers=(("Location", "/two"), ("Set-Cookie", "b=2")))
        return Reply(status=307, headers=(("Location", PATH),)) if asked.path == "/two" else None

    stage.plays += [chain, Jcms()]
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    assert place.loaded() == YEAR


@pytest.mark.parametrize("way", ["redirect", "attachment"])
def test_another_port_of_the_portals_own_machine(stage: Stage, place: Place, way: str) -> None:
    with Stage() as inside:
        inside.plays.append(lambda _: Reply(GOOD))
        link = f'<p>附件:<a href="{inside.url}/x.xls">重点任务执行情况表.xls</a></p>'
        redirect = Reply(status=302, headers=(("Location", inside.url + PATH),))
        with_article(stage, place, redirect if way == "redirect" else Reply(page_of(title_of(2024, 3), link)))
        assert place.backfill().status == 1
        assert not inside.asked
        assert set(place.loaded()) == set(YEAR) - {"2024Q3"}


# ── addresses and pagers of lists ────────────────────────────────────────────────────────────────────────────────────

ARTICLES = {q: f"/zw/gk/t{DAYS[q].replace('-', '')}_{900 + q}.html" for q in (1, 2, 3, 4)}
SPELLINGS: dict[str, tuple[str, str]] = {
    "a base of its own": ("{name}", "<base href='/zw/gk/'>"),
    "a whole base": ("{name}", '<BASE target=_blank HREF="{url}/zw/gk/">'),
    "backslashes": ("\\zw\\gk\\{name}", ""),
    "up and down": ("./gk/../gk/{name}", ""),
    "no scheme": ("//{host}/zw/gk/{name}", ""),
    "upper case": ("HTTP://{host}/zw/gk/{name}#top", ""),
    "a dot after the host": ("http://127.0.0.1.:{port}/zw/gk/{name}", ""),
    "a line break": ("\n  /zw/\n gk/{name} ".replace("\n gk", "\ngk"), ""),
}


def a_list(stage: Stage, place: Place, of: dict[str, str]) -> dict[str, int]:
    stage.plays.append(pages({**of, **{ARTICLES[q]: report(2024, q) for q in ARTICLES}}))
    listing = f"{stage.url}/zw/list.html"
    place.sources({"id": "xuanhe", "portal": "html-list", "listing": listing, "match": "执行情况"})
    assert place.backfill().status == 0
    return place.loaded()


def items(href: Callable[[int], str], *quarters: int) -> str:
    return "".join(f'<li><a href="{href(q)}">{title_of(2024, q)}</a><span>{DAYS[q]}</span></li>' for q in quarters)


def framed(rows: str, more: str = "", head: str = "") -> str:
    return f"<html><head><title>公开</title>{head}</head><body><ul>{rows}</ul>{more}</body></html>"


@pytest.mark.parametrize("name", SPELLINGS)
def test_an_address_in_any_spelling(stage: Stage, place: Place, name: str) -> None:
    spelling, head = SPELLINGS[name]
    place_of = {"host": stage.host, "port": stage.host.rpartition(":")[2], "url": stage.url}
    rows = items(lambda q: spelling.format(name=ARTICLES[q].rpartition("/")[2], **place_of), 4, 3, 2, 1)
    assert a_list(stage, place, {"/zw/list.html": framed(rows, head=head.format(**place_of))}) == YEAR


PAGERS = {
    "numbers": '<div class=page><span class=cur>1</span> <a href="list_2.html">2</a></div>',
    "numbers in items": '<ul><li><a href="#">1</a></li><li><a href="list_2.html">2</a></li><li>尾页</li></ul>',
    "a picture": '<div><a href="list_2.html"><img src=n.gif alt="下一页"></a></div>',
    "a title": '<div><a title="下一页" class="next" href="list_2.html"><i></i></a></div>',
    "words with an arrow": '<div><a href="./list_2.html">下一页 &gt;&gt;</a></div>',
    "a head link": '<link rel="next" href="/zw/list_2.html">',
}


@pytest.mark.parametrize("name", PAGERS)
def test_a_list_that_goes_on(stage: Stage, place: Place, name: str) -> None:
    first = framed(items(ARTICLES.__getitem__, 4, 3), PAGERS[name])
    second = framed(items(ARTICLES.__getitem__, 2, 1), '<div><a href="list.html">1</a><span>2</span></div>')
    assert a_list(stage, place, {"/zw/list.html": first, "/zw/list_2.html": second}) == YEAR


def test_a_calendar_is_no_pager(stage: Stage, place: Place) -> None:
    week = "".join(f"<th>{one}</th>" for one in "日一二三四五六")
    days = "".join(f'<td><a href="/day/{n}.html">{n}</a></td>' for n in range(1, 8))
    calendar = f"<table><tr>{week}</tr><tr>{days}</tr></table>"
    rows = items(ARTICLES.__getitem__, 4, 3, 2, 1)
    assert a_list(stage, place, {"/zw/list.html": framed(rows, calendar)}) == YEAR
    assert not stage.to("/day/")


def test_what_lies_behind_a_script_is_not_called_unpublished(stage: Stage, place: Place) -> None:
    pager = '<div><span>1</span> <a href="javascript:goPage(2)">下一页</a></div>'
    stage.plays.append(
        pages(
            {
                "/zw/list.html": framed(items(ARTICLES.__getitem__, 4, 3), pager),
                **{ARTICLES[q]: report(2024, q) for q in (3, 4)},
            }
        )
    )
    listing = f"{stage.url}/zw/list.html"
    place.sources({"id": "xuanhe", "portal": "html-list", "listing": listing, "match": "执行情况"})
    done = place.backfill()
    assert done.status == 1
    assert set(place.loaded()) == {"2024Q3", "2024"}
    assert "not_published" not in place.outcomes()
    assert "2024Q1" in done.err


def test_a_session_in_the_address_makes_no_second_report(stage: Stage, place: Place) -> None:
    def play(asked: Asked) -> Reply | None:
        path = asked.target.partition(";")[0]
        if path == "/zw/list.html":
            return Reply(framed(items(lambda q: f"{ARTICLES[q]};jsessionid={len(stage.asked):032X}", 4, 3, 2, 1)))
        return next((Reply(report(2024, q)) for q in ARTICLES if ARTICLES[q] == path), None)

    stage.plays.append(play)
    listing = f"{stage.url}/zw/list.html"
    place.sources({"id": "xuanhe", "portal": "html-list", "listing": listing, "match": "执行情况"})
    assert place.backfill().status == 0
    before = place.belief()
    assert place.backfill().status == 0
    assert place.belief() == before
    assert place.loaded() == YEAR


def test_queries_are_sent_in_the_pages_own_encoding(stage: Stage, place: Place) -> None:
    def play(asked: Asked) -> Reply | None:
        if asked.path == "/zw/list.html":
            rows = items(lambda q: f"/show.jsp?bt=第{q}期情况&id={q}", 4, 3, 2, 1)
            return Reply(framed(rows, head="<meta charset=gbk>").encode("gbk"), kind="text/html")
        known = {f"/show.jsp?bt={quote(f'第{q}期情况'.encode('gbk'))}&id={q}": q for q in ARTICLES}
        return Reply(report(2024, known[asked.target])) if asked.target in known else LOST

    stage.plays.append(play)
    listing = f"{stage.url}/zw/list.html"
    place.sources({"id": "xuanhe", "portal": "html-list", "listing": listing, "match": "执行情况"})
    assert place.backfill().status == 0
    assert place.loaded() == YEAR


# ── templates of the families ────────────────────────────────────────────────────────────────────────────────────────

TRS_PAGERS = {
    "an element first": "<script>createPageHTML('page_div',{count}, {page},'index','html',45);</script>",
    "over lines": "<script>\ncreatePageHTML(\n '{count}',\n '{page}',\n 'index',\n 'html'\n);</script>",
    "variables": "<script>var currentPage = {page};var countPage = {count}//共多少页\n</script>",
    "a plain link": "<div><a href='index_{following}.html'>下一页</a></div>",
}


@pytest.mark.parametrize("name", TRS_PAGERS)
def test_trs_pagers(stage: Stage, place: Place, name: str) -> None:
    of = {ARTICLES[q].replace("/gk/", "/jh/"): report(2024, q) for q in ARTICLES}
    rows = [items(lambda q: "./" + ARTICLES[q].rpartition("/")[2], q) for q in (4, 3, 2, 1)]
    for page, row in enumerate(rows):
        told = TRS_PAGERS[name].format(count=4, page=page, following=page + 1)
        pager = told if page < 3 or "下一页" not in told else ""
        of[f"/zw/jh/index{f'_{page}' if page else ''}.html"] = framed(row, pager)
    stage.plays.append(pages(of))
    place.sources({"id": "t", "portal": "trs-wcm", "listing": f"{stage.url}/zw/jh/index.html", "match": "执行情况"})
    assert place.backfill().status == 0
    assert place.loaded() == YEAR


SCRIPT = re.compile(r"var param_4535233 = \{.*?\};")
NEXT = re.compile(r"<nextgroup>.*?</nextgroup>", re.DOTALL)
JCMS_PAGES: dict[str, Callable[[str], str]] = {
    "hidden fields": lambda page: SCRIPT.sub("", NEXT.sub("", page)).replace(
        '<ul id="shell">',
        '<form><input type="hidden" name="webid" value="2096"><input type=hidden value="4535233" id="unitid"></form><ul>',
    ),
    "quoted parameters": lambda page: SCRIPT.sub('var p={"webid":"2096","unitid":"4535233"}', NEXT.sub("", page)),
    "an address in a script": lambda page: SCRIPT.sub(
        "var url='/module/web/jpage/dataproxy.jsp?page=1&webid=2096&columnid=1229000111&unitid=4535233';",
        NEXT.sub("", page),
    ),
    "upper case": lambda page: page.replace("datastore>", "DATASTORE>").replace("record>", "RECORD>"),
    "no records": lambda page: re.sub(r"<recordset>.*?</recordset>", "<recordset></recordset>", page, flags=re.S),
}


@pytest.mark.parametrize("name", JCMS_PAGES)
def test_jcms_column_pages(stage: Stage, place: Place, name: str) -> None:
    player = Jcms()

    def play(asked: Asked) -> Reply | None:
        reply = player(asked)
        if reply is not None and asked.path == "/col/col1229000111/index.html":
            return Reply(JCMS_PAGES[name](reply.data.decode()))
        return reply

    stage.plays.append(play)
    place.sources(jcms(stage))
    done = place.backfill()
    assert done.status == 0, done.err
    assert place.loaded() == YEAR


ATTRIBUTE = re.compile(r'queryData="(\{.*?\})"')
JPAAS_PAGES: dict[str, Callable[[str], str]] = {
    "escaped quotes": lambda page: ATTRIBUTE.sub(
        lambda found: f'querydata="{found[1].replace(chr(39), "&quot;")}"', page
    ),
    "JSON": lambda page: ATTRIBUTE.sub(lambda found: f"queryData='{found[1].replace(chr(39), chr(34))}'", page),
    "no address": lambda page: re.sub(r' url="[^"]*"', "", page),
}
JPAAS_ROWS: dict[str, Callable[[str], str]] = {
    "list items": lambda html: html.replace("<p ", "<li ").replace("</p>", "</li>").replace("span>", "b>"),
    "a table": lambda html: (
        "<table>"
        + re.sub(r"<p [^>]*>(<a .*?</a>)<span>(.*?)</span></p>", r"<tr><td>\1</td><td>[\2]</td></tr>", html)
        + "</table>"
    ),
    "a pager in single quotes": lambda html: re.sub(
        r'class="pagination" count="(\d+)"', r"class='pages pagination' count='\1'", html
    ),
}


@pytest.mark.parametrize("name", [*JPAAS_PAGES, *JPAAS_ROWS])
def test_jpaas_templates(stage: Stage, place: Place, name: str) -> None:
    player = Jpaas()

    def play(asked: Asked) -> Reply | None:
        reply = player(asked)
        if reply is None or reply.status != 200:
            return reply
        if asked.path == player.api and name in JPAAS_ROWS:
            answer = json.loads(reply.data)
            answer["data"]["html"] = JPAAS_ROWS[name](answer["data"]["html"])
            return Reply(json.dumps(answer), kind="text/html;charset=UTF-8")
        if asked.path == "/col/col1657687/index.html" and name in JPAAS_PAGES:
            return Reply(JPAAS_PAGES[name](reply.data.decode()))
        return reply

    stage.plays.append(play)
    place.sources(jpaas(stage))
    done = place.backfill()
    assert done.status == 0, done.err
    assert place.loaded() == YEAR


@pytest.mark.parametrize("ascii_only", [True, False])
def test_gkmlpt_articles_that_a_script_shows(stage: Stage, place: Place, ascii_only: bool) -> None:
    player = Gkmlpt()

    def play(asked: Asked) -> Reply | None:
        if asked.path not in player.of:
            return player(asked)
        q = int(asked.path.removesuffix(".html")[-1])
        detail = {"title": title_of(2024, q), "content": table_of(2024, q), "relation": [{"content": "</p>};'"}]}
        told = json.dumps(detail, ensure_ascii=ascii_only).replace("</", "<\\/")
        meta = (
            f"<tr><td>索引号:</td><td>006939748/2024-0000{q}</td><td>分类:</td><td>工作总结</td></tr>"
            f"<tr><td>发布机构:</td><td>云河市发改局</td><td>成文日期:</td><td>{DAYS[q]}</td></tr>"
            f"<tr><td>名称:</td><td colspan=3>{title_of(2024, q)}</td></tr>"
            f"<tr><td>文号:</td><td></td><td>发布日期:</td><td>{DAYS[q]}</td></tr>"
        )
        return Reply(
            f"<html><head><title>{title_of(2024, q)}</title></head><body><table class=meta>{meta}</table><div id=app></div>"
            f"<script>window._CONFIG = {{SID: '755041', DETAIL: {told}}};</script></body></html>"
        )

    stage.plays.append(play)
    place.sources(
        {"id": "y", "portal": "gkmlpt", "listing": f"{stage.url}/yhfgj/gkmlpt/index#721", "match": "执行情况"}
    )
    done = place.backfill()
    assert done.status == 0, done.err
    assert place.loaded() == YEAR
    assert set(place.view("v_document")["published_on"].to_list()) == set(DAYS.values())


# ── revisits ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def with_versions(play: Callable[[Asked], Reply | None]) -> Callable[[Asked], Reply | None]:
    """A server that gives an ETag with everything and answers 304 to it."""

    def versioned(asked: Asked) -> Reply | None:
        reply = play(asked)
        if reply is None or reply.status != 200 or asked.method != "GET":
            return reply
        etag = f'"{hashlib.md5(reply.data).hexdigest()}"'
        if asked.headers.get("if-none-match") == etag:
            return Reply(status=304, headers=(("ETag", etag),))
        return Reply(reply.body, reply.status, (*reply.headers, ("ETag", etag)), reply.kind)

    return versioned


def test_every_revisit_is_conditional(stage: Stage, place: Place) -> None:
    player = Jcms()
    stage.plays.append(with_versions(player))
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    before, asked = place.belief(), len(stage.asked)
    assert place.backfill().status == 0
    assert place.belief() == before
    again = [one for one in stage.asked[asked:] if one.method == "GET" and one.path != "/robots.txt"]
    assert len(again) == 5
    assert all("if-none-match" in one.headers for one in again)
    # What is new is seen at once.
    player.articles[PATH] = report(2024, 3, note=",提前完成")
    assert place.backfill().status == 0
    assert sorted(place.view("v_document", period="2024Q3")["revision"].to_list()) == [1, 2]


@pytest.mark.parametrize("days", [0, 30])
def test_row_54_an_edit_behind_an_unchanged_etag(stage: Stage, place: Place, days: int) -> None:
    """Found by the full re-read at its interval, and by `--full` at any time."""
    player = Jcms()

    def lying(asked: Asked) -> Reply | None:
        reply = player(asked)
        if asked.path == PATH and reply is not None:
            if asked.headers.get("if-none-match") == '"same"':
                return Reply(status=304, headers=(("ETag", '"same"'),))
            return Reply(reply.body, headers=(("ETag", '"same"'),))
        return reply

    stage.plays.append(lying)
    place.sources(jcms(stage, full_reread_days=days))
    assert place.backfill().status == 0
    player.articles[PATH] = report(2024, 3, note=",提前完成")
    assert place.backfill().status == 0
    assert len(place.view("v_document", period="2024Q3")) == (1 if days else 2)
    assert place.jibao("ingest", "2024Q3", "--full").status == 0
    assert len(place.view("v_document", period="2024Q3")) == 2


def test_the_interval_counts_from_the_last_whole_read(stage: Stage, place: Place) -> None:
    stage.plays.append(with_versions(Jcms()))
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    with Archive(place.archive) as archive:
        old = archive.latest(stage.url + PATH)
        assert old is not None
    assert place.backfill().status == 0
    with Archive(place.archive) as archive:
        assert archive.latest(stage.url + PATH) == old  # a 304 is no read


# ── reports that move ────────────────────────────────────────────────────────────────────────────────────────────────

NEW = f"/col/col1229000111/art/2025/art_{77:032x}.html"


def moved(player: Jcms, body: str, old: Reply | None) -> None:
    del player.articles[PATH]
    player.articles[NEW] = body
    if old is not None:
        player.articles[PATH] = old
    player.entries = [(NEW if url == PATH else url, title, day) for url, title, day in player.entries]


REDIRECTED = Reply(status=301, headers=(("Location", NEW),))


@pytest.mark.parametrize("old", [REDIRECTED, None, LOST])
@pytest.mark.parametrize("edited", [False, True])
def test_row_49_a_report_that_moves_stays_one_document(
    stage: Stage, place: Place, old: Reply | None, edited: bool
) -> None:
    player = Jcms()
    stage.plays.append(player)
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    changes = place.view("v_change").height
    moved(player, report(2024, 3, note=",有修订" if edited else ""), old)
    done = place.backfill()
    assert done.status == 0, done.err
    assert place.loaded() == YEAR
    documents = place.view("v_document", period="2024Q3")
    assert sorted(documents["revision"].to_list()) == ([1, 2] if edited else [1])
    assert (place.view("v_change").height > changes) == edited
    # Both addresses are kept, and the old one is not asked again.
    before, asked = place.belief(), len(stage.asked)
    assert place.backfill().status == 0
    assert place.belief() == before
    assert PATH not in {one.path for one in stage.asked[asked:]}
    assert addresses(place, stage) >= {stage.url + PATH, stage.url + NEW}


def addresses(place: Place, stage: Stage) -> set[str]:
    from warehouse import Warehouse
    from warehouse.known import known_documents

    with Warehouse(place.warehouse) as warehouse, warehouse.read() as transaction:
        documents = known_documents(transaction, "yunyang")
    assert len(documents) == 4
    return {url for one in documents for url in (one.url, *one.other_urls)}


def test_row_49_the_address_behind_a_redirect_is_known_when_the_list_names_it(stage: Stage, place: Place) -> None:
    player = Jcms()
    player.articles[NEW], player.articles[PATH] = GOOD, REDIRECTED
    stage.plays.append(player)
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    before = place.belief()
    player.entries = [(NEW if url == PATH else url, title, day) for url, title, day in player.entries]
    assert place.backfill().status == 0
    assert place.belief() == before
    assert addresses(place, stage) >= {stage.url + PATH, stage.url + NEW}


def test_row_49_another_report_of_the_quarter_is_not_its_successor(stage: Stage, place: Place) -> None:
    player = Jcms()
    stage.plays.append(player)
    place.sources(jcms(stage))
    assert place.backfill().status == 0
    corrected = title_of(2024, 3) + "(更正)"
    player.articles[NEW] = page_of(corrected, table_of(2024, 3, ",经核实"), day="2024-11-20")
    player.entries = [(NEW, corrected, "2024-11-20"), *(one for one in player.entries if one[0] != PATH)]
    assert place.backfill().status == 0
    assert place.view("v_document", period="2024Q3")["revision"].to_list() == [1, 1]
    told = place.view("v_progress", period="2024Q3", known_to=None)["status"].to_list()
    assert all("经核实" in one for one in told)


def test_row_49_a_title_that_every_quarter_bears_makes_no_successor(stage: Stage, place: Place) -> None:
    title = "政府工作报告重点任务执行情况"
    player = Jcms()
    stage.plays.append(player)
    place.sources(jcms(stage))
    half = next(one for one in player.entries if one[1] == title_of(2024, 2))
    player.entries = [(PATH, title, day) if url == PATH else (url, t, day) for url, t, day in player.entries]
    player.entries.remove(half)
    player.articles[PATH] = page_of(title, table_of(2024, 3, ",截至2024年9月底"))
    place.backfill()
    assert place.view("v_document", period="2024Q3").height == 1
    player.articles[NEW] = page_of(title, table_of(2024, 2, ",截至2024年6月底"), day="2024-11-18")
    player.articles[PATH] = LOST
    player.entries = [(NEW, title, "2024-11-18"), *(one for one in player.entries if one[0] != PATH)]
    place.backfill()
    assert addresses(place, stage) >= {stage.url + PATH, stage.url + NEW}  # of four documents, not of three
    assert place.view("v_document", period="2024Q3")["revision"].to_list() == [1]
